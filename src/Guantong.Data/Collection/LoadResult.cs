using Guantong.Packs;

namespace Guantong.Data;

/// <summary>How far a load has come.</summary>
/// <param name="Stage">probe, read, check, write or measure.</param>
/// <param name="File">The file at hand, or empty.</param>
/// <param name="Done">Bytes probed, or rows written.</param>
/// <param name="Of">Out of how many; 0 when not known yet.</param>
public sealed record LoadProgress(string Stage, string File, long Done, long Of);

/// <summary>What a load did. Rows in = added + changed + same + rejected.</summary>
/// <param name="Loads">The ids in guantong.load, one a file, in the order given.</param>
public sealed record LoadSummary(IReadOnlyList<long> Loads, long RowsIn, long RowsAdded, long RowsChanged, long RowsSame, long RowsRejected,
    IReadOnlyList<FileOutcome> Files, IReadOnlyList<Reject> Rejects, IReadOnlyList<QualityResult> Quality)
{
    /// <summary>Rows that stood and went: their source no longer has them.</summary>
    public long RowsRemoved { get; init; }
}

/// <summary>What a load did with one file; <paramref name="WasKnown"/> when the very same bytes had been loaded before.</summary>
public sealed record FileOutcome(string File, string Sha256, long RowsIn, long RowsAdded, long RowsChanged, long RowsSame, long RowsRejected, bool WasKnown)
{
    /// <summary>Rows that stood and went.</summary>
    public long RowsRemoved { get; init; }
}

/// <summary>A row that was not let in.</summary>
/// <param name="Line">The line it starts on, from 1.</param>
/// <param name="Field">The first field at fault; empty when the row itself is.</param>
/// <param name="Value">The text that stands there, cut at 200 characters.</param>
/// <param name="Rule">type, required, range, one-of, duplicate, columns or quote.</param>
public sealed record Reject(long Load, string File, long Line, string Field, string Value, string Rule)
{
    /// <summary>The reason and the mend, for a reader ("zh-CN" or "en").</summary>
    public string Message(string lang) => DataTexts.Sentences.Say(lang, "reject." + Rule, File, Line, Field, Value);
}

/// <summary>A file that cannot be loaded; the warehouse is as it was.</summary>
/// <param name="file">The file.</param>
/// <param name="line">The line at fault, from 1; 0 when it is the file as a whole.</param>
/// <param name="code">file-missing, file-empty, file-only-header, file-binary, file-not-utf8, line-too-long, header-missing, header-twice, file-truncated, file-unreadable, dataset-without-feed, or what a format or source has of its own (texts.json, refused.*).</param>
/// <param name="args">What fills the message.</param>
public sealed class LoadRefusedException(string file, long line, string code, params IReadOnlyList<string> args)
    : Exception($"{file}:{line}: {code} {string.Join(", ", args)}")
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The line at fault, from 1; 0 when it is the file as a whole.</summary>
    public long Line { get; } = line;

    /// <summary>Stable kebab-case id.</summary>
    public string Code { get; } = code;

    /// <summary>What fills the message.</summary>
    public IReadOnlyList<string> Args { get; } = args;

    /// <summary>What is wrong and how to mend it, for a reader ("zh-CN" or "en").</summary>
    public string Say(string lang) => DataTexts.Sentences.Say(lang, "refused." + Code, [File, Line, .. Args]);
}

internal static class DataTexts
{
    public static readonly Texts Sentences = Texts.Of(typeof(DataTexts).Assembly);
}
