using System.Globalization;
using Guantong.Data;

namespace Guantong.Insight;

/// <summary>A bound on figures, such as &gt;= 35 or &gt; 5亿元.</summary>
/// <param name="Sign">&gt;, &gt;=, &lt; or &lt;=.</param>
/// <param name="Unit">As it was said; empty for the indicator's own.</param>
public sealed record AskedBound(string Sign, double Number, string Unit = "")
{
    /// <summary>The number with its unit, as it was said.</summary>
    public string Said => Number.ToString("0.######", CultureInfo.InvariantCulture) + (Unit.Length > 0 && char.IsAsciiLetter(Unit[0]) ? " " : "") + Unit;

    /// <summary>The bound in an indicator's unit; null where what was said is of another kind.</summary>
    public AskedBound? In(string unit) => Unit.Length == 0 ? this : UnitNumber.Read(Said)?.In(unit) is { } number ? new AskedBound(Sign, (double)number) : null;

    /// <summary>Whether a figure in the indicator's own unit keeps it.</summary>
    public bool Holds(double value) => Sign switch { ">" => value > Number, ">=" => value >= Number, "<" => value < Number, _ => value <= Number };

    /// <inheritdoc/>
    public override string ToString() => Sign + Said;

    /// <summary>Reads what <see cref="ToString"/> writes, or null.</summary>
    public static AskedBound? Parse(string text)
    {
        var sign = text.StartsWith(">=", StringComparison.Ordinal) || text.StartsWith("<=", StringComparison.Ordinal) ? text[..2] : text.Length > 0 && text[0] is '>' or '<' ? text[..1] : "";
        return sign.Length == 0 ? null
            : double.TryParse(text[sign.Length..], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? new AskedBound(sign, number)
            : UnitNumber.Read(text[sign.Length..]) is { } written ? new AskedBound(sign, (double)written.Number, written.Written) : null;
    }
}

/// <summary>What a question asks for, piece by piece; each piece is a control of the page and a parameter of its address.</summary>
public sealed record Wish
{
    /// <summary>What a question may be asked by.</summary>
    public static readonly IReadOnlyList<string> Splits = ["whole", "city", "county", "below", "time"];

    /// <summary>What figures may be held against, besides a time.</summary>
    public static readonly IReadOnlyList<string> Comparisons = ["none", "year", "previous"];

    /// <summary>In which order the answer stands.</summary>
    public static readonly IReadOnlyList<string> Orders = ["none", "highest", "lowest", "best", "worst"];

    /// <summary>The most lines of an answer that may be asked for.</summary>
    public const int MostLines = 200;

    /// <summary>The most indicators, and the most regions, that are answered at once.</summary>
    public const int MostIndicators = 3, MostRegions = 12;

    /// <summary>Keys of indicators, PACK/INDICATOR.</summary>
    public IReadOnlyList<string> Indicators { get; init; } = [];

    /// <summary>What rows are counted, PACK/DATASET.FIELD or PACK/DATASET (<see cref="KnownRows"/>); null where figures of indicators are asked for.</summary>
    public string? Rows { get; init; }

    /// <summary>The field of these rows that the condition and the order are on; empty for none.</summary>
    public string Of { get; init; } = "";

    /// <summary>Codes of regions.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>whole: each region as one; city, county: its parts of that level; below: the parts right below it; time: by period; dimension:ID: by a dimension of the indicator.</summary>
    public string By { get; init; } = "whole";

    /// <summary>The days; null for the latest period that there is.</summary>
    public AskedTime? Time { get; init; }

    /// <summary>day, week, month, quarter, year: the steps in which figures stand; null for what fits the time.</summary>
    public string? Period { get; init; }

    /// <summary>none; year: the same days of the year before; previous: as long a time just before; or a time.</summary>
    public string Compare { get; init; } = "none";

    /// <summary>period; ytd: from the beginning of the year.</summary>
    public string Basis { get; init; } = "period";

    /// <summary>What figures must keep, all of it.</summary>
    public IReadOnlyList<AskedBound> When { get; init; } = [];

    /// <summary>none, highest, lowest, best, worst first.</summary>
    public string Order { get; init; } = "none";

    /// <summary>How many lines at most; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The dimension that it is asked by, or null.</summary>
    public string? Dimension => By.StartsWith(DimensionPrefix, StringComparison.Ordinal) ? By[DimensionPrefix.Length..] : null;

    /// <summary>What stands before a dimension's id in <see cref="By"/>.</summary>
    public const string DimensionPrefix = "dimension:";
}

/// <summary>A piece of a question with the words that it was understood from.</summary>
/// <param name="Piece">indicators, regions, by, time, period, compare, basis, when, order, limit, rows or of.</param>
/// <param name="Words">The asker's words.</param>
public sealed record Said(string Piece, string Words);

/// <summary>Something that may be meant, for the asker to choose.</summary>
/// <param name="Piece">indicators, regions or rows.</param>
/// <param name="Value">The key of the indicator or of the rows, or the region's code.</param>
/// <param name="Likeness">0 to 1; 1 for words that are its own.</param>
public sealed record Offer(string Piece, string Value, string Name, double Likeness);

/// <summary>A question as it was understood.</summary>
/// <param name="Offers">What else may be meant; where <see cref="Wish.Indicators"/> is empty the asker has to choose.</param>
/// <param name="Left">The words that nothing was made of.</param>
public sealed record Understood(string Question, DateOnly Today, string Home, Wish Wish, IReadOnlyList<Said> Said, IReadOnlyList<Offer> Offers, IReadOnlyList<string> Left);
