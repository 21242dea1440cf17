using Guantong.Feel;

namespace Guantong.Processes.Running;

/// <summary>Standard loops and multiple instances (clauses 13.3.6 and 13.3.7).</summary>
internal sealed partial class Run
{
    private void OpenLoop(Live outer, LoopSpec spec)
    {
        if (!spec.IsMulti)
        {
            outer.Loop = new LoopState(-1, 0, 0);
            if (spec.TestsBefore && !GoesOn(outer, outer, spec))
                CloseLoop(outer);
            else
                StartInstances(outer, 1);
            return;
        }
        if (!TryCount(outer, spec, out var items, out var total))
            return;
        outer.Loop = new LoopState(total, 0, 0) { Items = items, Results = spec.OutputCollection is null ? null : new object?[total] };
        if (total == 0)
            CloseLoop(outer);
        else
            StartInstances(outer, spec.IsSequential ? 1 : total);
    }

    private bool TryCount(Live outer, LoopSpec spec, out IReadOnlyList<object?>? items, out int total)
    {
        (items, total) = (null, 0);
        var value = Plain.Of(Value((spec.Collection ?? spec.Cardinality)!, new DataView(outer), outer.Node!));
        if (spec.Collection is not null)
            items = value as IReadOnlyList<object?>;
        if (items is null && (spec.Collection is not null || value is not decimal { } n || n < 0 || n != decimal.Truncate(n)))
        {
            Stuck(outer.Node!, "collection-undefined");
            return false;
        }
        var count = items?.Count ?? (decimal)value!;
        if (count > MostInstances)
        {
            Stuck(outer.Node!, "too-many-instances");
            return false;
        }
        total = (int)count;
        return true;
    }

    // The stack of moves wants the last first.
    private void StartInstances(Live outer, int count)
    {
        var instances = new Live[count];
        for (var i = 0; i < count; i++)
            instances[i] = NewInstance(outer);
        for (var i = count - 1; i >= 0; i--)
            Push(MoveKind.Begin, instances[i]);
    }

    private Live NewInstance(Live outer)
    {
        var (loop, spec) = (outer.Loop!, outer.Node!.Loop!);
        var instance = Add(outer, outer.Node, null);
        instance.Set("loopCounter", (decimal)(loop.Started + 1));
        if (spec.Item is { } item && loop.Items is { } items)
            instance.Set(item, items[loop.Started]);
        // What an instance gives under a plain name stays its own until it is gathered.
        if (spec.OutputItem is { } output && output.FreeNames.Contains(output.Text) && !instance.Knows(output.Text))
            instance.Set(output.Text, null);
        outer.Loop = loop with { Started = loop.Started + 1 };
        return instance;
    }

    private void InstanceDone(Live instance, IReadOnlyDictionary<string, object?> given)
    {
        var outer = instance.Parent!;
        var (loop, spec) = (outer.Loop! with { Done = outer.Loop.Done + 1 }, outer.Node!.Loop!);
        if (loop.Results is { } results && spec.OutputItem is { } output)
        {
            var at = (int)(decimal)instance.Data!["loopCounter"]! - 1;
            var gathered = results.ToArray();
            gathered[at] = Plain.Of(Value(output, new DataView(instance, given), outer.Node));
            loop = loop with { Results = gathered };
        }
        outer.Loop = loop;
        var isOver = spec.IsMulti
            ? loop.Done == loop.Total || (spec.Completion is { } completion && Value(completion, new DataView(instance, Counts(outer)), outer.Node).IsTrue)
            : !GoesOn(outer, instance, spec);
        Remove(instance);
        if (isOver)
        {
            KillInside(outer);
            CloseLoop(outer);
        }
        else if (!spec.IsMulti || spec.IsSequential)
        {
            StartInstances(outer, 1);
        }
    }

    private bool GoesOn(Live outer, Live seenBy, LoopSpec spec)
    {
        var done = outer.Loop!.Done;
        if (done >= spec.Maximum)
            return false;
        return spec.Condition is not { } condition || Value(condition, new DataView(seenBy, new Dictionary<string, object?> { ["loopCounter"] = (decimal)done }), outer.Node!).IsTrue;
    }

    // Table 10.30 of the standard, and the short names that many files use.
    private static Dictionary<string, object?> Counts(Live outer)
    {
        var (loop, active) = (outer.Loop!, (decimal)(outer.Children.Count - 1));
        return new Dictionary<string, object?>
        {
            ["numberOfInstances"] = (decimal)loop.Total,
            ["numberOfActiveInstances"] = active,
            ["numberOfCompletedInstances"] = (decimal)loop.Done,
            ["numberOfTerminatedInstances"] = 0m,
            ["nrOfInstances"] = (decimal)loop.Total,
            ["nrOfActiveInstances"] = active,
            ["nrOfCompletedInstances"] = (decimal)loop.Done,
        };
    }

    private void CloseLoop(Live outer)
    {
        if (outer.Node!.Loop!.OutputCollection is { } gathered)
            Assign(outer.Parent!, gathered, (outer.Loop!.Results ?? []).ToList());
        Close(outer);
    }
}
