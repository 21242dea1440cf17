using Dapper;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The ledger carries over from old stores, is searched, proves what it holds, and can be archived.</summary>
public sealed class LedgerTests
{
    public static TheoryData<string> Stores => LedgerBed.Stores;

    [Theory, MemberData(nameof(Stores))]
    public async Task An_old_store_goes_over_to_SM3_and_holds_from_its_first_entry(string store)
    {
        await using var bed = await LedgerBed.MakeAsync(store);
        Assert.Equal((8L, null), (await bed.Ledger.VerifyAsync() is var before ? before.Entries : 0, before.FirstBad));
        await bed.WriteAsync(2);
        var after = await bed.Ledger.VerifyAsync();
        Assert.Equal((10L, null), (after.Entries, after.FirstBad));
        Assert.Equal("sha256", (await bed.Ledger.FindAsync(8))!.Alg);
        Assert.Equal("sm3", (await bed.Ledger.FindAsync(9))!.Alg);
        Assert.Equal((await bed.Ledger.FindAsync(8))!.Hash, (await bed.Ledger.FindAsync(9))!.Previous);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Nobody_goes_back_to_the_old_hash(string store)
    {
        await using var bed = await LedgerBed.MakeAsync(store);
        await bed.WriteAsync(1);
        await using var connection = await bed.BreakInAsync();
        var last = (await bed.Ledger.FindAsync(9))!;
        var old = last with { Seq = 10, Alg = "sha256", Previous = last.Hash };
        var hash = new byte[32];
        old.Seal(hash, hash);
        await connection.ExecuteAsync($"INSERT INTO ledger ({LedgerEntry.Columns}) VALUES (@Seq, @At, @Actor, @Action, @About, @Detail, @Unit, @Subject, @Dataset, @Alg, @Previous, @Hash)", old with { Hash = Convert.ToHexStringLower(hash) });
        Assert.Equal((10L, "changed"), (await bed.Ledger.VerifyAsync() is var verdict ? verdict.FirstBad : null, verdict.Why));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Entries_are_found_by_person_matter_subject_dataset_unit_and_time(string store)
    {
        await using var bed = await LedgerBed.MakeAsync(store);
        await bed.WriteAsync(12);
        async Task<long> Count(LedgerQuery query) => (await bed.Ledger.PageAsync(query, 0, 5)).Total;
        Assert.Equal(20, await Count(new()));
        Assert.Equal(8, await Count(new(Person: "wang")));
        Assert.Equal(2, await Count(new(About: "case:3")));
        Assert.Equal(12, await Count(new(Matter: "户口")));
        Assert.Equal(0, await Count(new(Matter: "户")));
        Assert.Equal(4, await Count(new(Subject: "s1")));
        Assert.Equal(3, await Count(new(Dataset: "住房/合同")));
        Assert.Equal(6, await Count(new(Unit: "330100-gaj")));
        Assert.Equal(2, await Count(new(Unit: "330100-gaj", Subject: "s1")));
        Assert.Equal(12, await Count(new(Action: "row.read")));
        Assert.Equal(3, await Count(new(From: "2026-01-02T00:00:00.000Z", To: "2026-01-05T00:00:00.000Z")));
        var (page, _) = await bed.Ledger.PageAsync(new LedgerQuery(Person: "li"), 2, 3);
        Assert.Equal([18, 17, 16], page.Select(e => e.Seq));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Proofs_follow_from_kept_tiles_across_checkpoints(string store)
    {
        await using var bed = await LedgerBed.MakeAsync(store);
        var words = new List<Checkpoint>();
        // Across the end of a tile, and beyond what the last checkpoint kept.
        foreach (var more in (int[])[5, 240, 3, 20])
        {
            await bed.Store.ChangeAsync(DateTimeOffset.UtcNow, change =>
            {
                for (var i = 0; i < more; i++)
                    change.Record("li", "x.done", $"x:{i}");
                return Task.CompletedTask;
            });
            words.Add((await bed.Checkpoints.MakeAsync("test"))!);
        }
        await bed.WriteAsync(3);
        Assert.Equal([13, 254, 258, 279], words.Select(w => w.Size));
        Assert.All(words, w => Assert.True(w.IsSignedBy(bed.Key.Value.Public)));
        foreach (var word in words)
        {
            foreach (var seq in (long[])[1, 2, 13, word.Size / 2, word.Size])
            {
                var proof = (await bed.Checkpoints.IncludeAsync(seq, word.Size))!;
                Assert.True(Merkle.Includes(seq - 1, word.Size, Convert.FromHexString(proof.Leaf), [.. proof.Path.Select(Convert.FromHexString)], Convert.FromHexString(word.Root)));
            }
            foreach (var newer in words.Where(w => w.Size >= word.Size))
            {
                var proof = (await bed.Checkpoints.ExtendAsync(word.Size, newer.Size))!;
                Assert.True(Merkle.Extends(word.Size, newer.Size, Convert.FromHexString(word.Root), Convert.FromHexString(newer.Root), [.. proof.Path.Select(Convert.FromHexString)]));
            }
        }
        Assert.Null(await bed.Checkpoints.IncludeAsync(0, 13));
        Assert.Null(await bed.Checkpoints.IncludeAsync(14, 13));
        Assert.Null(await bed.Checkpoints.IncludeAsync(1, 500));
        var verdict = await bed.Ledger.VerifyAsync();
        Assert.Equal((null, 4), (verdict.FirstBad, verdict.Checkpoints));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_quiet_ledger_gets_no_checkpoint_of_its_checkpoint(string store)
    {
        await using var bed = await LedgerBed.MakeAsync(store);
        var first = await bed.Checkpoints.MakeAsync("test");
        Assert.Equal(first, await bed.Checkpoints.MakeAsync("test"));
        Assert.Equal(9, await bed.Ledger.SizeAsync());
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_archived_ledger_still_holds_with_its_file_and_without(string store)
    {
        await using var bed = await LedgerBed.MakeAsync(store);
        await using var connection = await bed.Store.ConnectAsync(default);
        // A small first partition, where there are partitions.
        if (bed.Store.IsPostgres)
            await connection.ExecuteAsync("ALTER TABLE ledger DETACH PARTITION ledger_1; ALTER TABLE ledger DETACH PARTITION ledger_1048577; DROP TABLE ledger_1048577; DELETE FROM ledger_part; SELECT ledger_partition(1, 11); SELECT ledger_ahead(1)");
        await bed.WriteAsync(6);
        var word = (await bed.Checkpoints.MakeAsync("test"))!;
        if (bed.Store.IsPostgres)
            Assert.Null(await bed.Archives.MoveAsync("test", 9));
        var archive = (await bed.Archives.MoveAsync("test", 10))!;
        Assert.Equal(10, archive.Last);
        await bed.WriteAsync(3);
        Assert.Equal(11, await connection.ExecuteScalarAsync<long>("SELECT min(seq) FROM ledger"));
        var verdict = await bed.Ledger.VerifyAsync();
        Assert.Equal((null, 0L), (verdict.FirstBad, verdict.Archived));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => connection.ExecuteAsync("DELETE FROM ledger"));

        // A proof about an archived entry follows from the tiles.
        var proof = (await bed.Checkpoints.IncludeAsync(2, word.Size))!;
        Assert.True(Merkle.Includes(1, word.Size, Convert.FromHexString(proof.Leaf), [.. proof.Path.Select(Convert.FromHexString)], Convert.FromHexString(word.Root)));
        foreach (var file in (await bed.Archives.AllAsync()).Select(a => a.File))
        {
            var text = await File.ReadAllTextAsync(file);
            await File.WriteAllTextAsync(file, text.Replace("wang", "zhang", StringComparison.Ordinal));
            Assert.Equal("changed", (await bed.Ledger.VerifyAsync()).Why);
            await File.WriteAllTextAsync(file, "not an entry\n");
            Assert.Equal("archive", (await bed.Ledger.VerifyAsync()).Why);
            File.Delete(file);
        }
        verdict = await bed.Ledger.VerifyAsync();
        Assert.Equal((null, 10L), (verdict.FirstBad, verdict.Archived));
    }

    [Fact]
    public async Task On_PostgreSQL_partitions_are_made_before_the_chain_reaches_them()
    {
        await using var bed = await LedgerBed.MakeAsync("postgres");
        await using var connection = await bed.Store.ConnectAsync(default);
        Assert.Equal([1, 1048577], await connection.QueryAsync<long>("SELECT low FROM ledger_part ORDER BY low"));
        await connection.ExecuteAsync("INSERT INTO ledger (seq, at, actor, action, about, detail, previous, hash) VALUES (1048575, '', '', '', '', '', '', '')");
        await bed.WriteAsync(3);
        Assert.Equal([1, 1048577, 2097153], await connection.QueryAsync<long>("SELECT low FROM ledger_part ORDER BY low"));
        Assert.Equal(2, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger_1048577"));
        await Assert.ThrowsAnyAsync<Npgsql.PostgresException>(() => connection.ExecuteAsync("DELETE FROM ledger_2097153"));
    }

    [Fact]
    public async Task The_signing_key_is_for_the_platforms_eyes_only_and_stays()
    {
        await using var bed = await LedgerBed.MakeAsync("sqlite");
        var id = bed.Key.Value.Public.Id;
        var file = Path.Combine(bed.Folder, "keys", "ledger.pem");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var again = new LedgerKey(file);
        Assert.Equal(id, again.Value.Public.Id);
        // After a change of keys, the public half of the old one is still trusted.
        File.Delete(file);
        var fresh = new LedgerKey(file);
        Assert.NotEqual(id, fresh.Value.Public.Id);
        Assert.NotNull(fresh.Find(id));
        Assert.Null(fresh.Find(Sm2.Generate().Public.Id));
    }
}
