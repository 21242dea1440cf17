using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What is open of one dataset, described for programs.</summary>
/// <remarks>OpenAPI 3.1.1; its schemas are JSON Schema 2020-12.</remarks>
public static class OpenDescription
{
    /// <summary>So many rows stand as an example.</summary>
    public const int Examples = 2;

    internal static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>The document.</summary>
    /// <param name="example">Real rows; null where the reader may not have them.</param>
    /// <param name="isSynthetic">Whether they were made up for trial, which the document then says.</param>
    /// <param name="site">The address of this site, without a stroke at its end.</param>
    public static JsonObject Of(OpenDataset open, RowPage? example, bool isSynthetic, string site, string lang, Jurisdiction land)
    {
        string Say(string key, params object?[] args) => CatalogueTexts.Say(lang, "openapi." + key, args);
        var (pack, dataset, columns) = (open.Pack, open.Dataset, open.Columns(lang));
        var unit = land.Units.Named(dataset.Source.Name)?.Say(lang) ?? dataset.Source.Name;
        var info = new JsonObject
        {
            ["title"] = pack.Say(lang, dataset.Name), ["version"] = open.Edition?.Edition.ToString(CultureInfo.InvariantCulture) ?? pack.Version,
            ["description"] = string.Join("\n\n", ((string?[])[pack.Say(lang, dataset.About), open.IsBySteps ? Say(dataset.Opening!.Counts is null ? "anonymous" : "counts") : null, dataset.Open == "conditional" ? Say("conditional", Condition(open, lang)) : null, isSynthetic ? Say("synthetic") : null]).OfType<string>()),
            ["contact"] = new JsonObject { ["name"] = unit, ["url"] = site + open.Page },
        };
        if (LicenceOf(dataset.Licence) is { } licence)
            info["license"] = licence;
        if (isSynthetic)
            info["x-synthetic"] = true;
        JsonObject Refusals() => dataset.Open == "conditional"
            ? new JsonObject { ["403"] = Problem(Say("403")), ["404"] = Problem(Say("404")) } : new JsonObject { ["404"] = Problem(Say("404")) };
        JsonObject Path(string id, string summary, string media, JsonObject schema, JsonNode? sample, JsonArray? parameters = null)
        {
            var content = new JsonObject { ["schema"] = schema };
            if (sample is not null)
                content["examples"] = new JsonObject { ["rows"] = new JsonObject { ["summary"] = Say(isSynthetic ? "example-synthetic" : "example"), ["value"] = sample } };
            var responses = new JsonObject { ["200"] = new JsonObject { ["description"] = summary, ["content"] = new JsonObject { [media] = content } } };
            if (parameters is not null)
                responses["400"] = Problem(Say("400"));
            foreach (var (status, refusal) in Refusals().ToList())
                responses[status] = refusal!.DeepClone();
            var get = new JsonObject { ["operationId"] = id, ["summary"] = summary, ["tags"] = new JsonArray(pack.Say(lang, dataset.Name)) };
            if (parameters is not null)
                get["parameters"] = parameters;
            get["responses"] = responses;
            return new JsonObject { ["get"] = get };
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.1", ["info"] = info, ["servers"] = new JsonArray(new JsonObject { ["url"] = site }),
            ["externalDocs"] = new JsonObject { ["url"] = site + open.Page, ["description"] = Say("page") },
            ["paths"] = new JsonObject
            {
                [open.RowsPath] = Path("rows", Say("rows"), "application/json", Ref("Page"), example is null ? null : PageOf(example), Parameters(open, columns, Say)),
                [open.RowsPath + ".csv"] = Path("rowsCsv", Say("csv"), "text/csv", new JsonObject { ["type"] = "string" }, example is null ? null : JsonValue.Create(CsvOf(example))),
                [open.RowsPath + ".json"] = Path("rowsJson", Say("json"), "application/json", new JsonObject { ["type"] = "array", ["items"] = Ref("Row") }, example is null ? null : new JsonArray([.. example.Rows.Select(r => (JsonNode)ObjectOf(example.Columns, r))])),
            },
            ["components"] = new JsonObject { ["schemas"] = new JsonObject { ["Row"] = Row(columns), ["Page"] = Page(columns, Say), ["Problem"] = Problems() } },
        };
    }

    /// <summary>On what condition it is open, in a reader's language; a dash where none is said.</summary>
    public static string Condition(OpenDataset open, string lang) => open.Dataset.Listing.OpenCondition is { } condition ? open.Pack.Say(lang, condition) : "–";

    private static JsonObject? LicenceOf(string? licence) => string.IsNullOrEmpty(licence) ? null
        : EntryCheck.IsAddress(licence) ? new JsonObject { ["name"] = licence, ["url"] = licence } : new JsonObject { ["name"] = CkanLicences.Find(licence).Title, ["identifier"] = licence };

    private static JsonArray Parameters(OpenDataset open, IReadOnlyList<OpenColumn> columns, Func<string, object?[], string> say)
    {
        JsonObject Query(string name, string about, JsonObject schema) => new() { ["name"] = name, ["in"] = "query", ["description"] = about, ["schema"] = schema };
        var parameters = new JsonArray(
            Query("skip", say("skip", []), new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["default"] = 0 }),
            Query("take", say("take", []), new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = TrustRoom.LargestPage, ["default"] = 50 }));
        if (open.IsBySteps)
            return parameters;
        parameters.Add(Query("sort", say("sort", []), new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. columns.Select(c => (JsonNode)c.Name)]) }));
        parameters.Add(Query("descending", say("descending", []), new JsonObject { ["type"] = "boolean", ["default"] = false }));
        foreach (var column in columns.Where(c => c.Name is not ("skip" or "take" or "sort" or "descending")))
            parameters.Add(Query(column.Name, say("equal", [column.Title]), Typed(column, isNullable: false)));
        return parameters;
    }

    private static JsonObject Typed(OpenColumn column, bool isNullable)
    {
        var (type, format) = column.Type switch { "integer" => ("integer", null), "number" or "decimal" => ("number", null), "boolean" => ("boolean", null), "date" => ("string", "date"), "timestamp" => ("string", null), _ => ("string", (string?)null) };
        var schema = new JsonObject { ["type"] = isNullable ? new JsonArray(type, "null") : type, ["title"] = column.Title };
        if (format is not null)
            schema["format"] = format;
        if (column.Unit.Length > 0)
            schema["x-unit"] = column.Unit;
        if (column.Values.Count > 0 && type == "string")
            schema["enum"] = new JsonArray([.. column.Values.Select(v => (JsonNode?)v), .. isNullable ? [null] : (JsonNode?[])[]]);
        return schema;
    }

    private static JsonObject Row(IReadOnlyList<OpenColumn> columns) => new()
    {
        ["type"] = "object", ["additionalProperties"] = false, ["required"] = new JsonArray([.. columns.Select(c => (JsonNode)c.Name)]),
        ["properties"] = new JsonObject(columns.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)Typed(c, !c.IsAlways)))),
    };

    private static JsonObject Page(IReadOnlyList<OpenColumn> columns, Func<string, object?[], string> say) => new()
    {
        ["type"] = "object", ["required"] = new JsonArray("columns", "rows", "total", "skip", "take"),
        ["properties"] = new JsonObject
        {
            ["columns"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" }, ["description"] = say("columns", []) },
            ["rows"] = new JsonObject
            {
                ["type"] = "array", ["description"] = say("row", []),
                ["items"] = new JsonObject { ["type"] = "array", ["prefixItems"] = new JsonArray([.. columns.Select(c => (JsonNode)Typed(c, !c.IsAlways))]), ["minItems"] = columns.Count, ["maxItems"] = columns.Count },
            },
            ["total"] = new JsonObject { ["type"] = "integer", ["description"] = say("total", []) }, ["skip"] = new JsonObject { ["type"] = "integer" }, ["take"] = new JsonObject { ["type"] = "integer" },
        },
    };

    private static JsonObject Problems() => new()
    {
        ["type"] = "object", ["description"] = "RFC 9457",
        ["properties"] = new JsonObject { ["type"] = Text(), ["title"] = Text(), ["status"] = new JsonObject { ["type"] = "integer" }, ["detail"] = Text(), ["code"] = Text() },
    };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Problem(string about) => new() { ["description"] = about, ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = Ref("Problem") } } };

    private static JsonObject Ref(string schema) => new() { ["$ref"] = "#/components/schemas/" + schema };

    private static JsonObject PageOf(RowPage page) => new()
    {
        ["columns"] = new JsonArray([.. page.Columns.Select(c => (JsonNode)c)]), ["rows"] = new JsonArray([.. page.Rows.Select(r => (JsonNode)new JsonArray([.. r.Select(Value)]))]),
        ["total"] = page.Total, ["skip"] = page.Skip, ["take"] = page.Take,
    };

    private static JsonObject ObjectOf(IReadOnlyList<string> columns, IReadOnlyList<object?> row) => new(columns.Select((c, i) => KeyValuePair.Create(c, Value(row[i]))));

    private static JsonNode? Value(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value);

    private static string CsvOf(RowPage page) => string.Join("\r\n", page.Rows.Select(r => Csv.Line(r)).Prepend(string.Join(',', page.Columns))) + "\r\n";
}
