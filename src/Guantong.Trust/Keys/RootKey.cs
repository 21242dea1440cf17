using System.Security.Cryptography;
using System.Text;

namespace Guantong.Trust;

/// <summary>What wraps data keys, and is itself never in the store.</summary>
public interface IRootKey
{
    /// <summary>What rows call it; the same for as long as the key is the same.</summary>
    string Id { get; }

    /// <summary>Wraps a data key.</summary>
    /// <param name="secret">The key in clear.</param>
    /// <param name="about">What it is bound to: it unwraps for nothing else.</param>
    Task<string> WrapAsync(ReadOnlyMemory<byte> secret, string about, CancellationToken cancel = default);

    /// <summary>Unwraps what <see cref="WrapAsync"/> gave.</summary>
    /// <exception cref="CryptographicException">It was changed, or is another's.</exception>
    Task<byte[]> UnwrapAsync(string wrapped, string about, CancellationToken cancel = default);
}

/// <summary>The root keys that a setting names: the first wraps, the others are still read.</summary>
public sealed class RootKeys(IReadOnlyList<IRootKey> all)
{
    /// <summary>The one that wraps.</summary>
    public IRootKey Current => all[0];

    /// <summary>One by its id.</summary>
    /// <exception cref="ConfigurationException">It is not among those set.</exception>
    public IRootKey Find(string id) => all.FirstOrDefault(r => r.Id == id)
        ?? throw new ConfigurationException($"data keys are wrapped by the root key {id}, which is not here; name it in --root beside {Current.Id}");

    /// <summary>Opens the roots of a setting: files, https addresses and keys in tokens (pkcs11:…), with commas between, the one that wraps first.</summary>
    /// <param name="setting">E.g. <c>https://kms.example/v1/transit/guantong,/etc/guantong/root.key</c>.</param>
    /// <param name="token">The secret that an outside service knows the platform by; null for none.</param>
    /// <param name="suite">What a file's key wraps with.</param>
    /// <param name="isFresh">Nothing is wrapped yet: a first file that is not there is made.</param>
    /// <exception cref="ConfigurationException">A root cannot be used.</exception>
    public static RootKeys Open(string setting, string? token, Suite suite, bool isFresh) => new([.. setting.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select((s, i) => s.StartsWith("pkcs11:", StringComparison.Ordinal) ? Pkcs11Root.Open(s, mayMake: isFresh && i == 0)
            : s.Contains("://", StringComparison.Ordinal) ? (IRootKey)new TransitRoot(s, token) : FileRoot.Open(s, suite, mayMake: isFresh && i == 0))]);
}

/// <summary>A root key in a file that only the platform's account can read.</summary>
public sealed class FileRoot : IRootKey
{
    private const int Size = 32;
    private readonly byte[] _secret;
    private readonly Suite _suite;

    private FileRoot(byte[] secret, Suite suite)
    {
        (_secret, _suite) = (secret, suite);
        Id = "file:" + Convert.ToHexStringLower(Suite.Sm4Gcm.Derive(secret, "id"))[..16];
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <summary>Reads a file of 64 hexadecimal digits.</summary>
    /// <param name="suite">What it wraps with; it unwraps with the suite that a wrapped key names.</param>
    /// <param name="mayMake">Makes a fresh key, mode 600, where there is none.</param>
    /// <exception cref="ConfigurationException">The file is not there, not a key, or others can read it.</exception>
    public static FileRoot Open(string file, Suite suite, bool mayMake)
    {
        if (mayMake && !File.Exists(file))
            Make(file);
        if (!File.Exists(file))
            throw new ConfigurationException($"{file}: the root key that data keys are wrapped by is not here; bring it back from where it is kept, or name another in --root");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) is var more and not UnixFileMode.None)
            throw new ConfigurationException($"{file}: others than its owner can use this root key ({more}); run chmod 600, and change the key if others may have read it");
        var text = File.ReadAllText(file).Trim();
        if (text.Length != 2 * Size || !text.All(char.IsAsciiHexDigit))
            throw new ConfigurationException($"{file}: this is no root key; it must hold {2 * Size} hexadecimal digits");
        return new FileRoot(Convert.FromHexString(text), suite);
    }

    // Two nodes may come first at one time: one of them makes it.
    private static void Make(string file) => OwnFile.WriteOnce(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Size)) + "\n");

    /// <inheritdoc/>
    public Task<string> WrapAsync(ReadOnlyMemory<byte> secret, string about, CancellationToken cancel = default)
    {
        var wrapped = _suite.Seal(_suite.Derive(_secret, "wrap"), secret.Span, Encoding.UTF8.GetBytes(about));
        return Task.FromResult($"{_suite.Name}:{Convert.ToBase64String(wrapped)}");
    }

    /// <inheritdoc/>
    public Task<byte[]> UnwrapAsync(string wrapped, string about, CancellationToken cancel = default)
    {
        var parts = wrapped.Split(':', 2);
        var suite = Suite.Named(parts[0]);
        return Task.FromResult(suite.Open(suite.Derive(_secret, "wrap"), Convert.FromBase64String(parts[1]), Encoding.UTF8.GetBytes(about)));
    }
}
