using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>A platform with the pack law.administrative-penalty, on which its officials in Hangzhou play cases; time and work in the background move when the test says so.</summary>
internal sealed class PenaltyCase : IAsyncDisposable
{
    public const string Pack = "law.administrative-penalty", Investigator = "worker-hangzhou-enforcement", Legal = "legal-hangzhou-enforcement", Leader = "leader-hangzhou-enforcement",
        Construction = "worker-hangzhou-construction", Police = "worker-hangzhou-police", Justice = "worker-justice";

    private const string Organisation = "法人或者其他组织";
    private readonly Dictionary<string, (HttpClient Http, DateTimeOffset Since)> _people = [];

    private PenaltyCase(RunningPlatform platform, StandingClock clock) => (Platform, Clock) = (platform, clock);

    public RunningPlatform Platform { get; }

    public StandingClock Clock { get; }

    public static async Task<PenaltyCase> StartAsync(string store)
    {
        var clock = new StandingClock();
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await platform.ApplyAsync(Pack);
        return new PenaltyCase(platform, clock);
    }

    /// <summary>A client of somebody; null is anybody. Nobody stays signed in for hours.</summary>
    public async Task<HttpClient> AsAsync(string? login)
    {
        var key = login ?? "";
        if (_people.TryGetValue(key, out var known) && Clock.Now - known.Since < TimeSpan.FromMinutes(10))
            return known.Http;
        known.Http?.Dispose();
        _people[key] = (await Platform.SignInAsync(login), Clock.Now);
        return _people[key].Http;
    }

    /// <summary>An inspection that the investigator opens and records; gives the case that it called, or its own id where it called none.</summary>
    public async Task<string> InspectAsync(string course)
    {
        var answer = await (await AsAsync(Investigator)).PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter = "inspection" });
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        await DoAsync(Investigator, id, "inspect", new { origin = "双随机抽查", kind = "擅自倾倒建筑垃圾", site = "示例路工地", inspected_on = "2026-11-02", two_officers = true, finding = "现场倾倒渣土约三车", course });
        var file = await (await AsAsync(Investigator)).GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");
        return file.GetProperty("called").EnumerateArray().Select(c => c.GetProperty("id").GetString()!).SingleOrDefault() ?? id;
    }

    /// <summary>Finishes the open task at a node, and has what follows from it done.</summary>
    public async Task DoAsync(string login, string caseId, string node, object given)
    {
        var status = await TryAsync(login, caseId, node, given);
        Assert.True(status is HttpStatusCode.NoContent or HttpStatusCode.OK, $"{login} {node}: {status}");
    }

    /// <summary>Tries to; gives the answer's status.</summary>
    public async Task<HttpStatusCode> TryAsync(string login, string caseId, string node, object given)
    {
        // What is done one after the other is told apart by its time.
        Clock.Now += TimeSpan.FromMilliseconds(5);
        var status = await RunningPlatform.FinishAsync(await AsAsync(login), caseId, node, given);
        await Platform.RunJobsAsync();
        return status;
    }

    /// <summary>Takes a case that was filed as far as the proposal, which waits.</summary>
    public async Task InvestigateAsync(string id, bool crime = false, string party_kind = Organisation)
    {
        await DoAsync(Leader, id, "file", new { filed = true, filing_reason = "有初步证据", within_time = true });
        await DoAsync(Investigator, id, "investigate", new
        {
            party_kind, party = "示例渣土运输有限公司", party_code = "91330100MA0000000X", two_officers = true, recusal_told = true,
            evidence = "现场笔录：示例路工地，执法人员制作，一份", preserve = true, preserved = "运输记录一本", assist = true, assist_question = "是否属于擅自倾倒",
        });
        await DoAsync(Construction, id, "assist_opinion", new { assist_result = "构成违法行为", assist_opinion = "未办理处置核准" });
        await DoAsync(Investigator, id, "conclude", new { facts = "未经核准倾倒建筑垃圾三车", law = "《示例条例》第十条", harm = "一般", first = true, corrected = false, aggravated = false, crime, crime_reason = crime ? "数额达到追诉标准" : null });
    }

    /// <summary>Takes a case from its proposal to the decision, which waits.</summary>
    public async Task ProposeAsync(string id, decimal fine, string response = "未提出")
    {
        await DoAsync(Investigator, id, "propose", new { penalty = "罚款", fine, propose_reason = "没有从轻、从重情节" });
        await DoAsync(Legal, id, "legal", new { legal_ok = true, legal_opinion = "事实清楚，程序合法" });
        await DoAsync(Investigator, id, "serve_notice", new { notice_way = "直接送达", notice_on = "2026-11-05" });
        await DoAsync(Investigator, id, "response", new { response });
    }

    /// <summary>The open tasks, by node.</summary>
    public async Task<string> OpenAsync(string id) => string.Join(' ', (await FileAsync(id)).GetProperty("tasks").EnumerateArray().Where(t => t.GetProperty("state").GetString() == "open").Select(t => t.GetProperty("node").GetString()));

    /// <summary>The documents, by name, in order.</summary>
    public async Task<IReadOnlyList<string>> DocumentsAsync(string id, string login = Investigator) => [.. (await FileAsync(id, login)).GetProperty("documents").EnumerateArray().Select(d => d.GetProperty("name").GetString()!)];

    /// <summary>What a document says, for those who work on its case.</summary>
    public async Task<string> DocumentAsync(string id, string name, string login = Investigator) =>
        (await FileAsync(id, login)).GetProperty("documents").EnumerateArray().Last(d => d.GetProperty("name").GetString() == name).GetProperty("markdown").GetString()!;

    public async Task<JsonElement> FileAsync(string id, string login = Investigator) => await (await AsAsync(login)).GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");

    /// <summary>The rows that cases put into a dataset of the pack, each as field=value.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string dataset, string login, params string[] fields)
    {
        var page = await (await AsAsync(login)).GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/{dataset}/rows.json");
        return [.. page.EnumerateArray().Select(r => string.Join(' ', fields.Select(f => $"{f}={r.GetProperty(f)}"))).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (http, _) in _people.Values)
            http.Dispose();
        await Platform.DisposeAsync();
    }
}
