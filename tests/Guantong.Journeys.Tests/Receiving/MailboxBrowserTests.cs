using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using MimeKit;
using static Guantong.Tests.ConcernCase;

namespace Guantong.Tests;

/// <summary>The mailbox in the browser: what is in the way for the operator and for clerks, and what came in by mail.</summary>
public sealed class MailboxBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_mailbox_that_cannot_be_read_is_seen_and_what_came_by_mail_stands_with_its_files(Screen screen)
    {
        await using var box = await Postbox.OpenAsync();
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync("sqlite", clock: clock, imap: box.SettingOf("wrong", Postbox.Folder));
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Mailbox>().LookAsync();
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("duty", "/desk/mailbox");
        await visitor.SeesAsync("请核对 GUANTONG_IMAP 里的用户和密码");
        await visitor.LooksAsync("desk-mailbox-fault");
        await page.GetByRole(AriaRole.Button, new() { Name = "立即收取" }).ClickAsync();
        await visitor.SeesAsync("已通知收取");
        await visitor.SignInAsync(Clerk, "/desk/receptions");
        await visitor.SeesAsync("期间的来信还没有登记");
        await visitor.LooksAsync("desk-receptions-mailbox-fault");

        var mended = ActivatorUtilities.CreateInstance<Mailbox>(platform.Services, new MailboxSettings(MailboxServer.Read(box.Setting, platform.Services.GetRequiredService<Jurisdiction>())));
        var file = new MimePart("application", "pdf") { Content = new MimeContent(new MemoryStream(Sheets.Pdf())), ContentDisposition = new ContentDisposition(ContentDisposition.Attachment), ContentTransferEncoding = ContentEncoding.Base64, FileName = "现场记录.pdf" };
        var program = new MimePart("application", "octet-stream") { Content = new MimeContent(new MemoryStream([0x4D, 0x5A])), ContentDisposition = new ContentDisposition(ContentDisposition.Attachment), ContentTransferEncoding = ContentEncoding.Base64, FileName = "看我.exe" };
        var mail = new MimeMessage { Subject = "合成：有一件事想问", Body = new Multipart("mixed") { new TextPart("plain") { Text = "合成：小区门口那块地老是半夜轰隆隆的，不知道该找谁管" }, file, program } };
        mail.From.Add(new MailboxAddress("合成来信人", "writer@example.com"));
        var robot = new MimeMessage { Subject = "自动回复", Body = new TextPart("plain") { Text = "我在休假" }, Headers = { { "Auto-Submitted", "auto-replied" } } };
        robot.From.Add(new MailboxAddress("", "robot@example.com"));
        await box.PutAsync(clock.Now, mail, robot);
        await mended.LookAsync();
        await visitor.OpenAsync("/desk/mailbox");
        await visitor.SeesAsync("收为来件 1 封，未收 1 封");
        await visitor.LooksAsync("desk-mailbox");
        await page.Locator("td a").First.ClickAsync();
        await visitor.SeesAsync("看我.exe：不收这种文件");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "现场记录.pdf" })).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-reception-mail");
    }
}
