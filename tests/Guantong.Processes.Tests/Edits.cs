using System.Xml.Linq;
using Guantong.Processes;
using Guantong.Processes.Soundness;

namespace Guantong.Tests;

/// <summary>Changes a process the way its designer might.</summary>
internal sealed class Edits(Random random)
{
    private readonly Dictionary<string, string?> _renamed = [];
    private int _count;

    /// <summary>The version after so many changes, with the ids that are others now; null where it came out unsound.</summary>
    public (ProcessDefinition Definition, IReadOnlyDictionary<string, string?> Mapping)? Of(string xml, int changes)
    {
        var document = XDocument.Parse(xml);
        for (var i = 0; i < changes; i++)
            Change(document);
        var faults = new List<ProcessFault>();
        return BpmnModel.Read(document.ToString(), faults) is { } model && model.Processes[0] is { Faults.Count: 0, Definition: { } definition } && SoundnessProof.Of(definition).Count == 0
            ? (definition, _renamed) : null;
    }

    private void Change(XDocument document)
    {
        var all = document.Descendants().ToList();
        var flows = all.FindAll(e => e.Name.LocalName == "sequenceFlow");
        var tasks = all.FindAll(e => e.Name.LocalName is "userTask" && (string?)e.Attribute("isForCompensation") is null);
        switch (random.Next(6))
        {
            case 0:
                Insert(flows[random.Next(flows.Count)], flows, "userTask");
                break;
            case 1 when tasks.Count > 0:
                Remove(tasks[random.Next(tasks.Count)], all, flows);
                break;
            case 2 when tasks.Count > 0:
                Rename(tasks[random.Next(tasks.Count)], all);
                break;
            case 3 when tasks.Count > 0:
                Beside(tasks[random.Next(tasks.Count)], flows);
                break;
            case 4 when tasks.Count > 0:
                Wrap(tasks[random.Next(tasks.Count)], all);
                break;
            case 5 when tasks.Count > 0:
                Deadline(tasks[random.Next(tasks.Count)]);
                break;
        }
    }

    private XElement Insert(XElement flow, List<XElement> flows, string kind)
    {
        var (ns, id) = (flow.Name.Namespace, $"x{++_count}");
        var target = flows.Find(f => f == flow)!.Attribute("targetRef")!;
        var node = new XElement(ns + kind, new XAttribute("id", id));
        Around(flow, target.Value).Add(node, new XElement(ns + "sequenceFlow", new XAttribute("id", id + "-out"), new XAttribute("sourceRef", id), new XAttribute("targetRef", target.Value)));
        target.Value = id;
        return node;
    }

    // A node belongs to the level of the node that it comes before.
    private static XElement Around(XElement flow, string target) => flow.Document!.Descendants().First(e => (string?)e.Attribute("id") == target).Parent!;

    private static void Remove(XElement task, List<XElement> all, List<XElement> flows)
    {
        var id = (string)task.Attribute("id")!;
        var @out = flows.FindAll(f => (string?)f.Attribute("sourceRef") == id);
        if (@out.Count != 1 || all.Exists(e => (string?)e.Attribute("attachedToRef") == id))
            return;
        foreach (var @in in flows.FindAll(f => (string?)f.Attribute("targetRef") == id))
            @in.SetAttributeValue("targetRef", (string?)@out[0].Attribute("targetRef"));
        @out[0].Remove();
        task.Remove();
    }

    private void Rename(XElement task, List<XElement> all)
    {
        var (old, id) = ((string)task.Attribute("id")!, $"x{++_count}");
        foreach (var reference in all.Attributes().Where(a => a.Value == old && a.Name.LocalName is "id" or "sourceRef" or "targetRef" or "attachedToRef"))
            reference.Value = reference.Value == old ? id : reference.Value;
        var first = _renamed.FirstOrDefault(r => r.Value == old).Key ?? (old[0] == 'n' ? old : null);
        if (first is not null)
            _renamed[first] = id;
    }

    // The task and another at the same time.
    private void Beside(XElement task, List<XElement> flows)
    {
        var id = (string)task.Attribute("id")!;
        if (flows.Find(f => (string?)f.Attribute("sourceRef") == id) is not { } @out || flows.Find(f => (string?)f.Attribute("targetRef") == id) is not { } @in)
            return;
        var (split, join) = (Insert(@in, flows, "parallelGateway"), Insert(@out, flows, "parallelGateway"));
        var (ns, other) = (task.Name.Namespace, $"x{++_count}");
        XElement Flow(XElement from, string target, string name) => new(ns + "sequenceFlow", new XAttribute("id", name), new XAttribute("sourceRef", (string)from.Attribute("id")!), new XAttribute("targetRef", target));
        var node = new XElement(ns + "userTask", new XAttribute("id", other));
        task.Parent!.Add(node, Flow(split, other, other + "-in"), Flow(node, (string)join.Attribute("id")!, other + "-out"));
    }

    // The task in a sub-process of its own.
    private void Wrap(XElement task, List<XElement> all)
    {
        var id = (string)task.Attribute("id")!;
        if (all.Exists(e => (string?)e.Attribute("attachedToRef") == id))
            return;
        var (ns, around) = (task.Name.Namespace, $"x{++_count}");
        foreach (var reference in all.Attributes().Where(a => a.Value == id && a.Name.LocalName is "sourceRef" or "targetRef").ToList())
            reference.Value = reference.Value == id ? around : reference.Value;
        var inside = new XElement(ns + "subProcess", new XAttribute("id", around));
        task.ReplaceWith(inside);
        inside.Add(new XElement(ns + "startEvent", new XAttribute("id", around + "s")), task,
            new XElement(ns + "sequenceFlow", new XAttribute("id", around + "f"), new XAttribute("sourceRef", around + "s"), new XAttribute("targetRef", id)));
    }

    private void Deadline(XElement task)
    {
        var (ns, id) = (task.Name.Namespace, $"x{++_count}");
        task.Parent!.Add(XElement.Parse($"""<boundaryEvent xmlns="{ns}" id="{id}" attachedToRef="{(string)task.Attribute("id")!}" cancelActivity="false"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition></boundaryEvent>"""),
            new XElement(ns + "userTask", new XAttribute("id", id + "t")),
            new XElement(ns + "sequenceFlow", new XAttribute("id", id + "f"), new XAttribute("sourceRef", id), new XAttribute("targetRef", id + "t")));
    }
}
