using System.Text.Json;

namespace Guantong.Work;

/// <summary>What is filled in and not sent yet.</summary>
/// <param name="Typed">What stands in the form's controls, by their names.</param>
/// <param name="Version">Counts the saves: who saves says which one they saw.</param>
/// <param name="Saved">When, ISO 8601.</param>
/// <param name="By">Login of whoever saved it last.</param>
public sealed record Draft(string Id, IReadOnlyDictionary<string, string> Typed, long Version, string Saved, string By)
{
    /// <summary>The most characters of one, with all names.</summary>
    public const int Longest = 200_000;

    /// <summary>Of an application: the pack and the matter.</summary>
    public (string Pack, string Matter)? Of { get; init; }

    internal static string Write(IReadOnlyDictionary<string, string> typed) => JsonSerializer.Serialize(typed, Json.Plain) is { Length: <= Longest } text ? text : throw new ConflictException("draft-long", Longest);

    internal static IReadOnlyDictionary<string, string> Read(string text) => JsonSerializer.Deserialize<Dictionary<string, string>>(text)!;
}

/// <summary>How saving ended: it stands as saved; or it was changed elsewhere meanwhile, and nothing was overwritten.</summary>
/// <param name="Now">As it stands now; null where it is gone.</param>
public sealed record DraftSaving(bool IsSaved, Draft? Now);

/// <summary>Two that were filled in apart from each other, field by field. Pure.</summary>
public static class DraftMerge
{
    /// <summary>The names under which they say different things, in order; a field left blank and one that is not there are the same.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> mine, IReadOnlyDictionary<string, string> theirs) =>
        [.. mine.Keys.Union(theirs.Keys).Where(k => mine.GetValueOrDefault(k, "") != theirs.GetValueOrDefault(k, "")).Order(StringComparer.Ordinal)];

    /// <summary>Mine, with theirs where they were chosen.</summary>
    public static Dictionary<string, string> Choose(IReadOnlyDictionary<string, string> mine, IReadOnlyDictionary<string, string> theirs, IReadOnlySet<string> takeTheirs)
    {
        var chosen = new Dictionary<string, string>(mine);
        foreach (var name in takeTheirs)
        {
            if (theirs.TryGetValue(name, out var text))
                chosen[name] = text;
            else
                chosen.Remove(name);
        }
        return chosen;
    }
}

/// <summary>Somebody else saved meanwhile; what was to be saved is not.</summary>
internal sealed class DraftMovedException : Exception;
