using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Notices over the API: inboxes, addresses, and what was sent about a case.</summary>
internal static class NoticesApi
{
    /// <summary>An address.</summary>
    /// <param name="Channel">email or sms.</param>
    public sealed record NewContact(string? Channel, string? Address, string? Lang = null);

    /// <summary>A code that was sent to an address.</summary>
    public sealed record GivenCode(string? Code);

    /// <summary>What stands in every e-mail.</summary>
    public sealed record StopToken(string? Token);

    public static void MapNotices(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me/notices").WithTags("Me").Needs("self.see").OnlyForPeople();
        me.MapGet("", PageAsync).WithSummary("My inbox, the latest first").Produces<Page<InboxNotice>>();
        me.MapGet("/unread", async (NoticeBox inbox, HttpContext http) => Results.Ok(new { Count = await inbox.UnreadAsync(http.Caller(), http.RequestAborted) })).WithSummary("How many I have not read");
        me.MapPost("/{id}/read", ReadAsync).WithSummary("Mark one as read");
        me.MapPost("/read", async (NoticeBox inbox, HttpContext http) =>
        {
            await inbox.ReadAsync(http.Caller(), null, http.RequestAborted);
            return Results.NoContent();
        }).WithSummary("Mark all as read");
        me.MapGet("/contacts", async (Contacts contacts, NoticeBox inbox, HttpContext http) => Results.Ok(await contacts.OfAsync(await inbox.OwnerAsync(http.Caller(), http.RequestAborted), http.RequestAborted))).WithSummary("Where else I am told").Produces<IReadOnlyList<Contact>>();
        me.MapPut("/contacts", (NewContact given, Contacts contacts, NoticeBox inbox, HttpContext http) => DoneAsync(http, async () =>
            await contacts.GiveAsync(http.Caller(), await inbox.OwnerAsync(http.Caller(), http.RequestAborted), given.Channel ?? "", given.Address, given.Lang ?? Lang.Of(http), http.RequestAborted))).Limited(ApplicationsApi.Limit).WithSummary("Give an address; an e-mail address is sent a code first");
        me.MapPost("/contacts/confirm", async (GivenCode given, Contacts contacts, NoticeBox inbox, HttpContext http) => await contacts.ConfirmAsync(http.Caller(), await inbox.OwnerAsync(http.Caller(), http.RequestAborted), given.Code, http.RequestAborted)
            ? Results.NoContent() : http.WorkProblem(422, "contact-code")).Limited(ApplicationsApi.Limit).WithSummary("Give back the code that was sent to my e-mail address");
        me.MapDelete("/contacts/{channel}", (string channel, Contacts contacts, NoticeBox inbox, HttpContext http) => DoneAsync(http, async () =>
            await contacts.EndAsync(http.Caller(), await inbox.OwnerAsync(http.Caller(), http.RequestAborted), channel, http.RequestAborted))).WithSummary("Be told there no more");

        me.MapGet("/choices", async (NoticeChoices choices, NoticeBox inbox, HttpContext http) => Results.Ok(await choices.OfAsync(await inbox.OwnerAsync(http.Caller(), http.RequestAborted), http.RequestAborted))).WithSummary("By which channels I am told of what, and when not").Produces<ChosenNotices>();
        me.MapPut("/choices", (ChosenNotices given, NoticeChoices choices, NoticeBox inbox, HttpContext http) => DoneAsync(http, async () =>
            await choices.ChooseAsync(http.Caller(), await inbox.OwnerAsync(http.Caller(), http.RequestAborted), given, http.RequestAborted))).WithSummary("Choose by which channels I am told of what, and quiet hours");

        api.MapPost("/notices/stop", async (StopToken given, Contacts contacts, HttpContext http) => await contacts.StopAsync(given.Token, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", ""))
            .Needs("notice.stop").Limited(ApplicationsApi.Limit).WithTags("Services").WithSummary("End e-mails, by what stands in each");

        api.MapGet("/notices", PageAsync).Needs("notice.read").WithTags("Work").WithSummary("An official's inbox and that of their unit").Produces<Page<InboxNotice>>();
        api.MapPost("/notices/{id}/read", ReadAsync).Needs("notice.read").WithTags("Work").WithSummary("Mark one as read");
        api.MapGet("/cases/{id}/notices", async (string id, Cases cases, NoticeBox inbox, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file ? Results.Ok(await inbox.OfCaseAsync(file.Case.Id, Lang.Of(http), http.RequestAborted)) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithTags("Work").WithSummary("What was told to whom about a case, and whether it got there").Produces<IReadOnlyList<SentNotice>>();
        api.MapPost("/cases/{id}/notices/{notice}/again", async (string id, string notice, Cases cases, NoticeBox inbox, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("notice.again"), http.RequestAborted) is { } file ? await DoneAsync(http, () => inbox.AgainAsync(http.Caller(), file.Case.Id, notice, http.RequestAborted)) : http.Problem(404, "not-found", id))
            .Needs("notice.again").WithTags("Work").WithSummary("Try a notice once more that did not leave");
    }

    private static async Task<IResult> PageAsync(NoticeBox inbox, HttpContext http, int skip = 0, int take = 50) =>
        skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage) : Results.Ok(await inbox.PageAsync(http.Caller(), Lang.Of(http), skip, take, http.RequestAborted));

    private static async Task<IResult> ReadAsync(string id, NoticeBox inbox, HttpContext http) => await inbox.ReadAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id);

    private static Task<IResult> DoneAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
