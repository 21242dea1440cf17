using System.Globalization;
using System.Text.Json;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guantong.Gateway;

/// <summary>The data-sharing gateway: what this room offers and needs. Start reading here.</summary>
public static class GatewayRoom
{
    /// <summary>This room's tables.</summary>
    public static readonly Migrations Migrations = new("gateway", typeof(GatewayRoom).Assembly);

    /// <summary>Where the gateway's paths begin.</summary>
    public const string Path = "/gateway";

    /// <summary>Registers the room's services.</summary>
    /// <param name="data">The platform's folder: keys and this node's journal of calls stand there.</param>
    /// <param name="workers">Whether this node delivers what is posted to peers.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, string data, bool workers)
    {
        services.AddHttpForwarder();
        services.AddExchange(data, workers);
        return services
            .AddSingleton(_ => new GatewayKey(Environment.GetEnvironmentVariable("GUANTONG_GATEWAY_KEY") is { Length: > 0 } file ? file : System.IO.Path.Combine(data, "keys", "gateway.pem")))
            .AddSingleton(p => new CallJournal(p.GetRequiredService<Store>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<CallJournal>>(), System.IO.Path.Combine(data, "journal")))
            .AddHostedService(p => p.GetRequiredService<CallJournal>())
            .AddSingleton<ServiceCounts>().AddHostedService(p => p.GetRequiredService<ServiceCounts>())
            .AddSingleton<GrantsInForce>().AddSingleton<IGrantMeter, GrantMeter>().AddSingleton<Gateway>().AddSingleton<PassingOn>();
    }

    /// <summary>Serves calls of programs whose key is known from memory at once: nothing that people's sessions and forms need stands in their way. Everybody else is left to <paramref name="next"/>.</summary>
    /// <remarks>What the endpoint needs is asked of the policy here as it is there.</remarks>
    public static async Task ServeAsync(HttpContext http, RequestDelegate next)
    {
        if ((http.Request.Path.StartsWithSegments(Path) || http.Request.Path.StartsWithSegments(ExchangeApi.Path)) && http.GetEndpoint() is { RequestDelegate: { } serve } endpoint && await CallerAsync(http) is { } caller)
        {
            (http.User, var services) = (caller.Claims, http.RequestServices);
            http.Features.Set(caller);
            var (land, now) = (services.GetRequiredService<Jurisdiction>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
            var needs = endpoint.Metadata.GetOrderedMetadata<NeedsAttribute>();
            if (needs.Count > 0 && needs.All(n => Policy.Decide(new Asking(caller.Machine, n.Act, At: now), land).IsAllowed))
            {
                await serve(http);
                return;
            }
        }
        await next(http);
    }

    // A peer's call comes with its caller; a program's with its key.
    private static ValueTask<UnitKey?> CallerAsync(HttpContext http) =>
        http.Features.Get<UnitKey>() is { } known ? ValueTask.FromResult<UnitKey?>(known)
        : http.Request.Headers["X-API-Key"].ToString() is { Length: > 0 } key ? http.RequestServices.GetRequiredService<GrantsInForce>().KeyAsync(key, http.RequestAborted)
        : default;

    /// <summary>A search by values that are not to stand in an address.</summary>
    public sealed record Search(Dictionary<string, string>? By = null, string[]? Fields = null, int Skip = 0, int Take = 50);

    /// <summary>What is held against a row.</summary>
    /// <param name="By">What names the row.</param>
    /// <param name="Values">What should stand in it.</param>
    public sealed record Question(Dictionary<string, string> By, Dictionary<string, string>? Values = null);

    /// <summary>Maps the room's part of the API, below /api/v1.</summary>
    public static void MapExchanging(this IEndpointRouteBuilder api) => api.MapExchange();

    /// <summary>Maps the gateway.</summary>
    public static void MapGateway(this IEndpointRouteBuilder app)
    {
        app.MapExchangeCalls();
        var gateway = app.MapGroup(Path).WithTags("Gateway");
        gateway.MapGet("/keys", (GatewayKey key) => Results.Ok(new { keys = new[] { key.Jwk() } })).Needs("public.read").WithSummary("The key that answers are signed by (JWKS, RFC 7517)");
        gateway.MapGet("/interfaces/{id}", async (string id, SharedThings things, HttpContext http) => await things.InterfaceAsync(id, http.RequestAborted) is { } its
                ? Results.Ok(new { its.Id, its.Name, its.About, its.Unit, its.Version, its.Share, its.Grade, its.Fields, its.State, its.Sunset, its.Successor, HasMock = its.Mock is not null }) : http.Problem(404, "not-found", id))
            .Needs("interface.read").WithSummary("An interface: its fields, version, and when it ends");
        gateway.MapGet("/interfaces/{id}/mock", async (string id, SharedThings things, HttpContext http) => await things.InterfaceAsync(id, http.RequestAborted) is { Mock: { } mock }
                ? Results.Content(mock, "application/json") : http.Problem(404, "not-found", id))
            .Needs("interface.read").WithSummary("What an interface answers in trial; made up");

        var granted = gateway.MapGroup("/{grant}").Needs("grant.use");
        granted.MapGet("/rows", RowsAsync).WithSummary("Rows, of the granted fields; a parameter named like a field keeps the rows with that value. Guantong-Purpose and, where the grant has one, Guantong-Matter say what for");
        granted.MapPost("/rows", SearchAsync).WithSummary("The same, with the values in the body: those of personal fields have to stand there");
        granted.MapPost("/verify", VerifyAsync).WithSummary("Whether a row has these values: yes or no, without the data");
        granted.MapGet("/file", FileAsync).WithSummary("Every granted row as one file: csv or jsonl");
        granted.MapGet("/changes", ChangesAsync).WithSummary("What came, changed and went since a position, as CloudEvents; wait asks to be answered when there is something, within so many seconds");
        granted.MapPost("/sql", SqlAsync).WithSummary("One SELECT over the granted fields, none of them personal; its result is held until somebody who answers for the data has looked at it");
        granted.MapGet("/results/{id}", ResultAsync).WithSummary("A result of the sandbox: its rows once they are released");
        granted.MapGet("/receipts/{trace}", ReceiptAsync).WithSummary("A signed receipt of a file or a large answer: its SHA-256, rows and bytes, as they stand in the ledger");
        granted.Map("/service/{**path}", ServiceAsync).WithSummary("A call passed on to the interface that the grant is about");
    }

    private static Task RowsAsync(string grant, Gateway gateway, GrantedRows rows, HttpContext http, string? fields, int skip = 0, int take = 50)
    {
        var by = http.Request.Query.Where(q => q.Key is not ("fields" or "skip" or "take" or "lang")).ToDictionary(q => q.Key, q => q.Value.ToString());
        return PageAsync(grant, gateway, rows, http, new Search(by, fields?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), skip, take), isAddress: true);
    }

    private static Task SearchAsync(string grant, Search given, Gateway gateway, GrantedRows rows, HttpContext http) => PageAsync(grant, gateway, rows, http, given, isAddress: false);

    private static async Task PageAsync(string grant, Gateway gateway, GrantedRows rows, HttpContext http, Search given, bool isAddress)
    {
        var by = given.By ?? [];
        if (await gateway.EnterAsync(http, grant, "query", given.Fields, by) is not { } call)
            return;
        if (given.Skip < 0 || given.Take is < 1 or > TrustRoom.LargestPage)
            await http.Problem(400, "bad-page", TrustRoom.LargestPage).ExecuteAsync(http);
        else if (isAddress && by.Keys.FirstOrDefault(call.Standing.Shared!.Personal.ContainsKey) is { } personal)
            await http.Problem(400, "grant-address", personal).ExecuteAsync(http);
        else if (await DatasetAsync(gateway, call) is var (pack, dataset))
        {
            var page = await rows.PageAsync(call.Standing.Grant, call.Verdict, pack, dataset, by, given.Skip, given.Take, http.RequestAborted);
            await gateway.AnswerAsync(call, new { Grant = grant, call.Trace, page.Fields, page.Masked, page.Rows, page.Total, page.Skip, page.Take, Watermark = call.Trace }, "gateway.query", new { rows = page.Rows.Count });
        }
    }

    private static async Task<(Pack Pack, Dataset Dataset)?> DatasetAsync(Gateway gateway, GatewayCall call)
    {
        if (call.Standing.Dataset is { } dataset)
            return dataset;
        await gateway.FailAsync(call, 404, "grant-withdrawn", call.Standing.Grant.Id);
        return null;
    }

    private static async Task VerifyAsync(string grant, Question given, Gateway gateway, GrantedRows rows, HttpContext http)
    {
        var compared = given.Values ?? [];
        if (await gateway.EnterAsync(http, grant, "verify", [.. compared.Keys], given.By) is not { } call || await DatasetAsync(gateway, call) is not var (pack, dataset))
            return;
        // A yes has to be about one row: else it tells that such values occur somewhere.
        var shared = call.Standing.Shared!;
        if (!(shared.Identifying.Any(given.By.ContainsKey) || (shared.Key.Count > 0 && shared.Key.All(given.By.ContainsKey))))
            await http.Problem(400, "grant-verify", string.Join("、", shared.Key)).ExecuteAsync(http);
        else
        {
            var isSo = await rows.VerifyAsync(call.Standing.Grant, call.Verdict, pack, dataset, given.By, compared, http.RequestAborted);
            await gateway.AnswerAsync(call, new { Grant = grant, call.Trace, Match = isSo }, "gateway.verify", new { compared = compared.Keys, match = isSo });
        }
    }

    private static async Task FileAsync(string grant, Gateway gateway, GrantedRows rows, HttpContext http, string format = "csv")
    {
        if (format is not ("csv" or "jsonl"))
        {
            await http.Problem(400, "file-format", format).ExecuteAsync(http);
            return;
        }
        if (await gateway.EnterAsync(http, grant, "file") is not { } call || await DatasetAsync(gateway, call) is not var (pack, dataset))
            return;
        await gateway.StreamAsync(call, format == "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8", $"{dataset.Id}-{call.Trace[..8]}.{format}", to => format == "csv"
            ? rows.WriteCsvAsync(call.Standing.Grant, call.Verdict, pack, dataset, call.Trace, to, http.RequestAborted)
            : rows.WriteLinesAsync(call.Standing.Grant, call.Verdict, pack, dataset, call.Trace, to, http.RequestAborted), "gateway.file");
    }

    private static async Task ChangesAsync(string grant, Gateway gateway, GrantedRows rows, HttpContext http, string? after, int take = 200, int wait = 0)
    {
        if (await gateway.EnterAsync(http, grant, "subscription") is not { } call || await DatasetAsync(gateway, call) is not var (pack, dataset))
            return;
        if (take is < 1 or > TrustRoom.LargestPage || wait is < 0 or > 30)
        {
            await http.Problem(400, "bad-page", TrustRoom.LargestPage).ExecuteAsync(http);
            return;
        }
        try
        {
            var until = DateTime.UtcNow.AddSeconds(wait);
            var changes = await rows.ChangesAsync(call.Standing.Grant, call.Verdict, pack, dataset, after, take, http.RequestAborted);
            while (changes.Rows.Count == 0 && changes.Removed.Count == 0 && DateTime.UtcNow < until)
            {
                await Task.Delay(250, http.RequestAborted);
                changes = await rows.ChangesAsync(call.Standing.Grant, call.Verdict, pack, dataset, after, take, http.RequestAborted);
            }
            await gateway.AnswerAsync(call, 200, "application/cloudevents-batch+json; charset=utf-8", Events(call, dataset, changes), "gateway.subscription", new { rows = changes.Rows.Count, removed = changes.Removed.Count });
        }
        catch (FormatException)
        {
            await http.Problem(400, "bad-position", after).ExecuteAsync(http);
        }
    }

    // CloudEvents 1.0 JSON event format §4 (batch). The position that resumes after all of them stands in each.
    private static byte[] Events(GatewayCall call, Dataset dataset, RegionChanges changes)
    {
        call.Http.Response.Headers["Guantong-Position"] = changes.Position;
        call.Http.Response.Headers["Guantong-More"] = changes.More ? "true" : "false";
        var at = Time.Write(DateTimeOffset.UtcNow);
        object Event(string kind, int number, Dictionary<string, object?> row) => new
        {
            specversion = "1.0", id = string.Create(CultureInfo.InvariantCulture, $"{call.Trace}-{kind}-{number}"), source = $"/gateway/{call.Standing.Grant.Id}", type = $"guantong.row.{kind}", time = at,
            subject = string.Join('/', dataset.Key.Select(k => row.GetValueOrDefault(k.Name))), datacontenttype = "application/json", guantongposition = changes.Position, data = row,
        };
        return JsonSerializer.SerializeToUtf8Bytes(changes.Rows.Select((r, i) => Event("put", i, r)).Concat(changes.Removed.Where(r => r.Count > 0).Select((r, i) => Event("removed", i, r))), Gateway.Written);
    }

    /// <summary>A statement for the sandbox.</summary>
    public sealed record Statement(string Sql);

    private static async Task SqlAsync(string grant, Statement given, Gateway gateway, Sandbox sandbox, HttpContext http)
    {
        if (await gateway.EnterAsync(http, grant, "sandbox") is not { } call || await DatasetAsync(gateway, call) is not var (pack, dataset))
            return;
        var (result, refused) = await sandbox.RunAsync(call.Caller, SandboxHolder.Of(call.Standing.Grant, call.Verdict, pack, dataset), call.Standing.Shared!, pack, dataset, given.Sql, cancel: http.RequestAborted);
        if (result is null)
            await Results.Problem(detail: refused!.Say(Lang.Of(http)), statusCode: 422, title: Problems.Title(Lang.Of(http), 422), type: $"https://guantong.dev/problems/{refused.Code}", extensions: new Dictionary<string, object?> { ["code"] = refused.Code }).ExecuteAsync(http);
        else
            await gateway.AnswerAsync(call, result, "gateway.sandbox", new { result.Id, result.State });
    }

    private static async Task ResultAsync(string grant, string id, Gateway gateway, Sandbox sandbox, HttpContext http)
    {
        if (await gateway.EnterAsync(http, grant, "sandbox") is not { } call)
            return;
        if (await sandbox.FindAsync(id, withRows: true, http.RequestAborted) is not { } result || result.Grant != grant)
            await http.Problem(404, "not-found", id).ExecuteAsync(http);
        else
            await gateway.AnswerAsync(call, result.State == "released" ? result : result with { Rows = null }, "gateway.sandbox", new { result.Id, result.State });
    }

    private static async Task ReceiptAsync(string grant, string trace, GrantsInForce grants, CallJournal journal, Ledger ledger, GatewayKey key, TimeProvider clock, HttpContext http)
    {
        var caller = http.Features.Get<UnitKey>()?.Machine ?? http.Caller();
        if (await grants.FindAsync(grant, http.RequestAborted) is not { } standing || standing.Grant.Unit != caller.Unit)
        {
            await http.Problem(404, "grant-none", grant).ExecuteAsync(http);
            return;
        }
        await journal.CatchUpAsync(http.RequestAborted);
        // Traces are random: the particulars hold this one or none.
        var found = (await ledger.PageAsync(new LedgerQuery(About: $"grant:{grant}", Matter: trace), 0, 10, http.RequestAborted)).Entries.FirstOrDefault(e => e.Action.EndsWith(Gateway.Ended, StringComparison.Ordinal));
        if (found is null)
        {
            await http.Problem(404, "not-found", trace).ExecuteAsync(http);
            return;
        }
        using var detail = JsonDocument.Parse(found.Detail);
        var body = JsonSerializer.SerializeToUtf8Bytes(new { Grant = grant, Trace = trace, found.Seq, found.At, Sent = detail.RootElement.GetProperty("more") }, Gateway.Written);
        var call = new GatewayCall(http, caller, standing, default(ShareVerdict) with { Fields = [], Masked = [] }, "receipt", [], trace, 0);
        http.Response.Headers[GatewayCall.TraceHeader] = trace;
        Gateway.Sign(key, http.Response.Headers, call, 200, AnswerSignature.Digest(System.Security.Cryptography.SHA256.HashData(body)), clock.GetUtcNow());
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static async Task ServiceAsync(string grant, string? path, Gateway gateway, PassingOn passing, HttpContext http)
    {
        if (await gateway.EnterAsync(http, grant, "service") is not { } call)
            return;
        if (call.Standing.Interface is null)
            await gateway.FailAsync(call, 404, "grant-withdrawn", grant);
        else
        {
            // How much it takes is the interface's to say: here it streams.
            if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = null;
            await passing.PassAsync(call, path ?? "");
        }
    }
}
