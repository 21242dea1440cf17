using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Gateway;

/// <summary>Exchange with other jurisdictions' platforms: peers, calls through to them, posts, and proofs.</summary>
public static class ExchangeApi
{
    /// <summary>Where this platform's programs call other platforms.</summary>
    public const string Path = "/exchange";

    /// <summary>A request for data in a peer's name.</summary>
    public sealed record PeerRequest(string About, SharingApi.AskedTerms Terms);

    internal static IServiceCollection AddExchange(this IServiceCollection services, string data, bool workers)
    {
        services.AddSingleton(p => new ExchangeIdentity(Environment.GetEnvironmentVariable("GUANTONG_EXCHANGE_CERTIFICATE") is { Length: > 0 } file ? file : System.IO.Path.Combine(data, "keys", "exchange.pem"), p.GetRequiredService<Jurisdiction>(), p.GetRequiredService<TimeProvider>()))
            .AddSingleton<Peers>().AddSingleton<ExchangeIn>().AddSingleton<ExchangeOut>().AddSingleton<Outbox>().AddSingleton<ExchangeLog>();
        return workers ? services.AddHostedService(p => p.GetRequiredService<Outbox>()) : services;
    }

    internal static void MapExchange(this IEndpointRouteBuilder api)
    {
        var exchange = api.MapGroup("/exchange").WithTags("Exchange").TellsRefusals();
        exchange.MapGet("/identity", (ExchangeIdentity identity) => Results.Ok(new { identity.Id, Certificate = identity.Certificate.ExportCertificatePem(), Thumbprint = ExchangeIdentity.Thumbprint(identity.Certificate), Until = identity.Certificate.NotAfter }))
            .Needs("exchange.read").WithSummary("By what others know this platform: its id and certificate, to be told to them by another way");
        exchange.MapGet("/peers", async (Peers peers, HttpContext http) => Results.Ok(await peers.ListAsync(http.RequestAborted))).Needs("exchange.read").WithSummary("Platforms of other jurisdictions").Produces<Peer[]>();
        exchange.MapPut("/peers/{id}", async (string id, Peer given, Peers peers, HttpContext http) =>
        {
            var full = given with { Id = id };
            if (peers.Faults(full) is { Count: > 0 } faults)
                return http.FieldProblem(faults.ToDictionary(f => f.Key, f => new[] { Problems.Say(Lang.Of(http), f.Value) }));
            await peers.PutAsync(http.Caller(), full, http.RequestAborted);
            return Results.Ok(full);
        }).Needs("exchange.manage").WithSummary("Register a peer, give it another certificate, or revoke it").Produces<Peer>();
        exchange.MapPost("/peers/{id}/requests", async (string id, PeerRequest given, Peers peers, SharingBook book, HttpContext http) =>
        {
            if (await peers.FindAsync(id, http.RequestAborted) is not { Peer: var peer })
                return http.Problem(404, "not-found", id);
            var terms = given.Terms.Full();
            return terms.Faults() is { Count: > 0 } faults ? http.FieldProblem(faults.ToDictionary(f => f.Key, f => new[] { Problems.Say(Lang.Of(http), f.Value, ShareTerms.Longest) }))
                : Results.Json(await book.AskAsync(http.Caller(), given.About, terms, asker: new Unit(peer.Unit, peer.Name, peer.Name, "", "peer", "", []), cancel: http.RequestAborted), statusCode: 201);
        }).Needs("exchange.manage").WithSummary("Ask for data in a peer's name; it is decided on like any other request").Produces<ShareFile>(201);
        exchange.MapGet("/outbox", async (Outbox outbox, HttpContext http, string? state, int take = 50) => take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
                : Results.Ok(await outbox.ListAsync(state, take, http.RequestAborted))).Needs("exchange.read").WithSummary("What was posted to peers, and what still waits").Produces<PostedMessage[]>();
        exchange.MapGet("/messages/{id}/proof", ProofAsync).Needs("exchange.read").WithSummary("All that proves a message and its answer to somebody who trusts neither platform: headers, digests, signatures, certificates (tools/verify message)");
    }

    /// <summary>What programs of this platform call: outside of the API proper, since bodies are of any kind and size.</summary>
    internal static void MapExchangeCalls(this IEndpointRouteBuilder app)
    {
        var exchange = app.MapGroup(Path).WithTags("Exchange").Needs("exchange.use");
        exchange.MapPost("/peers/{id}/posts/{topic}", PostAsync).WithSummary("Post a message (any body up to 4 MB) to a peer: it comes there once, after those before it, however long the peer is away");
        exchange.MapMethods("/peers/{id}/calls/{**path}", ["GET", "POST", "PUT", "DELETE"], CallAsync).WithSummary("A call passed to a peer's gateway, signed, and its answer, proved; bodies of any size stream");
        exchange.MapGet("/peers/{id}/inbox", async (string id, Outbox outbox, HttpContext http, long after = 0, int take = 50) => take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
                : Results.Ok(await outbox.InboxAsync(id, after, take, http.RequestAborted))).WithSummary("What a peer posted, in its order").Produces<InboxMessage[]>();
    }

    private static async Task<IResult> PostAsync(string id, string topic, Peers peers, Outbox outbox, HttpContext http)
    {
        if (await peers.FindAsync(id, http.RequestAborted) is null)
            return http.Problem(404, "not-found", id);
        if (topic.Length > 200 || http.Request.ContentLength > Outbox.Largest)
            return http.Problem(413, "exchange-large");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Outbox.Largest;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return Results.Json(new { id = await outbox.TakeAsync(http.Caller(), id, topic, http.Request.ContentType ?? "application/octet-stream", body.ToArray(), http.RequestAborted) }, statusCode: 202);
    }

    private static readonly string[] Passed = ["Content-Type", "Accept", "Accept-Language", GatewayCall.PurposeHeader, GatewayCall.MatterHeader];

    /// <summary>The header that names the message in an answer of a peer.</summary>
    public const string MessageHeaderName = "Guantong-Message";

    private static async Task CallAsync(string id, string? path, ExchangeOut exchange, HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var headers = Passed.Where(h => http.Request.Headers.ContainsKey(h)).ToDictionary(h => h, h => http.Request.Headers[h].ToString());
        try
        {
            var (message, answer) = await exchange.CallAsync(http.Caller(), id, http.Request.Method, "/" + path + http.Request.QueryString, headers, http.Request.Body, http.RequestAborted);
            await using (answer)
            {
                http.Response.StatusCode = answer.Header.Status ?? 502;
                foreach (var (name, value) in answer.Header.Headers)
                    http.Response.Headers[name] = value;
                http.Response.Headers[MessageHeaderName] = message;
                http.Response.ContentLength = answer.Body.Length;
                await answer.Body.CopyToAsync(http.Response.Body, http.RequestAborted);
            }
        }
        catch (MessageException refused) when (!http.Response.HasStarted)
        {
            await http.Problem(refused.Code switch { "exchange-unknown" => 404, "exchange-unreachable" => 504, _ => 502 }, refused.Code).ExecuteAsync(http);
        }
    }

    private static async Task<IResult> ProofAsync(string id, ExchangeLog log, HttpContext http)
    {
        if (await log.FindAsync(id, http.RequestAborted) is not { } found)
            return http.Problem(404, "not-found", id);
        http.Response.Headers["Guantong-Ledger-Entry"] = found.Entry.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Results.Ok(new { found.Message, found.Answer, Certificates = new[] { found.Message.Certificate, found.Answer.Certificate } });
    }
}
