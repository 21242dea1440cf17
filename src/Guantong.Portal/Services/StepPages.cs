using System.Security.Cryptography;
using Guantong.Data;
using Guantong.Packs;
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

/// <summary>Applying page by page (x-pages): each page is an address of its own and keeps its answers as it is sent, so that one goes back and forward, and comes back later. Works without JavaScript.</summary>
/// <remarks>After GOV.UK's question pages and check-answers pages. What is answered stands in a draft: of whoever is signed in, or of the holder of a cookie.</remarks>
internal static class StepPages
{
    // The cookie says which draft somebody goes on with on this browser: of whoever is signed in its id, else what it is found by.
    private const string Cookie = "begun";

    // Controls of the page itself; a form's fields have no colon in their names.
    private const string AtStep = "at:step", AtFrom = "at:from", AtGo = "at:go";

    // A page is asked for more often than an application is sent.
    private static readonly Limit Limit = new("application-steps", 600);

    public static void MapSteps(this IEndpointRouteBuilder pages)
    {
        // A page that was sent and is wrong stands under this address; whoever opens it anew goes on where they are.
        pages.MapGet("/services/{pack}/{matter}/apply/step", (string pack, string matter) => Results.LocalRedirect($"/services/{Uri.EscapeDataString(pack)}/{Uri.EscapeDataString(matter)}/apply")).Needs("service.apply");
        pages.MapPost("/services/{pack}/{matter}/apply/step", AnswerAsync).Needs("service.apply").Limited(Limit).WithMetadata(new RequestSizeLimitAttribute(TrustRoom.LargestUpload));
    }

    /// <summary>One page, with what was answered; where it cannot be answered yet, the one that comes first.</summary>
    public static async Task<IResult> ShowAsync(AppliedPack applied, Matter matter, HttpContext http)
    {
        if (matter.Sign && ServicePages.Me(http) is null)
            return new RazorComponentResult<SignInFirstPage>(new { Visit = VisitOf(http), applied.Pack, Matter = matter });
        var query = http.Request.Query;
        var draft = await DraftAsync(applied, matter, query["draft"], http);
        if (draft is null && query["draft"].ToString().Length > 0)
            return Gone(http);
        var typed = draft?.Typed ?? new Dictionary<string, string>();
        var stand = await StandAsync(applied, matter, typed, http, isFresh: query["step"] == "check");
        var open = stand.Steps.Open(typed, stand.Checked.Faults);
        var asked = query["step"].ToString();
        var step = asked.Length > 0 ? stand.Steps.Find(asked) : draft is null ? stand.Steps.All[0] : open;
        if (step is null || stand.Steps.At(step) > stand.Steps.At(open))
            return Results.LocalRedirect(Address(applied, matter, draft, open.Id, null, http));
        return await PageAsync(applied, matter, step, stand, typed, draft, [], query["from"], http);
    }

    // What was answered on one page is kept, whatever page comes next.
    private static async Task<IResult> AnswerAsync(string pack, string matter, Applications applications, Attachments attachments, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (applications.Find(pack, matter) is not var (applied, found) || !ApplySteps.Are(applied.Pack, found))
            return PortalRoom.Message(Visit.Of(http, land), "missing.title", "missing.text", 404);
        if (!await guard.IsRequestValidAsync(http))
            return PortalRoom.Message(Visit.Of(http, land), "expired.title", "expired.text", 400);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var draft = await DraftAsync(applied, found, form["draft"], http);
        if (draft is null && form["draft"].ToString().Length > 0)
            return Gone(http);
        var before = draft?.Typed ?? new Dictionary<string, string>();
        var stood = await StandAsync(applied, found, before, http);
        if (stood.Steps.Find(form[AtStep]) is not { Id: not "check" } step)
            return Results.LocalRedirect(Address(applied, found, draft, null, null, http));
        var typed = ServicePages.Typed(form);
        typed.TryAdd("basket", before.GetValueOrDefault("basket", ""));
        var fields = ServicePages.FieldsOf(applied, found, http);
        var faulty = await ServicePages.PutAsync(applied, found, fields, form, typed, attachments, http);
        typed = Over(before, step, ServicePages.Rows(fields, typed));
        var (isAct, go) = (ServicePages.Doing.Any(form.ContainsKey), form[AtGo].ToString());
        var opens = false;
        if (faulty.Count == 0 && !isAct && go.Length == 0)
        {
            typed = FormInput.Compact(fields, typed);
            typed[ApplySteps.Seen(step)] = "1";
            stood = await StandAsync(applied, found, typed, http);
            var now = stood.Steps.Find(step.Id) ?? step;
            // What an answer on this very page has opened is asked on it next, without reproach.
            var opened = now.Fields.Where(f => step.Fields.All(s => s.Name != f.Name)).ToList();
            opens = opened.Count > 0;
            faulty = [.. stood.Checked.Faults.Where(f => now.Has(f.Field) && !opened.Any(o => o.Name == f.Field))];
            if (faulty.Count > 0 || opens)
                typed.Remove(ApplySteps.Seen(step));
            step = now;
        }
        // What data says is not the applicant's: it is read anew when they go on.
        foreach (var known in stood.Checked.Prefilled.Where(p => p.IsFilled && !p.IsObjected(typed)))
            typed.Remove(known.Field);
        if (faulty.Count > 0)
            return await PageAsync(applied, found, step, await StandAsync(applied, found, typed, http), typed, draft, faulty, form[AtFrom], http);
        try
        {
            draft = await SaveAsync(applied, found, draft, held => Over(held, step, typed), http);
        }
        catch (ConflictException e)
        {
            return new RazorComponentResult<DraftRefusedPage>(new { Visit = Visit.Of(http, land), Text = e.Say(Lang.Of(http)) }) { StatusCode = 409 };
        }
        if (go == "later" && ServicePages.Me(http) is not null)
            return Results.LocalRedirect("/me/drafts");
        var at = stood.Steps.At(step);
        var next = isAct || opens ? step : go == "back" ? stood.Steps.All[Math.Max(0, at - 1)] : form[AtFrom] == "check" ? stood.Steps.Open(draft.Typed, stood.Checked.Faults) : stood.Steps.All[at + 1];
        return Results.LocalRedirect(Address(applied, found, draft, next.Id, next.Id == "check" ? null : form[AtFrom].ToString(), http));
    }

    /// <summary>Sends what was answered; what is wrong with it by now is told on the page where it is checked.</summary>
    public static async Task<IResult> SendAsync(AppliedPack applied, Matter matter, HttpContext http)
    {
        var (applications, drafts) = (http.RequestServices.GetRequiredService<Applications>(), http.RequestServices.GetRequiredService<ApplicationDrafts>());
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (await DraftAsync(applied, matter, form["draft"], http) is not { } draft)
            return Gone(http);
        var stand = await StandAsync(applied, matter, draft.Typed, http, isFresh: true);
        var open = stand.Steps.Open(draft.Typed, stand.Checked.Faults);
        if (open.Id != "check")
            return Results.LocalRedirect(Address(applied, matter, draft, open.Id, "check", http));
        var filling = stand.Filling;
        if (matter.Sign)
        {
            // Who signs has proved who they are after the last answer, and comes back to read it once more.
            if (ProofOf(draft, http) is not var (strength, at))
                return Results.LocalRedirect($"{StepUp.Path}?ReturnUrl={Uri.EscapeDataString(Address(applied, matter, draft, "check", null, http))}");
            filling = filling with { Signing = new Signing(form["at:sm3"].ToString(), form["at:nonce"].ToString(), Lang.Read(form["at:lang"], http), strength, Time.Write(at)) };
        }
        var outcome = await ServicePages.SentAsync(applications, applied, matter, filling, stand.Checked.Files, http.RequestAborted);
        if (outcome.Receipt is not { } receipt)
            return await PageAsync(applied, matter, open, stand, draft.Typed, draft, outcome.Faults, null, http);
        await drafts.RemoveAsync(OwnerOf(draft), draft.Id, http.RequestAborted);
        http.Response.Cookies.Delete(Cookie, Options(applied, matter, http));
        return new RazorComponentResult<ReceiptPage>(new { Visit = VisitOf(http), applied.Pack, Matter = matter, Receipt = receipt });
    }

    // What was answered so far, what it comes to, and the pages that it makes.
    internal sealed record Stand(ApplySteps Steps, Filling Filling, CheckedApplication Checked);

    private static async Task<Stand> StandAsync(AppliedPack applied, Matter matter, IReadOnlyDictionary<string, string> typed, HttpContext http, bool isFresh = false)
    {
        var (applications, known, land) = (http.RequestServices.GetRequiredService<Applications>(), http.RequestServices.GetRequiredService<KnownForNow>(), http.RequestServices.GetRequiredService<Jurisdiction>());
        var (me, prefilled) = (ServicePages.Me(http), (IReadOnlyList<Prefilled>)[]);
        // Nobody's data is read before it is said for whom and where they apply.
        var isAsked = typed.ContainsKey("seen:region");
        Task<IReadOnlyList<Prefilled>> ReadAsync() => isAsked ? ServicePages.PrefilledAsync(applied, matter, typed, applications, http) : applications.PrefilledAsync(applied, matter, null, null, cancel: http.RequestAborted);
        prefilled = isFresh || !isAsked || me is null ? await ReadAsync() : await known.OfAsync($"{me.Login}\n{typed.GetValueOrDefault("for")}\n{applied.Pack.Id}/{matter.Id}\n{applied.Revision}\n{typed.GetValueOrDefault("region")}", ReadAsync);
        var filling = ServicePages.FillingOf(applied, matter, new Dictionary<string, string>(typed), prefilled, http);
        var steps = ApplySteps.Of(applied.Pack, matter, VisitOf(http), land, typed, prefilled, me is not null);
        return new Stand(steps, filling, await applications.CheckAsync(applied, matter, filling, prefilled, http.RequestAborted));
    }

    private static async Task<RazorComponentResult> PageAsync(AppliedPack applied, Matter matter, ApplyStep step, Stand stand, IReadOnlyDictionary<string, string> typed, Draft? draft, IReadOnlyList<FormFault> faults, string? from, HttpContext http)
    {
        var (applications, land, me) = (http.RequestServices.GetRequiredService<Applications>(), http.RequestServices.GetRequiredService<Jurisdiction>(), ServicePages.Me(http));
        var parameters = new Dictionary<string, object?>
        {
            ["Visit"] = VisitOf(http), ["Pack"] = applied.Pack, ["Matter"] = matter, ["Land"] = land, ["Steps"] = stand.Steps, ["Step"] = step, ["Typed"] = typed, ["Faults"] = faults, ["Files"] = stand.Checked.Files,
            ["Prefilled"] = stand.Checked.Prefilled, ["Draft"] = draft, ["IsSignedIn"] = me is not null,
            ["Principals"] = me is null ? [] : await applications.PrincipalsAsync(me, applied, matter, http.RequestAborted),
        };
        if (step.Id == "check")
        {
            parameters["Stand"] = stand.Checked.Stand;
            if (matter.Sign)
            {
                var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
                parameters["Nonce"] = nonce;
                parameters["Content"] = await applications.SignedAsync(applied, matter, stand.Filling, stand.Checked, nonce, Lang.Of(http), http.RequestAborted);
                parameters["Proof"] = ProofOf(draft!, http);
            }
            return new RazorComponentResult<CheckPage>(parameters) { StatusCode = faults.Count == 0 ? 200 : 422 };
        }
        parameters["Regions"] = applications.Regions(matter);
        parameters["From"] = from == "check" ? "check" : null;
        return new RazorComponentResult<StepPage>(parameters) { StatusCode = faults.Count == 0 ? 200 : 422 };
    }

    // How and when somebody has proved who they are since they answered last; null where they have not, or it is too long ago.
    private static (Strength Strength, DateTimeOffset At)? ProofOf(Draft draft, HttpContext http) =>
        http.Proof() is { } proof && proof.At >= Time.Read(draft.Saved) && http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() - proof.At <= TimeSpan.FromMinutes(10) ? proof : null;

    // The draft that is gone on with: the one that is named, or that the cookie names.
    private static async Task<Draft?> DraftAsync(AppliedPack applied, Matter matter, string? id, HttpContext http)
    {
        var (drafts, cookie, of) = (http.RequestServices.GetRequiredService<ApplicationDrafts>(), http.Request.Cookies[Cookie], (applied.Pack.Id, matter.Id));
        if (ServicePages.Me(http) is { } me && await drafts.FindAsync(me, string.IsNullOrEmpty(id) ? cookie : id, http.RequestAborted) is { } own)
            return own.Of == of ? own : null;
        return !string.IsNullOrEmpty(id) || string.IsNullOrEmpty(cookie) ? null : (await drafts.OfAsync(ApplicationDrafts.VisitorOf(cookie), http.RequestAborted)).FirstOrDefault(d => d.Of == of);
    }

    // Keeps it over whatever stands there by now: a page changes its own answers and no others.
    private static async Task<Draft> SaveAsync(AppliedPack applied, Matter matter, Draft? draft, Func<IReadOnlyDictionary<string, string>, Dictionary<string, string>> over, HttpContext http)
    {
        var drafts = http.RequestServices.GetRequiredService<ApplicationDrafts>();
        var (begun, me, token) = (draft, ServicePages.Me(http), draft is not null ? http.Request.Cookies[Cookie] : null);
        if (me is null)
            token ??= RandomNumberGenerator.GetHexString(32, lowercase: true);
        var owner = me ?? ApplicationDrafts.VisitorOf(token!);
        while (true)
        {
            var own = draft?.By == owner.Login ? draft : null;
            var saving = await drafts.SaveAsync(owner, applied.Pack.Id, matter.Id, own?.Id, over(draft?.Typed ?? new Dictionary<string, string>()), own?.Version ?? 0, http.RequestAborted);
            draft = saving.Now!;
            if (!saving.IsSaved)
                continue;
            // Who signed in on the way takes along what they had answered.
            if (begun is not null && begun.By != owner.Login)
                await drafts.RemoveAsync(OwnerOf(begun), begun.Id, http.RequestAborted);
            http.Response.Cookies.Append(Cookie, me is null ? token! : draft.Id, Options(applied, matter, http));
            return draft;
        }
    }

    private static Person OwnerOf(Draft draft) => new(draft.By, "", "", "citizen", null, "", []);

    private static CookieOptions Options(AppliedPack applied, Matter matter, HttpContext http) =>
        new() { Path = $"/services/{applied.Pack.Id}/{matter.Id}/apply", HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps };

    // What stands there, with the answers of one page as they are now; what was put into the basket, too.
    private static Dictionary<string, string> Over(IReadOnlyDictionary<string, string> held, ApplyStep step, IReadOnlyDictionary<string, string> typed)
    {
        bool IsIts(string name) => step.Has(name) || name == "basket" || name == ApplySteps.Seen(step);
        var over = held.Where(h => !IsIts(h.Key)).ToDictionary();
        foreach (var (name, text) in typed.Where(t => IsIts(t.Key)))
            over[name] = text;
        return over;
    }

    private static string Address(AppliedPack applied, Matter matter, Draft? draft, string? step, string? from, HttpContext http) => $"/services/{applied.Pack.Id}/{matter.Id}/apply" + QueryString.Create(
        new (string Key, string? Value)[] { ("draft", ServicePages.Me(http) is { } me && draft?.By == me.Login ? draft.Id : null), ("step", step), ("from", from == "check" ? from : null) }.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value)));

    private static Visit VisitOf(HttpContext http) => Visit.Of(http, http.RequestServices.GetRequiredService<Jurisdiction>());

    private static RazorComponentResult Gone(HttpContext http) => PortalRoom.Message(VisitOf(http), "drafts.gone.title", "drafts.gone.text", 404);
}
