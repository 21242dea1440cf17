using System.Xml.Linq;
using Guantong.Processes.Document;
using Guantong.Processes.Running;

namespace Guantong.Processes.Reading;

/// <summary>Reads event definitions (clause 10.5.5).</summary>
internal sealed class EventReader(Context context)
{
    /// <summary>What an event, or a task that sends or receives, throws or waits for.</summary>
    public List<EventSpec> Read(XElement element, bool throws)
    {
        if (element.Name.LocalName is "receiveTask" or "sendTask")
            return [Message(element)];
        if ((string?)element.Attribute("parallelMultiple") is "true" or "1")
            context.Fault(element, "bpmn-unsupported", "parallelMultiple");
        var referred = Context.Children(element, "eventDefinitionRef").Select(r => (At: r, Found: context.Document.Find(r.Value.Trim()))).ToList();
        foreach (var (at, _) in referred.Where(r => r.Found is null))
            context.Fault(at, "bpmn-dangling-ref", element.Name.LocalName, "eventDefinitionRef", at.Value.Trim());
        return [.. element.Elements().Where(IsDefinition).Concat(referred.Where(r => r.Found is not null).Select(r => r.Found!)).Select(d => One(d, throws)).OfType<EventSpec>()];
    }

    public static bool IsDefinition(XElement element) =>
        element.Name.Namespace == BpmnDocument.Bpmn && element.Name.LocalName.EndsWith("EventDefinition", StringComparison.Ordinal);

    private EventSpec? One(XElement definition, bool throws)
    {
        switch (definition.Name.LocalName)
        {
            case "messageEventDefinition":
                return Message(definition);
            case "timerEventDefinition":
                return Timer(definition);
            case "signalEventDefinition":
                return Named(definition, EventKind.Signal, "signalRef", "signal", true);
            case "errorEventDefinition":
                return Named(definition, EventKind.Error, "errorRef", "error", throws);
            case "escalationEventDefinition":
                return Named(definition, EventKind.Escalation, "escalationRef", "escalation", throws);
            case "conditionalEventDefinition":
                if (Context.Child(definition, "condition") is { } condition)
                    return new EventSpec(EventKind.Conditional) { Condition = context.Expression(condition) };
                context.Fault(definition, "bpmn-incomplete", Context.Label(definition), "condition");
                return null;
            case "linkEventDefinition":
                if (Context.Name(definition) is { Length: > 0 } link)
                    return new EventSpec(EventKind.Link, link);
                context.Fault(definition, "bpmn-incomplete", Context.Label(definition), "name");
                return null;
            case "compensateEventDefinition":
                if ((string?)definition.Attribute("waitForCompletion") is "false" or "0")
                    context.Fault(definition, "bpmn-unsupported", "waitForCompletion=\"false\"");
                return new EventSpec(EventKind.Compensation, (string?)context.Referred(definition, "activityRef")?.Attribute("id"));
            case "cancelEventDefinition":
                return new EventSpec(EventKind.Cancel);
            case "terminateEventDefinition":
                return new EventSpec(EventKind.Terminate);
            default:
                context.Fault(definition, "bpmn-unsupported", definition.Name.LocalName);
                return null;
        }
    }

    private EventSpec Message(XElement at)
    {
        var message = context.Referred(at, "messageRef", "message");
        var own = at.Name.LocalName == "messageEventDefinition" ? at.Parent! : at;
        var key = Context.Extended(own, "key") ?? (string?)Context.Extension(message, "subscription")?.Attribute("correlationKey") ?? (string?)Context.Extension(own, "subscription")?.Attribute("correlationKey");
        return new EventSpec(EventKind.Message, message is null ? null : Called(message), (string?)message?.Attribute("id")) { Key = key is null ? null : context.Parse(at, key) };
    }

    private EventSpec? Named(XElement definition, EventKind kind, string by, string element, bool needed)
    {
        var referred = context.Referred(definition, by, element);
        if (referred is null && needed && definition.Attribute(by) is null)
        {
            context.Fault(definition, "bpmn-incomplete", Context.Label(definition), by);
            return null;
        }
        var code = (string?)referred?.Attribute("errorCode") ?? (string?)referred?.Attribute("escalationCode");
        return new EventSpec(kind, code is { Length: > 0 } ? code : referred is null ? null : Called(referred), (string?)referred?.Attribute("id"));
    }

    private static string Called(XElement element) => Context.Name(element) is { Length: > 0 } name ? name : (string?)element.Attribute("id") ?? "";

    private EventSpec? Timer(XElement definition)
    {
        foreach (var (name, kind) in ((string, TimerKind)[])[("timeDate", TimerKind.Date), ("timeDuration", TimerKind.Duration), ("timeCycle", TimerKind.Cycle)])
        {
            if (Context.Child(definition, name) is not { } time)
                continue;
            var text = time.Value.Trim();
            if (Timers.Tells(kind, text))
                return new EventSpec(EventKind.Timer) { Timer = new TimerSpec(kind, text, null) };
            // A name or a call may give the time when the process comes there; a text that is nearly ISO 8601 is a slip.
            if (text.Length == 0 || text[0] is 'P' or 'R' && text.Any(char.IsAsciiDigit) || char.IsAsciiDigit(text[0]))
            {
                context.Fault(time, "bpmn-timer-broken", Context.Label(definition), text);
                return null;
            }
            return context.Expression(time) is { } expression ? new EventSpec(EventKind.Timer) { Timer = new TimerSpec(kind, text, expression) } : null;
        }
        context.Fault(definition, "bpmn-incomplete", Context.Label(definition), "timeDate | timeDuration | timeCycle");
        return null;
    }
}
