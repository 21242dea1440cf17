namespace Guantong.Packs.Reading;

/// <summary>Reads forms/*.json: JSON Schema of an object whose properties are the form's fields.</summary>
public static class FormReader
{
    /// <summary>The kinds of file that the platform can tell from their content.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = ["pdf", "jpg", "png", "docx", "xlsx", "ofd"];

    /// <summary>The largest file that a form may ask for, in megabytes of 1,048,576 bytes.</summary>
    public const int LargestMegabytes = 50;

    /// <summary>How a form may be asked page by page (x-pages): a question a page, or a section of its layout.</summary>
    public static IReadOnlyList<string> Pages { get; } = ["question", "section"];

    /// <summary>The levels of regions that a form may offer.</summary>
    public static IReadOnlyList<string> RegionLevels { get; } = ["province", "city", "county", "street"];

    /// <summary>Where fields of a form are prefilled from (x-from), in the form's order.</summary>
    public static IReadOnlyList<FieldSource> Sources(string text)
    {
        using var json = System.Text.Json.JsonDocument.Parse(text);
        return !json.RootElement.TryGetProperty("properties", out var properties) ? []
            : [.. properties.EnumerateObject().Where(p => p.Value.ValueKind == System.Text.Json.JsonValueKind.Object && p.Value.TryGetProperty("x-from", out _)).Select(p => Source(p.Name, p.Value.GetProperty("x-from")))];
    }

    private static FieldSource Source(string name, System.Text.Json.JsonElement from) =>
        new(name, from.GetProperty("dataset").GetString()!, from.GetProperty("field").GetString()!, from.GetProperty("by").EnumerateObject().First().Name, from.GetProperty("by").EnumerateObject().First().Value.GetString()!,
            from.TryGetProperty("only", out var only) && only.ValueKind == System.Text.Json.JsonValueKind.True);

    /// <summary>How a form is asked page by page, one of <see cref="Pages"/>; null where it is one page.</summary>
    public static string? PagesOf(string text)
    {
        using var json = System.Text.Json.JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty("x-pages", out var pages) ? pages.GetString() : null;
    }

    /// <summary>Under which condition each field of a form is asked for, or how it is worked out, in the form's order; fields that are always asked for are left out.</summary>
    public static IReadOnlyList<(string Field, string Rule)> RulesOf(string text)
    {
        using var json = System.Text.Json.JsonDocument.Parse(text);
        return !json.RootElement.TryGetProperty("properties", out var properties) ? []
            : [.. from field in properties.EnumerateObject() where field.Value.ValueKind == System.Text.Json.JsonValueKind.Object from key in (string[])["x-when", "x-calculate"] where field.Value.TryGetProperty(key, out var rule) && rule.ValueKind == System.Text.Json.JsonValueKind.String select (field.Name, field.Value.GetProperty(key).GetString()!)];
    }

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

    /// <summary>The names of a form's fields that take a text of any words.</summary>
    public static IReadOnlyList<string> Texts(string text)
    {
        using var json = System.Text.Json.JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Where(p => p.Value.ValueKind == System.Text.Json.JsonValueKind.Object && p.Value.TryGetProperty("type", out var type) && type.ValueKind == System.Text.Json.JsonValueKind.String && type.GetString() == "string" && !p.Value.TryGetProperty("enum", out _) && !p.Value.TryGetProperty("format", out _)).Select(p => p.Name)] : [];
    }

    /// <summary>The names that an expression reads and a form does not have. Where a name of a function stands, it is called.</summary>
    internal static IEnumerable<string> Unknown(Feel.FeelExpression expression, IEnumerable<string> fields) =>
        expression.Check(fields.ToDictionary(f => f, _ => Feel.FeelType.Any)).Findings.Where(f => f.Code.StartsWith("feel-unknown-name", StringComparison.Ordinal)).Select(f => f.Args[0]).Distinct();

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
            findings.AddRange(properties.Pairs.SelectMany(p => Regions(p.Value)));
            findings.AddRange(properties.Pairs.Select(p => p.Value["items"]?["properties"]).OfType<MapNode>().SelectMany(c => c.Pairs).SelectMany(p => Regions(p.Value)));
            findings.AddRange(properties.Pairs.Where(p => p.Value["x-from"] is not null && !IsSource(p.Value)).Select(p => Finding.Error("form-from", p.Value["x-from"]!.Mark, FieldSource.Applicant, FieldSource.Organisation)));
            findings.AddRange(Rules(properties));
            findings.AddRange(Layout(root["x-layout"], [.. properties.Pairs.Select(p => p.Key.Value)]));
            // Sections are what a layout has.
            if (root["x-pages"] is { } pages && (pages.Text is not { } way || !Pages.Contains(way) || (way == "section" && root["x-layout"] is null)))
                findings.Add(Finding.Error("form-pages", pages.Mark));
        }
    }

    // A condition or calculation reads what stands before it: so one pass through the form settles it, and none waits for itself. Rows are forms of their own.
    private static IEnumerable<Finding> Rules(MapNode properties)
    {
        var before = new List<string>();
        foreach (var (name, field) in properties.Pairs.Select(p => (p.Key.Value, p.Value)))
        {
            foreach (var rule in (Node?[])[field["x-when"], field["x-calculate"]])
            {
                if (rule is not null)
                {
                    foreach (var finding in Rule(rule, before))
                        yield return finding;
                }
            }
            if (field["items"]?["properties"] is MapNode columns)
            {
                foreach (var finding in Rules(columns))
                    yield return finding;
            }
            before.Add(name);
        }
    }

    private static IEnumerable<Finding> Rule(Node rule, IReadOnlyCollection<string> before) =>
        rule.Text is not { Length: > 0 } text || Feel.FeelExpression.Parse(text, before) is not { Expression: { } expression } ? [Finding.Error("form-rule", rule.Mark, rule.Text ?? "…")]
        : Unknown(expression, before).Select(name => Finding.Error("form-rule-field", rule.Mark, name, string.Join(", ", before)));

    private static IEnumerable<Finding> Layout(Node? layout, IReadOnlyList<string> fields)
    {
        if (layout is null)
            return [];
        if (layout is not ListNode sections || sections.Values.Any(s => s["title"]?.Text is null || s["fields"] is not ListNode || (s["columns"] is { } c && c.Text is not ("1" or "2" or "3"))))
            return [Finding.Error("form-layout", layout.Mark)];
        return sections.Values.SelectMany(s => s.List("fields")).Where(f => f.Text is not { } name || !fields.Contains(name)).Select(f => Finding.Error("unknown-field", f.Mark, f.Text ?? "…", Nearest.To(f.Text ?? "", fields)));
    }

    // A field for a region is a text; what it offers are regions below a code, of some levels.
    private static IEnumerable<Finding> Regions(Node field)
    {
        if (field["x-region"] is not { } region)
            yield break;
        var below = region["below"];
        if (field["type"]?.Text != "string" || region is not MapNode map || map.Pairs.Any(p => p.Key.Value is not ("below" or "levels")))
            yield return Finding.Error("form-region", region.Mark, string.Join(", ", RegionLevels));
        else if (below is not null && !(below.Text is { Length: 6 or 9 } code && code.All(char.IsAsciiDigit)))
            yield return Finding.Error("form-region", below.Mark, string.Join(", ", RegionLevels));
        else if (region["levels"] is { } levels && (levels is not ListNode { Values.Count: > 0 } list || list.Values.Any(l => l.Text is null || !RegionLevels.Contains(l.Text))))
            yield return Finding.Error("form-region", levels.Mark, string.Join(", ", RegionLevels));
    }

    // {"dataset": "resident", "field": "age", "by": {"id_number": "applicant.id"}}, or applicant.code, on a field that somebody would type.
    private static bool IsSource(Node field) => field["x-from"] is MapNode from && from.Pairs.All(p => p.Key.Value is "dataset" or "field" or "by" or "only") && from["only"]?.Text is null or "true" or "false"
        && from["dataset"]?.Text is not null && from["field"]?.Text is not null && from["by"] is MapNode { Pairs: [{ Value: ScalarNode { Value: FieldSource.Applicant or FieldSource.Organisation } }] }
        && field["type"]?.Text is "string" or "integer" or "number" or "boolean" && field["x-calculate"] is null;

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
