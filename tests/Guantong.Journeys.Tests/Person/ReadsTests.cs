using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Who read my data: what a person is told of the ledger, and what of it is filled in.</summary>
public sealed class ReadsTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_person_is_told_which_unit_read_and_used_what_and_for_what_matter(string store)
    {
        await using var platform = await Persons.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var other = await platform.SignInAsync("citizen-b");
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        using var auditor = await platform.SignInAsync("auditor");
        // That somebody made the account is told like all else that others did.
        Assert.Equal(["person.added"], (await Persons.ItemsAsync(mine, "/api/v1/me/reads")).Select(r => r.Text("action")!));
        var number = await Persons.ApplyAsync(mine, "self");
        var task = await Persons.TaskAsync(platform, official, number);
        await official.GetStringAsync($"/api/v1/cases/{number}");
        await auditor.GetStringAsync($"/api/v1/cases/{number}");
        Assert.Equal(HttpStatusCode.NoContent, (await official.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", new { granted = false, reason = "材料不全，请补齐后再申请" })).StatusCode);
        await platform.EndedAsync(auditor, number);

        var reads = await Persons.ItemsAsync(mine, "/api/v1/me/reads?take=200");
        var read = reads.First(r => r.Text("action") == "case.personal-read");
        Assert.Equal(("杭州市民政局", number, "临时救助申请", "read"), (read.Text("who"), read.Text("case"), read.Text("matter"), read.Text("kind")));
        Assert.Contains("全家上月收入（元）", read.GetProperty("fields").EnumerateArray().Select(f => f.GetString()));
        Assert.Contains("临时救助申请", read.Text("purpose"), StringComparison.Ordinal);
        // Who sees it masked read no field; that they opened it is told all the same.
        var masked = reads.First(r => r.Text("action") == "case.read");
        Assert.Empty(masked.GetProperty("fields").EnumerateArray());
        Assert.NotEqual(read.Text("who"), masked.Text("who"));
        var used = Assert.Single(reads, r => r.Text("action") == "task.done");
        Assert.Equal("used", used.Text("kind"));
        Assert.Contains("核定", used.Text("purpose"), StringComparison.Ordinal);
        Assert.Contains(reads, r => r.Text("action") == "service.done" && r.Text("kind") == "automatic" && r.Text("who") == "平台自动服务");
        Assert.DoesNotContain(reads, r => r.Text("action") is "path.taken" or "task.opened" or "session.started" || (r.Text("action") == "case.opened"));
        // Units, and no official by name or login; names of fields, and no value.
        var text = await mine.GetStringAsync("/api/v1/me/reads?take=200");
        foreach (var hidden in (string[])["worker-hangzhou-civil", "演示·杭州民政", "材料不全", "person:"])
            Assert.DoesNotContain(hidden, text, StringComparison.Ordinal);
        // Nobody else's, and looking leaves no entry.
        Assert.Equal(["person.added"], (await Persons.ItemsAsync(other, "/api/v1/me/reads")).Select(r => r.Text("action")!));
        // What the row that the case recorded leads to may still be written meanwhile, and is nobody's looking.
        Task<long> EntriesAsync() => platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger WHERE actor = 'citizen-a' OR subject = (SELECT 'person:' || key FROM person WHERE login = 'citizen-a')"));
        var before = await EntriesAsync();
        await mine.GetStringAsync("/api/v1/me/reads");
        await mine.GetStringAsync("/me/reads");
        Assert.Equal(before, await EntriesAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task They_are_paged_filtered_by_day_and_taken_away_as_CSV(string store)
    {
        await using var platform = await Persons.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        var number = await Persons.ApplyAsync(mine, "self");
        await Persons.TaskAsync(platform, official, number);
        for (var i = 0; i < 5; i++)
            await official.GetStringAsync($"/api/v1/cases/{number}");
        var all = (await Persons.ItemsAsync(mine, "/api/v1/me/reads?take=500")).Select(r => r.GetProperty("seq").GetInt64()).ToList();
        var (paged, next) = (new List<long>(), "");
        while (next is not null)
        {
            var page = await mine.GetFromJsonAsync<JsonElement>("/api/v1/me/reads?take=2" + next);
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("seq").GetInt64()));
            next = page.GetProperty("next") is { ValueKind: JsonValueKind.Number } before ? $"&before={before.GetInt64()}" : null;
        }
        Assert.Equal(all, paged);
        Assert.Equal(all.OrderDescending(), all);
        var today = DateTime.UtcNow.AddHours(8);
        Assert.Equal(all.Count, (await Persons.ItemsAsync(mine, $"/api/v1/me/reads?take=500&from={today.AddDays(-1):yyyy-MM-dd}&to={today.AddDays(1):yyyy-MM-dd}")).Count);
        Assert.Empty(await Persons.ItemsAsync(mine, $"/api/v1/me/reads?to={today.AddDays(-2):yyyy-MM-dd}"));
        Assert.Empty(await Persons.ItemsAsync(mine, $"/api/v1/me/reads?from={today.AddDays(2):yyyy-MM-dd}"));
        var wrong = await mine.GetAsync("/api/v1/me/reads?from=yesterday");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("yesterday", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var csv = (await mine.GetStringAsync("/me/reads.csv")).TrimEnd().Split("\r\n");
        Assert.Equal(all.Count + 1, csv.Length);
        Assert.StartsWith(all[0].ToString(System.Globalization.CultureInfo.InvariantCulture) + ",", csv[1], StringComparison.Ordinal);
        Assert.Contains("杭州市民政局", csv[1], StringComparison.Ordinal);
        using var nobody = platform.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/api/v1/me/reads.csv")).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_read_that_seems_wrong_is_asked_about_once_and_answered_by_whoever_did_not_do_it(string store)
    {
        await using var platform = await Persons.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var other = await platform.SignInAsync("citizen-b");
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        using var auditor = await platform.SignInAsync("auditor");
        var number = await Persons.ApplyAsync(mine, "self");
        await Persons.TaskAsync(platform, official, number);
        await official.GetStringAsync($"/api/v1/cases/{number}");
        var entry = (await Persons.ItemsAsync(mine, "/api/v1/me/reads")).First(r => r.Text("action") == "case.personal-read").GetProperty("seq").GetInt64();
        Task<HttpResponseMessage> AskAsync(HttpClient http, long seq, string? words) => http.PostAsJsonAsync("/api/v1/me/objections", new { entry = seq, words });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AskAsync(mine, entry, " ")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(other, entry, "这是谁？")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(mine, 1, "这是谁？")).StatusCode);
        // Two at once are one.
        var both = await Task.WhenAll(AskAsync(mine, entry, "我那天没有申请，为什么看我的收入？"), AskAsync(mine, entry, "我那天没有申请，为什么看我的收入？"));
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], both.Select(b => b.StatusCode).Order());
        Assert.Empty((await other.GetFromJsonAsync<JsonElement>("/api/v1/me/objections")).EnumerateArray());
        var kept = await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryFirstAsync<string>("SELECT words FROM work_objection"));
        Assert.StartsWith("sealed:", kept, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, (await official.GetAsync("/api/v1/objections")).StatusCode);
        var asked = Assert.Single(await Persons.ItemsAsync(auditor, "/api/v1/objections"));
        Assert.Equal(("我那天没有申请，为什么看我的收入？", "worker-hangzhou-civil"), (asked.GetProperty("asked").Text("words"), asked.GetProperty("entry").Text("actor")));
        var id = asked.GetProperty("asked").Text("id");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await auditor.PostAsJsonAsync($"/api/v1/objections/{id}/answer", new { answer = "" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await auditor.PostAsJsonAsync($"/api/v1/objections/{id}/answer", new { answer = "是核定您申请时看的，依据办理规程。" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await auditor.PostAsJsonAsync($"/api/v1/objections/{id}/answer", new { answer = "再答一次" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await auditor.PostAsJsonAsync("/api/v1/objections/none/answer", new { answer = "没有" })).StatusCode);
        var told = Assert.Single((await mine.GetFromJsonAsync<JsonElement>("/api/v1/me/objections")).EnumerateArray());
        Assert.Equal(("是核定您申请时看的，依据办理规程。", "省审计厅"), (told.Text("answer"), told.Text("unit")));

        // An auditor answers for no read of their own.
        await auditor.GetStringAsync($"/api/v1/cases/{number}");
        var own = (await Persons.ItemsAsync(mine, "/api/v1/me/reads")).First(r => r.Text("action") == "case.read").GetProperty("seq").GetInt64();
        Assert.Equal(HttpStatusCode.Created, (await AskAsync(mine, own, "审计为什么看？")).StatusCode);
        id = (await Persons.ItemsAsync(auditor, "/api/v1/objections"))[0].GetProperty("asked").Text("id");
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsJsonAsync($"/api/v1/objections/{id}/answer", new { answer = "例行检查" })).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Every_entry_says_whose_data_for_which_unit_and_which_dataset(string store)
    {
        await using var platform = await Persons.StartAsync(store);
        using var keeper = await platform.SignInAsync("duty");
        using var mine = await platform.SignInAsync("citizen-a");
        using var agent = await platform.SignInAsync("citizen-c");
        using var head = await platform.SignInAsync("enterprise-a");
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        using var leader = await platform.SignInAsync("leader");
        using var auditor = await platform.SignInAsync("auditor");
        using var steward = await platform.SignInAsync("steward");
        using var designer = await platform.SignInAsync("designer");
        await WalkAsync(platform, keeper, mine, agent, head, official, leader, auditor, steward, designer);

        var (entries, people, cases) = await platform.Services.GetRequiredService<Store>().ReadAsync(async c => (
            (await c.QueryAsync<LedgerEntry>($"SELECT seq, at, actor, action, about, detail, unit, subject, dataset, alg, previous, hash FROM ledger ORDER BY seq")).AsList(),
            (await c.QueryAsync<(string Login, string Kind, string? Unit, string Key)>("SELECT login, kind, unit, key FROM person")).ToDictionary(p => p.Login),
            (await c.QueryAsync<(string Number, string? Applicant)>("SELECT number, applicant FROM work_case")).ToDictionary(r => "case:" + r.Number, r => r.Applicant)));
        foreach (var action in (string[])["case.opened", "case.personal-read", "case.read", "task.taken", "task.given-back", "task.done", "case.skipped", "case.ended", "service.done", "application.read", "authority.given", "post.given", "person.added", "session.ended", "policy.explained", "dataset.rows-read", "dataset.exported", "rows.loaded", "pack.applied", "key.issued", "ledger.checkpoint"])
            Assert.Contains(action, entries.Select(e => e.Action));
        Assert.All(entries.Where(e => cases.GetValueOrDefault(e.About) is not null), e => Assert.Equal((e.Action, cases[e.About]), (e.Action, e.Subject)));
        Assert.All(entries.Where(e => e.About.StartsWith("person:", StringComparison.Ordinal) && people.ContainsKey(e.About[7..])), e => Assert.Equal((e.Action, "person:" + people[e.About[7..]].Key), (e.Action, e.Subject)));
        Assert.All(entries.Where(e => e.About.StartsWith("organisation:", StringComparison.Ordinal)), e => Assert.Equal(e.About, e.Subject));
        Assert.All(entries.Where(e => e.About.StartsWith("authority:", StringComparison.Ordinal)), e => Assert.NotNull(e.Subject));
        Assert.All(entries.Where(e => e.About.StartsWith("dataset:", StringComparison.Ordinal)), e => Assert.Equal(e.About, "dataset:" + e.Dataset));
        Assert.All(entries.Where(e => e.Actor == "service:record-row"), e => Assert.Equal(Persons.Pack + "/handled", e.Dataset));
        Assert.All(entries.Where(e => people.GetValueOrDefault(e.Actor) is { Kind: "official", Unit: not null }), e => Assert.Equal((e.Action, e.Actor, people[e.Actor].Unit), (e.Action, e.Actor, e.Unit)));
        // A key, and neither login nor name: those who have no account here are not made up.
        Assert.All(entries.Where(e => e.Subject is not null), e => Assert.Matches("^(person:[0-9a-f]{32}|organisation:[0-9A-Z]{18})$", e.Subject!));
        Assert.All(entries.Where(e => cases.TryGetValue(e.About, out var applicant) && applicant is null), e => Assert.Null(e.Subject));
        Assert.Null((await platform.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
    }

    private static async Task WalkAsync(RunningPlatform platform, HttpClient keeper, HttpClient mine, HttpClient agent, HttpClient head, HttpClient official, HttpClient leader, HttpClient auditor, HttpClient steward, HttpClient designer)
    {
        // Applications: one's own, by authority, of an organisation, and without an account.
        var own = await Persons.ApplyAsync(mine, "self");
        await Persons.AuthorizeAsync(mine, "person:citizen-a", agent, "citizen-c", Persons.Matter);
        var done = await Persons.ApplyAsync(agent, "person:citizen-a");
        await agent.GetStringAsync($"/api/v1/me/applications/{done}");
        var code = await Persons.OrganisationAsync(keeper, "enterprise-a");
        var theirs = await Persons.ApplyAsync(head, "organisation:" + code, new { hardship = "重病", household = 3, income = 4500, on_allowance = false });
        (await Persons.TryAsync(mine, null)).EnsureSuccessStatusCode();
        await platform.EndedAsync(auditor, theirs);
        // The desk: reading, taking, giving back, finishing, skipping.
        var task = await Persons.TaskAsync(platform, official, own);
        await auditor.GetStringAsync($"/api/v1/cases/{own}");
        (await official.PostAsync($"/api/v1/tasks/{task}/take", null)).EnsureSuccessStatusCode();
        (await official.PostAsync($"/api/v1/tasks/{task}/give-back", null)).EnsureSuccessStatusCode();
        (await official.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", new { granted = true, reason = "符合演示标准，予以给予" })).EnsureSuccessStatusCode();
        await platform.EndedAsync(auditor, own);
        await SkipAsync(platform, leader, official, done);
        // People and sessions.
        (await keeper.PostAsJsonAsync("/api/v1/people", new { login = "newcomer", name = "演示·新人", kind = "official", unit = "zj-data", roles = new[] { "steward" }, password = "kingfisher over the lake" })).EnsureSuccessStatusCode();
        (await keeper.PostAsJsonAsync("/api/v1/people/newcomer/posts", new { unit = "zj-data", kind = "main", roles = new[] { "steward" }, from = "2026-01-01" })).EnsureSuccessStatusCode();
        using var other = await platform.SignInAsync("citizen-b");
        (await keeper.PostAsync("/api/v1/people/citizen-b/sign-out", null)).EnsureSuccessStatusCode();
        (await auditor.GetAsync("/api/v1/why?act=case.read&login=citizen-a")).EnsureSuccessStatusCode();
        (await steward.PostAsJsonAsync("/api/v1/keys", new { name = "gauge", roles = new[] { "steward" } })).EnsureSuccessStatusCode();
        // Data that is not open, and its way in and out.
        await official.GetStringAsync($"/api/v1/datasets/{Persons.Pack}/handled/rows?outcome=granted");
        await official.GetStringAsync($"/api/v1/datasets/{Persons.Pack}/handled/rows.csv");
        var file = Path.Combine(platform.Folder, "stations.csv");
        await File.WriteAllTextAsync(file, await File.ReadAllTextAsync(Path.Combine(Repository.Root, "packs/environment/air-quality/samples/station.csv")));
        await platform.LoadAsync("station", file);
        (await auditor.PostAsync("/api/v1/ledger/checkpoints", null)).EnsureSuccessStatusCode();
        var files = Guantong.Data.PackFolder.Read(Path.Combine(Repository.Root, "packs/reform/map"), "packs/reform/map");
        (await designer.PostAsJsonAsync("/api/v1/packs/apply", new { root = files.Root, texts = files.Texts, confirm = false })).EnsureSuccessStatusCode();
    }

    private static async Task SkipAsync(RunningPlatform platform, HttpClient leader, HttpClient official, string number)
    {
        await Persons.TaskAsync(platform, official, number);
        var offers = await leader.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/moves");
        var skip = offers.GetProperty("moves").EnumerateArray().First(m => m.Text("kind") == "skip");
        var answer = await leader.PostAsJsonAsync($"/api/v1/cases/{number}/skip", new { token = skip.Text("token"), to = skip.Text("to"), data = new { granted = true, reason = "领导代为核定" }, reason = "经办人请假", version = offers.GetProperty("version").GetInt64() });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
