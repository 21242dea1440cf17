using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Documents are served in a way that the law has, with a receipt, and deadlines count from the day of service.</summary>
public sealed class ServingTests
{
    private static async Task<JsonElement> LastAsync(ClosedCase closed, string login = "worker-huzhou") => (await closed.GetAsync(login, $"cases/{closed.Number}/servings")).EnumerateArray().Last();

    private static string Stand(JsonElement serving) => $"{serving.Text("way")} {serving.Text("state")} {serving.Text("served")}";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Electronically_with_consent_alone_and_the_party_confirms(string store)
    {
        await using var closed = await ClosedCase.StartAsync(store);
        Task<string> ServeAsync(string login, object given) => closed.PostAsync(login, $"documents/{closed.Document}/serve", given);
        Assert.Equal("403 not-allowed", await ServeAsync("citizen-a", new { way = "electronic" }));
        Assert.Equal("404 serving-gone", await ServeAsync("worker-hangzhou", new { way = "electronic" }));
        Assert.Equal("422 serving-way", await ServeAsync("worker-huzhou", new { way = "pigeon" }));
        Assert.Equal("409 serving-consent", await ServeAsync("worker-huzhou", new { way = "electronic" }));
        Assert.Equal("409 serving-consent", await ServeAsync("worker-huzhou", new { way = "electronic", name = "某人" }));
        Assert.Equal("422 serving-party", await closed.PostAsync("citizen-a", "me/servings/consent", new { agrees = true, of = "organisation:91330100MA2ABCDE0X" }, HttpMethod.Put));
        Assert.Equal("204", await closed.PostAsync("citizen-a", "me/servings/consent", new { agrees = true }, HttpMethod.Put));
        // Of two who serve at once, one does.
        var both = await Task.WhenAll(ServeAsync("worker-huzhou", new { way = "electronic" }), ServeAsync("worker-huzhou", new { way = "electronic" }));
        Assert.Equal(["201", "409 serving-twice"], both.Order(StringComparer.Ordinal));
        Assert.Equal("electronic sent 2026-11-02", Stand(await LastAsync(closed)));
        Assert.Equal("409 archive-serving", await closed.PostAsync("worker-huzhou", $"cases/{closed.Number}/archive"));

        var mine = Assert.Single((await closed.GetAsync("citizen-a", "me/servings")).GetProperty("items").EnumerateArray());
        Assert.Equal(0, (await closed.GetAsync("citizen-b", "me/servings")).GetProperty("items").GetArrayLength());
        Assert.Contains((await closed.GetAsync("citizen-a", "me/notices")).GetProperty("items").EnumerateArray(), n => n.Text("on") == "served");
        var page = await (await closed.AsAsync("citizen-a")).GetStringAsync($"/me/served/{mine.Text("id")}");
        Assert.Contains("现场没有发现焚烧", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await closed.AsAsync("citizen-b")).GetAsync($"/me/served/{mine.Text("id")}")).StatusCode);

        closed.Clock.Now += TimeSpan.FromDays(3);
        Assert.Equal("404 serving-gone", await closed.PostAsync("citizen-b", $"me/servings/{mine.Text("id")}/confirm"));
        Assert.Equal("204", await closed.PostAsync("citizen-a", $"me/servings/{mine.Text("id")}/confirm"));
        Assert.Equal("409 serving-over", await closed.PostAsync("citizen-a", $"me/servings/{mine.Text("id")}/confirm"));
        var served = await LastAsync(closed);
        // The day of service is that on which it came there; review for sixty days, a lawsuit for six months, to the next day that is worked.
        Assert.Equal("electronic served 2026-11-02", Stand(served));
        Assert.StartsWith("2027-01-01", served.Text("reviewUntil") is { } review ? Local(review, closed) : "", StringComparison.Ordinal);
        Assert.StartsWith("2027-05-0", Local(served.Text("lawsuitUntil")!, closed), StringComparison.Ordinal);
        Assert.Equal("204", await closed.PostAsync("citizen-a", "me/servings/consent", new { agrees = false }, HttpMethod.Put));
        var kinds = (await closed.GetAsync("worker-huzhou", $"cases/{closed.Number}/ledger")).EnumerateArray().Select(e => e.Text("action")!).ToList();
        Assert.Contains("document.served", kinds);
    }

    private static string Local(string stamp, ClosedCase _) => DateTimeOffset.Parse(stamp, System.Globalization.CultureInfo.InvariantCulture).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task By_hand_by_post_and_by_public_notice(string store)
    {
        await using var closed = await ClosedCase.StartAsync(store);
        Task<string> ServeAsync(object given) => closed.PostAsync("worker-huzhou", $"documents/{closed.Document}/serve", given);
        Assert.Equal("422 serving-receiver", await ServeAsync(new { way = "direct" }));
        Assert.Equal("422 serving-note", await ServeAsync(new { way = "left" }));
        Assert.Equal("422 serving-note", await ServeAsync(new { way = "post", note = new string('长', 301) }));
        foreach (var day in (string[])["2026-11-01", "2026-11-03", "yesterday"])
            Assert.Equal("422 serving-day", await ServeAsync(new { way = "direct", receiver = "本人", served = day }));
        Assert.Equal("422 serving-party", await ServeAsync(new { way = "direct", receiver = "前台", organisation = "91330100MA2ABCDE0X" }));

        Assert.Equal("201", await ServeAsync(new { way = "post", note = "EMS 123" }));
        var letter = (await LastAsync(closed)).Text("id");
        Assert.Equal("409 serving-twice", await ServeAsync(new { way = "direct", receiver = "本人" }));
        Assert.Equal("422 serving-note", await closed.PostAsync("worker-huzhou", $"servings/{letter}/failed"));
        Assert.Equal("404 serving-gone", await closed.PostAsync("worker-hangzhou", $"servings/{letter}/failed", new { note = "查无此人" }));
        Assert.Equal("204", await closed.PostAsync("worker-huzhou", $"servings/{letter}/failed", new { note = "查无此人" }));
        Assert.Equal("409 serving-over", await closed.PostAsync("worker-huzhou", $"servings/{letter}/arrived", new { receiver = "门卫" }));
        Assert.Equal("post failed ", Stand(await LastAsync(closed)));

        closed.Clock.Now += TimeSpan.FromDays(2);
        Assert.Equal("201", await ServeAsync(new { way = "direct", receiver = "本人 张三", served = "2026-11-03" }));
        Assert.Equal("direct served 2026-11-03", Stand(await LastAsync(closed)));
        // Another company, known by its code; its letter arrives.
        closed.Clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal("201", await ServeAsync(new { way = "post", note = "EMS 124", organisation = "91330100MA2ABCDE0X", name = "合成企业" }));
        letter = (await LastAsync(closed)).Text("id");
        closed.Clock.Now += TimeSpan.FromDays(1);
        Assert.Equal("204", await closed.PostAsync("worker-huzhou", $"servings/{letter}/arrived", new { receiver = "收发室", served = "2026-11-05" }));
        Assert.Equal("post served 2026-11-05", Stand(await LastAsync(closed)));
        // A public notice counts on its thirtieth day.
        closed.Clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal("201", await ServeAsync(new { way = "notice", name = "李四", note = "湖州日报" }));
        Assert.Equal("notice sent 2026-12-05", Stand(await LastAsync(closed)));
        closed.Clock.Now += TimeSpan.FromDays(30);
        Assert.Equal("notice served 2026-12-05", Stand(await LastAsync(closed)));

        // Names and who took it are personal: those who do not work on the case see that it was served.
        var masked = await LastAsync(closed, "leader-ecology");
        Assert.DoesNotContain("李四", masked.ToString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_process_may_wait_until_a_document_is_served(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"/><userTask id="file" name="立案"/><serviceTask id="reply" name="生成说明" guantong:service="compose-document" guantong:document="documents/air-reply-unfounded.md"/>
            <intermediateCatchEvent id="served" name="已送达"><messageEventDefinition messageRef="served_message"/></intermediateCatchEvent><userTask id="after" name="执行"/><endEvent id="end" name="已答复"/>
            <sequenceFlow id="e" sourceRef="start" targetRef="file"/><sequenceFlow id="a" sourceRef="file" targetRef="reply"/><sequenceFlow id="b" sourceRef="reply" targetRef="served"/><sequenceFlow id="c" sourceRef="served" targetRef="after"/><sequenceFlow id="d" sourceRef="after" targetRef="end"/>
            """, """<message id="served_message" name="document-served"/>""");
        var id = await played.OpenAsync();
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, "file"));
        await played.RunAsync();
        var document = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("documents")[0].Text("id");
        Assert.Equal("file:done", await played.TasksAsync(id));
        using var answer = await played.Official.PostAsJsonAsync($"/api/v1/documents/{document}/serve", new { way = "direct", name = "合成企业", receiver = "经理" });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        await played.RunAsync();
        Assert.Equal("after:open file:done", await played.TasksAsync(id));
        Assert.Equal("2026-11-02", (await played.DataAsync(id)).Text("served_on"));
    }
}
