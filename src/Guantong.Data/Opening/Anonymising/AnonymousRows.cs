using Guantong.Packs;

namespace Guantong.Data;

/// <summary>A column as it is published.</summary>
/// <param name="Type">A field's type: string, integer, number, boolean, date or timestamp.</param>
public sealed record OpenedColumn(string Name, string Type);

/// <summary>Why nothing can be published as declared.</summary>
/// <param name="Code">Its sentence stands under <c>problem.code</c>.</param>
public sealed record OpeningRefusal(string Code, params IReadOnlyList<string> Args);

/// <summary>What is to be published, and what is left of risk in it.</summary>
/// <param name="Rows">Each with a value for every column.</param>
public sealed record OpenedRows(IReadOnlyList<OpenedColumn> Columns, IEnumerable<object?[]> Rows, long Count, OpeningReport Report);

/// <summary>Makes rows anonymous as declared: brings every field to its lowest level, goes up until k, l and t hold, and leaves out what stands alone.</summary>
/// <remarks>Knows no database and no clock. A million rows are numbers into the values of their columns; the search looks at combinations, not at rows.</remarks>
internal sealed class AnonymousRows
{
    private readonly DeclaredOpening _opening;
    private readonly IReadOnlyList<ValueStep> _steps;
    private readonly CodedColumn[] _columns;
    private readonly CodedColumn? _person;
    private int _count;

    /// <summary>Begins with no row.</summary>
    /// <param name="pseudonym">Makes pseudonyms of texts, under a key that nobody keeps.</param>
    public AnonymousRows(Pack pack, Dataset dataset, Func<string, string> pseudonym)
    {
        _opening = dataset.Opening!;
        _steps = [.. dataset.Fields.Where(f => _opening.StepOf(f.Id) is not null).Select(f => ValueStep.Of(pack, f, _opening.StepOf(f.Id)!, pseudonym))];
        _columns = [.. _steps.Select(_ => new CodedColumn())];
        _person = _opening.Person is null ? null : new CodedColumn();
    }

    /// <summary>The fields whose raw values it takes, in order; the person's last where one is declared.</summary>
    public IReadOnlyList<string> Takes => [.. _steps.Select(s => s.Field.Id), .. _opening.Person is { } person ? [person.Name] : Array.Empty<string>()];

    /// <summary>Takes a row.</summary>
    /// <param name="raw">A value for each of <see cref="Takes"/>: texts in clear, long, double, bool, DateOnly, DateTime or null.</param>
    public void Add(IReadOnlyList<object?> raw)
    {
        for (var i = 0; i < _columns.Length; i++)
            _columns[i].Add(_steps[i].Base(raw[i]));
        // Rows of nobody known are each somebody's.
        _person?.Add(raw[^1] ?? $"\0{_count}");
        _count++;
    }

    /// <summary>What is to be published of them, or why nothing can be.</summary>
    public (OpenedRows? Rows, OpeningRefusal? Refusal) Open()
    {
        if (_count == 0)
            return (null, new OpeningRefusal("opening-no-rows"));
        var quasi = Places(_opening.Quasi);
        // What is told of a sensitive field is told at its lowest level, whatever becomes of the others.
        var atoms = new Atoms(_count, [.. quasi.Select(q => _columns[q])], [.. Places(_opening.Sensitive).Select(s => _columns[s])], _person);
        var levels = quasi.Select(q => Levels(_steps[q], _columns[q])).ToArray();
        var allowed = (long)Math.Floor(_opening.Suppress / 100 * _count);
        var least = long.MaxValue;
        var chosen = Lattice.Search([.. levels.Select(l => l.Length)], node =>
        {
            var classes = At(atoms, levels, node);
            var (failing, loss) = Weigh(classes, Holding(classes));
            least = Math.Min(least, failing);
            return new Found(failing <= allowed, loss);
        });
        return chosen is null ? (null, new OpeningRefusal("opening-suppresses-too-much", $"{least}", $"{_count}", $"{allowed}")) : (Publish(atoms, levels, quasi, chosen), null);
    }

    private int[] Places(IReadOnlyList<Ref> fields) => [.. fields.Select(f => _steps.TakeWhile(s => s.Field.Id != f.Name).Count())];

    private static (int[] Codes, int Count)[] Levels(ValueStep step, CodedColumn column) => [.. Enumerable.Range(0, step.Heights).Select(level =>
    {
        var told = new CodedColumn();
        foreach (var value in column.Values)
            told.Add(step.At(value, level));
        return (told.Rows.ToArray(), told.Values.Count);
    })];

    private static Classes At(Atoms atoms, (int[] Codes, int Count)[][] levels, int[] node) =>
        Classes.Of(atoms, [.. levels.Select((l, q) => l[node[q]].Codes)], [.. levels.Select((l, q) => l[node[q]].Count)]);

    private bool[] Holding(Classes classes)
    {
        var holding = new bool[classes.Count];
        for (var group = 0; group < classes.Count; group++)
            holding[group] = classes.Persons[group] >= _opening.K;
        if (_opening.L is null && _opening.T is null)
            return holding;
        for (var s = 0; s < _opening.Sensitive.Count; s++)
        {
            var diversity = classes.Of(s);
            for (var group = 0; group < classes.Count; group++)
                holding[group] &= IsDiverse(diversity, group, classes.Rows[group]);
        }
        return holding;
    }

    private bool IsDiverse(Diversity diversity, int group, int rows) =>
        (_opening.L is not { } l || _opening.Diversity switch
        {
            // A logarithm of a product is not to the last bit the sum of logarithms.
            "entropy" => diversity.Entropy[group] >= Math.Log(l) - 1e-9,
            "frequent" => (long)diversity.Most[group] * l <= rows,
            _ => diversity.Distinct[group] >= l,
        }) && (_opening.T is not { } t || diversity.Distance[group] <= (double)t + 1e-9);

    // Discernibility (Bayardo and Agrawal 2005): a row costs as many as it cannot be told from; one that is left out, all.
    private (long Failing, double Loss) Weigh(Classes classes, bool[] holding)
    {
        var (failing, loss) = (0L, 0.0);
        for (var group = 0; group < classes.Count; group++)
        {
            if (holding[group])
                loss += (double)classes.Rows[group] * classes.Rows[group];
            else
                failing += classes.Rows[group];
        }
        return (failing, loss + ((double)failing * _count));
    }

    private OpenedRows Publish(Atoms atoms, (int[] Codes, int Count)[][] levels, int[] quasi, int[] chosen)
    {
        var classes = At(atoms, levels, chosen);
        var holding = Holding(classes);
        var at = _steps.Select((_, i) => Array.IndexOf(quasi, i) is >= 0 and var q ? chosen[q] : 0).ToArray();
        var told = _columns.Select((c, i) => c.Values.Select(v => _steps[i].At(v, at[i])).ToArray()).ToArray();
        var rows = Enumerable.Range(0, _count).Where(row => holding[classes.OfAtom[atoms.OfRow[row]]]).ToArray();
        Array.Sort(rows, Order(told));
        var columns = _steps.Select((s, i) => new OpenedColumn(s.Field.Id, s.TypeAt(at[i]))).ToList();
        ToldField Told(int place) => new(_steps[place].Field.Id, told[place], _columns[place]);
        var measured = ResidualRisk.Of(rows, [.. quasi.Select(Told)], [.. Places(_opening.Sensitive).Select(Told)], _person);
        if (rows.Length > 0 && measured.K < _opening.K)
            throw new InvalidOperationException($"k is {measured.K} in what would come out, not {_opening.K}.");
        var report = measured with
        {
            RowsIn = _count, Suppressed = _count - rows.Length, SuppressedShare = (double)(_count - rows.Length) / _count,
            Discernibility = Weigh(classes, holding).Loss,
            Levels = quasi.Select((q, i) => (_steps[q].Field.Id, Name: _steps[q].NameOf(chosen[i]))).ToDictionary(l => l.Id, l => l.Name),
            Loss = quasi.Select((q, i) => _steps[q].Heights > 1 ? (double)chosen[i] / (_steps[q].Heights - 1) : 0).DefaultIfEmpty(0).Average(),
        };
        return new OpenedRows(columns, rows.Select(row => told.Select((t, c) => t[_columns[c].Rows[row]]).ToArray()), rows.Length, report);
    }

    // By what is published, and by nothing else: where rows stood before would tell which they were.
    private Comparison<int> Order(object?[][] told)
    {
        var ranks = told.Select(Ranks).ToArray();
        return (one, other) =>
        {
            for (var c = 0; c < ranks.Length; c++)
            {
                var rows = _columns[c].Rows;
                if (ranks[c][rows[one]].CompareTo(ranks[c][rows[other]]) is var order and not 0)
                    return order;
            }
            return 0;
        };
    }

    private static int[] Ranks(object?[] told)
    {
        var places = told.Distinct().OrderBy(t => t, TextOrder).Select((t, i) => (Key: t ?? Nothing, i)).ToDictionary(t => t.Key, t => t.i);
        return [.. told.Select(t => places[t ?? Nothing])];
    }

    private static readonly object Nothing = new();

    private static readonly Comparer<object?> TextOrder = Comparer<object?>.Create((a, b) => a is IComparable and not string && a.GetType() == b?.GetType()
        ? ((IComparable)a).CompareTo(b) : string.CompareOrdinal(a?.ToString(), b?.ToString()));
}
