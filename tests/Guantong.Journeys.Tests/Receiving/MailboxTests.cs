using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using static Guantong.Tests.ConcernCase;

namespace Guantong.Tests;

/// <summary>The mailbox of the reception, read from a real IMAP server: what people write comes in once, what machines send stays there, and what is in the way is told.</summary>
public sealed class MailboxTests
{
    private const string Noise = "合成：示例路口的工地每天夜里打桩，噪声很大，孩子睡不着", Writer = "writer@example.com";

    private static MimeMessage Mail(string subject, MimeEntity body, string from = Writer, params (string Name, string Value)[] heads)
    {
        var mail = new MimeMessage { Subject = subject, Body = body };
        mail.From.Add(new MailboxAddress("合成来信人", from));
        mail.To.Add(MailboxAddress.Parse(Postbox.User));
        foreach (var (name, value) in heads)
            mail.Headers.Add(name, value);
        return mail;
    }

    private static TextPart Plain(string text) => new("plain") { Text = text };

    private static MimePart File(string name, byte[] content, string disposition = ContentDisposition.Attachment) => new("application", "octet-stream")
    {
        Content = new MimeContent(new MemoryStream(content)), ContentDisposition = new ContentDisposition(disposition), ContentTransferEncoding = ContentEncoding.Base64, FileName = name,
    };

    private static TextPart Html(string html, string charset)
    {
        var part = new TextPart("html");
        part.SetText(Encoding.GetEncoding(charset), html);
        return part;
    }

    private static async Task<RunningPlatform> StartAsync(string store, StandingClock clock, string imap, string? smtp = null)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock, smtp: smtp, imap: imap);
        await platform.ApplyAsync(Pack);
        return platform;
    }

    private static async Task ReadAsync(RunningPlatform platform, StandingClock clock)
    {
        clock.Now += TimeSpan.FromMinutes(2);
        // Two nodes: one of them reads.
        var other = ActivatorUtilities.CreateInstance<Mailbox>(platform.Services);
        await Task.WhenAll(platform.Services.GetRequiredService<Mailbox>().LookAsync(), other.LookAsync());
        while (await platform.Services.GetRequiredService<Mailbox>().LookAsync())
        {
        }
        while (await platform.Services.GetRequiredService<NoticePost>().DeliverNextAsync(TestContext.Current.CancellationToken))
        {
        }
    }

    private static async Task<JsonElement> StateAsync(RunningPlatform platform)
    {
        using var admin = await platform.SignInAsync("duty");
        return await admin.GetFromJsonAsync<JsonElement>("/api/v1/mailbox");
    }

    private static string Outcomes(JsonElement state) => string.Join(' ', state.GetProperty("mails").EnumerateArray().Select(m => m.Text("outcome")!).Order(StringComparer.Ordinal));

    private static Task<List<JsonElement>> ListAsync(HttpClient clerk) => Persons.ItemsAsync(clerk, "/api/v1/receptions?channel=email&take=100");

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_people_write_comes_in_once_with_its_files_and_what_machines_send_stays(string store)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        await using var box = await Postbox.OpenAsync();
        await using var office = PostOffice.Open();
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock, box.Setting, office.Setting);
        using var clerk = await platform.SignInAsync(Clerk);
        using var officer = await platform.SignInAsync(Officer);
        using var anyone = platform.Anonymous();
        await box.PutAsync(clock.Now.AddDays(-3), Mail("以前的信", Plain(Noise)));
        await ReadAsync(platform, clock);
        Assert.Equal("open ", $"{(await StateAsync(platform)).Text("state")} {Outcomes(await StateAsync(platform))}");

        var plain = Mail("夜间施工", Plain(Noise));
        var rich = Mail("咨询\u202e", new Multipart("mixed")
        {
            Html("<html><head><title>题</title><style>p { color: red }</style></head><body><p>合成：想咨询一件说不清归谁管的事情&amp;麻烦看看</p><script>alert(1)</script><img src=\"http://example.com/track.gif\"><div>第二段</div></body></html>", "gb18030"),
            File("证据.pdf", Sheets.Pdf()), File("照片.png", Sheets.Png(), ContentDisposition.Inline), File("程序.exe", [0x4D, 0x5A, 1, 2]), File("假的.pdf", "MZ 不是 PDF"u8.ToArray()),
        });
        var longest = Mail("很长", Plain("合成：" + string.Concat(Enumerable.Repeat("公园的长椅坏了，", 400))));
        MimeMessage[] mails =
        [
            plain, rich, longest, plain,
            Mail("自动回复", Plain("我在休假，回来再答复您。"), heads: ("Auto-Submitted", "auto-replied")),
            Mail("每周通讯", Plain("这是一份每周发给所有人的通讯。"), heads: ("List-Id", "<news.example.com>")),
            Mail("促销", Plain("大减价，仅此一天，欢迎选购。"), heads: ("Precedence", "bulk")),
            Mail("退信", new MultipartReport("delivery-status") { Plain("您的邮件没有送到。") }, "mailer-daemon@example.com"),
            Mail("办件通知", Plain("平台自己发出的邮件又回来了。"), "notices@example.org"),
            Mail("", Plain(" \n")),
        ];
        await box.PutAsync(clock.Now.AddMinutes(1), mails);
        await ReadAsync(platform, clock);
        var state = await StateAsync(platform);
        Assert.Equal("automatic automatic automatic automatic empty known own taken taken taken", Outcomes(state));
        Assert.Equal((3, 7), (state.GetProperty("taken").GetInt64(), state.GetProperty("left").GetInt64()));
        // It stays as it is.
        Assert.Equal((11, 0), await box.CountAsync());
        foreach (var person in (HttpClient[])[officer, anyone])
            Assert.StartsWith("40", await person.GetAsync("/api/v1/mailbox").ToldAsync(), StringComparison.Ordinal);

        var all = await ListAsync(clerk);
        Assert.Equal(3, all.Count);
        var noise = all.Single(r => r.Text("said")!.Contains("打桩", StringComparison.Ordinal));
        Assert.Equal($"sorted 夜间施工\n{Noise}", $"{noise.Text("state")} {noise.Text("said")}");
        Assert.Equal(Receptions.Longest, all.Single(r => r.Text("said")!.Contains("长椅", StringComparison.Ordinal)).Text("said")!.Length);
        var asked = all.Single(r => r.Text("said")!.StartsWith("咨询", StringComparison.Ordinal)).Text("number")!;
        var file = await clerk.GetFromJsonAsync<JsonElement>($"/api/v1/receptions/{asked}");
        Assert.Equal("咨询\n合成：想咨询一件说不清归谁管的事情&麻烦看看\n\n第二段", file.GetProperty("reception").Text("said"));
        Assert.Equal($"合成来信人 {Writer}", $"{file.GetProperty("reach").Text("name")} {file.GetProperty("reach").Text("email")}");
        Assert.Equal(["照片.png not-scanned", "证据.pdf not-scanned"], file.GetProperty("files").EnumerateArray().Select(f => $"{f.Text("name")} {f.Text("scan")}").Order(StringComparer.Ordinal));
        Assert.Equal(["假的.pdf file-mismatch", "程序.exe file-type"], file.GetProperty("left").GetProperty("files").EnumerateArray().Select(f => $"{f.Text("name")} {f.Text("why")}").Order(StringComparer.Ordinal));
        var pdf = file.GetProperty("files").EnumerateArray().Single(f => f.Text("kind") == "pdf").Text("id");
        Assert.Equal(Sheets.Pdf(), await clerk.GetByteArrayAsync($"/api/v1/receptions/{asked}/attachments/{pdf}"));
        Assert.StartsWith("403", await officer.GetAsync($"/api/v1/receptions/{asked}/attachments/{pdf}").ToldAsync(), StringComparison.Ordinal);
        Assert.StartsWith("404", await clerk.GetAsync($"/api/v1/receptions/{noise.Text("number")}/attachments/{pdf}").ToldAsync(), StringComparison.Ordinal);
        // They go to its case with it, and back.
        Assert.Equal("200", await clerk.PostAsJsonAsync($"/api/v1/receptions/{asked}/sort", new { pack = Pack, matter = "construction-noise" }).ToldAsync());
        var number = (await clerk.GetFromJsonAsync<JsonElement>($"/api/v1/receptions/{asked}")).GetProperty("reception").Text("caseNumber");
        Assert.Equal(2, (await officer.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/attachments")).GetArrayLength());
        Assert.Equal(Sheets.Pdf(), await officer.GetByteArrayAsync($"/api/v1/cases/{number}/attachments/{pdf}"));
        Assert.Equal("204", await AnswerAsync(officer, number!, "return", new { reason = "不归我们" }));
        Assert.Equal(0, (await officer.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/attachments")).GetArrayLength());

        // Each is told its number and code, once, by which it is looked up; the code is nowhere kept.
        var answers = office.Mails.Where(m => m.Subject!.StartsWith("来件", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, answers.Count);
        Assert.All(answers, m => Assert.Equal(Writer, m.To.Mailboxes.Single().Address));
        var answer = answers.Single(m => m.Subject!.Contains(asked, StringComparison.Ordinal)).TextBody!;
        var code = System.Text.RegularExpressions.Regex.Match(answer, "查询码：([A-Z0-9]+)").Groups[1].Value;
        Assert.Equal(asked, (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/reception/{asked}?code={code}")).Text("number"));
        var kept = await platform.Services.GetRequiredService<Store>().ReadAsync(async c => string.Concat(await c.QueryAsync<string>("SELECT said FROM work_notice UNION ALL SELECT detail FROM ledger UNION ALL SELECT coalesce(sender, '') FROM work_mail")));
        foreach (var secret in (string[])[code, Writer, "打桩"])
            Assert.DoesNotContain(secret, kept, StringComparison.Ordinal);

        // A robot that answers without saying that it is one is taken, and not answered.
        await ReadAsync(platform, clock);
        var before = office.Mails.Count;
        await box.PutAsync(clock.Now.AddMinutes(1), Mail("回复：来件", Plain("您好，您的来信我们已经收到，会尽快处理。"), heads: ("In-Reply-To", $"<{answers[0].MessageId}>")));
        await ReadAsync(platform, clock);
        Assert.Equal(4, (await ListAsync(clerk)).Count);
        Assert.Equal(before, office.Mails.Count);
        // Where the server counts anew, nothing comes in twice.
        await box.AnewAsync();
        await box.PutAsync(clock.Now.AddMinutes(-1), mails);
        await ReadAsync(platform, clock);
        Assert.Equal(4, (await ListAsync(clerk)).Count);
        Assert.Equal(before, office.Mails.Count);
        Assert.Equal(4, (await StateAsync(platform)).GetProperty("taken").GetInt64());
    }

    [Fact]
    public async Task What_is_in_the_way_is_told_and_tried_again_and_nobody_is_answered_without_end()
    {
        await using var box = await Postbox.OpenAsync();
        var clock = new StandingClock();
        await using var platform = await StartAsync("sqlite", clock, box.SettingOf("wrong", Postbox.Folder));
        using var admin = await platform.SignInAsync("duty");
        using var clerk = await platform.SignInAsync(Clerk);
        var land = platform.Services.GetRequiredService<Jurisdiction>();
        Mailbox With(string setting) => ActivatorUtilities.CreateInstance<Mailbox>(platform.Services, new MailboxSettings(MailboxServer.Read(setting, land)));
        async Task<string> SaysAsync()
        {
            var state = await admin.GetFromJsonAsync<JsonElement>("/api/v1/mailbox");
            return $"{state.Text("state")} {state.GetProperty("tries").GetInt64()} {(Time.Read(state.Text("due")!) - clock.Now).TotalMinutes}";
        }
        Assert.Equal("new 0", (await SaysAsyncOrNew()));
        var mailbox = platform.Services.GetRequiredService<Mailbox>();
        await mailbox.LookAsync();
        Assert.Equal("sign-in 1 1", await SaysAsync());
        // Not before its time, then after twice as long, until somebody says now.
        await mailbox.LookAsync();
        Assert.Equal("sign-in 1 1", await SaysAsync());
        clock.Now += TimeSpan.FromMinutes(1);
        await mailbox.LookAsync();
        Assert.Equal("sign-in 2 2", await SaysAsync());
        Assert.StartsWith("403", await clerk.PostAsJsonAsync("/api/v1/mailbox/look", new { }).ToldAsync(), StringComparison.Ordinal);
        Assert.Equal("204", await admin.PostAsJsonAsync("/api/v1/mailbox/look", new { }).ToldAsync());
        // Another fault begins anew; what is mended says so.
        await With($"imap://{Uri.EscapeDataString(Postbox.User)}:x@127.0.0.1:1/{Postbox.Folder}").LookAsync();
        Assert.Equal("unreachable 1 1", await SaysAsync());
        await admin.PostAsJsonAsync("/api/v1/mailbox/look", new { });
        await With(box.Setting).LookAsync();
        Assert.Equal("open 0 1", await SaysAsync());
        var none = With(box.SettingOf(Postbox.Password, "Nowhere"));
        await none.LookAsync();
        Assert.Equal("folder", (await none.StateAsync()).State);
        var ledger = await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryAsync<string>("SELECT action || coalesce(detail, '') FROM ledger WHERE action LIKE 'mailbox.%' ORDER BY seq"));
        Assert.Equal(["""mailbox.failed{"why":"sign-in"}""", "mailbox.again{}", """mailbox.failed{"why":"unreachable"}""", "mailbox.again{}", "mailbox.opened{}", """mailbox.failed{"why":"folder"}"""], ledger);

        clock.Now += TimeSpan.FromMinutes(1);
        await box.PutAsync(clock.Now, [.. Enumerable.Range(0, 12).Select(i => Mail($"第 {i} 封", Plain($"合成：同一个人今天写来的第 {i} 封信")))]);
        clock.Now += TimeSpan.FromMinutes(1);
        await With(box.Setting).LookAsync();
        Assert.Equal(10, (await ListAsync(clerk)).Count);
        Assert.Equal("often often", Outcomes(await admin.GetFromJsonAsync<JsonElement>("/api/v1/mailbox")).Split(" taken", 2)[0]);

        foreach (var wrong in (string[])["smtp://a:b@host/INBOX", "imaps://a@host/INBOX", "imaps://a:b@host/INBOX?folder=x", "imaps://a:b@host/INBOX?region=999999"])
            Assert.StartsWith("GUANTONG_IMAP", Assert.Throws<ConfigurationException>(() => MailboxServer.Read(wrong, land)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("b-secret", MailboxServer.Read("imaps://a:b-secret@host", land)!.ToString(), StringComparison.Ordinal);
        Assert.Null(MailboxServer.Read("", land));

        async Task<string> SaysAsyncOrNew()
        {
            var state = await admin.GetFromJsonAsync<JsonElement>("/api/v1/mailbox");
            return $"{state.Text("state")} {state.GetProperty("tries").GetInt64()}";
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Who_said_something_is_told_of_its_being_joined_and_closed_where_they_are_reached(string store)
    {
        await using var office = PostOffice.Open();
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock, smtp: office.Setting);
        await platform.ApplyAsync(Pack);
        using var anyone = platform.Anonymous();
        using var clerk = await platform.SignInAsync(Clerk);
        using var citizen = await platform.SignInAsync("citizen-a");
        async Task<string> SaidAsync(HttpClient who, string said, string? email = null) => (await who.PostAsJsonAsync("/api/v1/reception?lang=en", new { region = "330100", said, email }).JsonAsync()).Text("number")!;
        async Task DoAsync(string number, string what, object given)
        {
            Assert.Equal("204", await clerk.PostAsJsonAsync($"/api/v1/receptions/{number}/{what}", given).ToldAsync());
            while (await platform.Services.GetRequiredService<NoticePost>().DeliverNextAsync(TestContext.Current.CancellationToken))
            {
            }
        }
        await SaidAsync(anyone, Noise);
        var case1 = (await clerk.GetFromJsonAsync<JsonElement>("/api/v1/receptions")).GetProperty("items")[0].Text("caseNumber");
        const string strange = "合成：想咨询一件说不清归谁管的事情，麻烦帮忙看看";
        var (told, silent, mine) = (await SaidAsync(anyone, strange, Writer), await SaidAsync(anyone, strange), await SaidAsync(citizen, strange));
        await DoAsync(told, "join", new { @case = case1, reason = "同一工地 张三" });
        var joined = Assert.Single(office.Mails);
        Assert.Equal($"{Writer} {told} was joined to a case about the same", $"{joined.To.Mailboxes.Single().Address} {joined.Subject}");
        Assert.DoesNotContain("张三", joined.ToString(), StringComparison.Ordinal);
        await DoAsync(told, "reopen", new { reason = "是另一个工地" });
        await DoAsync(told, "close", new { reason = "已自行解决" });
        Assert.Equal($"{told} is answered", office.Mails[^1].Subject);
        // Opened again and closed again, they are told again; and not once they have ended it.
        await DoAsync(told, "reopen", new { reason = "再看一次" });
        await DoAsync(told, "close", new { reason = "已自行解决" });
        Assert.Equal(3, office.Mails.Count);
        var token = System.Text.RegularExpressions.Regex.Match(office.Mails[^1].TextBody!, "token=([0-9a-f]+)").Groups[1].Value;
        Assert.Equal("204", await anyone.PostAsJsonAsync("/api/v1/notices/stop", new { token }).ToldAsync());
        await DoAsync(told, "reopen", new { reason = "再看一次" });
        await DoAsync(told, "close", new { reason = "已自行解决" });
        await DoAsync(silent, "close", new { reason = "已自行解决" });
        Assert.Equal(3, office.Mails.Count);
        // Who has an account finds it there.
        await DoAsync(mine, "close", new { reason = "已自行解决" });
        Assert.Equal($"来件 {mine} 已答复", (await Persons.ItemsAsync(citizen, "/api/v1/me/notices")).Single(n => n.Text("on") == "reception-closed").Text("subject"));
    }
}
