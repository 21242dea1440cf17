using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust;

/// <summary>Signing in and out over the API, one's sessions and one's passkeys.</summary>
public static class SessionApi
{
    /// <summary>What a sign-in asks for.</summary>
    /// <param name="Code">A code of the second factor, where one is set up.</param>
    public sealed record SignIn(string Login, string Password, string? Code = null);

    /// <summary>What proving again asks for.</summary>
    public sealed record Proof(string Password, string? Code = null);

    /// <summary>What a browser made of a passkey's challenge.</summary>
    public sealed record Answer(JsonElement? Credential, string? Name = null)
    {
        /// <summary>The answer as it came; an empty one where none did.</summary>
        internal string Json => Credential?.GetRawText() ?? "{}";
    }

    internal static void AddSigningIn(this IServiceCollection services)
    {
        services.AddSingleton<Sessions>().AddSingleton<SecondFactors>().AddSingleton<Attempts>().AddSingleton<FrontDoor>().AddSingleton<UserCentre>();
        services.AddDataProtection();
        services.AddAuthentication(Callers.Scheme).AddScheme<AuthenticationSchemeOptions, SessionHandler>(Callers.Scheme, null);
        services.AddIdentityCore<Person>();
        services.AddScoped<PasskeyStore>().AddScoped<IUserStore<Person>>(p => p.GetRequiredService<PasskeyStore>());
        services.AddScoped<IPasskeyHandler<Person>, PasskeyHandler<Person>>();
        services.AddScoped(p => new Passkeys(p.GetRequiredService<IPasskeyHandler<Person>>(), p.GetRequiredService<PasskeyStore>(), p.GetRequiredService<IDataProtectionProvider>(), p.GetRequiredService<TimeProvider>()));
        services.Configure<IdentityPasskeyOptions>(o => (o.ResidentKeyRequirement, o.UserVerificationRequirement, o.AttestationConveyancePreference) = ("required", "required", "none"));
    }

    /// <summary>A problem for a sign-in that was not let in.</summary>
    public static IResult EntryProblem(this HttpContext http, Entry entry)
    {
        if (entry.Refusal != "sign-in-shut")
            return http.Problem(401, entry.Refusal!);
        var seconds = (int)Math.Ceiling(entry.Wait.TotalSeconds);
        http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return http.Problem(429, "sign-in-shut", seconds);
    }

    internal static void MapSigningIn(this IEndpointRouteBuilder api)
    {
        api.MapPost("/session", async (SignIn given, FrontDoor door, HttpContext http) =>
                await door.EnterAsync(http, given.Login, given.Password, given.Code) is { Person: null } refused ? http.EntryProblem(refused) : Results.Ok(await WhoAsync(given.Login, http)))
            .Needs("session.begin").WithTags("Session").WithSummary("Sign in; the cookie then stands for you").Produces<Person>();
        api.MapGet("/session", (HttpContext http) => http.Caller()).Needs("session.read").WithTags("Session").WithSummary("Who I am");
        api.MapPut("/session", async (Proof given, FrontDoor door, HttpContext http) => http.SessionId() is null ? http.Problem(401, "no-session")
                : await door.AgainAsync(http, given.Password, given.Code) is { Person: null } refused ? http.EntryProblem(refused) : Results.NoContent())
            .Needs("session.read").WithTags("Session").WithSummary("Prove again who I am, for what wants fresh proof");
        api.MapDelete("/session", async (HttpContext http) =>
        {
            await http.SignOutAsync(Callers.Scheme);
            return Results.NoContent();
        }).Needs("session.end").WithTags("Session").WithSummary("Sign out");

        api.MapGet("/sessions", async (Sessions sessions, HttpContext http) => Results.Ok(new { Current = http.SessionId(), Items = await sessions.OfAsync(http.Caller().Login, http.RequestAborted) }))
            .Needs("self.manage").WithTags("Session").WithSummary("Where I am signed in");
        api.MapDelete("/sessions", async (Sessions sessions, HttpContext http, bool all = false) =>
        {
            await sessions.EndAllAsync(http.Caller(), http.Caller().Login, all ? null : http.SessionId(), http.RequestAborted);
            return Results.NoContent();
        }).Needs("self.manage").WithTags("Session").WithSummary("Sign out everywhere else; with all=true here too");
        api.MapDelete("/sessions/{id}", async (string id, Sessions sessions, HttpContext http) =>
                await sessions.EndAsync(http.Caller(), http.Caller().Login, id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id))
            .Needs("self.manage").WithTags("Session").WithSummary("Sign out in one place");
        api.MapPasskeys();
    }

    private static void MapPasskeys(this IEndpointRouteBuilder api)
    {
        api.MapPost("/session/passkey/options", async (Passkeys passkeys, HttpContext http) => Results.Text(await passkeys.AskAsync(http), "application/json"))
            .Needs("session.begin").WithTags("Session").WithSummary("Begin a sign-in by passkey");
        api.MapPost("/session/passkey", async (Answer given, Passkeys passkeys, FrontDoor door, HttpContext http) =>
        {
            if (await passkeys.AnswerAsync(http, given.Json) is not { } person)
                return http.Problem(401, "wrong-passkey");
            // Who is signed in already proves again; a passkey of somebody else begins their own session.
            var entry = http.SessionId() is not null && http.Caller().Login == person.Login ? await door.ProvedAsync(http, http.Caller(), Strength.Passkey) : await door.InAsync(http, person, Strength.Passkey);
            return entry.Person is null ? http.EntryProblem(entry) : Results.Ok(person);
        }).Needs("session.begin").WithTags("Session").WithSummary("Sign in, or prove again, by passkey").Produces<Person>();
        api.MapGet("/passkeys", (Passkeys passkeys, HttpContext http) => passkeys.OfAsync(http.Caller().Login, http.RequestAborted)).Needs("self.manage").WithTags("Session").WithSummary("My passkeys");
        api.MapPost("/passkeys/options", async (Passkeys passkeys, HttpContext http) => http.SessionId() is null ? http.Problem(401, "no-session")
                : http.NeedsStepUp() ?? Results.Text(await passkeys.OfferAsync(http, http.Caller(), Lang.Of(http)), "application/json"))
            .Needs("self.manage").WithTags("Session").WithSummary("Begin to register a passkey");
        api.MapPost("/passkeys", async (Answer given, Passkeys passkeys, HttpContext http) => http.SessionId() is null ? http.Problem(401, "no-session")
                : http.NeedsStepUp() ?? (await passkeys.RegisterAsync(http, http.Caller(), given.Json, given.Name ?? "") ? Results.NoContent() : http.Problem(422, "wrong-passkey")))
            .Needs("self.manage").WithTags("Session").WithSummary("Register the passkey that the browser made");
        api.MapDelete("/passkeys/{id}", async (string id, Passkeys passkeys, HttpContext http) => http.NeedsStepUp()
                ?? (await passkeys.RemoveAsync(http.Caller(), http.Caller().Login, id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id)))
            .Needs("self.manage").WithTags("Session").WithSummary("Take a passkey away");
    }

    // The cookie that was just laid counts from the next request on.
    private static Task<Person?> WhoAsync(string login, HttpContext http) => http.RequestServices.GetRequiredService<Accounts>().FindAsync(login, http.RequestAborted);
}
