using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Guantong.Data;

/// <summary>Counts the facets of what a query finds while it is found, and hands on what the chosen values leave.</summary>
/// <remarks>The values of one facet widen each other: what they count is judged by the choices of all the others. One pass does for every facet.</remarks>
internal sealed class FacetCollector(ICollector found, IReadOnlyDictionary<string, IReadOnlyList<string>> chosen) : ICollector
{
    private readonly Dimension[] _dimensions = [.. CatalogueQuery.Facets.Select(f => new Dimension(f, chosen.GetValueOrDefault(f) ?? []))];

    /// <summary>How many entries all the choices leave.</summary>
    public int Total { get; private set; }

    /// <summary>Whether <see cref="ICollector"/> takes documents in any order: those behind must.</summary>
    public bool AcceptsDocsOutOfOrder => false;

    public void SetScorer(Scorer scorer) => found.SetScorer(scorer);

    public void SetNextReader(AtomicReaderContext context)
    {
        found.SetNextReader(context);
        foreach (var dimension in _dimensions)
            dimension.Enter(context.AtomicReader);
    }

    public void Collect(int doc)
    {
        Dimension? missed = null;
        foreach (var dimension in _dimensions)
        {
            if (dimension.Fits(doc))
                continue;
            if (missed is not null)
                return;
            missed = dimension;
        }
        if (missed is not null)
        {
            missed.Count(doc);
            return;
        }
        foreach (var dimension in _dimensions)
            dimension.Count(doc);
        Total++;
        found.Collect(doc);
    }

    /// <summary>The counts, the greatest first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Counts() => _dimensions.ToDictionary(d => d.Name, d => d.Counts());

    private sealed class Dimension(string name, IReadOnlyList<string> wanted)
    {
        private readonly bool _single = Array.IndexOf(CatalogueDocument.Single, name) >= 0;
        private readonly Dictionary<string, int> _counts = [];
        private SortedDocValues? _one;
        private SortedSetDocValues? _several;
        private int[] _byOrdinal = [];
        private bool[]? _fits;

        public string Name => name;

        public void Enter(AtomicReader reader)
        {
            Leave();
            _one = _single ? reader.GetSortedDocValues("f." + name) : null;
            _several = _single ? null : reader.GetSortedSetDocValues("f." + name);
            var count = _one?.ValueCount ?? (int)(_several?.ValueCount ?? 0);
            _byOrdinal = new int[count];
            _fits = wanted.Count == 0 ? null : [.. Enumerable.Range(0, count).Select(o => wanted.Contains(Text(o)))];
        }

        public bool Fits(int doc)
        {
            if (_fits is null)
                return true;
            if (_one is not null)
                return _one.GetOrd(doc) is >= 0 and var ordinal && _fits[ordinal];
            if (_several is null)
                return false;
            _several.SetDocument(doc);
            for (var o = _several.NextOrd(); o != SortedSetDocValues.NO_MORE_ORDS; o = _several.NextOrd())
            {
                if (_fits[o])
                    return true;
            }
            return false;
        }

        public void Count(int doc)
        {
            if (_one is not null)
            {
                if (_one.GetOrd(doc) is >= 0 and var ordinal)
                    _byOrdinal[ordinal]++;
            }
            else if (_several is not null)
            {
                _several.SetDocument(doc);
                for (var o = _several.NextOrd(); o != SortedSetDocValues.NO_MORE_ORDS; o = _several.NextOrd())
                    _byOrdinal[o]++;
            }
        }

        public IReadOnlyList<FacetCount> Counts()
        {
            Leave();
            return [.. _counts.Where(c => c.Key.Length > 0).Select(c => new FacetCount(c.Key, c.Value)).OrderByDescending(c => c.Count).ThenBy(c => c.Value, StringComparer.Ordinal)];
        }

        private void Leave()
        {
            for (var o = 0; o < _byOrdinal.Length; o++)
            {
                if (_byOrdinal[o] > 0)
                    _counts[Text(o)] = _counts.GetValueOrDefault(Text(o)) + _byOrdinal[o];
            }
            _byOrdinal = [];
        }

        private string Text(int ordinal)
        {
            var bytes = new BytesRef();
            if (_one is not null)
                _one.LookupOrd(ordinal, bytes);
            else
                _several!.LookupOrd(ordinal, bytes);
            return bytes.Utf8ToString();
        }
    }
}
