using Npgsql;

namespace Guantong.Trust;

/// <summary>Waits until what was committed on PostgreSQL is on its disk (and on its standbys, as the server is set): one flush for all who wait.</summary>
/// <remarks>
/// The ledger has one end. If a commit kept it while the disk is written, changes would go at the pace of the disk, one after the other. So a change commits
/// without waiting, which hands the end on, and is answered when a later record is flushed: the log is one, what precedes a record is on disk with it.
/// What a lost server takes with it had been answered to nobody, and whatever was built on it is later in the log and lost with it.
/// </remarks>
internal sealed class Flush(NpgsqlDataSource source)
{
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>Waits; what was committed before this call is kept when it returns.</summary>
    public Task WaitAsync()
    {
        lock (_gate)
            return _next ??= AfterAsync(_running);
    }

    private async Task AfterAsync(Task before)
    {
        // Never goes on within the call that starts it, which has yet to note it as the next.
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
            (_running, _next) = (_next!, null);
        await using var command = source.CreateCommand("SELECT pg_logical_emit_message(true, 'guantong', '')");
        await command.ExecuteNonQueryAsync();
    }
}
