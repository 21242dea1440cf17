using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guantong.Trust;

/// <summary>Time-based one-time codes, as authenticator apps show them: SHA-1, thirty seconds, six digits.</summary>
/// <remarks>RFC 6238; RFC 4226 §5.3.</remarks>
public static class Totp
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The step of a time.</summary>
    public static long Step(DateTimeOffset at) => at.ToUnixTimeSeconds() / 30;

    /// <summary>The code of a step.</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step, int digits = 6)
    {
        Span<byte> counter = stackalloc byte[8], hash = stackalloc byte[20];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // RFC 6238's own algorithm, and the one that apps know.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[19] & 15)..]) & int.MaxValue;
        return (number % (long)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The step whose code this is, one to either side of now allowed for clocks that differ; null for none, or one not after the last used.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string code, DateTimeOffset at, long lastUsed)
    {
        var given = Encoding.UTF8.GetBytes(code);
        foreach (var step in (long[])[Step(at) - 1, Step(at), Step(at) + 1])
        {
            if (step > lastUsed && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Code(secret, step)), given))
                return step;
        }
        return null;
    }

    /// <summary>Bytes as RFC 4648 base 32, which apps take by hand.</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (bits, held) = (0, 0);
        foreach (var b in bytes)
        {
            (bits, held) = ((bits << 8) | b, held + 8);
            for (; held >= 5; held -= 5)
                text.Append(Letters[(bits >> (held - 5)) & 31]);
            bits &= (1 << held) - 1;
        }
        return held == 0 ? text.ToString() : text.Append(Letters[(bits << (5 - held)) & 31]).ToString();
    }

    /// <summary>The address that an app reads from the picture.</summary>
    /// <remarks>The key URI format of Google Authenticator.</remarks>
    public static string Address(string issuer, string login, string base32) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(login)}?secret={base32}&issuer={Uri.EscapeDataString(issuer)}";
}
