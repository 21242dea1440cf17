namespace Guantong.Data;

/// <summary>Two rows that may be one organisation.</summary>
public sealed record Candidate(KnownOrganisation Left, KnownOrganisation Right, Likeness Likeness);

/// <summary>Finds pairs worth a person's look without comparing every row with every other.</summary>
/// <remarks>
/// Sorted neighbourhoods (Hernández and Stolfo 1995): rows lie in the order of their names, of their names read backwards, and of their telephones; each row without a valid code is compared with the nearest
/// organisations on both sides. Rows with codes are settled by them. The work grows with the rows, not with their square.
/// </remarks>
public static class Candidates
{
    /// <summary>With so many organisations on each side.</summary>
    private const int Near = 10;

    /// <summary>Looking no further than so many rows, where one organisation has many.</summary>
    private const int Far = 50;

    /// <summary>The best pair of each two organisations that a person should look at, the surest first.</summary>
    /// <param name="isSettled">Whether it is decided that two organisations are not one.</param>
    public static IReadOnlyList<Candidate> Of(IReadOnlyList<KnownOrganisation> rows, Func<OrganisationRow, OrganisationRow, bool> isSettled)
    {
        var best = new Dictionary<(string, string), Candidate>();
        var seen = new HashSet<(int, int)>();
        foreach (var order in Orders(rows))
        {
            for (var place = 0; place < order.Count; place++)
            {
                if (rows[order[place]].Code is not null)
                    continue;
                foreach (var other in Beside(rows, order, place, 1).Concat(Beside(rows, order, place, -1)))
                {
                    if (seen.Add((Math.Min(order[place], other), Math.Max(order[place], other))))
                        Consider(rows[order[place]], rows[other]);
                }
            }
        }
        return [.. best.Values.OrderByDescending(c => c.Likeness.Score).ThenBy(c => c.Left.Row.Key, RowKey.Order).ThenBy(c => c.Right.Row.Key, RowKey.Order)];

        void Consider(KnownOrganisation one, KnownOrganisation other)
        {
            var likeness = Likeness.Of(one, other);
            if (likeness.Score < Likeness.LookFrom || isSettled(one.Row, other.Row))
                return;
            var candidate = RowKey.Order.Compare(one.Row.Key, other.Row.Key) <= 0 ? new Candidate(one, other, likeness) : new Candidate(other, one, likeness);
            var between = string.CompareOrdinal(one.Row.Organisation, other.Row.Organisation) <= 0 ? (one.Row.Organisation, other.Row.Organisation) : (other.Row.Organisation, one.Row.Organisation);
            if (!best.TryGetValue(between, out var stands) || Before(candidate, stands))
                best[between] = candidate;
        }
    }

    // Of pairs that score the same the first stays, so that a run that is done again finds the same.
    private static bool Before(Candidate one, Candidate other) => one.Likeness.Score != other.Likeness.Score ? one.Likeness.Score > other.Likeness.Score
        : RowKey.Order.Compare(one.Left.Row.Key, other.Left.Row.Key) is var by and not 0 ? by < 0 : RowKey.Order.Compare(one.Right.Row.Key, other.Right.Row.Key) < 0;

    // Rows of one name lie by their places; what has no name or telephone lies in no order.
    private static IEnumerable<List<int>> Orders(IReadOnlyList<KnownOrganisation> rows)
    {
        Func<KnownOrganisation, string>[] orders = [r => r.Name.Core, r => new string([.. r.Name.Core.Reverse()]), r => r.Phone];
        return orders.Select(by => Enumerable.Range(0, rows.Count).Select(i => (Row: i, By: by(rows[i]))).Where(r => r.By.Length > 0)
            .OrderBy(r => r.By, StringComparer.Ordinal).ThenBy(r => string.Concat(rows[r.Row].Name.Places), StringComparer.Ordinal).ThenBy(r => rows[r.Row].Row.Key, RowKey.Order).Select(r => r.Row).ToList());
    }

    private static IEnumerable<int> Beside(IReadOnlyList<KnownOrganisation> rows, List<int> order, int place, int step)
    {
        var own = rows[order[place]].Row.Organisation;
        var met = new HashSet<string>();
        for (var (at, gone) = (place + step, 0); at >= 0 && at < order.Count && gone < Far && met.Count < Near; at += step, gone++)
        {
            if (rows[order[at]].Row.Organisation is var organisation && organisation != own)
            {
                met.Add(organisation);
                yield return order[at];
            }
        }
    }
}
