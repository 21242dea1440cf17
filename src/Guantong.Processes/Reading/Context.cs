using System.Xml.Linq;
using Guantong.Feel;
using Guantong.Processes.Document;

namespace Guantong.Processes.Reading;

/// <summary>What reading one process needs at hand: the document, the faults, the names that are known.</summary>
internal sealed class Context(BpmnDocument document, List<ProcessFault> faults)
{
    private static readonly string[] DataElements = ["dataObject", "dataObjectReference", "dataInput", "dataOutput", "property", "inputDataItem", "outputDataItem"];

    // Names with spaces or signs are read as one only where the file declares them.
    private readonly List<string> _names = [.. document.Root.Descendants().Where(e => e.Name.Namespace == BpmnDocument.Bpmn && DataElements.Contains(e.Name.LocalName))
        .Select(Name).Where(n => n.Length > 0 && !n.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')).Distinct()];

    private readonly Dictionary<XElement, string> _made = [];
    private readonly HashSet<string> _ids = [];

    public BpmnDocument Document => document;

    public void Fault(XElement at, string code, params string[] args) => faults.Add(BpmnDocument.At(at, code, args));

    public static string Name(XElement element) =>
        string.Join(' ', ((string?)element.Attribute("name") ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>How a message calls an element.</summary>
    public static string Label(XElement element) =>
        Name(element) is { Length: > 0 } name ? name : (string?)element.Attribute("id") ?? (element.Parent is { } around && around.Name.LocalName != "process" ? Label(around) : element.Name.LocalName);

    /// <summary>An element's id. The standard asks for none (clause 8.3.1): a flow is called by its ends then, anything else by its kind and place.</summary>
    public string IdOf(XElement element)
    {
        if ((string?)element.Attribute("id") is { Length: > 0 } id)
            return id;
        if (_made.TryGetValue(element, out var made))
            return made;
        var kind = element.Name.LocalName;
        var stem = kind == "sequenceFlow" ? $"{(string?)element.Attribute("sourceRef")}-{(string?)element.Attribute("targetRef")}" : kind;
        made = stem;
        for (var n = 2; document.Find(made) is not null || !_ids.Add(made); n++)
            made = $"{stem}-{n}";
        return _made[element] = made;
    }

    /// <summary>A child in the BPMN namespace.</summary>
    public static XElement? Child(XElement? element, string name) => element?.Element(BpmnDocument.Bpmn + name);

    public static IEnumerable<XElement> Children(XElement element, string name) => element.Elements(BpmnDocument.Bpmn + name);

    /// <summary>A child of the extension elements, in whatever tool's namespace.</summary>
    public static XElement? Extension(XElement? element, string name) =>
        Child(element, "extensionElements")?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    /// <summary>An attribute of this platform, or of one of the tools whose files are common.</summary>
    public static string? Extended(XElement element, params ReadOnlySpan<string> names)
    {
        foreach (var attribute in element.Attributes())
        {
            if (attribute.Name.Namespace != XNamespace.None && !attribute.IsNamespaceDeclaration && names.Contains(attribute.Name.LocalName))
                return attribute.Value.Trim();
        }
        return null;
    }

    /// <summary>The FEEL of an element that holds an expression, or null with a fault.</summary>
    public FeelExpression? Expression(XElement at, string code = "bpmn-expression-broken")
    {
        if ((string?)at.Attribute("language") is { Length: > 0 } language && !language.Contains("feel", StringComparison.OrdinalIgnoreCase) && !Dialect.IsWrapped(at.Value))
        {
            Fault(at, "bpmn-language", Label(at), language);
            return null;
        }
        return Parse(at, at.Value, code);
    }

    /// <summary>The FEEL of a text that stands in an attribute or a tool's own element.</summary>
    public FeelExpression? Parse(XElement at, string text, string code = "bpmn-expression-broken")
    {
        var reading = FeelExpression.Parse(Dialect.Feel(text), _names);
        if (reading.Fault is { } fault)
            faults.Add(BpmnDocument.At(at, code, Label(at)) with { Feel = fault });
        return reading.Expression;
    }

    /// <summary>A name as an expression that gives its value.</summary>
    public static FeelExpression? OfName(string name) => FeelExpression.Parse(name, [name]).Expression;

    /// <summary>The element that an attribute or a child refers to; a fault when it leads nowhere.</summary>
    public XElement? Referred(XElement at, string by, params ReadOnlySpan<string> kinds)
    {
        if (((string?)at.Attribute(by) ?? Child(at, by)?.Value.Trim()) is not { Length: > 0 } reference)
            return null;
        if (document.Find(reference) is { } found && (kinds.Length == 0 || kinds.Contains(found.Name.LocalName)))
            return found;
        Fault(at, "bpmn-dangling-ref", at.Name.LocalName, by, reference);
        return null;
    }
}
