using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using Dapper;

namespace Guantong.Tests;

/// <summary>What happened in cases: kept, counted, exported.</summary>
public sealed class RecordTests
{
    private static readonly XNamespace Xes = "http://www.xes-standard.org/";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Figures_say_where_cases_stand_how_often_they_went_where_and_how_long_it_took(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, RecordedProcess.Body);
        var ids = await RecordedProcess.PlayAsync(played);
        var figures = await GetAsync(played, "figures");
        Assert.Equal((5, 4, 0), (figures.GetProperty("cases").GetInt32(), figures.GetProperty("ended").GetInt32(), figures.GetProperty("unrecorded").GetInt32()));
        Assert.Equal(
        [
            "count 4 in 3, 0 standing, 0 withdrawn, 4: -", "end 3 in 3, 0 standing, 0 withdrawn, -", "inspect 6 in 5, 1 standing, 1 withdrawn, 4: -", "late 1 in 1, 0 standing, 0 withdrawn, -",
            "more 4 in 3, 0 standing, 0 withdrawn, -", "remind 1 in 1, 0 standing, 0 withdrawn, 1: -", "reminded 1 in 1, 0 standing, 0 withdrawn, -", "sign 4 in 3, 0 standing, 0 withdrawn, 8: 600/1800", "start 5 in 5, 0 standing, 0 withdrawn, -",
        ], figures.GetProperty("nodes").EnumerateArray().Select(Line));
        Assert.Equal("a:5 again:1 b:4 c:4 d:4 done:3 f:1 g:1", string.Join(' ', figures.GetProperty("flows").EnumerateArray().Select(f => $"{f.GetProperty("flow")}:{f.GetProperty("passes")}")));
        Assert.Equal("count→inspect:1 inspect→sign:4 sign→count:4 sign→sign:4", string.Join(' ', figures.GetProperty("steps").EnumerateArray().Select(s => $"{s.GetProperty("from")}→{s.GetProperty("to")}:{s.GetProperty("took").GetProperty("count")}").Order(StringComparer.Ordinal)));

        // Filters: the day, the region, the state.
        Assert.Equal(0, (await GetAsync(played, "figures", "&from=2026-11-04")).GetProperty("cases").GetInt32());
        Assert.Equal(5, (await GetAsync(played, "figures", "&to=2026-11-02&region=330500")).GetProperty("cases").GetInt32());
        Assert.Equal(0, (await GetAsync(played, "figures", "&region=330100")).GetProperty("cases").GetInt32());
        Assert.Equal("inspect start", string.Join(' ', (await GetAsync(played, "figures", "&state=open")).GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("node"))));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await played.Official.GetAsync($"/api/v1/processes/figures?{RecordedProcess.Query}&from=heute")).StatusCode);

        // Of a case that began before records were kept, nothing is guessed.
        await played.Store.ChangeAsync(DateTimeOffset.UnixEpoch, async change =>
        {
            await change.ExecuteAsync("DELETE FROM work_event WHERE case_id = @id", new { id = ids[4] });
            change.Record("test", "record.lost", "case:test");
        });
        var without = await GetAsync(played, "figures");
        Assert.Equal((4, 1), (without.GetProperty("cases").GetInt32(), without.GetProperty("unrecorded").GetInt32()));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Ways_are_told_with_rounds_folded_and_the_most_frequent_first(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, RecordedProcess.Body);
        await RecordedProcess.PlayAsync(played);
        var page = await GetAsync(played, "variants", "&take=2");
        Assert.Equal(3, page.GetProperty("total").GetInt32());
        Assert.Equal(["inspect sign+ count: 2, 0.5", "(inspect sign+ count)+: 1, 0.25"], page.GetProperty("items").EnumerateArray().Select(v =>
            string.Create(CultureInfo.InvariantCulture, $"{v.GetProperty("way")}: {v.GetProperty("cases")}, {v.GetProperty("share").GetDouble()}")));
        Assert.Equal("remind", (await GetAsync(played, "variants", "&skip=2")).GetProperty("items")[0].GetProperty("way").GetString());
        Assert.Equal("330500-2026-000002", page.GetProperty("items")[0].GetProperty("example").GetString());
        var csv = await played.Official.GetStringAsync($"/api/v1/processes/table.csv?{RecordedProcess.Query}&table=variants");
        Assert.Contains("(inspect sign+ count)+,[核查 → 会签 （反复） → 计次] （反复）,1,0.2500,,,330500-2026-000003\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("sign,会签,4,3,0,0,8,600,1800\r\n", await played.Official.GetStringAsync($"/api/v1/processes/table.csv?{RecordedProcess.Query}&table=nodes"), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_record_is_exported_as_XES_with_what_the_standard_asks_for_and_nothing_of_people_or_forms(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, RecordedProcess.Body);
        await RecordedProcess.PlayAsync(played);
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Official.GetAsync($"/api/v1/processes/events?{RecordedProcess.Query}&format=xes")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await played.Operator.GetAsync($"/api/v1/processes/events?{RecordedProcess.Query}&format=xml")).StatusCode);
        var text = await played.Operator.GetStringAsync($"/api/v1/processes/events?{RecordedProcess.Query}&format=xes");
        Assert.DoesNotContain("worker-huzhou", text, StringComparison.Ordinal);
        Assert.DoesNotContain("秘密内容", text, StringComparison.Ordinal);
        var log = XDocument.Parse(text).Root!;
        Assert.Empty(XesRules.Broken(log));
        Assert.Equal(5, log.Elements(Xes + "trace").Count());
        Assert.Equal(
        [
            "start complete 09:00", "核查 start 09:00", "核查 complete 09:30", "会签 start 09:30", "会签 start 09:30", "会签 complete 09:40", "会签 complete 10:00", "计次 start 10:00", "计次 complete 10:00", "已答复 complete 10:00",
        ], Events(log, 0));
        Assert.Equal(["start complete 11:40", "核查 start 11:40", "核查 ate_abort 13:40", "超时 complete 13:40", "催办 start 13:40", "催办 complete 14:40", "已催办 complete 14:40"], Events(log, 3));
        // Each completion has the start of its own instance.
        var instances = log.Elements(Xes + "trace").First().Elements(Xes + "event").Where(e => Value(e, "node") == "sign").GroupBy(e => Value(e, "concept:instance")).ToList();
        Assert.Equal(["start complete", "start complete"], instances.Select(i => string.Join(' ', i.Select(e => Value(e, "lifecycle:transition")))));
        Assert.Equal("湖州市生态环境局", Value(log.Elements(Xes + "trace").First().Elements(Xes + "event").First(e => Value(e, "node") == "inspect"), "org:group"));
        var kept = await played.Store.ReadAsync(c => c.QueryAsync<string>("SELECT actor || ' ' || about FROM ledger WHERE action = 'record.exported'"));
        Assert.Equal(["duty process:environment.air-quality/processes/air-report.bpmn"], kept);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_record_is_exported_as_OCEL_whose_events_name_their_case_task_and_unit(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, RecordedProcess.Body);
        await RecordedProcess.PlayAsync(played);
        var text = await played.Operator.GetStringAsync($"/api/v1/processes/events?{RecordedProcess.Query}&format=ocel");
        Assert.DoesNotContain("worker-huzhou", text, StringComparison.Ordinal);
        Assert.DoesNotContain("秘密内容", text, StringComparison.Ordinal);
        using var log = JsonDocument.Parse(text);
        Assert.Empty(OcelRules.Broken(log.RootElement));
        Assert.Equal("case:5 task:15 unit:1", string.Join(' ', log.RootElement.GetProperty("objects").EnumerateArray().CountBy(o => o.GetProperty("type").GetString()!).OrderBy(t => t.Key).Select(t => $"{t.Key}:{t.Value}")));
        Assert.Equal("start:5 会签:8 催办:1 已催办:1 已答复:3 核查:4 核查（撤回）:1 计次:4 超时:1",
            string.Join(' ', log.RootElement.GetProperty("events").EnumerateArray().CountBy(e => e.GetProperty("type").GetString()!).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}:{t.Value}")));
        var signed = log.RootElement.GetProperty("events").EnumerateArray().First(e => e.GetProperty("type").GetString() == "会签");
        Assert.Equal("case task unit", string.Join(' ', signed.GetProperty("relationships").EnumerateArray().Select(r => r.GetProperty("qualifier").GetString())));
        var csv = (await played.Operator.GetStringAsync($"/api/v1/processes/events?{RecordedProcess.Query}&format=csv&state=open")).Split("\r\n");
        Assert.Equal("case,region,revision,at,activity,transition,instance,unit,role,node,element", csv[0].TrimStart('\uFEFF'));
        Assert.Equal(2, csv.Count(l => l.StartsWith("330500-2026-000005,330500,", StringComparison.Ordinal)));
    }

    private static async Task<JsonElement> GetAsync(PlayedProcess played, string what, string more = "") =>
        await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/processes/{what}?{RecordedProcess.Query}{more}");

    private static string Line(JsonElement node)
    {
        var took = node.GetProperty("took");
        var spans = took.ValueKind == JsonValueKind.Null ? "-" : $"{took.GetProperty("count")}: {(took.GetProperty("median").ValueKind == JsonValueKind.Null ? "-" : $"{took.GetProperty("median")}/{took.GetProperty("p90")}")}";
        return $"{node.GetProperty("node")} {node.GetProperty("passes")} in {node.GetProperty("cases")}, {node.GetProperty("standing")} standing, {node.GetProperty("withdrawn")} withdrawn, {spans}";
    }

    private static IEnumerable<string> Events(XElement log, int trace) => log.Elements(Xes + "trace").ElementAt(trace).Elements(Xes + "event").Select(e =>
        $"{Value(e, "concept:name")} {Value(e, "lifecycle:transition")} {DateTimeOffset.Parse(Value(e, "time:timestamp")!, CultureInfo.InvariantCulture).ToOffset(TimeSpan.FromHours(8)):HH:mm}");

    private static string? Value(XElement e, string key) => (string?)e.Elements().FirstOrDefault(a => (string?)a.Attribute("key") == key)?.Attribute("value");
}
