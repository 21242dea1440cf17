using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.HandledCase;

namespace Guantong.Tests;

/// <summary>Cases handled as one and taken apart again, and one that becomes two.</summary>
public sealed class JoinTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_merged_case_stops_where_it_is_and_goes_on_there_once_it_is_taken_apart(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        var into = await handled.Played.OpenAsync();
        object body = new { into, reason = "同一工地反复反映" };
        Assert.Equal("403 merge-not-yours", await handled.OfCaseAsync("leader", "merge", body));
        Assert.Equal("422 reason-missing", await handled.OfCaseAsync("worker-huzhou", "merge", new { into }));
        Assert.Equal("404 case-gone", await handled.OfCaseAsync("worker-huzhou", "merge", new { into = "none", reason = "重复" }));
        Assert.Equal("422 merge-other", await handled.OfCaseAsync("worker-huzhou", "merge", new { into = handled.Id, reason = "重复" }));
        Assert.Equal("409 not-merged", await handled.OfCaseAsync("worker-huzhou", "unmerge", new { reason = "误并" }));
        // Each into the other at once: one of them.
        foreach (var login in (string[])["worker-huzhou", "colleague"])
            await handled.AsAsync(login);
        var both = await Task.WhenAll(handled.OfCaseAsync("worker-huzhou", "merge", body), handled.PostAsync("colleague", $"cases/{into}/merge", new { into = handled.Id, reason = "重复" }));
        Assert.Equal([null, "409 case-over"], both.Order(StringComparer.Ordinal));
        if (both[0] is not null)
        {
            Assert.Null(await handled.PostAsync("worker-huzhou", $"cases/{into}/unmerge", new { reason = "反了" }));
            Assert.Null(await handled.OfCaseAsync("worker-huzhou", "merge", body));
        }
        Assert.Equal(("merged", null), await handled.Played.StandAsync(handled.Id));
        Assert.Equal("first:withdrawn", await handled.Played.TasksAsync(handled.Id));
        Assert.Equal("409 task-withdrawn", await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Equal("case-over", (await handled.Played.MoveAsync(await handled.AsAsync("duty"), handled.Id, "rewind", "first")).Code);
        var third = await handled.Played.OpenAsync();
        Assert.Equal("409 merge-busy", await handled.PostAsync("worker-huzhou", $"cases/{into}/merge", new { into = third, reason = "重复" }));
        Assert.Equal("merged-into", await LinksAsync(handled, handled.Id));
        Assert.Equal("merged", await LinksAsync(handled, into));
        // Long past due, it is not overdue: it is handled elsewhere.
        await handled.PassAsync(24 * 16);
        Assert.Equal("", await handled.TracedAsync("case.escalated"));

        Assert.Equal("403 merge-not-yours", await handled.OfCaseAsync("leader", "unmerge", new { reason = "误并" }));
        Assert.Null(await handled.OfCaseAsync("colleague", "unmerge", new { reason = "不是同一工地" }));
        Assert.Equal("first:open", await handled.Played.TasksAsync(handled.Id));
        Assert.Equal((Ecology, "worker-huzhou"), await handled.HeldAsync());
        Assert.Null(await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Equal("first:done second:open", await handled.Played.TasksAsync(handled.Id));

        // Once a task of the other was finished since, they stay together.
        Assert.Null(await handled.OfCaseAsync("worker-huzhou", "merge", body));
        Assert.Equal(HttpStatusCode.NoContent, await handled.Played.FinishAsync(into, "first"));
        Assert.Equal("409 merge-acted", await handled.OfCaseAsync("worker-huzhou", "unmerge", new { reason = "误并" }));
        Assert.EndsWith("case.merged case.unmerged case.merged", await handled.TracedAsync("case.merged", "case.unmerged"), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_is_split_with_a_part_of_what_it_knows_and_both_show_the_other(string store)
    {
        await using var handled = await StartAsync(store);
        Assert.Equal("403 merge-not-yours", await handled.OfCaseAsync("leader", "split", new { fields = new[] { "place" }, reason = "另案" }));
        Assert.Equal("422 split-fields", await handled.OfCaseAsync("worker-huzhou", "split", new { fields = new[] { "secret" }, reason = "另案" }));
        Assert.Equal("422 split-fields", await handled.OfCaseAsync("worker-huzhou", "split", new { fields = new[] { "case" }, reason = "另案" }));
        Assert.Equal("422 split-matter", await handled.OfCaseAsync("worker-huzhou", "split", new { matter = "none", reason = "另案" }));
        Assert.Equal("422 reason-missing", await handled.OfCaseAsync("worker-huzhou", "split", new { fields = new[] { "place" } }));
        Assert.Null(await handled.OfCaseAsync("worker-huzhou", "split", new { title = "道路扬尘", fields = new[] { "place" }, reason = "属两个工地" }));
        var link = (await handled.GetAsync("worker-huzhou", $"cases/{handled.Id}")).GetProperty("links")[0];
        var other = link.GetProperty("id").GetString()!;
        Assert.Equal(("split-into", "道路扬尘"), (link.GetProperty("kind").GetString(), link.GetProperty("title").GetString()));
        Assert.Equal("split-from", await LinksAsync(handled, other));
        Assert.Equal("村口", (await handled.Played.DataAsync(other)).GetProperty("place").GetString());
        Assert.Equal("first:open", await handled.Played.TasksAsync(other));
        // Each goes on by itself.
        Assert.Null(await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Equal("first:open", await handled.Played.TasksAsync(other));
        Assert.Equal("case.split", await handled.TracedAsync("case.split"));
        Assert.Contains("case.split-from", await handled.Played.LedgerAsync(other));
    }

    [Fact]
    public async Task Applicants_of_merged_cases_see_how_the_one_goes_on_and_nothing_of_the_other_applicant_s()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var anyone = platform.Anonymous();
        async Task<(string Number, string Code)> ApplyAsync(string place)
        {
            using var answer = await anyone.PostAsJsonAsync("/api/v1/services/environment.air-quality/air-report/applications", new { region = "330500", data = new { kind = "露天焚烧", place, seen_on = "2026-02-20" } });
            var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return (receipt.GetProperty("number").GetString()!, receipt.GetProperty("code").GetString()!);
        }
        var (first, second) = (await ApplyAsync("甲村村口"), await ApplyAsync("乙村桥头"));
        using var official = await platform.SignInAsync("worker-huzhou");
        async Task DoAsync(string number, string act, object body) => Assert.True((await official.PostAsJsonAsync($"/api/v1/cases/{number}/{act}", body)).IsSuccessStatusCode);
        Task<string> SeenAsync((string Number, string Code) whose) => anyone.GetStringAsync($"/api/v1/applications/{whose.Number}?code={whose.Code}");
        await DoAsync(second.Number, "merge", new { into = first.Number, reason = "同一处焚烧" });
        await RunningPlatform.FinishAsync(official, first.Number, "inspect", new { confirmed = false, finding = "现场没有发现焚烧" });
        await platform.EndedAsync(official, first.Number);
        var seen = await SeenAsync(second);
        var told = JsonDocument.Parse(seen).RootElement;
        Assert.Equal(("merged", "ended"), (told.GetProperty("state").GetString(), told.GetProperty("mergedInto").GetProperty("state").GetString()));
        Assert.NotEmpty(told.GetProperty("mergedInto").GetProperty("steps").EnumerateArray());
        foreach (var hidden in (string[])["甲村村口", "现场没有发现焚烧", first.Number, "worker-huzhou"])
            Assert.DoesNotContain(hidden, seen, StringComparison.Ordinal);
        Assert.Equal(1, JsonDocument.Parse(await SeenAsync(first)).RootElement.GetProperty("merged").GetInt32());

        // A part that is a case of its own is looked up by the same code.
        var third = await ApplyAsync("丙村路口");
        await DoAsync(third.Number, "split", new { fields = new[] { "place" }, reason = "另案" });
        var split = JsonDocument.Parse(await SeenAsync(third)).RootElement.GetProperty("split")[0].GetString()!;
        Assert.Equal(third.Number, JsonDocument.Parse(await SeenAsync((split, third.Code))).RootElement.GetProperty("split")[0].GetString());
    }

    private static async Task<string> LinksAsync(HandledCase handled, string id) =>
        string.Join(' ', (await handled.GetAsync("worker-huzhou", $"cases/{id}")).GetProperty("links").EnumerateArray().Select(l => l.GetProperty("kind").GetString()));
}
