using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Xunit;
using Guantong.Packs;
using Guantong.Packs.Checking;

namespace Guantong.Tests;

/// <summary>Whatever is typed into a pack's files, the check answers, and points into the pack.</summary>
public sealed partial class FuzzTests
{
    private static readonly PackFiles[] Sound = [SoundPack.Files(SoundPack.Air), SoundPack.Files(SoundPack.Permit)];

    // What means something to YAML, XML, JSON, FEEL or SQL, and what means nothing to any.
    private static readonly string[] Pieces =
        ["\t", "\n", " ", "  ", "\r", "\0", "\"", "'", ":", ": ", "- ", ",", "{", "}", "[", "]", "|", ">", "&a ", "*a", "!t ", "#", "%", "@", "?", "---\n", "<", "/>", "<!--", "&amp;", "&x;",
         "-1", "1e999", "999999999999999999999999", "null", "true", "中", "\U0001F600", "\u2028", "\u0085", "\uFEFF", "\\ud800", "P", "0", ".", "..", "=", "(", ";", "--"];

    [Property(MaxTest = 250)]
    public void A_mutated_pack_is_checked_without_an_exception_and_every_finding_has_a_place(DoNotSize<int> seed)
    {
        var files = Mutate(new Random(seed.Item));
        foreach (var finding in PackCheck.Check(files, SoundPack.Around).Findings)
        {
            Assert.True(IsIn(files, finding.Mark), $"{finding.Mark} {finding.Code}");
            Assert.NotEqual("", finding.Message("zh-CN"));
            Assert.NotEqual("", finding.Message("en"));
        }
    }

    private static PackFiles Mutate(Random random)
    {
        var files = Sound[random.Next(Sound.Length)];
        var texts = new Dictionary<string, string>(files.Texts);
        var paths = texts.Keys.Where(p => p.EndsWith(".yaml", StringComparison.Ordinal) || p.EndsWith(".bpmn", StringComparison.Ordinal)
            || p.EndsWith(".dmn", StringComparison.Ordinal) || p.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var path = paths[random.Next(paths.Count)];
            texts[path] = random.Next(3) switch
            {
                0 => MutateBytes(texts[path], random),
                1 => MutateLines(texts[path], random),
                _ => MutateWords(texts[path], texts[random.Next(2) == 0 ? path : paths[random.Next(paths.Count)]], random),
            };
        }
        return files with { Texts = texts };
    }

    private static string MutateBytes(string text, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 12), bytes.Count - at);
        switch (random.Next(4))
        {
            case 0: bytes.RemoveRange(at, length); break;
            case 1: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 2: bytes.RemoveRange(at, bytes.Count - at); break;
            default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)])); break;
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string MutateLines(string text, Random random)
    {
        var lines = text.Split('\n').ToList();
        var (at, other) = (random.Next(lines.Count), random.Next(lines.Count));
        switch (random.Next(4))
        {
            case 0: lines.RemoveAt(at); break;
            case 1: lines.Insert(other, lines[at]); break;
            case 2: (lines[at], lines[other]) = (lines[other], lines[at]); break;
            default: lines[at] = " " + lines[at]; break;
        }
        return string.Join('\n', lines);
    }

    // A word that stands elsewhere stays well written, and so gets past the readers to the proofs.
    private static string MutateWords(string text, string source, Random random)
    {
        var (here, there) = (Word().Matches(text), Word().Matches(source));
        if (here.Count == 0 || there.Count == 0)
            return text;
        var place = here[random.Next(here.Count)];
        return text[..place.Index] + there[random.Next(there.Count)].Value + text[(place.Index + place.Length)..];
    }

    // Readers differ on what ends a line; a place is good when it is one by the narrowest or the widest reading.
    private static bool IsIn(PackFiles files, Mark mark)
    {
        if (!files.Texts.TryGetValue(mark.File, out var text))
            return mark == new Mark("pack.yaml", 1, 1);
        return mark is { Line: > 0, Column: > 0 } && new[] { text.Split('\n'), LineEnd().Split(text) }
            .Any(lines => mark.Line <= lines.Length && mark.Column <= lines[mark.Line - 1].Length + 1);
    }

    [GeneratedRegex("\r\n|[\r\n\u0085\u2028\u2029]")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"[\w.-]+")]
    private static partial Regex Word();
}
