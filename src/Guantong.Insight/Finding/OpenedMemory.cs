using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Guantong.Insight;

/// <summary>
/// Counts, in memory alone, how many different visitors opened the same thing after typing the same words, until there are enough of them to say so.
/// Until then words and thing are a hash under a key that is made when the process starts and is kept nowhere; so is the visitor, under words and thing, so that two openings by one visitor cannot be told to be theirs.
/// </summary>
/// <remarks>rights.md 1 and 3: no profile of a person, no count of fewer than five. What one person alone types is never kept in clear. A restart forgets what was not enough yet: learning may be slow.</remarks>
internal sealed class OpenedMemory
{
    /// <summary>From how many different visitors on something is said, and in which steps.</summary>
    public const int Least = 5;

    // For how long openings are taken together, how many visitors of one thing are told apart, and how many pairs wait at once.
    private static readonly TimeSpan Together = TimeSpan.FromDays(30);
    private const int MostVisitors = 500, MostWaiting = 20_000, LongestWords = 20;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<ulong, (DateTimeOffset Since, HashSet<ulong> Visitors)> _waiting = [];
    private readonly Lock _one = new();

    /// <summary>Whether words may ever be learned from: short, and without what may be a number of somebody.</summary>
    public static bool IsTaken(string plain) => plain.Length is > 0 and <= LongestWords && plain.Count(char.IsDigit) < 4;

    /// <summary>Takes an opening.</summary>
    /// <param name="plain">The words, made alike.</param>
    /// <param name="visitor">What tells visitors apart for now; one and the same counts once in thirty days.</param>
    /// <returns>How many visitors there are to be counted now: none, or <see cref="Least"/>.</returns>
    public int Take(string plain, string thing, string visitor, DateTimeOffset at)
    {
        if (!IsTaken(plain))
            return 0;
        var pair = Hash($"{plain}\n{thing}");
        var mark = Hash($"{plain}\n{thing}\n{visitor}");
        lock (_one)
        {
            if (!_waiting.TryGetValue(pair, out var known) || at - known.Since > Together)
            {
                if (_waiting.Count >= MostWaiting)
                    Forget(at);
                _waiting[pair] = known = (at, []);
            }
            return known.Visitors.Count < MostVisitors && known.Visitors.Add(mark) && known.Visitors.Count % Least == 0 ? Least : 0;
        }
    }

    // The oldest go first; a flood of words that nobody else types cannot fill the memory.
    private void Forget(DateTimeOffset at)
    {
        foreach (var old in _waiting.OrderBy(w => w.Value.Since).Where((w, i) => at - w.Value.Since > Together || i < MostWaiting / 10).Select(w => w.Key).ToList())
            _waiting.Remove(old);
    }

    private ulong Hash(string text) => BinaryPrimitives.ReadUInt64LittleEndian(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
}
