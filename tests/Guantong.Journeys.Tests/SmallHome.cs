namespace Guantong.Tests;

/// <summary>The repository as a home with few sample rows, so that many starts and loads fit into a test: the air of one city, which holds the red episode.</summary>
internal static class SmallHome
{
    private const string Hours = "packs/environment/air-quality/samples/air-hourly.csv";

    /// <summary>Makes it in a folder.</summary>
    public static void Make(string home)
    {
        Directory.CreateDirectory(home);
        Directory.CreateSymbolicLink(Path.Combine(home, "jurisdictions"), Path.Combine(Repository.Root, "jurisdictions"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "packs"), "*", SearchOption.AllDirectories))
        {
            var path = Path.Combine(home, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }
        var lines = File.ReadLines(Path.Combine(Repository.Root, Hours)).ToList();
        File.WriteAllLines(Path.Combine(home, Hours), lines.Where((l, i) => i == 0 || l.Contains("ZJ3305", StringComparison.Ordinal)));
    }
}
