using System.Text.RegularExpressions;

namespace Guantong.Packs.Tracing;

/// <summary>A step of the trace: from goal to column on the way down, and back up to the screen that shows it.</summary>
/// <param name="Kind">pack, goal, indicator, dataset, field, feed, source, decision, matter, task, screen.</param>
public sealed record TraceStep(string Kind, string Id, string Name, Mark? Mark, IReadOnlyList<TraceStep> Below);

/// <summary>Walks the V of one pack.</summary>
public static partial class Trace
{
    /// <summary>The whole pack's trace: each goal down to the columns it rests on, then the matters and what they read.</summary>
    public static TraceStep Of(Pack pack) => new("pack", pack.Id, pack.Name, pack.Mark,
    [
        .. pack.Goals.Select(g => OfGoal(pack, g)),
        .. pack.Indicators.Where(i => pack.Goals.All(g => g.Indicator?.Name != i.Id)).Select(i => OfIndicator(pack, i)),
        .. pack.Matters.Select(m => OfMatter(pack, m)),
    ]);

    /// <summary>The trace of one goal, indicator, dataset or matter by id, or null when the pack has none of that id.</summary>
    public static TraceStep? Of(Pack pack, string id) =>
        pack.Goals.FirstOrDefault(g => g.Id == id) is { } goal ? OfGoal(pack, goal)
        : pack.Indicator(id) is { } indicator ? OfIndicator(pack, indicator)
        : pack.Dataset(id) is { } dataset ? OfDataset(pack, dataset, dataset.Fields.Select(f => f.Id), [])
        : pack.Matter(id) is { } matter ? OfMatter(pack, matter)
        : null;

    private static TraceStep OfGoal(Pack pack, Goal goal) => new("goal", goal.Id, goal.Name, goal.Mark,
        goal.Indicator is { } name && pack.Indicator(name.Name) is { } indicator ? [OfIndicator(pack, indicator)] : []);

    private static TraceStep OfIndicator(Pack pack, Indicator indicator)
    {
        var words = $"{indicator.Value} {indicator.Where} {indicator.At} {indicator.Region} {string.Join(' ', indicator.Dimensions)}";
        return new TraceStep("indicator", indicator.Id, indicator.Name, indicator.Mark,
        [
            .. (indicator.Composite?.Of ?? []).Select(p => pack.Indicator(p.Indicator.Name)).OfType<Indicator>().Select(i => OfIndicator(pack, i)),
            .. indicator.Needs.Select(n => pack.Dataset(n.Name)).OfType<Dataset>()
                .Select(d => OfDataset(pack, d, FieldsIn(words, d), [])),
            .. indicator.Then is { } then && pack.Matter(then.Name) is { } matter ? [new TraceStep("matter", matter.Id, matter.Name, matter.Mark, [])] : Array.Empty<TraceStep>(),
            .. (pack.Screen?.Cards ?? []).Where(c => c.Indicator.Name == indicator.Id)
                .Select(c => new TraceStep("screen", c.As, pack.Screen!.Name, c.Indicator.Mark, [])),
        ]);
    }

    private static TraceStep OfMatter(Pack pack, Matter matter) => new("matter", matter.Id, matter.Name, matter.Mark,
    [
        .. matter.Needs.Select(n => pack.Dataset(n.Data.Name) is { } d ? OfDataset(pack, d, n.Fields.Select(f => f.Name), []) : null).OfType<TraceStep>(),
        .. from part in pack.PartsOf(matter)
           from node in part.Definition.Nodes
           where node.Attributes.ContainsKey("form")
           select new TraceStep("task", node.Id, node.Name, pack.MarkOf(part.File, node), []),
    ]);

    private static TraceStep OfDataset(Pack pack, Dataset dataset, IEnumerable<string> fields, HashSet<string> above) =>
        new("dataset", dataset.Id, dataset.Name, dataset.Mark,
        [
            new TraceStep("source", dataset.Source.Name, dataset.Source.Name, dataset.Source.Mark, []),
            .. fields.Distinct().Select(dataset.Field).OfType<Field>().Select(f => OfField(pack, dataset, f, above)),
        ]);

    private static TraceStep OfField(Pack pack, Dataset dataset, Field field, HashSet<string> above)
    {
        var feed = dataset.Feed;
        if (feed?.Columns.FirstOrDefault(c => c.Field.Name == field.Id) is { } column)
            return Step([new TraceStep("column", string.Join(" + ", column.Headers), feed.Path?.Name ?? "csv", column.Field.Mark, [])]);
        if (feed?.Sql is not { } sql || above.Contains(dataset.Id))
            return Step([]);
        var deeper = above.Append(dataset.Id).ToHashSet();
        if (feed.Decide is { } decide && decide.Outputs.Any(o => o.Field.Name == field.Id))
        {
            return Step([new TraceStep("decision", decide.Decision.Name, decide.Id, decide.Decision.Mark,
                [.. decide.Inputs.Select(i => dataset.Field(i.Field.Name)).OfType<Field>().Select(f => OfField(pack, dataset, f, above))])]);
        }
        return Step([.. feed.Needs.Select(n => pack.Dataset(n.Name)).OfType<Dataset>()
            .Where(d => !deeper.Contains(d.Id))
            .Select(d => OfDataset(pack, d, Feeding(field, sql.Name, d), deeper))]);

        TraceStep Step(IReadOnlyList<TraceStep> below) => new("field", field.Id, field.Name, field.Mark, below);
    }

    // A derived field rests on its namesake where the source has one, otherwise on every field that the query names.
    private static IEnumerable<string> Feeding(Field field, string sql, Dataset source) =>
        source.Field(field.Id) is not null ? [field.Id] : FieldsIn(sql, source);

    private static IEnumerable<string> FieldsIn(string sql, Dataset dataset)
    {
        var words = Identifier().Matches(Quoted().Replace(sql, " ")).Select(m => m.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return dataset.Fields.Select(f => f.Id).Where(words.Contains);
    }

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Identifier();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();
}
