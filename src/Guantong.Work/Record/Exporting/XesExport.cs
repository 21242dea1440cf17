using System.Text;
using System.Xml;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>The record as XES (IEEE 1849-2016): a trace a case, an event a start, completion or abortion of an activity, or something that happened.</summary>
internal static class XesExport
{
    private const string Xes = "http://www.xes-standard.org/";
    private static readonly (string Name, string Prefix, string File)[] Extensions = [("Concept", "concept", "concept"), ("Time", "time", "time"), ("Lifecycle", "lifecycle", "lifecycle"), ("Organizational", "org", "org")];

    /// <summary>Writes it case by case.</summary>
    public static async Task WriteAsync(EventLog log, RecordScope scope, string name, string lang, Stream to, CancellationToken cancel)
    {
        await using var xml = XmlWriter.Create(to, new XmlWriterSettings { Async = true, Indent = true, IndentChars = " ", Encoding = new UTF8Encoding(false) });
        await xml.WriteStartDocumentAsync();
        await xml.WriteStartElementAsync(null, "log", Xes);
        // Clause 5: the version as a decimal.
        await xml.WriteAttributeStringAsync(null, "xes.version", null, "1849.2016");
        await xml.WriteAttributeStringAsync(null, "xes.features", null, "");
        foreach (var (title, prefix, file) in Extensions)
            await ElementAsync(xml, "extension", ("name", title), ("prefix", prefix), ("uri", $"{Xes}{file}.xesext"));
        await xml.WriteStartElementAsync(null, "global", Xes);
        await xml.WriteAttributeStringAsync(null, "scope", null, "trace");
        await StringAsync(xml, "concept:name", "");
        await xml.WriteEndElementAsync();
        await xml.WriteStartElementAsync(null, "global", Xes);
        await xml.WriteAttributeStringAsync(null, "scope", null, "event");
        foreach (var key in (string[])["concept:name", "lifecycle:transition", "node", "element"])
            await StringAsync(xml, key, "");
        await ElementAsync(xml, "date", ("key", "time:timestamp"), ("value", "1970-01-01T00:00:00.000Z"));
        await xml.WriteEndElementAsync();
        await ElementAsync(xml, "classifier", ("name", "Activity"), ("keys", "concept:name"));
        await ElementAsync(xml, "classifier", ("name", "Activity and transition"), ("keys", "concept:name lifecycle:transition"));
        await ElementAsync(xml, "classifier", ("name", "Node"), ("keys", "node"));
        await StringAsync(xml, "concept:name", name);
        await StringAsync(xml, "lifecycle:model", "standard");
        await StringAsync(xml, "pack", scope.Pack);
        await StringAsync(xml, "process", scope.File);
        await foreach (var logged in log.CasesAsync(scope, cancel))
            await TraceAsync(xml, log, scope, logged, lang);
        await xml.WriteEndElementAsync();
        await xml.WriteEndDocumentAsync();
    }

    private static async Task TraceAsync(XmlWriter xml, EventLog log, RecordScope scope, LoggedCase logged, string lang)
    {
        var one = logged.Case;
        await xml.WriteStartElementAsync(null, "trace", Xes);
        await StringAsync(xml, "concept:name", one.Number);
        await StringAsync(xml, "matter", one.Matter);
        await StringAsync(xml, "region", one.Region);
        await StringAsync(xml, "revision", one.Revision);
        await StringAsync(xml, "state", one.State);
        await StringAsync(xml, "outcome", one.Outcome is { } outcome ? log.Say(lang, scope.Pack, outcome) : null);
        foreach (var e in LogEvent.Of(logged.Rows, logged.Definition))
        {
            await xml.WriteStartElementAsync(null, "event", Xes);
            await StringAsync(xml, "concept:name", log.Say(lang, scope.Pack, e.Name));
            await StringAsync(xml, "concept:instance", e.Row.Token);
            await StringAsync(xml, "lifecycle:transition", e.Transition);
            await ElementAsync(xml, "date", ("key", "time:timestamp"), ("value", Time.Write(e.Row.Time)));
            await StringAsync(xml, "org:group", e.Row.Unit is { } unit ? log.UnitName(lang, unit) : null);
            await StringAsync(xml, "org:role", e.Role);
            await StringAsync(xml, "node", e.Row.Node);
            await StringAsync(xml, "element", e.Element);
            await xml.WriteEndElementAsync();
        }
        await xml.WriteEndElementAsync();
    }

    private static Task StringAsync(XmlWriter xml, string key, string? value) => value is null ? Task.CompletedTask : ElementAsync(xml, "string", ("key", key), ("value", value));

    private static async Task ElementAsync(XmlWriter xml, string element, params (string Name, string Value)[] attributes)
    {
        await xml.WriteStartElementAsync(null, element, Xes);
        foreach (var (name, value) in attributes)
            await xml.WriteAttributeStringAsync(null, name, null, value);
        await xml.WriteEndElementAsync();
    }
}
