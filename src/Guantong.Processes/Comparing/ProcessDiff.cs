using System.Xml.Linq;
using Guantong.Processes.Document;
using Guantong.Processes.Reading;

namespace Guantong.Processes.Comparing;

/// <summary>What becomes of an element from one version of a process to another.</summary>
public enum DiffKind { Added, Removed, Changed }

/// <summary>One element that differs.</summary>
/// <param name="Kind">Added, removed or changed.</param>
/// <param name="Id">Its id.</param>
/// <param name="Element">Its name in BPMN: userTask, sequenceFlow, lane …</param>
/// <param name="Label">What people call it now, or called it last; a flow without a name is called by its ends.</param>
/// <param name="What">Names of the attributes and children that differ, for one that is changed.</param>
public sealed record ElementDiff(DiffKind Kind, string Id, string Element, string Label, IReadOnlyList<string> What);

/// <summary>Compares two versions of a process by the ids of their elements. The drawing, the order of elements and the form of the text do not count.</summary>
public static class ProcessDiff
{
    // Listed elsewhere too, or of the drawing alone.
    private static readonly HashSet<string> Aside = ["incoming", "outgoing", "flowNodeRef", "laneSet", "textAnnotation", "association", "group"];

    // What the standard says where nothing is said (BPMN 2.0.2, clause 10): tools write it or leave it out.
    private static readonly Dictionary<string, string> Defaults = new()
    {
        ["startQuantity"] = "1", ["completionQuantity"] = "1", ["isForCompensation"] = "false", ["triggeredByEvent"] = "false", ["cancelActivity"] = "true", ["isInterrupting"] = "true",
        ["parallelMultiple"] = "false", ["gatewayDirection"] = "Unspecified", ["isCollection"] = "false", ["testBefore"] = "false", ["isSequential"] = "false", ["instantiate"] = "false",
        ["behavior"] = "All", ["eventGatewayType"] = "Exclusive", ["textFormat"] = "text/plain", ["implementation"] = "##unspecified",
    };

    /// <summary>What differs: removed, then changed, then added, each in its file's order, and flows last. Texts that are no BPMN hold nothing.</summary>
    public static IReadOnlyList<ElementDiff> Between(string was, string becomes)
    {
        var (before, after) = (Elements(was), Elements(becomes));
        ElementDiff[] all =
        [
            .. before.Where(e => !after.ContainsKey(e.Key)).Select(e => new ElementDiff(DiffKind.Removed, e.Key, e.Value.Element.Name.LocalName, e.Value.Label, [])),
            .. from e in after
               where before.ContainsKey(e.Key)
               let what = Differences(before[e.Key].Parts, e.Value.Parts)
               where what.Count > 0
               select new ElementDiff(DiffKind.Changed, e.Key, e.Value.Element.Name.LocalName, e.Value.Label, what),
            .. after.Where(e => !before.ContainsKey(e.Key)).Select(e => new ElementDiff(DiffKind.Added, e.Key, e.Value.Element.Name.LocalName, e.Value.Label, [])),
        ];
        // Flows follow what they connect.
        return [.. all.OrderBy(d => d.Element == "sequenceFlow")];
    }

    private sealed record Compared(XElement Element, string Label, IReadOnlyDictionary<string, string> Parts);

    private static Dictionary<string, Compared> Elements(string xml)
    {
        if (BpmnDocument.Read(xml, []) is not { } document)
            return [];
        var lanes = document.Root.Descendants(BpmnDocument.Bpmn + "flowNodeRef").ToLookup(r => r.Value.Trim(), r => Context.Label(r.Parent!));
        return document.Processes.SelectMany(p => p.Descendants()).Where(e => IsCompared(e) && (string?)e.Attribute("id") is { Length: > 0 })
            .ToDictionary(e => (string)e.Attribute("id")!, e => new Compared(e, Label(document, e), Parts(document, e, lanes)));
    }

    private static bool IsCompared(XElement element) => element.Name.Namespace == BpmnDocument.Bpmn
        && (element.Name.LocalName == "lane" || (LevelReader.IsInside(element) && !Aside.Contains(element.Name.LocalName)));

    private static string Label(BpmnDocument document, XElement element) =>
        element.Name.LocalName == "sequenceFlow" && Context.Name(element).Length == 0 && document.Find((string?)element.Attribute("sourceRef")) is { } from && document.Find((string?)element.Attribute("targetRef")) is { } to
            ? $"{Context.Label(from)} → {Context.Label(to)}" : Context.Label(element);

    private static Dictionary<string, string> Parts(BpmnDocument document, XElement element, ILookup<string, string> lanes)
    {
        var parts = Said(element).ToDictionary(a => a.Name.ToString(), a => Plain(a.Value));
        foreach (var kind in element.Elements().Where(c => !Aside.Contains(c.Name.LocalName) && !IsCompared(c)).GroupBy(c => c.Name.LocalName))
            parts[kind.Key] = string.Join('\n', kind.Select(c => Text(document, c)));
        if (lanes[(string)element.Attribute("id")!].ToList() is { Count: > 0 } within)
            parts["lane"] = string.Join('\n', within);
        return parts;
    }

    // Without ids and types, which tools write as they like; of what is referred to, what it is called.
    private static string Text(BpmnDocument document, XElement element) =>
        $"{element.Name.LocalName}({string.Join(' ', Said(element).Where(a => a.Name.LocalName != "type").OrderBy(a => a.Name.LocalName).Select(a => $"{a.Name.LocalName}={Referred(document, a)}"))})"
        + (element.HasElements ? string.Concat(element.Elements().Select(c => Text(document, c))) : Plain(element.Value));

    private static IEnumerable<XAttribute> Said(XElement element) =>
        element.Attributes().Where(a => a.Name.LocalName != "id" && !a.IsNamespaceDeclaration && Defaults.GetValueOrDefault(a.Name.LocalName) != a.Value);

    private static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Referred(BpmnDocument document, XAttribute attribute) =>
        attribute.Name.LocalName.EndsWith("Ref", StringComparison.Ordinal) && document.Find(attribute.Value) is { } found && !IsCompared(found) ? Text(document, found) : Plain(attribute.Value);

    private static List<string> Differences(IReadOnlyDictionary<string, string> was, IReadOnlyDictionary<string, string> becomes) =>
        [.. was.Keys.Union(becomes.Keys).Where(k => was.GetValueOrDefault(k) != becomes.GetValueOrDefault(k)).Select(k => k[(k.IndexOf('}', StringComparison.Ordinal) + 1)..]).Distinct().Order(StringComparer.Ordinal)];
}
