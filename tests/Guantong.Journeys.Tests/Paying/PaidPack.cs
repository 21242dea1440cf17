using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A matter that costs something, and how its payments are played: asked for, paid at the simulated channel, told by signed notifications.</summary>
internal static class PaidPack
{
    public const string Accountant = "accountant-huzhou", Other = "accountant-hangzhou-enforcement";

    /// <summary>Waits until it is paid or lapses, then is decided on.</summary>
    public const string Body = """
        <startEvent id="start"/><serviceTask id="collect" name="请缴费" guantong:service="collect-payment" guantong:charge="copy"/><eventBasedGateway id="wait"/>
        <intermediateCatchEvent id="made" name="已缴" guantong:key="case.number"><messageEventDefinition messageRef="made_message"/></intermediateCatchEvent>
        <intermediateCatchEvent id="lapsed" name="逾期" guantong:key="case.number"><messageEventDefinition messageRef="lapsed_message"/></intermediateCatchEvent>
        <userTask id="after" name="决定"/><exclusiveGateway id="which" name="怎么决定？" default="yes"/><endEvent id="granted" name="已答复" guantong:outcome="granted"/><endEvent id="refused" name="不予答复" guantong:outcome="refused"/><endEvent id="late" name="逾期未缴"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="collect"/><sequenceFlow id="b" sourceRef="collect" targetRef="wait"/><sequenceFlow id="c" sourceRef="wait" targetRef="made"/><sequenceFlow id="d" sourceRef="wait" targetRef="lapsed"/>
        <sequenceFlow id="e" sourceRef="made" targetRef="after"/><sequenceFlow id="f" sourceRef="lapsed" targetRef="late"/><sequenceFlow id="g" sourceRef="after" targetRef="which"/><sequenceFlow id="yes" sourceRef="which" targetRef="granted"/>
        <sequenceFlow id="no" sourceRef="which" targetRef="refused"><conditionExpression>pages = 13</conditionExpression></sequenceFlow>
        """;

    public const string Around = """<message id="made_message" name="payment-made"/><message id="lapsed_message" name="payment-lapsed"/>""";

    /// <summary>The matter, with what it costs.</summary>
    public static (string Path, string Text) Matter(string amount = "if pages = 0 then 0 else 20.5")
    {
        var text = System.IO.File.ReadAllText(Path.Combine(Repository.Root, "packs/environment/air-quality/matters/air-report.yaml"));
        return ("matters/air-report.yaml", text.Replace("fee: 不收费", $"charges:\n  - {{charge: copy, name: 资料复制费, amount: \"{amount}\", basis: 合成收费标准第一条, within: P2D, refund: [refused, withdrawn]}}", StringComparison.Ordinal));
    }

    public static Task<PlayedProcess> StartAsync(string store) => PlayedProcess.StartAsync(store, Body, Around, "", Matter());

    /// <summary>The same on a platform of the test's own, at a price.</summary>
    public static Task ApplyAsync(RunningPlatform platform, string amount)
    {
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality");
        var texts = files.Texts.ToDictionary();
        texts["processes/air-report.bpmn"] = PlayedProcess.File(PlayedProcess.Process("played", Body), Around);
        texts["matters/air-report.yaml"] = Matter(amount).Text;
        return platform.ApplyAsync(files with { Texts = texts });
    }

    public static Task SeedAsync(RunningPlatform platform) =>
        platform.Services.GetRequiredService<Accounts>().SeedAsync([new Person(Accountant, "演示·湖州生态财务", "Demo Huzhou ecology accountant", "official", "zj-ecology-330500", "330500", ["accountant"])]);

    /// <summary>The order of a case.</summary>
    public static async Task<Payment> OfAsync(RunningPlatform platform, string caseId) => Assert.Single(await platform.Services.GetRequiredService<Payments>().OfCaseAsync(caseId, TestContext.Current.CancellationToken));

    /// <summary>Sends a signed notification; gives what it came to.</summary>
    public static async Task<string> TellAsync(RunningPlatform platform, PaymentNews news, string? id = null, Action<Dictionary<string, string>>? change = null)
    {
        var (headers, body) = await platform.Services.GetRequiredService<SimulatedChannel>().SignAsync(news, id, TestContext.Current.CancellationToken);
        var sent = headers.ToDictionary();
        change?.Invoke(sent);
        using var http = platform.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/payments/channels/simulated/notifications") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in sent)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request);
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return answer.IsSuccessStatusCode ? said.GetProperty("outcome").GetString()! : $"{(int)answer.StatusCode} {said.GetProperty("code").GetString()}";
    }

    /// <summary>Begins to pay as anybody; gives the channel's number of it.</summary>
    public static async Task<string> BeginAsync(RunningPlatform platform, string code)
    {
        using var http = platform.Anonymous();
        var address = (await http.PostAsJsonAsync($"/api/v1/pay/{code}", new { }).JsonAsync()).GetProperty("address").GetString()!;
        Assert.StartsWith("/pay/simulated/", address, StringComparison.Ordinal);
        return address["/pay/simulated/".Length..];
    }

    /// <summary>Pays at the channel; the notification is the test's to send.</summary>
    public static async Task<PaymentNews> PayAsync(RunningPlatform platform, string code) =>
        (await platform.Services.GetRequiredService<SimulatedChannel>().PressAsync(await BeginAsync(platform, code), isPaid: true, TestContext.Current.CancellationToken))!;

    /// <summary>The differences that an accountant sees, as kind:number.</summary>
    public static async Task<Dictionary<string, string>> DifferencesAsync(HttpClient who, bool open = true) =>
        (await who.GetFromJsonAsync<JsonElement>($"/api/v1/payments/differences?open={open}")).GetProperty("items").EnumerateArray().ToDictionary(d => $"{d.GetProperty("kind")}:{d.GetProperty("number")}", d => d.GetProperty("id").GetString()!);

    public static Task<string> ResolveAsync(HttpClient who, string id, string how, string? reason = "合成：已查明原因") => who.PostAsJsonAsync($"/api/v1/payments/differences/{id}/resolve", new { how, reason }).ToldAsync();
}
