using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Packs.Checking;

namespace Guantong.Packs.Reading;

/// <summary>Reads screens, declared ones and such as were edited in place, by one grammar and one set of proofs.</summary>
public static class ScreenReader
{
    // Each key on a line of its own, so that a finding's place says which.
    private static readonly JsonSerializerOptions Lines = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads and proves a screen of a pack: what <c>screen.yaml</c> holds, as YAML or as JSON.</summary>
    /// <param name="file">How findings name it.</param>
    /// <returns>The screen, or null with what stands in its way.</returns>
    public static (Screen? Screen, IReadOnlyList<Finding> Findings) Check(Pack pack, string file, string text)
    {
        var findings = new List<Finding>();
        if (YamlText.Read(file, text, findings) is not { } root)
            return (null, findings);
        ShapeCheck.Check(root, Grammar.Screen, file, findings);
        if (findings.Any(f => f.Severity == Severity.Error))
            return (null, findings);
        var screen = Read(root);
        findings.AddRange([.. ScreenProof.Names(pack, screen), .. ScreenProof.Of(pack, screen)]);
        return (findings.Any(f => f.Severity == Severity.Error) ? null : screen, findings);
    }

    /// <summary>The same screen as JSON, which <see cref="Check"/> reads.</summary>
    public static string Write(Screen screen) => new JsonObject
    {
        ["screen"] = screen.Id,
        ["name"] = screen.Name,
        ["cards"] = new JsonArray([.. screen.Cards.Select(Write)]),
    }.ToJsonString(Lines);

    /// <summary>Any JSON, laid out as <see cref="Write(Screen)"/> does it.</summary>
    public static string Write(JsonElement given) => JsonSerializer.Serialize(given, Lines);

    private static JsonObject Write(Card card)
    {
        var json = new JsonObject { ["card"] = card.Id, ["as"] = card.As };
        if (card.Indicators.Count == 1)
            json["indicator"] = card.Indicators[0].Name;
        else if (card.Indicators.Count > 1)
            json["indicators"] = new JsonArray([.. card.Indicators.Select(i => JsonValue.Create(i.Name))]);
        foreach (var (key, value) in ((string, string?)[])
        [
            ("period", card.Period), ("basis", card.IsYearToDate ? "ytd" : null), ("compare", card.ComparesLastYear ? "last-year" : null), ("by", card.By?.Name),
            ("of", card.Of), ("text", card.Text), ("process", card.Process?.Name), ("title", card.Title),
        ])
        {
            if (value is not null)
                json[key] = value;
        }
        if (card.Span is { } span)
            json["span"] = span;
        if (card.Rows is { } rows)
            json["rows"] = rows;
        return json;
    }

    internal static Screen Read(Node n)
    {
        var used = new HashSet<string>();
        return new Screen(n.Word("screen"), n.Word("name"), [.. n.List("cards").Select(c => ReadCard(c, used))], n.Mark);
    }

    private static Card ReadCard(Node n, HashSet<string> used)
    {
        // A list of figures by region is a table; the older word stays good.
        var kind = n.Word("as") == "list" && n["of"] is null && n["indicator"] is not null ? "table" : n.Word("as");
        IReadOnlyList<Ref> indicators = [.. n.Ref("indicator") is { } one ? [one] : Array.Empty<Ref>(), .. n.Refs("indicators")];
        return new Card(n["card"]?.Text ?? NameOf(kind, indicators is [var first, ..] ? first.Name : n["of"]?.Text, used), kind, indicators, n["period"]?.Text, n.Mark)
        {
            Title = n["title"]?.Text,
            IsYearToDate = n["basis"]?.Text == "ytd",
            ComparesLastYear = n["compare"] is not null,
            By = n.Ref("by"),
            Of = n["of"]?.Text,
            Text = n["text"]?.Text,
            Process = n.Ref("process"),
            Span = Whole(n, "span"),
            Rows = Whole(n, "rows"),
            Written = [.. n.Entries.Select(e => new Ref(e.Key.Value, e.Key.Mark))],
        };
    }

    private static string NameOf(string kind, string? what, HashSet<string> used)
    {
        var name = what is null ? kind : $"{kind}-{what}";
        for (var i = 2; !used.Add(name); i++)
            name = $"{(what is null ? kind : $"{kind}-{what}")}-{i.ToString(CultureInfo.InvariantCulture)}";
        return name;
    }

    private static int? Whole(Node n, string key) => int.TryParse(n[key]?.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : n[key] is null ? null : int.MaxValue;
}
