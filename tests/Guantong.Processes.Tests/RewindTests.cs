using Guantong.Processes;

namespace Guantong.Tests;

/// <summary>Going back and forward: which work ends, which stays, what is undone, and what is refused.</summary>
public sealed class RewindTests
{
    private const string Split = "<startEvent id='s'/><userTask id='first'/><parallelGateway id='f'/><userTask id='a1'/><userTask id='a2'/><userTask id='b1'/><userTask id='b2'/><parallelGateway id='j'/><userTask id='last'/><endEvent id='e'/>";
    private const string Branches = "s > first > f > a1 > a2 > j > last > e\nf > b1 > b2 > j";

    /// <summary>A case in the hands of a test: events by node id.</summary>
    private sealed class Case(ProcessDefinition definition)
    {
        private static readonly Dictionary<string, object?> Nothing = [];

        public Step Step { get; private set; } = ProcessEngine.Start(definition, Nothing, Bpmn.From);

        public string Open => string.Join(' ', Step.State.Tokens.Where(t => definition.Node(t.Node).IsActivity && definition.Node(t.Node).Body is null && t.Undo is null && (definition.Node(t.Node).Loop is null || t.Loop is null)).Select(t => t.Node).Order());

        public string Targets => string.Join(' ', ProcessEngine.Targets(definition, Step.State).Select(t => t.Id).Order());

        public string Withdrawn => string.Join(' ', Step.Effects.OfType<Effect.TaskWithdrawn>().Select(w => w.NodeId).Order());

        public string Token(string node) => Step.State.Tokens.First(t => t.Node == node && (definition.Node(node).Loop is null || t.Loop is null)).Id;

        public Case Do(params IEnumerable<string> nodes)
        {
            foreach (var node in nodes)
                Step = ProcessEngine.Apply(definition, Step.State.Stored(), new ProcessEvent.Complete(Bpmn.From, Token(node), Nothing));
            return this;
        }

        public Case Tick(int hours)
        {
            Step = ProcessEngine.Apply(definition, Step.State.Stored(), new ProcessEvent.Tick(Bpmn.From.AddHours(hours)));
            return this;
        }

        public Case Message(string name)
        {
            Step = ProcessEngine.Apply(definition, Step.State.Stored(), new ProcessEvent.Message(Bpmn.From, name, null, Nothing));
            return this;
        }

        public Case Rewind(string activity, string? within = null, bool compensates = false)
        {
            Step = ProcessEngine.Rewind(definition, Step.State.Stored(), new RewindRequest(activity) { Within = within, Compensates = compensates }, Bpmn.From);
            return this;
        }

        public Case Recall(string activity)
        {
            Step = ProcessEngine.Recall(definition, Step.State.Stored(), new RewindRequest(activity), Bpmn.From);
            return this;
        }

        public Case Redo(string activity)
        {
            Step = ProcessEngine.Redo(definition, Step.State.Stored(), new RewindRequest(activity), Bpmn.From);
            return this;
        }

        public Case Skip(string node, string? to = null, Dictionary<string, object?>? data = null)
        {
            Step = ProcessEngine.Skip(definition, Step.State.Stored(), Token(node), data ?? Nothing, Bpmn.From, to);
            return this;
        }

        public bool Ended => Step.State.Ended && Step.State.Error is null;

        public static RewindRefusal Refused(Action what) => Assert.Throws<RewindException>(what).Fault.Reason;
    }

    private static Case Of(string nodes, string flows) => new(Bpmn.Read(Bpmn.Of(nodes, flows)));

    [Fact]
    public void Going_back_before_a_split_ends_all_its_branches()
    {
        var walk = Of(Split, Branches).Do("first", "a1", "b1").Rewind("first");
        Assert.Equal(("first", "a2 b2"), (walk.Open, walk.Withdrawn));
        Assert.True(walk.Do("first", "a1", "a2", "b1", "b2", "last").Ended);
    }

    [Fact]
    public void Going_back_within_a_branch_leaves_the_others_as_they_are()
    {
        var walk = Of(Split, Branches).Do("first", "a1", "b1", "b2");
        var (kept, join) = (walk.Step.State.Tokens.Single(t => t.Node == "j"), walk.Rewind("a1"));
        Assert.Equal("a1", join.Open);
        Assert.Contains(kept, join.Step.State.Tokens);
        Assert.True(join.Do("a1", "a2", "last").Ended);
    }

    [Fact]
    public void Going_back_into_a_branch_from_behind_the_join_keeps_what_the_other_branch_did()
    {
        var walk = Of(Split, Branches).Do("first", "a1", "b1", "b2", "a2");
        Assert.Equal("last", walk.Open);
        Assert.Equal("b2", walk.Rewind("b2").Open);
        Assert.True(walk.Do("b2", "last").Ended);
    }

    [Fact]
    public void The_activities_to_go_back_to_are_those_that_were_come_to()
    {
        var walk = Of(Split, Branches);
        Assert.Equal("", walk.Targets);
        Assert.Equal("a1 first", walk.Do("first", "a1").Targets);
        Assert.Equal("a1 a2 b1 b2 first", walk.Do("a2", "b1", "b2").Targets);
    }

    [Fact]
    public void What_cannot_be_gone_back_to_is_refused_with_the_reason()
    {
        var walk = Of(Split, Branches).Do("first");
        Assert.Equal(RewindRefusal.NotYetDone, Case.Refused(() => walk.Rewind("last")));
        Assert.Equal(RewindRefusal.AlreadyOpen, Case.Refused(() => walk.Rewind("a1")));
        Assert.Equal(RewindRefusal.NoActivity, Case.Refused(() => walk.Rewind("f")));
        Assert.Equal(RewindRefusal.NoActivity, Case.Refused(() => walk.Rewind("nowhere")));
        walk.Do("a1", "a2", "b1", "b2", "last");
        Assert.Equal(RewindRefusal.Ended, Case.Refused(() => walk.Rewind("last")));
    }

    [Fact]
    public void A_process_that_is_not_sound_is_not_gone_back_in_where_it_could_not_complete()
    {
        var walk = Of("<startEvent id='s'/><userTask id='a'/><exclusiveGateway id='x' default='x-b'/><userTask id='b'/><userTask id='c'/><parallelGateway id='j'/><endEvent id='e'/>", "s > a > x > b > j > e\nx > c ? go\nc > j").Do("a");
        Assert.Equal(RewindRefusal.NotSound, Case.Refused(() => walk.Rewind("a")));
        Assert.Equal("", walk.Targets);
    }

    [Fact]
    public void A_sub_process_that_is_over_is_entered_anew_at_the_activity()
    {
        var walk = Of("<startEvent id='s'/><userTask id='a'/><subProcess id='q'><startEvent id='qs'/><parallelGateway id='f'/><userTask id='x1'/><userTask id='x2'/><userTask id='y'/><parallelGateway id='j'/></subProcess><boundaryEvent id='late' attachedToRef='q'><timerEventDefinition><timeDuration>PT9H</timeDuration></timerEventDefinition></boundaryEvent><userTask id='b'/><endEvent id='e'/>",
            "s > a > q > b > e\nlate > b\nqs > f > x1 > x2 > j\nf > y > j").Do("a", "x1", "x2", "y");
        Assert.Equal("x2", walk.Rewind("x2").Open);
        Assert.Single(walk.Step.State.Tokens.Single(t => t.Node == "q").Waits!);
        Assert.Equal("b", walk.Do("x2").Open);
        Assert.Equal("b", walk.Rewind("x1").Tick(10).Open);
        Assert.True(walk.Do("b").Ended);
    }

    [Fact]
    public void Out_of_instances_all_of_them_end_and_into_them_one_must_be_named()
    {
        var walk = Of("<startEvent id='s'/><userTask id='a'/><subProcess id='q'><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics><startEvent id='qs'/><userTask id='x'/><userTask id='y'/></subProcess><endEvent id='e'/>",
            "s > a > q > e\nqs > x > y").Do("a", "x", "x");
        Assert.Equal("y y", walk.Open);
        Assert.Equal(RewindRefusal.WhichInstance, Case.Refused(() => walk.Rewind("x")));
        Assert.Equal("x y", walk.Rewind("x", walk.Token("y")).Open);
        Assert.Equal("y", walk.Do("x").Do("y").Open);
        Assert.Equal("a", walk.Rewind("a").Open);
        Assert.Equal("x x", walk.Do("a").Open);
        walk.Do("x", "x", "y", "y");
        Assert.True(walk.Ended);
    }

    [Fact]
    public void A_level_that_an_event_interrupted_goes_on_where_it_is_gone_back_to_and_waits_for_the_event_again()
    {
        var walk = Of("<startEvent id='s'/><userTask id='a'/><userTask id='b'/><endEvent id='e'/><subProcess id='ev' triggeredByEvent='true'><startEvent id='es'><messageEventDefinition messageRef='m1'/></startEvent><userTask id='mend'/></subProcess>",
            "s > a > b > e\nes > mend").Do("a").Message("paid");
        Assert.Equal("mend", walk.Open);
        Assert.Equal("b", walk.Rewind("b").Open);
        Assert.Equal("mend", walk.Message("paid").Open);
        Assert.Equal("a", walk.Rewind("a").Open);
        Assert.Equal(RewindRefusal.LevelIsOver, Case.Refused(() => walk.Rewind("mend")));
        Assert.True(walk.Do("a", "b").Ended);
    }

    [Fact]
    public void What_a_boundary_began_beside_an_activity_stays_when_the_activity_is_gone_back_to()
    {
        var walk = Of("<startEvent id='s'/><userTask id='a'/><userTask id='b'/><userTask id='c'/><userTask id='warn'/><userTask id='note'/><endEvent id='e'/><boundaryEvent id='late' attachedToRef='b' cancelActivity='false'><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>",
            "s > a > b > c > e\nlate > warn > note").Do("a").Tick(2).Do("b", "warn");
        Assert.Equal("b note", walk.Rewind("b").Open);
        Assert.Equal("b warn", walk.Rewind("warn").Open);
        Assert.Equal("a", walk.Rewind("a").Open);
        Assert.True(walk.Do("a", "b", "c").Ended);
    }

    [Fact]
    public void What_was_done_since_is_undone_the_last_first_before_the_activity_opens_again()
    {
        var walk = Of("<startEvent id='s'/><userTask id='a'/><userTask id='b'/><userTask id='c'/><userTask id='d'/><endEvent id='e'/><userTask id='ua' isForCompensation='true'/><userTask id='ub' isForCompensation='true'/><userTask id='uc' isForCompensation='true'/>"
            + string.Concat("abc".Select(n => $"<boundaryEvent id='k{n}' attachedToRef='{n}'><compensateEventDefinition/></boundaryEvent><association id='as{n}' sourceRef='k{n}' targetRef='u{n}'/>")),
            "s > a > b > c > d > e").Do("a", "b", "c").Rewind("b", compensates: true);
        Assert.Equal(("uc", "d"), (walk.Open, walk.Withdrawn));
        Assert.Equal(RewindRefusal.Undoing, Case.Refused(() => walk.Rewind("a")));
        Assert.Equal("ub", walk.Do("uc").Open);
        Assert.Equal("b", walk.Do("ub").Open);
        Assert.Equal(["a"], walk.Step.State.Done!.Select(d => d.Node));
        Assert.Equal("c", walk.Do("b").Rewind("b").Do("b").Open);
        Assert.True(walk.Do("c", "d").Ended);
    }

    [Fact]
    public void One_takes_back_what_one_gave_while_nobody_has_acted_on_it()
    {
        var walk = Of(Split, Branches).Do("first");
        Assert.Equal(("first", "a1 b1"), (walk.Recall("first").Open, walk.Withdrawn));
        walk.Do("first", "a1");
        Assert.Equal(RewindRefusal.Acted, Case.Refused(() => walk.Recall("first")));
        Assert.Equal("a1 b1", walk.Recall("a1").Open);
        walk.Do("a1", "a2");
        Assert.Equal(RewindRefusal.Acted, Case.Refused(() => walk.Recall("first")));
        Assert.Equal("a2 b1", walk.Recall("a2").Open);
        walk.Do("a2", "b1", "b2");
        Assert.Equal("b2", walk.Recall("b2").Open);
        Assert.Equal("last", walk.Do("b2").Open);
        Assert.Equal(RewindRefusal.Acted, Case.Refused(() => walk.Recall("first")));
    }

    [Fact]
    public void What_went_into_a_sub_process_is_taken_back_only_while_it_is_untouched()
    {
        var walk = Of("<startEvent id='s'/><userTask id='a'/><subProcess id='q'><startEvent id='qs'/><userTask id='x'/><userTask id='y'/></subProcess><userTask id='b'/><endEvent id='e'/>", "s > a > q > b > e\nqs > x > y").Do("a");
        Assert.Equal("a", walk.Recall("a").Open);
        walk.Do("a", "x");
        Assert.Equal(RewindRefusal.Acted, Case.Refused(() => walk.Recall("a")));
        Assert.Equal("y", walk.Do("y").Recall("y").Open);
        Assert.True(walk.Do("y", "b").Ended);
    }

    [Fact]
    public void One_branch_is_done_again_and_the_others_are_left_alone()
    {
        var walk = Of(Split, Branches).Do("first", "a1", "a2", "b1").Redo("a1");
        Assert.Equal("a1 b2", walk.Open);
        Assert.True(walk.Do("a1", "a2", "b2", "last").Ended);
    }

    [Fact]
    public void An_activity_is_skipped_as_if_it_were_done()
    {
        var walk = Of(Split, Branches).Skip("first", data: new() { ["reason"] = "known" });
        Assert.Equal(("a1 b1", "first", "known"), (walk.Open, walk.Withdrawn, walk.Step.State.Data["reason"]));
        Assert.DoesNotContain(walk.Step.Effects, e => e is Effect.Completed);
        Assert.True(walk.Skip("a1").Skip("a2").Do("b1", "b2").Skip("last").Ended);
    }

    [Fact]
    public void One_goes_forward_to_a_later_activity_of_the_level()
    {
        var walk = Of(Split, Branches);
        Assert.Equal(RewindRefusal.NotSound, Case.Refused(() => walk.Skip("first", "a2")));
        Assert.Equal("a2 b1", walk.Do("first").Skip("a1", "a2").Open);
        Assert.Equal(RewindRefusal.NotSound, Case.Refused(() => walk.Skip("a2", "a1")));
        Assert.Equal(("last", "a2 b1"), (walk.Skip("a2", "last").Open, walk.Withdrawn));
        Assert.True(walk.Do("last").Ended);
    }

    [Fact]
    public void Instances_are_skipped_one_by_one_or_all_at_once()
    {
        const string nodes = "<startEvent id='s'/><userTask id='m'><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask><userTask id='b'/><endEvent id='e'/>";
        var walk = Of(nodes, "s > m > b > e").Skip("m");
        Assert.Equal("m m", walk.Open);
        var definition = Bpmn.Read(Bpmn.Of(nodes, "s > m > b > e"));
        var all = ProcessEngine.Skip(definition, walk.Step.State, walk.Step.State.Tokens.Single(t => t.Loop is not null).Id, new Dictionary<string, object?>(), Bpmn.From);
        Assert.Equal("b", Assert.Single(all.State.Tokens).Node);
        Assert.Equal(2, all.Effects.OfType<Effect.TaskWithdrawn>().Count());
    }

    [Fact]
    public void Every_refusal_is_told_in_both_languages() => Assert.All(Enum.GetValues<RewindRefusal>(), r =>
    {
        Assert.Contains("X", new RewindFault(r, "X").Message("zh-CN") + (r == RewindRefusal.Undoing ? "X" : ""), StringComparison.Ordinal);
        Assert.NotEqual(new RewindFault(r, "X").Message("zh-CN"), new RewindFault(r, "X").Message("en"));
    });
}
