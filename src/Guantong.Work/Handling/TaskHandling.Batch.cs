using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What became of one task of a batch.</summary>
/// <param name="Code">Why nothing was done to it; null where it was.</param>
public sealed record BatchResult(string Id, string? Code);

/// <summary>The same with several tasks at once.</summary>
public sealed partial class TaskHandling
{
    /// <summary>The most tasks of a batch.</summary>
    public const int MostTasks = 100;

    /// <summary>Takes, assigns, hands over or copies several tasks, each by itself: one that cannot be is left as it was, and holds up no other.</summary>
    /// <param name="act">take, assign, hand-over or copy.</param>
    /// <param name="login">Of assign: to whom; null to take it from whoever has it.</param>
    /// <param name="to">Of hand-over: the unit, alone; of copy: whom.</param>
    /// <param name="words">Of hand-over: why; of copy: what for.</param>
    /// <exception cref="ConflictException">There is no such act, or no or too many tasks.</exception>
    public async Task<IReadOnlyList<BatchResult>> ActAsync(string? act, IReadOnlyList<string>? ids, string? login, IReadOnlyList<Addressee>? to, string? words, Person by, CancellationToken cancel = default)
    {
        if (ids is not { Count: > 0 and <= MostTasks } || ids.Any(i => i is null) || act is not ("take" or "assign" or "hand-over" or "copy"))
            throw new ConflictException("batch-what");
        var results = new List<BatchResult>(ids.Count);
        foreach (var id in ids.Distinct())
        {
            try
            {
                await (act switch
                {
                    "take" => tasks.TakeAsync(id, by, giveBack: false, cancel),
                    "assign" => AssignAsync(id, login, null, by, cancel),
                    "hand-over" => HandOverAsync(id, to is [var one] ? one?.Unit : null, words, by, cancel),
                    _ => CopyAsync(id, to, words, by, cancel),
                });
                results.Add(new BatchResult(id, null));
            }
            catch (ConflictException e)
            {
                results.Add(new BatchResult(id, e.Code));
            }
        }
        return results;
    }
}
