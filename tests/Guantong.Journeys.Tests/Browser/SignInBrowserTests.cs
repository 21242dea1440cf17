using System.Text.RegularExpressions;
using Guantong.Trust;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Signing in by password, code and passkey, and what a person sees of it, on a desktop and a phone.</summary>
public sealed class SignInBrowserTests
{
    private static byte[] Bytes(string base32)
    {
        var bits = string.Concat(base32.Where(char.IsLetterOrDigit).Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    private static async Task EnterAsync(IPage page, string login)
    {
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#login", login);
        await page.FillAsync("#password", Accounts.DemoPassword);
        await page.ClickAsync("main button[type=submit]");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_passkey_is_registered_and_signs_its_holder_in(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        // A passkey belongs to a name; an address of figures has none.
        await using var visitor = await Visitor.ComeAsync(platform, screen, host: "localhost");
        var page = visitor.Page;
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object> { ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true },
        });
        await visitor.OpenAsync("/sign-in");
        await visitor.LooksAsync("sign-in");
        await EnterAsync(page, "citizen-a");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/me$"));
        await visitor.LooksAsync("me");
        await visitor.OpenAsync("/me/security");
        await page.FillAsync("#passkey-name", "我的手机");
        await page.ClickAsync("#passkey");
        await visitor.SeesAsync("我的手机");
        await visitor.LooksAsync("me-security");
        await page.GotoAsync("/me");
        await page.ClickAsync("main form[action='/sign-out'] button");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/$"));
        await visitor.OpenAsync("/me/sessions");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/sign-in"));
        await page.ClickAsync("#passkey");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/me/sessions$"));
        await visitor.SeesAsync("通行密钥");
        await visitor.LooksAsync("me-sessions");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_app_is_set_up_and_its_code_asked_for_without_JavaScript(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, screen, script: false);
        var page = visitor.Page;
        await EnterAsync(page, "citizen-b");
        await page.GotoAsync("/me/security/app");
        var secret = Bytes((await page.InnerTextAsync("#secret")).Replace(" ", "", StringComparison.Ordinal));
        var clock = platform.Services.GetService(typeof(TimeProvider)) as TimeProvider;
        var step = Totp.Step(clock!.GetUtcNow());
        await page.FillAsync("#code", Totp.Code(secret, step));
        await page.ClickAsync("main button");
        var recovery = await page.Locator(".codes code").First.InnerTextAsync();
        Assert.Equal(10, await page.Locator(".codes code").CountAsync());

        await page.Context.ClearCookiesAsync();
        await EnterAsync(page, "citizen-b");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/sign-in/code"));
        await page.FillAsync("#code", "000000");
        await page.ClickAsync("main button[type=submit]");
        await visitor.SeesAsync("验证码不对");
        // The step after the one that set it up: a clock half a minute fast is allowed for.
        await page.FillAsync("#code", Totp.Code(secret, step + 1));
        await page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/me$"));

        await page.Context.ClearCookiesAsync();
        await EnterAsync(page, "citizen-b");
        await page.FillAsync("#code", recovery);
        await page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/me$"));
        await page.GotoAsync("/me/sessions");
        Assert.Equal(3, await page.Locator(".rows li").CountAsync());
        await page.ClickAsync("#end-others");
        await Assertions.Expect(page.Locator(".rows li")).ToHaveCountAsync(1);
    }

    [Shows("plat-user-centre")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Authority_is_given_accepted_and_ended(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await EnterAsync(page, "citizen-a");
        await visitor.OpenAsync("/me/authority");
        await page.FillAsync("#agent", "citizen-c");
        await page.Locator("main input[name=matter]").First.CheckAsync();
        await page.ClickAsync("main form[action='/me/authority'] button");
        await visitor.SeesAsync("等待接受");
        await EnterAsync(page, "citizen-c");
        await visitor.OpenAsync("/me/authority");
        await page.ClickAsync("main form[action='/me/authority/accept'] button");
        await visitor.SeesAsync("有效");
        await EnterAsync(page, "citizen-a");
        await visitor.OpenAsync("/me/authority");
        await visitor.LooksAsync("me-authority");
        await page.ClickAsync("main form[action='/me/authority/end'] button");
        await visitor.SeesAsync("已结束");
    }

    [Fact]
    public async Task A_desk_left_open_closes_when_its_session_is_ended_elsewhere()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.SignInAsync("worker-huzhou");
        using var elsewhere = await platform.SignInAsync("worker-huzhou");
        (await elsewhere.DeleteAsync("/api/v1/sessions")).EnsureSuccessStatusCode();
        await visitor.SeesAsync("已退出登录");
    }
}
