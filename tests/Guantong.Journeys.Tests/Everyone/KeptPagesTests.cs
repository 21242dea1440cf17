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
        var page = "/me/applications/" + applied.GetProperty("number").GetString();
        // The first look sets the cookie of forms, and is for one browser alone.
        (await mine.GetAsync(page)).EnsureSuccessStatusCode().Dispose();
        (await mine.GetAsync(page)).EnsureSuccessStatusCode().Dispose();
        using var kept = await mine.GetAsync(page);
        Assert.NotNull(kept.Headers.Age);
        Assert.Contains("示例村口", await kept.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var other = await platform.SignInAsync("citizen-b");
        using var refused = await other.GetAsync(page);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        using var nobody = platform.Anonymous();
        using var turned = await nobody.GetAsync(page);
        Assert.Equal(HttpStatusCode.Redirect, turned.StatusCode);

        using var end = await mine.DeleteAsync("/api/v1/session");
        using var gone = await mine.GetAsync(page);
        Assert.DoesNotContain("示例村口", await gone.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
