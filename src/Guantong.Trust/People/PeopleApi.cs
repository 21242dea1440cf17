using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust;

/// <summary>Who can sign in, over the API.</summary>
public static class PeopleApi
{
    /// <summary>What adding a person asks for.</summary>
    /// <param name="Region">The unit's where none is named.</param>
    /// <param name="Reason">Where one of the roles is guarded, so that another person has to agree.</param>
    public sealed record NewPerson(string Login, string Name, string? NameEn, string Kind, string? Unit, string? Region, string[]? Roles, string Password, string? Reason = null);

    /// <summary>What giving a post asks for.</summary>
    public sealed record NewPost(string Unit, string? Title, string[]? Roles, string Kind, string From, string? To, string? Reason = null);

    /// <summary>What confirming or withdrawing roles takes.</summary>
    /// <param name="Post">The post; null for the account's own roles.</param>
    public sealed record Certifying(string? Post, string? Note);

    /// <summary>Why something is asked for.</summary>
    public sealed record Why(string? Reason = null);

    /// <summary>What adding an organisation asks for.</summary>
    public sealed record NewOrganisation(string Code, string Name, string? NameEn, string Kind, string Region, string Representative);

    /// <summary>What offering authority asks for.</summary>
    public sealed record NewAuthority(string Principal, string Agent, string[] Matters, string From, string To);

    /// <summary>What choosing a post asks for.</summary>
    /// <param name="Post">The id of one of the caller's own posts; null for the main one.</param>
    public sealed record Choice(string? Post);

    internal static void MapPeople(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").WithTags("People").TellsRefusals().Needs("people.manage");
        people.MapGet("", (Accounts accounts, HttpContext http) => accounts.AllAsync(http.RequestAborted)).WithSummary("Everyone who can sign in");
        people.MapPost("", AddAsync).WithSummary("Add a person who can sign in").Produces<Person>(201);
        people.MapPost("/{login}/sign-out", async (string login, Sessions sessions, HttpContext http) =>
                Results.Ok(new { Ended = await sessions.EndAllAsync(http.Caller(), login, cancel: http.RequestAborted) }))
            .WithSummary("Sign a person out everywhere");
        people.MapPost("/{login}/remove", async (string login, Why given, Accounts accounts, FourEyes eyes, HttpContext http) =>
                await accounts.FindAsync(login, http.RequestAborted) is null ? http.Problem(404, "not-found", login)
                : await eyes.DoAsync(http, "people.remove", $"person:{login}", new Removed(login), given.Reason, new { login }, _ => Results.NoContent()))
            .Needs("people.remove").WithSummary("End an account for good, once another person has agreed").Produces<FourEyesRequest>(202);
        people.MapPost("/remove-demo", (string? reason, FourEyes eyes, HttpContext http) => eyes.DoAsync(http, "people.remove", "people", new Removed(null), reason, new { demo = true }, gone => Results.Ok(new { Removed = gone })))
            .Needs("people.remove").WithSummary("Take the demonstration's people out of the store, once another person has agreed").Produces<FourEyesRequest>(202);
        people.MapGet("/{login}/authorities", async (string login, Accounts accounts, UserCentre centre, HttpContext http) =>
        {
            if (await accounts.FindAsync(login, http.RequestAborted) is not { } person)
                return http.Problem(404, "not-found", login);
            var (given, held) = await centre.AuthoritiesAsync(person, http.RequestAborted);
            return Results.Ok(new { Given = given, Held = held });
        }).WithSummary("Authority that a person gave and holds");
        people.MapPosts();
        var roles = api.MapGroup("/recertification").WithTags("People").TellsRefusals().Needs("role.confirm");
        roles.MapGet("", (Recertification certified, HttpContext http, bool all = false, string? login = null) => certified.ForAsync(http.Caller(), all, login, http.RequestAborted))
            .WithSummary("Roles that I am to confirm anew or withdraw; with all=true those that are not due yet too").Produces<Certified[]>();
        roles.MapPost("/{login}/confirm", async (string login, Certifying given, Recertification certified, HttpContext http) =>
            http.NeedsStepUp() ?? await DoneAsync(certified.ConfirmAsync(http.Caller(), login, given.Post, given.Note, http.RequestAborted))).WithSummary("Confirm that roles are still needed");
        roles.MapPost("/{login}/withdraw", async (string login, Certifying given, Recertification certified, HttpContext http) =>
            http.NeedsStepUp() ?? await DoneAsync(certified.WithdrawAsync(http.Caller(), login, given.Post, given.Note, http.RequestAborted))).WithSummary("Withdraw roles that are needed no more");
        api.MapOrganisations();
    }

    private static void MapPosts(this RouteGroupBuilder people)
    {
        people.MapGet("/{login}/posts", (string login, Accounts accounts, HttpContext http) => accounts.PostsAsync(login, http.RequestAborted)).WithSummary("An official's posts");
        people.MapPost("/{login}/posts", GiveAsync).WithSummary("Give an official a post; where it has a guarded role, once another person has agreed");
        people.MapDelete("/{login}/posts/{id}", async (string login, string id, UserCentre centre, HttpContext http) =>
            await centre.EndPostAsync(http.Caller(), login, id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id)).WithSummary("Take a post away");
    }

    private static void MapOrganisations(this IEndpointRouteBuilder api)
    {
        api.MapPost("/organisations", async (NewOrganisation given, UserCentre centre, HttpContext http) => http.Told(await centre.AddAsync(http.Caller(), new Organisation(given.Code, given.Name, given.NameEn ?? "", given.Kind, given.Region, given.Representative, ""), http.RequestAborted)))
            .Needs("people.manage").WithTags("People").WithSummary("Add an organisation by its unified social credit code");
        api.MapGet("/organisations/{code}", async (string code, UserCentre centre, HttpContext http) => http.Caller() is var me && await centre.OrganisationAsync(code, http.RequestAborted) is { } found
                && (me.May("people.manage") || found.Representative == me.Login) ? Results.Ok(found) : http.Problem(404, "not-found", code))
            .Needs("self.manage").WithTags("People").WithSummary("An organisation, for its representative and operators").Produces<Organisation>();
        var authorities = api.MapGroup("/authorities").WithTags("People").Needs("self.manage");
        authorities.MapGet("", async (UserCentre centre, HttpContext http) =>
        {
            var (given, held) = await centre.AuthoritiesAsync(http.Caller(), http.RequestAborted);
            return Results.Ok(new { Given = given, Held = held });
        }).WithSummary("Authority that I gave and that I hold");
        authorities.MapPost("", async (NewAuthority given, UserCentre centre, HttpContext http) => http.NeedsStepUp()
            ?? http.Told(await centre.OfferAsync(http.Caller(), given.Principal, given.Agent, given.Matters, given.From, given.To, http.RequestAborted))).WithSummary("Offer authority to act for me or for my organisation");
        authorities.MapPost("/{id}/accept", async (string id, UserCentre centre, HttpContext http) =>
            await centre.AcceptAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id)).WithSummary("Accept authority that was offered to me");
        authorities.MapDelete("/{id}", async (string id, UserCentre centre, HttpContext http) =>
            await centre.EndAuthorityAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id)).WithSummary("End authority at once");

        api.MapGet("/session/posts", async (Accounts accounts, UserCentre centre, HttpContext http) => (await accounts.PostsAsync(http.Caller().Login, http.RequestAborted)).Where(p => p.StandsOn(centre.Today)))
            .Needs("self.manage").WithTags("Session").WithSummary("My posts today");
        api.MapPut("/session/post", async (Choice given, Accounts accounts, UserCentre centre, Sessions sessions, HttpContext http) =>
        {
            var session = (await sessions.OfAsync(http.Caller().Login, http.RequestAborted)).FirstOrDefault(s => s.Id == http.SessionId());
            if (session is null)
                return http.Problem(401, "no-session");
            if (given.Post is { } id && !(await accounts.PostsAsync(session.Login, http.RequestAborted)).Any(p => p.Id == id && p.StandsOn(centre.Today)))
                return http.Problem(404, "not-found", id);
            await sessions.ChooseAsync(session, given.Post, http.RequestAborted);
            return Results.NoContent();
        }).Needs("self.manage").WithTags("Session").WithSummary("Choose the post that this session acts in");
    }

    private static IResult Told(this HttpContext http, string? fault) => fault is null ? Results.StatusCode(201) : http.Problem(fault.EndsWith("-taken", StringComparison.Ordinal) ? 409 : 422, fault);

    private static async Task<IResult> AddAsync(NewPerson given, Accounts accounts, Jurisdiction land, FourEyes eyes, HttpContext http)
    {
        if (http.NeedsStepUp() is { } first)
            return first;
        var unit = land.Units.Find(given.Unit);
        var region = given.Region ?? unit?.Region ?? land.Root;
        string? Fault(string field) => field switch
        {
            "login" => given.Login is { Length: > 1 and <= 80 } && given.Login.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '@') ? null : "login-form",
            "name" => given.Name is { Length: > 0 and <= 80 } ? null : "name-form",
            "kind" => given.Kind is "official" or "citizen" or "enterprise" ? null : "kind-form",
            "unit" => given.Kind == "official" ? unit is null ? "unit-form" : null : given.Unit is null ? null : "unit-form",
            "roles" => Policy.Book.Fault(given.Roles ?? []),
            "region" => land.Regions.Find(region) is null ? "region-form" : null,
            _ => Passwords.Fault(given.Password ?? "", given.Login ?? "") is { } fault ? "password-" + fault : null,
        };
        var faults = ((string[])["login", "name", "kind", "unit", "region", "roles", "password"]).Select(f => (Field: f, Fault: Fault(f))).Where(f => f.Fault is not null)
            .ToDictionary(f => f.Field, f => (string[])[Problems.Say(Lang.Of(http), f.Fault!, Policy.Book.Clash(given.Roles ?? [])?.One, Policy.Book.Clash(given.Roles ?? [])?.Other)]);
        if (faults.Count > 0)
            return http.FieldProblem(faults);
        var person = new Person(given.Login, given.Name, given.NameEn ?? "", given.Kind, given.Unit, region, given.Roles ?? []);
        if (!PolicyBook.HoldsOne(person.Roles, Policy.Book.Guarded))
            return await accounts.AddAsync(http.Caller(), person, given.Password, http.RequestAborted) ? Added(person) : http.Problem(409, "login-taken", given.Login);
        if (await accounts.FindAsync(person.Login, http.RequestAborted) is not null)
            return http.Problem(409, "login-taken", given.Login);
        return await eyes.DoAsync(http, "people.empower", $"person:{person.Login}", new Empowered(person, accounts.HashOf(person.Login, given.Password), null), given.Reason,
            new { person.Login, person.Name, person.Unit, person.Region, person.Roles }, _ => Added(person));
    }

    private static async Task<IResult> DoneAsync(Task work)
    {
        await work;
        return Results.NoContent();
    }

    private static IResult Added(Person person) => Results.Created($"/api/v1/people/{person.Login}", person);

    private static async Task<IResult> GiveAsync(string login, NewPost given, UserCentre centre, FourEyes eyes, HttpContext http)
    {
        if (http.NeedsStepUp() is { } first)
            return first;
        var post = new Post("", login, given.Unit, given.Title ?? "", given.Roles ?? [], given.Kind, given.From, given.To, null);
        if (!PolicyBook.HoldsOne(post.Roles, Policy.Book.Guarded))
            return http.Told(await centre.GiveAsync(http.Caller(), post, http.RequestAborted));
        return await centre.FaultAsync(post, http.RequestAborted) is { } fault ? http.Told(fault)
            : await eyes.DoAsync(http, "people.empower", $"person:{login}", new Empowered(null, null, post), given.Reason, new { login, post.Unit, post.Title, post.Kind, post.Roles, post.From, post.To }, _ => Results.StatusCode(201));
    }

    internal sealed record Empowered(Person? Person, string? Hash, Post? Post);

    /// <summary>Whose account ends; null for all of the demonstration's.</summary>
    internal sealed record Removed(string? Login);

    /// <summary>Giving a guarded role, with a new account or with a post.</summary>
    internal static Deed Empowering { get; } = Deed.Of<Empowered>("people.empower", (services, asked, carried, cancel) =>
    {
        var (centre, sessions) = (services.GetRequiredService<UserCentre>(), services.GetRequiredService<Sessions>());
        return Task.FromResult(new ReadyDeed(async change =>
        {
            if (asked.Post is { } post)
            {
                if (await centre.FaultAsync(post, cancel) is { } fault)
                    throw new RefusedException(422, fault);
                await centre.GiveAsync(change, carried.Asker, post);
            }
            else if (!await Accounts.AddAsync(change, carried.Asker, asked.Person!, asked.Hash!))
                throw new RefusedException(409, "login-taken", asked.Person!.Login);
            return null;
        }, () =>
        {
            sessions.RightsChanged(asked.Post?.Login ?? asked.Person!.Login);
            return Task.CompletedTask;
        }));
    });

    /// <summary>Ending accounts.</summary>
    internal static Deed Removing { get; } = Deed.Of<Removed>("people.remove", (services, asked, carried, cancel) =>
    {
        var sessions = services.GetRequiredService<Sessions>();
        return Task.FromResult(new ReadyDeed(async change =>
        {
            if (asked.Login is null)
                return await Accounts.RemoveDemoAsync(change, carried.Asker);
            return await Accounts.RemoveAsync(change, carried.Asker, asked.Login) ? 1 : throw new RefusedException(404, "not-found", asked.Login);
        }, () => asked.Login is null ? Task.CompletedTask : sessions.EndAllAsync(carried.Asker, asked.Login, cancel: cancel)));
    });
}
