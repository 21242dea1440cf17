using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Guantong.Trust;

/// <summary>A stream of any length, sealed in chunks: for backups. Changed, cut off, lengthened or put in another order, it does not open.</summary>
/// <remarks>
/// The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015): each chunk is bound to its
/// number and to whether it is the last, all of them to the head, which says how the key is come by: PBKDF2 of a passphrase (RFC 8018), or wrapped by a root key.
/// </remarks>
public static class SealedStream
{
    private const int Chunk = 1 << 20;
    private const int MostHead = 64 << 10;

    // OWASP, "Password Storage Cheat Sheet", PBKDF2 with HMAC-SHA256.
    private const int Rounds = 600_000;
    private static readonly byte[] Magic = "GTSEAL1\n"u8.ToArray();

    private sealed record Head(string Suite, string? Salt, int? Rounds, string? Root, string? Wrapped);

    /// <summary>Seals under a passphrase.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="write">Writes the text.</param>
    public static Task SealAsync(Stream output, Suite suite, string passphrase, Func<Stream, Task> write, CancellationToken cancel = default)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return SealAsync(output, suite, new Head(suite.Name, Convert.ToBase64String(salt), Rounds, null, null), Secret(passphrase, salt, Rounds), write, cancel);
    }

    /// <summary>Seals under a root key.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="write">Writes the text.</param>
    public static async Task SealAsync(Stream output, Suite suite, IRootKey root, Func<Stream, Task> write, CancellationToken cancel = default)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await SealAsync(output, suite, new Head(suite.Name, null, null, root.Id, await root.WrapAsync(secret, "stream", cancel)), secret, write, cancel);
    }

    private static async Task SealAsync(Stream output, Suite suite, Head head, byte[] secret, Func<Stream, Task> write, CancellationToken cancel)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(head);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        await output.WriteAsync(Magic, cancel);
        await output.WriteAsync(length, cancel);
        await output.WriteAsync(bytes, cancel);
        await using var writer = new Writer(output, new Sealer(suite, secret, bytes));
        await write(writer);
        await writer.EndAsync(cancel);
    }

    /// <summary>Opens a sealed stream. What is read is authentic as far as it goes; only once all is read is it known to be whole.</summary>
    /// <param name="passphrase">Asked for where it was sealed under one; null where there is none.</param>
    /// <param name="roots">Used where it was sealed under a root key; null where there are none.</param>
    /// <exception cref="CryptographicException">It is no sealed stream, changed, cut off, or this is not its key.</exception>
    public static async Task<Stream> OpenAsync(Stream input, Func<string>? passphrase, RootKeys? roots, CancellationToken cancel = default)
    {
        var start = new byte[Magic.Length + 4];
        if (await input.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel) < start.Length || !start.AsSpan(0, Magic.Length).SequenceEqual(Magic)
            || BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(Magic.Length)) is not (> 0 and <= MostHead and var length))
            throw new CryptographicException("This is no sealed stream.");
        var bytes = new byte[length];
        if (await input.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false, cancel) < length)
            throw new CryptographicException("The stream is cut off.");
        var head = Read(bytes);
        var secret = head switch
        {
            // More rounds than asked for would be a way to keep this machine busy.
            { Salt: { } salt, Rounds: > 0 and <= 10 * Rounds and var rounds } when passphrase is not null => Secret(passphrase(), Convert.FromBase64String(salt), rounds),
            { Root: { } root, Wrapped: { } wrapped } when roots is not null => await roots.Find(root).UnwrapAsync(wrapped, "stream", cancel),
            _ => throw new CryptographicException("The stream was sealed under a key that is not here."),
        };
        return new Reader(input, new Sealer(Suite.Named(head.Suite), secret, bytes));
    }

    private static Head Read(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<Head>(bytes)!;
        }
        catch (JsonException)
        {
            throw new CryptographicException("The stream's head was changed.");
        }
    }

    private static byte[] Secret(string passphrase, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase.Normalize(NormalizationForm.FormKC)), salt, rounds, HashAlgorithmName.SHA256, 32);

    /// <summary>Seals and opens the chunks, one after the other.</summary>
    private sealed class Sealer(Suite suite, byte[] secret, byte[] head)
    {
        // A changed head gives another key.
        private readonly byte[] _key = suite.Derive(secret, "stream " + Convert.ToHexStringLower(SHA256.HashData(head)));
        private long _number;

        public byte[] Seal(ReadOnlySpan<byte> text, bool isLast) => suite.Seal(_key, text, Next(isLast));

        public byte[] Open(ReadOnlySpan<byte> text, bool isLast) => suite.Open(_key, text, Next(isLast));

        private byte[] Next(bool isLast)
        {
            var bound = new byte[9];
            BinaryPrimitives.WriteInt64BigEndian(bound, _number++);
            bound[8] = isLast ? (byte)1 : (byte)0;
            return bound;
        }
    }

    // A chunk on the wire: its length in four bytes, the topmost bit set on the last.
    private sealed class Writer(Stream output, Sealer sealer) : OneWay
    {
        private readonly byte[] _buffer = new byte[Chunk];
        private int _filled;

        public override bool CanWrite => true;

        public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (buffer.Length > 0)
            {
                if (_filled == Chunk)
                    await PutAsync(isLast: false, cancellationToken);
                var part = Math.Min(buffer.Length, Chunk - _filled);
                buffer[..part].CopyTo(_buffer.AsMemory(_filled));
                _filled += part;
                buffer = buffer[part..];
            }
        }

        public async Task EndAsync(CancellationToken cancel)
        {
            await PutAsync(isLast: true, cancel);
            await output.FlushAsync(cancel);
        }

        private async Task PutAsync(bool isLast, CancellationToken cancel)
        {
            var chunk = sealer.Seal(_buffer.AsSpan(0, _filled), isLast);
            var length = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)chunk.Length | (isLast ? 1u << 31 : 0));
            await output.WriteAsync(length, cancel);
            await output.WriteAsync(chunk, cancel);
            _filled = 0;
        }
    }

    private sealed class Reader(Stream input, Sealer sealer) : OneWay
    {
        private byte[] _chunk = [];
        private int _at;
        private bool _isOver;

        public override bool CanRead => true;

        public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_at == _chunk.Length && !_isOver)
                await NextAsync(cancellationToken);
            var part = Math.Min(buffer.Length, _chunk.Length - _at);
            _chunk.AsMemory(_at, part).CopyTo(buffer);
            _at += part;
            return part;
        }

        private async Task NextAsync(CancellationToken cancel)
        {
            var start = new byte[4];
            if (await input.ReadAtLeastAsync(start, 4, throwOnEndOfStream: false, cancel) < 4)
                throw new CryptographicException("The stream is cut off.");
            var word = BinaryPrimitives.ReadUInt32BigEndian(start);
            var (length, isLast) = ((int)(word & ~(1u << 31)), word >> 31 == 1);
            if (length > Chunk + 64)
                throw new CryptographicException("The stream was changed.");
            var chunk = new byte[length];
            if (await input.ReadAtLeastAsync(chunk, length, throwOnEndOfStream: false, cancel) < length)
                throw new CryptographicException("The stream is cut off.");
            (_chunk, _at, _isOver) = (sealer.Open(chunk, isLast), 0, isLast);
            if (isLast && await input.ReadAsync(new byte[1], cancel) > 0)
                throw new CryptographicException("Something stands behind the stream's end.");
        }
    }

    /// <summary>What is read or written once, from its start to its end.</summary>
    private abstract class OneWay : Stream
    {
        public override bool CanRead => false;

        public override bool CanWrite => false;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
