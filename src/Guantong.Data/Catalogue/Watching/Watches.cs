using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What somebody watches in the catalogue: an entry by its id, or a search by its words and facets as they stand in an address.</summary>
/// <param name="Kind">entry or search.</param>
/// <param name="Since">The number of the last change that its owner has seen.</param>
public sealed record Watch(string Id, string Kind, string What, long Since, string Begun);

/// <summary>A change that somebody who watches is told of.</summary>
/// <param name="IsSchema">Whether items came, went or are other than they were: what breaks whoever reads the data.</param>
public sealed record CatalogueNews(Watch Watch, KeptEntry Kept, bool IsSchema, IReadOnlyList<EntryChange> Changes);

/// <summary>Subscriptions: who watches what, and what changed there since they looked, changes of schemas first.</summary>
public sealed class Watches(Store store, CatalogueBook book, CatalogueSearch search, TimeProvider clock)
{
    /// <summary>The most that one person watches.</summary>
    public const int Most = 100;

    private const int MostOfOne = 50;

    // A class: on SQLite a count comes as whatever it fits.
    private sealed class Row
    {
        public required string Id { get; init; }
        public required string Kind { get; init; }
        public required string What { get; init; }
        public long Since { get; init; }
        public required string Begun { get; init; }

        public Watch Said => new(Id, Kind, What, Since, Begun);
    }

    /// <summary>What somebody watches.</summary>
    public Task<IReadOnlyList<Watch>> OfAsync(Person me, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<Watch>)[.. (await c.QueryAsync<Row>("SELECT id AS Id, kind AS Kind, what AS What, since AS Since, begun AS Begun FROM catalogue_watch WHERE login = @Login ORDER BY begun, id", new { me.Login })).Select(r => r.Said)], cancel);

    /// <summary>Begins to watch; what was watched already stays as it is.</summary>
    /// <returns>Null where it is watched now, else what stands in the way: watch-what or watch-many.</returns>
    public async Task<string?> BeginAsync(Person me, string kind, string what, CancellationToken cancel = default)
    {
        if (what.Length > 2000 || (kind == "entry" ? await book.FindAsync(what, cancel) is null : kind != "search"))
            return "watch-what";
        if ((await OfAsync(me, cancel)).Count >= Most)
            return "watch-many";
        var since = await book.LastAsync(cancel);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("INSERT INTO catalogue_watch (id, login, kind, what, since, begun) VALUES (@id, @Login, @kind, @what, @since, @Stamp) ON CONFLICT (login, kind, what) DO NOTHING",
                new { id = Guid.CreateVersion7(change.At).ToString("n"), me.Login, kind, what, since, change.Stamp });
            change.Record(me, "catalogue.watch-begun", $"catalogue:{kind}", JsonSerializer.Serialize(new { what }));
        }, cancel);
        return null;
    }

    /// <summary>Ends a watch of one's own.</summary>
    public Task<bool> EndAsync(Person me, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var gone = await change.ExecuteAsync("DELETE FROM catalogue_watch WHERE id = @id AND login = @Login", new { id, me.Login });
        change.Record(me, gone > 0 ? "catalogue.watch-ended" : "catalogue.watch-not-there", $"watch:{id}");
        return gone > 0;
    }, cancel);

    /// <summary>What changed since one looked, changes of schemas first, then the latest.</summary>
    public async Task<IReadOnlyList<CatalogueNews>> NewsAsync(Person me, CancellationToken cancel = default)
    {
        var last = await book.LastAsync(cancel);
        var news = new List<CatalogueNews>();
        foreach (var watch in (await OfAsync(me, cancel)).Where(w => w.Since < last))
        {
            var changed = watch.Kind == "entry" ? (await book.FindAsync([watch.What], cancel)).Where(k => k.Seq > watch.Since)
                : (await search.FindAsync(Query(watch.What), cancel)).Items.Select(i => i.Kept).Where(k => k.Seq > watch.Since);
            foreach (var kept in changed)
            {
                var changes = (await book.VersionsAsync(kept.Entry.Id, cancel)).Where(v => v.Seq > watch.Since).SelectMany(v => v.Version == 1 ? [] : v.Changes).ToList();
                news.Add(new CatalogueNews(watch, kept, changes.Any(c => c.Path.StartsWith("items", StringComparison.Ordinal)), changes));
            }
        }
        return [.. news.DistinctBy(n => n.Kept.Entry.Id).OrderByDescending(n => n.IsSchema).ThenByDescending(n => n.Kept.Seq)];
    }

    /// <summary>Takes what there is to be told as seen.</summary>
    public async Task SeenAsync(Person me, CancellationToken cancel = default)
    {
        var last = await book.LastAsync(cancel);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("UPDATE catalogue_watch SET since = @last WHERE login = @Login", new { me.Login, last });
            change.Record(me, "catalogue.news-seen", "catalogue:news");
        }, cancel);
    }

    /// <summary>A search as it stands in an address: <c>q=…&amp;category=…</c>.</summary>
    public static CatalogueQuery Query(string address)
    {
        var given = System.Web.HttpUtility.ParseQueryString(address.TrimStart('?'));
        return new CatalogueQuery(given["q"] ?? "", CatalogueQuery.Facets.Where(f => given.GetValues(f) is not null).ToDictionary(f => f, f => (IReadOnlyList<string>)given.GetValues(f)!), "changed", 0, MostOfOne);
    }
}
