using Guantong.Packs.Reading;

namespace Guantong.Packs.Planning;

/// <summary>What applying a pack would do to one thing.</summary>
public enum ChangeKind { Add, Change, Remove }

/// <summary>One line of a plan.</summary>
/// <param name="Kind">Add, change or remove.</param>
/// <param name="What">goal, dataset, matter, indicator, policy, process, decision, form, document, screen, business, texts or pack.</param>
/// <param name="Id">Its id or path.</param>
/// <param name="Details">What changes in it: dotted paths with the old and the new value.</param>
/// <param name="Loses">True when rows that stand in the warehouse would be lost or recast.</param>
public sealed record Change(ChangeKind Kind, string What, string Id, IReadOnlyList<Detail> Details, bool Loses = false);

/// <summary>A value inside a thing that changes; an empty side means it was not, or will not be, there.</summary>
public sealed record Detail(string Path, string Was, string Becomes);

/// <summary>Compares what is applied with what is declared.</summary>
public static class PackDiff
{
    /// <summary>The changes that lead from the applied pack (null: none) to the declared one, adding first and removing last.</summary>
    public static IReadOnlyList<Change> Between(Pack? applied, Pack declared)
    {
        var changes = new List<Change>();
        if (applied?.Version != declared.Version)
            changes.Add(new Change(applied is null ? ChangeKind.Add : ChangeKind.Change, "pack", declared.Id, [new Detail("version", applied?.Version ?? "", declared.Version)]));
        changes.AddRange(Things("dataset", applied?.Datasets, declared.Datasets, d => d.Id, d => d.Origin));
        changes.AddRange(Things("matter", applied?.Matters, declared.Matters, m => m.Id, m => m.Origin));
        changes.AddRange(Things("indicator", applied?.Indicators, declared.Indicators, i => i.Id, i => i.Origin));
        changes.AddRange(Things("policy", applied?.Policies, declared.Policies, p => p.Id, p => p.Origin));
        changes.AddRange(Files(applied, declared));
        return [.. changes.OrderBy(c => c.Kind)];
    }

    private static IEnumerable<Change> Things<T>(string what, IReadOnlyList<T>? before, IReadOnlyList<T> after, Func<T, string> id, Func<T, Node> origin)
    {
        var old = (before ?? []).ToDictionary(id);
        foreach (var thing in after)
        {
            if (!old.Remove(id(thing), out var was))
                yield return new Change(ChangeKind.Add, what, id(thing), []);
            else if (Differences(origin(was), origin(thing), "").ToList() is { Count: > 0 } details)
                yield return new Change(ChangeKind.Change, what, id(thing), details, what == "dataset" && details.Any(Loses));
        }
        foreach (var gone in old.Keys)
            yield return new Change(ChangeKind.Remove, what, gone, [], what == "dataset");
    }

    // A field that goes, a type or a key that changes: rows that stand cannot be kept as they are.
    private static bool Loses(Detail d) =>
        (d.Path.StartsWith("fields.", StringComparison.Ordinal) && (d.Becomes.Length == 0 && d.Path.EndsWith(".type", StringComparison.Ordinal) || (d.Path.EndsWith(".type", StringComparison.Ordinal) && d.Was.Length > 0)))
        || d.Path.StartsWith("key", StringComparison.Ordinal);

    // The rest of the folder, compared file by file; datasets, matters and indicators are told thing by thing above.
    private static IEnumerable<Change> Files(Pack? applied, Pack declared)
    {
        var old = applied?.Files.Texts ?? new Dictionary<string, string>();
        foreach (var path in old.Keys.Union(declared.Files.Texts.Keys).Where(p => KindOf(p) is not null).Order(StringComparer.Ordinal))
        {
            var (was, becomes) = (old.GetValueOrDefault(path), declared.Files.Texts.GetValueOrDefault(path));
            if (was != becomes)
                yield return new Change(was is null ? ChangeKind.Add : becomes is null ? ChangeKind.Remove : ChangeKind.Change, KindOf(path)!, path, []);
        }
    }

    private static string? KindOf(string path) => path switch
    {
        "pack.yaml" => "goals",
        "business.yaml" => "business",
        "screen.yaml" => "screen",
        _ when path.StartsWith("texts/", StringComparison.Ordinal) => "texts",
        _ when path.EndsWith(".bpmn", StringComparison.Ordinal) => "process",
        _ when path.EndsWith(".dmn", StringComparison.Ordinal) => "decision",
        _ when path.StartsWith("codes/", StringComparison.Ordinal) => "codes",
        _ when path.StartsWith("guides/", StringComparison.Ordinal) => "guide",
        _ when path.StartsWith("elements/", StringComparison.Ordinal) => "element",
        _ when path.StartsWith("forms/", StringComparison.Ordinal) => "form",
        _ when path.StartsWith("documents/", StringComparison.Ordinal) => "document",
        _ => null,
    };

    private static IEnumerable<Detail> Differences(Node was, Node becomes, string path)
    {
        if (was.Says(becomes))
            return [];
        if (was is MapNode && becomes is MapNode)
        {
            return was.Entries.Select(e => e.Key.Value).Union(becomes.Entries.Select(e => e.Key.Value)).SelectMany(key =>
                (was[key], becomes[key]) switch
                {
                    (null, { } added) => Leaves(added, Join(path, key)).Select(l => new Detail(l.Path, "", l.Text)),
                    ({ } gone, null) => Leaves(gone, Join(path, key)).Select(l => new Detail(l.Path, l.Text, "")),
                    ({ } a, { } b) => Differences(a, b, Join(path, key)),
                    _ => [],
                });
        }
        return [new Detail(path, Print(was), Print(becomes))];
    }

    private static IEnumerable<(string Path, string Text)> Leaves(Node node, string path) =>
        node is MapNode ? node.Entries.SelectMany(e => Leaves(e.Value, Join(path, e.Key.Value))) : [(path, Print(node))];

    private static string Print(Node node) => node switch
    {
        ScalarNode s => s.Value,
        ListNode l => "[" + string.Join(", ", l.Values.Select(Print)) + "]",
        _ => "{" + string.Join(", ", node.Entries.Select(e => $"{e.Key.Value}: {Print(e.Value)}")) + "}",
    };

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
