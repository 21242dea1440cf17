using System.Security.Cryptography;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Sealed streams: what comes back is what went in, and nothing that was touched comes back.</summary>
public sealed class SealedStreamTests
{
    private const string Passphrase = "一段足够长的口令 long enough";

    private static async Task<byte[]> SealAsync(byte[] text, Suite suite, IRootKey? root = null)
    {
        var output = new MemoryStream();
        Func<Stream, Task> write = s => s.WriteAsync(text).AsTask();
        await (root is null ? SealedStream.SealAsync(output, suite, Passphrase, write) : SealedStream.SealAsync(output, suite, root, write));
        return output.ToArray();
    }

    private static async Task<byte[]> OpenAsync(byte[] sealedText, string? passphrase = Passphrase, RootKeys? roots = null)
    {
        await using var stream = await SealedStream.OpenAsync(new MemoryStream(sealedText), passphrase is null ? null : () => passphrase, roots);
        var output = new MemoryStream();
        await stream.CopyToAsync(output);
        return output.ToArray();
    }

    [Theory]
    [InlineData(0, "sm4-gcm"), InlineData(1, "aes-256-gcm"), InlineData(1 << 20, "sm4-gcm"), InlineData((1 << 20) + 1, "aes-256-gcm"), InlineData((3 << 20) - 7, "sm4-gcm")]
    public async Task A_stream_of_any_length_comes_back(int length, string suite)
    {
        var text = RandomNumberGenerator.GetBytes(length);
        Assert.Equal(text, await OpenAsync(await SealAsync(text, Suite.Named(suite))));
    }

    [Fact]
    public async Task A_wrong_passphrase_opens_nothing() =>
        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await OpenAsync(await SealAsync([1, 2, 3], Suite.Sm4Gcm), "another"));

    [Fact]
    public async Task A_stream_under_a_root_key_opens_with_it_alone()
    {
        var folder = Directory.CreateTempSubdirectory("guantong-stream-").FullName;
        FileRoot Root(string name) => FileRoot.Open(Path.Combine(folder, name), Suite.Sm4Gcm, mayMake: true);
        var sealedText = await SealAsync([1, 2, 3], Suite.Sm4Gcm, Root("a"));
        Assert.Equal([1, 2, 3], await OpenAsync(sealedText, null, new RootKeys([Root("b"), Root("a")])));
        await Assert.ThrowsAsync<ConfigurationException>(() => OpenAsync(sealedText, null, new RootKeys([Root("b")])));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(sealedText));
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task A_stream_that_was_cut_off_lengthened_changed_or_put_in_another_order_does_not_open()
    {
        var root = Directory.CreateTempSubdirectory("guantong-stream-").FullName;
        var roots = new RootKeys([FileRoot.Open(Path.Combine(root, "a"), Suite.Aes256Gcm, mayMake: true)]);
        const int chunk = 1 << 20, onWire = chunk + 4 + 28;
        var whole = await SealAsync(new byte[(2 * chunk) + 100], Suite.Aes256Gcm, roots.Current);
        var head = whole.Length - (2 * onWire) - (100 + 4 + 28);
        Task RefusedAsync(byte[] text) => Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(text, null, roots));
        foreach (var length in (int[])[0, 5, head - 1, head, head + 2, head + onWire, head + (2 * onWire), whole.Length - 1])
            await RefusedAsync(whole[..length]);
        await RefusedAsync([.. whole, 0]);
        for (var i = 0; i < whole.Length; i += i < head + 8 ? 1 : 65_537)
        {
            var changed = (byte[])whole.Clone();
            changed[i] ^= 1;
            await Assert.ThrowsAnyAsync<Exception>(() => OpenAsync(changed, null, roots));
        }
        await RefusedAsync([.. whole[..head], .. whole[(head + onWire)..(head + (2 * onWire))], .. whole[head..(head + onWire)], .. whole[(head + (2 * onWire))..]]);
        await RefusedAsync([.. whole[..head], .. whole[(head + onWire)..]]);
        // The end of another stream is not this one's.
        var other = await SealAsync(new byte[(2 * chunk) + 100], Suite.Aes256Gcm, roots.Current);
        await RefusedAsync([.. whole[..(head + (2 * onWire))], .. other[(other.Length - 132)..]]);
        Directory.Delete(root, true);
    }
}
