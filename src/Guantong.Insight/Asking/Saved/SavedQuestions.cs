using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>A question that somebody keeps.</summary>
/// <param name="Kind">ask (plain words), build (put together) or sql.</param>
/// <param name="Visibility">me, unit or all.</param>
/// <param name="Body">JSON: of ask the words as q and the pieces that were changed, of build a <see cref="BuiltQuery"/>, of sql the statement as sql.</param>
/// <param name="IsMine">Whether it is the reader's own.</param>
/// <param name="IsPinned">Whether the reader has it on their page.</param>
public sealed record SavedQuestion(string Id, string Kind, string Name, string Note, string Visibility, string Owner, string? Unit, string Body, long Version, string Changed, bool IsMine, bool IsPinned);

/// <summary>What it was.</summary>
public sealed record QuestionVersion(long Version, string Name, string Note, string Visibility, string Body, string By, string At);

/// <summary>What is said of a question when it is kept or changed.</summary>
/// <param name="Body">Null leaves it as it is.</param>
/// <param name="Version">The version that was read; not asked for where it is new.</param>
public sealed record QuestionGiven(string? Name, string? Note, string? Visibility, JsonElement? Body, string? Kind = null, long Version = 0);

/// <summary>Keeps questions: each with its versions, seen by whom its owner says.</summary>
public sealed class SavedQuestions(Store store, QueryRuns queries, TimeProvider clock)
{
    /// <summary>The longest name, and the longest note.</summary>
    public const int LongestName = 60, LongestNote = 500;

    /// <summary>The most that one person keeps.</summary>
    public const int MostOwn = 500;

    private const int LongestBody = 40_000;

    private static readonly string[] Kinds = ["ask", "build", "sql"], Visibilities = ["me", "unit", "all"];

    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // One's own, those for one's unit and those for all; SQL for those who may run it.
    private const string Seen = "(q.owner = @Login OR q.visibility = 'all' OR (q.visibility = 'unit' AND q.unit IS NOT NULL AND q.unit = @Unit)) AND (q.kind <> 'sql' OR @sql = 1)";

    private const string From = "FROM insight_question q LEFT JOIN insight_question_pin p ON p.question = q.id AND p.login = @Login";

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Kind { get; set; } = "";
        public string Name { get; set; } = "";
        public string Note { get; set; } = "";
        public string Visibility { get; set; } = "";
        public string Owner { get; set; } = "";
        public string? Unit { get; set; }
        public string Body { get; set; } = "";
        public long Version { get; set; }
        public string Changed { get; set; } = "";
        public string? Pinned { get; set; }

        public SavedQuestion Of(Person who) => new(Id, Kind, Name, Note, Visibility, Owner, Unit, Body, Version, Changed, Owner == who.Login, Pinned is not null);
    }

    private const string Columns = "q.id AS Id, q.kind AS Kind, q.name AS Name, q.note AS Note, q.visibility AS Visibility, q.owner AS Owner, q.unit AS Unit, q.body AS Body, q.version AS Version, q.changed AS Changed, p.login AS Pinned";

    private static object Args(Person who, string? id = null, string? words = null, int skip = 0, int take = 0) =>
        new { who.Login, who.Unit, sql = who.May("analysis.sql") ? 1 : 0, id, words, skip, take };

    /// <summary>A page of those that somebody sees, pinned ones first, then the latest.</summary>
    /// <param name="words">In name or note.</param>
    public Task<Page<SavedQuestion>> PageAsync(Person who, string? words, bool isMine, bool isPinned, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var escaped = string.IsNullOrWhiteSpace(words) ? null : $"%{words.Trim().ToLowerInvariant().Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
        var where = $"WHERE {Seen}{(isMine ? " AND q.owner = @Login" : "")}{(isPinned ? " AND p.login IS NOT NULL" : "")}{(escaped is null ? "" : " AND (lower(q.name) LIKE @words ESCAPE '!' OR lower(q.note) LIKE @words ESCAPE '!')")}";
        var args = Args(who, words: escaped, skip: skip, take: take);
        var rows = await c.QueryAsync<Row>($"SELECT {Columns} {From} {where} ORDER BY CASE WHEN p.login IS NULL THEN 1 ELSE 0 END, q.changed DESC, q.id LIMIT @take OFFSET @skip", args);
        return new Page<SavedQuestion>([.. rows.Select(r => r.Of(who))], await c.ExecuteScalarAsync<long>($"SELECT count(*) {From} {where}", args), skip, take);
    }, cancel);

    /// <summary>One that somebody sees, or null.</summary>
    public Task<SavedQuestion?> FindAsync(Person who, string id, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} {From} WHERE q.id = @id AND {Seen}", Args(who, id)))?.Of(who), cancel);

    /// <summary>What one was, the latest first.</summary>
    public Task<IReadOnlyList<QuestionVersion>> VersionsAsync(string id, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<QuestionVersion>)(await c.QueryAsync<QuestionVersion>("SELECT version AS Version, name AS Name, note AS Note, visibility AS Visibility, body AS Body, by_login AS By, at AS At FROM insight_question_version WHERE question = @id ORDER BY version DESC", new { id })).AsList(), cancel);

    /// <summary>Keeps a new one.</summary>
    /// <exception cref="RefusedException">Something in it cannot be.</exception>
    public async Task<SavedQuestion> KeepAsync(Person who, QuestionGiven given, CancellationToken cancel = default)
    {
        if (!Kinds.Contains(given.Kind))
            throw new RefusedException(422, "question-kind", string.Join(", ", Kinds));
        var (name, note, visibility, body) = (Name(given.Name), Note(given.Note), Visible(given.Visibility), Body(who, given.Kind!, given.Body ?? default));
        var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if ((await change.FindAsync<long?>("SELECT count(*) FROM insight_question WHERE owner = @Login", new { who.Login }) ?? 0) >= MostOwn)
                throw new RefusedException(409, "question-many", MostOwn);
            await change.ExecuteAsync("INSERT INTO insight_question (id, kind, name, note, visibility, owner, unit, body, version, created, changed) VALUES (@id, @Kind, @name, @note, @visibility, @Login, @Unit, @body, 1, @Stamp, @Stamp)",
                new { id, given.Kind, name, note, visibility, who.Login, who.Unit, body, change.Stamp });
            await RememberAsync(change, who, id, 1, name, note, visibility, body);
            change.Record(who, "question.kept", $"question:{id}", JsonSerializer.Serialize(new { given.Kind, visibility }, Plain));
        }, cancel);
        return (await FindAsync(who, id, cancel))!;
    }

    /// <summary>Changes one of one's own.</summary>
    /// <exception cref="RefusedException">It is another's, or was changed meanwhile, or something in it cannot be.</exception>
    public async Task<SavedQuestion> ChangeAsync(Person who, string id, QuestionGiven given, CancellationToken cancel = default)
    {
        var stands = await OwnAsync(who, id, cancel);
        var (name, note, visibility) = (Name(given.Name ?? stands.Name), Note(given.Note ?? stands.Note), Visible(given.Visibility ?? stands.Visibility));
        var body = given.Body is { } changed ? Body(who, stands.Kind, changed) : stands.Body;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.ExecuteAsync("UPDATE insight_question SET name = @name, note = @note, visibility = @visibility, body = @body, version = version + 1, changed = @Stamp WHERE id = @id AND owner = @Login AND version = @Version",
                new { id, name, note, visibility, body, change.Stamp, who.Login, given.Version }) != 1)
                throw new RefusedException(409, "question-changed");
            await RememberAsync(change, who, id, given.Version + 1, name, note, visibility, body);
            change.Record(who, "question.changed", $"question:{id}", JsonSerializer.Serialize(new { version = given.Version + 1, visibility }, Plain));
        }, cancel);
        return (await FindAsync(who, id, cancel))!;
    }

    /// <summary>Deletes one of one's own, with its versions and pins.</summary>
    /// <exception cref="RefusedException">It is another's, or was changed meanwhile.</exception>
    public async Task DeleteAsync(Person who, string id, long version, CancellationToken cancel = default)
    {
        await OwnAsync(who, id, cancel);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("DELETE FROM insight_question_pin WHERE question = @id", new { id });
            await change.ExecuteAsync("DELETE FROM insight_question_version WHERE question = @id", new { id });
            if (await change.ExecuteAsync("DELETE FROM insight_question WHERE id = @id AND owner = @Login AND version = @version", new { id, who.Login, version }) != 1)
                throw new RefusedException(409, "question-changed");
            change.Record(who, "question.deleted", $"question:{id}");
        }, cancel);
    }

    /// <summary>Puts one on the reader's page, or takes it off.</summary>
    /// <exception cref="RefusedException">They do not see it.</exception>
    public async Task PinAsync(Person who, string id, bool isPinned, CancellationToken cancel = default)
    {
        var one = await FindAsync(who, id, cancel) ?? throw new RefusedException(404, "not-found", id);
        if (one.IsPinned == isPinned)
            return;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync(isPinned ? "INSERT INTO insight_question_pin (question, login) VALUES (@id, @Login) ON CONFLICT (question, login) DO NOTHING" : "DELETE FROM insight_question_pin WHERE question = @id AND login = @Login", new { id, who.Login });
            change.Record(who, isPinned ? "question.pinned" : "question.unpinned", $"question:{id}");
        }, cancel);
    }

    private async Task<SavedQuestion> OwnAsync(Person who, string id, CancellationToken cancel)
    {
        var one = await FindAsync(who, id, cancel) ?? throw new RefusedException(404, "not-found", id);
        return one.IsMine ? one : throw new RefusedException(403, "question-not-yours");
    }

    private static Task RememberAsync(Change change, Person who, string id, long version, string name, string note, string visibility, string body) =>
        change.ExecuteAsync("INSERT INTO insight_question_version (question, version, name, note, visibility, body, by_login, at) VALUES (@id, @version, @name, @note, @visibility, @body, @Login, @Stamp)", new { id, version, name, note, visibility, body, who.Login, change.Stamp });

    private static string Name(string? name) => name?.Trim() is { Length: > 0 and <= LongestName } said && IsWritable(said) ? said : throw new RefusedException(422, "question-name", LongestName);

    private static string Note(string? note) => (note?.Trim() ?? "") is { Length: <= LongestNote } said && IsWritable(said) ? said : throw new RefusedException(422, "question-note", LongestNote);

    // A text of a store holds no null character; half a pair reads as U+FFFD.
    private static bool IsWritable(string text) => !text.Contains('\0', StringComparison.Ordinal) && !text.EnumerateRunes().Any(r => r.Value == 0xFFFD);

    private static string Visible(string? visibility) => Visibilities.Contains(visibility ?? "me") ? visibility ?? "me" : throw new RefusedException(422, "question-visibility", string.Join(", ", Visibilities));

    private string Body(Person who, string kind, JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || body.GetRawText() is not { Length: <= LongestBody })
            throw new RefusedException(422, "question-body");
        switch (kind)
        {
            case "build":
                var query = ReadQuery(body);
                queries.Write(who, query);
                return JsonSerializer.Serialize(query, Plain);
            case "sql":
                if (!who.May("analysis.sql"))
                    throw new RefusedException(403, "question-sql");
                return body.TryGetProperty("sql", out var sql) && sql.ValueKind == JsonValueKind.String && sql.GetString() is { Length: > 0 and <= ConfinedSql.Longest } text && IsWritable(text)
                    ? JsonSerializer.Serialize(new { sql = text }, Plain) : throw new RefusedException(422, "question-body");
            default:
                var pieces = body.EnumerateObject().Where(p => (p.Name == "q" || WishParameters.Names.Contains(p.Name)) && p.Value.ValueKind == JsonValueKind.String).ToDictionary(p => p.Name, p => p.Value.GetString()!);
                return (pieces.ContainsKey("q") || pieces.ContainsKey("indicators")) && pieces.Values.All(v => v.Length <= 400 && IsWritable(v)) ? JsonSerializer.Serialize(pieces, Plain) : throw new RefusedException(422, "question-body");
        }
    }

    /// <summary>Reads a built query from JSON.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public static BuiltQuery ReadQuery(JsonElement body)
    {
        try
        {
            return body.Deserialize<BuiltQuery>(Plain) is { Dataset: not null, Show: not null, Group: not null, Measure: not null, Filter: not null, Order: not null } query
                && query.Show.All(s => s is not null) && query.Group.All(g => g is { Field: not null }) && query.Measure.All(m => m is { As: not null }) && query.Filter.All(f => f is { Field: not null, Is: not null, Values: not null } && f.Values.All(v => v is not null)) && query.Order.All(o => o is not null)
                ? query : throw new RefusedException(422, "query-json");
        }
        catch (JsonException)
        {
            throw new RefusedException(422, "query-json");
        }
    }

    /// <summary>Reads a built query from the text of JSON; null where it is none.</summary>
    public static BuiltQuery? TryReadQuery(string? json)
    {
        if (json is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return ReadQuery(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or RefusedException)
        {
            return null;
        }
    }

    /// <summary>A built query as JSON.</summary>
    public static string Write(BuiltQuery query) => JsonSerializer.Serialize(query, Plain);
}
