using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Numbers that run from 1 by name, each given once within the change that keeps it.</summary>
internal static class Counter
{
    /// <summary>The next number under a name.</summary>
    public static async Task<long> NextAsync(Change change, string name)
    {
        await change.ExecuteAsync("INSERT INTO counter (name, value) VALUES (@name, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1", new { name });
        return await change.FindAsync<long>("SELECT value FROM counter WHERE name = @name", new { name });
    }
}
