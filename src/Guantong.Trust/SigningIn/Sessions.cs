using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;

namespace Guantong.Trust;

/// <summary>Who is signed in where. A browser holds a random 256-bit token, the store only its hash, so that the store's reader can be nobody.</summary>
/// <remarks>A node trusts what it read for ten seconds; what ends on a node ends there at once. OWASP ASVS 4.0.3, chapter 3.</remarks>
public sealed class Sessions(Store store, Accounts accounts, TimeProvider clock)
{
    /// <summary>How long a session may be left alone.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    /// <summary>How long a session lasts at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private const int Most = 20_000;
    private const string Columns = "id AS Id, login AS Login, device AS Device, strength AS Strength, proved AS Proved, created AS Created, seen AS Seen, ends AS Ends, post AS Post";
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, Known> _known = new();
    private int _endings;

    private sealed record Known(Session Session, Person Person, DateTimeOffset Read);

    /// <summary>Told the login whose sessions ended, or whose rights changed, on this node.</summary>
    public event Action<string>? Ended;

    /// <summary>Begins a session; the one that the browser held before ends, so that nobody can have planted it.</summary>
    /// <returns>The token for the browser, which is kept nowhere else.</returns>
    /// <remarks>Session fixation: ASVS 3.2.1.</remarks>
    public async Task<string> StartAsync(Person person, Strength strength, string device, string? before = null, CancellationToken cancel = default)
    {
        var (id, token) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), NewToken());
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("DELETE FROM session WHERE hash = @hash OR ends < @now", new { hash = Hash(before ?? ""), now = change.Stamp });
            await change.ExecuteAsync(
                "INSERT INTO session (id, hash, login, device, strength, proved, created, seen, ends) VALUES (@id, @hash, @login, @device, @strength, @now, @now, @now, @ends)",
                new { id, hash = Hash(token), login = person.Login, device, strength = strength.ToString(), now = change.Stamp, ends = Time.Write(change.At + Longest) });
            await change.RecordOfAsync(person, "session.started", person.Login, JsonSerializer.Serialize(new { session = id, strength = strength.ToString() }));
        }, cancel);
        Forget(person.Login);
        return token;
    }

    /// <summary>Notes that its person has proved again who they are; the token changes with it.</summary>
    /// <returns>The new token, or null when the session is no longer there.</returns>
    public async Task<string?> ProveAsync(Session session, Strength strength, CancellationToken cancel = default)
    {
        var token = NewToken();
        var touched = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.RecordOwnAsync(session.Login, "session.proved", JsonSerializer.Serialize(new { session = session.Id, strength = strength.ToString() }));
            return await change.ExecuteAsync("UPDATE session SET hash = @hash, proved = @now, seen = @now, strength = @strength WHERE id = @Id",
                new { hash = Hash(token), now = change.Stamp, strength = strength.ToString(), session.Id });
        }, cancel);
        Forget(session.Login);
        return touched == 1 ? token : null;
    }

    /// <summary>Whose a token is, or null when no session in force has it.</summary>
    public async Task<(Session Session, Person Person)?> FindAsync(string token, CancellationToken cancel = default)
    {
        var (hash, now) = (Hash(token), clock.GetUtcNow());
        // A role for a time is over everywhere at its end, whatever a node remembers.
        if (_known.TryGetValue(hash, out var known) && now - known.Read < Trusted && now >= known.Read && known.Person.Elevated.All(e => Time.Read(e.Until) > now))
            return known.Session.StandsAt(now) ? (known.Session, known.Person) : null;
        var endings = Volatile.Read(ref _endings);
        var session = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Session>($"SELECT {Columns} FROM session WHERE hash = @hash", new { hash }), cancel);
        if (session is null || !session.StandsAt(now) || await accounts.ElevatedAsync(session.Login, session.Post, cancel) is not { } person)
            return null;
        session = await NoteSeenAsync(session, now, cancel);
        if (_known.Count > Most)
            _known.Clear();
        // What was read before something ended may be what ended.
        if (endings == Volatile.Read(ref _endings))
            _known[hash] = new Known(session, person, now);
        return (session, person);
    }

    /// <summary>Whether a session is still in force, for a page that stays open over it.</summary>
    /// <param name="isUsed">Whether its person did something since this was last asked: then it is not left alone.</param>
    public async Task<bool> StandsAsync(string id, bool isUsed, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var session = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Session>($"SELECT {Columns} FROM session WHERE id = @id", new { id }), cancel);
        if (session is null || !session.StandsAt(now))
            return false;
        if (isUsed)
            await NoteSeenAsync(session, now, cancel);
        return true;
    }

    // No act, so no entry: a ledger of each look would be a track of the person.
    private async Task<Session> NoteSeenAsync(Session session, DateTimeOffset now, CancellationToken cancel)
    {
        if (now - Time.Read(session.Seen) < SeenStep)
            return session;
        var seen = Time.Write(now);
        await store.ReadAsync(c => c.ExecuteAsync("UPDATE session SET seen = @seen WHERE id = @Id AND seen < @seen", new { seen, session.Id }), cancel);
        return session with { Seen = seen };
    }

    /// <summary>A person's sessions in force, the last used first.</summary>
    public async Task<IReadOnlyList<Session>> OfAsync(string login, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var rows = await store.ReadAsync(c => c.QueryAsync<Session>($"SELECT {Columns} FROM session WHERE login = @login ORDER BY seen DESC, created DESC, id", new { login }), cancel);
        return [.. rows.Where(s => s.StandsAt(now))];
    }

    /// <summary>Ends one session of a person; false when they have none of that id.</summary>
    public Task<bool> EndAsync(Person by, string login, string id, CancellationToken cancel = default) =>
        EndWhereAsync(by, login, "id = @id", new { login, id }, cancel);

    /// <summary>Ends all sessions of a person, but for one to be kept; gives whether there were any.</summary>
    /// <param name="by">Who ends them: the person, an administrator, a service.</param>
    public Task<bool> EndAllAsync(Person by, string login, string? but = null, CancellationToken cancel = default) =>
        EndWhereAsync(by, login, "id <> @id", new { login, id = but ?? "" }, cancel);

    private async Task<bool> EndWhereAsync(Person by, string login, string which, object args, CancellationToken cancel)
    {
        var ended = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var ids = (await change.QueryAsync<string>($"SELECT id FROM session WHERE login = @login AND {which}", args)).ToList();
            await change.ExecuteAsync($"DELETE FROM session WHERE login = @login AND {which}", args);
            await change.RecordOfAsync(by, ids.Count > 0 ? "session.ended" : "session.end-missed", login, JsonSerializer.Serialize(new { sessions = ids }));
            return ids.Count;
        }, cancel);
        Forget(login);
        Ended?.Invoke(login);
        return ended > 0;
    }

    /// <summary>Chooses the post that a session acts in.</summary>
    public async Task ChooseAsync(Session session, string? post, CancellationToken cancel = default)
    {
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("UPDATE session SET post = @post WHERE id = @Id", new { post, session.Id });
            await change.RecordOwnAsync(session.Login, "session.post-chosen", JsonSerializer.Serialize(new { session = session.Id, post }));
        }, cancel);
        Forget(session.Login);
    }

    /// <summary>Reads a person's rights anew from here on, in open pages too.</summary>
    public void RightsChanged(string login)
    {
        Forget(login);
        Ended?.Invoke(login);
    }

    /// <summary>Whether a session stands and its person's roles are still those that a page was opened with.</summary>
    public async Task<bool> RolesStandAsync(string id, Person person, CancellationToken cancel = default) =>
        await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Session>($"SELECT {Columns} FROM session WHERE id = @id", new { id }), cancel) is { } session && session.StandsAt(clock.GetUtcNow())
        && await accounts.ElevatedAsync(session.Login, session.Post, cancel) is { } now && now.Roles.ToHashSet().SetEquals(person.Roles);

    /// <summary>Reads a person's sessions and rights anew from here on.</summary>
    public void Forget(string login)
    {
        Interlocked.Increment(ref _endings);
        foreach (var known in _known.Where(k => k.Value.Session.Login == login))
            _known.TryRemove(known);
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
