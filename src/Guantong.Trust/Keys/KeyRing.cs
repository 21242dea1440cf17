using System.Security.Cryptography;
using System.Text;

namespace Guantong.Trust;

/// <summary>What came of opening a text.</summary>
public enum Opening
{
    /// <summary>It opened.</summary>
    Clear,

    /// <summary>Its key was destroyed: nobody can read it any more.</summary>
    Erased,

    /// <summary>It is no sealed text, of a key that is not on this ring, changed, or not in the place where it was sealed.</summary>
    Foreign,
}

/// <summary>An opened text, or why it did not open.</summary>
public readonly record struct Opened(Opening Opening, string? Text);

/// <summary>The keys that stand at one moment, to seal, open and find with. It reads nothing and changes nothing.</summary>
public sealed class KeyRing
{
    private readonly IReadOnlyDictionary<(string Name, long Version), OpenKey?> _keys;

    // Null stands for a destroyed key.
    internal KeyRing(IReadOnlyDictionary<(string Name, long Version), OpenKey?> keys) => _keys = keys;

    /// <summary>Whether a text is sealed, by its looks.</summary>
    public static bool IsSealed(string? text) => Envelope.TryRead(text, out _);

    /// <summary>Whether sealed texts stand somewhere in a larger text.</summary>
    public static bool HoldsSealed(string? text) => text?.Contains(Envelope.Mark, StringComparison.Ordinal) == true;

    /// <summary>Seals a text under a key's current version.</summary>
    /// <param name="name">The key's name.</param>
    /// <param name="text">Any text.</param>
    /// <param name="place">Where it will stand, e.g. <c>case:ID:FIELD</c>: it opens nowhere else.</param>
    /// <exception cref="InvalidOperationException">The ring has no current key of that name.</exception>
    public string Seal(string name, string text, string place)
    {
        var key = _keys.Values.FirstOrDefault(k => k?.Name == name && k.IsCurrent) ?? throw new InvalidOperationException($"There is no current key {name} on this ring.");
        return new Envelope(name, key.Version, key.Suite.Seal(key.Cipher, Encoding.UTF8.GetBytes(text), Envelope.Bind(name, key.Version, place))).Write();
    }

    /// <summary>Seals bytes under a key's current version, to be opened by <see cref="OpenBytes"/>.</summary>
    /// <exception cref="InvalidOperationException">The ring has no current key of that name.</exception>
    public string SealBytes(string name, ReadOnlySpan<byte> bytes, string place)
    {
        var key = _keys.Values.FirstOrDefault(k => k?.Name == name && k.IsCurrent) ?? throw new InvalidOperationException($"There is no current key {name} on this ring.");
        return new Envelope(name, key.Version, key.Suite.Seal(key.Cipher, bytes, Envelope.Bind(name, key.Version, place))).Write();
    }

    /// <summary>Opens sealed bytes in their place; null where they do not open.</summary>
    public byte[]? OpenBytes(string text, string place)
    {
        if (!Envelope.TryRead(text, out var envelope) || _keys.GetValueOrDefault((envelope.Key, envelope.Version)) is not { } key)
            return null;
        try
        {
            return key.Suite.Open(key.Cipher, envelope.Sealed, Envelope.Bind(key.Name, key.Version, place));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Seals a text so that equal texts in one place give equal sealed texts under one version: they can be joined, counted and found as they stand, and nothing else is learnt of them but their length.</summary>
    /// <param name="name">The key's name.</param>
    /// <param name="text">Any text.</param>
    /// <param name="place">Where it is at home: it opens nowhere else.</param>
    /// <param name="version">The version; null for the current one.</param>
    /// <returns>Null where a version is named that is destroyed or not on this ring.</returns>
    /// <exception cref="InvalidOperationException">The ring has no current key of that name.</exception>
    /// <remarks>The nonce is made of the text, as in RFC 5297 (SIV), with this suite's keyed hash in place of CMAC and its first 96 bits.</remarks>
    public string? SealAlike(string name, string text, string place, long? version = null)
    {
        if (version is { } wanted && _keys.GetValueOrDefault((name, wanted)) is null)
            return null;
        var key = _keys[(name, version ?? Current(name) ?? throw new InvalidOperationException($"There is no current key {name} on this ring."))]!;
        var (plain, bound) = (Encoding.UTF8.GetBytes(text), Envelope.Bind(name, key.Version, place));
        return new Envelope(name, key.Version, key.Suite.Seal(key.Cipher, plain, bound, key.Nonce(plain, bound))).Write();
    }

    /// <summary>The version of a key that seals; null where there is none on this ring.</summary>
    public long? Current(string name) => _keys.Values.FirstOrDefault(k => k?.Name == name && k.IsCurrent)?.Version;

    /// <summary>Whether a text is sealed under a key that was destroyed.</summary>
    public bool IsErased(string? text) => Envelope.TryRead(text, out var envelope) && _keys.TryGetValue((envelope.Key, envelope.Version), out var key) && key is null;

    /// <summary>Opens a sealed text in its place.</summary>
    public Opened Open(string text, string place)
    {
        if (!Envelope.TryRead(text, out var envelope) || !_keys.TryGetValue((envelope.Key, envelope.Version), out var key))
            return new Opened(Opening.Foreign, null);
        if (key is null)
            return new Opened(Opening.Erased, null);
        try
        {
            return new Opened(Opening.Clear, Encoding.UTF8.GetString(key.Suite.Open(key.Cipher, envelope.Sealed, Envelope.Bind(key.Name, key.Version, place))));
        }
        catch (CryptographicException)
        {
            return new Opened(Opening.Foreign, null);
        }
    }

    /// <summary>The keyed hash of a value under a key's current version: equal values have equal hashes, and without the key nothing is learnt from them.</summary>
    /// <remarks>Width, case and outer blanks make no difference: ３３０…ｘ is 330…X.</remarks>
    public string Hash(string name, string value) => _keys.Values.FirstOrDefault(k => k?.Name == name && k.IsCurrent)?.Find(value)
        ?? throw new InvalidOperationException($"There is no current key {name} on this ring.");

    /// <summary>A value's hashes under every key on the ring that can still be read: what to look for.</summary>
    public IReadOnlyList<string> Hashes(string value) => [.. _keys.Values.Where(k => k is not null).Select(k => k!.Find(value))];
}

/// <summary>A version of a data key, unwrapped: its secret gives one key to seal with, one to find with and one to make nonces with, so that destroying it takes all.</summary>
internal sealed class OpenKey
{
    private readonly byte[] _find;
    private readonly byte[] _nonce;

    public OpenKey(string name, long version, Suite suite, bool isCurrent, ReadOnlySpan<byte> secret)
    {
        (Name, Version, Suite, IsCurrent) = (name, version, suite, isCurrent);
        Cipher = suite.Derive(secret, "seal");
        _find = suite.Derive(secret, "find");
        _nonce = suite.Derive(secret, "nonce");
    }

    private OpenKey(OpenKey other, bool isCurrent) =>
        (Name, Version, Suite, IsCurrent, Cipher, _find, _nonce) = (other.Name, other.Version, other.Suite, isCurrent, other.Cipher, other._find, other._nonce);

    public string Name { get; }

    public long Version { get; }

    public Suite Suite { get; }

    public bool IsCurrent { get; }

    public byte[] Cipher { get; }

    public OpenKey As(bool isCurrent) => isCurrent == IsCurrent ? this : new OpenKey(this, isCurrent);

    // The length in front keeps place and text apart.
    public byte[] Nonce(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bound) => Suite.Hash(_nonce, [.. BitConverter.GetBytes((long)bound.Length), .. bound, .. text])[..Suite.NonceSize];

    public string Find(string value) =>
        Convert.ToHexStringLower(Suite.Hash(_find, Encoding.UTF8.GetBytes(value.Trim().Normalize(NormalizationForm.FormKC).ToUpperInvariant())));
}
