using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.EntityPlatform;

namespace Guantong.Tests;

/// <summary>The same organisation is found in several datasets: certain ones by their code, likely ones by a person, whose word stands.</summary>
public sealed class EntityTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    private static async Task<EntityPlatform> LoadedAsync(string store)
    {
        var platform = await StartAsync(store);
        await platform.LoadAsync("register", $"r1,{Code(1)},杭州示例一科技有限公司,文三路1号,0571-87654321", $"r2,{Code(2)},宁波示例二贸易有限公司,,", "r3,,湖州示例三纺织有限公司,,");
        await platform.LoadAsync("taxpayer", "t1,,示例一科技（杭州）公司,杭州市文三路1号,87654321", $"t2,{Code(2).ToLowerInvariant()},示例二商行,,", $"t3,{Code(3, "92")},示例面馆,,");
        return platform;
    }

    private static async Task<JsonElement> RunAsync(HttpClient http) => await (await http.PostAsync("/api/v1/entities/run", null, Stop)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Stop);

    private static async Task<string> RefusedAsync(HttpResponseMessage answer) => $"{(int)answer.StatusCode} {(await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("code")}";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_same_code_links_what_is_alike_waits_and_a_decision_outlives_later_runs(string store)
    {
        await using var platform = await LoadedAsync(store);
        using var bureau = await platform.Platform.SignInAsync("steward");
        // The sole trader is a natural person, and takes no part.
        var run = await RunAsync(bureau);
        Assert.Equal((5, 4, 1), (run.GetProperty("rows").GetInt32(), run.GetProperty("organisations").GetInt32(), run.GetProperty("waiting").GetInt32()));
        Assert.Equal(["r2 code", "t2 code"], await RowsAsync(bureau, Code(2)));
        Assert.Equal(["r1 t1 60"], await PairsAsync(bureau));

        // What a score is made of is said, and adds up to it.
        var id = await FirstAsync(bureau);
        var file = await bureau.GetFromJsonAsync<JsonElement>($"/api/v1/entities/pairs/{id}", Stop);
        var parts = file.GetProperty("pair").GetProperty("parts").EnumerateArray().ToList();
        Assert.Equal(60, parts.Sum(p => p.GetProperty("points").GetInt32()));
        Assert.Equal(["至少一方没有有效的统一社会信用代码", "名称相同", "地址相同", "电话相同"], parts.Select(p => p.Text("words")));
        Assert.Equal(("文三路1号", "杭州市文三路1号"), (file.GetProperty("left").Text("address"), file.GetProperty("right").Text("address")));

        (await bureau.PostAsJsonAsync($"/api/v1/entities/pairs/{id}/decide", new { verdict = "same" }, Stop)).EnsureSuccessStatusCode();
        Assert.Equal(["r1 code", "t1 person"], await RowsAsync(bureau, Code(1)));
        Assert.Empty(await PairsAsync(bureau));
        // Rows that change until nothing is alike any more change nothing of what a person said.
        await platform.LoadAsync("taxpayer", "t1,,改了名的单位,,");
        await RunAsync(bureau);
        Assert.Equal(["r1 code", "t1 person"], await RowsAsync(bureau, Code(1)));
        Assert.Equal(["r1 t1 60"], await PairsAsync(bureau, "state=same"));

        // Taken back, the two are what their codes and scores say.
        (await bureau.PostAsync($"/api/v1/entities/pairs/{id}/undo", null, Stop)).EnsureSuccessStatusCode();
        Assert.Equal(["r1 code"], await RowsAsync(bureau, Code(1)));
        Assert.Equal(0, (await RunAsync(bureau)).GetProperty("waiting").GetInt32());
        var ledger = await platform.Platform.Services.GetRequiredService<Store>().ReadAsync(async c => (await c.QueryAsync<string>("SELECT action FROM ledger WHERE about = @about ORDER BY seq", new { about = $"entity-pair:{id}" })).AsList(), Stop);
        Assert.Equal(["entity.same", "entity.undone"], ledger);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_a_code_linked_is_parted_by_a_person_for_good_and_contradictions_are_refused(string store)
    {
        await using var platform = await LoadedAsync(store);
        using var bureau = await platform.Platform.SignInAsync("steward");
        await RunAsync(bureau);
        (await DecideAsync(bureau, "r2", "t2", "different")).EnsureSuccessStatusCode();
        Assert.Equal(["r2 code"], await RowsAsync(bureau, Code(2)));
        await RunAsync(bureau);
        Assert.Equal(["r2 code"], await RowsAsync(bureau, Code(2)));
        Assert.Equal("409 entity-decided", await RefusedAsync(await DecideAsync(bureau, "r2", "t2", "same")));
        Assert.Equal("404 not-found", await RefusedAsync(await DecideAsync(bureau, "r2", "t9", "same")));
        Assert.Equal("422 entity-verdict", await RefusedAsync(await DecideAsync(bureau, "r2", "t1", "maybe")));
        // r1 = t1 = r3: then r1 and r3 are not two.
        (await DecideAsync(bureau, "r1", "t1", "same")).EnsureSuccessStatusCode();
        (await DecideAsync(bureau, "r3", "t1", "same")).EnsureSuccessStatusCode();
        var against = await bureau.PostAsJsonAsync("/api/v1/entities/decisions", new { left = new { data = $"{Pack}/register", row = "r1" }, right = new { data = $"{Pack}/register", row = "r3" }, verdict = "different" }, Stop);
        Assert.Equal("409 entity-contradicts", await RefusedAsync(against));
        Assert.Equal(["r1 code", "r3 person", "t1 person"], await RowsAsync(bureau, Code(1)));
        // The parting taken back, the code links them again.
        var id = await FirstAsync(bureau, "state=different");
        (await bureau.PostAsync($"/api/v1/entities/pairs/{id}/undo", null, Stop)).EnsureSuccessStatusCode();
        Assert.Equal(["r2 code", "t2 code"], await RowsAsync(bureau, Code(2)));
        Assert.Equal("404 not-found", await RefusedAsync(await bureau.PostAsync($"/api/v1/entities/pairs/{id}/undo", null, Stop)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_dataset_counts_for_those_alone_who_see_all_of_it_and_the_outcome_is_taken_away_as_csv(string store)
    {
        await using var platform = await LoadedAsync(store);
        using var bureau = await platform.Platform.SignInAsync("steward");
        using var worker = await platform.Platform.SignInAsync("worker-hangzhou");
        await RunAsync(bureau);
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.GetAsync("/api/v1/entities/pairs", Stop)).StatusCode);
        Assert.Equal(["r2 code"], await RowsAsync(worker, Code(2)));
        Assert.Equal(3, (await worker.GetFromJsonAsync<JsonElement>("/api/v1/entities/organisations", Stop)).GetProperty("total").GetInt32());
        Assert.Equal(4, (await bureau.GetFromJsonAsync<JsonElement>("/api/v1/entities/organisations", Stop)).GetProperty("total").GetInt32());
        Assert.Equal(1, (await bureau.GetFromJsonAsync<JsonElement>("/api/v1/entities/organisations?least=2&words=示例二", Stop)).GetProperty("total").GetInt32());
        var lines = (await bureau.GetStringAsync("/api/v1/entities/organisations.csv", Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, lines.Length);
        Assert.Contains($"{Code(2)},test.entities/taxpayer,t2,code,{Code(2)},示例二商行,,", lines);
        Assert.DoesNotContain(lines, l => l.Contains("张三", StringComparison.Ordinal));
        var ledger = await platform.Platform.Services.GetRequiredService<Store>().ReadAsync(async c => (await c.QueryAsync<string>("SELECT dataset FROM ledger WHERE action = 'dataset.exported' ORDER BY dataset")).AsList(), Stop);
        Assert.Equal(["test.entities/register", "test.entities/taxpayer"], ledger);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_that_came_are_compared_by_themselves_and_nothing_runs_where_nothing_came(string store)
    {
        await using var platform = await LoadedAsync(store);
        var entities = platform.Platform.Services.GetRequiredService<Entities>();
        Assert.Equal(1, (await entities.RunAsync(null, Stop))!.Waiting);
        Assert.Null(await entities.RunAsync(null, Stop));
        // Twice in one dataset is found too.
        await platform.LoadAsync("taxpayer", "t4,,温州示例四建设有限公司,,", "t5,,示例四建设（温州）有限责任公司,,");
        Assert.Equal(2, (await entities.RunAsync(null, Stop))!.Waiting);
        using var bureau = await platform.Platform.SignInAsync("steward");
        Assert.Equal(["r1 t1 60", "t4 t5 30"], await PairsAsync(bureau));
        Assert.Equal(["t4 t5 30"], await PairsAsync(bureau, "words=示例四"));
        Assert.Equal(["r1 t1 60"], await PairsAsync(bureau, $"data={Pack}/register&sort=name"));
        Assert.Equal(HttpStatusCode.BadRequest, (await bureau.GetAsync("/api/v1/entities/pairs?state=open", Stop)).StatusCode);
    }
}
