using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Appeals of applicants: within the term, beyond it with an excuse, taken or not, decided; by whom.</summary>
public sealed class AppealTests
{
    private static readonly Person Organ = new("organ", "演示·省卫健", "Demo organ", "official", "zj-health", "330000", ["case-worker"]);

    // A refused part of one thing, applied for by a citizen or by anyone.
    private static async Task<(Birth Birth, string Number, string? Code, string Part)> RefusedAsync(string store, string who)
    {
        var birth = await Birth.StartAsync(store);
        await birth.Platform.Services.GetRequiredService<Accounts>().SeedAsync([Organ]);
        var (number, code) = await birth.AppliedAsync(register: false, insure: false, who);
        var part = Birth.PartOf(await birth.SeenAsync(number, code, who), "vaccination");
        Assert.Equal("409 appeal-none", await FileAsync(birth, who, number, new { words = "不服", of = part, code }));
        await birth.DecideAsync("health", part, "不予办理");
        return (birth, number, code, part);
    }

    private static string Path(string who, string number) => who == "anyone" ? $"/api/v1/applications/{number}/appeal" : $"/api/v1/me/applications/{number}/appeal";

    private static async Task<string> ToldAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        return answer.IsSuccessStatusCode ? $"{(int)answer.StatusCode}" : $"{(int)answer.StatusCode} {(await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("code")}";
    }

    private static async Task<string> FileAsync(Birth birth, string who, string number, object given, string act = "") => await ToldAsync((await birth.AsAsync(who)).PostAsJsonAsync(Path(who, number) + act, given));

    private static async Task<JsonElement> SeenAsync(Birth birth, string who, string number, string part, string? code = null) =>
        await (await birth.AsAsync(who)).GetFromJsonAsync<JsonElement>($"{Path(who, number)}?of={part}&code={code}");

    private static async Task<string> DecideAsync(Birth birth, string login, string number, string result, string words = "经审查，理由成立") => await ToldAsync((await birth.AsAsync(login)).PostAsJsonAsync($"/api/v1/appeals/{number}/decide", new { result, words }));

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_result_is_appealed_within_its_term_taken_and_decided_by_the_organ_alone(string store)
    {
        var (birth, number, _, part) = await RefusedAsync(store, "citizen-a");
        await using var _2 = birth;
        var term = (await SeenAsync(birth, "citizen-a", number, part)).GetProperty("term");
        Assert.Equal(("zj-health", false), (term.Text("organ"), term.GetProperty("isOver").GetBoolean()));
        // The joint as a whole is no decision of anybody.
        Assert.Equal("409 appeal-none", await FileAsync(birth, "citizen-a", number, new { words = "不服" }));
        Assert.Equal("404 not-found", await FileAsync(birth, "citizen-b", number, new { words = "不服", of = part }));
        Assert.Equal("422 appeal-words", await FileAsync(birth, "citizen-a", number, new { words = " ", of = part }));
        object given = new { words = "已提供接种点证明，请撤销", of = part };
        var both = await Task.WhenAll(FileAsync(birth, "citizen-a", number, given), FileAsync(birth, "citizen-a", number, given));
        Assert.Equal(["204", "409 appeal-given"], both.Order(StringComparer.Ordinal));

        // Whoever decided is no judge of it, and the organ alone is.
        Assert.Equal("404 appeal-gone", await DecideAsync(birth, "health", part, "accepted"));
        Assert.Equal("404 appeal-gone", await DecideAsync(birth, "head-police", part, "accepted"));
        Assert.Equal("403 not-allowed", await DecideAsync(birth, "auditor", part, "accepted"));
        Assert.Equal("422 appeal-what", await DecideAsync(birth, "organ", part, "granted"));
        Assert.Equal("422 appeal-words", await DecideAsync(birth, "organ", part, "accepted", ""));
        Assert.Equal("409 appeal-waits", await DecideAsync(birth, "organ", part, "revoked"));
        await birth.AsAsync("organ");
        both = await Task.WhenAll(DecideAsync(birth, "organ", part, "accepted"), DecideAsync(birth, "organ", part, "accepted"));
        Assert.Equal(["204", "409 appeal-waits"], both.Order(StringComparer.Ordinal));
        Assert.Equal("204", await DecideAsync(birth, "organ", part, "revoked", "原决定认定事实不清"));
        var appeal = (await SeenAsync(birth, "citizen-a", number, part)).GetProperty("appeal");
        Assert.Equal(("decided", "revoked"), (appeal.Text("state"), appeal.Text("result")));
        Assert.Equal(["filed", "accepted", "revoked"], appeal.GetProperty("steps").EnumerateArray().Select(s => s.Text("what")));
        Assert.Equal("409 appeal-waits", await FileAsync(birth, "citizen-a", number, given, "/withdraw"));
        var told = (await (await birth.AsAsync("citizen-a")).GetFromJsonAsync<JsonElement>("/api/v1/me/notices")).GetProperty("items").EnumerateArray().Count(n => n.Text("on") == "appeal");
        Assert.Equal(2, told);
        // What was said stays out of the ledger.
        var ledger = await (await birth.AsAsync("health")).GetStringAsync($"/api/v1/cases/{part}/ledger");
        Assert.Contains("appeal.decided", ledger, StringComparison.Ordinal);
        Assert.DoesNotContain("事实不清", ledger, StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Beyond_the_term_an_excuse_is_needed_and_the_organ_says_whether_it_takes_it(string store)
    {
        var (birth, number, code, part) = await RefusedAsync(store, "anyone");
        await using var _2 = birth;
        ((StandingClock)birth.Platform.Services.GetRequiredService<TimeProvider>()).Now += TimeSpan.FromDays(90);
        Assert.True((await SeenAsync(birth, "anyone", number, part, code)).GetProperty("term").GetProperty("isOver").GetBoolean());
        Assert.Equal("409 appeal-late", await FileAsync(birth, "anyone", number, new { words = "不服", of = part, code }));
        Assert.Equal("404 not-found", await FileAsync(birth, "anyone", number, new { words = "不服", of = part, code = "WRONGCODE1" }));
        Assert.Equal("204", await FileAsync(birth, "anyone", number, new { words = "不服", excuse = "因台风道路中断一个月", of = part, code }));
        var listed = (await (await birth.AsAsync("organ")).GetFromJsonAsync<JsonElement>("/api/v1/appeals?state=filed")).GetProperty("items")[0];
        Assert.Equal((true, "因台风道路中断一个月"), (listed.GetProperty("isLate").GetBoolean(), listed.GetProperty("steps")[1].Text("words")));
        Assert.Equal("204", await DecideAsync(birth, "organ", part, "refused", "台风在期限届满后"));
        Assert.Equal("refused", (await SeenAsync(birth, "anyone", number, part, code)).GetProperty("appeal").Text("state"));
        Assert.Equal("409 appeal-given", await FileAsync(birth, "anyone", number, new { words = "不服", excuse = "再次", of = part, code }));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_appeal_is_taken_back_by_its_applicant_until_it_is_decided_and_not_filed_again(string store)
    {
        var (birth, number, code, part) = await RefusedAsync(store, "anyone");
        await using var _2 = birth;
        object given = new { words = "不服", of = part, code };
        Assert.Equal("409 appeal-waits", await FileAsync(birth, "anyone", number, given, "/withdraw"));
        Assert.Equal("204", await FileAsync(birth, "anyone", number, given));
        Assert.Equal("204", await FileAsync(birth, "anyone", number, given, "/withdraw"));
        Assert.Equal("409 appeal-waits", await DecideAsync(birth, "organ", part, "accepted"));
        Assert.Equal("409 appeal-given", await FileAsync(birth, "anyone", number, given));
    }
}
