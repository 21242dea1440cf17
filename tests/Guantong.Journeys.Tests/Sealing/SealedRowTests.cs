using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using DuckDB.NET.Data;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Personal fields of graded datasets are sealed in the warehouse, and do their work as keys, in joins and in counts all the same.</summary>
public sealed class SealedRowTests
{
    private const string Pack = "environment.air-quality";
    private const string VisitorKey = "data.environment.air-quality.visitor";
    private const string One = "330106199001011230";
    private const string Other = "330106199001015678";
    private const string Bad = "330106199009099999";
    private const string Name = "欧阳示例";
    private const string Mask = "•••";
    private const string Erased = "（已擦除 erased）";

    private const string Visitors = """
        dataset: visitor
        name: 来访人
        source: 省生态环境厅
        share: none
        basis: 个人信息保护法第六条
        open: none
        grade: 4
        purpose: 接待
        retention: P1Y
        key: [id]
        fields:
          id:    {type: string, name: 证件号, personal: identity}
          name:  {type: string, name: 姓名, personal: other}
          side:  {type: string, name: 称谓, personal: other, one-of: [先生, 女士]}
          since: {type: date, name: 登记日}
        quality:
          - {rule: complete, of: [id, name], at-least: 90%}
          - {rule: holds, that: "id is not null and (name is null or name = name)"}
        feed:
          from: csv
          columns: {id: id, name: name, side: side, since: since}
        """;

    private const string Visits = """
        dataset: visit
        name: 来访
        source: 省生态环境厅
        share: none
        basis: 个人信息保护法第六条
        open: none
        grade: 3
        purpose: 接待
        retention: P1Y
        key: [number]
        fields:
          number:  {type: string, name: 编号}
          visitor: {type: string, name: 来访人, refers: visitor.id}
          day:     {type: date, name: 日期}
        feed:
          from: csv
          columns: {number: number, visitor: visitor, day: day}
        """;

    private const string Last = """
        dataset: visit-last
        name: 最近来访
        source: 省生态环境厅
        share: none
        basis: 个人信息保护法第六条
        open: none
        grade: 3
        purpose: 接待
        retention: P1Y
        key: [visitor]
        fields:
          visitor: {type: string, name: 来访人, refers: visitor.id}
          name:    {type: string, name: 姓名, refers: visitor.name}
          last:    {type: date, name: 最近}
        feed:
          from: query
          needs: [visit, visitor]
          sql: "select v.visitor, p.name, max(v.day) as last from visit v join visitor p on p.id = v.visitor group by v.visitor, p.name"
        """;

    private const string Notes = """
        dataset: note
        name: 反映记录
        source: 省生态环境厅
        share: none
        basis: 个人信息保护法第六条
        open: none
        grade: 3
        purpose: 答复
        retention: P1Y
        key: [number, informant]
        fields:
          number:    {type: string, name: 编号}
          informant: {type: string, name: 反映人, personal: other}
          identity:  {type: string, name: 证件号, refers: visitor.id}
          finding:   {type: string, name: 结果}
        feed: {from: manual}
        """;

    private const string Form = """
        {"type": "object", "title": "核查", "properties": {
          "finding": {"type": "string", "title": "结果"}, "informant": {"type": "string", "title": "反映人", "x-personal": true}, "identity": {"type": "string", "title": "证件号", "x-grade": 4}}}
        """;

    private const string Body = """
        <startEvent id="start"/><userTask id="inspect" name="核查" guantong:form="forms/air-inspect.json"/>
        <serviceTask id="record" name="登记" guantong:service="record-row" guantong:dataset="note"/><endEvent id="end" name="已登记"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="record"/><sequenceFlow id="c" sourceRef="record" targetRef="end"/>
        """;

    private static Task<PlayedProcess> PlayAsync(string store, string? visitors = null) => PlayedProcess.StartAsync(store, Body, "", "",
        ("forms/air-inspect.json", Form), ("datasets/visitor.yaml", visitors ?? Visitors), ("datasets/visit.yaml", Visits), ("datasets/visit-last.yaml", Last), ("datasets/note.yaml", Notes));

    private const string GoodVisitors = $"{One},{Name},先生,2026-01-02\n{Other},某甲,女士,2026-01-03\n";

    private const string VisitRows = $"a,{One},2026-02-01\nb,{One},2026-03-01\nc,{Other},2026-02-02\n";

    private static Task<LoadSummary> LoadAsync(PlayedProcess played, string dataset, string rows) =>
        played.Platform.LoadLinesAsync(PlayedProcess.Pack, dataset, dataset == "visit" ? "number,visitor,day" : "id,name,side,since", rows);

    private static async Task FillAsync(PlayedProcess played)
    {
        await LoadAsync(played, "visitor", GoodVisitors);
        await LoadAsync(played, "visit", VisitRows);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task No_table_and_no_file_holds_in_clear_what_stands_in_a_sealed_field(string store)
    {
        await using var played = await PlayAsync(store);
        using var reader = await ReaderAsync(played);
        // Faults of every kind, one of them a value that slipped into another column.
        var summary = await LoadAsync(played, "visitor", GoodVisitors + $"{Bad},坏甲,旁人,2026-01-02\n{Bad}1,坏乙,先生,{Bad}2\n{One},另名,先生,2026-01-02\n,{Bad}3,先生,2026-01-02\n{Bad}4,坏丙\n{Bad}5,坏\"丁,先生,2026-01-02\n");
        Assert.Equal((2, 6), (summary.RowsAdded, summary.RowsRejected));
        Assert.Equal(["columns", "duplicate", "one-of", "quote", "required", "type"], summary.Rejects.Select(r => r.Rule).Order());
        await LoadAsync(played, "visit", VisitRows);
        var id = await played.OpenAsync(new { place = "示例村口" });
        await played.FinishAsync(id, "inspect", new { finding = "属实", informant = Name, identity = One });
        await played.RunAsync();
        Assert.Equal("ended", (await played.StandAsync(id)).State);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"number,visitor,day\n{VisitRows}")));
        var (rows, tables, files) = (await WarehouseAsync(played), await TablesAsync(played), await FilesAsync(played));
        Assert.Contains("属实", rows, StringComparison.Ordinal);
        Assert.Contains("sealed:1:data.environment.air-quality.note:1:", rows, StringComparison.Ordinal);
        foreach (var secret in (string[])[hash, One, Other, Bad, Name, "某甲", "坏甲", "坏乙", "坏丙", "坏丁", "先生", "另名"])
        {
            Assert.DoesNotContain(secret, rows, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, tables, StringComparison.Ordinal);
            // The pack itself declares the words that a field may hold.
            if (secret != "先生")
                Assert.DoesNotContain(secret, files, StringComparison.Ordinal);
        }
        var last = await RowsAsync(reader, "visit-last");
        Assert.Equal(2, last.GetProperty("total").GetInt32());
        Assert.Equal(1, (await RowsAsync(reader, "note", $"?identity={One}")).GetProperty("total").GetInt32());
        var quality = await reader.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/visitor");
        Assert.All(quality.GetProperty("status").GetProperty("quality").EnumerateArray(), q => Assert.True(q.GetProperty("passed").GetBoolean(), q.ToString()));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_exports_and_pages_show_a_mask(string store)
    {
        await using var played = await PlayAsync(store);
        using var reader = await ReaderAsync(played);
        await FillAsync(played);
        foreach (var path in (string[])[$"/api/v1/datasets/{Pack}/visitor/rows", $"/api/v1/datasets/{Pack}/visitor/rows.csv", $"/api/v1/datasets/{Pack}/visitor/rows.json", $"/api/v1/datasets/{Pack}/visit-last/rows", $"/desk/data/{Pack}/visitor", $"/data/{Pack}/visitor"])
        {
            var text = System.Net.WebUtility.HtmlDecode(await reader.GetStringAsync(path));
            Assert.Contains(Mask, text, StringComparison.Ordinal);
            foreach (var secret in (string[])[One, Name, "sealed:1:"])
                Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
        Assert.Contains("2026-01-02", await reader.GetStringAsync($"/api/v1/datasets/{Pack}/visitor/rows.csv"), StringComparison.Ordinal);
        using var anyone = played.Platform.Anonymous();
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await anyone.GetAsync($"/api/v1/datasets/{Pack}/visitor/rows?id={One}")).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_row_is_found_by_the_whole_of_a_sealed_value_and_the_ledger_says_by_which_field(string store)
    {
        await using var played = await PlayAsync(store);
        using var reader = await ReaderAsync(played);
        await FillAsync(played);
        // Who writes what looks like a sealed value has written a value like any other.
        const string Forged = $"sealed:1:{VisitorKey}:1:AAAA";
        await LoadAsync(played, "visitor", $"{Bad},{Forged},女士,2026-01-04\n");
        Assert.Equal(1, (await RowsAsync(reader, "visitor", $"?name={Forged}")).GetProperty("total").GetInt32());
        foreach (var (dataset, query, found) in ((string, string, int)[])[("visitor", $"id={One}", 1), ("visitor", $"name={Uri.EscapeDataString(Name)}&id={One}", 1), ("visit", $"visitor={One}", 2), ("visit-last", $"name={Uri.EscapeDataString(Name)}", 1),
            ("visitor", $"id={One[..17]}", 0), ("visitor", $"name={One}", 0), ("visitor", "name=%25", 0), ("visitor", "since=2026-01-02", 1), ("visitor", $"id={Mask}", 0)])
            Assert.Equal(found, (await RowsAsync(reader, dataset, "?" + query)).GetProperty("total").GetInt32());
        var entries = await played.Platform.Services.GetRequiredService<Ledger>().AboutAsync($"dataset:{Pack}/visitor");
        var sought = entries.Where(e => e.Action == "rows.sought").ToList();
        Assert.Equal(7, sought.Count);
        Assert.Contains(sought, e => e.Detail == """{"fields":["name","id"]}""" && e is { Actor: "steward-ecology", Dataset: $"{Pack}/visitor" });
        Assert.DoesNotContain(One[..17], string.Concat(entries.Select(e => e.Detail)), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task After_a_rotation_old_and_new_rows_are_equal_as_keys(string store)
    {
        await using var played = await PlayAsync(store);
        using var reader = await ReaderAsync(played);
        await FillAsync(played);
        (await played.Operator.PostAsJsonAsync($"/api/v1/data-keys/{VisitorKey}/rotate", new { })).EnsureSuccessStatusCode();
        // All that stands is sealed under the new version at once.
        var rows = await WarehouseAsync(played);
        Assert.Contains($"sealed:1:{VisitorKey}:2:", rows, StringComparison.Ordinal);
        Assert.DoesNotContain($"sealed:1:{VisitorKey}:1:", rows, StringComparison.Ordinal);
        Assert.Equal(1, (await RowsAsync(reader, "visitor", $"?id={One}")).GetProperty("total").GetInt32());
        var again = await LoadAsync(played, "visitor", GoodVisitors);
        Assert.Equal((0, 0, 2), (again.RowsAdded, again.RowsChanged, again.RowsSame));
        var changed = await LoadAsync(played, "visitor", $"{One},{Name},先生,2026-05-05\n{Bad},新人,先生,2026-05-06\n");
        Assert.Equal((1, 1, 0), (changed.RowsAdded, changed.RowsChanged, changed.RowsSame));
        await LoadAsync(played, "visit", $"d,{One},2026-06-01\n");
        var last = (await RowsAsync(reader, "visit-last", $"?visitor={One}")).GetProperty("rows");
        Assert.Equal("2026-06-01", Assert.Single(last.EnumerateArray())[2].GetString());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Loads_and_rotations_at_once_leave_every_row_under_one_version(string store)
    {
        await using var played = await PlayAsync(store);
        using var reader = await ReaderAsync(played);
        await FillAsync(played);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            if (i % 2 == 0)
                (await played.Operator.PostAsJsonAsync($"/api/v1/data-keys/{VisitorKey}/rotate", new { })).EnsureSuccessStatusCode();
            else
                await LoadAsync(played, "visitor", $"{One},{Name},先生,2026-01-0{i}\n{Bad}{i},新人,先生,2026-01-02\n");
        })));
        var versions = (await WarehouseAsync(played)).Split(['|', '\n']).Where(v => v.StartsWith($"sealed:1:{VisitorKey}:", StringComparison.Ordinal)).Select(v => v.Split(':')[3]).Distinct();
        Assert.Equal(["5"], versions);
        Assert.Equal(6, (await RowsAsync(reader, "visitor")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await RowsAsync(reader, "visitor", $"?id={One}")).GetProperty("total").GetInt32());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task After_its_key_is_destroyed_a_dataset_says_erased_and_takes_new_rows(string store)
    {
        await using var played = await PlayAsync(store);
        using var reader = await ReaderAsync(played);
        await FillAsync(played);
        var asked = await (await played.Operator.PostAsJsonAsync($"/api/v1/data-keys/{VisitorKey}/destroy", new { reason = "保存期满" })).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        using (var second = await played.Platform.SignInAsync("security"))
            (await second.PostAsJsonAsync($"/api/v1/four-eyes/{asked.GetProperty("id").GetString()}/agree", new { })).EnsureSuccessStatusCode();
        foreach (var path in (string[])[$"/api/v1/datasets/{Pack}/visitor/rows", $"/api/v1/datasets/{Pack}/visit/rows.csv", $"/api/v1/datasets/{Pack}/visit-last/rows.json", $"/desk/data/{Pack}/visitor"])
        {
            var text = System.Net.WebUtility.HtmlDecode(await reader.GetStringAsync(path));
            Assert.Contains(Erased, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Mask, text, StringComparison.Ordinal);
        }
        Assert.Equal(0, (await RowsAsync(reader, "visitor", $"?id={One}")).GetProperty("total").GetInt32());
        var fresh = await LoadAsync(played, "visitor", $"{One},{Name},先生,2026-05-05\n");
        Assert.Equal(1, fresh.RowsAdded);
        var rows = await RowsAsync(reader, "visitor", $"?id={One}");
        Assert.Equal([Mask, Mask, Mask, "2026-05-05"], Assert.Single(rows.GetProperty("rows").EnumerateArray()).EnumerateArray().Select(v => v.GetString()));
        Assert.Equal(3, (await RowsAsync(reader, "visitor")).GetProperty("total").GetInt32());
        Assert.Null((await played.Platform.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_and_rejects_that_stand_are_sealed_when_a_pack_grades_them_higher(string store)
    {
        var open = Visitors.Replace("grade: 4", "grade: 2", StringComparison.Ordinal);
        await using var played = await PlayAsync(store, open);
        using var reader = await ReaderAsync(played);
        await LoadAsync(played, "visitor", GoodVisitors + $"{Bad},坏甲,{Bad},2026-01-02\n");
        Assert.Contains(One, await reader.GetStringAsync($"/api/v1/datasets/{Pack}/visitor/rows"), StringComparison.Ordinal);
        Assert.Equal(0, (await played.Operator.GetFromJsonAsync<JsonElement>("/api/v1/data-keys")).GetArrayLength());
        await played.ApplyAsync(("datasets/visitor.yaml", Visitors), ("datasets/visit.yaml", Visits), ("datasets/visit-last.yaml", Last), ("datasets/note.yaml", Notes), ("forms/air-inspect.json", Form),
            ("processes/air-report.bpmn", PlayedProcess.File(PlayedProcess.Process("played", Body))));
        var rows = await WarehouseAsync(played);
        foreach (var secret in (string[])[One, Other, Bad, Name])
            Assert.DoesNotContain(secret, rows, StringComparison.Ordinal);
        var again = await LoadAsync(played, "visitor", GoodVisitors);
        Assert.Equal((0, 0, 2), (again.RowsAdded, again.RowsChanged, again.RowsSame));
        // Graded lower again, they stand in clear as the pack says, and are the same rows.
        await played.ApplyAsync(("datasets/visitor.yaml", open), ("datasets/note.yaml", Notes), ("forms/air-inspect.json", Form), ("processes/air-report.bpmn", PlayedProcess.File(PlayedProcess.Process("played", Body))));
        Assert.Contains(One, await reader.GetStringAsync($"/api/v1/datasets/{Pack}/visitor/rows"), StringComparison.Ordinal);
        again = await LoadAsync(played, "visitor", GoodVisitors + $"{Bad},新人,女士,2026-05-06\n");
        Assert.Equal((1, 0, 2), (again.RowsAdded, again.RowsChanged, again.RowsSame));
    }

    private static Task<HttpClient> ReaderAsync(PlayedProcess played) => played.Platform.SignInAsync("steward-ecology");

    private static Task<JsonElement> RowsAsync(HttpClient reader, string dataset, string query = "") => reader.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/{dataset}/rows{query}");

    // Every row of every table of the warehouse.
    private static async Task<string> WarehouseAsync(PlayedProcess played)
    {
        var setting = played.Platform.Services.GetRequiredService<Settings>().WarehouseSetting;
        await using System.Data.Common.DbConnection connection = Store.IsPostgresSetting(setting) ? new Npgsql.NpgsqlConnection(Store.Reach(new Uri(setting)).ConnectionString) : new DuckDBConnection($"DataSource={setting}");
        await connection.OpenAsync();
        var all = new StringBuilder();
        foreach (var table in (await connection.QueryAsync<string>("SELECT '\"' || table_schema || '\".\"' || table_name || '\"' FROM information_schema.tables WHERE table_schema NOT IN ('information_schema', 'pg_catalog', 'public')")).ToList())
        {
            foreach (IDictionary<string, object> row in await connection.QueryAsync($"SELECT * FROM {table}"))
                all.AppendLine(string.Join('|', row.Values));
        }
        return all.ToString();
    }

    private static async Task<string> FilesAsync(PlayedProcess played)
    {
        var all = new StringBuilder();
        foreach (var file in Directory.GetFiles(played.Platform.Folder, "*", SearchOption.AllDirectories))
        {
            // The engine locks its file against handles of this process that close.
            var copy = Path.GetTempFileName();
            using (var copying = System.Diagnostics.Process.Start("cp", ["--", file, copy]))
                await copying.WaitForExitAsync();
            all.Append(await File.ReadAllTextAsync(copy));
            File.Delete(copy);
        }
        return all.ToString();
    }

    // What packs declare stands in the clear: their files, and what the catalogue says of them.
    private static Task<string> TablesAsync(PlayedProcess played) => played.Store.ReadAsync(async c =>
    {
        var rows = new StringBuilder();
        foreach (var table in (await c.QueryAsync<string>(played.Store.IsPostgres ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('pack_revision', 'catalogue_entry', 'catalogue_version')" : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('pack_revision', 'catalogue_entry', 'catalogue_version')")).ToList())
        {
            foreach (IDictionary<string, object> row in await c.QueryAsync($"SELECT * FROM {table}"))
                rows.AppendLine(string.Join('|', row.Values));
        }
        return rows.ToString();
    });
}
