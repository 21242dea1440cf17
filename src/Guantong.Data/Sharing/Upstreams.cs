using System.Net.Http.Headers;
using System.Text;

namespace Guantong.Data;

/// <summary>Where an interface is reached, and what its calls prove themselves with there.</summary>
/// <param name="Address">The address below which its paths lie.</param>
public sealed record Upstream(Uri Address, AuthenticationHeaderValue? Proof);

/// <summary>Opens the connections of interfaces for the gateway.</summary>
public sealed class Upstreams(Connections connections)
{
    /// <summary>How connections of interfaces may prove themselves.</summary>
    public static readonly IReadOnlyList<string> Auths = ["none", "basic", "bearer"];

    /// <summary>One, or null where the connection is gone or proves itself otherwise.</summary>
    public async Task<Upstream?> FindAsync(ShareInterface its, CancellationToken cancel = default) =>
        await connections.OpenAsync(its.Connection, cancel) is not { Connection: { Kind: "http" } connection } open ? null : connection.Auth switch
        {
            null or "none" => new(connection.Uri, null),
            "bearer" => new(connection.Uri, new AuthenticationHeaderValue("Bearer", open.Secret)),
            "basic" => new(connection.Uri, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{connection.Login}:{open.Secret}")))),
            _ => null,
        };
}
