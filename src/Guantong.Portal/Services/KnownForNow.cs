using System.Collections.Concurrent;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Portal.Services;

/// <summary>What data said of an application a moment ago: of whoever answers page by page a row is read once, and not for each page. Before it is checked and sent it is read anew.</summary>
/// <remarks>In this node's memory alone, like looks (<see cref="Looks"/>), and forgotten after <see cref="Kept"/>.</remarks>
internal sealed class KnownForNow(TimeProvider clock)
{
    /// <summary>How long it is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private const int Most = 2_000;
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyList<Prefilled> Said)> _known = new();

    /// <summary>What is remembered under a key, or is read now.</summary>
    public async Task<IReadOnlyList<Prefilled>> OfAsync(string key, Func<Task<IReadOnlyList<Prefilled>>> read)
    {
        var now = clock.GetUtcNow();
        foreach (var old in _known.Where(k => now - k.Value.At >= Kept).Select(k => k.Key))
            _known.TryRemove(old, out _);
        if (_known.TryGetValue(key, out var known))
            return known.Said;
        var said = await read();
        if (_known.Count < Most)
            _known[key] = (now, said);
        return said;
    }
}
