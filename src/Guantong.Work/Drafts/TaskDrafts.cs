using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What officials type into a task's form, saved as they type. One for a task, for whoever may do it now: who takes it over, or stands in, goes on with it. Sealed by the pack's key, and gone when the task is done.</summary>
public sealed class TaskDrafts(Store store, Tasks tasks, DataKeys keys, TimeProvider clock)
{
    private sealed record Row(string Data, long Version, string Saved, string Login, string Pack);

    private const string Find = "SELECT d.data AS Data, d.version AS Version, d.saved AS Saved, d.login AS Login, c.pack AS Pack FROM work_task_draft d JOIN work_task t ON t.id = d.task_id JOIN work_case c ON c.id = t.case_id WHERE d.task_id = @taskId AND t.state = 'open'";

    /// <summary>The draft of a task that somebody works on, or null.</summary>
    public async Task<Draft?> FindAsync(WorkTask task, Person by, CancellationToken cancel = default) => Policy.MayWork(by, task.Unit) ? await NowAsync(task.Id, cancel) : null;

    private Task<Draft?> NowAsync(string taskId, CancellationToken cancel) => store.ReadAsync(async c =>
    {
        if (await c.QueryFirstOrDefaultAsync<Row>(Find, new { taskId }) is not { } row)
            return null;
        // Under a key that was destroyed there is nothing left of it.
        return (await keys.RingAsync(c, [CaseSeals.KeyOf(row.Pack)], cancel)).Open(row.Data, Place(taskId)).Text is { } text ? new Draft(taskId, Draft.Read(text), row.Version, row.Saved, row.Login) : null;
    }, cancel);

    /// <summary>Saves what is typed, over the version that was seen (0 where there was none).</summary>
    /// <exception cref="ConflictException">They may not do the task now; or draft-long.</exception>
    public async Task<DraftSaving> SaveAsync(string taskId, IReadOnlyDictionary<string, string> typed, long version, Person by, CancellationToken cancel = default)
    {
        var text = Draft.Write(typed);
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                var (task, row) = await tasks.HoldAsync(change, taskId, by);
                // Of tasks that ended otherwise than by being done.
                await change.ExecuteAsync("DELETE FROM work_task_draft WHERE EXISTS (SELECT 1 FROM work_task t WHERE t.id = work_task_draft.task_id AND t.state <> 'open')");
                var key = CaseSeals.KeyOf(row.Pack);
                var data = (await keys.RingAsync(change, key, cancel)).Seal(key, text, Place(taskId));
                if ((await change.FindAsync<long?>("SELECT version FROM work_task_draft WHERE task_id = @taskId", new { taskId }) ?? 0) != version)
                    throw new DraftMovedException();
                await change.ExecuteAsync(version == 0 ? "INSERT INTO work_task_draft (task_id, data, version, saved, login) VALUES (@taskId, @data, 1, @Stamp, @Login)"
                    : "UPDATE work_task_draft SET data = @data, version = version + 1, saved = @Stamp, login = @Login WHERE task_id = @taskId", new { taskId, data, change.Stamp, by.Login });
                change.Record(row, by, "draft.saved", new { task = task.Node });
            }, cancel);
        }
        catch (DraftMovedException)
        {
            return new DraftSaving(false, await NowAsync(taskId, cancel));
        }
        return new DraftSaving(true, await NowAsync(taskId, cancel));
    }

    /// <summary>Within the change that finishes a task.</summary>
    internal static void Forget(Change change, string taskId) => change.Later("DELETE FROM work_task_draft WHERE task_id = @taskId", new { taskId });

    private static string Place(string taskId) => "draft:" + taskId;
}
