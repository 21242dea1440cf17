namespace Guantong.Work;

/// <summary>How long something took, over many times.</summary>
/// <param name="Count">How many times it is known of.</param>
/// <param name="Median">The shortest span that at least half of them did not exceed.</param>
/// <param name="P90">The shortest that nine in ten did not exceed.</param>
public sealed record Spans(long Count, TimeSpan Median, TimeSpan P90)
{
    /// <summary>Of fewer, spans say something of single cases and nothing of the process.</summary>
    public const int Enough = 5;

    /// <summary>Whether there are enough to be told.</summary>
    public bool IsTelling => Count >= Enough;

    /// <summary>Of spans in milliseconds; null of none.</summary>
    internal static Spans? Of(List<long> took)
    {
        if (took.Count == 0)
            return null;
        took.Sort();
        return new Spans(took.Count, TimeSpan.FromMilliseconds(took[(took.Count - 1) / 2]), TimeSpan.FromMilliseconds(took[((9 * took.Count) + 9) / 10 - 1]));
    }
}

/// <summary>What a process's cases did at a node.</summary>
/// <param name="Passes">How often it was entered.</param>
/// <param name="Cases">How many cases entered it.</param>
/// <param name="Standing">How many cases stand at it now.</param>
/// <param name="Since">Since when the one that has stood there longest does; null where none stands.</param>
/// <param name="Withdrawn">How often it was ended by something else.</param>
/// <param name="Took">How long a stay took that came to its own end; null where none did.</param>
public sealed record NodeFigures(string Node, long Passes, long Cases, long Standing, DateTimeOffset? Since, long Withdrawn, Spans? Took);

/// <summary>How often a flow was taken.</summary>
public sealed record FlowFigures(string Flow, long Passes);

/// <summary>How long it took from one activity's completion to that of the next of the case.</summary>
public sealed record StepFigures(string From, string To, Spans Took);

/// <summary>What happened in a process's cases.</summary>
/// <param name="Cases">Cases that were kept from their beginning.</param>
/// <param name="Ended">Those of them that have ended.</param>
/// <param name="Unrecorded">Cases of the same scope whose beginning was not kept: they are in no figure.</param>
/// <param name="Took">How long the cases took that have ended.</param>
public sealed record ProcessFigures(long Cases, long Ended, long Unrecorded, Spans? Took, IReadOnlyList<NodeFigures> Nodes, IReadOnlyList<FlowFigures> Flows);

/// <summary>A way that ended cases went: the activities in the order of their completion, repetitions folded.</summary>
/// <param name="Key">The way as text: ids, + behind what was repeated.</param>
/// <param name="Cases">How many cases went it.</param>
/// <param name="Share">Their share of all ended cases, 0 to 1.</param>
/// <param name="Took">How long they took.</param>
/// <param name="Example">Number of the latest of them.</param>
public sealed record CaseWay(string Key, IReadOnlyList<Fold> Steps, long Cases, double Share, Spans Took, string Example);

/// <summary>A version of a pack under which cases of the process run.</summary>
public sealed record RecordedVersion(string Revision, string Version, string Applied, long Cases);
