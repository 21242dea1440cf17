using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What people typed into personal fields is sealed wherever a case keeps it, and does its work all the same.</summary>
public sealed class SealedCaseTests
{
    private const string Key = "case.environment.air-quality";
    private const string Identity = "330106199001011230";
    private const string Informant = "欧阳示例";
    private const long Phone = 13800001234;

    private const string Form = """
        {"type": "object", "title": "核查", "properties": {
          "finding": {"type": "string", "title": "结果"}, "informant": {"type": "string", "title": "反映人", "x-personal": true},
          "identity": {"type": "string", "title": "证件号", "x-grade": 4}, "phone": {"type": "integer", "title": "电话", "x-grade": 3}}}
        """;

    // The personal values go through a task, a called case that knows them by another name, a condition, a document.
    private const string Body = """
        <startEvent id="start"/><userTask id="inspect" name="核查" guantong:form="forms/air-inspect.json"/>
        <callActivity id="sample" name="采样" calledElement="sampling"/>
        <exclusiveGateway id="known" name="是本人？"/>
        <serviceTask id="reply" name="生成答复书" guantong:service="compose-document" guantong:document="documents/air-reply.md"/>
        <userTask id="close" name="结案"/><endEvent id="end" name="已答复"/><endEvent id="lost" name="查无此人"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="sample"/><sequenceFlow id="c" sourceRef="sample" targetRef="known"/>
        <sequenceFlow id="d" sourceRef="known" targetRef="reply"><conditionExpression>string length(identity) = 18 and phone > 13800000000</conditionExpression></sequenceFlow>
        <sequenceFlow id="d2" sourceRef="known" targetRef="lost"><conditionExpression>not(string length(identity) = 18 and phone > 13800000000)</conditionExpression></sequenceFlow>
        <sequenceFlow id="e" sourceRef="reply" targetRef="close"/><sequenceFlow id="f" sourceRef="close" targetRef="end"/>
        """;

    private static readonly string Sampling = PlayedProcess.Process("sampling", """
        <startEvent id="s_start"/><userTask id="take" name="取样"/><endEvent id="s_end" name="已取样"/>
        <sequenceFlow id="s1" sourceRef="s_start" targetRef="take"/><sequenceFlow id="s2" sourceRef="take" targetRef="s_end"/>
        """);

    private static Task<PlayedProcess> PlayAsync(string store) => PlayedProcess.StartAsync(store, Body, "", Sampling,
        ("forms/air-inspect.json", Form), ("documents/air-reply.md", "# 答复书\n\n{{informant}}（{{identity}}，{{phone}}）：{{finding}}"));

    private static async Task<string> RunAsync(PlayedProcess played, bool toEnd = true)
    {
        var id = await played.OpenAsync(new { place = "示例村口", note = $"{Informant}来信" });
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, "inspect", new { finding = "属实", informant = Informant, identity = Identity, phone = Phone }));
        if (!toEnd)
            return id;
        var called = Assert.Single(await played.CalledAsync(id)).Id;
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(called, "take"));
        await played.RunAsync();
        Assert.Equal("close:open inspect:done", await played.TasksAsync(id));
        return id;
    }

    [Shows("plat-security-base", Lacks = "watermarks, a published index of capability")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task No_table_and_no_file_holds_in_clear_what_was_typed_into_a_personal_field(string store)
    {
        await using var played = await PlayAsync(store);
        var id = await RunAsync(played);
        var (tables, files) = (await TablesAsync(played), await FilesAsync(played));
        Assert.Contains("示例村口", tables, StringComparison.Ordinal);
        // The informant stood in a note before anybody had said that it is a person: of that no trace is left either.
        foreach (var secret in (string[])[Identity, Informant, $"{Phone}"])
        {
            Assert.DoesNotContain(secret, tables, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, files, StringComparison.Ordinal);
        }
        // Who works on it reads it all; what is no personal field stands as it was typed.
        var data = await played.DataAsync(id);
        Assert.Equal((Identity, Informant, Phone, $"{Informant}来信", "属实"), (Text(data, "identity"), Text(data, "informant"), data.GetProperty("phone").GetInt64(), Text(data, "note"), Text(data, "finding")));
        var file = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");
        Assert.Contains($"{Informant}（{Identity}，{Phone}）：属实", Assert.Single(file.GetProperty("documents").EnumerateArray()).GetProperty("markdown").GetString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Those_who_do_not_work_on_the_case_see_a_mask_and_who_reads_it_stands_in_the_ledger(string store)
    {
        await using var played = await PlayAsync(store);
        var id = await RunAsync(played);
        using var auditor = await played.Platform.SignInAsync("auditor");
        var seen = await auditor.GetStringAsync($"/api/v1/cases/{id}");
        var listed = await played.Official.GetStringAsync("/api/v1/cases?called=true");
        foreach (var text in (string[])[seen, listed])
        {
            Assert.Contains("•••", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Identity, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Informant, text, StringComparison.Ordinal);
            Assert.DoesNotContain("sealed:1:", text, StringComparison.Ordinal);
        }
        var before = (await played.LedgerAsync(id)).Count(a => a == "case.personal-read");
        await played.DataAsync(id);
        var ledger = await auditor.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}/ledger");
        var reads = ledger.EnumerateArray().Where(e => Text(e, "action") == "case.personal-read").ToList();
        Assert.Equal(before + 1, reads.Count);
        Assert.All(reads, r => Assert.Equal("worker-huzhou", Text(r, "actor")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_is_found_by_the_whole_of_a_personal_value_and_by_no_part_of_it(string store)
    {
        await using var played = await PlayAsync(store);
        var id = await RunAsync(played, toEnd: false);
        await played.OpenAsync(new { place = "示例村口", informant = "另一位" });
        foreach (var (words, found) in ((string, bool)[])[(Identity, true), (Informant, true), ($"{Phone}", true), ("３３０１０６１９９００１０１１２３０", true), (Identity[..17], false), ("欧阳", false), ("330106199001011231", false)])
            Assert.Equal(found, (await FoundAsync(played, words)).Contains(id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task After_a_rotation_old_and_new_cases_are_read_and_found(string store)
    {
        await using var played = await PlayAsync(store);
        var old = await RunAsync(played, toEnd: false);
        (await played.Operator.PostAsJsonAsync($"/api/v1/data-keys/{Key}/rotate", new { })).EnsureSuccessStatusCode();
        var fresh = await RunAsync(played, toEnd: false);
        foreach (var id in (string[])[old, fresh])
            Assert.Equal(Identity, Text(await played.DataAsync(id), "identity"));
        Assert.Equal(new HashSet<string> { old, fresh }, (await FoundAsync(played, Identity)).Intersect([old, fresh]).ToHashSet());
        Assert.Equal(["current", "retired"], (await played.Operator.GetFromJsonAsync<JsonElement>("/api/v1/data-keys")).EnumerateArray().Where(k => Text(k, "name") == Key).Select(k => Text(k, "state")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task After_its_key_is_destroyed_a_case_says_erased_and_the_rest_of_it_stands(string store)
    {
        await using var played = await PlayAsync(store);
        var id = await RunAsync(played);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await played.Operator.PostAsJsonAsync($"/api/v1/data-keys/{Key}/destroy", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Official.PostAsJsonAsync($"/api/v1/data-keys/{Key}/destroy", new { reason = "x" })).StatusCode);
        var asked = await (await played.Operator.PostAsJsonAsync($"/api/v1/data-keys/{Key}/destroy", new { reason = "保存期满" })).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        using (var second = await played.Platform.SignInAsync("security"))
            (await second.PostAsJsonAsync($"/api/v1/four-eyes/{asked.GetProperty("id").GetString()}/agree", new { })).EnsureSuccessStatusCode();
        var data = await played.DataAsync(id);
        Assert.Equal(("（已擦除 erased）", "（已擦除 erased）", "示例村口", "属实"), (Text(data, "identity"), Text(data, "phone"), Text(data, "place"), Text(data, "finding")));
        var file = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");
        Assert.Equal("（已擦除 erased）", Text(Assert.Single(file.GetProperty("documents").EnumerateArray()), "markdown"));
        Assert.Empty(await FoundAsync(played, Identity));
        (await played.Official.GetAsync($"/api/v1/cases/{id}/process")).EnsureSuccessStatusCode();
        // The case itself can still be brought to its end.
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, "close"));
        Assert.Equal(("ended", "已答复"), await played.StandAsync(id));
        Assert.Null((await played.Platform.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_without_personal_fields_is_kept_as_before_and_makes_no_key(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"/><userTask id="inspect" name="核查"/><endEvent id="end" name="已答复"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="end"/>
            """);
        var id = await played.OpenAsync(new { place = "示例村口" });
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, "inspect"));
        Assert.Equal("示例村口", Text(await played.DataAsync(id), "place"));
        Assert.Equal(0, (await played.Operator.GetFromJsonAsync<JsonElement>("/api/v1/data-keys")).GetArrayLength());
        Assert.False(File.Exists(Path.Combine(played.Platform.Folder, "root.key")));
        Assert.DoesNotContain(await played.LedgerAsync(id), a => a == "case.personal-read");
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static async Task<IReadOnlyList<string>> FoundAsync(PlayedProcess played, string words) =>
        [.. (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases?q={Uri.EscapeDataString(words)}")).GetProperty("items").EnumerateArray().Select(c => Text(c, "id")!)];

    // All bytes of the data folder, and on PostgreSQL every row of every table as text.
    private static async Task<string> FilesAsync(PlayedProcess played)
    {
        var all = new StringBuilder();
        foreach (var file in Directory.GetFiles(played.Platform.Folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            all.Append(await reader.ReadToEndAsync());
        }
        return all.ToString();
    }

    private static Task<string> TablesAsync(PlayedProcess played) => played.Store.ReadAsync(async c =>
    {
        var rows = new StringBuilder();
        foreach (var table in (await c.QueryAsync<string>(played.Store.IsPostgres ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public'" : "SELECT name FROM sqlite_master WHERE type = 'table'")).ToList())
        {
            foreach (IDictionary<string, object> row in await c.QueryAsync($"SELECT * FROM {table}"))
                rows.AppendLine(string.Join('|', row.Values));
        }
        return rows.ToString();
    });
}
