using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A platform with two datasets of made-up organisations: the register, which every official sees, and the taxpayers', which is shared on a condition.</summary>
internal sealed class EntityPlatform : IAsyncDisposable
{
    public const string Pack = "test.entities";

    private EntityPlatform(RunningPlatform platform) => Platform = platform;

    public RunningPlatform Platform { get; }

    private static string Dataset(string id, string name, string share) => $$"""
        dataset: {{id}}
        name: {{name}}
        about: 一行是一个单位，全部为测试数据。
        source: 省市场监管局
        share: {{share}}
        open: none
        grade: 2
        key: [id]
        organisation: {name: name, code: code, address: address, phone: phone}
        fields:
          id: {type: string, name: 编号}
          code: {type: string, name: 统一社会信用代码}
          name: {type: string, name: 名称}
          address: {type: string, name: 地址}
          phone: {type: string, name: 电话}
        feed:
          from: csv
          columns: {id: id, code: code, name: name, address: address, phone: phone}
        """;

    public static async Task<EntityPlatform> StartAsync(string store, bool standing = true)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: standing ? new StandingClock() : null);
        var files = new Dictionary<string, string>
        {
            ["pack.yaml"] = "pack: test.entities\nversion: 1.0.0\nname: 单位\napplication: digital-government\nlead: 省市场监管局\n",
            ["datasets/register.yaml"] = Dataset("register", "登记单位", "unconditional"),
            ["datasets/taxpayer.yaml"] = Dataset("taxpayer", "纳税单位", "conditional"),
        };
        await platform.ApplyAsync(new PackFiles("packs/test/entities", files));
        return new EntityPlatform(platform);
    }

    /// <summary>A valid credit code; one that begins with 92 is a sole trader's.</summary>
    public static string Code(int n, string kind = "91") => $"{kind}330106MA{n:0000000}" is var body ? body + ValueForm.Find("credit-code")!.Check!.Of(body) : "";

    /// <summary>Loads rows "id,code,name,address,phone".</summary>
    public Task LoadAsync(string dataset, params IEnumerable<string> rows) => Platform.LoadLinesAsync(Pack, dataset, rows.Prepend("id,code,name,address,phone"));

    /// <summary>Pairs in a state, each as "left right score".</summary>
    public static async Task<string[]> PairsAsync(HttpClient http, string query = "") =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/api/v1/entities/pairs?{query}")).GetProperty("items").EnumerateArray().Select(p => $"{p.GetProperty("left").Text("row")} {p.GetProperty("right").Text("row")} {p.GetProperty("score")}")];

    /// <summary>Id of the first pair in a state.</summary>
    public static async Task<string> FirstAsync(HttpClient http, string query = "") =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/v1/entities/pairs?{query}")).GetProperty("items")[0].Text("id")!;

    /// <summary>The rows of an organisation, each as "row by".</summary>
    public static async Task<string[]> RowsAsync(HttpClient http, string organisation) =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/api/v1/entities/organisations/{organisation}")).GetProperty("rows").EnumerateArray().Select(r => $"{r.Text("row")} {r.Text("by")}")];

    /// <summary>Decides about a row of the register and one of the taxpayers'.</summary>
    public static Task<HttpResponseMessage> DecideAsync(HttpClient http, string registered, string taxed, string verdict) =>
        http.PostAsJsonAsync("/api/v1/entities/decisions", new { left = new { data = $"{Pack}/register", row = registered }, right = new { data = $"{Pack}/taxpayer", row = taxed }, verdict });

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}
