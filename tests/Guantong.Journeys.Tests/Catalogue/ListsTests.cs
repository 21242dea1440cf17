using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>The lists that the catalogue keeps by itself: who needs which data (需求清单), and what each unit owes for each dataset (责任清单).</summary>
public sealed class ListsTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Shows("model-sharing", Lacks = "integration level by level")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_packs_need_and_units_ask_for_stands_in_one_list_until_it_is_answered(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var huzhou = await platform.SignInAsync("worker-huzhou");
        using var ecology = await platform.SignInAsync("steward-ecology");
        using var bureau = await platform.SignInAsync("data-bureau");
        using var citizen = await platform.SignInAsync("citizen-a");
        Assert.Equal(HttpStatusCode.Forbidden, (await citizen.GetAsync("/api/v1/catalogue-demand", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await citizen.GetAsync("/api/v1/catalogue-demand.csv", Stop)).StatusCode);
        // Indicators of the pack in force need what they are computed from.
        var packs = await ListAsync(huzhou, "catalogue-demand?take=500");
        Assert.NotEmpty(packs);
        Assert.All(packs, d => Assert.Equal("pack", d.Text("origin")));
        Assert.Contains(packs, d => d.Text("name") == "空气质量日值" && d.Text("state") == "met" && d.Text("entry") == "environment.air-quality:air-daily");

        var wish = new { name = "重型货车通行记录", about = "重污染天气应急", purpose = "应急时按区县安排绕行" };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await huzhou.PostAsJsonAsync("/api/v1/catalogue-demand", wish with { purpose = " " }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await huzhou.PostAsJsonAsync("/api/v1/catalogue-demand", wish with { name = new string('长', 1001) }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await huzhou.PostAsJsonAsync("/api/v1/catalogue-demand", wish, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await ecology.PostAsJsonAsync("/api/v1/catalogue-demand", wish with { name = "工况监控数据" }, Stop)).StatusCode);
        // What is open stands first.
        Assert.Equal(["filed", "filed", "pack"], (await ListAsync(bureau, "catalogue-demand?take=3")).Select(d => d.Text("origin")!));
        var mine = Assert.Single(await ListAsync(huzhou, "catalogue-demand?by=zj-ecology-330500"));
        Assert.Equal(("重型货车通行记录", "湖州市生态环境局", "open", "filed"), (mine.Text("name"), mine.Text("by"), mine.Text("state"), mine.Text("origin")));

        // It is answered by an entry that meets it, or declined with a reason; by the data bureau alone.
        Task<HttpResponseMessage> AnswerAsync(HttpClient http, object answer, string? id = null) => http.PostAsJsonAsync($"/api/v1/catalogue-demand/{id ?? mine.Text("id")}/answer", answer, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, (await AnswerAsync(huzhou, new { note = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AnswerAsync(bureau, new { })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AnswerAsync(bureau, new { entry = "none" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync(bureau, new { note = "x" }, "none")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await AnswerAsync(bureau, new { entry = "environment.air-quality:station", note = "按站点对照" })).StatusCode);
        mine = Assert.Single(await ListAsync(huzhou, "catalogue-demand?q=货车"));
        Assert.Equal(("met", "environment.air-quality:station", "按站点对照"), (mine.Text("state"), mine.Text("entry"), mine.Text("note")));
        var other = Assert.Single(await ListAsync(bureau, "catalogue-demand?state=open"));
        Assert.Equal(HttpStatusCode.NoContent, (await AnswerAsync(bureau, new { note = "没有法律依据" }, other.Text("id"))).StatusCode);
        Assert.Equal("没有法律依据", Assert.Single(await ListAsync(bureau, "catalogue-demand?state=declined&origin=filed")).Text("note"));

        await PagesAsync(huzhou, "catalogue-demand", packs.Count + 2);
        foreach (var wrong in (string[])["state=lost", "origin=heaven"])
            Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), ((await huzhou.GetAsync($"/api/v1/catalogue-demand?{wrong}", Stop)).StatusCode, (await huzhou.GetAsync($"/api/v1/catalogue-demand.csv?{wrong}", Stop)).StatusCode));
        var csv = await LinesAsync(huzhou, "/api/v1/catalogue-demand.csv?origin=filed");
        Assert.Equal(["状态,需求单位,数据资源,用于,用途,目录编号,信息项,提出时间,答复", "已满足,湖州市生态环境局,重型货车通行记录,", "不能满足,省生态环境厅,工况监控数据,"], csv.Select((l, i) => i == 0 ? l : string.Join(',', l.Split(',')[..3]) + ","));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Each_unit_s_duties_for_each_dataset_stand_with_how_they_are_met(string store)
    {
        await using var water = await WaterPlatform.StartAsync(store, standing: true);
        using var official = await water.Platform.SignInAsync("worker-huzhou");
        using var citizen = await water.Platform.SignInAsync("citizen-a");
        Assert.Equal(HttpStatusCode.Forbidden, (await citizen.GetAsync("/api/v1/catalogue-duties", Stop)).StatusCode);
        async Task<string[]> OutletAsync() => [.. (await ListAsync(official, "catalogue-duties?unit=zj-ecology&take=500")).Where(d => d.Text("entry") == "test.water:outlet").Select(d => $"{d.Text("does")} {d.Text("wanted")} {d.Text("stands")} {d.Text("measured")}".Trim())];
        // Nothing has come yet, and nothing is measured.
        Assert.Equal(["provide unconditional late 0", "quality 排放量合理 unknown", "quality complete owner unknown", "quality fresh seen unknown"], await OutletAsync());
        await water.LoadAsync("h1,330100,500,甲", "z1,330500,3,丙");
        Assert.Equal(["provide unconditional met 2", "quality 排放量合理 late", "quality complete owner met", "quality fresh seen met"], await OutletAsync());
        await water.LoadAsync("h1,330100,50,甲");
        Assert.Equal("quality 排放量合理 met", (await OutletAsync())[1]);

        // An entry made by hand names its unit and cycle; nobody measures it.
        using var steward = await water.Platform.SignInAsync("steward-ecology");
        (await steward.PostAsJsonAsync("/api/v1/catalogue", new { name = "排污许可台账", about = "一行是一张许可证。", provider = "省生态环境厅", share = "conditional", shareCondition = "执法", open = "none", grade = 2, cycle = "monthly" }, Stop)).EnsureSuccessStatusCode();
        var made = (await ListAsync(official, "catalogue-duties?unit=省生态环境厅&take=500")).Where(d => d.Text("name") == "排污许可台账").Select(d => $"{d.Text("does")} {d.Text("wanted")} {d.Text("stands")}");
        Assert.Equal(["provide conditional unknown", "update monthly unknown"], made);

        var all = await ListAsync(official, "catalogue-duties?take=500");
        Assert.Equal(all.Count(d => d.Text("does") == "quality" && d.Text("stands") == "met"), (await ListAsync(official, "catalogue-duties?does=quality&stands=met&take=500")).Count);
        Assert.Empty(await ListAsync(official, "catalogue-duties?unit=zj-sport"));
        await PagesAsync(official, "catalogue-duties", all.Count);
        foreach (var wrong in (string[])["does=nothing", "stands=still"])
            Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), ((await official.GetAsync($"/api/v1/catalogue-duties?{wrong}", Stop)).StatusCode, (await official.GetAsync($"/api/v1/catalogue-duties.csv?{wrong}", Stop)).StatusCode));
        var csv = await LinesAsync(official, "/api/v1/catalogue-duties.csv?unit=zj-ecology&does=quality&stands=met");
        Assert.Equal("责任单位,数据资源,责任,要求,落实情况,实测", csv[0]);
        Assert.Contains("省生态环境厅,排放口,质量达标,排放量合理,已落实,", csv);
        Assert.Equal((await ListAsync(official, "catalogue-duties?unit=zj-ecology&does=quality&stands=met&take=500")).Count, csv.Length - 1);
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(HttpClient http, string query) => [.. (await http.GetFromJsonAsync<JsonElement>($"/api/v1/{query}", Stop)).GetProperty("items").EnumerateArray()];

    // Page by page it is the whole, and a page that cannot be is refused.
    private static async Task PagesAsync(HttpClient http, string list, int total)
    {
        var whole = await ListAsync(http, $"{list}?take=500");
        Assert.Equal(total, whole.Count);
        var paged = new List<string>();
        for (var skip = 0; skip < total; skip += 3)
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"/api/v1/{list}?skip={skip}&take=3", Stop);
            Assert.Equal((total, skip, 3), (page.GetProperty("total").GetInt32(), page.GetProperty("skip").GetInt32(), page.GetProperty("take").GetInt32()));
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetRawText()));
        }
        Assert.Equal(whole.Select(i => i.GetRawText()), paged);
        Assert.Empty(await ListAsync(http, $"{list}?skip={total}"));
        foreach (var wrong in (string[])["skip=-1", "take=0", "take=501"])
            Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync($"/api/v1/{list}?{wrong}", Stop)).StatusCode);
    }

    private static async Task<string[]> LinesAsync(HttpClient http, string path) => (await http.GetStringAsync(path, Stop)).TrimStart('\uFEFF').TrimEnd().Split("\r\n");
}
