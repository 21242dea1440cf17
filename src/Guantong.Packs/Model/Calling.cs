using Guantong.Processes;

namespace Guantong.Packs;

/// <summary>What a call activity calls.</summary>
/// <param name="Matter">The matter that it is a case of; null for a process that is part of the caller's matter.</param>
/// <param name="File">The file of the process.</param>
/// <param name="Definition">The process.</param>
public sealed record CalledProcess(Matter? Matter, ProcessFile File, ProcessDefinition Definition)
{
    /// <summary>How a case remembers it: FILE#PROCESS, or null for a matter's own process.</summary>
    public string? Key => Matter is null ? $"{File.Path}#{Definition.Id}" : null;
}

/// <summary>Who calls whom within a pack (BPMN 2.0.2, clause 10.3.6).</summary>
public static class Calling
{
    /// <summary>What a name may mean where it is called: a process of the same file; else a matter; else processes of other files.</summary>
    /// <returns>None, the one that is meant, or several that bear the name.</returns>
    public static IReadOnlyList<CalledProcess> Meant(this Pack pack, ProcessFile from, string name)
    {
        if (from.All.FirstOrDefault(p => p.Id == name) is { } near)
            return [new CalledProcess(null, from, near)];
        if (pack.Matter(name) is { } matter)
            return matter.Process is { } path && pack.Processes.TryGetValue(path.Name, out var own) ? [new CalledProcess(matter, own, own.Definition)] : [];
        return [.. pack.Processes.Values.OrderBy(f => f.Path, StringComparer.Ordinal).SelectMany(f => f.All.Where(p => p.Id == name).Select(p => new CalledProcess(null, f, p)))];
    }

    /// <summary>Whether what is called is a matter of another pack, by PACK/MATTER: of the revision that is in force when it is called.</summary>
    public static bool IsElsewhere(string called) => called.Contains('/', StringComparison.Ordinal);

    /// <summary>The file and process of a case: the matter's own, or the one that was called.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="matter">Id of the case's matter.</param>
    /// <param name="key">FILE#PROCESS; null for the matter's own.</param>
    public static (ProcessFile File, ProcessDefinition Definition) ProcessOf(this Pack pack, string matter, string? key)
    {
        if (key is null)
            return (pack.Processes[pack.Matter(matter)!.Process!.Name], pack.Processes[pack.Matter(matter)!.Process!.Name].Definition);
        var (path, id) = key.Split('#') is [var p, var i] ? (p, i) : throw new ArgumentException($"“{key}” is no FILE#PROCESS.", nameof(key));
        return (pack.Processes[path], pack.Processes[path].All.First(d => d.Id == id));
    }

    /// <summary>A matter's own process and those that it calls as parts of it, its own first.</summary>
    public static IReadOnlyList<(ProcessFile File, ProcessDefinition Definition)> PartsOf(this Pack pack, Matter matter) =>
        matter.Process is { } path && pack.Processes.TryGetValue(path.Name, out var file) ? pack.Reached(file, file.Definition, c => c.Matter is null) : [];

    /// <summary>A process and those that it calls, directly and through others.</summary>
    internal static IReadOnlyList<(ProcessFile File, ProcessDefinition Definition)> Reached(this Pack pack, ProcessFile file, ProcessDefinition definition, Func<CalledProcess, bool> which)
    {
        var all = new List<(ProcessFile File, ProcessDefinition Definition)> { (file, definition) };
        for (var i = 0; i < all.Count; i++)
            all.AddRange(pack.CalledBy(all[i].File, all[i].Definition).Where(which).Select(c => (c.File, c.Definition)).Distinct().Except(all).ToList());
        return all;
    }

    /// <summary>What a process calls.</summary>
    internal static IEnumerable<CalledProcess> CalledBy(this Pack pack, ProcessFile file, ProcessDefinition definition) =>
        definition.Nodes.Where(n => n.Kind == NodeKind.CallActivity).SelectMany(n => pack.Meant(file, n.Calls!));
}
