namespace Guantong.Data;

/// <summary>What a person decided of two rows.</summary>
/// <param name="IsSame">One organisation, or two.</param>
public sealed record PairDecision(RowKey Left, RowKey Right, bool IsSame);

/// <summary>Puts rows together that are one organisation: what people decided comes first, then the same code. Pure: rows and decisions in, organisations out.</summary>
public sealed class Grouping
{
    private readonly Dictionary<RowKey, List<RowKey>> _groups = [];
    private readonly ILookup<RowKey, RowKey> _apart;

    private Grouping(IEnumerable<PairDecision> decisions) =>
        _apart = decisions.Where(d => !d.IsSame).SelectMany(d => ((RowKey, RowKey)[])[(d.Left, d.Right), (d.Right, d.Left)]).ToLookup(d => d.Item1, d => d.Item2);

    /// <summary>The organisation of each row: its smallest code that no organisation before it has, else the name of its first row.</summary>
    public static IReadOnlyDictionary<RowKey, string> Of(IEnumerable<OrganisationRow> rows, IReadOnlyCollection<PairDecision> decisions)
    {
        var grouping = new Grouping(decisions);
        var sorted = rows.OrderBy(r => r.Key, RowKey.Order).ToList();
        foreach (var row in sorted)
            grouping._groups[row.Key] = [row.Key];
        foreach (var same in decisions.Where(d => d.IsSame).OrderBy(d => d.Left, RowKey.Order).ThenBy(d => d.Right, RowKey.Order))
            grouping.Join(same.Left, same.Right);
        foreach (var code in sorted.Where(r => r.Code is not null).GroupBy(r => r.Code))
        {
            // A row that is kept apart from the first of its code may still be one with another.
            var firsts = new List<RowKey>();
            foreach (var row in code.Select(r => r.Key))
            {
                if (!firsts.Any(first => grouping.Join(first, row)))
                    firsts.Add(row);
            }
        }
        var byKey = sorted.ToDictionary(r => r.Key);
        var names = new Dictionary<RowKey, string>();
        var taken = new HashSet<string>();
        foreach (var row in sorted.Where(r => !names.ContainsKey(r.Key)))
        {
            var members = grouping._groups[row.Key];
            var name = members.Select(m => byKey[m].Code).OfType<string>().Order(StringComparer.Ordinal).FirstOrDefault(taken.Add) ?? byKey[members.Min(RowKey.Order)].Alone;
            foreach (var member in members)
                names[member] = name;
        }
        return names;
    }

    /// <summary>Whether deciding so would contradict what was decided: two rows that others make one kept apart, or two made one that are kept apart.</summary>
    public static bool Contradicts(IReadOnlyCollection<PairDecision> decisions, PairDecision next)
    {
        var grouping = new Grouping(decisions);
        foreach (var key in decisions.Append(next).SelectMany(d => (RowKey[])[d.Left, d.Right]))
            grouping._groups.TryAdd(key, [key]);
        foreach (var same in decisions.Where(d => d.IsSame))
            grouping.Join(same.Left, same.Right);
        return next.IsSame ? grouping.IsApart(next.Left, next.Right) : ReferenceEquals(grouping._groups[next.Left], grouping._groups[next.Right]);
    }

    // Gives whether the two are together now.
    private bool Join(RowKey left, RowKey right)
    {
        if (!_groups.TryGetValue(left, out var one) || !_groups.TryGetValue(right, out var other))
            return false;
        if (ReferenceEquals(one, other))
            return true;
        if (IsApart(left, right))
            return false;
        var (more, fewer) = one.Count >= other.Count ? (one, other) : (other, one);
        more.AddRange(fewer);
        foreach (var row in fewer)
            _groups[row] = more;
        return true;
    }

    private bool IsApart(RowKey left, RowKey right)
    {
        var (one, other) = (_groups[left], _groups[right]);
        return (one.Count < other.Count ? one : other).Any(row => _apart[row].Any(far => _groups.TryGetValue(far, out var group) && ReferenceEquals(group, one.Count < other.Count ? other : one)));
    }
}
