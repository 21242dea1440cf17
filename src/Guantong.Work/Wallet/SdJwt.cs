using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Guantong.Work;

/// <summary>Writes signed statements of which some claims are shown and the rest cannot be guessed (SD-JWT, RFC 9901; the type of SD-JWT VC).</summary>
internal static class SdJwt
{
    /// <summary>Writes one, with only the chosen claims disclosed.</summary>
    /// <param name="open">Claims that everybody sees.</param>
    /// <param name="hidden">Claims of which a digest stands in the token; those chosen stand behind it.</param>
    /// <returns>JWT~disclosure~disclosure~</returns>
    public static string Write(JsonObject open, IReadOnlyList<(string Name, string Value)> hidden, IReadOnlySet<string> chosen, ECDsa key, string keyId)
    {
        var digests = new List<string>();
        var shown = new StringBuilder();
        foreach (var (name, value) in hidden)
        {
            // RFC 9901 §4.2.1: a salt of 128 bits, then the claim.
            var disclosure = Base64UrlEncoder.Encode(JsonSerializer.Serialize(new[] { Salt(), name, value }, Json.Plain));
            digests.Add(Digest(disclosure));
            if (chosen.Contains(name))
                shown.Append(disclosure).Append('~');
        }
        // §4.2.7: decoys, so that nobody counts what is not shown.
        for (var i = digests.Count % 4; i is > 0 and < 4; i++)
            digests.Add(Digest(Salt()));
        var claims = (JsonObject)open.DeepClone();
        claims["_sd"] = new JsonArray([.. digests.Order(StringComparer.Ordinal).Select(d => JsonValue.Create(d))]);
        claims["_sd_alg"] = "sha-256";
        var credentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
        var jwt = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(claims.ToJsonString(Json.Plain), credentials, new Dictionary<string, object> { ["typ"] = "dc+sd-jwt" });
        return $"{jwt}~{shown}";
    }

    private static string Salt() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(16));

    private static string Digest(string disclosure) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(disclosure)));
}
