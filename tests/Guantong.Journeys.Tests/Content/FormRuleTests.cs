using System.Globalization;
using System.Text.Json.Nodes;
using Guantong.Work;

namespace Guantong.Tests;

/// <summary>Conditions, calculations and rows of forms, without a platform.</summary>
public sealed class FormRuleTests
{
    private const string Schema = """
        {"type": "object", "title": "t", "required": ["kind", "why"], "properties": {
          "kind": {"type": "string", "enum": ["a", "b"]},
          "why": {"type": "string", "minLength": 2, "x-when": "kind = \"b\""},
          "count": {"type": "integer", "minimum": 0},
          "rows": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "object", "required": ["n"], "properties": {
            "n": {"type": "number"}, "place": {"type": "string"}, "note": {"type": "string", "x-when": "n > 1"}, "twice": {"type": "number", "x-calculate": "n * 2"}}}},
          "total": {"type": "number", "x-calculate": "sum(for r in rows return r.twice)"},
          "each": {"type": "number", "x-calculate": "if count > 0 then total / count else null"},
          "several": {"type": "array", "items": {"type": "string", "enum": ["x", "y"]}}}}
        """;

    private static JsonObject Of(string json) => JsonNode.Parse(json)!.AsObject();

    private static async Task<string> FaultsAsync(string json) => string.Join(' ', (await FormCheck.CheckAsync(Schema, Of(json))).Faults.Select(f => $"{f.Field}:{f.Code}").Order(StringComparer.Ordinal));

    [Fact]
    public void What_is_hidden_is_gone_and_what_is_calculated_is_worked_out_whatever_was_sent()
    {
        var (settled, hidden) = FormRules.Settle(Schema, Of("""{"kind": "a", "why": "因为", "count": 2, "total": 9999, "each": "x", "rows": [{"n": 1, "note": "不留", "twice": 7}, {"n": 2.5, "note": "留"}, {"n": null, "note": " "}], "more": 1}"""));
        Assert.Equal("""{"kind":"a","count":2,"rows":[{"n":1,"twice":2},{"n":2.5,"note":"留","twice":5}],"total":7,"each":3.5}""", settled.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(["rows[0].note", "why"], hidden.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_hidden_is_not_required_and_what_is_wrong_in_a_row_is_told_at_its_place()
    {
        Assert.Equal("", await FaultsAsync("""{"kind": "a", "rows": [{"n": 1}]}"""));
        Assert.Equal("why:required", await FaultsAsync("""{"kind": "b", "rows": [{"n": 1}]}"""));
        Assert.Equal("kind:required", await FaultsAsync("""{"why": "因为", "rows": [{"n": 1}]}"""));
        Assert.Equal("rows[1].n:required", await FaultsAsync("""{"kind": "a", "rows": [{"n": 1}, {"place": "没有数"}]}"""));
        Assert.Equal("rows[0].n:type", await FaultsAsync("""{"kind": "a", "rows": [{"n": "x"}]}"""));
        Assert.Equal("rows:too-many", await FaultsAsync("""{"kind": "a", "rows": [{"n": 1}, {"n": 1}, {"n": 1}, {"n": 1}]}"""));
        Assert.Equal("several[0]:one-of", await FaultsAsync("""{"kind": "a", "several": ["z"]}"""));
    }

    [Fact]
    public void Settling_what_is_settled_changes_nothing_and_no_hidden_field_is_ever_kept()
    {
        var random = new Random(20261129);
        JsonNode? Any() => random.Next(9) switch
        {
            0 => null, 1 => JsonValue.Create(random.Next(-3, 4)), 2 => JsonValue.Create(random.NextDouble().ToString("R", CultureInfo.InvariantCulture)), 3 => JsonValue.Create(""), 4 => JsonValue.Create("b"),
            5 => JsonValue.Create(true), 6 => new JsonArray(JsonValue.Create("x"), null), 7 => new JsonObject { ["n"] = random.Next(3) }, _ => JsonValue.Create("a"),
        };
        JsonObject Filled(params string[] names) => new(names.Where(_ => random.Next(4) > 0).Select(n => new KeyValuePair<string, JsonNode?>(n, Any())));
        for (var i = 0; i < 3000; i++)
        {
            var given = Filled("kind", "why", "count", "total", "each", "several", "rows", "unknown");
            if (random.Next(3) > 0)
                given["rows"] = new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => (JsonNode?)Filled("n", "note", "twice"))]);
            var before = given.ToJsonString();
            var (settled, hidden) = FormRules.Settle(Schema, given);
            Assert.Equal(before, given.ToJsonString());
            Assert.Equal(settled.ToJsonString(), FormRules.Settle(Schema, settled).Settled.ToJsonString());
            Assert.DoesNotContain("unknown", settled.Select(s => s.Key));
            foreach (var path in hidden.Where(p => !p.Contains('[', StringComparison.Ordinal)))
                Assert.False(settled.ContainsKey(path), before);
            if (settled["kind"] is not JsonValue kind || !kind.TryGetValue<string>(out var said) || said != "b")
                Assert.False(settled.ContainsKey("why"), before);
        }
    }

    [Fact]
    public void What_is_typed_is_read_spread_and_shortened_by_its_places()
    {
        var fields = FormField.Of(Schema, "zh-CN");
        var typed = new Dictionary<string, string> { ["kind"] = "a", ["rows[0].n"] = "1", ["rows[1].note"] = " ", ["rows[2].n"] = "x", ["several"] = $"x{FormField.Between}y", ["rows[99999].n"] = "1", ["count"] = "" };
        var given = FormInput.Read(fields, FormInput.Compact(fields, typed));
        Assert.Equal("""{"kind":"a","rows":[{"n":1},{"n":"x"}],"several":["x","y"]}""", given.ToJsonString());
        Assert.Equal(given.ToJsonString(), FormInput.Read(fields, FormInput.Spread(given)).ToJsonString());
        Assert.Equal("2", FormInput.Without(new Dictionary<string, string> { ["rows[0].n"] = "1", ["rows[1].n"] = "2" }, "rows", 0)["rows[0].n"]);
        Assert.Equal(1, FormInput.Rows(fields.Single(f => f.Name == "rows"), new Dictionary<string, string>()));
    }
}
