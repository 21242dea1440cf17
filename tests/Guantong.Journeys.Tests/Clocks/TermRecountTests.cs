using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Terms that end in a year whose holidays are not known are estimates; once the year is entered, they are counted anew.</summary>
public sealed class TermRecountTests
{
    private const string Pack = "society.concerns", Calendar = "jurisdictions/calendars/china.csv";

    private static async Task<WebApplication> StartAsync(Settings settings, TimeProvider clock)
    {
        var app = await Platform.BuildAsync(settings, workers: false, clock);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static string Home(string folder)
    {
        var home = Path.Combine(folder, "home");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "jurisdictions"), "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(home, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        Directory.CreateSymbolicLink(Path.Combine(home, "packs"), Path.Combine(Repository.Root, "packs"));
        return home;
    }

    private static async Task<string> DuesAsync(WebApplication app, string number)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = true }) { BaseAddress = new Uri(app.Urls.First()) };
        (await http.PostAsJsonAsync("/api/v1/session", new { login = ConcernCase.Officer, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        var file = await http.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}");
        var task = file.GetProperty("tasks").EnumerateArray().Last();
        return $"{Day(file.GetProperty("case").Text("due"))} {(file.GetProperty("case").GetProperty("isDueEstimated").GetBoolean() ? "estimated" : "known")} {task.Text("node")} {Day(task.Text("due"))}";
    }

    private static string Day(string? stamp) => stamp is null ? "–" : Time.Read(stamp).ToOffset(TimeSpan.FromHours(8)).ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_was_an_estimate_is_counted_anew_once_its_year_is_entered_and_what_was_extended_stays(string store)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-test-").FullName;
        var database = await FreshStore.MakeAsync(store);
        var settings = new Settings(Home(folder), Path.Combine(folder, "data"), database, "zhejiang", "http://127.0.0.1:0", Demo: true) { Warehouse = database };
        // Ten working days from this Thursday on.
        var clock = new StandingClock { Now = new DateTimeOffset(2026, 12, 24, 1, 0, 0, TimeSpan.Zero) };
        string accepted, waiting, extended;
        var app = await StartAsync(settings, clock);
        try
        {
            await app.Services.GetRequiredService<PackRegistry>().ApplyAsync(PackFolder.Read(Path.Combine(Repository.Root, "packs/society/concerns"), "packs/society/concerns"), Policy.Operator, confirmed: true, cancel: TestContext.Current.CancellationToken);
            using var anyone = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            using var officer = new HttpClient(new HttpClientHandler { UseCookies = true }) { BaseAddress = new Uri(app.Urls.First()) };
            (await officer.PostAsJsonAsync("/api/v1/session", new { login = ConcernCase.Officer, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
            (accepted, extended) = ((await ConcernCase.AppliedAsync(anyone, email: "applicant@example.org")).Number, (await ConcernCase.AppliedAsync(anyone)).Number);
            foreach (var number in (string[])[accepted, extended])
                Assert.Equal("204", await ConcernCase.AnswerAsync(officer, number, "accept"));
            clock.Now += TimeSpan.FromDays(7);
            (await officer.PostAsJsonAsync("/api/v1/session", new { login = ConcernCase.Officer, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
            waiting = (await ConcernCase.AppliedAsync(anyone)).Number;
            await app.Services.GetRequiredService<Store>().ChangeAsync(clock.Now, async change =>
            {
                await change.ExecuteAsync("UPDATE work_case SET extended = 1 WHERE number = @extended", new { extended });
                change.Record("test", "test.extended", "case");
            }, TestContext.Current.CancellationToken);
            // Weekends alone are known to be off.
            Assert.Equal(0, await app.Services.GetRequiredService<TermRecount>().RunAsync(TestContext.Current.CancellationToken));
            Assert.StartsWith("01-07 18:00 estimated", await DuesAsync(app, accepted), StringComparison.Ordinal);
            Assert.Equal("– known acceptance 01-04 18:00", await DuesAsync(app, waiting));
        }
        finally
        {
            await app.DisposeAsync();
        }
        // 1 to 3 January are off, and Sunday the tenth is worked.
        File.AppendAllLines(Path.Combine(settings.Home, Calendar), ["2027-01-01,off,元旦,合成通知", "2027-01-02,off,元旦,合成通知", "2027-01-03,off,元旦,合成通知", "2027-01-10,worked,元旦,合成通知"]);
        app = await StartAsync(settings, clock);
        try
        {
            var recount = app.Services.GetRequiredService<TermRecount>();
            // Two nodes at once count to the same.
            await Task.WhenAll(recount.RunAsync(TestContext.Current.CancellationToken), recount.RunAsync(TestContext.Current.CancellationToken));
            Assert.StartsWith("01-08 18:00 known", await DuesAsync(app, accepted), StringComparison.Ordinal);
            Assert.Equal("– known acceptance 01-05 18:00", await DuesAsync(app, waiting));
            Assert.StartsWith("01-07 18:00 known", await DuesAsync(app, extended), StringComparison.Ordinal);
            var acceptance = await app.Services.GetRequiredService<Store>().ReadAsync(c => c.QuerySingleAsync<string>("SELECT a.due FROM work_acceptance a JOIN work_case c ON c.id = a.case_id WHERE c.number = @waiting", new { waiting }));
            Assert.Equal("01-05 18:00", Day(acceptance));
            var traced = (await app.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryAsync<string>("SELECT detail FROM ledger WHERE action = 'clock.recounted'"))).AsList();
            Assert.Equal(2, traced.Count);
            // Whoever was told the estimate is told what it is now, once.
            var told = await app.Services.GetRequiredService<Store>().ReadAsync(c => c.QuerySingleAsync<string>("SELECT said FROM work_notice WHERE event = 'recounted'"));
            Assert.Contains("2027-01-08 18:00", told, StringComparison.Ordinal);
            Assert.All(traced, t => Assert.Contains("2027", t, StringComparison.Ordinal));
            Assert.Equal(0, await recount.RunAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            await app.DisposeAsync();
            Directory.Delete(folder, true);
        }
    }
}
