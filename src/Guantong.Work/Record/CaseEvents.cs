using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Something that happened in a case.</summary>
/// <param name="What">
/// opened (the case began), entered (a node), began (one instance of a loop), placed (a token was put to a node), taken (a flow), completed (an activity), left (a wait, join or sub-process is over),
/// closed (all instances of a loop are over), withdrawn (it ended because something else ended it), ended (the case).
/// </param>
/// <param name="Node">Id of the node; of a flow where it is taken; the process's file where the case began.</param>
/// <param name="Token">What comes and goes together: equal for the beginning and the end of one stay at a node.</param>
/// <param name="Unit">Id of the unit that has the task.</param>
/// <param name="EndsStay">Whether the token's stay at the node ends by it.</param>
internal readonly record struct CaseEvent(string What, string Node, string? Token = null, string? Unit = null, bool EndsStay = false);

/// <summary>What happened in a step, as it is kept.</summary>
internal static class CaseEvents
{
    /// <summary>SQL: the kinds that end a stay.</summary>
    public const string Ends = "('completed', 'left', 'closed', 'withdrawn')";

    /// <summary>What happened in a step, in order.</summary>
    /// <param name="definition">The process.</param>
    /// <param name="before">How it stood.</param>
    /// <param name="step">The step.</param>
    /// <param name="unitOf">The unit that has a user's task.</param>
    /// <param name="opens">The process's file, of the step that begins a case.</param>
    public static IReadOnlyList<CaseEvent> Of(ProcessDefinition definition, ProcessState before, Step step, Func<ProcessNode, string> unitOf, string? opens)
    {
        var events = new List<CaseEvent>(step.Effects.Count + 1);
        var come = new Dictionary<string, string>();
        var gone = new HashSet<string>();
        var begun = new HashSet<string>();
        // A step that takes a case to another version of its process ends stays at nodes that are no more.
        string? Unit(string id) => definition.Find(id) is { Kind: NodeKind.UserTask or NodeKind.ManualTask, Lane: not null } node ? unitOf(node) : null;
        void Come(string what, string id, string? token)
        {
            if (token is not null)
                come[token] = id;
            events.Add(new CaseEvent(what, id, token, Unit(id)));
        }
        void End(string what, string id, string? token)
        {
            if (token is not null)
                gone.Add(token);
            events.Add(new CaseEvent(what, id, token, Unit(id), token is not null));
        }
        if (opens is not null)
            events.Add(new CaseEvent("opened", opens));
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case Effect.Entered e:
                    Come("entered", e.NodeId, e.TokenId);
                    break;
                case Effect.Began e:
                    begun.Add(e.TokenId);
                    Come("began", e.NodeId, e.TokenId);
                    break;
                case Effect.FlowTaken e:
                    events.Add(new CaseEvent("taken", e.FlowId));
                    break;
                case Effect.Completed e:
                    // A sub-process is over when what it holds is.
                    End(definition.Find(e.NodeId)?.Kind == NodeKind.SubProcess ? "left" : "completed", e.NodeId, e.TokenId);
                    break;
                case Effect.TaskWithdrawn e:
                    End("withdrawn", e.NodeId, e.TokenId);
                    break;
                case Effect.CalledOff e:
                    End(definition.Find(e.NodeId)?.Loop is not null && !IsInstance(e.TokenId) ? "closed" : "withdrawn", e.NodeId, e.TokenId);
                    break;
                case Effect.ProcessEnded e:
                    AddStays();
                    events.Add(new CaseEvent("ended", e.NodeId));
                    return events;
            }
        }
        AddStays();
        return events;

        bool IsInstance(string token) => begun.Contains(token)
            || (before.Tokens.FirstOrDefault(t => t.Id == token) is { Parent: { } parent } t && before.Tokens.Any(p => p.Id == parent && p.Node == t.Node));

        // Tokens come and go of which no effect tells: at joins, at events, around instances.
        void AddStays()
        {
            var standing = step.State.Tokens.Select(t => t.Id).ToHashSet();
            var stood = before.Tokens.Select(t => (t.Id, t.Node)).ToHashSet();
            foreach (var (token, node) in before.Tokens.Select(t => (t.Id, t.Node)).Concat(come.Select(c => (c.Key, c.Value))))
            {
                if (!standing.Contains(token) && !gone.Contains(token))
                    End(definition.Find(node)?.Loop is null ? "left" : "closed", node, token);
            }
            foreach (var token in step.State.Tokens.Where(t => !come.ContainsKey(t.Id) && !stood.Contains((t.Id, t.Node))))
                Come("placed", token.Node, token.Id);
        }
    }

    /// <summary>Has them written behind what the case has, with the rest of the step.</summary>
    public static void Write(Change change, string caseId, IReadOnlyList<CaseEvent> events)
    {
        foreach (var e in events)
        {
            change.Later("""
                INSERT INTO work_event (case_id, seq, at, what, node, token, unit, since)
                VALUES (@caseId, (SELECT coalesce(max(seq), 0) + 1 FROM work_event WHERE case_id = @caseId), @at, @What, @Node, @Token, @Unit,
                  CASE WHEN @ends = 1 THEN (SELECT min(b.at) FROM work_event b WHERE b.case_id = @caseId AND b.token = @Token) END)
                """, new { caseId, at = change.At.ToUnixTimeMilliseconds(), e.What, e.Node, e.Token, e.Unit, ends = e.EndsStay ? 1 : 0 });
        }
    }
}
