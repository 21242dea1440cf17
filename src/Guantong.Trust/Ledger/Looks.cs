using System.Collections.Concurrent;

namespace Guantong.Trust;

/// <summary>Tells one look from the next: a page that is drawn once by the server and again by the browser's connection, or anew after a click, is looked at once.</summary>
/// <remarks>Each node's own, and forgotten after <see cref="OneLook"/>: whoever comes back later looks again.</remarks>
public sealed class Looks(TimeProvider clock)
{
    /// <summary>How long a look lasts.</summary>
    public static readonly TimeSpan OneLook = TimeSpan.FromSeconds(30);

    private const int Most = 10_000;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _known = new();

    /// <summary>Whether this is a new look, to be written into the ledger.</summary>
    /// <param name="by">Whoever looks.</param>
    /// <param name="at">At what, and as much of it as tells one look from another.</param>
    public bool IsNew(Person by, string at)
    {
        var (key, now) = ($"{by.Login}\n{by.Unit}\n{at}", clock.GetUtcNow());
        if (_known.TryGetValue(key, out var last) && now >= last && now - last < OneLook)
            return false;
        if (_known.Count > Most)
            _known.Clear();
        _known[key] = now;
        return true;
    }
}
