namespace Guantong.Packs;

/// <summary>A place in a pack's file; line and column count from 1.</summary>
public sealed record Mark(string File, int Line, int Column)
{
    /// <summary>file:line:column, as compilers print it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>How much a finding weighs: an error stops <c>apply</c>, a warning and a hint do not.</summary>
public enum Severity { Error, Warning, Hint }

/// <summary>One thing that <c>check</c> found: what, where, and (in its message) how to mend it.</summary>
/// <param name="Code">Stable kebab-case id, e.g. <c>unknown-key</c>.</param>
/// <param name="Severity">Error, warning or hint.</param>
/// <param name="Mark">File, line and column.</param>
/// <param name="Args">What fills the message.</param>
/// <param name="Said">For faults of BPMN, DMN and SQL: the message, already made by that room, by language.</param>
public sealed record Finding(string Code, Severity Severity, Mark Mark, IReadOnlyList<string> Args, Func<string, string>? Said = null)
{
    /// <summary>For a fault of soundness of a process: ids of the nodes that lead there, in order.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    internal static readonly Texts Sentences = Texts.Of(typeof(Finding).Assembly);

    /// <summary>Every code that this room's grammar, readers and proofs can give.</summary>
    public static IEnumerable<string> Codes => Sentences.Keys.Where(k => k.StartsWith("finding.", StringComparison.Ordinal)).Select(k => k["finding.".Length..]);

    /// <summary>The sentence for a reader ("zh-CN" or "en").</summary>
    public string Message(string lang) =>
        Said is { } said ? said(lang) : Sentences.Say(lang, "finding." + Code, [.. Args.Select(a => Word(lang, a))]);

    // "@type.list" and the like are words of the sentence, to be said in the reader's language; all else is from the pack.
    private static string Word(string lang, string arg) =>
        arg.StartsWith('@') && Sentences.Has(arg[1..]) ? Sentences.Say(lang, arg[1..]) : arg;

    internal static Finding Error(string code, Mark mark, params string[] args) => new(code, Severity.Error, mark, args);

    internal static Finding Warn(string code, Mark mark, params string[] args) => new(code, Severity.Warning, mark, args);

    internal static Finding Hint(string code, Mark mark, params string[] args) => new(code, Severity.Hint, mark, args);
}
