using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Running cases are taken to another version of their process, and back.</summary>
public sealed class MigrationTests
{
    private const string Pack = "environment.air-quality";

    /// <summary>Tasks one after the other, each given as <c>id=name</c>, with attributes behind the name where it has some.</summary>
    internal static string Line(params string[] tasks)
    {
        var ids = tasks.Select(t => t.Split('=')[0]).ToList();
        string[] way = ["start", .. ids, "end"];
        return $"""<startEvent id="start"/><endEvent id="end" name="已答复"/>"""
            + string.Concat(tasks.Select(t => t.Split('=', 2)).Select(t => $"""<userTask id="{t[0]}" name="{t[1].Split(' ')[0]}" {string.Join(' ', t[1].Split(' ').Skip(1))}/>"""))
            + Flows([.. way.Zip(way.Skip(1), (a, b) => $"{a} {b}")]);
    }

    private static string Flows(params string[] pairs) => string.Concat(pairs.Select(p => p.Split(' ')).Select(p => $"""<sequenceFlow id="{p[0]}_{p[1]}" sourceRef="{p[0]}" targetRef="{p[1]}"/>"""));

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Cases_of_three_versions_run_at_once_each_by_its_own(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Line("inspect=核查"));
        var first = await played.OpenAsync();
        await played.ChangeAsync(Line("inspect=核查", "mend=整改"));
        var second = await played.OpenAsync();
        await played.ChangeAsync(Line("inspect=核查", "review=复核", "mend=整改"));
        var third = await played.OpenAsync();
        foreach (var id in (string[])[first, second, third])
            Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, "inspect"));
        Assert.Equal(("inspect:done", "inspect:done mend:open", "inspect:done review:open"), (await played.TasksAsync(first), await played.TasksAsync(second), await played.TasksAsync(third)));
        foreach (var (id, node) in ((string, string)[])[(second, "mend"), (third, "review"), (third, "mend")])
            Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, node));
        foreach (var (id, inForce) in ((string, bool)[])[(first, false), (second, false), (third, true)])
        {
            Assert.Equal(("ended", "已答复"), await played.StandAsync(id));
            Assert.Equal(inForce, (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}/version")).GetProperty("inForce").GetBoolean());
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_open_task_stays_open_under_its_new_name_form_and_limit(string store)
    {
        await using var move = await Move.StartAsync(store, Line("inspect=核查", "mend=整改"), Line("receive=受理", "verify=核查 guantong:form=\"forms/air-inspect.json\" guantong:due=\"P2D\"", "mend=整改"));
        var id = move.Cases[0];
        var task = await TaskAsync(move.Played, id);
        Assert.Equal(HttpStatusCode.NoContent, (await move.Played.Official.PostAsJsonAsync($"/api/v1/tasks/{task.GetProperty("id").GetString()}/take", new { })).StatusCode);
        Assert.Equal((1, 0), await move.PlanAsync());
        await move.RunAsync();
        var after = await TaskAsync(move.Played, id);
        Assert.Equal((task.GetProperty("id").GetString(), "verify", "forms/air-inspect.json", "worker-huzhou"), (after.GetProperty("id").GetString(), Text(after, "node"), Text(after, "form"), Text(after, "assignee")));
        // Two days after Monday 2 November, when business stops.
        Assert.Equal(("2026-11-02T01:00:00.000Z", "2026-11-04T10:00:00.000Z"), (Text(task, "opened"), Text(after, "due")));
        // The new form is asked for; the task that was put in before is not.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await move.Played.FinishAsync(id, "verify"));
        Assert.Equal(HttpStatusCode.NoContent, await move.Played.FinishAsync(id, "verify", new { confirmed = true, finding = "有焚烧痕迹" }));
        Assert.Equal("mend:open verify:done", await move.Played.TasksAsync(id));
        var ledger = await move.Played.LedgerAsync(id);
        Assert.Contains("case.migrated", ledger);
        Assert.DoesNotContain("task.withdrawn", ledger);
        Assert.Null((await move.Played.Platform.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_that_stands_where_the_new_version_has_nothing_stays_and_the_place_is_named(string store)
    {
        await using var move = await Move.StartAsync(store, Line("inspect=核查", "review=复核", "mend=整改"), Line("inspect=核查", "mend=整改"), cases: 2);
        var (stays, goes) = (move.Cases[0], move.Cases[1]);
        await move.Played.FinishAsync(stays, "inspect");
        Assert.Equal((1, 1), await move.PlanAsync());
        Assert.Equal("停在“复核”，新版本里没有对应的节点。请给它选一个对应节点，或等办完这一步再迁移。", Text(move.Plan.GetProperty("cannot")[0], "said"));
        await move.RunAsync();
        Assert.Equal((1, 1), await move.CountsAsync());
        Assert.Equal((move.From, move.To), (await move.RevisionAsync(stays), await move.RevisionAsync(goes)));
        // It goes on where it is, or goes over by a mapping that tells what it becomes.
        Assert.Equal((1, 0), await move.PlanAsync(new() { ["review"] = "mend" }));
        await move.RunAsync(new() { ["review"] = "mend" });
        Assert.Equal("inspect:done mend:open", await move.Played.TasksAsync(stays));
        foreach (var (id, node) in ((string, string)[])[(stays, "mend"), (goes, "inspect"), (goes, "mend")])
            Assert.Equal(HttpStatusCode.NoContent, await move.Played.FinishAsync(id, node));
        Assert.Equal("ended", (await move.Played.StandAsync(stays)).State);
        Assert.Equal("ended", (await move.Played.StandAsync(goes)).State);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Timers_keep_their_time_unless_the_new_version_tells_another_and_messages_are_waited_for_under_their_new_name(string store)
    {
        static string Waiting(string late, string message, string length, string extra) => $"""
            <startEvent id="start"/><userTask id="inspect" name="核查"/><endEvent id="end" name="已答复"/><endEvent id="reminded" name="已催办"/>
            <boundaryEvent id="{late}" attachedToRef="inspect" cancelActivity="false"><timerEventDefinition><timeDuration>{length}</timeDuration></timerEventDefinition></boundaryEvent>
            <userTask id="remind" name="催办"/><intermediateCatchEvent id="paid"><messageEventDefinition messageRef="{message}"/></intermediateCatchEvent>{extra}
            {Flows("start inspect", "inspect paid", "paid end", $"{late} remind", "remind reminded")}
            """;
        const string messages = """<message id="m1" name="已缴费"/><message id="m2" name="缴费完成"/>""";
        var played = await PlayedProcess.StartAsync(store, Waiting("late", "m1", "PT3H", ""), messages);
        await using var move = new Move(played) { From = Move.Revision(played) };
        var (slow, paying) = (await played.OpenAsync(), await played.OpenAsync());
        await played.FinishAsync(paying, "inspect");
        await played.PassAsync(TimeSpan.FromHours(1));

        // The deadline has another id and the same length: it keeps its time. The message is another.
        move.To = await played.ChangeAsync(Waiting("deadline", "m2", "PT3H", ""), messages);
        await move.RunAsync();
        await played.PassAsync(TimeSpan.FromMinutes(119));
        Assert.Equal("inspect:open", await played.TasksAsync(slow));
        await played.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("inspect:open remind:open", await played.TasksAsync(slow));
        await played.SendAsync(new { name = "已缴费" });
        await played.RunAsync();
        Assert.Equal("open", (await played.StandAsync(paying)).State);
        await played.SendAsync(new { name = "缴费完成" });
        await played.RunAsync();
        Assert.Equal("ended", (await played.StandAsync(paying)).State);

        // One that has gone off does not go off again; one that is new begins to wait.
        (move.From, move.To) = (move.To, await played.ChangeAsync(Waiting("deadline", "m2", "PT4H", """
            <boundaryEvent id="last" attachedToRef="inspect"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="over" name="超时"/><sequenceFlow id="o" sourceRef="last" targetRef="over"/>
            """), messages));
        await move.RunAsync();
        await played.PassAsync(TimeSpan.FromMinutes(59));
        Assert.Equal("inspect:open remind:open", await played.TasksAsync(slow));
        await played.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("inspect:withdrawn remind:open", await played.TasksAsync(slow));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Branches_go_over_together_and_a_branch_more_is_refused_where_its_join_would_wait_forever(string store)
    {
        static string Split(string more, params string[] flows) => $"""
            <startEvent id="start"/><parallelGateway id="split"/><userTask id="one" name="现场"/><userTask id="two" name="监测"/>{more}<parallelGateway id="join" name="合并"/><endEvent id="end" name="已答复"/>
            {Flows(["start split", "split one", "split two", "two join", "join end", .. flows])}
            """;
        await using var move = await Move.StartAsync(store, Split("", "one join"), Split("<userTask id=\"check\" name=\"复核\"/>", "one check", "check join"), cases: 2);
        var (half, both) = (move.Cases[0], move.Cases[1]);
        // Its branch waits at the join already, where a task was put in before it since.
        await move.Played.FinishAsync(half, "one");
        Assert.Equal((2, 0), await move.PlanAsync());
        await move.RunAsync();
        await move.Played.FinishAsync(half, "two");
        Assert.Equal("ended", (await move.Played.StandAsync(half)).State);
        await move.Played.FinishAsync(both, "one");
        await move.Played.FinishAsync(both, "two");
        Assert.Equal("check:open one:done two:done", await move.Played.TasksAsync(both));

        (move.From, move.To) = (move.To, await move.Played.ChangeAsync(Split("<userTask id=\"check\" name=\"复核\"/><userTask id=\"third\" name=\"评估\"/>", "one check", "check join", "split third", "third join")));
        Assert.Equal((0, 1), await move.PlanAsync());
        Assert.StartsWith("迁移后“合并”可能永远等下去", Text(move.Plan.GetProperty("cannot")[0], "said"), StringComparison.Ordinal);
        await move.RunAsync();
        await move.Played.FinishAsync(both, "check");
        Assert.Equal("ended", (await move.Played.StandAsync(both)).State);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_finished_meanwhile_counts_and_what_moved_to_where_there_is_nothing_stays(string store)
    {
        await using var move = await Move.StartAsync(store, Line("inspect=核查", "review=复核"), Line("inspect=核查", "mend=整改"), cases: 8);
        await move.BeginAsync();
        // Officials finish while two nodes migrate.
        await Task.WhenAll([move.DrainAsync(), move.DrainAsync(), .. move.Cases.Select(id => move.Played.FinishAsync(id, "inspect"))]);
        // Whoever found all cases held by officials at that moment had nothing to do.
        await move.DrainAsync();
        var (migrated, refused) = await move.CountsAsync();
        Assert.Equal(8, migrated + refused);
        foreach (var id in move.Cases)
        {
            var next = await move.RevisionAsync(id) == move.To ? "mend" : "review";
            Assert.Equal(next == "mend" ? "inspect:done mend:open" : "inspect:done review:open", await move.Played.TasksAsync(id));
            Assert.Equal(HttpStatusCode.NoContent, await move.Played.FinishAsync(id, next));
            Assert.Equal("ended", (await move.Played.StandAsync(id)).State);
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_migration_goes_on_after_a_stop_in_its_middle_and_each_case_migrates_once(string store)
    {
        await using var move = await Move.StartAsync(store, Line("inspect=核查"), Line("inspect=核查", "mend=整改"), cases: 5);
        await move.BeginAsync();
        var cancel = TestContext.Current.CancellationToken;
        Assert.True(await move.Runner().RunNextAsync(cancel));
        Assert.True(await move.Runner().RunNextAsync(cancel));
        var half = await move.StatusAsync();
        Assert.Equal((3, 2, JsonValueKind.Null), (half.GetProperty("waiting").GetInt32(), half.GetProperty("migrated").GetInt32(), half.GetProperty("finished").ValueKind));
        // Meanwhile no second one begins.
        Assert.Equal(HttpStatusCode.Conflict, (await move.PostAsync()).StatusCode);
        await move.DrainAsync();
        Assert.Equal((5, 0), await move.CountsAsync());
        Assert.Equal(JsonValueKind.String, (await move.StatusAsync()).GetProperty("finished").ValueKind);
        foreach (var id in move.Cases)
            Assert.Single(await move.Played.LedgerAsync(id), a => a == "case.migrated");
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_migration_is_taken_back_exactly_where_a_case_has_not_moved_and_by_the_mapping_where_it_has(string store)
    {
        await using var move = await Move.StartAsync(store, Line("inspect=核查 guantong:due=\"P1D\"", "mend=整改"), Line("verify=核查 guantong:due=\"P2D\"", "extra=补充", "mend=整改"), cases: 3);
        var (still, moved, gone) = (move.Cases[0], move.Cases[1], move.Cases[2]);
        var before = await FileAsync(move.Played, still);
        await move.RunAsync();
        Assert.NotEqual(before, await FileAsync(move.Played, still));
        await move.Played.FinishAsync(moved, "verify");
        await move.Played.FinishAsync(moved, "extra");
        await move.Played.FinishAsync(gone, "verify");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await move.ReverseAsync("")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await move.ReverseAsync("新版本有误")).StatusCode);
        await move.DrainAsync();
        Assert.Equal(before, await FileAsync(move.Played, still));
        Assert.Equal((move.From, move.From, move.To), (await move.RevisionAsync(still), await move.RevisionAsync(moved), await move.RevisionAsync(gone)));
        Assert.Equal("停在“补充”，新版本里没有对应的节点。请给它选一个对应节点，或等办完这一步再迁移。", await move.WhyAsync(gone));
        foreach (var (id, node) in ((string, string)[])[(still, "inspect"), (still, "mend"), (moved, "mend"), (gone, "extra"), (gone, "mend")])
            Assert.Equal(HttpStatusCode.NoContent, await move.Played.FinishAsync(id, node));
        foreach (var id in move.Cases)
            Assert.Equal("ended", (await move.Played.StandAsync(id)).State);
        Assert.Contains("case.migrated-back", await move.Played.LedgerAsync(still));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_stuck_case_is_mended_by_migrating_it_to_a_version_that_can_go_on(string store)
    {
        var played = await PlayedProcess.StartAsync(store, IncidentTests.Choice);
        await using var move = new Move(played) { From = Move.Revision(played) };
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "inspect", new { confirmed = true, finding = "有焚烧痕迹" });
        Assert.Equal("stuck", (await played.StandAsync(id)).State);
        move.To = await played.ChangeAsync(IncidentTests.Choice.Replace(" and place != null", "", StringComparison.Ordinal));
        await move.RunAsync();
        var incident = Assert.Single(await played.IncidentsAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await played.Operator.PostAsJsonAsync($"/api/v1/incidents/{Text(incident, "id")}/retry", new { reason = "流程已改" })).StatusCode);
        await played.RunAsync();
        Assert.Equal(("open", "inspect:done mend:open"), ((await played.StandAsync(id)).State, await played.TasksAsync(id)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Data_that_do_not_fit_a_changed_form_keep_their_case_where_it_is(string store)
    {
        var played = await PlayedProcess.StartAsync(store, Line("inspect=核查"));
        await using var move = new Move(played) { From = Move.Revision(played) };
        var (fits, misfits) = (await played.OpenAsync(new { kind = "露天焚烧" }), await played.OpenAsync(new { kind = "其他" }));
        move.To = await played.ChangeAsync(Line("inspect=核查", "mend=整改"), "", ("forms/air-report.json", """{"type": "object", "title": "反映", "required": ["kind", "since"], "properties": {"kind": {"type": "string", "title": "什么问题", "enum": ["露天焚烧"]}, "since": {"type": "string", "title": "何时起"}}}"""));
        Assert.Equal((1, 1), await move.PlanAsync());
        Assert.Equal("办件数据“kind”不合新版本的表单。请补正数据后再迁移。", Text(move.Plan.GetProperty("cannot")[0], "said"));
        await move.RunAsync();
        Assert.Equal((move.To, move.From), (await move.RevisionAsync(fits), await move.RevisionAsync(misfits)));
    }

    [Fact]
    public async Task Officials_only_look_operators_migrate_and_what_is_wrong_is_told_before_anything_changes()
    {
        await using var move = await Move.StartAsync("sqlite", Line("inspect=核查"), Line("inspect=核查", "mend=整改"));
        var plan = new { pack = Pack, matter = "air-report", from = move.From, to = move.To };
        Assert.Equal(HttpStatusCode.Forbidden, (await move.Played.Official.PostAsJsonAsync("/api/v1/migrations/plan", plan)).StatusCode);
        using var designer = await move.Played.Platform.SignInAsync("designer");
        Assert.Equal(HttpStatusCode.OK, (await designer.PostAsJsonAsync("/api/v1/migrations/plan", plan)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await designer.PostAsJsonAsync("/api/v1/migrations", plan)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await designer.PostAsJsonAsync("/api/v1/migrations/plan", plan with { to = "none" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await designer.PostAsJsonAsync("/api/v1/migrations/plan", plan with { matter = "none" })).StatusCode);
        await move.PlanAsync(new() { ["inspect"] = "start", ["none"] = "mend", ["start"] = "nowhere" });
        Assert.Equal(["KindDiffers", "NoSuchNode", "NoSuchTarget"], move.Plan.GetProperty("faults").EnumerateArray().Select(f => Text(f, "reason")).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await move.PostAsync(new() { ["inspect"] = "start" })).StatusCode);
        Assert.Equal(move.From, await move.RevisionAsync(move.Cases[0]));
        Assert.Equal(HttpStatusCode.NotFound, (await designer.GetAsync("/api/v1/migrations/none")).StatusCode);
        var versions = await designer.GetFromJsonAsync<JsonElement>($"/api/v1/migrations/versions?pack={Pack}&matter=air-report");
        Assert.Equal(1, versions.EnumerateArray().First(v => Text(v, "revision") == move.From).GetProperty("running").GetInt32());
        Assert.True(versions.EnumerateArray().First(v => Text(v, "revision") == move.To).GetProperty("inForce").GetBoolean());
    }

    private static async Task<JsonElement> TaskAsync(PlayedProcess played, string id) => (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().Single(t => Text(t, "state") == "open");

    // All of a case but the counters that say how often its rows were written.
    private static async Task<string> FileAsync(PlayedProcess played, string id)
    {
        var file = System.Text.Json.Nodes.JsonNode.Parse(await played.Official.GetStringAsync($"/api/v1/cases/{id}"))!;
        file["case"]!.AsObject().Remove("version");
        foreach (var task in file["tasks"]!.AsArray())
            task!.AsObject().Remove("version");
        return file.ToJsonString();
    }

    internal static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    /// <summary>A migration from one version of a played process to another.</summary>
    internal sealed class Move(PlayedProcess played) : IAsyncDisposable
    {
        private string _id = "";

        public PlayedProcess Played => played;

        public required string From { get; set; }

        public string To { get; set; } = "";

        public IReadOnlyList<string> Cases { get; private set; } = [];

        public JsonElement Plan { get; private set; }

        public static async Task<Move> StartAsync(string store, string from, string to, int cases = 1)
        {
            var played = await PlayedProcess.StartAsync(store, from);
            var move = new Move(played) { From = Revision(played) };
            var opened = new List<string>();
            for (var i = 0; i < cases; i++)
                opened.Add(await played.OpenAsync());
            move.Cases = opened;
            move.To = await played.ChangeAsync(to);
            return move;
        }

        public static string Revision(PlayedProcess played) => played.Platform.Services.GetRequiredService<PackRegistry>().Applied[Pack].Revision;

        public async Task<(int Can, int Cannot)> PlanAsync(Dictionary<string, string?>? mapping = null)
        {
            var answer = await played.Operator.PostAsJsonAsync("/api/v1/migrations/plan", new { pack = Pack, matter = "air-report", from = From, to = To, mapping });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Plan = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return (Plan.GetProperty("can").GetInt32(), Plan.GetProperty("cannot").EnumerateArray().Sum(c => c.GetProperty("count").GetInt32()));
        }

        public Task<HttpResponseMessage> PostAsync(Dictionary<string, string?>? mapping = null) =>
            played.Operator.PostAsJsonAsync("/api/v1/migrations", new { pack = Pack, matter = "air-report", from = From, to = To, mapping, reason = "流程改进" });

        public async Task BeginAsync(Dictionary<string, string?>? mapping = null)
        {
            var answer = await PostAsync(mapping);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            _id = Text(await answer.Content.ReadFromJsonAsync<JsonElement>(), "id")!;
        }

        public async Task RunAsync(Dictionary<string, string?>? mapping = null)
        {
            await BeginAsync(mapping);
            await DrainAsync();
        }

        public async Task<HttpResponseMessage> ReverseAsync(string reason)
        {
            var answer = await played.Operator.PostAsJsonAsync($"/api/v1/migrations/{_id}/reverse", new { reason });
            if (answer.StatusCode == HttpStatusCode.Accepted)
                _id = Text(await answer.Content.ReadFromJsonAsync<JsonElement>(), "id")!;
            return answer;
        }

        public MigrationRunner Runner() => ActivatorUtilities.CreateInstance<MigrationRunner>(played.Platform.Services);

        public Task DrainAsync() => Task.Run(async () =>
        {
            using var runner = Runner();
            while (await runner.RunNextAsync(TestContext.Current.CancellationToken))
            {
            }
        });

        public Task<JsonElement> StatusAsync() => played.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/migrations/{_id}");

        public async Task<(int Migrated, int Refused)> CountsAsync()
        {
            var status = await StatusAsync();
            return (status.GetProperty("migrated").GetInt32(), status.GetProperty("refused").GetInt32());
        }

        public async Task<string?> RevisionAsync(string id) => Text((await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("case"), "revision");

        public async Task<string?> WhyAsync(string id) =>
            Text((await played.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/migrations/{_id}/cases")).GetProperty("items").EnumerateArray().Single(c => Text(c, "caseId") == id), "said");

        public ValueTask DisposeAsync() => played.DisposeAsync();
    }
}
