using System.Runtime.CompilerServices;
using Dapper;
using Guantong.Data;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A case of a log with what happened in it.</summary>
internal sealed record LoggedCase(LogCase Case, ProcessDefinition Definition, IReadOnlyList<LogRow> Rows, IReadOnlyList<LogTask> Tasks, IReadOnlyList<LogDocument> Documents);

/// <summary>A task of a case.</summary>
internal sealed record LogTask(string CaseId, string Id, string Token, string Node, string Unit);

/// <summary>A document of a case: that there is one, not what it says.</summary>
internal sealed record LogDocument(string CaseId, string Id, string Name, string Made);

/// <summary>Reads the record of a process's cases for exports, some cases at a time, and says in the ledger that it was exported.</summary>
public sealed class EventLog(Store store, PackRegistry packs, Jurisdiction land, TimeProvider clock)
{
    private const int AtATime = 200;

    /// <summary>Notes who takes the record of which cases away.</summary>
    public Task NoteAsync(RecordScope scope, string format, Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), change =>
    {
        change.Record(by, "record.exported", $"process:{scope.Pack}/{scope.File}", System.Text.Json.JsonSerializer.Serialize(new { format, scope.From, scope.To, scope.Region, scope.Revision, scope.State }, Json.Plain));
        return Task.CompletedTask;
    }, cancel);

    /// <summary>The cases in the order in which they were opened.</summary>
    internal async IAsyncEnumerable<LoggedCase> CasesAsync(RecordScope scope, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var after = "";
        while (true)
        {
            var cases = await ReadAsync(scope, after, cancel);
            foreach (var one in cases)
                yield return one;
            if (cases.Count < AtATime)
                yield break;
            after = cases[^1].Case.Id;
        }
    }

    private async Task<List<LoggedCase>> ReadAsync(RecordScope scope, string after, CancellationToken cancel)
    {
        var (cases, rows, tasks, documents) = await store.ReadAsync(async connection =>
        {
            var cases = (await connection.QueryAsync<LogCase>($"SELECT {LogCase.Columns} FROM {scope.Cases} JOIN work_case c ON c.id = k.case_id WHERE k.case_id > @after ORDER BY k.case_id LIMIT {AtATime}", scope.Args(land, new { after }))).AsList();
            if (cases.Count == 0)
                return (cases, Enumerable.Empty<LogRow>().ToLookup(r => r.CaseId), Enumerable.Empty<LogTask>().ToLookup(t => t.CaseId), Enumerable.Empty<LogDocument>().ToLookup(d => d.CaseId));
            var ids = new DynamicParameters();
            foreach (var (i, one) in cases.Index())
                ids.Add($"c{i}", one.Id);
            var among = $"({string.Join(", ", cases.Select((_, i) => $"@c{i}"))})";
            return (cases,
                (await connection.QueryAsync<LogRow>($"SELECT {LogRow.Columns} FROM work_event WHERE case_id IN {among} ORDER BY case_id, seq", ids)).ToLookup(r => r.CaseId),
                (await connection.QueryAsync<LogTask>($"SELECT case_id AS CaseId, id AS Id, token AS Token, node AS Node, unit AS Unit FROM work_task WHERE case_id IN {among} ORDER BY id", ids)).ToLookup(t => t.CaseId),
                (await connection.QueryAsync<LogDocument>($"SELECT case_id AS CaseId, id AS Id, name AS Name, made AS Made FROM work_document WHERE case_id IN {among} ORDER BY id", ids)).ToLookup(d => d.CaseId));
        }, cancel);
        var read = new List<LoggedCase>(cases.Count);
        foreach (var one in cases)
            read.Add(new LoggedCase(one, (await packs.AtAsync(scope.Pack, one.Revision, cancel)).Processes[scope.File].Definition, [.. rows[one.Id]], [.. tasks[one.Id]], [.. documents[one.Id]]));
        return read;
    }

    /// <summary>A unit, region or name of the pack in a language.</summary>
    internal string Say(string lang, string pack, string text) => packs.Find(pack)?.Say(lang, text) ?? text;

    /// <summary>What a unit is called.</summary>
    internal string UnitName(string lang, string id) => land.Units.Find(id)?.Say(lang) ?? id;

    /// <summary>What a region is called.</summary>
    internal string RegionName(string lang, string code) => land.Regions.Find(code)?.Say(lang) ?? code;
}
