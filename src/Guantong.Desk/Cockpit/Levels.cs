namespace Guantong.Desk.Cockpit;

/// <summary>The colours of warning levels; their names are always said beside them.</summary>
internal static class Levels
{
    /// <summary>Of an area or mark that shows a figure at a level; null is below every level.</summary>
    public static string Colour(string? level) => level switch
    {
        "blue" => "#6ba6e8",
        "yellow" => "#f2c84b",
        "orange" => "#ec8a3c",
        "red" => "#c8402f",
        _ => "#bfe3cf",
    };

    /// <summary>Of an area without a figure.</summary>
    public const string Unknown = "#e3e6ea";

    /// <summary>Five steps for an indicator that has no levels, from the least figure to the most.</summary>
    public static readonly string[] Steps = ["#dcebf9", "#aecdee", "#78abe0", "#3f83ca", "#0b5cab"];
}
