using System.Xml.Linq;
using Guantong.Processes.Document;

namespace Guantong.Processes.Reading;

/// <summary>Reads one process of a BPMN 2.0 document into what the engine runs.</summary>
internal static class BpmnReader
{
    /// <summary>The process, or null with faults. Anything that the engine does not run is refused by name and line.</summary>
    public static ProcessDefinition? Read(BpmnDocument document, XElement process, List<ProcessFault> faults)
    {
        var before = faults.Count;
        var context = new Context(document, faults);
        var data = new DataReader(context);
        var levels = new LevelReader(context, data);
        var body = new ScopeBody();
        levels.Read(process, body, null);
        levels.Link(process, body);
        if (faults.Count == before)
            StructureRules.Check(process, body, levels.Nodes, levels.Flows, faults);
        var correlation = data.Correlation(process);
        return faults.Count > before ? null
            : new ProcessDefinition((string?)process.Attribute("id") ?? "process", Title(document, process), body, levels.Nodes, levels.Flows, levels.Lanes, document.Text)
            {
                Correlation = correlation,
                Line = ((System.Xml.IXmlLineInfo)process).LineNumber,
                Column = ((System.Xml.IXmlLineInfo)process).LinePosition,
            };
    }

    private static string Title(BpmnDocument document, XElement process) =>
        Context.Name(process) is { Length: > 0 } name ? name
        : document.Root.Descendants(BpmnDocument.Bpmn + "participant").FirstOrDefault(p => document.Find((string?)p.Attribute("processRef")) == process) is { } pool ? Context.Name(pool) : "";
}
