using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>What somebody may want next follows from what they applied for and declared themselves, and from nothing else.</summary>
public sealed class NextTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_was_left_out_of_a_birth_is_offered_to_whoever_applied_until_they_apply_for_it(string store)
    {
        await using var birth = await Birth.StartAsync(store);
        var (number, _) = await birth.AppliedAsync(register: false, insure: true, "citizen-a");
        var mine = await birth.AsAsync("citizen-a");
        async Task<string> NextAsync(string login) => string.Join(' ', (await (await birth.AsAsync(login)).GetFromJsonAsync<JsonElement>("/api/v1/me/next")).EnumerateArray().Select(n => n.Text("matter")));
        Assert.Equal("society.birth/household society.birth/card", await NextAsync("citizen-a"));
        var first = (await mine.GetFromJsonAsync<JsonElement>("/api/v1/me/next"))[0];
        Assert.Equal(number, first.Text("number"));
        Assert.Contains("没有选上户口", first.Text("why"), StringComparison.Ordinal);
        // Each page says why, and that it is looked at nowhere else.
        foreach (var page in (string[])["/me", $"/me/applications/{number}"])
        {
            var html = System.Net.WebUtility.HtmlDecode(await mine.GetStringAsync(page));
            Assert.Contains("您这次没有选上户口。孩子出生一个月以内要办出生登记", html, StringComparison.Ordinal);
            Assert.DoesNotContain("您这次没有选参加医保", html, StringComparison.Ordinal);
            Assert.Contains("不看别的，也不保存", html, StringComparison.Ordinal);
        }
        Assert.Equal("", await NextAsync("citizen-b"));

        var applied = await mine.PostAsJsonAsync("/api/v1/services/society.birth/card/applications", new { region = "330100", data = new { child_name = "演示儿童", born = "2026-10-20", card_to = "邮寄到家" }, @for = "self" });
        Assert.True(applied.IsSuccessStatusCode, await applied.Content.ReadAsStringAsync());
        Assert.Equal("society.birth/household", await NextAsync("citizen-a"));
    }
}
