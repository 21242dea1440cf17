using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>kill -9 at random points of first starts, of loads and of the starts after them: nothing lost, nothing doubled.</summary>
/// <remarks>A second platform does the same and is never killed; the killed one has to stand exactly as that one does. GUANTONG_CRASH_ROUNDS makes it longer, GUANTONG_CRASH_SEED repeats a draw.</remarks>
public sealed class KilledLoadTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_load_killed_at_any_point_leaves_all_or_nothing_and_ends_like_one_never_killed(string store)
    {
        var draw = Draw.Begin(store);
        await using var unkilled = await ProcessPlatform.FreshAsync(store);
        await using var killed = await ProcessPlatform.FreshAsync(store);
        await unkilled.StartAsync();
        await FirstStartIsKilledAsync(killed, unkilled.FirstPage, draw);

        using var reference = unkilled.Operator();
        var before = await Standing.ReadAsync(reference);
        (await StandingOfAsync(killed)).MustBe(before, $"{draw}: after first starts that were killed");
        var batches = new Batches(killed.Aside);
        for (var round = 0; round < draw.Rounds; round++)
        {
            var folder = batches.Write(round);
            var (lines, took) = await LoadAsync(reference, folder);
            var after = await Standing.ReadAsync(reference);
            var when = await KillDuringLoadAsync(killed, folder, lines, took, draw, $"{draw}, round {round}");
            if (round % 3 == 2)
                await KillDuringStartAsync(killed, killed.FirstPage, draw);
            await killed.StartAsync();
            draw.Restarted(killed.FirstPage);
            await NothingIsHalfDoneAsync(killed, before, after, when);
            using (var http = killed.Operator())
                await LoadAsync(http, folder);
            (await StandingOfAsync(killed)).MustBe(after, $"{when}, loaded again");
            before = after;
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(Directory.CreateDirectory(Path.Combine(killed.Data, "scratch")).FullName));
        draw.Report();
    }

    private static async Task<Standing> StandingOfAsync(ProcessPlatform platform)
    {
        using var http = platform.Operator();
        return await Standing.ReadAsync(http);
    }

    private static async Task FirstStartIsKilledAsync(ProcessPlatform platform, TimeSpan took, Draw draw)
    {
        for (var i = 0; i < Math.Max(2, draw.Rounds / 4); i++)
            await KillDuringStartAsync(platform, took, draw);
        await platform.StartAsync();
    }

    private static async Task KillDuringStartAsync(ProcessPlatform platform, TimeSpan took, Draw draw)
    {
        platform.Launch();
        await Task.Delay(draw.Upto(took));
        await platform.KillAsync();
    }

    // Half of the kills come at a random time, half at a line that the load has just said.
    private static async Task<string> KillDuringLoadAsync(ProcessPlatform platform, string folder, int lines, TimeSpan took, Draw draw, string round)
    {
        using var http = platform.Operator();
        if (draw.Random.Next(2) == 0)
        {
            var at = draw.Random.Next(lines);
            await KillAtLineAsync(platform, http, folder, at);
            return $"{round}, killed at line {at} of {lines}";
        }
        var delay = draw.Upto(took * 1.1);
        var load = LoadAsync(http, folder);
        await Task.Delay(delay);
        await platform.KillAsync();
        await CutOffAsync(load);
        return $"{round}, killed after {delay.TotalMilliseconds:0} of {took.TotalMilliseconds:0} ms";
    }

    private static async Task KillAtLineAsync(ProcessPlatform platform, HttpClient http, string folder, int line)
    {
        var seen = 0;
        var load = LoadAsync(http, folder, async () =>
        {
            if (seen++ == line)
                await platform.KillAsync();
        });
        await CutOffAsync(load);
    }

    // A load that was cut off ends in a broken connection; one that was quicker than the kill ends well.
    private static async Task CutOffAsync(Task load)
    {
        try
        {
            await load;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
        }
    }

    // What a dataset holds is the whole load or nothing of it, and all that rests on it is already in step.
    private static async Task NothingIsHalfDoneAsync(ProcessPlatform platform, Standing before, Standing after, string when)
    {
        var now = await StandingOfAsync(platform);
        foreach (var dataset in (string[])["station", "air-hourly"])
        {
            var standing = now.Has(dataset, after) ? after : before;
            now.MustBe(standing, when, dataset, dataset + " rejects");
        }
        var hours = now.Has("air-hourly", after) ? after : before;
        now.MustBe(hours, when, [.. now.Parts.Keys.Where(p => p is not ("station" or "station rejects" or "ledger" or "cases' warnings"))]);
    }

    private static async Task<(int Lines, TimeSpan Took)> LoadAsync(HttpClient http, string folder, Func<Task>? heard = null)
    {
        var watch = Stopwatch.StartNew();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/loads") { Content = JsonContent.Create(new { pack = "environment.air-quality", folder }) };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var (lines, ended) = (0, 0);
        while (await reader.ReadLineAsync() is { } text)
        {
            lines++;
            using var line = JsonDocument.Parse(text);
            Assert.True(line.RootElement.GetProperty("kind").GetString() != "refused", text);
            ended += line.RootElement.GetProperty("kind").GetString() == "after" ? 1 : 0;
            if (heard is not null)
                await heard();
        }
        Assert.Equal(2, ended);
        return (lines, watch.Elapsed);
    }
}

/// <summary>Files to load, one folder a round: new stations and hours, hours that change, grow or come again, and rows to reject.</summary>
internal sealed class Batches(string root)
{
    private static readonly string[] Counties = ["330102", "330502", "330522", "330106"];

    public string Write(int round)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, $"{round:000}")).FullName;
        var stations = Enumerable.Range(0, 4).Select(i => $"T{round}-{i}").ToList();
        var names = stations.Select((s, i) => $"{s},站点 {s},{Counties[i]}").Append($"T{round}-9,,330102");
        File.WriteAllLines(Path.Combine(folder, "station.csv"), ["code,name,region", .. names]);
        var (first, known) = (new DateOnly(2025, 1, 1).AddDays(3 * round), Enumerable.Range(0, 4).Select(i => $"T{round - 1}-{i}"));
        Hours(folder, "hours-a.csv", first, 5, [.. stations.Take(2), .. round > 0 ? known : []]);
        Hours(folder, "hours-b.csv", first, 5, [.. stations.Skip(2)]);
        return folder;
    }

    // Batches overlap by two days in which the values differ: rows change, and an episode that has opened a case grows.
    private static void Hours(string folder, string file, DateOnly first, int days, IReadOnlyList<string> stations)
    {
        var text = new StringBuilder("year,month,day,hour,PM2.5,PM10,SO2,NO2,CO,O3,station\n");
        foreach (var station in stations)
        {
            for (var hour = 0; hour < 24 * days; hour++)
            {
                var day = first.AddDays(hour / 24);
                // Every eleventh day is clean, so that there are several episodes.
                var dust = day.DayNumber % 11 == 0 ? 20 : 260 + day.DayNumber % 5 * 10 + hour % 7;
                text.Append(CultureInfo.InvariantCulture, $"{day.Year},{day.Month},{day.Day},{hour % 24},{dust},{dust + 30},8,30,600,40,{station}\n");
            }
            text.Append(CultureInfo.InvariantCulture, $"{first.Year},{first.Month},{first.Day}\n");
            text.Append(CultureInfo.InvariantCulture, $"{first.Year},{first.Month},{first.Day},0,1,2,3,4,5,6,{station}\n");
            text.Append(CultureInfo.InvariantCulture, $"{first.Year},{first.Month},{first.Day},1,much,2,3,4,5,6,{station}x\n");
            text.Append(CultureInfo.InvariantCulture, $"{first.Year},{first.Month},{first.Day},2,99999,2,3,4,5,6,{station}x\n");
        }
        File.WriteAllText(Path.Combine(folder, file), text.ToString());
    }
}
