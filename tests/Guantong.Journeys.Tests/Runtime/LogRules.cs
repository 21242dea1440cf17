using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Guantong.Tests;

/// <summary>What IEEE 1849-2016 asks of a log, clause 5 and its schema: order and kinds of elements, declared extensions, global attributes that every trace and event has.</summary>
internal static class XesRules
{
    private static readonly XNamespace Xes = "http://www.xes-standard.org/";
    private static readonly string[] Order = ["extension", "global", "classifier", "attribute", "trace", "event"];
    private static readonly Dictionary<string, Func<string, bool>> Values = new()
    {
        ["string"] = _ => true,
        ["date"] = v => DateTimeOffset.TryParse(v, CultureInfo.InvariantCulture, out _),
        ["int"] = v => long.TryParse(v, CultureInfo.InvariantCulture, out _),
        ["float"] = v => double.TryParse(v, CultureInfo.InvariantCulture, out _),
        ["boolean"] = v => v is "true" or "false",
        ["id"] = v => Guid.TryParse(v, out _),
    };

    public static IEnumerable<string> Broken(XElement log)
    {
        if (log.Name != Xes + "log" || !decimal.TryParse((string?)log.Attribute("xes.version"), CultureInfo.InvariantCulture, out _))
            yield return "log: no xes.version";
        var places = log.Elements().Select(e => Array.IndexOf(Order, Values.ContainsKey(e.Name.LocalName) ? "attribute" : e.Name.LocalName)).ToList();
        if (places.Contains(-1) || !places.SequenceEqual(places.Order()))
            yield return "log: elements out of order";
        var declared = log.Elements(Xes + "extension").Select(e => (string?)e.Attribute("prefix")).ToHashSet();
        var globals = log.Elements(Xes + "global").ToDictionary(g => (string)g.Attribute("scope")!, g => g.Elements().Select(a => (string)a.Attribute("key")!).ToList());
        foreach (var attribute in log.Descendants().Where(e => Values.ContainsKey(e.Name.LocalName)))
        {
            var key = (string?)attribute.Attribute("key") ?? "";
            if (!IsName(key) || !Values[attribute.Name.LocalName]((string?)attribute.Attribute("value") ?? "?"))
                yield return $"{attribute}: no key, or no such value";
            if (key.Split(':') is [var prefix, _] && !declared.Contains(prefix))
                yield return $"{key}: its extension is not declared";
        }
        foreach (var element in log.Descendants().Where(e => e.Name.LocalName is "trace" or "event"))
        {
            var keys = element.Elements().Select(a => (string?)a.Attribute("key")).Where(k => k is not null).ToList();
            if (keys.Distinct().Count() != keys.Count || globals[element.Name.LocalName].Except(keys!).Any())
                yield return $"{element.Name.LocalName}: a key stands twice, or a global one is missing: {element}";
        }
        foreach (var key in log.Elements(Xes + "classifier").SelectMany(c => ((string)c.Attribute("keys")!).Split(' ')).Except(globals["event"]))
            yield return $"classifier: {key} is not on every event";
    }

    private static bool IsName(string key)
    {
        try
        {
            return XmlConvert.VerifyName(key).Length > 0;
        }
        catch (Exception e) when (e is XmlException or ArgumentNullException)
        {
            return false;
        }
    }
}

/// <summary>What the OCEL 2.0 specification and its JSON schema ask of a log.</summary>
internal static class OcelRules
{
    private static readonly string[] Types = ["string", "time", "integer", "float", "boolean"];

    public static IEnumerable<string> Broken(JsonElement log)
    {
        var events = Declared(log, "eventTypes");
        var objects = Declared(log, "objectTypes");
        foreach (var (type, attributes) in events.Concat(objects).SelectMany(t => t.Value, (t, a) => (t.Key, a)))
        {
            if (!Types.Contains(attributes.Value))
                yield return $"{type}: no attribute type {attributes.Value}";
        }
        var ids = log.GetProperty("objects").EnumerateArray().Select(o => o.GetProperty("id").GetString()!).ToList();
        var known = ids.ToHashSet();
        if (known.Count != ids.Count || log.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("id").GetString()).GroupBy(i => i).Any(g => g.Count() > 1))
            yield return "an id stands twice";
        foreach (var (entry, types, isEvent) in log.GetProperty("events").EnumerateArray().Select(e => (e, events, true)).Concat(log.GetProperty("objects").EnumerateArray().Select(o => (o, objects, false))))
        {
            if (!types.TryGetValue(entry.GetProperty("type").GetString()!, out var attributes))
                yield return $"{entry}: its type is not declared";
            else if (entry.GetProperty("attributes").EnumerateArray().Any(a => !attributes.ContainsKey(a.GetProperty("name").GetString()!) || a.GetProperty("value").ValueKind == JsonValueKind.Null || (!isEvent && !IsTime(a.GetProperty("time")))))
                yield return $"{entry}: an attribute is not its type's";
            if (isEvent && (!IsTime(entry.GetProperty("time")) || entry.GetProperty("relationships").GetArrayLength() == 0))
                yield return $"{entry}: no time, or of no object";
            if (entry.GetProperty("relationships").EnumerateArray().Any(r => !known.Contains(r.GetProperty("objectId").GetString()!) || r.GetProperty("qualifier").GetString() is not { Length: > 0 }))
                yield return $"{entry}: it names an object that is not there";
        }
    }

    private static Dictionary<string, Dictionary<string, string>> Declared(JsonElement log, string types) => log.GetProperty(types).EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!,
        t => t.GetProperty("attributes").EnumerateArray().ToDictionary(a => a.GetProperty("name").GetString()!, a => a.GetProperty("type").GetString()!));

    private static bool IsTime(JsonElement time) => DateTimeOffset.TryParse(time.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _);
}
