using Guantong.Portal.Parts;
using Guantong.Portal.Services;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Portal.Me;

/// <summary>What a person applied for with their account, what agents did for them, and what they did for others.</summary>
internal static class ApplicationPages
{
    private const int PerPage = 20;

    public static void MapMyApplications(this IEndpointRouteBuilder me)
    {
        me.MapGet("/applications", async Task<IResult> (HttpContext http, Applications applications, Receptions receptions, Data.PackRegistry packs, Jurisdiction land, int skip = 0) =>
        {
            var page = await applications.OfAsync(http.Caller(), Math.Max(0, skip), PerPage, cancel: http.RequestAborted);
            var names = new Dictionary<string, (string Matter, string? Outcome)>();
            foreach (var one in page.Items)
            {
                var (pack, lang) = (await packs.AtAsync(one.Pack, one.Revision, http.RequestAborted), Lang.Of(http));
                names[one.Number] = (pack.Say(lang, pack.Matter(one.Matter)?.Name ?? one.Matter), one.Outcome is null ? null : pack.Say(lang, one.Outcome));
            }
            return new RazorComponentResult<ApplicationsPage>(new { Visit = MePages.VisitOf(http), Page = page, Names = names, Land = land, Said = (await receptions.OfAsync(http.Caller(), http.RequestAborted)).Where(v => v.State != "sorted").ToList() });
        }).Needs("self.see");
        me.MapGet("/applications/{number}", (string number, HttpContext http, Applications applications, ServiceRatings ratings, Jurisdiction land) => ShowAsync(number, http, applications, ratings, land, null)).Needs("self.see").KeptForOne();
        me.MapPost("/applications/{number}/rating", (string number, HttpContext http, Applications applications, ServiceRatings ratings, Jurisdiction land) => ShowAsync(number, http, applications, ratings, land, ServicePages.Rate)).Needs("self.see");
        me.MapPost("/applications/{number}/appeal", (string number, HttpContext http, Applications applications, ServiceRatings ratings, Jurisdiction land) => ShowAsync(number, http, applications, ratings, land, null, contest: ServicePages.File)).Needs("self.see");
        me.MapPost("/applications/{number}/appeal/withdraw", (string number, HttpContext http, Applications applications, ServiceRatings ratings, Jurisdiction land) => ShowAsync(number, http, applications, ratings, land, null, contest: ServicePages.Withdraw)).Needs("self.see");
        me.MapPost("/applications/{number}/material", GiveAsync).Needs("self.see").WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(TrustRoom.LargestUpload));
        me.MapPost("/applications/{number}/supplement", (string number, HttpContext http, Applications applications, Acceptances acceptances, ServiceRatings ratings, Jurisdiction land) => HearAsync(number, http, applications, ratings, land, (file, form) => ServicePages.SupplementAsync(acceptances, file, form, http.RequestAborted))).Needs("self.see");
        me.MapPost("/applications/{number}/withdraw", (string number, HttpContext http, Applications applications, Acceptances acceptances, ServiceRatings ratings, Jurisdiction land) => HearAsync(number, http, applications, ratings, land, (file, _) => ServicePages.WithdrawAsync(acceptances, file, http.RequestAborted))).Needs("self.see");
        me.MapPost("/applications/{number}/rating/reply", (string number, HttpContext http, Applications applications, ServiceRatings ratings, Jurisdiction land) => ShowAsync(number, http, applications, ratings, land, ServicePages.Reply)).Needs("self.see");
    }

    private static async Task<IResult> GiveAsync(string number, HttpContext http, Applications applications, Attachments attachments, ServiceRatings ratings, Jurisdiction land)
    {
        if (await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is not var (file, _))
            return PortalRoom.Message(MePages.VisitOf(http), "missing.title", "missing.text", 404);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await ShowAsync(number, http, applications, ratings, land, null, await ServicePages.RefusedAsync(http, () => ServicePages.GiveAsync(attachments, file, form, http.RequestAborted)));
    }

    private static async Task<IResult> HearAsync(string number, HttpContext http, Applications applications, ServiceRatings ratings, Jurisdiction land, Func<ApplicationFile, IFormCollection, Task<IReadOnlyList<FormFault>>> hear)
    {
        if (await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is not var (file, _))
            return PortalRoom.Message(MePages.VisitOf(http), "missing.title", "missing.text", 404);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await ShowAsync(number, http, applications, ratings, land, null, heard: await ServicePages.HearAsync(http, () => hear(file, form)), typed: form);
    }

    private static async Task<IResult> ShowAsync(string number, HttpContext http, Applications applications, ServiceRatings ratings, Jurisdiction land, Func<ServiceRatings, Case, IFormCollection, string, CancellationToken, Task>? act, string? unfit = null, (IReadOnlyList<FormFault> Faults, string? Unheard)? heard = null, IFormCollection? typed = null, Func<Appeals, Case, IFormCollection, string, CancellationToken, Task>? contest = null)
    {
        if (await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is not var (file, line) || ((act is not null || contest is not null) && line.Role == "as-agent"))
            return PortalRoom.Message(MePages.VisitOf(http), "missing.title", "missing.text", 404);
        var form = act is null && contest is null ? null : await http.Request.ReadFormAsync(http.RequestAborted);
        var fault = act is null ? null : await ServicePages.RefusedAsync(http, () => act(ratings, file.Case, form!, http.Caller().Login, http.RequestAborted));
        var appeals = http.RequestServices.GetRequiredService<Appeals>();
        var contested = contest is null ? null : await ServicePages.ContestedAsync(http, appeals, file, form!, contest, http.Caller().Login);
        return new RazorComponentResult<ApplicationPage>(new
        {
            Appeals = await appeals.OfAsync(file, http.RequestAborted), Contested = contested, Next = applications.NextOf(file),
            Visit = MePages.VisitOf(http), File = file, Line = line, Land = land, Unfit = unfit, Faults = heard?.Faults ?? [], heard?.Unheard, Typed = heard?.Faults.Count > 0 ? typed!.ToDictionary(f => f.Key, f => string.Join(FormField.Between, f.Value.OfType<string>())) : [], Fault = fault, Words = fault is null ? null : form!["words"].ToString(), Done = act is not null && fault is null,
            Rating = await ratings.FindAsync(file.Case.Number, RowRights.All, http.RequestAborted),
        }) { StatusCode = fault is null && unfit is null && heard is not ({ Count: > 0 }, _) and not (_, { }) && contested is null ? 200 : 422 };
    }
}
