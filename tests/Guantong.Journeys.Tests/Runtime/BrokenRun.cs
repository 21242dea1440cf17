using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>The machine stopped here.</summary>
internal sealed class CutOff : Exception;

/// <summary>
/// A platform whose cases run one process with timers, a decision, several instances of a service and messages; it may stop at any commit, just before it or
/// when it stands but nobody has been told. From then on nothing it does is kept. A new platform goes on over the same store, and callers who got no answer ask again.
/// </summary>
internal sealed partial class BrokenRun : IAsyncDisposable
{
    private const string Pack = "environment.air-quality";

    /// <summary>What the cases run.</summary>
    public const string Process = """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:guantong="https://guantong.dev/bpmn" targetNamespace="https://guantong.dev/packs"><message id="paid_message" name="paid"/><message id="told_message" name="told"/>
        <process id="played" name="办理" isExecutable="true"><laneSet id="lanes"><lane id="lane" name="省生态环境厅"><flowNodeRef>inspect</flowNodeRef></lane></laneSet>
        <startEvent id="start"/><userTask id="inspect" name="核查" guantong:form="forms/air-inspect.json"/>
        <boundaryEvent id="late" attachedToRef="inspect" cancelActivity="false"><timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition></boundaryEvent>
        <serviceTask id="note" name="催办单" guantong:service="compose-document" guantong:document="documents/air-reply-unfounded.md"/><endEvent id="noted" name="已催办"/>
        <businessRuleTask id="weigh" name="定轻重" guantong:decision="decisions/weight.dmn#weight" guantong:result="weight"/>
        <serviceTask id="letters" name="发函" guantong:service="compose-document" guantong:document="documents/air-reply.md"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></serviceTask>
        <intermediateThrowEvent id="tell" name="告知"><messageEventDefinition messageRef="told_message"/></intermediateThrowEvent>
        <receiveTask id="paid" name="等回执" messageRef="paid_message" guantong:key="bill"/>
        <intermediateCatchEvent id="rest" name="公示"><timerEventDefinition><timeDuration>PT30M</timeDuration></timerEventDefinition></intermediateCatchEvent><endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="weigh"/>
        <sequenceFlow id="c" sourceRef="weigh" targetRef="letters"/><sequenceFlow id="d" sourceRef="letters" targetRef="tell"/>
        <sequenceFlow id="e" sourceRef="tell" targetRef="paid"/><sequenceFlow id="f" sourceRef="paid" targetRef="rest"/><sequenceFlow id="g" sourceRef="rest" targetRef="end"/>
        <sequenceFlow id="h" sourceRef="late" targetRef="note"/><sequenceFlow id="i" sourceRef="note" targetRef="noted"/>
        </process></definitions>
        """;

    /// <summary>The decision that it asks for.</summary>
    public const string Weights = """
        <definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="weights" name="轻重" namespace="https://guantong.dev/packs">
        <inputData id="in_confirmed" name="confirmed"><variable name="confirmed" typeRef="boolean"/></inputData>
        <decision id="weight" name="轻重"><variable name="weight" typeRef="string"/><informationRequirement id="r"><requiredInput href="#in_confirmed"/></informationRequirement>
        <literalExpression><text>if confirmed then "重" else "轻"</text></literalExpression></decision></definitions>
        """;

    private static readonly Person Official = new("worker-huzhou", "演示·湖州生态", "Demo Huzhou ecology officer", "official", "zj-ecology-330500", "330500", ["case-worker"]);

    private readonly string _folder = Directory.CreateTempSubdirectory("guantong-broken-").FullName;
    private readonly StandingClock _clock = new();
    private readonly Settings _settings;
    private WebApplication? _app;
    private Action<bool>? _breaking;

    private BrokenRun(string? store) => _settings = new Settings(Repository.Root, _folder, store, "zhejiang", "http://127.0.0.1:0", Demo: true) { Warehouse = store };

    private IServiceProvider Services => _app!.Services;

    private Store Store => Services.GetRequiredService<Store>();

    public static async Task<BrokenRun> StartAsync(string store)
    {
        var run = new BrokenRun(await FreshStore.MakeAsync(store));
        await run.RestartAsync();
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality");
        var texts = files.Texts.ToDictionary();
        (texts["processes/air-report.bpmn"], texts["decisions/weight.dmn"]) = (Process, Weights);
        var outcome = await run.Services.GetRequiredService<PackRegistry>().ApplyAsync(files with { Texts = texts }, Policy.Operator, confirmed: true);
        Assert.Equal("applied", outcome.Result);
        return run;
    }

    private async Task RestartAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _app = await Platform.BuildAsync(_settings, workers: false, _clock);
    }

    /// <summary>Counts the commits of a run that nothing happens to, and says how it ended.</summary>
    public async Task<(int Commits, string End)> UninjuredAsync()
    {
        var commits = 0;
        _breaking = stands => commits += stands ? 1 : 0;
        var end = await RunAsync("uninjured");
        return (commits, end);
    }

    /// <summary>Runs a case that stops at one commit; says how it ended.</summary>
    /// <param name="commit">The first is 1.</param>
    /// <param name="stands">When it stands but nobody has been told; otherwise just before it.</param>
    public async Task<string> BrokenAsync(int commit, bool stands)
    {
        var (left, dead) = (commit, false);
        _breaking = at =>
        {
            dead |= at == stands && --left == 0;
            if (dead)
                throw new CutOff();
        };
        var end = await RunAsync($"broken-{commit}-{stands}");
        Assert.True(dead, $"Commit {commit} was never come to.");
        return end;
    }

    public Task<LedgerVerdict> VerifyAsync() => Services.GetRequiredService<Ledger>().VerifyAsync();

    private async Task<string> RunAsync(string name)
    {
        var number = "";
        Store.Breaking = _breaking;
        await ActAsync(async () =>
        {
            var applied = Services.GetRequiredService<PackRegistry>().Applied[Pack];
            // Whoever got no answer looks before applying again.
            if (await NumberAsync(name) is null)
                await Services.GetRequiredService<Cases>().OpenAsync(applied, applied.Pack.Matter("air-report")!, name, "330500", new JsonObject { ["bill"] = name }, Official);
        });
        number = (await NumberAsync(name))!;
        for (var hour = 0; hour < 3; hour++)
            await PassAsync(TimeSpan.FromHours(1));
        await ActAsync(async () =>
        {
            var task = await FindAsync<string>("SELECT id FROM work_task WHERE node = 'inspect' AND case_id = (SELECT id FROM work_case WHERE number = @number)", number);
            try
            {
                Assert.Empty(await Services.GetRequiredService<Tasks>().FinishAsync(task!, new JsonObject { ["confirmed"] = true, ["finding"] = "现场核查属实" }, Official));
            }
            catch (ConflictException e) when (e.Code == "task-done")
            {
                // It stood, and nobody had been told.
            }
        });
        await PassAsync(TimeSpan.Zero);
        await ActAsync(() => Services.GetRequiredService<Messages>().ReceiveAsync("paid", name, new JsonObject(), Messages.Kept, name, Policy.Operator with { Login = "bank" }));
        await PassAsync(TimeSpan.Zero);
        await PassAsync(TimeSpan.FromHours(1));
        Store.Breaking = null;
        return await EndAsync(name, number);
    }

    private Task PassAsync(TimeSpan time)
    {
        _clock.Now += time;
        return ActAsync(async () =>
        {
            var runner = Services.GetRequiredService<WorkRunner>();
            while (await runner.RunNextAsync(CancellationToken.None))
            {
            }
        });
    }

    // What was cut off is done again on a new platform.
    private async Task ActAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (CutOff)
        {
            await RestartAsync();
            await act();
        }
    }

    private Task<string?> NumberAsync(string name) => FindAsync<string>("SELECT number FROM work_case WHERE title = @number", name);

    private Task<T?> FindAsync<T>(string sql, string number) => Store.ReadAsync(c => c.QueryFirstOrDefaultAsync<T>(sql, new { number }));

    // Everything that the store holds of the case, but for times, ids and its own name.
    private async Task<string> EndAsync(string name, string number)
    {
        string[] tables =
        [
            "SELECT 'case', state, outcome, data, warning FROM work_case WHERE id = @id",
            "SELECT 'task', node, state, data, assignee, ended_by FROM work_task WHERE case_id = @id",
            "SELECT 'job', node, service, state, attempts, error FROM work_job WHERE case_id = @id",
            "SELECT 'timer', node, state FROM work_timer WHERE case_id = @id",
            "SELECT 'wait', node, name FROM work_wait WHERE case_id = @id",
            "SELECT 'message', kind, name, key, data, state, taken_by FROM work_message WHERE sender = @about OR taken_by = @number",
            "SELECT 'incident', node, why FROM work_incident WHERE case_id = @id",
            "SELECT 'document', name, markdown FROM work_document WHERE case_id = @id",
            "SELECT 'ledger', actor, action, detail FROM ledger WHERE about = @about",
        ];
        var args = new { id = await FindAsync<string>("SELECT id FROM work_case WHERE number = @number", number), number, about = $"case:{number}" };
        var lines = new List<string>();
        foreach (var sql in tables)
        {
            var rows = await Store.ReadAsync(c => c.QueryAsync(sql, args));
            // Work that is due at the same moment has no order: what counts is that each thing stands there once.
            lines.AddRange(rows.Select(r => string.Join(" | ", ((IDictionary<string, object?>)r).Values)).Select(l => Plain(l, number, name)).Order(StringComparer.Ordinal));
        }
        return string.Join('\n', lines);
    }

    /// <summary>A text without times, ids, running numbers of documents, and a case's own number and name.</summary>
    public static string Plain(string text, string number, string name) =>
        Drawn().Replace(text.Replace(number, "NUMBER", StringComparison.Ordinal).Replace(name, "NAME", StringComparison.Ordinal), "…");

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        Directory.Delete(_folder, true);
    }

    [GeneratedRegex(@"[0-9a-f]{64}|[0-9a-f]{32}|\d{4}-\d\d-\d\d(T[\d:.]+Z)?|\d+号")]
    private static partial Regex Drawn();
}
