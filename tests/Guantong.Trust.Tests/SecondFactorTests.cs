using System.Net;
using System.Net.Http.Json;
using System.Text;
using Dapper;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Passwords and the codes beside them.</summary>
public sealed class SecondFactorTests
{
    // RFC 6238, appendix B, SHA-1.
    [Theory, InlineData(59, "94287082"), InlineData(1111111109, "07081804"), InlineData(1111111111, "14050471"), InlineData(1234567890, "89005924"), InlineData(2000000000, "69279037"), InlineData(20000000000, "65353130")]
    public void Codes_are_those_of_RFC_6238(long seconds, string code) =>
        Assert.Equal(code, Totp.Code(Encoding.ASCII.GetBytes("12345678901234567890"), Totp.Step(DateTimeOffset.FromUnixTimeSeconds(seconds)), 8));

    // RFC 4648, section 10, without the padding.
    [Theory, InlineData("", ""), InlineData("f", "MY"), InlineData("fo", "MZXQ"), InlineData("foo", "MZXW6"), InlineData("foob", "MZXW6YQ"), InlineData("fooba", "MZXW6YTB"), InlineData("foobar", "MZXW6YTBOI")]
    public void Base_32_is_that_of_RFC_4648(string text, string encoded) => Assert.Equal(encoded, Totp.Base32(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("short one", "short"), InlineData("1234567890", "breached"), InlineData("Password2026!", "breached"), InlineData("aaaaaaaaaaab", "simple"), InlineData("heron and more", "simple"), InlineData("kingfisher over the lake", null), InlineData("西湖边的翠鸟飞过来了", null)]
    public void A_password_is_long_not_leaked_and_not_the_login(string password, string? fault) => Assert.Equal(fault, Passwords.Fault(password, "heron"));

    internal static byte[] Bytes(string base32)
    {
        var bits = string.Concat(base32.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task With_an_app_set_up_the_password_wants_a_code_and_each_code_counts_once(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        var heron = await host.AddAsync("heron", "case-worker");
        var second = host.Get<SecondFactors>();
        var secret = Bytes(await second.BeginAsync(heron));
        string Code(int ahead = 0) => Totp.Code(secret, Totp.Step(host.Clock.Now) + ahead);
        // An app that was only begun asks nothing of anybody.
        using (var http = await host.SignInAsync("heron"))
            Assert.Null(await second.ConfirmAsync(heron, "000000"));
        Assert.Equal(secret, Bytes(await second.BeginAsync(heron)));
        Assert.Equal(10, (await second.ConfirmAsync(heron, Code()))!.Distinct().Count());
        var kept = await host.Get<Store>().ReadAsync(c => c.QueryFirstAsync<string>("SELECT secret FROM totp WHERE login = 'heron'"));
        Assert.DoesNotContain(Convert.ToBase64String(secret), kept, StringComparison.Ordinal);

        using var browser = host.Browser();
        Assert.Equal("second-factor-needed", await TrustHost.CodeOf(await TrustHost.TryAsync(browser, "heron", TrustHost.Password)));
        // The code that set it up is used.
        Assert.Equal("wrong-code", await TrustHost.CodeOf(await TrustHost.TryAsync(browser, "heron", TrustHost.Password, Code())));
        host.Clock.Now += TimeSpan.FromSeconds(30);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TrustHost.TryAsync(browser, "heron", "not this one", Code())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await TrustHost.TryAsync(browser, "heron", TrustHost.Password, Code())).StatusCode);
        Assert.Equal("wrong-code", await TrustHost.CodeOf(await TrustHost.TryAsync(browser, "heron", TrustHost.Password, Code())));
        // Tried by many at once, one comes in.
        host.Clock.Now += TimeSpan.FromSeconds(60);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => second.UseAsync("heron", Code())));
        Assert.Single(all, true);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_recovery_code_stands_in_for_the_app_once(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        var heron = await host.AddAsync("heron", "case-worker");
        var second = host.Get<SecondFactors>();
        var secret = Bytes(await second.BeginAsync(heron));
        var codes = (await second.ConfirmAsync(heron, Totp.Code(secret, Totp.Step(host.Clock.Now))))!;
        using var browser = host.Browser();
        Assert.Equal(HttpStatusCode.OK, (await TrustHost.TryAsync(browser, "heron", TrustHost.Password, codes[3].ToLowerInvariant())).StatusCode);
        Assert.Equal("wrong-code", await TrustHost.CodeOf(await TrustHost.TryAsync(browser, "heron", TrustHost.Password, codes[3])));
        Assert.Equal(9, await second.CodesLeftAsync("heron"));
        var renewed = await second.RenewCodesAsync(heron);
        Assert.False(await second.UseAsync("heron", codes[4]));
        Assert.True(await second.UseAsync("heron", renewed[4]));
        await second.RemoveAsync(heron, "heron");
        Assert.Equal(HttpStatusCode.OK, (await TrustHost.TryAsync(browser, "heron", TrustHost.Password)).StatusCode);
    }
}
