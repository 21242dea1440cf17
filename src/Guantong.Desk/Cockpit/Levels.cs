namespace Guantong.Desk.Cockpit;

/// <summary>The colours of warning levels and steps, by their names in the style sheet: what the reader wears decides what they are. Their meaning is always said beside them.</summary>
internal static class Levels
{
    /// <summary>Of an area or mark that shows a figure at a level; null is below every level.</summary>
    public static string Colour(string? level) => $"var(--lv-{level ?? "none"})";

    /// <summary>Of an area without a figure.</summary>
    public const string Unknown = "var(--lv-unknown)";

    /// <summary>Five steps for an indicator that has no levels, from the least figure to the most.</summary>
    public static readonly string[] Steps = ["var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)", "var(--s5)"];

    /// <summary>The step of a figure among others, 0 to 4.</summary>
    public static string Step(double value, double least, double most) => Steps[most > least ? Math.Min(4, (int)((value - least) / (most - least) * 5)) : 2];

    /// <summary>The colour of a series, by its place.</summary>
    public static string Series(int at) => $"var(--c{(at % 8) + 1})";
}
