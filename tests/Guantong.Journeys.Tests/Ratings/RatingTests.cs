using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Applicants rate what was done for them, and a bad rating goes round the loop: looked into, answered, heard again, reviewed, closed.</summary>
public sealed class RatingTests
{
    private sealed record Applied(string Number, string Code);

    private static Task<PlayedProcess> PlayAsync(string store) => PlayedProcess.StartAsync(store, """
        <startEvent id="start"/><userTask id="inspect" name="核查"/><endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="end"/>
        """);

    private static async Task<Applied> ApplyAsync(PlayedProcess played, HttpClient who, string? whom = null, bool ends = true)
    {
        using var answer = await who.PostAsJsonAsync($"/api/v1/services/{PlayedProcess.Pack}/air-report/applications", new { region = "330500", data = new { kind = "露天焚烧", place = "示例村口", seen_on = "2026-02-20" }, @for = whom });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var number = receipt.GetProperty("number").GetString()!;
        if (ends)
        {
            Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(number, "inspect"));
            await played.RunAsync();
        }
        return new(number, receipt.GetProperty("code").GetString() ?? "");
    }

    private static async Task<string> CodeAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        return $"{(int)answer.StatusCode} {(text.Length > 0 && JsonDocument.Parse(text).RootElement.TryGetProperty("code", out var code) ? code.GetString() : "")}".TrimEnd();
    }

    private static Task<string> RateAsync(HttpClient who, Applied about, int level, string? words = null, params string[] reasons) => CodeAsync(who.PostAsJsonAsync($"/api/v1/applications/{about.Number}/rating", new { code = about.Code, level, reasons, words }));

    private static Task<string> ReplyAsync(HttpClient who, Applied about, bool satisfied, string? words = null) => CodeAsync(who.PostAsJsonAsync($"/api/v1/applications/{about.Number}/rating/reply", new { code = about.Code, satisfied, words }));

    private static async Task<string> AnswerAsync(PlayedProcess played, string login, Applied about, string finding, string? words = "已核实，经办窗口已整改。", string way = "answer")
    {
        using var who = await played.Platform.SignInAsync(login);
        return await CodeAsync(who.PostAsJsonAsync($"/api/v1/ratings/{about.Number}/{way}", new { finding, words }));
    }

    private static async Task<JsonElement> SeenAsync(PlayedProcess played, Applied about, string login = "leader-ecology")
    {
        using var who = await played.Platform.SignInAsync(login);
        return (await who.GetFromJsonAsync<JsonElement>("/api/v1/ratings")).GetProperty("items").EnumerateArray().Single(r => r.GetProperty("number").GetString() == about.Number);
    }

    private static async Task<string> StandAsync(PlayedProcess played, Applied about) => (await SeenAsync(played, about)) is var rating ? $"{rating.GetProperty("state")} {string.Join(' ', rating.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("what")))}" : "";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_bad_rating_is_looked_into_until_its_applicant_is_satisfied_or_the_bureau_concludes(string store)
    {
        await using var played = await PlayAsync(store);
        using var anyone = played.Platform.Anonymous();
        var early = await ApplyAsync(played, anyone, ends: false);
        Assert.Equal("409 rating-early", await RateAsync(anyone, early, 5));
        var about = await ApplyAsync(played, anyone);
        Assert.Equal("404 not-found", await RateAsync(anyone, about with { Code = "WRONGCODE2" }, 1));
        Assert.Equal("422 rating-level", await RateAsync(anyone, about, 6));
        Assert.Equal("422 rating-reasons", await RateAsync(anyone, about, 2, null, "beauty"));
        Assert.Equal("422 rating-words", await RateAsync(anyone, about, 2, new string('长', 501)));
        Assert.Equal("204", await RateAsync(anyone, about, 2, "跑了三趟 <b>才办成</b>", "slow", "asked-again"));
        Assert.Equal("409 rating-given", await RateAsync(anyone, about, 5));
        Assert.Equal("open rated", await StandAsync(played, about));
        Assert.Equal(["slow", "asked-again"], (await SeenAsync(played, about)).GetProperty("steps")[0].GetProperty("reasons").EnumerateArray().Select(r => r.GetString()!));

        // Who handles cases does not look into what is said of them; another line's leader sees nothing of it.
        Assert.Equal("403 not-allowed", await AnswerAsync(played, "worker-huzhou", about, "mended"));
        Assert.Equal("422 rating-words", await AnswerAsync(played, "leader-ecology", about, "mended", " "));
        Assert.Equal("422 rating-finding", await AnswerAsync(played, "leader-ecology", about, "praised"));
        Assert.Equal("409 rating-waits", await ReplyAsync(anyone, about, true));
        Assert.Equal("204", await AnswerAsync(played, "leader-ecology", about, "mended"));
        Assert.Equal("409 rating-waits", await AnswerAsync(played, "leader-ecology", about, "mended"));
        Assert.Equal("422 rating-words", await ReplyAsync(anyone, about, false));
        Assert.Equal("204", await ReplyAsync(anyone, about, false, "没有人联系过我"));
        Assert.Equal("204", await AnswerAsync(played, "leader-ecology", about, "explained"));
        Assert.Equal("409 rating-waits", await AnswerAsync(played, "data-bureau", about, "concluded", way: "review"));
        Assert.Equal("204", await ReplyAsync(anyone, about, false, "还是不行"));
        Assert.Equal("403 not-allowed", await AnswerAsync(played, "leader-ecology", about, "concluded", way: "review"));
        Assert.Equal("204", await AnswerAsync(played, "data-bureau", about, "concluded", way: "review"));
        Assert.Equal("closed rated mended unsatisfied explained unsatisfied concluded", await StandAsync(played, about));

        // The words are nowhere in clear.
        var kept = await played.Platform.Services.GetRequiredService<Store>().ReadAsync(c => Dapper.SqlMapper.QueryAsync<string>(c, "SELECT words FROM work_rating_step WHERE words IS NOT NULL"));
        Assert.All(kept, k => Assert.DoesNotContain("三趟", k, StringComparison.Ordinal));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_found_a_mistake_is_not_counted_and_figures_say_what_became_of_the_rest(string store)
    {
        await using var played = await PlayAsync(store);
        using var anyone = played.Platform.Anonymous();
        var (good, mistaken, late, silent) = (await ApplyAsync(played, anyone), await ApplyAsync(played, anyone), await ApplyAsync(played, anyone), await ApplyAsync(played, anyone));
        Assert.Equal("204", await RateAsync(anyone, good, 5));
        foreach (var bad in (Applied[])[mistaken, late, silent])
            Assert.Equal("204", await RateAsync(anyone, bad, 1));
        Assert.Equal("counted rated", await StandAsync(played, good));
        Assert.Equal("204", await AnswerAsync(played, "leader-ecology", mistaken, "doubted"));
        Assert.Equal("204", await AnswerAsync(played, "data-bureau", mistaken, "set-aside", way: "review"));
        Assert.Equal("204", await AnswerAsync(played, "leader-ecology", silent, "explained"));
        await played.PassAsync(TimeSpan.FromDays(8));
        Assert.Equal("204", await AnswerAsync(played, "leader-ecology", late, "mended"));
        Assert.Equal("204", await ReplyAsync(anyone, late, true));
        Assert.Equal("answered rated explained", await StandAsync(played, silent));
        await played.PassAsync(TimeSpan.FromDays(3));
        // Nobody wrote that down: the time for a reply is over.
        Assert.Equal("closed rated explained", await StandAsync(played, silent));
        Assert.Equal("409 rating-waits", await ReplyAsync(anyone, silent, false, "迟了"));

        using var leader = await played.Platform.SignInAsync("leader-ecology");
        var figures = (await leader.GetFromJsonAsync<JsonElement>("/api/v1/ratings/figures")).GetProperty("units").EnumerateArray().Single();
        Assert.Equal("3 1 2 0 0.5 1", string.Join(' ', ((string[])["count", "good", "bad", "open", "inTime", "satisfied"]).Select(f => figures.GetProperty(f))));
        Assert.Equal(["closed", "closed"], (await leader.GetFromJsonAsync<JsonElement>("/api/v1/ratings?state=closed")).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("state").GetString()));
        Assert.Equal(2, (await leader.GetFromJsonAsync<JsonElement>("/api/v1/ratings?state=bad")).GetProperty("total").GetInt64());
        // So few say who rated: the public is not told.
        Assert.DoesNotContain("好评率", await anyone.GetStringAsync($"/services/{PlayedProcess.Pack}/air-report"), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_leaders_at_once_one_answers_and_nobody_looks_into_their_own_work(string store)
    {
        await using var played = await PlayAsync(store);
        using var anyone = played.Platform.Anonymous();
        var about = await ApplyAsync(played, anyone);
        Assert.Equal("204", await RateAsync(anyone, about, 1));
        var ratings = played.Platform.Services.GetRequiredService<ServiceRatings>();
        var own = new Person("worker-huzhou", "worker-huzhou", "x", "official", "330500-ecology", "330500", ["case-worker", "leader"]);
        Assert.Equal("rating-own", (await Assert.ThrowsAsync<ConflictException>(() => ratings.AnswerAsync(own, about.Number, "mended", "我自己核实了"))).Code);
        var both = await Task.WhenAll(AnswerAsync(played, "leader-ecology", about, "mended"), AnswerAsync(played, "leader", about, "explained"));
        Assert.Equal(["204", "409 rating-waits"], both.Order());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task With_an_account_one_rates_ones_own_and_nobody_elses(string store)
    {
        await using var played = await PlayAsync(store);
        using var mine = await played.Platform.SignInAsync("citizen-a");
        using var other = await played.Platform.SignInAsync("citizen-b");
        var about = await ApplyAsync(played, mine, "self");
        var path = $"/api/v1/me/applications/{about.Number}/rating";
        Assert.Equal("404 not-found", await CodeAsync(other.PostAsJsonAsync(path, new { level = 1 })));
        Assert.Equal("404 not-found", await CodeAsync(mine.GetAsync(path)));
        Assert.Equal("204", await CodeAsync(mine.PostAsJsonAsync(path, new { level = 4 })));
        Assert.Equal("counted", (await mine.GetFromJsonAsync<JsonElement>(path)).GetProperty("state").GetString());
        Assert.Equal("404 not-found", await CodeAsync(other.GetAsync(path)));
    }
}
