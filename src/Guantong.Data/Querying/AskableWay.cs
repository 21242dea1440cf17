using System.Text.RegularExpressions;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>A value that each row of a dataset has: a field, or one that a reference leads to or from.</summary>
/// <param name="Path">What a query calls it: <c>pm25</c>, <c>station.name</c>, <c>air-daily.station:avg(pm25)</c>.</param>
/// <param name="Field">The field itself; of what is reckoned, its type and unit.</param>
public sealed record AskableWay(string Path, Field Field)
{
    /// <summary>The field that refers to where it is; of what is reckoned, the one that refers here.</summary>
    public Field? Through { get; init; }

    /// <summary>The dataset where it is; null for the dataset's own field.</summary>
    public AskableDataset? Table { get; init; }

    /// <summary>The field that is referred to.</summary>
    public string? Key { get; init; }

    /// <summary>How it is reckoned over the rows that refer here (<see cref="BuiltMeasure"/>); null where it is a field.</summary>
    public string? As { get; init; }

    /// <summary>The field that it is reckoned over; null for a count of rows.</summary>
    public Field? Of { get; init; }
}

/// <summary>A dataset whose rows refer to those of another.</summary>
/// <param name="By">The field that refers.</param>
/// <param name="Key">The field that is referred to.</param>
public sealed partial record ReferringDataset(AskableDataset Table, Field By, string Key)
{
    /// <summary>How queries call what is reckoned over it, but for what that is.</summary>
    public string Prefix => $"{Table.Dataset.Id}.{By.Id}:";

    /// <summary>What is reckoned over the rows that refer to one row; null where the path is not of this dataset, or cannot be reckoned.</summary>
    public AskableWay? Way(string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || Reckoned().Match(path[Prefix.Length..]) is not { Success: true } m)
            return null;
        var (measure, of) = (m.Groups["as"].Value, m.Groups["of"].Success ? Table.Field(m.Groups["of"].Value) : null);
        if (m.Groups["of"].Success != (of is not null) || (measure == "count") != (of is null) || (of is not null && !Measures(of).Contains(measure)))
            return null;
        var type = measure switch { "count" or "distinct" => "integer", "avg" or "sum" => "number", _ => of!.Type };
        var field = new Field(path, type, "", measure is "count" or "distinct" ? null : of!.Unit, null, null, [], false, null, null, By.Mark);
        return new AskableWay(path, field) { Through = By, Table = Table, Key = Key, As = measure, Of = of };
    }

    /// <summary>What may be reckoned over a field. The least and greatest of rows about persons are single rows' own.</summary>
    public IReadOnlyList<string> Measures(Field of) =>
        [.. of.Type is "integer" or "number" ? (string[])["sum", "avg"] : [], .. of.Type != "boolean" && !Table.IsOfPersons ? (string[])["min", "max"] : [], "distinct"];

    [GeneratedRegex(@"^(?<as>[a-z]+)(?:\((?<of>[A-Za-z0-9_]+)\))?$")]
    private static partial Regex Reckoned();
}
