using Guantong.Packs;

namespace Guantong.Tests.Broken;

/// <summary>A sound pack with one fault, and the one finding that it must yield.</summary>
/// <param name="Folder">The sound pack.</param>
/// <param name="Path">The file with the fault.</param>
/// <param name="From">What stands there; "" when the whole file is new.</param>
/// <param name="To">What stands there instead; null when the file is gone.</param>
/// <param name="Code">The finding.</param>
/// <param name="Line">Its line.</param>
/// <param name="Column">Its column.</param>
/// <param name="At">Its file, where that is another.</param>
public sealed record BrokenPack(string Folder, string Path, string From, string? To, string Code, int Line, int Column, string? At = null)
{
    /// <summary>Every case, by topic.</summary>
    public static IReadOnlyList<BrokenPack> All { get; } =
        [.. Syntax.Cases, .. Shapes.Cases, .. Forms.Cases, .. Names.Cases, .. ClosedV.Cases, .. Data.Cases, .. Indicators.Cases, .. Listings.Cases, .. Collaboration.Cases, .. Rights.Cases, .. Openings.Cases, .. Screens.Cases, .. Processes.Cases, .. Calls.Cases, .. Joints.Cases, .. Decisions.Cases, .. Guides.Cases, .. InPersons.Cases, .. Policies.Cases, .. Warns.Cases];

    /// <summary>How a test run names it.</summary>
    public string Name => $"{Code} {Path}: {From} → {To}".Replace("\n", "⏎", StringComparison.Ordinal).Replace("\t", "⇥", StringComparison.Ordinal);

    /// <summary>The files, fault included.</summary>
    public PackFiles Files()
    {
        var sound = SoundPack.Files(Folder);
        var texts = new Dictionary<string, string>(sound.Texts);
        if (To is null)
            texts.Remove(Path);
        else if (From.Length == 0)
            texts[Path] = To;
        else
        {
            Assert.Contains(From, texts[Path], StringComparison.Ordinal);
            var at = texts[Path].IndexOf(From, StringComparison.Ordinal);
            texts[Path] = texts[Path][..at] + To + texts[Path][(at + From.Length)..];
        }
        return sound with { Texts = texts };
    }

    internal static BrokenPack Air(string path, string from, string? to, string code, int line, int column, string? at = null) =>
        new(SoundPack.Air, path, from, to, code, line, column, at);

    internal static BrokenPack Permit(string path, string from, string? to, string code, int line, int column, string? at = null) =>
        new(SoundPack.Permit, path, from, to, code, line, column, at);
}
