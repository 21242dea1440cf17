using System.Xml;
using System.Xml.Linq;

namespace Guantong.Fuzz;

/// <summary>Real models and their expressions: those of the packs, and of the compatibility kit where it is here.</summary>
internal sealed record Corpus(IReadOnlyList<string> Models, IReadOnlyList<string> Expressions)
{
    private const int LongestModel = 60_000;

    /// <summary>Reads all .dmn files under these folders; one that is not there holds none.</summary>
    public static Corpus Of(params IEnumerable<string> folders)
    {
        var models = folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.dmn", SearchOption.AllDirectories).Order(StringComparer.Ordinal)).Select(File.ReadAllText).ToList();
        return new Corpus([.. models.Where(m => m.Length <= LongestModel)], [.. models.SelectMany(Texts).Distinct()]);
    }

    private static IEnumerable<string> Texts(string model)
    {
        using var reader = XmlReader.Create(new StringReader(model), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return [.. XDocument.Load(reader).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value.Trim()).Where(t => t.Length is > 0 and < 2000)];
    }
}
