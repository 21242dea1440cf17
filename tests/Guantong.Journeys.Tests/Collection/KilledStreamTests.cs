using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace Guantong.Tests;

/// <summary>kill -9 of either end of a change stream while rows change: none lost, none doubled.</summary>
/// <remarks>GUANTONG_CRASH_ROUNDS makes it longer, GUANTONG_CRASH_SEED repeats a draw.</remarks>
public sealed class KilledStreamTests
{
    private const string Feed = """
        from: change-stream
        at: water-office
        table: public.levels
        columns: {gauge: gauge, at: at, region: region, level: level, note: note}
        """;

    [Shows("plat-collection")]
    [Fact]
    public async Task Changes_come_over_once_each_however_often_either_end_is_killed()
    {
        var draw = Draw.Begin("postgres");
        await using var source = await OwnPostgres.StartAsync();
        await RunAsync(source, "CREATE TABLE levels (gauge text, at timestamp, region text, level double precision, note text, PRIMARY KEY (gauge, at))");
        await using var platform = await ProcessPlatform.FreshAsync("sqlite");
        await platform.StartAsync();
        using (var http = platform.Operator())
        {
            using var made = await http.PutAsJsonAsync("/api/v1/connections/water-office", new { kind = "postgres", address = $"postgres://127.0.0.1:{source.Port}/postgres", login = "guantong" });
            made.EnsureSuccessStatusCode();
            await GaugePack.ApplyAsync(http, Feed);
        }
        for (var round = 0; round < draw.Rounds; round++)
        {
            using var writing = new CancellationTokenSource();
            var writes = WriteAsync(source, draw.Random.Next(), writing.Token);
            await Task.Delay(draw.Upto(TimeSpan.FromSeconds(3)));
            if (round % 2 == 0)
            {
                await platform.KillAsync();
                await platform.StartAsync();
            }
            else
            {
                await source.KillAsync();
                await source.BeginAsync();
            }
            await Task.Delay(draw.Upto(TimeSpan.FromSeconds(1)));
            await writing.CancelAsync();
            await writes;
            await SameAsync(platform, source, $"{draw}, round {round}");
        }
    }

    // New rows, rows that change, rows that go; each statement a transaction, whose end is unknown where the server dies in it.
    private static async Task WriteAsync(OwnPostgres source, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(source.Setting);
                await connection.OpenAsync(CancellationToken.None);
                while (!stop.IsCancellationRequested)
                {
                    var gauge = random.Next(400).ToString(CultureInfo.InvariantCulture);
                    await using var command = new NpgsqlCommand(random.Next(5) == 0 ? "DELETE FROM levels WHERE gauge = @g" : "INSERT INTO levels VALUES (@g, '2026-03-01', '330102', @l, NULL) ON CONFLICT (gauge, at) DO UPDATE SET level = excluded.level", connection);
                    command.Parameters.AddWithValue("g", gauge);
                    command.Parameters.AddWithValue("l", random.Next(9000) / 100.0);
                    await command.ExecuteNonQueryAsync(CancellationToken.None);
                }
            }
            catch (NpgsqlException)
            {
                // It is down: there is nothing to write to for a moment.
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    private static async Task SameAsync(ProcessPlatform platform, OwnPostgres source, string when)
    {
        await using var connection = new NpgsqlConnection(source.Setting);
        await connection.OpenAsync();
        var there = new List<string>();
        await using (var command = new NpgsqlCommand("SELECT gauge, level FROM levels", connection))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                there.Add(string.Create(CultureInfo.InvariantCulture, $"{reader.GetString(0)} {reader.GetDouble(1)}"));
        }
        there.Sort(StringComparer.Ordinal);
        using var http = platform.Operator();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        List<string> here = [];
        while (!patience.IsCancellationRequested)
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{GaugePack.Id}/level/rows?take=500");
            here = [.. page.GetProperty("rows").EnumerateArray().Select(r => string.Create(CultureInfo.InvariantCulture, $"{r[0].GetString()} {r[3].GetDouble()}")).Order(StringComparer.Ordinal)];
            if (here.SequenceEqual(there))
                return;
        }
        Assert.True(here.SequenceEqual(there), $"{when}: here {here.Count} rows, there {there.Count}; only here: {string.Join("; ", here.Except(there).Take(5))}; only there: {string.Join("; ", there.Except(here).Take(5))}\n{await http.GetStringAsync("/api/v1/feeds")}\n{platform.Said}");
    }

    private static async Task RunAsync(OwnPostgres source, string sql)
    {
        await using var connection = new NpgsqlConnection(source.Setting);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
