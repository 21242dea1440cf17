using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Guantong.Gateway;

/// <summary>Takes messages of peers: each has to be a known peer's, whole, signed, meant for this platform, of this very time, and new. A call then goes through the gateway like any other, in the peer's name, and its answer goes back signed.</summary>
public sealed class ExchangeIn(Peers peers, ExchangeIdentity identity, CallJournal journal, Ledger ledger, Store store, TimeProvider clock) : IDisposable
{
    /// <summary>Where messages are taken.</summary>
    public const string Path = "/exchange/message";

    /// <summary>How far a sender's clock may be from this one's.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromMinutes(5);

    /// <summary>The largest body in bytes.</summary>
    public const long Largest = 64L << 30;

    private const int LargestPost = 4 << 20;

    // Ids of the last minutes: what is older is refused by its time.
    private readonly ConcurrentDictionary<string, long> _seen = new();
    private readonly SemaphoreSlim _opening = new(1, 1);
    private volatile bool _isOpen;
    private long _swept;

    /// <summary>Takes a message; what is none is left to <paramref name="next"/>.</summary>
    /// <param name="next">The platform, which answers calls.</param>
    public async Task TakeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path != Path)
        {
            await next(http);
            return;
        }
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var peer = default(StandingPeer);
        try
        {
            if (!HttpMethods.IsPost(http.Request.Method) || http.Request.ContentType != Message.ContentType)
                throw new MessageException("exchange-form");
            if (await http.Connection.GetClientCertificateAsync(http.RequestAborted) is not { } certificate || (peer = await peers.OfAsync(certificate, http.RequestAborted)) is null)
                throw new MessageException("exchange-unknown");
            if (peer.Peer.State != "active")
                throw new MessageException("exchange-revoked");
            await using var message = await ReceivedMessage.ReadAsync(http.Request.Body, Largest, http.RequestAborted);
            await HoldAsync(message, peer, http.RequestAborted);
            if (message.Header.Kind == "post")
                await PostedAsync(http, message, peer);
            else
                await CalledAsync(http, message, peer, next);
        }
        catch (MessageException refused) when (!http.Response.HasStarted)
        {
            await journal.WriteAsync(new CallLine(clock.GetUtcNow(), peer?.Peer.Unit ?? "unknown", "exchange.refused", $"peer:{peer?.Peer.Id ?? "unknown"}", JsonSerializer.Serialize(new { why = refused.Code }), peer?.Peer.Unit, null), http.RequestAborted);
            await http.Problem(refused.Code is "exchange-unknown" or "exchange-revoked" ? 403 : refused.Code is "exchange-replayed" or "exchange-order" ? 409 : 400, refused.Code).ExecuteAsync(http);
        }
    }

    private async Task HoldAsync(ReceivedMessage message, StandingPeer peer, CancellationToken cancel)
    {
        var header = message.Header;
        if (!message.IsSignedBy(peer.Key))
            throw new MessageException("exchange-altered");
        if (header.From != peer.Peer.Id || header.To != identity.Id || header.Kind is not ("call" or "post"))
            throw new MessageException("exchange-address");
        var now = clock.GetUtcNow();
        if (!DateTimeOffset.TryParse(header.At, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at) || (now - at).Duration() > Apart)
            throw new MessageException("exchange-expired");
        // A post that is sent again, since its receipt was lost, is known by its number.
        if (header.Kind == "post")
            return;
        await OpenAsync(cancel);
        if (!_seen.TryAdd($"{header.From} {header.Id}", at.UtcTicks))
            throw new MessageException("exchange-replayed");
        Sweep(now);
    }

    // After a start, what was taken just before it is not taken again.
    private async Task OpenAsync(CancellationToken cancel)
    {
        if (_isOpen)
            return;
        await _opening.WaitAsync(cancel);
        try
        {
            if (_isOpen)
                return;
            await foreach (var entry in ledger.StreamAsync(new LedgerQuery(Action: "exchange.answered", From: Time.Write(clock.GetUtcNow() - 2 * Apart)), 0, long.MaxValue, cancel))
            {
                using var detail = JsonDocument.Parse(entry.Detail);
                _seen.TryAdd($"{detail.RootElement.GetProperty("peer").GetString()} {entry.About["message:".Length..]}", clock.GetUtcNow().UtcTicks);
            }
            _isOpen = true;
        }
        finally
        {
            _opening.Release();
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        var last = Interlocked.Read(ref _swept);
        if (now.UtcTicks - last < TimeSpan.TicksPerMinute || Interlocked.CompareExchange(ref _swept, now.UtcTicks, last) != last)
            return;
        foreach (var (id, at) in _seen)
        {
            if (now.UtcTicks - at > 2 * Apart.Ticks)
                _seen.TryRemove(id, out _);
        }
    }

    private static readonly string[] Inner = ["Content-Type", "Accept", "Accept-Language", GatewayCall.PurposeHeader, GatewayCall.MatterHeader];

    private static readonly string[] Outer = ["Content-Type", "Content-Disposition", "Retry-After", "Sunset", "Deprecation", "Content-Digest", "Signature-Input", "Signature", "Guantong-Grant", "Guantong-Trace", "Guantong-Position", "Guantong-More", "Guantong-Version"];

    private async Task CalledAsync(HttpContext http, ReceivedMessage message, StandingPeer peer, RequestDelegate next)
    {
        var header = message.Header;
        if (header.Path is not { Length: > 0 and <= 4000 } path || !path.StartsWith('/') || header.Method is not ("GET" or "POST" or "PUT" or "DELETE"))
            throw new MessageException("exchange-form");
        var (request, query) = (http.Request, path.IndexOf('?', StringComparison.Ordinal));
        foreach (var name in request.Headers.Keys.Where(k => k is not "Host").ToList())
            request.Headers.Remove(name);
        foreach (var name in Inner)
        {
            if (header.Headers.TryGetValue(name, out var value))
                request.Headers[name] = value;
        }
        request.Method = header.Method;
        // Only the gateway: nothing else of this platform is a peer's to call.
        request.Path = GatewayRoom.Path + Uri.UnescapeDataString(query < 0 ? path : path[..query]);
        request.QueryString = query < 0 ? default : new QueryString(path[query..]);
        request.Body = message.Body;
        request.ContentLength = message.Body.Length;
        if (message.Body.Length > 0)
            http.Features.Set<IHttpRequestBodyDetectionFeature>(new Bodied());
        var machine = new Person(peer.Peer.Unit, peer.Peer.Name, peer.Peer.Name, "machine", peer.Peer.Unit, "", [PolicyBook.Consumer]);
        http.User = Callers.Claims(machine);
        http.Features.Set(new UnitKey(machine, http.User));

        var original = http.Features.Get<IHttpResponseBodyFeature>()!;
        await using var answer = new AnswerStream(http, original.Stream, () => new MessageHeader(Guid.NewGuid().ToString("n"), "answer", identity.Id, header.From, null, Time.Write(clock.GetUtcNow()), null, null, http.Response.StatusCode,
            Outer.Where(h => http.Response.Headers.ContainsKey(h)).ToDictionary(h => h, h => http.Response.Headers[h].ToString()), header.Id, message.Hash, null), identity.Key);
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer, original));
        try
        {
            await next(http);
            var writer = answer.Prepare();
            // Written down before the last bytes, without which the answer is none.
            await writer.EndAsync(async (digest, signature) => await journal.WriteAsync(new CallLine(clock.GetUtcNow(), peer.Peer.Unit, "exchange.answered", $"message:{header.Id}",
                Logged(peer.Peer.Id, peer.Thumbprint, message, Thumbprint, writer.Header.Span, digest, signature), peer.Peer.Unit, null), http.RequestAborted), http.RequestAborted);
        }
        finally
        {
            http.Features.Set(original);
        }
    }

    private string Thumbprint => _thumbprint ??= ExchangeIdentity.Thumbprint(identity.Certificate);

    private string? _thumbprint;

    /// <summary>What the ledger keeps of a message and its answer: all that proves them but the bodies.</summary>
    internal static string Logged(string peer, string by, ReceivedMessage message, string answerBy, ReadOnlySpan<byte> answer, byte[] digest, byte[] signature) =>
        Logged(peer, by, message.HeaderBytes, message.Digest, message.Signature, answerBy, answer, digest, signature);

    internal static string Logged(string peer, string by, ReadOnlySpan<byte> header, byte[] digest, byte[] signature, string answerBy, ReadOnlySpan<byte> answer, byte[] answerDigest, byte[] answerSignature) => JsonSerializer.Serialize(new
    {
        peer,
        message = new { header = System.Text.Encoding.UTF8.GetString(header), digest = Convert.ToHexStringLower(digest), signature = Convert.ToBase64String(signature), by },
        answer = new { header = System.Text.Encoding.UTF8.GetString(answer), digest = Convert.ToHexStringLower(answerDigest), signature = Convert.ToBase64String(answerSignature), by = answerBy },
    }, Gateway.Written);

    /// <inheritdoc/>
    public void Dispose() => _opening.Dispose();

    private sealed class Bodied : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }

    private async Task PostedAsync(HttpContext http, ReceivedMessage message, StandingPeer peer)
    {
        var header = message.Header;
        if (header.Number is not { } number || header.Path is not { Length: > 0 and <= 200 } topic || message.Body.Length > LargestPost)
            throw new MessageException(message.Body.Length > LargestPost ? "exchange-large" : "exchange-form");
        using var body = new MemoryStream();
        await message.Body.CopyToAsync(body, http.RequestAborted);
        var receipt = new MessageHeader(Guid.NewGuid().ToString("n"), "receipt", identity.Id, header.From, null, Time.Write(clock.GetUtcNow()), null, null, 200, [], header.Id, message.Hash, number);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // One after the other, so that each sees the number before it.
            var last = await change.FindAsync<(long Number, string Id)?>("SELECT number, id FROM exchange_inbox WHERE peer = @peer ORDER BY number DESC LIMIT 1", new { peer = peer.Peer.Id });
            if (number == last?.Number && header.Id == last?.Id)
            {
                change.Record(peer.Peer.Unit, "exchange.received-again", $"message:{header.Id}", JsonSerializer.Serialize(new { peer = peer.Peer.Id, number }), peer.Peer.Unit);
                return;
            }
            if (number != (last?.Number ?? 0) + 1)
                throw new MessageException(number <= last?.Number ? "exchange-replayed" : "exchange-order");
            await change.ExecuteAsync("INSERT INTO exchange_inbox (peer, number, id, unit, topic, content_type, body, received) VALUES (@peer, @number, @Id, @Unit, @topic, @type, @body, @Stamp)",
                new { peer = peer.Peer.Id, number, header.Id, header.Unit, topic, type = header.Headers.GetValueOrDefault("Content-Type", "application/octet-stream"), body = Convert.ToBase64String(body.ToArray()), change.Stamp });
            var written = Message.Write(receipt);
            var digest = SHA256.HashData([]);
            change.Record(peer.Peer.Unit, "exchange.received", $"message:{header.Id}", Logged(peer.Peer.Id, peer.Thumbprint, message, Thumbprint, written, digest, Message.Sign(identity.Key, written, digest)), peer.Peer.Unit);
        }, http.RequestAborted);
        http.Response.ContentType = Message.ContentType;
        using var writer = new MessageWriter(http.Response.Body, receipt, identity.Key);
        writer.Begin();
        await writer.EndAsync(null, http.RequestAborted);
    }
}

/// <summary>Wraps what is written into an answer's message: its header is made when the first byte comes, when status and headers are known.</summary>
internal sealed class AnswerStream(HttpContext http, Stream inner, Func<MessageHeader> header, ECDsa key) : Stream
{
    private MessageWriter? _writer;

    /// <summary>The answer's writer, begun.</summary>
    public MessageWriter Prepare()
    {
        if (_writer is { } writer)
            return writer;
        _writer = writer = new MessageWriter(inner, header(), key);
        var response = http.Response;
        (response.StatusCode, response.ContentLength, response.ContentType) = (200, null, Message.ContentType);
        writer.Begin();
        return writer;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => Prepare().WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Nothing is sent before there is something to send: status and headers may still change.
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_writer is null)
            return;
        await _writer.FlushAsync(cancellationToken);
        await inner.FlushAsync(cancellationToken);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() => throw new NotSupportedException("Answers are written without blocking.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written without blocking.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _writer?.Dispose();
        base.Dispose(disposing);
    }
}
