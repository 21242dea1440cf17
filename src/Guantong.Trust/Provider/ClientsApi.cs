using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Guantong.Trust.Provider;

/// <summary>Clients, signing keys and one's own consents over the API.</summary>
public static class ClientsApi
{
    /// <summary>What replacing the signing key asks for.</summary>
    public sealed record NewKey(bool DropFormer);

    /// <summary>Maps them below /api/v1.</summary>
    public static void MapClients(this IEndpointRouteBuilder api)
    {
        api.MapGet("/clients", (Clients clients, HttpContext http) => clients.AllAsync(http.RequestAborted))
            .Needs("client.manage").WithTags("Clients").WithSummary("Programs that sign people in here or call for themselves").Produces<Client[]>();
        api.MapPost("/clients", AddAsync).TellsRefusals().Needs("client.manage").WithTags("Clients").WithSummary("Add a client; its secret, if it has one, is shown once. Where it could act in a guarded role or provision accounts, once another person has agreed");
        api.MapDelete("/clients/{id}", async (string id, Clients clients, HttpContext http) => http.NeedsStepUp()
                ?? (await clients.RemoveAsync(id, http.Caller(), http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id)))
            .Needs("client.manage").WithTags("Clients").WithSummary("Remove a client; what it was given ends with it");
        api.MapPost("/signing-keys", async (NewKey given, SigningKeys keys, Store store, TimeProvider clock, HttpContext http) =>
        {
            if (http.NeedsStepUp() is { } first)
                return first;
            var key = keys.Replace(given.DropFormer);
            await store.ChangeAsync(clock.GetUtcNow(), change =>
            {
                change.Record(http.Caller(), given.DropFormer ? "signing-key.replaced-and-dropped" : "signing-key.replaced", $"signing-key:{key}");
                return Task.CompletedTask;
            }, http.RequestAborted);
            return Results.Ok(new { key });
        }).Needs("client.manage").WithTags("Clients").WithSummary("Sign tokens with a new key from now on; dropping the former ends every token given so far");

        api.MapGet("/consents", (Consents consents, HttpContext http) => consents.OfAsync(http.Caller().Login, Lang.Of(http), http.RequestAborted))
            .Needs("self.see").WithTags("Me").WithSummary("Programs that I let act for me").Produces<Consent[]>();
        api.MapDelete("/consents/{id}", async (string id, Consents consents, HttpContext http) =>
                await consents.WithdrawAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id))
            .Needs("self.see").WithTags("Me").WithSummary("Take my consent back; what the program was given ends at once");
    }

    /// <summary>Letting in a client that could act in a guarded role or provision accounts.</summary>
    internal static Deed Empowering { get; } = Deed.Of<NewClient>("client.empower", (services, given, carried, cancel) =>
    {
        var clients = services.GetRequiredService<Clients>();
        return Task.FromResult(new ReadyDeed(async change =>
        {
            // What the one who asked could give then, they must be able to give now.
            if (Clients.Faults(given, carried.Asker).Values.FirstOrDefault() is { Code: { } code, Arg: var arg })
                throw new RefusedException(409, code, arg);
            return await clients.AddAsync(change, given, carried.Asker, cancel) is var (id, secret) ? new { id, secret } : throw new RefusedException(409, "client.taken", given.Id);
        }));
    });

    private static async Task<IResult> AddAsync(NewClient given, Clients clients, FourEyes eyes, HttpContext http)
    {
        if (http.NeedsStepUp() is { } first)
            return first;
        var faults = Clients.Faults(given, http.Caller());
        if (faults.Count > 0)
            return http.FieldProblem(faults.ToDictionary(f => f.Key, f => new[] { Problems.Say(Lang.Of(http), f.Value.Code, f.Value.Arg) }));
        if (Clients.Empowers(given))
        {
            // Its secret would be shown to another than the one who asked.
            if (given.Secret && http.SessionId() is not null)
                return http.FieldProblem(new Dictionary<string, string[]> { ["secret"] = [Problems.Say(Lang.Of(http), "client.guarded-secret")] });
            if (given.Id is { } wanted && (await clients.AllAsync(http.RequestAborted)).Any(c => c.Id == wanted))
                return http.Problem(409, "client.taken", wanted);
            return await eyes.DoAsync(http, "client.empower", $"client:{given.Id}", given, given.Reason, new { given.Id, given.Name, given.Grants, given.Scopes, given.Redirects, given.Own }, Results.Ok);
        }
        return await clients.AddAsync(given, http.Caller(), http.RequestAborted) is var (id, secret) ? Results.Ok(new { id, secret }) : http.Problem(409, "client.taken", given.Id);
    }
}
