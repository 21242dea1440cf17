using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Guantong.Trust;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Guantong.Tests;

/// <summary>A store of its own with a ledger that began under version 0.1.</summary>
internal sealed class LedgerBed : IAsyncDisposable
{
    public const int OldEntries = 8;

    private LedgerBed(Store store, string folder, Uri? authority)
    {
        (Store, Folder, Key) = (store, folder, new LedgerKey(Path.Combine(folder, "keys", "ledger.pem")));
        Ledger = new Ledger(store, Key);
        Checkpoints = new Checkpoints(store, Key, new TimeStamps(authority), TimeProvider.System, NullLogger<Checkpoints>.Instance);
        Archives = new LedgerArchives(store, Ledger, TimeProvider.System, Path.Combine(folder, "archive"));
    }

    public static TheoryData<string> Stores => ["sqlite", "postgres"];

    public Store Store { get; }

    public string Folder { get; }

    public LedgerKey Key { get; }

    public Ledger Ledger { get; }

    public Checkpoints Checkpoints { get; }

    public LedgerArchives Archives { get; }

    public static async Task<LedgerBed> MakeAsync(string kind, Uri? authority = null)
    {
        var folder = Directory.CreateTempSubdirectory("ledger").FullName;
        var setting = await FreshStore.MakeAsync(kind) ?? Path.Combine(folder, "store.db");
        await MakeOldAsync(setting);
        return new LedgerBed(await Store.OpenAsync(setting, [TrustRoom.Migrations]), folder, authority);
    }

    // As version 0.1 left it: its own tables, and a chain written out here once more as it was then.
    private static async Task MakeOldAsync(string setting)
    {
        var isPostgres = setting.StartsWith("postgres", StringComparison.Ordinal);
        await using DbConnection connection = isPostgres ? new Npgsql.NpgsqlConnection(Plain(new Uri(setting))) : new SqliteConnection($"Data Source={setting};Pooling=False");
        await connection.OpenAsync();
        using var reader = new StreamReader(typeof(Store).Assembly.GetManifestResourceStream("001-trust.sql")!);
        await connection.ExecuteAsync(Migrations.For(await reader.ReadToEndAsync(), isPostgres));
        await connection.ExecuteAsync("CREATE TABLE migration (room TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (room, name)); INSERT INTO migration VALUES ('trust', '001-trust.sql')");
        var previous = new string('0', 64);
        for (var seq = 1; seq <= OldEntries; seq++)
        {
            string[] fields = [seq.ToString(System.Globalization.CultureInfo.InvariantCulture), $"2026-01-0{seq}T00:00:00.000Z", "wang", "case.opened", $"case:{seq}", "{\"旧\":1}", previous];
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(fields.Select(f => $"{Encoding.UTF8.GetByteCount(f)}:{f}")))));
            await connection.ExecuteAsync("INSERT INTO ledger (seq, at, actor, action, about, detail, previous, hash) VALUES (@seq, @at, @actor, @action, @about, @detail, @previous, @hash)",
                new { seq, at = fields[1], actor = fields[2], action = fields[3], about = fields[4], detail = fields[5], previous, hash });
            previous = hash;
        }
    }

    private static string Plain(Uri uri) => $"Host={uri.Host};Port={uri.Port};Username={uri.UserInfo};Database={uri.AbsolutePath.Trim('/')};Pooling=False";

    public async Task WriteAsync(int entries, string actor = "li")
    {
        for (var i = 0; i < entries; i++)
        {
            var about = i;
            await Store.ChangeAsync(DateTimeOffset.UtcNow, change =>
            {
                change.Record(actor, "row.read", $"case:{about}", "{\"matter\":\"户口\"}", about % 2 == 0 ? "330100-gaj" : null, about % 3 == 0 ? "s1" : null, about % 4 == 0 ? "住房/合同" : null);
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Does as somebody does who owns the database: the triggers are in nobody's way.</summary>
    public async Task<DbConnection> BreakInAsync()
    {
        var connection = await Store.ConnectAsync(default);
        await connection.ExecuteAsync(Store.IsPostgres
            ? "SET synchronous_commit = off; DROP TRIGGER IF EXISTS ledger_append_only ON ledger; DROP TRIGGER IF EXISTS ledger_checkpoint_stays ON ledger_checkpoint"
            : "PRAGMA synchronous = OFF; DROP TRIGGER IF EXISTS ledger_no_update; DROP TRIGGER IF EXISTS ledger_no_delete; DROP TRIGGER IF EXISTS ledger_checkpoint_no_update; DROP TRIGGER IF EXISTS ledger_checkpoint_no_delete");
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
