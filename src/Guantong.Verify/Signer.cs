using System.Security.Cryptography;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Tsp;
using Org.BouncyCastle.X509;

namespace Guantong.Verify;

/// <summary>Who signed: SM2 (GB/T 32918.2) for checkpoints, and time-stamp authorities (RFC 3161).</summary>
internal static class Signer
{
    /// <summary>Whether the key in the PEM file signed this checkpoint.</summary>
    public static bool Signed(string pem, Checkpoint word) => Signed(pem, word.Key, word.Body(), word.Signature);

    /// <summary>Whether the key in the PEM file, which has this id, signed this.</summary>
    public static bool Signed(string pem, string id, byte[] body, string signature)
    {
        using var file = File.OpenText(pem);
        if (new PemReader(file).ReadObject() is not ECPublicKeyParameters key)
            throw new FormatException(pem);
        // The id is the beginning of the SM3 of the point, uncompressed.
        if (Convert.ToHexStringLower(Entry.Sm3(key.Q.GetEncoded(false)).AsSpan(0, 16)) != id)
            return false;
        var signer = new SM2Signer();
        signer.Init(false, new ParametersWithID(key, "1234567812345678"u8.ToArray()));
        signer.BlockUpdate(body);
        return signer.VerifySignature(Convert.FromBase64String(signature));
    }

    /// <summary>When an authority saw the checkpoint's signature; null when the token is not over it, or not that authority's.</summary>
    /// <param name="certificate">The authority's certificate as PEM; without it, the one in the token is taken at its word.</param>
    public static DateTime? Stamped(Checkpoint word, string? certificate)
    {
        try
        {
            var token = new TimeStampToken(new CmsSignedData(Convert.FromBase64String(word.Token!)));
            if (token.TimeStampInfo.MessageImprintAlgOid != "2.16.840.1.101.3.4.2.1" || !token.TimeStampInfo.GetMessageImprintDigest().AsSpan().SequenceEqual(SHA256.HashData(Convert.FromBase64String(word.Signature))))
                return null;
            token.Validate(certificate is not null ? new X509CertificateParser().ReadCertificate(File.ReadAllBytes(certificate)) : token.GetCertificates().EnumerateMatches(token.SignerID).First());
            return token.TimeStampInfo.GenTime;
        }
        catch (Exception e) when (e is TspException or CmsException or CryptoException or FormatException or InvalidOperationException or IOException)
        {
            return null;
        }
    }
}
