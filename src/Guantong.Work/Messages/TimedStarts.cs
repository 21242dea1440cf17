using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>
/// Matters whose process begins by time (BPMN 2.0.2, clause 10.5.2). Their next times are rows, kept in the transaction that brings a pack into force.
/// A time that comes is a message that begins a case: retried, seen and mended as any other.
/// </summary>
internal static class TimedStarts
{
    private sealed record Row(string Id, string Pack, string Begins, string Name, string? Due, string? Every, long Remaining);

    /// <summary>Brings the rows in line with a pack. A timer that stays as it was keeps its times; a new or changed one counts from now.</summary>
    public static async Task KeepAsync(Change change, AppliedPack applied)
    {
        var pack = applied.Pack;
        var known = (await change.QueryAsync<(string Id, string Timer)>("SELECT id, timer FROM work_start WHERE pack = @Id", new { pack.Id })).ToDictionary(r => r.Id, r => r.Timer);
        var timers =
            from matter in pack.Matters
            where matter.Process is not null
            from start in pack.Processes[matter.Process!.Name].Definition.Body.Starts
            from timer in start.Events.Where(e => e.Timer is not null).Select((e, i) => (Spec: e.Timer!, Number: i))
            select (Begins: $"{pack.Id}/{matter.Id}#{start.Id}", timer.Number, start.Label, timer.Spec);
        foreach (var (begins, number, name, spec) in timers.ToList())
        {
            var (id, timer) = ($"{begins}:{number}", $"{spec.Kind} {spec.Text}");
            if (known.Remove(id, out var was) && was == timer)
                continue;
            var next = Schedule.From(spec, change.At);
            await change.ExecuteAsync("""
                INSERT INTO work_start (id, pack, begins, name, timer, due, every, remaining) VALUES (@id, @packId, @begins, @name, @timer, @due, @Every, @Left)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, timer = excluded.timer, due = excluded.due, every = excluded.every, remaining = excluded.remaining
                """, new { id, packId = pack.Id, begins, name, timer, due = next is null ? null : Subscriptions.Stamp(next.Due), Every = next?.Every, Left = next?.Left ?? 0 });
            change.Record("process", "start.set", $"pack:{pack.Id}", JsonSerializer.Serialize(new { begins, timer, due = next is null ? null : Subscriptions.Stamp(next.Due) }, Json.Plain));
        }
        foreach (var id in known.Keys)
        {
            await change.ExecuteAsync("DELETE FROM work_start WHERE id = @id", new { id });
            change.Record("process", "start.removed", $"pack:{pack.Id}", JsonSerializer.Serialize(new { begins = id }, Json.Plain));
        }
    }

    /// <summary>The time that has come first sends its message, and the next one is set; false when none has come.</summary>
    public static async Task<bool> FireNextAsync(Change change)
    {
        var row = await change.FindAsync<Row>($"SELECT id AS Id, pack AS Pack, begins AS Begins, name AS Name, due AS Due, every AS Every, remaining AS Remaining FROM work_start WHERE due <= @Stamp ORDER BY due, id LIMIT 1{change.SkipLocked}", new { change.Stamp });
        if (row is null)
            return false;
        var next = new Schedule(Time.Read(row.Due!), row.Every, (int)row.Remaining).Next();
        await change.ExecuteAsync("UPDATE work_start SET due = @due, remaining = @Left WHERE id = @Id", new { row.Id, due = next is null ? null : Subscriptions.Stamp(next.Due), Left = next?.Left ?? 0 });
        var data = new JsonObject { ["scheduled"] = row.Due }.ToJsonString(Json.Plain);
        await Messages.InsertAsync(change, "timer", row.Name, null, data, null, row.Begins, Messages.Kept, null, "timer");
        change.Record("timer", "start.fired", $"pack:{row.Pack}", JsonSerializer.Serialize(new { row.Begins, row.Due }, Json.Plain));
        return true;
    }
}
