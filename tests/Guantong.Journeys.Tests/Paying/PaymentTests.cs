using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.PaidPack;

namespace Guantong.Tests;

/// <summary>Payments: asked for by a process, paid by whoever has the code, told by signed words, lapsed, given back, reconciled.</summary>
public sealed partial class PaymentTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(true), InlineData(false)]
    public async Task Without_money_nothing_is_paid_outside_a_demonstration(bool isDemonstration)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-test-").FullName;
        await using (var app = await Guantong.Hosting.Platform.BuildAsync(new Guantong.Hosting.Settings(Repository.Root, folder, null, "zhejiang", "http://127.0.0.1:0", Demo: isDemonstration), workers: false))
            Assert.Equal(isDemonstration, app.Services.GetRequiredService<Payments>().Channels.Any(c => c.IsSimulated));
        Directory.Delete(folder, true);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_fine_is_paid_to_the_treasury_by_the_code_on_the_decision_and_the_case_goes_on_by_itself(string store)
    {
        await using var penalty = await PenaltyCase.StartAsync(store);
        var id = await penalty.InspectAsync("立案查处");
        await penalty.InvestigateAsync(id);
        await penalty.ProposeAsync(id, 40000);
        if (await penalty.OpenAsync(id) == "panel")
            await penalty.DoAsync(PenaltyCase.Leader, id, "panel", new { panel_on = "2026-11-24", panel_members = 5, panel_opinion = "同意" });
        await penalty.DoAsync(PenaltyCase.Leader, id, "decide", new { verdict = "予以处罚", final_fine = 40000, verdict_reason = "事实清楚" });
        var decision = await penalty.DocumentAsync(id, "行政处罚决定书");
        var code = Code().Match(decision).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("40,000.00 元，缴入国库", decision, StringComparison.Ordinal);

        using var anyone = penalty.Platform.Anonymous();
        var order = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/pay/{code}");
        Assert.Equal((4_000_000, "CNY", "due", "国库（非税收入）"), (order.GetProperty("fen").GetInt64(), order.Text("currency"), order.Text("state"), order.Text("payee")));
        Assert.DoesNotContain("示例渣土", order.ToString(), StringComparison.Ordinal);
        Assert.Equal("404 not-found", await anyone.GetAsync("/api/v1/pay/ABCDEFGH2345").ToldAsync());
        // The code is for whoever pays: it stands in no ledger and in no list.
        Assert.DoesNotContain(code, (await (await penalty.AsAsync(PenaltyCase.Leader)).GetStringAsync($"/api/v1/cases/{id}/ledger")) + await (await penalty.AsAsync(Other)).GetStringAsync("/api/v1/payments"), StringComparison.Ordinal);

        await penalty.DoAsync(PenaltyCase.Investigator, id, "serve", new { served_way = "直接送达", served_on = "2026-11-26" });
        Assert.Equal("execute", await penalty.OpenAsync(id));
        var news = await PayAsync(penalty.Platform, code);
        Assert.Equal("401 word-signature", await TellAsync(penalty.Platform, news, change: h => h["webhook-signature"] = "v1," + Convert.ToBase64String(new byte[32])));
        Assert.Equal("401 word-signature", await TellAsync(penalty.Platform, news, change: h => h["webhook-id"] = "msg_other"));
        Assert.Equal("401 word-signature", await TellAsync(penalty.Platform, news, change: h => h["webhook-timestamp"] = "1"));
        Assert.Equal("400 word-shape", await TellAsync(penalty.Platform, news, change: h => h.Remove("webhook-timestamp")));
        Assert.Equal("due", (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/pay/{code}")).Text("state"));
        // Two at once, and the same again: paid once.
        var both = await Task.WhenAll(TellAsync(penalty.Platform, news), TellAsync(penalty.Platform, news));
        Assert.Equal(["already", "paid"], both.Order());
        Assert.Equal("already", await TellAsync(penalty.Platform, news, "msg_again"));
        Assert.Equal("already", await TellAsync(penalty.Platform, news, "msg_again"));
        Assert.Equal("400 word-differs", await TellAsync(penalty.Platform, news with { Fen = 1 }, "msg_again"));
        Assert.Equal("409 payment-over", await anyone.PostAsJsonAsync($"/api/v1/pay/{code}", new { }).ToldAsync());

        await penalty.Platform.RunJobsAsync();
        Assert.Equal("close", await penalty.OpenAsync(id));
        var receipt = await penalty.DocumentAsync(id, "缴款凭证");
        Assert.Contains("肆万元整", receipt, StringComparison.Ordinal);
        Assert.Contains("模拟缴款", receipt, StringComparison.Ordinal);
        var paid = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/pay/{code}");
        Assert.Equal("缴款凭证", (await anyone.PostAsJsonAsync("/api/v1/documents/check", new { code = paid.Text("receiptCode") }).JsonAsync()).Text("name"));
        await penalty.DoAsync(PenaltyCase.Leader, id, "close", new { closing_opinion = "同意结案", published = true });
        Assert.Contains("执行：已履行 2026-11-02", await penalty.DocumentAsync(id, "结案报告"), StringComparison.Ordinal);

        // Paid twice is a difference of the unit's accountant, who works on no case; who works on cases does not settle money.
        Assert.Equal("twice", await TellAsync(penalty.Platform, news with { Trade = "T2" }));
        using var accountant = await penalty.Platform.SignInAsync(Other);
        var twice = Assert.Single(await DifferencesAsync(accountant)).Value;
        Assert.StartsWith("403", await ResolveAsync(await penalty.AsAsync(PenaltyCase.Investigator), twice, "explained"), StringComparison.Ordinal);
        Assert.StartsWith("403", await accountant.GetAsync($"/api/v1/cases/{id}").ToldAsync(), StringComparison.Ordinal);
        Assert.Equal("422 reason-missing", await ResolveAsync(accountant, twice, "explained", " "));
        Assert.Equal("422 difference-how", await ResolveAsync(accountant, twice, "forget"));
        // The channel knows no such trade: it stays open.
        Assert.Equal("409 payment-channel", await ResolveAsync(accountant, twice, "refund"));
        Assert.Equal(["204", "409 difference-over"], (await Task.WhenAll(ResolveAsync(accountant, twice, "explained"), ResolveAsync(accountant, twice, "explained"))).Order());
        Assert.Empty(await DifferencesAsync(accountant));
        // A fine that was taken back goes back whole, once.
        Assert.Equal("422 reason-missing", await accountant.PostAsJsonAsync($"/api/v1/payments/{paid.Text("number")}/refund", new { }).ToldAsync());
        Assert.Equal("204", await accountant.PostAsJsonAsync($"/api/v1/payments/{paid.Text("number")}/refund", new { reason = "合成：处罚决定经复议撤销" }).ToldAsync());
        Assert.Equal("409 payment-not-paid", await accountant.PostAsJsonAsync($"/api/v1/payments/{paid.Text("number")}/refund", new { reason = "合成：再退一次" }).ToldAsync());
        await penalty.Platform.RunJobsAsync();
        Assert.Equal("refunded", (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/pay/{code}")).Text("state"));
        Assert.Equal("refunded", (await penalty.Platform.Services.GetRequiredService<SimulatedChannel>().FindAsync(news.Trade, Stop))!.State);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_fee_lapses_is_found_though_its_notification_was_lost_and_goes_back_where_the_pack_says_so(string store)
    {
        await using var played = await StartAsync(store);
        var (platform, channel) = (played.Platform, played.Platform.Services.GetRequiredService<SimulatedChannel>());
        await SeedAsync(platform);
        var (lost, unpaid, wrong, stated, free) = (await played.OpenAsync(new { pages = 13 }), await played.OpenAsync(new { pages = 2 }), await played.OpenAsync(new { pages = 2 }), await played.OpenAsync(new { pages = 2 }), await played.OpenAsync(new { pages = 0 }));
        await played.RunAsync();
        Assert.Equal("none", (await played.DataAsync(free)).GetProperty("payment").Text("state"));
        Assert.Empty(await platform.Services.GetRequiredService<Payments>().OfCaseAsync(free, Stop));
        var (lostOrder, unpaidOrder, wrongOrder, statedOrder) = (await OfAsync(platform, lost), await OfAsync(platform, unpaid), await OfAsync(platform, wrong), await OfAsync(platform, stated));
        Assert.Equal((2050, "due"), (lostOrder.Fen, lostOrder.State));

        // Paid, and never told: the channel is asked before the order is given up. Asked to pay twice it is one trade.
        var news = await PayAsync(platform, lostOrder.Code);
        Assert.Equal(news.Trade, await BeginAsync(platform, lostOrder.Code));
        var late = await BeginAsync(platform, unpaidOrder.Code);
        // Another amount is not what was asked.
        var other = await PayAsync(platform, wrongOrder.Code);
        Assert.Equal("amount", await TellAsync(platform, other with { Fen = 2049 }));
        Assert.Equal("due", (await OfAsync(platform, wrong)).State);
        Assert.Equal("failed", await TellAsync(platform, other with { State = "failed" }));
        Assert.Equal("unknown", await TellAsync(platform, other with { Number = "P330500-2026-999999", Trade = "T9" }));
        Assert.Equal("", await played.TasksAsync(lost));

        // A word that is five minutes old is not believed, though its signature is right.
        var (headers, body) = await channel.SignAsync(other, cancel: Stop);
        await played.PassAsync(TimeSpan.FromMinutes(6));
        var stale = await Assert.ThrowsAsync<PaymentWordException>(() => platform.Services.GetRequiredService<Payments>().HearAsync("simulated", new PaymentWord(n => headers.GetValueOrDefault(n), body), Stop));
        Assert.Equal("word-stale", stale.Code);

        // The day is over: its statement shows what was never told, one that it lacks, and what is nobody's.
        Assert.Equal("paid", await TellAsync(platform, new PaymentNews(statedOrder.Number, "T-not-in-the-book", statedOrder.Fen, "paid", other.At)));
        await played.PassAsync(TimeSpan.FromDays(1), nodes: 2);
        Assert.Equal("paid", (await OfAsync(platform, lost)).State);
        Assert.Equal("after:open", await played.TasksAsync(lost));
        using var accountant = await platform.SignInAsync(Accountant);
        using (var elsewhere = await platform.SignInAsync(Other))
            Assert.Equal(["unknown:P330500-2026-999999"], (await DifferencesAsync(elsewhere)).Keys);
        var differences = await DifferencesAsync(accountant);
        Assert.Equal(new[] { $"amount:{wrongOrder.Number}", $"missing:{statedOrder.Number}", "unknown:P330500-2026-999999" }.Order(), differences.Keys.Order());
        // Found by the statement at its right amount, it is paid; that the word said another is still to be explained.
        Assert.Equal("paid", (await OfAsync(platform, wrong)).State);
        Assert.Equal("422 difference-how", await ResolveAsync(accountant, differences[$"missing:{statedOrder.Number}"], "refund"));
        foreach (var open in differences.Values)
            Assert.Equal("204", await ResolveAsync(accountant, open, "explained"));
        Assert.Equal("422 statement-day", await accountant.PostAsJsonAsync("/api/v1/payments/reconcile", new { day = "2026-11-03" }).ToldAsync());
        var again = await accountant.PostAsJsonAsync("/api/v1/payments/reconcile", new { day = "2026-11-02" }).JsonAsync();
        Assert.Equal((2, 0), (again.GetProperty("lines").GetInt32(), again.GetProperty("found").GetInt32()));
        Assert.Empty(await DifferencesAsync(accountant));

        // Time is over for the one that was not paid; money that comes then is not lost: it is given back.
        await played.PassAsync(TimeSpan.FromDays(2), nodes: 2);
        Assert.Equal(("ended", "逾期未缴"), await played.StandAsync(unpaid));
        Assert.Equal("lapsed", (await OfAsync(platform, unpaid)).State);
        var tooLate = (await channel.PressAsync(late, isPaid: true, Stop))!;
        Assert.Equal("late", await TellAsync(platform, tooLate));
        using var later = await platform.SignInAsync(Accountant);
        Assert.Equal("204", await ResolveAsync(later, (await DifferencesAsync(later))[$"late:{unpaidOrder.Number}"], "refund"));
        Assert.Equal("refunded", (await channel.FindAsync(tooLate.Trade, Stop))!.State);

        // Refused by an official: the pack has the fee go back by itself.
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await played.FinishAsync(lost, "after"));
        await played.RunAsync();
        Assert.Equal(("ended", "不予答复"), await played.StandAsync(lost));
        Assert.Equal(("refunded", "refused"), ((await OfAsync(platform, lost)).State, (await OfAsync(platform, lost)).Reason));
        Assert.Equal("refunded", (await channel.FindAsync(news.Trade, Stop))!.State);
        Assert.Equal(["payment.asked", "payment.begun", "payment.begun", "payment.paid", "payment.refund-asked", "payment.refunded"], (await played.LedgerAsync(lost)).Where(a => a.StartsWith("payment.", StringComparison.Ordinal)));
    }

    [Theory, InlineData(0, "零元整"), InlineData(5, "伍分"), InlineData(4_000_000, "肆万元整"), InlineData(140_950, "壹仟肆佰零玖元伍角整"), InlineData(600_714, "陆仟零柒元壹角肆分"), InlineData(1_640_902, "壹万陆仟肆佰零玖元零贰分"), InlineData(11_000_000, "壹拾壹万元整"), InlineData(10_000_000_100, "壹亿零壹元整")]
    public void Receipts_write_amounts_in_capital_figures(long fen, string text) => Assert.Equal(text, Yuan.InCapitals(fen));

    [GeneratedRegex("缴款码 ([0-9A-Z ]{14})")]
    private static partial Regex Code();
}
