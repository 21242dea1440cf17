using Guantong.Processes;

namespace Guantong.Tests;

/// <summary>A running process goes over to another version of itself.</summary>
public sealed class MigrationTests
{
    private const string Late = "<boundaryEvent id='late' attachedToRef='a' cancelActivity='false'><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition></boundaryEvent>";
    private static readonly Dictionary<string, object?> Nothing = [];

    private static ProcessDefinition Read(string elements, string flows) => Bpmn.Read(Bpmn.Of("<startEvent id='s'/><endEvent id='e'/>" + elements, flows));

    /// <summary>A process that was begun, with tasks done one after the other.</summary>
    private static ProcessState Begun(ProcessDefinition definition, params string[] done)
    {
        var state = ProcessEngine.Start(definition, Nothing, Bpmn.From).State;
        foreach (var node in done)
            state = Done(definition, state, node).State;
        return state;
    }

    private static Step Done(ProcessDefinition definition, ProcessState state, string node) =>
        ProcessEngine.Apply(definition, state.Stored(), new ProcessEvent.Complete(Bpmn.From, state.Tokens.Last(t => t.Node == node).Id, Nothing));

    private static ProcessState Moved(Migration migration, ProcessState state, double hours = 0)
    {
        var (step, fault) = migration.Apply(state.Stored(), Bpmn.From.AddHours(hours));
        Assert.True(step is not null, fault?.Message("en"));
        return step.State;
    }

    private static string Stands(ProcessState state) => string.Join(' ', state.Tokens.Select(t => t.Node));

    private static string Waits(ProcessState state) => string.Join(' ', state.Subscriptions.Select(s => s.Wait.Due is { } due ? $"{s.Wait.Node}+{(due - Bpmn.From).TotalHours}" : s.Wait.Node));

    private static MigrationRefusal? Refused(ProcessDefinition from, ProcessDefinition to, ProcessState state, Dictionary<string, string?>? mapping = null) => Migration.Plan(from, to, mapping).Apply(state, Bpmn.From).Fault?.Reason;

    [Fact]
    public void Nodes_are_matched_by_id_else_by_kind_and_name_on_the_level_of_their_counterpart()
    {
        var from = Read("<userTask id='a' name='Check'/><userTask id='b' name='Pay'/><subProcess id='sub'><startEvent id='i'/><userTask id='c' name='Visit'/><sequenceFlow id='f' sourceRef='i' targetRef='c'/></subProcess>", "s > a > b > sub > e");
        var to = Read("<userTask id='a' name='Check all'/><serviceTask id='b' name='Pay'/><userTask id='x' name='Pay'/><subProcess id='sub'><startEvent id='i'/><userTask id='y' name='Visit'/><sequenceFlow id='f' sourceRef='i' targetRef='y'/></subProcess>", "s > a > x > b > sub > e");
        var migration = Migration.Plan(from, to);
        Assert.Equal("a:same:a b:moved:x sub:same:sub c:moved:y", string.Join(' ', migration.Nodes.Where(n => n.CanStand).Select(n => $"{n.From.Id}:{n.Fate}:{n.To?.Id}")));
        Assert.Equal(["name"], migration.Nodes.First(n => n.From.Id == "a").Changes);
        Assert.Equal(["b"], migration.Added.Where(n => n.IsActivity).Select(n => n.Id));
        Assert.Equal("b", migration.Backwards()["x"]);
        Assert.Null(migration.Backwards()["b"]);
    }

    [Theory]
    [InlineData("a", "b", MigrationRefusal.KindDiffers, "“a” cannot become “b”")]
    [InlineData("a", "m", MigrationRefusal.LoopDiffers, "“a” cannot become “m”")]
    [InlineData("a", "c", MigrationRefusal.LevelDiffers, "“a” cannot become “c”")]
    [InlineData("a", "none", MigrationRefusal.NoSuchTarget, "no “none”")]
    [InlineData("none", "a", MigrationRefusal.NoSuchNode, "no “none”")]
    [InlineData("call", "other", MigrationRefusal.CallDiffers, "“call” cannot become “other”")]
    public void A_mapping_that_does_not_fit_is_refused_by_the_names_of_its_nodes(string node, string becomes, MigrationRefusal reason, string said)
    {
        const string inside = "<subProcess id='sub'><startEvent id='i'/><userTask id='c'/><sequenceFlow id='f' sourceRef='i' targetRef='c'/></subProcess>";
        var from = Read($"<userTask id='a'/><callActivity id='call' calledElement='p1'/>{inside}", "s > a > call > sub > e");
        var to = Read($"<userTask id='a'/><serviceTask id='b'/><userTask id='m'><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask><callActivity id='other' calledElement='p2'/>{inside}", "s > a > b > m > other > sub > e");
        var migration = Migration.Plan(from, to, new Dictionary<string, string?> { [node] = becomes });
        var fault = Assert.Single(migration.Faults);
        Assert.Equal(reason, fault.Reason);
        Assert.Contains(said, fault.Message("en"), StringComparison.Ordinal);
        Assert.Contains("请", fault.Message("zh-CN"), StringComparison.Ordinal);
        Assert.Equal(fault, migration.Apply(Begun(from), Bpmn.From).Fault);
    }

    [Fact]
    public void An_open_task_keeps_its_token_and_what_is_known_and_takes_what_waits_at_it_now()
    {
        var from = Read($"<userTask id='a'/>{Late}<userTask id='r'/>", "s > a > e\nlate > r");
        var to = Read("<userTask id='a2'/><boundaryEvent id='stop' attachedToRef='a2'><messageEventDefinition messageRef='m2'/></boundaryEvent><userTask id='n'/>", "s > a2 > n > e\nstop > e");
        var state = Begun(from);
        var moved = Moved(Migration.Plan(from, to, new Dictionary<string, string?> { ["a"] = "a2" }), state);
        Assert.Equal((state.Tokens[0].Id, "a2"), (moved.Tokens[0].Id, moved.Tokens[0].Node));
        Assert.Equal("stop", Waits(moved));
        Assert.Equal("n", Stands(Done(to, moved, "a2").State));
        Assert.Contains("a2", moved.Visited);
        Assert.DoesNotContain("a", moved.Visited);
    }

    [Fact]
    public void A_timer_keeps_its_time_begins_anew_where_it_is_another_and_does_not_go_off_twice()
    {
        var from = Read($"<userTask id='a'/>{Late}<userTask id='r'/>", "s > a > e\nlate > r");
        var same = Read($"<userTask id='a'/>{Late.Replace("'late'", "'d'", StringComparison.Ordinal)}<userTask id='r'/>", "s > a > e\nd > r");
        var other = Read($"<userTask id='a'/>{Late.Replace("PT2H", "PT5H", StringComparison.Ordinal)}<userTask id='r'/>", "s > a > e\nlate > r");
        Assert.Equal("d+2", Waits(Moved(Migration.Plan(from, same), Begun(from), hours: 1)));
        var migration = Migration.Plan(from, other);
        Assert.Equal("late+6", Waits(Moved(migration, Begun(from), hours: 1)));
        Assert.Equal(["timer"], migration.Nodes.First(n => n.From.Id == "late").Changes);
        var fired = ProcessEngine.Apply(from, Begun(from), new ProcessEvent.Tick(Bpmn.From.AddHours(2))).State;
        Assert.Equal(("a r", ""), (Stands(Moved(migration, fired, hours: 3)), Waits(Moved(migration, fired, hours: 3))));
    }

    [Fact]
    public void A_branch_that_waits_at_a_join_stays_done_whatever_was_put_in_or_taken_out_at_its_end()
    {
        const string gates = "<parallelGateway id='split'/><parallelGateway id='join'/><userTask id='a'/><userTask id='b'/>";
        var plain = Read(gates, "s > split > a > join > e\nsplit > b > join");
        var longer = Read(gates + "<userTask id='c'/>", "s > split > a > c > join > e\nsplit > b > join");
        foreach (var (from, to, done) in ((ProcessDefinition, ProcessDefinition, string[])[])[(plain, longer, ["a"]), (longer, plain, ["a", "c"])])
        {
            var moved = Moved(Migration.Plan(from, to), Begun(from, done));
            Assert.True(Done(to, moved, "b").State.Ended);
        }
        var wider = Read(gates + "<userTask id='c'/>", "s > split > a > join > e\nsplit > b > join\nsplit > c > join");
        Assert.Equal(MigrationRefusal.NotSound, Refused(plain, wider, Begun(plain, "a")));
        Assert.Equal(MigrationRefusal.StandsAtGone, Refused(wider, plain, Begun(wider, "a")));
        // Nothing is left to wait for once both that remain are done.
        Assert.Equal(MigrationRefusal.Twice, Refused(plain, Read("<userTask id='a'/>", "s > a > e"), Begun(plain), new() { ["b"] = "a" }));
    }

    [Fact]
    public void What_joins_no_more_goes_on_and_an_inclusive_join_is_looked_at_again()
    {
        var from = Read("<inclusiveGateway id='split'/><inclusiveGateway id='join'/><userTask id='a'/><userTask id='b'/><userTask id='n'/>", "s > split\nsplit > a ? true\nsplit > b ? true\na > join > n > e\nb > join");
        var to = Read("<inclusiveGateway id='split'/><inclusiveGateway id='join'/><userTask id='a'/><userTask id='b'/><userTask id='n'/><endEvent id='over'/>", "s > split\nsplit > a ? true\nsplit > b ? true\na > join > n > e\nb > over");
        Assert.Equal("b n", Stands(Moved(Migration.Plan(from, to), Begun(from, "a"))));
    }

    [Fact]
    public void Instances_and_loops_go_on_as_they_count()
    {
        static ProcessDefinition Of(string id, string more, string flows) => Read($"<userTask id='{id}'><multiInstanceLoopCharacteristics isSequential='true'><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>{more}", flows);
        var (from, to) = (Of("a", "", "s > a > e"), Of("b", "<userTask id='n'/>", "s > b > n > e"));
        var state = Moved(Migration.Plan(from, to, new Dictionary<string, string?> { ["a"] = "b" }), Begun(from, "a"));
        state = Done(to, Done(to, state, "b").State, "b").State;
        Assert.Equal("n", Stands(state));
        Assert.Equal(MigrationRefusal.StandsAtGone, Refused(from, Read("<userTask id='a'/>", "s > a > e"), Begun(from)));
    }

    [Fact]
    public void What_was_done_can_be_undone_by_the_new_version_or_the_case_stays()
    {
        static ProcessDefinition Of(string undoes) => Read($"<userTask id='a'/><boundaryEvent id='u' attachedToRef='a'><compensateEventDefinition/></boundaryEvent><userTask id='{undoes}' isForCompensation='true'/><association id='as' sourceRef='u' targetRef='{undoes}'/><userTask id='b'/><intermediateThrowEvent id='back'><compensateEventDefinition/></intermediateThrowEvent>", "s > a > b > back > e");
        var (from, to) = (Of("x"), Of("y"));
        var moved = Moved(Migration.Plan(from, to), Begun(from, "a"));
        Assert.Equal("back y", Stands(Done(to, moved, "b").State));
        Assert.Equal(MigrationRefusal.UndoLost, Refused(from, Read("<userTask id='a'/><userTask id='b'/>", "s > a > b > e"), Begun(from, "a")));
        Assert.Equal(MigrationRefusal.Undoing, Refused(from, to, Begun(from, "a", "b")));
    }

    [Fact]
    public void Event_sub_processes_begin_to_wait_unless_their_level_was_interrupted_already()
    {
        static string On(string id, string message, string task) => $"<subProcess id='{id}' triggeredByEvent='true'><startEvent id='{id}s'><messageEventDefinition messageRef='{message}'/></startEvent><userTask id='{task}'/><sequenceFlow id='{id}f' sourceRef='{id}s' targetRef='{task}'/></subProcess>";
        var from = Read("<userTask id='a'/>" + On("one", "m1", "t1"), "s > a > e");
        var to = Read("<userTask id='a'/>" + On("one", "m1", "t1") + On("two", "m2", "t2"), "s > a > e");
        Assert.Equal("ones twos", Waits(Moved(Migration.Plan(from, to), Begun(from))));
        var interrupted = ProcessEngine.Apply(from, Begun(from), new ProcessEvent.Message(Bpmn.From, "paid", null, Nothing)).State;
        var moved = Moved(Migration.Plan(from, to), interrupted);
        Assert.Equal(("one t1", ""), (Stands(moved), Waits(moved)));
        Assert.True(Done(to, moved, "t1").State.Ended);
    }

    [Fact]
    public void A_choice_of_events_waits_for_the_ways_that_it_has_now()
    {
        static ProcessDefinition Of(string more, string flows) => Read("<eventBasedGateway id='g'/><intermediateCatchEvent id='paid'><messageEventDefinition messageRef='m1'/></intermediateCatchEvent><intermediateCatchEvent id='time'><timerEventDefinition><timeDuration>PT3H</timeDuration></timerEventDefinition></intermediateCatchEvent>" + more, flows);
        var from = Of("", "s > g > paid > e\ng > time > e");
        var to = Of("<intermediateCatchEvent id='stopped'><messageEventDefinition messageRef='m2'/></intermediateCatchEvent>", "s > g > paid > e\ng > time > e\ng > stopped > e");
        var moved = Moved(Migration.Plan(from, to), Begun(from), hours: 1);
        Assert.Equal("paid time+3 stopped", Waits(moved));
        Assert.Equal("paid time+3", Waits(Moved(Migration.Plan(to, from), moved, hours: 2)));
    }

    [Fact]
    public void A_case_that_has_ended_has_nothing_to_migrate() =>
        Assert.Equal(MigrationRefusal.Ended, Refused(Read("<userTask id='a'/>", "s > a > e"), Read("<userTask id='a'/>", "s > a > e"), Begun(Read("<userTask id='a'/>", "s > a > e"), "a")));
}
