using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Guantong.Data;

/// <summary>Counts the facets of what a query finds while it is found, and hands on what the chosen values leave.</summary>
/// <remarks>The values of one facet widen each other: what they count is judged by the choices of all the others. One pass does for every facet.</remarks>
internal sealed class FacetCollector(ICollector found, IReadOnlyDictionary<string, IReadOnlyList<string>> chosen) : ICollector
{
    private readonly Dimension[] _dimensions = [.. CatalogueQuery.Facets.Select(f => new Dimension(f, chosen.GetValueOrDefault(f) ?? []))];
    // Found entries are counted some at a time: facet by facet is far quicker than entry by entry.
    private readonly int[] _waiting = new int[1024];
    private int _waits;

    /// <summary>How many entries all the choices leave.</summary>
    public int Total { get; private set; }

    /// <summary>Whether <see cref="ICollector"/> takes documents in any order: those behind must.</summary>
    public bool AcceptsDocsOutOfOrder => false;

    public void SetScorer(Scorer scorer) => found.SetScorer(scorer);

    public void SetNextReader(AtomicReaderContext context)
    {
        CountWaiting();
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
            missed.Count([doc]);
            return;
        }
        _waiting[_waits++] = doc;
        if (_waits == _waiting.Length)
            CountWaiting();
        Total++;
        found.Collect(doc);
    }

    /// <summary>The counts, the greatest first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Counts()
    {
        CountWaiting();
        return _dimensions.ToDictionary(d => d.Name, d => d.Counts());
    }

    private void CountWaiting()
    {
        foreach (var dimension in _dimensions)
            dimension.Count(_waiting.AsSpan(0, _waits));
        _waits = 0;
    }

    private sealed class Dimension(string name, IReadOnlyList<string> wanted)
    {
        private readonly Dictionary<string, int> _counts = [];
        private FacetValues _values = FacetValues.None;
        private int[] _byOrdinal = [];
        private bool[]? _fits;

        public string Name => name;

        public void Enter(AtomicReader reader)
        {
            Leave();
            _values = FacetValues.Of(reader, name);
            _byOrdinal = new int[_values.Texts.Length];
            _fits = wanted.Count == 0 ? null : [.. _values.Texts.Select(wanted.Contains)];
        }

        public bool Fits(int doc) => _fits is null || _values.Has(doc, _fits);

        public void Count(ReadOnlySpan<int> docs) => _values.Count(docs, _byOrdinal);

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
                    _counts[_values.Texts[o]] = _counts.GetValueOrDefault(_values.Texts[o]) + _byOrdinal[o];
            }
            _byOrdinal = [];
        }
    }
}
