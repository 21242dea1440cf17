namespace Guantong.Work;

/// <summary>A step of a way, or steps that were repeated together.</summary>
/// <param name="Node">Id of the activity; null for several steps together.</param>
/// <param name="Inner">The several steps.</param>
/// <param name="IsRepeated">Whether it was done more than once in a row.</param>
public sealed record Fold(string? Node, IReadOnlyList<Fold> Inner, bool IsRepeated)
{
    // Longer rounds are told as they were.
    private const int LongestRound = 40;

    /// <summary>Folds what is repeated in a row, the shortest rounds first, so that cases which only differ in how often they went round went one way.</summary>
    public static IReadOnlyList<Fold> Of(IEnumerable<string> nodes)
    {
        var steps = nodes.Select(n => new Fold(n, [], false)).ToList();
        for (var length = 1; length <= Math.Min(LongestRound, steps.Count / 2); length++)
        {
            for (var at = 0; at + (2 * length) <= steps.Count; at++)
            {
                var round = steps.GetRange(at, length);
                var times = 1;
                while (at + ((times + 1) * length) <= steps.Count && steps.Skip(at + (times * length)).Take(length).Zip(round).All(p => p.First.IsSame(p.Second)))
                    round = [.. round.Zip(steps.Skip(at + (times++ * length)), Merge)];
                if (times == 1)
                    continue;
                steps.RemoveRange(at, times * length);
                steps.Insert(at, length == 1 ? round[0] with { IsRepeated = true } : new Fold(null, round, true));
            }
        }
        return steps;
    }

    /// <summary>The way as text: ids, + behind what was repeated.</summary>
    public static string Key(IEnumerable<Fold> steps) => string.Join(' ', steps.Select(s => (s.Node ?? $"({Key(s.Inner)})") + (s.IsRepeated ? "+" : "")));

    /// <summary>The way in words: names with arrows between, and what was repeated marked as such.</summary>
    public static string Say(IReadOnlyList<Fold> steps, Func<string, string> name, string lang) => string.Join(" → ", steps.Select(s =>
        (s.Node is { } node ? name(node) : $"[{Say(s.Inner, name, lang)}]") + (s.IsRepeated ? " " + WorkTexts.Say(lang, "record.repeated") : "")));

    // How often something was repeated within a round makes no other round of it.
    private bool IsSame(Fold other) => Node == other.Node && Inner.Count == other.Inner.Count && Inner.Zip(other.Inner).All(p => p.First.IsSame(p.Second));

    private static Fold Merge(Fold one, Fold other) => new(one.Node, [.. one.Inner.Zip(other.Inner, Merge)], one.IsRepeated || other.IsRepeated);
}
