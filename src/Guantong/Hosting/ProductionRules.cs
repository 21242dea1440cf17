using System.Net;
using Guantong.Trust;

namespace Guantong.Hosting;

/// <summary>What keeps the platform from starting in production.</summary>
internal static class ProductionRules
{
    /// <summary>Refuses what a demonstration may do and production may not.</summary>
    /// <exception cref="ConfigurationException">Names what is wrong and the mend.</exception>
    public static async Task HoldAsync(Settings settings, Accounts accounts, CancellationToken cancel)
    {
        if (settings.Demo)
            throw new ConfigurationException("--demo: in production nobody signs in with a password that everybody knows; start without --demo");
        if (await accounts.HoldsDemoAsync(cancel))
            throw new ConfigurationException($"{settings.StoreSetting.Split('@')[^1]}: it holds the demonstration's people; take them out with `guantong people remove-demo`, or start with another store");
        foreach (var url in settings.Url.Split(';', StringSplitOptions.RemoveEmptyEntries).Where(IsOpenAndPlain))
            throw new ConfigurationException($"--url {url}: passwords and cookies would cross the network in the clear; use https, or http on 127.0.0.1 behind a proxy that ends TLS");
        foreach (var store in ((string[])[settings.StoreSetting, settings.WarehouseSetting]).Where(Store.IsOpenToTheNetwork))
            throw new ConfigurationException($"{store.Split('@')[^1]}: the way to this PostgreSQL is not protected; leave sslmode out, or let it be verify-full, with sslrootcert=FILE where its certificate is signed by an authority of your own");
        if (settings.Keys is null)
            throw new ConfigurationException("GUANTONG_KEYS is not set: the keys that protect cookies and secrets would lie beside the data that they protect, and each node would have its own; set it to a folder that the nodes share and others cannot read");
        if (!OperatingSystem.IsWindows() && Directory.CreateDirectory(settings.Keys).UnixFileMode is var mode && (mode & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            throw new ConfigurationException($"{settings.Keys}: others on this machine can read or write it; chmod 700");
    }

    private static bool IsOpenAndPlain(string url) =>
        // A host such as * or + is no address and listens everywhere.
        url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        && !(Uri.TryCreate(url, UriKind.Absolute, out var at) && (at.Host == "localhost" || (IPAddress.TryParse(at.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))));
}
