using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>An application in its applicant's list, or in that of who applied for them.</summary>
/// <param name="Role">own: I applied; organisation: for one that I represent; by-agent: somebody did for me; as-agent: I did for another.</param>
/// <param name="Other">The name of the agent, the organisation or the principal; null of what is one's own.</param>
/// <param name="Stopped">Since when its clock stands; null while it runs.</param>
/// <param name="Ground">The ground on which it stands.</param>
/// <param name="IsDueEstimated">Whether it is due in a year whose holidays are not known yet.</param>
public sealed record MyApplication(string Number, string Title, string Pack, string Revision, string Matter, string State, string? Outcome, string Opened, string? Due, string? Ended, string Role, string? Other, string? Stopped = null, string? Ground = null, bool IsDueEstimated = false);

/// <summary>What one applied for with an account. Whose a case is decides the query that reads it, so that another's is not there.</summary>
public sealed partial class Applications
{
    private sealed record MyRow(string Number, string Title, string Pack, string Revision, string Matter, string State, string? Outcome, string Opened, string? Due, string? Ended, string Applicant, string? Agent, string? Stopped, string? Ground, string Region);

    private const string Row = """
        SELECT number AS Number, title AS Title, pack AS Pack, revision AS Revision, matter AS Matter, state AS State, outcome AS Outcome, opened AS Opened, due AS Due, ended AS Ended, applicant AS Applicant, agent AS Agent,
            stopped AS Stopped, (SELECT p.ground FROM work_pause p WHERE p.case_id = work_case.id AND p.resumed IS NULL) AS Ground, region AS Region
        """;

    // What a case called belongs to it and is no application of its own.
    private const string Mine = "FROM work_case WHERE parent IS NULL AND ";

    /// <summary>A page of my applications, the newest first: my own, those of organisations that I represent, and those that I did for others while my authority stands.</summary>
    /// <param name="of">Those of one subject alone; null for all.</param>
    public async Task<Page<MyApplication>> OfAsync(Person me, int skip, int take, string? of = null, CancellationToken cancel = default)
    {
        var own = await centre.OwnAsync(me, cancel);
        if (own.Count == 0)
            return new Page<MyApplication>([], 0, skip, take);
        var (where, args) = await SeenAsync(me, own, cancel);
        where = of is null ? where : $"applicant = @of AND {where}";
        args.AddDynamicParams(new { skip, take, of });
        return await store.ReadAsync(async connection =>
        {
            var rows = (await connection.QueryAsync<MyRow>($"""
                {Row}
                {Mine}{where} ORDER BY opened DESC, id DESC LIMIT @take OFFSET @skip
                """, args)).AsList();
            var names = await Subjects.NamesAsync(connection, rows.SelectMany(r => new[] { r.Applicant, r.Agent }).OfType<string>());
            return new Page<MyApplication>([.. rows.Select(r => Shown(r, own, names))], await connection.ExecuteScalarAsync<long>($"SELECT count(*) {Mine}{where}", args), skip, take);
        }, cancel);
    }

    /// <summary>One of them, or null. That an agent read it stands in the ledger of whose it is.</summary>
    public async Task<(ApplicationFile File, MyApplication Line)?> FindMineAsync(Person me, string number, CancellationToken cancel = default)
    {
        var own = await centre.OwnAsync(me, cancel);
        if (own.Count == 0)
            return null;
        var (where, args) = await SeenAsync(me, own, cancel);
        args.AddDynamicParams(new { number = number.Trim() });
        var line = await store.ReadAsync(async connection =>
        {
            var row = await connection.QueryFirstOrDefaultAsync<MyRow>($"""
                {Row}
                {Mine}number = @number AND {where}
                """, args);
            return row is null ? null : Shown(row, own, await Subjects.NamesAsync(connection, new[] { row.Applicant, row.Agent }.OfType<string>()));
        }, cancel);
        if (line is null || await cases.FindAsync(line.Number, RowRights.All, cancel) is not { } file)
            return null;
        if (line.Role == "as-agent")
        {
            await store.ChangeAsync(clock.GetUtcNow(), change =>
            {
                change.Record(file.Case, "agent", "application.read", new { agent = own[0].Subject, fields = file.Personal });
                return Task.CompletedTask;
            }, cancel);
        }
        return (await FileAsync(file, cancel), line);
    }

    private async Task<(string Where, DynamicParameters Args)> SeenAsync(Person me, IReadOnlyList<(string Subject, string Name)> own, CancellationToken cancel)
    {
        var covered = await centre.CoveredAsync(me, cancel);
        // The one mapper gives lists to PostgreSQL as arrays, and writes them out for SQLite.
        string Among(string list) => store.IsPostgres ? $"= ANY(@{list})" : $"IN @{list}";
        var args = new DynamicParameters(new { me = own[0].Subject, own = own.Select(o => o.Subject).ToArray(), covered = covered.Select(c => $"{c.Subject} {c.Matter}").ToArray() });
        return ($"(applicant {Among("own")} OR (agent = @me AND applicant || ' ' || pack || '/' || matter {Among("covered")}))", args);
    }

    private MyApplication Shown(MyRow row, IReadOnlyList<(string Subject, string Name)> own, IReadOnlyDictionary<string, string> names)
    {
        var self = own[0].Subject;
        var (role, other) = own.All(o => o.Subject != row.Applicant) ? ("as-agent", row.Applicant)
            : row.Agent is { } agent && agent != self ? ("by-agent", agent)
            : row.Applicant == self ? ("own", null) : ("organisation", (string?)row.Applicant);
        return new MyApplication(row.Number, row.Title, row.Pack, row.Revision, row.Matter, row.State, row.Outcome, row.Opened, row.Due, row.Ended, role, other is null ? null : names.GetValueOrDefault(other) ?? "—",
            row.Ended is null ? row.Stopped : null, row.Ground, row is { Due: { } due, Ended: null } && !land.Calendars.Of(row.Region).Knows(Time.Read(due)));
    }
}
