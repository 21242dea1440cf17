using System.Globalization;
using System.Xml.Linq;
using Guantong.Processes.Document;

namespace Guantong.Packs.Reading;

/// <summary>Writes the process of a joint matter as BPMN, with its drawing: each part is a call activity, what it waits for are flows, what it depends on a gateway.</summary>
/// <remarks>Ids come from the parts' names alone: cases under way find themselves in it again. They hold hyphens, which no field's name does.</remarks>
internal sealed class JointProcess
{
    private const int Column = 330, Row = 140, Left = 190, Top = 130;
    private static readonly XNamespace Bpmn = BpmnDocument.Bpmn;
    private static readonly XNamespace Di = "http://www.omg.org/spec/BPMN/20100524/DI";
    private static readonly XNamespace Dc = "http://www.omg.org/spec/DD/20100524/DC";
    private static readonly XNamespace Way = "http://www.omg.org/spec/DD/20100524/DI";
    private static readonly XNamespace Own = "https://guantong.dev/bpmn";

    private readonly List<(XElement Element, int X, int Y, int Width, int Height)> _nodes = [];
    private readonly List<(XElement Element, (int X, int Y)[] Points)> _flows = [];

    /// <summary>The process of a joint whose parts wait for each other in no circle.</summary>
    /// <param name="fields">What a part is given by the same name.</param>
    /// <param name="name">What a part is called; null where that is not known here.</param>
    public static string Write(Matter matter, Joint joint, Func<JointPart, IReadOnlyList<string>> fields, Func<JointPart, string?> name) => new JointProcess().Draw(matter, joint, fields, name);

    private string Draw(Matter matter, Joint joint, Func<JointPart, IReadOnlyList<string>> fields, Func<JointPart, string?> name)
    {
        var layers = new Dictionary<string, int>();
        while (joint.Parts.Where(p => !layers.ContainsKey(p.Id) && p.After.All(a => layers.ContainsKey(a.Name))).ToList() is { Count: > 0 } next)
            next.ForEach(p => layers[p.Id] = p.After.Count == 0 ? 0 : p.After.Max(a => layers[a.Name]) + 1);
        var end = Left + 150 + ((layers.Values.DefaultIfEmpty().Max() + 1) * Column);
        Add("startEvent", "joint-start", "提交申请", Left - 18, Top, 36);
        Add("parallelGateway", "joint-fork", "", Left + 85, Top, 50);
        Flow("joint-start", "joint-fork");
        foreach (var (part, row) in joint.Parts.Select((p, i) => (p, i)))
            Draw(part, Left + 150 + (layers[part.Id] * Column), Top + (row * Row), fields(part), name(part) ?? part.Name);
        foreach (var part in joint.Parts)
        {
            var into = part.After.Count > 1 ? $"{part.Node}-wait" : part.When is not null ? $"{part.Node}-if" : part.Node;
            foreach (var after in part.After)
                Flow(Out(joint, joint.Part(after.Name)!), into);
            if (part.After.Count == 0)
                Flow("joint-fork", into);
        }
        Add("parallelGateway", "joint-join", "", end, Top, 50);
        foreach (var part in joint.Parts.Where(p => joint.Parts.All(o => o.After.All(a => a.Name != p.Id))))
            Flow($"{part.Node}-done", "joint-join");
        if (joint.Document is { } document)
        {
            Add("serviceTask", "joint-result", "汇总结果", end + 75, Top, 120, new XAttribute(Own + "service", "compose-document"), new XAttribute(Own + "document", document.Name));
            Flow("joint-join", "joint-result");
        }
        Add("endEvent", "joint-end", "全部办结", end + 250, Top, 36);
        Flow(joint.Document is null ? "joint-join" : "joint-result", "joint-end");
        return Written(matter, end + 330, Top + (joint.Parts.Count * Row));
    }

    // One after which several wait forks to them.
    private string Out(Joint joint, JointPart part)
    {
        if (joint.Parts.Count(p => p.After.Any(a => a.Name == part.Id)) < 2)
            return $"{part.Node}-done";
        if (_nodes.All(n => (string)n.Element.Attribute("id")! != $"{part.Node}-then"))
        {
            var done = _nodes.First(n => (string)n.Element.Attribute("id")! == $"{part.Node}-done");
            Add("parallelGateway", $"{part.Node}-then", "", done.X + 60, done.Y + 25, 50);
            Flow($"{part.Node}-done", $"{part.Node}-then");
        }
        return $"{part.Node}-then";
    }

    private void Draw(JointPart part, int x, int y, IReadOnlyList<string> fields, string name)
    {
        if (part.After.Count > 1)
        {
            Add("parallelGateway", $"{part.Node}-wait", "", x, y, 50);
            Flow($"{part.Node}-wait", part.When is null ? part.Node : $"{part.Node}-if");
        }
        if (part.When is { } when)
        {
            Add("exclusiveGateway", $"{part.Node}-if", "", x + 65, y, 50, new XAttribute("default", $"{part.Node}-not"));
            Flow($"{part.Node}-if", part.Node, condition: when.Name);
        }
        var call = Add("callActivity", part.Node, name, x + 115, y, 120, new XAttribute("calledElement", part.Id));
        var mapped = part.With.Select(w => (w.Field.Name, w.Value.Name)).Concat(fields.Where(f => part.With.All(w => w.Field.Name != f)).Select(f => (f, f))).Append(("joint", "case.number"));
        call.Add(new XElement(Bpmn + "extensionElements", new XElement(Own + "ioMapping",
            mapped.Select(m => new XElement(Own + "input", new XAttribute("source", m.Item2), new XAttribute("target", m.Item1))),
            part.Gives.Select(g => (g.Name.Name, g.Value.Name)).Append((part.Outcome, "outcome")).Select(g => new XElement(Own + "output", new XAttribute("source", g.Item2), new XAttribute("target", g.Item1))))));
        Add("exclusiveGateway", $"{part.Node}-done", "", x + 265, y, 50);
        // What a part throws and nobody catches ends it, and it alone.
        Add("boundaryEvent", $"{part.Node}-failed", "", x + 190, y + 40, 36, new XAttribute("attachedToRef", part.Node)).Add(new XElement(Bpmn + "errorEventDefinition", new XAttribute("id", $"{part.Node}-error")));
        Flow(part.Node, $"{part.Node}-done");
        Flow($"{part.Node}-failed", $"{part.Node}-done");
        if (part.When is not null)
            Flow($"{part.Node}-if", $"{part.Node}-done", id: $"{part.Node}-not", below: y + 66);
    }

    private XElement Add(string kind, string id, string name, int x, int middle, int width, params object[] more)
    {
        var element = new XElement(Bpmn + kind, new XAttribute("id", id), new XAttribute("name", name), more);
        var height = width == 120 ? 80 : width;
        _nodes.Add((element, x, middle - (height / 2), width, height));
        return element;
    }

    private void Flow(string from, string to, string? id = null, string? condition = null, int? below = null)
    {
        var element = new XElement(Bpmn + "sequenceFlow", new XAttribute("id", id ?? $"{from}--{to}"), new XAttribute("sourceRef", from), new XAttribute("targetRef", to));
        if (condition is not null)
            element.Add(new XElement(Bpmn + "conditionExpression", condition));
        _flows.Add((element, below is { } y ? [(0, y)] : []));
    }

    private (int X, int Y, int Width, int Height) Place(string id) => _nodes.Where(n => (string)n.Element.Attribute("id")! == id).Select(n => (n.X, n.Y, n.Width, n.Height)).First();

    // From side to side, with one bend half way; what leaves a part out goes below it.
    private IEnumerable<(int X, int Y)> Points(XElement flow, (int X, int Y)[] by)
    {
        var (a, b) = (Place((string)flow.Attribute("sourceRef")!), Place((string)flow.Attribute("targetRef")!));
        if (by is [var (_, below)])
            return [(a.X + (a.Width / 2), a.Y + a.Height), (a.X + (a.Width / 2), below), (b.X + (b.Width / 2), below), (b.X + (b.Width / 2), b.Y + b.Height)];
        var ((fromX, fromY), (toX, toY)) = ((a.X + a.Width, a.Y + (a.Height / 2)), (b.X, b.Y + (b.Height / 2)));
        return fromY == toY ? [(fromX, fromY), (toX, toY)] : [(fromX, fromY), (toX - 15, fromY), (toX - 15, toY), (toX, toY)];
    }

    private string Written(Matter matter, int right, int bottom)
    {
        var lead = matter.With.Count > 0 ? matter.With[0].Name : "";
        static XElement Bounds(int x, int y, int width, int height) => new(Dc + "Bounds", new XAttribute("x", x), new XAttribute("y", y), new XAttribute("width", width), new XAttribute("height", height));
        XElement Shape(string of, int x, int y, int width, int height, bool isLane = false) => new(Di + "BPMNShape", new XAttribute("id", "shape-" + of), new XAttribute("bpmnElement", of),
            isLane ? new XAttribute("isHorizontal", "true") : null, Bounds(x, y, width, height));
        var definitions = new XElement(Bpmn + "definitions", new XAttribute(XNamespace.Xmlns + "bpmn", Bpmn), new XAttribute(XNamespace.Xmlns + "guantong", Own), new XAttribute("id", "joint-definitions"), new XAttribute("targetNamespace", "https://guantong.dev/packs"),
            new XElement(Bpmn + "collaboration", new XAttribute("id", "joint-collaboration"), new XElement(Bpmn + "participant", new XAttribute("id", "joint-pool"), new XAttribute("name", matter.Name), new XAttribute("processRef", "joint-" + matter.Id))),
            new XElement(Bpmn + "process", new XAttribute("id", "joint-" + matter.Id), new XAttribute("name", matter.Name), new XAttribute("isExecutable", "true"),
                new XElement(Bpmn + "laneSet", new XAttribute("id", "joint-lanes"), new XElement(Bpmn + "lane", new XAttribute("id", "joint-lane"), new XAttribute("name", lead), _nodes.Select(n => new XElement(Bpmn + "flowNodeRef", (string)n.Element.Attribute("id")!)))),
                _nodes.Select(n => n.Element), _flows.Select(f => f.Element)),
            new XElement(Di + "BPMNDiagram", new XAttribute("id", "joint-diagram"), new XElement(Di + "BPMNPlane", new XAttribute("id", "joint-plane"), new XAttribute("bpmnElement", "joint-collaboration"),
                Shape("joint-pool", 100, 50, right - 100, bottom - 50, true), Shape("joint-lane", 130, 50, right - 130, bottom - 50, true),
                _nodes.Select(n => Shape((string)n.Element.Attribute("id")!, n.X, n.Y, n.Width, n.Height)),
                _flows.Select(f => new XElement(Di + "BPMNEdge", new XAttribute("id", "edge-" + (string)f.Element.Attribute("id")!), new XAttribute("bpmnElement", (string)f.Element.Attribute("id")!),
                    Points(f.Element, f.Points).Select(p => new XElement(Way + "waypoint", new XAttribute("x", p.X.ToString(CultureInfo.InvariantCulture)), new XAttribute("y", p.Y.ToString(CultureInfo.InvariantCulture)))))))));
        return definitions.ToString(SaveOptions.DisableFormatting);
    }
}
