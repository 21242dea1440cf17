using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Paddings;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace Guantong.Trust;

/// <summary>The national algorithms by Bouncy Castle: everywhere, since it is all managed code.</summary>
internal sealed class Bouncy : SmSuite
{
    private static readonly ECDomainParameters Domain = new(Sm2.Curve);

    private readonly SecureRandom _random;

    private Bouncy(SecureRandom random) => _random = random;

    public static SmSuite Suite { get; } = new Bouncy(new SecureRandom());

    /// <summary>One that draws its chance from elsewhere: published examples name theirs.</summary>
    internal static SmSuite Drawing(SecureRandom random) => new Bouncy(random);

    public override string Name => "Bouncy Castle";

    public override void Sm3(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        var hash = new SM3Digest();
        hash.BlockUpdate(data);
        hash.DoFinal(digest);
    }

    public override Sm3Stream Sm3Begin() => new Stream();

    public override byte[]? Sm4(Sm4Mode mode, bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated = default)
    {
        var with = new KeyParameter(key);
        try
        {
            return mode switch
            {
                Sm4Mode.Ecb => Run(new BufferedBlockCipher(new SM4Engine()), encrypts, with, text),
                Sm4Mode.Cbc => Run(new PaddedBufferedBlockCipher(new CbcBlockCipher(new SM4Engine()), new Pkcs7Padding()), encrypts, new ParametersWithIV(with, nonce), text),
                Sm4Mode.Ctr => Run(new BufferedBlockCipher(new SicBlockCipher(new SM4Engine())), encrypts, new ParametersWithIV(with, nonce), text),
                _ => Run(new BufferedAeadBlockCipher(new GcmBlockCipher(new SM4Engine())), encrypts, new AeadParameters(with, 128, nonce.ToArray(), associated.ToArray()), text),
            };
        }
        catch (CryptoException)
        {
            return null;
        }
    }

    private static byte[] Run(IBufferedCipher cipher, bool encrypts, ICipherParameters with, ReadOnlySpan<byte> text)
    {
        cipher.Init(encrypts, with);
        return cipher.DoFinal(text.ToArray());
    }

    public override byte[] Sm2Sign(Sm2Key key, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data)
    {
        var signer = new SM2Signer(PlainDsaEncoding.Instance);
        signer.Init(true, new ParametersWithID(new ParametersWithRandom(Private(key), _random), id.ToArray()));
        signer.BlockUpdate(data);
        return signer.GenerateSignature();
    }

    public override bool Sm2Verify(Sm2PublicKey key, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var signer = new SM2Signer(PlainDsaEncoding.Instance);
        signer.Init(false, new ParametersWithID(Public(key), id.ToArray()));
        signer.BlockUpdate(data);
        return signer.VerifySignature(signature.ToArray());
    }

    public override byte[] Sm2Encrypt(Sm2PublicKey key, ReadOnlySpan<byte> text)
    {
        var engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
        engine.Init(true, new ParametersWithRandom(Public(key), _random));
        return engine.ProcessBlock(text.ToArray(), 0, text.Length);
    }

    public override byte[]? Sm2Decrypt(Sm2Key key, ReadOnlySpan<byte> cipher)
    {
        var engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
        engine.Init(false, Private(key));
        try
        {
            return engine.ProcessBlock(cipher.ToArray(), 0, cipher.Length);
        }
        catch (Exception e) when (e is CryptoException or ArgumentException)
        {
            return null;
        }
    }

    private static ECPrivateKeyParameters Private(Sm2Key key) => new(new BigInteger(1, key.Secret), Domain);

    private static ECPublicKeyParameters Public(Sm2PublicKey key) => new(Sm2.Curve.Curve.DecodePoint(key.Point), Domain);

    private sealed class Stream : Sm3Stream
    {
        private readonly SM3Digest _hash = new();

        public override void Append(ReadOnlySpan<byte> data) => _hash.BlockUpdate(data);

        public override void Finish(Span<byte> digest) => _hash.DoFinal(digest);
    }
}
