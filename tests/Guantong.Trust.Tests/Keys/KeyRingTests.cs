using System.Security.Cryptography;
using FsCheck.Xunit;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The ring by itself: every text comes back, and no changed one does.</summary>
public sealed class KeyRingTests
{
    private static readonly KeyRing Ring = Of(Suite.Sm4Gcm, Suite.Aes256Gcm);

    private static KeyRing Of(params Suite[] suites) => new(suites.ToDictionary(s => (s.Name, 1L), s => (OpenKey?)new OpenKey(s.Name, 1, s, true, RandomNumberGenerator.GetBytes(32))));

    public static TheoryData<string> Names => [.. Suite.All.Select(s => s.Name)];

    [Property(MaxTest = 200)]
    public bool Every_text_comes_back(string? text, bool national)
    {
        // Half a surrogate pair is no text.
        var clean = string.Concat((text ?? "").Where(c => !char.IsSurrogate(c)));
        var sealedText = Ring.Seal(national ? "sm4-gcm" : "aes-256-gcm", clean, "p");
        return Ring.Open(sealedText, "p") == new Opened(Opening.Clear, clean);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_changed_text_does_not_open_whichever_character_it_is(string name)
    {
        var text = Ring.Seal(name, "张三 13800000000", "p");
        for (var i = Envelope.Mark.Length; i < text.Length - 1; i++)
        {
            var changed = $"{text[..i]}{(text[i] == 'A' ? 'B' : 'A')}{text[(i + 1)..]}";
            Assert.Equal(Opening.Foreign, Ring.Open(changed, "p").Opening);
        }
        for (var length = 0; length < text.Length; length++)
            Assert.Equal(Opening.Foreign, Ring.Open(text[..length], "p").Opening);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_same_text_is_never_sealed_alike_and_its_hash_always(string name)
    {
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => Ring.Seal(name, "a", "p")).Distinct().Count());
        Assert.Single(Enumerable.Range(0, 100).Select(_ => Ring.Hash(name, "a")).Distinct());
        Assert.NotEqual(Ring.Hash(name, "a"), Of(Suite.Named(name)).Hash(name, "a"));
    }

    [Property(MaxTest = 300)]
    public bool Texts_are_sealed_alike_where_text_and_place_are_equal_and_nowhere_else(string? one, string? other, string? place, string? elsewhere, bool national)
    {
        var key = national ? "sm4-gcm" : "aes-256-gcm";
        // Texts that differ in little, and places that run on into them, are drawn as often as others.
        var texts = ((string?[])[one, other, one + "0", place + one]).Select(Clean).ToList();
        var places = ((string?[])[place, elsewhere, place + one, ""]).Select(Clean).ToList();
        var all = (from text in texts from at in places select (text, at, Sealed: Ring.SealAlike(key, text, at)!)).ToList();
        return all.All(a => Ring.Open(a.Sealed, a.at) == new Opened(Opening.Clear, a.text)
            && all.All(b => (a.Sealed == b.Sealed) == (a.text == b.text && a.at == b.at) && (a.at == b.at || Ring.Open(a.Sealed, b.at).Opening == Opening.Foreign)));
    }

    private static string Clean(string? text) => string.Concat((text ?? "").Where(c => !char.IsSurrogate(c)));

    [Property(MaxTest = 300)]
    public bool A_text_that_was_sealed_alike_and_changed_does_not_open(string? text, FsCheck.NonNegativeInt where, FsCheck.PositiveInt by, bool national)
    {
        var sealedText = Ring.SealAlike(national ? "sm4-gcm" : "aes-256-gcm", Clean(text), "p")!;
        Assert.True(Envelope.TryRead(sealedText, out var envelope));
        envelope.Sealed[where.Get % envelope.Sealed.Length] ^= (byte)(1 + by.Get % 255);
        return Ring.Open(envelope.Write(), "p").Opening == Opening.Foreign;
    }

    [Theory, MemberData(nameof(Names))]
    public void Texts_are_sealed_alike_by_one_key_alone_and_only_under_a_version_that_stands(string name)
    {
        Assert.NotEqual(Ring.SealAlike(name, "a", "p"), Of(Suite.Named(name)).SealAlike(name, "a", "p"));
        Assert.Equal(Ring.SealAlike(name, "a", "p"), Ring.SealAlike(name, "a", "p", 1));
        Assert.Null(Ring.SealAlike(name, "a", "p", 2));
        Assert.Throws<InvalidOperationException>(() => Ring.SealAlike("nobody", "a", "p"));
    }

    [Fact]
    public void What_people_type_that_looks_sealed_is_only_text()
    {
        Assert.Equal(Opening.Foreign, Ring.Open("sealed:1:sm4-gcm:1:AAAA", "p").Opening);
        Assert.Equal(Opening.Foreign, Ring.Open("sealed:1:nobody:1:AAAA", "p").Opening);
        Assert.False(KeyRing.IsSealed("sealed:1:a:b:c"));
        Assert.False(KeyRing.IsSealed(null));
    }
}
