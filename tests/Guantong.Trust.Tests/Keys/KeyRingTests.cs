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

    [Fact]
    public void What_people_type_that_looks_sealed_is_only_text()
    {
        Assert.Equal(Opening.Foreign, Ring.Open("sealed:1:sm4-gcm:1:AAAA", "p").Opening);
        Assert.Equal(Opening.Foreign, Ring.Open("sealed:1:nobody:1:AAAA", "p").Opening);
        Assert.False(KeyRing.IsSealed("sealed:1:a:b:c"));
        Assert.False(KeyRing.IsSealed(null));
    }
}
