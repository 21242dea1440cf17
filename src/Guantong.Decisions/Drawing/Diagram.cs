using System.Globalization;
using System.Xml.Linq;

namespace Guantong.Decisions.Drawing;

/// <summary>A model's text ready to be drawn: with a diagram (DMN 1.5, clause 13) that shows every node and every requirement.</summary>
internal static class Diagram
{
    private static readonly HashSet<string> Nodes = ["decision", "businessKnowledgeModel", "inputData", "knowledgeSource", "decisionService"];
    private static readonly HashSet<string> Requirements = ["informationRequirement", "knowledgeRequirement", "authorityRequirement"];
    private static readonly XNamespace Dc = "http://www.omg.org/spec/DMN/20180521/DC/";
    private static readonly XNamespace Di = "http://www.omg.org/spec/DMN/20180521/DI/";

    private const int Height = 60;
    private const int Across = 40;
    private const int Down = 70;

    /// <summary>Completes a text: where its own diagram lacks a node or a requirement, all is laid out anew.</summary>
    /// <param name="xml">The model.</param>
    /// <param name="say">Labels in the reader's language; null keeps the names, for editing.</param>
    public static string Complete(string xml, Func<string, string>? say)
    {
        var document = XDocument.Parse(xml, LoadOptions.PreserveWhitespace);
        var root = document.Root!;
        if (!IsWhole(root))
            LayOut(root);
        if (say is not null)
            Name(root, say);
        return document.ToString(SaveOptions.DisableFormatting);
    }

    private static IEnumerable<XElement> NodesOf(XElement root) => root.Elements().Where(e => e.Name.Namespace == root.Name.Namespace && Nodes.Contains(e.Name.LocalName));

    private static IEnumerable<XElement> RequirementsOf(XElement node) => node.Elements().Where(e => Requirements.Contains(e.Name.LocalName));

    private static string? Id(XElement element) => (string?)element.Attribute("id");

    // Requirements of imported nodes are not drawn: what they lead to stands in another file.
    private static string? Target(XElement requirement) => (string?)requirement.Elements().FirstOrDefault()?.Attribute("href") is ['#', .. var id] ? id : null;

    private static bool IsWhole(XElement root)
    {
        var drawn = root.Descendants().Where(e => e.Name.LocalName is "DMNShape" or "DMNEdge").Select(e => (string?)e.Attribute("dmnElementRef")).ToHashSet();
        return NodesOf(root).All(n => drawn.Contains(Id(n)) && RequirementsOf(n).All(r => Target(r) is null || (Id(r) is not null && drawn.Contains(Id(r)))));
    }

    private static void LayOut(XElement root)
    {
        XNamespace dmndi = root.Name.NamespaceName.Replace("MODEL", "DMNDI", StringComparison.Ordinal);
        root.Elements().Where(e => e.Name.LocalName == "DMNDI").Remove();
        var nodes = NodesOf(root).Where(n => Id(n) is not null).DistinctBy(Id).ToDictionary(n => Id(n)!);
        var heights = nodes.Keys.ToDictionary(id => id, id => Layer(id, nodes, []));
        // What needs nothing stands right below the lowest that needs it, so that no line passes behind another node.
        var needed = nodes.Values.SelectMany(n => RequirementsOf(n).Select(r => (Target: Target(r), By: heights[Id(n)!]))).Where(r => r.Target is not null).ToLookup(r => r.Target!, r => r.By);
        var layers = nodes.Keys.ToLookup(id => heights[id] > 0 || !needed.Contains(id) ? heights[id] : Math.Max(0, needed[id].Min() - 1));
        var widest = layers.Max(l => l.Sum(id => Width(nodes[id]) + Across));
        var boxes = new Dictionary<string, (int X, int Y, int Width)>();
        var top = layers.Max(l => l.Key);
        foreach (var layer in layers)
        {
            var x = Across + (widest - layer.Sum(id => Width(nodes[id]) + Across)) / 2;
            foreach (var id in layer)
            {
                boxes[id] = (x, Across + (top - layer.Key) * (Height + Down), Width(nodes[id]));
                x += boxes[id].Width + Across;
            }
        }
        var diagram = new XElement(dmndi + "DMNDiagram", boxes.Select(b => new XElement(dmndi + "DMNShape", new XAttribute("id", $"shape_{b.Key}"), new XAttribute("dmnElementRef", b.Key),
            new XElement(Dc + "Bounds", Number("x", b.Value.X), Number("y", b.Value.Y), Number("width", b.Value.Width), Number("height", Height)))));
        foreach (var node in nodes.Values)
            Connect(node, boxes, diagram, dmndi);
        root.Add(new XElement(dmndi + "DMNDI", diagram));
    }

    private static void Connect(XElement node, Dictionary<string, (int X, int Y, int Width)> boxes, XElement diagram, XNamespace dmndi)
    {
        var requirements = RequirementsOf(node).Where(r => Target(r) is { } target && boxes.ContainsKey(target)).ToList();
        foreach (var (requirement, i) in requirements.OrderBy(r => boxes[Target(r)!].X).Select((r, i) => (r, i)))
        {
            if (Id(requirement) is null)
                requirement.SetAttributeValue("id", $"requirement_{Id(node)}_{i}");
            var (from, to) = (boxes[Target(requirement)!], boxes[Id(node)!]);
            diagram.Add(new XElement(dmndi + "DMNEdge", new XAttribute("id", $"edge_{Id(requirement)}"), new XAttribute("dmnElementRef", Id(requirement)!),
                Point(from.X + from.Width / 2, from.Y), Point(to.X + to.Width * (i + 1) / (requirements.Count + 1), to.Y + Height)));
        }
    }

    // Above all that it needs.
    private static int Layer(string id, Dictionary<string, XElement> nodes, HashSet<string> above)
    {
        if (!above.Add(id))
            return 0;
        var layer = RequirementsOf(nodes[id]).Select(Target).Where(t => t is not null && nodes.ContainsKey(t)).Select(t => Layer(t!, nodes, above) + 1).DefaultIfEmpty(0).Max();
        above.Remove(id);
        return layer;
    }

    private static int Width(XElement node) => Math.Clamp(40 + 16 * (((string?)node.Attribute("label") ?? (string?)node.Attribute("name"))?.Length ?? 0), 130, 240);

    private static XElement Point(int x, int y) => new(Di + "waypoint", Number("x", x), Number("y", y));

    private static XAttribute Number(string name, int value) => new(name, value.ToString(CultureInfo.InvariantCulture));

    private static void Name(XElement root, Func<string, string> say)
    {
        foreach (var node in NodesOf(root))
            node.SetAttributeValue("name", say((string?)node.Attribute("label") ?? (string?)node.Attribute("name") ?? ""));
        foreach (var column in root.Descendants().Where(e => e.Name.LocalName is "input" or "output" && e.Attribute("label") is not null))
            column.SetAttributeValue("label", say((string)column.Attribute("label")!));
    }
}
