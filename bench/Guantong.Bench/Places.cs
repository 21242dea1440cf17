namespace Guantong.Bench;

/// <summary>Where a benchmark finds what it measures, and a folder of its own to do it in.</summary>
internal static class Places
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Hosting.Settings.FindHome();

    /// <summary>A pack of the repository.</summary>
    public static string Pack(string path) => Path.Combine(Root, "packs", path);

    /// <summary>The CSV files of the air-quality material.</summary>
    /// <exception cref="MaterialAbsentException">They are not here.</exception>
    public static IReadOnlyList<string> AirQuality()
    {
        var told = Environment.GetEnvironmentVariable("GUANTONG_MATERIAL") is { Length: > 0 } set ? set : Path.Combine(Root, "..", "shared", "material");
        var folder = Path.Combine(told, "air-quality");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "PRSA*.csv").Order(StringComparer.Ordinal).ToList() : [];
        return files.Count > 0 ? files : throw new MaterialAbsentException();
    }
}

/// <summary>What a benchmark needs is not on this machine.</summary>
internal sealed class MaterialAbsentException(string what = "The third-party material air-quality is not here: set GUANTONG_MATERIAL to the folder that holds it.") : Exception(what);

/// <summary>A folder that goes when the work is done.</summary>
internal sealed class Scratch : IDisposable
{
    private int _next;

    public string Folder { get; } = Directory.CreateTempSubdirectory("guantong-bench-").FullName;

    /// <summary>A path that nothing stands at yet.</summary>
    public string Fresh(string name) => Path.Combine(Folder, $"{++_next}-{name}");

    public void Dispose() => Directory.Delete(Folder, true);
}
