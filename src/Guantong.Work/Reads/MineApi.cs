using System.Globalization;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>What is a person's own, over the API: their applications, and who read and used their data. For the person alone: a key or a program's token is refused.</summary>
public static class MineApi
{
    internal static void MapMine(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me").WithTags("Me").Needs("self.see").OnlyForPeople();

        me.MapGet("/next", async (Applications applications, HttpContext http) => Results.Ok((await applications.NextOfAsync(http.Caller(), http.RequestAborted)).Select(n => new { Matter = $"{n.Applied.Pack.Id}/{n.Matter.Id}", Name = n.Applied.Pack.Say(Lang.Of(http), n.Matter.Name), Why = n.Because.Say(Lang.Of(http), n.Why), n.Number })))
            .WithSummary("What I may want next, by what I applied for and declared; kept nowhere");
        me.MapGet("/applications", async (Applications applications, HttpContext http, int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await applications.OfAsync(http.Caller(), skip, take, cancel: http.RequestAborted)))
            .WithSummary("What I applied for, what was done for me, and what I did for others while my authority stands").Produces<Page<MyApplication>>();
        me.MapGet("/applications/{number}", async (string number, Applications applications, Jurisdiction land, HttpContext http) =>
            await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is var (file, line)
                ? Results.Ok(new { Application = line, Pauses = file.Pauses.Select(p => ClocksApi.Shown(p, land, Lang.Of(http))), Termination = ApplicationsApi.Shown(file.Termination, land, Lang.Of(http)), Acceptance = AcceptancesApi.Shown(file, land, Lang.Of(http)), MergedInto = ApplicationsApi.Shown(file.MergedInto), file.Merged, file.Split, Signature = WorkRoom.Shown(file.Signature), Parts = ApplicationsApi.Shown(file.Parts, land, Lang.Of(http)), file.Steps, file.Documents, Payments = file.Payments.Select(PaymentsApi.Shown), file.Files, Materials = file.Materials.Select(m => new { m.Material, m.Name, m.State, m.Since, m.Due, m.Light, m.Promise, m.Checked, m.Reason }), Decisions = file.Decisions(Lang.Of(http)).Select(CaseDecisions.Write) })
                : http.Problem(404, "not-found", number))
            .WithSummary("One of them: how it stands and how it was decided");

        me.MapGet("/reads", async (Reads reads, HttpContext http, string? of, string? from, string? to, long? before, int take = 50) =>
            take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Query(from, to, before, out var query) is { } wrong ? http.Problem(400, "bad-time", wrong)
            : await reads.PageAsync(http.Caller(), of, query, take, Lang.Of(http), http.RequestAborted) is { } page ? Results.Ok(page) : http.Problem(404, "not-found", of ?? ""))
            .WithSummary("Who read and used my data, or that of an organisation that I represent (of), newest first; from and to are days").Produces<ReadPage>();
        me.MapGet("/reads.csv", CsvAsync).WithSummary("The same as CSV");
        api.MapObjections(me);
    }

    /// <summary>What asking about a read asks for.</summary>
    /// <param name="Of">An organisation that the caller represents (its subject); null for oneself.</param>
    /// <param name="Entry">The ledger entry's number.</param>
    public sealed record NewObjection(long Entry, string? Words, string? Of = null);

    /// <summary>An answer.</summary>
    public sealed record NewAnswer(string? Answer);

    private static void MapObjections(this IEndpointRouteBuilder api, RouteGroupBuilder me)
    {
        me.MapPost("/objections", async (NewObjection given, Objections objections, HttpContext http) =>
                Told(http, await objections.AskAsync(http.Caller(), given.Of, given.Entry, given.Words, http.RequestAborted), 201))
            .WithSummary("Ask about a read of my data that seems wrong");
        me.MapGet("/objections", async (Objections objections, HttpContext http, string? of) => (await objections.OfAsync(http.Caller(), of, http.RequestAborted))
                .Select(o => o with { Unit = objections.UnitOf(o, Lang.Of(http)) })).WithSummary("What I asked, and what I was told").Produces<Objection[]>();
        var asked = api.MapGroup("/objections").WithTags("Ledger").Needs("objection.answer");
        asked.MapGet("", async (Objections objections, HttpContext http, int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await objections.PageAsync(skip, take, http.RequestAborted))).WithSummary("What people ask about reads of their data, without an answer first").Produces<Page<AskedObjection>>();
        asked.MapPost("/{id}/answer", async (string id, NewAnswer given, Objections objections, HttpContext http) =>
                Told(http, await objections.AnswerAsync(http.Caller(), id, given.Answer, http.RequestAborted), 204))
            .WithSummary("Answer what a person asked");
    }

    private static IResult Told(HttpContext http, string? fault, int done) => fault switch
    {
        null => Results.StatusCode(done),
        "objection-words" => http.WorkProblem(422, fault, Objections.Longest),
        "objection-entry" or "objection-gone" => http.WorkProblem(404, fault),
        "objection-own" => http.WorkProblem(403, fault),
        _ => http.WorkProblem(409, fault),
    };

    /// <summary>Writes them as CSV.</summary>
    public static async Task<IResult> CsvAsync(Reads reads, Jurisdiction land, HttpContext http, string? of, string? from, string? to)
    {
        if (Query(from, to, null, out var query) is { } wrong)
            return http.Problem(400, "bad-time", wrong);
        if (await reads.SubjectAsync(http.Caller(), of, http.RequestAborted) is not { } subject)
            return http.Problem(404, "not-found", of ?? "");
        var (me, lang) = (http.Caller(), Lang.Of(http));
        return Results.Stream(async stream =>
        {
            await using var writer = Csv.Writer(stream);
            await writer.WriteLineAsync(Csv.Line(((string[])["seq", "at", "who", "post", "kind", "what", "matter", "case", "purpose", "fields"]).Select(c => WorkTexts.Say(lang, "reads.csv." + c))));
            await foreach (var read in reads.AllAsync(me, subject, query, lang, http.RequestAborted))
                await writer.WriteLineAsync(Csv.Line(read.Seq, Time.Read(read.At).ToOffset(land.Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), read.Who, read.Post, WorkTexts.Say(lang, "reads.kind." + read.Kind), read.What, read.Matter, read.Case, read.Purpose, string.Join(lang != Lang.Zh ? ", " : "、", read.Fields)));
        }, "text/csv; charset=utf-8", "who-read-my-data.csv");
    }

    /// <summary>Reads what is looked for; a day that is none is handed back.</summary>
    public static string? Query(string? from, string? to, long? before, out ReadQuery query)
    {
        query = new ReadQuery(Day(from), Day(to), before ?? long.MaxValue);
        return !string.IsNullOrEmpty(from) && query.From is null ? from : !string.IsNullOrEmpty(to) && query.To is null ? to : null;
    }

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
