using System.Runtime.InteropServices;

namespace Guantong.Data;

/// <summary>A column as numbers into its different values, so that a million rows take four bytes each.</summary>
internal sealed class CodedColumn
{
    private static readonly object None = new();

    private readonly Dictionary<object, int> _codes = [];
    private readonly List<object?> _values = [];
    private readonly List<int> _rows = [];

    /// <summary>The different values, null among them where it stands.</summary>
    public IReadOnlyList<object?> Values => _values;

    /// <summary>Each row's value, as its place among <see cref="Values"/>.</summary>
    public ReadOnlySpan<int> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>Appends a row.</summary>
    public void Add(object? value)
    {
        ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(_codes, value ?? None, out var isKnown);
        if (!isKnown)
        {
            code = _values.Count;
            _values.Add(value);
        }
        _rows.Add(code);
    }
}
