using Guantong.Portal.Services;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Me;

/// <summary>A person's inbox, where else they are told, and what is served on them.</summary>
internal static class NoticePages
{
    private const int PerPage = 20;

    public static void MapMyNotices(this IEndpointRouteBuilder me)
    {
        var notices = me.MapGroup("/notices").Needs("self.see");
        notices.MapGet("", (HttpContext http, int skip = 0) => ShowAsync(http, Math.Max(0, skip), null, null));
        notices.MapPost("/read", async (HttpContext http, NoticeBox inbox) =>
        {
            var id = (await MePages.FormAsync(http))["id"].ToString();
            await inbox.ReadAsync(http.Caller(), id.Length == 0 ? null : id, http.RequestAborted);
            return Results.LocalRedirect("/me/notices");
        });
        notices.MapPost("/contact", async (HttpContext http, NoticeBox inbox, Contacts contacts) =>
        {
            var form = await MePages.FormAsync(http);
            var owner = await inbox.OwnerAsync(http.Caller(), http.RequestAborted);
            var fault = await ServicePages.RefusedAsync(http, () => form["do"] == "end" ? contacts.EndAsync(http.Caller(), owner, form["channel"].ToString(), http.RequestAborted)
                : contacts.GiveAsync(http.Caller(), owner, form["channel"].ToString(), form["address"], Lang.Of(http), http.RequestAborted));
            return await ShowAsync(http, 0, fault, fault is null ? form["do"] == "end" ? "me.notices.ended" : form["channel"] == "email" ? "me.notices.code-sent" : "me.notices.kept" : null);
        }).Limited(ApplicationsApi.Limit);
        notices.MapPost("/confirm", async (HttpContext http, NoticeBox inbox, Contacts contacts) =>
        {
            var isRight = await contacts.ConfirmAsync(http.Caller(), await inbox.OwnerAsync(http.Caller(), http.RequestAborted), (await MePages.FormAsync(http))["code"], http.RequestAborted);
            return await ShowAsync(http, 0, isRight ? null : WorkTexts.Say(Lang.Of(http), "conflict.contact-code"), isRight ? "me.notices.confirmed" : null);
        }).Limited(ApplicationsApi.Limit);

        notices.MapPost("/choices", async (HttpContext http, NoticeBox inbox, NoticeChoices choices) =>
        {
            var form = await MePages.FormAsync(http);
            var ticked = form["on"].OfType<string>().ToHashSet();
            var (from, to) = (form["from"].ToString(), form["to"].ToString());
            var chosen = new ChosenNotices([.. from kind in NoticeChoices.Kinds from channel in NoticeChoices.Channels where !ticked.Contains($"{kind}:{channel}") select new NoticeOff(kind, channel)], from.Length + to.Length == 0 ? null : new QuietHours(from, to));
            var owner = await inbox.OwnerAsync(http.Caller(), http.RequestAborted);
            var fault = await ServicePages.RefusedAsync(http, () => choices.ChooseAsync(http.Caller(), owner, chosen, http.RequestAborted));
            return await ShowAsync(http, 0, fault, fault is null ? "me.notices.chosen" : null);
        });

        var served = me.MapGroup("/served").Needs("self.see");
        served.MapGet("", async Task<IResult> (HttpContext http, Servings servings) => await ServedAsync(http, servings, null, null));
        served.MapGet("/{id}", async Task<IResult> (string id, HttpContext http, Servings servings, Cases cases, Jurisdiction land) =>
            (await servings.MineAsync(http.Caller(), http.RequestAborted)).FirstOrDefault(s => s.Id == id) is { } serving && await servings.DocumentAsync(http.Caller(), id, cases, http.RequestAborted) is { } document
                ? new RazorComponentResult<ServedDocumentPage>(new { Visit = MePages.VisitOf(http), Serving = serving, Document = document, Land = land }) : PortalRoom.Message(MePages.VisitOf(http), "missing.title", "missing.text", 404));
        served.MapPost("/confirm", async (HttpContext http, Servings servings) =>
        {
            var id = (await MePages.FormAsync(http))["id"].ToString();
            var fault = await ServicePages.RefusedAsync(http, () => servings.ConfirmAsync(http.Caller(), id, http.RequestAborted));
            return await ServedAsync(http, servings, fault, fault is null ? "me.served.confirmed" : null);
        });
        served.MapPost("/consent", async (HttpContext http, Servings servings) =>
        {
            var form = await MePages.FormAsync(http);
            var fault = await ServicePages.RefusedAsync(http, () => servings.AgreeAsync(http.Caller(), form["of"], form["agrees"] == "true", http.RequestAborted));
            return await ServedAsync(http, servings, fault, fault is null ? form["agrees"] == "true" ? "me.served.agreed" : "me.served.not-agreed" : null);
        });
    }

    /// <summary>Ending e-mails by what stands in each. Mail programs post to the same address by themselves (RFC 8058).</summary>
    public static void MapStopping(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/notices/stop", IResult (string? token, HttpContext http) => new RazorComponentResult<StopPage>(new { Visit = MePages.VisitOf(http), Token = token ?? "", Done = false })).Needs("notice.stop");
        pages.MapPost("/notices/stop", async Task<IResult> (string? token, HttpContext http, Contacts contacts) =>
            await contacts.StopAsync(token, http.RequestAborted) ? new RazorComponentResult<StopPage>(new { Visit = MePages.VisitOf(http), Token = "", Done = true }) : PortalRoom.Message(MePages.VisitOf(http), "missing.title", "stop.unknown", 404))
            .Needs("notice.stop").Limited(ApplicationsApi.Limit).DisableAntiforgery();
    }

    private static async Task<IResult> ShowAsync(HttpContext http, int skip, string? fault, string? done)
    {
        T Of<T>() where T : class => (T)http.RequestServices.GetService(typeof(T))!;
        var inbox = Of<NoticeBox>();
        return new RazorComponentResult<NoticesPage>(new
        {
            Visit = MePages.VisitOf(http), Page = await inbox.PageAsync(http.Caller(), Lang.Of(http), skip, PerPage, http.RequestAborted), Unread = await inbox.UnreadAsync(http.Caller(), http.RequestAborted),
            Contacts = await Of<Contacts>().OfAsync(await inbox.OwnerAsync(http.Caller(), http.RequestAborted), http.RequestAborted), Fault = fault, Done = done, Of<Jurisdiction>().Offset, Chosen = await Of<NoticeChoices>().OfAsync(await inbox.OwnerAsync(http.Caller(), http.RequestAborted), http.RequestAborted),
        }) { StatusCode = fault is null ? 200 : 422 };
    }

    private static async Task<IResult> ServedAsync(HttpContext http, Servings servings, string? fault, string? done)
    {
        return new RazorComponentResult<ServedPage>(new
        {
            Visit = MePages.VisitOf(http), Served = await servings.MineAsync(http.Caller(), http.RequestAborted), Consents = await servings.ConsentsAsync(http.Caller(), http.RequestAborted),
            Land = (Jurisdiction)http.RequestServices.GetService(typeof(Jurisdiction))!, Fault = fault, Done = done,
        }) { StatusCode = fault is null ? 200 : 422 };
    }
}
