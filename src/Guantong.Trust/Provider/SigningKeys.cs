using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using OpenIddict.Validation;

namespace Guantong.Trust.Provider;

/// <summary>The provider's keys: one file each in the data folder, for this user's eyes only, named by the instant from which it signs.</summary>
/// <remarks>
/// A key signs for <see cref="Term"/>. The next is published <see cref="Notice"/> before it signs, so that whoever keeps the JWKS (RFC 7517) knows it in time,
/// and a former one is kept for <see cref="Keep"/>, longer than any token that it signed.
/// What is read by the platform alone (codes, refresh tokens) is encrypted under a key derived from the same file.
/// </remarks>
public sealed class SigningKeys(ProviderSettings settings, TimeProvider clock)
    : IConfigureOptions<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictValidationOptions>, IDisposable
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan Term = TimeSpan.FromDays(90);

    /// <summary>How long a key is published before it signs.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(2);

    /// <summary>How long a key is kept after the next one took over.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    private const string Format = "yyyyMMdd'T'HHmmssfff'Z'";
    private readonly Lock _gate = new();
    private CancellationTokenSource _changed = new();

    private sealed record KeyFile(string Path, DateTimeOffset From)
    {
        public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
    }

    private string Folder => Path.Combine(settings.Data, "openid");

    /// <summary>The id of the key that signs now.</summary>
    public string Current => Files() is var files && Signing(files) is { } key ? key.Name : TurnOver()[0];

    /// <summary>Makes the next key when its time has come and drops those that nothing needs any more.</summary>
    /// <returns>The ids of the keys that were made.</returns>
    public IReadOnlyList<string> TurnOver()
    {
        lock (_gate)
        {
            var (now, files) = (clock.GetUtcNow(), Files());
            List<string> made = [];
            if (Signing(files) is null)
                made.Add(Make(now));
            else if (now >= files[^1].From + Term - Notice)
                made.Add(Make(now + Notice));
            var dropped = files.Where((f, i) => i + 1 < files.Count && files[i + 1].From + Keep <= now).ToList();
            dropped.ForEach(f => File.Delete(f.Path));
            if (made.Count + dropped.Count > 0)
                Tell();
            return made;
        }
    }

    /// <summary>Makes a key that signs from now on, as after a theft; the former ones are dropped when asked, and every token that they signed ends with them.</summary>
    public string Replace(bool dropFormer)
    {
        lock (_gate)
        {
            var former = Files();
            var made = Make(clock.GetUtcNow());
            if (dropFormer)
                former.ForEach(f => File.Delete(f.Path));
            Tell();
            return made;
        }
    }

    private void Tell()
    {
        var former = Interlocked.Exchange(ref _changed, new CancellationTokenSource());
        former.Cancel();
        former.Dispose();
    }

    private string Make(DateTimeOffset from)
    {
        Directory.CreateDirectory(Folder);
        using var rsa = RSA.Create(3072);
        var name = from.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
        // It stands whole or not at all: another node may read the folder at this moment.
        var fresh = Path.Combine(Folder, name + ".new");
        using (var writer = new StreamWriter(fresh, OwnFile.Options(FileMode.Create)))
            writer.Write(rsa.ExportPkcs8PrivateKeyPem());
        File.Move(fresh, Path.Combine(Folder, name + ".pem"), overwrite: true);
        return name;
    }

    private List<KeyFile> Files() => !Directory.Exists(Folder) ? [] :
        [.. Directory.GetFiles(Folder, "*.pem").Select(f => new KeyFile(f, DateTimeOffset.ParseExact(Path.GetFileNameWithoutExtension(f), Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)))
            .OrderBy(f => f.From)];

    private KeyFile? Signing(List<KeyFile> files) => files.LastOrDefault(f => f.From <= clock.GetUtcNow());

    /// <inheritdoc/>
    public void Configure(OpenIddictServerOptions options)
    {
        TurnOver();
        var files = Files();
        var signing = Signing(files);
        // The first of the list signs.
        foreach (var file in files.OrderBy(f => f != signing).ThenByDescending(f => f.From))
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(File.ReadAllText(file.Path));
            var secret = rsa.ExportPkcs8PrivateKey();
            options.SigningCredentials.Add(new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = file.Name }, SecurityAlgorithms.RsaSha256));
            options.EncryptionCredentials.Add(new EncryptingCredentials(
                new SymmetricSecurityKey(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "guantong openid encryption"u8.ToArray())) { KeyId = file.Name },
                SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    string? IOptionsChangeTokenSource<OpenIddictServerOptions>.Name => Options.DefaultName;

    string? IOptionsChangeTokenSource<OpenIddictValidationOptions>.Name => Options.DefaultName;

    IChangeToken IOptionsChangeTokenSource<OpenIddictServerOptions>.GetChangeToken() => new CancellationChangeToken(_changed.Token);

    IChangeToken IOptionsChangeTokenSource<OpenIddictValidationOptions>.GetChangeToken() => new CancellationChangeToken(_changed.Token);

    /// <inheritdoc/>
    public void Dispose() => _changed.Dispose();
}
