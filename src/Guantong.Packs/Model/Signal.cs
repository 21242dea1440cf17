namespace Guantong.Packs;

/// <summary>Something in an indicator's figures that warns by itself, beside fixed levels: a method and when it fires.</summary>
/// <param name="By">change, forecast, control, ears or cusum.</param>
/// <param name="Levels">Level → what the method's number must be, mildest first; empty of a method that only fires or does not.</param>
/// <param name="Level">The level where it only fires or does not.</param>
public sealed record Signal(string Id, string Name, string By, IReadOnlyList<(string Level, Comparison When)> Levels, string? Level, Mark Mark)
{
    /// <summary>The methods, each with the keys that it takes beside signal, name and by.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Methods = new Dictionary<string, IReadOnlyList<string>>
    {
        ["change"] = ["to", "as", "levels"],
        ["forecast"] = ["season", "smoothing", "levels"],
        ["control"] = ["chart", "rules", "nelson", "base", "level"],
        ["ears"] = ["form", "least", "gaps", "levels"],
        ["cusum"] = ["k", "h", "base", "level"],
    };

    /// <summary>Whether its method gives a number that levels are held against.</summary>
    public bool IsGraded => By is "change" or "forecast" or "ears";

    /// <summary>change: previous or last-year.</summary>
    public string To { get; init; } = "previous";

    /// <summary>change: percent or absolute.</summary>
    public string As { get; init; } = "percent";

    /// <summary>forecast: periods of a season.</summary>
    public int Season { get; init; }

    /// <summary>forecast: parameters of level, trend and season; found by least squares where null.</summary>
    public (double Alpha, double Beta, double Gamma)? Smoothing { get; init; }

    /// <summary>control: individuals or p.</summary>
    public string Chart { get; init; } = "individuals";

    /// <summary>control: the Western Electric rules that count, by number.</summary>
    public IReadOnlyList<int> Rules { get; init; } = [1];

    /// <summary>control: Nelson's tests that count, by number.</summary>
    public IReadOnlyList<int> Nelson { get; init; } = [];

    /// <summary>ears: C1, C2 or C3.</summary>
    public string Form { get; init; } = "C2";

    /// <summary>ears: the smallest standard deviation that is reckoned with.</summary>
    public double Least { get; init; }

    /// <summary>ears: whether a day without a figure had none of what is counted; else nothing is known of it.</summary>
    public bool GapsAreZero { get; init; }

    /// <summary>cusum: what is allowed of each figure, in standard deviations.</summary>
    public double K { get; init; } = 0.5;

    /// <summary>cusum: what the sum must exceed, in standard deviations.</summary>
    public double H { get; init; } = 5;

    /// <summary>control, cusum: first and last day of the figures that the others are compared with; the first twenty where null.</summary>
    public (DateOnly First, DateOnly Last)? Base { get; init; }

    /// <summary>The keys that were written.</summary>
    public IReadOnlyList<Ref> Written { get; init; } = [];

    /// <summary>The gravest level that its number reaches, with the comparison; null below them all.</summary>
    public (string Level, Comparison When)? LevelOf(double score) =>
        Levels.Where(l => l.When.Holds(Warn.Decimal(score))).OrderByDescending(l => Array.IndexOf(Warn.Order, l.Level)).Select(l => ((string, Comparison)?)l).FirstOrDefault();
}

/// <summary>A warning by several signals at once within an area (multi-point trigger).</summary>
/// <param name="Of">Signals; <c>levels</c> is the fixed ones.</param>
/// <param name="Least">How many have to have fired, each counted once for each region.</param>
/// <param name="Within">The window, an ISO 8601 duration that ends with the period.</param>
/// <param name="Area">The level of region in which they come together: province, city or county.</param>
public sealed record Trigger(string Id, string Name, IReadOnlyList<Ref> Of, int Least, string Within, string Area, string Level, Mark Mark);

/// <summary>Whose officials on call are told of a warning.</summary>
/// <param name="Units">Units by name; in each region the body of the same line. The pack's lead where none is named.</param>
/// <param name="Within">Within which time one of them answers before the unit's leaders are told; an ISO 8601 duration.</param>
public sealed record WarnCall(IReadOnlyList<Ref> Units, string Within)
{
    /// <summary>The time to answer where a pack says nothing.</summary>
    public const string Usual = "PT12H";
}
