using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>The whole way of a row, unattended: a department's PostgreSQL changes it, it stands in the warehouse, is measured and counts; it breaks a rule, and the ticket goes round the loop to its end.</summary>
public sealed class DemonstrationTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    // The agriculture department builds on the water pack: what is wrong there concerns it.
    private static readonly Dictionary<string, string> Fishery = new()
    {
        ["pack.yaml"] = """
            pack: test.fishery
            version: 1.0.0
            name: 渔业水域
            application: digital-government
            lead: 省农业农村厅
            uses: {packs: [test.water ^1]}
            """,
    };

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_row_that_changes_at_its_source_counts_by_itself_and_one_that_breaks_a_rule_is_mended_there_and_everyone_told(string store)
    {
        await using var source = await ChangeStreamTests.SourceAsync("CREATE TABLE outlet (code text PRIMARY KEY, region text, load double precision, owner text, seen timestamp)");
        await ChangeStreamTests.RunAsync(source, "INSERT INTO outlet SELECT code, region, load, owner, now() AT TIME ZONE 'utc' FROM (VALUES ('h1', '330100', 40, '甲'), ('z1', '330500', 3, '乙')) AS o (code, region, load, owner)");
        await using var water = await WaterPlatform.StartAsync(store);
        using var bureau = await water.Platform.SignInAsync("steward");
        using var hangzhou = await water.Platform.SignInAsync("worker-hangzhou");
        using var huzhou = await water.Platform.SignInAsync("worker-huzhou");
        using (var duty = await water.Platform.SignInAsync("duty"))
            await ChangeStreamTests.ConnectAsync(duty, source);
        await water.FeedAsync("from: change-stream, at: water-office, table: public.outlet");
        Assert.Equal("applied", (await water.Platform.Services.GetRequiredService<PackRegistry>().ApplyAsync(new PackFiles("packs/test/fishery", Fishery), Policy.Operator, confirmed: false, cancel: Stop)).Result);

        // From here on nobody touches the platform: the source writes, and the rest follows.
        await CountsAsync(bureau, 40, broken: 0);
        await ChangeStreamTests.RunAsync(source, "UPDATE outlet SET load = 60 WHERE code = 'h1'");
        await CountsAsync(bureau, 60, broken: 0);
        Assert.Equal("60", await LoadOfAsync(bureau, "h1"));
        Assert.Empty(await WaterPlatform.TicketsAsync(bureau));

        await ChangeStreamTests.RunAsync(source, "UPDATE outlet SET load = 500 WHERE code = 'h1'");
        await CountsAsync(bureau, 500, broken: 1);
        var ticket = await UntilAsync(async () => (await WaterPlatform.TicketsAsync(bureau)).SingleOrDefault(), t => t.ValueKind == JsonValueKind.Object);
        var number = ticket.Text("number")!;
        Assert.Equal(("range", "load", "zj-ecology-330100", "sent", 1), (ticket.Text("rule"), ticket.Text("field"), ticket.Text("unit"), ticket.Text("state"), ticket.GetProperty("broken").GetInt32()));
        // The unit of the row sees which it is; whoever builds on the rows is told; another city is not.
        var file = await hangzhou.GetFromJsonAsync<JsonElement>($"/api/v1/quality/tickets/{number}", Stop);
        Assert.Equal("code=h1", Assert.Single(file.GetProperty("rows").EnumerateArray()).Text("key"));
        Assert.Equal(["dataset load-by-region", "indicator load", "pack test.fishery"], file.GetProperty("ticket").GetProperty("downstream").EnumerateArray().Select(t => $"{t.Text("kind")} {t.Text("id")}"));
        Assert.Equal(["sent"], await ToldAsync(water, "zj-ecology-330100", number));
        Assert.Equal(["found"], await ToldAsync(water, "zj-water", number));
        Assert.Equal(["found"], await ToldAsync(water, "zj-agriculture", number));
        Assert.Empty(await WaterPlatform.TicketsAsync(huzhou));

        // The source mends its row: the rule looks again by itself, and finds that it holds.
        await ChangeStreamTests.RunAsync(source, "UPDATE outlet SET load = 50 WHERE code = 'h1'");
        await CountsAsync(bureau, 50, broken: 0);
        await UntilAsync(() => WaterPlatform.StepsAsync(bureau, number), steps => steps[^1] == "mended");
        (await WaterPlatform.DoAsync(bureau, number, "verify")).EnsureSuccessStatusCode();
        Assert.Equal(["found", "sent", "mended", "verified", "shared"], await WaterPlatform.StepsAsync(bureau, number));
        Assert.Equal(["shared", "sent"], await ToldAsync(water, "zj-ecology-330100", number));
        Assert.Equal(["shared", "found"], await ToldAsync(water, "zj-water", number));
        Assert.Equal(["shared", "found"], await ToldAsync(water, "zj-agriculture", number));
        Assert.Null((await water.Platform.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
    }

    // The figure of Hangzhou, and how many rows the rule finds at fault.
    private static Task CountsAsync(HttpClient http, double load, int broken) => UntilAsync(async () =>
    {
        var values = await http.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{WaterPlatform.Pack}/load/values?region=330100", Stop);
        var quality = await http.GetFromJsonAsync<JsonElement>($"/api/v1/quality/datasets/{WaterPlatform.Pack}/outlet", Stop);
        return (Load: values.EnumerateArray().Select(v => (double?)v.GetProperty("value").GetDouble()).SingleOrDefault(),
            Broken: quality.GetProperty("measures").EnumerateArray().Where(m => m.Text("rule") == "range").Select(m => (int?)m.GetProperty("broken").GetInt32()).SingleOrDefault());
    }, now => now == (load, broken));

    private static async Task<string> LoadOfAsync(HttpClient http, string code) =>
        Assert.Single((await http.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{WaterPlatform.Pack}/outlet/rows?code={code}", Stop)).GetProperty("rows").EnumerateArray())[2].ToString();

    private static async Task<IEnumerable<string>> ToldAsync(WaterPlatform water, string unit, string number) =>
        (await water.Platform.Services.GetRequiredService<Tickets>().NoticesAsync(new Person("official", "官员", "", "official", unit, "330000", ["case-worker"]), cancel: Stop)).Where(n => n.Number == number).Select(n => n.Event);

    // The platform runs by itself: it is asked again until it has come so far.
    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(150));
        while (true)
        {
            var now = await ask();
            if (isSo(now))
                return now;
            Assert.False(patience.IsCancellationRequested, $"It stays at {now}");
            await Task.Delay(20, Stop);
        }
    }
}
