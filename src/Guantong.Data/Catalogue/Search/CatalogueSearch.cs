using Guantong.Trust;
using Lucene.Net.Search;

namespace Guantong.Data;

/// <summary>Finds entries of the catalogue by words, facets and order. It follows the store: whatever was committed anywhere before a search began is found by it.</summary>
/// <param name="folder">Where the index stands; null keeps it in memory.</param>
public sealed class CatalogueSearch(CatalogueBook book, Jurisdiction land, string? folder) : IDisposable
{
    private const int AtATime = 2000;

    private readonly SemaphoreSlim _one = new(1, 1);
    private CatalogueIndex? _index;

    /// <summary>A page of what a query finds.</summary>
    public async Task<FoundEntries> FindAsync(CatalogueQuery query, CancellationToken cancel = default)
    {
        var index = await FollowAsync(cancel);
        var words = query.Words.Trim();
        query = query with { Words = words.Length > CatalogueQuery.Longest ? words[..CatalogueQuery.Longest] : words };
        if (query.Words.Length == 0)
            return await PageAsync(query, null, index.Search(query, new MatchAllDocsQuery()), false, cancel);
        var wanted = CatalogueWords.As(query.Words);
        var found = index.Search(query, wanted.Query);
        if (found.Total > 0 || found.Facets.Values.Any(f => f.Count > 0))
            return await PageAsync(query, wanted, found, false, cancel);
        wanted = CatalogueWords.Near(query.Words);
        found = index.Search(query, wanted.Query);
        return await PageAsync(query, wanted, found, found.Total > 0, cancel);
    }

    private async Task<FoundEntries> PageAsync(CatalogueQuery query, CatalogueWords? words, (IReadOnlyList<string> Ids, int Total, IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Facets) found, bool near, CancellationToken cancel)
    {
        var kept = await book.FindAsync(found.Ids, cancel);
        return new FoundEntries([.. kept.Select(k => new CatalogueHit(k, words?.Mark(k.Entry.Name) ?? [new(k.Entry.Name, false)], Passage(words, k.Entry.About)))], found.Total, query.Skip, query.Take, found.Facets, near);
    }

    // As much of an abstract as shows what was found, from a little before it.
    private static IReadOnlyList<MarkedText> Passage(CatalogueWords? words, string about)
    {
        const int length = 120, before = 24;
        var text = about.ReplaceLineEndings(" ");
        if (text.Length <= length || words is null)
            return words?.Mark(text) ?? [new(text.Length <= length ? text : text[..length] + "…", false)];
        var (parts, first) = (words.Mark(text), 0);
        foreach (var part in parts.TakeWhile(p => !p.Hit))
            first += part.Text.Length;
        var from = first >= text.Length ? 0 : Math.Max(0, Math.Min(first - before, text.Length - length));
        return words.Mark(string.Concat(from > 0 ? "…" : "", text.AsSpan(from, Math.Min(length, text.Length - from)), from + length < text.Length ? "…" : ""));
    }

    // Takes what was committed since; opens the index at the first search.
    private async Task<CatalogueIndex> FollowAsync(CancellationToken cancel)
    {
        var last = await book.LastAsync(cancel);
        if (_index is { Last: { } at } ready && at.Seq >= last)
            return ready;
        await _one.WaitAsync(cancel);
        try
        {
            var index = _index ?? await OpenAsync(cancel);
            var taken = 0;
            while ((index.Last?.Seq ?? 0) < last && await book.ChangedAsync(index.Last?.Seq ?? 0, AtATime, cancel) is { Count: > 0 } changes)
            {
                index.Take(changes);
                taken += changes.Count;
            }
            if (taken >= AtATime)
                index.Commit();
            return _index = index;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<CatalogueIndex> OpenAsync(CancellationToken cancel)
    {
        var index = CatalogueIndex.Open(folder, land);
        // An index of another store, or of this one before it was restored, is no use.
        if (index.Last is null || (await book.VersionsAsync(index.Last.Id, cancel)).All(v => v.Version != index.Last.Version || v.At != index.Last.At))
            index.Clear();
        return index;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _index?.Commit();
        _index?.Dispose();
        _one.Dispose();
    }
}
