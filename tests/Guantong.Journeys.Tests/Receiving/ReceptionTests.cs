using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.ConcernCase;

namespace Guantong.Tests;

/// <summary>One reception for all channels: taken in, sorted by rules, by people and by a model, joined and closed.</summary>
public sealed class ReceptionTests
{
    private const string Noise = "合成：示例路口的工地每天夜里打桩，噪声很大，孩子睡不着", Strange = "合成：想咨询一件说不清归谁管的事情，麻烦帮忙看看";

    private static async Task<(string Number, string Code)> SaidAsync(HttpClient anyone, string said, string region = "330100")
    {
        var receipt = await anyone.PostAsJsonAsync("/api/v1/reception", new { region, said }).JsonAsync();
        return (receipt.GetProperty("number").GetString()!, receipt.GetProperty("code").GetString()!);
    }

    // By a clerk on the phone: what anybody sends is limited by the minute.
    private static async Task<string> TakenAsync(HttpClient clerk, string said) =>
        (await clerk.PostAsJsonAsync("/api/v1/receptions", new { channel = "phone", region = "330100", said }).JsonAsync()).GetProperty("number").GetString()!;

    private static Task<JsonElement> FileAsync(HttpClient clerk, string number) => clerk.GetFromJsonAsync<JsonElement>($"/api/v1/receptions/{number}");

    private static Task<string> DoAsync(HttpClient who, string number, string what, object given) => who.PostAsJsonAsync($"/api/v1/receptions/{number}/{what}", given).ToldAsync();

    private static async Task<string> CaseAsync(HttpClient clerk, string number) => (await FileAsync(clerk, number)).GetProperty("reception").GetProperty("caseNumber").GetString()!;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_somebody_says_goes_to_the_unit_whose_rule_it_meets_and_else_to_a_person(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = platform.Anonymous();
        using var clerk = await platform.SignInAsync(Clerk);
        using var officer = await platform.SignInAsync(Officer);
        using var builder = await platform.SignInAsync(Builder);
        using var elsewhere = await platform.SignInAsync("worker-huzhou");
        Assert.Equal("422 reception-said", await anyone.PostAsJsonAsync("/api/v1/reception", new { region = "330100", said = "太短" }).ToldAsync());
        Assert.Equal("422 reception-region", await anyone.PostAsJsonAsync("/api/v1/reception", new { region = "999999", said = Noise }).ToldAsync());
        var noise = await SaidAsync(anyone, Noise);
        var strange = await SaidAsync(anyone, Strange);
        var both = await SaidAsync(anyone, "合成：人行道破损有个大坑，旁边工地施工噪声也很大");

        var view = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/reception/{noise.Number}?code={noise.Code}");
        Assert.Equal("sorted 杭州市综合执法局 received", $"{view.GetProperty("state").GetString()} {view.GetProperty("unit").GetString()} {view.GetProperty("case").GetProperty("state").GetString()}");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await anyone.GetAsync($"/api/v1/reception/{noise.Number}?code={strange.Code}")).StatusCode);
        Assert.Equal("waiting", (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/reception/{strange.Number}?code={strange.Code}")).GetProperty("state").GetString());
        // The same code looks the case up.
        var number = await CaseAsync(clerk, noise.Number);
        Assert.Equal("received", (await SeenAsync(anyone, (number, noise.Code))).GetProperty("state").GetString());
        Assert.Contains("打桩", (await officer.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").GetProperty("data").GetString(), StringComparison.Ordinal);
        // What waits stands first; two rules are for a person to choose from.
        var list = (await clerk.GetFromJsonAsync<JsonElement>("/api/v1/receptions")).GetProperty("items").EnumerateArray().Select(r => $"{r.GetProperty("number").GetString()} {r.GetProperty("state").GetString()}").ToList();
        Assert.Equal([$"{strange.Number} waiting", $"{both.Number} waiting", $"{noise.Number} sorted"], list);
        Assert.Equal(["construction-noise rule", "road-damage rule"], (await FileAsync(clerk, both.Number)).GetProperty("suggestions").EnumerateArray().Select(s => $"{s.GetProperty("matter").GetString()} {s.GetProperty("how").GetString()}").Order());

        Assert.StartsWith("403", await DoAsync(officer, strange.Number, "sort", new { pack = Pack, matter = "road-damage" }), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await elsewhere.GetAsync($"/api/v1/receptions/{strange.Number}")).StatusCode);
        Assert.Equal("422 reception-matter", await DoAsync(clerk, strange.Number, "sort", new { pack = "society.assistance", matter = "elder-allowance" }));
        Assert.Equal("404 reception-gone", await DoAsync(clerk, "R330100-2026-999999", "sort", new { pack = Pack, matter = "road-damage" }));
        Assert.Equal("200", await DoAsync(clerk, strange.Number, "sort", new { pack = Pack, matter = "road-damage", reason = "来电核实是路面问题" }));
        var first = await CaseAsync(clerk, strange.Number);
        Assert.Equal("received/received acceptance:open", await StandsAsync(builder, first));
        // Sorted anew: the first case goes, and says so.
        Assert.Equal("200", await DoAsync(clerk, strange.Number, "sort", new { pack = Pack, matter = "property-service" }));
        Assert.Equal("redirected/redirected acceptance:withdrawn", await StandsAsync(builder, first));
        var second = await CaseAsync(clerk, strange.Number);
        Assert.NotEqual(first, second);
        Assert.Equal("204", await AnswerAsync(builder, second, "accept"));
        Assert.Equal("409 reception-begun", await DoAsync(clerk, strange.Number, "sort", new { pack = Pack, matter = "road-damage" }));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_unit_gives_back_what_is_not_its_own_and_a_clerk_joins_closes_and_opens_again(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = platform.Anonymous();
        using var clerk = await platform.SignInAsync(Clerk);
        using var officer = await platform.SignInAsync(Officer);
        using var builder = await platform.SignInAsync(Builder);
        using var auditor = await platform.SignInAsync("auditor");
        var (first, same) = (await SaidAsync(anyone, Noise), await SaidAsync(anyone, Noise + "，麻烦管一管"));
        var number = await CaseAsync(clerk, first.Number);
        // What says nearly the same is shown, and how much of it.
        var alike = (await FileAsync(clerk, same.Number)).GetProperty("alike").EnumerateArray().Single();
        Assert.Equal(first.Number, alike.GetProperty("number").GetString());
        Assert.InRange(alike.GetProperty("share").GetDouble(), 0.5, 1);
        Assert.Equal("422 reason-missing", await DoAsync(clerk, same.Number, "join", new { @case = number }));
        Assert.Equal("422 reception-case", await DoAsync(clerk, same.Number, "join", new { @case = "330100-2026-999999", reason = "同一件事" }));
        Assert.Equal("204", await DoAsync(clerk, same.Number, "join", new { @case = number, reason = "同一工地的同一问题" }));
        var view = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/reception/{same.Number}?code={same.Code}");
        Assert.Equal("joined 同一工地的同一问题 received", $"{view.GetProperty("state").GetString()} {view.GetProperty("reason").GetString()} {view.GetProperty("case").GetProperty("state").GetString()}");
        Assert.DoesNotContain(number, view.ToString(), StringComparison.Ordinal);
        Assert.Equal("409 reception-over", await DoAsync(clerk, same.Number, "sort", new { pack = Pack, matter = "road-damage" }));
        Assert.Equal("204", await DoAsync(clerk, same.Number, "reopen", new { reason = "核实是另一个工地" }));
        Assert.Equal("409 reception-open", await DoAsync(clerk, same.Number, "reopen", new { reason = "再一次" }));
        Assert.Equal("204", await DoAsync(clerk, same.Number, "close", new { reason = "来电人说问题已经自行解决" }));
        view = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/reception/{same.Number}?code={same.Code}");
        Assert.Equal("closed 来电人说问题已经自行解决", $"{view.GetProperty("state").GetString()} {view.GetProperty("reason").GetString()}");

        Assert.StartsWith("40", await AnswerAsync(builder, number, "return", new { reason = "不归我们" }), StringComparison.Ordinal);
        Assert.Equal("204", await AnswerAsync(officer, number, "return", new { reason = "是拆迁工地，归建设部门" }));
        Assert.Equal("404 reception-gone", await AnswerAsync(officer, number, "return", new { reason = "是拆迁工地，归建设部门" }));
        var waiting = await FileAsync(clerk, first.Number);
        Assert.Equal("waiting 是拆迁工地，归建设部门", $"{waiting.GetProperty("reception").GetProperty("state").GetString()} {waiting.GetProperty("reception").GetProperty("reason").GetString()}");
        Assert.Equal("200", await DoAsync(clerk, first.Number, "sort", new { pack = Pack, matter = "property-service" }));
        Assert.Equal(["rule construction-noise 1", "person property-service 1"], (await FileAsync(clerk, first.Number)).GetProperty("sortings").EnumerateArray().Select(s => $"{s.GetProperty("how").GetString()} {s.GetProperty("matter").GetString()} {s.GetProperty("went").GetInt64()}"));
        // That it was read stands in the ledger; what was said does not.
        var ledger = await auditor.GetStringAsync("/api/v1/ledger?take=500");
        Assert.Contains("reception.read", ledger, StringComparison.Ordinal);
        Assert.DoesNotContain("睡不着", ledger, StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Every_channel_ends_in_the_one_list_and_an_account_finds_what_it_said(string store)
    {
        await using var platform = await StartAsync(store);
        using var clerk = await platform.SignInAsync(Clerk);
        using var citizen = await platform.SignInAsync("citizen-a");
        using var anyone = platform.Anonymous();
        foreach (var channel in Receptions.Channels.Skip(1))
            Assert.Equal("201", await clerk.PostAsJsonAsync("/api/v1/receptions", new { channel, region = "330100", said = $"合成：通过{channel}来的一件说不清的事情", name = "演示·来电人", phone = "0571-12345678" }).ToldAsync());
        Assert.Equal("422 reception-channel", await clerk.PostAsJsonAsync("/api/v1/receptions", new { channel = "portal", region = "330100", said = Strange }).ToldAsync());
        Assert.Equal("422 reception-reach", await clerk.PostAsJsonAsync("/api/v1/receptions", new { channel = "phone", region = "330100", said = Strange, phone = "<script>" }).ToldAsync());
        Assert.StartsWith("40", await anyone.PostAsJsonAsync("/api/v1/receptions", new { channel = "phone", region = "330100", said = Strange }).ToldAsync(), StringComparison.Ordinal);
        var receipt = await citizen.PostAsJsonAsync("/api/v1/reception", new { region = "330100", said = Noise, channel = "phone" }).JsonAsync();
        Assert.Equal(JsonValueKind.Null, receipt.GetProperty("code").ValueKind);
        var mine = (await citizen.GetFromJsonAsync<JsonElement>("/api/v1/me/reception")).EnumerateArray().Single();
        Assert.Equal(receipt.GetProperty("number").GetString(), mine.GetProperty("number").GetString());
        Assert.Contains(mine.GetProperty("case").GetProperty("number").GetString()!, await citizen.GetStringAsync("/api/v1/me/applications"), StringComparison.Ordinal);
        var channels = (await clerk.GetFromJsonAsync<JsonElement>("/api/v1/receptions")).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("channel").GetString()).Order().ToList();
        Assert.Equal(Receptions.Channels.Order(), channels);
        var one = (await clerk.GetFromJsonAsync<JsonElement>("/api/v1/receptions?channel=phone")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal("演示·来电人", (await FileAsync(clerk, one.GetProperty("number").GetString()!)).GetProperty("reach").GetProperty("name").GetString());
        Assert.DoesNotContain("reception.read", await citizen.GetStringAsync("/api/v1/me/reads"), StringComparison.Ordinal);
        await FileAsync(clerk, receipt.GetProperty("number").GetString()!);
        Assert.Contains("reception.read", await citizen.GetStringAsync("/api/v1/me/reads"), StringComparison.Ordinal);
    }

    [Shows("plat-intelligence-centre", Lacks = "extraction, similar cases, machine translation, larger models")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_model_learns_from_what_people_sorted_suggests_with_its_confidence_and_is_measured_by_unit(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = platform.Anonymous();
        using var clerk = await platform.SignInAsync(Clerk);
        using var bureau = await platform.SignInAsync("data-bureau");
        using var auditor = await platform.SignInAsync("auditor");
        Assert.Equal("409 sort-few", await bureau.PostAsJsonAsync("/api/v1/sort-models", new { }).ToldAsync());
        Assert.StartsWith("403", await clerk.PostAsJsonAsync("/api/v1/sort-models", new { }).ToldAsync(), StringComparison.Ordinal);
        // Words that no rule knows: people sort them, and the model learns whose they are.
        (string Matter, string[] Says)[] kinds =
        [
            ("bus-service", ["早高峰等车要四十分钟", "末班收得太早回不了家", "那条线绕得太远了", "等车的地方没有遮雨棚"]),
            ("property-service", ["电梯坏了两个月没人修", "楼道灯不亮也没人管", "小区大门门禁一直失灵", "公共花园的椅子烂了"]),
            ("river-pollution", ["小溪里飘着白色泡沫", "水面漂着死鱼", "溪边一股怪味道", "塘里的水变成了绿色"]),
        ];
        for (var i = 0; i < 60; i++)
        {
            var (matter, says) = kinds[i % kinds.Length];
            var said = await TakenAsync(clerk, $"合成：{says[i / 3 % 4]}，第{i}次反映了，希望处理");
            Assert.Equal("200", await DoAsync(clerk, said, "sort", new { pack = Pack, matter }));
        }
        var model = await bureau.PostAsJsonAsync("/api/v1/sort-models", new { }).JsonAsync();
        Assert.Equal((60, "trained"), (model.GetProperty("examples").GetInt64(), model.GetProperty("state").GetString()));
        var measured = model.GetProperty("measured");
        Assert.True(measured.GetProperty("right").GetInt64() > measured.GetProperty("commonest").GetInt64(), measured.ToString());
        Assert.Equal(measured.GetProperty("heldOut").GetInt64(), measured.GetProperty("units").EnumerateArray().Sum(u => u.GetProperty("belong").GetInt64()));
        var id = model.GetProperty("id").GetString();
        // Trained is not in force.
        var before = await TakenAsync(clerk, "合成：今天又等车等了四十分钟，早高峰太难了");
        Assert.Empty((await FileAsync(clerk, before)).GetProperty("suggestions").EnumerateArray());
        Assert.Equal("422 sort-alone", await bureau.PostAsJsonAsync($"/api/v1/sort-models/{id}/use", new { alone = 0.2 }).ToldAsync());
        Assert.Equal("404 sort-gone", await bureau.PostAsJsonAsync("/api/v1/sort-models/none/use", new { }).ToldAsync());
        Assert.Equal("204", await bureau.PostAsJsonAsync($"/api/v1/sort-models/{id}/use", new { }).ToldAsync());
        var suggested = (await FileAsync(clerk, before)).GetProperty("suggestions").EnumerateArray().ToList();
        Assert.Equal("bus-service model", $"{suggested[0].GetProperty("matter").GetString()} {suggested[0].GetProperty("how").GetString()}");
        Assert.InRange(suggested[0].GetProperty("confidence").GetDouble(), suggested[1].GetProperty("confidence").GetDouble(), 1);
        // It suggests only, until somebody says from when on it sorts by itself.
        var still = await TakenAsync(clerk, "合成：电梯又坏了没人修，楼道灯也不亮");
        Assert.Equal("waiting", (await FileAsync(clerk, still)).GetProperty("reception").GetProperty("state").GetString());
        Assert.Equal("200", await DoAsync(clerk, still, "sort", new { pack = Pack, matter = "property-service" }));
        Assert.Equal("204", await bureau.PostAsJsonAsync($"/api/v1/sort-models/{id}/use", new { alone = 0.5, instead = id }).ToldAsync());
        var alone = await TakenAsync(clerk, "合成：水面漂着死鱼，小溪里飘着白色泡沫，一股怪味道");
        var file = await FileAsync(clerk, alone);
        Assert.Equal("sorted model river-pollution", $"{file.GetProperty("reception").GetProperty("state").GetString()} {file.GetProperty("reception").GetProperty("sortedBy").GetString()} {file.GetProperty("reception").GetProperty("matter").GetString()}");
        // A person corrects it: the unit's accuracy says so.
        Assert.Equal("200", await DoAsync(clerk, alone, "sort", new { pack = Pack, matter = "property-service" }));
        var accuracy = (await auditor.GetFromJsonAsync<JsonElement>("/api/v1/sort-models/accuracy?days=30")).EnumerateArray().ToDictionary(u => u.GetProperty("unit").GetString()!);
        var building = accuracy["zj-construction-330100"];
        Assert.Equal((2, 1), (building.GetProperty("suggested").GetInt64(), building.GetProperty("right").GetInt64()));
        // Two who put one in force at once: one does, the other is told that it is no longer as they saw it.
        Assert.Equal("409 sort-meanwhile", await bureau.PostAsJsonAsync($"/api/v1/sort-models/{id}/use", new { }).ToldAsync());
        var second = (await bureau.PostAsJsonAsync("/api/v1/sort-models", new { }).JsonAsync()).GetProperty("id").GetString();
        await platform.Services.GetRequiredService<Trust.Accounts>().SeedAsync(HandledCase.People);
        using var colleague = await platform.SignInAsync("bureau");
        var both = await Task.WhenAll(((HttpClient[])[bureau, colleague]).Select(who => who.PostAsJsonAsync($"/api/v1/sort-models/{second}/use", new { instead = id }).ToldAsync()));
        Assert.Equal(["204", "409 sort-meanwhile"], both.Order(StringComparer.Ordinal));
        Assert.Equal([second], (await auditor.GetFromJsonAsync<JsonElement>("/api/v1/sort-models")).EnumerateArray().Where(m => m.GetProperty("state").GetString() == "used").Select(m => m.GetProperty("id").GetString()));
        Assert.Equal("204", await bureau.PostAsJsonAsync($"/api/v1/sort-models/{second}/retire", new { }).ToldAsync());
        Assert.Equal("404 sort-gone", await bureau.PostAsJsonAsync($"/api/v1/sort-models/{second}/retire", new { }).ToldAsync());
        Assert.Equal("waiting", (await FileAsync(clerk, await TakenAsync(clerk, "合成：水面漂着死鱼，小溪里飘着白色泡沫，真难看"))).GetProperty("reception").GetProperty("state").GetString());
        // A model that was tampered with is not asked.
        await platform.Services.GetRequiredService<Trust.Store>().ChangeAsync(DateTimeOffset.UtcNow, async change =>
        {
            await change.ExecuteAsync("UPDATE work_sort_model SET model = 'AAAA', state = 'used', id = 'other' WHERE id = @id", new { id });
            change.Record("test", "test.tampered", "sort-model:other");
        }, TestContext.Current.CancellationToken);
        Assert.Equal(500, (int)(await anyone.PostAsJsonAsync("/api/v1/reception", new { region = "330100", said = Strange })).StatusCode);
    }
}
