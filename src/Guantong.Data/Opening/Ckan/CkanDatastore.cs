using System.Globalization;
using System.Text.Json.Nodes;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>CKAN's datastore over the rows of open datasets.</summary>
/// <remarks>ckanext-datastore: datastore_search, datastore_search_sql, datastore_info. Rows are numbered (<c>_id</c>) in the order of their key.</remarks>
internal sealed class CkanDatastore(CkanShelf shelf, PackRegistry registry, Warehouse warehouse, ConfinedSql confined, ConfinedRuns runs, DatasetReads reads)
{
    private const string Id = "_id";

    // The alias under which CKAN lists what is in the datastore.
    private const string TableList = "_table_metadata";

    // The open rows that stand behind a resource, and the fields that are shown of them.
    private sealed record Stored(CkanResource Resource, Pack Pack, Dataset Dataset, IReadOnlyList<Field> Fields);

    /// <summary>datastore_search.</summary>
    public async Task<JsonObject> SearchAsync(CkanCall call, Person? by, string lang, CancellationToken cancel)
    {
        var given = call.Text("resource_id") ?? call.Text("id") ?? throw CkanException.Invalid("resource_id", "Missing value");
        if (given == TableList)
            return await ListAsync(call, cancel);
        var stored = await FindAsync(given, cancel);
        var wanted = Wanted(stored, call);
        var (limit, offset) = (Math.Min(call.Natural("limit") ?? 100, ConfinedRuns.MostRows), Math.Max(0, call.Whole("offset") ?? 0));
        var format = call.Text("records_format") ?? "objects";
        if (format is not ("objects" or "lists" or "csv" or "tsv"))
            throw CkanException.Invalid("records_format", "Value must be one of ['objects', 'lists', 'csv', 'tsv']");
        var query = new CkanRowQuery(stored.Pack, stored.Dataset, stored.Fields, wanted.ConvertAll(w => w.Name));
        query.Filter(call.Object("filters"));
        query.Seek(call, plain: call.Truth("plain", true));
        query.Sort(call.Words("sort"));
        await reads.ReadAsync(by, stored.Pack, stored.Dataset, call.Object("filters")?.Select(f => f.Key) ?? [], offset, cancel: cancel);
        var (records, total) = query.Read(warehouse, call.Truth("distinct"), limit, offset, call.Truth("include_total", true));
        var answer = new JsonObject { ["include_total"] = call.Truth("include_total", true), ["limit"] = limit };
        foreach (var name in (string[])["offset", "q", "filters", "sort", "distinct", "plain", "language"])
        {
            if (call.Node(name) is { } said)
                answer[name] = name switch { "offset" => offset, "distinct" => call.Truth(name), "filters" => call.Object(name)!.DeepClone(), _ => said.DeepClone() };
        }
        answer["records_format"] = format;
        answer["resource_id"] = stored.Resource.Id;
        answer["total_estimation_threshold"] = call.Whole("total_estimation_threshold");
        answer["records"] = CkanRecords.In(format, query.Columns, records);
        answer["fields"] = new JsonArray([.. query.Columns.Select(c => Described(stored, c, lang))]);
        answer["_links"] = Links(call, limit, offset);
        if (total is { } count)
            (answer["total"], answer["total_was_estimated"]) = (count, false);
        return answer;
    }

    // Each resource in the datastore, and each alias with the resource that it stands for.
    private async Task<JsonObject> ListAsync(CkanCall call, CancellationToken cancel)
    {
        var all = (await TablesAsync(cancel)).Select(t => (Name: t.Key, Of: Guid.TryParse(t.Key, out _) ? null : CkanPackage.ResourceOf(PackEntries.IdOf(t.Value.Pack.Id, t.Value.Dataset.Id), "csv"))).OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        var (limit, offset) = (Math.Min(call.Natural("limit") ?? 100, ConfinedRuns.MostRows), Math.Max(0, call.Whole("offset") ?? 0));
        return new JsonObject
        {
            ["limit"] = limit, ["records_format"] = "objects", ["resource_id"] = TableList,
            ["records"] = new JsonArray([.. all.Select((t, i) => new JsonObject { ["_id"] = CkanPackage.IdOf("table:" + t.Name), ["name"] = t.Name, ["oid"] = i + 1, ["alias_of"] = t.Of }).Skip(offset).Take(limit)]),
            ["fields"] = new JsonArray([.. (((string Id, string Type)[])[("_id", "text"), ("name", "name"), ("oid", "oid"), ("alias_of", "name")]).Select(f => new JsonObject { ["id"] = f.Id, ["type"] = f.Type })]),
            ["_links"] = Links(call, limit, offset), ["total"] = all.Count, ["total_was_estimated"] = false,
        };
    }

    /// <summary>datastore_search_sql.</summary>
    public async Task<JsonObject> SqlAsync(CkanCall call, Person? by, string lang, CancellationToken cancel)
    {
        var sql = call.Need("sql");
        var (query, refused) = confined.Confine(sql, await TablesAsync(cancel));
        if (refused is not null)
            throw Refused(refused, lang);
        foreach (var table in query!.Tables)
            await reads.ReadAsync(by, table.Pack, table.Dataset, ["sql"], 0, cancel: cancel);
        var (rows, failed) = await runs.RunAsync(query, cancel: cancel);
        if (failed is not null)
            throw Refused(failed, lang);
        var answer = new JsonObject
        {
            ["sql"] = sql, ["fields"] = new JsonArray([.. rows!.Columns.Select(c => new JsonObject { ["id"] = c.Name, ["type"] = TypeOf(c.Kind) })]),
            ["records"] = CkanRecords.In("objects", [.. rows.Columns.Select(c => c.Name)], rows.Rows),
        };
        if (rows.IsCut)
            answer["records_truncated"] = true;
        return answer;
    }

    // What leads outside is not allowed; what is wrong in itself is invalid.
    private static CkanException Refused(SqlRefusal refused, string lang) =>
        refused.Code is "sql-function" || (refused.Code == "sql-table" && refused.Args[0] is string name && (name.Contains('.', StringComparison.Ordinal) || name.StartsWith("pg_", StringComparison.OrdinalIgnoreCase)))
            ? new CkanException(403, "Authorization Error", $"Access denied: {refused.Say(lang)}", new JsonObject { ["code"] = new JsonArray(refused.Code), ["position"] = refused.At is { } place ? new JsonArray(place + 1) : null })
            : new CkanException(409, "Validation Error", null, new JsonObject { ["query"] = new JsonArray(refused.Say(lang)), ["code"] = new JsonArray(refused.Code), ["position"] = refused.At is { } at ? new JsonArray(at + 1) : null, ["info"] = new JsonObject { ["orig"] = new JsonArray(refused.Say(lang)) } });

    /// <summary>datastore_info.</summary>
    public async Task<JsonObject> InfoAsync(CkanCall call, string lang, CancellationToken cancel)
    {
        var stored = await FindAsync(call.Text("resource_id") ?? call.Need("id"), cancel);
        var keys = stored.Dataset.Key.Select(k => k.Name).ToHashSet();
        return new JsonObject
        {
            ["meta"] = new JsonObject { ["aliases"] = new JsonArray(stored.Dataset.Table), ["count"] = warehouse.RowCount(stored.Pack.Id, stored.Dataset.Id), ["id"] = stored.Resource.Id, ["table_type"] = "BASE TABLE" },
            ["fields"] = new JsonArray([.. stored.Fields.Select(f =>
            {
                var said = Described(stored, f.Id, lang);
                said["schema"] = new JsonObject { ["native_type"] = TypeOf(f.Type), ["notnull"] = keys.Contains(f.Id), ["index_name"] = null, ["is_index"] = keys.Contains(f.Id), ["uniquekey"] = keys.Count == 1 && keys.Contains(f.Id) };
                return said;
            })]),
        };
    }

    /// <summary>Whether a package's rows are there to be asked for.</summary>
    public bool IsStored(CkanPackage package) => Open(package) is not null;

    // Rows are open where the dataset in force says so, whatever the catalogue said before.
    private (Pack Pack, Dataset Dataset)? Open(CkanPackage package) =>
        package.Rows is var (pack, dataset) && registry.Find(pack) is { } found && found.Dataset(dataset) is { } set && DataRoom.IsPublic(set) ? (found, set) : null;

    private async Task<Stored> FindAsync(string id, CancellationToken cancel)
    {
        var packages = await shelf.NowAsync(cancel);
        var found = packages.Resource(id) is var (package, place) ? (package, package.Resources[place]) : packages.All.Where(p => Open(p) is var (_, d) && d.Table == id).Select(p => (p, p.Resources.FirstOrDefault(r => r.IsStored))).ToList() is [var one] ? one : default;
        return found.Item2 is { IsStored: true } resource && Open(found.Item1) is var (pack, set) ? new Stored(resource, pack, set, Shown(pack, set)) : throw CkanException.NotFound($"Resource \"{id}\" was not found.");
    }

    // What is sealed is nobody's to read here, though the dataset were open.
    private static List<Field> Shown(Pack pack, Dataset dataset) => pack.Homes(dataset) is var homes ? [.. dataset.Fields.Where(f => !homes.ContainsKey(f.Id))] : [];

    // By the ids of resources, and by tables' own names where one open dataset alone bears it.
    private async Task<IReadOnlyDictionary<string, ConfinedTable>> TablesAsync(CancellationToken cancel)
    {
        var tables = new Dictionary<string, ConfinedTable>(StringComparer.OrdinalIgnoreCase);
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var package in (await shelf.NowAsync(cancel)).All)
        {
            if (Open(package) is not var (pack, dataset) || package.Resources.FirstOrDefault(r => r.IsStored) is not { } resource)
                continue;
            var table = new ConfinedTable(pack, dataset, [.. Shown(pack, dataset).Select(f => f.Id)]);
            tables[resource.Id] = table;
            if (!named.Add(dataset.Table))
                tables.Remove(dataset.Table);
            else
                tables[dataset.Table] = table;
        }
        return tables;
    }

    private static List<(string Name, Field? Field)> Wanted(Stored stored, CkanCall call)
    {
        var asked = call.Words("fields");
        List<(string, Field?)> all = [(Id, null), .. stored.Fields.Select(f => (f.Id, (Field?)f))];
        if (asked.Count == 0)
            return call.Truth("distinct") ? [.. all.Skip(1)] : all;
        return [.. asked.Distinct().Select(a => all.FirstOrDefault(f => f.Item1 == a) is { Item1: not null } field ? field : throw CkanException.Invalid("fields", $"field \"{a}\" not in table"))];
    }

    private static JsonObject Described(Stored stored, string column, string lang)
    {
        if (stored.Dataset.Field(column) is not { } field)
            return new JsonObject { ["id"] = column, ["type"] = column == Id ? "int" : "float" };
        var label = lang != Lang.Zh && stored.Pack.English.TryGetValue(field.Name, out var english) ? english : field.Name;
        return new JsonObject { ["id"] = field.Id, ["type"] = TypeOf(field.Type), ["info"] = new JsonObject { ["label"] = label, ["notes"] = field.Unit ?? "", ["type_override"] = "" } };
    }

    private static string TypeOf(string kind) => kind switch
    {
        "integer" => "int8",
        "decimal" => "numeric",
        "number" => "float8",
        "boolean" => "bool",
        "date" => "date",
        "timestamp" => "timestamp",
        _ => "text",
    };

    private static JsonObject Links(CkanCall call, int limit, int offset)
    {
        string Address(int? at) => "/api/3/action/datastore_search?" + string.Join('&', call.Names.Where(n => n is not ("offset" or "limit")).Select(n => $"{Uri.EscapeDataString(n)}={Uri.EscapeDataString(call.Node(n) is JsonValue value ? CkanCall.Said(value) : call.Node(n)!.ToJsonString())}")
            .Concat(call.Node("limit") is null ? [] : [$"limit={limit.ToString(CultureInfo.InvariantCulture)}"]).Concat(at is { } place ? [$"offset={place.ToString(CultureInfo.InvariantCulture)}"] : []));
        var links = new JsonObject { ["start"] = Address(null), ["next"] = Address(offset + limit) };
        if (offset > 0)
            links["prev"] = Address(Math.Max(0, offset - limit));
        return links;
    }
}
