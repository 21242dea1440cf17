using System.Security.Cryptography;
using System.Text;
using Guantong.Trust;
using Org.BouncyCastle.Security;

namespace Guantong.Tests;

/// <summary>The published examples of SM2, SM3 and SM4, on each library that this machine has.</summary>
public sealed class SmVectorTests
{
    public static TheoryData<string> Suites => [.. SmSuite.All.Select(s => s.Name)];

    private static SmSuite Suite(string name) => SmSuite.All.Single(s => s.Name == name);

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public void Both_libraries_are_tried_where_OpenSSL_is() => Assert.Equal(OpenSsl.Suite is null ? 1 : 2, SmSuite.All.Count);

    // GB/T 32905-2016, annex A.1 and A.2.
    [Theory, MemberData(nameof(Suites))]
    public void SM3_gives_the_published_hashes(string name)
    {
        foreach (var (text, hash) in (IEnumerable<(string, string)>)[
            ("abc", "66c7f0f4 62eeedd9 d1f2d46b dc10e4e2 4167c487 5cf2f7a2 297da02b 8f4ba8e0"),
            (string.Concat(Enumerable.Repeat("abcd", 16)), "debe9ff9 2275b8a1 38604889 c18e5a4d 6fdb70e5 387e5765 293dcba3 9c0c5732")])
        {
            var digest = new byte[32];
            Suite(name).Sm3(Encoding.ASCII.GetBytes(text), digest);
            Assert.Equal(Hex(hash), digest);
            using var stream = Suite(name).Sm3Begin();
            foreach (var letter in text)
                stream.Append([(byte)letter]);
            stream.Finish(digest);
            Assert.Equal(Hex(hash), digest);
        }
    }

    // GB/T 32907-2016, annex A.1.
    [Theory, MemberData(nameof(Suites))]
    public void SM4_gives_the_published_block(string name)
    {
        var key = Hex("0123456789abcdeffedcba9876543210");
        var cipher = Sm4.Run(Suite(name), Sm4Mode.Ecb, true, key, default, key);
        Assert.Equal(Hex("681edf34d206965e86b3e94f536e4246"), cipher);
        Assert.Equal(key, Sm4.Run(Suite(name), Sm4Mode.Ecb, false, key, default, cipher));
    }

    // GB/T 32907-2016, annex A.2. Chained from nothing over texts of nothing, CBC is the same million blocks.
    [Theory, MemberData(nameof(Suites))]
    public void SM4_gives_the_published_block_after_a_million_rounds(string name)
    {
        var key = Hex("0123456789abcdeffedcba9876543210");
        var cipher = Sm4.Run(Suite(name), Sm4Mode.Cbc, true, key, key, new byte[16 * 1_000_000]);
        Assert.Equal(Hex("595298c7c6fd271f0402f804c33d3f66"), cipher.AsSpan(16 * 999_999, 16).ToArray());
    }

    // RFC 8998, appendix A.1.
    [Theory, MemberData(nameof(Suites))]
    public void SM4_in_GCM_gives_the_published_text_and_tag(string name)
    {
        var (key, nonce, associated) = (Hex("0123456789ABCDEFFEDCBA9876543210"), Hex("00001234567800000000ABCD"), Hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"));
        var text = Hex("AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDDEEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA");
        var cipher = Sm4.Run(Suite(name), Sm4Mode.Gcm, true, key, nonce, text, associated);
        Assert.Equal("17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D83DE3541E4C2B58177E065A9BF7B62EC", Convert.ToHexString(cipher));
        Assert.Equal(text, Sm4.Run(Suite(name), Sm4Mode.Gcm, false, key, nonce, cipher, associated));
    }

    private static readonly Sm2Key Published = new(Hex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"));

    private static readonly byte[] Chance = Hex("59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21");

    private const string Signature = "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA";

    private const string Cipher = "04" + "04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73" + "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
        + "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766" + "21886CA989CA9C7D58087307CA93092D651EFA";

    // GB/T 32918.5-2017, annex A.
    [Theory, MemberData(nameof(Suites))]
    public void SM2_finds_the_published_signature_good(string name)
    {
        Assert.Equal("0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13", Convert.ToHexString(Published.Public.Point));
        Assert.Equal("B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3", Convert.ToHexString(Sm2.Identity(Suite(name), Published.Public, Sm2.DefaultId)));
        Assert.True(Suite(name).Sm2Verify(Published.Public, Sm2.DefaultId, "message digest"u8, Hex(Signature)));
        Assert.False(Suite(name).Sm2Verify(Published.Public, "1234567812345679"u8, "message digest"u8, Hex(Signature)));
        Assert.False(Suite(name).Sm2Verify(Published.Public, Sm2.DefaultId, "message digesu"u8, Hex(Signature)));
    }

    // GB/T 32918.5-2017, annex C.
    [Theory, MemberData(nameof(Suites))]
    public void SM2_decrypts_the_published_text(string name) => Assert.Equal("encryption standard"u8.ToArray(), Suite(name).Sm2Decrypt(Published, Hex(Cipher)));

    [Fact]
    public void SM2_signs_and_encrypts_as_published_where_its_chance_can_be_given()
    {
        var suite = Bouncy.Drawing(new Drawn(Chance));
        Assert.Equal(Signature, Convert.ToHexString(suite.Sm2Sign(Published, Sm2.DefaultId, "message digest"u8)));
        Assert.Equal(Cipher, Convert.ToHexString(suite.Sm2Encrypt(Published.Public, "encryption standard"u8)));
    }

    [Fact]
    public void Keys_come_back_from_PEM_and_other_keys_do_not()
    {
        var key = Sm2Key.FromPem(Published.ToPem());
        Assert.Equal(Published.Secret, key.Secret);
        Assert.Equal(key.Public.Id, Sm2PublicKey.FromPem(Published.Public.ToPem()).Id);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<CryptographicException>(() => Sm2Key.FromPem(other.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<CryptographicException>(() => Sm2PublicKey.FromPem(other.ExportSubjectPublicKeyInfoPem()));
        Assert.Throws<CryptographicException>(() => new Sm2PublicKey(Hex("04" + new string('1', 128))));
    }

    private sealed class Drawn(byte[] bytes) : SecureRandom
    {
        public override void NextBytes(byte[] buf) => bytes.AsSpan(0, buf.Length).CopyTo(buf);

        public override void NextBytes(Span<byte> buffer) => bytes.AsSpan(0, buffer.Length).CopyTo(buffer);
    }
}
