using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Asn1.X9;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace Guantong.Trust;

/// <summary>Signatures and encryption on the curve SM2 (GB/T 32918-2016; GM/T 0003-2012).</summary>
public static class Sm2
{
    /// <summary>Who a signer is when nobody says so (GM/T 0009 §10).</summary>
    public static ReadOnlySpan<byte> DefaultId => "1234567812345678"u8;

    /// <summary>The curve by its object identifier (GM/T 0006).</summary>
    internal const string CurveOid = "1.2.156.10197.1.301";

    internal const string EcOid = "1.2.840.10045.2.1";

    internal static readonly X9ECParameters Curve = GMNamedCurves.GetByName("sm2p256v1");

    /// <summary>Makes a key.</summary>
    public static Sm2Key Generate()
    {
        var secret = new byte[32];
        // GB/T 32918.1 §6.1: from 1 to n-2.
        var most = Curve.N.Subtract(BigInteger.Two);
        while (true)
        {
            RandomNumberGenerator.Fill(secret);
            var d = new BigInteger(1, secret);
            if (d.SignValue > 0 && d.CompareTo(most) <= 0)
                return new Sm2Key(secret);
        }
    }

    /// <summary>Signs; gives DER: a sequence of r and s (GM/T 0009 §7.3).</summary>
    public static byte[] Sign(Sm2Key key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> id = default) => Der(SmSuite.Current.Sm2Sign(key, id.IsEmpty ? DefaultId : id, data));

    /// <summary>Whether a signature in DER is the key's owner's over these data.</summary>
    public static bool Verify(Sm2PublicKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> id = default) =>
        Plain(signature) is { } plain && SmSuite.Current.Sm2Verify(key, id.IsEmpty ? DefaultId : id, data, plain);

    /// <summary>Encrypts a short text, such as a key, to C1‖C3‖C2 with C1 as an uncompressed point (GB/T 32918.4).</summary>
    public static byte[] Encrypt(Sm2PublicKey key, ReadOnlySpan<byte> text) =>
        text.IsEmpty ? throw new CryptographicException("SM2 encrypts one byte or more.") : SmSuite.Current.Sm2Encrypt(key, text);

    /// <summary>Decrypts what <see cref="Encrypt"/> gave.</summary>
    /// <exception cref="CryptographicException">It was changed, or encrypted for another.</exception>
    public static byte[] Decrypt(Sm2Key key, ReadOnlySpan<byte> cipher) =>
        cipher.Length > 97 && cipher[0] == 4 && SmSuite.Current.Sm2Decrypt(key, cipher) is { } text ? text : throw new CryptographicException("The text was changed, or this is not its key.");

    /// <summary>Z_A: the hash of who signs and with what (GB/T 32918.2 §5.5).</summary>
    internal static byte[] Identity(SmSuite suite, Sm2PublicKey key, ReadOnlySpan<byte> id)
    {
        Span<byte> bits = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bits, checked((ushort)(id.Length * 8)));
        using var hash = suite.Sm3Begin();
        hash.Append(bits);
        hash.Append(id);
        hash.Append(Bytes(Curve.Curve.A.ToBigInteger()));
        hash.Append(Bytes(Curve.Curve.B.ToBigInteger()));
        hash.Append(Bytes(Curve.G.AffineXCoord.ToBigInteger()));
        hash.Append(Bytes(Curve.G.AffineYCoord.ToBigInteger()));
        hash.Append(key.Point.AsSpan(1));
        var digest = new byte[Sm3.Size];
        hash.Finish(digest);
        return digest;
    }

    /// <summary>A number in 32 bytes, the highest first.</summary>
    internal static byte[] Bytes(BigInteger number)
    {
        var bytes = new byte[32];
        var short_ = number.ToByteArrayUnsigned();
        short_.CopyTo(bytes, 32 - short_.Length);
        return bytes;
    }

    /// <summary>r and s as a DER sequence.</summary>
    internal static byte[] Der(ReadOnlySpan<byte> plain)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new System.Numerics.BigInteger(plain[..32], isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new System.Numerics.BigInteger(plain[32..], isUnsigned: true, isBigEndian: true));
        }
        return writer.Encode();
    }

    /// <summary>A DER sequence as r and s; null when it is none, or not written the one way DER allows.</summary>
    internal static byte[]? Plain(ReadOnlySpan<byte> der)
    {
        try
        {
            var sequence = new AsnReader(der.ToArray(), AsnEncodingRules.DER);
            var pair = sequence.ReadSequence();
            sequence.ThrowIfNotEmpty();
            var plain = new byte[64];
            var fits = Fill(pair.ReadInteger(), plain.AsSpan(0, 32)) & Fill(pair.ReadInteger(), plain.AsSpan(32));
            pair.ThrowIfNotEmpty();
            return fits ? plain : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    internal static bool Fill(System.Numerics.BigInteger number, Span<byte> into)
    {
        if (number.Sign < 0 || number.GetByteCount(isUnsigned: true) is var count && count > into.Length)
            return false;
        into.Clear();
        return number.TryWriteBytes(into[^count..], out _, isUnsigned: true, isBigEndian: true);
    }
}

/// <summary>The half of an SM2 key that everybody may have.</summary>
public sealed class Sm2PublicKey
{
    /// <summary>Takes a point of the curve.</summary>
    /// <param name="point">65 bytes: 4, x, y.</param>
    /// <exception cref="CryptographicException">That is no point of the curve.</exception>
    public Sm2PublicKey(ReadOnlySpan<byte> point)
    {
        try
        {
            if (point.Length != 65 || point[0] != 4 || !Sm2.Curve.Curve.DecodePoint(point.ToArray()).IsValid())
                throw new CryptographicException("That is no point of the SM2 curve.");
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new CryptographicException("That is no point of the SM2 curve.", e);
        }
        Point = point.ToArray();
    }

    /// <summary>4, x and y.</summary>
    internal byte[] Point { get; }

    /// <summary>Which key this is: the first 16 bytes of the SM3 of its point, in hex.</summary>
    public string Id => Convert.ToHexStringLower(Sm3.Hash(Point).AsSpan(0, 16));

    /// <summary>As SubjectPublicKeyInfo (RFC 5480; GM/T 0010).</summary>
    public byte[] ToSpki()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAlgorithm(writer);
            writer.WriteBitString(Point);
        }
        return writer.Encode();
    }

    /// <summary>As PEM.</summary>
    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", ToSpki());

    /// <summary>Reads PEM.</summary>
    /// <exception cref="CryptographicException">It holds no public key on the SM2 curve.</exception>
    public static Sm2PublicKey FromPem(string pem)
    {
        var found = PemEncoding.Find(pem);
        return Sm2Key.Guarded(() =>
        {
            var outer = new AsnReader(Convert.FromBase64String(pem[found.Base64Data]), AsnEncodingRules.DER).ReadSequence();
            ReadAlgorithm(outer.ReadSequence());
            return new Sm2PublicKey(outer.ReadBitString(out _));
        });
    }

    internal static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Sm2.EcOid);
            writer.WriteObjectIdentifier(Sm2.CurveOid);
        }
    }

    internal static void ReadAlgorithm(AsnReader algorithm)
    {
        if (algorithm.ReadObjectIdentifier() != Sm2.EcOid || algorithm.ReadObjectIdentifier() != Sm2.CurveOid)
            throw new CryptographicException("That is a key of another kind, not SM2.");
    }
}

/// <summary>An SM2 key whole; for its owner's eyes only.</summary>
public sealed class Sm2Key
{
    internal Sm2Key(ReadOnlySpan<byte> secret)
    {
        Secret = secret.ToArray();
        Public = new Sm2PublicKey(Sm2.Curve.G.Multiply(new BigInteger(1, Secret)).Normalize().GetEncoded(false));
    }

    /// <summary>The half for everybody.</summary>
    public Sm2PublicKey Public { get; }

    internal byte[] Secret { get; }

    /// <summary>As PEM of PKCS#8 (RFC 5958), unencrypted.</summary>
    public string ToPem()
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            // RFC 5915: version 1, the number, and the point under tag 1.
            key.WriteInteger(1);
            key.WriteOctetString(Secret);
            using (key.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
                key.WriteBitString(Public.Point);
        }
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            Sm2PublicKey.WriteAlgorithm(writer);
            writer.WriteOctetString(key.Encode());
        }
        return PemEncoding.WriteString("PRIVATE KEY", writer.Encode());
    }

    /// <summary>Reads PEM of PKCS#8.</summary>
    /// <exception cref="CryptographicException">It holds no SM2 key.</exception>
    public static Sm2Key FromPem(string pem)
    {
        var found = PemEncoding.Find(pem);
        return Guarded(() =>
        {
            var outer = new AsnReader(Convert.FromBase64String(pem[found.Base64Data]), AsnEncodingRules.DER).ReadSequence();
            outer.ReadInteger();
            Sm2PublicKey.ReadAlgorithm(outer.ReadSequence());
            var inner = new AsnReader(outer.ReadOctetString(), AsnEncodingRules.DER).ReadSequence();
            inner.ReadInteger();
            return new Sm2Key(inner.ReadOctetString());
        });
    }

    internal static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("That is no key.", e);
        }
    }
}
