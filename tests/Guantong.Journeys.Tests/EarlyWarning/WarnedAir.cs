using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>The air of Huzhou with a declaration of the test's own, a few people, and a clock that stands.</summary>
internal sealed class WarnedAir : IAsyncDisposable
{
    public const string Pack = "environment.air-quality", Indicator = "pm25-mean", Huzhou = "330500", Ecology = "zj-ecology-330500";

    /// <summary>The first day with figures; the clock stands two months later.</summary>
    public static readonly DateOnly Begin = new(2026, 9, 2);

    private readonly Dictionary<string, HttpClient> _people = [];

    private readonly StandingClock? _clock;

    private WarnedAir(RunningPlatform platform, StandingClock? clock) => (Platform, _clock) = (platform, clock);

    public RunningPlatform Platform { get; }

    /// <summary>Starts one.</summary>
    /// <param name="warn">What stands under warn, each line indented by four.</param>
    /// <param name="moves">Whether time goes on by itself.</param>
    public static async Task<WarnedAir> StartAsync(string store, string warn, bool moves = false)
    {
        var clock = moves ? null : new StandingClock();
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(HandledCase.People);
        var air = new WarnedAir(platform, clock);
        await air.DeclareAsync(warn);
        await platform.LoadAsync("station", Path.Combine(Repository.Root, "packs/environment/air-quality/samples/station.csv"));
        return air;
    }

    /// <summary>Declares something else.</summary>
    public Task DeclareAsync(string warn)
    {
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality");
        var declared = files.Texts["indicators.yaml"];
        const string begin = "  warn:\n";
        var (from, to) = (declared.IndexOf(begin, StringComparison.Ordinal) + begin.Length, declared.IndexOf("  then: pollution-episode", StringComparison.Ordinal));
        return Platform.ApplyAsync(files with { Texts = files.Texts.Append(KeyValuePair.Create("indicators.yaml", declared[..from] + warn.ReplaceLineEndings("\n").TrimEnd() + "\n" + declared[to..])).GroupBy(t => t.Key).ToDictionary(t => t.Key, t => t.Last().Value) });
    }

    /// <summary>Loads days of one station, the first of them so many days after the beginning; a day of −1 is left out.</summary>
    public Task LoadAsync(int from, params IEnumerable<int> days) => LoadAsync("ZJ330502", from, days);

    /// <inheritdoc cref="LoadAsync(int, IEnumerable{int})"/>
    public async Task LoadAsync(string station, int from, params IEnumerable<int> days)
    {
        var lines = days.SelectMany((value, i) => value < 0 ? [] : Enumerable.Range(0, 24).Select(hour => Begin.AddDays(from + i) is var day ? string.Create(CultureInfo.InvariantCulture, $"{day.Year},{day.Month},{day.Day},{hour},{value},{value + 10},8,30,600,40,{station}") : ""));
        await Platform.LoadLinesAsync(Pack, "air-hourly", lines.Prepend("year,month,day,hour,PM2.5,PM10,SO2,NO2,CO,O3,station"));
    }

    /// <summary>Days that go by the week, with a little that follows no pattern.</summary>
    public static IEnumerable<int> Weeks(int days) => Enumerable.Range(0, days).Select(t => 40 + new[] { 0, 2, 4, 6, 4, 1, 0 }[t % 7] + t * 37 % 5);

    /// <summary>A day so many days after the beginning.</summary>
    public static string Day(int days) => Begin.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Lets time pass; everybody signs in anew.</summary>
    public void Pass(TimeSpan time)
    {
        _clock!.Now += time;
        foreach (var http in _people.Values)
            http.Dispose();
        _people.Clear();
    }

    /// <summary>Somebody's client, signed in.</summary>
    public async Task<HttpClient> AsAsync(string login) => _people.TryGetValue(login, out var http) ? http : _people[login] = await Platform.SignInAsync(login);

    public async Task<JsonElement> GetAsync(string login, string path) => await (await AsAsync(login)).GetFromJsonAsync<JsonElement>("/api/v1/" + path);

    public async Task<string> PostAsync(string login, string path, object? given = null) => await (await AsAsync(login)).PostAsJsonAsync("/api/v1/" + path, given ?? new { }).ToldAsync();

    /// <summary>Warnings as region, days, level and state, the first first.</summary>
    public async Task<IReadOnlyList<string>> WarningsAsync(string query = "") =>
        [.. (await GetAsync("auditor", "warnings?take=100" + query)).GetProperty("items").EnumerateArray().Select(w => $"{w.Text("region")} {w.Text("firstDay")![5..]}–{w.Text("lastDay")![5..]} {w.Text("level")} {w.Text("state")}{(w.GetProperty("endedOn").GetString() is { } ended ? " " + ended[5..] : "")} {w.Text("signals")!.Trim(',')}").Reverse()];

    /// <summary>The id of the only warning.</summary>
    public async Task<string> OnlyAsync() => Assert.Single((await GetAsync("auditor", "warnings")).GetProperty("items").EnumerateArray()).Text("id")!;

    /// <summary>How often the ledger has an action.</summary>
    public async Task<long> TracedAsync(string action) => (await GetAsync("auditor", $"ledger?action={action}&take=1")).GetProperty("total").GetInt64();

    public async ValueTask DisposeAsync()
    {
        foreach (var http in _people.Values)
            http.Dispose();
        await Platform.DisposeAsync();
    }
}
