using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>A store with keys, in a folder of its own.</summary>
internal sealed class KeyHome : IAsyncDisposable
{
    public static readonly Person Operator = Policy.Operator;

    private KeyHome(string folder, string setting, Store store) => (Folder, Setting, Store) = (folder, setting, store);

    public string Folder { get; }

    public string Setting { get; }

    public Store Store { get; private set; }

    public string RootFile => Path.Combine(Folder, "root.key");

    public static async Task<KeyHome> MakeAsync(string kind)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-keys-").FullName;
        var setting = await FreshStore.MakeAsync(kind) ?? Path.Combine(folder, "operations.db");
        return new KeyHome(folder, setting, await Store.OpenAsync(setting, [TrustRoom.Migrations]));
    }

    /// <summary>A node's keys: what it knows by heart is its own.</summary>
    public DataKeys Node(Suite? suite = null, string? roots = null) => Node(fresh => RootKeys.Open(roots ?? RootFile, null, suite ?? Suite.Sm4Gcm, fresh), suite);

    public DataKeys Node(Func<bool, RootKeys> roots, Suite? suite = null) => new(Store, suite ?? Suite.Sm4Gcm, roots, TimeProvider.System);

    /// <summary>Seals in a change that keeps it.</summary>
    public Task<string> SealAsync(DataKeys keys, string text, string place = "here", string name = "case.test") => Store.ChangeAsync(DateTimeOffset.UnixEpoch, async change =>
    {
        change.Record("test", "sealed", place);
        return (await keys.RingAsync(change, name)).Seal(name, text, place);
    });

    public Task<Opened> OpenAsync(DataKeys keys, string text, string place = "here") => Store.ReadAsync(async c => (await keys.RingAsync(c)).Open(text, place));

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(Folder, true);
    }
}
