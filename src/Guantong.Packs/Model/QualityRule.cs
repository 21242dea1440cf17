using System.Collections.Immutable;

namespace Guantong.Packs;

/// <summary>A rule by which a dataset's quality is measured.</summary>
/// <param name="Rule">One of <see cref="Kinds"/>.</param>
/// <param name="Of">The fields it judges: each by itself, or all together (unique).</param>
/// <param name="Given">Every key that was written, with its place.</param>
public sealed record QualityRule(string Rule, IReadOnlyList<Ref> Of, bool IsError, Mark Mark, IReadOnlyList<Ref> Given)
{
    /// <summary>Each kind of rule with the keys that it needs and those that it may have, besides name, about, grade and weight.</summary>
    public static readonly ImmutableSortedDictionary<string, (string[] Needs, string[] May)> Kinds = new Dictionary<string, (string[], string[])>
    {
        ["complete"] = (["of", "at-least"], []),
        ["fresh"] = (["within"], ["at"]),
        ["holds"] = (["that"], ["at-least"]),
        ["unique"] = (["of"], ["at-least"]),
        ["valid"] = (["of"], ["form", "pattern", "at-least"]),
        ["range"] = (["of", "between"], ["at-least"]),
        ["codes"] = (["of", "one-of"], ["at-least"]),
        ["reference"] = (["of", "to"], ["at-least"]),
        ["agrees"] = (["value", "with", "as"], ["tolerance"]),
        ["volume"] = (["by", "tolerance"], ["at"]),
        ["drift"] = (["of", "by"], ["at", "base", "at-most"]),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>What people call it, or null.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for, or null.</summary>
    public string? About { get; init; }

    /// <summary>How much it counts in the score: what is written, else 3 for an error and 1 for a warning.</summary>
    public decimal Weight { get; init; }

    /// <summary>The least share of rows that keep it, in percent; 100 unless written.</summary>
    public decimal? AtLeast { get; init; }

    /// <summary>fresh: how old the newest row may be (ISO 8601).</summary>
    public string? Within { get; init; }

    /// <summary>holds: a condition in portable SQL.</summary>
    public Ref? That { get; init; }

    /// <summary>valid: one of <see cref="ValueForm.All"/>.</summary>
    public Ref? Form { get; init; }

    /// <summary>valid: a regular expression over the whole value.</summary>
    public Ref? Pattern { get; init; }

    /// <summary>range: the least value.</summary>
    public decimal? Least { get; init; }

    /// <summary>range: the greatest value.</summary>
    public decimal? Most { get; init; }

    /// <summary>codes: the values that may stand.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    /// <summary>reference: the field that must hold the value.</summary>
    public FarField? To { get; init; }

    /// <summary>agrees: an aggregate over this dataset, in portable SQL.</summary>
    public Ref? Value { get; init; }

    /// <summary>agrees: the other dataset.</summary>
    public FarField? With { get; init; }

    /// <summary>agrees: an aggregate over the other dataset.</summary>
    public Ref? As { get; init; }

    /// <summary>agrees, volume: how far they may lie apart, in percent.</summary>
    public decimal Tolerance { get; init; }

    /// <summary>volume, drift: day, month or year.</summary>
    public string? By { get; init; }

    /// <summary>fresh, volume, drift: the field that places a row in time; the first date or timestamp unless written.</summary>
    public Ref? At { get; init; }

    /// <summary>drift: first and last day of what is compared with; every earlier period unless written.</summary>
    public (DateOnly From, DateOnly To)? Base { get; init; }

    /// <summary>drift: the greatest population stability index; 0.25 unless written.</summary>
    public decimal? AtMost { get; init; }

    /// <summary>Where a key was written, or the rule itself.</summary>
    public Mark MarkOf(string key) => Given.FirstOrDefault(g => g.Name == key)?.Mark ?? Mark;

    /// <summary>What it measures in a dataset: each of its fields, or one thing. Rule and subject name a measure.</summary>
    public IReadOnlyList<string> SubjectsIn(Dataset dataset) => Rule switch
    {
        "unique" => [string.Join(", ", Of)],
        "holds" => [That!.Name],
        "agrees" => [$"{Value} ~ {With} {As}"],
        "fresh" => [TimeOf(dataset)?.Id ?? ""],
        "volume" => [$"{TimeOf(dataset)?.Id} / {By}"],
        _ => [.. Of.Select(f => f.Name)],
    };

    /// <summary>The time field that it goes by in a dataset, or null where there is none.</summary>
    public Field? TimeOf(Dataset dataset) => At is { } at ? dataset.Field(at.Name) : dataset.Fields.FirstOrDefault(f => f.Type is "date" or "timestamp");
}

/// <summary>A field of a dataset (<c>dataset.field</c>), or a dataset alone, of this pack or of another (<c>pack/dataset.field</c>).</summary>
public sealed record FarField(string? Pack, string Dataset, string? Field, Mark Mark)
{
    /// <summary>Reads it; a pack's id may hold dots, so it ends at the slash.</summary>
    public static FarField Of(Ref text)
    {
        var slash = text.Name.IndexOf('/', StringComparison.Ordinal);
        var parts = text.Name[(slash + 1)..].Split('.');
        return new FarField(slash < 0 ? null : text.Name[..slash], parts[0], parts.ElementAtOrDefault(1), text.Mark);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Pack is null ? "" : Pack + "/")}{Dataset}{(Field is null ? "" : "." + Field)}";
}
