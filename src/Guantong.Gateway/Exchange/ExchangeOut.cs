using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Guantong.Trust;

namespace Guantong.Gateway;

/// <summary>Sends messages to peers over mutual TLS, and takes their answers: whole, signed by that very peer, and answering that very message.</summary>
public sealed class ExchangeOut(Peers peers, ExchangeIdentity identity, CallJournal journal, TimeProvider clock) : IDisposable
{
    // How long a posted message may take to a peer and its receipt back.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _clients = new();

    /// <summary>A call of a peer's gateway.</summary>
    /// <param name="by">Who calls.</param>
    /// <param name="path">Path and query below the peer's gateway, beginning with a slash.</param>
    /// <param name="headers">Headers that go with it.</param>
    /// <param name="body">Its body; read once.</param>
    /// <returns>The peer's answer; its disposal lets go of the body.</returns>
    /// <exception cref="MessageException">There is no such peer, it cannot be reached, it refuses the message, or its answer is none.</exception>
    internal async Task<(string Id, ReceivedMessage Answer)> CallAsync(Person by, string peer, string method, string path, Dictionary<string, string> headers, Stream body, CancellationToken cancel)
    {
        var standing = await StandingAsync(peer, cancel);
        var header = new MessageHeader(Guid.NewGuid().ToString("n"), "call", identity.Id, peer, by.Unit, Time.Write(clock.GetUtcNow()), method, path, null, headers, null, null, null);
        var (answer, sent) = await SendAsync(standing, header, body, "answer", cancel);
        await journal.WriteAsync(new CallLine(clock.GetUtcNow(), by.Login, "exchange.called", $"message:{header.Id}",
            ExchangeIn.Logged(peer, ExchangeIdentity.Thumbprint(identity.Certificate), sent.Header.Span, sent.Digest, sent.Signature, standing.Thumbprint, answer.HeaderBytes, answer.Digest, answer.Signature), by.Unit, null), cancel);
        return (header.Id, answer);
    }

    /// <summary>Posts a message that stands in the outbox; gives what the ledger keeps of it and its receipt.</summary>
    /// <exception cref="MessageException">It did not come there, or was refused.</exception>
    internal async Task<string> PostAsync(string peer, string id, long number, string? unit, string topic, string contentType, byte[] body, CancellationToken cancel)
    {
        var standing = await StandingAsync(peer, cancel);
        // A peer that takes a message and never answers is away, too.
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var header = new MessageHeader(id, "post", identity.Id, peer, unit, Time.Write(clock.GetUtcNow()), null, topic, null, new() { ["Content-Type"] = contentType }, null, null, number);
        try
        {
            var (receipt, sent) = await SendAsync(standing, header, new MemoryStream(body), "receipt", either.Token);
            await using (receipt)
            {
                return receipt.Header.Number == number
                    ? ExchangeIn.Logged(peer, ExchangeIdentity.Thumbprint(identity.Certificate), sent.Header.Span, sent.Digest, sent.Signature, standing.Thumbprint, receipt.HeaderBytes, receipt.Digest, receipt.Signature)
                    : throw new MessageException("exchange-answer");
            }
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new MessageException("exchange-unreachable", e);
        }
    }

    private async Task<StandingPeer> StandingAsync(string peer, CancellationToken cancel)
    {
        var standing = await peers.FindAsync(peer, cancel) ?? throw new MessageException("exchange-unknown");
        return standing.Peer.State == "active" ? standing : throw new MessageException("exchange-revoked");
    }

    private async Task<(ReceivedMessage Answer, Sent Sent)> SendAsync(StandingPeer to, MessageHeader header, Stream body, string kind, CancellationToken cancel)
    {
        using var content = new Outgoing(header, body, identity.Key);
        using var request = new HttpRequestMessage(HttpMethod.Post, to.Peer.Address.TrimEnd('/') + ExchangeIn.Path) { Content = content };
        HttpResponseMessage response;
        try
        {
            response = await Client(to).SendAsync(request, cancel);
        }
        // A connection that is not made in time ends in a cancellation that nobody asked for.
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new MessageException("exchange-unreachable", e);
        }
        using (response)
        {
            if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType != Message.ContentType)
                throw new MessageException(await RefusalAsync(response, cancel));
            ReceivedMessage answer;
            try
            {
                await using var stream = await response.Content.ReadAsStreamAsync(cancel);
                answer = await ReceivedMessage.ReadAsync(stream, ExchangeIn.Largest, cancel);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new MessageException("exchange-cut", e);
            }
            var sent = content.Sent!;
            if (!answer.IsSignedBy(to.Key) || answer.Header.Kind != kind || answer.Header.From != to.Peer.Id || answer.Header.To != identity.Id || answer.Header.Answers != header.Id || answer.Header.AnswersHash != Message.Hash(sent.Header.Span, sent.Digest))
            {
                await answer.DisposeAsync();
                throw new MessageException("exchange-answer");
            }
            return (answer, sent);
        }
    }

    // What the peer says of its refusal is told by its code alone.
    private static async Task<string> RefusalAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            var said = await response.Content.ReadAsStringAsync(cancel);
            using var problem = System.Text.Json.JsonDocument.Parse(said.Length > 10_000 ? "{}" : said);
            return problem.RootElement.TryGetProperty("code", out var code) && code.GetString() is ['e', 'x', 'c', ..] known && known.Length < 40 ? known : "exchange-failed";
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or IOException or HttpRequestException or InvalidOperationException)
        {
            return "exchange-failed";
        }
    }

    private HttpMessageInvoker Client(StandingPeer peer) => _clients.GetOrAdd(peer.Thumbprint, thumbprint => new HttpMessageInvoker(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10), ActivityHeadersPropagator = null, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = [identity.Certificate],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Certificate,
            // Pinned: a peer is its certificate, whoever else may vouch for it.
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 full && ExchangeIdentity.Thumbprint(full) == thumbprint,
        },
    }));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private sealed record Sent(ReadOnlyMemory<byte> Header, byte[] Digest, byte[] Signature);

    private sealed class Outgoing : HttpContent
    {
        private readonly MessageHeader _header;
        private readonly Stream _body;
        private readonly ECDsa _key;

        public Outgoing(MessageHeader header, Stream body, ECDsa key)
        {
            (_header, _body, _key) = (header, body, key);
            Headers.ContentType = new MediaTypeHeaderValue(Message.ContentType);
        }

        public Sent? Sent { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            using var writer = new MessageWriter(stream, _header, _key);
            writer.Begin();
            var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 << 10);
            try
            {
                while (await _body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                    await writer.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            finally
            {
                System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
            }
            await writer.EndAsync(null, cancellationToken);
            Sent = new Sent(writer.Header, writer.Digest, writer.Signature);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
