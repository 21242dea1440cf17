using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Lucene.Net.Index;
using Lucene.Net.Util;

namespace Guantong.Data;

/// <summary>A facet's values in one part of the index, in memory: counting asks for them once for each entry that is found. Four bytes an entry and value, kept as long as the part itself.</summary>
internal sealed class FacetValues
{
    /// <summary>Of a part in which no entry has the facet.</summary>
    public static readonly FacetValues None = new([], null, []);

    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<string, FacetValues>> Kept = new();

    // The ordinals of entry i stand from its start to the start of the next; without starts an entry has the one at its own place, or -1.
    private readonly int[]? _starts;
    private readonly int[] _ordinals;

    private FacetValues(string[] texts, int[]? starts, int[] ordinals) => (Texts, _starts, _ordinals) = (texts, starts, ordinals);

    /// <summary>The values, by ordinal.</summary>
    public string[] Texts { get; }

    /// <summary>Whether an entry has one of some values.</summary>
    /// <param name="wanted">By ordinal.</param>
    public bool Has(int doc, bool[] wanted)
    {
        if (_starts is null)
            return doc < _ordinals.Length && _ordinals[doc] is >= 0 and var one && wanted[one];
        foreach (var ordinal in _ordinals.AsSpan(_starts[doc].._starts[doc + 1]))
        {
            if (wanted[ordinal])
                return true;
        }
        return false;
    }

    /// <summary>Counts the values of entries.</summary>
    /// <param name="counts">By ordinal.</param>
    public void Count(ReadOnlySpan<int> docs, int[] counts)
    {
        if (counts.Length == 0)
            return;
        if (_starts is null)
        {
            foreach (var doc in docs)
            {
                if (_ordinals[doc] is >= 0 and var one)
                    counts[one]++;
            }
            return;
        }
        foreach (var doc in docs)
        {
            for (var i = _starts[doc]; i < _starts[doc + 1]; i++)
                counts[_ordinals[i]]++;
        }
    }

    /// <summary>A facet's values in a part; what was deleted since changes nothing about them.</summary>
    public static FacetValues Of(AtomicReader reader, string facet) =>
        Kept.GetOrCreateValue(reader.CoreCacheKey).GetOrAdd(facet, f => Array.IndexOf(CatalogueDocument.Single, f) >= 0 ? ReadOne(reader, f) : ReadSeveral(reader, f));

    private static FacetValues ReadOne(AtomicReader reader, string facet)
    {
        if (reader.GetSortedDocValues("f." + facet) is not { } values)
            return None;
        var ordinals = new int[reader.MaxDoc];
        for (var doc = 0; doc < ordinals.Length; doc++)
            ordinals[doc] = values.GetOrd(doc);
        return new FacetValues(Read(values.ValueCount, values.LookupOrd), null, ordinals);
    }

    private static FacetValues ReadSeveral(AtomicReader reader, string facet)
    {
        if (reader.GetSortedSetDocValues("f." + facet) is not { } values)
            return None;
        var (starts, ordinals) = (new int[reader.MaxDoc + 1], new List<int>(reader.MaxDoc));
        for (var doc = 0; doc < reader.MaxDoc; doc++)
        {
            values.SetDocument(doc);
            for (var o = values.NextOrd(); o != SortedSetDocValues.NO_MORE_ORDS; o = values.NextOrd())
                ordinals.Add((int)o);
            starts[doc + 1] = ordinals.Count;
        }
        return new FacetValues(Read((int)values.ValueCount, (o, b) => values.LookupOrd(o, b)), starts, [.. ordinals]);
    }

    private static string[] Read(int count, Action<int, BytesRef> look)
    {
        var bytes = new BytesRef();
        return [.. Enumerable.Range(0, count).Select(o =>
        {
            look(o, bytes);
            return bytes.Utf8ToString();
        })];
    }
}
