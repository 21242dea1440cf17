using System.Xml;

namespace Guantong.Tck;

/// <summary>What a model's cases gave.</summary>
internal sealed record ModelResult(string Name, int Passed, IReadOnlyList<string> Failures, int Skipped);

/// <summary>The sum over models.</summary>
internal sealed class Tally
{
    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    public void Add(ModelResult result)
    {
        Passed += result.Passed;
        Failed += result.Failures.Count;
        Skipped += result.Skipped;
    }

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}

/// <summary>Runs a folder of models with their test files.</summary>
internal static class Kit
{
    /// <summary>One result for each test file under the folder, in order of their paths.</summary>
    public static IEnumerable<ModelResult> Run(string folder)
    {
        var root = Path.GetFullPath(folder);
        foreach (var path in Directory.EnumerateFiles(root, "*.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(root, path);
            if (Read(path, out var trouble) is { } file)
                yield return Run(file, name);
            else if (trouble is not null)
                yield return new ModelResult(name, 0, [trouble], 0);
        }
    }

    private static TestFile? Read(string path, out string? trouble)
    {
        trouble = null;
        try
        {
            return TestFile.Read(path);
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            trouble = "unreadable: " + e.Message;
            return null;
        }
    }

    private static ModelResult Run(TestFile file, string name)
    {
        var folder = Path.GetDirectoryName(file.Path)!;
        var model = file.Model.Length > 0 ? Path.Combine(folder, file.Model) : Directory.EnumerateFiles(folder, "*.dmn").Order(StringComparer.Ordinal).FirstOrDefault() ?? "";
        if (!File.Exists(model))
            return new ModelResult(name, 0, [], file.Cases.Count);
        var engine = new Engine(model);
        var failures = new List<string>();
        foreach (var test in file.Cases)
        {
            if (engine.Fails(test) is { } reason)
                failures.Add($"{test.Id}: {reason}");
        }
        return new ModelResult(name, file.Cases.Count - failures.Count, failures, 0);
    }
}
