using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What is filled in and not sent yet: of tasks, and of applications.</summary>
public sealed class DraftTests
{
    private const string Form = """{"title": "受理", "type": "object", "required": ["finding"], "properties": {"finding": {"type": "string", "title": "情况", "x-personal": true}, "place": {"type": "string", "title": "位置"}}}""";

    private static readonly string Steps = """<startEvent id="start"/><userTask id="first" name="受理" guantong:form="forms/air-inspect.json"/><userTask id="second" name="审定"/><endEvent id="end" name="已答复"/>""" + Bpmn.Flows("start > first > second > end");

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, string task, long version, object typed) => http.PutAsJsonAsync($"/api/v1/tasks/{task}/draft", new { typed, version });

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_task_s_draft_goes_with_the_task_and_is_never_overwritten_unseen(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Steps, others: ("forms/air-inspect.json", Form));
        await played.Platform.Services.GetRequiredService<Accounts>().SeedAsync(HandledCase.People);
        var id = await played.OpenAsync();
        var task = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().Single().Text("id")!;
        using var colleague = await played.SignInAsync("colleague");
        using var elsewhere = await played.SignInAsync("worker-hangzhou");
        Assert.Equal("404 not-found", await played.Official.GetAsync($"/api/v1/tasks/{task}/draft").ToldAsync());
        Assert.Equal(1, (await PutAsync(played.Official, task, 0, new { finding = "现场有烟" }).JsonAsync()).GetProperty("version").GetInt64());

        // A colleague who opened it before that one was saved, and one who read it.
        var moved = await PutAsync(colleague, task, 0, new { finding = "没有烟" });
        Assert.Equal(HttpStatusCode.Conflict, moved.StatusCode);
        var now = (await moved.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("now");
        Assert.Equal(("现场有烟", 1, "worker-huzhou"), (now.GetProperty("typed").Text("finding"), now.GetProperty("version").GetInt64(), now.Text("by")));
        Assert.Equal("200", await PutAsync(colleague, task, 1, new { finding = "现场有烟，已散" }).ToldAsync());
        Assert.Equal("409 draft-moved", await PutAsync(played.Official, task, 1, new { finding = "" }).ToldAsync());
        var read = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/tasks/{task}/draft");
        Assert.Equal(("现场有烟，已散", 2, "colleague"), (read.GetProperty("typed").Text("finding"), read.GetProperty("version").GetInt64(), read.Text("by")));
        // Of two who save at once over the same version one is told.
        var both = await Task.WhenAll(PutAsync(played.Official, task, 2, new { place = "东" }).ToldAsync(), PutAsync(colleague, task, 2, new { place = "西" }).ToldAsync());
        Assert.Equal(["200", "409 draft-moved"], both.Order());

        // Another unit neither reads nor writes it; nor does who may not do the task now.
        Assert.NotEqual("200", await elsewhere.GetAsync($"/api/v1/tasks/{task}/draft").ToldAsync());
        Assert.NotEqual("200", await PutAsync(elsewhere, task, 3, new { place = "北" }).ToldAsync());
        (await played.Official.PostAsync($"/api/v1/tasks/{task}/take", null)).EnsureSuccessStatusCode();
        Assert.Equal("409 task-taken", await PutAsync(colleague, task, 3, new { place = "北" }).ToldAsync());

        // At rest it is sealed, and the ledger has nothing of it; when the task is done it is gone.
        Assert.DoesNotContain("现场有烟", string.Concat(await played.Store.ReadAsync(c => c.QueryAsync<string>("SELECT data FROM work_task_draft UNION ALL SELECT detail FROM ledger"))), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await played.Official.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", new { finding = "现场有烟" })).StatusCode);
        Assert.Equal(0, await played.Store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_task_draft")));
        Assert.Equal("409 task-done", await PutAsync(played.Official, task, 3, new { place = "北" }).ToldAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_application_s_draft_is_its_owner_s_alone_and_gone_in_time(string store)
    {
        var clock = new StandingClock();
        await using var platform = await Residents.StartAsync(store, clock);
        var (drafts, accounts) = (platform.Services.GetRequiredService<ApplicationDrafts>(), platform.Services.GetRequiredService<Accounts>());
        var (mine, other) = ((await accounts.FindAsync("citizen-a"))!, (await accounts.FindAsync("citizen-b"))!);
        var first = (await drafts.SaveAsync(mine, Residents.Pack, Residents.Matter, null, new Dictionary<string, string> { ["age"] = "81" }, 0)).Now!;
        Assert.Equal("81", (await drafts.FindAsync(mine, first.Id))!.Typed["age"]);
        Assert.Null(await drafts.FindAsync(other, first.Id));
        Assert.Empty(await drafts.OfAsync(other));
        Assert.False(await drafts.RemoveAsync(other, first.Id));
        await Assert.ThrowsAsync<ConflictException>(() => drafts.SaveAsync(other, Residents.Pack, Residents.Matter, first.Id, new Dictionary<string, string> { ["age"] = "20" }, 1));

        // Two tabs: the second save over the same version changes nothing and is told what stands there.
        Assert.True((await drafts.SaveAsync(mine, Residents.Pack, Residents.Matter, first.Id, new Dictionary<string, string> { ["age"] = "82" }, 1)).IsSaved);
        var late = await drafts.SaveAsync(mine, Residents.Pack, Residents.Matter, first.Id, new Dictionary<string, string> { ["age"] = "83" }, 1);
        Assert.Equal((false, "82", 2), (late.IsSaved, late.Now!.Typed["age"], late.Now.Version));
        var kept = await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryFirstAsync<string>("SELECT data FROM work_draft"));
        Assert.True(KeyRing.IsSealed(kept));

        using var http = await platform.SignInAsync("citizen-a");
        Assert.Equal("82", Assert.Single((await http.GetFromJsonAsync<JsonElement>("/api/v1/me/drafts")).EnumerateArray()).GetProperty("typed").Text("age"));
        clock.Now += ApplicationDrafts.Kept + TimeSpan.FromMinutes(1);
        Assert.Null(await drafts.FindAsync(mine, first.Id));
        // Erased on time, whether or not anybody saves another.
        await platform.RunJobsAsync();
        Assert.Equal(0, await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_draft")));
        await drafts.SaveAsync(other, Residents.Pack, Residents.Matter, null, new Dictionary<string, string>(), 0);
        Assert.Equal(["citizen-b"], await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryAsync<string>("SELECT login FROM work_draft")));
        // With the account go its drafts.
        await accounts.RemoveDemoAsync(Policy.Operator);
        Assert.Equal(0, await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_draft")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_stranger_s_answers_are_found_by_their_token_alone_and_gone_in_a_day(string store)
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        var drafts = platform.Services.GetRequiredService<ApplicationDrafts>();
        var (mine, other) = (ApplicationDrafts.VisitorOf("token"), ApplicationDrafts.VisitorOf("another"));
        var saved = (await drafts.SaveAsync(mine, Residents.Pack, Residents.Matter, null, new Dictionary<string, string> { ["age"] = "81" }, 0)).Now!;
        Assert.Equal("81", Assert.Single(await drafts.OfAsync(mine)).Typed["age"]);
        Assert.Empty(await drafts.OfAsync(other));
        Assert.Null(await drafts.FindAsync(other, saved.Id));
        // The store has neither the token nor an answer, and the ledger nothing by which they go together.
        var kept = string.Concat(await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryAsync<string>("SELECT login || data FROM work_draft UNION ALL SELECT actor || about || detail FROM ledger WHERE action = 'draft.saved'")));
        Assert.DoesNotContain("token", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("81", (await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryFirstAsync<string>("SELECT detail FROM ledger WHERE action = 'draft.saved'"))), StringComparison.Ordinal);
        Assert.Equal("applicant", await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryFirstAsync<string>("SELECT actor FROM ledger WHERE action = 'draft.saved'")));
        clock.Now += ApplicationDrafts.KeptOfVisitors + TimeSpan.FromMinutes(1);
        Assert.Empty(await drafts.OfAsync(mine));
        await platform.RunJobsAsync();
        Assert.Equal(0, await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_draft")));
    }

    [Fact]
    public void Two_that_were_filled_in_apart_are_put_together_as_one_chooses()
    {
        var (mine, theirs) = (new Dictionary<string, string> { ["a"] = "1", ["b"] = "2", ["c"] = "" }, new Dictionary<string, string> { ["a"] = "1", ["b"] = "3", ["d"] = "4" });
        Assert.Equal(["b", "d"], DraftMerge.Differences(mine, theirs));
        Assert.Equal("3", DraftMerge.Choose(mine, theirs, new HashSet<string> { "b" })["b"]);
        Assert.False(DraftMerge.Choose(mine, theirs, new HashSet<string> { "b" }).ContainsKey("d"));
        Assert.Equal("4", DraftMerge.Choose(mine, theirs, new HashSet<string> { "d" })["d"]);
    }
}
