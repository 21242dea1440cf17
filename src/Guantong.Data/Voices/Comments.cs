using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What somebody said of a dataset. Who it was, nobody is told.</summary>
/// <param name="Dataset">PACK/DATASET.</param>
/// <param name="Unit">The unit that answers for the dataset.</param>
/// <param name="State">waiting; shown: released, everybody reads it; withheld: it is not shown, for <paramref name="Reason"/>.</param>
public sealed record Comment(string Id, string Dataset, string? Unit, string Words, string State, string Made, string? Decided, string Reason, string? Answer, string? Answered);

/// <summary>Comments on open data: shown once a steward released them, with the unit's public answer.</summary>
/// <remarks>rights.md 2: what is said here is answered, and nothing else is done with it.</remarks>
public sealed class Comments(Store store, Jurisdiction land, TimeProvider clock)
{
    /// <summary>So many of one account may wait at once.</summary>
    public const int MostWaiting = 20;

    private const string Columns = "id, dataset, unit, words, state, made, decided, reason, answer, answered";

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Dataset { get; set; } = "";
        public string? Unit { get; set; }
        public string Words { get; set; } = "";
        public string State { get; set; } = "";
        public string Made { get; set; } = "";
        public string? Decided { get; set; }
        public string Reason { get; set; } = "";
        public string? Answer { get; set; }
        public string? Answered { get; set; }

        public Comment Read => new(Id, Dataset, Unit, Words, State, Made, Decided, Reason, Answer, Answered);
    }

    /// <summary>What everybody reads of a dataset, the latest first.</summary>
    public Task<VoicePage<Comment>> ShownAsync(string dataset, int skip, int take, CancellationToken cancel = default) => PageAsync("dataset = @dataset AND state = 'shown'", new { dataset, skip, take }, skip, take, cancel);

    /// <summary>What I said of a dataset that is not shown (yet).</summary>
    public async Task<IReadOnlyList<Comment>> MineAsync(Person me, string dataset, CancellationToken cancel = default) => [.. (await store.ReadAsync(c => c.QueryAsync<Row>(
        $"SELECT {Columns} FROM voice_comment WHERE dataset = @dataset AND login = @Login AND state <> 'shown' ORDER BY made DESC, id DESC LIMIT {MostWaiting}", new { dataset, me.Login }), cancel)).Select(r => r.Read)];

    /// <summary>What is mine to answer, the oldest first where it waits and the latest first else.</summary>
    /// <param name="state">waiting, shown or withheld; null for all.</param>
    public Task<VoicePage<Comment>> ToAnswerAsync(Person me, string? state, int skip, int take, CancellationToken cancel = default) => PageAsync(
        $"(@isAll = 1 OR unit = @Unit) AND (CAST(@state AS TEXT) IS NULL OR state = @state)", new { isAll = me.Has("data-bureau") ? 1L : 0L, me.Unit, state, skip, take }, skip, take, cancel, state == "waiting" ? "made, id" : "made DESC, id DESC");

    private async Task<VoicePage<Comment>> PageAsync(string where, object args, int skip, int take, CancellationToken cancel, string order = "made DESC, id DESC")
    {
        var rows = await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM voice_comment WHERE {where} ORDER BY {order} LIMIT @take OFFSET @skip", args), cancel);
        var total = await store.ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) FROM voice_comment WHERE {where}", args), cancel);
        return new VoicePage<Comment>([.. rows.Select(r => r.Read)], total, skip, take);
    }

    /// <summary>Says something of a dataset; it waits for its steward.</summary>
    /// <exception cref="RefusedException">The words are missing, too long or name a person; too many wait; a program asks.</exception>
    public Task<Comment> SayAsync(Person by, OpenDataset about, string? words, CancellationToken cancel = default)
    {
        var (me, text, dataset) = (VoiceWords.OfPerson(by), VoiceWords.OfPublic(words), $"{about.Pack.Id}/{about.Dataset.Id}");
        var unit = land.Units.Named(about.Dataset.Source.Name)?.Id;
        return store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.FindAsync<long>("SELECT count(*) FROM voice_comment WHERE login = @Login AND state = 'waiting'", new { me.Login }) >= MostWaiting)
                throw new RefusedException(429, "voice-too-many", MostWaiting);
            var comment = new Comment(Guid.CreateVersion7(change.At).ToString("n"), dataset, unit, text, "waiting", change.Stamp, null, "", null, null);
            await change.ExecuteAsync("INSERT INTO voice_comment (id, dataset, unit, login, words, state, made) VALUES (@Id, @Dataset, @Unit, @Login, @Words, @State, @Made)", new { comment.Id, comment.Dataset, comment.Unit, me.Login, comment.Words, comment.State, comment.Made });
            change.Record(me, "voice.commented", $"comment:{comment.Id}", JsonSerializer.Serialize(new Dictionary<string, string> { ["dataset"] = dataset }), dataset: dataset);
            return comment;
        }, cancel);
    }

    /// <summary>Shows a comment, and answers it where there is an answer.</summary>
    public Task<Comment> ReleaseAsync(Person by, string id, string? answer, CancellationToken cancel = default)
    {
        var text = string.IsNullOrWhiteSpace(answer) ? null : VoiceWords.OfOffice(answer);
        return DoAsync(by, id, async (change, comment) =>
        {
            comment = comment with { State = "shown", Decided = change.Stamp, Reason = "", Answer = text ?? comment.Answer, Answered = text is null ? comment.Answered : change.Stamp };
            return await KeepAsync(change, by, comment, text is null ? "voice.comment-shown" : "voice.comment-answered", answers: text is not null);
        }, cancel);
    }

    /// <summary>Keeps a comment from being shown, for a reason that its writer is told.</summary>
    public Task<Comment> WithholdAsync(Person by, string id, string? reason, CancellationToken cancel = default)
    {
        var text = VoiceWords.OfOffice(reason);
        return DoAsync(by, id, (change, comment) => KeepAsync(change, by, comment with { State = "withheld", Decided = change.Stamp, Reason = text }, "voice.comment-withheld"), cancel);
    }

    private static async Task<Comment> KeepAsync(Change change, Person by, Comment comment, string action, bool answers = false)
    {
        await change.ExecuteAsync($"UPDATE voice_comment SET state = @State, decided = @Decided, decided_by = @Login, reason = @Reason, answer = @Answer, answered = @Answered{(answers ? ", answered_by = @Login" : "")} WHERE id = @Id",
            new { comment.Id, comment.State, comment.Decided, by.Login, comment.Reason, comment.Answer, comment.Answered });
        change.Record(by, action, $"comment:{comment.Id}", JsonSerializer.Serialize(new Dictionary<string, string> { ["dataset"] = comment.Dataset }), dataset: comment.Dataset);
        return comment;
    }

    private Task<Comment> DoAsync(Person by, string id, Func<Change, Comment, Task<Comment>> work, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var comment = (await change.FindAsync<Row>($"SELECT {Columns} FROM voice_comment WHERE id = @id{change.ForUpdate}", new { id }))?.Read ?? throw new RefusedException(404, "not-found", id);
        return by.May("voice.answer", new Thing(comment.Unit), land) ? await work(change, comment) : throw new RefusedException(403, "voice-not-yours");
    }, cancel);
}
