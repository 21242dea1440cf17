using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Hosting;

/// <summary>The whole platform in one sealed file: operations, warehouse, keys. Taken while it runs; brought back into an empty place.</summary>
/// <remarks>A tar archive, compressed, then sealed (<see cref="SealedStream"/>).</remarks>
public static class Backup
{
    private const string Operations = "operations.db";
    private const string OperationsDump = "operations.dump";
    private const string WarehouseDump = "warehouse.dump";
    private const string WarehouseName = "warehouse.duckdb";
    private const string KeysFolder = "keys";
    private const string RootName = "root.key";
    private const string Mark = "started";
    private const int LeastPassphrase = 12;

    /// <summary>Takes a backup of a running platform.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="passphrase">What it is sealed under; null for the root key, which is then not in it.</param>
    /// <exception cref="ConfigurationException">pg_dump is not here, or failed.</exception>
    public static async Task TakeAsync(Settings settings, Store store, Warehouse warehouse, Stream output, string? passphrase, CancellationToken cancel)
    {
        var scratch = Directory.CreateDirectory(Path.Combine(settings.Data, $"backup-{Guid.NewGuid():n}"));
        try
        {
            // The warehouse first: what operations know of it may be behind it, and is caught up with at the start.
            // Where both stand in one database, the one dump is of one moment.
            if (!Store.IsPostgresSetting(settings.WarehouseSetting))
                await warehouse.CopyAsync(Path.Combine(scratch.FullName, WarehouseName), cancel);
            else if (settings.WarehouseSetting != settings.StoreSetting)
                await DumpAsync(settings.WarehouseSetting, Path.Combine(scratch.FullName, WarehouseDump), cancel);
            if (store.IsPostgres)
                await DumpAsync(settings.StoreSetting, Path.Combine(scratch.FullName, OperationsDump), cancel);
            else
                await store.CopyAsync(Path.Combine(scratch.FullName, Operations), cancel);
            Func<Stream, Task> write = s => WriteAsync(settings, scratch.FullName, withRoot: passphrase is not null, s, cancel);
            var suite = Suite.Named(settings.Cipher);
            if (passphrase is null)
                await SealedStream.SealAsync(output, suite, Roots(settings).Current, write, cancel);
            else
                await SealedStream.SealAsync(output, suite, passphrase, write, cancel);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static Task DumpAsync(string setting, string file, CancellationToken cancel) => PostgresTool.RunAsync("pg_dump", setting, ["--format=custom", "--no-owner", "--file", file], cancel);

    private static async Task BringBackAsync(string setting, string dump, CancellationToken cancel)
    {
        await PostgresTool.RunAsync("pg_restore", setting, ["--no-owner", "--single-transaction", "--exit-on-error", dump], cancel);
        File.Delete(dump);
    }

    private static async Task WriteAsync(Settings settings, string scratch, bool withRoot, Stream output, CancellationToken cancel)
    {
        await using var packed = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
        await using var tar = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var file in Directory.EnumerateFiles(scratch))
            await tar.WriteEntryAsync(file, Path.GetFileName(file), cancel);
        var keys = Path.Combine(settings.Data, KeysFolder);
        foreach (var file in Directory.Exists(keys) ? Directory.EnumerateFiles(keys) : [])
            await tar.WriteEntryAsync(file, $"{KeysFolder}/{Path.GetFileName(file)}", cancel);
        var root = Path.Combine(settings.Data, RootName);
        if (withRoot && settings.Root is null && File.Exists(root))
            await tar.WriteEntryAsync(root, RootName, cancel);
        var mark = Path.Combine(settings.Data, Mark);
        if (File.Exists(mark))
            await tar.WriteEntryAsync(mark, Mark, cancel);
    }

    /// <summary>Brings a backup back into a place where there is nothing yet. It is read to its end before anything stands.</summary>
    /// <param name="passphrase">Asked for where it was sealed under one.</param>
    /// <exception cref="ConfigurationException">Something stands there already, or the backup is of the other kind of store.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The backup was changed or cut off, or this is not its key.</exception>
    public static async Task RestoreAsync(Settings settings, Stream input, Func<string>? passphrase, CancellationToken cancel)
    {
        foreach (var there in (string[])[Operations, WarehouseName, RootName, Mark])
        {
            if (File.Exists(Path.Combine(settings.Data, there)))
                throw new ConfigurationException($"{Path.Combine(settings.Data, there)} is there already: a backup is brought back into an empty folder; name one with --at");
        }
        Directory.CreateDirectory(settings.Data);
        var scratch = Directory.CreateDirectory(Path.Combine(settings.Data, $"restore-{Guid.NewGuid():n}")).FullName;
        try
        {
            var roots = settings.Root is not null || File.Exists(settings.RootSetting) ? Roots(settings) : null;
            await using (var opened = await SealedStream.OpenAsync(input, passphrase, roots, cancel))
            {
                await using (var packed = new GZipStream(opened, CompressionMode.Decompress, leaveOpen: true))
                    await TarFile.ExtractToDirectoryAsync(packed, scratch, overwriteFiles: false, cancel);
                // The archive's end is not yet the stream's.
                await opened.CopyToAsync(Stream.Null, cancel);
            }
            var dump = Path.Combine(scratch, OperationsDump);
            var isPostgres = Store.IsPostgresSetting(settings.StoreSetting);
            if (File.Exists(dump) != isPostgres)
                throw new ConfigurationException(isPostgres ? "this is a backup of SQLite; leave --store out" : "this is a backup of PostgreSQL; name an empty database with --store postgres://…");
            var warehouseDump = Path.Combine(scratch, WarehouseDump);
            var isWarehousePostgres = Store.IsPostgresSetting(settings.WarehouseSetting);
            if (File.Exists(Path.Combine(scratch, WarehouseName)) == isWarehousePostgres || (File.Exists(warehouseDump) && settings.WarehouseSetting == settings.StoreSetting))
                throw new ConfigurationException(isWarehousePostgres ? "this backup's warehouse stands otherwise: on DuckDB (leave --warehouse out), or in a database of its own or of the operations (name it with --warehouse)" : "this backup's warehouse stands in PostgreSQL; name an empty database with --warehouse postgres://…");
            if (isPostgres)
                await BringBackAsync(settings.StoreSetting, dump, cancel);
            if (File.Exists(warehouseDump))
                await BringBackAsync(settings.WarehouseSetting, warehouseDump, cancel);
            foreach (var found in Directory.EnumerateFileSystemEntries(scratch))
            {
                var to = Path.Combine(settings.Data, Path.GetFileName(found) == Operations ? settings.StoreSetting : Path.GetFileName(found));
                Directory.Move(found, to);
            }
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>What a backup is sealed under; null for the root key.</summary>
    public sealed record Order(string? Passphrase);

    internal static void MapBackups(this IEndpointRouteBuilder api) => api.MapPost("/backups", async (Order given, Settings settings, Store store, Warehouse warehouse, TimeProvider clock, HttpContext http) =>
    {
        if (given.Passphrase is { Length: < LeastPassphrase })
            return http.Problem(422, "short-passphrase", LeastPassphrase);
        if (given.Passphrase is null && settings.Root is null && !File.Exists(settings.RootSetting))
            return http.Problem(409, "no-root-key");
        await store.ChangeAsync(clock.GetUtcNow(), change =>
        {
            change.Record(http.Caller(), "backup.taken", "platform", given.Passphrase is null ? """{"under":"root"}""" : """{"under":"passphrase"}""");
            return Task.CompletedTask;
        }, http.RequestAborted);
        return Results.Stream(output => TakeAsync(settings, store, warehouse, output, given.Passphrase, http.RequestAborted), "application/octet-stream");
    }).Needs("platform.back-up").WithTags("Operations").WithSummary("The whole platform in one sealed file");

    private static RootKeys Roots(Settings settings) => RootKeys.Open(settings.RootSetting, Environment.GetEnvironmentVariable("GUANTONG_ROOT_TOKEN"), Suite.Named(settings.Cipher), isFresh: false);
}

/// <summary>PostgreSQL's own tools.</summary>
internal static class PostgresTool
{
    /// <summary>Runs one on a store; the password goes by the environment, where other accounts do not see it.</summary>
    public static async Task RunAsync(string tool, string setting, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var uri = new Uri(setting);
        var user = uri.UserInfo.Split(':', 2);
        var start = new ProcessStartInfo(tool) { RedirectStandardError = true };
        foreach (var argument in (string[])["--host", uri.Host, "--port", $"{(uri.Port > 0 ? uri.Port : 5432)}", "--username", Uri.UnescapeDataString(user[0]), "--no-password", "--dbname", uri.AbsolutePath.Trim('/'), .. arguments])
            start.ArgumentList.Add(argument);
        if (user.Length > 1)
            start.Environment["PGPASSWORD"] = Uri.UnescapeDataString(user[1]);
        // The tools go the same way as the platform.
        var (mode, certificate) = Store.WayTo(uri);
        start.Environment["PGSSLMODE"] = mode;
        if (certificate is not null)
            start.Environment["PGSSLROOTCERT"] = certificate;
        using var process = Start(start);
        var said = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new ConfigurationException($"{tool}: {said.Trim()}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ConfigurationException($"{start.FileName} is not here ({e.Message}); install the client tools of PostgreSQL");
        }
    }
}
