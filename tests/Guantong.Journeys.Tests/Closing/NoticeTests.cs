using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using SmtpServer.Protocol;

namespace Guantong.Tests;

/// <summary>Who is told what about a case: in their inbox, by e-mail through a real mail server, once each; and what officials see of it.</summary>
public sealed partial class NoticeTests
{
    private static async Task<List<JsonElement>> InboxAsync(HttpClient who, string path = "/api/v1/me/notices") => await Persons.ItemsAsync(who, path);

    private static string Told(IEnumerable<JsonElement> notices) => string.Join(' ', notices.Select(n => n.Text("on")));

    private static async Task<string> CodeAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        return $"{(int)answer.StatusCode} {(text.Length > 0 && JsonDocument.Parse(text).RootElement.TryGetProperty("code", out var code) ? code.GetString() : "")}".TrimEnd();
    }

    private static async Task PostAsync(RunningPlatform platform)
    {
        while (await platform.Services.GetRequiredService<NoticePost>().DeliverNextAsync(TestContext.Current.CancellationToken))
        {
        }
    }

    private static string At(int minutes) => new DateTimeOffset(2026, 11, 2, 1, 0, 0, TimeSpan.Zero).AddMinutes(minutes).ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_applicant_is_told_in_their_inbox_and_nobody_else_is(string store)
    {
        await using var reviewed = await Reviewed.StartAsync(store);
        var (citizen, official) = (reviewed.Citizen, reviewed.Official);
        Assert.Equal("accepted", Told(await InboxAsync(citizen)));
        Assert.Equal(HttpStatusCode.NoContent, (await reviewed.StopAsync(official, new { ground = "materials", reason = "请补交身份证明 张三" })).Status);
        await reviewed.GoToAsync(At(60));
        Assert.Equal(HttpStatusCode.NoContent, (await reviewed.ResumeAsync(official)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await reviewed.StopAsync(official, new { ground = "appraisal", reason = "需鉴定" })).Status);
        await reviewed.GoToAsync(At(120));
        Assert.Equal(HttpStatusCode.NoContent, (await reviewed.ResumeAsync(official)).Status);
        using var other = await reviewed.Platform.SignInAsync("citizen-b");
        var all = await InboxAsync(citizen);
        Assert.Equal(["accepted", "resumed", "resumed", "stopped", "supplement"], all.Select(n => n.Text("on")!).Order(StringComparer.Ordinal));
        // Free words stay on the platform: what is told elsewhere says nothing personal.
        Assert.DoesNotContain(all, n => n.ToString().Contains("张三", StringComparison.Ordinal));
        Assert.All(all, n => Assert.Contains(reviewed.Number, n.Text("text")!, StringComparison.Ordinal));
        Assert.DoesNotContain(all, n => n.Text("text")!.Contains("{{", StringComparison.Ordinal));
        Assert.Empty(await InboxAsync(other));

        async Task<long> UnreadAsync(HttpClient who) => (await who.GetFromJsonAsync<JsonElement>("/api/v1/me/notices/unread")).GetProperty("count").GetInt64();
        Assert.Equal(5, await UnreadAsync(citizen));
        var one = all[0].Text("id");
        Assert.Equal("404 not-found", await CodeAsync(other.PostAsync($"/api/v1/me/notices/{one}/read", null)));
        Assert.Equal("204", await CodeAsync(citizen.PostAsync($"/api/v1/me/notices/{one}/read", null)));
        Assert.Equal("204", await CodeAsync(citizen.PostAsync($"/api/v1/me/notices/{one}/read", null)));
        Assert.Equal(4, await UnreadAsync(citizen));
        Assert.Equal("204", await CodeAsync(citizen.PostAsync("/api/v1/me/notices/read", null)));
        Assert.Equal(0, await UnreadAsync(citizen));

        using var english = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me/notices");
        english.Headers.Add("Accept-Language", "en");
        var said = await (await citizen.SendAsync(english)).Content.ReadAsStringAsync();
        Assert.DoesNotMatch("[\\u4e00-\\u9fff]", JsonDocument.Parse(said).RootElement.GetProperty("items")[0].Text("subject")!);

        // Officials see what was sent; who does not see the case sees nothing.
        Assert.Equal(5, (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{reviewed.Number}/notices")).GetArrayLength());
        using var elsewhere = await reviewed.Platform.SignInAsync("worker-huzhou");
        Assert.Equal("404 not-found", await CodeAsync(elsewhere.GetAsync($"/api/v1/cases/{reviewed.Number}/notices")));
        Assert.Equal(HttpStatusCode.Forbidden, (await citizen.GetAsync($"/api/v1/cases/{reviewed.Number}/notices")).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_address_counts_once_its_code_is_given_back_and_mails_come_once_until_they_are_ended(string store)
    {
        await using var office = PostOffice.Open();
        await using var reviewed = await Reviewed.StartAsync(store, smtp: office.Setting);
        var (platform, citizen, official) = (reviewed.Platform, reviewed.Citizen, reviewed.Official);
        Task<string> GiveAsync(object given) => CodeAsync(citizen.PutAsJsonAsync("/api/v1/me/notices/contacts", given));
        foreach (var wrong in (string[])["", "nobody", "a@b", "a@example.org\r\nBcc: x@example.org", "<a@example.org>", "a@example.org, b@example.org"])
            Assert.Equal("422 contact-email", await GiveAsync(new { channel = "email", address = wrong }));
        Assert.Equal("422 contact-channel", await GiveAsync(new { channel = "pigeon", address = "a@example.org" }));
        Assert.Equal("204", await GiveAsync(new { channel = "email", address = "citizen@example.org" }));
        Assert.Equal("409 contact-often", await GiveAsync(new { channel = "email", address = "citizen@example.org" }));
        await PostAsync(platform);
        var code = Digits().Match(Assert.Single(office.Mails).TextBody!).Value;

        // Until then it is told nothing.
        Assert.Equal(HttpStatusCode.NoContent, (await reviewed.StopAsync(official, new { ground = "materials", reason = "补交" })).Status);
        await PostAsync(platform);
        Assert.Single(office.Mails);
        Assert.Equal("422 contact-code", await CodeAsync(citizen.PostAsJsonAsync("/api/v1/me/notices/contacts/confirm", new { code = code == "000000" ? "000001" : "000000" })));
        Assert.Equal("204", await CodeAsync(citizen.PostAsJsonAsync("/api/v1/me/notices/contacts/confirm", new { code })));
        Assert.Equal("422 contact-code", await CodeAsync(citizen.PostAsJsonAsync("/api/v1/me/notices/contacts/confirm", new { code })));

        await reviewed.GoToAsync(At(60));
        Assert.Equal(HttpStatusCode.NoContent, (await reviewed.ResumeAsync(official)).Status);
        // As many nodes as there may be deliver it once.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync(platform)));
        var mail = Assert.Single(office.Mails.Skip(1));
        Assert.Equal(["citizen@example.org"], mail.To.Mailboxes.Select(m => m.Address));
        Assert.Contains(reviewed.Number, mail.Subject, StringComparison.Ordinal);
        Assert.Contains("恢复办理", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);

        // What stands in the mail ends them, for whoever has it and nobody else.
        using var anyone = platform.Anonymous();
        var token = Token().Match(mail.TextBody!).Groups[1].Value;
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.PostAsync("/notices/stop?token=" + new string('0', 32), null)).StatusCode);
        Assert.Contains("不再接收", WebUtility.HtmlDecode(await anyone.GetStringAsync("/notices/stop?token=" + token)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await anyone.PostAsync("/notices/stop?token=" + token, new FormUrlEncodedContent([KeyValuePair.Create("List-Unsubscribe", "One-Click")]))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await reviewed.StopAsync(official, new { ground = "appraisal", reason = "鉴定" })).Status);
        await PostAsync(platform);
        Assert.Equal(2, office.Mails.Count);
        // The address is nowhere in the open.
        var kept = await platform.Services.GetRequiredService<Store>().ReadAsync(async c => string.Concat(await Dapper.SqlMapper.QueryAsync<string>(c, "SELECT address FROM work_contact UNION ALL SELECT detail FROM ledger")));
        Assert.DoesNotContain("citizen@", kept, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.String, (await citizen.GetFromJsonAsync<JsonElement>("/api/v1/me/notices/contacts"))[0].GetProperty("ended").ValueKind);
        Assert.Equal("204", await CodeAsync(citizen.DeleteAsync("/api/v1/me/notices/contacts/email")));
        Assert.Equal(0, (await citizen.GetFromJsonAsync<JsonElement>("/api/v1/me/notices/contacts")).GetArrayLength());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_mail_that_does_not_leave_is_tried_again_and_in_the_end_shown_as_failed(string store)
    {
        await using var office = PostOffice.Open();
        var clock = new StandingClock();
        await using var platform = await Persons.StartAsync(store, clock, office.Setting);
        using var anyone = platform.Anonymous();
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        Task<HttpResponseMessage> ApplyAsync(string email) => anyone.PostAsJsonAsync($"/api/v1/services/{Persons.Pack}/temporary-assistance/applications", new { region = "330100", data = Persons.ForAnOfficial, notifyEmail = email });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ApplyAsync("a@example.org\nBcc: b@example.org")).StatusCode);
        office.Says = new SmtpResponse(SmtpReplyCode.ServiceUnavailable, "come back later");
        var number = (await (await ApplyAsync("outside@example.org")).Content.ReadFromJsonAsync<JsonElement>()).Text("number")!;
        await platform.RunJobsAsync();
        async Task<JsonElement> OnlyAsync() => Assert.Single((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/notices")).EnumerateArray());
        await PostAsync(platform);
        Assert.Equal("waiting", (await OnlyAsync()).Text("state"));
        Assert.Empty(office.Mails);
        // Not before its time.
        office.Says = null;
        await PostAsync(platform);
        Assert.Empty(office.Mails);
        clock.Now += TimeSpan.FromMinutes(3);
        await PostAsync(platform);
        Assert.Equal("outside@example.org", Assert.Single(office.Mails).To.Mailboxes.Single().Address);
        Assert.Equal("sent", (await OnlyAsync()).Text("state"));
        Assert.Equal("409 notice-left", await CodeAsync(official.PostAsync($"/api/v1/cases/{number}/notices/{(await OnlyAsync()).Text("id")}/again", null)));

        // A refusal for good is not tried again by itself.
        office.Says = SmtpResponse.MailboxUnavailable;
        number = (await (await ApplyAsync("gone@example.org")).Content.ReadFromJsonAsync<JsonElement>()).Text("number")!;
        await platform.RunJobsAsync();
        await PostAsync(platform);
        var failed = await OnlyAsync();
        Assert.Equal("failed smtp-550", $"{failed.Text("state")} {failed.Text("fault")}");
        office.Says = null;
        clock.Now += TimeSpan.FromMinutes(10);
        await PostAsync(platform);
        Assert.Single(office.Mails);
        using var worker = await platform.SignInAsync("worker-hangzhou-civil");
        using var elsewhere = await platform.SignInAsync("worker-huzhou");
        using var citizen = await platform.SignInAsync("citizen-a");
        var again = $"/api/v1/cases/{number}/notices/{failed.Text("id")}/again";
        Assert.Equal("404 not-found", await CodeAsync(elsewhere.PostAsync(again, null)));
        Assert.Equal("403 not-allowed", await CodeAsync(citizen.PostAsync(again, null)));
        Assert.Equal("204", await CodeAsync(worker.PostAsync(again, null)));
        await PostAsync(platform);
        Assert.Equal(2, office.Mails.Count);
    }

    [Fact]
    public async Task What_is_typed_into_a_title_is_neither_a_header_nor_markup()
    {
        await using var office = PostOffice.Open();
        var carrier = new MailCarrier(MailServer.Read(office.Setting), TimeProvider.System);
        const string nasty = "湖州\r\nBcc: spy@example.org\r\n\r\n<script>alert(1)</script>";
        Assert.Equal("sent", await carrier.CarryAsync(new Parcel("n1", "email", "a@example.org", new SaidNotice(nasty, "<img src=x onerror=alert(1)> & “引号”", ""), "https://example.org/notices/stop?token=1"), TestContext.Current.CancellationToken));
        var mail = Assert.Single(office.Mails);
        Assert.Empty(mail.Bcc);
        Assert.Equal(["a@example.org"], mail.GetRecipients().Select(r => r.Address));
        Assert.DoesNotContain("<img", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("&lt;img", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal("<https://example.org/notices/stop?token=1>", mail.Headers["List-Unsubscribe"]);
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers["List-Unsubscribe-Post"]);
    }

    [Fact]
    public async Task A_mail_server_whose_certificate_nobody_vouches_for_is_told_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        await using var office = PostOffice.Open(certificate);
        var fault = await Assert.ThrowsAsync<CarryException>(() => new MailCarrier(MailServer.Read(office.Setting), TimeProvider.System).CarryAsync(new Parcel("n1", "email", "a@example.org", new SaidNotice("s", "t", ""), null), TestContext.Current.CancellationToken));
        Assert.Equal(("unreachable", false), (fault.Code, fault.IsFinal));
        Assert.Empty(office.Mails);
        Assert.Throws<ConfigurationException>(() => MailServer.Read("mail.example.org:25"));
        Assert.Throws<ConfigurationException>(() => MailServer.Read("smtp://mail.example.org?from=a@example.org%0d%0aBcc:b@example.org"));
        Assert.False(MailServer.Read("smtp://u:p%40ss@mail.example.org?from=a@example.org").MayBePlain);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_late_task_is_told_to_its_unit_once_and_a_pack_says_what_it_wants_to(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"/><userTask id="inspect" name="核查" guantong:due="PT1H"/><endEvent id="end" name="已答复"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="end"/>
            """, others: ("notices/answered.yaml", "notice: answered\non: decided\nmatters: [air-report]\nto: [applicant]\nby: [inbox, sms]\nsubject: 答复来了\ntext: \"{{case.number}} 的结果是{{result}}\"\nshort: 反映 {{case.number}} 已答复\n"));
        var platform = played.Platform;
        using var citizen = await platform.SignInAsync("citizen-a");
        Assert.Equal("422 contact-phone", await CodeAsync(citizen.PutAsJsonAsync("/api/v1/me/notices/contacts", new { channel = "sms", address = "12345" })));
        Assert.Equal("204", await CodeAsync(citizen.PutAsJsonAsync("/api/v1/me/notices/contacts", new { channel = "sms", address = "13800001234" })));
        using var answer = await citizen.PostAsJsonAsync($"/api/v1/services/{PlayedProcess.Pack}/air-report/applications", new { region = "330500", data = new { kind = "露天焚烧", place = "示例村口", seen_on = "2026-02-20" }, @for = "self" });
        var number = (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("number")!;
        var post = platform.Services.GetRequiredService<NoticePost>();
        Assert.Equal(0, await post.TellLateAsync(TestContext.Current.CancellationToken));
        await played.PassAsync(TimeSpan.FromHours(2));
        var told = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => post.TellLateAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(1, told.Sum());
        Assert.Equal(0, await post.TellLateAsync(TestContext.Current.CancellationToken));
        Assert.Equal("red", Told(await InboxAsync(played.Official, "/api/v1/notices")));
        using var elsewhere = await platform.SignInAsync("worker-hangzhou");
        Assert.Empty(await InboxAsync(elsewhere, "/api/v1/notices"));

        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(number, "inspect"));
        await PostAsync(platform);
        using var later = await platform.SignInAsync("citizen-a");
        var decided = Assert.Single(await InboxAsync(later), n => n.Text("on") == "decided");
        Assert.Equal($"答复来了 {number} 的结果是已答复", $"{decided.Text("subject")} {decided.Text("text")}");
        // Without a gateway an SMS goes no further than the log, and that is what is said of it.
        var sms = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/notices")).EnumerateArray().Where(n => n.Text("channel") == "sms").ToList();
        Assert.Equal(["accepted logged", "decided logged"], sms.Select(n => $"{n.Text("on")} {n.Text("state")}").Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex Digits();

    [GeneratedRegex("token=([0-9a-f]{32})")]
    private static partial Regex Token();
}
