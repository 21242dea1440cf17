using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Kept questions: who sees them, who changes them, what they were.</summary>
public sealed class QuestionTests
{
    private static async Task<JsonElement> KeepAsync(HttpClient who, object given) => await (await who.PostAsJsonAsync("/api/v1/questions", given)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();

    private static async Task<List<string>> SeenAsync(HttpClient who, string more = "") => [.. (await who.GetFromJsonAsync<JsonElement>("/api/v1/questions?" + more)).GetProperty("items").EnumerateArray().Select(q => q.GetProperty("name").GetString()!)];

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_question_is_seen_by_whom_its_owner_says_and_changed_by_its_owner_alone(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var leader = await platform.SignInAsync("leader-ecology");
        using var colleague = await platform.SignInAsync("worker-ecology");
        using var other = await platform.SignInAsync("worker-transport");
        foreach (var (name, visibility) in ((string, string)[])[("只给自己", "me"), ("给本单位_100%", "unit"), ("给所有人", "all")])
            await KeepAsync(leader, new { kind = "ask", name, note = "合成", visibility, body = new { q = "杭州去年优良天数" } });
        Assert.Equal(["只给自己", "给所有人", "给本单位_100%"], (await SeenAsync(leader)).Order(StringComparer.Ordinal));
        Assert.Equal(["给所有人", "给本单位_100%"], (await SeenAsync(colleague)).Order(StringComparer.Ordinal));
        Assert.Equal(["给所有人"], await SeenAsync(other));
        Assert.Equal(["给本单位_100%"], await SeenAsync(leader, "q=" + Uri.EscapeDataString("_100%")));
        Assert.Empty(await SeenAsync(other, "mine=true"));

        var one = (await leader.GetFromJsonAsync<JsonElement>("/api/v1/questions?q=" + Uri.EscapeDataString("给所有人"))).GetProperty("items")[0];
        var path = $"/api/v1/questions/{one.GetProperty("id").GetString()}";
        Assert.Equal("403 question-not-yours", await other.PutAsJsonAsync(path, new { name = "改掉", version = 1 }).ToldAsync());
        Assert.Equal("403 question-not-yours", await other.DeleteAsync(path + "?version=1").ToldAsync());
        var hidden = (await leader.GetFromJsonAsync<JsonElement>("/api/v1/questions?q=" + Uri.EscapeDataString("只给自己"))).GetProperty("items")[0].GetProperty("id").GetString();
        Assert.Equal("404 not-found", await other.GetAsync($"/api/v1/questions/{hidden}").ToldAsync());
        Assert.Equal("404 not-found", await other.PutAsync($"/api/v1/questions/{hidden}/pin", null).ToldAsync());

        // Of two who change it at once one is told so.
        var both = await Task.WhenAll(leader.PutAsJsonAsync(path, new { name = "一", version = 1 }).ToldAsync(), leader.PutAsJsonAsync(path, new { name = "二", version = 1 }).ToldAsync());
        Assert.Single(both, "200");
        Assert.Single(both, "409 question-changed");
        Assert.Equal("409 question-changed", await leader.DeleteAsync(path + "?version=1").ToldAsync());
        var versions = (await other.GetFromJsonAsync<JsonElement>(path + "/versions")).EnumerateArray().Select(v => (v.GetProperty("version").GetInt64(), v.GetProperty("name").GetString())).ToList();
        Assert.Equal((2, "给所有人"), (versions[0].Item1, versions[1].Item2));

        Assert.Equal("204", await other.PutAsync(path + "/pin", null).ToldAsync());
        Assert.Equal("204", await other.PutAsync(path + "/pin", null).ToldAsync());
        Assert.Single(await SeenAsync(other, "pinned=true"));
        Assert.Empty(await SeenAsync(colleague, "pinned=true"));
        Assert.Equal("204", await other.DeleteAsync(path + "/pin").ToldAsync());
        Assert.Empty(await SeenAsync(other, "pinned=true"));
        Assert.Equal("204", await other.PutAsync(path + "/pin", null).ToldAsync());
        Assert.Equal("204", await leader.DeleteAsync(path + "?version=2").ToldAsync());
        Assert.Empty(await SeenAsync(other));
        using var auditor = await platform.SignInAsync("auditor");
        var actions = (await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger?take=50")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()).ToList();
        Assert.Equal((3, 1, 1), (actions.Count(a => a == "question.kept"), actions.Count(a => a == "question.changed"), actions.Count(a => a == "question.deleted")));
    }

    [Fact]
    public async Task What_cannot_be_kept_is_refused_by_name()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var leader = await platform.SignInAsync("leader");
        var body = new { q = "PM2.5" };
        (string, object)[] wrong =
        [
            ("422 question-kind", new { kind = "other", name = "名", body }), ("422 question-name", new { kind = "ask", name = " ", body }), ("422 question-name", new { kind = "ask", name = new string('长', 61), body }), ("422 question-note", new { kind = "ask", name = "名", note = new string('长', 501), body }),
            ("422 question-visibility", new { kind = "ask", name = "名", visibility = "world", body }), ("422 question-body", new { kind = "ask", name = "名", body = "text" }), ("422 question-body", new { kind = "ask", name = "名", body = new { other = "x" } }),
            ("422 query-field", new { kind = "build", name = "名", body = new { dataset = "environment.air-quality/station", show = new[] { "nothing" } } }), ("403 question-sql", new { kind = "sql", name = "名", body = new { sql = "SELECT 1" } }),
        ];
        foreach (var (expected, given) in wrong)
            Assert.Equal(expected, await leader.PostAsJsonAsync("/api/v1/questions", given).ToldAsync());
        Assert.Empty(await SeenAsync(leader));
        using var editor = await platform.SignInAsync("editor");
        Assert.StartsWith("403", await editor.GetAsync("/api/v1/questions").ToldAsync(), StringComparison.Ordinal);
        // SQL is for those alone who may run it.
        using var steward = await platform.SignInAsync("steward");
        await KeepAsync(steward, new { kind = "sql", name = "站点数", visibility = "all", body = new { sql = "SELECT count(*) FROM station" } });
        Assert.Empty(await SeenAsync(leader));
        using var bureau = await platform.SignInAsync("data-bureau");
        Assert.Equal(["站点数"], await SeenAsync(bureau));
    }
}
