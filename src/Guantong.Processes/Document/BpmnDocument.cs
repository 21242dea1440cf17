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
        text = text.TrimStart('\uFEFF');
        try
        {
            // A tree so deep takes time by the square of its depth to be built: it is measured first.
            using (var measure = Reader(text))
            {
                while (measure.Read())
                {
                    if (measure.Depth < Deepest)
                        continue;
                    var at = (IXmlLineInfo)measure;
                    faults.Add(new ProcessFault(at.LineNumber, at.LinePosition, "bpmn-too-deep", [$"{Deepest}"]));
                    return null;
                }
            }
            using var reader = Reader(text);
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
        return Xml.Declaration is { } declaration ? $"{declaration}{text}" : text.ToString();
    }

    private static XmlReader Reader(string text) =>
        XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LongestText });

    private bool IsSound(ICollection<ProcessFault> faults)
    {
        if (Root.Name.LocalName != "definitions" || Root.Name.Namespace != Bpmn)
        {
            faults.Add(At(Root, "bpmn-namespace", Root.Name.ToString()));
            return false;
        }
        var before = faults.Count;
        foreach (var element in Root.DescendantsAndSelf())
            Index(element, faults);
        return faults.Count == before;
    }

    private void Index(XElement element, ICollection<ProcessFault> faults)
    {
        if (element.Name.Namespace == Bpmn && (string?)element.Attribute("id") is { Length: > 0 } id && !_byId.TryAdd(id, element))
            faults.Add(At(element, "bpmn-duplicate-id", id));
    }

    /// <summary>A fault at an element.</summary>
    internal static ProcessFault At(XElement element, string code, params string[] args) => new(((IXmlLineInfo)element).LineNumber, ((IXmlLineInfo)element).LinePosition, code, args);
}
