using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes.Document;

namespace Guantong.Desk.Scenarios;

/// <summary>The element that is chosen on the drawing, as the form shows it.</summary>
/// <param name="Type">Its BPMN type, e.g. UserTask.</param>
/// <param name="Kind">The type in the reader's words.</param>
/// <param name="Values">What it may be given, by name; empty where it is not given.</param>
/// <param name="Between">For a flow: what it connects, in words.</param>
/// <param name="CanAppend">Whether a flow may leave it.</param>
public sealed record ChosenElement(string Id, string Type, string Kind, string Name, IReadOnlyDictionary<string, string> Values, string? Between, bool CanAppend);

/// <summary>An element in the list of those that can be chosen.</summary>
public sealed record ListedElement(string Id, string Label, string Kind);

/// <summary>How the editor stands after a change.</summary>
public sealed record ModelerState(bool CanUndo, bool CanRedo, IReadOnlyList<ListedElement> Elements);

/// <summary>A finding and the element of the drawing that it is about, if any.</summary>
/// <param name="IsKnown">True when the version in force has it too.</param>
public sealed record PlacedFinding(Finding Finding, ElementPlace? Place, bool IsKnown)
{
    /// <summary>error, warning or hint.</summary>
    public string Word => Finding.Severity.ToString().ToLowerInvariant();
}

/// <summary>A pack with one process changed, and what check says of it.</summary>
/// <param name="Files">The whole folder.</param>
/// <param name="Text">The process as changed.</param>
/// <param name="Found">What concerns it: findings in its file, and those elsewhere that the change brought.</param>
public sealed record ProcessDraft(PackFiles Files, string Text, IReadOnlyList<PlacedFinding> Found)
{
    /// <summary>True where the change brings no error that the version in force has not.</summary>
    public bool CanPublish => Found.All(f => f.IsKnown || f.Finding.Severity != Severity.Error);

    /// <summary>Checks a changed process within its pack, as <c>guantong check</c> does.</summary>
    /// <param name="packs">What it is checked with.</param>
    /// <param name="pack">The version that it was changed from.</param>
    /// <param name="path">The process's file.</param>
    /// <param name="text">Its text.</param>
    public static ProcessDraft Check(PackRegistry packs, Pack pack, string path, string text)
    {
        var files = pack.Files with { Texts = new Dictionary<string, string>(pack.Files.Texts) { [path] = text } };
        var file = files.Name(path);
        var known = packs.Plan(pack.Files).Findings.Select(Said).ToHashSet();
        return new ProcessDraft(files, text, [.. from f in packs.Plan(files).Findings
                                                 let isKnown = known.Contains(Said(f))
                                                 let isHere = f.Mark.File == file
                                                 where isHere || !isKnown
                                                 orderby isKnown, f.Severity
                                                 select new PlacedFinding(f, isHere ? ElementPlace.At(text, f.Mark.Line, f.Mark.Column) : null, isKnown)]);
    }

    /// <summary>What check says of a process in force.</summary>
    public static IReadOnlyList<PlacedFinding> Standing(PackRegistry packs, Pack pack, string path) =>
        [.. packs.Plan(pack.Files).Findings.Where(f => f.Mark.File == pack.Files.Name(path)).Select(f => new PlacedFinding(f, ElementPlace.At(pack.Files.Texts[path], f.Mark.Line, f.Mark.Column), true))];

    // Lines move as a file is written anew; what is said does not.
    private static (string, string) Said(Finding finding) => (finding.Code, string.Join('|', finding.Args));
}
