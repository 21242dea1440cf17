using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Applications that somebody has begun. Sealed, for their owner alone, in no export; gone when they are sent, after thirty days, and with the account; of whoever has none, after a day.</summary>
public sealed class ApplicationDrafts(Store store, DataKeys keys, TimeProvider clock)
{
    /// <summary>For how long one is kept after it was saved last.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>For how long one of somebody without an account is kept, who answers page by page.</summary>
    public static readonly TimeSpan KeptOfVisitors = TimeSpan.FromDays(1);

    /// <summary>The most that one person has.</summary>
    public const int Most = 50;

    private const string Key = "draft", Visitors = "visitor:";
    private const string Columns = "id AS Id, login AS Login, pack AS Pack, matter AS Matter, data AS Data, version AS Version, saved AS Saved";

    private sealed record Row(string Id, string Login, string Pack, string Matter, string Data, long Version, string Saved);

    /// <summary>Whoever holds a token, and has no account: whose drafts are found by it alone. What is kept of it is its hash.</summary>
    public static Person VisitorOf(string token) => new(Visitors + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))), "", "", "citizen", null, "", []);

    /// <summary>A person's own, the latest first.</summary>
    public Task<IReadOnlyList<Draft>> OfAsync(Person me, CancellationToken cancel = default) => ReadAsync("login = @Login AND saved >= @Since", new { me.Login, Since = SinceOf(me) }, cancel);

    /// <summary>One of them, or null.</summary>
    public async Task<Draft?> FindAsync(Person me, string? id, CancellationToken cancel = default) =>
        !string.IsNullOrEmpty(id) && await ReadAsync("id = @id AND login = @Login AND saved >= @Since", new { id, me.Login, Since = SinceOf(me) }, cancel) is [var found] ? found : null;

    private string SinceOf(Person me) => Time.Write(clock.GetUtcNow() - (IsVisitor(me.Login) ? KeptOfVisitors : Kept));

    /// <summary>Whether a draft's owner has no account.</summary>
    public static bool IsVisitor(string login) => login.StartsWith(Visitors, StringComparison.Ordinal);

    // Of whoever has no account nothing stands there by which their drafts go together.
    private static Task RecordAsync(Change change, Person me, string action, string detail = "{}")
    {
        if (!IsVisitor(me.Login))
            return change.RecordOwnAsync(me.Login, action, detail);
        change.Record("applicant", action, "drafts", detail);
        return Task.CompletedTask;
    }

    private Task<IReadOnlyList<Draft>> ReadAsync(string where, object args, CancellationToken cancel) => store.ReadAsync(async c =>
    {
        var rows = (await c.QueryAsync<Row>($"SELECT {Columns} FROM work_draft WHERE {where} ORDER BY saved DESC, id DESC", args)).AsList();
        if (rows.Count == 0)
            return (IReadOnlyList<Draft>)[];
        var ring = await keys.RingAsync(c, [Key], cancel);
        return [.. rows.Select(r => (Row: r, ring.Open(r.Data, Place(r.Id)).Text)).Where(r => r.Text is not null).Select(r => new Draft(r.Row.Id, Draft.Read(r.Text!), r.Row.Version, r.Row.Saved, r.Row.Login) { Of = (r.Row.Pack, r.Row.Matter) })];
    }, cancel);

    /// <summary>Saves one: a new one where no id is given, else over the version that was seen.</summary>
    /// <exception cref="ConflictException">draft-gone: there is none of that id of theirs; draft-many; draft-long.</exception>
    public async Task<DraftSaving> SaveAsync(Person me, string pack, string matter, string? id, IReadOnlyDictionary<string, string> typed, long version, CancellationToken cancel = default)
    {
        var (text, isNew) = (Draft.Write(typed), string.IsNullOrEmpty(id));
        id = isNew ? Guid.CreateVersion7(clock.GetUtcNow()).ToString("n") : id!;
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                var data = (await keys.RingAsync(change, Key, cancel)).Seal(Key, text, Place(id));
                if (isNew)
                {
                    if (await change.FindAsync<long>("SELECT count(*) FROM work_draft WHERE login = @Login", new { me.Login }) >= Most)
                        throw new ConflictException("draft-many", Most);
                    await change.ExecuteAsync("INSERT INTO work_draft (id, login, pack, matter, data, version, saved) VALUES (@id, @Login, @pack, @matter, @data, 1, @Stamp)", new { id, me.Login, pack, matter, data, change.Stamp });
                }
                else if (await change.ExecuteAsync("UPDATE work_draft SET data = @data, version = version + 1, saved = @Stamp WHERE id = @id AND login = @Login AND pack = @pack AND matter = @matter AND version = @version", new { id, me.Login, pack, matter, data, version, change.Stamp }) == 0)
                    throw new DraftMovedException();
                await RecordAsync(change, me, "draft.saved", JsonSerializer.Serialize(new { matter = $"{pack}/{matter}" }));
            }, cancel);
        }
        catch (DraftMovedException)
        {
            return new DraftSaving(false, await FindAsync(me, id, cancel) is { } now && now.Of == (pack, matter) ? now : throw new ConflictException("draft-gone"));
        }
        return new DraftSaving(true, await FindAsync(me, id, cancel));
    }

    /// <summary>Throws one away; false where there is none of that id of theirs.</summary>
    public Task<bool> RemoveAsync(Person me, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = await change.ExecuteAsync("DELETE FROM work_draft WHERE id = @id AND login = @Login", new { id, me.Login });
        await RecordAsync(change, me, touched == 1 ? "draft.removed" : "draft.remove-missed");
        return touched == 1;
    }, cancel);

    /// <summary>Erases those that are over their time; false where there are none.</summary>
    internal static async Task<bool> ExpireAsync(Change change)
    {
        var over = (await change.QueryAsync<string>($"SELECT id FROM work_draft WHERE saved < @since OR (login LIKE 'visitor:%' AND saved < @soon) ORDER BY saved, id LIMIT 100{change.SkipLocked}", new { since = Time.Write(change.At - Kept), soon = Time.Write(change.At - KeptOfVisitors) })).AsList();
        foreach (var id in over)
            await change.ExecuteAsync("DELETE FROM work_draft WHERE id = @id", new { id });
        if (over.Count > 0)
            change.Record("timer", "draft.expired", "drafts", JsonSerializer.Serialize(new { count = over.Count }));
        return over.Count > 0;
    }

    private static string Place(string id) => "draft:" + id;
}
