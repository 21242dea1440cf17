using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A fault of data goes round the loop: found by a rule or a person, sent, mended, looked at again by the rule, verified, shared.</summary>
public sealed class TicketTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Shows("plat-governance")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_rule_that_fails_goes_round_to_its_end_and_a_mend_that_does_not_hold_comes_back(string store)
    {
        await using var water = await WaterPlatform.StartAsync(store);
        using var hangzhou = await water.Platform.SignInAsync("worker-hangzhou");
        using var huzhou = await water.Platform.SignInAsync("worker-huzhou");
        using var bureau = await water.Platform.SignInAsync("steward");
        await water.LoadAsync("h1,330100,500,甲", "h2,330100,7,乙", "z1,330502,3,丙");

        var ticket = Assert.Single(await WaterPlatform.TicketsAsync(bureau));
        Assert.Equal(("range", "load", "zj-ecology-330100", "sent", "error", 1, 2), (ticket.Text("rule"), ticket.Text("field"), ticket.Text("unit"), ticket.Text("state"), ticket.Text("grade"), ticket.GetProperty("broken").GetInt32(), ticket.GetProperty("rows").GetInt32()));
        var number = ticket.Text("number")!;
        // Its unit sees it with the row at fault; another city's does not.
        Assert.Empty(await WaterPlatform.TicketsAsync(huzhou));
        Assert.Equal(HttpStatusCode.NotFound, (await huzhou.GetAsync($"/api/v1/quality/tickets/{number}", Stop)).StatusCode);
        var file = await hangzhou.GetFromJsonAsync<JsonElement>($"/api/v1/quality/tickets/{number}", Stop);
        Assert.Equal(["code=h1 load=500"], file.GetProperty("rows").EnumerateArray().Select(r => $"{r.Text("key")} {r.Text("value")}"));
        // A second row at fault makes no second ticket.
        await water.LoadAsync("h3,330100,-5,丁");
        Assert.Equal(2, Assert.Single(await WaterPlatform.TicketsAsync(bureau)).GetProperty("broken").GetInt32());

        // What it came from has to be said, by one of the list.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await WaterPlatform.DoAsync(hangzhou, number, "mend")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await WaterPlatform.DoAsync(hangzhou, number, "mend", new { reason = "weather" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await WaterPlatform.DoAsync(hangzhou, number, "verify")).StatusCode);
        // Said to be mended while the rows stand: the rule sends it back.
        var back = await (await WaterPlatform.DoAsync(hangzhou, number, "mend", new { reason = "entry", note = "已通知企业" })).Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(("sent", 1), (back.Text("state"), back.GetProperty("rounds").GetInt32()));
        Assert.Equal(HttpStatusCode.Conflict, (await WaterPlatform.DoAsync(bureau, number, "verify")).StatusCode);

        // Rows come that mend it; then the bureau verifies, and it is shared.
        await water.LoadAsync("h1,330100,50,甲", "h3,330100,5,丁");
        Assert.Equal("mended", Assert.Single(await WaterPlatform.TicketsAsync(bureau)).Text("state"));
        Assert.Equal(HttpStatusCode.OK, (await WaterPlatform.DoAsync(bureau, number, "verify", new { note = "已核对" })).StatusCode);
        Assert.Equal(["found", "sent", "mended", "sent-back", "mended", "verified", "shared"], await WaterPlatform.StepsAsync(bureau, number));
        Assert.Empty(await WaterPlatform.TicketsAsync(bureau, "&state=open"));
        // It can happen again: then it is another ticket.
        await water.LoadAsync("h1,330100,900,甲");
        Assert.Single(await WaterPlatform.TicketsAsync(bureau, "&state=open"));
        Assert.Equal(2, (await WaterPlatform.TicketsAsync(bureau)).Count);
        // Every step stands in the ledger.
        var ledger = await water.Platform.Services.GetRequiredService<Store>().ReadAsync(async c => (await c.QueryAsync<string>("SELECT action FROM ledger WHERE about = @about ORDER BY seq", new { about = $"ticket:{number}" })).AsList(), Stop);
        Assert.Equal(["ticket.found", "ticket.sent", "ticket.mended", "ticket.sent-back", "ticket.mended", "ticket.verified", "ticket.shared"], ledger);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whoever_builds_on_the_rows_is_named_and_told_when_it_opens_and_when_it_closes(string store)
    {
        await using var water = await WaterPlatform.StartAsync(store);
        using var bureau = await water.Platform.SignInAsync("steward");
        await water.LoadAsync("h1,330100,500,甲");
        var number = Assert.Single(await WaterPlatform.TicketsAsync(bureau)).Text("number")!;
        var touched = (await bureau.GetFromJsonAsync<JsonElement>($"/api/v1/quality/tickets/{number}", Stop)).GetProperty("ticket").GetProperty("downstream").EnumerateArray().Select(t => $"{t.Text("kind")} {t.Text("id")}");
        Assert.Equal(["dataset load-by-region", "indicator load"], touched);
        await water.LoadAsync("h1,330100,5,甲");
        (await WaterPlatform.DoAsync(bureau, number, "verify")).EnsureSuccessStatusCode();
        var reads = water.Platform.Services.GetRequiredService<Tickets>();
        var official = new Person("official", "水利", "", "official", "zj-water", "330000", ["case-worker"]);
        Assert.Equal(["shared", "found"], (await reads.NoticesAsync(official, cancel: Stop)).Where(n => n.Number == number).Select(n => n.Event));
        var unit = official with { Unit = "zj-ecology-330100" };
        Assert.Equal(["shared", "sent"], (await reads.NoticesAsync(unit, cancel: Stop)).Where(n => n.Number == number).Select(n => n.Event));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Nobody_verifies_what_they_or_their_unit_mended(string store)
    {
        await using var water = await WaterPlatform.StartAsync(store);
        await water.LoadAsync("p1,330000,500,甲");
        var loop = water.Platform.Services.GetRequiredService<TicketLoop>();
        var all = water.Platform.Services.GetRequiredService<Tickets>();
        var mender = new Person("mender", "厅里", "", "official", "zj-ecology", "330000", ["steward", "case-worker"]);
        var ticket = Assert.Single((await all.PageAsync(mender, new TicketQuery(Pack: WaterPlatform.Pack), Stop)).Items);
        await water.LoadAsync("p1,330000,50,甲");
        var refused = await Assert.ThrowsAsync<RefusedException>(() => loop.VerifyAsync(mender, ticket.Number, null, Stop));
        Assert.Equal("ticket-own", refused.Code);
        var bureau = mender with { Login = "bureau", Unit = "zj-data" };
        Assert.Equal("shared", (await loop.VerifyAsync(bureau, ticket.Number, null, Stop)).State);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_deadline_goes_green_yellow_red_by_the_clock_and_is_told_once_when_it_is_over(string store)
    {
        await using var water = await WaterPlatform.StartAsync(store, standing: true);
        await water.LoadAsync("h1,330106,500,NA");
        var following = water.Platform.Services.GetRequiredService<TicketFollowing>();
        async Task<string> LightsAsync()
        {
            await following.WatchAsync(Stop);
            // A session does not live as long as a deadline.
            using var bureau = await water.Platform.SignInAsync("steward");
            var lights = new List<string>();
            foreach (var light in (string[])["green", "yellow", "red"])
                lights.Add($"{light} {(await WaterPlatform.TicketsAsync(bureau, $"&light={light}&state=open")).Count(t => t.Text("rule") == "range")}");
            return string.Join(", ", lights);
        }
        // An error has three days unless the dataset says otherwise; a warning of this one has two.
        Assert.Equal("green 1, yellow 0, red 0", await LightsAsync());
        water.Clock!.Now += TimeSpan.FromHours(3 * 24 - 17);
        Assert.Equal("green 0, yellow 1, red 0", await LightsAsync());
        water.Clock.Now += TimeSpan.FromHours(18);
        Assert.Equal("green 0, yellow 0, red 1", await LightsAsync());
        Assert.Equal("green 0, yellow 0, red 1", await LightsAsync());
        using var again = await water.Platform.SignInAsync("steward");
        var number = (await WaterPlatform.TicketsAsync(again)).First(t => t.Text("rule") == "range").Text("number")!;
        Assert.Equal(["found", "sent", "overdue"], await WaterPlatform.StepsAsync(again, number));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_of_a_vital_dataset_that_stay_away_or_cannot_be_loaded_open_a_ticket_at_once(string store)
    {
        await using var water = await WaterPlatform.StartAsync(store, standing: true);
        await water.LoadAsync("h1,330106,5,甲");
        var following = water.Platform.Services.GetRequiredService<TicketFollowing>();
        water.Clock!.Now += TimeSpan.FromDays(3);
        await following.WatchAsync(Stop);
        await following.WatchAsync(Stop);
        using var bureau = await water.Platform.SignInAsync("steward");
        var late = Assert.Single(await WaterPlatform.TicketsAsync(bureau));
        Assert.Equal(("fresh", "zj-ecology", 4.0), (late.Text("rule"), late.Text("unit"), (Time.Read(late.Text("due")!) - Time.Read(late.Text("sent")!)).TotalHours));
        await Assert.ThrowsAsync<LoadRefusedException>(() => water.LoadTextAsync("code,region\nh1,330106\n"));
        await Assert.ThrowsAsync<LoadRefusedException>(() => water.LoadTextAsync("code,region\nh1,330106\n"));
        var failed = Assert.Single(await WaterPlatform.TicketsAsync(bureau, "&kind=load"));
        Assert.Equal("header-missing", failed.Text("rule"));
        Assert.Contains("load", failed.Text("words"), StringComparison.Ordinal);
        // Rows that come mend both.
        water.Clock.Now += TimeSpan.FromMinutes(1);
        await water.LoadAsync("h1,330106,6,甲");
        Assert.All(await WaterPlatform.TicketsAsync(bureau), t => Assert.Equal("mended", t.Text("state")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_feed_that_fails_opens_one_ticket_for_all_its_failures_and_rows_that_come_again_mend_it(string store)
    {
        await using var source = await ChangeStreamTests.SourceAsync("CREATE TABLE outlet (code text PRIMARY KEY, region text, load double precision, owner text, seen timestamp)");
        await using var water = await WaterPlatform.StartAsync(store, standing: true);
        await ChangeStreamTests.RunAsync(source, $"INSERT INTO outlet VALUES ('h1', '330100', 5, '甲', '{water.Now}')");
        using var duty = await water.Platform.SignInAsync("duty");
        using var bureau = await water.Platform.SignInAsync("steward");
        await ChangeStreamTests.ConnectAsync(duty, source);
        await water.FeedAsync("from: postgres, at: water-office, table: public.outlet");
        async Task<string?> FetchAsync()
        {
            var fetched = await duty.PostAsync($"/api/v1/feeds/{WaterPlatform.Pack}/outlet/run", null, Stop);
            fetched.EnsureSuccessStatusCode();
            water.Clock!.Now += TimeSpan.FromMinutes(1);
            await water.Platform.Services.GetRequiredService<TicketFollowing>().WatchAsync(Stop);
            return (await fetched.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("code");
        }
        Assert.Null(await FetchAsync());
        Assert.Empty(await WaterPlatform.TicketsAsync(bureau));

        await ChangeStreamTests.RunAsync(source, "ALTER TABLE outlet RENAME load TO outflow");
        Assert.Equal("header-missing", await FetchAsync());
        var ticket = Assert.Single(await WaterPlatform.TicketsAsync(bureau));
        Assert.Equal(("load", "header-missing", "zj-ecology", "sent"), (ticket.Text("kind"), ticket.Text("rule"), ticket.Text("unit"), ticket.Text("state")));
        Assert.Contains("load", ticket.Text("words"), StringComparison.Ordinal);
        // It fails again, and otherwise: it is the same fault still.
        await ChangeStreamTests.RunAsync(source, "ALTER TABLE outlet RENAME TO outfall");
        Assert.Equal("source-no-table", await FetchAsync());
        Assert.Equal(ticket.Text("number"), Assert.Single(await WaterPlatform.TicketsAsync(bureau)).Text("number"));
        Assert.Equal(["found", "sent"], await WaterPlatform.StepsAsync(bureau, ticket.Text("number")!));

        await ChangeStreamTests.RunAsync(source, "ALTER TABLE outfall RENAME TO outlet; ALTER TABLE outlet RENAME outflow TO load; UPDATE outlet SET load = 6");
        Assert.Null(await FetchAsync());
        Assert.Equal("mended", Assert.Single(await WaterPlatform.TicketsAsync(bureau)).Text("state"));
        (await WaterPlatform.DoAsync(bureau, ticket.Text("number")!, "verify")).EnsureSuccessStatusCode();
        Assert.Equal(["found", "sent", "mended", "verified", "shared"], await WaterPlatform.StepsAsync(bureau, ticket.Text("number")!));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Anyone_may_report_a_fault_and_is_told_of_each_step(string store)
    {
        await using var water = await WaterPlatform.StartAsync(store);
        await water.LoadAsync("h1,330106,5,甲");
        using var anyone = water.Platform.Anonymous();
        using var citizen = await water.Platform.SignInAsync("citizen-a");
        using var bureau = await water.Platform.SignInAsync("steward");
        using var hangzhou = await water.Platform.SignInAsync("worker-hangzhou");
        var report = new { pack = WaterPlatform.Pack, dataset = "outlet", field = "owner", rows = "h1", words = "企业已经更名，这里还是旧名。" };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anyone.PostAsJsonAsync("/api/v1/quality/tickets", report with { words = " " }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anyone.PostAsJsonAsync("/api/v1/quality/tickets", report with { field = "ownr" }, Stop)).StatusCode);
        // What is not open is not there for whoever is not signed in.
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.PostAsJsonAsync("/api/v1/quality/tickets", report with { dataset = "load-by-region" }, Stop)).StatusCode);
        var made = await anyone.PostAsJsonAsync("/api/v1/quality/tickets", report, Stop);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var receipt = await made.Content.ReadFromJsonAsync<JsonElement>(Stop);
        var (number, code) = (receipt.Text("number")!, receipt.Text("code")!);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"/api/v1/quality/tickets/{number}/status?code=WRONG", Stop)).StatusCode);
        Task<JsonElement> StatusAsync() => anyone.GetFromJsonAsync<JsonElement>($"/api/v1/quality/tickets/{number}/status?code={code}", Stop);
        Assert.Equal("found", (await StatusAsync()).Text("state"));
        // What is written is sealed where it stands.
        Assert.StartsWith("sealed:", await water.Platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteScalarAsync<string>("SELECT words FROM quality_ticket WHERE number = @number", new { number }), Stop), StringComparison.Ordinal);

        // The bureau sends it on to the unit that answers there; a person who reported hears of it.
        var mine = (await (await citizen.PostAsJsonAsync("/api/v1/quality/tickets", report, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("number")!;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await WaterPlatform.DoAsync(bureau, number, "send", new { unit = "zj-nobody" })).StatusCode);
        foreach (var each in (string[])[number, mine])
            (await WaterPlatform.DoAsync(bureau, each, "send", new { unit = "zj-ecology-330100" })).EnsureSuccessStatusCode();
        (await WaterPlatform.DoAsync(hangzhou, number, "comment", new { note = "正在与企业核对" })).EnsureSuccessStatusCode();
        (await WaterPlatform.DoAsync(hangzhou, number, "mend", new { reason = "late", note = "已改" })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await WaterPlatform.DoAsync(bureau, number, "return")).StatusCode);
        (await WaterPlatform.DoAsync(bureau, number, "return", new { note = "名称仍不完整" })).EnsureSuccessStatusCode();
        (await WaterPlatform.DoAsync(hangzhou, number, "mend", new { note = "补全" })).EnsureSuccessStatusCode();
        (await WaterPlatform.DoAsync(bureau, number, "verify")).EnsureSuccessStatusCode();
        Assert.Equal(["found", "sent", "commented", "mended", "sent-back", "mended", "verified", "shared"], (await StatusAsync()).GetProperty("steps").EnumerateArray().Select(s => s.Text("action")!));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await WaterPlatform.DoAsync(bureau, mine, "decline")).StatusCode);
        (await WaterPlatform.DoAsync(bureau, mine, "decline", new { note = "登记名称就是这样" })).EnsureSuccessStatusCode();
        var told = await water.Platform.Services.GetRequiredService<Tickets>().NoticesAsync(new Person("citizen-a", "", "", "citizen", null, "330106", ["citizen"]), cancel: Stop);
        Assert.Equal(["declined", "sent"], told.Where(n => n.Number == mine).Select(n => n.Event));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_bureau_keeps_the_list_of_reasons(string store)
    {
        await using var water = await WaterPlatform.StartAsync(store);
        using var bureau = await water.Platform.SignInAsync("steward");
        using var worker = await water.Platform.SignInAsync("worker-hangzhou");
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PutAsJsonAsync("/api/v1/quality/reasons/meter", new { zh = "仪表故障", en = "Meter" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await bureau.PutAsJsonAsync("/api/v1/quality/reasons/METER", new { zh = "仪表故障", en = "Meter" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await bureau.PutAsJsonAsync("/api/v1/quality/reasons/meter", new { zh = "仪表故障", en = "" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await bureau.PutAsJsonAsync("/api/v1/quality/reasons/meter", new { zh = "仪表故障", en = "A broken meter" }, Stop)).StatusCode);
        async Task<string[]> ListAsync() => [.. (await worker.GetFromJsonAsync<JsonElement>("/api/v1/quality/reasons", Stop)).EnumerateArray().Select(r => r.Text("id")!)];
        Assert.Contains("meter", await ListAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await bureau.DeleteAsync("/api/v1/quality/reasons/meter", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await bureau.DeleteAsync("/api/v1/quality/reasons/meter", Stop)).StatusCode);
        Assert.DoesNotContain("meter", await ListAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_rule_that_the_pack_drops_takes_its_tickets_along(string store)
    {
        await using var water = await WaterPlatform.StartAsync(store);
        using var bureau = await water.Platform.SignInAsync("steward");
        await water.LoadAsync("h1,330100,500,甲");
        var registry = water.Platform.Services.GetRequiredService<PackRegistry>();
        var files = registry.Find(WaterPlatform.Pack)!.Files;
        var texts = files.Texts.ToDictionary(t => t.Key, t => t.Key == "datasets/outlet.yaml" ? string.Join('\n', t.Value.Split('\n').Where(l => !l.Contains("rule: range", StringComparison.Ordinal))) : t.Value);
        Assert.Equal("applied", (await registry.ApplyAsync(files with { Texts = texts }, Policy.Operator, confirmed: true, cancel: Stop)).Result);
        await water.LoadAsync("h2,330106,5,甲");
        Assert.Equal("withdrawn", Assert.Single(await WaterPlatform.TicketsAsync(bureau)).Text("state"));
    }
}
