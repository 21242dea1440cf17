using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Guantong.Processes.Document;

/// <summary>A BPMN 2.0 file with all that it holds: what is not run (drawing, extensions of other tools, notes) is kept too, and written back.</summary>
public sealed class BpmnDocument
{
    private const int LongestText = 8 << 20;
    private const int Deepest = 100;

    /// <summary>The namespace of BPMN 2.0 elements.</summary>
    public static readonly XNamespace Bpmn = "http://www.omg.org/spec/BPMN/20100524/MODEL";

    /// <summary>The namespace of this platform's own attributes.</summary>
    public static readonly XNamespace Own = "https://guantong.dev/bpmn";

    private readonly Dictionary<string, XElement> _byId = [];

    private BpmnDocument(XDocument xml, string text)
    {
        (Xml, Text) = (xml, text);
        Processes = [.. Root.Elements(Bpmn + "process")];
    }

    /// <summary>The whole of it.</summary>
    public XDocument Xml { get; }

    /// <summary>The text it was read from.</summary>
    public string Text { get; }

    public XElement Root => Xml.Root!;

    public IReadOnlyList<XElement> Processes { get; }

    /// <summary>An element of BPMN by its id, or null. A reference may bear a prefix, as a qualified name does.</summary>
    public XElement? Find(string? reference) =>
        reference is null ? null : _byId.TryGetValue(reference, out var found) || _byId.TryGetValue(reference[(reference.IndexOf(':', StringComparison.Ordinal) + 1)..], out found) ? found : null;

    /// <summary>Reads a file: no document type, nothing from outside, at most 8 Mi characters and 100 elements deep. Null with a fault when it is none.</summary>
    public static BpmnDocument? Read(string text, ICollection<ProcessFault> faults)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LongestText };
            using var reader = XmlReader.Create(new StringReader(text.TrimStart('\uFEFF')), settings);
            var document = new BpmnDocument(XDocument.Load(reader, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace), text);
            return document.IsSound(faults) ? document : null;
        }
        catch (XmlException e)
        {
            faults.Add(new ProcessFault(Math.Max(1, e.LineNumber), Math.Max(1, e.LinePosition), "bpmn-broken", [e.Message]));
            return null;
        }
    }

    /// <summary>The text of the document: what was read, with nothing lost but the form of white space inside tags.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.Entitize }))
            Xml.Save(writer);
        return Xml.Declaration is { } declaration ? $"{declaration}\n{text}" : text.ToString();
    }

    private bool IsSound(ICollection<ProcessFault> faults)
    {
        if (Root.Name.LocalName != "definitions" || Root.Name.Namespace != Bpmn)
        {
            faults.Add(At(Root, "bpmn-namespace", Root.Name.ToString()));
            return false;
        }
        var before = faults.Count;
        var depth = 0;
        for (XElement? element = Root; element is not null;)
        {
            Index(element, faults);
            if (element.Elements().FirstOrDefault() is { } child)
            {
                if (++depth == Deepest)
                {
                    faults.Add(At(child, "bpmn-too-deep", $"{Deepest}"));
                    return false;
                }
                element = child;
                continue;
            }
            while (element is not null && Following(element) is not { })
                (element, depth) = (element == Root ? null : element.Parent, depth - 1);
            element = element is null || element == Root ? null : Following(element);
        }
        return faults.Count == before;
    }

    private static XElement? Following(XElement element)
    {
        var next = element.NextNode;
        while (next is not null and not XElement)
            next = next.NextNode;
        return (XElement?)next;
    }

    private void Index(XElement element, ICollection<ProcessFault> faults)
    {
        if (element.Name.Namespace == Bpmn && (string?)element.Attribute("id") is { Length: > 0 } id && !_byId.TryAdd(id, element))
            faults.Add(At(element, "bpmn-duplicate-id", id));
    }

    /// <summary>A fault at an element.</summary>
    internal static ProcessFault At(XElement element, string code, params string[] args) => new(((IXmlLineInfo)element).LineNumber, ((IXmlLineInfo)element).LinePosition, code, args);
}
