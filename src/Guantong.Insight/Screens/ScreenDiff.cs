using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>What was done to a card.</summary>
/// <param name="Kind">added, removed, moved, resized or changed.</param>
/// <param name="Card">Its id.</param>
/// <param name="Shown">The card as it is now; as it was, where it was removed.</param>
public sealed record CardChange(string Kind, string Card, Card Shown);

/// <summary>Tells two screens apart, card by card.</summary>
public static class ScreenDiff
{
    /// <summary>What was done, in the order of the newer screen; what was removed stands last.</summary>
    public static IReadOnlyList<CardChange> Of(Screen before, Screen after)
    {
        var old = before.Cards.ToDictionary(c => c.Id);
        var kept = after.Cards.Where(c => old.ContainsKey(c.Id)).Select(c => c.Id).ToList();
        var still = Unmoved([.. before.Cards.Where(c => kept.Contains(c.Id)).Select(c => c.Id)], kept);
        var changes = new List<CardChange>();
        foreach (var card in after.Cards)
        {
            if (!old.TryGetValue(card.Id, out var was))
            {
                changes.Add(new CardChange("added", card.Id, card));
                continue;
            }
            if (!still.Contains(card.Id))
                changes.Add(new CardChange("moved", card.Id, card));
            if ((was.Span, was.Rows) != (card.Span, card.Rows))
                changes.Add(new CardChange("resized", card.Id, card));
            if (!SaysTheSame(was, card))
                changes.Add(new CardChange("changed", card.Id, card));
        }
        var now = after.Cards.Select(c => c.Id).ToHashSet();
        changes.AddRange(before.Cards.Where(c => !now.Contains(c.Id)).Select(c => new CardChange("removed", c.Id, c)));
        return changes;
    }

    private static bool SaysTheSame(Card a, Card b) =>
        (a.As, a.Period, a.Title, a.IsYearToDate, a.ComparesLastYear, a.By?.Name, a.Of, a.Text, a.Process?.Name) == (b.As, b.Period, b.Title, b.IsYearToDate, b.ComparesLastYear, b.By?.Name, b.Of, b.Text, b.Process?.Name)
        && a.Indicators.Select(i => i.Name).SequenceEqual(b.Indicators.Select(i => i.Name));

    // The longest run that both have in one order: whatever is outside it was moved.
    private static HashSet<string> Unmoved(List<string> before, List<string> after)
    {
        var longest = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
        {
            for (var j = after.Count - 1; j >= 0; j--)
                longest[i, j] = before[i] == after[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
        }
        var still = new HashSet<string>();
        for (var (i, j) = (0, 0); i < before.Count && j < after.Count;)
        {
            if (before[i] == after[j])
            {
                still.Add(before[i]);
                (i, j) = (i + 1, j + 1);
            }
            else if (longest[i + 1, j] >= longest[i, j + 1])
                i++;
            else
                j++;
        }
        return still;
    }
}
