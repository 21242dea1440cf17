using DuckDB.NET.Data;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>A thing that data flows through.</summary>
/// <param name="Kind">column (at a source), field, decision, indicator, goal, screen, matter, service, interface (a field of a unit's own interface) or consumer (a unit that holds a grant).</param>
/// <param name="Pack">The pack that declares it; empty for interfaces and consumers.</param>
/// <param name="Of">The dataset of a field or column, the interface of its field; empty for the rest.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
public sealed record LineageNode(string Kind, string Pack, string Of, string Id, string Name)
{
    /// <summary>What tells it from all others.</summary>
    public string Key => string.Join('/', new[] { Kind, Pack, Of, Id }.Where(p => p.Length > 0));
}

/// <summary>Data flows from one thing to another.</summary>
/// <param name="How">value: it is made of it; rows: it decides which rows there are.</param>
public sealed record LineageEdge(string From, string To, string How);

/// <summary>What a unit is given by its grants.</summary>
/// <param name="About">PACK/DATASET or interface:ID.</param>
/// <param name="Unit">The unit's id, and what people call it.</param>
/// <param name="Fields">The granted fields by id; of an interface with what people call them.</param>
public sealed record Consumed(string About, string Unit, string UnitName, IReadOnlyDictionary<string, string> Fields);

/// <summary>The map of where data comes from and goes to, by column, over all packs in force (数据资源一张图).</summary>
/// <remarks>Plan, annex 6 §5(4)2.</remarks>
public sealed class LineageMap
{
    private readonly Dictionary<string, LineageNode> _nodes = [];
    private readonly HashSet<LineageEdge> _edges = [];
    private readonly ILookup<string, LineageEdge> _out, _in;

    private LineageMap(IReadOnlyCollection<Pack> packs, IEnumerable<Consumed> consumed)
    {
        foreach (var pack in packs)
        {
            using var engine = new DuckDBConnection("DataSource=:memory:");
            engine.Open();
            foreach (var dataset in pack.Datasets.DistinctBy(d => d.Table))
                engine.Run($"CREATE TABLE {Sql.Name(dataset.Table)} ({string.Join(", ", dataset.Fields.DistinctBy(f => f.Id).Select(f => $"{Sql.Name(f.Id)} {TableChanges.TypeOf(f)}"))})");
            foreach (var dataset in pack.Datasets)
                Add(pack, dataset, engine);
            foreach (var indicator in pack.Indicators)
                Add(pack, indicator, engine);
            foreach (var matter in pack.Matters)
                Add(pack, matter);
        }
        foreach (var given in consumed)
            Add(packs, given);
        _out = _edges.ToLookup(e => e.From);
        _in = _edges.ToLookup(e => e.To);
    }

    /// <summary>Draws it.</summary>
    /// <param name="consumed">What is given to units; none where it is left out.</param>
    public static LineageMap Of(IEnumerable<Pack> packs, IEnumerable<Consumed>? consumed = null) => new([.. packs], consumed ?? []);

    /// <summary>Everything on it.</summary>
    public IReadOnlyCollection<LineageNode> Nodes => _nodes.Values;

    /// <summary>A node by its key, or null.</summary>
    public LineageNode? Find(string key) => _nodes.GetValueOrDefault(key);

    /// <summary>The fields of a dataset.</summary>
    public IReadOnlyList<LineageNode> FieldsOf(string pack, string dataset) => [.. _nodes.Values.Where(n => n.Kind == "field" && n.Pack == pack && n.Of == dataset)];

    /// <summary>What bears some words in its name or id.</summary>
    public IReadOnlyList<LineageNode> Search(string words, int most = 50) =>
        [.. _nodes.Values.Where(n => n.Name.Contains(words, StringComparison.OrdinalIgnoreCase) || n.Id.Contains(words, StringComparison.OrdinalIgnoreCase) || n.Of.Contains(words, StringComparison.OrdinalIgnoreCase)).OrderBy(n => n.Key, StringComparer.Ordinal).Take(most)];

    /// <summary>Where something comes from (up), or all that it goes into (down): each thing once, with its distance, and the flows between them.</summary>
    public (IReadOnlyList<(LineageNode Node, int Depth)> Nodes, IReadOnlyList<LineageEdge> Edges) Walk(IEnumerable<string> from, bool up)
    {
        var depth = from.Where(_nodes.ContainsKey).Distinct().ToDictionary(k => k, _ => 0);
        var (queue, edges) = (new Queue<string>(depth.Keys), new List<LineageEdge>());
        while (queue.TryDequeue(out var at))
        {
            foreach (var edge in (up ? _in : _out)[at])
            {
                var next = up ? edge.From : edge.To;
                edges.Add(edge);
                if (depth.TryAdd(next, depth[at] + 1))
                    queue.Enqueue(next);
            }
        }
        return ([.. depth.Select(d => (_nodes[d.Key], d.Value)).OrderBy(n => n.Value).ThenBy(n => n.Item1.Key, StringComparer.Ordinal)], edges);
    }

    private string Node(string kind, Pack? pack, string of, string id, string name)
    {
        var node = new LineageNode(kind, pack?.Id ?? "", of, id, name);
        _nodes.TryAdd(node.Key, node);
        return node.Key;
    }

    private string Field(Pack pack, Dataset dataset, Field field) => Node("field", pack, dataset.Id, field.Id, field.Name);

    private void Flow(string from, string to, string how = "value")
    {
        if (from != to && (how == "value" || !_edges.Contains(new LineageEdge(from, to, "value"))))
            _edges.Add(new LineageEdge(from, to, how));
    }

    private void Add(Pack pack, Dataset dataset, DuckDBConnection engine)
    {
        foreach (var field in dataset.Fields)
            Field(pack, dataset, field);
        if (dataset.Open == "unconditional" && dataset.Grade is null or 1)
        {
            foreach (var field in dataset.Fields)
                Flow(Field(pack, dataset, field), Node("service", pack, dataset.Id, "rows", dataset.Name));
        }
        foreach (var column in dataset.Feed?.Columns ?? [])
        {
            foreach (var header in column.Headers.Where(_ => dataset.Field(column.Field.Name) is not null))
                Flow(Node("column", pack, dataset.Id, header, $"{dataset.Feed!.At?.Name ?? dataset.Source.Name}: {header}"), Field(pack, dataset, dataset.Field(column.Field.Name)!));
        }
        if (dataset.Feed is { From: "query", Sql: { } sql })
            AddQuery(pack, dataset, sql.Name, engine);
        if (dataset.Feed?.Decide is { } decide)
            AddDecision(pack, dataset, decide);
    }

    private void AddQuery(Pack pack, Dataset dataset, string sql, DuckDBConnection engine)
    {
        var given = dataset.Fields.Where(f => dataset.Feed!.Decide?.Outputs.All(o => o.Field.Name != f.Id) != false).ToList();
        if (QueryColumns.Of(engine, $"SELECT {string.Join(", ", given.Select(f => Sql.Name(f.Id)))} FROM ({sql}) AS q") is not { } columns)
            return;
        for (var i = 0; i < given.Count && i < columns.Values.Count; i++)
        {
            var to = Field(pack, dataset, given[i]);
            FlowAll(pack, columns.Values[i], to, "value");
            FlowAll(pack, columns.Rows, to, "rows");
        }
    }

    private void FlowAll(Pack pack, IEnumerable<ReadColumn> columns, string to, string how)
    {
        foreach (var column in columns)
        {
            if (pack.Datasets.FirstOrDefault(d => d.Table == column.Table) is { } source && source.Field(column.Column) is { } field)
                Flow(Field(pack, source, field), to, how);
        }
    }

    private void AddDecision(Pack pack, Dataset dataset, Decide decide)
    {
        var decision = Node("decision", pack, dataset.Id, decide.Decision.Name, decide.Id);
        foreach (var (_, input) in decide.Inputs)
        {
            if (dataset.Field(input.Name) is { } field)
                Flow(Field(pack, dataset, field), decision);
        }
        foreach (var (output, _) in decide.Outputs)
        {
            if (dataset.Field(output.Name) is { } field)
                Flow(decision, Field(pack, dataset, field));
        }
    }

    private void Add(Pack pack, Indicator indicator, DuckDBConnection engine)
    {
        var to = Node("indicator", pack, "", indicator.Id, indicator.Name);
        if (indicator.Needs.Count > 0 && pack.Dataset(indicator.Needs[0].Name) is { } dataset)
        {
            if (QueryColumns.Of(engine, $"SELECT {indicator.Value} FROM {Sql.Name(dataset.Table)} {(indicator.Where is { } where ? $"WHERE {where}" : "")}") is { } columns)
            {
                FlowAll(pack, columns.Values.SelectMany(v => v), to, "value");
                FlowAll(pack, columns.Rows, to, "rows");
            }
            foreach (var (table, field) in indicator.Dimensions.Prepend(indicator.Region).SelectMany(p => Path(pack, dataset, p.Name)).Append((dataset, indicator.At.Name)).Distinct())
            {
                if (table.Field(field) is { } by)
                    Flow(Field(pack, table, by), to, "rows");
            }
        }
        foreach (var part in (indicator.Composite?.Of ?? []).Select(p => pack.Indicator(p.Indicator.Name)).OfType<Indicator>())
            Flow(Node("indicator", pack, "", part.Id, part.Name), to, "value");
        foreach (var goal in pack.Goals.Where(g => g.Indicator?.Name == indicator.Id))
            Flow(to, Node("goal", pack, "", goal.Id, goal.Name));
        if (pack.Screen is { } screen && screen.Cards.Any(c => c.Indicator.Name == indicator.Id))
            Flow(to, Node("screen", pack, "", screen.Id, screen.Name));
        if (indicator.Then is { } then && pack.Matter(then.Name) is { } matter)
            Flow(to, Node("matter", pack, "", matter.Id, matter.Name));
    }

    // A region is a field, or stands where a reference leads.
    private static IEnumerable<(Dataset, string)> Path(Pack pack, Dataset dataset, string path)
    {
        var parts = path.Split('.');
        yield return (dataset, parts[0]);
        if (parts.Length == 2 && dataset.Field(parts[0])?.Refers?.Name.Split('.') is [var other, _] && pack.Dataset(other) is { } referred)
            yield return (referred, parts[1]);
    }

    private void Add(IReadOnlyCollection<Pack> packs, Consumed given)
    {
        var to = Node("consumer", null, "", given.Unit, given.UnitName);
        if (given.About.StartsWith(Shared.InterfacePrefix, StringComparison.Ordinal))
        {
            foreach (var (id, name) in given.Fields)
                Flow(Node("interface", null, given.About[Shared.InterfacePrefix.Length..], id, name), to);
        }
        else if (given.About.Split('/') is [var owner, var id] && packs.FirstOrDefault(p => p.Id == owner) is { } pack && pack.Dataset(id) is { } dataset)
        {
            foreach (var field in dataset.Fields.Where(f => given.Fields.ContainsKey(f.Id)))
                Flow(Field(pack, dataset, field), to);
        }
    }

    private void Add(Pack pack, Matter matter)
    {
        foreach (var need in matter.Needs)
        {
            if (pack.Dataset(need.Data.Name) is not { } dataset)
                continue;
            foreach (var field in need.Fields.Select(f => dataset.Field(f.Name)).OfType<Field>())
                Flow(Field(pack, dataset, field), Node("matter", pack, "", matter.Id, matter.Name));
        }
    }
}
