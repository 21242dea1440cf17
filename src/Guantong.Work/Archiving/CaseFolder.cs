namespace Guantong.Work;

/// <summary>A piece of a case's file (卷内文件), as its index names it.</summary>
/// <param name="No">Its place, from 1.</param>
/// <param name="Kind">application, document, form, attachment, opinion, serving or ledger.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Path">Where it stands in the package.</param>
/// <param name="At">When it was made.</param>
/// <param name="By">The unit that made it; null where none did.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Bytes">Its size.</param>
public sealed record Piece(int No, string Kind, string Name, string Path, string At, string? By, string Sha256, long Bytes);

/// <summary>The index of a case's file (卷内目录), as it is signed when it is archived.</summary>
/// <param name="Format">guantong case file 1.</param>
/// <param name="Retention">P10Y, P30Y or forever.</param>
/// <param name="Until">The first day on which it may be destroyed (yyyy-MM-dd): it counts from the first of January after the year in which the case ended. Null for never.</param>
/// <param name="LedgerSeq">The last entry of the ledger that the file holds.</param>
public sealed record FolderIndex(string Format, string Number, string Title, string Matter, string Unit, string Region, string Opened, string Ended, string? Outcome, string Retention, string? Class, string? Until, string Archived, long LedgerSeq, IReadOnlyList<Piece> Pieces)
{
    /// <summary>What <see cref="Format"/> says.</summary>
    public const string Version = "guantong case file 1";
}

/// <summary>How the file of a case stands.</summary>
/// <param name="State">open: the case goes on; ready: it may be archived; archived; destroyed.</param>
/// <param name="Held">Since when it is held from destruction; null where it is not.</param>
/// <param name="IsDue">Whether it has been kept long enough.</param>
public sealed record CaseFolder(string State, FolderIndex Index, string? Sha256, string? ArchivedBy, string? Held, string? HeldWhy, bool IsDue, string? Destroyed);

/// <summary>A case's file in a list.</summary>
public sealed record FolderLine(string Number, string Title, string Pack, string Matter, string Ended, string State, string Retention, string? Until, string? Archived, string? Held, string? Destroyed);
