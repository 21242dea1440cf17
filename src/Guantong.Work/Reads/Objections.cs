using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What a person asks about a read of their data that seems wrong to them (异议), and what they are told.</summary>
/// <param name="Entry">The ledger entry that they ask about.</param>
/// <param name="Unit">The unit that answered, or null.</param>
public sealed record Objection(string Id, long Entry, string Words, string Asked, string? Answer, string? Answered, string? Unit);

/// <summary>The same for who answers it: with the entry as the ledger has it, who did it too.</summary>
public sealed record AskedObjection(Objection Asked, LedgerEntry? Entry);

/// <summary>Keeps what people ask about reads of their data, and what security officers and auditors answer.</summary>
/// <remarks>rights.md 6. 个人信息保护法 §50: who handles personal data answers those whom it concerns.</remarks>
public sealed class Objections(Store store, Reads reads, Ledger ledger, DataKeys keys, Notices notices, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest question or answer, in characters.</summary>
    public const int Longest = 1000;

    private const string Key = "objection";
    private const string Columns = "id AS Id, entry AS Entry, words AS Words, asked AS Asked, answer AS Answer, answered AS Answered, unit AS Unit";

    /// <summary>Asks about an entry that concerns one's own data.</summary>
    /// <returns>Null where it is kept, else what stands in the way: objection-words, objection-entry or objection-asked.</returns>
    public async Task<string?> AskAsync(Person me, string? of, long entry, string? words, CancellationToken cancel = default)
    {
        if (string.IsNullOrWhiteSpace(words) || words.Length > Longest)
            return "objection-words";
        if (await reads.SubjectAsync(me, of, cancel) is not { } subject || await reads.FindAsync(me, subject, entry, Lang.Zh, cancel) is null)
            return "objection-entry";
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var id = Guid.CreateVersion7(change.At).ToString("n");
            var kept = (await keys.RingAsync(change, Key, cancel)).Seal(Key, words.Trim(), Place(id));
            var touched = await change.ExecuteAsync("INSERT INTO work_objection (id, subject, entry, words, asked) VALUES (@id, @subject, @entry, @kept, @Stamp) ON CONFLICT (subject, entry) DO NOTHING", new { id, subject, entry, kept, change.Stamp });
            change.Record(me, touched == 1 ? "objection.asked" : "objection.asked-again", $"entry:{entry}", subject: subject);
            return touched == 1 ? null : "objection-asked";
        }, cancel);
    }

    /// <summary>What a person asked of one of their own, the latest first; at most a hundred.</summary>
    public async Task<IReadOnlyList<Objection>> OfAsync(Person me, string? of, CancellationToken cancel = default) => await reads.SubjectAsync(me, of, cancel) is not { } subject ? []
        : await store.ReadAsync(async c => await OpenAsync(c, await c.QueryAsync<Objection>($"SELECT {Columns} FROM work_objection WHERE subject = @subject ORDER BY asked DESC, id DESC LIMIT 100", new { subject })), cancel);

    /// <summary>A page of what was asked, those without an answer first, then the latest.</summary>
    public async Task<Page<AskedObjection>> PageAsync(int skip, int take, CancellationToken cancel = default)
    {
        var (rows, total) = await store.ReadAsync(async c => (
            await OpenAsync(c, await c.QueryAsync<Objection>($"SELECT {Columns} FROM work_objection ORDER BY CASE WHEN answered IS NULL THEN 0 ELSE 1 END, asked DESC, id DESC LIMIT @take OFFSET @skip", new { take, skip })),
            await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_objection")), cancel);
        var items = new List<AskedObjection>();
        foreach (var row in rows)
            items.Add(new AskedObjection(row, await ledger.FindAsync(row.Entry, cancel)));
        return new Page<AskedObjection>(items, total, skip, take);
    }

    /// <summary>Answers what was asked, once.</summary>
    /// <returns>Null where it is answered now, else what stands in the way: objection-words, objection-gone, objection-own or objection-answered.</returns>
    public async Task<string?> AnswerAsync(Person by, string id, string? answer, CancellationToken cancel = default)
    {
        if (string.IsNullOrWhiteSpace(answer) || answer.Length > Longest)
            return "objection-words";
        var row = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<(string Subject, long Entry)?>("SELECT subject, entry FROM work_objection WHERE id = @id", new { id }), cancel);
        if (row is not var (subject, entry))
            return "objection-gone";
        // Nobody answers for what they did themselves, nor what they asked.
        if ((await ledger.FindAsync(entry, cancel))?.Actor == by.Login || await store.SubjectOfAsync(by.Login, cancel) == subject)
            return "objection-own";
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var kept = (await keys.RingAsync(change, Key, cancel)).Seal(Key, answer.Trim(), Place(id));
            var touched = await change.ExecuteAsync("UPDATE work_objection SET answer = @kept, answered = @Stamp, answered_by = @Login, unit = @Unit WHERE id = @id AND answered IS NULL", new { kept, change.Stamp, by.Login, by.Unit, id });
            change.Record(by, touched == 1 ? "objection.answered" : "objection.answer-missed", $"entry:{entry}", subject: subject);
            if (touched == 1)
                await notices.TellAsync(change, subject, "answered", "objection:" + id, "/me/reads#asked");
            return touched == 1 ? null : "objection-answered";
        }, cancel);
    }

    /// <summary>The name of the unit that answered.</summary>
    public string? UnitOf(Objection objection, string lang) => objection.Unit is { } unit ? land.Units.Find(unit)?.Say(lang) ?? unit : null;

    private async Task<IReadOnlyList<Objection>> OpenAsync(System.Data.Common.DbConnection connection, IEnumerable<Objection> rows)
    {
        var kept = rows.ToList();
        if (kept.Count == 0)
            return [];
        var ring = await keys.RingAsync(connection, [Key]);
        string Open(string text, string id) => ring.Open(text, Place(id)).Text ?? CaseSeals.Erased;
        return [.. kept.Select(o => o with { Words = Open(o.Words, o.Id), Answer = o.Answer is { } answer ? Open(answer, o.Id) : null })];
    }

    private static string Place(string id) => "objection:" + id;
}
