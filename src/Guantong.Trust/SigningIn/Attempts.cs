namespace Guantong.Trust;

/// <summary>Slows guessing down without shutting anybody out: who has signed in on this browser before is counted by that browser alone.</summary>
/// <remarks>
/// Device cookies after OWASP's “Slow Down Online Guessing Attacks with Device Cookies”. A strange browser is counted by login and address, by address and by login;
/// so a login that somebody else hammers is slow for strangers and open to its owner. Counted on each node, in memory.
/// </remarks>
public sealed class Attempts(TimeProvider clock)
{
    private const int Most = 20_000;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30), Longest = TimeSpan.FromMinutes(15), Remembered = TimeSpan.FromHours(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Count> _counts = new(StringComparer.OrdinalIgnoreCase);

    private readonly record struct Count(int Wrong, DateTimeOffset Last);

    /// <summary>What one attempt is counted by, and how many wrong ones each takes before it slows down.</summary>
    public sealed record Tally(IReadOnlyList<(string Key, int Free, bool IsOwn)> Keys);

    /// <summary>The tally of a sign-in.</summary>
    /// <param name="device">The id of a browser that this login has signed in on, or null.</param>
    public static Tally For(string login, string address, string? device) => new(device is not null
        ? [($"device {device}", 5, true)]
        : [($"pair {login} {address}", 5, true), ($"address {address}", 50, false), ($"login {login}", 50, false)]);

    /// <summary>The tally of a second factor, which only who has the first can try.</summary>
    public static Tally ForSecond(string login, string? device) => new([($"second {device ?? login}", 5, true)]);

    /// <summary>Counts an attempt as wrong before it is looked at, so that many at once are no way around; gives how long to wait where it may not be made yet.</summary>
    public TimeSpan Begin(Tally tally)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (Wait(tally, now) is var wait && wait > TimeSpan.Zero)
                return wait;
            MakeRoom(now);
            foreach (var (key, _, _) in tally.Keys)
                _counts[key] = new Count(Wrong(key, now) + 1, now);
            return TimeSpan.Zero;
        }
    }

    /// <summary>How long until the next attempt.</summary>
    public TimeSpan Wait(Tally tally)
    {
        lock (_gate)
            return Wait(tally, clock.GetUtcNow());
    }

    /// <summary>The attempt was right: its own count is cleared, those shared with others lose this one only.</summary>
    public void Succeeded(Tally tally)
    {
        lock (_gate)
        {
            foreach (var (key, _, isOwn) in tally.Keys)
            {
                if (isOwn || !_counts.TryGetValue(key, out var count) || count.Wrong <= 1)
                    _counts.Remove(key);
                else
                    _counts[key] = count with { Wrong = count.Wrong - 1 };
            }
        }
    }

    private TimeSpan Wait(Tally tally, DateTimeOffset now) =>
        tally.Keys.Select(k => Delay(Wrong(k.Key, now) - k.Free) is { Ticks: > 0 } delay ? _counts[k.Key].Last + delay - now : TimeSpan.Zero).Append(TimeSpan.Zero).Max();

    private static TimeSpan Delay(int beyond) => beyond < 0 ? TimeSpan.Zero : beyond > 5 ? Longest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << beyond));

    private int Wrong(string key, DateTimeOffset now) => _counts.TryGetValue(key, out var count) && now - count.Last < Remembered ? count.Wrong : 0;

    // Made-up logins must not fill the memory.
    private void MakeRoom(DateTimeOffset now)
    {
        if (_counts.Count < Most)
            return;
        foreach (var old in _counts.Where(c => now - c.Value.Last >= Remembered).Select(c => c.Key).ToList())
            _counts.Remove(old);
        if (_counts.Count >= Most)
            _counts.Remove(_counts.MinBy(c => c.Value.Wrong).Key);
    }
}
