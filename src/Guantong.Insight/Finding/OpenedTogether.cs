using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.AspNetCore.Http;

namespace Guantong.Insight;

/// <summary>Learns from what people open after searching, without knowing who they are: counts of words and what was opened, from five different visitors on.</summary>
public sealed class OpenedTogether(Store store, TimeProvider clock)
{
    // A count goes half a year after its last step; more than so many visitors say no more than so many do.
    private const int KeptDays = 180;
    private const int MostPeople = 500;
    private const int MostRows = 20_000;

    // How many openings elsewhere weigh against: few openings say little.
    private const double Doubt = 20;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private readonly OpenedMemory _memory = new();
    private Counts? _counts;

    private sealed record Counts(DateTimeOffset Read, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> ByQuery);

    private sealed record Row(string Query, string Thing, long People);

    /// <summary>What tells visitors of a request apart for now: the network that they come from, of which all are one visitor. A browser can call itself anything, and counts for nothing.</summary>
    internal static string Visitor(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress is { } ip ? (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip) : IPAddress.None;
        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, address.AddressFamily == AddressFamily.InterNetworkV6 ? 6 : 3));
    }

    /// <summary>Takes that something was opened which a query had found.</summary>
    internal async Task TakeAsync(string plain, string thing, string visitor, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var people = _memory.Take(plain, thing, visitor, now);
        if (people == 0)
            return;
        await store.ChangeAsync(now, async change =>
        {
            await change.ExecuteAsync("""
                INSERT INTO insight_opened (query, thing, people, last_day) VALUES (@plain, @thing, @people, @today)
                ON CONFLICT (query, thing) DO UPDATE SET people = CASE WHEN insight_opened.people + @people > @most THEN @most ELSE insight_opened.people + @people END, last_day = @today
                """, new { plain, thing, people, today = Day(now), most = MostPeople });
            await change.ExecuteAsync("DELETE FROM insight_opened WHERE last_day < @before", new { before = Day(now.AddDays(-KeptDays)) });
            // The ledger is kept for good: the words are not in it.
            change.Record("search", "search.learned", thing, JsonSerializer.Serialize(new { people }));
        }, cancel);
        _counts = null;
    }

    /// <summary>What is known of a query: thing → 0 (nothing) to 1.</summary>
    internal async Task<Func<Findable, double>?> OfAsync(string plain, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        if (_counts is not { } counts || now - counts.Read > Fresh)
            _counts = counts = new Counts(now, await ReadAsync(now, cancel));
        if (!counts.ByQuery.TryGetValue(plain, out var things))
            return null;
        var all = things.Values.Sum() + Doubt;
        return thing => things.GetValueOrDefault(thing.Key) / all;
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>>> ReadAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var rows = await store.ReadAsync(c => c.QueryAsync<Row>("SELECT query AS Query, thing AS Thing, people AS People FROM insight_opened WHERE last_day >= @since ORDER BY last_day DESC, people DESC LIMIT @MostRows", new { since = Day(now.AddDays(-KeptDays)), MostRows }), cancel);
        return rows.GroupBy(r => r.Query).ToDictionary(g => g.Key, g => (IReadOnlyDictionary<string, long>)g.ToDictionary(r => r.Thing, r => r.People));
    }

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
