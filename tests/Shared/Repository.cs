namespace Guantong.Tests;

/// <summary>Where tests find the repository and the third-party material.</summary>
internal static class Repository
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Find();

    /// <summary>A folder of the material, or null when it is absent.</summary>
    public static string? Material(string folder)
    {
        var at = Path.Combine(Environment.GetEnvironmentVariable("GUANTONG_MATERIAL") is { Length: > 0 } told ? told : Path.Combine(Root, "..", "shared", "material"), folder);
        return Directory.Exists(at) ? Path.GetFullPath(at) : null;
    }

    /// <summary>A folder of the material; the test counts as skipped when it is absent.</summary>
    public static string NeedMaterial(string folder)
    {
        var found = Material(folder);
        Assert.SkipWhen(found is null, $"The third-party material {folder} is not here (set GUANTONG_MATERIAL).");
        return found!;
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Guantong.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Tests run from within the repository.");
    }
}
