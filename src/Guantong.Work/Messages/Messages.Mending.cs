using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What an operator does about messages: see, mend and send again, drop; and messages that nobody took in their time.</summary>
public sealed partial class Messages
{
    /// <summary>A page of messages, the latest first.</summary>
    /// <param name="state">ready (kept), waiting (kept, to be tried again), taken, expired, failed or dismissed; null for all.</param>
    /// <param name="name">Name of the message or signal; null for all.</param>
    /// <param name="words">Words of its name, key, sender or taker; null for all.</param>
    public Task<Page<WorkMessage>> PageAsync(string? state, string? name, string? words, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var from = """
            FROM work_message m WHERE (@state IS NULL OR CASE WHEN state = 'ready' AND attempts > 0 THEN 'waiting' ELSE state END = @state) AND (@name IS NULL OR name = @name)
              AND (@words IS NULL OR name LIKE @words ESCAPE '\' OR key LIKE @words ESCAPE '\' OR sender LIKE @words ESCAPE '\' OR taken_by LIKE @words ESCAPE '\')
            """ + rights.OfMessage();
        var args = rights.With(new { state, name, words = Cases.Like(words), skip, take });
        var items = (await connection.QueryAsync<WorkMessage>($"SELECT {WorkMessage.Columns} {from} ORDER BY sent DESC, id DESC LIMIT @take OFFSET @skip", args)).AsList();
        return new Page<WorkMessage>(items, await connection.ExecuteScalarAsync<long>($"SELECT count(*) {from}", args), skip, take);
    }, cancel);

    /// <summary>Sends a message that failed or expired once more, with its data mended first where some are given.</summary>
    /// <exception cref="ConflictException">It is not there, or not to be sent again, or its case's incident is to be resolved instead.</exception>
    public Task RetryAsync(string id, JsonObject? data, string reason, Person by, CancellationToken cancel = default) => ResolveAsync(id, "retried", data?.Select(d => d.Key) ?? [], reason, by, m => m.MayRetry, async (change, message) =>
    {
        var mended = JsonNode.Parse(message.Data)!.AsObject();
        foreach (var (name, value) in data ?? [])
            mended[name] = value?.DeepClone();
        // Since it was sent, another process may have come to begin by it.
        var begins = message.Kind == "message" ? Begun(EventKind.Message, message.Name).FirstOrDefault() : message.Begins;
        await change.ExecuteAsync("UPDATE work_message SET state = 'ready', attempts = 0, why = NULL, error = NULL, data = @data, begins = @begins, due = @Stamp, expires = @until WHERE id = @Id",
            new { message.Id, data = await seals.MessageAsync(change, mended.ToJsonString(Json.Plain)), begins, change.Stamp, until = Time.Write(change.At + Kept) });
    }, cancel);

    /// <summary>Drops a message that nobody is to take.</summary>
    /// <exception cref="ConflictException">It is not there, was taken already, or its case's incident is to be resolved instead.</exception>
    public Task DropAsync(string id, string reason, Person by, CancellationToken cancel = default) => ResolveAsync(id, "dropped", [], reason, by, m => m.MayDrop, (change, message) =>
        change.ExecuteAsync("UPDATE work_message SET state = 'dismissed' WHERE id = @Id", new { message.Id }), cancel);

    private async Task ResolveAsync(string id, string how, IEnumerable<string> changed, string given, Person by, Func<WorkMessage, bool> may, Func<Change, WorkMessage, Task> act, CancellationToken cancel)
    {
        var reason = Reason.Of(given);
        var rights = by.Rows("message.mend", land);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var message = await change.FindAsync<WorkMessage>($"SELECT {WorkMessage.Columns} FROM work_message m WHERE id = @id{rights.OfMessage()}{change.ForUpdate}", rights.With(new { id })) ?? throw new ConflictException("message-gone");
            if (await change.FindAsync<string>("SELECT id FROM work_incident WHERE item = @id AND resolved IS NULL", new { id }) is not null)
                throw new ConflictException("message-incident");
            if (!may(message))
                throw new ConflictException("message-over");
            await change.ExecuteAsync("UPDATE work_message SET resolved_by = @Login, reason = @reason WHERE id = @id", new { id, by.Login, reason });
            // What was mended stays with the message, which can be erased; the ledger keeps the names alone.
            change.Record(by, "message." + how, $"message:{message.Name}", JsonSerializer.Serialize(new { message = id, reason, changed }, Json.Plain));
            await act(change, message);
        }, cancel);
        signal.Raise();
    }

    /// <summary>Messages whose time is over are told as expired; false when there are none.</summary>
    internal static async Task<bool> ExpireAsync(Change change)
    {
        var over = (await change.QueryAsync<WorkMessage>($"SELECT {WorkMessage.Columns} FROM work_message WHERE state = 'ready' AND expires <= @Stamp ORDER BY expires, id LIMIT 100{change.SkipLocked}", new { change.Stamp })).AsList();
        foreach (var message in over)
        {
            await change.ExecuteAsync("UPDATE work_message SET state = 'expired' WHERE id = @Id", new { message.Id });
            // A case that sent it reads of it in its own record.
            var told = new { message.Name, message = message.Id };
            if (await SenderAsync(change, message) is { } sender)
                change.Record(sender, "message", message.Kind + ".expired", told);
            else
                change.Record("message", message.Kind + ".expired", $"message:{message.Name}", JsonSerializer.Serialize(told, Json.Plain));
        }
        return over.Count > 0;
    }

    private static async Task<Case?> SenderAsync(Change change, WorkMessage message) => !message.Sender.StartsWith("case:", StringComparison.Ordinal) ? null
        : await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE number = @number", new { number = message.Sender["case:".Length..] });
}

/// <summary>A message cannot begin a case as it is; trying it again would not help.</summary>
/// <param name="why">region-unknown or start-gone.</param>
/// <param name="detail">Which.</param>
public sealed class MessageRefusedException(string why, string detail) : Exception($"{why}: {detail}")
{
    /// <summary>Why.</summary>
    public string Why { get; } = why;

    /// <summary>Which.</summary>
    public string Detail { get; } = detail;
}
