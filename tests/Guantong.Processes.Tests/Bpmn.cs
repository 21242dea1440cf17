using System.Globalization;
using System.Text;
using System.Text.Json;
using Guantong.Processes;
using Guantong.Processes.Simulating;

namespace Guantong.Tests;

/// <summary>Small models as text, and runs of them.</summary>
internal static class Bpmn
{
    public static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web);

    /// <summary>A file with one process.</summary>
    /// <param name="elements">Its nodes as XML.</param>
    /// <param name="flows">A line a path: <c>a &gt; b &gt; c</c>, or <c>a &gt; b ? condition</c>.</param>
    /// <param name="roots">Messages, signals, other processes …</param>
    public static string Of(string elements, string flows, string roots = "") => $"""
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:guantong="https://guantong.dev/bpmn" targetNamespace="t">
        <message id="m1" name="paid"/><message id="m2" name="cancelled"/><signal id="s1" name="alarm"/>
        <error id="e1" name="rejected" errorCode="E1"/><error id="e2" errorCode="E2"/><escalation id="c1" escalationCode="C1"/>{roots}
        <process id="p" isExecutable="true">
        {elements}
        {Flows(flows)}</process></definitions>
        """;

    public static string Flows(string flows)
    {
        var xml = new StringBuilder();
        foreach (var line in flows.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (path, condition) = line.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? (line[..at], line[(at + 1)..].Trim()) : (line, null);
            var nodes = path.Split('>', StringSplitOptions.TrimEntries);
            for (var i = 1; i < nodes.Length; i++)
                xml.Append(CultureInfo.InvariantCulture, $"<sequenceFlow id='{nodes[i - 1]}-{nodes[i]}' sourceRef='{nodes[i - 1]}' targetRef='{nodes[i]}'>{(condition is null ? "" : $"<conditionExpression>{Escaped(condition)}</conditionExpression>")}</sequenceFlow>\n");
        }
        return xml.ToString();
    }

    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    public static ProcessDefinition Read(string xml)
    {
        var model = Model(xml);
        return model.Choose(null)!.Definition!;
    }

    private static BpmnModel Model(string xml)
    {
        var faults = new List<ProcessFault>();
        var model = BpmnModel.Read(xml, faults);
        Assert.Empty(faults.Concat(model?.Processes.SelectMany(p => p.Faults) ?? []).Select(f => $"{f.Line}:{f.Column} {f.Message("en")}"));
        return model!;
    }

    /// <summary>The codes for which the first process is refused.</summary>
    public static IReadOnlyList<ProcessFault> Faults(string xml)
    {
        var faults = new List<ProcessFault>();
        return BpmnModel.Read(xml, faults) is { } model ? model.Processes[0].Faults : faults;
    }

    public static SimulationResult Run(string xml, string data = "{}", string events = "[]", bool manual = false, Func<string, IReadOnlyDictionary<string, object?>, (bool, object?)>? decide = null, string? process = null, int most = 10_000)
    {
        var model = Model(xml);
        var read = ScriptedEvent.Read(JsonSerializer.Deserialize<JsonElement>(events), From, out var fault);
        Assert.Null(fault);
        var start = JsonSerializer.Deserialize<Dictionary<string, object?>>(data)!;
        return Simulation.Run(model, model.Choose(process)!.Definition!, new SimulationInput(From, start, read!) { IsManual = manual, Decide = decide ?? ((_, _) => (false, null)), MostSteps = most });
    }

    /// <summary>Activities of the first instance in the order in which they were completed.</summary>
    public static string Order(this SimulationResult result) => string.Join(' ', result.Instances[0].Order);

    /// <summary>End events of the first instance in the order in which they were come to.</summary>
    public static string Ends(this SimulationResult result) => string.Join(' ', result.Instances[0].Ends);

    public static string OpenTasks(this SimulationResult result) => string.Join(' ', result.Open.Select(o => o.Node.Id));

    public static object? Data(this SimulationResult result, string name) => result.Instances[0].State.Data.GetValueOrDefault(name);

    /// <summary>When a node was entered, as hours after the beginning.</summary>
    public static string Hours(this SimulationResult result, string node) =>
        string.Join(' ', result.Trace.Where(t => t.What == "enter" && t.Id == node).Select(t => (t.At - From).TotalHours));

    /// <summary>The state as it comes back from a store.</summary>
    public static ProcessState Stored(this ProcessState state) => JsonSerializer.Deserialize<ProcessState>(JsonSerializer.Serialize(state, Plain), Plain)!;
}
