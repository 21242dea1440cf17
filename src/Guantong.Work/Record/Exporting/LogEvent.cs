using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A case as logs tell it: nothing of its form, nobody's name.</summary>
internal sealed record LogCase(string Id, string Number, string Matter, string Region, string Revision, string State, string? Outcome)
{
    internal const string Columns = "c.id AS Id, c.number AS Number, c.matter AS Matter, c.region AS Region, c.revision AS Revision, c.state AS State, c.outcome AS Outcome";
}

/// <summary>A row of what happened.</summary>
internal sealed record LogRow(string CaseId, long Seq, long At, string What, string Node, string? Token, string? Unit, long? Since)
{
    internal const string Columns = "case_id AS CaseId, seq AS Seq, at AS At, what AS What, node AS Node, token AS Token, unit AS Unit, since AS Since";

    /// <summary>When.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(At);
}

/// <summary>An event as logs tell it: an activity's start and end, an event that happened. Gateways, flows and what only holds other things are the process's own affair.</summary>
/// <param name="Element">Its element in BPMN.</param>
/// <param name="Transition">start, complete or ate_abort (XES lifecycle extension, standard model).</param>
/// <param name="Role">The lane within the unit's lane, or null.</param>
internal sealed record LogEvent(LogRow Row, string Name, string Element, string Transition, string? Role)
{
    /// <summary>What the rows of a case say, on the process that it runs.</summary>
    public static IEnumerable<LogEvent> Of(IEnumerable<LogRow> rows, ProcessDefinition definition)
    {
        foreach (var row in rows)
        {
            // A node may have been dropped since, by a version to which the case was taken.
            var node = definition.Find(row.Node);
            if (TransitionOf(row, node) is { } transition)
                yield return new LogEvent(row, node?.Label ?? row.Node, node?.Element ?? "unknown", transition, node?.Role);
        }
    }

    private static string? TransitionOf(LogRow row, ProcessNode? node)
    {
        if (node is null && row.What == "taken" || node is { Kind: NodeKind.SubProcess or >= NodeKind.ExclusiveGateway })
            return null;
        var happens = node is { IsActivity: false };
        return row.What switch
        {
            "entered" when happens => row.Token is null ? "complete" : "start",
            // Of several instances each has its own beginning; that of them all is none of theirs.
            "entered" when row.Token is not null && node?.Loop is null => "start",
            "began" => "start",
            "completed" => "complete",
            "left" when happens => "complete",
            "withdrawn" => "ate_abort",
            _ => null,
        };
    }
}
