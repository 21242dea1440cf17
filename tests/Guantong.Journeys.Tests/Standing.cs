using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Everything that stands in a platform, read through its API, line by line and free of what differs between two runs (times and random ids).</summary>
internal sealed record Standing(IReadOnlyDictionary<string, IReadOnlyList<string>> Parts)
{
    private const string Pack = "environment.air-quality";

    public static async Task<Standing> ReadAsync(HttpClient http)
    {
        var parts = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var dataset in (string[])["station", "air-hourly", "air-daily"])
            parts[dataset] = (await http.GetStringAsync($"/api/v1/datasets/{Pack}/{dataset}/rows.csv")).Split("\r\n");
        foreach (var dataset in (string[])["station", "air-hourly"])
            parts[dataset + " rejects"] = await PageAsync(http, $"/api/v1/datasets/{Pack}/{dataset}/rejects?", r => $"{r.GetProperty("file")} {r.GetProperty("line")} {r.GetProperty("rule")} {r.GetProperty("field")} {r.GetProperty("value")}");
        foreach (var (indicator, period) in (from i in (string[])["good-day-rate", "pm25-mean", "heavy-days"] from p in (string[])["day", "month", "year"] select (i, p)))
            parts[$"{indicator} {period}"] = [.. (await http.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/{indicator}/values?period={period}")).EnumerateArray().Select(Figure)];
        parts["warnings"] = await PageAsync(http, "/api/v1/warnings?", w => $"{w.GetProperty("indicator")} {w.GetProperty("region")} {w.GetProperty("firstDay")} {w.GetProperty("lastDay")} {w.GetProperty("level")} {w.GetProperty("value")} {w.GetProperty("days")} case: {w.GetProperty("caseId").ValueKind != JsonValueKind.Null}");
        parts["cases"] = await PageAsync(http, "/api/v1/cases?", c => $"{c.GetProperty("number")} {c.GetProperty("title")} {c.GetProperty("state")}");
        parts["cases' warnings"] = await PageAsync(http, "/api/v1/cases?", c => c.GetProperty("warning").ToString());
        parts["ledger"] = await PageAsync(http, "/api/v1/ledger?", e => $"{e.GetProperty("action")} {Named(e.GetProperty("about").GetString()!)}");
        var status = await http.GetFromJsonAsync<JsonElement>("/api/v1/status");
        parts["loads not followed up"] = [status.GetProperty("loadsUnseen").ToString()];
        parts["first bad entry of the ledger"] = [(await http.GetFromJsonAsync<JsonElement>("/api/v1/ledger/verdict")).GetProperty("firstBad").ToString()];
        return new Standing(parts);
    }

    // Sums of doubles come out in another order from run to run.
    private static string Figure(JsonElement f) =>
        $"{f.GetProperty("at")} {f.GetProperty("region")} {f.GetProperty("value").GetDouble().ToString("G12", CultureInfo.InvariantCulture)}";

    private static string Named(string about) => about.StartsWith("warning:", StringComparison.Ordinal) ? "warning" : about.StartsWith("ticket:", StringComparison.Ordinal) ? "ticket" : about;

    private static async Task<IReadOnlyList<string>> PageAsync(HttpClient http, string path, Func<JsonElement, string> line)
    {
        var lines = new List<string>();
        for (var more = true; more;)
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"{path}skip={lines.Count}&take=500");
            lines.AddRange(page.GetProperty("items").EnumerateArray().Select(line));
            more = lines.Count < page.GetProperty("total").GetInt64() && page.GetProperty("items").GetArrayLength() > 0;
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>Whether a part holds the same lines.</summary>
    public bool Has(string part, Standing other) => Parts[part].SequenceEqual(other.Parts[part]);

    /// <summary>Fails unless these parts (all of them when none is named) hold the same lines as another's.</summary>
    public void MustBe(Standing other, string when, params IReadOnlyList<string> parts)
    {
        foreach (var part in parts.Count > 0 ? parts : [.. Parts.Keys.Where(p => p != "cases' warnings")])
        {
            var (lost, doubled) = (Less(other.Parts[part], Parts[part]), Less(Parts[part], other.Parts[part]));
            Assert.True(lost.Count + doubled.Count == 0, $"{when}: {part}: {lost.Count} lines are missing, {doubled.Count} are too many.\n  missing: {string.Join("\n  missing: ", lost.Take(5))}\n  too many: {string.Join("\n  too many: ", doubled.Take(5))}");
        }
        // A case that two warnings opened, or two cases of one warning, would not show in the lists above.
        var warnings = Parts["cases' warnings"].Where(w => w.Length > 0).ToList();
        Assert.True(warnings.Count == warnings.Distinct().Count(), $"{when}: a warning has more than one case.");
    }

    // A multiset difference: a line that stands twice counts twice.
    private static List<string> Less(IReadOnlyList<string> these, IReadOnlyList<string> those)
    {
        var left = those.GroupBy(l => l).ToDictionary(g => g.Key, g => g.Count());
        return [.. these.Where(l => !left.TryGetValue(l, out var n) || (left[l] = n - 1) < 0)];
    }
}
