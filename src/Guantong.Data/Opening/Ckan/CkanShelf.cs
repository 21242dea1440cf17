using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Everything that is open, as packages, in memory. It follows the catalogue: whatever was committed anywhere before a call began is in it.</summary>
internal sealed class CkanShelf(CatalogueBook book, Jurisdiction land) : IDisposable
{
    private const int AtATime = 2000;

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<string, CkanPackage> _entries = [];
    private CkanPackages _packages = new(0, []);

    /// <summary>The packages as they stand now.</summary>
    public async Task<CkanPackages> NowAsync(CancellationToken cancel)
    {
        var last = await book.LastAsync(cancel);
        if (_packages.Last >= last)
            return _packages;
        await _one.WaitAsync(cancel);
        try
        {
            var at = _packages.Last;
            while (at < last && await book.ChangedAsync(at, AtATime, cancel) is { Count: > 0 } changes)
            {
                foreach (var kept in changes)
                {
                    if (kept is { State: "current", Entry.IsOpen: true })
                        _entries[kept.Entry.Id] = CkanPackage.Of(kept, land);
                    else
                        _entries.Remove(kept.Entry.Id);
                }
                at = changes[^1].Seq;
            }
            return _packages.Last >= at ? _packages : _packages = new CkanPackages(at, [.. _entries.Values]);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();
}

/// <summary>Packages at one moment.</summary>
/// <param name="last">The number of the last change that is in them.</param>
internal sealed class CkanPackages(long last, IReadOnlyList<CkanPackage> all)
{
    private readonly Dictionary<string, CkanPackage> _named = Named(all);
    private readonly Dictionary<string, (CkanPackage Package, int Place)> _resources = all.SelectMany(p => p.Resources.Select((r, i) => (r.Id, p, i))).DistinctBy(r => r.Id).ToDictionary(r => r.Id, r => (r.p, r.i));

    /// <summary>The number of the last change that is in them.</summary>
    public long Last => last;

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<CkanPackage> All { get; } = [.. all.OrderBy(p => p.Name, StringComparer.Ordinal)];

    /// <summary>One by its id or name, or null.</summary>
    public CkanPackage? Find(string id) => _named.GetValueOrDefault(id);

    /// <summary>The package of a resource and its place in it, or null.</summary>
    public (CkanPackage Package, int Place)? Resource(string id) => _resources.TryGetValue(id, out var found) ? found : null;

    private static Dictionary<string, CkanPackage> Named(IReadOnlyList<CkanPackage> all)
    {
        var named = new Dictionary<string, CkanPackage>(StringComparer.Ordinal);
        foreach (var package in all)
            (named[package.Id], named[package.Name]) = (package, package);
        return named;
    }
}
