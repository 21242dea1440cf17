using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A move that was made, as the ledger keeps it.</summary>
/// <param name="At">When (ISO 8601, UTC).</param>
/// <param name="By">Login of who made it.</param>
/// <param name="Name">The activity that it went to; null of a skip to what follows.</param>
/// <param name="Left">Of a skip: the activity that was left.</param>
/// <param name="Ended">What was open and ended, by name.</param>
/// <param name="Undone">What was undone, by name.</param>
public sealed record CaseMove(string At, string By, MoveKind Kind, string? To, string? Name, string? Left, IReadOnlyList<string> Ended, IReadOnlyList<string> Undone, string Reason)
{
    /// <summary>What the ledger calls it.</summary>
    public static string Action(MoveKind kind) => kind switch
    {
        MoveKind.Rewind => "case.rewound",
        MoveKind.Recall => "case.recalled",
        MoveKind.Redo => "case.redone",
        _ => "case.skipped",
    };

    /// <summary>The moves among the ledger's entries of a case, in their order.</summary>
    public static IReadOnlyList<CaseMove> Of(IEnumerable<LedgerEntry> entries) =>
    [
        .. from entry in entries
           from kind in Enum.GetValues<MoveKind>()
           where entry.Action == Action(kind)
           let told = JsonNode.Parse(entry.Detail)!
           select new CaseMove(entry.At, entry.Actor, kind, (string?)told["to"], (string?)told["name"], (string?)told["left"], Names(told["ended"]), Names(told["undone"]), (string?)told["reason"] ?? ""),
    ];

    // Names of what was given are kept, what it was is not: the ledger cannot be erased.
    internal static string Write(Move move, MoveOffer told, IEnumerable<string> given, string reason) => JsonSerializer.Serialize(new
    {
        to = move.To,
        name = move.To is null ? null : told.Name,
        left = told.Leaves?.Name,
        within = told.Instance,
        ended = told.Preview.Ends,
        undone = move.Compensates ? told.Undoes : [],
        given,
        reason,
    }, Json.Plain);

    private static List<string> Names(JsonNode? parts) => [.. (parts as JsonArray ?? []).Select(p => (string)p!["name"]!)];
}
