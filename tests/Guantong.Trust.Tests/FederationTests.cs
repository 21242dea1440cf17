using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Guantong.Trust;
using Guantong.Trust.Outside;
using Guantong.Trust.Provider;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>One platform takes another's word for who somebody is, once they linked the two themselves.</summary>
public sealed partial class FederationTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_person_signs_in_at_an_outside_provider_after_linking_it_and_not_before(string kind)
    {
        // Two names for one machine: a browser keeps their cookies apart.
        await using var outside = await ProviderHost.StartAsync(kind, (data, url) => new ProviderSettings(data, new Uri(url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal))));
        var issuer = new Uri(outside.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        await using var ours = await ProviderHost.StartAsync(kind, outside: [new OutsideProvider("city", "市统一认证", "City sign-in", issuer, "guantong")]);
        await AddOursAsync(outside, ours);

        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(ours.Url) };
        // At the outside provider they are “auditor”, and nobody here is meant by that name: not even our own auditor.
        var (_, page) = await SignInAsync(browser, await browser.GetAsync("/outside/city/sign-in"), "auditor");
        Assert.Contains("这个外部账号还没有关联", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/session")).StatusCode);

        // Here they are “leader”, and link the two.
        (_, page) = await SignInAsync(browser, await browser.GetAsync("/outside"), "leader");
        Assert.Contains("市统一认证：未关联", page, StringComparison.Ordinal);
        page = await (await SubmitAsync(browser, ours.Url + "/outside", page)).Content.ReadAsStringAsync();
        Assert.Contains("市统一认证：已关联", page, StringComparison.Ordinal);
        (await browser.DeleteAsync("/api/v1/session")).EnsureSuccessStatusCode();

        var back = await browser.GetAsync("/outside/city/sign-in?ReturnUrl=%2Foutside");
        Assert.Equal(ours.Url + "/outside", back.RequestMessage!.RequestUri!.AbsoluteUri);
        Assert.Equal("leader", (await browser.GetFromJsonAsync<Person>("/api/v1/session"))!.Login);

        // Somebody else cannot take the same outside account for theirs.
        using var other = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(ours.Url) };
        var (at, form) = await SignInAsync(other, await other.GetAsync("/outside"), "steward");
        (_, page) = await SignInAsync(other, await SubmitAsync(other, at, form), "auditor");
        Assert.Contains("没有关联", page, StringComparison.Ordinal);

        page = await (await SubmitAsync(browser, ours.Url + "/outside", await back.Content.ReadAsStringAsync())).Content.ReadAsStringAsync();
        Assert.Contains("市统一认证：未关联", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_issuer_s_token_counts_for_nobody()
    {
        await using var outside = await ProviderHost.StartAsync("sqlite", (data, url) => new ProviderSettings(data, new Uri(url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal))));
        // Configured by an address at which the metadata names another issuer.
        await using var ours = await ProviderHost.StartAsync("sqlite", outside: [new OutsideProvider("city", "市统一认证", "City sign-in", new Uri(outside.Url), "guantong")]);
        await AddOursAsync(outside, ours);
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(ours.Url) };
        var (_, page) = await SignInAsync(browser, await browser.GetAsync("/outside/city/sign-in"), "auditor");
        Assert.Contains("没有确认您的身份", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linking_wants_fresh_proof_and_signing_in_outside_wants_the_code_where_one_is_set_up()
    {
        var clock = new HandClock { Now = DateTimeOffset.UtcNow };
        await using var outside = await ProviderHost.StartAsync("sqlite", (data, url) => new ProviderSettings(data, new Uri(url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal))));
        await using var ours = await ProviderHost.StartAsync("sqlite", clock: clock, outside: [new OutsideProvider("city", "市统一认证", "City sign-in", new Uri(outside.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)), "guantong")]);
        await AddOursAsync(outside, ours);
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(ours.Url) };
        var (at, form) = await SignInAsync(browser, await browser.GetAsync("/outside"), "leader");
        clock.Now += TimeSpan.FromMinutes(11);
        Assert.Equal("/sign-in/again?ReturnUrl=/outside", (await SubmitAsync(browser, at, form)).RequestMessage!.RequestUri!.PathAndQuery);
        (await browser.PutAsJsonAsync("/api/v1/session", new { password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        await SignInAsync(browser, await SubmitAsync(browser, at, form), "auditor");
        Assert.Contains("市统一认证：已关联", await browser.GetStringAsync("/outside"), StringComparison.Ordinal);

        var second = ours.App.Services.GetRequiredService<SecondFactors>();
        var leader = (await ours.App.Services.GetRequiredService<Accounts>().FindAsync("leader"))!;
        Assert.NotNull(await second.ConfirmAsync(leader, Totp.Code(SecondFactorTests.Bytes(await second.BeginAsync(leader)), Totp.Step(clock.Now))));
        (await browser.DeleteAsync("/api/v1/session")).EnsureSuccessStatusCode();
        var asked = await browser.GetAsync("/outside/city/sign-in?ReturnUrl=%2Foutside");
        Assert.Equal("/sign-in/code?ReturnUrl=%2Foutside", asked.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/session")).StatusCode);
    }

    private static async Task AddOursAsync(ProviderHost outside, ProviderHost ours)
    {
        using var http = outside.Operator();
        (await http.PostAsJsonAsync("/api/v1/clients", new { id = "guantong", name = "贯通", grants = (string[])["code"], scopes = (string[])["openid"], redirects = (string[])[ours.Url + "/outside/city/callback"], own = true })).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("- {id: a b, name: x, issuer: \"https://id.example\", client: c}", "a b"), InlineData("- {id: a, name: x, issuer: \"http://id.example\", client: c}", "https"), InlineData("- {id: a, name: x, issuer: \"https://id.example\"}", "client"),
     InlineData("- {id: a, name: x, issuer: \"https://id.example\", client: c, secret_file: gone}", "gone")]
    public void A_mistake_in_the_list_of_outside_providers_is_named(string text, string named)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, text + "\n");
        Assert.Contains(named, Assert.Throws<ConfigurationException>(() => OutsideProvider.Read(file)).Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    // Fills in the sign-in that the browser was sent to, when it was.
    private static async Task<(string Url, string Html)> SignInAsync(HttpClient browser, HttpResponseMessage at, string login)
    {
        var asked = at.RequestMessage!.RequestUri!;
        Assert.Equal(Callers.SignInPath, asked.AbsolutePath);
        (await browser.PostAsJsonAsync(new Uri(asked, "/api/v1/session"), new { login, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        var answer = await browser.GetAsync(new Uri(asked, System.Web.HttpUtility.ParseQueryString(asked.Query)["ReturnUrl"]!));
        return (answer.RequestMessage!.RequestUri!.AbsoluteUri, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> SubmitAsync(HttpClient browser, string url, string html, params (string Name, string Value)[] filled)
    {
        var action = WebUtility.HtmlDecode(Action().Match(html).Groups[1].Value);
        var fields = Hidden().Matches(html).Select(m => (Name: m.Groups[1].Value, Value: WebUtility.HtmlDecode(m.Groups[2].Value))).Concat(filled);
        var answer = await browser.PostAsync(new Uri(new Uri(url), action), new FormUrlEncodedContent(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))));
        return Refresh().Match(await answer.Content.ReadAsStringAsync()) is { Success: true } on ? await browser.GetAsync(new Uri(answer.RequestMessage!.RequestUri!, WebUtility.HtmlDecode(on.Groups[1].Value))) : answer;
    }

    [GeneratedRegex("<meta http-equiv=\"refresh\" content=\"0; url=([^\"]*)\"")]
    private static partial Regex Refresh();

    [GeneratedRegex("<form[^>]*action=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
