using System.Xml;
using System.Xml.Linq;

namespace Guantong.Processes.Document;

/// <summary>Says which element of a drawing a line and column of a BPMN text belong to.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">What people call it: its name, else its id.</param>
public sealed record ElementPlace(string Id, string Label)
{
    /// <summary>The innermost element that is drawn and holds the place; null where none does.</summary>
    /// <param name="xml">The text that the place is of.</param>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 1.</param>
    public static ElementPlace? At(string xml, int line, int column)
    {
        if (BpmnDocument.Read(xml, []) is not { } document)
            return null;
        var drawn = document.Root.Descendants().Attributes("bpmnElement").Select(a => document.Find(a.Value)).OfType<XElement>().ToHashSet();
        // The last element that begins at or before the place: tags nest, so it is the innermost.
        return document.Root.Descendants().LastOrDefault(e => (IXmlLineInfo)e is var at && (at.LineNumber < line || (at.LineNumber == line && at.LinePosition <= column)))?
            .AncestorsAndSelf().FirstOrDefault(drawn.Contains) is { } found ? new ElementPlace((string)found.Attribute("id")!, Reading.Context.Label(found)) : null;
    }
}
