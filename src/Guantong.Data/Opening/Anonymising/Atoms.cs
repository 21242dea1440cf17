namespace Guantong.Data;

/// <summary>Rows that agree in all that is measured, counted: what the search works on in place of rows.</summary>
internal sealed class Atoms
{
    public Atoms(int rows, IReadOnlyList<CodedColumn> quasi, IReadOnlyList<CodedColumn> sensitive, CodedColumn? person)
    {
        CodedColumn[] all = [.. quasi, .. sensitive, .. person is null ? Array.Empty<CodedColumn>() : [person]];
        OfRow = RowGroups.Of(rows, all.Length, c => all[c].Values.Count, (row, c) => all[c].Rows[row], out var count);
        Rows = rows;
        Sizes = new int[count];
        int[][] Empty(int columns) => [.. Enumerable.Range(0, columns).Select(_ => new int[count])];
        (Quasi, Sensitive, Person) = (Empty(quasi.Count), Empty(sensitive.Count), person is null ? null : new int[count]);
        SensitiveValues = [.. sensitive.Select(s => s.Values.Count)];
        for (var row = 0; row < rows; row++)
        {
            var atom = OfRow[row];
            if (Sizes[atom]++ > 0)
                continue;
            for (var q = 0; q < quasi.Count; q++)
                Quasi[q][atom] = quasi[q].Rows[row];
            for (var s = 0; s < sensitive.Count; s++)
                Sensitive[s][atom] = sensitive[s].Rows[row];
            Person?[atom] = person!.Rows[row];
        }
    }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>How many rows an atom stands for.</summary>
    public int[] Sizes { get; }

    /// <summary>Each row's atom.</summary>
    public int[] OfRow { get; }

    /// <summary>By quasi-identifier: each atom's code.</summary>
    public int[][] Quasi { get; }

    /// <summary>By sensitive field: each atom's code.</summary>
    public int[][] Sensitive { get; }

    /// <summary>By sensitive field: how many codes.</summary>
    public int[] SensitiveValues { get; }

    /// <summary>Each atom's person; null where a row is one.</summary>
    public int[]? Person { get; }
}
