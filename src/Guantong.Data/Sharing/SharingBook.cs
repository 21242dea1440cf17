using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Requests for data on their way to a grant, and grants: asked, checked, decided step by step, suspended, renewed, ended.</summary>
/// <remarks>Plan, annex 6 §5(4)2 (数据共享系统). Every change counts <c>share_version</c> up, by which each node of the gateway learns of it.</remarks>
public sealed class SharingBook(Store store, SharedThings things, PackRegistry packs, Jurisdiction land, TimeProvider clock, ShareSignal signal)
{
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string RequestColumns = "id, about, name, unit, asked, asked_by AS AskedBy, terms, checks, grade, state, due, ended, reason, renews";
    private const string StepColumns = "request, step, kind, unit, due, decided, decided_by AS DecidedBy, verdict, reason, days";
    private const string GrantColumns = "id, request, about, unit, terms, grade, from_at AS FromAt, until_at AS UntilAt, state, reason";

    private sealed class RequestRow
    {
        public string Id { get; set; } = "";
        public string About { get; set; } = "";
        public string Name { get; set; } = "";
        public string Unit { get; set; } = "";
        public string Asked { get; set; } = "";
        public string AskedBy { get; set; } = "";
        public string Terms { get; set; } = "";
        public string Checks { get; set; } = "";
        public long Grade { get; set; }
        public string State { get; set; } = "";
        public string? Due { get; set; }
        public string? Ended { get; set; }
        public string Reason { get; set; } = "";
        public string? Renews { get; set; }

        public ShareRequest Read() => new(Id, About, Name, Unit, Time.Read(Asked), AskedBy, Parse<ShareTerms>(Terms), Parse<List<ShareCheck>>(Checks), (int)Grade, State,
            Due is null ? null : Time.Read(Due), Ended is null ? null : Time.Read(Ended), Reason, Renews);
    }

    private sealed class StepRow
    {
        public string Request { get; set; } = "";
        public long Step { get; set; }
        public string Kind { get; set; } = "";
        public string? Unit { get; set; }
        public string? Due { get; set; }
        public string? Decided { get; set; }
        public string? DecidedBy { get; set; }
        public string? Verdict { get; set; }
        public string Reason { get; set; } = "";
        public long Days { get; set; }

        public ShareStep Read() => new((int)Step, Kind, Unit, Due is null ? null : Time.Read(Due), Decided is null ? null : Time.Read(Decided), DecidedBy, Verdict, Reason);
    }

    private sealed class GrantRow
    {
        public string Id { get; set; } = "";
        public string Request { get; set; } = "";
        public string About { get; set; } = "";
        public string Unit { get; set; } = "";
        public string Terms { get; set; } = "";
        public long Grade { get; set; }
        public string FromAt { get; set; } = "";
        public string UntilAt { get; set; } = "";
        public string State { get; set; } = "";
        public string Reason { get; set; } = "";

        public ShareGrant Read() => new(Id, Request, About, Unit, Parse<ShareTerms>(Terms), (int)Grade, Time.Read(FromAt), Time.Read(UntilAt), State, Reason);
    }

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, Written)!;

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Written);

    /// <summary>What the system would find of a request; nothing is kept.</summary>
    /// <exception cref="RefusedException">Nothing of that id can be asked for, or the asker has no unit.</exception>
    public async Task<(Shared Shared, IReadOnlyList<ShareCheck> Checks, IReadOnlyList<ShareStepWanted> Steps)> CheckAsync(Person by, string about, ShareTerms terms, Unit? asker = null, CancellationToken cancel = default)
    {
        var unit = asker ?? land.Units.Find(by.Unit) ?? throw new RefusedException(403, "share-unit");
        var shared = await things.FindAsync(about, cancel) ?? throw new RefusedException(404, "not-found", about);
        if (terms.Matter is { } matter && Matter(matter) is null)
            throw new RefusedException(422, "share-matter", matter);
        if (terms.Region is { } region && land.Regions.Find(region) is null)
            throw new RefusedException(422, "share-region", region);
        var checks = Approvals.Check(terms, shared, Needed(terms.Matter, about), unit, land);
        return (shared, checks, Approvals.Steps(terms, shared, checks));
    }

    private (Pack Pack, Matter Matter)? Matter(string id) => id.Split('/') is [var pack, var name] && packs.Find(pack) is { } found && found.Matter(name) is { } matter ? (found, matter) : null;

    private IReadOnlyList<string>? Needed(string? matter, string about) => matter is not null && Matter(matter) is var (pack, its)
        ? its.Needs.Where(n => n.About(pack.Id) == about).SelectMany(n => n.Fields.Select(f => f.Name)).Distinct().ToList() is { Count: > 0 } fields ? fields : null
        : null;

    /// <summary>Asks for data for one's own unit. What cannot be granted by any rule is not taken in; what needs nobody's word is granted at once.</summary>
    /// <param name="renews">A grant of one's unit that the new one is to follow.</param>
    /// <param name="asker">Who asks where that is not one's own unit: another jurisdiction's platform.</param>
    /// <exception cref="RefusedException">A check fails, or something of the request is not there.</exception>
    public async Task<ShareFile> AskAsync(Person by, string about, ShareTerms terms, string? renews = null, Unit? asker = null, CancellationToken cancel = default)
    {
        var (shared, checks, steps) = await CheckAsync(by, about, terms, asker, cancel);
        var unit = asker?.Id ?? by.Unit!;
        if (checks.FirstOrDefault(c => c.Passes == false) is { } failed)
            throw new RefusedException(422, "share-check-" + failed.Code, [.. failed.Args]);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString("n");
        await store.ChangeAsync(now, async change =>
        {
            var former = renews is null ? null : await change.FindAsync<GrantRow>($"SELECT {GrantColumns} FROM share_grant WHERE id = @renews", new { renews });
            if (renews is not null && (former?.Unit, former?.About) != (unit, about))
                throw new RefusedException(422, "share-renews", renews);
            await change.ExecuteAsync("""
                INSERT INTO share_request (id, about, name, unit, asked, asked_by, terms, checks, grade, state, due, renews)
                VALUES (@id, @about, @Name, @unit, @Stamp, @Login, @terms, @checks, @grade, 'open', @due, @renews)
                """, new { id, about, shared.Name, unit, change.Stamp, by.Login, terms = Write(terms), checks = Write(checks), grade = (long)shared.Grade, due = steps.Count == 0 ? null : Time.Write(Due(now, steps[0])), renews });
            for (var i = 0; i < steps.Count; i++)
                await change.ExecuteAsync("INSERT INTO share_step (request, step, kind, unit, due, days) VALUES (@id, @step, @Kind, @unit, @due, @days)",
                    new { id, step = (long)i, steps[i].Kind, unit = land.Units.Find(steps[i].Unit)?.Id, due = i == 0 ? Time.Write(Due(now, steps[0])) : null, days = (long)steps[i].Days });
            change.Record(by, "share.asked", $"share:{id}", Write(new { about, terms.Purpose, terms.Matter, terms.Fields, terms.Forms, terms.Days, steps = steps.Select(s => s.Kind) }), dataset: shared.IsInterface ? null : about);
            if (steps.Count == 0)
                await GrantAsync(change, by, id, about, unit, terms, shared, renews);
        }, cancel);
        signal.Raise();
        return (await FindAsync(id, cancel))!;
    }

    private DateTimeOffset Due(DateTimeOffset from, ShareStepWanted step) => Approvals.Due(from, step.Days, land);

    /// <summary>Decides on the step at hand.</summary>
    /// <param name="agree">Whether it is agreed to; one refusal ends the request.</param>
    /// <param name="reason">Why; a refusal needs it.</param>
    /// <param name="narrowed">What is agreed to where that is less than was asked for.</param>
    /// <exception cref="RefusedException">It is another's to decide, or nobody's any more; or what is agreed to is more than was asked for.</exception>
    public async Task<ShareFile> DecideAsync(Person by, string id, bool agree, string? reason, ShareTerms? narrowed = null, CancellationToken cancel = default)
    {
        if (!agree && string.IsNullOrWhiteSpace(reason) || reason?.Length > ShareTerms.Longest)
            throw new RefusedException(422, "share-reason", ShareTerms.Longest);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var request = (await change.FindAsync<RequestRow>($"SELECT {RequestColumns} FROM share_request WHERE id = @id{change.ForUpdate}", new { id }))?.Read() ?? throw new RefusedException(404, "not-found", id);
            if (request.State != "open")
                throw new RefusedException(409, "share-ended");
            var steps = (await change.QueryAsync<StepRow>($"SELECT {StepColumns} FROM share_step WHERE request = @id ORDER BY step", new { id })).ToList();
            var step = steps.First(s => s.Verdict is null);
            if (!MayDecide(by, step.Read(), request, change.At))
                throw new RefusedException(403, "share-not-yours");
            var terms = narrowed ?? request.Terms;
            if (agree && narrowed is not null && !IsWithin(narrowed, request.Terms))
                throw new RefusedException(422, "share-wider");
            await change.ExecuteAsync("UPDATE share_step SET decided = @Stamp, decided_by = @Login, verdict = @verdict, reason = @reason WHERE request = @id AND step = @Step",
                new { id, step.Step, change.Stamp, by.Login, verdict = agree ? "agreed" : "refused", reason = reason?.Trim() ?? "" });
            if (narrowed is not null)
                await change.ExecuteAsync("UPDATE share_request SET terms = @terms WHERE id = @id", new { id, terms = Write(terms) });
            change.Record(by, agree ? "share.agreed" : "share.refused", $"share:{id}", Write(new { step = step.Kind, reason = reason?.Trim(), narrowed = narrowed is not null }), dataset: request.About.StartsWith(Shared.InterfacePrefix, StringComparison.Ordinal) ? null : request.About);
            if (!agree)
            {
                await change.ExecuteAsync("UPDATE share_request SET state = 'refused', due = NULL, ended = @Stamp, reason = @reason WHERE id = @id", new { id, change.Stamp, reason = reason!.Trim() });
                return;
            }
            if (steps.FirstOrDefault(s => s.Step > step.Step) is { } next)
            {
                var due = Time.Write(Approvals.Due(change.At, (int)next.Days, land));
                await change.ExecuteAsync("UPDATE share_step SET due = @due WHERE request = @id AND step = @Step", new { id, due, next.Step });
                await change.ExecuteAsync("UPDATE share_request SET due = @due WHERE id = @id", new { id, due });
                return;
            }
            var shared = await things.FindAsync(request.About, cancel);
            if (shared is null || shared.Share == "none" || shared.Grade > request.Grade)
                throw new RefusedException(409, "share-changed", request.Name);
            await GrantAsync(change, by, id, request.About, request.Unit, terms, shared, request.Renews);
        }, cancel);
        signal.Raise();
        return (await FindAsync(id, cancel))!;
    }

    /// <summary>Whether a step is somebody's to decide: the source's stewards, the bureau's, a security officer; an overdue one of the source also the bureau's. Nobody decides on what they asked for themselves.</summary>
    public static bool MayDecide(Person by, ShareStep step, ShareRequest request, DateTimeOffset now) => by.Login != request.By && step.Kind switch
    {
        "source" => (by.Has("steward", "data-bureau", "leader") && by.Unit is not null && by.Unit == step.Unit) || (by.Has("data-bureau") && (step.Due <= now || step.Unit is null)),
        "bureau" => by.Has("data-bureau"),
        _ => by.Has("security"),
    };

    private static bool IsWithin(ShareTerms less, ShareTerms asked) =>
        less.Faults().Count == 0 && (less.Purpose, less.Matter, less.Within, less.CacheSeconds <= asked.CacheSeconds) == (asked.Purpose, asked.Matter, asked.Within, true)
        && !less.Fields.Except(asked.Fields).Any() && !less.Clear.Except(asked.Clear).Any() && !less.Forms.Except(asked.Forms).Any() && less.PerMinute <= asked.PerMinute && less.PerDay <= asked.PerDay && less.Days <= asked.Days
        && asked.Rows.All(r => less.Rows.TryGetValue(r.Key, out var value) && value == r.Value) && (asked.Region is null || asked.Region == less.Region);

    private static async Task GrantAsync(Change change, Person by, string request, string about, string unit, ShareTerms terms, Shared shared, string? renews)
    {
        var id = Guid.CreateVersion7(change.At).ToString("n");
        var from = change.At;
        if (renews is not null && await change.FindAsync<string>("SELECT until_at FROM share_grant WHERE id = @renews AND state = 'active'", new { renews }) is { } former && Time.Read(former) > from)
            from = Time.Read(former);
        var until = from.AddDays(terms.Days);
        await change.ExecuteAsync("INSERT INTO share_grant (id, request, about, unit, terms, grade, from_at, until_at, state, changed) VALUES (@id, @request, @about, @unit, @terms, @grade, @from, @until, 'active', @Stamp)",
            new { id, request, about, unit, terms = Write(terms), grade = (long)shared.Grade, from = Time.Write(from), until = Time.Write(until), change.Stamp });
        await change.ExecuteAsync("UPDATE share_request SET state = 'granted', due = NULL, ended = @Stamp WHERE id = @request", new { request, change.Stamp });
        await MovedAsync(change);
        change.Record(by, "share.granted", $"grant:{id}", Write(new { about, unit, terms.Fields, terms.Forms, until = Time.Write(until) }), dataset: shared.IsInterface ? null : about);
    }

    /// <summary>Tells every node of the gateway that something it keeps in memory has changed.</summary>
    internal static Task MovedAsync(Change change) => change.ExecuteAsync("UPDATE share_version SET version = version + 1 WHERE id = 1");

    /// <summary>Takes back a request of one's own unit that is not decided yet.</summary>
    public async Task WithdrawAsync(Person by, string id, CancellationToken cancel = default) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = await change.ExecuteAsync("UPDATE share_request SET state = 'withdrawn', due = NULL, ended = @Stamp WHERE id = @id AND state = 'open' AND unit = @Unit", new { id, change.Stamp, by.Unit });
        if (touched == 0)
            throw new RefusedException(409, "share-ended");
        change.Record(by, "share.withdrawn", $"share:{id}");
    }, cancel);

    /// <summary>Suspends, resumes or ends a grant. The unit that answers for the data and the bureau may do each; the unit that holds it may end it.</summary>
    /// <param name="state">suspended, active or ended; what has ended stays so.</param>
    /// <exception cref="RefusedException">There is none, it has ended, or it is another's.</exception>
    public async Task<ShareGrant> SetAsync(Person by, string id, string state, string? reason, CancellationToken cancel = default)
    {
        if (state is not ("suspended" or "active" or "ended"))
            throw new RefusedException(400, "share-state", state);
        if (state != "active" && (string.IsNullOrWhiteSpace(reason) || reason.Length > ShareTerms.Longest))
            throw new RefusedException(422, "share-reason", ShareTerms.Longest);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var grant = (await change.FindAsync<GrantRow>($"SELECT {GrantColumns} FROM share_grant WHERE id = @id{change.ForUpdate}", new { id }))?.Read() ?? throw new RefusedException(404, "not-found", id);
            if (!MaySet(by, grant, (await things.FindAsync(grant.About, cancel))?.Source, state))
                throw new RefusedException(403, "share-not-yours");
            if (grant.State == "ended")
                throw new RefusedException(409, "share-ended");
            await change.ExecuteAsync("UPDATE share_grant SET state = @state, reason = @reason, changed = @Stamp WHERE id = @id", new { id, state, reason = reason?.Trim() ?? "", change.Stamp });
            await MovedAsync(change);
            change.Record(by, state switch { "suspended" => "grant.suspended", "active" => "grant.resumed", _ => "grant.ended" }, $"grant:{id}", Write(new { reason = reason?.Trim() }), dataset: grant.About.Contains(':', StringComparison.Ordinal) ? null : grant.About);
        }, cancel);
        signal.Raise();
        return (await GrantAsync(id, cancel))!;
    }

    /// <summary>Whether a grant is somebody's to suspend, resume or end.</summary>
    /// <param name="source">The unit that answers for the data, as it stands now.</param>
    public static bool MaySet(Person by, ShareGrant grant, string? source, string state) =>
        by.Has("data-bureau") || (by.Has("steward", "leader") && by.Unit is not null && by.Unit == source) || (state == "ended" && grant.Unit == by.Unit);

    /// <summary>A request with its steps and its grant, or null.</summary>
    public Task<ShareFile?> FindAsync(string id, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        if (await c.QueryFirstOrDefaultAsync<RequestRow>($"SELECT {RequestColumns} FROM share_request WHERE id = @id", new { id }) is not { } row)
            return null;
        var steps = await c.QueryAsync<StepRow>($"SELECT {StepColumns} FROM share_step WHERE request = @id ORDER BY step", new { id });
        return new ShareFile(row.Read(), [.. steps.Select(s => s.Read())], (await c.QueryFirstOrDefaultAsync<GrantRow>($"SELECT {GrantColumns} FROM share_grant WHERE request = @id", new { id }))?.Read());
    }, cancel);

    /// <summary>A grant, or null.</summary>
    public Task<ShareGrant?> GrantAsync(string id, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (await c.QueryFirstOrDefaultAsync<GrantRow>($"SELECT {GrantColumns} FROM share_grant WHERE id = @id", new { id }))?.Read(), cancel);

    /// <summary>Grants, the newest first.</summary>
    public Task<IReadOnlyList<ShareGrant>> GrantsAsync(CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<ShareGrant>)[.. (await c.QueryAsync<GrantRow>($"SELECT {GrantColumns} FROM share_grant ORDER BY id DESC")).Select(r => r.Read())], cancel);

    /// <summary>Grants that a reader sees, the newest first: those of their unit, those over its data, and for the bureau, security and auditors all.</summary>
    public async Task<IReadOnlyList<ShareGrant>> GrantsAsync(Person by, CancellationToken cancel = default)
    {
        var seen = new List<ShareGrant>();
        foreach (var grant in await GrantsAsync(cancel))
        {
            if (await SeesAsync(by, grant, cancel))
                seen.Add(grant);
        }
        return seen;
    }

    /// <summary>Whether somebody sees a grant.</summary>
    public async Task<bool> SeesAsync(Person by, ShareGrant grant, CancellationToken cancel = default) =>
        SeesAll(by) || grant.Unit == by.Unit || (by.Unit is not null && (await things.FindAsync(grant.About, cancel))?.Source == by.Unit);

    /// <summary>Requests that a reader sees, the newest first: those of their unit, those for its data, and for the bureau, security and auditors all.</summary>
    public async Task<SharePage> PageAsync(Person by, ShareQuery query, CancellationToken cancel = default)
    {
        var (terms, args) = (new List<string>(), new DynamicParameters(new { by.Unit, query.State, wanted = query.Unit, query.About, query.Take, query.Skip, now = Time.Write(clock.GetUtcNow()), by.Login }));
        if (!SeesAll(by))
            terms.Add("(unit = @Unit OR EXISTS (SELECT 1 FROM share_step s WHERE s.request = share_request.id AND s.unit = @Unit))");
        if (query.State is not null)
            terms.Add("state = @State");
        if (query.Unit is not null)
            terms.Add("unit = @wanted");
        if (query.About is not null)
            terms.Add("about = @About");
        if (query.Mine)
            terms.Add($"state = 'open' AND asked_by <> @Login AND EXISTS (SELECT 1 FROM share_step s WHERE s.request = share_request.id AND s.verdict IS NULL AND s.due IS NOT NULL AND ({Waits(by)}))");
        var where = terms.Count == 0 ? "" : "WHERE " + string.Join(" AND ", terms);
        return await store.ReadAsync(async c => new SharePage([.. (await c.QueryAsync<RequestRow>($"SELECT {RequestColumns} FROM share_request {where} ORDER BY asked DESC, id LIMIT @Take OFFSET @Skip", args)).Select(r => r.Read())],
            await c.ExecuteScalarAsync<long>($"SELECT count(*) FROM share_request {where}", args), query.Skip, query.Take), cancel);
    }

    private static string Waits(Person by) => string.Join(" OR ", (string[])
    [
        .. by.Has("steward", "data-bureau", "leader") ? ["s.kind = 'source' AND s.unit = @Unit"] : (string[])[],
        .. by.Has("data-bureau") ? ["s.kind = 'bureau'", "s.kind = 'source' AND s.due <= @now"] : (string[])[],
        .. by.Has("security") ? ["s.kind = 'security'"] : (string[])[],
        "1 = 0",
    ]);

    /// <summary>Whether somebody sees every unit's requests.</summary>
    public static bool SeesAll(Person by) => by.Has("data-bureau", "security", "auditor", "operator");

    /// <summary>Whether somebody sees a request and its grant.</summary>
    public static bool Sees(Person by, ShareFile file) => SeesAll(by) || file.Request.Unit == by.Unit || file.Steps.Any(s => s.Unit == by.Unit);
}
