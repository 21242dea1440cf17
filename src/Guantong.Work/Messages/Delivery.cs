using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Hands messages and signals to the cases that wait for them, or opens the cases that begin by them.</summary>
public sealed class Delivery(Cases cases, Steps steps, PackRegistry packs, Jurisdiction land)
{
    /// <summary>A held case takes a held message.</summary>
    internal async Task DeliverAsync(Change change, Case row, string id, string wait)
    {
        var message = (await change.FindAsync<WorkMessage>($"SELECT {WorkMessage.Columns} FROM work_message WHERE id = @id", new { id }))!;
        await TakenAsync(change, message, row);
        (var text, row) = await steps.Seals.OpenAsync(change, row, message.Data, isMessage: true);
        var data = Json.Values(JsonNode.Parse(text)!.AsObject());
        await steps.TakeAsync(change, row, message.Kind == "signal" ? new ProcessEvent.Signal(change.At, message.Name, data) : new ProcessEvent.Serve(change.At, wait, data));
    }

    /// <summary>The message that begins a case, which has been due longest and for which no case waits, held until the change commits; or null.</summary>
    internal static Task<WorkMessage?> NextBeginningAsync(Change change) => change.FindAsync<WorkMessage>($"""
        SELECT {WorkMessage.Columns} FROM work_message m WHERE m.state = 'ready' AND m.due <= @Stamp AND m.expires > @Stamp AND m.begins IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM work_wait s WHERE {Messages.Fits} AND m.kind = 'message')
        ORDER BY m.due, m.id LIMIT 1{change.SkipLocked}
        """, new { change.Stamp });

    /// <summary>Opens the case that a message begins.</summary>
    internal async Task BeginAsync(Change change, WorkMessage message)
    {
        var (pack, matterId, start) = message.Begins!.Split('/', '#') is [var p, var m, var s] ? (p, m, s) : throw new InvalidOperationException($"“{message.Begins}” is no PACK/MATTER#START.");
        if (await packs.InForceAsync(change, pack) is not { } applied || applied.Pack.Matter(matterId) is not { Process: { } process } matter)
        {
            // The pack was taken out of force since: nothing begins by it any more, a case may still come to wait for a message.
            await change.ExecuteAsync("UPDATE work_message SET begins = NULL, state = @state WHERE id = @Id", new { message.Id, state = message.Kind == "timer" ? "dismissed" : "ready" });
            change.Record("message", message.Kind == "timer" ? "message.dropped" : "message.kept", $"message:{message.Name}");
            return;
        }
        if (applied.Pack.Processes[process.Name].Definition.Body.Starts.All(s => s.Id != start))
            throw new MessageRefusedException("start-gone", start);
        var (text, personal) = await steps.Seals.OpenMessageAsync(change, message.Data);
        var data = JsonNode.Parse(text)!.AsObject();
        var told = (data["region"] as JsonValue)?.TryGetValue<string>(out var code) == true ? code : null;
        if (told is not null && land.Regions.Find(told) is null)
            throw new MessageRefusedException("region-unknown", told);
        var region = told ?? land.Root;
        var id = await cases.OpenAsync(change, applied, matter, matter.Name, region, data, null, message.Sender, start: start, personal: personal);
        await TakenAsync(change, message, (await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @id", new { id }))!);
    }

    private static async Task TakenAsync(Change change, WorkMessage message, Case row)
    {
        await change.ExecuteAsync("UPDATE work_message SET state = 'taken', taken_by = @Number WHERE id = @Id", new { message.Id, row.Number });
        change.Record(row, "message", message.Kind + ".taken", new { message.Name, message.Sender, message = message.Id });
    }
}
