using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>Applying through the API: whole or not at all, and never a row lost unasked.</summary>
public sealed class ApplyJourneyTests
{
    private const string Pack = "environment.air-quality";

    private const string Note = """
        dataset: note
        name: 巡查记录
        about: 一行是一条巡查记录。
        source: 省生态环境厅
        share: unconditional
        open: unconditional
        grade: 1
        retention: P10Y
        key: [id]
        fields:
          id:     {type: string, name: 编号}
          amount: {type: number, name: 数量}
          night:  {type: boolean, name: 夜间}
          heard:  {type: timestamp, name: 时间}
        quality:
          - {rule: complete, of: [id], at-least: 100%}
        feed:
          from: csv
          columns: {id: id, amount: amount, night: night, heard: heard}
        licence: CC-BY-4.0
        """;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_unsound_pack_changes_nothing_and_says_where_it_is_wrong(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var designer = await platform.SignInAsync("designer");
        using var auditor = await platform.SignInAsync("auditor");
        var (before, entries) = (await RevisionAsync(designer), await EntriesAsync(auditor));
        var broken = Files((path, text) => path == "indicators.yaml" ? text.Replace("avg(pm25)", "avg(pm26)", StringComparison.Ordinal) : path == "pack.yaml" ? text.Replace("1.0.0", "1.1.0", StringComparison.Ordinal) : text);
        var answer = await ApplyAsync(designer, broken, confirm: true);
        Assert.Equal("unsound", answer.GetProperty("result").GetString());
        Assert.Contains(answer.GetProperty("findings").EnumerateArray(), f => f.GetProperty("place").GetString()!.StartsWith("packs/environment/air-quality/indicators.yaml:", StringComparison.Ordinal));
        Assert.Equal((before, entries), (await RevisionAsync(designer), await EntriesAsync(auditor)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_dataset_with_rows_goes_only_when_that_is_confirmed(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var designer = await platform.SignInAsync("designer");
        await WithNotesAsync(platform, designer);
        var with = await RevisionAsync(designer);

        var unasked = await ApplyAsync(designer, Files(), confirm: false);
        Assert.Equal("unconfirmed", unasked.GetProperty("result").GetString());
        Assert.Equal(2, unasked.GetProperty("rowsAtStake").GetProperty("note").GetInt64());
        Assert.Equal((with, 2), (await RevisionAsync(designer), await NotesAsync(designer)));

        var asked = await ApplyAsync(designer, Files(), confirm: true);
        Assert.Equal("applied", asked.GetProperty("result").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await designer.GetAsync($"/api/v1/datasets/{Pack}/note/rows")).StatusCode);
        Assert.Equal("applied", (await ApplyAsync(designer, Files(note: Note), confirm: false)).GetProperty("result").GetString());
        Assert.Equal(0, await NotesAsync(designer));
    }

    [Theory]
    [InlineData("amount: {type: number", "amount: {type: date")]
    [InlineData("night:  {type: boolean", "night:  {type: date")]
    [InlineData("heard:  {type: timestamp", "heard:  {type: integer")]
    [InlineData("heard:  {type: timestamp", "heard:  {type: boolean")]
    public async Task A_type_that_no_standing_value_fits_empties_the_column_when_confirmed_and_the_platform_opens_again(string from, string to)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var designer = await platform.SignInAsync("designer");
        await WithNotesAsync(platform, designer);
        var recast = Files(note: Note.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal("unconfirmed", (await ApplyAsync(designer, recast, confirm: false)).GetProperty("result").GetString());
        Assert.Equal("applied", (await ApplyAsync(designer, recast, confirm: true)).GetProperty("result").GetString());
        var page = await designer.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/note/rows");
        var column = page.GetProperty("columns").EnumerateArray().Select(c => c.GetString()).ToList().IndexOf(from.Split(':')[0]);
        Assert.Equal([JsonValueKind.Null, JsonValueKind.Null], page.GetProperty("rows").EnumerateArray().Select(r => r[column].ValueKind));
        Assert.Equal("unchanged", (await ApplyAsync(designer, recast, confirm: false)).GetProperty("result").GetString());
    }

    [Fact]
    public async Task Only_a_designer_applies()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var worker = await platform.SignInAsync("worker-ecology");
        var files = Files();
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PostAsJsonAsync("/api/v1/packs/apply", new { root = files.Root, texts = files.Texts })).StatusCode);
    }

    private static async Task WithNotesAsync(RunningPlatform platform, HttpClient designer)
    {
        Assert.Equal("applied", (await ApplyAsync(designer, Files(note: Note), confirm: false)).GetProperty("result").GetString());
        var file = Path.Combine(platform.Folder, "notes.csv");
        await File.WriteAllTextAsync(file, "id,amount,night,heard\na,1.5,true,2025-01-01 10:00\nb,2.5,false,2025-01-02 11:00\n");
        var (summary, _) = await platform.LoadAsync("note", file);
        Assert.Equal(2, summary.RowsAdded);
    }

    private static Guantong.Packs.PackFiles Files(Func<string, string, string>? change = null, string? note = null)
    {
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality");
        var texts = files.Texts.ToDictionary(t => t.Key, t => change?.Invoke(t.Key, t.Value) ?? t.Value);
        if (note is not null)
            texts["datasets/note.yaml"] = note;
        return new(files.Root, texts);
    }

    private static async Task<JsonElement> ApplyAsync(HttpClient designer, Guantong.Packs.PackFiles files, bool confirm)
    {
        var response = await designer.PostAsJsonAsync("/api/v1/packs/apply", new { root = files.Root, texts = files.Texts, confirm });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<string> RevisionAsync(HttpClient http) =>
        Assert.Single((await http.GetFromJsonAsync<JsonElement>("/api/v1/packs")).EnumerateArray(), p => p.GetProperty("id").GetString() == Pack).GetProperty("revision").GetString()!;

    private static async Task<long> EntriesAsync(HttpClient auditor) => (await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger?take=1")).GetProperty("total").GetInt64();

    private static async Task<int> NotesAsync(HttpClient http) => (await http.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/note/rows")).GetProperty("total").GetInt32();
}
