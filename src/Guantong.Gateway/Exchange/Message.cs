using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Gateway;

/// <summary>What one platform says to another of a message: who, to whom, when and what for. It is signed together with the digest of the body.</summary>
/// <param name="Id">Random; nobody takes a message of the same id twice.</param>
/// <param name="Kind">call, answer, post or receipt.</param>
/// <param name="From">The sender's id, and <paramref name="To"/> the receiver's.</param>
/// <param name="Unit">The unit that it is sent for.</param>
/// <param name="At">When it was sent, ISO 8601 in UTC: the receiver takes it within five minutes.</param>
/// <param name="Method">call: the method of the call.</param>
/// <param name="Path">call: path and query below the receiver's gateway; post: the topic.</param>
/// <param name="Status">answer: its status.</param>
/// <param name="Headers">Headers that belong to it.</param>
/// <param name="Answers">answer, receipt: the id of the message that it answers, and in <paramref name="AnswersHash"/> the hash that was signed of it.</param>
/// <param name="Number">post, receipt: its number in the order of what this sender posts to this receiver.</param>
public sealed record MessageHeader(string Id, string Kind, string From, string To, string? Unit, string At, string? Method, string? Path, int? Status, Dictionary<string, string> Headers, string? Answers, string? AnswersHash, long? Number);

/// <summary>The form in which a message crosses: four bytes of the header's length, the header (JSON), the body as it comes, and behind it 32 bytes of the body's SHA-256 and 64 of the signature.</summary>
/// <remarks>
/// Digest and signature stand at the end so that a body of any size goes through without being held. The signature is ECDSA P-256 with SHA-256 over <see cref="Signed"/>; docs/exchange.md gives the form byte by byte.
/// Anchor: X-Road's message protocol and log, which sign, time-stamp in batches and log each message.
/// </remarks>
public static class Message
{
    /// <summary>Its media type.</summary>
    public const string ContentType = "application/vnd.guantong.message";

    /// <summary>The largest header in bytes.</summary>
    public const int LargestHeader = 64 << 10;

    internal const int DigestSize = 32, SignatureSize = 64, FooterSize = DigestSize + SignatureSize;

    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A header's bytes: as they are sent, so they are signed.</summary>
    public static byte[] Write(MessageHeader header) => JsonSerializer.SerializeToUtf8Bytes(header, Written);

    /// <summary>Reads a header.</summary>
    /// <exception cref="MessageException">It is none.</exception>
    public static MessageHeader Read(ReadOnlySpan<byte> header)
    {
        try
        {
            return JsonSerializer.Deserialize<MessageHeader>(header, Written) is { Id.Length: > 0 and <= 64, Kind: not null, From: not null, To: not null, At: not null, Headers: not null } read ? read : throw new MessageException("exchange-form");
        }
        catch (JsonException e)
        {
            throw new MessageException("exchange-form", e);
        }
    }

    /// <summary>What is signed: a fixed word, the header's SHA-256 and the body's.</summary>
    public static byte[] Signed(ReadOnlySpan<byte> header, ReadOnlySpan<byte> digest)
    {
        var signed = new byte[Word.Length + DigestSize + DigestSize];
        Word.CopyTo(signed, 0);
        SHA256.HashData(header, signed.AsSpan(Word.Length));
        digest.CopyTo(signed.AsSpan(Word.Length + DigestSize));
        return signed;
    }

    private static readonly byte[] Word = Encoding.ASCII.GetBytes("guantong message 1\n");

    /// <summary>The hash by which an answer names what it answers: SHA-256 over <see cref="Signed"/>, lower-case hex.</summary>
    public static string Hash(ReadOnlySpan<byte> header, ReadOnlySpan<byte> digest) => Convert.ToHexStringLower(SHA256.HashData(Signed(header, digest)));

    /// <summary>Signs.</summary>
    public static byte[] Sign(ECDsa key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> digest) => key.SignData(Signed(header, digest), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>Whether a signature is the certificate's owner's.</summary>
    public static bool Verify(ECDsa key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        key.VerifyData(Signed(header, digest), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}

/// <summary>A message is not taken.</summary>
/// <param name="code">exchange-form, exchange-altered, exchange-cut, exchange-large, …</param>
public sealed class MessageException(string code, Exception? cause = null) : Exception(code, cause)
{
    /// <summary>Its sentence stands under <c>problem.code</c>.</summary>
    public string Code { get; } = code;
}

/// <summary>Writes a message: header, then whatever is written, then digest and signature. What is small is put together, so that a small message goes out at once.</summary>
internal sealed class MessageWriter(Stream to, MessageHeader header, ECDsa key) : IDisposable
{
    private const int Together = 16 << 10;

    private readonly byte[] _header = Message.Write(header);
    private readonly ArrayBufferWriter<byte> _held = new(4 << 10);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ReadOnlyMemory<byte> Header => _header;

    public byte[] Digest { get; private set; } = [];

    public byte[] Signature { get; private set; } = [];

    public void Begin()
    {
        BinaryPrimitives.WriteInt32BigEndian(_held.GetSpan(4), _header.Length);
        _held.Advance(4);
        _held.Write(_header);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        _hash.AppendData(body.Span);
        if (_held.WrittenCount + body.Length <= Together)
        {
            _held.Write(body.Span);
            return;
        }
        await FlushAsync(cancel);
        await to.WriteAsync(body, cancel);
    }

    /// <summary>Lets go of what was held back.</summary>
    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        if (_held.WrittenCount == 0)
            return;
        await to.WriteAsync(_held.WrittenMemory, cancel);
        _held.ResetWrittenCount();
    }

    /// <summary>Ends it.</summary>
    /// <param name="before">What is done once it is signed and before its last bytes go.</param>
    public async Task EndAsync(Func<byte[], byte[], Task>? before, CancellationToken cancel)
    {
        Digest = _hash.GetHashAndReset();
        Signature = Message.Sign(key, _header, Digest);
        if (before is not null)
            await before(Digest, Signature);
        _held.Write(Digest);
        _held.Write(Signature);
        await FlushAsync(cancel);
    }

    public void Dispose() => _hash.Dispose();
}

/// <summary>A message that came, its digest right; whether its signature is its sender's is asked with the sender's key.</summary>
internal sealed class ReceivedMessage : IAsyncDisposable
{
    // A small body stays in memory, a large one goes through a file.
    private const int InMemory = 256 << 10;

    private ReceivedMessage(byte[] header, Stream body, byte[] digest, byte[] signature) =>
        (HeaderBytes, Header, Body, Digest, Signature) = (header, Message.Read(header), body, digest, signature);

    public byte[] HeaderBytes { get; }

    public MessageHeader Header { get; }

    /// <summary>The body from its beginning.</summary>
    public Stream Body { get; }

    public byte[] Digest { get; }

    public byte[] Signature { get; }

    public string Hash => Message.Hash(HeaderBytes, Digest);

    public bool IsSignedBy(ECDsa key) => Message.Verify(key, HeaderBytes, Digest, Signature);

    /// <summary>Reads one to its end.</summary>
    /// <param name="most">The largest body in bytes.</param>
    /// <exception cref="MessageException">It is none, or is cut off, altered or too large.</exception>
    public static async Task<ReceivedMessage> ReadAsync(Stream from, long most, CancellationToken cancel)
    {
        var length = new byte[4];
        if (await from.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, cancel) < 4)
            throw new MessageException("exchange-cut");
        var size = BinaryPrimitives.ReadInt32BigEndian(length);
        if (size is < 2 or > Message.LargestHeader)
            throw new MessageException("exchange-form");
        var header = new byte[size];
        if (await from.ReadAtLeastAsync(header, size, throwOnEndOfStream: false, cancel) < size)
            throw new MessageException("exchange-cut");
        Stream body = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            // The last bytes are held back: they may be the footer.
            var held = 0;
            while (await from.ReadAsync(buffer.AsMemory(held), cancel) is > 0 and var read)
            {
                held += read;
                if (held <= Message.FooterSize)
                    continue;
                var now = held - Message.FooterSize;
                hash.AppendData(buffer, 0, now);
                if (body is MemoryStream && body.Length + now > InMemory)
                    body = await ToFileAsync((MemoryStream)body, cancel);
                await body.WriteAsync(buffer.AsMemory(0, now), cancel);
                if (body.Length > most)
                    throw new MessageException("exchange-large");
                buffer.AsSpan(now, Message.FooterSize).CopyTo(buffer);
                held = Message.FooterSize;
            }
            if (held < Message.FooterSize)
                throw new MessageException("exchange-cut");
            var digest = buffer[..Message.DigestSize];
            if (!CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), digest))
                throw new MessageException("exchange-altered");
            body.Position = 0;
            return new ReceivedMessage(header, body, digest, buffer[Message.DigestSize..Message.FooterSize]);
        }
        catch
        {
            await body.DisposeAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<Stream> ToFileAsync(MemoryStream small, CancellationToken cancel)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"guantong-message-{Guid.NewGuid():n}"), OwnFile.Options(FileMode.CreateNew, FileAccess.ReadWrite, FileOptions.DeleteOnClose | FileOptions.Asynchronous));
        small.Position = 0;
        await small.CopyToAsync(file, cancel);
        await small.DisposeAsync();
        return file;
    }

    public ValueTask DisposeAsync() => Body.DisposeAsync();
}
