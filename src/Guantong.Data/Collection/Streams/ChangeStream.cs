using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guantong.Packs;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;
using NpgsqlTypes;

namespace Guantong.Data;

/// <summary>Follows a table of PostgreSQL by logical replication (pgoutput): first all of it as of one moment, then each change after that moment, in order.</summary>
/// <remarks>The position in the source's log moves in the transaction that writes the rows; the source is told only afterwards. Whichever end is killed, no change is lost and none counts twice.</remarks>
internal sealed class ChangeStream(Warehouse warehouse, DatasetSeals seals, Pack pack, Dataset dataset, OpenConnection from, TimeProvider clock)
{
    /// <summary>What the position of a stream is kept under.</summary>
    public const string Source = "stream";

    // Changes wait for others so long, and no longer: each delivery costs about the same, however many rows it has.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(30), Longest = TimeSpan.FromMilliseconds(300), Idle = TimeSpan.FromSeconds(5);
    private const int Most = 50_000;

    private readonly Feed _feed = dataset.Feed!;
    private readonly string _name = $"{from.Connection.Id}:{dataset.Feed!.Table}";
    private readonly List<string> _wanted = [.. dataset.Feed.Columns.SelectMany(c => c.Headers).Distinct()];
    private readonly List<string> _key = [.. dataset.Key.SelectMany(k => dataset.Feed!.Columns.First(c => c.Field.Name == k.Name).Headers)];
    private readonly Dictionary<string, ChangedRow> _pending = [];
    private long _unmeasured;
    private DateTimeOffset _measured;
    private TimeSpan _measuring;

    private sealed record ChangedRow(string?[] Values, bool IsGone);

    /// <summary>Told after each delivery: how many rows it had.</summary>
    public Action<long> Delivered { get; init; } = _ => { };

    /// <summary>Follows until stopped.</summary>
    /// <exception cref="LoadRefusedException">The source cannot be followed: the reason is its message.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(TableRows.Postgres(from));
            var table = await SourceTable.LookAsync(source, _feed.Table!.Name, _name, _wanted, _key, stop);
            var slot = SlotName();
            await table.PublishAsync(slot, stop);
            await using var connection = new LogicalReplicationConnection(TableRows.Postgres(from).ConnectionString);
            await connection.Open(stop);
            var position = Positions.Of(warehouse, pack.Id, dataset.Id, Source) is { } kept && await table.SlotAsync(slot, stop) is not (null or "lost")
                ? NpgsqlLogSequenceNumber.Parse(kept) : await BeginAsync(connection, table, slot, stop);
            await FollowAsync(connection, table, slot, position, stop);
        }
        catch (DbException e) when (!stop.IsCancellationRequested)
        {
            throw TableRows.Told(_name, e);
        }
        catch (Exception e) when (e is IOException or TimeoutException or System.Net.Sockets.SocketException && !stop.IsCancellationRequested)
        {
            throw new LoadRefusedException(_name, 0, "source-broke", e.Message);
        }
    }

    // A name of this warehouse's own: another that follows the same table has another.
    private string SlotName()
    {
        if (Positions.Of(warehouse, pack.Id, dataset.Id, "slot") is { } kept)
            return kept;
        var made = $"guantong_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        return warehouse.Write(connection =>
        {
            Positions.Move(connection, pack, dataset, "slot", made, clock.GetUtcNow().UtcDateTime);
            return made;
        });
    }

    // The whole table as of the moment at which the log begins for us. What stood before and is no longer there goes.
    private async Task<NpgsqlLogSequenceNumber> BeginAsync(LogicalReplicationConnection connection, SourceTable table, string slot, CancellationToken stop)
    {
        if (await table.SlotAsync(slot, stop) is not null)
            await connection.DropReplicationSlot(slot, wait: true, stop);
        var begun = await connection.CreatePgOutputReplicationSlot(slot, slotSnapshotInitMode: LogicalSlotSnapshotInitMode.Export, cancellationToken: stop);
        var scratch = warehouse.NewScratch();
        try
        {
            using var text = new StagedText(Path.Combine(scratch.FullName, "rows.csv"), _name, _wanted);
            await table.CopyAsync(begun.SnapshotName!, _wanted, text, stop);
            await DeliverAsync([text.End(begun.ConsistentPoint.ToString())], isAll: true, begun.ConsistentPoint, scratch.FullName, isMeasured: true, stop);
        }
        finally
        {
            scratch.Delete(true);
        }
        return begun.ConsistentPoint;
    }

    private async Task FollowAsync(LogicalReplicationConnection connection, SourceTable table, string slot, NpgsqlLogSequenceNumber position, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var messages = connection.StartReplication(new PgOutputReplicationSlot(slot), new PgOutputReplicationOptions(slot, PgOutputProtocolVersion.V1), over.Token, position).GetAsyncEnumerator(over.Token);
        Task<bool>? next = null;
        var (reached, since, skips) = (position, DateTimeOffset.MinValue, false);
        try
        {
            while (true)
            {
                next ??= messages.MoveNextAsync().AsTask();
                if (!next.IsCompleted && !await ComesAsync(next, _pending.Count > 0 ? Quiet : Idle, stop))
                {
                    if (_pending.Count > 0 && reached > position)
                        position = await FlushAsync(connection, reached, stop);
                    else if (_pending.Count == 0)
                        await RestAsync(connection, next);
                    continue;
                }
                if (!await next)
                    throw new LoadRefusedException(_name, 0, "source-broke", "end of the stream");
                next = null;
                switch (messages.Current)
                {
                    case BeginMessage begin:
                        skips = begin.TransactionFinalLsn < position;
                        break;
                    case CommitMessage commit:
                        reached = commit.TransactionEndLsn;
                        break;
                    case RelationMessage relation:
                        ProbedFile.CheckHeader(_name, 0, _wanted, [.. relation.Columns.Select(c => c.ColumnName)]);
                        break;
                    case TruncateMessage when !skips:
                        _pending.Clear();
                        await ClearAsync(stop);
                        break;
                    case var change when !skips:
                        if (_pending.Count == 0)
                            since = clock.GetUtcNow();
                        await TakeAsync(change, table, stop);
                        break;
                }
                // A transaction too large to hold is written in parts; killed between, it comes again from its begin and changes nothing twice.
                var isWhole = messages.Current is CommitMessage;
                if (_pending.Count >= Most || (isWhole && _pending.Count > 0 && clock.GetUtcNow() - since > Longest))
                    position = await FlushAsync(connection, isWhole ? reached : position, stop);
            }
        }
        finally
        {
            // An enumerator that still waits cannot be ended.
            await over.CancelAsync();
            await (next ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await messages.DisposeAsync();
        }
    }

    private async Task<bool> ComesAsync(Task next, TimeSpan wait, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var first = await Task.WhenAny(next, Task.Delay(wait, clock, over.Token));
        await over.CancelAsync();
        stop.ThrowIfCancellationRequested();
        return first == next;
    }

    private async Task TakeAsync(PgOutputReplicationMessage message, SourceTable table, CancellationToken stop)
    {
        switch (message)
        {
            case InsertMessage insert:
                await PutAsync(insert.Relation, insert.NewRow, null, table, stop);
                break;
            case FullUpdateMessage update:
                var old = await ReadAsync(update.Relation, update.OldRow, stop);
                Remove(old.Values);
                await PutAsync(update.Relation, update.NewRow, old.Values, table, stop);
                break;
            case IndexUpdateMessage update:
                Remove((await ReadAsync(update.Relation, update.Key, stop)).Values);
                await PutAsync(update.Relation, update.NewRow, null, table, stop);
                break;
            case DefaultUpdateMessage update:
                await PutAsync(update.Relation, update.NewRow, null, table, stop);
                break;
            case KeyDeleteMessage delete:
                Remove((await ReadAsync(delete.Relation, delete.Key, stop)).Values);
                break;
            case FullDeleteMessage delete:
                Remove((await ReadAsync(delete.Relation, delete.OldRow, stop)).Values);
                break;
        }
    }

    private void Remove(string?[] row) => _pending[NameOf(row)] = new ChangedRow(row, true);

    private async Task PutAsync(RelationMessage relation, ReplicationTuple tuple, string?[]? old, SourceTable table, CancellationToken stop)
    {
        var (row, unchanged) = await ReadAsync(relation, tuple, stop);
        // A long value that did not change is not sent: it stands in the old row, in what waits, or at the source.
        foreach (var i in unchanged)
            row[i] = old?[i];
        if (unchanged.Count > 0 && old is null)
        {
            var known = _pending.GetValueOrDefault(NameOf(row)) is { IsGone: false } waiting ? waiting.Values : await table.FindAsync(_wanted, _key, [.. KeyOf(row)], stop);
            // Gone from the source by now: its removal is on the way.
            foreach (var i in unchanged)
                row[i] = known?[i];
        }
        _pending[NameOf(row)] = new ChangedRow(row, false);
    }

    private IEnumerable<string?> KeyOf(string?[] row) => _key.Select(k => row[_wanted.IndexOf(k)]);

    private string NameOf(string?[] row) => string.Join('\u001f', KeyOf(row));

    private async Task<(string?[] Values, List<int> Unchanged)> ReadAsync(RelationMessage relation, ReplicationTuple tuple, CancellationToken stop)
    {
        var (values, unchanged, column) = (new string?[_wanted.Count], new List<int>(), 0);
        await foreach (var value in tuple.WithCancellation(stop))
        {
            var name = relation.Columns[column++].ColumnName;
            for (var i = 0; i < _wanted.Count; i++)
            {
                if (_wanted[i] != name)
                    continue;
                if (value.IsUnchangedToastedValue)
                    unchanged.Add(i);
                else if (!value.IsDBNull)
                    values[i] = await value.Get<string>(stop);
            }
        }
        return (values, unchanged);
    }

    private async Task<NpgsqlLogSequenceNumber> FlushAsync(LogicalReplicationConnection connection, NpgsqlLogSequenceNumber position, CancellationToken stop)
    {
        var scratch = warehouse.NewScratch();
        try
        {
            using var text = new StagedText(Path.Combine(scratch.FullName, "rows.csv"), _name, _wanted, removes: true);
            foreach (var row in _pending.Values)
                text.Add(row.Values, text.Count + 1, row.IsGone);
            _unmeasured = await DeliverAsync([text.End($"{position}")], isAll: false, position, scratch.FullName, clock.GetUtcNow() - _measured >= Pause, stop);
        }
        finally
        {
            scratch.Delete(true);
        }
        _pending.Clear();
        connection.SetReplicationStatus(position);
        return position;
    }

    // Measuring reads the whole dataset: it takes a tenth of the time at most.
    private TimeSpan Pause => TimeSpan.FromSeconds(Math.Max(1, 10 * _measuring.TotalSeconds));

    /// <returns>The load whose quality is still to be measured; 0 for none.</returns>
    private async Task<long> DeliverAsync(IReadOnlyList<ProbedFile> files, bool isAll, NpgsqlLogSequenceNumber position, string scratch, bool isMeasured, CancellationToken stop)
    {
        var delivery = new Delivery(files, isAll, Source, position.ToString()) { IsKnownByContent = false, IsMeasured = isMeasured };
        var begun = clock.GetTimestamp();
        var summary = await seals.WriteAsync(pack, dataset, keys => RowLoad.Deliver(warehouse, pack, dataset, delivery, scratch, null, keys, stop), stop);
        if (isMeasured)
            (_measured, _measuring) = (clock.GetUtcNow(), clock.GetElapsedTime(begun));
        warehouse.Tell();
        Delivered(summary.RowsIn);
        return isMeasured || summary.Loads.Count == 0 ? 0 : summary.Loads[^1];
    }

    private async Task ClearAsync(CancellationToken stop)
    {
        await Task.Run(() => warehouse.Write(connection =>
        {
            var (load, at) = (connection.Count("SELECT nextval('guantong.load_id')"), clock.GetUtcNow().UtcDateTime);
            var gone = Former.PutAside(connection, pack, dataset, "TRUE", load, at);
            connection.Run("INSERT INTO guantong.load (id, pack, dataset, file, sha256, shape, started, ended, rows_in, rows_added, rows_changed, rows_same, rows_rejected, rows_removed) VALUES (?, ?, ?, ?, '', 'truncate', ?, ?, 0, 0, 0, 0, 0, ?)", load, pack.Id, dataset.Id, _name, at, at, gone);
            warehouse.Counted(connection, pack.Id, dataset.Table, -gone);
            QualityRun.Measure(connection, pack, dataset, load, at);
            return 0;
        }), stop);
        warehouse.Tell();
    }

    // Nothing comes: what was not measured is, and the source may forget what lies behind us.
    private async Task RestAsync(LogicalReplicationConnection connection, Task next)
    {
        if (_unmeasured > 0)
        {
            var load = _unmeasured;
            (_unmeasured, _measured) = (0, clock.GetUtcNow());
            await Task.Run(() => warehouse.Write(c => QualityRun.Measure(c, pack, dataset, load, clock.GetUtcNow().UtcDateTime)));
            warehouse.Tell();
        }
        var received = connection.LastReceivedLsn;
        if (!next.IsCompleted && received > connection.LastAppliedLsn)
            connection.SetReplicationStatus(received);
    }
}
