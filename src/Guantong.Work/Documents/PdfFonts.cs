using Guantong.Trust;
using SkiaSharp;

namespace Guantong.Work;

/// <summary>The fonts that documents are set in as PDF. None is carried: they are found on the machine, or named (GUANTONG_FONT).</summary>
public sealed class PdfFonts(string? named)
{
    // Where Debian, Ubuntu, Fedora, openEuler and macOS keep fonts with Chinese; the first that is there is taken. Song for the text, Hei for headings.
    private static readonly string[] Folders = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:\\Windows\\Fonts"];
    private static readonly string[] TextFiles = ["FZFSK.TTF", "simfang.ttf", "NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf", "NotoSerifSC-Regular.otf", "SourceHanSerifCN-Regular.otf", "uming.ttc", "Songti.ttc", "simsun.ttc", "NotoSansCJK-Regular.ttc", "wqy-microhei.ttc"];
    private static readonly string[] HeadingFiles = ["simhei.ttf", "NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", "SourceHanSansCN-Bold.otf", "wqy-zenhei.ttc"];

    private readonly Lazy<(SKTypeface Text, SKTypeface Heading)?> _found = new(() => Find(named));

    /// <summary>The fonts; null where none with Chinese is there.</summary>
    internal (SKTypeface Text, SKTypeface Heading)? Found => _found.Value;

    private static (SKTypeface, SKTypeface)? Find(string? named)
    {
        if (named is not null)
        {
            var own = Open(named) ?? throw new ConfigurationException($"GUANTONG_FONT: {named} is no font with Chinese characters; name a .ttf, .ttc or .otf file that has them");
            return (own, own);
        }
        var files = Folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
            .GroupBy(f => Path.GetFileName(f), StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        SKTypeface? First(string[] names) => names.Where(files.ContainsKey).Select(n => Open(files[n])).FirstOrDefault(t => t is not null);
        return First(TextFiles) is { } text ? (text, First(HeadingFiles) ?? text) : null;
    }

    // A collection holds a font for each region: that for the mainland writes its forms.
    private static SKTypeface? Open(string file)
    {
        SKTypeface? first = null;
        for (var i = 0; i < 12; i++)
        {
            if (SKTypeface.FromFile(file, i) is not { } face)
                break;
            if (face.FamilyName.EndsWith(" SC", StringComparison.Ordinal))
                return Has(face, "行政") ? face : null;
            first ??= face;
        }
        return first is not null && Has(first, "行政") ? first : null;
    }

    /// <summary>Whether a font has all that a text is written with.</summary>
    internal static bool Has(SKTypeface face, string text)
    {
        using var font = new SKFont(face);
        return font.ContainsGlyphs(text);
    }
}
