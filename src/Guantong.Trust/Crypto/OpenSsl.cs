using System.Formats.Asn1;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Guantong.Trust;

/// <summary>The national algorithms by the machine's OpenSSL 3.</summary>
internal sealed unsafe partial class OpenSsl : SmSuite
{
    private const int GcmGetTag = 0x10;
    private const int GcmSetTag = 0x11;

    // Fetched once: a fetch by name costs more than a short hash.
    private readonly nint _sm3 = EVP_MD_fetch(0, "SM3", null);
    private readonly nint[] _sm4 = [.. ((string[])["SM4-ECB", "SM4-CBC", "SM4-CTR", "SM4-GCM"]).Select(n => EVP_CIPHER_fetch(0, n, null))];

    [ThreadStatic]
    private static Hashing? _hashing;

    /// <summary>Null where the library, or SM in it, is absent.</summary>
    public static SmSuite? Suite { get; } = Find();

    private static OpenSsl? Find()
    {
        if (!NativeLibrary.TryLoad(Library, typeof(OpenSsl).Assembly, null, out _))
            return null;
        var found = new OpenSsl();
        // GCM came to OpenSSL with 3.1; before, it is made of CTR.
        return found._sm3 != 0 && found._sm4[..3].All(c => c != 0) ? found : null;
    }

    public override string Name => "OpenSSL";

    public override void Sm3(ReadOnlySpan<byte> data, Span<byte> digest) => (_hashing ??= new Hashing(_sm3)).Whole(data, digest);

    public override Sm3Stream Sm3Begin() => new Hashing(_sm3);

    public override byte[]? Sm4(Sm4Mode mode, bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated = default)
    {
        if (mode == Sm4Mode.Gcm && _sm4[(int)mode] == 0)
            return CounterGcm.Run(this, encrypts, key, nonce, text, associated);
        var context = EVP_CIPHER_CTX_new();
        try
        {
            return Run(context, mode, encrypts, key, nonce, text, associated);
        }
        finally
        {
            EVP_CIPHER_CTX_free(context);
        }
    }

    private byte[]? Run(nint context, Sm4Mode mode, bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated)
    {
        var tag = mode == Sm4Mode.Gcm ? Trust.Sm4.TagSize : 0;
        if (!encrypts && text.Length < tag)
            return null;
        var body = encrypts ? text : text[..^tag];
        var output = new byte[body.Length + (mode == Sm4Mode.Cbc && encrypts ? Trust.Sm4.Size : 0) + (encrypts ? tag : 0)];
        Must(EVP_CipherInit_ex2(context, _sm4[(int)mode], key, nonce, encrypts ? 1 : 0, 0));
        if (mode == Sm4Mode.Ecb)
            Must(EVP_CIPHER_CTX_set_padding(context, 0));
        fixed (byte* to = output)
        {
            if (associated.Length > 0)
                Must(EVP_CipherUpdate(context, null, out _, associated, associated.Length));
            Must(EVP_CipherUpdate(context, to, out var written, body, body.Length));
            if (tag > 0 && !encrypts)
                fixed (byte* expected = text[^tag..])
                    Must(EVP_CIPHER_CTX_ctrl(context, GcmSetTag, tag, expected));
            if (EVP_CipherFinal_ex(context, to + written, out var last) != 1)
                return null;
            written += last;
            if (tag > 0 && encrypts)
                Must(EVP_CIPHER_CTX_ctrl(context, GcmGetTag, tag, to + written));
            return written + (encrypts ? tag : 0) == output.Length ? output : output[..written];
        }
    }

    public override byte[] Sm2Sign(Sm2Key key, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data)
    {
        using var held = new Key(key.Public.Point, key.Secret);
        var context = held.Begin(EVP_PKEY_sign_init);
        var digest = Digest(key.Public, id, data);
        var signature = new byte[80];
        var length = (nuint)signature.Length;
        try
        {
            Must(EVP_PKEY_sign(context, signature, ref length, digest, (nuint)digest.Length));
        }
        finally
        {
            EVP_PKEY_CTX_free(context);
        }
        return Sm2.Plain(signature.AsSpan(0, (int)length))!;
    }

    public override bool Sm2Verify(Sm2PublicKey key, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 64)
            return false;
        using var held = new Key(key.Point, null);
        var context = held.Begin(EVP_PKEY_verify_init);
        try
        {
            var (der, digest) = (Sm2.Der(signature), Digest(key, id, data));
            return EVP_PKEY_verify(context, der, (nuint)der.Length, digest, (nuint)digest.Length) == 1;
        }
        finally
        {
            EVP_PKEY_CTX_free(context);
        }
    }

    // GB/T 32918.2 §6.1: e = SM3(Z_A ‖ M).
    private byte[] Digest(Sm2PublicKey key, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data)
    {
        using var hash = Sm3Begin();
        hash.Append(Sm2.Identity(this, key, id));
        hash.Append(data);
        var digest = new byte[Trust.Sm3.Size];
        hash.Finish(digest);
        return digest;
    }

    public override byte[] Sm2Encrypt(Sm2PublicKey key, ReadOnlySpan<byte> text)
    {
        using var held = new Key(key.Point, null);
        var context = held.Begin(EVP_PKEY_encrypt_init);
        try
        {
            return FromSequence(Transform(EVP_PKEY_encrypt, context, text)!, text.Length);
        }
        finally
        {
            EVP_PKEY_CTX_free(context);
        }
    }

    public override byte[]? Sm2Decrypt(Sm2Key key, ReadOnlySpan<byte> cipher)
    {
        using var held = new Key(key.Public.Point, key.Secret);
        var context = held.Begin(EVP_PKEY_decrypt_init);
        try
        {
            return Transform(EVP_PKEY_decrypt, context, ToSequence(cipher));
        }
        finally
        {
            EVP_PKEY_CTX_free(context);
        }
    }

    private delegate int Transformer(nint context, byte* output, ref nuint length, ReadOnlySpan<byte> input, nuint inputLength);

    private static byte[]? Transform(Transformer transform, nint context, ReadOnlySpan<byte> input)
    {
        nuint length = 0;
        if (transform(context, null, ref length, input, (nuint)input.Length) != 1)
            return null;
        var output = new byte[length];
        fixed (byte* to = output)
            return transform(context, to, ref length, input, (nuint)input.Length) == 1 ? output[..(int)length] : null;
    }

    // GM/T 0009 §7.2 writes x, y, C3 and C2 as a sequence, which is what OpenSSL takes and gives.
    private static byte[] ToSequence(ReadOnlySpan<byte> cipher)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new System.Numerics.BigInteger(cipher[1..33], isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new System.Numerics.BigInteger(cipher[33..65], isUnsigned: true, isBigEndian: true));
            writer.WriteOctetString(cipher[65..97]);
            writer.WriteOctetString(cipher[97..]);
        }
        return writer.Encode();
    }

    private static byte[] FromSequence(byte[] der, int textLength)
    {
        var sequence = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var cipher = new byte[97 + textLength];
        cipher[0] = 4;
        Sm2.Fill(sequence.ReadInteger(), cipher.AsSpan(1, 32));
        Sm2.Fill(sequence.ReadInteger(), cipher.AsSpan(33, 32));
        sequence.ReadOctetString().CopyTo(cipher, 65);
        sequence.ReadOctetString().CopyTo(cipher, 97);
        return cipher;
    }

    private static void Must(int answer)
    {
        if (answer != 1)
            throw new CryptographicException("OpenSSL refused an SM operation.");
    }

    private sealed class Hashing(nint algorithm) : Sm3Stream
    {
        private nint _context = EVP_MD_CTX_new();
        private bool _begun;

        public void Whole(ReadOnlySpan<byte> data, Span<byte> digest)
        {
            Append(data);
            Finish(digest);
        }

        public override void Append(ReadOnlySpan<byte> data)
        {
            Begin();
            Must(EVP_DigestUpdate(_context, data, (nuint)data.Length));
        }

        public override void Finish(Span<byte> digest)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(digest.Length, Trust.Sm3.Size);
            Begin();
            Must(EVP_DigestFinal_ex(_context, digest, 0));
            _begun = false;
        }

        private void Begin()
        {
            ObjectDisposedException.ThrowIf(_context == 0, this);
            if (!_begun)
                Must(EVP_DigestInit_ex2(_context, algorithm, 0));
            _begun = true;
        }

        public override void Dispose()
        {
            EVP_MD_CTX_free(_context);
            _context = 0;
            base.Dispose();
            GC.SuppressFinalize(this);
        }

        ~Hashing() => EVP_MD_CTX_free(_context);
    }

    /// <summary>An SM2 key as OpenSSL holds it.</summary>
    private sealed class Key : IDisposable
    {
        private readonly nint _key;

        public Key(byte[] point, byte[]? secret)
        {
            // Numbers go in the machine's order, which on all machines of today has the lowest byte first.
            var number = secret?.Reverse().ToArray() ?? [];
            var context = EVP_PKEY_CTX_new_from_name(0, "SM2", null);
            fixed (byte* group = "group\0"u8, sm2 = "SM2\0"u8, pub = "pub\0"u8, at = point, priv = "priv\0"u8, d = number)
            {
                var given = stackalloc Parameter[4];
                given[0] = new Parameter(group, 4, sm2, 3);
                given[1] = new Parameter(pub, 5, at, (nuint)point.Length);
                given[2] = secret is null ? default : new Parameter(priv, 2, d, (nuint)number.Length);
                given[3] = default;
                var made = EVP_PKEY_fromdata_init(context) == 1 && EVP_PKEY_fromdata(context, out _key, secret is null ? 0x86 : 0x87, given) == 1;
                CryptographicOperations.ZeroMemory(number);
                EVP_PKEY_CTX_free(context);
                Must(made ? 1 : 0);
            }
        }

        public nint Begin(Func<nint, int> how)
        {
            var context = EVP_PKEY_CTX_new_from_pkey(0, _key, null);
            Must(how(context));
            return context;
        }

        public void Dispose() => EVP_PKEY_free(_key);
    }
}
