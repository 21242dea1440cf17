using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Numbers that run from 1 by name, each given once within the change that keeps it.</summary>
internal static class Counter
{
    /// <summary>The next number under a name.</summary>
    public static Task<long> NextAsync(Change change, string name) =>
        change.FindAsync<long>("INSERT INTO counter (name, value) VALUES (@name, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value", new { name });
}
