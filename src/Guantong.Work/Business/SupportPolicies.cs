using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Decisions;
using Guantong.Decisions.Explaining;
using Guantong.Feel;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What a policy's fact was found to be for an organisation.</summary>
/// <param name="Home">The pack of its dataset; null where that is not in force.</param>
/// <param name="Row">Field → value; null where there is no row.</param>
/// <param name="AsOf">When the dataset was last loaded (UTC).</param>
public sealed record FactRead(PolicyFact Fact, Pack? Home, Dataset? Dataset, IReadOnlyDictionary<string, object?>? Row, DateTime? AsOf);

/// <summary>How a policy fits an organisation.</summary>
/// <param name="Outcome">One of <see cref="SupportPolicy.Outcomes"/>.</param>
/// <param name="Why">The rules that fired and why the others did not.</param>
/// <param name="Given">Input of the decision → value, as it was asked.</param>
/// <param name="Case">The number of what was applied for by it already; null where nothing was.</param>
public sealed record PolicyMatch(Pack Pack, SupportPolicy Policy, string Outcome, Explanation Why, IReadOnlyList<FactRead> Facts, JsonObject Given, string? Case);

/// <summary>Policies that find the organisations they fit (政策直达): by declared rules over registers, when whoever acts for one asks. Nothing of it is kept but that it was read.</summary>
/// <remarks>Plan, annex 2 §2(2)5, annex 3 project 5. rights.md 1, 5: organisations alone, the declared facts alone, and never behind their back.</remarks>
public sealed class SupportPolicies(Store store, PackRegistry packs, SharedThings things, OrganisationRecords records, Warehouse warehouse, Applications applications, Looks looks, UserCentre centre, Jurisdiction land, TimeProvider clock)
{
    /// <summary>What the ledger calls looking for them.</summary>
    internal const string Reading = "policy.read";

    private const string Had = "SELECT number FROM work_case WHERE applicant = @subject AND pack || '/' || matter = @matter AND parent IS NULL AND state <> 'terminated' AND opened >= @from ORDER BY opened DESC, id DESC LIMIT 1";

    // Longer than opening a case takes.
    private static readonly TimeSpan Opening = TimeSpan.FromMinutes(1);

    /// <summary>The policies of the packs in force, those in force first.</summary>
    /// <param name="words">Each has to be in what a policy says, in either language; null for all.</param>
    public IReadOnlyList<(Pack Pack, SupportPolicy Policy)> Find(string? words = null)
    {
        var sought = (words ?? "").Split([' ', '　', ',', '，', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return
        [
            .. from applied in packs.Applied.Values
               from policy in applied.Pack.Policies
               let said = Said(applied.Pack, policy)
               where sought.All(w => said.Contains(w, StringComparison.OrdinalIgnoreCase))
               orderby policy.StateOn(centre.Today) != "in-force", applied.Pack.Id, policy.Id
               select (applied.Pack, policy),
        ];
    }

    /// <summary>One of them, or null.</summary>
    public (Pack Pack, SupportPolicy Policy)? Find(string pack, string policy) => packs.Find(pack) is { } found && found.Policy(policy) is { } its ? (found, its) : null;

    /// <summary>The service by which one applies; null where there is none, or it is not in force.</summary>
    public (Pack Pack, Matter Matter)? ServiceOf(Pack pack, SupportPolicy policy) =>
        policy.MatterOf(pack)?.Split('/') is [var home, var matter] && applications.Find(home, matter) is var (applied, found) ? (applied.Pack, found) : null;

    /// <summary>How the policies that are in force today fit an organisation: those in whose matters the reader acts for it. That its rows were read stands in the ledger with the organisation as subject.</summary>
    /// <param name="isDrawn">For a page, which is drawn more than once for one look.</param>
    public async Task<IReadOnlyList<PolicyMatch>> MatchAsync(Person me, ActingFor acting, string lang, bool isDrawn, CancellationToken cancel = default)
    {
        var asked = Find().Where(p => p.Policy.StateOn(centre.Today) == "in-force" && acting.May(p.Policy.MatterOf(p.Pack))).ToList();
        var newest = LoadBook.Newest(warehouse);
        var matches = new List<PolicyMatch>();
        foreach (var (pack, policy) in asked)
            matches.Add(await MatchAsync(pack, policy, acting, lang, newest, cancel));
        await RecordAsync(me, acting, matches, isDrawn, cancel);
        return matches;
    }

    /// <summary>The organisation confirms what is had without an application (免申即享): a case is opened with what the registers say.</summary>
    /// <returns>The case's number.</returns>
    /// <exception cref="ConflictException">policy-gone: none of that id that it may have so; policy-unfit: it does not fit now; policy-had: a case was opened before; policy-opening: one is being opened; policy-region: no unit of its region handles it; policy-fields: something has to be filled in.</exception>
    public async Task<string> ConfirmAsync(Person me, ActingFor acting, string packId, string policyId, CancellationToken cancel = default)
    {
        if (Find(packId, policyId) is not ({ } pack, { IsAutomatic: true } policy) || policy.StateOn(centre.Today) != "in-force" || !acting.May(policy.MatterOf(pack)) || ServiceOf(pack, policy) is not var (home, matter))
            throw new ConflictException("policy-gone");
        var match = await MatchAsync(pack, policy, acting, Lang.Zh, LoadBook.Newest(warehouse), cancel);
        await RecordAsync(me, acting, [match], isDrawn: false, cancel);
        if (match.Outcome != SupportPolicy.Fits)
            throw new ConflictException("policy-unfit");
        if (match.Case is { } before)
            throw new ConflictException("policy-had", before);
        var places = applications.Regions(matter).Select(r => r.Code).ToHashSet();
        var region = land.Regions.Upwards(acting.Organisation.Region).Select(r => r.Code).FirstOrDefault(places.Contains) ?? throw new ConflictException("policy-region");
        var applied = packs.Applied[home.Id];
        var fields = matter.Form is { } form ? FormField.Of(applied.Pack.Forms[form.Name], Lang.Zh).Select(f => f.Name).ToHashSet() : [];
        var given = new JsonObject(match.Given.Where(g => fields.Contains(g.Key) && g.Value is not null).Select(g => KeyValuePair.Create(g.Key, g.Value?.DeepClone())));
        await ReserveAsync(me, acting, pack, policy, cancel);
        var outcome = await applications.ApplyAsync(applied, matter, new Filling(region, given, new Applying(me, acting.Subject)), cancel);
        await SettleAsync(me, acting, pack, policy, outcome.Receipt?.Number, cancel);
        return outcome.Receipt?.Number ?? throw new ConflictException("policy-fields");
    }

    private Task ReserveAsync(Person me, ActingFor acting, Pack pack, SupportPolicy policy, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        // What another confirmation is opening just now is theirs; one that broke off is done again.
        if (await change.ExecuteAsync("""
            INSERT INTO work_policy_had (subject, policy, begins, confirmed) VALUES (@Subject, @id, @begins, @Stamp)
            ON CONFLICT (subject, policy, begins) DO UPDATE SET confirmed = @Stamp, number = NULL WHERE work_policy_had.number IS NOT NULL OR work_policy_had.confirmed < @before
            """, new { acting.Subject, id = $"{pack.Id}/{policy.Id}", begins = policy.From.Name, change.Stamp, before = Time.Write(change.At - Opening) }) == 0)
            throw new ConflictException("policy-opening");
        // Or it was opened since it was looked for.
        if (await change.FindAsync<string>(Had, HadArgs(pack, policy, acting.Subject)) is { } opened)
            throw new ConflictException("policy-had", opened);
        change.Record(me, "policy.confirmed", $"policy:{pack.Id}/{policy.Id}", subject: acting.Subject);
    }, cancel);

    private Task SettleAsync(Person me, ActingFor acting, Pack pack, SupportPolicy policy, string? number, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        await change.ExecuteAsync($"{(number is null ? "DELETE FROM work_policy_had" : "UPDATE work_policy_had SET number = @number")} WHERE subject = @Subject AND policy = @id AND begins = @begins",
            new { acting.Subject, id = $"{pack.Id}/{policy.Id}", begins = policy.From.Name, number });
        change.Record(me, number is null ? "policy.not-opened" : "policy.opened", $"policy:{pack.Id}/{policy.Id}", JsonSerializer.Serialize(new { number }, Json.Plain), acting.Subject);
    }, cancel);

    private async Task<PolicyMatch> MatchAsync(Pack pack, SupportPolicy policy, ActingFor acting, string lang, Dictionary<(string Pack, string Dataset), DateTime> newest, CancellationToken cancel)
    {
        var facts = policy.Facts.Select(f => things.Named(pack, f.Data.Name) is var (home, data)
            ? new FactRead(f, home, data, records.Find(home, data, f, acting.Organisation.Code), newest.TryGetValue((home.Id, data.Id), out var at) ? at : null)
            : new FactRead(f, null, null, null, null)).ToList();
        var given = new JsonObject(facts.SelectMany(f => f.Fact.Fields.Select(x => KeyValuePair.Create(x.Input.Name, JsonSerializer.SerializeToNode(f.Row?.GetValueOrDefault(x.Field.Name), Json.Plain)))));
        var model = pack.Decisions[policy.File].Model;
        using var json = JsonDocument.Parse(given.ToJsonString());
        // Days are told by the jurisdiction's clock, as today() is.
        var outcome = model.Trace(policy.DecisionId, DecisionJson.Inputs(model, json.RootElement).Inputs, new FeelSession(FeelLimits.Default, clock.GetUtcNow().ToOffset(land.Offset)));
        var said = outcome.Value as string;
        return new PolicyMatch(pack, policy, said is not null && SupportPolicy.Outcomes.Contains(said) ? said : SupportPolicy.Outcomes[^1], Explanation.Of(outcome, lang, text => pack.Say(lang, text)), facts, given, await HadAsync(pack, policy, acting.Subject, cancel));
    }

    // What was applied for by it since it is in force. Where several policies lead to one matter, it is not told which of them it was.
    private async Task<string?> HadAsync(Pack pack, SupportPolicy policy, string subject, CancellationToken cancel) =>
        policy.Matter is null || pack.Policies.Count(p => p.MatterOf(pack) == policy.MatterOf(pack)) > 1 ? null
        : await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string>(Had, HadArgs(pack, policy, subject)), cancel);

    private static object HadArgs(Pack pack, SupportPolicy policy, string subject) => new { subject, matter = policy.MatterOf(pack), from = policy.From.Name };

    private async Task RecordAsync(Person me, ActingFor acting, IReadOnlyList<PolicyMatch> matches, bool isDrawn, CancellationToken cancel)
    {
        var read = matches.SelectMany(m => m.Facts).Where(f => f.Dataset is not null).GroupBy(f => $"{f.Home!.Id}/{f.Dataset!.Id}").ToList();
        if (read.Count == 0 || (isDrawn && !looks.IsNew(me, $"policies:{acting.Organisation.Code}")))
            return;
        await store.ChangeAsync(clock.GetUtcNow(), change =>
        {
            foreach (var data in read)
            {
                var detail = JsonSerializer.Serialize(new { dataset = data.Key, fields = data.SelectMany(f => f.Fact.Fields).Select(f => f.Field.Name).Distinct(), found = data.Count(f => f.Row is not null) }, Json.Plain);
                change.Record(me, Reading, $"dataset:{data.Key}", detail, acting.Subject, data.Key);
            }
            return Task.CompletedTask;
        }, cancel);
    }

    private string Said(Pack pack, SupportPolicy policy) =>
        string.Join('\n', ((string[])[policy.Name, policy.About, policy.Gives, policy.Basis, policy.Unit.Name, .. policy.Also]).SelectMany(t => (string[])[t, pack.Say(Lang.En, t)]).Append(land.Units.Named(policy.Unit.Name)?.Say(Lang.En)));
}
