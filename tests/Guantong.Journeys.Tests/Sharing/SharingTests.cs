using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Gateway;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Data is asked for, checked, decided on and served under a grant; what the grant does not name stays where it is.</summary>
public sealed class SharingTests
{
    private const string Gauge = $"{SharedPack.Id}/gauge", Holder = $"{SharedPack.Id}/holder", Matter = "environment.air-quality/air-report";

    private static object Terms(string[] fields, string purpose = "supervision", string? matter = null, string[]? forms = null, object? rows = null, string? region = null, string[]? clear = null, int perMinute = 600, int days = 90, string within = "any") =>
        new { purpose, @for = "核对示例数据", fields, matter, forms = forms ?? ["query"], rows, region, clear = clear ?? [], perMinute, days, within };

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {said}");
        return said.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(said);
    }

    private static async Task<JsonElement> AskAsync(HttpClient by, string about, object terms, HttpStatusCode status = HttpStatusCode.Created) =>
        await JsonAsync(await by.PostAsJsonAsync("/api/v1/sharing/requests", new { about, terms }), status);

    private static string Grant(JsonElement file) => file.GetProperty("grant").GetProperty("id").GetString()!;

    /// <summary>A program of a unit, with a key that only calls by grants.</summary>
    private static async Task<HttpClient> ProgramAsync(RunningPlatform platform, HttpClient by, string purpose = "supervision", string? matter = null)
    {
        var key = (await JsonAsync(await by.PostAsJsonAsync("/api/v1/sharing/keys", new { name = "示例程序" }))).GetProperty("key").GetString()!;
        var http = platform.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", key);
        http.DefaultRequestHeaders.Add(GatewayCall.PurposeHeader, purpose);
        if (matter is not null)
            http.DefaultRequestHeaders.Add(GatewayCall.MatterHeader, matter);
        return http;
    }

    private static async Task<(int Status, string Code)> RefusedAsync(Task<HttpResponseMessage> call)
    {
        using var answer = await call;
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)answer.StatusCode, said.GetProperty("code").GetString()!);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_shared_without_condition_is_granted_at_once_and_served_as_granted_and_signed(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await SharedPack.ApplyAsync(platform);
        using var transport = await platform.SignInAsync("worker-transport");
        var file = await AskAsync(transport, Gauge, Terms(["id", "level"], forms: ["query", "file", "subscription", "verify"], region: "330100"));
        Assert.Equal("granted", file.GetProperty("request").GetProperty("state").GetString());
        var grant = Grant(file);
        using var program = await ProgramAsync(platform, transport);

        using var answer = await program.GetAsync($"/gateway/{grant}/rows");
        var page = await JsonAsync(answer);
        Assert.Equal(["A 1", "B 2"], page.GetProperty("rows").EnumerateArray().Select(r => $"{r.GetProperty("id").GetString()} {r.GetProperty("level")}"));
        Assert.All(page.GetProperty("rows").EnumerateArray(), r => Assert.False(r.TryGetProperty("region", out _)));
        await VerifySignatureAsync(platform, answer);

        // The map of data shows who is given a field, and no field that is not given.
        async Task<string[]> IntoAsync(string field) => [.. (await JsonAsync(await transport.GetAsync($"/api/v1/lineage?key=field/{Gauge}/{field}&way=down"))).GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("key").GetString()!)];
        Assert.Contains("consumer/zj-transport", await IntoAsync("level"));
        Assert.DoesNotContain("consumer/zj-transport", await IntoAsync("day"));

        Assert.Equal("B", (await JsonAsync(await program.GetAsync($"/gateway/{grant}/rows?id=B&fields=id"))).GetProperty("rows")[0].GetProperty("id").GetString());
        Assert.Equal(0, (await JsonAsync(await program.GetAsync($"/gateway/{grant}/rows?id=C"))).GetProperty("total").GetInt32());
        Assert.Equal((403, "grant-field"), await RefusedAsync(program.GetAsync($"/gateway/{grant}/rows?fields=region")));
        Assert.Equal((403, "grant-field"), await RefusedAsync(program.GetAsync($"/gateway/{grant}/rows?region=330102")));
        Assert.True((await JsonAsync(await program.PostAsJsonAsync($"/gateway/{grant}/verify", new { by = new { id = "A" }, values = new { level = "1" } }))).GetProperty("match").GetBoolean());
        Assert.False((await JsonAsync(await program.PostAsJsonAsync($"/gateway/{grant}/verify", new { by = new { id = "C" }, values = new { level = "3" } }))).GetProperty("match").GetBoolean());

        using var whole = await program.GetAsync($"/gateway/{grant}/file");
        var lines = (await whole.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
        var trace = whole.Headers.GetValues(GatewayCall.TraceHeader).Single();
        Assert.Equal(["id,level,_watermark", $"A,1,{trace}", $"B,2,{trace}"], lines.Select(l => l.TrimStart('\uFEFF')));
        using var receipt = await program.GetAsync($"/gateway/{grant}/receipts/{trace}");
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(await whole.Content.ReadAsByteArrayAsync()))}:", (await JsonAsync(receipt)).GetProperty("sent").GetProperty("digest").GetString());
        await VerifySignatureAsync(platform, receipt);

        // The subscription: all rows, then what changed alone.
        using var first = await program.GetAsync($"/gateway/{grant}/changes");
        Assert.Equal(["A", "B"], (await JsonAsync(first)).EnumerateArray().Select(e => e.GetProperty("subject").GetString()!));
        var position = first.Headers.GetValues("Guantong-Position").Single();
        await SharedPack.LoadAsync(platform, "gauge", "id,region,level,day", "A,330102,1,2026-03-01", "B,330106,5,2026-03-01", "C,330502,9,2026-03-01");
        var events = (await JsonAsync(await program.GetAsync($"/gateway/{grant}/changes?after={position}"))).EnumerateArray().ToList();
        Assert.Equal("B 5", Assert.Single(events.Select(e => $"{e.GetProperty("data").GetProperty("id").GetString()} {e.GetProperty("data").GetProperty("level")}")));
        Assert.Equal("guantong.row.put", events[0].GetProperty("type").GetString());

        // Each call stands in the ledger, which still holds.
        await platform.Services.GetRequiredService<CallJournal>().CatchUpAsync();
        var calls = (await platform.Services.GetRequiredService<Ledger>().AboutAsync($"grant:{grant}")).ToList();
        Assert.Equal(3, calls.Count(c => c.Action == "gateway.query"));
        Assert.Equal(2, calls.Count(c => c.Action == "gateway.refused"));
        Assert.Contains(calls, c => c.Action == "gateway.file" && c.Detail.Contains(trace, StringComparison.Ordinal) && c.Unit == "zj-transport" && c.Dataset == Gauge);
        Assert.Null((await platform.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
    }

    private static async Task VerifySignatureAsync(RunningPlatform platform, HttpResponseMessage answer)
    {
        var jwk = (await platform.Anonymous().GetFromJsonAsync<JsonElement>("/gateway/keys")).GetProperty("keys")[0];
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = System.Buffers.Text.Base64Url.DecodeFromChars(jwk.GetProperty("x").GetString()), Y = System.Buffers.Text.Base64Url.DecodeFromChars(jwk.GetProperty("y").GetString()) } });
        string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : answer.Content.Headers.GetValues(name).Single();
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:", Header("Content-Digest"));
        var input = Header("Signature-Input")["guantong=".Length..];
        Assert.Contains(jwk.GetProperty("kid").GetString()!, input, StringComparison.Ordinal);
        var signed = Encoding.ASCII.GetBytes($"\"@status\": {(int)answer.StatusCode}\n\"content-digest\": {Header("Content-Digest")}\n\"guantong-grant\": {Header("Guantong-Grant")}\n\"guantong-trace\": {Header("Guantong-Trace")}\n\"@signature-params\": {input}");
        var signature = Convert.FromBase64String(Header("Signature")["guantong=:".Length..^1]);
        Assert.True(key.VerifyData(signed, signature, HashAlgorithmName.SHA256));
        signed[15] ^= 1;
        Assert.False(key.VerifyData(signed, signature, HashAlgorithmName.SHA256));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Personal_data_goes_through_its_source_and_the_bureau_and_is_looked_up_one_by_one_and_masked(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await SharedPack.ApplyAsync(platform);
        using var transport = await platform.SignInAsync("worker-transport");
        // Without a matter personal data is not even taken in.
        Assert.Equal("share-check-matter", (await AskAsync(transport, Holder, Terms(["id", "name"]), HttpStatusCode.UnprocessableEntity)).GetProperty("code").GetString());
        Assert.Equal("share-check-form", (await AskAsync(transport, Holder, Terms(["id", "name"], "handling", Matter, ["file"]), HttpStatusCode.UnprocessableEntity)).GetProperty("code").GetString());
        Assert.Equal("share-check-term", (await AskAsync(transport, Holder, Terms(["id", "name"], "handling", Matter, days: 365), HttpStatusCode.UnprocessableEntity)).GetProperty("code").GetString());
        Assert.Equal("share-check-shared", (await AskAsync(transport, $"{SharedPack.Id}/secret", Terms(["id"]), HttpStatusCode.UnprocessableEntity)).GetProperty("code").GetString());

        var asked = await AskAsync(transport, Holder, Terms(["id", "name", "phone", "permits"], "handling", Matter, ["query", "verify"], clear: ["name"]));
        var id = asked.GetProperty("request").GetProperty("id").GetString();
        Assert.Equal(["source", "bureau", "security"], asked.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("kind").GetString()!));
        using var ecology = await platform.SignInAsync("steward-ecology");
        using var bureau = await platform.SignInAsync("data-bureau");
        using var security = await platform.SignInAsync("security");
        string Decide(string what) => $"/api/v1/sharing/requests/{id}/{what}";
        // Nobody decides out of turn, and nobody on what they asked for.
        Assert.Equal((403, "share-not-yours"), await RefusedAsync(bureau.PostAsJsonAsync(Decide("decide"), new { agree = true })));
        Assert.Equal(1, (await ecology.GetFromJsonAsync<JsonElement>("/api/v1/sharing/requests?mine=true")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await bureau.GetFromJsonAsync<JsonElement>("/api/v1/sharing/requests?mine=true")).GetProperty("total").GetInt32());
        await JsonAsync(await ecology.PostAsJsonAsync(Decide("decide"), new { agree = true }));
        Assert.Equal(1, (await bureau.GetFromJsonAsync<JsonElement>("/api/v1/sharing/requests?mine=true")).GetProperty("total").GetInt32());
        // Agreed to less than was asked for: the telephone is not needed.
        var wider = new { agree = true, narrowed = Terms(["id", "name", "region"], "handling", Matter, ["query", "verify"], clear: ["name"]) };
        Assert.Equal((422, "share-wider"), await RefusedAsync(bureau.PostAsJsonAsync(Decide("decide"), wider)));
        await JsonAsync(await bureau.PostAsJsonAsync(Decide("decide"), new { agree = true, narrowed = Terms(["id", "name", "permits"], "handling", Matter, ["query", "verify"], clear: ["name"]) }));
        var granted = await JsonAsync(await security.PostAsJsonAsync(Decide("decide"), new { agree = true }));
        var grant = Grant(granted);

        using var program = await ProgramAsync(platform, transport, "handling", Matter);
        Assert.Equal((403, "grant-browsing"), await RefusedAsync(program.GetAsync($"/gateway/{grant}/rows")));
        Assert.Equal((400, "grant-address"), await RefusedAsync(program.GetAsync($"/gateway/{grant}/rows?id={SharedPack.One}")));
        Assert.Equal((403, "grant-field"), await RefusedAsync(program.PostAsJsonAsync($"/gateway/{grant}/rows", new { by = new { id = SharedPack.One }, fields = (string[])["phone"] })));
        var row = (await JsonAsync(await program.PostAsJsonAsync($"/gateway/{grant}/rows", new { by = new { id = SharedPack.One } }))).GetProperty("rows")[0];
        Assert.Equal(("3301**************", "欧阳示例", 2), (row.GetProperty("id").GetString(), row.GetProperty("name").GetString(), row.GetProperty("permits").GetInt32()));
        async Task<bool> MatchesAsync(string person, object values) => (await JsonAsync(await program.PostAsJsonAsync($"/gateway/{grant}/verify", new { by = new { id = person }, values }))).GetProperty("match").GetBoolean();
        Assert.True(await MatchesAsync(SharedPack.Other, new { name = " 李示例 " }));
        Assert.False(await MatchesAsync(SharedPack.Other, new { name = "王示例" }));
        Assert.False(await MatchesAsync("330106199001019999", new { name = "李示例" }));

        // The purpose and the matter go with each call; another unit's program has no such grant.
        using var elsewhere = await ProgramAsync(platform, transport, "statistics", Matter);
        Assert.Equal((403, "grant-purpose"), await RefusedAsync(elsewhere.PostAsJsonAsync($"/gateway/{grant}/rows", new { by = new { id = SharedPack.One } })));
        using var without = await ProgramAsync(platform, transport, "handling");
        Assert.Equal((403, "grant-matter"), await RefusedAsync(without.PostAsJsonAsync($"/gateway/{grant}/rows", new { by = new { id = SharedPack.One } })));
        using var weather = await platform.SignInAsync("worker-meteorology");
        using var stranger = await ProgramAsync(platform, weather, "handling", Matter);
        Assert.Equal((404, "grant-none"), await RefusedAsync(stranger.PostAsJsonAsync($"/gateway/{grant}/rows", new { by = new { id = SharedPack.One } })));
        Assert.Equal(HttpStatusCode.Unauthorized, (await platform.Anonymous().GetAsync($"/gateway/{grant}/rows")).StatusCode);
        // Such a program is no machine of the platform's own.
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/api/v1/status")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync($"/api/v1/datasets/{SharedPack.Id}/holder/rows")).StatusCode);

        // Suspended and ended, at once.
        await JsonAsync(await ecology.PostAsJsonAsync($"/api/v1/sharing/grants/{grant}/state", new { state = "suspended", reason = "核查用途" }));
        Assert.Equal((403, "grant-suspended"), await RefusedAsync(program.PostAsJsonAsync($"/gateway/{grant}/rows", new { by = new { id = SharedPack.One } })));
        await JsonAsync(await ecology.PostAsJsonAsync($"/api/v1/sharing/grants/{grant}/state", new { state = "active" }));
        await JsonAsync(await program.PostAsJsonAsync($"/gateway/{grant}/rows", new { by = new { id = SharedPack.One } }));
        await JsonAsync(await transport.PostAsJsonAsync($"/api/v1/sharing/grants/{grant}/state", new { state = "ended", reason = "不再需要" }));
        Assert.Equal((403, "grant-expired"), await RefusedAsync(program.PostAsJsonAsync($"/gateway/{grant}/rows", new { by = new { id = SharedPack.One } })));
        // No value of a person stands in the ledger.
        await platform.Services.GetRequiredService<CallJournal>().CatchUpAsync();
        var entries = await platform.Services.GetRequiredService<Ledger>().PageAsync(0, 500);
        Assert.DoesNotContain(entries.Entries, e => e.Detail.Contains(SharedPack.One, StringComparison.Ordinal) || e.Detail.Contains("示例 ", StringComparison.Ordinal));
        var figures = await bureau.GetFromJsonAsync<JsonElement>("/api/v1/sharing/supply");
        Assert.Equal((1, 1.0), (figures.GetProperty("met").GetInt32(), figures.GetProperty("satisfiedRate").GetDouble()));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_wanted_by_the_minute_counts_as_met_while_it_comes_so_often(string store)
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await SharedPack.ApplyAsync(platform, updated: "PT1M");
        using var transport = await platform.SignInAsync("worker-transport");
        using var bureau = await platform.SignInAsync("data-bureau");
        async Task<(long, double?)> MinutelyAsync()
        {
            var figures = await bureau.GetFromJsonAsync<JsonElement>("/api/v1/sharing/supply");
            return (figures.GetProperty("minuteWanted").GetInt64(), figures.TryGetProperty("minuteRate", out var rate) && rate.ValueKind == JsonValueKind.Number ? rate.GetDouble() : null);
        }
        Assert.Equal((0, null), await MinutelyAsync());
        Grant(await JsonAsync(await transport.PostAsJsonAsync("/api/v1/sharing/requests", new { about = Gauge, terms = new { purpose = "supervision", @for = "核对示例数据", fields = (string[])["id"], within = "minute", days = 2 } }), HttpStatusCode.Created));
        Assert.Equal((1, 1.0), await MinutelyAsync());
        clock.Now += TimeSpan.FromMinutes(3);
        Assert.Equal((1, 0.0), await MinutelyAsync());
        await SharedPack.LoadAsync(platform, "gauge", "id,region,level,day", "A,330102,1.5,2026-03-01");
        Assert.Equal((1, 1.0), await MinutelyAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_source_seen_to_have_nothing_new_is_not_late(string store)
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        Directory.CreateDirectory(Path.Combine(platform.Folder, "drops", "water"));
        using var duty = await platform.SignInAsync("duty");
        (await duty.PutAsJsonAsync("/api/v1/connections/water-office", new { kind = "folder", address = "water" })).EnsureSuccessStatusCode();
        await GaugePack.ApplyAsync(platform, "from: csv\nat: water-office\nfiles: \"*.csv\"\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}", shared: "share: unconditional\nopen: unconditional\ngrade: 1\nupdated: PT1M");
        using var transport = await platform.SignInAsync("worker-transport");
        using var bureau = await platform.SignInAsync("data-bureau");
        async Task<double> RateAsync() => (await bureau.GetFromJsonAsync<JsonElement>("/api/v1/sharing/supply")).GetProperty("minuteRate").GetDouble();
        Grant(await JsonAsync(await transport.PostAsJsonAsync("/api/v1/sharing/requests", new { about = $"{GaugePack.Id}/level", terms = new { purpose = "supervision", @for = "核对示例数据", fields = (string[])["gauge"], within = "minute", days = 2 } }), HttpStatusCode.Created));
        Assert.Equal(0, await RateAsync());
        await JsonAsync(await duty.PostAsync($"/api/v1/feeds/{GaugePack.Id}/level/run", null));
        Assert.Equal(1, await RateAsync());
        clock.Now += TimeSpan.FromMinutes(3);
        Assert.Equal(0, await RateAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Nodes_share_a_grants_rate_and_its_quota(string store)
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await SharedPack.ApplyAsync(platform);
        using var transport = await platform.SignInAsync("worker-transport");
        var grant = Grant(await JsonAsync(await transport.PostAsJsonAsync("/api/v1/sharing/requests", new { about = Gauge, terms = new { purpose = "supervision", @for = "核对示例数据", fields = (string[])["id"], perMinute = 4, perDay = 10, days = 2, region = "330100" } }), HttpStatusCode.Created));
        using var program = await ProgramAsync(platform, transport);
        // What another node over this store kept of this minute: seven of the day's ten.
        await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteAsync("INSERT INTO share_minute (at, node, grant_id, about, calls, failed, refused, cached, times) VALUES (@at, 'another', @grant, @Gauge, 8, 0, 1, 0, '')", new { at = Time.Write(clock.Now), grant, Gauge }));
        for (var i = 0; i < 2; i++)
            await JsonAsync(await program.GetAsync($"/gateway/{grant}/rows"));
        Assert.Equal((429, "grant-rate"), await RefusedAsync(program.GetAsync($"/gateway/{grant}/rows")));
        clock.Now += TimeSpan.FromMinutes(1);
        await JsonAsync(await program.GetAsync($"/gateway/{grant}/rows"));
        Assert.Equal((429, "grant-quota"), await RefusedAsync(program.GetAsync($"/gateway/{grant}/rows")));
    }

    [Fact]
    public async Task A_term_ends_a_rate_and_a_quota_are_kept_and_an_overdue_step_falls_to_the_bureau()
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync("sqlite", clock: clock);
        await SharedPack.ApplyAsync(platform);
        using var transport = await platform.SignInAsync("worker-transport");
        var grant = Grant(await JsonAsync(await transport.PostAsJsonAsync("/api/v1/sharing/requests", new { about = Gauge, terms = new { purpose = "supervision", @for = "核对示例数据", fields = (string[])["id"], perMinute = 3, perDay = 4, days = 2, region = "330100" } }), HttpStatusCode.Created));
        using var program = await ProgramAsync(platform, transport);
        for (var i = 0; i < 3; i++)
            await JsonAsync(await program.GetAsync($"/gateway/{grant}/rows"));
        using (var fourth = await program.GetAsync($"/gateway/{grant}/rows"))
            Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(20)), (fourth.StatusCode, fourth.Headers.RetryAfter!.Delta));
        clock.Now += TimeSpan.FromMinutes(2);
        await JsonAsync(await program.GetAsync($"/gateway/{grant}/rows"));
        Assert.Equal((429, "grant-quota"), await RefusedAsync(program.GetAsync($"/gateway/{grant}/rows")));
        clock.Now += TimeSpan.FromDays(1);
        await JsonAsync(await program.GetAsync($"/gateway/{grant}/rows"));
        clock.Now += TimeSpan.FromDays(1);
        Assert.Equal((403, "grant-expired"), await RefusedAsync(program.GetAsync($"/gateway/{grant}/rows")));

        using var again = await platform.SignInAsync("worker-transport");
        var asked = await AskAsync(again, Holder, Terms(["permits"], region: "330000"));
        var id = asked.GetProperty("request").GetProperty("id").GetString();
        using var bureau = await platform.SignInAsync("data-bureau");
        Assert.Equal((403, "share-not-yours"), await RefusedAsync(bureau.PostAsJsonAsync($"/api/v1/sharing/requests/{id}/decide", new { agree = true })));
        clock.Now += TimeSpan.FromDays(8);
        using var later = await platform.SignInAsync("data-bureau");
        Assert.Equal(1, (await later.GetFromJsonAsync<JsonElement>("/api/v1/sharing/supply")).GetProperty("overdue").GetInt32());
        Assert.Equal((422, "share-reason"), await RefusedAsync(later.PostAsJsonAsync($"/api/v1/sharing/requests/{id}/decide", new { agree = false })));
        var refused = await JsonAsync(await later.PostAsJsonAsync($"/api/v1/sharing/requests/{id}/decide", new { agree = false, reason = "与事项无关" }));
        Assert.Equal("refused", refused.GetProperty("request").GetProperty("state").GetString());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_comes_of_sql_in_the_sandbox_is_held_until_somebody_who_answers_for_the_data_has_seen_it(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await SharedPack.ApplyAsync(platform);
        using var transport = await platform.SignInAsync("worker-transport");
        var asked = await AskAsync(transport, Holder, Terms(["id", "name", "region", "permits"], "statistics", forms: ["sandbox"]));
        var id = asked.GetProperty("request").GetProperty("id").GetString();
        using var ecology = await platform.SignInAsync("steward-ecology");
        using var bureau = await platform.SignInAsync("data-bureau");
        await JsonAsync(await ecology.PostAsJsonAsync($"/api/v1/sharing/requests/{id}/decide", new { agree = true }));
        var grant = Grant(await JsonAsync(await bureau.PostAsJsonAsync($"/api/v1/sharing/requests/{id}/decide", new { agree = true })));
        using var program = await ProgramAsync(platform, transport, "statistics");
        Task<HttpResponseMessage> Run(string sql) => program.PostAsJsonAsync($"/gateway/{grant}/sql", new { sql });
        // Personal fields, other tables and anything but one SELECT are not there.
        foreach (var sql in (string[])["SELECT name FROM holder", "SELECT id FROM holder", "SELECT phone FROM holder", "SELECT * FROM gauge", "SELECT * FROM holder; DROP TABLE holder", "DELETE FROM holder", "SELECT * FROM pg_catalog.pg_user", "SELECT * FROM read_csv('/etc/passwd')"])
        {
            using var refused = await Run(sql);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
        var held = await JsonAsync(await Run("SELECT region, count(*) AS holders, sum(permits) AS permits FROM holder GROUP BY region ORDER BY region"));
        Assert.Equal(("held", 2, JsonValueKind.Null), (held.GetProperty("state").GetString(), held.GetProperty("rowCount").GetInt32(), held.GetProperty("rows").ValueKind));
        Assert.Equal(["small-counts"], held.GetProperty("findings").EnumerateArray().Select(f => f.GetString()!));
        var result = held.GetProperty("id").GetString();
        Assert.Equal(JsonValueKind.Null, (await JsonAsync(await program.GetAsync($"/gateway/{grant}/results/{result}"))).GetProperty("rows").ValueKind);
        Assert.Equal((403, "not-allowed"), await RefusedAsync(transport.PostAsJsonAsync($"/api/v1/sharing/results/{result}/decide", new { agree = true })));
        using var stranger = await platform.SignInAsync("leader");
        Assert.Equal((403, "share-not-yours"), await RefusedAsync(stranger.PostAsJsonAsync($"/api/v1/sharing/results/{result}/decide", new { agree = true })));
        Assert.Equal(result, Assert.Single((await ecology.GetFromJsonAsync<JsonElement>("/api/v1/sharing/results")).EnumerateArray()).GetProperty("id").GetString());
        await JsonAsync(await ecology.PostAsJsonAsync($"/api/v1/sharing/results/{result}/decide", new { agree = true }));
        var rows = (await JsonAsync(await program.GetAsync($"/gateway/{grant}/results/{result}"))).GetProperty("rows");
        Assert.Equal(["330106 1 2", "330502 1 1"], rows.EnumerateArray().Select(r => string.Join(' ', r.EnumerateArray())));
        var second = (await JsonAsync(await Run("SELECT region FROM holder"))).GetProperty("id").GetString();
        await JsonAsync(await bureau.PostAsJsonAsync($"/api/v1/sharing/results/{second}/decide", new { agree = false, reason = "是逐行数据" }));
        var kept = await JsonAsync(await program.GetAsync($"/gateway/{grant}/results/{second}"));
        Assert.Equal(("refused", JsonValueKind.Null), (kept.GetProperty("state").GetString(), kept.GetProperty("rows").ValueKind));
    }
}
