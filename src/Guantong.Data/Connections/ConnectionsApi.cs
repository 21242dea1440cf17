using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Data;

/// <summary>The connections over HTTP, below /api/v1/connections. No secret is ever given out.</summary>
public static class ConnectionsApi
{
    /// <summary>A connection as it shall be; see <see cref="Connection"/>.</summary>
    /// <param name="Secret">Password, token, client secret or private key; left out, the one that stands stays.</param>
    public sealed record NewConnection(string Kind, string Address, string? Login = null, string? Auth = null, string? TokenAddress = null, string? Fingerprint = null, string? Secret = null);

    internal static void MapConnections(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/connections").WithTags("Collection");
        all.MapGet("", async (Connections connections, HttpContext http) => Results.Ok((await connections.ListAsync(http.RequestAborted)).Select(c => new { c.Connection.Id, c.Connection.Kind, c.Connection.Address, c.Connection.Login, c.Connection.Auth, c.Connection.TokenAddress, c.Connection.Fingerprint, c.HasSecret })))
            .Needs("connection.read").WithSummary("Where rows are fetched from, without the secrets");
        all.MapPut("/{id}", PutAsync).TellsRefusals().Needs("connection.manage").WithSummary("Make or change a connection");
        all.MapDelete("/{id}", async (string id, Connections connections, HttpContext http) =>
            await connections.RemoveAsync(id, http.Caller(), http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id))
            .Needs("connection.manage").WithSummary("End a connection; feeds that name it say so when they are next due");
    }

    private static async Task<IResult> PutAsync(string id, NewConnection given, Connections connections, HttpContext http)
    {
        var connection = new Connection(id, given.Kind, given.Address, Given(given.Login), Given(given.Auth), Given(given.TokenAddress), Given(given.Fingerprint));
        if (connection.Faults() is { Count: > 0 } faults)
            return http.FieldProblem(faults.ToDictionary(f => f.Key, f => (string[])[CatalogueTexts.Say(Lang.Of(http), f.Value)]));
        await connections.PutAsync(connection, Given(given.Secret), http.Caller(), http.RequestAborted);
        return Results.NoContent();
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
