using System.Security.Cryptography;

namespace Guantong.Work;

/// <summary>What comes in, put down in a file of its own that goes when it is closed: looked at, scanned and kept without ever being whole in memory.</summary>
internal sealed class SpooledFile : IAsyncDisposable
{
    private SpooledFile(FileStream content) => Content = content;

    /// <summary>The content; it can be sought.</summary>
    public FileStream Content { get; }

    /// <summary>Its hash, in lower-case hexadecimals.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="ConflictException">It is larger than it may be; the rest is not read.</exception>
    public static async Task<SpooledFile> ReadAsync(Stream source, FileRule rule, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var spooled = new SpooledFile(new FileStream(Path.Combine(Path.GetTempPath(), $"guantong-{Guid.NewGuid():n}"), options));
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[81920];
            for (int read; (read = await source.ReadAsync(buffer, cancel)) > 0;)
            {
                if (spooled.Content.Length + read > rule.Largest)
                    throw new ConflictException("file-large", rule.Megabytes);
                hash.AppendData(buffer, 0, read);
                await spooled.Content.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
            spooled.Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
            return spooled;
        }
        catch
        {
            await spooled.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>A file that was looked at and scanned, and not kept yet.</summary>
/// <param name="Name">Cleaned.</param>
/// <param name="Scan">clean or not-scanned.</param>
internal sealed record BroughtFile(SpooledFile File, string Name, string Kind, string Scan);
