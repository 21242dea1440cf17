using System.Text.Json.Nodes;

namespace Guantong.Data;

/// <summary>package_search over the open entries: Solr's q and fq, facets and order as CKAN gives them.</summary>
internal static class CkanSearch
{
    private const string Newest = "score desc, metadata_modified desc";

    // The most rows of one answer (ckan.search.rows_max).
    private const int MostRows = 1000;

    private static readonly HashSet<string> Known =
    [
        "q", "fl", "fq", "fq_list", "rows", "sort", "start", "wt", "qf", "bf", "boost", "tie", "defType", "mm", "df", "extras", "facet", "facet.mincount", "facet.limit", "facet.field",
        "include_private", "include_drafts", "include_deleted", "use_default_schema", "bq", "qt", "user",
    ];

    public static JsonObject Answer(CkanPackages packages, CkanCall call, string site, string lang)
    {
        if (call.Names.Where(n => !Known.Contains(n) && !n.StartsWith("ext_", StringComparison.Ordinal)).ToList() is { Count: > 0 } strange)
            throw CkanException.BadSearch($"Invalid search parameters: {string.Join(", ", strange)}");
        var q = SolrQuery.Read(call.Text("q"));
        List<SolrQuery.Fit> filters = [.. (call.Node("fq") is JsonArray several ? [.. several.OfType<JsonValue>().Select(CkanCall.Said)] : new[] { call.Text("fq") }).Concat(call.Node("fq_list") is null ? [] : call.Listed("fq_list")).Select(SolrQuery.Read)];
        var found = packages.All.Select(p => (Package: p, Score: filters.TrueForAll(f => f(n => ValuesOf(p, n)) > 0) ? q(n => ValuesOf(p, n)) : 0)).Where(p => p.Score > 0).ToList();
        var sort = call.Text("sort") is { Length: > 0 } given && given != "rank" ? given : Newest;
        var (start, rows) = (call.Natural("start") ?? 0, Math.Min(call.Natural("rows") ?? 10, MostRows));
        var page = Sorted(found, sort).Skip(start).Take(rows).Select(p => p.Package);
        var facets = Facets(call, found.ConvertAll(p => p.Package));
        var fl = call.Words("fl");
        return new JsonObject
        {
            ["count"] = found.Count, ["facets"] = new JsonObject(facets.Select(f => KeyValuePair.Create(f.Field, (JsonNode?)new JsonObject(f.Values.Select(v => KeyValuePair.Create(v.Value, (JsonNode?)v.Count)))))),
            ["results"] = new JsonArray([.. page.Select(p => fl.Count == 0 ? p.Json(site, lang) : Part(p, fl, site, lang))]), ["sort"] = sort,
            ["search_facets"] = new JsonObject(facets.Select(f => KeyValuePair.Create(f.Field, (JsonNode?)new JsonObject { ["title"] = f.Field, ["items"] = Items(packages, f.Field, f.Values, lang) }))),
        };
    }

    // Some fields of a package alone.
    private static JsonObject Part(CkanPackage package, IReadOnlyList<string> fields, string site, string lang)
    {
        var whole = package.Json(site, lang);
        return new JsonObject(fields.Where(whole.ContainsKey).Distinct().Select(f => KeyValuePair.Create(f, whole[f]?.DeepClone())));
    }

    /// <summary>The values of a field of CKAN's search schema; of none, all the words of the package.</summary>
    internal static IReadOnlyList<string> ValuesOf(CkanPackage package, string? field) => field switch
    {
        null or "text" => [package.Text, package.Name],
        "id" => [package.Id],
        "name" or "name_ngram" => [package.Name],
        "title" or "title_string" or "title_ngram" => [package.Kept.Entry.Name, package.Kept.Entry.NameEn],
        "notes" => [package.Kept.Entry.About, package.Kept.Entry.AboutEn],
        "organization" => [package.Organization.Name],
        "owner_org" => [package.Organization.Id],
        "groups" => package.Category is { } category ? [category.Name] : [],
        "tags" => package.Tags,
        "license_id" => [package.LicenceId],
        "license" => [CkanLicences.Find(package.LicenceId).Title],
        "res_format" => [.. package.Resources.Select(r => r.Format)],
        "res_name" or "res_description" => [package.Kept.Entry.Name],
        "state" => ["active"],
        "capacity" => ["public"],
        "private" => ["false"],
        "dataset_type" or "type" => ["dataset"],
        "entity_type" => ["package"],
        "author" => [package.Kept.Entry.Provider],
        "maintainer" => [package.Kept.Entry.Custodian.Length > 0 ? package.Kept.Entry.Custodian : package.Kept.Entry.Provider],
        "version" => [$"{package.Kept.Version}"],
        "metadata_created" => [package.Created],
        "metadata_modified" => [package.Modified],
        "+capacity" or "+state" => [],
        _ => [.. package.Extras.Where(x => x.Key == (field.StartsWith("extras_", StringComparison.Ordinal) ? field[7..] : field)).Select(x => x.Value)],
    };

    private static IEnumerable<(CkanPackage Package, double Score)> Sorted(List<(CkanPackage Package, double Score)> found, string sort)
    {
        IOrderedEnumerable<(CkanPackage Package, double Score)>? sorted = null;
        foreach (var part in sort.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is not [_] and not [_, "asc" or "desc"])
                throw CkanException.BadSearch("Invalid \"sort\" parameter");
            var isDown = words is [_, "desc"];
            if (words[0] is "score" or "rank")
                sorted = By(sorted, found, p => p.Score, isDown, Comparer<double>.Default);
            else if (words[0] is "id" or "name" or "title" or "title_string" or "metadata_created" or "metadata_modified" or "organization" or "license_id" or "author" or "version" or "notes")
                sorted = By(sorted, found, p => ValuesOf(p.Package, words[0])[0], isDown, StringComparer.Ordinal);
            else if (words[0] is not ("views_recent" or "views_total"))
                throw CkanException.BadSearch($"Invalid \"sort\" parameter: can not sort on {words[0]}");
        }
        return sorted is null ? found : sorted.ThenBy(p => p.Package.Name, StringComparer.Ordinal);
    }

    private static IOrderedEnumerable<T> By<T, TKey>(IOrderedEnumerable<T>? sorted, IEnumerable<T> found, Func<T, TKey> key, bool isDown, IComparer<TKey> order) => sorted is null
        ? isDown ? found.OrderByDescending(key, order) : found.OrderBy(key, order)
        : isDown ? sorted.ThenByDescending(key, order) : sorted.ThenBy(key, order);

    private static List<(string Field, List<(string Value, int Count)> Values)> Facets(CkanCall call, List<CkanPackage> found)
    {
        var fields = call.Truth("facet", true) ? call.Listed("facet.field") : [];
        var (least, most) = (call.Natural("facet.mincount") ?? 1, call.Whole("facet.limit") ?? 50);
        return [.. fields.Distinct().Select(f => (f, found.SelectMany(p => ValuesOf(p, f).Distinct()).GroupBy(v => v, StringComparer.Ordinal).Select(g => (g.Key, g.Count())).Where(v => v.Item2 >= least)
            .OrderByDescending(v => v.Item2).ThenBy(v => v.Key, StringComparer.Ordinal).Take(most < 0 ? int.MaxValue : most).ToList()))];
    }

    private static JsonArray Items(CkanPackages packages, string field, List<(string Value, int Count)> values, string lang) => new([.. values.Select(v => (Shown: Shown(packages, field, v.Value, lang), v.Value, v.Count)).OrderByDescending(v => v.Shown, StringComparer.Ordinal)
        .Select(v => new JsonObject { ["name"] = v.Value, ["display_name"] = v.Shown, ["count"] = v.Count })]);

    private static string Shown(CkanPackages packages, string field, string value, string lang) => field switch
    {
        "organization" => packages.All.First(p => p.Organization.Name == value).OrganizationTitle(lang),
        "groups" => CkanGroups.TitleOf(packages.All.First(p => p.Category?.Name == value).Category!, lang),
        "license_id" => CkanLicences.Find(value).Title,
        _ => value,
    };

    /// <summary>package_autocomplete: names and titles that a text is part of.</summary>
    public static JsonArray Autocomplete(CkanPackages packages, CkanCall call, string lang)
    {
        var q = call.Need("q");
        return new JsonArray([.. packages.All.Select(p => (p.Name, Title: p.Kept.Entry.Say(lang))).Where(p => p.Name.Contains(q, StringComparison.OrdinalIgnoreCase) || p.Title.Contains(q, StringComparison.OrdinalIgnoreCase)).Take(call.Natural("limit") ?? 10)
            .Select(p => p.Name.Contains(q, StringComparison.OrdinalIgnoreCase) ? (p.Name, p.Title, Field: "name", Shown: p.Name) : (p.Name, p.Title, Field: "title", Shown: $"{p.Title} ({p.Name})"))
            .Select(p => new JsonObject { ["name"] = p.Name, ["title"] = p.Title, ["match_field"] = p.Field, ["match_displayed"] = p.Shown })]);
    }

    /// <summary>resource_search: field:term, all of which have to be in a resource.</summary>
    public static JsonObject Resources(CkanPackages packages, CkanCall call, string site, string lang)
    {
        if (call.Node("query") is null)
            throw CkanException.Invalid("query", "Missing value");
        IEnumerable<string> given = call.Node("query") is JsonArray list ? list.OfType<JsonValue>().Select(CkanCall.Said) : [call.Text("query")!];
        var pairs = given.Select(p => p.Split(':', 2)).ToList();
        if (pairs.Exists(p => p.Length != 2))
            throw CkanException.Invalid("query", "Must be <field>:<value> pair(s)");
        var all = packages.All.SelectMany(p => p.Resources.Select((r, i) => p.Resource(r, i, site, lang))).ToList();
        if (pairs.Find(p => all.Count > 0 && !all[0].ContainsKey(p[0])) is [var unknown, ..])
            throw CkanException.Invalid("query", $"Field \"{unknown}\" not recognised in resource_search.");
        var found = all.Where(r => pairs.TrueForAll(p => r[p[0]] is JsonValue value && CkanCall.Said(value) is var said && (p[0] == "hash" ? said.StartsWith(p[1], StringComparison.OrdinalIgnoreCase) : said.Contains(p[1], StringComparison.OrdinalIgnoreCase)))).ToList();
        if (call.Text("order_by") is { Length: > 0 } order)
            found = [.. found.OrderBy(r => r[order]?.ToString(), StringComparer.Ordinal)];
        return new JsonObject { ["count"] = found.Count, ["results"] = new JsonArray([.. found.Skip(call.Natural("offset") ?? 0).Take(call.Natural("limit") ?? int.MaxValue)]) };
    }
}
