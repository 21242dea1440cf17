using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Trust;
using Microsoft.IdentityModel.Tokens;

namespace Guantong.Work;

/// <summary>The keys that sign what is shown of credentials: ES256 (RFC 7518 §3.4), made when first needed and each year anew, the same on every node. Their public halves are published, former ones too.</summary>
public sealed class CredentialKeys(Store store, DataKeys keys, TimeProvider clock)
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan Term = TimeSpan.FromDays(365);

    private const string Key = "credential-key";

    private sealed record Row(string Id, string Made, string Jwk, string Secret);

    /// <summary>The key that signs now.</summary>
    internal async Task<(string Id, ECDsa Key)> CurrentAsync(CancellationToken cancel)
    {
        var row = await NewestAsync(cancel);
        if (row is null || Time.Read(row.Made) + Term < clock.GetUtcNow())
            row = await store.ChangeAsync(clock.GetUtcNow(), change => MakeAsync(change, row, cancel), cancel);
        var secret = await store.ReadAsync(async c => (await keys.RingAsync(c, [Key], cancel)).OpenBytes(row.Secret, Place(row.Id)), cancel) ?? throw new CryptographicException("The key that signs credentials was erased.");
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(secret, out _);
        CryptographicOperations.ZeroMemory(secret);
        return (row.Id, key);
    }

    /// <summary>The public halves as JSON Web Keys, the newest first.</summary>
    public async Task<JsonArray> PublishedAsync(CancellationToken cancel = default) =>
        new([.. (await store.ReadAsync(c => c.QueryAsync<string>("SELECT jwk FROM work_credential_key ORDER BY made DESC, id"), cancel)).Select(j => JsonNode.Parse(j))]);

    private Task<Row?> NewestAsync(CancellationToken cancel) => store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>("SELECT id AS Id, made AS Made, jwk AS Jwk, secret AS Secret FROM work_credential_key ORDER BY made DESC, id LIMIT 1"), cancel);

    private async Task<Row> MakeAsync(Change change, Row? former, CancellationToken cancel)
    {
        // Where two nodes make one at the same moment, both stand and are published.
        var ring = await keys.RingAsync(change, Key, cancel);
        if (await change.FindAsync<Row>("SELECT id AS Id, made AS Made, jwk AS Jwk, secret AS Secret FROM work_credential_key ORDER BY made DESC, id LIMIT 1") is { } meanwhile && meanwhile.Id != former?.Id)
        {
            change.Record("process", "credential-key.used", $"credential-key:{meanwhile.Id}");
            return meanwhile;
        }
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        var (x, y) = (Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
        // RFC 7638: the thumbprint is its name.
        var id = Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = x, ["y"] = y, ["kid"] = id, ["use"] = "sig", ["alg"] = "ES256" }.ToJsonString();
        var made = new Row(id, change.Stamp, jwk, ring.SealBytes(Key, key.ExportPkcs8PrivateKey(), Place(id)));
        await change.ExecuteAsync("INSERT INTO work_credential_key (id, made, jwk, secret) VALUES (@Id, @Made, @Jwk, @Secret)", made);
        change.Record("process", "credential-key.made", $"credential-key:{id}");
        return made;
    }

    private static string Place(string id) => "credential-key:" + id;
}
