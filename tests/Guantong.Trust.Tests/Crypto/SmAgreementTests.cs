using System.Security.Cryptography;
using FsCheck.Xunit;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The two libraries give each other's answers, and each refuses what was changed.</summary>
public sealed class SmAgreementTests
{
    // The one in use, and the one that is everywhere; the same twice where there is no OpenSSL.
    private static readonly SmSuite One = SmSuite.Current, Other = Bouncy.Suite;

    private static readonly Sm2Key Key = Sm2.Generate();

    private static byte[] Of(int length, byte[] seed)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = seed.Length == 0 ? (byte)i : (byte)(seed[i % seed.Length] + i / seed.Length);
        return bytes;
    }

    [Property]
    public void Hashes_agree_whole_and_in_pieces(byte[] text, byte cut)
    {
        var at = text.Length == 0 ? 0 : cut % text.Length;
        byte[] one = new byte[32], other = new byte[32], pieces = new byte[32];
        One.Sm3(text, one);
        Other.Sm3(text, other);
        using var stream = One.Sm3Begin();
        stream.Append(text.AsSpan(0, at));
        stream.Append(text.AsSpan(at));
        stream.Finish(pieces);
        Assert.Equal(one, other);
        Assert.Equal(one, pieces);
        Assert.Equal(Sm3.Hmac(One, text, text), Sm3.Hmac(Other, text, text));
    }

    [Property]
    public void Keyed_hashes_are_HMAC(byte[] key, byte[] text)
    {
        var hmac = new Org.BouncyCastle.Crypto.Macs.HMac(new Org.BouncyCastle.Crypto.Digests.SM3Digest());
        foreach (var given in (byte[][])[key, Of(key.Length + 64, key)])
        {
            hmac.Init(new Org.BouncyCastle.Crypto.Parameters.KeyParameter(given));
            hmac.BlockUpdate(text);
            var digest = new byte[32];
            hmac.DoFinal(digest);
            Assert.Equal(digest, Sm3.Hmac(given, text));
        }
    }

    [Property]
    public void Ciphers_agree_and_come_back(byte[] text, byte[] seed)
    {
        var (key, start) = (Of(16, seed), Of(16, text));
        foreach (var mode in Enum.GetValues<Sm4Mode>())
        {
            var plain = mode == Sm4Mode.Ecb ? Of(text.Length * 16, text) : text;
            var nonce = mode switch { Sm4Mode.Ecb => [], Sm4Mode.Gcm => start[..12], _ => start };
            var associated = mode == Sm4Mode.Gcm ? seed : [];
            var one = Sm4.Run(One, mode, true, key, nonce, plain, associated);
            Assert.Equal(one, Sm4.Run(Other, mode, true, key, nonce, plain, associated));
            Assert.Equal(plain, Sm4.Run(One, mode, false, key, nonce, one, associated));
            Assert.Equal(plain, Sm4.Run(Other, mode, false, key, nonce, one, associated));
        }
    }

    [Property]
    public void A_sealed_text_with_one_bit_changed_is_refused(byte[] text, byte[] associated, int bit)
    {
        var (key, nonce) = (Of(16, text), Of(12, associated));
        var cipher = Sm4.Run(One, Sm4Mode.Gcm, true, key, nonce, text, associated);
        var at = (int)((uint)bit % (cipher.Length * 8));
        cipher[at / 8] ^= (byte)(1 << at % 8);
        foreach (var suite in SmSuite.All)
        {
            Assert.Throws<CryptographicException>(() => Sm4.Run(suite, Sm4Mode.Gcm, false, key, nonce, cipher, associated));
            Assert.Throws<CryptographicException>(() => Sm4.Run(suite, Sm4Mode.Gcm, false, key, nonce, cipher.AsSpan(0, at % 16), associated));
        }
    }

    [Property]
    public void Products_agree_with_and_without_the_machines_instruction(ulong a, ulong b, ulong c, ulong d) =>
        Assert.Equal(CounterGcm.MultiplyBitwise(new(a, b), new(c, d)), CounterGcm.Multiply(new(a, b), new(c, d)));

    [Property(MaxTest = 30)]
    public void Signatures_of_each_hold_for_the_other(byte[] text, byte[] id)
    {
        var changed = (byte[])[.. text, 1];
        foreach (var (by, checks) in (IEnumerable<(SmSuite, SmSuite)>)[(One, Other), (Other, One), (One, One)])
        {
            var signature = by.Sm2Sign(Key, id, text);
            Assert.True(checks.Sm2Verify(Key.Public, id, text, signature));
            Assert.False(checks.Sm2Verify(Key.Public, id, changed, signature));
            Assert.False(checks.Sm2Verify(Sm2.Generate().Public, id, text, signature));
            signature[text.Length % 64] ^= 4;
            Assert.False(checks.Sm2Verify(Key.Public, id, text, signature));
        }
    }

    [Property(MaxTest = 30)]
    public void Texts_encrypted_by_each_open_with_the_other(byte first, byte[] more)
    {
        byte[] text = [first, .. more];
        foreach (var (by, opens) in (IEnumerable<(SmSuite, SmSuite)>)[(One, Other), (Other, One)])
        {
            var cipher = by.Sm2Encrypt(Key.Public, text);
            Assert.Equal(text, opens.Sm2Decrypt(Key, cipher));
            cipher[^1] ^= 1;
            Assert.Null(opens.Sm2Decrypt(Key, cipher));
        }
    }

    [Fact]
    public void A_signature_is_read_in_the_one_way_DER_allows()
    {
        var signature = Sm2.Sign(Key, "text"u8);
        Assert.True(Sm2.Verify(Key.Public, "text"u8, signature));
        Assert.False(Sm2.Verify(Key.Public, "text"u8, [.. signature, 0]));
        Assert.False(Sm2.Verify(Key.Public, "text"u8, signature.AsSpan(0, signature.Length - 1)));
        Assert.False(Sm2.Verify(Key.Public, "text"u8, []));
    }
}
