using System.Xml.Linq;
using Guantong.Processes.Document;
using Guantong.Processes.Reading;

namespace Guantong.Processes;

/// <summary>A process of a file, or the faults for which it cannot run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it, or its pool.</param>
/// <param name="Definition">Null with any fault.</param>
public sealed record ProcessRead(string Id, string Name, ProcessDefinition? Definition, IReadOnlyList<ProcessFault> Faults)
{
    /// <summary>How much it is meant where none is named: it says that it is executable, it begins by itself.</summary>
    internal int Rank { get; init; }
}

/// <summary>All processes of a BPMN file, read as freely as the standard allows, and the messages that flow between them.</summary>
public sealed class BpmnModel
{
    private BpmnModel(BpmnDocument document)
    {
        Document = document;
        var processes = new List<ProcessRead>();
        foreach (var process in document.Processes)
        {
            var faults = new List<ProcessFault>();
            var definition = BpmnReader.Read(document, process, faults);
            processes.Add(new ProcessRead((string?)process.Attribute("id") ?? "", Context.Name(process), definition, [.. faults.OrderBy(f => (f.Line, f.Column))])
            {
                Rank = ((string?)process.Attribute("isExecutable") is "true" or "1" ? 2 : 0) + (definition is null ? process.HasElements : definition.Body.Entries.Count > 0) switch { true => 1, false => 0 },
            });
        }
        Processes = processes;
        Pools = document.Root.Descendants(BpmnDocument.Bpmn + "participant").ToLookup(p => (string?)document.Find((string?)p.Attribute("processRef"))?.Attribute("id") ?? "", Context.Name);
        MessageFlows = document.Root.Descendants(BpmnDocument.Bpmn + "messageFlow").ToLookup(f => (string?)f.Attribute("sourceRef") ?? "", f => (string?)f.Attribute("targetRef") ?? "");
    }

    /// <summary>The whole file.</summary>
    public BpmnDocument Document { get; }

    public IReadOnlyList<ProcessRead> Processes { get; }

    /// <summary>Names of the pools of a process, by its id.</summary>
    public ILookup<string, string> Pools { get; }

    /// <summary>Where messages go, by the id of the node that sends them.</summary>
    public ILookup<string, string> MessageFlows { get; }

    /// <summary>The definitions that can run.</summary>
    public IEnumerable<ProcessDefinition> Runnable => Processes.Select(p => p.Definition).OfType<ProcessDefinition>();

    /// <summary>Reads a file; null with faults when it is no BPMN.</summary>
    public static BpmnModel? Read(string xml, ICollection<ProcessFault> faults)
    {
        if (BpmnDocument.Read(xml, faults) is not { } document)
            return null;
        if (document.Processes.Count == 0)
        {
            faults.Add(BpmnDocument.At(document.Root, "bpmn-no-process"));
            return null;
        }
        return new BpmnModel(document);
    }

    /// <summary>The process that is meant by an id, a name or a pool's name; without any, the first that says it is executable and begins by itself, else that is executable, else that begins by itself.</summary>
    public ProcessRead? Choose(string? wanted) => wanted is not null
        ? Processes.FirstOrDefault(p => p.Id == wanted) ?? Processes.FirstOrDefault(p => p.Name == wanted || Pools[p.Id].Contains(wanted))
        : Processes.MaxBy(p => p.Rank);
}
