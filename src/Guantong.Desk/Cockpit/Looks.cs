namespace Guantong.Desk.Cockpit;

/// <summary>What screens wear: light or dark, the usual colours or such as are told apart whatever one's eyes.</summary>
/// <remarks>The safe palette is that of Okabe and Ito, Color Universal Design (2008), jfly.uni-koeln.de/color.</remarks>
public sealed record Look(bool IsDark, bool IsSafe)
{
    /// <summary>Reads it as a browser remembers it; light and usual where it remembers nothing.</summary>
    public static Look Read(string text) => new(text.StartsWith("dark", StringComparison.Ordinal), text.EndsWith(".safe", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => $"{(IsDark ? "dark" : "light")}.{(IsSafe ? "safe" : "usual")}";
}
