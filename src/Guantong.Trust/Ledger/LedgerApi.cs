using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust;

/// <summary>The ledger's part of the API, below /api/v1/ledger: for auditors.</summary>
internal static class LedgerApi
{
    /// <summary>What archiving asks for.</summary>
    public sealed record Archiving(long UpTo, string? Reason = null);

    /// <summary>Moving entries into a file, as another person agrees to it.</summary>
    internal static Deed Deed { get; } = Trust.Deed.Of<Archiving>("ledger.archive", async (services, asked, carried, cancel) =>
    {
        var archives = services.GetRequiredService<LedgerArchives>();
        try
        {
            var archive = await archives.WriteAsync(asked.UpTo, cancel) ?? throw new RefusedException(409, "nothing-to-archive", asked.UpTo);
            return new ReadyDeed(async change =>
            {
                await archives.MoveAsync(change, carried.Asker.Login, carried.Asker.Unit, archive);
                return archive;
            });
        }
        catch (LedgerBrokenException e)
        {
            throw new RefusedException(409, "ledger-broken", e.At);
        }
    });

    public static void MapLedger(this IEndpointRouteBuilder api)
    {
        var ledger = api.MapGroup("/ledger").WithTags("Ledger");
        var reading = ledger.MapGroup("").Needs("ledger.read");
        var proving = ledger.MapGroup("").Needs("ledger.verify");

        reading.MapGet("", async (Ledger entries, HttpContext http, string? person, string? about, string? matter, string? subject, string? dataset, string? unit, string? action, string? from, string? to, int skip = 0, int take = 50) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            if (Read(person, about, matter, subject, dataset, unit, action, from, to, out var query) is { } wrong)
                return http.Problem(400, "bad-time", wrong);
            var (items, total) = await entries.PageAsync(query, skip, take, http.RequestAborted);
            return Results.Ok(new { Items = items, Total = total });
        }).WithSummary("The ledger, newest first: by person (who did it), what it was about, matter, subject (whose data), dataset, unit, action and time").Produces<LedgerEntry[]>();

        proving.MapGet("/verdict", (Ledger entries, HttpContext http) => entries.VerifyAsync(http.RequestAborted))
            .WithSummary("Recompute chain, tree and checkpoints, and name the first bad entry");

        reading.MapGet("/entries/{seq:long}", async (long seq, Ledger entries, HttpContext http) =>
                await entries.FindAsync(seq, http.RequestAborted) is { } entry ? Results.Ok(entry) : http.Problem(404, "not-found", seq))
            .WithSummary("One entry").Produces<LedgerEntry>();

        reading.MapGet("/export", (Ledger entries, HttpContext http, string? person, string? about, string? matter, string? subject, string? dataset, string? unit, string? action, string? from, string? to, long first = 1, long last = long.MaxValue) =>
                Read(person, about, matter, subject, dataset, unit, action, from, to, out var query) is { } wrong ? http.Problem(400, "bad-time", wrong)
                : Results.Stream(stream => LedgerFile.WriteAsync(stream, entries.StreamAsync(query, first, last, http.RequestAborted), http.RequestAborted), "application/jsonl", "ledger.jsonl"))
            .WithSummary("Entries, a line of JSON each, oldest first; without filters, tools/verify reads them");

        reading.MapGet("/key", (LedgerKey key) => Results.Text(key.Value.Public.ToPem(), "application/x-pem-file")).WithSummary("The public key that checkpoints are signed with");

        reading.MapGet("/checkpoints", async (Checkpoints checkpoints, HttpContext http, int skip = 0, int take = 50) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            var (items, total) = await checkpoints.PageAsync(skip, take, http.RequestAborted);
            return Results.Ok(new { Items = items, Total = total });
        }).WithSummary("Checkpoints, newest first").Produces<Checkpoint[]>();

        reading.MapGet("/checkpoints/{size:long}", async (long size, Checkpoints checkpoints, HttpContext http) =>
                await checkpoints.FindAsync(size, http.RequestAborted) is { } found ? Results.Ok(found) : http.Problem(404, "not-found", size))
            .WithSummary("The checkpoint of so many entries").Produces<Checkpoint>();

        ledger.MapPost("/checkpoints", async (Checkpoints checkpoints, HttpContext http) => await GuardAsync(http, async () =>
                Results.Ok(await checkpoints.MakeAsync(http.Caller(), http.RequestAborted))))
            .Needs("ledger.checkpoint").WithSummary("Make a checkpoint now; the last one when nothing came since").Produces<Checkpoint>();

        proving.MapGet("/proofs/inclusion", async (Checkpoints checkpoints, HttpContext http, long seq, long? size) => await GuardAsync(http, async () =>
                (size ?? (await checkpoints.LastAsync(http.RequestAborted))?.Size) is { } of && await checkpoints.IncludeAsync(seq, of, http.RequestAborted) is { } proof
                    ? Results.Ok(proof) : http.Problem(404, "not-found", $"{seq}/{size}")))
            .WithSummary("Prove that an entry stands in the ledger of a size (that of the last checkpoint when none is named)").Produces<InclusionProof>();

        proving.MapGet("/proofs/consistency", async (Checkpoints checkpoints, HttpContext http, long from, long to) => await GuardAsync(http, async () =>
                await checkpoints.ExtendAsync(from, to, http.RequestAborted) is { } proof ? Results.Ok(proof) : http.Problem(404, "not-found", $"{from}–{to}")))
            .WithSummary("Prove that the ledger of one size is the beginning of that of another").Produces<ConsistencyProof>();

        reading.MapGet("/archives", async (LedgerArchives archives, HttpContext http) => await archives.AllAsync(http.RequestAborted)).WithSummary("Archives, oldest first");

        ledger.MapPost("/archives", async (Archiving asked, LedgerArchives archives, FourEyes eyes, HttpContext http) => !await archives.AnyAsync(asked.UpTo, http.RequestAborted) ? http.Problem(409, "nothing-to-archive", asked.UpTo)
                : await eyes.DoAsync(http, "ledger.archive", "ledger", asked, asked.Reason, new { asked.UpTo }, Results.Ok))
            .TellsRefusals()
            .Needs("ledger.archive").WithSummary("Move entries up to one that a checkpoint covers into a file, once another person has agreed").Produces<LedgerArchive>();
    }

    private static async Task<IResult> GuardAsync(HttpContext http, Func<Task<IResult>> work)
    {
        try
        {
            return await work();
        }
        catch (LedgerBrokenException e)
        {
            return http.Problem(409, "ledger-broken", e.At);
        }
    }

    // A wrong time is handed back as it came; else null.
    private static string? Read(string? person, string? about, string? matter, string? subject, string? dataset, string? unit, string? action, string? from, string? to, out LedgerQuery query)
    {
        query = new LedgerQuery(person, about, matter, subject, dataset, unit, action, Stamp(from), Stamp(to));
        return !string.IsNullOrEmpty(from) && query.From is null ? from : !string.IsNullOrEmpty(to) && query.To is null ? to : null;
    }

    private static string? Stamp(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? Time.Write(at) : null;
}
