using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Data that somebody of the public asks to be opened (数据需求). Who asked, nobody is told.</summary>
/// <param name="Unit">The unit that is thought to have it, or null.</param>
/// <param name="State">asked, considered, opened or declined; withheld: not shown.</param>
/// <param name="Reason">What the unit or the bureau answered.</param>
/// <param name="Dataset">PACK/DATASET that was opened.</param>
/// <param name="Supporters">How many accounts want it, whoever asked among them.</param>
/// <param name="IsMine">Whether the reader asked for it.</param>
/// <param name="IsSupported">Whether the reader supports it.</param>
public sealed record DataRequest(string Id, string Title, string Why, string? Unit, string State, string Made, string Changed, string Reason, string? AnsweredUnit, string? Dataset, long Supporters, bool IsMine, bool IsSupported);

/// <summary>Which requests are wanted.</summary>
/// <param name="Words">Words in the title or the reason.</param>
/// <param name="Sort">made or support.</param>
public sealed record DataRequestQuery(string? Words = null, string? State = null, string Sort = "made", int Skip = 0, int Take = 20);

/// <summary>Requests of the public for data that is not open yet: asked, supported, considered, and opened or declined with the reason.</summary>
public sealed class DataRequests(Store store, Jurisdiction land, TimeProvider clock)
{
    /// <summary>So many may one account ask for within a day.</summary>
    public const int MostADay = 10;

    /// <summary>What may be answered.</summary>
    public static readonly IReadOnlyList<string> Answers = ["considered", "opened", "declined", "withheld"];

    /// <summary>What everybody may look for.</summary>
    public static readonly IReadOnlyList<string> States = ["asked", "considered", "opened", "declined"];

    private const string Columns = """
        r.id, r.title, r.why, r.unit, r.state, r.made, r.changed, r.reason, r.answered_unit AS AnsweredUnit, r.dataset, (SELECT count(*) FROM voice_support s WHERE s.request = r.id) AS Supporters,
        CASE WHEN r.login = @me THEN 1 ELSE 0 END AS Mine, (SELECT count(*) FROM voice_support s WHERE s.request = r.id AND s.login = @me) AS Supported
        """;

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Title { get; set; } = "";
        public string Why { get; set; } = "";
        public string? Unit { get; set; }
        public string State { get; set; } = "";
        public string Made { get; set; } = "";
        public string Changed { get; set; } = "";
        public string Reason { get; set; } = "";
        public string? AnsweredUnit { get; set; }
        public string? Dataset { get; set; }
        public long Supporters { get; set; }
        public long Mine { get; set; }
        public long Supported { get; set; }

        public DataRequest Read => new(Id, Title, Why, Unit, State, Made, Changed, Reason, AnsweredUnit, Dataset, Supporters, Mine > 0, Supported > 0);
    }

    /// <summary>What everybody reads.</summary>
    public Task<VoicePage<DataRequest>> PageAsync(Person? me, DataRequestQuery query, CancellationToken cancel = default) => ReadAsync(me, query, "r.state <> 'withheld'", cancel);

    /// <summary>What is mine to answer: the bureau's all, a steward's those that name their unit.</summary>
    public Task<VoicePage<DataRequest>> ToAnswerAsync(Person me, DataRequestQuery query, CancellationToken cancel = default) => ReadAsync(me, query, me.Has("data-bureau") ? "1 = 1" : "r.unit = @unit", cancel);

    private async Task<VoicePage<DataRequest>> ReadAsync(Person? me, DataRequestQuery query, string within, CancellationToken cancel)
    {
        var words = query.Words?.Trim().ToLowerInvariant() ?? "";
        var args = new { me = me?.Login ?? "", unit = me?.Unit, state = query.State, words = $"%{words.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%", query.Skip, query.Take };
        var where = $"{within}{(string.IsNullOrEmpty(query.State) ? "" : " AND r.state = @state")}{(words.Length == 0 ? "" : " AND (lower(r.title) LIKE @words ESCAPE '!' OR lower(r.why) LIKE @words ESCAPE '!')")}";
        var order = query.Sort == "support" ? "Supporters DESC, r.made DESC, r.id DESC" : "r.made DESC, r.id DESC";
        var rows = await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM voice_request r WHERE {where} ORDER BY {order} LIMIT @Take OFFSET @Skip", args), cancel);
        var total = await store.ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) FROM voice_request r WHERE {where}", args), cancel);
        return new VoicePage<DataRequest>([.. rows.Select(r => r.Read)], total, query.Skip, query.Take);
    }

    /// <summary>One of them, or null. One that is withheld is seen by whoever asked, and whoever answers.</summary>
    public async Task<DataRequest?> FindAsync(Person? me, string id, CancellationToken cancel = default) =>
        (await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM voice_request r WHERE r.id = @id", new { id, me = me?.Login ?? "" }), cancel))?.Read is { } found
        && (found.State != "withheld" || found.IsMine || (me is not null && MayAnswer(me, found))) ? found : null;

    /// <summary>Whether somebody may answer one.</summary>
    public bool MayAnswer(Person who, DataRequest request) => who.May("voice.answer", new Thing(request.Unit), land);

    /// <summary>Asks for data that is not open yet.</summary>
    /// <param name="unit">The unit that is thought to have it, or null.</param>
    /// <exception cref="RefusedException">A text is missing, too long or names a person; the unit is not known; too many were asked today; a program asks.</exception>
    public async Task<DataRequest> AskAsync(Person by, string? title, string? why, string? unit, CancellationToken cancel = default)
    {
        var (me, text, reason) = (VoiceWords.OfPerson(by), VoiceWords.OfPublic(title?.ReplaceLineEndings(" "), VoiceWords.LongestTitle), VoiceWords.OfPublic(why));
        unit = string.IsNullOrEmpty(unit) ? null : land.Units.Find(unit)?.Id ?? throw new RefusedException(422, "voice-unit", unit);
        var id = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.FindAsync<long>("SELECT count(*) FROM voice_request WHERE login = @Login AND made > @since", new { me.Login, since = Time.Write(change.At.AddDays(-1)) }) >= MostADay)
                throw new RefusedException(429, "voice-many-asked", MostADay);
            var id = Guid.CreateVersion7(change.At).ToString("n");
            await change.ExecuteAsync("INSERT INTO voice_request (id, title, why, unit, login, state, made, changed) VALUES (@id, @text, @reason, @unit, @Login, 'asked', @Stamp, @Stamp)", new { id, text, reason, unit, me.Login, change.Stamp });
            await change.ExecuteAsync("INSERT INTO voice_support (request, login, at) VALUES (@id, @Login, @Stamp)", new { id, me.Login, change.Stamp });
            change.Record(me, "voice.requested", $"data-request:{id}", JsonSerializer.Serialize(new Dictionary<string, string?> { ["unit"] = unit }));
            return id;
        }, cancel);
        return (await FindAsync(me, id, cancel))!;
    }

    /// <summary>Supports what another asked for, or supports it no more.</summary>
    public async Task<DataRequest> SupportAsync(Person by, string id, bool supports, CancellationToken cancel = default)
    {
        var me = VoiceWords.OfPerson(by);
        var found = await FindAsync(me, id, cancel) ?? throw new RefusedException(404, "not-found", id);
        if (found.IsMine)
            throw new RefusedException(409, "voice-own");
        if (found.State is "declined" or "opened" or "withheld")
            throw new RefusedException(409, "voice-over");
        if (found.IsSupported == supports)
            return found;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync(supports ? "INSERT INTO voice_support (request, login, at) VALUES (@id, @Login, @Stamp) ON CONFLICT (request, login) DO NOTHING" : "DELETE FROM voice_support WHERE request = @id AND login = @Login", new { id, me.Login, change.Stamp });
            change.Record(me, supports ? "voice.supported" : "voice.support-taken-back", $"data-request:{id}");
        }, cancel);
        return (await FindAsync(me, id, cancel))!;
    }

    /// <summary>Answers a request: considers, opens, declines or withholds it, with the answer in words.</summary>
    /// <param name="open">What was opened; null where it is had elsewhere, as the words then say.</param>
    /// <exception cref="RefusedException">The state or the words are not right, or it is another unit's.</exception>
    public async Task<DataRequest> AnswerAsync(Person by, string id, string? state, string? words, OpenDataset? open, CancellationToken cancel = default)
    {
        if (state is null || !Answers.Contains(state))
            throw new RefusedException(422, "voice-state", string.Join(", ", Answers));
        var text = VoiceWords.OfOffice(words);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var stood = (await change.FindAsync<Row>($"SELECT {Columns} FROM voice_request r WHERE r.id = @id{change.ForUpdate}", new { id, me = by.Login }))?.Read ?? throw new RefusedException(404, "not-found", id);
            if (!MayAnswer(by, stood))
                throw new RefusedException(403, "voice-not-yours");
            await change.ExecuteAsync("UPDATE voice_request SET state = @state, reason = @text, changed = @Stamp, answered_by = @Login, answered_unit = @Unit, dataset = @dataset WHERE id = @id",
                new { id, state, text, change.Stamp, by.Login, by.Unit, dataset = state == "opened" && open is not null ? $"{open.Pack.Id}/{open.Dataset.Id}" : null });
            change.Record(by, "voice.request-" + state, $"data-request:{id}", JsonSerializer.Serialize(new Dictionary<string, string> { ["was"] = stood.State }));
        }, cancel);
        return (await FindAsync(by, id, cancel))!;
    }
}
