using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Http;

namespace Guantong.Gateway;

/// <summary>Serves calls under grants: each is held against its grant, counted, written down, answered and signed. Nothing leaves but through here.</summary>
/// <remarks>Plan, annex 6 §5(4)2; rights.md 5.</remarks>
public sealed class Gateway(GrantsInForce grants, CallJournal journal, ServiceCounts counts, GatewayKey key, TimeProvider clock)
{
    private static readonly Dictionary<ShareObstacle, (int Status, string Code)> Refusals = new()
    {
        [ShareObstacle.NoGrant] = (404, "grant-none"),
        [ShareObstacle.Caller] = (403, "grant-caller"),
        [ShareObstacle.Suspended] = (403, "grant-suspended"),
        [ShareObstacle.Expired] = (403, "grant-expired"),
        [ShareObstacle.Early] = (403, "grant-early"),
        [ShareObstacle.Withdrawn] = (403, "grant-withdrawn"),
        [ShareObstacle.Grade] = (403, "grant-grade"),
        [ShareObstacle.Form] = (403, "grant-form"),
        [ShareObstacle.Purpose] = (403, "grant-purpose"),
        [ShareObstacle.Matter] = (403, "grant-matter"),
        [ShareObstacle.Field] = (403, "grant-field"),
        [ShareObstacle.Rows] = (403, "grant-rows"),
        [ShareObstacle.Browsing] = (403, "grant-browsing"),
        [ShareObstacle.Rate] = (429, "grant-rate"),
        [ShareObstacle.Quota] = (429, "grant-quota"),
    };

    /// <summary>Holds a call against its grant.</summary>
    /// <param name="fields">The fields asked for; null for all that are granted.</param>
    /// <param name="by">Field → value by which rows are looked for.</param>
    /// <returns>The call to be answered; null where it was refused, and the refusal answered.</returns>
    public async Task<GatewayCall?> EnterAsync(HttpContext http, string grant, string form, IReadOnlyList<string>? fields = null, IReadOnlyDictionary<string, string>? by = null)
    {
        var began = Stopwatch.GetTimestamp();
        var (caller, trace) = (http.Features.Get<UnitKey>()?.Machine ?? http.Caller(), GatewayCall.NewTrace());
        http.Response.Headers[GatewayCall.TraceHeader] = trace;
        // Another unit's grant is none to whoever asks: ids are not to be tried out.
        if (await grants.FindAsync(grant, http.RequestAborted) is not { } standing || standing.Grant.Unit != caller.Unit)
        {
            await RefuseAsync(http, ShareObstacle.NoGrant, 0, grant);
            return null;
        }
        var call = new GatewayCall(http, caller, standing, default(ShareVerdict) with { Fields = [], Masked = [] }, form, by is null ? [] : [.. by.Keys], trace, began);
        if (!standing.Limits.TakeOfMinute(out var wait))
        {
            counts.Add(standing.Grant, isRefused: true, isFailed: false, isCached: false, default);
            await RefuseAsync(http, ShareObstacle.Rate, wait, standing.Grant.Terms.PerMinute);
            return null;
        }
        var headers = http.Request.Headers;
        var verdict = standing.Grant.Decide(new ShareCall(caller.Unit, form, headers[GatewayCall.PurposeHeader], headers[GatewayCall.MatterHeader], fields, by), standing.Shared, clock.GetUtcNow());
        if (verdict.IsAllowed && !standing.Limits.TakeOfDay(out wait))
            verdict = ShareObstacle.Quota;
        if (verdict.IsAllowed)
            return call with { Verdict = verdict };
        counts.Add(standing.Grant, isRefused: true, isFailed: false, isCached: false, default);
        await journal.WriteAsync(call.Line(clock.GetUtcNow(), "gateway.refused", new { why = verdict.Why.ToString(), form }), http.RequestAborted);
        await RefuseAsync(http, verdict.Why, wait, grant);
        return null;
    }

    private static Task RefuseAsync(HttpContext http, ShareObstacle why, int wait, object? arg)
    {
        var (status, code) = Refusals[why];
        if (wait > 0)
            http.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return http.Problem(status, code, arg).ExecuteAsync(http);
    }

    /// <summary>Answers a call with a whole body: written down first, signed, and only then sent.</summary>
    /// <param name="more">What the ledger is told of the answer.</param>
    /// <param name="digest">The body's SHA-256 where it is known already.</param>
    public async Task AnswerAsync(GatewayCall call, int status, string contentType, ReadOnlyMemory<byte> body, string action, object? more = null, bool isFailed = false, bool isCached = false, string? digest = null)
    {
        var (response, now) = (call.Http.Response, clock.GetUtcNow());
        await journal.WriteAsync(call.Line(now, action, more), call.Http.RequestAborted);
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        Sign(key, response.Headers, call, status, digest ?? AnswerSignature.Digest(SHA256.HashData(body.Span)), now);
        counts.Add(call.Standing.Grant, isRefused: false, isFailed, isCached, Stopwatch.GetElapsedTime(call.Began));
        await response.Body.WriteAsync(body, call.Http.RequestAborted);
    }

    /// <summary>Answers a call with JSON.</summary>
    public Task AnswerAsync<T>(GatewayCall call, T body, string action, object? more = null) =>
        AnswerAsync(call, 200, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(body, Written), action, more);

    internal static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers a call with a body that is not held in memory. Its digest is known only once it has been sent: it stands in the ledger, a signed receipt gives it, and it follows as a trailer (RFC 9110 §6.5) where the caller's HTTP has trailers.</summary>
    /// <param name="write">Writes it; gives how many rows it held.</param>
    public async Task StreamAsync(GatewayCall call, string contentType, string? name, Func<Stream, Task<long>> write, string action)
    {
        var (http, response) = (call.Http, call.Http.Response);
        await journal.WriteAsync(call.Line(clock.GetUtcNow(), action), http.RequestAborted);
        response.ContentType = contentType;
        if (name is not null)
            response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        response.Headers[GatewayCall.GrantHeader] = call.Standing.Grant.Id;
        var isTrailed = response.SupportsTrailers();
        if (isTrailed)
        {
            foreach (var header in (string[])["Content-Digest", "Signature-Input", "Signature"])
                response.DeclareTrailer(header);
        }
        using var hashed = new HashedStream(response.Body);
        var rows = await write(hashed);
        await hashed.FlushAsync(http.RequestAborted);
        var digest = AnswerSignature.Digest(hashed.Hash());
        await journal.WriteAsync(call.Line(clock.GetUtcNow(), action + Ended, new { rows, bytes = hashed.Written, digest }), http.RequestAborted);
        counts.Add(call.Standing.Grant, isRefused: false, isFailed: false, isCached: false, Stopwatch.GetElapsedTime(call.Began));
        if (isTrailed)
        {
            var trailers = new HeaderDictionary();
            Sign(key, trailers, call, response.StatusCode, digest, clock.GetUtcNow());
            foreach (var header in (string[])["Content-Digest", "Signature-Input", "Signature"])
                response.AppendTrailer(header, trailers[header]);
        }
    }

    /// <summary>What stands behind the action of a call whose body has been sent whole.</summary>
    public const string Ended = "-ended";

    internal static void Sign(GatewayKey key, IHeaderDictionary headers, GatewayCall call, int status, string digest, DateTimeOffset at)
    {
        var (grant, parameters) = (call.Standing.Grant.Id, AnswerSignature.Parameters(key.Id, at));
        headers[GatewayCall.GrantHeader] = grant;
        headers["Content-Digest"] = digest;
        headers["Signature-Input"] = "guantong=" + parameters;
        headers["Signature"] = $"guantong=:{Convert.ToBase64String(key.Sign(AnswerSignature.Base(status, digest, grant, call.Trace, parameters)))}:";
    }

    /// <summary>Notes that a call could not be answered for a reason that is not its caller's, and tells the caller.</summary>
    public async Task FailAsync(GatewayCall call, int status, string code, params object?[] args)
    {
        await journal.WriteAsync(call.Line(clock.GetUtcNow(), "gateway.failed", new { code }), call.Http.RequestAborted);
        counts.Add(call.Standing.Grant, isRefused: false, isFailed: true, isCached: false, Stopwatch.GetElapsedTime(call.Began));
        await call.Http.Problem(status, code, args).ExecuteAsync(call.Http);
    }
}
