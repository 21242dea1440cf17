using Guantong.Packs;

namespace Guantong.Data;

/// <summary>A query over a dataset, put together from choices; it is kept as JSON.</summary>
/// <remarks>A field may be one of the dataset, one that a reference leads to, or what is reckoned over rows that refer here (<see cref="AskableDataset.Way"/>).</remarks>
public sealed record BuiltQuery
{
    /// <summary>The most rows that may be asked for.</summary>
    public const int MostRows = 10_000;

    /// <summary>PACK/DATASET.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>Fields of single rows; not with groups or measures.</summary>
    public IReadOnlyList<string> Show { get; init; } = [];

    /// <summary>What rows are put together by.</summary>
    public IReadOnlyList<BuiltGroup> Group { get; init; } = [];

    /// <summary>What is reckoned over each group, or over all rows.</summary>
    public IReadOnlyList<BuiltMeasure> Measure { get; init; } = [];

    /// <summary>What rows must keep, all of it.</summary>
    public IReadOnlyList<BuiltFilter> Filter { get; init; } = [];

    /// <summary>The order, the first counts most.</summary>
    public IReadOnlyList<BuiltOrder> Order { get; init; } = [];

    /// <summary>How many rows at most.</summary>
    public int Limit { get; init; } = 1000;
}

/// <summary>A field by whose values rows are put together.</summary>
/// <param name="By">Of a time: day, week, month, quarter, year. Of a region: province, city, county. Null for the values as they are.</param>
public sealed record BuiltGroup(string Field, string? By = null);

/// <summary>Something reckoned over rows.</summary>
/// <param name="As">count, sum, avg, min, max or distinct.</param>
/// <param name="Of">The field; null for count.</param>
public sealed record BuiltMeasure(string As, string? Of = null);

/// <summary>A condition on rows.</summary>
/// <param name="Is">=, !=, &lt;, &lt;=, &gt;, &gt;=, between, in, contains, empty, filled, or (of a region) within.</param>
/// <param name="Values">As texts: numbers with a point, dates as 2026-10-20, times as 2026-10-20 08:00, true or false.</param>
public sealed record BuiltFilter(string Field, string Is, IReadOnlyList<string> Values)
{
    /// <summary>What may be said of a field of each type.</summary>
    public static IReadOnlyList<string> For(string type, bool isRegion) => [.. (string[])(type switch
    {
        "string" => ["=", "!=", "in", "contains", "empty", "filled"],
        "boolean" => ["=", "empty", "filled"],
        _ => ["=", "!=", "<", "<=", ">", ">=", "between", "in", "empty", "filled"],
    }), .. isRegion ? (string[])["within"] : []];

    /// <summary>How many values it takes: none, one, two, or any number (null).</summary>
    public static int? Takes(string isA) => isA switch { "empty" or "filled" => 0, "between" => 2, "in" => null, _ => 1 };
}

/// <summary>A part of the order.</summary>
/// <param name="Column">Counted from 0.</param>
public sealed record BuiltOrder(int Column, bool Down = false);

/// <summary>A column of what a query gives: a field, a group, or a measure.</summary>
/// <param name="Name">What SQL calls it.</param>
/// <param name="Field">The field or way that it comes from; null for a count of rows.</param>
/// <param name="By">As in <see cref="BuiltGroup"/>.</param>
/// <param name="As">As in <see cref="BuiltMeasure"/>; null where it is no measure.</param>
public sealed record BuiltColumn(string Name, Field? Field, string? By, string? As)
{
    /// <summary>Where the field is; null for a count of rows.</summary>
    public AskableWay? Way { get; init; }

    /// <summary>Whether its values are codes of regions.</summary>
    public bool IsRegion => By is "province" or "city" or "county" or "street";
}
