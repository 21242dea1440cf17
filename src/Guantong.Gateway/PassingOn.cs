using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Diagnostics;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Polly;
using Polly.CircuitBreaker;
using Yarp.ReverseProxy.Forwarder;

namespace Guantong.Gateway;

/// <summary>Passes calls on to units' own interfaces (YARP), lets through the granted fields alone, and stops asking an interface that keeps failing.</summary>
public sealed class PassingOn(Gateway gateway, IHttpForwarder forwarder, Upstreams upstreams, TimeProvider clock) : IDisposable
{
    /// <summary>The largest answer in bytes of which fields are picked.</summary>
    public const int LargestPicked = 8 << 20;

    // What is held back of an answer of unknown length, to see whether there is more.
    private const int LargestHeld = 32 << 10;

    private static readonly ForwarderRequestConfig Request = new() { ActivityTimeout = TimeSpan.FromSeconds(30), AllowResponseBuffering = false };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5), ActivityHeadersPropagator = null, MaxConnectionsPerServer = 512, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
    });

    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = 64 << 20 });
    private readonly ConcurrentDictionary<ShareInterface, ResiliencePipeline> _breakers = new();

    private sealed record Kept(int Status, string ContentType, byte[] Body, string Digest);

    /// <summary>Thrown within the breaker where an interface did not answer or failed.</summary>
    private sealed class UpstreamFailedException(string code) : Exception(code)
    {
        public string Code { get; } = code;
    }

    /// <summary>Passes a call on.</summary>
    /// <param name="path">The path below the interface's address.</param>
    public async Task PassAsync(GatewayCall call, string path)
    {
        var (http, terms, its) = (call.Http, call.Standing.Grant.Terms, call.Standing.Interface!);
        if (!IsPlain(path))
        {
            await gateway.FailAsync(call, 400, "interface-path", path);
            return;
        }
        SayAge(http.Response, its);
        var isKept = terms.CacheSeconds > 0 && HttpMethods.IsGet(http.Request.Method);
        var name = isKept ? $"{call.Standing.Grant.Id}\n{its.Version}\n{path}{http.Request.QueryString}\n{http.Request.Headers.Accept}" : "";
        if (isKept && _answers.TryGetValue(name, out Kept? kept))
        {
            await gateway.AnswerAsync(call, kept!.Status, kept.ContentType, kept.Body, "gateway.service", isCached: true, digest: kept.Digest);
            return;
        }
        if (await upstreams.FindAsync(its, http.RequestAborted) is not { } upstream)
        {
            await gateway.FailAsync(call, 502, "interface-unreachable", its.Name);
            return;
        }
        if (!_breakers.TryGetValue(its, out var breaker))
        {
            // A changed interface is another record: it is given a new chance.
            foreach (var former in _breakers.Keys.Where(k => k.Id == its.Id))
                _breakers.TryRemove(former, out _);
            breaker = _breakers.GetOrAdd(its, _ => Breaker());
        }
        var picking = new Picking(gateway, call, upstream, path, isKept ? answer => _answers.Set(name, answer, new MemoryCacheEntryOptions { Size = answer.Body.Length + 512, AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(terms.CacheSeconds) }) : null);
        try
        {
            await breaker.ExecuteAsync(async _ =>
            {
                var error = await forwarder.SendAsync(http, upstream.Address.GetLeftPart(UriPartial.Authority), _client, Request, picking, http.RequestAborted);
                if (picking.Failure is { } failure)
                    throw new UpstreamFailedException(failure);
                if (error is not (ForwarderError.None or ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled or ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestCanceled))
                    throw new UpstreamFailedException(error is ForwarderError.RequestTimedOut ? "interface-slow" : "interface-unreachable");
            }, http.RequestAborted);
        }
        catch (BrokenCircuitException open)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (int)(open.RetryAfter ?? TimeSpan.FromSeconds(5)).TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await gateway.FailAsync(call, 503, "interface-resting", its.Name);
        }
        catch (UpstreamFailedException failed) when (!http.Response.HasStarted)
        {
            await gateway.FailAsync(call, failed.Code == "interface-slow" ? 504 : 502, failed.Code, its.Name);
        }
    }

    // No dot segments, no empty ones, nothing encoded that a server behind might read as a path of its own.
    private static bool IsPlain(string path) => path.Length <= 2000 && !path.Contains("..", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && !path.Contains('%', StringComparison.Ordinal)
        && !path.Contains("//", StringComparison.Ordinal) && !path.Any(c => char.IsControl(c) || c is ';' or '#' or '?');

    // RFC 9745, RFC 8594
    private static void SayAge(HttpResponse response, ShareInterface its)
    {
        response.Headers["Guantong-Version"] = its.Version;
        if (its.State != "deprecated" || its.Sunset is null)
            return;
        var ends = new DateTimeOffset(DateOnly.ParseExact(its.Sunset, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), default, default);
        response.Headers["Deprecation"] = "@" + ends.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["Sunset"] = ends.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        if (its.Successor is { } successor)
            response.Headers.Link = $"</gateway/interfaces/{successor}>; rel=\"successor-version\"";
    }

    private ResiliencePipeline Breaker() => new ResiliencePipelineBuilder { TimeProvider = clock }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
    {
        FailureRatio = 0.5, MinimumThroughput = 10, SamplingDuration = TimeSpan.FromSeconds(10), BreakDuration = TimeSpan.FromSeconds(5),
        ShouldHandle = new PredicateBuilder().Handle<UpstreamFailedException>(),
    }).Build();

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _answers.Dispose();
    }

    /// <summary>Makes the request to the interface, and its answer to what the grant opens.</summary>
    private sealed class Picking(Gateway gateway, GatewayCall call, Upstream upstream, string path, Action<Kept>? keep) : HttpTransformer
    {
        public string? Failure { get; private set; }

        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            var given = httpContext.Request;
            // What goes on is named; what proves the caller to us is nobody else's business.
            foreach (var header in (string[])["Accept", "Accept-Language", "If-None-Match", "If-Modified-Since"])
            {
                if (given.Headers.TryGetValue(header, out var values))
                    proxyRequest.Headers.TryAddWithoutValidation(header, values.ToArray());
            }
            if (proxyRequest.Content is { } content && given.ContentType is { } type)
            {
                content.Headers.TryAddWithoutValidation("Content-Type", type);
                content.Headers.ContentLength = given.ContentLength;
            }
            proxyRequest.Headers.Authorization = await upstream.ProofAsync(cancellationToken);
            proxyRequest.Headers.TryAddWithoutValidation(GatewayCall.TraceHeader, call.Trace);
            proxyRequest.Headers.TryAddWithoutValidation("Guantong-Unit", call.Caller.Unit);
            proxyRequest.RequestUri = new Uri($"{upstream.Address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}{given.QueryString}");
        }

        public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            if (proxyResponse is null)
            {
                // The forwarder sets a status of its own: what is told instead is the gateway's to say.
                return false;
            }
            if ((int)proxyResponse.StatusCode >= 500)
            {
                Failure = "interface-failed";
                return false;
            }
            var (shared, grant) = (call.Standing.Shared!, call.Standing.Grant);
            var isWhole = call.Verdict.Masked.Count == 0 && shared.Fields.All(grant.Covers);
            var type = proxyResponse.Content.Headers.ContentType;
            if (proxyResponse.Content.Headers.ContentEncoding.Count > 0 || (!isWhole && type?.MediaType is not ("application/json" or "application/problem+json") && proxyResponse.IsSuccessStatusCode))
            {
                Failure = "interface-form";
                return false;
            }
            var length = proxyResponse.Content.Headers.ContentLength;
            await using var from = await proxyResponse.Content.ReadAsStreamAsync(cancellationToken);
            byte[]? body;
            if (isWhole && length is null or > LargestPicked)
            {
                // Many services do not say how long a small answer is: it is signed at its head like any other. What comes event by event is not waited for.
                var (begun, isAll) = length is null && type?.MediaType is not "text/event-stream" ? await BegunAsync(from, cancellationToken) : ([], false);
                if (!isAll)
                {
                    await StreamAsync(proxyResponse, begun, from, type?.ToString() ?? "application/octet-stream", cancellationToken);
                    return false;
                }
                body = begun;
            }
            else
            {
                body = await WholeAsync(from, length, cancellationToken);
                if (body is null)
                {
                    Failure = "interface-large";
                    return false;
                }
            }
            // What it says of a fault holds none of its fields by name; it is passed on where all of them are granted.
            if (!isWhole)
            {
                if ((proxyResponse.IsSuccessStatusCode ? Picked(body, shared, grant, call.Verdict) : []) is not { } picked)
                {
                    Failure = "interface-form";
                    return false;
                }
                body = picked;
            }
            var kept = new Kept((int)proxyResponse.StatusCode, type?.ToString() ?? "application/octet-stream", body, AnswerSignature.Digest(SHA256.HashData(body)));
            if (proxyResponse.StatusCode == HttpStatusCode.OK)
                keep?.Invoke(kept);
            await gateway.AnswerAsync(call, kept.Status, kept.ContentType, kept.Body, "gateway.service", digest: kept.Digest);
            return false;
        }

        private async Task StreamAsync(HttpResponseMessage answer, byte[] begun, Stream from, string type, CancellationToken cancel)
        {
            call.Http.Response.StatusCode = (int)answer.StatusCode;
            await gateway.StreamAsync(call, type, null, async to =>
            {
                if (begun.Length > 0)
                    await to.WriteAsync(begun, cancel);
                await from.CopyToAsync(to, 1 << 16, cancel);
                return 0;
            }, "gateway.service");
        }

        // The first bytes, and whether they are all.
        private static async Task<(byte[] Begun, bool IsAll)> BegunAsync(Stream from, CancellationToken cancel)
        {
            var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(LargestHeld);
            try
            {
                var (held, read) = (0, 1);
                while (held < LargestHeld && (read = await from.ReadAsync(buffer.AsMemory(held, LargestHeld - held), cancel)) > 0)
                    held += read;
                return (buffer[..held], read == 0);
            }
            finally
            {
                System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        private static async Task<byte[]?> WholeAsync(Stream from, long? length, CancellationToken cancel)
        {
            if (length > LargestPicked)
                return null;
            if (length is { } known)
            {
                var body = new byte[known];
                await from.ReadExactlyAsync(body, cancel);
                return body;
            }
            using var whole = new MemoryStream();
            var buffer = new byte[1 << 16];
            while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                whole.Write(buffer, 0, read);
                if (whole.Length > LargestPicked)
                    return null;
            }
            return whole.ToArray();
        }

        // The granted fields of each object; null where the answer is not of a form in which fields can be told.
        private static byte[]? Picked(byte[] body, Shared shared, ShareGrant grant, ShareVerdict verdict)
        {
            JsonNode? root;
            try
            {
                root = JsonNode.Parse(body);
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }
            var wrapped = root is JsonObject outer ? Wrappers.FirstOrDefault(w => outer[w] is JsonArray or JsonObject) : null;
            var inner = wrapped is null ? root : root![wrapped];
            if (inner is JsonArray list)
            {
                if (list.Any(i => i is not JsonObject))
                    return null;
                foreach (var item in list)
                    Pick((JsonObject)item!, shared, grant, verdict);
            }
            else if (inner is JsonObject one)
                Pick(one, shared, grant, verdict);
            else
                return null;
            if (wrapped is null)
                return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(root, Gateway.Written);
            // Beside the rows, only counts pass: what else stands there was never declared.
            var answer = new JsonObject();
            foreach (var (name, value) in (JsonObject)root!)
            {
                if (name == wrapped || value is JsonValue number && number.GetValueKind() is System.Text.Json.JsonValueKind.Number && !shared.Fields.Contains(name))
                    answer[name] = value?.DeepClone();
            }
            return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(answer, Gateway.Written);
        }

        private static readonly string[] Wrappers = ["data", "items", "rows", "result"];

        private static void Pick(JsonObject item, Shared shared, ShareGrant grant, ShareVerdict verdict)
        {
            foreach (var name in item.Select(p => p.Key).ToList())
            {
                if (!grant.Covers(name))
                    item.Remove(name);
                else if (verdict.Masked.Contains(name))
                    item[name] = item[name] is JsonValue value && value.TryGetValue<string>(out var text) ? Mask.Of(shared.Personal[name], text) : item[name] is null ? null : Mask.All;
            }
        }
    }
}
