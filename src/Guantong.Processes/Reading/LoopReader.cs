using System.Xml.Linq;
using Guantong.Feel;

namespace Guantong.Processes.Reading;

/// <summary>Reads standard loops and multiple instances (clause 10.3.7), also as common tools write them.</summary>
internal sealed class LoopReader(Context context, DataReader data)
{
    public LoopSpec? Read(XElement activity, List<Mapping> inputs)
    {
        if (Context.Child(activity, "standardLoopCharacteristics") is { } standard)
            return Standard(standard);
        return Context.Child(activity, "multiInstanceLoopCharacteristics") is { } multi ? Multi(activity, multi, inputs) : null;
    }

    private LoopSpec? Standard(XElement loop)
    {
        var condition = Context.Child(loop, "loopCondition");
        var maximum = (string?)loop.Attribute("loopMaximum");
        if (condition is null && maximum is null)
        {
            context.Fault(loop, "bpmn-incomplete", Context.Label(loop), "loopCondition | loopMaximum");
            return null;
        }
        var count = 0;
        if (maximum is not null && (!int.TryParse(maximum, out count) || count < 1))
            context.Fault(loop, "bpmn-incomplete", Context.Label(loop), "loopMaximum ≥ 1");
        return new LoopSpec(false, true)
        {
            Condition = condition is null ? null : context.Expression(condition),
            Maximum = maximum is null ? null : count,
            TestsBefore = (string?)loop.Attribute("testBefore") is "true" or "1",
        };
    }

    private LoopSpec? Multi(XElement activity, XElement loop, List<Mapping> inputs)
    {
        if ((string?)loop.Attribute("behavior") is { } behaviour and not "All")
            context.Fault(loop, "bpmn-unsupported", $"behavior=\"{behaviour}\"");
        var extended = Context.Extension(loop, "loopCharacteristics");
        var cardinality = Context.Child(loop, "loopCardinality");
        var collection = Collection(loop, extended, inputs);
        if (cardinality is null && collection is null)
        {
            context.Fault(loop, "bpmn-incomplete", Context.Label(activity), "loopCardinality | loopDataInputRef");
            return null;
        }
        var item = Item(loop, "inputDataItem") ?? (string?)extended?.Attribute("inputElement") ?? Context.Extended(loop, "elementVariable");
        var output = Item(loop, "outputDataItem");
        var given = (string?)extended?.Attribute("outputElement");
        var gathers = Context.Child(loop, "loopDataOutputRef")?.Value.Trim();
        // An item that is also an input of the activity is given by the loop.
        if (item is not null)
            inputs.RemoveAll(i => i.Target == item && i.Source.Text == item);
        return new LoopSpec(true, (string?)loop.Attribute("isSequential") is "true" or "1")
        {
            Collection = collection,
            Cardinality = cardinality is null || collection is not null ? null : context.Expression(cardinality),
            Item = item,
            OutputCollection = gathers is not null ? data.NameOf(gathers) ?? gathers : (string?)extended?.Attribute("outputCollection"),
            OutputItem = output is not null ? Context.OfName(output) : given is null ? null : context.Parse(loop, given),
            Completion = Context.Child(loop, "completionCondition") is { } completion ? context.Expression(completion) : null,
        };
    }

    private FeelExpression? Collection(XElement loop, XElement? extended, List<Mapping> inputs)
    {
        if (Context.Child(loop, "loopDataInputRef")?.Value.Trim() is { Length: > 0 } reference)
        {
            var name = data.NameOf(reference) ?? reference;
            // Where an association fills the input, the list is taken from where it comes from.
            if (inputs.Find(i => i.Target == name) is { } filled)
            {
                inputs.Remove(filled);
                return filled.Source;
            }
            return Context.OfName(name);
        }
        return ((string?)extended?.Attribute("inputCollection") ?? Context.Extended(loop, "collection")) is { Length: > 0 } text ? context.Parse(loop, text) : null;
    }

    private static string? Item(XElement loop, string kind) =>
        Context.Child(loop, kind) is { } item ? Context.Name(item) is { Length: > 0 } name ? name : (string?)item.Attribute("id") ?? item.Value.Trim() : null;
}
