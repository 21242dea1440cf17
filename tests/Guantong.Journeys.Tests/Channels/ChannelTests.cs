using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Hosting;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace Guantong.Tests;

/// <summary>A city publishes its own channel: editors draft it together, another of their unit approves it, the public sees what was approved and nothing else.</summary>
public sealed class ChannelTests
{
    private const string Hangzhou = "330100", Report = "service:environment.air-quality/air-report", Daily = "dataset:environment.air-quality/air-daily";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static JsonObject Content(string title = "杭州市频道", string about = "常用服务都在**这里**。", string zoneTitle = "好空气专区") => new()
    {
        ["title"] = title, ["titleEn"] = "Hangzhou channel", ["about"] = about, ["aboutEn"] = "", ["picture"] = null, ["matters"] = new JsonArray(Report),
        ["news"] = new JsonArray(News("a", "窗口照常办理", "2026-11-01", "2026-11-30"), News("b", "明年的通知", "2027-01-01", "")),
        ["links"] = new JsonArray(Link("国家政务服务平台", "https://gjzwfw.www.gov.cn/")),
        ["zones"] = new JsonArray(new JsonObject
        {
            ["id"] = "air", ["title"] = zoneTitle, ["titleEn"] = "Clean air", ["text"] = "看数据，报问题。", ["textEn"] = "Look and report.",
            ["sections"] = new JsonArray(new JsonObject { ["title"] = "反映和查看", ["titleEn"] = "Report and look", ["things"] = new JsonArray(Report, Daily), ["policies"] = new JsonArray(Link("大气污染防治条例", "https://www.gov.cn/air")) }),
        }),
    };

    private static JsonObject News(string id, string title, string from, string until) => new() { ["id"] = id, ["title"] = title, ["titleEn"] = "", ["text"] = "上午办理，见[服务](/services)。", ["textEn"] = "", ["from"] = from, ["until"] = until };

    private static JsonObject Link(string title, string address) => new() { ["title"] = title, ["titleEn"] = "", ["address"] = address };

    private static Task<HttpResponseMessage> SaveAsync(HttpClient who, JsonObject content, long revision) => who.PutAsJsonAsync($"/api/v1/channels/{Hangzhou}/draft", new { content, revision }, Stop);

    private static Task<HttpResponseMessage> DoAsync(HttpClient who, string what, object? given = null) => who.PostAsJsonAsync($"/api/v1/channels/{Hangzhou}/{what}", given ?? new { }, Stop);

    private static async Task<long> SavedAsync(HttpClient who, JsonObject content, long revision) => (await SaveAsync(who, content, revision).JsonAsync()).GetProperty("revision").GetInt64();

    private static async Task<string> StatesAsync(HttpClient who) => string.Join(' ', (await who.GetFromJsonAsync<JsonElement>($"/api/v1/channels/{Hangzhou}/draft", Stop)).GetProperty("channel").GetProperty("versions").EnumerateArray().Select(v => $"{v.GetProperty("no")}:{v.GetProperty("state").GetString()}"));

    private static async Task<(HttpStatusCode Status, string Text)> PageAsync(HttpClient who, string path)
    {
        using var answer = await who.GetAsync(path, Stop);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_channel_is_drafted_by_editors_approved_by_another_and_then_shown(string store)
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        using var anyone = platform.Anonymous();
        using var editor = await platform.SignInAsync("editor-hangzhou");
        using var leader = await platform.SignInAsync("approver-hangzhou");
        using var elsewhere = await platform.SignInAsync("editor-lishui");
        Assert.Equal("201", await editor.PostAsync("/api/v1/channels", null, Stop).ToldAsync());
        Assert.Equal("409 channel-begun", await leader.PostAsync("/api/v1/channels", null, Stop).ToldAsync());
        var revision = await SavedAsync(editor, Content(), 1);

        // An editor of another city sees and changes nothing of it; nor does anybody before it is approved.
        Assert.Equal("404 not-found", await elsewhere.GetAsync($"/api/v1/channels/{Hangzhou}/draft", Stop).ToldAsync());
        Assert.Equal("403 channel-not-yours", await SaveAsync(elsewhere, Content(), revision).ToldAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await PageAsync(elsewhere, $"/channels/{Hangzhou}/preview")).Status);
        Assert.Equal(HttpStatusCode.Found, (await PageAsync(anyone, $"/channels/{Hangzhou}/preview")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PageAsync(anyone, $"/channels/{Hangzhou}")).Status);
        var preview = await PageAsync(editor, $"/channels/{Hangzhou}/preview");
        Assert.Contains("常用服务都在<strong>这里</strong>", preview.Text, StringComparison.Ordinal);

        Assert.Equal("204", await DoAsync(editor, "submit", new { revision }).ToldAsync());
        Assert.Equal("403 not-allowed", await DoAsync(editor, "versions/1/approve").ToldAsync());
        Assert.Equal("422 reason-missing", await DoAsync(leader, "versions/1/return", new { reason = " " }).ToldAsync());
        Assert.Equal("204", await DoAsync(leader, "versions/1/return", new { reason = "请补一条通知" }).ToldAsync());
        Assert.Equal("204", await DoAsync(editor, "submit", new { revision }).ToldAsync());
        Assert.Equal("204", await DoAsync(leader, "versions/2/approve").ToldAsync());
        Assert.Equal("409 channel-decided", await DoAsync(leader, "versions/2/approve").ToldAsync());
        Assert.Equal("2:shown 1:returned", await StatesAsync(editor));

        // The public sees today's news, links that say where they lead, and in English which text is Chinese.
        var shown = await PageAsync(anyone, $"/channels/{Hangzhou}");
        Assert.Contains("窗口照常办理", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("明年的通知", shown.Text, StringComparison.Ordinal);
        Assert.Contains("离开本站，前往 gjzwfw.www.gov.cn", shown.Text, StringComparison.Ordinal);
        Assert.Contains("/services/environment.air-quality/air-report", shown.Text, StringComparison.Ordinal);
        var english = await PageAsync(anyone, $"/channels/{Hangzhou}?lang=en");
        Assert.Contains("Hangzhou channel</h1>", english.Text, StringComparison.Ordinal);
        Assert.Contains("In Chinese only", english.Text, StringComparison.Ordinal);
        Assert.Contains("<div class=\"prose\" lang=\"zh-CN\">", english.Text, StringComparison.Ordinal);
        var zone = await PageAsync(anyone, $"/channels/{Hangzhou}/zones/air?lang=en");
        Assert.Contains("Look and report.", zone.Text, StringComparison.Ordinal);
        Assert.Contains("/data/environment.air-quality/air-daily", zone.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await PageAsync(anyone, $"/channels/{Hangzhou}/zones/none")).Status);
        // It is found from the front page, by where one is, and by search.
        Assert.Contains($"/channels/{Hangzhou}", (await PageAsync(anyone, "/")).Text, StringComparison.Ordinal);
        Assert.Contains($"/channels/{Hangzhou}", (await PageAsync(anyone, "/services?region=330106")).Text, StringComparison.Ordinal);
        var found = await anyone.GetFromJsonAsync<JsonElement>("/api/v1/search?q=" + Uri.EscapeDataString("好空气专区"), Stop);
        Assert.Equal($"/channels/{Hangzhou}/zones/air", found.GetProperty("channels")[0].GetProperty("address").GetString());

        // Nobody approves what they wrote of, whoever submits it.
        var own = await SavedAsync(leader, Content("杭州市人民的频道"), revision);
        Assert.Equal("204", await DoAsync(editor, "submit", new { revision = own }).ToldAsync());
        Assert.Equal("403 channel-own", await DoAsync(leader, "versions/3/approve").ToldAsync());
        Assert.DoesNotContain("杭州市人民的频道", (await PageAsync(anyone, $"/channels/{Hangzhou}")).Text, StringComparison.Ordinal);
        var verdict = await platform.Services.GetRequiredService<Ledger>().VerifyAsync(Stop);
        Assert.Null(verdict.FirstBad);
        using var auditor = await platform.SignInAsync("auditor");
        var told = (await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger?take=500", Stop)).GetProperty("items").EnumerateArray().Where(e => e.GetProperty("about").GetString() == $"channel:{Hangzhou}").Select(e => e.GetProperty("action").GetString()!).ToHashSet();
        Assert.Superset(new HashSet<string> { "channel.begun", "channel.saved", "channel.submitted", "channel.returned", "channel.approved" }, told);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_approved_for_later_waits_an_earlier_version_comes_back_and_a_channel_is_taken_off(string store)
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        using var anyone = platform.Anonymous();
        using var editor = await platform.SignInAsync("editor-hangzhou");
        using var leader = await platform.SignInAsync("approver-hangzhou");
        async Task<long> NextAsync(JsonObject content, long over, int no, object? approval = null)
        {
            var revision = await SavedAsync(editor, content, over);
            Assert.Equal("204", await DoAsync(editor, "submit", new { revision }).ToldAsync());
            Assert.Equal("204", await DoAsync(leader, $"versions/{no}/approve", approval).ToldAsync());
            return revision;
        }
        async Task<string> TitleAsync() => (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/channels/{Hangzhou}", Stop)).GetProperty("content").GetProperty("title").GetString()!;
        await editor.PostAsync("/api/v1/channels", null, Stop);
        var revision = await NextAsync(Content("第一版"), 1, 1);
        Assert.Equal("409 channel-same", await DoAsync(editor, "submit", new { revision }).ToldAsync());
        revision = await NextAsync(Content("第二版"), revision, 2, new { begins = clock.Now.AddMinutes(10) });
        Assert.Equal("2:scheduled 1:shown", await StatesAsync(editor));
        Assert.Equal("第一版", await TitleAsync());
        clock.Now = clock.Now.AddMinutes(10);
        Assert.Equal("第二版", await TitleAsync());
        Assert.Equal("2:shown 1:earlier", await StatesAsync(editor));

        // What is approved now takes the place of what was to be shown later.
        revision = await NextAsync(Content("第三版"), revision, 3, new { begins = clock.Now.AddMinutes(10) });
        revision = await NextAsync(Content("第四版"), revision, 4);
        clock.Now = clock.Now.AddMinutes(15);
        Assert.Equal("第四版", await TitleAsync());
        var late = await SavedAsync(editor, Content("过时"), revision);
        Assert.Equal("204", await DoAsync(editor, "submit", new { revision = late }).ToldAsync());
        Assert.Equal("422 channel-time", await DoAsync(leader, "versions/5/approve", new { begins = clock.Now.AddMinutes(-5) }).ToldAsync());

        // The draft that no version has is put aside when an earlier one is taken up, which has to be approved as any other.
        var draft = await SavedAsync(editor, Content("没有提交的草稿"), late);
        Assert.Equal("404 channel-version", await DoAsync(editor, "versions/99/take-up", new { revision = draft }).ToldAsync());
        Assert.Equal("409 channel-moved", await DoAsync(editor, "versions/1/take-up", new { revision }).ToldAsync());
        Assert.Equal("204", await DoAsync(editor, "versions/1/take-up", new { revision = draft }).ToldAsync());
        Assert.Equal("6:aside 5:waiting 4:shown 3:replaced 2:earlier 1:earlier", await StatesAsync(editor));
        Assert.Equal("第四版", await TitleAsync());
        Assert.Equal("204", await DoAsync(editor, "submit", new { revision = draft + 1 }).ToldAsync());
        Assert.Equal("204", await DoAsync(leader, "versions/7/approve").ToldAsync());
        Assert.Equal("第一版", await TitleAsync());

        Assert.Equal("403 not-allowed", await DoAsync(editor, "withdraw", new { reason = "试试" }).ToldAsync());
        Assert.Equal("204", await DoAsync(leader, "withdraw", new { reason = "内容有误" }).ToldAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await PageAsync(anyone, $"/channels/{Hangzhou}")).Status);
        Assert.Equal("409 channel-off", await DoAsync(leader, "withdraw", new { reason = "再撤一次" }).ToldAsync());
        Assert.Equal("[]", await anyone.GetStringAsync("/api/v1/channels", Stop));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_could_do_harm_is_named_at_its_field_and_does_none(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        using var anyone = platform.Anonymous();
        using var editor = await platform.SignInAsync("editor-hangzhou");
        await editor.PostAsync("/api/v1/channels", null, Stop);
        var bad = Content(about: "看 <script>alert(1)</script> 和 <img src=x onerror=alert(2)>");
        bad["news"]![0]!["text"] = "[点我](javascript:alert(3)) ![图](https://evil.example/p.png)";
        bad["news"]![1]!["until"] = "2026-12-31";
        bad["links"]![0]!["address"] = "http://gov.example.cn/";
        bad["matters"] = new JsonArray("service:no.such/matter");
        bad["zones"]![0]!["id"] = "../x";
        bad["zones"]![0]!["text"] = "[点我](javascript:alert(4))";
        bad["zones"]![0]!["sections"]![0]!["policies"]![0]!["address"] = "https://user:pass@gov.cn/";
        bad["picture"] = new JsonObject { ["id"] = "none", ["alt"] = "", ["altEn"] = "" };
        var saved = await SaveAsync(editor, bad, 1).JsonAsync();
        string[] wrong = ["about", "links.0.address", "matters", "news.0.text", "news.1.until", "picture", "picture.alt", "zones.0.id", "zones.0.sections.0.policies.0.address", "zones.0.text"];
        Assert.Equal(wrong, saved.GetProperty("faults").EnumerateObject().Select(f => f.Name).Order(StringComparer.Ordinal));
        using var refused = await DoAsync(editor, "submit", new { revision = 2 });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(wrong, (await refused.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("errors").EnumerateObject().Select(f => f.Name).Order(StringComparer.Ordinal));
        // Nor does it do anything to whoever looks at the draft.
        using var preview = await editor.GetAsync($"/channels/{Hangzhou}/preview", Stop);
        Assert.Equal("SAMEORIGIN", preview.Headers.GetValues("X-Frame-Options").Single());
        Assert.Contains("frame-ancestors 'self'", preview.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var html = await preview.Content.ReadAsStringAsync(Stop);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        foreach (var harm in (string[])["<script>alert", "<img src=x", "javascript:", "evil.example/p.png", "http://gov.example.cn"])
            Assert.DoesNotContain(harm, html, StringComparison.Ordinal);

        // A picture is drawn anew: what else the file held is gone. The public sees it with the version that has it, not before.
        async Task<HttpResponseMessage> UploadAsync(HttpClient who, string name, byte[] body)
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
            return await who.PostAsync($"/api/v1/channels/{Hangzhou}/pictures?name={name}", content, Stop);
        }
        Assert.Equal("422 file-type", await UploadAsync(editor, "a.svg", "<svg onload='alert(1)'/>"u8.ToArray()).ToldAsync());
        Assert.Equal("422 file-mismatch", await UploadAsync(editor, "a.png", "<script>alert(1)</script>"u8.ToArray()).ToldAsync());
        Assert.Equal("422 picture-broken", await UploadAsync(editor, "a.jpg", Sheets.Jpg()).ToldAsync());
        using (var elsewhere = await platform.SignInAsync("editor-lishui"))
            Assert.Equal("403 channel-not-yours", await UploadAsync(elsewhere, "a.png", Drawn()).ToldAsync());
        var picture = (await UploadAsync(editor, "a.png", [.. Drawn(), .. "<script>hidden</script>"u8])).Headers.Location!.ToString();
        var sound = Content();
        sound["picture"] = new JsonObject { ["id"] = picture.Split('/')[^1], ["alt"] = "西湖", ["altEn"] = "West Lake" };
        var revision = await SavedAsync(editor, sound, 2);
        Assert.Equal(HttpStatusCode.NotFound, (await PageAsync(anyone, picture)).Status);
        Assert.Equal("204", await DoAsync(editor, "submit", new { revision }).ToldAsync());
        using var leader = await platform.SignInAsync("approver-hangzhou");
        Assert.Equal("204", await DoAsync(leader, "versions/1/approve").ToldAsync());
        using var shown = await anyone.GetAsync(picture, Stop);
        Assert.Equal("image/jpeg", shown.Content.Headers.ContentType!.MediaType);
        var bytes = await shown.Content.ReadAsByteArrayAsync(Stop);
        Assert.True(bytes.AsSpan().IndexOf("hidden"u8) < 0);
        using var bitmap = SKBitmap.Decode(bytes);
        Assert.Equal((1600, 800), (bitmap.Width, bitmap.Height));
        Assert.Contains("alt=\"West Lake\"", (await PageAsync(anyone, $"/channels/{Hangzhou}?lang=en")).Text, StringComparison.Ordinal);
    }

    private static byte[] Drawn()
    {
        using var bitmap = new SKBitmap(2000, 1000);
        bitmap.Erase(SKColors.SteelBlue);
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return encoded.ToArray();
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_editors_at_once_the_second_is_told_and_nothing_is_lost(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        using var one = await platform.SignInAsync("editor-hangzhou");
        using var other = await platform.SignInAsync("editor-hangzhou-b");
        await one.PostAsync("/api/v1/channels", null, Stop);
        var revision = await SavedAsync(one, Content(), 1);
        var both = await Task.WhenAll(SaveAsync(one, Content("甲写的标题"), revision), SaveAsync(other, Content("乙写的标题"), revision));
        Assert.Equal([200, 409], both.Select(b => (int)b.StatusCode).Order());
        var problem = await both.Single(b => b.StatusCode == HttpStatusCode.Conflict).Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal("channel-moved", problem.GetProperty("code").GetString());
        var stands = problem.GetProperty("now").GetProperty("draft").GetProperty("title").GetString();
        Assert.Equal(stands, (await one.GetFromJsonAsync<JsonElement>($"/api/v1/channels/{Hangzhou}/draft", Stop)).GetProperty("channel").GetProperty("draft").GetProperty("title").GetString());
        Assert.Equal("409 channel-moved", await DoAsync(one, "submit", new { revision }).ToldAsync());
    }

    [Fact]
    public void What_only_one_of_two_wrote_goes_together_and_what_both_did_is_chosen()
    {
        static ChannelContent Read(JsonObject content) => content.Deserialize<ChannelContent>(JsonSerializerOptions.Web)!;
        var was = Read(Content());
        var mine = was with { Title = "我的标题", News = [was.News[0] with { Title = "我改的通知" }, was.News[1]] };
        var theirs = was with { Title = "对方的标题", AboutEn = "Everything is here.", News = [was.News[0], new ChannelNews("c", "对方的通知", "", "文", "", "2026-11-02", "")], Zones = [] };
        var (content, clashes) = ChannelMerge.Of(was, mine, theirs, new HashSet<string>());
        Assert.Equal(["title"], clashes.Select(c => c.Key));
        Assert.Equal(("我的标题", "Everything is here."), (content.Title, content.AboutEn));
        // One of them took a notice and a zone out, and added a notice.
        Assert.Equal(["我改的通知", "对方的通知"], content.News.Select(n => n.Title));
        Assert.Empty(content.Zones);
        Assert.Equal("对方的标题", ChannelMerge.Of(was, mine, theirs, new HashSet<string> { "title" }).Content.Title);
    }

    [Fact]
    public async Task The_demonstration_has_channels_that_say_so_and_hold_to_the_rules()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        foreach (var pack in (string[])["society.assistance", "base.population", "base.economy", "subject.elder-care", "subject.market-vitality"])
            await platform.ApplyAsync(pack);
        var (book, settings) = (platform.Services.GetRequiredService<RegionChannels>(), platform.Services.GetRequiredService<Settings>());
        await DemoChannels.SeedAsync(settings, book, Stop);
        await DemoChannels.SeedAsync(settings, book, Stop);
        var shown = await book.OnShowAsync(Stop);
        Assert.Equal(["330000", "330100", "331100"], shown.Select(s => s.Region));
        foreach (var channel in shown)
        {
            Assert.Contains("演示内容，均为虚构", channel.Content.About, StringComparison.Ordinal);
            Assert.NotEmpty(channel.Content.Zones);
            Assert.Equal([], (await book.FaultsAsync(channel.Region, channel.Content, Stop)).Select(f => $"{channel.Region} {f.Field} {f.Code}"));
        }
    }
}
