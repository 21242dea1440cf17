using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Prefill in forms of tasks, from another pack's data, for persons and organisations; counted against the grant, and what happens when that is used up.</summary>
public sealed class PrefillTaskTests
{
    private const string Prefill = $"/api/v1/services/{FarResidents.Pack}/{FarResidents.Matter}/prefill";

    private static async Task<List<(string Field, string? Value, string? Why)>> SaysAsync(HttpClient http, string path = Prefill) =>
        [.. (await http.GetFromJsonAsync<JsonElement>(path)).EnumerateArray().Select(p => (p.Text("field")!, p.GetProperty("value").ValueKind == JsonValueKind.Null ? null : p.GetProperty("value").ToString(), p.Text("why")))];

    private static string OfTask(string task) => $"/api/v1/tasks/{task}/prefill";

    private static async Task<JsonElement> DataAsync(HttpClient official, string number) =>
        JsonDocument.Parse((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").Text("data")!).RootElement;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Another_pack_s_data_fills_in_an_application_and_an_official_s_form_who_may_overwrite_it(string store)
    {
        await using var platform = await FarResidents.StartAsync(store);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(HandledCase.People);
        using var mine = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-huzhou");
        using var colleague = await platform.SignInAsync("colleague");
        using var elsewhere = await platform.SignInAsync("worker-huzhou-weather");
        await Residents.ProveAsync(platform, "citizen-a", Residents.Elder);
        Assert.Equal([("age", null, "no-grant")], await SaysAsync(mine));
        var grant = await FarResidents.GrantAsync(platform);
        var says = (await mine.GetFromJsonAsync<JsonElement>(Prefill))[0];
        Assert.Equal((FarResidents.Named, "户籍登记摘要", "zj-police", 85), (says.Text("dataset"), says.Text("name"), says.Text("source"), says.GetProperty("value").GetInt32()));
        var number = await FarResidents.ApplyAsync(mine, "self");
        var task = await Persons.TaskAsync(platform, official, number);
        Assert.Equal(85, (await DataAsync(official, number)).GetProperty("age").GetInt32());
        var kept = (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/prefills"))[0];
        Assert.Equal(("used", grant, FarResidents.Named), (kept.Text("state"), kept.Text("grantId"), kept.Text("dataset")));

        // In the task: for whoever does it, and nobody else.
        Assert.Equal([("inspected_age", "85", null), ("inspected_years", null, "other-applicant")], await SaysAsync(official, OfTask(task)));
        Assert.Equal("403", (await mine.GetAsync(OfTask(task)).ToldAsync())[..3]);
        Assert.Contains((await elsewhere.GetAsync(OfTask(task)).ToldAsync())[..3], (string[])["403", "404"]);
        Assert.Equal("404 not-found", await official.GetAsync(OfTask("none")).ToldAsync());
        (await official.PostAsync($"/api/v1/tasks/{task}/take", null)).EnsureSuccessStatusCode();
        Assert.Equal("409 task-taken", await colleague.GetAsync(OfTask(task)).ToldAsync());

        // What the official sends is what counts.
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(official, number, "inspect", new { confirmed = false, finding = "现场没有发现焚烧", inspected_age = 84 }));
        Assert.Equal(84, (await DataAsync(official, number)).GetProperty("inspected_age").GetInt32());
        Assert.Equal("409 task-done", await official.GetAsync(OfTask(task)).ToldAsync());

        // Each read is told to the person, with the unit that read; the ledger has no value.
        var reads = (await Persons.ItemsAsync(mine, "/api/v1/me/reads")).Where(r => r.Text("action") == "prefill.read").ToList();
        Assert.All(reads, r => Assert.Equal(("read", "省生态环境厅", "大气污染问题反映"), (r.Text("kind"), r.Text("who"), r.Text("matter"))));
        Assert.All(reads, r => Assert.Contains("户籍登记摘要", r.Text("purpose"), StringComparison.Ordinal));
        var entries = (await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryAsync<(string Actor, string Detail, string Dataset)>("SELECT actor, detail, dataset FROM ledger WHERE action = 'prefill.read' ORDER BY seq"))).ToList();
        Assert.Equal(("worker-huzhou", FarResidents.Named), (entries[^1].Actor, entries[^1].Dataset));
        Assert.All(entries, e => Assert.DoesNotContain("85", e.Detail, StringComparison.Ordinal));
        Assert.All(entries, e => Assert.DoesNotContain(Residents.Elder, e.Detail, StringComparison.Ordinal));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_task_s_form_says_why_it_is_not_filled_in(string store)
    {
        await using var platform = await FarResidents.StartAsync(store);
        using var nobody = platform.Anonymous();
        using var mine = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-huzhou");
        async Task<string?> WhyAsync(HttpClient who, string? whom)
        {
            var task = await Persons.TaskAsync(platform, official, await FarResidents.ApplyAsync(who, whom));
            return (await SaysAsync(official, OfTask(task))).Single(s => s.Field == "inspected_age").Why;
        }
        Assert.Equal("no-applicant", await WhyAsync(nobody, null));
        Assert.Equal("no-identity", await WhyAsync(mine, "self"));
        await Residents.ProveAsync(platform, "citizen-a", Residents.Younger);
        Assert.Equal("no-grant", await WhyAsync(mine, "self"));
        var grant = await FarResidents.GrantAsync(platform);
        Assert.Equal("no-row", await WhyAsync(mine, "self"));
        await Residents.SetAsync(platform, grant, "suspended");
        Assert.Equal("suspended", await WhyAsync(mine, "self"));
        await Residents.SetAsync(platform, grant, "ended");
        Assert.Equal("expired", await WhyAsync(mine, "self"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_organisation_s_row_is_found_by_its_code_in_a_task_too(string store)
    {
        await using var platform = await FarResidents.StartAsync(store);
        using var keeper = await platform.SignInAsync("duty");
        using var head = await platform.SignInAsync("enterprise-a");
        using var official = await platform.SignInAsync("worker-huzhou");
        var code = await Persons.OrganisationAsync(keeper, "enterprise-a");
        await platform.LoadLinesAsync(Residents.Pack, "resident", "id_number,region,age,local", $"{Residents.Elder},330106,85,true", $"{code},330109,7,true");
        await FarResidents.GrantAsync(platform);
        var task = await Persons.TaskAsync(platform, official, await FarResidents.ApplyAsync(head, "organisation:" + code));
        Assert.Equal([("inspected_age", null, "other-applicant"), ("inspected_years", "7", null)], await SaysAsync(official, OfTask(task)));
        var read = (await Persons.ItemsAsync(head, $"/api/v1/me/reads?of=organisation:{code}")).First(r => r.Text("action") == "prefill.read");
        Assert.Equal("大气污染问题反映", read.Text("matter"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Each_read_counts_as_one_over_the_API_and_a_grant_that_is_used_up_fills_in_nothing_and_says_so(string store)
    {
        var clock = new StandingClock();
        await using var platform = await FarResidents.StartAsync(store, clock);
        using var mine = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-huzhou");
        using var program = await platform.SignInAsync("worker-ecology");
        await Residents.ProveAsync(platform, "citizen-a", Residents.Elder);
        var grant = await FarResidents.GrantAsync(platform, perMinute: 4, perDay: 6);
        async Task<int> CallAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/gateway/{grant}/rows") { Content = JsonContent.Create(new { by = new { id_number = Residents.Elder } }) };
            request.Headers.Add("Guantong-Purpose", "handling");
            request.Headers.Add("Guantong-Matter", $"{FarResidents.Pack}/{FarResidents.Matter}");
            using var answer = await program.SendAsync(request);
            return (int)answer.StatusCode;
        }
        // Applying reads, as the form did; with a call over the API that is the minute's worth.
        Assert.Equal([("age", "85", null)], await SaysAsync(mine));
        var number = await FarResidents.ApplyAsync(mine, "self");
        var task = await Persons.TaskAsync(platform, official, number);
        Assert.Equal("85", (await SaysAsync(official, OfTask(task)))[0].Value);
        Assert.Equal(200, await CallAsync());
        Assert.Equal(429, await CallAsync());
        Assert.Equal([("age", null, "used-up")], await SaysAsync(mine));
        Assert.Equal((null, "used-up"), (await SaysAsync(official, OfTask(task))).Select(s => (s.Value, s.Why)).First());
        var page = WebUtility.HtmlDecode(await mine.GetStringAsync($"/services/{FarResidents.Pack}/{FarResidents.Matter}/apply"));
        Assert.Contains("共享数据的读取次数暂时用完了", page, StringComparison.Ordinal);
        // The applicant types it, and the official reads why.
        var typed = await FarResidents.ApplyAsync(mine, "self", new { age = 80 });
        await Persons.TaskAsync(platform, official, typed);
        Assert.Equal(80, (await DataAsync(official, typed)).GetProperty("age").GetInt32());
        var kept = (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{typed}/prefills"))[0];
        Assert.Equal(("asked", "used-up"), (kept.Text("state"), kept.Text("why")));

        // A minute later there is room for two of the day's six.
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal("85", (await SaysAsync(mine))[0].Value);
        Assert.Equal(200, await CallAsync());
        Assert.Equal("used-up", (await SaysAsync(mine))[0].Why);
        Assert.Equal(429, await CallAsync());
        // What was read stands in the figures of service with the calls.
        var counts = platform.Services.GetRequiredService<Gateway.ServiceCounts>();
        await counts.KeepAsync(TestContext.Current.CancellationToken);
        var (calls, served) = await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryFirstAsync<(long, long)>("SELECT CAST(sum(calls) AS BIGINT), CAST(sum(calls - refused) AS BIGINT) FROM share_minute WHERE grant_id = @grant", new { grant }));
        Assert.Equal(6, served);
        Assert.True(calls > served);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Data_that_another_pack_takes_away_while_a_form_is_open_is_asked_for_and_nothing_breaks(string store)
    {
        await using var platform = await FarResidents.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-huzhou");
        await Residents.ProveAsync(platform, "citizen-a", Residents.Elder);
        await FarResidents.GrantAsync(platform);
        // Two forms are open, the applicant's and the official's, both filled in.
        var task = await Persons.TaskAsync(platform, official, await FarResidents.ApplyAsync(mine, "self"));
        Assert.Equal([("age", "85", null)], await SaysAsync(mine));
        Assert.Equal([("inspected_age", "85", null), ("inspected_years", null, "other-applicant")], await SaysAsync(official, OfTask(task)));
        var apply = $"/services/{FarResidents.Pack}/{FarResidents.Matter}/apply?for=self";
        Assert.Contains("户籍登记摘要", WebUtility.HtmlDecode(await mine.GetStringAsync(apply)), StringComparison.Ordinal);

        // The other pack's next version has them under another name.
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/society/assistance"), "packs/society/assistance");
        var texts = files.Texts.ToDictionary(t => t.Key == "datasets/resident.yaml" ? "datasets/household.yaml" : t.Key, t => t.Value.Replace("data: resident,", "data: household,", StringComparison.Ordinal).Replace("from: resident", "from: household", StringComparison.Ordinal)
            .Replace("dataset: resident", "dataset: household", StringComparison.Ordinal).Replace("\"dataset\": \"resident\"", "\"dataset\": \"household\"", StringComparison.Ordinal));
        await platform.ApplyAsync(files with { Texts = texts });

        Assert.Equal([("age", null, "withdrawn")], await SaysAsync(mine));
        Assert.Equal([("inspected_age", null, "withdrawn"), ("inspected_years", null, "other-applicant")], await SaysAsync(official, OfTask(task)));
        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync(apply)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync($"/services/{FarResidents.Pack}/{FarResidents.Matter}")).StatusCode);
        // What was in the open form is sent as it stands; an objection against what is no more is none.
        var sent = await mine.PostAsJsonAsync($"/api/v1/services/{FarResidents.Pack}/{FarResidents.Matter}/applications", new { region = "330500", @for = "self", data = new { kind = "露天焚烧", place = "村口", seen_on = "2026-11-01", age = 84 }, objections = new { age = "登记的出生年份写错了" } }).JsonAsync();
        var number = sent.Text("number")!;
        await Persons.TaskAsync(platform, official, number);
        Assert.Equal(84, (await DataAsync(official, number)).GetProperty("age").GetInt32());
        var kept = (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/prefills"))[0];
        Assert.Equal("asked withdrawn", $"{kept.Text("state")} {kept.Text("why")}");
        Assert.Equal("204", await official.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", new { confirmed = false, finding = "现场没有发现焚烧", inspected_age = 85 }).ToldAsync());
    }

    [Fact]
    public async Task The_data_of_a_pack_that_is_not_used_is_refused()
    {
        await using var platform = await FarResidents.StartAsync("sqlite");
        var refused = await platform.Services.GetRequiredService<PackRegistry>().ApplyAsync(FarResidents.Files(isUsed: false), Policy.Operator, confirmed: true);
        Assert.NotEqual("applied", refused.Result);
        Assert.Equal(["pack-not-used"], refused.Plan.Findings.Select(f => f.Code).Distinct());
        // What was in force stays, and its guide names the other pack's data.
        using var anyone = platform.Anonymous();
        Assert.Contains("户籍登记摘要", WebUtility.HtmlDecode(await anyone.GetStringAsync($"/services/{FarResidents.Pack}/{FarResidents.Matter}")), StringComparison.Ordinal);
    }
}
