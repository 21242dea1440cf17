using Dapper;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Data keys over both stores: sealing, rotating, wrapping anew, destroying.</summary>
public sealed class DataKeyTests
{
    private static readonly Person By = KeyHome.Operator;

    public static TheoryData<string, string> Stores => new MatrixTheoryData<string, string>(["sqlite", "postgres"], ["sm4-gcm", "aes-256-gcm"]).Aggregate(new TheoryData<string, string>(), (all, row) => { all.Add(row.Data.Item1, row.Data.Item2); return all; });

    [Theory, MemberData(nameof(Stores))]
    public async Task What_is_sealed_opens_in_its_place_on_any_node_and_nowhere_else(string kind, string suite)
    {
        await using var home = await KeyHome.MakeAsync(kind);
        var keys = home.Node(Suite.Named(suite));
        var text = await home.SealAsync(keys, "330106199001011230");
        Assert.DoesNotContain("330106199001011230", text, StringComparison.Ordinal);
        Assert.True(KeyRing.IsSealed(text));
        Assert.Equal(new Opened(Opening.Clear, "330106199001011230"), await home.OpenAsync(home.Node(), text));
        Assert.Equal(Opening.Foreign, (await home.OpenAsync(keys, text, "elsewhere")).Opening);
        Assert.Equal(suite, Assert.Single(await keys.ListAsync()).Suite);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_rotated_key_seals_anew_at_once_and_opens_what_was_sealed_before(string kind, string suite)
    {
        await using var home = await KeyHome.MakeAsync(kind);
        var (one, other) = (home.Node(Suite.Named(suite)), home.Node(Suite.Named(suite)));
        var before = await home.SealAsync(other, "a");
        Assert.Equal(2, await one.RotateAsync("case.test", By));
        var after = await home.SealAsync(other, "a");
        Assert.StartsWith("sealed:1:case.test:2:", after, StringComparison.Ordinal);
        Assert.Equal("a", (await home.OpenAsync(other, before)).Text);
        Assert.Equal("a", (await home.OpenAsync(other, after)).Text);
        Assert.Equal(["current", "retired"], (await one.ListAsync()).Select(k => k.State));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rotations_at_once_come_one_after_the_other_and_a_key_is_made_once(string kind)
    {
        await using var home = await KeyHome.MakeAsync(kind);
        var nodes = Enumerable.Range(0, 6).Select(_ => home.Node()).ToList();
        var rings = await Task.WhenAll(nodes.Select(n => Task.Run(() => n.RingAsync(["data.test"]))));
        Assert.All(rings, r => Assert.Equal(1, r.Current("data.test")));
        Assert.Equal([2L, 3, 4, 5, 6, 7], (await Task.WhenAll(nodes.Select(n => Task.Run(() => n.RotateAsync("data.test", By))))).Order());
        Assert.Equal(["current", .. Enumerable.Repeat("retired", 6)], (await nodes[0].ListAsync()).Select(k => k.State));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_value_is_found_by_its_hashes_whatever_version_it_was_kept_under(string kind, string suite)
    {
        await using var home = await KeyHome.MakeAsync(kind);
        var keys = home.Node(Suite.Named(suite));
        Task<string> KeptAsync(string value) => home.Store.ChangeAsync(DateTimeOffset.UnixEpoch, async change =>
        {
            change.Record("test", "kept", "here");
            return (await keys.RingAsync(change, "case.test")).Hash("case.test", value);
        });
        var old = await KeptAsync("33010619900101123x");
        await keys.RotateAsync("case.test", By);
        var fresh = await KeptAsync(" ３３010619900101123X ");
        Assert.NotEqual(old, fresh);
        var hashes = await home.Store.ReadAsync(async c => (await keys.RingAsync(c)).Hashes("33010619900101123X"));
        Assert.Equal([old, fresh], hashes.Order().OrderBy(h => h == fresh));
        await keys.DestroyAsync("case.test", null, "the cases are past their time", By);
        Assert.Empty(await home.Store.ReadAsync(async c => (await keys.RingAsync(c)).Hashes("33010619900101123X")));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_destroyed_version_erases_what_it_sealed_on_every_node_and_stands_in_the_ledger(string kind, string suite)
    {
        await using var home = await KeyHome.MakeAsync(kind);
        var (one, other) = (home.Node(Suite.Named(suite)), home.Node(Suite.Named(suite)));
        var lost = await home.SealAsync(one, "a");
        Assert.Equal("a", (await home.OpenAsync(other, lost)).Text);
        await one.RotateAsync("case.test", By);
        var kept = await home.SealAsync(one, "b");
        Assert.Equal(1, await one.DestroyAsync("case.test", 1, "past its time", By));
        foreach (var node in (DataKeys[])[one, other, home.Node()])
        {
            Assert.Equal(new Opened(Opening.Erased, null), await home.OpenAsync(node, lost));
            Assert.Equal("b", (await home.OpenAsync(node, kept)).Text);
        }
        var entry = (await new Ledger(home.Store).AboutAsync("data-key:case.test"))[^1];
        Assert.Equal(("operator", "data-key.destroyed", """{"versions":[1],"reason":"past its time"}"""), (entry.Actor, entry.Action, entry.Detail));
        Assert.Equal("key-is-destroyed", (await Assert.ThrowsAsync<DataKeyException>(() => one.DestroyAsync("case.test", 1, "again", By))).Code);
        Assert.Equal("no-such-key", (await Assert.ThrowsAsync<DataKeyException>(() => one.DestroyAsync("case.other", null, "again", By))).Code);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Sealing_goes_on_under_a_new_version_after_all_were_destroyed(string kind, string suite)
    {
        await using var home = await KeyHome.MakeAsync(kind);
        var keys = home.Node(Suite.Named(suite));
        await home.SealAsync(keys, "a");
        await keys.DestroyAsync("case.test", null, "past its time", By);
        var text = await home.SealAsync(keys, "b");
        Assert.StartsWith("sealed:1:case.test:2:", text, StringComparison.Ordinal);
        Assert.Equal("b", (await home.OpenAsync(keys, text)).Text);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Keys_go_over_to_a_new_root_and_the_old_one_can_be_thrown_away(string kind, string suite)
    {
        await using var home = await KeyHome.MakeAsync(kind);
        var text = await home.SealAsync(home.Node(Suite.Named(suite)), "a");
        var second = Path.Combine(home.Folder, "second.key");
        _ = FileRoot.Open(second, Suite.Sm4Gcm, mayMake: true);
        var both = home.Node(Suite.Named(suite), $"{second},{home.RootFile}");
        Assert.Equal(1, (await both.RewrapAsync(By)).Rewrapped);
        Assert.Equal(0, (await both.RewrapAsync(By)).Rewrapped);
        File.Delete(home.RootFile);
        var node = home.Node(Suite.Named(suite), second);
        await node.CheckAsync();
        Assert.Equal("a", (await home.OpenAsync(node, text)).Text);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_platform_does_not_start_without_the_root_of_its_keys(string kind)
    {
        await using var home = await KeyHome.MakeAsync(kind);
        await home.Node().CheckAsync();
        Assert.False(File.Exists(home.RootFile));
        await home.SealAsync(home.Node(), "a");
        File.Move(home.RootFile, home.RootFile + ".gone");
        Assert.Contains("is not here", (await Assert.ThrowsAsync<ConfigurationException>(() => home.Node().CheckAsync())).Message, StringComparison.Ordinal);
        _ = FileRoot.Open(home.RootFile, Suite.Sm4Gcm, mayMake: true);
        Assert.Contains("which is not here", (await Assert.ThrowsAsync<ConfigurationException>(() => home.Node().CheckAsync())).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Many_who_seal_first_at_one_time_share_one_key(string kind)
    {
        await using var home = await KeyHome.MakeAsync(kind);
        var texts = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => home.SealAsync(home.Node(), $"{i}"))));
        Assert.Single(await home.Node().ListAsync());
        var node = home.Node();
        for (var i = 0; i < texts.Length; i++)
            Assert.Equal($"{i}", (await home.OpenAsync(node, texts[i])).Text);
    }

    [Fact]
    public async Task The_wrapped_key_is_gone_from_the_file_once_it_is_destroyed()
    {
        await using var home = await KeyHome.MakeAsync("sqlite");
        var keys = home.Node();
        await home.SealAsync(keys, "a");
        var wrapped = await home.Store.ReadAsync(c => c.ExecuteScalarAsync<string>("SELECT wrapped FROM data_key"));
        await keys.DestroyAsync("case.test", null, "past its time", By);
        await home.Store.ReadAsync(c => c.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)"));
        foreach (var file in Directory.GetFiles(home.Folder, "operations.db*"))
            Assert.DoesNotContain(wrapped!, System.Text.Encoding.Latin1.GetString(await ReadSharedAsync(file)), StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
