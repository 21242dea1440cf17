using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Who read and used a person's data, when, and for what matter: the entries of the ledger that have them as subject, but for what they did themselves.</summary>
/// <remarks>rights.md 6. Looking here is one's own affair and leaves no entry.</remarks>
public sealed class Reads(Store store, Accounts accounts, UserCentre centre, PackRegistry packs, Jurisdiction land)
{
    /// <summary>The most lines of an export.</summary>
    public const int LongestExport = 50_000;

    // How a process stands, tries again and passes the word on: nobody reads or uses anything by it. Whatever is not named here is shown, so that nothing new is hidden by having been forgotten.
    private static readonly string[] Bookkeeping =
    [
        "draft.saved", "case.prefilled", "task.prefilled", "case.resumed", "case.called", "case.stuck", "case.escalated", "task.escalated", "call.returned", "call.failed", "call.escalated", "path.taken", "task.opened", "task.withdrawn",
        "service.called", "service.withdrawn", "service.put-off", "service.failed", "timer.fired", "timer.put-off", "timer.failed", "timer.taken", "timer.expired",
        "message.sent", "message.taken", "message.put-off", "message.failed", "message.expired", "signal.given", "signal.taken", "signal.expired", "incident.opened",
        "session.end-missed", "totp.used", "token.pruned", "consent.pruned", "application.refused", "objection.answered", "objection.answer-missed", "follow-up.rated", "payment.begun", "payment.failed", "payment.put-off", "payment.done-meanwhile", "notice.quiet",
    ];

    private static readonly string[] Services = ["rule", "model", "process", "timer", "message", "insight", "provider"];
    private static readonly string Shown = $"subject = @subject AND actor <> @login AND actor <> 'applicant' AND action NOT IN ('{string.Join("', '", Bookkeeping)}')";

    internal sealed record Entry(long Seq, string At, string Actor, string Action, string About, string Detail, string? Unit);

    private sealed record CaseOf(string Number, string Pack, string Revision, string Matter, string? Called, string? Agent);

    /// <summary>A page of what was read and used of one of a person's own: themselves, or an organisation that they represent.</summary>
    /// <param name="subject">One of <see cref="UserCentre.OwnAsync"/>; null for the person themselves.</param>
    /// <returns>Null where it is none of their own.</returns>
    public async Task<ReadPage?> PageAsync(Person me, string? subject, ReadQuery query, int take, string lang, CancellationToken cancel = default)
    {
        if (await SubjectAsync(me, subject, cancel) is not { } own)
            return null;
        var entries = await EntriesAsync(me, own, query, take + 1, cancel);
        return new ReadPage(await SayAsync([.. entries.Take(take)], lang, cancel), entries.Count > take ? entries[take - 1].Seq : null);
    }

    /// <summary>The same without pages, as they are read; at most <see cref="LongestExport"/>.</summary>
    public async IAsyncEnumerable<Read> AllAsync(Person me, string subject, ReadQuery query, string lang, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        const int atATime = 500;
        for (var (count, next) = (0, (long?)query.Before); next is not null && count < LongestExport; count += atATime)
        {
            var page = await PageAsync(me, subject, query with { Before = next.Value }, atATime, lang, cancel);
            foreach (var read in page?.Items ?? [])
                yield return read;
            next = page?.Next;
        }
    }

    /// <summary>One of one's own subjects, or null.</summary>
    public async Task<string?> SubjectAsync(Person me, string? subject, CancellationToken cancel = default)
    {
        var own = await centre.OwnAsync(me, cancel);
        return string.IsNullOrEmpty(subject) ? own.Select(o => o.Subject).FirstOrDefault() : own.Select(o => o.Subject).FirstOrDefault(o => o == subject);
    }

    /// <summary>One entry about a subject as its person is shown it, or null.</summary>
    internal async Task<Read?> FindAsync(Person me, string subject, long seq, string lang, CancellationToken cancel) =>
        (await SayAsync(await EntriesAsync(me, subject, new ReadQuery(Before: seq + 1), 1, cancel), lang, cancel)).FirstOrDefault(r => r.Seq == seq);

    private Task<List<Entry>> EntriesAsync(Person me, string subject, ReadQuery query, int take, CancellationToken cancel) => store.ReadAsync(async connection =>
    {
        var where = Shown + " AND seq < @Before" + (query.From is null ? "" : " AND at >= @from") + (query.To is null ? "" : " AND at < @to");
        var args = new { subject, login = me.Login, query.Before, from = Midnight(query.From), to = Midnight(query.To?.AddDays(1)), take };
        return (await connection.QueryAsync<Entry>($"SELECT seq, at, actor, action, about, detail, unit FROM ledger WHERE {where} ORDER BY seq DESC LIMIT @take", args)).AsList();
    }, cancel);

    private string? Midnight(DateOnly? day) => day is { } d ? Time.Write(new DateTimeOffset(d.ToDateTime(TimeOnly.MinValue), land.Offset)) : null;

    private async Task<IReadOnlyList<Read>> SayAsync(IReadOnlyList<Entry> entries, string lang, CancellationToken cancel)
    {
        var cases = await CasesAsync(entries, cancel);
        var posts = new Dictionary<string, IReadOnlyList<Post>>();
        foreach (var login in entries.Where(e => e.Unit is not null).Select(e => e.Actor).Distinct())
            posts[login] = await accounts.PostsAsync(login, cancel);
        var names = await store.ReadAsync(c => Subjects.NamesAsync(c, cases.Values.Select(c => c.Agent).Concat(entries.Select(AgentOf)).OfType<string>()), cancel);
        var reads = new List<Read>();
        foreach (var entry in entries)
            reads.Add(await SayAsync(entry, cases.GetValueOrDefault(entry.About), posts, names, lang, cancel));
        return reads;
    }

    private async Task<Read> SayAsync(Entry entry, CaseOf? row, Dictionary<string, IReadOnlyList<Post>> posts, IReadOnlyDictionary<string, string> names, string lang, CancellationToken cancel)
    {
        var detail = JsonNode.Parse(entry.Detail) as JsonObject ?? [];
        var read = entry.Action == "prefill.read" && ((string?)detail["matter"])?.Split('/') is [var its, var one] && packs.Find(its) is { } now ? (Pack: now, Matter: one) : ((Pack Pack, string Matter)?)null;
        var pack = row is null ? null : await packs.AtAsync(row.Pack, row.Revision, cancel);
        var matter = row is null ? null : pack!.Say(lang, pack.Matter(row.Matter)?.Name ?? row.Matter);
        var kind = KindOf(entry);
        var who = entry.Unit is { } unit ? land.Units.Find(unit)?.Say(lang) ?? unit
            : kind == "automatic" ? WorkTexts.Say(lang, "reads.who.platform")
            : entry.Actor == "presentation" ? WorkTexts.Say(lang, "reads.who.shown")
            : entry.Actor == "agent" ? WorkTexts.Say(lang, "reads.who.agent", row?.Agent is { } agent ? names.GetValueOrDefault(agent) ?? "—" : "—")
            : entry.Actor.StartsWith("key:", StringComparison.Ordinal) || entry.Actor.StartsWith("client:", StringComparison.Ordinal) ? WorkTexts.Say(lang, "reads.who.machine", entry.Actor)
            : WorkTexts.Say(lang, "reads.who.other");
        var post = posts.GetValueOrDefault(entry.Actor)?.FirstOrDefault(p => p.Unit == entry.Unit && p.Title.Length > 0 && StoodAt(p, entry.At));
        if (read is var (its2, id))
        {
            var (called, named) = (its2.Say(lang, its2.Matter(id)?.Name ?? id), ((string?)detail["dataset"] ?? "").Split('/'));
            // Another pack's is named with its pack.
            var home = named is [var other, _] ? packs.Find(other) ?? its2 : its2;
            var data = home.Dataset(named[^1]);
            return new Read(entry.Seq, entry.At, kind, entry.Action, WorkTexts.Action(lang, entry.Action), who, null, null, called, WorkTexts.Say(lang, AgentOf(entry) is null ? "reads.for.prefill" : "reads.for.prefill-agent", called, data is null ? "" : home.Say(lang, data.Name), AgentOf(entry) is { } by ? names.GetValueOrDefault(by) ?? "—" : null), [.. (detail["fields"] as JsonArray ?? []).Select(f => $"{f}").Select(f => data?.Field(f) is { } field ? home.Say(lang, field.Name) : f)]);
        }
        // Whoever acts for an organisation had its policies looked for.
        if (entry.Action == SupportPolicies.Reading && ((string?)detail["dataset"])?.Split('/') is [var of, var its3] && packs.Find(of) is { } source && source.Dataset(its3) is { } looked)
            return new Read(entry.Seq, entry.At, kind, entry.Action, WorkTexts.Action(lang, entry.Action), (await accounts.FindAsync(entry.Actor, cancel))?.Name ?? who, null, null, null, WorkTexts.Say(lang, "reads.for.policy", source.Say(lang, looked.Name)), [.. (detail["fields"] as JsonArray ?? []).Select(f => looked.Field($"{f}") is { } field ? source.Say(lang, field.Name) : $"{f}")]);
        return new Read(entry.Seq, entry.At, kind, entry.Action, WorkTexts.Action(lang, entry.Action), who, post?.Title, row?.Number, matter, Purpose(entry, row, pack, matter, detail, lang), Fields(detail, pack, lang));
    }

    // By whom it was filled in for the person: their agent.
    private static string? AgentOf(Entry entry) => entry.Action == "prefill.read" ? (string?)JsonNode.Parse(entry.Detail)?["agent"] : null;

    private static string KindOf(Entry entry) =>
        Services.Contains(entry.Actor) || entry.Actor.StartsWith("service:", StringComparison.Ordinal) ? "automatic"
        : entry.Action.EndsWith("read", StringComparison.Ordinal) || entry.Action == "policy.explained" ? "read"
        : entry.About.StartsWith("case:", StringComparison.Ordinal) || IsSaid(entry) ? "used" : "account";

    // Something that they said at the reception.
    private static bool IsSaid(Entry entry) => entry.About.StartsWith("reception:", StringComparison.Ordinal);

    private bool StoodAt(Post post, string at)
    {
        var day = Time.Read(at).ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return string.CompareOrdinal(post.From, day) <= 0 && (post.To is null || string.CompareOrdinal(day, post.To) <= 0) && (post.Ended is null || string.CompareOrdinal(at, post.Ended) <= 0);
    }

    private static string Purpose(Entry entry, CaseOf? row, Pack? pack, string? matter, JsonObject detail, string lang)
    {
        if (row is null)
            return WorkTexts.Say(lang, entry.Actor == "presentation" ? "reads.for.shown" : IsSaid(entry) ? "reads.for.reception" : KindOf(entry) == "automatic" ? "reads.for.platform" : "reads.for.account");
        var node = (string?)(detail["task"] ?? detail["node"]);
        var name = node is null ? null : pack!.ProcessOf(row.Matter, row.Called).Definition.Find(node)?.Name;
        return string.IsNullOrEmpty(name) ? WorkTexts.Say(lang, "reads.for.matter", matter) : WorkTexts.Say(lang, "reads.for.step", matter, pack!.Say(lang, name));
    }

    // What was read, given or changed stands as names; what a service gave may stand with values, of which the names alone are told.
    private static string[] Fields(JsonObject detail, Pack? pack, string lang)
    {
        var names = new[] { "fields", "given", "changed" }.SelectMany(part => detail[part] switch
        {
            JsonArray list => list.Select(n => n?.ToString()).OfType<string>(),
            JsonObject values => values.Select(v => v.Key),
            _ => [],
        });
        var titles = pack is null ? [] : pack.Forms.Values.SelectMany(f => FormField.Of(f, lang)).GroupBy(f => f.Name).ToDictionary(g => g.Key, g => g.First().Title);
        // What no form asks for is a name that a process gave to what it worked out: it tells a reader nothing.
        return [.. names.Distinct().Where(n => pack is null || titles.ContainsKey(n)).Select(n => titles.GetValueOrDefault(n, n))];
    }

    private Task<Dictionary<string, CaseOf>> CasesAsync(IReadOnlyList<Entry> entries, CancellationToken cancel) => store.ReadAsync(async connection =>
    {
        var numbers = entries.Select(e => e.About).Where(a => a.StartsWith("case:", StringComparison.Ordinal)).Select(a => a["case:".Length..]).Distinct().ToArray();
        if (numbers.Length == 0)
            return [];
        var rows = await connection.QueryAsync<CaseOf>($"SELECT number AS Number, pack AS Pack, revision AS Revision, matter AS Matter, called AS Called, agent AS Agent FROM work_case WHERE number {(store.IsPostgres ? "= ANY(@numbers)" : "IN @numbers")}", new { numbers });
        return rows.ToDictionary(r => CaseLedger.About(r.Number));
    }, cancel);
}
