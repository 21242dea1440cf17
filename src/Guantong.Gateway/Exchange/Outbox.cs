using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Gateway;

/// <summary>A message that is posted to a peer.</summary>
/// <param name="State">waiting, delivered or refused.</param>
/// <param name="Fault">Why the last attempt failed.</param>
public sealed record PostedMessage(string Id, string Peer, long Number, string Topic, string State, long Attempts, string Made, string? Delivered, string Fault);

/// <summary>A message that a peer posted.</summary>
public sealed record InboxMessage(string Id, string Peer, long Number, string? Unit, string Topic, string ContentType, string Received, byte[] Body);

/// <summary>Posts messages to peers in their order: each stays until the peer has signed that it has it, however long it is away.</summary>
public sealed partial class Outbox(Store store, ExchangeOut exchange, TimeProvider clock, ILogger<Outbox> log) : BackgroundService
{
    /// <summary>The largest body in bytes.</summary>
    public const int Largest = 4 << 20;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);
    private readonly SemaphoreSlim _news = new(0);

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Peer { get; set; } = "";
        public long Number { get; set; }
        public string? Unit { get; set; }
        public string Topic { get; set; } = "";
        public string ContentType { get; set; } = "";
        public string Body { get; set; } = "";
        public string Due { get; set; } = "";
        public long Attempts { get; set; }
    }

    /// <summary>Takes a message; it will come to the peer once, after those before it.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> TakeAsync(Person by, string peer, string topic, string contentType, byte[] body, CancellationToken cancel = default)
    {
        var id = Guid.NewGuid().ToString("n");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // On PostgreSQL two nodes may take at once: the peer's row is held, so that numbers have no gap.
            await change.FindAsync<string>($"SELECT id FROM exchange_peer WHERE id = @peer{change.ForUpdate}", new { peer });
            var number = (await change.FindAsync<long?>("SELECT max(number) FROM exchange_outbox WHERE peer = @peer", new { peer }) ?? 0) + 1;
            await change.ExecuteAsync("INSERT INTO exchange_outbox (peer, number, id, unit, topic, content_type, body, made, state, attempts, due) VALUES (@peer, @number, @id, @Unit, @topic, @contentType, @body, @Stamp, 'waiting', 0, @Stamp)",
                new { peer, number, id, by.Unit, topic, contentType, body = Convert.ToBase64String(body), change.Stamp });
            change.Record(by, "exchange.posted", $"message:{id}", JsonSerializer.Serialize(new { peer, number, topic, bytes = body.Length }));
        }, cancel);
        _news.Release();
        return id;
    }

    /// <summary>What was posted, the newest first.</summary>
    public Task<IReadOnlyList<PostedMessage>> ListAsync(string? state, int take, CancellationToken cancel = default) => store.ReadAsync(async c => (IReadOnlyList<PostedMessage>)(await c.QueryAsync<PostedMessage>(
        $"SELECT id AS Id, peer AS Peer, number AS Number, topic AS Topic, state AS State, attempts AS Attempts, made AS Made, delivered AS Delivered, fault AS Fault FROM exchange_outbox {(state is null ? "" : "WHERE state = @state")} ORDER BY made DESC, number DESC LIMIT @take", new { state, take })).AsList(), cancel);

    /// <summary>What came from a peer after a number, in order.</summary>
    public Task<IReadOnlyList<InboxMessage>> InboxAsync(string peer, long after, int take, CancellationToken cancel = default) => store.ReadAsync(async c => (IReadOnlyList<InboxMessage>)
        [.. (await c.QueryAsync<(string Id, string Peer, long Number, string? Unit, string Topic, string Type, string Received, string Body)>("SELECT id, peer, number, unit, topic, content_type, received, body FROM exchange_inbox WHERE peer = @peer AND number > @after ORDER BY number LIMIT @take", new { peer, after, take }))
            .Select(m => new InboxMessage(m.Id, m.Peer, m.Number, m.Unit, m.Topic, m.Type, m.Received, Convert.FromBase64String(m.Body)))], cancel);

    /// <summary>Delivers what is due, each peer's in order; gives how many came there.</summary>
    public async Task<int> DeliverAsync(CancellationToken cancel = default)
    {
        // The first that waits for each peer: what is behind it waits with it.
        var firsts = await store.ReadAsync(c => c.QueryAsync<Row>("""
            SELECT o.id, o.peer, o.number, o.unit, o.topic, o.content_type AS ContentType, o.body, o.due, o.attempts FROM exchange_outbox o
            WHERE o.state = 'waiting' AND o.number = (SELECT min(i.number) FROM exchange_outbox i WHERE i.peer = o.peer AND i.state = 'waiting')
            """), cancel);
        // A peer that takes its time keeps no other waiting.
        return (await Task.WhenAll(firsts.Select(first => DeliverAsync(first, cancel)))).Sum();
    }

    private async Task<int> DeliverAsync(Row first, CancellationToken cancel)
    {
        var delivered = 0;
        for (var next = first; next is not null && Time.Read(next.Due) <= clock.GetUtcNow(); next = await NextAsync(next, cancel))
        {
            if (!await TryAsync(next, cancel))
                break;
            delivered++;
        }
        return delivered;
    }

    private Task<Row?> NextAsync(Row after, CancellationToken cancel) => store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>(
        "SELECT id, peer, number, unit, topic, content_type AS ContentType, body, due, attempts FROM exchange_outbox WHERE peer = @Peer AND number > @Number AND state = 'waiting' ORDER BY number LIMIT 1", after), cancel);

    private async Task<bool> TryAsync(Row row, CancellationToken cancel)
    {
        try
        {
            var kept = await exchange.PostAsync(row.Peer, row.Id, row.Number, row.Unit, row.Topic, row.ContentType, Convert.FromBase64String(row.Body), cancel);
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                // The body was for the way only.
                await change.ExecuteAsync("UPDATE exchange_outbox SET state = 'delivered', delivered = @Stamp, attempts = attempts + 1, fault = '', body = '' WHERE id = @Id", new { change.Stamp, row.Id });
                change.Record("exchange", "exchange.delivered", $"message:{row.Id}", kept, row.Unit);
            }, cancel);
            return true;
        }
        catch (MessageException fault)
        {
            LogFailed(log, row.Id, row.Peer, fault.Code);
            var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(row.Attempts, 10))));
            await store.ReadAsync(c => c.ExecuteAsync("UPDATE exchange_outbox SET attempts = attempts + 1, due = @due, fault = @Code WHERE id = @Id", new { due = Time.Write(clock.GetUtcNow() + wait), fault.Code, row.Id }), cancel);
            return false;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await DeliverAsync(stoppingToken);
                }
                catch (System.Data.Common.DbException e)
                {
                    // The store is away: whatever came to a peer without being noted here comes again, and is known there by its number.
                    LogStopped(log, e);
                }
                await _news.WaitAsync(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is delivered by the next process.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Messages could not be delivered; they wait")]
    private static partial void LogStopped(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The message {Id} did not come to {Peer}: {Why}")]
    private static partial void LogFailed(ILogger log, string id, string peer, string why);
}
