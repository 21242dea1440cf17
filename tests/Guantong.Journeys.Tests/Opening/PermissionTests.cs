using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Restricted opening: what is open on condition is applied for, decided on, read under a permission, and ends.</summary>
public sealed class PermissionTests
{
    private const string Rows = $"/api/v1/datasets/{AppliedPack.Allowance}/opened/rows", Sites = $"/api/v1/datasets/{AppliedPack.Site}/opened/rows";
    private const string Applications = "/api/v1/opening/applications", Held = "/api/v1/opening/permissions";

    private static async Task<string> CodeAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        var code = answer.IsSuccessStatusCode || text.Length == 0 ? "" : JsonDocument.Parse(text).RootElement.TryGetProperty("code", out var said) ? said.GetString() : "fields";
        return $"{(int)answer.StatusCode} {code}".TrimEnd();
    }

    private static async Task<JsonElement> JsonAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    private static async Task<Dictionary<string, object?>> AskedAsync(HttpClient who, string dataset, string form = "rows", string whom = "person:citizen-a", int days = 90) => new()
    {
        ["pack"] = AppliedPack.Id, ["dataset"] = dataset, ["for"] = whom, ["form"] = form, ["purpose"] = "研究补助政策在各地的落实情况", ["product"] = "一篇公开发表的研究报告", ["days"] = days, ["safeguards"] = "只在加密的电脑上保存，项目结束即删除",
        ["agreement"] = (await who.GetFromJsonAsync<JsonElement>($"/api/v1/opening/offers/{AppliedPack.Id}/{dataset}")).GetProperty("agreement").GetProperty("hash").GetString(),
    };

    private static async Task<string> ApplyAsync(HttpClient who, string dataset, string form = "rows", string whom = "person:citizen-a", int days = 90) =>
        (await JsonAsync(who.PostAsJsonAsync(Applications, await AskedAsync(who, dataset, form, whom, days)))).GetProperty("application").GetProperty("id").GetString()!;

    private static Task<HttpResponseMessage> DecideAsync(HttpClient who, string id, bool agree, string? reason = null) => who.PostAsJsonAsync($"{Applications}/{id}/decide", new { agree, reason });

    private static async Task<HashSet<string>> ActionsAsync(RunningPlatform platform)
    {
        using var auditor = await platform.SignInAsync("auditor");
        return [.. (await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger?take=200")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()!)];
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whoever_was_granted_it_reads_it_and_nobody_else(string store)
    {
        await using var platform = await AppliedPack.StartAsync(store);
        using var citizen = await platform.SignInAsync("citizen-a");
        using var another = await platform.SignInAsync("citizen-b");
        using var steward = await platform.SignInAsync("steward-ecology");
        using var elsewhere = await platform.SignInAsync("steward");
        using var anyone = platform.Anonymous();
        var offers = (await anyone.GetFromJsonAsync<JsonElement>("/api/v1/opening/offers")).EnumerateArray().Where(o => o.GetProperty("pack").GetString() == AppliedPack.Id).Select(o => $"{o.GetProperty("id")} {o.GetProperty("forms")} {o.GetProperty("mostDays")}").Order();
        Assert.Equal(["allowance [\"rows\",\"sandbox\"] 180", "site [\"rows\"] 365"], offers);

        // What is wrong is said at its field, and nothing is kept.
        var wrong = await AskedAsync(citizen, "allowance", days: 400, whom: "organisation:91330100MA2ABCDE00");
        (wrong["purpose"], wrong["agreement"]) = ("短", "");
        using (var answer = await citizen.PostAsJsonAsync(Applications, wrong))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Equal(["agreement", "days", "for", "purpose"], (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name).Order());
        }
        Assert.Equal("422 fields", await CodeAsync(citizen.PostAsJsonAsync(Applications, await AskedAsync(citizen, "site", form: "sandbox"))));
        Assert.Equal("401", (await CodeAsync(anyone.PostAsJsonAsync(Applications, wrong)))[..3]);
        Assert.Equal("403 not-allowed", await CodeAsync(steward.PostAsJsonAsync(Applications, wrong)));

        var id = await ApplyAsync(citizen, "allowance");
        Assert.Equal("409 opening-asked-already", await CodeAsync(citizen.PostAsJsonAsync(Applications, await AskedAsync(citizen, "allowance"))));
        foreach (var path in (string[])["", ".csv", ".json"])
            Assert.Equal("403 opening-conditional", await CodeAsync(citizen.GetAsync(Rows + path)));
        // Whose it is not decides nothing; a refusal needs its reason.
        Assert.Equal("403 share-not-yours", await CodeAsync(DecideAsync(elsewhere, id, true)));
        Assert.Equal("403 not-allowed", await CodeAsync(DecideAsync(another, id, true)));
        Assert.Equal("422 share-reason", await CodeAsync(DecideAsync(steward, id, false)));
        Assert.Equal(0, (await elsewhere.GetFromJsonAsync<JsonElement>($"{Applications}/seen")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await steward.GetFromJsonAsync<JsonElement>($"{Applications}/seen")).GetProperty("total").GetInt32());
        await JsonAsync(DecideAsync(steward, id, true));
        Assert.Equal("409 share-ended", await CodeAsync(DecideAsync(steward, id, true)));

        Assert.True((await JsonAsync(citizen.GetAsync(Rows))).GetProperty("total").GetInt32() > 0);
        Assert.DoesNotContain("SYN-", await citizen.GetStringAsync(Rows + ".csv"), StringComparison.Ordinal);
        Assert.Equal("403 opening-conditional", await CodeAsync(another.GetAsync(Rows)));
        Assert.Equal("403 opening-conditional", await CodeAsync(anyone.GetAsync(Rows)));
        Assert.Equal("403 opening-conditional", await CodeAsync(citizen.GetAsync(Sites)));
        Assert.Equal("404 not-found", await CodeAsync(another.PostAsync($"{Held}/{id}/give-up", null)));
        var actions = await ActionsAsync(platform);
        Assert.Superset(new HashSet<string> { "opening.applied", "opening.granted", "dataset.rows-read", "dataset.exported" }, actions);

        // What is not declared otherwise gives its own rows, all of them.
        var site = await ApplyAsync(citizen, "site");
        await JsonAsync(DecideAsync(steward, site, true));
        Assert.Equal(4, (await citizen.GetStringAsync(Sites + ".csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("403 opening-conditional", await CodeAsync(steward.GetAsync(Sites)));

        // Given up, it is over; graded higher, it holds no more.
        await JsonAsync(citizen.PostAsync($"{Held}/{site}/give-up", null));
        Assert.Equal("403 opening-conditional", await CodeAsync(citizen.GetAsync(Sites)));
        Assert.Equal("409 share-ended", await CodeAsync(citizen.PostAsync($"{Held}/{site}/give-up", null)));
        await AppliedPack.ApplyAsync(platform, grade: "4");
        Assert.Equal("403 opening-conditional", await CodeAsync(citizen.GetAsync(Rows)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_permission_ends_with_its_term_or_by_the_bureau_and_an_application_by_refusal_or_withdrawal(string store)
    {
        var clock = new StandingClock();
        await using var platform = await AppliedPack.StartAsync(store, clock);
        using var citizen = await platform.SignInAsync("citizen-a");
        using var steward = await platform.SignInAsync("steward-ecology");
        using var bureau = await platform.SignInAsync("data-bureau");
        var refused = await ApplyAsync(citizen, "site");
        await JsonAsync(DecideAsync(steward, refused, false, "用途写得不清楚"));
        var withdrawn = await ApplyAsync(citizen, "site");
        Assert.Equal(HttpStatusCode.NoContent, (await citizen.PostAsync($"{Applications}/{withdrawn}/withdraw", null)).StatusCode);
        Assert.Equal("409 share-ended", await CodeAsync(DecideAsync(bureau, withdrawn, true)));
        Assert.Equal("403 opening-conditional", await CodeAsync(citizen.GetAsync(Sites)));

        var ended = await ApplyAsync(citizen, "allowance");
        await JsonAsync(DecideAsync(bureau, ended, true));
        Assert.Equal("200", await CodeAsync(citizen.GetAsync(Rows)));
        Assert.Equal("403 not-allowed", await CodeAsync(steward.PostAsJsonAsync($"{Held}/{ended}/end", new { reason = "违反协议" })));
        Assert.Equal("422 share-reason", await CodeAsync(bureau.PostAsJsonAsync($"{Held}/{ended}/end", new { })));
        await JsonAsync(bureau.PostAsJsonAsync($"{Held}/{ended}/end", new { reason = "违反协议第三条" }));
        Assert.Equal("403 opening-conditional", await CodeAsync(citizen.GetAsync(Rows)));
        var mine = (await citizen.GetFromJsonAsync<JsonElement>(Applications)).EnumerateArray().First(a => a.GetProperty("application").GetProperty("id").GetString() == ended);
        Assert.Equal(("ended", "违反协议第三条"), (mine.GetProperty("permission").GetProperty("state").GetString(), mine.GetProperty("permission").GetProperty("reason").GetString()));

        // For a business by whom represents it, and by nobody after.
        using var keeper = await platform.SignInAsync("duty");
        var code = await Persons.OrganisationAsync(keeper, "citizen-a");
        var firm = await ApplyAsync(citizen, "allowance", whom: "organisation:" + code, days: 10);
        clock.Now += TimeSpan.FromDays(20);
        using var later = await platform.SignInAsync("steward-ecology");
        Assert.Equal(1, (await later.GetFromJsonAsync<JsonElement>($"{Applications}/seen?state=open")).GetProperty("total").GetInt32());
        Assert.True((await platform.Services.GetRequiredService<Permissions>().FindAsync(firm, TestContext.Current.CancellationToken))!.Application.IsOverdue(clock.Now));
        await JsonAsync(DecideAsync(later, firm, true));
        using var holder = await platform.SignInAsync("citizen-a");
        Assert.Equal("200", await CodeAsync(holder.GetAsync(Rows)));
        clock.Now += TimeSpan.FromDays(10) - TimeSpan.FromMinutes(1);
        using var last = await platform.SignInAsync("citizen-a");
        Assert.Equal("200", await CodeAsync(last.GetAsync(Rows)));
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal("403 opening-conditional", await CodeAsync(last.GetAsync(Rows)));
        Assert.Superset(new HashSet<string> { "opening.application-refused", "opening.application-withdrawn", "opening.ended" }, await ActionsAsync(platform));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_sandbox_tells_nothing_of_the_rows_until_somebody_who_answers_for_them_has_looked(string store)
    {
        await using var platform = await AppliedPack.StartAsync(store);
        using var citizen = await platform.SignInAsync("citizen-a");
        using var another = await platform.SignInAsync("citizen-b");
        using var steward = await platform.SignInAsync("steward-ecology");
        var id = await ApplyAsync(citizen, "allowance", "sandbox");
        var cells = $"{Held}/{id}/cells";
        Assert.Equal("404 not-found", await CodeAsync(citizen.GetAsync(cells)));
        await JsonAsync(DecideAsync(steward, id, true));
        // The sandbox is not the download.
        Assert.Equal("403 opening-conditional", await CodeAsync(citizen.GetAsync(Rows)));
        Assert.Equal("404 not-found", await CodeAsync(another.GetAsync(cells)));
        Assert.Equal("404 not-found", await CodeAsync(another.PostAsJsonAsync(cells, new { sql = "SELECT 1" })));
        Assert.Equal(["region", "aid", "amount", "day"], (await citizen.GetFromJsonAsync<JsonElement>(cells)).GetProperty("fields").EnumerateArray().Select(f => f.GetProperty("id").GetString()!));

        async Task<string> WriteAsync(string sql) => (await JsonAsync(citizen.PostAsJsonAsync(cells, new { sql }))).GetProperty("id").GetString()!;
        var cell = await WriteAsync("SELECT 1");
        foreach (var sql in (string[])["SELECT id FROM allowance", "SELECT * FROM site", "SELECT 1; DROP TABLE allowance", "DELETE FROM allowance", "SELECT * FROM pg_catalog.pg_user", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM opening_permission", "not sql"])
        {
            await JsonAsync(citizen.PutAsJsonAsync($"{cells}/{cell}", new { sql }));
            Assert.Equal("422", (await CodeAsync(citizen.PostAsync($"{cells}/{cell}/run", null)))[..3]);
        }
        // The engine's own words would name a value.
        await JsonAsync(citizen.PutAsJsonAsync($"{cells}/{cell}", new { sql = "SELECT CAST(aid AS INTEGER) AS n FROM allowance" }));
        using (var failed = await citizen.PostAsync($"{cells}/{cell}/run", null))
            Assert.DoesNotContain("低保", await failed.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await JsonAsync(citizen.PutAsJsonAsync($"{cells}/{cell}", new { sql = "SELECT aid, count(*) AS n, sum(amount) AS amount FROM allowance GROUP BY aid ORDER BY aid" }));
        var held = await JsonAsync(citizen.PostAsync($"{cells}/{cell}/run", null));
        Assert.Equal(("held", JsonValueKind.Null, JsonValueKind.Null), (held.GetProperty("state").GetString(), held.GetProperty("rows").ValueKind, held.GetProperty("columns").ValueKind));
        Assert.False(held.TryGetProperty("rowCount", out _));
        Assert.Equal("404 sandbox-not-released", await CodeAsync(citizen.GetAsync($"{cells}/{cell}/result.csv")));
        var result = held.GetProperty("id").GetString();
        Assert.Equal("403 not-allowed", await CodeAsync(citizen.PostAsJsonAsync($"/api/v1/sharing/results/{result}/decide", new { agree = true })));
        Assert.Equal(result, Assert.Single((await steward.GetFromJsonAsync<JsonElement>("/api/v1/sharing/results")).EnumerateArray()).GetProperty("id").GetString());
        await JsonAsync(steward.PostAsJsonAsync($"/api/v1/sharing/results/{result}/decide", new { agree = true }));
        Assert.StartsWith("aid,n,amount\r\n", await citizen.GetStringAsync($"{cells}/{cell}/result.csv"), StringComparison.Ordinal);
        var told = (await citizen.GetFromJsonAsync<JsonElement>(cells)).GetProperty("cells")[0].GetProperty("result");
        Assert.Equal(2, told.GetProperty("rows").GetArrayLength());
        Assert.Equal("404 not-found", await CodeAsync(another.GetAsync($"{cells}/{cell}/result.csv")));

        var second = await WriteAsync("SELECT region, amount FROM allowance");
        var rows = (await JsonAsync(citizen.PostAsync($"{cells}/{second}/run", null))).GetProperty("id").GetString();
        await JsonAsync(steward.PostAsJsonAsync($"/api/v1/sharing/results/{rows}/decide", new { agree = false, reason = "是逐行数据" }));
        var kept = (await citizen.GetFromJsonAsync<JsonElement>(cells)).GetProperty("cells")[1].GetProperty("result");
        Assert.Equal(("refused", "是逐行数据", JsonValueKind.Null), (kept.GetProperty("state").GetString(), kept.GetProperty("reason").GetString(), kept.GetProperty("rows").ValueKind));
        Assert.Equal(HttpStatusCode.NoContent, (await citizen.DeleteAsync($"{cells}/{second}")).StatusCode);

        // Given up: neither run nor shown any more.
        await JsonAsync(citizen.PostAsync($"{Held}/{id}/give-up", null));
        Assert.Equal("403 opening-permission-over", await CodeAsync(citizen.PostAsync($"{cells}/{cell}/run", null)));
        Assert.Equal("403 opening-permission-over", await CodeAsync(citizen.GetAsync($"{cells}/{cell}/result.csv")));
        Assert.Equal(JsonValueKind.Null, (await citizen.GetFromJsonAsync<JsonElement>(cells)).GetProperty("cells")[0].GetProperty("result").GetProperty("rows").ValueKind);
        Assert.Superset(new HashSet<string> { "sandbox.run", "sandbox.released", "sandbox.refused", "sandbox.cell-written", "sandbox.cell-removed", "sandbox.taken", "opening.given-up" }, await ActionsAsync(platform));
    }
}
