using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Counts and sums by cells, with noise: what one person adds or takes away changes the chance of any answer by e^ε at most.</summary>
/// <remarks>Dwork, McSherry, Nissim and Smith 2006. Every cell that there could be is told: one that is missing would tell that nobody is in it.</remarks>
internal sealed class NoisyCounts
{
    /// <summary>The most cells that are told.</summary>
    public const long MostCells = 1_000_000;

    /// <summary>Epsilons are kept as whole numbers of ten-thousandths.</summary>
    public const int Fraction = 10_000;

    private readonly DeclaredOpening _opening;
    private readonly OpenedCounts _counts;
    private readonly List<ValueStep> _steps;
    private readonly List<IReadOnlyList<object>> _values;
    private readonly List<Dictionary<object, int>> _places;
    private readonly List<Summed> _sums;
    private readonly Dictionary<object, int> _rowsOf = [];
    private readonly long[] _rows;
    private readonly long[][] _summed;
    private long _count;

    // Values are summed up in whole units, each between its bounds.
    private sealed record Summed(Field Field, decimal Least, decimal Most, decimal Unit)
    {
        public long Sensitivity => (long)Math.Ceiling(Math.Max(Math.Abs(Least), Math.Abs(Most)) / Unit);

        public long Of(object? raw) => raw is null ? 0 : (long)Math.Round(Math.Clamp(raw is double d ? (double.IsFinite(d) ? (decimal)Math.Clamp(d, -1e20, 1e20) : 0) : Convert.ToDecimal(raw, System.Globalization.CultureInfo.InvariantCulture), Least, Most) / Unit);
    }

    private NoisyCounts(Dataset dataset, List<ValueStep> steps, List<IReadOnlyList<object>> values, long cells)
    {
        (_opening, _counts, _steps, _values) = (dataset.Opening!, dataset.Opening!.Counts!, steps, values);
        // The last place of each is for what is none of them.
        _places = [.. values.Select(v => v.Select((value, i) => (value, i)).ToDictionary(p => p.value, p => p.i))];
        _sums = [.. _counts.Sums.Select(s => Bounded(dataset, s.Name))];
        _rows = new long[cells];
        _summed = [.. _sums.Select(_ => new long[cells])];
    }

    /// <summary>Begins with no row, or says why these cells cannot be told.</summary>
    /// <param name="regions">Region codes of the jurisdiction.</param>
    public static (NoisyCounts? Counts, OpeningRefusal? Refusal) Begin(Pack pack, Dataset dataset, IReadOnlyCollection<string> regions)
    {
        var steps = dataset.Opening!.Counts!.By.Select(b => ValueStep.Of(pack, dataset.Field(b.Name)!, dataset.Opening.StepOf(b.Name)!, text => text)).ToList();
        var values = steps.Select(s => s.Closed(regions)).ToList();
        if (values.IndexOf(null) is >= 0 and var open)
            return (null, new OpeningRefusal("opening-values-unknown", steps[open].Field.Id));
        var cells = values.Aggregate(1.0, (all, v) => all * (v!.Count + 1));
        return cells > MostCells ? (null, new OpeningRefusal("opening-cells-many", $"{cells:0}", $"{MostCells}")) : (new NoisyCounts(dataset, steps, [.. values.Select(v => v!)], (long)cells), null);
    }

    /// <summary>The fields whose raw values it takes, in order; the person's last where one is declared.</summary>
    public IReadOnlyList<string> Takes => [.. _steps.Select(s => s.Field.Id), .. _sums.Select(s => s.Field.Id), .. _opening.Person is { } person ? [person.Name] : Array.Empty<string>()];

    // Whole numbers by ones; others by a millionth of their bounds, which the rows have no part in.
    private static Summed Bounded(Dataset dataset, string field)
    {
        var (least, most) = dataset.BoundsOf(dataset.Opening!, field)!.Value;
        var unit = 1m;
        for (var greatest = Math.Max(Math.Abs(least), Math.Abs(most)); dataset.Field(field)!.Type != "integer" && greatest < 1_000_000m * unit && unit > 0.000001m;)
            unit /= 10;
        return new Summed(dataset.Field(field)!, least, most, unit);
    }

    /// <summary>Takes a row. Whose rows are more than counts declare, only their first ones are taken: they come in an order that others have no part in.</summary>
    public void Add(IReadOnlyList<object?> raw)
    {
        _count++;
        if (_opening.Person is not null && raw[^1] is { } person && !IsWithin(person))
            return;
        long cell = 0;
        for (var i = 0; i < _steps.Count; i++)
        {
            var place = _steps[i].Base(raw[i]) is { } value && _places[i].TryGetValue(value, out var known) ? known : _values[i].Count;
            cell = (cell * (_values[i].Count + 1)) + place;
        }
        _rows[cell]++;
        for (var s = 0; s < _sums.Count; s++)
            _summed[s][cell] += _sums[s].Of(raw[_steps.Count + s]);
    }

    private bool IsWithin(object person)
    {
        var had = _rowsOf.GetValueOrDefault(person);
        _rowsOf[person] = had + 1;
        return had < _counts.Rows;
    }

    /// <summary>Draws the noise, and gives what is to be published. Each drawing spends ε.</summary>
    public OpenedRows Open(Chance chance)
    {
        var parts = 1 + _sums.Count;
        // ε is shared alike by the counts and each of the sums.
        (long, long) Scale(long sensitivity) => ((long)(_counts.Epsilon * Fraction), Fraction * parts * _counts.Rows * sensitivity);
        var rows = Noisy(chance, _rows, Scale(1));
        var sums = _summed.Select((s, i) => Noisy(chance, s, Scale(_sums[i].Sensitivity))).ToList();
        var cells = Enumerable.Range(0, _rows.Length).Select(cell => (object?[])
        [
            .. Labels(cell), rows[cell] < _counts.Small ? null : rows[cell],
            .. sums.Select((s, i) => rows[cell] < _counts.Small ? null : (object)(double)(s[cell] * _sums[i].Unit)),
        ]).ToList();
        return new OpenedRows(Columns(), cells, cells.Count, new OpeningReport
        {
            // How many rows there are would be told exactly: it is not.
            RowsOut = cells.Count, Epsilon = _counts.Epsilon, SmallCells = rows.LongCount(r => r < _counts.Small),
            Within = Enumerable.Range(0, parts).ToDictionary(i => i == 0 ? Count : Sum(_sums[i - 1].Field.Id), i => Within(i == 0 ? Scale(1) : Scale(_sums[i - 1].Sensitivity)) * (i == 0 ? 1 : (double)_sums[i - 1].Unit)),
        });
    }

    private static long[] Noisy(Chance chance, long[] exact, (long Numerator, long Denominator) scale) => [.. exact.Select(e => e + DiscreteLaplace.Draw(chance, scale.Numerator, scale.Denominator))];

    // The two-sided geometric distribution is beyond b with a chance of about exp(−b · ε / sensitivity).
    private static double Within((long Numerator, long Denominator) scale) => Math.Ceiling(Math.Log(20) * scale.Denominator / scale.Numerator);

    private IEnumerable<object?> Labels(int cell)
    {
        var labels = new object?[_steps.Count];
        for (var i = _steps.Count - 1; i >= 0; i--)
        {
            var (place, size) = (cell % (_values[i].Count + 1), _values[i].Count + 1);
            labels[i] = place == _values[i].Count ? ValueStep.Any : Convert.ToString(_steps[i].At(_values[i][place], 0), System.Globalization.CultureInfo.InvariantCulture);
            cell /= size;
        }
        return labels;
    }

    private string Count => Free("count");

    private string Sum(string field) => Free("sum_" + field);

    private string Free(string name) => _steps.Any(s => s.Field.Id == name) ? Free(name + "_") : name;

    private List<OpenedColumn> Columns() => [.. _steps.Select(s => new OpenedColumn(s.Field.Id, "string")), new OpenedColumn(Count, "integer"), .. _sums.Select(s => new OpenedColumn(Sum(s.Field.Id), "number"))];
}
