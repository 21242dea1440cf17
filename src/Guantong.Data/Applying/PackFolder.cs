using System.Text;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Reads a pack's folder from disk into texts.</summary>
public static class PackFolder
{
    private static readonly string[] Kinds = [".yaml", ".bpmn", ".dmn", ".json", ".md", ".sql"];
    private const long LargestFile = 4 << 20;

    /// <summary>The folder's files. Samples stay on disk: only their paths are taken, so that a feed can name them.</summary>
    /// <param name="folder">The pack's folder.</param>
    /// <param name="root">How findings name the folder.</param>
    /// <exception cref="PackFolderException">The folder or a file in it cannot be read.</exception>
    public static PackFiles Read(string folder, string root)
    {
        if (!Directory.Exists(folder))
            throw new PackFolderException("no-folder", folder);
        var texts = new Dictionary<string, string>();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(folder, file.FullName).Replace('\\', '/');
            if (path.StartsWith("samples/", StringComparison.Ordinal))
                texts[path] = "";
            else if (Kinds.Contains(file.Extension))
                texts[path] = ReadText(file, $"{root}/{path}");
        }
        return new PackFiles(root, texts);
    }

    /// <summary>The pack folders at or below a folder: those with a pack.yaml.</summary>
    public static IEnumerable<string> Below(string folder) =>
        !Directory.Exists(folder) ? [] :
        File.Exists(Path.Combine(folder, "pack.yaml")) ? [folder]
        : Directory.EnumerateFiles(folder, "pack.yaml", SearchOption.AllDirectories).Select(f => Path.GetDirectoryName(f)!).Order(StringComparer.Ordinal);

    /// <summary>The id that a pack's folder declares, or null when its pack.yaml gives none.</summary>
    public static string? IdOf(string folder) => Said(folder, "pack:");

    /// <summary>The version that a pack's folder declares, or null when its pack.yaml gives none.</summary>
    public static string? VersionOf(string folder) => Said(folder, "version:");

    private static string? Said(string folder, string key) =>
        File.ReadLines(Path.Combine(folder, "pack.yaml")).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim();

    private static string ReadText(FileInfo file, string name)
    {
        if (file.Length > LargestFile)
            throw new PackFolderException("file-too-large", name);
        try
        {
            return new UTF8Encoding(false, true).GetString(File.ReadAllBytes(file.FullName)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new PackFolderException("not-utf8", name);
        }
    }
}

/// <summary>A pack's folder cannot be read: <c>no-folder</c>, <c>file-too-large</c> or <c>not-utf8</c>.</summary>
public sealed class PackFolderException(string code, string file) : Exception($"{code}: {file}")
{
    /// <summary>Which of the three.</summary>
    public string Code { get; } = code;

    /// <summary>The folder or file.</summary>
    public string File { get; } = file;
}
