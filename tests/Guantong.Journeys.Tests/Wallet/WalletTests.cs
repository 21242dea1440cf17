using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>The wallet: what was granted is shown a few fields at a time, read once, verified by anybody, and each reading stands on the holder's record.</summary>
public sealed class WalletTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Grants citizen-a a birth certificate; gives the credential's id, and the case's number.</summary>
    internal static async Task<(string Id, string Number)> GrantedAsync(Birth birth)
    {
        var (number, _) = await birth.AppliedAsync(register: false, insure: false, "citizen-a");
        await birth.Platform.RunJobsAsync();
        var part = Birth.PartOf(await birth.SeenAsync(number, null, "citizen-a"), "birth-certificate");
        Assert.Null(await birth.DoAsync("health", part, "materials/hospital-record/close", new { reason = "医院已推送" }));
        await birth.DecideAsync("health", part, "办成");
        return (Assert.Single((await (await birth.AsAsync("citizen-a")).GetFromJsonAsync<JsonElement>("/api/v1/me/wallet")).EnumerateArray()).Text("id")!, part);
    }

    private static Task<HttpResponseMessage> ShowAsync(HttpClient me, string id, string[] fields, string? purpose = "合成：办理入园登记", int minutes = 5, bool once = true) => me.PostAsJsonAsync($"/api/v1/me/wallet/{id}/presentations", new { fields, purpose, minutes, once });

    private static Task<HttpResponseMessage> ReadAsync(HttpClient who, string token, string? reader = "示例幼儿园招生办") => who.PostAsJsonAsync($"/api/v1/presentations/{token}/read", new { reader });

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_holder_shows_chosen_fields_once_and_anybody_verifies_them_without_asking(string store)
    {
        await using var birth = await Birth.StartAsync(store);
        var (id, _) = await GrantedAsync(birth);
        var (me, other, anyone) = (await birth.AsAsync("citizen-a"), await birth.AsAsync("citizen-b"), await birth.AsAsync("anyone"));
        var own = await me.GetFromJsonAsync<JsonElement>($"/api/v1/me/wallet/{id}");
        Assert.Equal(["演示儿童", "2026-10-20", "演示母亲", "示例医院"], own.GetProperty("fields").EnumerateArray().Select(f => f.Text("value")));
        Assert.Empty((await other.GetFromJsonAsync<JsonElement>("/api/v1/me/wallet")).EnumerateArray());
        Assert.Equal("404 not-found", await other.GetAsync($"/api/v1/me/wallet/{id}").ToldAsync());
        Assert.Equal("404 credential-gone", await ShowAsync(other, id, ["born"]).ToldAsync());
        Assert.StartsWith("40", await (await birth.AsAsync("health")).GetAsync($"/api/v1/me/wallet/{id}").ToldAsync(), StringComparison.Ordinal);
        Assert.Equal("422 present-fields", await ShowAsync(me, id, ["father_name"]).ToldAsync());
        Assert.Equal("422 present-purpose", await ShowAsync(me, id, [], " ").ToldAsync());
        Assert.Equal("422 present-term", await ShowAsync(me, id, [], minutes: 6000).ToldAsync());

        var token = (await ShowAsync(me, id, ["born", "hospital"]).JsonAsync()).Text("token")!;
        Assert.Equal("422 present-reader", await ReadAsync(anyone, token, "x").ToldAsync());
        Assert.Equal("404 present-gone", await ReadAsync(anyone, token + "A").ToldAsync());
        // Of two at once one reads.
        var both = await Task.WhenAll(ReadAsync(anyone, token), ReadAsync(anyone, token));
        var read = Assert.Single(both, b => b.IsSuccessStatusCode);
        Assert.Equal("404 present-gone", await Task.FromResult(both.Single(b => b != read)).ToldAsync());
        Assert.Equal("404 present-gone", await ReadAsync(anyone, token).ToldAsync());
        var shown = await read.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(["2026-10-20", "示例医院"], shown.GetProperty("fields").EnumerateArray().Select(f => f.Text("value")));
        foreach (var hidden in (string[])["演示儿童", "演示母亲", "出医〔"])
            Assert.DoesNotContain(hidden, shown.ToString(), StringComparison.Ordinal);

        // By the published key alone, reckoned here from the bytes up: the signature holds, what is shown is what was signed, the rest is digests.
        var parts = shown.Text("sdJwt")!.Split('~');
        var jwt = parts[0].Split('.');
        var header = JsonDocument.Parse(Bytes(jwt[0])).RootElement;
        Assert.Equal(("dc+sd-jwt", "ES256"), (header.Text("typ"), header.Text("alg")));
        var published = (await anyone.GetFromJsonAsync<JsonElement>("/.well-known/jwt-vc-issuer")).GetProperty("jwks").GetProperty("keys").EnumerateArray().Single(k => k.Text("kid") == header.Text("kid"));
        Assert.False(published.TryGetProperty("d", out _));
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Bytes(published.Text("x")!), Y = Bytes(published.Text("y")!) } });
        bool Holds(string signed) => key.VerifyData(Encoding.ASCII.GetBytes(signed), Bytes(jwt[2]), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        Assert.True(Holds($"{jwt[0]}.{jwt[1]}"));
        Assert.False(Holds($"{jwt[0]}.{jwt[1][..^2]}AA"));
        var claims = JsonDocument.Parse(Bytes(jwt[1])).RootElement;
        var digests = claims.GetProperty("_sd").EnumerateArray().Select(d => d.GetString()).ToHashSet();
        var disclosed = parts[1..].Where(p => p.Length > 0).ToList();
        Assert.Equal(["born=2026-10-20", "hospital=示例医院"], disclosed.Select(d => JsonDocument.Parse(Bytes(d)).RootElement).Select(d => $"{d[1]}={d[2]}"));
        Assert.All(disclosed, d => Assert.Contains(Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(d))), digests));
        Assert.True(digests.Count >= 4);
        Assert.Equal(("valid", "合成：办理入园登记"), (claims.Text("state"), claims.Text("purpose")));
        Assert.Equal(300, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());

        // The holder sees who read it, the ledger that it was read, not by whom: what they say of themselves can be erased.
        var seen = await me.GetFromJsonAsync<JsonElement>($"/api/v1/me/wallet/{id}");
        Assert.Equal(("read", "示例幼儿园招生办"), (seen.GetProperty("presentations")[0].Text("state"), seen.GetProperty("presentations")[0].GetProperty("readers")[0].Text("reader")));
        var reads = (await me.GetFromJsonAsync<JsonElement>("/api/v1/me/reads")).GetProperty("items").EnumerateArray().Where(r => r.Text("action") == "credential.read").ToList();
        Assert.Equal("read", Assert.Single(reads).Text("kind"));
        using var auditor = await birth.Platform.SignInAsync("auditor");
        var ledger = await auditor.GetStringAsync("/api/v1/ledger?take=500", Stop);
        Assert.Contains("credential.read", ledger, StringComparison.Ordinal);
        foreach (var secret in (string[])["示例幼儿园", "演示儿童", "入园登记", token])
            Assert.DoesNotContain(secret, ledger, StringComparison.Ordinal);

        // Taken back, and over.
        var second = await ShowAsync(me, id, [], once: false).JsonAsync();
        Assert.Equal("200", await ReadAsync(anyone, second.Text("token")!).ToldAsync());
        Assert.Equal("200", await ReadAsync(anyone, second.Text("token")!).ToldAsync());
        Assert.Equal("404 present-gone", await other.PostAsJsonAsync($"/api/v1/me/wallet/presentations/{second.Text("id")}/end", new { }).ToldAsync());
        Assert.Equal("204", await me.PostAsJsonAsync($"/api/v1/me/wallet/presentations/{second.Text("id")}/end", new { }).ToldAsync());
        Assert.Equal("404 present-gone", await ReadAsync(anyone, second.Text("token")!).ToldAsync());
        var third = (await ShowAsync(me, id, ["born"], once: false).JsonAsync()).Text("token")!;
        var fourth = (await ShowAsync(me, id, ["born"], minutes: 60, once: false).JsonAsync()).Text("token")!;
        birth.Clock.Now += TimeSpan.FromMinutes(5);
        Assert.Equal("404 present-gone", await ReadAsync(anyone, third).ToldAsync());

        // Revoked by a leader of the unit that granted it: what is shown says so, and nothing new is shown.
        using var head = await birth.Platform.SignInAsync("head-health");
        Assert.Equal("404 credential-gone", await (await birth.Platform.SignInAsync("head-police")).PostAsJsonAsync($"/api/v1/credentials/{id}/revoke", new { reason = "合成" }).ToldAsync());
        Assert.StartsWith("403", await (await birth.Platform.SignInAsync("health")).PostAsJsonAsync($"/api/v1/credentials/{id}/revoke", new { reason = "合成" }).ToldAsync(), StringComparison.Ordinal);
        Assert.Equal("422 reason-missing", await head.PostAsJsonAsync($"/api/v1/credentials/{id}/revoke", new { }).ToldAsync());
        Assert.Equal(["204", "409 credential-revoked"], (await Task.WhenAll(head.PostAsJsonAsync($"/api/v1/credentials/{id}/revoke", new { reason = "合成：登记有误" }).ToldAsync(), head.PostAsJsonAsync($"/api/v1/credentials/{id}/revoke", new { reason = "合成：登记有误" }).ToldAsync())).Order());
        Assert.Equal("revoked", (await ReadAsync(anyone, fourth).JsonAsync()).Text("state"));
        using var again = await birth.Platform.SignInAsync("citizen-a");
        Assert.Equal("409 credential-over", await ShowAsync(again, id, []).ToldAsync());
        Assert.Contains("credential-revoked", await again.GetStringAsync("/api/v1/me/notices", Stop), StringComparison.Ordinal);
    }

    private static byte[] Bytes(string text) => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4));

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
