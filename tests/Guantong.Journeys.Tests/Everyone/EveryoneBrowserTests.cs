using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>The Portal is everybody's: every page by keyboard alone, at 400 % zoom, large and plain, read aloud, and without a network.</summary>
public sealed class EveryoneBrowserTests
{
    private const string Apply = "/services/environment.air-quality/air-report/apply";

    // Pages with something in their address; those without are found by themselves.
    private static readonly string[] Named = ["/services/environment.air-quality/air-report", Apply, "/screens/environment.air-quality"];

    // What one can reach: a group of radio buttons has one stop.
    private const string Reach = """
        () => {
          const visible = e => e.checkVisibility({ visibilityProperty: true });
          const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(e => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden' && visible(e));
          window.left = new Set(all.map(e => e.type === 'radio' ? document.querySelector(`input[name="${CSS.escape(e.name)}"]`) : e));
          window.unseen = [];
          document.addEventListener('focusin', e => {
            const one = e.target.type === 'radio' ? document.querySelector(`input[name="${CSS.escape(e.target.name)}"]`) : e.target;
            window.left.delete(one);
            const css = getComputedStyle(e.target);
            if (css.outlineStyle === 'none' && css.boxShadow === 'none') window.unseen.push(e.target.outerHTML.slice(0, 160));
          });
          return window.left.size;
        }
        """;

    [Theory, InlineData(null), InlineData("citizen-a")]
    public async Task Every_page_serves_those_who_use_the_keyboard_enlarge_it_or_want_it_plain(string? login)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Phone);
        var page = visitor.Page;
        if (login is not null)
            await visitor.SignInAsync(login, "/me");
        var paths = (await PagesAsync(platform, page)).Where(p => login is null ? !IsMine(p) : IsMine(p) || p == Apply).ToList();
        Assert.True(paths.Count > 10, string.Join(' ', paths));
        foreach (var (mode, lang) in ((string, string)[])[("usual", "en"), ("elder", "zh-CN")])
        {
            await page.GotoAsync($"/language?to={lang}&back=/offline");
            await page.GotoAsync($"/mode?to={mode}&back=/offline");
            foreach (var path in paths)
            {
                await page.SetViewportSizeAsync(390, 844);
                await visitor.OpenAsync(path);
                await visitor.LooksAsync($"everyone-{mode}{path.Replace('/', '-')}");
                // WCAG 2.1.1, 2.1.2 and 2.4.7.
                var stops = await page.EvaluateAsync<int>(Reach);
                // A day is three stops and its calendar.
                for (var i = 0; i < stops * 4 && await page.EvaluateAsync<int>("window.left.size") > 0; i++)
                    await page.Keyboard.PressAsync("Tab");
                Assert.True(await page.EvaluateAsync<int>("window.left.size") == 0, $"{path} ({mode}) has what no key reaches: {await page.EvaluateAsync<string>("[...window.left].map(e => e.outerHTML.slice(0, 160)).join(' ; ')")}");
                Assert.True(await page.EvaluateAsync<int>("window.unseen.length") == 0, $"{path} ({mode}) hides where the keyboard is: {await page.EvaluateAsync<string>("window.unseen.join(' ; ')")}");
                // WCAG 1.4.10: 1280 pixels at 400 % are 320.
                await page.SetViewportSizeAsync(320, 640);
                var beyond = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
                Assert.True(beyond <= 0, $"{path} ({mode}) is {beyond} px wider than a screen at 400 %: {await page.EvaluateAsync<string>("[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, pre')).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(' ; ')")}");
            }
        }
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Pages_become_large_and_plain_and_are_read_aloud(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        // No voice is installed here: what would be said is written down.
        await page.AddInitScriptAsync("window.said = []; speechSynthesis.speak = u => window.said.push(u.text); window.stilled = 0; speechSynthesis.cancel = () => window.stilled++;");
        await visitor.OpenAsync("/services/environment.air-quality/air-report");
        await Assertions.Expect(page.Locator(".aloud")).ToHaveCountAsync(0);
        var usual = await HeightAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "长辈版" }).ClickAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveClassAsync("elder");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/services/environment.air-quality/air-report$"));
        Assert.True(await HeightAsync() > usual);
        await Assertions.Expect(page.Locator("nav").First.GetByRole(AriaRole.Link, new() { Name = "开放数据" })).ToHaveCountAsync(0);
        await visitor.LooksAsync("elder-guide");
        await page.GetByRole(AriaRole.Button, new() { Name = "读给我听" }).ClickAsync();
        var said = await page.EvaluateAsync<string[]>("window.said");
        Assert.Contains("大气污染问题反映", said);
        Assert.DoesNotContain("停下", said);
        await page.GetByRole(AriaRole.Button, new() { Name = "停下" }).ClickAsync();
        Assert.True(await page.EvaluateAsync<int>("window.stilled") > 0);
        await visitor.OpenAsync("/");
        await visitor.LooksAsync("elder-home");
        await page.GetByRole(AriaRole.Link, new() { Name = "标准版" }).ClickAsync();
        await Assertions.Expect(page.Locator("html")).Not.ToHaveClassAsync("elder");

        Task<double> HeightAsync() => page.Locator("main .button").First.EvaluateAsync<double>("e => e.getBoundingClientRect().height");
    }

    [Fact]
    public async Task A_form_is_filled_in_without_a_network_and_sent_when_there_is_one()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Phone);
        var page = visitor.Page;
        using var manifest = System.Text.Json.JsonDocument.Parse(await (await page.APIRequest.GetAsync(platform.Address + "/manifest.webmanifest")).TextAsync());
        Assert.Equal("standalone", manifest.RootElement.GetProperty("display").GetString());

        await visitor.OpenAsync(Apply);
        await page.FillAsync("#f-place", "文三路与学院路路口");
        Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length"));
        await page.CheckAsync("#keep-here");
        await visitor.SeesAsync("已留在这台设备上");
        await page.EvaluateAsync("""() => navigator.serviceWorker.ready.then(async () => { while (!await (await caches.open('forms')).match(location.pathname)) await new Promise(r => requestAnimationFrame(r)); })""");
        await visitor.LooksAsync("keep-form");

        // Without a network the form opens, is filled in further, and nothing is sent.
        await page.Context.SetOfflineAsync(true);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#f-place")).ToHaveValueAsync("文三路与学院路路口");
        await page.FillAsync("#f-place", "文三路与学院路路口东北角");
        await page.Locator("button.send").ClickAsync();
        await visitor.SeesAsync("还没有提交。内容已留在这台设备上");
        await page.GotoAsync("/services");
        await visitor.SeesAsync("现在没有网络");
        await Assertions.Expect(page.Locator("[data-kept-list] a")).ToHaveAttributeAsync("href", Apply);
        await visitor.LooksAsync("offline");

        // Back online what was kept is filled in, sent, and gone from the device.
        await page.Context.SetOfflineAsync(false);
        await visitor.OpenAsync(Apply);
        await Assertions.Expect(page.Locator("#f-place")).ToHaveValueAsync("文三路与学院路路口东北角");
        await visitor.SeesAsync("已恢复上次留在这台设备上的内容");
        await page.SelectOptionAsync("#f-region", "330100");
        await page.SelectOptionAsync("#f-kind", new SelectOptionValue { Index = 1 });
        await page.FillAsync("#f-seen_on", "2026-10-30");
        await page.Locator("button.send").ClickAsync();
        await Assertions.Expect(page.Locator("#number")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("localStorage.length === 0");
    }

    private static bool IsMine(string path) => path.StartsWith("/me", StringComparison.Ordinal) || path.StartsWith("/my/", StringComparison.Ordinal);

    // Every page of the Portal without anything in its address, that answers with a page.
    private static async Task<IReadOnlyList<string>> PagesAsync(RunningPlatform platform, IPage page)
    {
        var paths = new List<string>(Named);
        foreach (var route in platform.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.Parameters.Count == 0 && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(e => "/" + e.RoutePattern.RawText!.Trim('/')).Where(p => !p.StartsWith("/api", StringComparison.Ordinal) && !p.StartsWith("/desk", StringComparison.Ordinal) && !p.StartsWith("/_", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal))
        {
            var answer = await page.APIRequest.GetAsync(platform.Address + route, new() { MaxRedirects = 0 });
            if (answer.Status == 200 && answer.Headers.GetValueOrDefault("content-type", "").StartsWith("text/html", StringComparison.Ordinal) && (await answer.TextAsync()).Contains("portal.css", StringComparison.Ordinal))
                paths.Add(route);
        }
        return paths;
    }
}
