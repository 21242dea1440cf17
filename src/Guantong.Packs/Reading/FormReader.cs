namespace Guantong.Packs.Reading;

/// <summary>Reads forms/*.json: JSON Schema of an object whose properties are the form's fields.</summary>
public static class FormReader
{
    /// <summary>The kinds of file that the platform can tell from their content.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = ["pdf", "jpg", "png", "docx", "xlsx", "ofd"];

    /// <summary>The largest file that a form may ask for, in megabytes of 1,048,576 bytes.</summary>
    public const int LargestMegabytes = 50;

    /// <summary>True when the text is a form; else there are findings.</summary>
    internal static bool IsForm(string file, string text, List<Finding> findings)
    {
        var before = findings.Count;
        if (JsonText.Read(file, text, findings) is { } root)
        {
            Check(root, findings);
            findings.AddRange(References(root).Select(r => Finding.Error("form-reference", r.Mark, r.Text ?? "…")));
        }
        return findings.Count == before;
    }

    /// <summary>The names of a form's fields.</summary>
    public static IReadOnlyList<string> Fields(string text)
    {
        using var json = System.Text.Json.JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty("properties", out var properties) ? [.. properties.EnumerateObject().Select(p => p.Name)] : [];
    }

    private static void Check(Node root, List<Finding> findings)
    {
        if (root["type"]?.Text != "object")
            findings.Add(Finding.Error("form-shape", root["type"]?.Mark ?? root.Mark));
        else if (root["properties"] is not MapNode properties)
            findings.Add(Finding.Error("form-shape", root["properties"]?.Mark ?? root.Mark));
        else
        {
            findings.AddRange(properties.Pairs.Where(p => p.Value is not MapNode).Select(p => Finding.Error("form-field-shape", p.Value.Mark, p.Key.Value)));
            findings.AddRange(Required(root, properties));
            findings.AddRange(properties.Pairs.SelectMany(p => Files(p.Value)));
        }
    }

    // A field for files is a list; what it takes is among what the platform can tell from content.
    private static IEnumerable<Finding> Files(Node field)
    {
        if (field is not MapNode map || map["x-file"] is not { } file)
            yield break;
        if (map["type"]?.Text != "array" || file is not MapNode)
            yield return Finding.Error("form-file", file.Mark, string.Join(", ", FileKinds), $"{LargestMegabytes}");
        else if (file["types"] is { } types && (types is not ListNode { Values.Count: > 0 } list || list.Values.Any(t => t.Text is null || !FileKinds.Contains(t.Text))))
            yield return Finding.Error("form-file", types.Mark, string.Join(", ", FileKinds), $"{LargestMegabytes}");
        else if (file["megabytes"] is { } size && (!int.TryParse(size.Text, out var megabytes) || megabytes is < 1 or > LargestMegabytes))
            yield return Finding.Error("form-file", size.Mark, string.Join(", ", FileKinds), $"{LargestMegabytes}");
    }

    // A reference to another file or address would make the platform fetch it.
    private static IEnumerable<Node> References(Node node) => node switch
    {
        MapNode map => map.Pairs.SelectMany(p => p.Key.Value is "$ref" or "$dynamicRef" && p.Value.Text?.StartsWith('#') != true ? [p.Value] : References(p.Value)),
        ListNode list => list.Values.SelectMany(References),
        _ => [],
    };

    // A required field that the form does not have could never be filled in.
    private static IEnumerable<Finding> Required(Node root, MapNode properties)
    {
        if (root["required"] is null)
            return [];
        if (root["required"] is not ListNode required)
            return [Finding.Error("wrong-type", root["required"]!.Mark, "required", "@type.list")];
        var fields = properties.Pairs.Select(p => p.Key.Value).ToList();
        return required.Values.Where(r => r.Text is not { } name || !fields.Contains(name))
            .Select(r => Finding.Error("unknown-field", r.Mark, r.Text ?? "…", Nearest.To(r.Text ?? "", fields)));
    }
}
