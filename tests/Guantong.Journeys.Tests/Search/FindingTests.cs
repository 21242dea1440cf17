using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Finding over HTTP: search, suggestions, browsing, guided questions, answers, and learning that keeps nobody's words.</summary>
public sealed class FindingTests
{
    private static IEnumerable<string> Ids(JsonElement found, string kind) => found.GetProperty(kind).EnumerateArray().Select(s => s.GetProperty("id").GetString()!);

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Everyday_words_lead_to_matters_and_what_many_open_comes_first_while_nobodys_words_are_kept(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        foreach (var pack in (string[])["society.birth", "society.assistance", "society.concerns"])
            await platform.ApplyAsync(pack);
        using var anyone = platform.Anonymous();
        Task<JsonElement> Ask(string path) => anyone.GetFromJsonAsync<JsonElement>("/api/v1/" + path);

        // Words, letters, a slip, a question, nothing.
        Assert.Equal("household", Ids(await Ask("search?q=给娃上户口"), "services").First());
        var typo = await Ask("search?q=高铃津贴");
        Assert.Equal(("elder-allowance", "高龄津贴"), (Ids(typo, "services").First(), typo.GetProperty("understood").GetString()));
        Assert.Equal("elder-allowance", Ids(await Ask("search?q=gljt"), "services").First());
        var answered = await Ask("search?q=办出生医学证明要带什么");
        Assert.Contains("分娩记录", answered.GetProperty("answer").GetProperty("lines")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("/services/society.birth/birth-certificate#materials", answered.GetProperty("answer").GetProperty("address").GetString());
        var unknown = await Ask("search?q=护照丢了要带什么");
        Assert.Equal((0, true, JsonValueKind.Null), (unknown.GetProperty("total").GetInt32(), unknown.GetProperty("isQuestion").GetBoolean(), unknown.GetProperty("answer").ValueKind));
        Assert.Equal("Elders' allowance", (await Ask("search?q=elderly+allowance&lang=en")).GetProperty("services")[0].GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await anyone.GetAsync("/api/v1/search?q=a&take=0")).StatusCode);

        // Narrowed, by event, by place, by page.
        Assert.Equal(["birth", "birth-certificate", "card", "contribution", "household", "insurance", "vaccination"], Ids(await Ask("search?event=birth&kind=service"), "services").Order());
        Assert.Equal(["bus-service"], Ids(await Ask("search?subject=transport&kind=service"), "services"));
        Assert.DoesNotContain("wage-arrears", Ids(await Ask("search?audience=business&kind=service"), "services"));
        var whole = await Ask("search?kind=service");
        Assert.Equal(Ids(whole, "services").Skip(2).Take(2), Ids(await Ask("search?kind=service&skip=2&take=2"), "services"));
        Assert.All((await Ask("search?q=户口&region=330106")).GetProperty("services").EnumerateArray(), s => Assert.True(s.GetProperty("isOffered").GetBoolean()));
        Assert.Contains((await Ask("suggestions?q=gaol")).EnumerateArray(), s => s.GetProperty("address").GetString() == "/services/society.assistance/elder-allowance");
        Assert.Contains((await Ask("events")).EnumerateArray(), e => e.GetProperty("id").GetString() == "birth");

        // Guided questions: one after the other, on the way that the answers take.
        var guide = await Ask("guides/society.assistance/which-help");
        Assert.Equal("whom", guide.GetProperty("next").GetProperty("ask").GetString());
        guide = await Ask("guides/society.assistance/which-help?whom=家里的老人&age=还没有&hardship=火灾");
        Assert.Equal("temporary-assistance", guide.GetProperty("matters")[0].GetProperty("id").GetString());
        Assert.Contains("未满 80 周岁", guide.GetProperty("why")[0].GetString(), StringComparison.Ordinal);
        Assert.Empty((await Ask("guides/society.assistance/which-help?whom=遇到困难的家庭&hardship=没有特别的困难")).GetProperty("matters").EnumerateArray());
        Assert.Equal("age", (await Ask("guides/society.assistance/which-help?whom=家里的老人&age=<b>&hardship=火灾")).GetProperty("next").GetProperty("ask").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/api/v1/guides/society.assistance/none")).StatusCode);

        // What one network opens is counted once, and stays unknown; what the words do not find is not counted at all.
        for (var i = 0; i < 7; i++)
        {
            using var visit = new HttpRequestMessage(HttpMethod.Get, "/search/open?q=宝宝&thing=service:society.birth/insurance");
            visit.Headers.Add("User-Agent", $"browser-{i}");
            var answer = await anyone.SendAsync(visit);
            Assert.Equal("302 /services/society.birth/insurance", $"{(int)answer.StatusCode} {answer.Headers.Location}");
        }
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/search/open?q=宝宝&thing=https://example.org")).StatusCode);
        var operations = platform.Services.GetRequiredService<Store>();
        Task<long> Kept() => operations.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM insight_opened"));
        Assert.Equal(0, await Kept());
        var before = Ids(await Ask("search?q=宝宝"), "services").ToList();
        Assert.NotEqual("insurance", before[0]);
        var opened = platform.Services.GetRequiredService<OpenedTogether>();
        // The seven from here were one; three more are four.
        for (var i = 0; i < 3; i++)
            await opened.TakeAsync("宝宝", "service:society.birth/insurance", $"network-{i}");
        Assert.Equal(0, await Kept());
        for (var i = 3; i < 200; i++)
            await opened.TakeAsync("宝宝", "service:society.birth/insurance", $"network-{i}");
        Assert.Equal(1, await Kept());
        Assert.Equal(before.Order(), Ids(await Ask("search?q=宝宝"), "services").Order());
        Assert.True(Ids(await Ask("search?q=宝宝"), "services").ToList().IndexOf("insurance") < before.IndexOf("insurance"));
        // It moves a little, and lifts nothing over what is called so.
        for (var i = 0; i < 200; i++)
            await opened.TakeAsync("上户口", "service:society.birth/insurance", $"network-{i}");
        Assert.Equal("household", Ids(await Ask("search?q=上户口"), "services").First());
        await opened.TakeAsync("33010119900101", "service:society.birth/insurance", "network-1");
        var ledger = await operations.ReadAsync(c => c.QueryAsync<string>("SELECT detail FROM ledger WHERE action = 'search.learned'"));
        Assert.DoesNotContain(ledger, d => d.Contains("宝宝", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_find_and_escape_what_was_typed()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        foreach (var pack in (string[])["society.birth", "society.concerns"])
            await platform.ApplyAsync(pack);
        using var anyone = platform.Anonymous();
        async Task<string> Page(string path) => WebUtility.HtmlDecode(await anyone.GetStringAsync(path));
        var home = await anyone.GetByteArrayAsync("/");
        Assert.True(home.Length <= 60 * 1024, $"{home.Length} bytes");
        foreach (var typed in (string[])["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' OR 1=1 --", "{{constructor}}", "\u0000", "%F0%9F"])
        {
            foreach (var path in (string[])["/search?q=", "/services?event=", "/services?region=", "/search?q=户口&kind=", "/guides/society.birth/after-birth?way=", "/search/open?thing=", "/api/v1/suggestions?q="])
            {
                var answer = await anyone.GetAsync(path + Uri.EscapeDataString(typed));
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True((int)answer.StatusCode < 500, $"{path}{typed}: {answer.StatusCode}");
                Assert.DoesNotContain("<script>alert", text, StringComparison.Ordinal);
                Assert.DoesNotContain("<img src=x", text, StringComparison.Ordinal);
            }
        }
        Assert.Contains("平台不知道", await Page("/search?q=护照丢了要带什么"), StringComparison.Ordinal);
        Assert.Contains("/say", await Page("/search?q=护照"), StringComparison.Ordinal);
        Assert.Contains("上户口", await Page("/guides/society.birth/after-birth?way=只办其中一件"), StringComparison.Ordinal);
        Assert.Contains("请选一个答案", await Page("/guides/society.birth/after-birth?at=way"), StringComparison.Ordinal);
    }
}
