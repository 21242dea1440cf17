namespace Guantong.Data;

/// <summary>A field as it comes out.</summary>
/// <param name="Name">The field.</param>
/// <param name="Told">By code: what is published.</param>
/// <param name="Column">Each raw row's code.</param>
internal sealed record ToldField(string Name, object?[] Told, CodedColumn Column);

/// <summary>Measures what is left of risk, from the values that are published and nothing of how they came to be.</summary>
internal static class ResidualRisk
{
    /// <summary>The report of some rows.</summary>
    /// <param name="rows">The raw rows that are published.</param>
    /// <param name="person">Who each raw row is; null where each is somebody else.</param>
    public static OpeningReport Of(int[] rows, IReadOnlyList<ToldField> quasi, IReadOnlyList<ToldField> sensitive, CodedColumn? person)
    {
        CodedColumn[] outside = [.. quasi.Select(q => Published(rows, q))], inside = [.. sensitive.Select(s => Published(rows, s))];
        var atoms = new Atoms(rows.Length, outside, inside, person is null ? null : Published(rows, new ToldField("", [.. person.Values], person)));
        var classes = Classes.Of(atoms, [.. outside.Select(o => Enumerable.Range(0, o.Values.Count).ToArray())], [.. outside.Select(o => o.Values.Count)]);
        var least = classes.Count == 0 ? 0 : classes.Persons.Min();
        double persons = classes.Persons.Sum(p => (long)p), all = Math.Max(1, rows.Length);
        return new OpeningReport
        {
            RowsOut = rows.Length, Classes = classes.Count, K = least,
            AverageClass = classes.Count == 0 ? 0 : all / classes.Count,
            ProsecutorMax = least == 0 ? 0 : 1.0 / least,
            ProsecutorMean = Enumerable.Range(0, classes.Count).Sum(c => (double)classes.Rows[c] / classes.Persons[c]) / all,
            JournalistBound = least == 0 ? 0 : 1.0 / least,
            Marketer = persons == 0 ? 0 : classes.Count / persons,
            Sensitive = [.. sensitive.Select((s, i) => Of(s, classes, classes.Of(i, SharesOf(s, inside[i])), atoms, i))],
        };
    }

    private static CodedColumn Published(int[] rows, ToldField field)
    {
        var column = new CodedColumn();
        foreach (var row in rows)
            column.Add(field.Told[field.Column.Rows[row]]);
        return column;
    }

    // Of all rows that were there, whether they are published or not.
    private static double[] SharesOf(ToldField field, CodedColumn published)
    {
        var rows = new long[field.Told.Length];
        foreach (var code in field.Column.Rows)
            rows[code]++;
        return [.. published.Values.Select(v => (double)field.Told.Select((t, code) => Equals(t, v) ? rows[code] : 0).Sum() / field.Column.Rows.Length)];
    }

    private static SensitiveRisk Of(ToldField field, Classes classes, Diversity diversity, Atoms atoms, int sensitive)
    {
        if (classes.Count == 0)
            return new SensitiveRisk(field.Name, 0, 0, 0, 0, 0, 0, 0, 0);
        var groups = Enumerable.Range(0, classes.Count).ToList();
        var values = new long[atoms.SensitiveValues[sensitive]];
        for (var atom = 0; atom < atoms.Sizes.Length; atom++)
            values[atoms.Sensitive[sensitive][atom]] += atoms.Sizes[atom];
        return new SensitiveRisk(field.Name, diversity.Distinct.Min(), Math.Exp(diversity.Entropy.Min()), groups.Min(g => (double)classes.Rows[g] / diversity.Most[g]), diversity.Distance.Max(),
            (double)diversity.Most.Sum(m => (long)m) / atoms.Rows, groups.Max(g => (double)diversity.Most[g] / classes.Rows[g]),
            (double)groups.Where(g => diversity.Distinct[g] == 1).Sum(g => (long)classes.Rows[g]) / atoms.Rows, (double)values.Max() / atoms.Rows);
    }
}
