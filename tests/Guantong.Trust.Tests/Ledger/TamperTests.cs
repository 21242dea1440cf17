using System.Data.Common;
using System.Text;
using Dapper;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Whoever owns the database can change what they like in it, and is found out.</summary>
public sealed class TamperTests
{
    public static TheoryData<string> Stores => LedgerBed.Stores;

    private static async Task<LedgerBed> MakeAsync(string store)
    {
        var bed = await LedgerBed.MakeAsync(store);
        await bed.WriteAsync(6);
        await bed.Checkpoints.MakeAsync("test");
        await bed.WriteAsync(4);
        await bed.Checkpoints.MakeAsync("test");
        Assert.Null((await bed.Ledger.VerifyAsync()).FirstBad);
        return bed;
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Any_byte_of_any_field_of_any_entry_that_is_changed_is_found(string store)
    {
        await using var bed = await MakeAsync(store);
        await using var connection = await bed.BreakInAsync();
        var entries = (await connection.QueryAsync($"SELECT {LedgerEntry.Columns} FROM ledger ORDER BY seq")).Select(r => (IDictionary<string, object?>)r).ToList();
        Assert.Equal(20, entries.Count);
        var tried = 0;
        foreach (var entry in entries)
        {
            var seq = (long)entry["seq"]!;
            foreach (var column in LedgerEntry.Columns.Split(", ").Skip(1))
            {
                foreach (var other in Others((string?)entry[column]))
                {
                    await connection.ExecuteAsync($"UPDATE ledger SET {column} = @other WHERE seq = @seq", new { other, seq });
                    var verdict = await bed.Ledger.VerifyAsync();
                    Assert.True(verdict.FirstBad == seq, $"{column} of {seq} as {other}: {verdict}");
                    await connection.ExecuteAsync($"UPDATE ledger SET {column} = @was WHERE seq = @seq", new { was = (string?)entry[column], seq });
                    tried++;
                }
            }
            for (var bit = 5; bit < 64; bit += 8)
            {
                var moved = seq ^ (1L << bit);
                try
                {
                    await connection.ExecuteAsync("UPDATE ledger SET seq = @moved WHERE seq = @seq", new { moved, seq });
                }
                catch (Npgsql.PostgresException)
                {
                    // No partition takes it.
                    continue;
                }
                Assert.NotNull((await bed.Ledger.VerifyAsync()).FirstBad);
                await connection.ExecuteAsync("UPDATE ledger SET seq = @seq WHERE seq = @moved", new { moved, seq });
            }
        }
        Assert.InRange(tried, 4000, 10000);
        Assert.Null((await bed.Ledger.VerifyAsync()).FirstBad);
    }

    // The same text with one byte changed, for each byte; and what is there or not the other way round.
    private static IEnumerable<string?> Others(string? text)
    {
        if (text is null)
            return ["", "x"];
        var bytes = Encoding.UTF8.GetBytes(text);
        return Enumerable.Range(0, bytes.Length).Select(at =>
        {
            var changed = (byte[])[.. bytes];
            changed[at] ^= 1;
            return (string?)Encoding.UTF8.GetString(changed);
        }).Append(text + " ");
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task What_is_there_made_null_is_found(string store)
    {
        await using var bed = await MakeAsync(store);
        await using var connection = await bed.BreakInAsync();
        foreach (var column in (string[])["unit", "subject", "dataset"])
        {
            var (seq, was) = await connection.QueryFirstAsync<(long, string)>($"SELECT seq, {column} FROM ledger WHERE {column} IS NOT NULL ORDER BY seq");
            await connection.ExecuteAsync($"UPDATE ledger SET {column} = NULL WHERE seq = @seq", new { seq });
            Assert.Equal(seq, (await bed.Ledger.VerifyAsync()).FirstBad);
            await connection.ExecuteAsync($"UPDATE ledger SET {column} = @was WHERE seq = @seq", new { seq, was });
        }
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Any_byte_of_a_checkpoint_or_a_kept_tile_that_is_changed_is_found(string store)
    {
        await using var bed = await MakeAsync(store);
        await using var connection = await bed.BreakInAsync();
        foreach (var word in (await connection.QueryAsync<Checkpoint>($"SELECT {Checkpoint.Columns} FROM ledger_checkpoint")).AsList())
        {
            foreach (var (column, was) in (IEnumerable<(string, string)>)[("root", word.Root), ("at", word.At), ("key", word.Key), ("signature", word.Signature)])
            {
                foreach (var other in Others(was))
                {
                    await connection.ExecuteAsync($"UPDATE ledger_checkpoint SET {column} = @other WHERE size = @Size", new { other, word.Size });
                    Assert.True((await bed.Ledger.VerifyAsync()).FirstBad is not null, $"{column} as {other}");
                }
                await connection.ExecuteAsync($"UPDATE ledger_checkpoint SET {column} = @was WHERE size = @Size", new { was, word.Size });
            }
            await connection.ExecuteAsync("DELETE FROM ledger_checkpoint WHERE size = @Size", new { word.Size });
            Assert.NotNull((await bed.Ledger.VerifyAsync()).FirstBad);
            await connection.ExecuteAsync($"INSERT INTO ledger_checkpoint ({Checkpoint.Columns}) VALUES (@Size, @Root, @At, @Key, @Signature, @Token)", word);
        }
        var tile = await connection.QueryFirstAsync<byte[]>("SELECT hashes FROM ledger_tile");
        for (var at = 0; at < tile.Length; at++)
        {
            tile[at] ^= 1;
            await connection.ExecuteAsync("UPDATE ledger_tile SET hashes = @tile", new { tile });
            Assert.Equal("tile", (await bed.Ledger.VerifyAsync()).Why);
            tile[at] ^= 1;
        }
        await connection.ExecuteAsync("DELETE FROM ledger_tile");
        Assert.Equal("tile", (await bed.Ledger.VerifyAsync()).Why);
        await connection.ExecuteAsync("INSERT INTO ledger_tile VALUES (0, 0, @tile)", new { tile });
        Assert.Null((await bed.Ledger.VerifyAsync()).FirstBad);
        await connection.ExecuteAsync("INSERT INTO ledger_tile VALUES (0, 9, @tile)", new { tile });
        Assert.Equal("tile", (await bed.Ledger.VerifyAsync()).Why);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_tail_that_is_removed_after_a_checkpoint_is_found(string store)
    {
        await using var bed = await MakeAsync(store);
        await using var connection = await bed.BreakInAsync();
        await connection.ExecuteAsync("DELETE FROM ledger WHERE seq > 17");
        var verdict = await bed.Ledger.VerifyAsync();
        Assert.Equal((18L, "tail"), (verdict.FirstBad, verdict.Why));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Entries_that_change_places_are_found(string store)
    {
        await using var bed = await MakeAsync(store);
        await using var connection = await bed.BreakInAsync();
        await connection.ExecuteAsync("UPDATE ledger SET seq = 99 WHERE seq = 10");
        await connection.ExecuteAsync("UPDATE ledger SET seq = 10 WHERE seq = 11");
        await connection.ExecuteAsync("UPDATE ledger SET seq = 11 WHERE seq = 99");
        Assert.Equal(10, (await bed.Ledger.VerifyAsync()).FirstBad);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_forged_chain_that_is_whole_in_itself_breaks_on_the_checkpoint(string store)
    {
        await using var bed = await MakeAsync(store);
        await using var connection = await bed.BreakInAsync();
        // Entry 10 tells another story, one is put in after it, and all later ones are chained anew.
        var entries = (await connection.QueryAsync<LedgerEntry>($"SELECT {LedgerEntry.Columns} FROM ledger WHERE seq >= 10 ORDER BY seq")).AsList();
        await ForgeAsync(connection, entries.Select((e, i) => i == 0 ? e with { Actor = "somebody-else" } : e));
        var verdict = await bed.Ledger.VerifyAsync();
        Assert.Equal("root", verdict.Why);
        await connection.ExecuteAsync("DELETE FROM ledger_tile");
        await ForgeAsync(connection, [entries[0], entries[0], .. entries.Skip(1)]);
        Assert.NotNull((await bed.Ledger.VerifyAsync()).FirstBad);
        // Even with tiles that agree, the signed root does not.
        var tree = await LedgerTree.OpenAsync(connection, 15, default);
        await connection.ExecuteAsync("DELETE FROM ledger_checkpoint WHERE size > 14");
        await connection.ExecuteAsync("DELETE FROM ledger WHERE seq > 15");
        await bed.Store.ChangeAsync(DateTimeOffset.UtcNow, async change =>
        {
            await tree.KeepAsync(change);
            change.Record("x", "x.x", "x:x");
        });
        verdict = await bed.Ledger.VerifyAsync();
        Assert.Equal((1L, "root"), (verdict.FirstBad, verdict.Why));
        // Nor does a key of the forger's own help: it is not one of those that are trusted.
        var root = await tree.RootAsync(14);
        var forged = Checkpoint.Sign(14, root, DateTimeOffset.UtcNow, Sm2.Generate());
        await connection.ExecuteAsync("UPDATE ledger_checkpoint SET root = @Root, at = @At, key = @Key, signature = @Signature", forged);
        Assert.Equal("signature", (await bed.Ledger.VerifyAsync()).Why);
    }

    private static async Task ForgeAsync(DbConnection connection, IEnumerable<LedgerEntry> entries)
    {
        await connection.ExecuteAsync("DELETE FROM ledger WHERE seq >= 10");
        var (seq, hash) = (9L, await connection.ExecuteScalarAsync<string>("SELECT hash FROM ledger WHERE seq = 9"));
        foreach (var e in entries)
        {
            var entry = Ledger.Chain(++seq, e.At, new LedgerLine(e.Actor, e.Action, e.About, e.Detail, e.Unit, e.Subject, e.Dataset), hash!);
            hash = entry.Hash;
            await connection.ExecuteAsync($"INSERT INTO ledger ({LedgerEntry.Columns}) VALUES (@Seq, @At, @Actor, @Action, @About, @Detail, @Unit, @Subject, @Dataset, @Alg, @Previous, @Hash)", entry);
        }
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task The_store_refuses_to_change_or_remove_entries_and_checkpoints(string store)
    {
        await using var bed = await MakeAsync(store);
        await using var connection = await bed.Store.ConnectAsync(default);
        List<string> tries = ["UPDATE ledger SET actor = 'x'", "DELETE FROM ledger", "UPDATE ledger_checkpoint SET root = 'x'", "DELETE FROM ledger_checkpoint"];
        if (bed.Store.IsPostgres)
            tries.AddRange(["TRUNCATE ledger", "UPDATE ledger_1 SET actor = 'x'", "DELETE FROM ledger_1", "DELETE FROM ledger_1048577", "TRUNCATE ledger_1048577"]);
        foreach (var sql in tries)
            await Assert.ThrowsAnyAsync<DbException>(() => connection.ExecuteAsync(sql));
    }
}
