using System.Collections.Concurrent;

namespace Guantong.Trust;

/// <summary>Counts wrong passwords by login, on this node: after five within five minutes the login is shut until five minutes have passed since the last.</summary>
internal sealed class SignInAttempts(TimeProvider clock)
{
    private const int Most = 5;
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, (int Wrong, DateTimeOffset Last)> _wrong = new(StringComparer.OrdinalIgnoreCase);

    public bool IsShut(string login) => _wrong.TryGetValue(login, out var w) && w.Wrong >= Most && clock.GetUtcNow() - w.Last < Span;

    public void Failed(string login)
    {
        var now = clock.GetUtcNow();
        // Made-up logins must not fill the memory.
        if (_wrong.Count > 10_000)
        {
            foreach (var old in _wrong.Where(w => now - w.Value.Last >= Span))
                _wrong.TryRemove(old);
        }
        _wrong.AddOrUpdate(login, (1, now), (_, w) => (now - w.Last < Span ? w.Wrong + 1 : 1, now));
    }

    public void Succeeded(string login) => _wrong.TryRemove(login, out _);
}
