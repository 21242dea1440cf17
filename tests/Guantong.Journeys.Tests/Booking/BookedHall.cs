using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>A platform on the Wednesday before two holidays, on which a birth can be booked at service halls, one person a slot, and vaccination at courts.</summary>
internal sealed class BookedHall : IAsyncDisposable
{
    public const string Service = "society.birth/birth", Hall = "xihu-hall";

    private BookedHall(RunningPlatform platform, StandingClock clock) => (Platform, Clock) = (platform, clock);

    public RunningPlatform Platform { get; }

    public StandingClock Clock { get; }

    public static async Task<BookedHall> StartAsync(string store)
    {
        var clock = new StandingClock { Now = new DateTimeOffset(2026, 9, 23, 9, 0, 0, TimeSpan.FromHours(8)) };
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/society/birth"), "packs/society/birth");
        var texts = files.Texts.ToDictionary();
        texts["matters/birth.yaml"] = texts["matters/birth.yaml"].Replace("at-once: 4", "at-once: 1", StringComparison.Ordinal);
        texts["matters/vaccination.yaml"] += "in-person: {at: sports, book: {every: PT1H, at-once: 99, ahead: P3D}}\n";
        await platform.ApplyAsync(files with { Texts = texts });
        return new BookedHall(platform, clock);
    }

    /// <summary>The free places of each slot on a day, by its time.</summary>
    public static async Task<Dictionary<string, int>> FreeAsync(HttpClient who, string day, string service = Service, string place = Hall) =>
        (await who.GetFromJsonAsync<JsonElement>($"/api/v1/services/{service}/slots?place={place}")).EnumerateArray().Single(d => d.Text("day") == day)
            .GetProperty("slots").EnumerateArray().ToDictionary(s => s.Text("at")![11..], s => s.GetProperty("free").GetInt32());

    public static Task<HttpResponseMessage> BookAsync(HttpClient who, string at, string place = Hall, string service = Service) => who.PostAsJsonAsync("/api/v1/me/bookings", new { service, place, at });

    /// <summary>Lets the clock stand at a time of Zhejiang's.</summary>
    public void At(int month, int day, int hour, int minute) => Clock.Now = new DateTimeOffset(2026, month, day, hour, minute, 0, TimeSpan.FromHours(8));

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}
