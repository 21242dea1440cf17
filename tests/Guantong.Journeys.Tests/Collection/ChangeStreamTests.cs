using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace Guantong.Tests;

/// <summary>A table of a department's PostgreSQL is followed: what changes there stands here, is measured and counts.</summary>
public sealed class ChangeStreamTests
{
    private const string Feed = """
        from: change-stream
        at: water-office
        table: public.levels
        columns: {gauge: gauge, at: at, region: region, level: level, note: note}
        """;

    [Shows("plat-collection")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_change_at_the_source_stands_in_the_warehouse_is_measured_and_moves_the_indicator(string store)
    {
        await using var source = await SourceAsync();
        await RunAsync(source, "INSERT INTO levels VALUES ('A', '2026-03-01 08:00', '330102', 3.5, NULL), ('B', '2026-03-01 08:00', '330102', 4.5, 'x')");
        await using var platform = await RunningPlatform.StartAsync(store);
        using var http = await platform.SignInAsync("duty");
        await ConnectAsync(http, source);
        await GaugePack.ApplyAsync(platform, Feed);

        await EventuallyAsync(http, 4.0);
        await RunAsync(source, "UPDATE levels SET level = 5.5 WHERE gauge = 'A'");
        await EventuallyAsync(http, 5.0);
        // A transaction of several changes; one that is rolled back; a key that changes; a row that goes.
        await RunAsync(source, "BEGIN; INSERT INTO levels VALUES ('C', '2026-03-01 08:00', '330102', 9, repeat('长', 5000)); UPDATE levels SET level = 6.5 WHERE gauge = 'B'; COMMIT; BEGIN; DELETE FROM levels; ROLLBACK");
        await EventuallyAsync(http, 7.0);
        await RunAsync(source, "UPDATE levels SET gauge = 'D' WHERE gauge = 'C'; UPDATE levels SET level = 6 WHERE gauge = 'D'; DELETE FROM levels WHERE gauge = 'B'");
        await EventuallyAsync(http, 5.75);
        var rows = await RowsAsync(http);
        Assert.Equal(["A 5.5", "D 6"], rows.Select(r => $"{r[0]} {r[3]}").Order(StringComparer.Ordinal));
        // The long text was not sent again with the change of another field, and stands all the same.
        Assert.Equal(5000, rows.Single(r => r[0].GetString() == "D")[4].GetString()!.Length);

        // What breaks the declaration is kept out with its reason, and what was there before stays until it is mended.
        await RunAsync(source, "INSERT INTO levels VALUES ('E', '2026-03-01 08:00', '330102', 9999, NULL), ('F', '2026-03-01 08:00', '330102', 1.25, NULL)");
        await EventuallyAsync(http, 4.25);
        var rejects = await http.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{GaugePack.Id}/level/rejects");
        Assert.Equal("range", Assert.Single(rejects.GetProperty("items").EnumerateArray()).GetProperty("rule").GetString());
        await RunAsync(source, "TRUNCATE levels");
        await EventuallyAsync(http, null);
        var feed = (await http.GetFromJsonAsync<JsonElement>("/api/v1/feeds")).EnumerateArray().Single();
        Assert.True(feed.GetProperty("running").GetBoolean());
        Assert.Equal(JsonValueKind.Null, feed.GetProperty("fault").ValueKind);
    }

    [Fact]
    public async Task A_column_that_is_renamed_at_the_source_is_told_and_harms_nothing()
    {
        await using var source = await SourceAsync();
        await RunAsync(source, "INSERT INTO levels VALUES ('A', '2026-03-01 08:00', '330102', 3.5, NULL)");
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var http = await platform.SignInAsync("duty");
        await ConnectAsync(http, source);
        await GaugePack.ApplyAsync(platform, Feed);
        await EventuallyAsync(http, 3.5);
        await RunAsync(source, "ALTER TABLE levels RENAME level TO height; UPDATE levels SET height = 7");
        var fault = await FaultAsync(http);
        Assert.Equal("header-missing", fault.GetProperty("code").GetString());
        Assert.Contains("level", fault.GetProperty("fault").GetString(), StringComparison.Ordinal);
        await EventuallyAsync(http, 3.5);
    }

    [Fact]
    public async Task A_table_whose_changes_would_not_name_their_rows_is_refused_before_anything_is_done_to_it()
    {
        await using var source = await SourceAsync("CREATE TABLE levels (gauge text, at timestamp, region text, level double precision, note text)");
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var http = await platform.SignInAsync("duty");
        await ConnectAsync(http, source);
        await GaugePack.ApplyAsync(platform, Feed);
        Assert.Equal("stream-identity", (await FaultAsync(http)).GetProperty("code").GetString());
        // A publication of a table without identity would keep its owner from changing rows.
        await RunAsync(source, "INSERT INTO levels VALUES ('A'); UPDATE levels SET gauge = 'B'");
    }

    internal static async Task<NpgsqlDataSource> SourceAsync(string table = "CREATE TABLE levels (gauge text, at timestamp, region text, level double precision, note text, PRIMARY KEY (gauge, at))")
    {
        var uri = new Uri((await FreshStore.MakeAsync("postgres"))!);
        var source = NpgsqlDataSource.Create($"Host={uri.Host};Port={uri.Port};Username={uri.UserInfo};Database={uri.AbsolutePath.Trim('/')}");
        await RunAsync(source, table);
        return source;
    }

    internal static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    internal static async Task ConnectAsync(HttpClient http, NpgsqlDataSource source)
    {
        var at = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        using var answer = await http.PutAsJsonAsync("/api/v1/connections/water-office", new { kind = "postgres", address = $"postgres://{at.Host}:{at.Port}/{at.Database}", login = at.Username });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<List<List<JsonElement>>> RowsAsync(HttpClient http) =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{GaugePack.Id}/level/rows?take=100")).GetProperty("rows").EnumerateArray().Select(r => r.EnumerateArray().ToList())];

    // The stream runs by itself: it is asked again until it has come so far.
    private static async Task EventuallyAsync(HttpClient http, double? mean)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            var values = await http.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{GaugePack.Id}/mean-level/values?region=330102", patience.Token);
            if (values.EnumerateArray().Select(v => (double?)v.GetProperty("value").GetDouble()).SingleOrDefault() == mean)
                return;
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<JsonElement> FaultAsync(HttpClient http)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            var feed = (await http.GetFromJsonAsync<JsonElement>("/api/v1/feeds", patience.Token)).EnumerateArray().Single();
            if (feed.GetProperty("code").ValueKind == JsonValueKind.String)
                return feed;
            await Task.Delay(20, patience.Token);
        }
    }
}
