using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>The wallet in the browser, with and without JavaScript: chosen, shown, scanned by somebody else, read once.</summary>
public sealed class WalletBrowserTests
{
    [Shows("soc-app", Lacks = "the same services as governed objects for officials")]
    [Theory, InlineData(Screen.Desktop, true), InlineData(Screen.Phone, true), InlineData(Screen.Phone, false)]
    public async Task A_certificate_is_shown_and_read(Screen screen, bool script)
    {
        await using var birth = await Birth.StartAsync("sqlite");
        var (id, number) = await WalletTests.GrantedAsync(birth);
        await using var holder = await Visitor.ComeAsync(birth.Platform, screen, script);
        // Pictures are taken by a script.
        Task LooksAsync(Visitor visitor, string name) => script ? visitor.LooksAsync(name) : Task.CompletedTask;
        await holder.SignInAsync("citizen-b", "/me/wallet");
        await holder.SeesAsync("还没有证照");
        await LooksAsync(holder, "wallet-none");
        await holder.SignInAsync("citizen-a", "/me/wallet");
        await LooksAsync(holder, "wallet");
        await holder.Page.GetByRole(AriaRole.Link, new() { Name = "出生医学证明" }).ClickAsync();
        await holder.SeesAsync("演示母亲");
        await LooksAsync(holder, "wallet-one");
        await holder.Page.GetByLabel("出生日期").CheckAsync();
        await holder.Page.FillAsync("#purpose", "合成：办理入园登记");
        await holder.Page.ClickAsync("#show button");
        await holder.SeesAsync("出示给对方扫码");
        await LooksAsync(holder, "wallet-shown");
        var address = (await holder.Page.Locator("#address").GetAttributeAsync("href"))!;

        await using var reader = await Visitor.ComeAsync(birth.Platform, screen, script);
        await reader.OpenAsync(address);
        await LooksAsync(reader, "wallet-scanned");
        await reader.Page.FillAsync("#reader", "示例幼儿园招生办");
        await reader.Page.ClickAsync("form.form button");
        await reader.SeesAsync("真实有效");
        await reader.SeesAsync("2026-10-20");
        Assert.DoesNotContain("演示母亲", await reader.Page.ContentAsync(), StringComparison.Ordinal);
        await LooksAsync(reader, "wallet-read");
        await reader.OpenAsync(address);
        await reader.SeesAsync("请让持有人重新出示");
        await LooksAsync(reader, "wallet-read-again");

        await holder.OpenAsync($"/me/wallet/{id}");
        await holder.SeesAsync("自称：示例幼儿园招生办");
        await LooksAsync(holder, "wallet-record");
        await holder.OpenAsync("/me/reads");
        await holder.SeesAsync("您出示给的人");

        await using var desk = await Visitor.ComeAsync(birth.Platform, screen);
        await desk.SignInAsync("head-health", $"/desk/cases/{number}");
        await desk.Page.GetByText("撤销这个证照").ClickAsync();
        await desk.Page.Locator("#credential-reason").FillAsync("合成：登记有误，另行补发");
        await desk.LooksAsync("desk-credential");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "确定撤销" }).ClickAsync();
        await desk.SeesAsync("证照已撤销");
        await holder.OpenAsync($"/me/wallet/{id}");
        await holder.SeesAsync("另行补发");
        await LooksAsync(holder, "wallet-revoked");
    }
}
