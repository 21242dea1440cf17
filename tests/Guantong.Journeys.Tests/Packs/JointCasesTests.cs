using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.PackPlay;

namespace Guantong.Tests;

/// <summary>One digital file from the police to community correction: sent back for what lacks, returned twice and not a third time, past its term once, its property never with nobody unnoticed; each unit sees what is handed to it.</summary>
public sealed class JointCasesTests
{
    private const string Pack = "law.joint-cases", Police = "xihu-police", Procuratorate = "xihu-procuratorate", Court = "xihu-court", Justice = "xihu-justice", Political = "xihu-political";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/law/joint-cases");

    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync([Official(Police, "zj-police-330106"), Official(Procuratorate, "zj-procuratorate-330106"), Official(Court, "zj-court-330106"), Official(Justice, "zj-justice-330106"), Official(Political, "zj-political-legal-330106")]);
        return platform;
    }

    // The case that was called last.
    private static async Task<string> CalledAsync(RunningPlatform platform, string login, string id) =>
        (await FileAsync(platform, login, id)).GetProperty("called").EnumerateArray().OrderBy(c => c.Text("number"), StringComparer.Ordinal).Last().Text("id")!;

    private static async Task<List<Dictionary<string, JsonElement>>> RowsOfAsync(RunningPlatform platform, string dataset)
    {
        using var who = await platform.SignInAsync(Police);
        return await RowsAsync(who, Pack, dataset);
    }

    /// <summary>Who holds the items of property, in their order; nobody is “-”.</summary>
    private static async Task<string> HoldersAsync(RunningPlatform platform) =>
        string.Join(' ', (await RowsOfAsync(platform, "property")).OrderBy(r => r["item_no"].ToString(), StringComparer.Ordinal).Select(r => r["holder"].ValueKind == JsonValueKind.Null ? "-" : r["holder"].GetString()));

    private static async Task<JsonElement> WarningAsync(RunningPlatform platform, string starts)
    {
        await FollowAsync(platform);
        await platform.RunJobsAsync();
        using var who = await platform.SignInAsync(Political);
        return Assert.Single(await WarningsAsync(who, Pack), w => Told(w).StartsWith(starts, StringComparison.Ordinal));
    }

    /// <summary>What somebody reads in a case: its data and its documents.</summary>
    private static async Task<string> SeenAsync(RunningPlatform platform, string login, string id)
    {
        var file = await FileAsync(platform, login, id);
        using var data = JsonDocument.Parse(file.GetProperty("case").Text("data")!);
        var said = data.RootElement.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).Select(p => p.Value.GetString());
        return string.Join('\n', said.Concat(file.GetProperty("documents").EnumerateArray().Select(d => d.Text("markdown"))));
    }

    private static readonly object Made = new
    {
        charge = "盗窃", suspect = "演示某甲", case_facts = "合成案情：夜间进入仓库拿走手机和现金", digital = true,
        evidence = new[] { new { evidence_name = "现场勘验笔录（合成）", pages = 12 } },
        items = new[] { new { label = "手机（合成）", kind = "电子设备", quantity = 1 }, new { label = "现金（合成）", kind = "现金", quantity = 1 } },
    };

    private static object Counted(bool match = true, params int[] missing) => new { has_opinion = true, has_evidence = true, told_counsel = true, items_match = match, missing_items = missing, receive_note = "逐件清点（合成）" };

    private static object Examined(string result) => result == "退回补充侦查"
        ? new { examine_result = result, review_note = "合成意见：本院内部讨论记录", outline = "补充被害人陈述（合成）" } : new { examine_result = result, review_note = "合成意见：本院内部讨论记录" };

    private static readonly object Supplemented = new { supplement_facts = "合成：补充了被害人陈述", evidence = new[] { new { evidence_name = "现场勘验笔录（合成）", pages = 12 }, new { evidence_name = "被害人陈述（合成）", pages = 4 } } };

    [Shows("law-joint-cases", Lacks = "the party's own access, counsel reading online, second instance, retrial, commutation, property that is kept apart from the file")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_file_goes_from_the_police_to_correction_sent_back_returned_twice_late_once_with_its_property(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = platform.Anonymous();
        var clock = (StandingClock)platform.Services.GetRequiredService<TimeProvider>();
        string file, number;
        using (var police = await platform.SignInAsync(Police))
            file = (await police.PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter = "joint-file" }).JsonAsync()).Text("id")!;
        await DoAsync(platform, Police, file, "file", Made);
        number = (await FileAsync(platform, Police, file)).GetProperty("case").Text("number")!;
        Assert.Equal("公安机关 公安机关", await HoldersAsync(platform));
        Assert.Contains("1. 手机（合成）（电子设备）1；2. 现金（合成）（现金）1", Document(await FileAsync(platform, Police, file), "移送起诉清单"), StringComparison.Ordinal);

        // An item of the list is not seen: sent back with the article, with nobody, red at once, searched for until it is found.
        var review = await CalledAsync(platform, Police, file);
        await DoAsync(platform, Procuratorate, review, "receive", Counted(false, 2));
        var mend = Document(await FileAsync(platform, Procuratorate, review), "补正通知书");
        Assert.All((string[])["缺少：财物和清单不符（第二百四十五条）", "对不上的财物编号：2"], said => Assert.Contains(said, mend, StringComparison.Ordinal));
        Assert.Equal("公安机关 -", await HoldersAsync(platform));
        var search = (await WarningAsync(platform, "property-nobody 330106 red")).Text("caseId")!;
        await DoAsync(platform, Political, search, "list", new { lost = new[] { new { lost_no = $"{number} 第 2 件", last_unit = "公安机关", find_by = "2026-11-05" } }, push_note = "查看保管室（合成）" });
        await DoAsync(platform, Police, file, "file", Made);
        Assert.Equal("公安机关 公安机关", await HoldersAsync(platform));
        await DoAsync(platform, Political, search, "clear", new { cleared = true, clear_note = "在保管室另一格（合成）" });
        Assert.Equal("督办完成", (await FileAsync(platform, Political, search)).GetProperty("case").Text("outcome"));

        // Complete now. Fifteen days more, then returned for the first time.
        review = await CalledAsync(platform, Police, file);
        await DoAsync(platform, Procuratorate, review, "receive", Counted());
        Assert.Equal("检察院 检察院", await HoldersAsync(platform));
        var term = (await RowsOfAsync(platform, "handover")).Single(r => r["answered_on"].ValueKind == JsonValueKind.Null);
        Assert.Equal(DateOnly.Parse(term["received_on"].ToString()[..10], CultureInfo.InvariantCulture).AddMonths(1), DateOnly.Parse(term["term_on"].ToString()[..10], CultureInfo.InvariantCulture));

        // Counsel of the case books by its number; another number is nowhere.
        var none = await ReadAsync(anyone, "330106-2026-999999");
        await platform.RunJobsAsync();
        Assert.Equal("不在阅卷阶段", (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{none.Number}?code={none.Code}")).Text("outcome"));
        var reading = await ReadAsync(anyone, number);
        await platform.RunJobsAsync();
        await DoAsync(platform, Procuratorate, reading.Number, "arrange", new { arranged = true, read_on = "2026-11-09", arrange_note = "材料齐全（合成）" });
        Assert.Contains("安排 2026-11-09 线上阅卷", Document(await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{reading.Number}?code={reading.Code}"), "阅卷通知"), StringComparison.Ordinal);

        await DoAsync(platform, Procuratorate, review, "examine", Examined("延长十五日"));
        await DoAsync(platform, Procuratorate, review, "examine_more", Examined("退回补充侦查"));
        Assert.Equal("公安机关 公安机关", await HoldersAsync(platform));
        await DoAsync(platform, Police, file, "supplement", Supplemented);

        // The second time the month passes: overdue by itself, yellow, and overdue it stays.
        review = await CalledAsync(platform, Police, file);
        await DoAsync(platform, Procuratorate, review, "receive", Counted());
        await DoAsync(platform, Procuratorate, review, "examine", Examined("退回补充侦查"));
        clock.Now += TimeSpan.FromDays(33);
        await platform.RunJobsAsync();
        Assert.Equal("supplement", Open(await FileAsync(platform, Police, file)));
        await WarningAsync(platform, "overdue-terms 330106 yellow");
        await DoAsync(platform, Police, file, "supplement", Supplemented);
        Assert.Equal((2, 1), ((await RowsOfAsync(platform, "handover")).Count(r => r["step"].GetString() == "补充侦查"), (await RowsOfAsync(platform, "handover")).Count(r => r["overdue"].GetBoolean())));

        // No third return: the same task is open again. Prosecuted.
        review = await CalledAsync(platform, Police, file);
        await DoAsync(platform, Procuratorate, review, "receive", Counted());
        await DoAsync(platform, Procuratorate, review, "examine", Examined("退回补充侦查"));
        Assert.Equal("examine", Open(await FileAsync(platform, Procuratorate, review)));
        await DoAsync(platform, Procuratorate, review, "examine", Examined("起诉"));
        var indicted = new { indictment_text = "合成指控：盗窃手机一部、现金若干", plea = true, indict_note = "随案移送（合成）" };
        await DoAsync(platform, Procuratorate, review, "indict", indicted);

        // A plea without its signed statement comes back; with it the court accepts.
        object Accepted(bool paper) => new { has_indictment = true, has_materials = true, has_plea_paper = paper, items_match = true, receive_note = "审查（合成）" };
        var trial = await CalledAsync(platform, Procuratorate, review);
        await DoAsync(platform, Court, trial, "receive", Accepted(false));
        Assert.Contains("认罪认罚具结书（第一百七十六条）", Document(await FileAsync(platform, Court, trial), "补正通知书"), StringComparison.Ordinal);
        await DoAsync(platform, Procuratorate, review, "indict", indicted);
        trial = await CalledAsync(platform, Procuratorate, review);
        await DoAsync(platform, Court, trial, "receive", Accepted(true));
        Assert.Equal("法院 法院", await HoldersAsync(platform));

        // Each sees what was handed over: the court the charge, and neither the police's opinion nor the procuratorate's findings; the justice bureau nothing yet.
        Assert.Contains("合成案情", await SeenAsync(platform, Procuratorate, review), StringComparison.Ordinal);
        Assert.Contains("合成指控", await SeenAsync(platform, Court, trial), StringComparison.Ordinal);
        foreach (var (who, id) in ((string, string)[])[(Court, file), (Court, review), (Justice, file), (Justice, review), (Justice, trial)])
        {
            var seen = await SeenAsync(platform, who, id);
            Assert.All((string[])["合成案情", "合成意见", "合成指控", "演示某甲"], said => Assert.DoesNotContain(said, seen, StringComparison.Ordinal));
        }

        // Judged; one item disposed of is not all.
        await DoAsync(platform, Court, trial, "try", new { trial_result = "审结", trial_note = "合成：事实清楚", verdict = "非监禁刑", judgment_no = "（2026）浙0106刑初演示1号", sentence = "合成主文：宣告缓刑", effective_on = "2026-12-18" });
        object Item(int n, string way) => new { item_no = n, way, disposed_on = "2026-12-18" };
        await DoAsync(platform, Court, trial, "dispose", new { disposals = new[] { Item(1, "返还被害人") }, dispose_note = "先返还手机（合成）" });
        Assert.Equal("dispose", Open(await FileAsync(platform, Court, trial)));
        await DoAsync(platform, Court, trial, "dispose", new { disposals = new[] { Item(1, "返还被害人"), Item(2, "返还被害人") }, dispose_note = "全部返还（合成）" });
        Assert.All(await RowsOfAsync(platform, "property"), r => Assert.Equal("返还被害人", r["way"].GetString()));

        // To community correction: sent back without the notice, then received; every case ends.
        var delivered = new { deliver_note = "文书齐全（合成）", notified_on = "2026-12-19" };
        object Received(bool notice) => new { has_judgment = true, has_notice = notice, has_closing_form = false, reported = true, execution_note = "已报到（合成）" };
        await DoAsync(platform, Court, trial, "deliver", delivered);
        await DoAsync(platform, Justice, await CalledAsync(platform, Court, trial), "receive", Received(false));
        await DoAsync(platform, Court, trial, "deliver", delivered);
        var execution = await CalledAsync(platform, Court, trial);
        await DoAsync(platform, Justice, execution, "receive", Received(true));
        Assert.Contains("社区矫正已接收", Document(await FileAsync(platform, Justice, execution), "执行回执"), StringComparison.Ordinal);
        Assert.Contains("结果：已交付执行", Document(await FileAsync(platform, Police, file), "结案单"), StringComparison.Ordinal);
        Assert.Contains("退回补充侦查：2 次", Document(await FileAsync(platform, Police, file), "结案单"), StringComparison.Ordinal);
        var row = Assert.Single(await RowsOfAsync(platform, "case-file"));
        Assert.Equal("已交付执行 2", $"{row["stage"]} {row["returned_times"]}");
    }

    private static async Task<(string Number, string Code)> ReadAsync(HttpClient anyone, string number)
    {
        const string service = $"/api/v1/services/{Pack}/file-reading";
        var files = (await anyone.SendAsync($"{service}/files?field=material:authority&name=a.pdf", Sheets.Pdf()).JsonAsync()).Text("basket")!;
        await anyone.SendAsync($"{service}/files?field=material:licence&name=b.pdf", Sheets.Pdf(), files).JsonAsync();
        var receipt = await anyone.PostAsJsonAsync($"{service}/applications", new { region = "330106", files, data = new { file_no = number, firm = "演示律师事务所", read_way = "线上", want_on = "2026-11-09" } }).JsonAsync();
        return (receipt.Text("number")!, receipt.Text("code")!);
    }

    [Fact]
    public async Task From_the_generated_rows_come_figures_and_red_lines_and_a_leader_and_counsel_see_them()
    {
        await using var platform = await StartAsync("sqlite");
        await SamplesAsync(platform, Pack, Folder, "case-file", "handover", "property");
        using var leader = await platform.SignInAsync("leader");
        Assert.Equal(["overdue-terms 330304 orange False", "overdue-terms 330683 red True", "overdue-terms 331022 yellow False", "property-nobody 330424 red True", "property-nobody 330822 red True"],
            (await WarningsAsync(leader, Pack)).Select(w => $"{w.Text("indicator")} {w.Text("region")} {w.Text("level")} {w.Text("caseId") is not null}"));

        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.OpenAsync($"/services/{Pack}/file-reading");
        await visitor.SeesAsync("辩护律师自案件移送审查起诉之日起");
        await visitor.LooksAsync("joint-cases-reading");
        await CockpitAsync(visitor, Pack, "超期未办结分布", "joint-cases-cockpit");
    }
}
