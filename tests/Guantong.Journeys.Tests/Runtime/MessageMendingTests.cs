using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>What operators see of messages, and do about those that nobody could take.</summary>
public sealed class MessageMendingTests
{
    internal const string Named = """<message id="paid_message" name="paid"/>""";

    internal const string Begun = """
        <startEvent id="start"><messageEventDefinition messageRef="paid_message"/></startEvent><userTask id="inspect" name="核查"/><endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="end"/>
        """;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_message_that_cannot_begin_a_case_is_mended_and_sent_again(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Begun, Named);
        await played.SendAsync(new { name = "paid", data = new { region = "999999", place = "示例村口" } });
        await played.SendAsync(new { name = "paid", data = new { region = "330500" } });
        await played.RunAsync();
        // One in the wrong region holds up no other.
        Assert.Single(await CasesAsync(played));
        var failed = Assert.Single(await ListAsync(played, "?state=failed"));
        Assert.Equal(("999999", "地区“999999”不在本辖区，立不了案。请补正 region 后重试。"), (failed.GetProperty("data").GetProperty("region").GetString(), failed.GetProperty("said").GetString()));

        var address = $"/api/v1/messages/{failed.GetProperty("id").GetString()}";
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Official.GetAsync("/api/v1/messages")).StatusCode);
        Assert.False((await played.Official.GetFromJsonAsync<JsonElement>(address)).TryGetProperty("data", out _));
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Official.PostAsJsonAsync(address + "/retry", new { reason = "重发" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await played.Operator.PostAsJsonAsync(address + "/retry", new { reason = "" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await played.Operator.PostAsJsonAsync("/api/v1/messages/none/drop", new { reason = "丢弃" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await played.Operator.PostAsJsonAsync(address + "/retry", new { reason = "地区写错了", data = new { region = "330100" } })).StatusCode);
        await played.RunAsync();
        Assert.Equal(["330100", "330500"], (await CasesAsync(played)).Select(c => c.GetProperty("region").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await ListAsync(played, "?state=taken&name=paid")).Count);
        Assert.Equal(HttpStatusCode.Conflict, (await played.Operator.PostAsJsonAsync(address + "/drop", new { reason = "不要了" })).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_message_that_nobody_took_in_its_time_is_told_as_expired_and_may_be_sent_again_or_dropped(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Begun, Named);
        await played.SendAsync(new { name = "unheard", key = "K-1", keep = "PT1H" });
        await played.SendAsync(new { name = "unheard", key = "K-2", keep = "P2D" });
        await played.RunAsync();
        Assert.Equal(2, (await ListAsync(played, "?state=ready&q=unheard")).Count);
        await played.PassAsync(TimeSpan.FromHours(2), nodes: 3);
        var expired = Assert.Single(await ListAsync(played, "?state=expired"));
        Assert.Equal("K-1", expired.GetProperty("key").GetString());
        var address = $"/api/v1/messages/{expired.GetProperty("id").GetString()}";
        Assert.Equal(HttpStatusCode.NoContent, (await played.Operator.PostAsJsonAsync(address + "/retry", new { reason = "再等一等" })).StatusCode);
        Assert.Equal(2, (await ListAsync(played, "?state=ready")).Count);
        Assert.Equal(HttpStatusCode.NoContent, (await played.Operator.PostAsJsonAsync(address + "/drop", new { reason = "不再需要" })).StatusCode);
        Assert.Equal("不再需要", Assert.Single(await ListAsync(played, "?state=dismissed&q=K-1")).GetProperty("reason").GetString());
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(PlayedProcess played, string query) => [.. (await played.Operator.GetFromJsonAsync<JsonElement>("/api/v1/messages" + query)).GetProperty("items").EnumerateArray()];

    private static async Task<IReadOnlyList<JsonElement>> CasesAsync(PlayedProcess played) => [.. (await played.Operator.GetFromJsonAsync<JsonElement>("/api/v1/cases")).GetProperty("items").EnumerateArray()];
}
