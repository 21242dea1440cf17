using System.Globalization;
using System.Text.Json;

namespace Guantong.Data;

/// <summary>Reads another catalogue by CKAN's action API, page by page.</summary>
/// <remarks>CKAN API guide, action.get.package_search: <c>{"success": true, "result": {"count": n, "results": [package…]}}</c>.</remarks>
internal sealed class CkanCatalogue(OutsideFetch fetch)
{
    private const int Page = 100;

    /// <summary>More packages than this are no catalogue that one harvests whole.</summary>
    public const int Most = 200_000;

    public async Task<IReadOnlyList<CatalogueEntry>> ReadAsync(Uri site, CancellationToken cancel)
    {
        var (entries, seen) = (new List<CatalogueEntry>(), new HashSet<string>(StringComparer.Ordinal));
        for (var start = 0; ; start += Page)
        {
            var address = new Uri(site.AbsoluteUri.TrimEnd('/') + $"/api/3/action/package_search?rows={Page}&start={start.ToString(CultureInfo.InvariantCulture)}&sort=id+asc");
            var (body, _) = await fetch.GetAsync(address, "application/json", cancel);
            using var json = Parsed(body);
            if (json.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("success", out var success) || success.ValueKind != JsonValueKind.True
                || !root.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("results", out var packages) || packages.ValueKind != JsonValueKind.Array
                || !result.TryGetProperty("count", out var counted) || !counted.TryGetInt32(out var count))
                throw new HarvestException("no-ckan");
            if (count > Most)
                throw new HarvestException("endless", $"{Most}");
            var added = 0;
            foreach (var package in packages.EnumerateArray())
            {
                if (package.ValueKind != JsonValueKind.Object || Text(package, "id") is not { Length: > 0 } id)
                    throw new HarvestException("no-ckan");
                if (!seen.Add(id))
                    continue;
                added++;
                // What another of us has harvested itself is taken from its own source.
                if (Truth(package, "private") || Text(package, "state") is not ("" or "active") || List(package, "extras").Any(e => Text(e, "key") == "guantong_origin" && Text(e, "value") == "harvest"))
                    continue;
                entries.Add(Entry(site, package, id));
            }
            if (seen.Count >= count || packages.GetArrayLength() == 0)
                return seen.Count >= count ? entries : throw new HarvestException("short", $"{seen.Count} / {count}");
            // The same page again and again: it would never end.
            if (added == 0 || seen.Count > Most)
                throw new HarvestException("endless", $"{Most}");
        }
    }

    private static CatalogueEntry Entry(Uri site, JsonElement package, string id)
    {
        var resources = List(package, "resources").Where(r => Text(r, "url").Length > 0).ToList();
        var name = Text(package, "name");
        return new CatalogueEntry
        {
            Id = id, Name = First(Text(package, "title"), name, id), About = First(Text(package, "notes"), Text(package, "title"), name, id),
            Provider = package.TryGetProperty("organization", out var unit) && unit.ValueKind == JsonValueKind.Object ? First(Text(unit, "title"), Text(unit, "name"), site.Host) : First(Text(package, "author"), Text(package, "maintainer"), site.Host),
            Keywords = [.. List(package, "tags").Select(t => First(Text(t, "display_name"), Text(t, "name"))).Where(t => t.Length > 0)],
            Formats = [.. resources.Select(r => Text(r, "format").Trim('.').ToLowerInvariant()).Where(f => f.Length > 0).Distinct()],
            Downloads = [.. resources.Select(r => Text(r, "url")).Where(EntryCheck.IsAddress).Distinct()],
            Page = EntryCheck.IsAddress(Text(package, "url")) ? Text(package, "url") : new Uri(site.AbsoluteUri.TrimEnd('/') + "/dataset/" + Uri.EscapeDataString(name.Length > 0 ? name : id)).AbsoluteUri,
            Licence = First(Text(package, "license_url"), Text(package, "license_id")), Published = Text(package, "metadata_created") is { Length: >= 10 } created ? created[..10] : "",
            Cycle = Cycle(First(Text(package, "frequency"), List(package, "extras").Where(e => Text(e, "key") is "frequency" or "update_frequency" or "accrual_periodicity").Select(e => Text(e, "value")).FirstOrDefault() ?? "")),
            Share = "unconditional", Open = "unconditional", Grade = 1,
        };
    }

    private static string Cycle(string said) => Vocabularies.CycleOf(said) ?? said.ToLowerInvariant() switch
    {
        "continual" or "continuous" or "realtime" or "real-time" or "实时" => "continuous",
        "hourly" or "每小时" => "hourly",
        "daily" or "每日" or "每天" => "daily",
        "weekly" or "每周" => "weekly",
        "monthly" or "每月" => "monthly",
        "quarterly" or "每季度" => "quarterly",
        "biannual" or "biannually" or "每半年" => "half-yearly",
        "annual" or "annually" or "yearly" or "每年" => "yearly",
        _ => "irregular",
    };

    private static JsonDocument Parsed(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            throw new HarvestException("no-ckan");
        }
    }

    private static string First(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (!string.IsNullOrWhiteSpace(text))
                return text;
        }
        return "";
    }

    private static string Text(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool Truth(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static IEnumerable<JsonElement> List(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
