using System.Text.Json;
using Guantong.Packs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Trust;

/// <summary>Looks up what an act would be done to, for a room that knows such things.</summary>
/// <param name="about">kind:id, as the ledger writes it.</param>
/// <param name="reader">Who asks; what they do not see is not there. Null sees everything.</param>
/// <returns>One thing for each unit whose work it is, or null where the room knows none.</returns>
public delegate Task<IReadOnlyList<Thing>?> FindThing(string about, Person? reader, CancellationToken cancel);

/// <summary>Why somebody may or may not do an act, in words.</summary>
/// <param name="Act">The act's id.</param>
/// <param name="About">kind:id, or null where only the door is judged.</param>
/// <param name="Roles">The roles that the person has, in words.</param>
/// <param name="Why">Sentences as the platform says them to the person.</param>
public sealed record Explained(string Login, string Act, string? About, bool Allowed, string Roles, IReadOnlyList<string> Why);

/// <summary>Explains the policy to whoever was refused, and to those who answer for it.</summary>
public sealed class WhyDenied(Accounts accounts, Store store, Jurisdiction land, TimeProvider clock, IEnumerable<FindThing> rooms)
{
    private static readonly Texts Sentences = Texts.Of(typeof(WhyDenied).Assembly);

    /// <summary>Explains; of another person only to those who may, and then the ledger says that they asked.</summary>
    /// <returns>Null where the person or the thing is not there, or not the asker's to see.</returns>
    public async Task<Explained?> AskAsync(Person by, string login, string act, string? about, string lang, CancellationToken cancel = default)
    {
        var answers = by.May("policy.explain");
        if (login != by.Login && !answers)
            return null;
        if ((login == by.Login ? by : await accounts.ElevatedAsync(login, null, cancel)) is not { } who)
            return null;
        IReadOnlyList<Thing>? things = [];
        if (!string.IsNullOrEmpty(about) && (things = await FindAsync(about, answers ? null : by, cancel)) is null)
            return null;
        if (login != by.Login)
        {
            await store.ChangeAsync(clock.GetUtcNow(), change => change.RecordOfAsync(by, "policy.explained", login, JsonSerializer.Serialize(new { act, about })), cancel);
        }
        var verdict = Verdict(who, act, things);
        return new Explained(login, act, about, verdict.IsAllowed, RolesOf(who, lang), [.. Policy.Explain(verdict, lang), .. await MoreAsync(who, act, things, verdict, lang, cancel)]);
    }

    // What is allowed for a time says until when; what is refused says which roles wait to be confirmed.
    private async Task<IReadOnlyList<string>> MoreAsync(Person who, string act, IReadOnlyList<Thing> things, Verdict verdict, string lang, CancellationToken cancel)
    {
        if (verdict.IsAllowed)
        {
            if (who.Elevated.Count == 0 || Verdict(who with { Roles = [.. who.Lasting()] }, act, things).IsAllowed)
                return [];
            var by = who.Elevated.First(e => Verdict(who with { Roles = [.. who.Lasting(), e.Role] }, act, things).IsAllowed);
            return [Sentences.Say(lang, "why.elevated", Policy.Book.Role(by.Role)!.Say(lang), Time.Read(by.Until).ToOffset(land.Offset).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture))];
        }
        var suspended = (await accounts.SuspendedAsync(who.Login, cancel)).Select(r => Policy.Book.Role(r)?.Say(lang) ?? r).ToList();
        return suspended.Count == 0 ? [] : [Sentences.Say(lang, "why.suspended", string.Join(lang != Lang.Zh ? ", " : "、", suspended))];
    }

    // What is several units' work may be done by each of them.
    private Verdict Verdict(Person who, string act, IReadOnlyList<Thing> things)
    {
        var asking = new Asking(who, act, At: clock.GetUtcNow());
        var verdicts = things.Select(t => Policy.Decide(asking with { About = t }, land)).DefaultIfEmpty(Policy.Decide(asking, land)).ToList();
        return verdicts.FirstOrDefault(v => v.IsAllowed, verdicts[0]);
    }

    private async Task<IReadOnlyList<Thing>?> FindAsync(string about, Person? reader, CancellationToken cancel)
    {
        switch (about.Split(':', 2))
        {
            case ["region", var code]:
                return land.Regions.Find(code) is null ? null : [new Thing(Region: code)];
            case ["unit", var id]:
                return land.Units.Find(id) is { } unit ? [new Thing(unit.Id, unit.Region, unit.Line)] : null;
        }
        foreach (var room in rooms)
        {
            if (await room(about, reader, cancel) is { Count: > 0 } found)
                return found;
        }
        return null;
    }

    private static string RolesOf(Person who, string lang) => who.Roles.Count == 0 ? Sentences.Say(lang, "why.no-roles")
        : string.Join(lang != Lang.Zh ? ", " : "、", who.Roles.Select(r => Policy.Book.Role(r)?.Say(lang) ?? r));

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/why", async (string act, string? login, string? about, WhyDenied why, HttpContext http) =>
            await why.AskAsync(http.Caller(), login ?? http.Caller().Login, act, about, Lang.Of(http), http.RequestAborted) is { } explained ? Results.Ok(explained) : http.Problem(404, "not-found", about ?? login ?? ""))
            .Needs("policy.why").WithTags("Policy").WithSummary("Why I may or may not do an act (about: case:NUMBER, task:ID, unit:ID or region:CODE); of others for operators, security officers and auditors").Produces<Explained>();
}
