using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Going back and forward in cases: what an official may do, what it would do, and doing it in one transaction.</summary>
public sealed class Moves(Store store, Cases cases, Steps steps, PackRegistry packs, Jurisdiction land, Ledger ledger, TimeProvider clock, WorkSignal signal)
{
    private static readonly Dictionary<string, object?> Nothing = [];

    /// <summary>What a person may do with a case now, each with what it would do; nothing is changed.</summary>
    /// <param name="lang">The reader's language: zh-CN or en.</param>
    public async Task<CaseMoves> SeeAsync(CaseFile file, Person by, string lang, CancellationToken cancel = default)
    {
        var view = new View(file.Case, await packs.AtAsync(file.Case.Pack, file.Case.Revision, cancel), land, lang);
        var rules = new MoveRules(view.Definition, Steps.StateOf(file.Case), file.Tasks, by, Oversees(by, file.Case), clock.GetUtcNow());
        return new CaseMoves(file.Case.Id, file.Case.Version, rules.State.Ended || file.Case is { Suspended: not null } or { State: "terminated" or "merged" } ? [] : [.. Back(rules, view), .. rules.Oversees ? Forward(rules, view) : []]);
    }

    /// <summary>Moves a case.</summary>
    /// <param name="caseId">Its id.</param>
    /// <param name="move">Where to.</param>
    /// <param name="data">Of a skip: what is known instead, as the form of the task asks for it; what it requires may be left out.</param>
    /// <param name="given">Why, in 1 to 500 characters.</param>
    /// <param name="version">The case's version as the official saw it.</param>
    /// <returns>The faults of what was given; none when the case has moved.</returns>
    /// <exception cref="RewindException">The process cannot go there.</exception>
    /// <exception cref="ConflictException">It is not this person's to move it so, the case has moved meanwhile, or there is no reason.</exception>
    /// <exception cref="StuckException">The process leads nowhere from there.</exception>
    public async Task<IReadOnlyList<FormFault>> MoveAsync(string caseId, Move move, JsonObject? data, string? given, long version, Person by, CancellationToken cancel = default)
    {
        var reason = Reason.Of(given);
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), change => MoveAsync(change, caseId, move, data ?? [], reason, version, by, cancel), cancel);
        }
        catch (FormRefused refused)
        {
            return refused.Faults;
        }
        signal.Raise();
        return [];
    }

    private async Task MoveAsync(Change change, string caseId, Move move, JsonObject data, string reason, long version, Person by, CancellationToken cancel)
    {
        var row = await steps.HoldAsync(change, caseId);
        if (row.Version != version)
            throw new ConflictException("case-changed");
        if (await change.FindAsync<string>("SELECT login FROM work_recusal WHERE case_id = @caseId AND login = @Login", new { caseId, by.Login }) is not null)
            throw new ConflictException("task-recused");
        if (row.Suspended is not null)
            throw new ConflictException("case-suspended");
        if (row.State is "terminated" or "merged")
            throw new ConflictException("case-over");
        if (row.State != "ended" && Steps.StateOf(row).Ended)
            throw new ConflictException("case-unstarted");
        var tasks = (await change.QueryAsync<WorkTask>($"SELECT {WorkTask.Columns} FROM work_task WHERE case_id = @caseId", new { caseId })).ToList();
        var view = new View(row, await packs.AtAsync(row.Pack, row.Revision, cancel), land, Lang.Zh);
        await steps.MoveAsync(change, row, async state =>
        {
            var rules = new MoveRules(view.Definition, state, tasks, by, Oversees(by, row), change.At);
            var clean = await HoldAgainstFormAsync(view, state, move, data);
            var step = rules.Take(move, Json.Values(clean));
            var told = view.Offer(rules, move, step);
            change.Record(row, by, CaseMove.Action(move.Kind), CaseMove.Write(move, told, clean.Select(d => d.Key), reason));
            return step;
        });
        await ReleaseMessagesAsync(change, row);
    }

    /// <summary>What was given at a task before the case was sent back over it: a task that is open again starts from there. JSON object, or null.</summary>
    public async Task<string?> EarlierAsync(WorkTask task, CancellationToken cancel = default)
    {
        if (await cases.FindAsync(task.CaseId, RowRights.All, cancel) is not { } file || file.Tasks.All(t => t.Node != task.Node || t.State != "done"))
            return null;
        var pack = await packs.AtAsync(file.Case.Pack, file.Case.Revision, cancel);
        // Of instances nobody can say which of the earlier ones this one repeats.
        if (MoveRules.IsOneOfSeveral(pack.ProcessOf(file.Case.Matter, file.Case.Called).Definition.Find(task.Node)))
            return null;
        var back = CaseMove.Of(await ledger.AboutAsync(CaseLedger.About(file.Case.Number), cancel)).LastOrDefault(m => m.Kind != MoveKind.Skip && string.CompareOrdinal(m.At, task.Opened) <= 0);
        return file.Tasks.Where(t => t.Node == task.Node && t.State == "done" && back is not null && string.CompareOrdinal(t.Ended, back.At) <= 0)
            .OrderBy(t => t.Ended, StringComparer.Ordinal).LastOrDefault()?.Data;
    }

    /// <summary>A refusal in a reader's words.</summary>
    public async Task<string> SayAsync(Case row, RewindFault fault, string lang, CancellationToken cancel = default) =>
        (fault with { Activity = (await packs.AtAsync(row.Pack, row.Revision, cancel)).Say(lang, fault.Activity) }).Message(lang);

    // A leader answers for their region and those within it.
    private bool Oversees(Person by, Case row) => by.May("case.oversee", new Thing(Region: row.Region), land);

    // Each look is a search: what the person could not do anyway is not looked at.
    private static IEnumerable<MoveOffer> Back(MoveRules rules, View view)
    {
        foreach (var node in rules.Definition.Nodes.Where(n => n.IsActivity && rules.Kinds(n).Any()))
        {
            var within = new string?[] { null };
            var (step, refusal) = Look(rules, new Move(MoveKind.Rewind, node.Id));
            if (refusal == RewindRefusal.WhichInstance)
                within = [.. rules.Instances(node).Select(i => i.Id)];
            else if (step is null)
                continue;
            foreach (var (instance, kind) in within.SelectMany(_ => rules.Kinds(node), (w, k) => (w, k)))
            {
                var move = new Move(kind, node.Id, instance);
                // Where nothing else goes on, doing a branch again is sending back.
                if (Possible(rules, move) is { } possible && view.Offer(rules, move, possible) is var offer && (kind != MoveKind.Redo || offer.Preview.Stays.Count > 0))
                    yield return offer;
            }
        }
    }

    private static IEnumerable<MoveOffer> Forward(MoveRules rules, View view)
    {
        foreach (var token in rules.State.Tokens.Where(t => t.Undo is null && rules.Definition.Node(t.Node).IsActivity))
        {
            var later = MoveRules.After(rules.Definition.Node(token.Node)).Where(n => n.IsActivity).OrderBy(n => n.Index).Select(n => n.Id);
            foreach (var to in later.Prepend(null))
            {
                var move = new Move(MoveKind.Skip, to, null, token.Id);
                if (Possible(rules, move) is { } step)
                    yield return view.Offer(rules, move, step);
            }
        }
    }

    private static (Step? Step, RewindRefusal? Refusal) Look(MoveRules rules, Move move)
    {
        try
        {
            return (rules.Try(move, Nothing), null);
        }
        catch (RewindException e)
        {
            return (null, e.Fault.Reason);
        }
    }

    private static Step? Possible(MoveRules rules, Move move) => Look(rules, move).Step is { } step && rules.May(move, step) ? step : null;

    private static async Task<JsonObject> HoldAgainstFormAsync(View view, ProcessState state, Move move, JsonObject data)
    {
        if (data.Count == 0)
            return data;
        var form = view.FormOf(state, move) is { } name ? view.Pack.Forms[name] : "{}";
        var asked = FormField.Of(form, Lang.Zh).Select(f => f.Name).ToHashSet();
        var (clean, faults) = await FormCheck.CheckAsync(form, data);
        // Left without being done: what the form requires need not be known.
        var refused = faults.Where(f => f.Code != "required").Concat(data.Where(d => !asked.Contains(d.Key)).Select(d => new FormFault(d.Key, "not-asked"))).ToList();
        return refused.Count == 0 ? clean : throw new FormRefused(refused);
    }

    // A message at which the case got stuck and for which it waits no longer is free again for whoever waits for it; a signal was for that moment.
    private static async Task ReleaseMessagesAsync(Change change, Case row)
    {
        if (row.State != "stuck")
            return;
        await change.ExecuteAsync($"""
            UPDATE work_message AS m SET state = CASE WHEN m.kind = 'signal' THEN 'dismissed' ELSE 'ready' END, attempts = 0, due = @Stamp, error = NULL
            WHERE m.state = 'failed' AND m.id IN (SELECT i.item FROM work_incident i WHERE i.case_id = @Id AND i.kind = 'message' AND i.resolved IS NULL)
              AND NOT EXISTS (SELECT 1 FROM work_wait s WHERE s.case_id = @Id AND {Messages.Fits})
            """, new { change.Stamp, row.Id });
        await Incidents.SettleAsync(change, row.Id);
    }

    /// <summary>A case's process as a reader is told of it.</summary>
    private sealed class View(Case row, Pack pack, Jurisdiction land, string lang)
    {
        public Pack Pack => pack;

        public ProcessDefinition Definition { get; } = pack.ProcessOf(row.Matter, row.Called).Definition;

        private Previews Previews => field ??= new Previews(row, Definition, name => pack.Say(lang, name), UnitOf, stuck => WorkTexts.Say(lang, "incident.why." + stuck.Why, stuck.Detail));

        public string? FormOf(ProcessState state, Move move) =>
            state.Tokens.FirstOrDefault(t => t.Id == move.Token) is { } left ? Definition.Node(left.Node).Attributes.GetValueOrDefault("form") : null;

        public MoveOffer Offer(MoveRules rules, Move move, Step step)
        {
            var left = rules.State.Tokens.FirstOrDefault(t => t.Id == move.Token) is { } token ? Previews.Part(Definition.Node(token.Node)) : null;
            var instance = rules.State.Tokens.FirstOrDefault(t => t.Id == move.Within)?.Data?.GetValueOrDefault("loopCounter") is decimal counter ? (int)counter : (int?)null;
            var undoes = move.Kind != MoveKind.Skip && rules.KeepsDone && Possible(rules, move with { Compensates = true }) is { } undoing ? Previews.Undone(rules.State, undoing.State) : [];
            return new MoveOffer(move, move.To is { } to ? pack.Say(lang, Definition.Node(to).Label) : left!.Name, instance, left, Previews.Of(rules.State, step), undoes, FormOf(rules.State, move));
        }

        private string? UnitOf(ProcessNode node) => node.Kind == NodeKind.UserTask && Definition.Lanes.FirstOrDefault(l => l.Id == node.Lane) is { } lane
            ? land.Units.ForRegion(lane.Name, row.Region)?.Id ?? lane.Name : null;
    }
}
