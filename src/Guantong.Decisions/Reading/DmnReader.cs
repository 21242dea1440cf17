using System.Xml;
using System.Xml.Linq;

namespace Guantong.Decisions.Reading;

/// <summary>Reads the decisions, knowledge models and input data of a DMN file and how they hang together.</summary>
internal sealed class DmnReader
{
    private static readonly HashSet<string> Namespaces =
    [
        "http://www.omg.org/spec/DMN/20180521/MODEL/", "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ];

    private readonly List<DmnFault> _faults = [];
    private readonly XElement _root;
    private readonly XNamespace _ns;
    private readonly Dictionary<string, XElement> _byId = [];
    private readonly Dictionary<string, Knowledge?> _knowledge = [];

    private DmnReader(XElement root)
    {
        (_root, _ns) = (root, root.Name.Namespace);
        foreach (var element in root.Elements().Where(e => (string?)e.Attribute("id") is not null))
            _byId[(string)element.Attribute("id")!] = element;
    }

    public static DmnReading Read(string xml)
    {
        XElement root;
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 8 << 20 });
            root = XDocument.Load(reader, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace).Root!;
        }
        catch (XmlException e)
        {
            return new DmnReading(null, [new DmnFault(Math.Max(1, e.LineNumber), Math.Max(1, e.LinePosition), "dmn-broken", [e.Message])]);
        }
        if (root.Name.LocalName != "definitions" || !Namespaces.Contains(root.Name.NamespaceName))
            return new DmnReading(null, [new DmnFault(Line(root), Column(root), "dmn-namespace", [root.Name.NamespaceName])]);
        return new DmnReader(root).ReadModel(xml);
    }

    private DmnReading ReadModel(string xml)
    {
        var decisions = _root.Elements(_ns + "decision").ToList();
        if (decisions.Count == 0)
            Fault(_root, "dmn-no-decision");
        var nodes = decisions.Select(ReadDecision).OfType<DecisionNode>().ToList();
        if (_faults.Count == 0)
            FindCycles(nodes);
        return _faults.Count > 0 ? new DmnReading(null, _faults) : new DmnReading(new DmnModel(nodes, xml), []);
    }

    private DecisionNode? ReadDecision(XElement decision)
    {
        var id = (string?)decision.Attribute("id") ?? Name(decision);
        var inputs = Required(decision, "informationRequirement", "requiredInput").Select(Name).ToList();
        var decisions = Required(decision, "informationRequirement", "requiredDecision").ToList();
        var functions = Required(decision, "knowledgeRequirement", "requiredKnowledge").Select(k => ReadKnowledge(k)).OfType<Knowledge>().ToList();
        var names = (string[])[.. inputs, .. decisions.Select(Name), .. functions.Select(f => f.Name)];
        return Boxed.Logic(decision, _ns, names, Name(decision), _faults) is { } logic
            ? new DecisionNode(id, Name(decision), inputs, [.. decisions.Select(d => (string)d.Attribute("id")!)], functions, logic) : null;
    }

    private Knowledge? ReadKnowledge(XElement model)
    {
        var id = (string?)model.Attribute("id") ?? Name(model);
        if (_knowledge.TryGetValue(id, out var known))
            return known;
        _knowledge[id] = null;
        var needs = Required(model, "knowledgeRequirement", "requiredKnowledge").Select(ReadKnowledge).OfType<Knowledge>().ToList();
        if (model.Element(_ns + "encapsulatedLogic") is not { } function)
        {
            Fault(model, "dmn-no-logic", Name(model));
            return null;
        }
        var parameters = function.Elements(_ns + "formalParameter").Select(Name).ToList();
        return Boxed.Logic(function, _ns, [.. parameters, .. needs.Select(n => n.Name)], Name(model), _faults) is { } body
            ? _knowledge[id] = new Knowledge(Name(model), parameters, body, needs) : null;
    }

    private IEnumerable<XElement> Required(XElement of, string requirement, string reference)
    {
        foreach (var element in of.Elements(_ns + requirement).Elements(_ns + reference))
        {
            var href = ((string?)element.Attribute("href") ?? "").TrimStart('#');
            if (_byId.TryGetValue(href, out var found))
                yield return found;
            else
                Fault(element, "dmn-unknown-reference", Name(of), href);
        }
    }

    private void FindCycles(IReadOnlyList<DecisionNode> nodes)
    {
        var byId = nodes.ToDictionary(n => n.Id);
        foreach (var node in nodes.Where(n => Reaches(n.Id, n.Id, byId, [])))
            Fault(_byId[node.Id], "dmn-cycle", node.Name);
    }

    private static bool Reaches(string from, string to, Dictionary<string, DecisionNode> nodes, HashSet<string> seen) =>
        nodes[from].RequiredDecisions.Any(r => r == to || (seen.Add(r) && nodes.ContainsKey(r) && Reaches(r, to, nodes, seen)));

    internal static string Name(XElement element) => (string?)element.Attribute("name") ?? "";

    internal static int Line(XElement element) => ((IXmlLineInfo)element).LineNumber;

    internal static int Column(XElement element) => ((IXmlLineInfo)element).LinePosition;

    private void Fault(XElement at, string code, params string[] args) => _faults.Add(new DmnFault(Line(at), Column(at), code, args));
}
