using System.Text.Json.Nodes;
using Dapper;
using Npgsql;

namespace Guantong.Bench.Durable;

/// <summary>Officials finish tasks, checked, stepped and recorded in the ledger, over PostgreSQL; against bare transactions that write the same rows.</summary>
internal static class TasksBench
{
    public const int Clients = 32;
    private const int Count = 320;
    private const int Rounds = 3;

    /// <summary>Five tasks in a row, each with a form.</summary>
    public const string InARow = """
        <startEvent id="start"/>
        <userTask id="inspect" name="现场核查" guantong:form="forms/air-inspect.json" guantong:due="P5D"/>
        <userTask id="verify" name="核定污染等级" guantong:form="forms/verify.json" guantong:due="P1D"/>
        <userTask id="review" name="复核" guantong:form="forms/air-inspect.json" guantong:due="P2D"/>
        <userTask id="approve" name="审定" guantong:form="forms/verify.json" guantong:due="P1D"/>
        <userTask id="close" name="办结" guantong:form="forms/air-inspect.json"/>
        <endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="verify"/>
        <sequenceFlow id="c" sourceRef="verify" targetRef="review"/><sequenceFlow id="d" sourceRef="review" targetRef="approve"/>
        <sequenceFlow id="e" sourceRef="approve" targetRef="close"/><sequenceFlow id="f" sourceRef="close" targetRef="end"/>
        """;

    public static readonly string[] InARowTasks = ["inspect", "verify", "review", "approve", "close"];

    public static async Task<Ratio> RunAsync()
    {
        using var scratch = new Scratch();
        await using var platform = await DurablePlatform.BuildAsync(scratch.Fresh("data"), InARow, InARowTasks);
        var pattern = await BareWrites.LearnAsync(platform, InARowTasks.Length);
        await using var bare = new BareWrites(platform.Database, pattern);
        // The first round of each warms up.
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            var took = await FinishAllAsync(platform, await platform.OpenAsync(Count, Clients));
            var tookBare = await bare.WriteAllAsync(await platform.OpenAsync(Count, Clients), Clients);
            if (round == 0)
                continue;
            ours.Add(Count * InARowTasks.Length / took);
            theirs.Add(Count * InARowTasks.Length / tookBare);
        }
        Measure.Say($"tasks finished     {Measure.Median(ours):0}/s, median of {Rounds} ({ours.Min():0}–{ours.Max():0}), {Clients} at once");
        Measure.Say($"bare transactions  {Measure.Median(theirs):0}/s ({theirs.Min():0}–{theirs.Max():0}): the same rows, {pattern.Average(p => p.Rows):0.0} each, one prepared batch and one trip a transaction");
        return new Ratio(Measure.Median(ours) / Measure.Median(theirs), 0.3);
    }

    /// <summary>Finishes every task of these cases, one after the other in each case; gives the time that finishing took.</summary>
    public static async Task<double> FinishAllAsync(DurablePlatform platform, IReadOnlyList<string> cases)
    {
        var seconds = 0.0;
        for (var step = 0; step < InARowTasks.Length; step++)
        {
            var open = await OpenTasksAsync(platform, cases);
            seconds += await Measure.SecondsAsync(() => Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (id, cancel) =>
            {
                if (await platform.Tasks.FinishAsync(id, Given(step), DurablePlatform.Official, cancel) is { Count: > 0 } faults)
                    throw new InvalidOperationException(faults[0].ToString());
            }));
        }
        var ended = await platform.Store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_case WHERE state = 'ended' AND id = ANY(@cases)", new { cases = cases.ToArray() }));
        return ended == cases.Count ? seconds : throw new InvalidOperationException($"{ended} of {cases.Count} cases have ended");
    }

    /// <summary>What the form of a step asks for.</summary>
    public static JsonObject Given(int step) => step % 2 == 0
        ? new() { ["confirmed"] = true, ["finding"] = "现场核查属实，已责令限期整改（合成）" }
        : new() { ["respond"] = true, ["level"] = "橙色", ["opinion"] = "同意，按程序办理（合成）" };

    private static async Task<IReadOnlyList<string>> OpenTasksAsync(DurablePlatform platform, IReadOnlyList<string> cases) =>
        (await platform.Store.ReadAsync(c => c.QueryAsync<string>("SELECT id FROM work_task WHERE state = 'open' AND case_id = ANY(@cases)", new { cases = cases.ToArray() }))).AsList();
}
