using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What happened in the cases of a process: where they stand, how often they went where, how long it took, which ways they went.</summary>
public sealed class ProcessRecord(Store store, Jurisdiction land)
{
    /// <summary>Counts and times of nodes and flows.</summary>
    /// <param name="scope">Which cases.</param>
    /// <param name="matters">The matters that run the process, to count cases of which no record tells.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<ProcessFigures> FiguresAsync(RecordScope scope, IReadOnlyList<string> matters, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var args = scope.Args(land, new { matters = RecordScope.Words(matters) });
        var cases = await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {scope.Cases}", args);
        var unrecorded = await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {scope.Unrecorded}", args);
        var counts = (await connection.QueryAsync<(string What, string Node, long Count, long Cases)>($"""
            SELECT e.what, e.node, count(*), count(DISTINCT e.case_id) FROM work_event e JOIN {scope.Cases} ON k.case_id = e.case_id
            WHERE e.what IN ('entered', 'taken', 'withdrawn') GROUP BY e.what, e.node
            """, args)).ToLookup(c => c.What);
        var withdrawn = counts["withdrawn"].ToDictionary(c => c.Node, c => c.Count);
        var standing = (await connection.QueryAsync<(string Node, long Cases, long Since)>($"""
            SELECT s.node, count(DISTINCT s.case_id), min(s.at) FROM (
              SELECT e.case_id, max(e.seq) AS seq FROM work_event e JOIN {scope.Cases} ON k.case_id = e.case_id
              WHERE k.state IN ('open', 'stuck') AND e.token IS NOT NULL GROUP BY e.case_id, e.token
            ) l JOIN work_event s ON s.case_id = l.case_id AND s.seq = l.seq WHERE s.what NOT IN {CaseEvents.Ends} GROUP BY s.node
            """, args)).ToDictionary(s => s.Node);
        var took = await TookAsync(connection, $"""
            SELECT e.node AS node, e.at - e.since AS took FROM work_event e JOIN {scope.Cases} ON k.case_id = e.case_id WHERE e.what IN ('completed', 'left') AND e.since IS NOT NULL
            """, args);
        var whole = await TookAsync(connection, $"SELECT '' AS node, e.at - k.began AS took FROM work_event e JOIN {scope.Cases} ON k.case_id = e.case_id WHERE e.what = 'ended'", args);
        var nodes = counts["entered"].Select(c => new NodeFigures(c.Node, c.Count, c.Cases, standing.GetValueOrDefault(c.Node).Cases,
            standing.TryGetValue(c.Node, out var s) ? DateTimeOffset.FromUnixTimeMilliseconds(s.Since) : null, withdrawn.GetValueOrDefault(c.Node), took.GetValueOrDefault(c.Node)));
        return new ProcessFigures(cases, whole.GetValueOrDefault("")?.Count ?? 0, unrecorded, whole.GetValueOrDefault(""), [.. nodes.OrderBy(n => n.Node, StringComparer.Ordinal)],
            [.. counts["taken"].Select(c => new FlowFigures(c.Node, c.Count)).OrderBy(f => f.Flow, StringComparer.Ordinal)]);
    }, cancel);

    /// <summary>Times between activities that followed one another in a case, the most frequent first.</summary>
    public Task<IReadOnlyList<StepFigures>> StepsAsync(RecordScope scope, CancellationToken cancel = default) => store.ReadAsync<IReadOnlyList<StepFigures>>(async connection =>
    {
        var took = await TookAsync(connection, $"""
            SELECT f.before || ' ' || f.node AS node, f.took FROM (
              SELECT e.node, lag(e.node) OVER (PARTITION BY e.case_id ORDER BY e.seq) AS before, e.at - lag(e.at) OVER (PARTITION BY e.case_id ORDER BY e.seq) AS took
              FROM work_event e JOIN {scope.Cases} ON k.case_id = e.case_id WHERE e.what = 'completed'
            ) f WHERE f.before IS NOT NULL
            """, scope.Args(land));
        return [.. took.Select(t => t.Key.Split(' ') is var pair ? new StepFigures(pair[0], pair[1], t.Value) : null!).OrderByDescending(s => s.Took.Count).ThenBy(s => s.From, StringComparer.Ordinal).ThenBy(s => s.To, StringComparer.Ordinal)];
    }, cancel);

    /// <summary>A page of the ways that ended cases went, the most frequent first.</summary>
    public async Task<Page<CaseWay>> VariantsAsync(RecordScope scope, int skip, int take, CancellationToken cancel = default)
    {
        var rows = await store.ReadAsync(c => c.QueryAsync<(string Number, string? Steps, long Took)>($"""
            SELECT k.number, (SELECT string_agg(e.node, ' ' ORDER BY e.seq) FROM work_event e WHERE e.case_id = k.case_id AND e.what = 'completed'), f.at - k.began
            FROM {scope.Cases} JOIN work_event f ON f.case_id = k.case_id AND f.what = 'ended'
            """, scope.Args(land)), cancel);
        var ways = new Dictionary<string, (IReadOnlyList<Fold> Steps, List<long> Took, string Example)>();
        var keys = new Dictionary<string, string>();
        var total = 0;
        foreach (var (number, steps, took) in rows)
        {
            total++;
            if (!keys.TryGetValue(steps ?? "", out var key))
            {
                var folded = Fold.Of((steps ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
                keys[steps ?? ""] = key = Fold.Key(folded);
                ways.TryAdd(key, (folded, [], number));
            }
            var way = ways[key];
            way.Took.Add(took);
            if (string.CompareOrdinal(number, way.Example) > 0)
                ways[key] = way with { Example = number };
        }
        return new Page<CaseWay>([.. ways.OrderByDescending(w => w.Value.Took.Count).ThenBy(w => w.Key, StringComparer.Ordinal).Skip(skip).Take(take)
            .Select(w => new CaseWay(w.Key, w.Value.Steps, w.Value.Took.Count, (double)w.Value.Took.Count / total, Spans.Of(w.Value.Took)!, w.Value.Example))], ways.Count, skip, take);
    }

    /// <summary>The nodes and flows that a case went through, each once, in order.</summary>
    public Task<IReadOnlyList<string>> PathAsync(string number, RowRights rights, CancellationToken cancel = default) => store.ReadAsync<IReadOnlyList<string>>(async c => [.. await c.QueryAsync<string>($"""
        SELECT e.node FROM work_event e JOIN work_case c ON c.id = e.case_id WHERE c.number = @number AND e.what IN ('entered', 'taken'){rights.OfCase("c")} GROUP BY e.node ORDER BY min(e.seq)
        """, rights.With(new { number }))], cancel);

    /// <summary>The versions of the pack under which cases of the process run, the latest first.</summary>
    public Task<IReadOnlyList<RecordedVersion>> VersionsAsync(string pack, string file, RowRights rights, CancellationToken cancel = default) => store.ReadAsync<IReadOnlyList<RecordedVersion>>(async c => [.. (await c.QueryAsync<(string Revision, string Version, string Applied, long Cases)>($"""
        SELECT r.revision, r.version, r.applied, n.cases FROM pack_revision r JOIN (
          SELECT c.revision, count(*) AS cases FROM work_event o JOIN work_case c ON c.id = o.case_id WHERE o.what = 'opened' AND o.node = @file AND c.pack = @pack{rights.OfCase("c")} GROUP BY c.revision
        ) n ON n.revision = r.revision WHERE r.id = @pack ORDER BY r.applied DESC, r.revision
        """, rights.With(new { pack, file }))).Select(v => new RecordedVersion(v.Revision, v.Version, v.Applied, v.Cases))], cancel);

    // Percentiles by nearest rank, of which both stores know what they need.
    private static async Task<Dictionary<string, Spans>> TookAsync(System.Data.Common.DbConnection connection, string spans, DynamicParameters args) =>
        (await connection.QueryAsync<(string Node, long Count, long Median, long P90)>($"""
            SELECT r.node, count(*), min(CASE WHEN r.place * 2 >= r.total THEN r.took END), min(CASE WHEN r.place * 10 >= r.total * 9 THEN r.took END) FROM (
              SELECT t.node, t.took, row_number() OVER (PARTITION BY t.node ORDER BY t.took) AS place, count(*) OVER (PARTITION BY t.node) AS total FROM ({spans}) t
            ) r GROUP BY r.node
            """, args)).ToDictionary(t => t.Node, t => new Spans(t.Count, TimeSpan.FromMilliseconds(t.Median), TimeSpan.FromMilliseconds(t.P90)));
}
