using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Applications that are signed (电子签名法 §13): what is signed is what was shown, by whoever proved who they are after it, and each change afterwards is seen.</summary>
public sealed class SignatureTests
{
    private const string Pack = Residents.Pack, Matter = Residents.Matter, Service = $"/services/{Pack}/{Matter}";

    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store);
        var folder = PackFolder.Read(Path.Combine(Repository.Root, "packs/society/assistance"), "packs/society/assistance");
        await platform.ApplyAsync(new PackFiles(folder.Root, folder.Texts.ToDictionary(t => t.Key, t => t.Key == "matters/elder-allowance.yaml" ? t.Value + "sign: true\n" : t.Value)));
        return platform;
    }

    [Shows("plat-user-centre")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_signature_holds_for_what_was_shown_and_for_nothing_else(string store)
    {
        await using var platform = await StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        // What is signed has to be read first: by program nobody signs, and without an account nobody applies.
        foreach (var (whom, field) in ((string?, string)[])[("self", "sign"), (null, "for")])
        {
            var refused = await Persons.TryAsync(mine, whom, new { age = 81, resident = true, receiving = false }, Matter);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.True((await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _));
        }

        var (applications, packs) = (platform.Services.GetRequiredService<Applications>(), platform.Services.GetRequiredService<PackRegistry>());
        var (applied, matter) = applications.Find(Pack, Matter)!.Value;
        var me = (await platform.Services.GetRequiredService<Accounts>().FindAsync("citizen-a"))!;
        var filling = new Filling("330100", new JsonObject { ["age"] = 81, ["resident"] = true, ["receiving"] = true }, new Applying(me, "person:citizen-a"));
        var shown = (await applications.SignedAsync(applied, matter, filling, await applications.CheckAsync(applied, matter, filling), "once", "zh-CN"))!;
        var signed = filling with { Signing = new Signing(shown.Sm3, "once", "zh-CN", Strength.TwoFactors, Time.Write(DateTimeOffset.UtcNow)) };
        // Other answers than were shown, and another's signature, are not taken.
        var other = (await platform.Services.GetRequiredService<Accounts>().FindAsync("citizen-b"))!;
        foreach (var wrong in (Filling[])[signed with { Given = new JsonObject { ["age"] = 82, ["resident"] = true, ["receiving"] = true } }, signed with { Who = new Applying(other, "person:citizen-b") }])
            Assert.Equal("sign-changed", Assert.Single((await applications.ApplyAsync(applied, matter, wrong)).Faults).Code);
        var number = (await applications.ApplyAsync(applied, matter, signed)).Receipt!.Number;
        await platform.RunJobsAsync();

        async Task<(string State, string Changed)> StandsAsync()
        {
            var one = await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/signature");
            Assert.Equal(("applicant", "TwoFactors", shown.Sm3), (one.Text("signer"), one.Text("strength"), one.Text("sm3")));
            return (one.Text("state")!, string.Join(' ', one.GetProperty("changed").EnumerateArray()));
        }
        Assert.Equal(("unchanged", ""), await StandsAsync());
        Assert.Equal("unchanged", (await mine.GetFromJsonAsync<JsonElement>($"/api/v1/me/applications/{number}")).GetProperty("signature").Text("state"));
        // The file of the case has what was signed, from which the digest is worked out anew.
        Assert.Contains((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/file")).GetProperty("index").GetProperty("pieces").EnumerateArray(), p => p.Text("kind") == "signature");

        var rows = platform.Services.GetRequiredService<Store>();
        Task<int> WriteAsync(string sql) => rows.ReadAsync(c => c.ExecuteAsync(sql, new { number }));
        var data = await rows.ReadAsync(c => c.QueryFirstAsync<string>("SELECT data FROM work_case WHERE number = @number", new { number }));
        await rows.ReadAsync(c => c.ExecuteAsync("UPDATE work_case SET data = @data WHERE number = @number", new { number, data = data.Replace("\"age\":81", "\"age\":80", StringComparison.Ordinal) }));
        Assert.Equal(("changed", "age"), await StandsAsync());
        await rows.ReadAsync(c => c.ExecuteAsync("UPDATE work_case SET data = @data WHERE number = @number", new { number, data }));
        Assert.Equal(("unchanged", ""), await StandsAsync());
        // Whoever writes another applicant, or another record of the signature, into the store is found out.
        await WriteAsync("UPDATE work_case SET applicant = 'person:00000000000000000000000000000000' WHERE number = @number");
        Assert.Equal(("broken", ""), await StandsAsync());
    }

    [Theory, InlineData(Screen.Desktop, true), InlineData(Screen.Phone, false)]
    public async Task An_applicant_reads_what_they_sign_proves_who_they_are_and_signs(Screen screen, bool script)
    {
        await using var platform = await StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, screen, script);
        var page = visitor.Page;
        await visitor.OpenAsync(Service);
        await visitor.SeesAsync("要电子签名");
        await visitor.OpenAsync(Service + "/apply");
        await visitor.SeesAsync("这个事项要登录后申请");
        await visitor.LooksAsync("portal-sign-first");
        await visitor.SignInAsync("citizen-a", Service + "/apply");
        await Assertions.Expect(page.GetByText("不记在账号下")).ToHaveCountAsync(0);
        await page.ClickAsync("button.send");
        await page.SelectOptionAsync("#f-region", "330100");
        await page.ClickAsync("button.send");
        await page.FillAsync("#f-age", "81");
        await page.CheckAsync("input[name=resident][value=true]");
        await page.CheckAsync("input[name=receiving][value=true]");
        await page.ClickAsync("button.send");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("户口簿");
        await page.ClickAsync("button.send");

        async Task ProveAsync()
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "确认身份，然后签名" }).ClickAsync();
            await page.FillAsync("#password", Accounts.DemoPassword);
            await page.ClickAsync("main button[type=submit]");
            await visitor.SeesAsync("现在可以签名");
        }
        await visitor.SeesAsync("可靠的电子签名与手写签名具有同等的法律效力");
        await visitor.LooksAsync("portal-sign");
        await ProveAsync();
        // Whoever changes an answer after that proves it anew.
        await page.GetByRole(AriaRole.Link, new() { Name = "改：老人的周岁年龄" }).ClickAsync();
        await page.FillAsync("#f-age", "82");
        await page.ClickAsync("button.send");
        await ProveAsync();
        await visitor.LooksAsync("portal-sign-proved");
        await page.GetByRole(AriaRole.Button, new() { Name = "签名并提交" }).ClickAsync();
        var number = await page.Locator("#number").InnerTextAsync();
        await platform.RunJobsAsync();
        await visitor.OpenAsync($"/me/applications/{number}");
        await visitor.SeesAsync("签名后内容没有改动");
        await visitor.LooksAsync("portal-signed");
        if (!script)
            return;
        await visitor.SignInAsync("worker-hangzhou-civil", $"/desk/cases/{number}");
        await visitor.SeesAsync("内容未改动");
        await visitor.LooksAsync("desk-signed");
    }
}
