using System.Net;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>How cases are handled, in figures: by matter and by unit, never by official.</summary>
public sealed class FiguresTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Cases_of_a_period_are_counted_by_matter_and_by_unit(string store)
    {
        await using var closed = await ClosedCase.StartAsync(store, ends: false);
        closed.Clock.Now += TimeSpan.FromDays(2);
        await closed.EndAsync(closed.Number);
        var late = await closed.ApplyAsync();
        closed.Clock.Now += TimeSpan.FromDays(20);
        await closed.EndAsync(late);
        await closed.ApplyAsync();
        closed.Clock.Now += TimeSpan.FromDays(20);
        await closed.ApplyAsync();
        JsonElement Of(JsonElement figures, string key) => figures.GetProperty("items").EnumerateArray().Single(f => f.Text("key") == key);
        string Said(JsonElement f) => string.Join(' ', ((string[])["received", "ended", "inTime", "withTerm", "open", "red", "meanDays", "medianDays"]).Select(n => f.GetProperty(n).ToString()));
        const string period = "from=2026-11-01&to=2026-12-31";
        Assert.Equal("4 2 1 2 2 1 11 11", Said(Of(await closed.GetAsync("head", $"handling/figures?{period}"), "environment.air-quality/air-report")));
        Assert.Equal("2 2 1 2 0 0 11 11", Said(Of(await closed.GetAsync("head", $"handling/figures?by=unit&{period}"), "zj-ecology-330500")));
        // Another period, another region.
        Assert.Equal("0 0 0 0 2 1  ", Said(Of(await closed.GetAsync("head", "handling/figures?from=2026-01-01&to=2026-10-31"), "environment.air-quality/air-report")));
        Assert.Equal("403 not-allowed", await closed.PostAsync("worker-huzhou", "handling/figures", null, HttpMethod.Get));
        foreach (var wrong in (string[])["from=x", "from=2026-12-31&to=2026-01-01", "from=2020-01-01&to=2026-01-01"])
            Assert.Equal("400 figures-period", await closed.PostAsync("head", $"handling/figures?{wrong}", null, HttpMethod.Get));
        var csv = await (await closed.AsAsync("head")).GetStringAsync($"/api/v1/handling/figures.csv?{period}");
        Assert.Equal(["matter,received,ended,in_time,with_term,open,red,mean_days,median_days", "environment.air-quality/air-report,4,2,1,2,2,1,11,11"], csv.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("worker", csv, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await (await closed.AsAsync("head")).GetAsync("/desk/figures")).StatusCode);
    }
}
