using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Guantong.Trust;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>The screens that journeys are played on.</summary>
public enum Screen { Desktop, Phone, Wall }

/// <summary>Somebody at a browser of their own: Debian's Chromium, a fresh profile, one screen size. The browser itself is started once; each visitor's profile in it is new and shares nothing.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    // The same Chromium without windows of its own around each page: those took a fifth of the processor time of all journeys.
    private static readonly string Chromium = File.Exists("/usr/bin/chromium-headless-shell") ? "/usr/bin/chromium-headless-shell" : "/usr/bin/chromium";

    private static readonly string[] Flags =
        ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    // Colours, names and roles that those who do not see the page, or not well, depend on. A message that fades away is pale for a moment.
    private const string FindFaults = """
        async () => (await axe.run({ exclude: [['.mud-snackbar']] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'], resultTypes: ['violations'] })).violations
          .filter(v => v.impact === 'serious' || v.impact === 'critical')
          .map(v => `${location.href} ${v.id}: ${v.help} — ${v.nodes.slice(0, 3).map(n => n.html).join(' ; ')}`)
        """;

    private const string IsSettled = "document.readyState === 'complete' && document.title !== '' && document.getAnimations().every(a => a.playState !== 'running' || a.effect?.getComputedTiming().endTime === Infinity)";

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private static readonly Lazy<Task<IBrowser>> Browser = new(LaunchAsync);

    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];
    private readonly Screen _screen;
    private readonly bool _script;

    private Visitor(IBrowserContext context, IPage page, Screen screen, bool script) => (_context, Page, _screen, _script) = (context, page, screen, script);

    public IPage Page { get; }

    public static async Task<Visitor> ComeAsync(RunningPlatform platform, Screen screen, bool script = true, string host = "127.0.0.1")
    {
        Assert.SkipUnless(File.Exists(Chromium), "No Chromium is installed; ./guantong test installs one.");
        var browser = await Browser.Value;
        var (width, height) = screen switch { Screen.Desktop => (1440, 900), Screen.Phone => (390, 844), _ => (3840, 1080) };
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, BaseURL = platform.Address.Replace("127.0.0.1", host, StringComparison.Ordinal), JavaScriptEnabled = script, HasTouch = screen == Screen.Phone, Locale = "zh-CN" });
        context.SetDefaultTimeout(120_000);
        var visitor = new Visitor(context, await context.NewPageAsync(), screen, script);
        visitor.Page.Console += (_, message) =>
        {
            // A refused form is a page of its own, and the browser also logs its status. dmn-js carries a build of Inferno that says so of itself.
            if (message.Type == "error" && !message.Text.Contains("status of 4", StringComparison.Ordinal) && !message.Text.Contains("development build of Inferno", StringComparison.Ordinal))
                visitor._errors.Add($"{visitor.Page.Url}: {message.Text}");
        };
        visitor.Page.PageError += (_, error) => visitor._errors.Add($"{visitor.Page.Url}: {error}");
        return visitor;
    }

    // Playwright and the browser end with the process that started them.
    private static async Task<IBrowser> LaunchAsync()
    {
        // Other tests load the machine at the same time: how long a page takes is not what is asserted.
        Assertions.SetDefaultExpectTimeout(60_000);
        return await (await Playwright.CreateAsync()).Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Flags });
    }

    /// <summary>Opens an address and waits until the page can be worked with.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await IsReadyAsync();
    }

    public async Task IsReadyAsync()
    {
        if (new Uri(Page.Url).AbsolutePath is var path && path.StartsWith("/desk", StringComparison.Ordinal))
        {
            await Page.WaitForSelectorAsync("[data-live=true]");
            // On a busy machine the Desk's connection may fall back to long polling, and then the network is never idle.
            try
            {
                await Page.WaitForLoadStateAsync(LoadState.NetworkIdle, new() { Timeout = 10_000 });
            }
            catch (TimeoutException)
            {
            }
            return;
        }
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }

    /// <summary>Signs in as one of the demonstration's people, at the Desk unless told.</summary>
    public async Task SignInAsync(string login, string to = "/desk")
    {
        await _context.ClearCookiesAsync();
        await Page.GotoAsync("/sign-in?ReturnUrl=" + to);
        await Page.FillAsync("#login", login);
        await Page.FillAsync("#password", Accounts.DemoPassword);
        await Page.ClickAsync("main button[type=submit]");
        // Asked again until it is so: waiting for the navigation itself misses one that has just come.
        await Assertions.Expect(Page).Not.ToHaveURLAsync(new Regex("sign-in"));
        await IsReadyAsync();
    }

    /// <summary>Asserts that a text is on the page.</summary>
    public Task SeesAsync(string text) => Assertions.Expect(Page.GetByText(text).First).ToBeVisibleAsync();

    /// <summary>Scrolls through a screen and back to its top: charts are drawn as they come into sight.</summary>
    public async Task SeeAllAsync()
    {
        await Page.EvaluateAsync("async () => { for (let y = 0; y < document.body.scrollHeight; y += 500) { scrollTo(0, y); await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))); } scrollTo(0, 0); }");
        await Assertions.Expect(Page.Locator(".cockpit .chart[data-option]:not([hidden]):not(:has(svg))")).ToHaveCountAsync(0);
    }

    /// <summary>Asserts what no page may fail at: nothing pushed off the side, no serious fault for those who do not see it, nothing wrong in the console; and takes its picture where pictures are asked for.</summary>
    public async Task LooksAsync(string name)
    {
        // A click gives back before the page it leads to has its styles, and the Desk sets its title anew when it becomes live. What is on its way from one colour to another is pale for a moment.
        await (_script ? Page.WaitForFunctionAsync(IsSettled) : Page.WaitForLoadStateAsync(LoadState.Load));
        var beyond = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
        Assert.True(beyond <= 0, $"{Page.Url} is {beyond} px wider than the {_screen} screen");
        // What looks for faults is a script itself; it finds the same ones where they run.
        if (_script)
        {
            if (await Page.EvaluateAsync<bool>("typeof axe === 'undefined'"))
                await Page.EvaluateAsync(Axe);
            var wrong = (await Page.EvaluateAsync<string[]>(FindFaults)).Concat(_errors).ToList();
            Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        }
        if (Environment.GetEnvironmentVariable("GUANTONG_PICTURES") is not { Length: > 0 } folder)
            return;
        // The bar sticks to the top of what is scrolled to.
        await Page.EvaluateAsync("window.scrollTo(0, 0)");
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}{_screen switch { Screen.Phone => "-phone", Screen.Wall => "-wall", _ => "" }}.png"), FullPage = true });
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
