using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Trust;

/// <summary>Who can sign in, over the API.</summary>
public static class PeopleApi
{
    /// <summary>What adding a person asks for.</summary>
    /// <param name="Region">The unit's where none is named.</param>
    public sealed record NewPerson(string Login, string Name, string? NameEn, string Kind, string? Unit, string? Region, string[]? Roles, string Password);

    internal static void MapPeople(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").WithTags("People");
        people.AddEndpointFilter(async (context, next) => context.HttpContext.Caller().Has(Policy.Mend) ? await next(context) : context.HttpContext.Problem(403, "not-allowed", string.Join(", ", Policy.Mend)));
        people.MapGet("", (Accounts accounts, HttpContext http) => accounts.AllAsync(http.RequestAborted)).WithSummary("Everyone who can sign in");
        people.MapPost("", AddAsync).WithSummary("Add a person who can sign in").Produces<Person>(201);
        people.MapPost("/{login}/sign-out", async (string login, Sessions sessions, HttpContext http) =>
                Results.Ok(new { Ended = await sessions.EndAllAsync(http.Caller().Login, login, cancel: http.RequestAborted) }))
            .WithSummary("Sign a person out everywhere");
        people.MapPost("/remove-demo", async (Accounts accounts, HttpContext http) => Results.Ok(new { Removed = await accounts.RemoveDemoAsync(http.Caller(), http.RequestAborted) }))
            .WithSummary("Take the demonstration's people out of the store");
    }

    private static async Task<IResult> AddAsync(NewPerson given, Accounts accounts, Jurisdiction land, HttpContext http)
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
            "region" => land.Regions.Find(region) is null ? "region-form" : null,
            _ => Passwords.Fault(given.Password ?? "", given.Login ?? "") is { } fault ? "password-" + fault : null,
        };
        var faults = ((string[])["login", "name", "kind", "unit", "region", "password"]).Select(f => (Field: f, Fault: Fault(f))).Where(f => f.Fault is not null)
            .ToDictionary(f => f.Field, f => (string[])[Problems.Say(Lang.Of(http), f.Fault!)]);
        if (faults.Count > 0)
            return http.FieldProblem(faults);
        var person = new Person(given.Login, given.Name, given.NameEn ?? "", given.Kind, given.Unit, region, given.Roles ?? []);
        return await accounts.AddAsync(http.Caller(), person, given.Password, http.RequestAborted) ? Results.Created($"/api/v1/people/{person.Login}", person) : http.Problem(409, "login-taken", given.Login);
    }
}
