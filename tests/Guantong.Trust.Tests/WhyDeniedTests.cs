using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Why somebody may not do something, told in words to them and to those who answer for it.</summary>
public sealed class WhyDeniedTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task One_is_told_why_in_one_s_language_and_nothing_of_others(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        await host.AddAsync("worker", "case-worker");
        await host.AddAsync("other", "steward");
        await host.AddAsync("auditor", "auditor");
        using var worker = await host.SignInAsync("worker");
        Assert.Equal((false, "您的角色不能应用场景包。需要的角色：改革设计。"), await AskAsync(worker, "act=pack.apply"));
        Assert.Equal((false, "Your roles do not let you bring a pack into force. Needed: designer."), await AskAsync(worker, "act=pack.apply", "en"));
        Assert.Equal((true, "可以看办件。"), await AskAsync(worker, "act=case.read"));
        Assert.Equal((false, "平台没有声明这个操作，所以谁也不能做。请告诉运维人员。"), await AskAsync(worker, "act=case.burn&login=worker"));
        Assert.Equal((false, "您有时可以办理待办，但这一次不行：它属于另一个单位。"), await AskAsync(worker, "act=task.work&about=unit:zj-ecology"));
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync("/api/v1/why?act=case.read&login=other")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync("/api/v1/why?act=case.read&about=case:1")).StatusCode);
        using var nobody = host.Browser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/api/v1/why?act=case.read")).StatusCode);

        using var auditor = await host.SignInAsync("auditor");
        Assert.Equal((false, "您的角色不能办理待办。需要的角色：办理人员。"), await AskAsync(auditor, "act=task.work&login=other&about=unit:zj-ecology"));
        Assert.Equal(HttpStatusCode.NotFound, (await auditor.GetAsync("/api/v1/why?act=task.work&login=unheard-of")).StatusCode);
        // Who asks of whom is kept; asking of oneself is nobody's business.
        Assert.Equal(["auditor person:other"], await host.Get<Store>().ReadAsync(async c => (await c.QueryAsync<string>("SELECT actor || ' ' || about FROM ledger WHERE action = 'policy.explained'")).AsList()));
    }

    [Fact]
    public async Task Region_conditions_are_told_of()
    {
        await using var host = await TrustHost.StartAsync("sqlite");
        await host.Get<Accounts>().AddAsync(Policy.Operator, new Person("city", "市", "City", "official", "zj-ecology-330500", "330500", ["leader"]), TrustHost.Password);
        using var city = await host.SignInAsync("city");
        Assert.Equal((true, "可以看办件。"), await AskAsync(city, "act=case.read&about=region:330502"));
        Assert.Equal((false, "您有时可以看办件，但这一次不行：它在您的区域之外。"), await AskAsync(city, "act=case.read&about=region:330100"));
        Assert.Equal((false, "You may at times read cases, but not here: it lies outside your region."), await AskAsync(city, "act=case.read&about=region:330100", "en"));
        Assert.Equal((true, "可以看办件。"), await AskAsync(city, "act=case.read&about=unit:zj-ecology-330500"));
    }

    private static async Task<(bool, string)> AskAsync(HttpClient http, string query, string lang = "zh-CN")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/why?" + query);
        request.Headers.AcceptLanguage.ParseAdd(lang);
        var answer = await (await http.SendAsync(request)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return (answer.GetProperty("allowed").GetBoolean(), string.Join(' ', answer.GetProperty("why").EnumerateArray().Select(w => w.GetString())));
    }
}
