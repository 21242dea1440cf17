using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Fills in what a person's own row says (免填), and sees whether it stands in for a material (免提交): under the grant that the handling unit holds for this matter, or of that unit's own data. Where there is none, or it is used up, everything is asked for as ever.</summary>
/// <remarks>rights.md 5 and 6: bound to the matter, for the declared fields alone, and in the ledger of whose row it is. Plan, annex 6 §5(4)2.</remarks>
public sealed class Prefills(Store store, Tasks tasks, SharingBook book, SharedThings things, GrantedRows rows, IGrantMeter meter, Warehouse warehouse, ProvedIdentities identities, TicketLoop tickets, DataKeys keys, Looks looks, Jurisdiction land, TimeProvider clock)
{
    /// <summary>Why something is asked for although data might say it.</summary>
    public static readonly IReadOnlyList<string> Whys = ["not-self", "no-identity", "no-grant", "suspended", "expired", "withdrawn", "not-covered", "masked", "used-up", "no-row", "several-rows", "no-value", "unfit", "unreadable"];

    /// <summary>The longest word against a value, in characters.</summary>
    public const int Longest = 500;

    private const string Actor = "prefill";

    /// <summary>Whether a matter takes anything from data.</summary>
    public static bool Has(Pack pack, Matter matter) => Wanted(pack, matter).Any();

    /// <summary>The unified social credit code of a principal that is an organisation; null of a person.</summary>
    internal static string? CodeOf(string principal) => principal.StartsWith(Organisations, StringComparison.Ordinal) ? principal[Organisations.Length..] : null;

    private static string? LoginOf(string principal) => principal.StartsWith("person:", StringComparison.Ordinal) ? principal["person:".Length..] : null;

    private static readonly string Organisations = Subjects.OfOrganisation("");

    // Field → from where. A material's row is found by the one field that names a person.
    private static IEnumerable<FieldSource> Wanted(Pack pack, Matter matter) =>
    [
        .. matter.Form is { } form && pack.Forms.TryGetValue(form.Name, out var schema) ? FormReader.Sources(schema) : [],
        .. matter.Materials.Where(m => m.From is not null).Select(m => (m.Field, Data: pack.Dataset(m.From!.Name)!)).Select(m => (m.Field, m.Data, By: m.Data.Fields.Where(f => f.Personal == "identity").Select(f => f.Id).ToList()))
            .Select(m => new FieldSource(m.Field, m.Data.Id, m.By.Count == 1 ? m.By[0] : "", m.By.Count == 1 ? m.By[0] : "")),
    ];

    /// <summary>Nothing of it filled, for one reason.</summary>
    public IReadOnlyList<Prefilled> None(Pack pack, Matter matter, string why) => [.. Wanted(pack, matter).Select(w => Asked(pack, w, why))];

    /// <summary>What the rows of whoever applies say: a person's own, or those of the person or organisation that they may act for. That they were read stands in the ledger with its subject.</summary>
    /// <param name="region">Where they apply; null while that is not said.</param>
    /// <param name="isDrawn">For a page, which is drawn more than once for one look.</param>
    public async Task<IReadOnlyList<Prefilled>> ReadAsync(AppliedPack applied, Matter matter, Applying who, string? region, bool isDrawn, CancellationToken cancel = default)
    {
        var (pack, me, wanted) = (applied.Pack, who.By, Wanted(applied.Pack, matter).ToList());
        if (wanted.Count == 0)
            return [];
        // Who acts for another by their authority sees what the form takes from that one's row.
        var (code, login) = (CodeOf(who.Principal), LoginOf(who.Principal));
        var own = wanted.Where(w => w.Who == (code is null ? FieldSource.Applicant : FieldSource.Organisation)).ToList();
        var found = wanted.Except(own).Select(w => Asked(pack, w, "not-self")).ToList();
        if (own.Count > 0 && (login is null ? who.Principal : await store.SubjectOfAsync(login, cancel)) is { } subject && (code ?? await identities.FindAsync(login!, cancel)) is { } number)
            found.AddRange(await ReadAsync(new Looking(pack, matter, matter.Form is { } form ? pack.Forms[form.Name] : null, LeadsOf(matter, region), subject, number, Actor, isDrawn ? me : null) { Agent = login is not null && login != me.Login ? await store.SubjectOfAsync(me.Login, cancel) : null }, own, cancel));
        else
            found.AddRange(own.Select(w => Asked(pack, w, "no-identity")));
        return [.. wanted.Select(w => found.First(f => f.Field == w.Field))];
    }

    /// <summary>Whether a task's form takes anything from data.</summary>
    public static bool Has(Pack pack, WorkTask task) => WantedOf(pack, task).Count > 0;

    /// <summary>What data says, in a task's form, of whoever's case it is: read for the official who does the task now, under the grant that the task's unit, or its line at the top, holds for the matter, or of their own data. It is a proposal: they sign for what they send.</summary>
    /// <param name="pack">The pack at the revision that the case runs on.</param>
    /// <exception cref="ConflictException">They may not do the task now.</exception>
    public async Task<IReadOnlyList<Prefilled>> OfTaskAsync(Pack pack, WorkTask task, Person by, CancellationToken cancel = default)
    {
        var wanted = WantedOf(pack, task);
        if (wanted.Count == 0)
            return [];
        // Held first: nothing is read for whoever may not do it.
        var row = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var (held, its) = await tasks.HoldAsync(change, task.Id, by);
            change.Record(its, by, "task.prefilled", new { task = held.Node, fields = wanted.Select(w => w.Field) });
            return its;
        }, cancel);
        if (pack.Matter(row.Matter) is not { } matter || row.Applicant is not { } subject)
            return [.. wanted.Select(w => Asked(pack, w, "no-applicant"))];
        var code = Subjects.CodeOf(subject);
        var own = wanted.Where(w => w.Who == (code is null ? FieldSource.Applicant : FieldSource.Organisation)).ToList();
        var found = wanted.Except(own).Select(w => Asked(pack, w, "other-applicant")).ToList();
        if ((code ?? await NumberOfAsync(subject, cancel)) is { } number)
            found.AddRange(await ReadAsync(new Looking(pack, matter, pack.Forms[task.Form!], UnitsOf(task), subject, number, by.Login, null) { Task = task.Node }, own, cancel));
        else
            found.AddRange(own.Select(w => Asked(pack, w, "no-identity")));
        // Nothing is forced on who signs for it.
        return [.. wanted.Select(w => found.First(f => f.Field == w.Field) with { IsOnly = false })];
    }

    // As with a matter's: the unit whose task it is, or its line at the top.
    private string[] UnitsOf(WorkTask task) =>
        [task.Unit, .. land.Units.Find(task.Unit) is { } own ? land.Units.All.Where(u => u.Line == own.Line && u.Region == land.Root && u.Id != own.Id).Select(u => u.Id) : []];

    private static IReadOnlyList<FieldSource> WantedOf(Pack pack, WorkTask task) => task.Form is { } form && pack.Forms.TryGetValue(form, out var schema) ? FormReader.Sources(schema) : [];

    private async Task<string?> NumberOfAsync(string subject, CancellationToken cancel) =>
        await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string>("SELECT login FROM person WHERE 'person:' || key = @subject", new { subject }), cancel) is { } login ? await identities.FindAsync(login, cancel) : null;

    // One look into data: whose form, by which units' grants, whose rows.
    private sealed record Looking(Pack Pack, Matter Matter, string? Schema, IReadOnlyList<string> Units, string Subject, string Number, string Actor, Person? Draws)
    {
        public string? Task { get; init; }

        // Who acts for the person whose row it is; null for themselves.
        public string? Agent { get; init; }

        public string Named => $"{Pack.Id}/{Matter.Id}";
    }

    private async Task<IReadOnlyList<Prefilled>> ReadAsync(Looking look, IReadOnlyList<FieldSource> wanted, CancellationToken cancel)
    {
        var found = new List<Prefilled>();
        foreach (var of in wanted.GroupBy(w => (w.Dataset, w.By)))
            found.AddRange(await ReadAsync(look, of.Key.Dataset, of.Key.By, [.. of], cancel));
        return found;
    }

    private async Task<IReadOnlyList<Prefilled>> ReadAsync(Looking look, string named, string by, IReadOnlyList<FieldSource> wanted, CancellationToken cancel)
    {
        IReadOnlyList<Prefilled> None(string why) => [.. wanted.Select(w => Asked(look.Pack, w, why))];
        if (by.Length == 0)
            return None("unreadable");
        // Another pack may be gone, or have another version in force than it was written against.
        if (things.Named(look.Pack, named) is not var (home, data) || data.Field(by) is null)
            return None("withdrawn");
        var shared = things.Of(home, data);
        var key = new Dictionary<string, string> { [by] = look.Number };
        var (grant, verdict, why) = await UnderAsync(look, shared, [.. wanted.Select(w => w.Of).Append(by).Distinct()], key, cancel);
        if (grant is null)
            return None(why);
        // Of what is looked up, the masked is not shown to its own person either: it is asked for.
        Task<GrantedPage> PageAsync() => rows.PageAsync(grant, verdict, home, data, key, 0, 2, cancel);
        var (obstacle, page) = grant.Id.Length == 0 ? (ShareObstacle.None, await PageAsync()) : await meter.ReadAsync(grant, PageAsync, cancel);
        if (page is null)
            return None(obstacle is ShareObstacle.Rate or ShareObstacle.Quota ? "used-up" : "no-grant");
        if (look.Draws is null || looks.IsNew(look.Draws, $"prefill:{look.Named}/{named}:{grant.Id}:{look.Subject}"))
        {
            await store.ChangeAsync(clock.GetUtcNow(), change =>
            {
                change.Record(look.Actor, "prefill.read", grant.Id.Length == 0 ? $"dataset:{home.Id}/{data.Id}" : $"grant:{grant.Id}",
                    JsonSerializer.Serialize(new { matter = look.Named, task = look.Task, agent = look.Agent, dataset = named, fields = verdict.Fields, found = page.Rows.Count }, Json.Plain), grant.Unit, look.Subject, $"{home.Id}/{data.Id}");
                return Task.CompletedTask;
            }, cancel);
        }
        if (page.Rows.Count != 1)
            return None(page.Rows.Count == 0 ? "no-row" : "several-rows");
        var asOf = LoadBook.Newest(warehouse).TryGetValue((home.Id, data.Id), out var ended) ? Time.Write(new DateTimeOffset(ended, TimeSpan.Zero)) : null;
        var filled = new List<Prefilled>();
        foreach (var want in wanted)
        {
            var (value, reason) = want.Field.StartsWith(Material.Prefix, StringComparison.Ordinal) ? (JsonValue.Create(true), null)
                : !verdict.Fields.Contains(want.Of) ? (null, "not-covered")
                : verdict.Masked.Contains(want.Of) ? (null, "masked")
                : await FitAsync(look.Schema!, want.Field, page.Rows[0].GetValueOrDefault(want.Of));
            filled.Add(Asked(look.Pack, want, reason) with { Value = value, AsOf = asOf, Grant = grant.Id.Length == 0 ? null : grant.Id });
        }
        return filled;
    }

    // The units that handle a matter: the first that it names, in the region that was chosen or at the top.
    private string[] LeadsOf(Matter matter, string? region)
    {
        var lead = matter.With.Count > 0 ? matter.With[0].Name : "";
        return [.. ((Unit?[])[region is null ? null : land.Units.ForRegion(lead, region), land.Units.Named(lead)]).OfType<Unit>().Select(u => u.Id).Distinct()];
    }

    // The grant by which the units may read: their own data needs none, and is as if granted whole.
    private async Task<(ShareGrant? Grant, ShareVerdict Verdict, string Why)> UnderAsync(Looking look, Shared shared, IReadOnlyList<string> fields, Dictionary<string, string> by, CancellationToken cancel)
    {
        var units = look.Units;
        if (units.FirstOrDefault(u => u == shared.Source) is { } own)
        {
            var terms = new ShareTerms("handling", "", null, fields, new Dictionary<string, string>(), null, ["query"], "any", 1, 1, 1, fields);
            return (new ShareGrant("", "", shared.Id, own, terms, shared.Grade, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, "active"), new ShareVerdict(ShareObstacle.None, fields, []), "");
        }
        var why = "no-grant";
        foreach (var grant in (await book.GrantsAsync(cancel)).Where(g => g.About == shared.Id && units.Contains(g.Unit) && g.Terms.Matter == look.Named))
        {
            var verdict = grant.Decide(new ShareCall(grant.Unit, "query", "handling", look.Named, [.. fields.Where(grant.Covers)], by), shared, clock.GetUtcNow());
            if (verdict.IsAllowed)
                return (grant, verdict, "");
            // The newest stands first; what stands in its way is what is told.
            if (why == "no-grant")
                why = verdict.Why switch { ShareObstacle.Suspended => "suspended", ShareObstacle.Expired => "expired", ShareObstacle.Withdrawn or ShareObstacle.Grade => "withdrawn", ShareObstacle.Field => "not-covered", _ => "no-grant" };
        }
        return (null, default, why);
    }

    // A value that the form would refuse would shut the applicant out: it is asked for.
    private static async Task<(JsonNode? Value, string? Why)> FitAsync(string schema, string name, object? value)
    {
        if (value is null)
            return (null, "no-value");
        var node = FormField.Of(schema, Lang.Zh).First(f => f.Name == name).Value(value is bool truth ? truth ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture));
        if (node is null)
            return (null, "no-value");
        var (_, faults) = await FormCheck.CheckAsync(schema, new JsonObject { [name] = node.DeepClone() });
        return faults.Any(f => f.Field == name && f.Code != "required") ? (null, "unfit") : (node, null);
    }

    private Prefilled Asked(Pack pack, FieldSource want, string? why)
    {
        var source = things.Named(pack, want.Dataset)?.Dataset.Source.Name ?? "";
        return new Prefilled(want.Field, want.Dataset, land.Units.Named(source)?.Id ?? source, null, why, null, null) { IsOnly = want.IsOnly };
    }

    /// <summary>What was filled in with what data says in it, but where the applicant says otherwise; and what is wrong with their words.</summary>
    public static (JsonObject Given, IReadOnlyList<FormFault> Faults) Put(IReadOnlyList<Prefilled> prefilled, JsonObject given, IReadOnlyDictionary<string, string> objections)
    {
        var (with, faults) = (given.DeepClone().AsObject(), new List<FormFault>());
        foreach (var one in prefilled.Where(p => (p.IsFilled || p.IsOnly) && !p.Field.StartsWith(Material.Prefix, StringComparison.Ordinal)))
        {
            if (!one.IsFilled)
            {
                with.Remove(one.Field);
                faults.Add(new FormFault(one.Field, "from-only"));
                continue;
            }
            if (one.IsOnly || !objections.TryGetValue(one.Field, out var words))
                with[one.Field] = one.Value!.DeepClone();
            else if (words.Trim().Length is < 2 or > Longest)
                faults.Add(new FormFault(one.Field, "objection-words") { Detail = Longest });
        }
        return (with, faults);
    }

    /// <summary>Keeps with a new case what it took from data; a value that the applicant says is wrong goes to the unit of the data as a ticket.</summary>
    internal async Task KeepAsync(Change change, AppliedPack applied, Case row, IReadOnlyList<Prefilled> prefilled, IReadOnlyDictionary<string, string> objections, JsonObject clean, Applying? who, CancellationToken cancel)
    {
        foreach (var one in prefilled)
        {
            var isObjected = one is { IsFilled: true, IsOnly: false } && objections.ContainsKey(one.Field);
            var state = isObjected ? "objected" : one.IsFilled ? "used" : "asked";
            string? was = null, words = null, ticket = null;
            if (isObjected)
            {
                var (pack, source) = (applied.Pack, FormReader.Sources(applied.Pack.Forms[applied.Pack.Matter(row.Matter)!.Form!.Name]).First(s => s.Field == one.Field));
                var ring = await keys.RingAsync(change, CaseSeals.KeyOf(row.Pack), cancel);
                (was, words) = (ring.Seal(CaseSeals.KeyOf(row.Pack), one.Typed ?? "", Place(row)), ring.Seal(CaseSeals.KeyOf(row.Pack), objections[one.Field].Trim(), Place(row)));
                // What was read a moment ago is there.
                var (home, data) = things.Named(pack, one.Dataset)!.Value;
                // Tickets are read by more than the unit that handles the case: of what is personal they hold the words alone.
                var values = data.Field(source.Of)!.Personal is null ? $"（{one.Typed} → {FormInput.Spread(clean).GetValueOrDefault(one.Field, "—")}）" : "";
                var said = objections[one.Field].Trim() + values;
                ticket = await tickets.ReportAsync(change, who!.By, home, data, source.Of, $"{source.By}: {CodeOf(who.Principal) ?? await MaskedAsync(LoginOf(who.Principal)!, cancel)}", said.Length > TicketLoop.Longest ? said[..TicketLoop.Longest] : said);
            }
            await change.ExecuteAsync("INSERT INTO work_prefill (case_id, field, dataset, state, why, grant_id, as_of, was, words, ticket) VALUES (@Id, @Field, @Dataset, @state, @Why, @Grant, @AsOf, @was, @words, @ticket)",
                new { row.Id, one.Field, one.Dataset, state, one.Why, one.Grant, one.AsOf, was, words, ticket });
        }
        if (prefilled.Count > 0)
            change.Record(row, Actor, "case.prefilled", new { fields = prefilled.Where(p => p.IsFilled).Select(p => p.Field), asked = prefilled.Where(p => !p.IsFilled).Select(p => new { field = p.Field, why = p.Why }) });
    }

    private async Task<string?> MaskedAsync(string login, CancellationToken cancel) => Mask.Of("identity", await identities.FindAsync(login, cancel));

    /// <summary>What a case took from data.</summary>
    /// <param name="isOpen">Whether the reader may see what is personal.</param>
    public Task<IReadOnlyList<KeptPrefill>> OfAsync(Case row, bool isOpen, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var kept = (await c.QueryAsync<KeptPrefill>($"SELECT {KeptPrefill.Columns} FROM work_prefill WHERE case_id = @Id ORDER BY field", new { row.Id })).AsList();
        if (kept.All(k => k.Was is null))
            return (IReadOnlyList<KeptPrefill>)kept;
        var ring = await keys.RingAsync(c, [CaseSeals.KeyOf(row.Pack)], cancel);
        string? Shown(string? text) => text is null ? null : !isOpen ? CaseSeals.Masked : ring.Open(text, Place(row)).Text ?? CaseSeals.Erased;
        return [.. kept.Select(k => k with { Was = Shown(k.Was), Words = Shown(k.Words) })];
    }, cancel);

    private static string Place(Case row) => "prefill:" + row.Id;
}
