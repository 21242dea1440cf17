using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Guantong.Processes.Simulating;

/// <summary>A simulation's result as JSON; docs/bpmn.md describes it.</summary>
public static class SimulationJson
{
    public static JsonObject Write(SimulationResult result)
    {
        var main = result.Instances[0];
        return new JsonObject
        {
            ["process"] = main.Process,
            ["status"] = Text(result.Status),
            ["error"] = main.State.Error,
            ["from"] = Text(result.From),
            ["to"] = Text(result.To),
            ["order"] = Texts(main.Order),
            ["entered"] = Texts(result.Trace.Where(t => t.Instance == 1 && t.What == "enter").Select(t => t.Id)),
            ["ends"] = Texts(main.Ends),
            ["open"] = new JsonArray([.. result.Open.Select(Open)]),
            ["waiting"] = new JsonArray([.. result.Instances.Where(i => i.Status is SimulationStatus.Waiting or SimulationStatus.Stuck).SelectMany(i => i.State.Subscriptions.Select(s => Waiting(i, s.Wait)))]),
            ["data"] = JsonSerializer.SerializeToNode(main.State.Data),
            ["instances"] = new JsonArray([.. result.Instances.Skip(1).Select(Instance)]),
            ["unused"] = Texts(result.Unused.Select(u => u.ToString())),
            ["trace"] = new JsonArray([.. result.Trace.Select(Trace)]),
        };
    }

    private static JsonNode Open(OpenTask task) => new JsonObject
    {
        ["instance"] = task.Instance, ["task"] = task.Node.Id, ["name"] = task.Node.Name, ["element"] = task.Node.Element, ["lane"] = task.Node.Lane, ["since"] = Text(task.Since),
    };

    private static JsonNode Waiting(InstanceResult instance, Wait wait) => new JsonObject
    {
        ["instance"] = instance.Number, ["node"] = wait.Node, ["for"] = wait.Kind.ToString().ToLowerInvariant(), ["name"] = wait.Name, ["correlation"] = wait.Key, ["due"] = wait.Due is { } due ? Text(due) : null,
    };

    private static JsonNode Instance(InstanceResult instance) => new JsonObject
    {
        ["instance"] = instance.Number, ["process"] = instance.Process, ["status"] = Text(instance.Status), ["calledBy"] = instance.CalledBy,
        ["order"] = Texts(instance.Order), ["ends"] = Texts(instance.Ends), ["data"] = JsonSerializer.SerializeToNode(instance.State.Data),
    };

    private static JsonNode Trace(TraceEntry entry)
    {
        var json = new JsonObject { ["at"] = Text(entry.At), ["instance"] = entry.Instance, ["what"] = entry.What, ["id"] = entry.Id };
        if (entry.Detail is { } detail)
            json["detail"] = detail;
        return json;
    }

    private static string Text(SimulationStatus status) => status.ToString().ToLowerInvariant();

    private static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
