using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Guantong.Trust;

/// <summary>A sealed text as it stands in a table: <c>sealed:1:KEY:VERSION:…</c>, the last part nonce, cipher text and tag in base64url.</summary>
internal readonly record struct Envelope(string Key, long Version, byte[] Sealed)
{
    /// <summary>What each begins with.</summary>
    public const string Mark = "sealed:1:";

    public string Write() => $"{Mark}{Key}:{Version.ToString(CultureInfo.InvariantCulture)}:{Base64Url.EncodeToString(Sealed)}";

    /// <summary>Reads one; false for any other text.</summary>
    public static bool TryRead([NotNullWhen(true)] string? text, out Envelope envelope)
    {
        envelope = default;
        if (text is null || !text.StartsWith(Mark, StringComparison.Ordinal))
            return false;
        var parts = text[Mark.Length..].Split(':');
        if (parts.Length != 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version) || !Base64Url.IsValid(parts[2]))
            return false;
        envelope = new Envelope(parts[0], version, Base64Url.DecodeFromChars(parts[2]));
        return true;
    }

    /// <summary>What a text is bound to: its key and its place. It opens nowhere else.</summary>
    public static byte[] Bind(string key, long version, string place) => Encoding.UTF8.GetBytes($"{key}:{version.ToString(CultureInfo.InvariantCulture)}:{place}");
}
