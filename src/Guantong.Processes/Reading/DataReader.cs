using System.Xml.Linq;
using Guantong.Feel;
using Guantong.Processes.Document;

namespace Guantong.Processes.Reading;

/// <summary>Reads data objects and what is copied in and out of nodes (clause 10.4), also as common tools write it.</summary>
internal sealed class DataReader(Context context)
{
    /// <summary>The name under which a data object, its reference, an input, an output or a property is known.</summary>
    public string? NameOf(string? id)
    {
        if (context.Document.Find(id) is not { } element)
            return null;
        if (element.Name.LocalName == "dataObjectReference" && context.Document.Find((string?)element.Attribute("dataObjectRef")) is { } meant && Context.Name(meant).Length > 0)
            return Context.Name(meant);
        return Context.Name(element) is { Length: > 0 } name ? name : (string?)element.Attribute("id");
    }

    /// <summary>The names that belong to a sub-process.</summary>
    public List<string> Declared(XElement level) =>
        [.. level.Elements().Where(e => e.Name.Namespace == BpmnDocument.Bpmn && e.Name.LocalName is "dataObject" or "dataObjectReference" or "property")
            .Select(e => NameOf((string?)e.Attribute("id"))).OfType<string>().Distinct()];

    public List<Mapping> Inputs(XElement node) => [.. Standard(node, "dataInputAssociation"), .. Extended(node, "input", "inputParameter")];

    public List<Mapping> Outputs(XElement node) => [.. Standard(node, "dataOutputAssociation"), .. Extended(node, "output", "outputParameter")];

    /// <summary>True when only what is mapped leaves the node.</summary>
    public static bool OutputsOnly(XElement node) => Context.Extension(node, "ioMapping") is { } mapping && mapping.Elements().Any(e => e.Name.LocalName == "output");

    private IEnumerable<Mapping> Standard(XElement node, string kind)
    {
        foreach (var association in Context.Children(node, kind))
        {
            var assignments = Context.Children(association, "assignment").ToList();
            foreach (var assignment in assignments)
            {
                if (Context.Child(assignment, "from") is { } from && Context.Child(assignment, "to") is { } to && context.Expression(from) is { } source)
                    yield return new Mapping(NameOf(to.Value.Trim()) ?? Dialect.Feel(to.Value), source);
            }
            var target = Named(association, "targetRef");
            var given = Named(association, "sourceRef");
            if (assignments.Count > 0 || target is null)
                continue;
            var value = Context.Child(association, "transformation") is { } transformation ? context.Expression(transformation) : given is null ? null : Context.OfName(given);
            if (value is not null)
                yield return new Mapping(target, value);
        }
    }

    private string? Named(XElement association, string by)
    {
        if (Context.Child(association, by)?.Value.Trim() is not { Length: > 0 } id)
            return null;
        if (NameOf(id) is { } name)
            return name;
        context.Fault(association, "bpmn-dangling-ref", association.Name.LocalName, by, id);
        return null;
    }

    // zeebe:ioMapping has FEEL; camunda:inputOutput has texts, or expressions in ${…}.
    private IEnumerable<Mapping> Extended(XElement node, string mapped, string parameter)
    {
        foreach (var one in Context.Extension(node, "ioMapping")?.Elements().Where(e => e.Name.LocalName == mapped) ?? [])
        {
            if ((string?)one.Attribute("target") is { Length: > 0 } target && context.Parse(one, (string?)one.Attribute("source") ?? "") is { } source)
                yield return new Mapping(target, source);
        }
        foreach (var one in Context.Extension(node, "inputOutput")?.Elements().Where(e => e.Name.LocalName == parameter && !e.HasElements) ?? [])
        {
            var text = Dialect.IsWrapped(one.Value) ? one.Value : $"\"{one.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
            if ((string?)one.Attribute("name") is { Length: > 0 } target && context.Parse(one, text) is { } source)
                yield return new Mapping(target, source);
        }
    }

    /// <summary>How messages find this process: its subscription to a correlation key, and how each message bears it.</summary>
    public Correlation Correlation(XElement process)
    {
        if (Context.Child(process, "correlationSubscription") is not { } subscription || context.Referred(subscription, "correlationKeyRef", "correlationKey") is not { } key)
            return Processes.Correlation.None;
        var properties = Context.Children(key, "correlationPropertyRef").Select(r => r.Value.Trim()).ToList();
        var bindings = Context.Children(subscription, "correlationPropertyBinding").ToLookup(b => (string?)b.Attribute("correlationPropertyRef") ?? "", b => Context.Child(b, "dataPath"));
        var own = new List<FeelExpression>();
        foreach (var property in properties)
        {
            if (bindings[property].FirstOrDefault() is { } path && context.Expression(path) is { } expression)
                own.Add(expression);
            else if (bindings[property].FirstOrDefault() is null)
                context.Fault(subscription, "bpmn-incomplete", Context.Label(subscription), $"correlationPropertyBinding {property}");
        }
        var borne = new Dictionary<string, IReadOnlyList<FeelExpression>>();
        foreach (var message in context.Document.Root.Elements(BpmnDocument.Bpmn + "message"))
        {
            var paths = properties.Select(p => Retrieval(p, (string?)message.Attribute("id"))).OfType<FeelExpression>().ToList();
            if (paths.Count == properties.Count && paths.Count > 0)
                borne[(string)message.Attribute("id")!] = paths;
        }
        return new Correlation(own, borne);
    }

    private FeelExpression? Retrieval(string property, string? message)
    {
        var found = context.Document.Find(property) is { } declared
            ? Context.Children(declared, "correlationPropertyRetrievalExpression").FirstOrDefault(r => context.Document.Find((string?)r.Attribute("messageRef"))?.Attribute("id")?.Value == message) : null;
        return Context.Child(found, "messagePath") is { } path ? context.Expression(path) : null;
    }
}
