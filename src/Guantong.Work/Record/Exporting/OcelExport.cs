using System.Text.Encodings.Web;
using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>
/// The record as OCEL 2.0 JSON (Berti et al., OCEL (Object-Centric Event Log) 2.0 Specification, 2024, clause 7): an event a completion or abortion of an activity, or something that happened;
/// objects are cases, tasks, units and documents.
/// </summary>
internal static class OcelExport
{
    private const int FlushAt = 1 << 16;

    /// <summary>Writes it case by case: events first, then the objects, then the types that came up. The order of a JSON object's members means nothing.</summary>
    public static async Task WriteAsync(EventLog log, RecordScope scope, string lang, Stream to, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var units = new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        json.WriteStartObject();
        json.WriteStartArray("events");
        await foreach (var logged in log.CasesAsync(scope, cancel))
        {
            WriteEvents(json, log, scope, logged, lang, types);
            await FlushAsync(json, cancel);
        }
        json.WriteEndArray();
        json.WriteStartArray("objects");
        await foreach (var logged in log.CasesAsync(scope, cancel))
        {
            WriteObjects(json, log, scope, logged, lang, units);
            await FlushAsync(json, cancel);
        }
        foreach (var (unit, first) in units)
            WriteObject(json, $"unit:{unit}", "unit", [("name", log.UnitName(lang, unit), first)], []);
        json.WriteEndArray();
        json.WriteStartArray("eventTypes");
        foreach (var type in types)
            WriteType(json, type, ["node", "element", "start"]);
        json.WriteEndArray();
        json.WriteStartArray("objectTypes");
        WriteType(json, "case", ["matter", "region", "revision", "state", "outcome"]);
        WriteType(json, "task", ["name"]);
        WriteType(json, "unit", ["name"]);
        WriteType(json, "document", ["name"]);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEvents(Utf8JsonWriter json, EventLog log, RecordScope scope, LoggedCase logged, string lang, SortedSet<string> types)
    {
        var tasks = logged.Tasks.ToDictionary(t => t.Token);
        foreach (var e in LogEvent.Of(logged.Rows, logged.Definition).Where(e => e.Transition != "start"))
        {
            var type = log.Say(lang, scope.Pack, e.Name) + (e.Transition == "complete" ? "" : lang != Lang.Zh ? " (withdrawn)" : "（撤回）");
            types.Add(type);
            json.WriteStartObject();
            json.WriteString("id", $"{logged.Case.Number}#{e.Row.Seq}");
            json.WriteString("type", type);
            json.WriteString("time", Time.Write(e.Row.Time));
            json.WriteStartArray("attributes");
            WriteValue(json, "node", e.Row.Node);
            WriteValue(json, "element", e.Element);
            if (e.Row.Since is { } since)
                WriteValue(json, "start", Time.Write(DateTimeOffset.FromUnixTimeMilliseconds(since)));
            json.WriteEndArray();
            json.WriteStartArray("relationships");
            WriteRelation(json, $"case:{logged.Case.Number}", "case");
            if (e.Row.Token is { } token && tasks.TryGetValue(token, out var task))
                WriteRelation(json, $"task:{task.Id}", "task");
            if (e.Row.Unit is { } unit)
                WriteRelation(json, $"unit:{unit}", "unit");
            // A document is made in the step that completes what makes it.
            foreach (var document in logged.Documents.Where(d => e is { Element: "serviceTask", Transition: "complete" } && d.Made == Time.Write(e.Row.Time)))
                WriteRelation(json, $"document:{document.Id}", "result");
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void WriteObjects(Utf8JsonWriter json, EventLog log, RecordScope scope, LoggedCase logged, string lang, SortedDictionary<string, DateTimeOffset> units)
    {
        var one = logged.Case;
        var first = logged.Rows[0].Time;
        var last = logged.Rows[^1].Time;
        WriteObject(json, $"case:{one.Number}", "case",
        [
            ("matter", one.Matter, first), ("region", one.Region, first), ("revision", one.Revision, first), ("state", "open", first),
            .. one.State == "open" ? ((string, string, DateTimeOffset)[])[] : [("state", one.State, last)],
            .. one.Outcome is { } outcome ? ((string, string, DateTimeOffset)[])[("outcome", log.Say(lang, scope.Pack, outcome), last)] : [],
        ], [.. logged.Tasks.Select(t => ($"task:{t.Id}", "task")), .. logged.Documents.Select(d => ($"document:{d.Id}", "result"))]);
        foreach (var task in logged.Tasks)
        {
            var opened = logged.Rows.FirstOrDefault(r => r.Token == task.Token)?.Time ?? first;
            WriteObject(json, $"task:{task.Id}", "task", [("name", log.Say(lang, scope.Pack, logged.Definition.Find(task.Node)?.Label ?? task.Node), opened)], [($"unit:{task.Unit}", "unit")]);
            if (!units.TryGetValue(task.Unit, out var seen) || opened < seen)
                units[task.Unit] = opened;
        }
        foreach (var document in logged.Documents)
            WriteObject(json, $"document:{document.Id}", "document", [("name", log.Say(lang, scope.Pack, document.Name), Time.Read(document.Made))], []);
    }

    private static void WriteObject(Utf8JsonWriter json, string id, string type, IEnumerable<(string Name, string Value, DateTimeOffset From)> attributes, IEnumerable<(string To, string As)> relations)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", type);
        json.WriteStartArray("attributes");
        foreach (var (name, value, from) in attributes)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("time", Time.Write(from));
            json.WriteString("value", value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("relationships");
        foreach (var (to, role) in relations)
            WriteRelation(json, to, role);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, string name, IEnumerable<string> attributes)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartArray("attributes");
        foreach (var attribute in attributes)
        {
            json.WriteStartObject();
            json.WriteString("name", attribute);
            json.WriteString("type", attribute == "start" ? "time" : "string");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("value", value);
        json.WriteEndObject();
    }

    private static void WriteRelation(Utf8JsonWriter json, string to, string role)
    {
        json.WriteStartObject();
        json.WriteString("objectId", to);
        json.WriteString("qualifier", role);
        json.WriteEndObject();
    }

    private static async Task FlushAsync(Utf8JsonWriter json, CancellationToken cancel)
    {
        if (json.BytesPending > FlushAt)
            await json.FlushAsync(cancel);
    }
}
