using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MySqlConnector;


namespace Guantong.Tests;

/// <summary>Feeds that are fetched from tables, folders and servers: rows come in, change and go with their source.</summary>
public sealed class FetchTests
{
    private const string Columns = "\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}";
    private const string Table = "CREATE TABLE levels (gauge varchar(20), at timestamp NOT NULL, region varchar(6), level double precision, note text, PRIMARY KEY (gauge, at))";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_table_of_PostgreSQL_is_fetched_whole_or_from_where_the_last_ended(string store)
    {
        await using var source = await ChangeStreamTests.SourceAsync(Table);
        await using var platform = await RunningPlatform.StartAsync(store);
        using var http = await platform.SignInAsync("duty");
        await ChangeStreamTests.ConnectAsync(http, source);
        await FetchedAsync(platform, http, "from: postgres\nat: water-office\ntable: levels", sql => ChangeStreamTests.RunAsync(source, sql));
    }

    [Fact]
    public async Task A_table_of_MySQL_is_fetched_whole_or_from_where_the_last_ended()
    {
        await using var server = await OwnServer.StartAsync("/usr/sbin/mariadbd",
            s => $"[ $(id -u) = 0 ] && chown mysql {s.Folder}; mariadb-install-db --no-defaults --user=$([ $(id -u) = 0 ] && echo mysql || id -un) --datadir={s.Folder}/data --auth-root-authentication-method=normal >/dev/null 2>&1",
            s => $"/usr/sbin/mariadbd --no-defaults $([ $(id -u) = 0 ] && echo --user=mysql) --datadir={s.Folder}/data --port={s.Port} --bind-address=127.0.0.1 --socket={s.Folder}/s --pid-file={s.Folder}/pid --innodb-flush-log-at-trx-commit=0");
        await using var connection = new MySqlConnection($"Server=127.0.0.1;Port={server.Port};User ID=root");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        async Task DoAsync(string sql)
        {
            await using var command = new MySqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
        await DoAsync($"CREATE DATABASE water CHARACTER SET utf8mb4; USE water; {Table}; CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'r-1'; GRANT SELECT ON water.* TO reader@'127.0.0.1'");
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var http = await platform.SignInAsync("duty");
        await PutAsync(http, new { kind = "mysql", address = $"mysql://127.0.0.1:{server.Port}/water", login = "reader", secret = "wrong" });
        await GaugePack.ApplyAsync(platform, "from: mysql\nat: water-office\ntable: levels" + Columns);
        Assert.Equal("source-login", (await RunAsync(http)).GetProperty("code").GetString());
        await PutAsync(http, new { kind = "mysql", address = $"mysql://127.0.0.1:{server.Port}/water", login = "reader", secret = "r-1" });
        await FetchedAsync(platform, http, "from: mysql\nat: water-office\ntable: levels", DoAsync);
    }

    private static async Task FetchedAsync(RunningPlatform platform, HttpClient http, string feed, Func<string, Task> source)
    {
        await source("INSERT INTO levels VALUES ('A', '2026-03-01 08:00:00', '330102', 1.5, NULL), ('B', '2026-03-01 09:00:00', '330102', 2.5, '甲, \"x\"')");
        await GaugePack.ApplyAsync(platform, feed + Columns + "\nremoves: true");
        Assert.Equal(2, (await WellAsync(http)).GetProperty("rows").GetInt64());
        Assert.Equal(["A 1.5", "B 2.5 甲, \"x\""], await RowsAsync(http));
        // It is all there is: a row that is gone there goes here; one that gives nothing at all is not believed.
        await source("DELETE FROM levels WHERE gauge = 'A'");
        await source("UPDATE levels SET level = 3 WHERE gauge = 'B'");
        await WellAsync(http);
        Assert.Equal(["B 3 甲, \"x\""], await RowsAsync(http));
        await source("DELETE FROM levels");
        Assert.Equal("delivery-empty", (await RunAsync(http)).GetProperty("code").GetString());
        Assert.Single(await RowsAsync(http));
        // Only what is new: nothing goes, and the last moment is asked for again, for its rows may not all have been there.
        await source("INSERT INTO levels VALUES ('C', '2026-03-02 08:00:00', '330102', 4, NULL)");
        await GaugePack.ApplyAsync(platform, feed + Columns + "\nsince: at");
        await WellAsync(http);
        await source("INSERT INTO levels VALUES ('D', '2026-03-02 08:00:00', '330102', 5, NULL), ('E', '2026-03-01 08:00:00', '330102', 6, NULL)");
        Assert.Equal(2, (await WellAsync(http)).GetProperty("rows").GetInt64());
        Assert.Equal(["B 3 甲, \"x\"", "C 4", "D 5"], await RowsAsync(http));
        await source("ALTER TABLE levels RENAME COLUMN level TO height");
        var drifted = await RunAsync(http);
        Assert.Equal(("header-missing", 1), (drifted.GetProperty("code").GetString(), drifted.GetProperty("failures").GetInt32()));
        Assert.Equal(3, (await RowsAsync(http)).Count);
        await source("ALTER TABLE levels RENAME COLUMN height TO level");
        await WellAsync(http);
        await source("DROP TABLE levels");
        Assert.Equal("source-no-table", (await RunAsync(http)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Files_left_in_a_folder_come_in_once_each_and_one_that_is_refused_keeps_no_other_out()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        var folder = Directory.CreateDirectory(Path.Combine(platform.Folder, "drops", "water")).FullName;
        using var http = await platform.SignInAsync("duty");
        await PutAsync(http, new { kind = "folder", address = "water" });
        await DroppedAsync(platform, http, (name, text) =>
        {
            File.WriteAllText(Path.Combine(folder, name), text);
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), DateTime.UtcNow.AddMinutes(-1));
        });
    }

    [Fact]
    public async Task Files_left_on_an_SFTP_server_come_in_alike_and_nothing_is_sent_to_another_host()
    {
        await using var server = await OwnServer.StartAsync("/usr/sbin/sshd", s => $"""
            mkdir -p drop /run/sshd; ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f me; cp me.pub keys
            printf '%s\n' 'Port {s.Port}' 'ListenAddress 127.0.0.1' 'HostKey {s.Folder}/host' 'AuthorizedKeysFile {s.Folder}/keys' 'StrictModes no' 'UsePAM no' 'PasswordAuthentication no' 'PermitRootLogin yes' 'Subsystem sftp internal-sftp' 'PidFile {s.Folder}/pid' > conf
            """, s => $"/usr/sbin/sshd -D -e -f {s.Folder}/conf");
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var http = await platform.SignInAsync("duty");
        object Connection(string fingerprint) => new { kind = "sftp", address = $"sftp://127.0.0.1:{server.Port}{server.Folder}/drop", login = Environment.UserName, auth = "key", fingerprint, secret = File.ReadAllText($"{server.Folder}/me") };
        await PutAsync(http, Connection("SHA256:AAAA"));
        await GaugePack.ApplyAsync(platform, "from: csv\nat: water-office\nfiles: \"*.csv\"" + Columns);
        Assert.Equal("source-other-host", (await RunAsync(http)).GetProperty("code").GetString());
        await PutAsync(http, Connection((await server.ShellAsync("ssh-keygen -lf host.pub")).Split(' ')[1]));
        await DroppedAsync(platform, http, (name, text) =>
        {
            File.WriteAllText(Path.Combine(server.Folder, "drop", name), text);
            File.SetLastWriteTimeUtc(Path.Combine(server.Folder, "drop", name), DateTime.UtcNow.AddMinutes(-1));
        });
    }

    private static async Task DroppedAsync(RunningPlatform platform, HttpClient http, Action<string, string> drop)
    {
        const string header = "gauge,at,region,level,note\n";
        await GaugePack.ApplyAsync(platform, "from: csv\nat: water-office\nfiles: \"level-*.csv\"" + Columns);
        drop("level-1.csv", header + "A,2026-03-01 08:00:00,330102,1.5,\n");
        drop("level-2.csv", "broken\n1\n");
        drop("level-3.csv", header + "B,2026-03-01 08:00:00,330102,2.5,\n");
        drop("other.csv", header + "X,2026-03-01 08:00:00,330102,9,\n");
        var state = await RunAsync(http);
        Assert.Equal("header-missing", state.GetProperty("code").GetString());
        Assert.Contains("level-2.csv", state.GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.Equal(["A 1.5", "B 2.5"], await RowsAsync(http));
        // Nothing new: what was refused is still told, and nothing comes twice.
        Assert.Equal("header-missing", (await RunAsync(http)).GetProperty("code").GetString());
        drop("level-2.csv", header + "C,2026-03-01 08:00:00,330102,3.5,\n");
        Assert.Equal(1, (await WellAsync(http)).GetProperty("rows").GetInt64());
        Assert.Equal(0, (await WellAsync(http)).GetProperty("rows").GetInt64());
        Assert.Equal(["A 1.5", "B 2.5", "C 3.5"], await RowsAsync(http));
    }

    [Fact]
    public async Task Secrets_are_not_given_out_nor_sent_to_an_address_they_were_not_given_for()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var http = await platform.SignInAsync("duty");
        var good = new { kind = "postgres", address = "postgres://127.0.0.1:1/a", login = "us", secret = "s-1" };
        await PutAsync(http, good);
        Assert.DoesNotContain("s-1", await http.GetStringAsync("/api/v1/connections"), StringComparison.Ordinal);
        foreach (var bad in (object[])
        [
            new { kind = "postgres", address = "postgres://127.0.0.1:1/b", login = "us" },
            new { kind = "folder", address = "../../etc" }, new { kind = "folder", address = "/etc" }, new { kind = "ftp", address = "ftp://127.0.0.1" },
            new { kind = "http", address = "http://169.254.169.254/latest" }, new { kind = "http", address = "http://example.org", auth = "bearer", secret = "x" },
            new { kind = "http", address = "https://us:pw@example.org" }, new { kind = "sftp", address = "sftp://example.org/x", login = "us", secret = "x" }, new { kind = "http", address = "file:///etc/passwd" },
        ])
        {
            using var answer = await http.PutAsJsonAsync("/api/v1/connections/water-office", bad);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }
        using var worker = await platform.SignInAsync("worker-hangzhou");
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PutAsJsonAsync("/api/v1/connections/x", good)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync("/api/v1/connections/water-office")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.DeleteAsync("/api/v1/connections/water-office")).StatusCode);
    }

    private static async Task PutAsync(HttpClient http, object connection)
    {
        using var answer = await http.PutAsJsonAsync("/api/v1/connections/water-office", connection);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> RunAsync(HttpClient http)
    {
        using var answer = await http.PostAsync($"/api/v1/feeds/{GaugePack.Id}/level/run", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<JsonElement> WellAsync(HttpClient http)
    {
        var state = await RunAsync(http);
        Assert.True(state.GetProperty("fault").ValueKind == JsonValueKind.Null, $"{state}");
        return state;
    }

    private static async Task<List<string>> RowsAsync(HttpClient http) =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{GaugePack.Id}/level/rows?take=100")).GetProperty("rows").EnumerateArray().Select(r => $"{r[0]} {r[3]} {r[4]}".TrimEnd()).Order(StringComparer.Ordinal)];
}
