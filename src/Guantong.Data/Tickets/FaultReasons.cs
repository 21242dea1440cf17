using System.Text.RegularExpressions;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What a fault may come from, as the bureau words it.</summary>
/// <param name="Ended">When it was taken off the list; tickets that name it keep it.</param>
public sealed record FaultReason(string Id, string Zh, string En, string? Ended)
{
    /// <summary>In a reader's language.</summary>
    public string Say(string lang) => lang != Lang.Zh ? En : Zh;
}

/// <summary>The list of reasons that the data bureau keeps.</summary>
public sealed partial class FaultReasons(Store store, TimeProvider clock)
{
    private const int Longest = 60;

    /// <summary>The list; with those that were taken off it where asked.</summary>
    public Task<IReadOnlyList<FaultReason>> AllAsync(bool ended = false, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<FaultReason>)[.. await c.QueryAsync<FaultReason>($"SELECT id AS Id, zh AS Zh, en AS En, ended AS Ended FROM quality_reason {(ended ? "" : "WHERE ended IS NULL")} ORDER BY CASE WHEN id = 'other' THEN 1 ELSE 0 END, id")], cancel);

    /// <summary>Puts a reason on the list, words it anew, or takes it back onto it.</summary>
    /// <exception cref="RefusedException">The id or a wording is none.</exception>
    public Task PutAsync(Person by, string id, string? zh, string? en, CancellationToken cancel = default)
    {
        if (!IdForm().IsMatch(id))
            throw new RefusedException(422, "reason-id", id);
        if (string.IsNullOrWhiteSpace(zh) || string.IsNullOrWhiteSpace(en) || zh.Length > Longest || en.Length > Longest)
            throw new RefusedException(422, "reason-words", Longest);
        return store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("INSERT INTO quality_reason (id, zh, en) VALUES (@id, @zh, @en) ON CONFLICT (id) DO UPDATE SET zh = excluded.zh, en = excluded.en, ended = NULL", new { id, zh = zh.Trim(), en = en.Trim() });
            change.Record(by, "reason.put", $"reason:{id}");
        }, cancel);
    }

    /// <summary>Takes a reason off the list.</summary>
    /// <exception cref="RefusedException">It is not on it.</exception>
    public Task EndAsync(Person by, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        if (await change.ExecuteAsync("UPDATE quality_reason SET ended = @Stamp WHERE id = @id AND ended IS NULL", new { id, change.Stamp }) == 0)
            throw new RefusedException(404, "not-found", id);
        change.Record(by, "reason.ended", $"reason:{id}");
    }, cancel);

    // Null for none; else it is one of the list.
    internal static async Task<string?> KnownAsync(Change change, string? id) => string.IsNullOrEmpty(id) ? null
        : await change.FindAsync<string>("SELECT id FROM quality_reason WHERE id = @id AND ended IS NULL", new { id }) ?? throw new RefusedException(422, "ticket-reason-unknown", id);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$")]
    private static partial Regex IdForm();
}
