using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Allowances decided by tables: who fits is granted on the spot, a person looks at everyone else, and each is told why.</summary>
public sealed class AssistanceJourneyTests
{
    private const string Pack = "society.assistance";

    [Shows("soc-assistance", Lacks = "twelve of fourteen benefits in one application")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Who_fits_is_granted_on_the_spot_and_told_by_which_rule(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = await platform.SignInAsync(null);
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        var (number, code) = await ApplyAsync(anyone, "temporary-assistance", new { hardship = "重病", household = 3, income = 4500, on_allowance = false });
        var file = await platform.EndedAsync(official, number);
        Assert.Empty(file.GetProperty("tasks").EnumerateArray());
        var seen = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{number}?code={code}");
        Assert.Equal("已给予", seen.GetProperty("outcome").GetString());
        var document = Assert.Single(seen.GetProperty("documents").EnumerateArray()).GetProperty("markdown").GetString();
        Assert.Contains("一次性临时救助 3000 元", document, StringComparison.Ordinal);
        Assert.Contains("- 符合规则 2：正在领取低保为“否”；困难原因为“重病”（要求：“火灾”或“重病”）；人均月收入为 1500（要求：低于 2000）。", document, StringComparison.Ordinal);
        var decisions = seen.GetProperty("decisions").EnumerateArray().Select(d => d.GetProperty("explanation")).ToList();
        Assert.Equal(["临时救助：“当场给予”。", "救助金额（元）：3000。"], decisions.Select(d => d.GetProperty("sentence").GetString()));
        var rules = decisions[0].GetProperty("tables")[0].GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal("fired", rules[1].GetProperty("standing").GetString());
        Assert.Equal("不符合规则 4：人均月收入为 1500（要求：不低于 2000）。", rules[3].GetProperty("sentence").GetString());
        // The ledger is for ever, so it has what came out and not what the applicant told.
        var ledger = await official.GetStringAsync($"/api/v1/cases/{number}/ledger");
        Assert.Contains("当场给予", ledger, StringComparison.Ordinal);
        Assert.DoesNotContain("4500", ledger, StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Where_the_table_does_not_fit_an_official_decides_and_a_refusal_gives_its_reasons(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = await platform.SignInAsync(null);
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        var (refused, code) = await ApplyAsync(anyone, "elder-allowance", new { age = 79, resident = true, receiving = false });
        var (granted, other) = await ApplyAsync(anyone, "elder-allowance", new { age = 101, resident = true, receiving = true });
        await TaskAsync(platform, official, refused);
        await TaskAsync(platform, official, granted);
        var told = await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{refused}/decisions");
        Assert.Equal("高龄津贴：“转人工核定”。", Assert.Single(told.EnumerateArray()).GetProperty("explanation").GetProperty("sentence").GetString());
        await RunningPlatform.FinishAsync(official, refused, "review", new { granted = false, reason = "未满 80 周岁，演示标准第二条" });
        await RunningPlatform.FinishAsync(official, granted, "review", new { granted = true, reason = "另一项补贴已停发" });
        await platform.EndedAsync(official, refused);
        await platform.EndedAsync(official, granted);

        var seen = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{refused}?code={code}");
        Assert.Equal("不予给予", seen.GetProperty("outcome").GetString());
        var document = Assert.Single(seen.GetProperty("documents").EnumerateArray()).GetProperty("markdown").GetString();
        Assert.Contains("未满 80 周岁，演示标准第二条", document, StringComparison.Ordinal);
        Assert.Contains("符合规则 2：周岁年龄为 79（要求：低于 80）", document, StringComparison.Ordinal);
        Assert.Contains("行政复议", document, StringComparison.Ordinal);
        seen = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{granted}?code={other}");
        Assert.Contains("每月给予高龄津贴 500 元", Assert.Single(seen.GetProperty("documents").EnumerateArray()).GetProperty("markdown").GetString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Past_cases_tell_what_rules_cover_and_what_a_change_would_alter(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = await platform.SignInAsync(null);
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        using var designer = await platform.SignInAsync("designer");
        var (first, _) = await ApplyAsync(anyone, "temporary-assistance", new { hardship = "失业", household = 2, income = 2000, on_allowance = false }, await PromiseAsync(anyone));
        var (second, _) = await ApplyAsync(anyone, "temporary-assistance", new { hardship = "其他", household = 1, income = 0, on_allowance = false });
        await platform.EndedAsync(official, first);
        await TaskAsync(platform, official, second);

        const string file = "decisions/temporary-assistance.dmn";
        var coverage = await designer.GetFromJsonAsync<JsonElement>($"/api/v1/decisions/coverage?pack={Pack}&file={file}&decision=way");
        Assert.Equal(2, coverage.GetProperty("rows").GetInt32());
        Assert.Equal([3, 6], coverage.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("rule").GetInt32()));
        var dmn = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "packs/society/assistance", file))).Replace("1200", "900", StringComparison.Ordinal);
        var answer = await designer.PostAsJsonAsync("/api/v1/decisions/compare", new { pack = Pack, file, decision = "way", dmn });
        var comparison = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(1, comparison.GetProperty("changed").GetInt32());
        Assert.Equal("失业", comparison.GetProperty("examples")[0].GetProperty("inputs").GetProperty("hardship").GetString());
        // The share decided on the spot counts both ways of ending; here one of one has ended.
        var rate = await RateAsync(anyone);
        // Figures follow the row in the background; they are waited for by reading again.
        for (var i = 0; i < 500 && rate.Count == 0; i++)
            rate = await RateAsync(anyone);
        Assert.Equal([100d], rate);
    }

    [Fact]
    public async Task Evaluating_explains_on_request_one_or_a_batch_in_the_caller_s_language()
    {
        await using var platform = await StartAsync("sqlite");
        using var designer = await platform.SignInAsync("designer");
        designer.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        object Asked(bool explain) => new { pack = Pack, file = "decisions/elder-allowance.dmn", decision = "way", batch = new object[] { new { age = 90, resident = true, receiving = false }, new { age = 79 } }, explain };
        var answers = await (await designer.PostAsJsonAsync("/api/v1/decisions/evaluate", Asked(explain: true))).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["Elders' allowance: “granted on the spot”.", "Elders' allowance: “an official looks”."], answers.EnumerateArray().Select(a => a.GetProperty("explanation").GetProperty("sentence").GetString()));
        Assert.Equal("Age in full years: 79, Resident here: not given, Receives another allowance for elders: not given — rule 2 fits.", answers[1].GetProperty("explanation").GetProperty("tables")[0].GetProperty("sentence").GetString());
        answers = await (await designer.PostAsJsonAsync("/api/v1/decisions/evaluate", Asked(explain: false))).Content.ReadFromJsonAsync<JsonElement>();
        Assert.All(answers.EnumerateArray(), a => Assert.False(a.TryGetProperty("explanation", out _)));
    }

    private static async Task<List<double>> RateAsync(HttpClient anyone) =>
        [.. (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/instant-rate/values?period=year&region=330000")).EnumerateArray().Select(v => v.GetProperty("value").GetDouble())];

    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store);
        await platform.ApplyAsync(Pack);
        return platform;
    }

    private static async Task<(string Number, string Code)> ApplyAsync(HttpClient anyone, string matter, object data, object? materials = null)
    {
        var answer = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/{matter}/applications", new { region = "330100", data, materials });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (receipt.GetProperty("number").GetString()!, receipt.GetProperty("code").GetString()!);
    }

    // Who lost their work promises so.
    private static async Task<object> PromiseAsync(HttpClient anyone)
    {
        var materials = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/services/{Pack}/temporary-assistance")).GetProperty("materials");
        return new Dictionary<string, string> { ["work-ended"] = "promise:" + materials.EnumerateArray().Single(m => m.GetProperty("id").GetString() == "work-ended").GetProperty("promiseSha256").GetString() };
    }

    // The table has been asked once an official's task stands.
    private static async Task TaskAsync(RunningPlatform platform, HttpClient official, string number)
    {
        await platform.RunJobsAsync();
        for (var i = 0; i < 200; i++)
        {
            if ((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("tasks").GetArrayLength() > 0)
                return;
        }
        Assert.Fail($"No task of {number} came to be.");
    }
}
