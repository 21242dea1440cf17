using System.Net;
using System.Net.Http.Json;

namespace Guantong.Tests;

/// <summary>Pages that are made once for many: nobody sees what has changed meanwhile as it was, nor what is another's.</summary>
public sealed class KeptPagesTests
{
    private const string Guide = "/services/environment.air-quality/air-report";

    [Fact]
    public async Task A_page_for_everybody_is_kept_until_anything_changes()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", clock: new StandingClock());
        using var anyone = platform.Anonymous();
        using var first = await anyone.GetAsync(Guide);
        using var second = await anyone.GetAsync(Guide);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.NotNull(second.Headers.Age);
        Assert.Equal("nosniff", second.Headers.GetValues("X-Content-Type-Options").Single());

        // Another language, another mode and whoever is signed in get their own.
        async Task<string> AsAsync(string cookie)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Guide) { Headers = { { "Cookie", cookie } } };
            using var answer = await anyone.SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }
        Assert.Contains("lang=\"en\"", await AsAsync("lang=en"), StringComparison.Ordinal);
        Assert.Contains("class=\"elder\"", await AsAsync("mode=elder"), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"elder\"", await AsAsync("lang=zh-CN"), StringComparison.Ordinal);
        using var citizen = await platform.SignInAsync("citizen-a");
        using var signedIn = await citizen.GetAsync(Guide);
        Assert.Null(signedIn.Headers.Age);

        // What changes is seen at once.
        using var before = await anyone.GetAsync("/services");
        Assert.DoesNotContain("society.assistance", await before.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await platform.ApplyAsync(Guantong.Data.PackFolder.Read(Path.Combine(Repository.Root, "packs/society/assistance"), "packs/society/assistance"));
        using var after = await anyone.GetAsync("/services");
        Assert.Contains("society.assistance", await after.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_page_of_one_s_own_goes_to_no_other_and_ends_with_the_session(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        using var mine = await platform.SignInAsync("citizen-a");
        var applied = await mine.PostAsJsonAsync("/api/v1/services/environment.air-quality/air-report/applications", new { region = "330500", data = new { kind = "露天焚烧", place = "示例村口", seen_on = "2026-02-20" }, @for = "self" }).JsonAsync();
        var number = applied.GetProperty("number").GetString()!;
        var page = "/me/applications/" + number;
        using var anyone = platform.Anonymous();
        async Task<HttpResponseMessage> AsAsync(HttpMethod how, string path, string cookie)
        {
            using var request = new HttpRequestMessage(how, path);
            if (cookie.Length > 0)
                request.Headers.Add("Cookie", cookie);
            return await anyone.SendAsync(request);
        }
        static string CookiesOf(HttpResponseMessage answer) => string.Join("; ", answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(c => c.Split(';')[0]) : []);

        // The first look sets the cookie of forms, and is for one browser alone.
        using var signedIn = await anyone.PostAsJsonAsync("/api/v1/session", new { login = "citizen-a", password = Guantong.Trust.Accounts.DemoPassword });
        using var first = await AsAsync(HttpMethod.Get, page, CookiesOf(signedIn));
        var cookies = $"{CookiesOf(signedIn)}; {CookiesOf(first)}";
        Assert.Null(first.Headers.Age);
        (await AsAsync(HttpMethod.Get, page, cookies)).EnsureSuccessStatusCode().Dispose();
        using var kept = await AsAsync(HttpMethod.Get, page, cookies);
        Assert.NotNull(kept.Headers.Age);
        Assert.Contains(number, await kept.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var other = await platform.SignInAsync("citizen-b");
        using var refused = await other.GetAsync(page);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        using var turned = await AsAsync(HttpMethod.Get, page, "");
        Assert.Equal(HttpStatusCode.Redirect, turned.StatusCode);

        // Once the session has ended, what was kept for it is given to nobody.
        (await AsAsync(HttpMethod.Delete, "/api/v1/session", cookies)).EnsureSuccessStatusCode().Dispose();
        using var gone = await AsAsync(HttpMethod.Get, page, cookies);
        Assert.Equal(HttpStatusCode.Redirect, gone.StatusCode);
    }
}
