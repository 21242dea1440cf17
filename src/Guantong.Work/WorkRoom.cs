using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guantong.Work;

/// <summary>Cases, tasks and the durable process runtime: what this room offers and needs. Start reading here.</summary>
public static class WorkRoom
{
    /// <summary>This room's tables.</summary>
    public static readonly Migrations Migrations = new("work", typeof(WorkRoom).Assembly);

    /// <summary>Registers the room's services.</summary>
    /// <param name="workers">Whether what is due of cases is run in this process.</param>
    /// <param name="notices">How people are told of what happens.</param>
    /// <param name="scanner">What scans files for viruses (GUANTONG_SCANNER); null for nothing.</param>
    /// <param name="mailbox">The mailbox of the reception (GUANTONG_IMAP); null for none.</param>
    public static IServiceCollection AddWork(this IServiceCollection services, bool workers, NoticeSettings notices, string? scanner = null, MailboxServer? mailbox = null)
    {
        services.AddSingleton<CaseSeals>().AddSingleton<WorkSignal>().AddSingleton<Steps>().AddSingleton<Cases>().AddSingleton<Tasks>().AddSingleton<TaskHandling>().AddSingleton<Supervisions>().AddSingleton<Escalations>().AddSingleton<Suspensions>().AddSingleton<CaseJoins>().AddSingleton<Absences>().AddSingleton<Skills>().AddSingleton<AssignRules>().AddSingleton<Clocks>().AddSingleton<TermRecount>();
        services.AddSingleton<Services>().AddSingleton<DocumentBook>().AddSingleton<ChannelThings>().AddSingleton<RegionChannels>().AddSingleton<ChannelPictures>().AddSingleton<Messages>().AddSingleton<Delivery>().AddSingleton<Incidents>().AddSingleton<Moves>();
        services.AddSingleton<ProcessRecord>().AddSingleton<EventLog>().AddSingleton<WorkRunner>().AddSingleton<Deciding>();
        services.AddSingleton<Applications>().AddSingleton<Signatures>().AddSingleton<Acceptances>().AddSingleton<Receptions>().AddSingleton<Sorter>().AddSingleton<SortModels>().AddSingleton(new MailboxSettings(mailbox)).AddSingleton<MailboxSignal>().AddSingleton<Mailbox>().AddSingleton<FollowUps>().AddSingleton<Payments>().AddSingleton<CredentialKeys>().AddSingleton<Wallets>().AddSingleton<SimulatedChannel>().AddSingleton<IPaymentChannel>(p => p.GetRequiredService<SimulatedChannel>()).AddSingleton<Attachments>().AddSingleton<Materials>().AddSingleton(_ => new VirusScan(scanner)).AddSingleton<ServiceRatings>().AddSingleton<Reads>().AddSingleton<Objections>().AddSingleton<ProvedIdentities>().AddSingleton<Prefills>().AddSingleton<TaskDrafts>().AddSingleton<ApplicationDrafts>().AddSingleton<Appeals>().AddSingleton<Bookings>().AddSingleton<Queues>().AddSingleton<BookingDays>();
        services.AddSingleton(notices).AddSingleton<Notices>().AddSingleton<NoticeSignal>().AddSingleton<Contacts>().AddSingleton<NoticeBox>().AddSingleton<NoticeChoices>().AddSingleton<NoticePost>().AddSingleton<Servings>().AddSingleton<Archives>().AddSingleton<HandlingFigures>();
        services.AddSingleton<OrganisationHomes>().AddSingleton<SupportPolicies>().AddSingleton<LicenceWatch>();
        foreach (var channel in (string[])["sms", "messenger", .. notices.Mail is null ? (string[])["email"] : []])
            services.AddSingleton<INoticeCarrier>(p => ActivatorUtilities.CreateInstance<LogCarrier>(p, channel));
        if (notices.Mail is { } server)
            services.AddSingleton<INoticeCarrier>(p => new MailCarrier(server, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PackFollower>(TimedStarts.KeepAsync);
        services.AddSingleton<AuthorityTeller>(p => async (change, on, authority, subjects) =>
        {
            foreach (var subject in subjects)
                await p.GetRequiredService<Notices>().TellAsync(change, subject, "authority-" + on, "authority:" + authority, "/me/authority");
        });
        services.AddSingleton<CaseMigrations>().AddSingleton<MigrationRunner>();
        services.AddSingleton<FindThing>(p => (about, reader, cancel) => CaseRows.FindAsync(p.GetRequiredService<Store>(), about, reader?.Rows("case.read", p.GetRequiredService<Jurisdiction>()) ?? RowRights.All, cancel));
        if (workers)
            services.AddHostedService(p => p.GetRequiredService<WorkRunner>()).AddHostedService(p => p.GetRequiredService<MigrationRunner>()).AddHostedService(p => p.GetRequiredService<NoticePost>()).AddHostedService(p => p.GetRequiredService<Mailbox>()).AddHostedService(p => p.GetRequiredService<TermRecount>()).AddHostedService(p => p.GetRequiredService<LicenceWatch>()).AddHostedService<BookingWatch>();
        return services;
    }

    /// <summary>Maps the room's part of the API, below /api/v1.</summary>
    public static void MapWork(this IEndpointRouteBuilder api)
    {
        api.MapApplications();
        api.MapAcceptances();
        api.MapReceptions();
        api.MapFollowUps();
        api.MapPayments();
        api.MapWallet();
        api.MapBookings();
        api.MapMine();
        api.MapBusiness();
        api.MapRatings();
        api.MapChannels();
        api.MapAppeals();
        api.MapDocuments();
        api.MapNotices();
        api.MapServing();
        api.MapArchives();
        api.MapFigures();
        api.MapAttachments();
        api.MapMaterials();
        api.MapPrefills();
        api.MapDrafts();
        api.MapDeciding();
        api.MapIncidents();
        api.MapMessageMending();
        api.MapRecord();
        api.MapMigrations();
        var work = api.MapGroup("").WithTags("Work");
        work.MapGet("/cases/{id}/signature", async (string id, Signatures signatures, Cases cases, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file && await signatures.OfAsync(file.Case.Id, http.RequestAborted) is { } signature
                ? Results.Ok(Shown(signature)) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithSummary("How the application of a case was signed, and whether what was signed still stands");
        work.MapMessages();
        work.MapMoves();
        work.MapClocks();
        work.MapHandling();
        work.MapSupervisions();
        work.MapSuspensions();
        work.MapCaseJoins();
        work.MapColleagues();

        work.MapGet("/tasks", async (Tasks tasks, HttpContext http, string? unit, string? state, string? q, int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await tasks.PageAsync(unit ?? http.Caller().Unit, state, q, http.Rows("task.read"), unit is null || unit == http.Caller().Unit ? http.Caller() : null, skip, take, http.RequestAborted)))
            .Needs("task.read").WithSummary("Tasks of a unit, the soonest due first; of my own (when none is named) with what others ask of me, each by its kind").Produces<Page<TaskLine>>();

        work.MapGet("/tasks/{id}", async (string id, Tasks tasks, Moves moves, TaskHandling handling, HttpContext http) =>
        {
            if (await tasks.FindAsync(id, http.Rows("task.read"), http.RequestAborted) is not { } task)
                return http.Problem(404, "not-found", id);
            await handling.SeeAsync(task.CaseId, http.Caller(), http.RequestAborted);
            return Results.Ok(new { Task = task, Form = await tasks.FormAsync(task, http.RequestAborted) is { } form ? JsonNode.Parse(form) : null, Earlier = Policy.MayWork(http.Caller(), task.Unit) && await moves.EarlierAsync(task, http.RequestAborted) is { } given ? JsonNode.Parse(given) : null });
        })
            .Needs("task.read").WithSummary("A task, the JSON Schema of its form, and what was given before the case was sent back over it");

        work.MapPost("/tasks/{id}/take", (string id, Tasks tasks, HttpContext http) => ActAsync(http, async () =>
        {
            await tasks.TakeAsync(id, http.Caller(), giveBack: false, http.RequestAborted);
            return Results.NoContent();
        })).Needs("task.work").WithSummary("Take a task of my unit");
        work.MapPost("/tasks/{id}/give-back", (string id, Tasks tasks, HttpContext http) => ActAsync(http, async () =>
        {
            await tasks.TakeAsync(id, http.Caller(), giveBack: true, http.RequestAborted);
            return Results.NoContent();
        })).Needs("task.work").WithSummary("Give a task back to my unit");
        work.MapPost("/tasks/{id}/finish", (string id, JsonObject given, Tasks tasks, HttpContext http) => ActAsync(http, async () =>
        {
            var faults = await tasks.FinishAsync(id, given, http.Caller(), http.RequestAborted);
            return faults.Count == 0 ? Results.NoContent() : http.FormProblem(faults);
        })).Needs("task.work").WithSummary("Finish a task with what its form asks for");

        work.MapGet("/cases", async (Cases cases, HttpContext http, string? state, string? matter, string? q, int skip = 0, int take = 50, bool called = false) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await cases.PageAsync(state, matter, q, called, http.Rows("case.read"), skip, take, http.RequestAborted)))
            .Needs("case.read").WithSummary("Cases, newest first; those that others called too where asked").Produces<Page<Case>>();
        work.MapGet("/cases/{id}", async (string id, Cases cases, TaskHandling handling, HttpContext http) =>
        {
            if (await cases.ReadAsync(id, http.Caller(), http.Rows("case.read"), cancel: http.RequestAborted) is not { } file)
                return http.Problem(404, "not-found", id);
            await handling.SeeAsync(file.Case.Id, http.Caller(), http.RequestAborted);
            return Results.Ok(file);
        })
            .Needs("case.read").WithSummary("A case by id or number with its tasks and documents").Produces<CaseFile>();
        work.MapGet("/cases/{id}/process", async (string id, Cases cases, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file ? Results.Ok(await cases.DrawAsync(file.Case, Lang.Of(http), http.RequestAborted)) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithSummary("A case's process as BPMN, and where it stands").Produces<CaseDrawing>();
        work.MapGet("/cases/{id}/decisions", async (string id, Cases cases, PackRegistry packs, HttpContext http) =>
            await cases.ReadAsync(id, http.Caller(), http.Rows("case.read"), cancel: http.RequestAborted) is { } file
                ? Results.Ok(CaseDecisions.Of(file.Case, await packs.AtAsync(file.Case.Pack, file.Case.Revision, http.RequestAborted), Lang.Of(http)).Select(CaseDecisions.Write)) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithSummary("What tables decided in a case, with the rules that fired and why the others did not");
        work.MapGet("/cases/{id}/ledger", async (string id, Cases cases, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file
                ? Results.Ok(await cases.EntriesAsync(file.Case, http.Caller(), http.RequestAborted)) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithSummary("What the ledger holds of a case").Produces<LedgerEntry[]>();
        work.MapPost("/cases", async (NewCase given, Cases cases, PackRegistry packs, Jurisdiction land, HttpContext http) =>
        {
            if (packs.Applied.GetValueOrDefault(given.Pack) is not { } applied || applied.Pack.Matter(given.Matter) is not { StartBy: "application" } matter)
                return http.Problem(404, "not-found", $"{given.Pack}/{given.Matter}");
            // Where nothing is said, where the caller is: what they open is theirs to see.
            var region = given.Region ?? land.Regions.Find(http.Caller().Region)?.Code ?? land.Root;
            if (land.Regions.Find(region) is null)
                return http.Problem(404, "not-found", region);
            if (CaseDecisions.IsForged(given.Data))
                return http.WorkProblem(422, "data-reserved", CaseDecisions.Kept);
            var id = await cases.OpenAsync(applied, matter, given.Title ?? matter.Name, region, given.Data ?? [], http.Caller(), http.RequestAborted);
            return Results.Created($"/api/v1/cases/{id}", new { id });
        }).Needs("case.open").WithSummary("Open a case of a matter that is applied for");
    }

    /// <summary>A signature without what was signed: that is read where the case is.</summary>
    internal static object? Shown(ApplicationSignature? one) => one is null ? null : new { one.Signer, one.At, one.Proved, Strength = one.Strength.ToString(), one.Sm3, one.Statement, one.State, one.Changed };

    /// <summary>What opening a case asks for.</summary>
    public sealed record NewCase(string Pack, string Matter, string? Title, string? Region, JsonObject? Data);

    /// <summary>Acts; what stands in the way becomes a problem.</summary>
    internal static async Task<IResult> ActAsync(HttpContext http, Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (ConflictException e)
        {
            return http.WorkProblem(e.Code switch
            {
                "task-gone" or "case-gone" or "ask-gone" or "incident-gone" or "message-gone" or "migration-gone" or "migration-no-version" or "rating-gone" or "supervision-gone"
                    or "notice-gone" or "serving-gone" or "archive-gone" or "file-gone" or "absence-gone" or "material-gone" or "acceptance-none" or "reception-gone" or "sort-gone" or "follow-up-gone" or "draft-gone" or "payment-gone" or "difference-gone" or "credential-gone" or "present-gone"
                    or "appeal-gone" or "booking-gone" or "place-gone" or "ticket-gone" or "policy-gone" or "channel-gone" or "channel-version" => 404,
                "reason-missing" or "ask-whom" or "ask-own" or "ask-not-there" or "not-colleague" or "ask-due" or "ask-quorum" or "ask-silence" or "ask-answer" or "batch-what"
                    or "migration-mapping" or "migration-no-matter" or "clock-ground" or "supervise-whom" or "escalation-answer" or "rating-level" or "rating-reasons" or "rating-words"
                    or "rating-finding" or "contact-channel" or "contact-email" or "contact-phone" or "archive-reason" or "serving-way" or "serving-party" or "serving-day" or "serving-receiver"
                    or "serving-note" or "file-empty" or "file-type" or "file-mismatch" or "file-unpacks" or "file-infected" or "file-field" or "suspend-ground" or "terminate-ground"
                    or "terminate-unconfirmed" or "merge-other" or "split-matter" or "split-fields" or "split-title" or "absence-days" or "absence-substitute" or "skill-words" or "level-none"
                    or "material-result" or "supplement-what" or "reject-ground" or "redirect-ground" or "redirect-whom" or "reception-channel" or "reception-region" or "reception-said" or "reception-reach"
                    or "reception-matter" or "reception-case" or "sort-alone" or "draft-long" or "appeal-words" or "appeal-what"
                    or "statement-day" or "difference-how" or "notice-kind" or "quiet-hours" or "present-fields" or "present-purpose" or "present-term" or "present-reader" or "booking-place" or "booking-slot" or "queue-counter" or "ticket-how" or "channel-no-region" or "channel-long" or "channel-time" or "picture-broken" => 422,
                "task-elsewhere" or "move-not-yours" or "assign-not-yours" or "urge-not-yours" or "instruct-not-yours" or "withdraw-not-yours" or "ask-elsewhere" or "clock-not-yours"
                    or "rating-own" or "supervise-not-yours" or "supervision-elsewhere" or "supervision-not-yours" or "escalation-not-yours" or "archive-own" or "file-personal" or "suspend-not-yours"
                    or "merge-not-yours" or "absence-not-yours" or "skill-not-yours" or "post-not-yours" or "material-not-yours" or "acceptance-not-yours" or "follow-up-own" or "appeal-own" or "booking-person" or "channel-not-yours" or "channel-own" => 403,
                "file-erased" or "reception-erased" => 410,
                "file-large" => 413,
                "file-scan-failed" => 503,
                _ => 409,
            }, e.Code, [.. e.Args]);
        }
    }

    /// <summary>A problem in this room's words.</summary>
    internal static IResult WorkProblem(this HttpContext http, int status, string code, params object?[] args) =>
        Results.Problem(detail: WorkTexts.Say(Lang.Of(http), "conflict." + code, args), statusCode: status,
            title: WorkTexts.Say(Lang.Of(http), "conflict"), extensions: new Dictionary<string, object?> { ["code"] = code });
}
