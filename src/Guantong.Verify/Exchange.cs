using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Guantong.Verify;

/// <summary>A message between two platforms and its answer, as either gives them out (docs/exchange.md).</summary>
internal sealed record Exchanged(Signed Message, Signed Answer, IReadOnlyList<string?> Certificates);

/// <summary>One of the two: the header as it was signed, the body's SHA-256, the signature.</summary>
/// <param name="By">SHA-256 of the certificate that signed.</param>
internal sealed record Signed(string Header, string Digest, string Signature, string By)
{
    private byte[] Text() => [.. "guantong message 1\n"u8, .. SHA256.HashData(Encoding.UTF8.GetBytes(Header)), .. Convert.FromHexString(Digest)];

    /// <summary>ECDSA P-256 with SHA-256, r and s of 32 bytes each.</summary>
    public bool IsSignedBy(string? certificate)
    {
        if (certificate is null)
            return false;
        try
        {
            using var read = X509Certificate2.CreateFromPem(certificate);
            using var key = read.GetECDsaPublicKey();
            return Convert.ToHexStringLower(SHA256.HashData(read.RawData)) == By && key?.VerifyData(Text(), Convert.FromBase64String(Signature), HashAlgorithmName.SHA256) == true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Whether a file holds that certificate.</summary>
    public static bool IsSame(string file, string? certificate)
    {
        if (certificate is null)
            return false;
        using var given = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        using var read = X509Certificate2.CreateFromPem(certificate);
        return given.RawData.AsSpan().SequenceEqual(read.RawData);
    }

    /// <summary>Whether a file is the body.</summary>
    public bool IsOver(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == Digest;
    }

    /// <summary>Whether this answers another: by its id and by the hash of what was signed of it.</summary>
    public bool Answers(Signed other)
    {
        using var answer = JsonDocument.Parse(Header);
        using var message = JsonDocument.Parse(other.Header);
        return answer.RootElement.GetProperty("answers").GetString() == message.RootElement.GetProperty("id").GetString()
            && answer.RootElement.GetProperty("answersHash").GetString() == Convert.ToHexStringLower(SHA256.HashData(other.Text()));
    }
}
