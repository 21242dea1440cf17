using System.Runtime.InteropServices;

namespace Guantong.Data;

/// <summary>How diverse a sensitive field is in each class.</summary>
/// <param name="Distinct">Different values.</param>
/// <param name="Entropy">Of the values, in nats.</param>
/// <param name="Most">Rows with the most frequent value.</param>
/// <param name="Distance">Variational distance from the distribution of all rows, 0 to 1.</param>
internal sealed record Diversity(int[] Distinct, double[] Entropy, int[] Most, double[] Distance);

/// <summary>The equivalence classes: rows that are alike in every quasi-identifier as it is published.</summary>
internal sealed class Classes
{
    private readonly Atoms _atoms;

    private Classes(Atoms atoms, int[] ofAtom, int count)
    {
        (_atoms, OfAtom, Count) = (atoms, ofAtom, count);
        Rows = new int[count];
        for (var atom = 0; atom < ofAtom.Length; atom++)
            Rows[ofAtom[atom]] += atoms.Sizes[atom];
        Persons = atoms.Person is null ? Rows : DistinctPersons(atoms.Person);
    }

    /// <summary>Each atom's class.</summary>
    public int[] OfAtom { get; }

    /// <summary>How many classes.</summary>
    public int Count { get; }

    /// <summary>Rows by class.</summary>
    public int[] Rows { get; }

    /// <summary>Persons by class.</summary>
    public int[] Persons { get; }

    /// <summary>The classes at some levels of generalisation.</summary>
    /// <param name="levels">By quasi-identifier: what each of its codes becomes.</param>
    /// <param name="sizes">By quasi-identifier: into how many codes.</param>
    public static Classes Of(Atoms atoms, int[][] levels, int[] sizes)
    {
        var classes = RowGroups.Of(atoms.Sizes.Length, levels.Length, q => sizes[q], (atom, q) => levels[q][atoms.Quasi[q][atom]], out var count);
        return new Classes(atoms, classes, count);
    }

    /// <summary>The diversity of a sensitive field.</summary>
    /// <param name="shares">By value: its share of all, from which distances are taken; null for the rows at hand.</param>
    public Diversity Of(int sensitive, double[]? shares = null)
    {
        var values = _atoms.SensitiveValues[sensitive];
        var pairs = new Dictionary<long, int>();
        var all = new long[values];
        for (var atom = 0; atom < OfAtom.Length; atom++)
        {
            var value = _atoms.Sensitive[sensitive][atom];
            CollectionsMarshal.GetValueRefOrAddDefault(pairs, ((long)OfAtom[atom] * values) + value, out _) += _atoms.Sizes[atom];
            all[value] += _atoms.Sizes[atom];
        }
        var diversity = new Diversity(new int[Count], new double[Count], new int[Count], new double[Count]);
        // What a class lacks of all values lies apart too: begun with the whole, less what is there.
        Array.Fill(diversity.Distance, 1);
        foreach (var (pair, rows) in pairs)
        {
            var (group, share) = ((int)(pair / values), shares?[pair % values] ?? (double)all[pair % values] / _atoms.Rows);
            var own = (double)rows / Rows[group];
            diversity.Distinct[group]++;
            diversity.Entropy[group] -= own * Math.Log(own);
            diversity.Most[group] = Math.Max(diversity.Most[group], rows);
            diversity.Distance[group] += Math.Abs(own - share) - share;
        }
        for (var group = 0; group < Count; group++)
            diversity.Distance[group] = Math.Max(0, diversity.Distance[group] / 2);
        return diversity;
    }

    private int[] DistinctPersons(int[] person)
    {
        var (seen, persons) = (new HashSet<long>(), new int[Count]);
        for (var atom = 0; atom < OfAtom.Length; atom++)
        {
            if (seen.Add(((long)OfAtom[atom] << 32) | (uint)person[atom]))
                persons[OfAtom[atom]]++;
        }
        return persons;
    }
}
