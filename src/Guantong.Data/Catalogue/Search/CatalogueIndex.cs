using System.Globalization;
using Guantong.Trust;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using LuceneDirectory = Lucene.Net.Store.Directory;

namespace Guantong.Data;

/// <summary>The full-text index of the catalogue on this node's disk. The store is the truth; the index can be thrown away at any time.</summary>
internal sealed class CatalogueIndex : IDisposable
{
    // Changes whenever documents or analysis do: an index of another is made anew.
    private const string Form = "1";

    private readonly LuceneDirectory _directory;
    private readonly CatalogueAnalyzer _analyzer = new(unigrams: true);
    private readonly IndexWriter _writer;
    private readonly SearcherManager _searchers;
    private readonly BM25Similarity _similarity = new();
    private readonly Jurisdiction _land;

    private CatalogueIndex(LuceneDirectory directory, Jurisdiction land)
    {
        (_directory, _land) = (directory, land);
        _writer = new IndexWriter(directory, new IndexWriterConfig(CatalogueAnalyzer.Version, _analyzer) { OpenMode = OpenMode.CREATE_OR_APPEND, Similarity = _similarity, RAMBufferSizeMB = 32 });
        _searchers = new SearcherManager(_writer, true, null);
        var kept = _writer.CommitData ?? new Dictionary<string, string>();
        Last = kept.TryGetValue("form", out var form) && form == Form
            ? new Place(long.Parse(kept["seq"], CultureInfo.InvariantCulture), kept["id"], int.Parse(kept["version"], CultureInfo.InvariantCulture), kept["at"]) : null;
    }

    /// <summary>The last change that the index holds.</summary>
    public sealed record Place(long Seq, string Id, int Version, string At);

    /// <summary>The last change that it holds; null when it is new.</summary>
    public Place? Last { get; private set; }

    /// <summary>Opens it in a folder; where another process has it, one in memory does instead.</summary>
    public static CatalogueIndex Open(string? folder, Jurisdiction land)
    {
        if (folder is null)
            return new(new RAMDirectory(), land);
        try
        {
            return new(FSDirectory.Open(System.IO.Directory.CreateDirectory(folder)), land);
        }
        catch (LockObtainFailedException)
        {
            return new(new RAMDirectory(), land);
        }
        catch (Exception broken) when (broken is CorruptIndexException or IndexFormatTooOldException or IndexFormatTooNewException or IOException)
        {
            System.IO.Directory.Delete(folder, true);
            return new(FSDirectory.Open(System.IO.Directory.CreateDirectory(folder)), land);
        }
    }

    /// <summary>Forgets everything: it was of another store, or of another form.</summary>
    public void Clear()
    {
        _writer.DeleteAll();
        Last = null;
    }

    /// <summary>Takes changes, in order; searches see them when this is done.</summary>
    public void Take(IReadOnlyList<KeptEntry> changes)
    {
        foreach (var kept in changes)
        {
            var id = new Term("id", kept.Entry.Id);
            if (kept.State == "withdrawn")
                _writer.DeleteDocuments(id);
            else
                _writer.UpdateDocument(id, CatalogueDocument.Of(kept, _land));
        }
        if (changes is [.., var last])
            Last = new Place(last.Seq, last.Entry.Id, last.Version, last.Changed);
        _searchers.MaybeRefreshBlocking();
    }

    /// <summary>Keeps on disk what it holds.</summary>
    public void Commit()
    {
        if (Last is { } last)
            _writer.SetCommitData(new Dictionary<string, string> { ["form"] = Form, ["seq"] = last.Seq.ToString(CultureInfo.InvariantCulture), ["id"] = last.Id, ["version"] = last.Version.ToString(CultureInfo.InvariantCulture), ["at"] = last.At });
        _writer.Commit();
    }

    /// <summary>Ids of a page of what a query finds, how many there are, and the facets.</summary>
    public (IReadOnlyList<string> Ids, int Total, IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Facets) Search(CatalogueQuery query, Query words)
    {
        var searcher = _searchers.Acquire();
        try
        {
            searcher.Similarity = _similarity;
            var most = query.Skip + query.Take;
            var sort = (query.Sort ?? (query.Words.Length > 0 ? "relevance" : "changed")) switch
            {
                "name" => new Sort(new SortField("by-name", SortFieldType.STRING), new SortField("by-change", SortFieldType.INT64, true)),
                "changed" => new Sort(new SortField("by-change", SortFieldType.INT64, true)),
                _ => null,
            };
            var top = sort is null ? TopScoreDocCollector.Create(most, true) : (ITopDocsCollector)TopFieldCollector.Create(sort, most, false, false, false, true);
            var facets = new FacetCollector((ICollector)top, query.Chosen ?? new Dictionary<string, IReadOnlyList<string>>());
            searcher.Search(query.PublicAlone ? new BooleanQuery { { words, Occur.MUST }, { new ConstantScoreQuery(new TermQuery(new Term("public", "1"))) { Boost = 0 }, Occur.MUST } } : words, facets);
            var ids = top.GetTopDocs(query.Skip, query.Take).ScoreDocs.Select(d => searcher.Doc(d.Doc, Wanted).GetField("id").GetStringValue(CultureInfo.InvariantCulture));
            return ([.. ids], facets.Total, facets.Counts());
        }
        finally
        {
            _searchers.Release(searcher);
        }
    }

    private static readonly HashSet<string> Wanted = ["id"];

    public void Dispose()
    {
        _searchers.Dispose();
        _writer.Dispose();
        _analyzer.Dispose();
        _directory.Dispose();
    }
}
