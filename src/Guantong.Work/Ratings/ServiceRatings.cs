using System.Globalization;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Ratings by applicants and the loop that a bad one goes round: looked into, mended or explained, heard again, closed.</summary>
/// <remarks>Plan, annex 4, project 25 (“好差评”闭环); 国办发〔2019〕51号 §3: every bad rating is looked into, mended and told back, a mistaken one is not counted, and nobody is asked to rate well. Units and matters are counted, no official (rights.md 1).</remarks>
public sealed class ServiceRatings(Store store, DataKeys keys, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest words, in characters.</summary>
    public const int Longest = 500;

    /// <summary>Fewer ratings than this are not told to the public: so few could tell who rated.</summary>
    public const int LeastShown = 10;

    /// <summary>What a rating may name as its reasons.</summary>
    public static readonly IReadOnlyList<string> Reasons = ["slow", "unclear", "asked-again", "more-materials", "manner", "system", "result", "charge", "other"];

    private static readonly TimeSpan ForAnswer = TimeSpan.FromDays(7), ForWord = TimeSpan.FromDays(10);

    private const string Key = "rating";

    private sealed record Row(string Id, string Number, string Title, string Pack, string Matter, string Region, string Unit, long Level, string State, string? Due, long Rounds, long? Satisfied, string Rated, string? Ended);

    private const string Columns = "r.case_id AS Id, c.number AS Number, c.title AS Title, c.pack AS Pack, c.matter AS Matter, c.region AS Region, r.unit AS Unit, r.level AS Level, r.state AS State, r.due AS Due, r.rounds AS Rounds, r.satisfied AS Satisfied, r.rated AS Rated, r.ended AS Ended";
    private const string From = "FROM work_rating r JOIN work_case c ON c.id = r.case_id";

    /// <summary>An applicant rates a case that has ended, once.</summary>
    /// <param name="row">Their case.</param>
    /// <param name="actor">Who they are to the ledger: applicant, or their login.</param>
    /// <exception cref="ConflictException">rating-level, rating-reasons, rating-words: what was given will not do; rating-early: the case goes on; rating-given: it is rated already.</exception>
    public Task RateAsync(Case row, GivenRating given, string actor, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), change => RateAsync(change, row, given, actor, cancel), cancel);

    /// <summary>The same within a change: of a follow-up visit, by who asked.</summary>
    internal async Task RateAsync(Change change, Case row, GivenRating given, string actor, CancellationToken cancel)
    {
        if (given.Level is < 1 or > 5)
            throw new ConflictException("rating-level");
        var reasons = (given.Reasons ?? []).Distinct().ToList();
        if (reasons.Except(Reasons).Any())
            throw new ConflictException("rating-reasons");
        var words = Words(given.Words, isNeeded: false);
        if (row.Ended is null)
            throw new ConflictException("rating-early");
        if (row.Archived is not null)
            throw new ConflictException("case-archived");
        var unit = await CaseRows.LastUnitAsync(change, row) ?? throw new ConflictException("rating-none");
        var isBad = given.Level < ServiceRating.Fair;
        if (await change.ExecuteAsync("INSERT INTO work_rating (case_id, unit, level, state, due, rounds, late, rated, ended, version) VALUES (@Id, @unit, @Level, @state, @due, @rounds, 0, @Stamp, @ended, 1) ON CONFLICT (case_id) DO NOTHING",
            new { row.Id, unit, given.Level, state = isBad ? "open" : "counted", due = isBad ? Time.Write(change.At + ForAnswer) : null, rounds = isBad ? 1 : 0, change.Stamp, ended = isBad ? null : change.Stamp }) == 0)
            throw new ConflictException("rating-given");
        await StepAsync(change, row.Id, "rated", null, words, reasons, cancel);
        change.Record(row, actor, "rating.given", new { level = given.Level, reasons, unit });
    }

    /// <summary>The applicant of a bad rating says whether what they were answered will do. Where it will not, the unit looks again; the second time the reviewing office does.</summary>
    /// <exception cref="ConflictException">rating-words: not satisfied, and no word why; rating-waits: nothing was answered that they have not replied to, or their time is over.</exception>
    public async Task ReplyAsync(Case row, bool isSatisfied, string? given, string actor, CancellationToken cancel = default)
    {
        var words = Words(given, isNeeded: !isSatisfied);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var rounds = await change.FindAsync<long?>("SELECT rounds FROM work_rating WHERE case_id = @Id AND state = 'answered' AND due > @Stamp", new { row.Id, change.Stamp }) ?? throw new ConflictException("rating-waits");
            var next = isSatisfied ? "closed" : rounds == 1 ? "open" : "review";
            await MoveAsync(change, row.Id, "answered", next, isSatisfied ? null : ForAnswer, ", satisfied = @satisfied, rounds = @rounds", new { satisfied = isSatisfied ? 1 : 0, rounds = next == "open" ? 2 : rounds });
            await StepAsync(change, row.Id, isSatisfied ? "satisfied" : "unsatisfied", null, words, [], cancel);
            change.Record(row, actor, "rating.replied", new { satisfied = isSatisfied });
        }, cancel);
    }

    /// <summary>A leader over the rated unit says what was found.</summary>
    /// <param name="finding">mended: it was so, and what was done; explained: why it was done so; doubted: it is a mistake or about something else, which the reviewing office decides.</param>
    /// <exception cref="ConflictException">rating-gone, rating-words, rating-finding; rating-own: they worked on the case themselves; rating-waits: it does not wait for the unit.</exception>
    public async Task AnswerAsync(Person by, string number, string finding, string? given, CancellationToken cancel = default)
    {
        if (finding is not ("mended" or "explained" or "doubted"))
            throw new ConflictException("rating-finding");
        var words = Words(given, isNeeded: true);
        await ActAsync(by, "rating.answer", number, async (change, row, rated) =>
        {
            // Nobody looks into what they did themselves.
            if (await change.FindAsync<string>($"SELECT id FROM work_task WHERE case_id IN {CaseRows.WithParts("@Id")} AND ended_by = @Login LIMIT 1", new { row.Id, by.Login }) is not null)
                throw new ConflictException("rating-own");
            var isLate = rated.Due is { } due && Time.Read(due) < change.At;
            await MoveAsync(change, row.Id, "open", finding == "doubted" ? "review" : "answered", finding == "doubted" ? ForAnswer : ForWord, ", late = CASE WHEN late = 1 THEN 1 ELSE @late END", new { late = isLate ? 1 : 0 });
            await StepAsync(change, row.Id, finding, by.Unit, words, [], cancel);
            change.Record(row, by, "rating.answered", new { finding, late = isLate });
        }, cancel);
    }

    /// <summary>The reviewing office decides on a rating that the unit doubts, or whose applicant is twice not satisfied.</summary>
    /// <param name="decision">set-aside: not counted; returned: the unit looks again; concluded: it stands, and this is the end of it.</param>
    /// <exception cref="ConflictException">rating-gone, rating-words, rating-finding; rating-waits: it does not wait for review.</exception>
    public async Task ReviewAsync(Person by, string number, string decision, string? given, CancellationToken cancel = default)
    {
        if (decision is not ("set-aside" or "returned" or "concluded"))
            throw new ConflictException("rating-finding");
        var words = Words(given, isNeeded: true);
        await ActAsync(by, "rating.review", number, async (change, row, _) =>
        {
            await MoveAsync(change, row.Id, "review", decision switch { "set-aside" => "set-aside", "returned" => "open", _ => "closed" }, decision == "returned" ? ForAnswer : null);
            await StepAsync(change, row.Id, decision, by.Unit, words, [], cancel);
            change.Record(row, by, "rating.reviewed", new { decision });
        }, cancel);
    }

    /// <summary>A page of ratings, those that wait first, then the latest.</summary>
    /// <param name="state">As in <see cref="ServiceRating.State"/>, or bad for all bad ones; null for all.</param>
    public async Task<Page<ServiceRating>> PageAsync(string? state, string? unit, RowRights rights, int skip, int take, CancellationToken cancel = default)
    {
        var where = $"WHERE (@unit IS NULL OR r.unit = @unit) AND {Standing("@state")}{rights.OfCase("c")}";
        var args = rights.With(new { state, unit, skip, take, now = Time.Write(clock.GetUtcNow()) });
        return await store.ReadAsync(async c => new Page<ServiceRating>(
            await OpenAsync(c, await c.QueryAsync<Row>($"SELECT {Columns} {From} {where} ORDER BY CASE WHEN r.state IN ('open', 'review') THEN 0 ELSE 1 END, CASE WHEN r.state IN ('open', 'review') THEN r.due END, r.rated DESC, r.case_id LIMIT @take OFFSET @skip", args)),
            await c.ExecuteScalarAsync<long>($"SELECT count(*) {From} {where}", args), skip, take), cancel);
    }

    /// <summary>The rating of a case, or null.</summary>
    public async Task<ServiceRating?> FindAsync(string number, RowRights rights, CancellationToken cancel = default) => await store.ReadAsync(async c =>
        (await OpenAsync(c, await c.QueryAsync<Row>($"SELECT {Columns} {From} WHERE c.number = @number{rights.OfCase("c")}", rights.With(new { number })))) is [var rating, ..] ? rating : null, cancel);

    /// <summary>What became of ratings, by unit, since a moment.</summary>
    public Task<IReadOnlyList<RatingFigures>> ByUnitAsync(DateTimeOffset since, RowRights rights, CancellationToken cancel = default) => FiguresAsync("r.unit", since, rights, cancel);

    /// <summary>What became of ratings, by matter (<c>PACK/MATTER</c>), since a moment.</summary>
    public Task<IReadOnlyList<RatingFigures>> ByMatterAsync(DateTimeOffset since, RowRights rights, CancellationToken cancel = default) => FiguresAsync(ByMatter, since, rights, cancel);

    /// <summary>The same of one matter, for everybody; null where there are fewer than <see cref="LeastShown"/>.</summary>
    public async Task<RatingFigures?> OfMatterAsync(string pack, string matter, DateTimeOffset since, CancellationToken cancel = default) =>
        (await FiguresAsync(ByMatter, since, RowRights.All, cancel, $"{pack}/{matter}")).FirstOrDefault(f => f.Count >= LeastShown);

    private const string ByMatter = "c.pack || '/' || c.matter";

    private Task<IReadOnlyList<RatingFigures>> FiguresAsync(string key, DateTimeOffset since, RowRights rights, CancellationToken cancel, string? only = null) => store.ReadAsync(async c =>
    {
        var rows = await c.QueryAsync<(string Key, long Count, long Bad, long Open, long Overdue, long Answered, long Late, long Said, long Satisfied)>($"""
            SELECT {key} AS k, CAST(count(*) AS BIGINT), CAST(sum(CASE WHEN r.level < {ServiceRating.Fair} THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN r.state IN ('open', 'review') THEN 1 ELSE 0 END) AS BIGINT),
                   CAST(sum(CASE WHEN r.state IN ('open', 'review') AND r.due < @now THEN 1 ELSE 0 END) AS BIGINT),
                   CAST(sum(CASE WHEN r.level < {ServiceRating.Fair} AND r.state <> 'open' THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN r.state <> 'open' THEN r.late ELSE 0 END) AS BIGINT),
                   CAST(sum(CASE WHEN r.satisfied IS NULL THEN 0 ELSE 1 END) AS BIGINT), CAST(coalesce(sum(r.satisfied), 0) AS BIGINT)
            {From} WHERE r.state <> 'set-aside' AND r.rated >= @since{(only is null ? "" : $" AND {key} = @only")}{rights.OfCase("c")} GROUP BY {key} ORDER BY 3 DESC, 2 DESC, 1
            """, rights.With(new { since = Time.Write(since), now = Time.Write(clock.GetUtcNow()), only }));
        return (IReadOnlyList<RatingFigures>)[.. rows.Select(r => new RatingFigures(r.Key, r.Count, r.Count - r.Bad, r.Bad, r.Open, r.Overdue,
            r.Answered == 0 ? null : (double)(r.Answered - r.Late) / r.Answered, r.Said == 0 ? null : (double)r.Satisfied / r.Said))];
    }, cancel);

    /// <summary>The name of a unit in a language.</summary>
    public string UnitOf(string unit, string lang) => land.Units.Find(unit)?.Say(lang) ?? unit;

    // An answer that its applicant let pass is closed when their time is over: no clock has to write that down.
    private static string Standing(string state) =>
        $"({state} IS NULL OR ({state} = 'bad' AND r.level < {ServiceRating.Fair} AND r.state <> 'set-aside') OR (r.state = {state} AND NOT (r.state = 'answered' AND r.due <= @now)) OR ({state} = 'closed' AND r.state = 'answered' AND r.due <= @now))";

    private static string? Words(string? given, bool isNeeded) =>
        given?.Length > Longest || (isNeeded && string.IsNullOrWhiteSpace(given)) ? throw new ConflictException("rating-words") : string.IsNullOrWhiteSpace(given) ? null : given.Trim();

    private Task ActAsync(Person by, string action, string number, Func<Change, Case, Row, Task> act, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var rights = by.Rows(action, land);
        if (await change.FindAsync<Row>($"SELECT {Columns} {From} WHERE c.number = @number{rights.OfCase("c")}", rights.With(new { number })) is not { } rated
            || await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @Id{change.ForUpdate}", new { rated.Id }) is not { } row)
            throw new ConflictException("rating-gone");
        await act(change, row, rated);
    }, cancel);

    // Of two who act at once, the second finds it moved on.
    private static async Task MoveAsync(Change change, string id, string from, string to, TimeSpan? within, string also = "", object? with = null)
    {
        var args = new DynamicParameters(with);
        args.AddDynamicParams(new { id, from, to, due = within is { } span ? Time.Write(change.At + span) : null, ended = to is "closed" or "set-aside" ? change.Stamp : null });
        if (await change.ExecuteAsync($"UPDATE work_rating SET state = @to, due = @due, ended = @ended, version = version + 1{also} WHERE case_id = @id AND state = @from", args) == 0)
            throw new ConflictException("rating-waits");
    }

    private async Task StepAsync(Change change, string id, string what, string? unit, string? words, IReadOnlyList<string> reasons, CancellationToken cancel)
    {
        var seq = await change.FindAsync<long>("SELECT coalesce(max(seq), 0) + 1 FROM work_rating_step WHERE case_id = @id", new { id });
        var kept = words is null ? null : (await keys.RingAsync(change, Key, cancel)).Seal(Key, words, Place(id, seq));
        await change.ExecuteAsync("INSERT INTO work_rating_step (case_id, seq, at, what, unit, reasons, words) VALUES (@id, @seq, @Stamp, @what, @unit, @named, @kept)",
            new { id, seq, change.Stamp, what, unit, named = reasons.Count == 0 ? null : JsonSerializer.Serialize(reasons), kept });
    }

    private sealed record StepRow(string Id, long Seq, string At, string What, string? Unit, string? Reasons, string? Words);

    private async Task<IReadOnlyList<ServiceRating>> OpenAsync(DbConnection connection, IEnumerable<Row> found)
    {
        var (rows, now) = (found.ToList(), Time.Write(clock.GetUtcNow()));
        if (rows.Count == 0)
            return [];
        var ids = rows.Select(r => r.Id).ToArray();
        var steps = (await connection.QueryAsync<StepRow>($"SELECT case_id AS Id, seq AS Seq, at AS At, what AS What, unit AS Unit, reasons AS Reasons, words AS Words FROM work_rating_step WHERE case_id {(store.IsPostgres ? "= ANY(@ids)" : "IN @ids")} ORDER BY case_id, seq", new { ids })).ToLookup(s => s.Id);
        var ring = await keys.RingAsync(connection, [Key]);
        return
        [
            .. from row in rows
               let isOver = row.State == "answered" && string.CompareOrdinal(row.Due, now) <= 0
               select new ServiceRating(row.Number, row.Title, row.Pack, row.Matter, row.Region, row.Unit, row.Level, isOver ? "closed" : row.State, isOver ? null : row.Due, row.Rounds, row.Satisfied is { } said ? said == 1 : null, row.Rated, isOver ? row.Due : row.Ended,
                   [.. steps[row.Id].Select(s => new RatingStep(s.At, s.What, s.Unit, s.Reasons is { } named ? JsonSerializer.Deserialize<List<string>>(named)! : [], s.Words is { } words ? ring.Open(words, Place(s.Id, s.Seq)).Text ?? CaseSeals.Erased : null))]),
        ];
    }

    private static string Place(string id, long seq) => string.Create(CultureInfo.InvariantCulture, $"rating:{id}:{seq}");
}
