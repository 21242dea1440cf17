using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Insight;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using UglyToad.PdfPig;

namespace Guantong.Tests;

/// <summary>Screens over the API: everything in one trip, changed in place, commented on, marked, taken away, sent.</summary>
public sealed class ScreenTests
{
    private const string Air = "/api/v1/screens/environment.air-quality/air";
    private const string Pack = "environment.air-quality";
    private const string Works = $"/api/v1/screens/{WorksPack.Id}/works";

    private static Task<JsonElement> ReadAsync(HttpClient who, string query = "") => who.GetAsync(new Uri(Air + query, UriKind.Relative)).JsonAsync();

    private static JsonElement CardOf(JsonElement screen, string id) => screen.GetProperty("cards").EnumerateArray().Single(c => c.GetProperty("id").GetString() == id);

    private static IEnumerable<string> Ids(JsonElement screen) => screen.GetProperty("cards").EnumerateArray().Select(c => c.GetProperty("id").GetString()!);

    // A screen of a title and two cards; what is given stands in place of the second.
    private static JsonObject Wished(string second = """{"as": "trend", "indicator": "good-day-rate", "period": "day"}""") =>
        JsonNode.Parse($$"""{"screen": "air", "name": "大气环境", "cards": [{"as": "light", "indicator": "pm25-mean", "period": "day"}, {{second}}]}""")!.AsObject();

    private static Task<HttpResponseMessage> SaveAsync(HttpClient who, string region, long version, JsonObject screen, string? note = null) => who.PutAsJsonAsync($"{Air}?region={region}", new { version, screen, note });

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task All_of_a_screen_comes_in_one_trip_and_goes_back_in_time(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, samples: true);
        using var leader = await platform.SignInAsync("leader");
        var screen = await ReadAsync(leader);
        Assert.Equal(("air", "330000", 0), (screen.GetProperty("screen").GetString(), screen.GetProperty("region").GetString(), screen.GetProperty("version").GetInt32()));
        Assert.True(screen.GetProperty("isSynthetic").GetBoolean());
        // Every figure is the one that stands by itself.
        foreach (var card in screen.GetProperty("cards").EnumerateArray())
        {
            foreach (var indicator in card.GetProperty("indicators").EnumerateArray())
            {
                var (id, period) = (indicator.GetProperty("id").GetString(), indicator.GetProperty("period").GetString());
                var alone = (await leader.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/{id}/values?period={period}&region=330000")).EnumerateArray().Select(f => (f.GetProperty("at").GetString(), f.GetProperty("value").GetDouble()));
                Assert.Equal(alone, indicator.GetProperty("series").EnumerateArray().Select(f => (f.GetProperty("at").GetString(), f.GetProperty("value").GetDouble())));
                var at = indicator.GetProperty("at").GetString();
                var beside = (await leader.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/{id}/values?period={period}&from={at}&to={at}")).EnumerateArray().ToDictionary(f => f.GetProperty("region").GetString()!, f => f.GetProperty("value").GetDouble());
                Assert.All(indicator.GetProperty("parts").EnumerateArray(), p => Assert.Equal(beside[p.GetProperty("region").GetString()!], p.GetProperty("value").GetDouble()));
            }
        }
        Assert.Equal(11, CardOf(screen, "map-pm25-mean").GetProperty("indicators")[0].GetProperty("parts").GetArrayLength());
        Assert.Equal("unmet", CardOf(screen, "light-good-day-rate").GetProperty("indicators")[0].GetProperty("light").GetProperty("state").GetString());
        Assert.True(CardOf(screen, "list-warnings").GetProperty("list").GetProperty("total").GetInt64() > 0);
        Assert.Contains("<bpmn:", CardOf(screen, "process").GetProperty("bpmn").GetString(), StringComparison.Ordinal);

        var earlier = await ReadAsync(leader, "?region=330500&at=2026-10-24");
        var map = CardOf(earlier, "map-pm25-mean").GetProperty("indicators")[0];
        Assert.Equal("2026-10-24", map.GetProperty("at").GetString());
        Assert.Equal("2026-10-24", map.GetProperty("latest").GetProperty("at").GetString());
        Assert.All(map.GetProperty("parts").EnumerateArray(), p => Assert.StartsWith("3305", p.GetProperty("region").GetString(), StringComparison.Ordinal));
        Assert.All(CardOf(earlier, "list-warnings").GetProperty("list").GetProperty("warnings").EnumerateArray(), w => Assert.True(string.CompareOrdinal(w.GetProperty("firstDay").GetString(), "2026-10-24") <= 0));
        // Nothing was known before there was anything.
        Assert.All((await ReadAsync(leader, "?at=2020-01-01")).GetProperty("cards").EnumerateArray().SelectMany(c => c.GetProperty("indicators").EnumerateArray()), i => Assert.Equal(JsonValueKind.Null, i.GetProperty("latest").ValueKind));

        Assert.Equal("400 screen-at", await leader.GetAsync(new Uri($"{Air}?known=yesterday", UriKind.Relative)).ToldAsync());
        Assert.Equal("404 not-found", await leader.GetAsync(new Uri($"/api/v1/screens/{Pack}/water", UriKind.Relative)).ToldAsync());
        Assert.Equal("404 not-found", await leader.GetAsync(new Uri($"{Air}?region=999999", UriKind.Relative)).ToldAsync());
        Assert.Equal("400 screen-at", await leader.GetAsync(new Uri($"{Air}?at=yesterday", UriKind.Relative)).ToldAsync());
        using var citizen = await platform.SignInAsync("citizen-a");
        Assert.StartsWith("403", await citizen.GetAsync(new Uri(Air, UriKind.Relative)).ToldAsync(), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Cards_by_a_dimension_show_its_values_and_a_trend_its_largest_and_the_rest_together(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock { Now = Time("2026-03-01T04:00:00Z") });
        await WorksPack.ApplyAsync(platform);
        // Nine fuels that made one to nine in January, one more in February.
        string[] fuels = ["coal", "gas", "oil", "wood", "peat", "sun", "wind", "water", "tide"];
        await WorksPack.ReportAsync(platform, [.. fuels.SelectMany((f, i) => (string[])[$"a,330106,2026-01-05,{f},{i + 1},true", $"a,330106,2026-02-05,{f},{i + 2},true"]), "a,330106,2025-01-05,coal,8,true"]);
        using var leader = await platform.SignInAsync("leader");
        var screen = await leader.GetFromJsonAsync<JsonElement>(Works);
        var trend = CardOf(screen, "trend-output").GetProperty("indicators")[0];
        Assert.Equal("产量（按种类）", CardOf(screen, "trend-output").GetProperty("title").GetString());
        Assert.Equal(["潮汐", "水", "风", "光", "泥炭", "柴"], trend.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("name").GetString()));
        Assert.Equal([(9.0, "2026-01-01"), (10.0, "2026-02-01")], trend.GetProperty("members")[0].GetProperty("series").EnumerateArray().Select(f => (f.GetProperty("value").GetDouble(), f.GetProperty("at").GetString()!)));
        Assert.Equal(3, trend.GetProperty("rest").GetProperty("count").GetInt32());
        // Coal had a year before, alone.
        Assert.Equal([8.0, 6.0, 9.0], trend.GetProperty("rest").GetProperty("series").EnumerateArray().Select(f => f.GetProperty("value").GetDouble()));
        var bar = CardOf(screen, "bar-output").GetProperty("indicators")[0];
        Assert.Equal("2026-01-01", bar.GetProperty("at").GetString());
        Assert.Equal([("潮汐", 19.0), ("水", 17.0)], bar.GetProperty("members").EnumerateArray().Take(2).Select(m => (m.GetProperty("name").GetString()!, m.GetProperty("series")[0].GetProperty("value").GetDouble())));
        var coal = bar.GetProperty("members").EnumerateArray().Single(m => m.GetProperty("member").GetString() == "coal");
        Assert.Equal(("煤", 3.0, 8.0), (coal.GetProperty("name").GetString(), coal.GetProperty("series")[0].GetProperty("value").GetDouble(), coal.GetProperty("series")[0].GetProperty("yearBefore").GetDouble()));
        Assert.Equal("Output by Kind", CardOf(await leader.GetFromJsonAsync<JsonElement>($"{Works}?lang=en"), "pie-output").GetProperty("title").GetString());
        // A heat map has a row for each value; of what has none it says how many there are.
        var heat = CardOf(screen, "heat-output").GetProperty("indicators")[0];
        Assert.Equal((9, 3, JsonValueKind.Null), (heat.GetProperty("members").GetArrayLength(), heat.GetProperty("members").EnumerateArray().Single(m => m.GetProperty("member").GetString() == "coal").GetProperty("series").GetArrayLength(), heat.GetProperty("rest").ValueKind));
        Assert.Equal((24, 5), (CardOf(screen, "heat-output").GetProperty("place").GetProperty("span").GetInt32(), CardOf(screen, "heat-output").GetProperty("place").GetProperty("rows").GetInt32()));
        // Another region has its own; one without rows has none.
        Assert.Equal(0, CardOf(await leader.GetFromJsonAsync<JsonElement>($"{Works}?region=330500"), "pie-output").GetProperty("indicators")[0].GetProperty("members").GetArrayLength());
        // What the figure's rows are.
        var rows = await leader.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{WorksPack.Id}/output/rows?period=year&at=2026-01-01&region=330000&dimension=kind&member=coal");
        Assert.Equal(2, rows.GetProperty("total").GetInt32());

        foreach (var (card, code) in ((string, string)[])
        [
            ("""{"as": "pie", "indicator": "output", "by": "work"}""", "card-dimension"), ("""{"as": "bar", "indicators": ["output", "clean-share"], "period": "year", "by": "kind"}""", "card-dimension"),
            ("""{"as": "heat", "indicator": "output", "period": "month"}""", "card-odd"), ("""{"as": "heat", "indicator": "output", "by": "work"}""", "card-dimension"),
            ("""{"as": "light", "indicator": "output", "by": "kind"}""", "card-odd"), ("""{"as": "trend", "indicator": "output", "period": "month", "by": "kind", "compare": "last-year"}""", "card-odd"),
        ])
        {
            using var answer = await leader.PutAsJsonAsync(Works, new { version = 0, screen = JsonNode.Parse($$"""{"screen": "works", "name": "企业减排", "cards": [{{card}}]}""") });
            var findings = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("findings");
            Assert.Equal([code], findings.EnumerateArray().Select(f => f.GetProperty("code").GetString()));
        }

        await using var book = new ZipArchive(new MemoryStream(await leader.GetByteArrayAsync(Works + ".xlsx")));
        var all = string.Concat(book.Entries.Where(e => e.FullName.EndsWith(".xml", StringComparison.Ordinal)).Select(e => Text(book, e.FullName)));
        foreach (var said in (string[])["种类", "潮汐", "煤", "其余 3 个合计"])
            Assert.Contains(said, all, StringComparison.Ordinal);
        // On paper it is drawn too.
        Assert.StartsWith("%PDF", System.Text.Encoding.ASCII.GetString(await leader.GetByteArrayAsync(Works + ".pdf")), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_screen_goes_back_to_what_was_known_on_a_day(string store)
    {
        var clock = new StandingClock { Now = Time("2025-03-15T04:00:00Z") };
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await WorksPack.ApplyAsync(platform);
        await WorksPack.ReportAsync(platform, "a,330106,2025-01-05,coal,10,true", "b,330502,2025-01-06,gas,4,false", "a,330106,2025-02-07,gas,6,true");
        using (var early = await platform.SignInAsync("leader"))
            Assert.Equal("200", await early.PostAsJsonAsync("/api/v1/screen-events", new { pack = WorksPack.Id, region = "330000", first = "2025-01-20", last = (string?)null, words = "停产检修" }).ToldAsync());
        clock.Now += TimeSpan.FromDays(3);
        await WorksPack.ReportAsync(platform, "a,330106,2025-01-05,coal,12,true", "a,330106,2025-02-07,gas,7,true");
        using var leader = await platform.SignInAsync("leader");
        Assert.Equal("200", await leader.PostAsJsonAsync("/api/v1/screen-events", new { pack = WorksPack.Id, region = "330000", first = "2025-01-10", last = (string?)null, words = "补记" }).ToldAsync());
        async Task<(double?[] Whole, double[] Coal, string[] Events)> SeenAsync(string query)
        {
            var screen = await leader.GetFromJsonAsync<JsonElement>($"{Works}?{query}");
            var whole = CardOf(screen, "light-output").GetProperty("indicators")[0].GetProperty("series").EnumerateArray().Select(f => (double?)f.GetProperty("value").GetDouble());
            var coal = CardOf(screen, "trend-output").GetProperty("indicators")[0].GetProperty("members").EnumerateArray().Where(m => m.GetProperty("member").GetString() == "coal").SelectMany(m => m.GetProperty("series").EnumerateArray()).Select(f => f.GetProperty("value").GetDouble());
            return ([.. whole], [.. coal], [.. screen.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("words").GetString()!)]);
        }
        // As it is now: January was revised, and February, which is provisional still, changed.
        var now = await SeenAsync("at=2025-02-28");
        Assert.Equal([16.0, 7.0], now.Whole);
        Assert.Equal([12.0], now.Coal);
        Assert.Equal(["补记", "停产检修"], now.Events);
        var known = await SeenAsync("at=2025-02-28&known=2025-03-15");
        Assert.Equal([14.0, 6.0], known.Whole);
        Assert.Equal([10.0], known.Coal);
        Assert.Equal(["停产检修"], known.Events);
        // On the day itself the change was known; the day before it was not; before there was anything, nothing was.
        var (same, before, none) = (await SeenAsync("at=2025-02-28&known=2025-03-18"), await SeenAsync("at=2025-02-28&known=2025-03-17"), await SeenAsync("known=2025-03-14"));
        Assert.Equal([16.0, 7.0], same.Whole);
        Assert.Equal([14.0, 6.0], before.Whole);
        Assert.Empty(none.Whole);
        // Parts beside each other are of that day too.
        async Task<double[]> PartsAsync(string query) => [.. CardOf(await leader.GetFromJsonAsync<JsonElement>($"{Works}?{query}"), "table-output").GetProperty("indicators")[0].GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("value").GetDouble())];
        var (parts, then) = (await PartsAsync("at=2025-02-28"), await PartsAsync("at=2025-02-28&known=2025-03-15"));
        Assert.Equal([19.0, 4.0], parts);
        Assert.Equal([16.0, 4.0], then);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_screen_is_changed_for_a_region_and_all_below_it_and_taken_back(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var hangzhou = await platform.SignInAsync("leader-hangzhou-enforcement");
        using var leader = await platform.SignInAsync("leader");
        using var worker = await platform.SignInAsync("worker-hangzhou");
        var declared = Ids(await ReadAsync(leader)).ToList();

        // Who may not; what cannot stand.
        Assert.StartsWith("403", await SaveAsync(worker, "330100", 0, Wished()).ToldAsync(), StringComparison.Ordinal);
        Assert.Equal("403 screen-not-yours", await SaveAsync(hangzhou, "330000", 0, Wished()).ToldAsync());
        Assert.Equal("403 screen-not-yours", await SaveAsync(hangzhou, "330500", 0, Wished()).ToldAsync());
        foreach (var (second, code) in ((string, string)[])
        [
            ("""{"as": "trend"}""", "card-incomplete"), ("""{"as": "trend", "indicator": "good-days"}""", "unknown-indicator"), ("""{"as": "globe", "indicator": "pm25-mean"}""", "not-one-of"),
            ("""{"as": "map", "indicator": "heavy-days", "period": "day"}""", "card-period"), ("""{"as": "v", "text": "x"}""", "card-odd"), ("""{"as": "light", "indicator": "pm25-mean", "span": 99}""", "card-size"),
        ])
        {
            using var answer = await SaveAsync(hangzhou, "330100", 0, Wished(second));
            Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("findings")[0].GetProperty("code").GetString());
        }
        Assert.Equal("422 screen-other", await SaveAsync(hangzhou, "330100", 0, JsonNode.Parse(Wished().ToJsonString().Replace("\"air\"", "\"water\"", StringComparison.Ordinal))!.AsObject()).ToldAsync());
        Assert.Equal("422 screen-form", await hangzhou.PutAsJsonAsync($"{Air}?region=330100", new { version = 0, screen = "air" }).ToldAsync());
        Assert.Equal("422 screen-note", await SaveAsync(hangzhou, "330100", 0, Wished(), new string('长', ScreenBook.LongestNote + 1)).ToldAsync());
        Assert.Equal(declared, Ids(await ReadAsync(hangzhou, "?region=330100")));

        // What is looked at first is not kept.
        var preview = await hangzhou.PostAsJsonAsync($"{Air}/preview?region=330100", new { screen = Wished() }).JsonAsync();
        Assert.Equal(["light-pm25-mean", "trend-good-day-rate"], Ids(preview));
        Assert.Equal(declared, Ids(await ReadAsync(hangzhou, "?region=330100")));

        // Of two who saw the same version, one changes it.
        var both = await Task.WhenAll(SaveAsync(hangzhou, "330100", 0, Wished(), "领导只看两项").ToldAsync(), SaveAsync(leader, "330100", 0, Wished(), "领导只看两项").ToldAsync());
        Assert.Equal(["200", "409 screen-changed"], both.Order());
        foreach (var region in (string[])["330100", "330106"])
            Assert.Equal(["light-pm25-mean", "trend-good-day-rate"], Ids(await ReadAsync(worker, $"?region={region}")));
        foreach (var region in (string[])["330000", "330500"])
            Assert.Equal(declared, Ids(await ReadAsync(worker, $"?region={region}")));
        Assert.Equal("330100", (await ReadAsync(worker, "?region=330106")).GetProperty("editedFor").GetString());

        // Moved, resized, one more, one less: said so.
        var more = Wished("""{"card": "trend-good-day-rate", "as": "trend", "indicator": "good-day-rate", "period": "day", "span": 24}, {"as": "text", "text": "[看](javascript:alert(1)) <script>alert(1)</script> **好**"}""");
        more["cards"]!.AsArray().RemoveAt(0);
        Assert.Equal("200", await SaveAsync(hangzhou, "330100", 1, more).ToldAsync());
        var html = CardOf(await ReadAsync(worker, "?region=330100"), "text").GetProperty("html").GetString()!;
        Assert.Contains("<strong>好</strong>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        var versions = await hangzhou.GetAsync(new Uri($"{Air}/versions?region=330100", UriKind.Relative)).JsonAsync();
        Assert.Equal(["resized trend-good-day-rate", "added text", "removed light-pm25-mean"], versions.GetProperty("steps")[0].GetProperty("changes").EnumerateArray().Select(c => $"{c.GetProperty("kind").GetString()} {c.GetProperty("card").GetString()}"));
        Assert.Equal("领导只看两项", versions.GetProperty("steps")[1].GetProperty("note").GetString());
        Assert.StartsWith("403", await worker.GetAsync(new Uri($"{Air}/versions?region=330100", UriKind.Relative)).ToldAsync(), StringComparison.Ordinal);

        // Taken back; a second time there is nothing to take back.
        Assert.Equal("409 screen-changed", await hangzhou.DeleteAsync(new Uri($"{Air}?region=330100&version=1", UriKind.Relative)).ToldAsync());
        Assert.Equal("200", await hangzhou.DeleteAsync(new Uri($"{Air}?region=330100&version=2", UriKind.Relative)).ToldAsync());
        Assert.Equal("409 screen-unedited", await hangzhou.DeleteAsync(new Uri($"{Air}?region=330100&version=3", UriKind.Relative)).ToldAsync());
        Assert.Equal(declared, Ids(await ReadAsync(worker, "?region=330100")));
        using var auditor = await platform.SignInAsync("auditor");
        var ledger = await auditor.GetStringAsync("/api/v1/ledger?take=200");
        Assert.Equal((2, 1), (ledger.Split("\"screen.edited\"").Length - 1, ledger.Split("\"screen.undone\"").Length - 1));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Figures_are_commented_on_and_only_who_said_it_takes_it_back(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, samples: true);
        using var leader = await platform.SignInAsync("leader");
        using var worker = await platform.SignInAsync("worker-huzhou");
        object Words(string? words, string indicator = "pm25-mean") => new { pack = Pack, indicator, period = "day", at = "2026-10-31", region = "330000", words };
        Task<string> SayAsync(HttpClient who, object given) => who.PostAsJsonAsync("/api/v1/figure-comments", given).ToldAsync();
        const string figure = $"/api/v1/figure-comments?pack={Pack}&indicator=pm25-mean&period=day&at=2026-10-31&region=330000";
        Assert.Equal("422 comment-words", await SayAsync(worker, Words("  ")));
        Assert.Equal("422 comment-words", await SayAsync(worker, Words(new string('长', FigureComments.Longest + 1))));
        Assert.Equal("404 comment-figure", await SayAsync(worker, Words("没有的指标", "good-days")));
        using var citizen = await platform.SignInAsync("citizen-a");
        Assert.StartsWith("403", await SayAsync(citizen, Words("居民")), StringComparison.Ordinal);
        var said = await worker.PostAsJsonAsync("/api/v1/figure-comments", Words("冷空气过境，浓度回落 <b>")).JsonAsync();
        Assert.Equal("冷空气过境，浓度回落 <b>", (await leader.GetFromJsonAsync<JsonElement>(figure))[0].GetProperty("words").GetString());
        Assert.Equal(1, CardOf(await ReadAsync(leader), "map-pm25-mean").GetProperty("indicators")[0].GetProperty("comments").GetInt64());
        // Another region's figure is another one.
        Assert.Equal(0, CardOf(await ReadAsync(leader, "?region=330500"), "map-pm25-mean").GetProperty("indicators")[0].GetProperty("comments").GetInt64());
        var path = new Uri($"/api/v1/figure-comments/{said.GetProperty("id").GetString()}", UriKind.Relative);
        Assert.Equal("403 comment-own", await leader.DeleteAsync(path).ToldAsync());
        var both = await Task.WhenAll(worker.DeleteAsync(path).ToldAsync(), worker.DeleteAsync(path).ToldAsync());
        Assert.Equal(["204", "404 comment-gone"], both.Order());
        Assert.Equal(0, (await leader.GetFromJsonAsync<JsonElement>(figure)).GetArrayLength());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Events_are_marked_on_a_region_and_seen_from_all_below_it(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var leader = await platform.SignInAsync("leader");
        using var hangzhou = await platform.SignInAsync("leader-hangzhou-enforcement");
        using var worker = await platform.SignInAsync("worker-hangzhou");
        Task<string> MarkAsync(HttpClient who, string region, string first, string? last, string words) => who.PostAsJsonAsync("/api/v1/screen-events", new { pack = Pack, region, first, last, words }).ToldAsync();
        Assert.StartsWith("403", await MarkAsync(worker, "330100", "2026-10-25", null, "重污染过程"), StringComparison.Ordinal);
        Assert.Equal("403 screen-not-yours", await MarkAsync(hangzhou, "330000", "2026-10-25", null, "重污染过程"));
        Assert.Equal("422 event-words", await MarkAsync(leader, "330000", "2026-10-25", null, ""));
        Assert.Equal("422 event-days", await MarkAsync(leader, "330000", "2026-10-25", "2026-10-24", "重污染过程"));
        Assert.Equal("404 event-place", await MarkAsync(leader, "999999", "2026-10-25", null, "重污染过程"));
        Assert.Equal("200", await MarkAsync(leader, "330000", "2026-10-25", "2026-10-28", "重污染过程"));
        Assert.Equal("200", await MarkAsync(hangzhou, "330100", "2026-10-29", null, "雨"));
        string[] Seen(JsonElement screen) => [.. screen.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("words").GetString()!)];
        Assert.Equal(["重污染过程", "雨"], Seen(await ReadAsync(worker, "?region=330106")));
        Assert.Equal(["重污染过程"], Seen(await ReadAsync(worker, "?region=330500")));
        Assert.Empty(Seen(await ReadAsync(worker, "?region=330106&at=2026-10-24")));
        var ids = (await ReadAsync(worker, "?region=330106")).GetProperty("events").EnumerateArray().Select(e => e.GetProperty("id").GetString()).ToList();
        Assert.Equal("403 screen-not-yours", await hangzhou.DeleteAsync(new Uri($"/api/v1/screen-events/{ids[0]}", UriKind.Relative)).ToldAsync());
        Assert.Equal("204", await leader.DeleteAsync(new Uri($"/api/v1/screen-events/{ids[0]}", UriKind.Relative)).ToldAsync());
        Assert.Equal("404 event-gone", await leader.DeleteAsync(new Uri($"/api/v1/screen-events/{ids[0]}", UriKind.Relative)).ToldAsync());
        Assert.Equal(["雨"], Seen(await ReadAsync(worker, "?region=330106")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_screen_that_was_asked_for_comes_when_it_is_due_and_no_more_once_it_was_ended(string store)
    {
        // 2 November 2026 is a Monday; it is nine in the morning in Hangzhou.
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, samples: true, clock: clock);
        var post = platform.Services.GetRequiredService<ScreenPost>();
        using (var worker = await platform.SignInAsync("worker-huzhou"))
        {
            Task<string> AskAsync(string every, int day, string region = "330500") => worker.PostAsJsonAsync("/api/v1/screen-subscriptions", new { pack = Pack, region, every, day }).ToldAsync();
            foreach (var (every, day) in ((string, int)[])[("daily", 1), ("weekly", 0), ("weekly", 8), ("monthly", 29)])
                Assert.Equal("422 subscription-day", await AskAsync(every, day));
            Assert.Equal("404 subscription-screen", await AskAsync("weekly", 2, "999999"));
            Assert.Equal("200", await AskAsync("weekly", 2));
            Assert.Equal("409 subscription-twice", await AskAsync("weekly", 2));
            Assert.Equal("200", await AskAsync("monthly", 1));
            var asked = await worker.GetFromJsonAsync<JsonElement>("/api/v1/screen-subscriptions");
            Assert.Equal(["2026-11-03T00:00:00.000Z", "2026-12-01T00:00:00.000Z"], asked.EnumerateArray().Select(s => s.GetProperty("due").GetString()));
        }
        Assert.False(await post.SendNextAsync(TestContext.Current.CancellationToken));
        clock.Now = clock.Now.AddDays(1);
        Assert.True(await post.SendNextAsync(TestContext.Current.CancellationToken));
        Assert.False(await post.SendNextAsync(TestContext.Current.CancellationToken));
        using var again = await platform.SignInAsync("worker-huzhou");
        var told = (await again.GetFromJsonAsync<JsonElement>("/api/v1/notices")).GetProperty("items").EnumerateArray().Where(n => n.GetProperty("on").GetString() == "screen").ToList();
        Assert.Equal("湖州市 · 大气环境", Assert.Single(told).GetProperty("subject").GetString());
        Assert.Contains("优良天数比率", told[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("合成数据", told[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains($"/api/v1/screens/{Pack}/air.pdf?region=330500&at=2026-11-03", told[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        // Nobody ends another's.
        var own = (await again.GetFromJsonAsync<JsonElement>("/api/v1/screen-subscriptions")).EnumerateArray().ToList();
        Assert.Equal("2026-11-10T00:00:00.000Z", own[0].GetProperty("due").GetString());
        using var other = await platform.SignInAsync("leader");
        Assert.Equal("404 subscription-gone", await other.DeleteAsync(new Uri($"/api/v1/screen-subscriptions/{own[0].GetProperty("id").GetString()}", UriKind.Relative)).ToldAsync());
        Assert.Equal("204", await again.DeleteAsync(new Uri($"/api/v1/screen-subscriptions/{own[0].GetProperty("id").GetString()}", UriKind.Relative)).ToldAsync());
        clock.Now = clock.Now.AddDays(8);
        Assert.False(await post.SendNextAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("weekly", 1, "2026-11-02T01:00:00Z", "2026-11-09T00:00:00Z")]
    [InlineData("weekly", 1, "2026-11-01T23:00:00Z", "2026-11-02T00:00:00Z")]
    [InlineData("weekly", 7, "2026-11-02T01:00:00Z", "2026-11-08T00:00:00Z")]
    [InlineData("monthly", 28, "2026-02-28T01:00:00Z", "2026-03-28T00:00:00Z")]
    [InlineData("monthly", 1, "2026-12-31T01:00:00Z", "2027-01-01T00:00:00Z")]
    public void It_is_due_at_eight_in_the_morning_of_its_next_day(string every, int day, string after, string due) =>
        Assert.Equal(Time(due), ScreenSubscriptions.Next(every, day, Time(after), TimeSpan.FromHours(8)));

    [Fact]
    public async Task A_screen_is_taken_away_as_a_workbook_and_as_a_document()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        using var leader = await platform.SignInAsync("leader");
        await using var book = new ZipArchive(new MemoryStream(await leader.GetByteArrayAsync($"{Air}.xlsx?region=330500")));
        var sheets = Text(book, "xl/workbook.xml");
        foreach (var name in (string[])["优良天数比率", "各地空气质量", "PM2.5 日历", "预警"])
            Assert.Contains($"name=\"{name}\"", sheets, StringComparison.Ordinal);
        var all = string.Concat(book.Entries.Where(e => e.FullName.EndsWith(".xml", StringComparison.Ordinal)).Select(e => Text(book, e.FullName)));
        foreach (var said in (string[])["单位", "µg/m³", "湖州市", "数据来源", "省生态环境厅", "2026年10月31日", "演示数据"])
            Assert.Contains(said, all, StringComparison.Ordinal);
        Assert.DoesNotContain("合成居民", all, StringComparison.Ordinal);

        using var answer = await leader.GetAsync(new Uri($"{Air}.pdf?region=330500&at=2026-10-28&lang=zh-CN", UriKind.Relative));
        Assert.SkipUnless(answer.IsSuccessStatusCode, "This machine has no font with Chinese.");
        var file = await answer.Content.ReadAsByteArrayAsync();
        if (Environment.GetEnvironmentVariable("GUANTONG_PICTURES") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, "screen.pdf"), file, TestContext.Current.CancellationToken);
        using var pdf = PdfDocument.Open(file);
        // Text copied out bears a radical's code where the font has one glyph for both.
        var words = string.Concat(pdf.GetPages().Select(p => p.Text)).Normalize(System.Text.NormalizationForm.FormKC);
        // Charts are drawn, with the figures that their tables have.
        Assert.True(pdf.GetPages().Sum(p => p.Paths.Count(path => path.IsFilled)) > 40, "There are no drawings.");
        var map = CardOf(await ReadAsync(leader, "?region=330500&at=2026-10-28"), "map-pm25-mean").GetProperty("indicators")[0].GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("value").GetDouble());
        Assert.All(map, value => Assert.True(words.Split(value.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture)).Length > 2, $"{value} stands in the table and on the map."));
        foreach (var said in (string[])["湖州市", "大气环境", "优良天数比率", "2026年10月28日"])
            Assert.Contains(said, words, StringComparison.Ordinal);
        using var citizen = await platform.SignInAsync("citizen-a");
        Assert.StartsWith("403", await citizen.GetAsync(new Uri($"{Air}.pdf", UriKind.Relative)).ToldAsync(), StringComparison.Ordinal);
        Assert.StartsWith("403", await citizen.GetAsync(new Uri($"{Air}.xlsx", UriKind.Relative)).ToldAsync(), StringComparison.Ordinal);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(ZipArchive book, string path)
    {
        using var reader = new StreamReader(book.GetEntry(path)!.Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
