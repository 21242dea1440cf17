using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Portal.Appointments;
using Guantong.Portal.Parts;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Portal.Services;

/// <summary>The pages of services: guide, application, look-up. All work without JavaScript.</summary>
internal static class ServicePages
{
    public static void MapServices(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/services/{pack}/{matter}", GuideAsync).Needs("public.read").Kept();
        pages.MapGet("/services/{pack}/{matter}/apply", (string pack, string matter, Applications applications, Attachments attachments, ApplicationDrafts drafts, Jurisdiction land, HttpContext http) =>
            BeginAsync(pack, matter, applications, attachments, drafts, land, http)).Needs("service.apply");
        pages.MapPost("/services/{pack}/{matter}/apply", ApplyAsync).Needs("service.apply").Limited(ApplicationsApi.Limit).WithMetadata(new RequestSizeLimitAttribute(TrustRoom.LargestUpload));
        pages.MapSteps();
        pages.MapPost("/applications/material", (Receptions receptions, Applications applications, Attachments attachments, ServiceRatings ratings, Jurisdiction land, IAntiforgery guard, HttpContext http) => LookUpAsync(receptions, applications, ratings, land, guard, http, null, (file, form) => GiveAsync(attachments, file, form, http.RequestAborted))).Needs("service.look-up").Limited(ApplicationsApi.Limit).WithMetadata(new RequestSizeLimitAttribute(TrustRoom.LargestUpload));
        pages.MapPost("/applications/appeal", (Receptions receptions, Applications applications, ServiceRatings ratings, Jurisdiction land, IAntiforgery guard, HttpContext http) => LookUpAsync(receptions, applications, ratings, land, guard, http, null, contest: File)).Needs("service.look-up").Limited(ApplicationsApi.Limit);
        pages.MapPost("/applications/appeal/withdraw", (Receptions receptions, Applications applications, ServiceRatings ratings, Jurisdiction land, IAntiforgery guard, HttpContext http) => LookUpAsync(receptions, applications, ratings, land, guard, http, null, contest: Withdraw)).Needs("service.look-up").Limited(ApplicationsApi.Limit);
        pages.MapPost("/applications/file", FileAsync).Needs("service.look-up").Limited(ApplicationsApi.Limit);
        pages.MapPost("/applications/document", DocumentAsync).Needs("service.look-up").Limited(ApplicationsApi.Limit);
        pages.MapGet("/documents", IResult (Jurisdiction land, HttpContext http) => new RazorComponentResult<DocumentCheckPage>(new { Visit = Visit.Of(http, land), Land = land })).Needs("service.look-up");
        // The code goes in the body, as that of an application does.
        pages.MapPost("/documents", CheckAsync).Needs("service.look-up").Limited(ApplicationsApi.Limit);
        pages.MapGet("/applications", IResult (Jurisdiction land, HttpContext http, string? number) => new RazorComponentResult<TrackPage>(new { Visit = Visit.Of(http, land), Number = number })).Needs("service.look-up");
        // The code goes in the body: addresses end up in histories and logs.
        pages.MapPost("/applications", (Receptions receptions, Applications applications, ServiceRatings ratings, Jurisdiction land, IAntiforgery guard, HttpContext http) => LookUpAsync(receptions, applications, ratings, land, guard, http, null)).Needs("service.look-up").Limited(ApplicationsApi.Limit);
        pages.MapPost("/applications/supplement", (Receptions receptions, Acceptances acceptances, Applications applications, ServiceRatings ratings, Jurisdiction land, IAntiforgery guard, HttpContext http) => LookUpAsync(receptions, applications, ratings, land, guard, http, null, hear: (file, form) => SupplementAsync(acceptances, file, form, http.RequestAborted))).Needs("service.look-up").Limited(ApplicationsApi.Limit);
        pages.MapPost("/applications/withdraw", (Receptions receptions, Acceptances acceptances, Applications applications, ServiceRatings ratings, Jurisdiction land, IAntiforgery guard, HttpContext http) => LookUpAsync(receptions, applications, ratings, land, guard, http, null, hear: (file, form) => WithdrawAsync(acceptances, file, http.RequestAborted))).Needs("service.look-up").Limited(ApplicationsApi.Limit);
        pages.MapPost("/applications/rating", (Receptions receptions, Applications applications, ServiceRatings ratings, Jurisdiction land, IAntiforgery guard, HttpContext http) => LookUpAsync(receptions, applications, ratings, land, guard, http, Rate)).Needs("service.look-up").Limited(ApplicationsApi.Limit);
        pages.MapPost("/applications/rating/reply", (Receptions receptions, Applications applications, ServiceRatings ratings, Jurisdiction land, IAntiforgery guard, HttpContext http) => LookUpAsync(receptions, applications, ratings, land, guard, http, Reply)).Needs("service.look-up").Limited(ApplicationsApi.Limit);
    }

    private static async Task<IResult> GuideAsync(string pack, string matter, string? region, Applications applications, ServiceRatings ratings, Bookings bookings, Queues queues, Maps maps, Jurisdiction land, TimeProvider clock, HttpContext http)
    {
        if (applications.Find(pack, matter) is not var (applied, found))
            return Missing(land, http);
        var chosen = land.Regions.Find(region)?.Code;
        return new RazorComponentResult<GuidePage>(new Dictionary<string, object?>
        {
            ["Visit"] = Visit.Of(http, land), ["Pack"] = applied.Pack, ["Matter"] = found, ["Land"] = land, ["Canonical"] = $"{WalletApi.IssuerOf(http)}/services/{pack}/{matter}", ["Region"] = chosen,
            ["Parts"] = (IReadOnlyList<(JointPart, Pack, Matter)>)(found.Joint is { } joint ? [.. applications.PartsOf(applied.Pack, joint)] : []),
            ["Rated"] = await ratings.OfMatterAsync(pack, matter, clock.GetUtcNow().AddDays(-365), http.RequestAborted),
            ["Places"] = await AppointmentPages.FindAsync(bookings, queues, pack, found, chosen, http.RequestAborted),
            ["Map"] = found.InPerson is null ? null : AppointmentPages.MapOf(maps, land, chosen ?? land.Root),
        });
    }

    // A form that is empty, or goes on with a draft of one's own.
    private static async Task<IResult> BeginAsync(string pack, string matter, Applications applications, Attachments attachments, ApplicationDrafts drafts, Jurisdiction land, HttpContext http)
    {
        if (applications.Find(pack, matter) is not var (applied, found))
            return Missing(land, http);
        if (ApplySteps.Are(applied.Pack, found))
            return await StepPages.ShowAsync(applied, found, http);
        if (http.Request.Query["draft"].ToString() is not { Length: > 0 } id)
            return await FormAsync(applied, found, applications, land, http, http.Request.Query["for"].ToString() is { Length: > 0 } whom and not "self" ? new Dictionary<string, string> { ["for"] = whom } : [], [], []);
        if (Me(http) is not { } me || await drafts.FindAsync(me, id, http.RequestAborted) is not { } draft || draft.Of != (pack, matter))
            return PortalRoom.Message(Visit.Of(http, land), "drafts.gone.title", "drafts.gone.text", 404);
        var typed = new Dictionary<string, string>(draft.Typed) { ["draft"] = draft.Id, ["draft-version"] = $"{draft.Version}" };
        var files = await attachments.OfBasketAsync(applied, found, typed.GetValueOrDefault("basket"), http.RequestAborted);
        return await FormAsync(applied, found, applications, land, http, typed, [], files, draft);
    }

    // Keeps what was filled in; where it was saved elsewhere meanwhile, both stand side by side, to be chosen from.
    private static async Task<IResult> SaveAsync(AppliedPack applied, Matter matter, Person me, Dictionary<string, string> typed, ApplicationDrafts drafts, Jurisdiction land, HttpContext http)
    {
        var (id, version) = (typed.GetValueOrDefault("draft"), long.TryParse(typed.GetValueOrDefault("draft-version"), out var seen) ? seen : 0);
        var picked = typed.Where(t => t.Key.StartsWith("pick:", StringComparison.Ordinal) && t.Value == "theirs").Select(t => t.Key["pick:".Length..]).ToHashSet();
        var mine = typed.Where(t => !Aside.Contains(t.Key) && !t.Key.StartsWith("__", StringComparison.Ordinal) && !t.Key.StartsWith("pick:", StringComparison.Ordinal)).ToDictionary();
        if (picked.Count > 0 && await drafts.FindAsync(me, id, http.RequestAborted) is { } theirs && theirs.Version == version)
            mine = DraftMerge.Choose(mine, theirs.Typed, picked);
        try
        {
            var saving = await drafts.SaveAsync(me, applied.Pack.Id, matter.Id, id, mine, version, http.RequestAborted);
            return saving.IsSaved ? Results.LocalRedirect($"/services/{applied.Pack.Id}/{matter.Id}/apply?draft={saving.Now!.Id}")
                : new RazorComponentResult<DraftChoicePage>(new { Visit = Visit.Of(http, land), applied.Pack, Matter = matter, Mine = mine, Theirs = saving.Now!, Land = land }) { StatusCode = 409 };
        }
        catch (ConflictException e)
        {
            return new RazorComponentResult<DraftRefusedPage>(new { Visit = Visit.Of(http, land), Text = e.Say(Lang.Of(http)) }) { StatusCode = 409 };
        }
    }

    // What a button does to a form that is not sent yet.
    internal static readonly string[] Doing = ["remove", "upload", "more", "drop", "look"];

    // What a form carries beside its fields.
    private static readonly HashSet<string> Aside = ["draft", "draft-version", "save", .. Doing];

    private static async Task<RazorComponentResult> FormAsync(AppliedPack applied, Matter matter, Applications applications, Jurisdiction land, HttpContext http, IReadOnlyDictionary<string, string> typed, IReadOnlyList<FormFault> faults, IReadOnlyList<Attachment> files, Draft? draft = null)
    {
        var me = Me(http);
        var principals = me is null ? [] : await applications.PrincipalsAsync(me, applied, matter, http.RequestAborted);
        var prefilled = await PrefilledAsync(applied, matter, typed, applications, http);
        return new RazorComponentResult<ApplyPage>(new Dictionary<string, object?>
        {
            ["Visit"] = Visit.Of(http, land), ["Pack"] = applied.Pack, ["Matter"] = matter, ["Regions"] = applications.Regions(matter), ["Typed"] = typed, ["Faults"] = faults, ["Files"] = files,
            ["Principals"] = principals, ["Land"] = land, ["Prefilled"] = prefilled, ["Draft"] = draft, ["IsSignedIn"] = me is not null,
        }) { StatusCode = faults.Count == 0 ? 200 : 422 };
    }

    // Whoever is signed in on this browser; a key is nobody who applies.
    internal static Person? Me(HttpContext http) => http.SessionId() is null ? null : Callers.Of(http.User);

    private static async Task<IResult> ApplyAsync(string pack, string matter, Applications applications, Attachments attachments, ApplicationDrafts drafts, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (applications.Find(pack, matter) is not var (applied, found))
            return Missing(land, http);
        if (!await guard.IsRequestValidAsync(http))
            return Expired(land, http);
        if (ApplySteps.Are(applied.Pack, found))
            return await StepPages.SendAsync(applied, found, http);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (typed, fields) = (Typed(form), FieldsOf(applied, found, http));
        // Files are kept first: a mistake elsewhere in the form does not lose them.
        var faulty = await PutAsync(applied, found, fields, form, typed, attachments, http);
        var files = await attachments.OfBasketAsync(applied, found, typed.GetValueOrDefault("basket"), http.RequestAborted);
        typed = Rows(fields, typed);
        if (faulty.Count == 0 && form.ContainsKey("save") && Me(http) is { } owner)
        {
            // What data says is not the applicant's: it is read anew when they go on.
            foreach (var known in (await PrefilledAsync(applied, found, typed, applications, http)).Where(p => p.IsFilled && !p.IsObjected(typed)))
                typed.Remove(known.Field);
            return await SaveAsync(applied, found, owner, typed, drafts, land, http);
        }
        if (faulty.Count > 0 || form.ContainsKey("save") || Doing.Any(form.ContainsKey))
            return await FormAsync(applied, found, applications, land, http, typed, faulty, files);
        typed = FormInput.Compact(fields, typed);
        var (me, principal) = (Me(http), typed.GetValueOrDefault("for", ""));
        // Signed out meanwhile: what was to be theirs does not become nobody's.
        if (principal.Length > 0 && me is null)
            return await FormAsync(applied, found, applications, land, http, typed, [new FormFault("for", "signed-out")], files);
        var outcome = await SentAsync(applications, applied, found, FillingOf(applied, found, typed, await PrefilledAsync(applied, found, typed, applications, http), http), files, http.RequestAborted);
        if (outcome.Receipt is { } && me is not null && typed.GetValueOrDefault("draft") is { Length: > 0 } sent)
            await drafts.RemoveAsync(me, sent, http.RequestAborted);
        return outcome.Receipt is not { } receipt ? await FormAsync(applied, found, applications, land, http, typed, outcome.Faults, files)
            : new RazorComponentResult<ReceiptPage>(new { Visit = Visit.Of(http, land), applied.Pack, Matter = found, Receipt = receipt });
    }

    /// <summary>What stands in the controls, by their names.</summary>
    internal static Dictionary<string, string> Typed(IFormCollection form) => form.ToDictionary(f => f.Key, f => string.Join(FormField.Between, f.Value.ToArray()));

    internal static IReadOnlyList<FormField> FieldsOf(AppliedPack applied, Matter matter, HttpContext http) => matter.Form is { } schema ? FormField.Of(applied.Pack.Forms[schema.Name], Lang.Of(http)) : [];

    /// <summary>Takes a row away, or adds one, where a button says so.</summary>
    internal static Dictionary<string, string> Rows(IReadOnlyList<FormField> fields, Dictionary<string, string> typed)
    {
        if (typed.TryGetValue("drop", out var dropped) && dropped.Split('[') is [var rows, var place] && int.TryParse(place.TrimEnd(']'), System.Globalization.CultureInfo.InvariantCulture, out var at))
            typed = FormInput.Without(typed, rows, at);
        if (typed.TryGetValue("more", out var more) && fields.FirstOrDefault(f => f.Name == more && f.Columns.Count > 0) is { } longer)
            typed.TryAdd($"{more}[{FormInput.Rows(longer, typed)}].{longer.Columns[0].Name}", "");
        return typed;
    }

    /// <summary>What stands in the controls as what is filled in.</summary>
    internal static Filling FillingOf(AppliedPack applied, Matter matter, Dictionary<string, string> typed, IReadOnlyList<Prefilled> prefilled, HttpContext http)
    {
        var who = Me(http) is { } me && typed.GetValueOrDefault("for", "") is { Length: > 0 } principal ? new Applying(me, principal) : null;
        return new Filling(typed.GetValueOrDefault("region", ""), FormInput.Read(FieldsOf(applied, matter, http), typed), who)
        {
            Told = who is not null || typed.GetValueOrDefault("notify-email", "").Trim() is not { Length: > 0 } email ? null : (email, Lang.Of(http)),
            Basket = typed.GetValueOrDefault("basket"), Choices = Choices(matter, typed),
            Objections = prefilled.Where(p => p.IsObjected(typed)).ToDictionary(p => p.Field, p => typed.GetValueOrDefault("why:" + p.Field, "")),
        };
    }

    /// <summary>Sends it; files that changed meanwhile are told where they stand.</summary>
    internal static async Task<ApplicationOutcome> SentAsync(Applications applications, AppliedPack applied, Matter matter, Filling filling, IReadOnlyList<Attachment> files, CancellationToken cancel)
    {
        try
        {
            return await applications.ApplyAsync(applied, matter, filling, cancel);
        }
        catch (ConflictException e)
        {
            return new ApplicationOutcome(null, [new FormFault(files.Count > 0 ? files[0].Field : "region", e.Code)]);
        }
    }

    // What data says of a form: of oneself, where one is the applicant who is chosen, as the first is.
    internal static Task<IReadOnlyList<Prefilled>> PrefilledAsync(AppliedPack applied, Matter matter, IReadOnlyDictionary<string, string> typed, Applications applications, HttpContext http) =>
        applications.PrefilledAsync(applied, matter, Me(http) is { } me && typed.GetValueOrDefault("for", "person:" + me.Login) is { Length: > 0 } chosen ? new Applying(me, chosen) : null, typed.GetValueOrDefault("region"), isDrawn: true, http.RequestAborted);

    private static Dictionary<string, string> Choices(Matter matter, Dictionary<string, string> typed) =>
        matter.Materials.Where(m => typed.GetValueOrDefault("choice:" + m.Id, "").Length > 0).ToDictionary(m => m.Id, m => typed["choice:" + m.Id].Split(FormField.Between)[0]);

    // Puts what was chosen into the basket, and takes out what was to be removed; what is not taken, by field.
    internal static async Task<List<FormFault>> PutAsync(AppliedPack applied, Matter matter, IReadOnlyList<FormField> fields, IFormCollection form, Dictionary<string, string> typed, Attachments attachments, HttpContext http)
    {
        var faults = new List<FormFault>();
        foreach (var file in form.Files.Where(f => f.Length > 0 && (fields.Any(x => x.Files is not null && x.Name == f.Name) || matter.Materials.Any(m => m.Field == f.Name))))
        {
            try
            {
                await using var content = file.OpenReadStream();
                (_, typed["basket"]) = await attachments.AddAsync(applied, matter, typed.GetValueOrDefault("basket"), file.FileName, file.Name, content, http.RequestAborted);
            }
            catch (ConflictException e)
            {
                faults.Add(new FormFault(file.Name, e.Code) { Detail = e.Args.Count > 0 ? e.Args[0] : null });
            }
        }
        try
        {
            if (typed.TryGetValue("remove", out var id))
                await attachments.RemoveAsync(applied, matter, typed.GetValueOrDefault("basket", ""), id, http.RequestAborted);
        }
        catch (ConflictException)
        {
            // It is gone already, as was wished.
        }
        return faults;
    }

    private static async Task<IResult> FileAsync(Applications applications, Attachments attachments, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (!await guard.IsRequestValidAsync(http))
            return Expired(land, http);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await applications.LookUpAsync(form["number"].ToString(), form["code"].ToString(), http.RequestAborted) is { } file && await AttachmentsApi.SendAsync(attachments, file.Case.Id, form["file"], http) is { } sent ? sent : Missing(land, http);
    }

    /// <summary>Rates a case by what was filled in.</summary>
    public static Task Rate(ServiceRatings ratings, Case row, IFormCollection form, string actor, CancellationToken cancel) =>
        ratings.RateAsync(row, new GivenRating(int.TryParse(form["level"], out var level) ? level : 0, [.. form["reasons"].OfType<string>()], form["words"]), actor, cancel);

    /// <summary>Says what the applicant thinks of an answer to their rating.</summary>
    public static Task Reply(ServiceRatings ratings, Case row, IFormCollection form, string actor, CancellationToken cancel) => ratings.ReplyAsync(row, form["satisfied"] == "true", form["words"], actor, cancel);

    private static async Task<RazorComponentResult> LookUpAsync(Receptions receptions, Applications applications, ServiceRatings ratings, Jurisdiction land, IAntiforgery guard, HttpContext http, Func<ServiceRatings, Case, IFormCollection, string, CancellationToken, Task>? act, Func<ApplicationFile, IFormCollection, Task>? give = null, Func<ApplicationFile, IFormCollection, Task<IReadOnlyList<FormFault>>>? hear = null, Func<Appeals, Case, IFormCollection, string, CancellationToken, Task>? contest = null)
    {
        if (!await guard.IsRequestValidAsync(http))
            return Expired(land, http);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (number, code) = (form["number"].ToString(), form["code"].ToString());
        var file = await applications.LookUpAsync(number, code, http.RequestAborted);
        var said = file is null ? await receptions.LookUpAsync(number, code, http.RequestAborted) : null;
        // What was sorted is looked up as the case that it became.
        if (said is { State: "sorted", File: { } became })
            (file, number, said) = (became, became.Case.Number, null);
        string? fault = null;
        if (file is not null && act is not null)
            fault = await RefusedAsync(http, () => act(ratings, file.Case, form, "applicant", http.RequestAborted));
        string? unfit = null;
        if (file is not null && give is not null)
        {
            unfit = await RefusedAsync(http, () => give(file, form));
            file = await applications.LookUpAsync(number, code, http.RequestAborted);
        }
        var heard = (Faults: (IReadOnlyList<FormFault>)[], Unheard: (string?)null);
        if (file is not null && hear is not null)
        {
            heard = await HearAsync(http, () => hear(file, form));
            file = await applications.LookUpAsync(number, code, http.RequestAborted);
        }
        var appeals = http.RequestServices.GetRequiredService<Appeals>();
        var contested = file is null ? null : await ContestedAsync(http, appeals, file, form, contest, "applicant");
        var typed = form.ToDictionary(f => f.Key, f => string.Join(FormField.Between, f.Value.OfType<string>()));
        return new RazorComponentResult<TrackPage>(new
        {
            Appeals = file is null ? new Dictionary<string, (AppealTerm?, CaseAppeal?)>() : await appeals.OfAsync(file, http.RequestAborted), Contested = contested, Next = file is null ? [] : applications.NextOf(file),
            Unfit = unfit, Reception = said, heard.Faults, heard.Unheard, Typed = heard.Faults.Count > 0 ? typed : [],
            Visit = Visit.Of(http, land), Number = number, Code = code, File = file, IsWrong = file is null && said is null, Land = land, Fault = fault, Words = fault is null ? null : form["words"].ToString(), Done = act is not null && fault is null,
            Rating = file is null ? null : await ratings.FindAsync(file.Case.Number, RowRights.All, http.RequestAborted),
        }) { StatusCode = file is null && said is null ? 404 : fault is null && unfit is null && heard is { Faults.Count: 0, Unheard: null } && contested is null ? 200 : 422 };
    }

    /// <summary>Supplements an application by what was filled in; gives the faults of it.</summary>
    public static Task<IReadOnlyList<FormFault>> SupplementAsync(Acceptances acceptances, ApplicationFile file, IFormCollection form, CancellationToken cancel)
    {
        var fields = Acceptances.Askable(file.Pack, file.Pack.Matter(file.Case.Matter)!);
        return acceptances.GiveAsync(file, FormInput.Read(fields, form.ToDictionary(f => f.Key, f => string.Join(FormField.Between, f.Value.OfType<string>()))), cancel);
    }

    /// <summary>Takes an application back.</summary>
    public static async Task<IReadOnlyList<FormFault>> WithdrawAsync(Acceptances acceptances, ApplicationFile file, CancellationToken cancel)
    {
        await acceptances.WithdrawAsync(file, cancel);
        return [];
    }

    /// <summary>Hears an applicant; the faults of what they filled in, or what stands in the way.</summary>
    public static async Task<(IReadOnlyList<FormFault> Faults, string? Unheard)> HearAsync(HttpContext http, Func<Task<IReadOnlyList<FormFault>>> hear)
    {
        IReadOnlyList<FormFault> faults = [];
        var unheard = await RefusedAsync(http, async () => faults = await hear());
        return (faults, unheard);
    }

    /// <summary>Gives a material that is owed, with the file that was chosen.</summary>
    public static async Task GiveAsync(Attachments attachments, ApplicationFile file, IFormCollection form, CancellationToken cancel)
    {
        // Chosen, or taken by the camera.
        var given = form.Files.FirstOrDefault(f => f.Length > 0) ?? throw new ConflictException("file-empty");
        await using var content = given.OpenReadStream();
        await attachments.GiveAsync(file, form["material"].ToString(), given.FileName, content, cancel);
    }

    /// <summary>Appeals against what a case came to by what was filled in.</summary>
    public static Task File(Appeals appeals, Case row, IFormCollection form, string actor, CancellationToken cancel) => appeals.FileAsync(row, form["words"], form["excuse"], actor, cancel);

    /// <summary>Takes an appeal back.</summary>
    public static Task Withdraw(Appeals appeals, Case row, IFormCollection form, string actor, CancellationToken cancel) => appeals.WithdrawAsync(row, actor, cancel);

    /// <summary>Acts about an appeal; null where nothing stood in the way.</summary>
    public static async Task<Contested?> ContestedAsync(HttpContext http, Appeals appeals, ApplicationFile file, IFormCollection form, Func<Appeals, Case, IFormCollection, string, CancellationToken, Task>? contest, string actor) =>
        contest is not null && file.CaseOf(form["of"]) is { } row && await RefusedAsync(http, () => contest(appeals, row, form, actor, http.RequestAborted)) is { } fault ? new Contested(row.Number, fault, form["words"], form["excuse"]) : null;

    /// <summary>Acts; what stands in the way, in words.</summary>
    public static async Task<string?> RefusedAsync(HttpContext http, Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (ConflictException e)
        {
            return e.Say(Lang.Of(http));
        }
    }

    private static async Task<IResult> DocumentAsync(Applications applications, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (!await guard.IsRequestValidAsync(http))
            return Expired(land, http);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await applications.LookUpAsync(form["number"].ToString(), form["code"].ToString(), http.RequestAborted) is { } file && DocumentsApi.File(file.AllDocuments, form["document"], http) is { } word ? word : Missing(land, http);
    }

    private static async Task<IResult> CheckAsync(DocumentBook book, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (!await guard.IsRequestValidAsync(http))
            return Expired(land, http);
        var code = (await http.Request.ReadFormAsync(http.RequestAborted))["code"].ToString();
        var real = await book.CheckAsync(code, http.RequestAborted);
        return new RazorComponentResult<DocumentCheckPage>(new { Visit = Visit.Of(http, land), Land = land, Code = code, Real = real }) { StatusCode = real is null ? 404 : 200 };
    }

    private static RazorComponentResult Missing(Jurisdiction land, HttpContext http) => PortalRoom.Message(Visit.Of(http, land), "missing.title", "missing.text", 404);

    private static RazorComponentResult Expired(Jurisdiction land, HttpContext http) => PortalRoom.Message(Visit.Of(http, land), "expired.title", "expired.text", 400);
}

/// <summary>An appeal that was not taken in, with what was typed.</summary>
/// <param name="Of">The number of the case.</param>
public sealed record Contested(string Of, string Fault, string? Words, string? Excuse);
