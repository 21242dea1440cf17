using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What an applicant takes away: the case's number, and the code with which they look it up. The code is shown once.</summary>
/// <param name="Code">Null where they applied with an account: they look it up there, an agent only while their authority stands.</param>
public sealed record Receipt(string Number, string? Code);

/// <summary>Who applies with an account, and for whom.</summary>
/// <param name="Principal">As authority names them: <c>person:LOGIN</c> for oneself.</param>
public sealed record Applying(Person By, string Principal);

/// <summary>What somebody fills in.</summary>
/// <param name="Region">Where they apply.</param>
/// <param name="Given">What the form asks for.</param>
/// <param name="Who">Who applies with their account; null where it is to be looked up by number and code.</param>
public sealed record Filling(string Region, JsonObject Given, Applying? Who = null)
{
    /// <summary>Where somebody without an account wants to be told how it goes on, and in which language; null for nowhere.</summary>
    public (string Email, string Lang)? Told { get; init; }

    /// <summary>In which the files lie that go with it; null for none.</summary>
    public string? Basket { get; init; }

    /// <summary>Of materials that come later or are promised: material → later, or promise:HASH of the text that was read.</summary>
    public IReadOnlyDictionary<string, string> Choices { get; init; } = new Dictionary<string, string>();

    /// <summary>Field that data fills → why that is not right; what was filled in counts there.</summary>
    public IReadOnlyDictionary<string, string> Objections { get; init; } = new Dictionary<string, string>();

    /// <summary>How it is signed; null where it is not.</summary>
    public Signing? Signing { get; init; }
}

/// <summary>What an application comes to before it is sent.</summary>
/// <param name="Clean">What is kept of what was filled in.</param>
/// <param name="Stand">How its materials are to stand.</param>
/// <param name="Faults">What is wrong with it.</param>
public sealed record CheckedApplication(JsonObject Clean, IReadOnlyList<(Material Material, string State)> Stand, IReadOnlyList<FormFault> Faults, IReadOnlyList<Attachment> Files, IReadOnlyList<Prefilled> Prefilled);

/// <summary>How applying ended: a receipt, or the faults of the form.</summary>
public sealed record ApplicationOutcome(Receipt? Receipt, IReadOnlyList<FormFault> Faults);

/// <summary>A step of a case as its applicant sees it: what, by which unit, how far. Never by whom.</summary>
/// <param name="State">open, done or withdrawn.</param>
public sealed record ApplicationStep(string Name, string Unit, string State, string Opened, string? Due, string? Ended);

/// <summary>A case as its applicant sees it.</summary>
public sealed record ApplicationFile(Case Case, Pack Pack, IReadOnlyList<ApplicationStep> Steps, IReadOnlyList<CaseDocument> Documents)
{
    /// <summary>When its clock was stopped, oldest first.</summary>
    public IReadOnlyList<Pause> Pauses { get; init; } = [];

    /// <summary>How its materials stand.</summary>
    public IReadOnlyList<CaseMaterial> Materials { get; init; } = [];

    /// <summary>What has or had to be paid in it, the oldest first.</summary>
    public IReadOnlyList<Payment> Payments { get; init; } = [];

    /// <summary>The files that were given with it.</summary>
    public IReadOnlyList<Attachment> Files { get; init; } = [];

    /// <summary>Where it is handled with another (并案): how that stands, with its steps alone; null where it is not.</summary>
    public ApplicationFile? MergedInto { get; init; }

    /// <summary>How many others are handled with it.</summary>
    public int Merged { get; init; }

    /// <summary>The numbers of what was made a case of its own (分案), or that it was a part of.</summary>
    public IReadOnlyList<string> Split { get; init; } = [];

    /// <summary>How it was terminated; null where it was not.</summary>
    public Termination? Termination { get; init; }

    /// <summary>How it was signed; null where it was not.</summary>
    public ApplicationSignature? Signature { get; init; }

    /// <summary>How its acceptance stands; null where it began as it came in.</summary>
    public Acceptance? Acceptance { get; init; }

    /// <summary>Of one thing (一件事): its parts in order, those that are part of this application.</summary>
    public IReadOnlyList<ApplicationPart> Parts { get; init; } = [];

    /// <summary>The case itself, or that of one of its parts by its number; null where there is none.</summary>
    public Case? CaseOf(string? number) => string.IsNullOrWhiteSpace(number) || number == Case.Number ? Case : Parts.FirstOrDefault(p => p.File?.Case.Number == number)?.File?.Case;

    /// <summary>Its documents and those of its parts.</summary>
    public IReadOnlyList<CaseDocument> AllDocuments => [.. Documents, .. Parts.SelectMany(p => p.File?.AllDocuments ?? [])];

    /// <summary>What tables decided in the case, in words.</summary>
    public IReadOnlyList<CaseDecision> Decisions(string lang) => CaseDecisions.Of(Case, Pack, lang);
}

/// <summary>A part of one thing (一件事) as its applicant sees it.</summary>
/// <param name="Pack">The pack of its matter.</param>
/// <param name="Unit">Id of the unit that leads it.</param>
/// <param name="File">Its case; null while it waits for other parts.</param>
/// <param name="After">The matters that it waits for, by their Chinese names.</param>
public sealed record ApplicationPart(Pack Pack, Matter Matter, string Unit, ApplicationFile? File, IReadOnlyList<string> After);

/// <summary>What people and businesses apply for: services are the matters that face them and start by application.</summary>
public sealed partial class Applications(Store store, Cases cases, Steps steps, Acceptances acceptances, Materials materials, Attachments attachments, Payments payments, PackRegistry packs, UserCentre centre, Notices notices, Contacts contacts, Jurisdiction land, Prefills prefills, Signatures signatures, TimeProvider clock, WorkSignal signal, NoticeSignal news)
{
    /// <summary>The services of the packs in force.</summary>
    public IEnumerable<(AppliedPack Applied, Matter Matter)> Services() =>
        from applied in packs.Applied.Values
        from matter in applied.Pack.Matters
        where IsService(matter) && IsWhole(matter)
        select (applied, matter);

    /// <summary>One service, or null.</summary>
    public (AppliedPack Applied, Matter Matter)? Find(string pack, string matter) =>
        packs.Applied.GetValueOrDefault(pack) is { } applied && applied.Pack.Matter(matter) is { } found && IsService(found) && IsWhole(found) ? (applied, found) : null;

    /// <summary>The regions in which a service can be applied for: those of its level whose own unit does its first lane's work, the top region aside.</summary>
    public IReadOnlyList<Region> Regions(Matter matter)
    {
        var lead = matter.With.Count > 0 ? matter.With[0].Name : "";
        var level = matter.Level == "county" ? land.Regions.All.Where(r => r.Level == "county" && land.Regions.Within(r.Code, land.Root)).OrderBy(r => r.Code, StringComparer.Ordinal) : land.Regions.Children(land.Root);
        var places = level.Where(r => r.To is null && land.Units.ForRegion(lead, r.Code)?.Region == r.Code).ToList();
        return places.Count > 0 ? places : [land.Regions.Find(land.Root)!];
    }

    /// <summary>Holds what was filled in against the service's form, and what it has to bring.</summary>
    /// <param name="prefilled">What data says of it, where that was read a moment ago; else it is read.</param>
    public async Task<CheckedApplication> CheckAsync(AppliedPack applied, Matter matter, Filling filling, IReadOnlyList<Prefilled>? prefilled = null, CancellationToken cancel = default)
    {
        var files = await attachments.OfBasketAsync(applied, matter, filling.Basket, cancel);
        var given = Attachments.Filled(matter.Form is { } asked ? applied.Pack.Forms[asked.Name] : null, filling.Given, files);
        prefilled ??= await PrefilledAsync(applied, matter, filling.Who, filling.Region, cancel: cancel);
        (given, var unsaid) = Prefills.Put(prefilled, given, filling.Objections);
        var (clean, faults) = matter.Form is { } form ? await FormCheck.CheckAsync(applied.Pack.Forms[form.Name], given, land) : ([], (IReadOnlyList<FormFault>)[]);
        var (stand, missing) = MaterialRules.Settle(matter, clean, files.Select(f => f.Field).ToHashSet(), filling.Choices, prefilled.Where(p => p.IsFilled).Select(p => p.Field).ToHashSet());
        faults = [.. unsaid, .. faults.Where(f => unsaid.All(u => u.Field != f.Field)), .. missing];
        if (Regions(matter).All(r => r.Code != filling.Region))
            faults = [new FormFault("region", "one-of"), .. faults];
        if (filling.Who is { } who && !await centre.MayActAsync(who.By, who.Principal, Named(applied, matter), cancel))
            faults = [NotTheirs, .. faults];
        if (filling.Told is var (address, _) && !Contacts.IsEmail(address))
            faults = [.. faults, new FormFault("notify-email", "email")];
        if (matter.Sign && filling.Who is null)
            faults = [new FormFault("for", "sign-account"), .. faults];
        return new CheckedApplication(clean, stand, faults, files, prefilled);
    }

    /// <summary>What somebody would sign of an application that nothing is wrong with.</summary>
    /// <param name="nonce">A text of this signature alone.</param>
    /// <param name="lang">In which language they read it.</param>
    public async Task<SignedContent?> SignedAsync(AppliedPack applied, Matter matter, Filling filling, CheckedApplication found, string nonce, string lang, CancellationToken cancel = default)
    {
        if (filling.Who is not { } who || await store.SubjectOfAsync(who.By.Login, cancel) is not { } signer)
            return null;
        var applicant = Subjects.CodeOf(who.Principal) is not null ? who.Principal : await store.SubjectOfAsync(who.Principal["person:".Length..], cancel);
        return applicant is null ? null : SignedContent.Of(Named(applied, matter), applied.Revision, filling.Region, applicant, signer, nonce, WorkTexts.Say(lang, "sign.statement", applied.Pack.Say(lang, matter.Name)), found.Clean,
            found.Files.Where(f => !f.Field.StartsWith(Material.Prefix, StringComparison.Ordinal) || found.Stand.Any(s => s.Material.Field == f.Field)).Select(f => (f.Field, f.Sha256)));
    }

    /// <summary>Applies: holds what was filled in against the service's form and opens a case.</summary>
    /// <exception cref="ConflictException">file-changed: something was put into the basket or taken out meanwhile.</exception>
    public async Task<ApplicationOutcome> ApplyAsync(AppliedPack applied, Matter matter, Filling filling, CancellationToken cancel = default)
    {
        var found = await CheckAsync(applied, matter, filling, cancel: cancel);
        var (clean, stand, faults, files, prefilled) = found;
        if (faults.Count > 0)
            return new ApplicationOutcome(null, faults);
        // Signed is what was shown: where that is something else by now, it is read and signed anew.
        var content = matter.Sign ? await SignedAsync(applied, matter, filling, found, filling.Signing?.Nonce ?? "", filling.Signing?.Lang ?? Lang.Zh, cancel) : null;
        if (matter.Sign && (content is null || content.Sm3 != filling.Signing?.Sm3))
            return new ApplicationOutcome(null, [new FormFault("sign", filling.Signing is null ? "sign-missing" : "sign-changed")]);
        var (region, who, told, basket, objections) = (filling.Region, filling.Who, filling.Told, filling.Basket, filling.Objections);
        var code = who is null ? RandomNumberGenerator.GetString(DocumentBook.Alphabet, 10) : null;
        var number = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // Authority may have ended since the form was opened; until this stands it cannot.
            var standing = who is null ? null : await centre.HoldAsync(change, who.By, who.Principal, Named(applied, matter));
            if (who is not null && standing is null)
            {
                change.Record(who.By, "application.refused", $"matter:{Named(applied, matter)}");
                return null;
            }
            var applicant = standing is null ? null : new Applicant(standing.Subject, standing.Agent, standing.Authority);
            var id = await cases.OpenAsync(change, applied, matter, $"{land.Regions.Find(region)!.Name} {matter.Name}", region, clean, null, standing?.Agent is null ? "applicant" : "agent", applicant: applicant, accept: matter.Accept);
            var (row, actor) = ((await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @id", new { id }))!, standing?.Agent is null ? "applicant" : "agent");
            // What was given for a material that is not asked for after all is not kept.
            var unasked = files.Where(f => f.Field.StartsWith(Material.Prefix, StringComparison.Ordinal) && stand.All(s => s.Material.Field != f.Field)).ToList();
            foreach (var file in unasked)
                await Attachments.DropAsync(change, file);
            await Attachments.ClaimAsync(change, Attachments.BasketOf(applied, matter, basket ?? ""), [.. files.Except(unasked)], row, actor);
            await Materials.KeepAsync(change, steps, land, row, applied.Pack, matter, stand, actor);
            // A field that turned out not to be asked for was not used.
            await prefills.KeepAsync(change, applied, row, [.. prefilled.Where(p => p.Field.StartsWith(Material.Prefix, StringComparison.Ordinal) ? stand.Any(s => s.Material.Field == p.Field) : !p.IsFilled || clean.ContainsKey(p.Field))], objections, clean, who, cancel);
            if (content is not null)
                await signatures.KeepAsync(change, row, content, filling.Signing!, actor, cancel);
            if (code is not null)
                await change.ExecuteAsync("INSERT INTO work_application (case_id, code) VALUES (@id, @code)", new { id, code = Hash(code) });
            if (code is not null && told is var (email, lang))
                await contacts.KeepAsync(change, "case:" + id, email, lang, cancel);
            await notices.TellAsync(change, row, new Happening(matter.Accept is null ? "accepted" : "received", "case:" + id) { Due = row.Due });
            return row.Number;
        }, cancel);
        if (number is null)
            return new ApplicationOutcome(null, [NotTheirs]);
        signal.Raise();
        news.Raise();
        return new ApplicationOutcome(new Receipt(number, code), []);
    }

    /// <summary>What data says of an application: of whoever applies for themselves with their account, or of the person or organisation that they may act for in this matter today.</summary>
    public async Task<IReadOnlyList<Prefilled>> PrefilledAsync(AppliedPack applied, Matter matter, Applying? who, string? region, bool isDrawn = false, CancellationToken cancel = default)
    {
        if (!Prefills.Has(applied.Pack, matter))
            return [];
        var may = who is not null && (who.Principal == "person:" + who.By.Login || await centre.MayActAsync(who.By, who.Principal, Named(applied, matter), cancel));
        return may ? await prefills.ReadAsync(applied, matter, who!, region, isDrawn, cancel) : prefills.None(applied.Pack, matter, "not-self");
    }

    private static FormFault NotTheirs => new("for", "not-theirs");

    private static string Named(AppliedPack applied, Matter matter) => $"{applied.Pack.Id}/{matter.Id}";

    /// <summary>For whom somebody may apply for a service with their account; nobody for officials.</summary>
    public Task<IReadOnlyList<Principal>> PrincipalsAsync(Person by, AppliedPack applied, Matter matter, CancellationToken cancel = default) => centre.PrincipalsAsync(by, Named(applied, matter), cancel);

    /// <summary>A case by its number and code, or null when they do not go together.</summary>
    public async Task<ApplicationFile?> LookUpAsync(string number, string code, CancellationToken cancel = default)
    {
        var known = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string>(
            "SELECT a.code FROM work_application a JOIN work_case c ON c.id = a.case_id WHERE c.number = @number", new { number = number.Trim() }), cancel);
        var told = Encoding.ASCII.GetBytes(Hash(code.Trim().ToUpper(CultureInfo.InvariantCulture)));
        if (!CryptographicOperations.FixedTimeEquals(told, Encoding.ASCII.GetBytes(known ?? new string('-', told.Length))) || await cases.FindAsync(number.Trim(), RowRights.All, cancel) is not { } file)
            return null;
        return await FileAsync(file, cancel);
    }

    private async Task<ApplicationFile> FileAsync(CaseFile file, CancellationToken cancel)
    {
        var parts = await cases.PartsAsync(file, cancel);
        var steps = parts.SelectMany(p => p.Tasks).OrderBy(t => t.Opened, StringComparer.Ordinal).ThenBy(t => t.Id, StringComparer.Ordinal).Select(t => new ApplicationStep(t.Name, t.Unit, t.State, t.Opened, t.Due, t.Ended));
        var pack = await packs.AtAsync(file.Case.Pack, file.Case.Revision, cancel);
        var joint = pack.Matter(file.Case.Matter)?.Joint is { } of ? await PartsAsync(file, pack, of, cancel) : [];
        var owed = new List<Payment>();
        foreach (var part in parts)
            owed.AddRange(await payments.OfCaseAsync(part.Case.Id, cancel));
        var own = new ApplicationFile(file.Case, pack, [.. steps], [.. parts.SelectMany(p => p.Documents)]) { Payments = owed, Pauses = file.Pauses, Files = await attachments.OfApplicationAsync(file.Case.Id, cancel), Materials = await materials.OfAsync(file.Case, pack, cancel), Termination = file.Termination, Parts = joint, Signature = await signatures.OfAsync(file.Case.Id, cancel), Acceptance = await acceptances.OfAsync(file.Case.Id, cancel) };
        return own with
        {
            MergedInto = file.Links.FirstOrDefault(l => l.Kind == "merged-into") is { } link && await cases.FindAsync(link.Id, RowRights.All, cancel) is { } into ? Apart(await FileAsync(into, cancel), file.Case) : null,
            Merged = file.Links.Count(l => l.Kind == "merged"),
            Split = [.. file.Links.Where(l => l.Kind is "split-from" or "split-into").Select(l => l.Number)],
        };
    }

    /// <summary>The case that something was sorted to, for whoever said it; null where it is gone.</summary>
    internal async Task<ApplicationFile?> OfReceptionAsync(string caseId, CancellationToken cancel) =>
        await cases.FindAsync(caseId, RowRights.All, cancel) is { } file ? await FileAsync(file, cancel) : null;

    /// <summary>Of a case that something was joined to: how far it is and what came of it, and nothing else.</summary>
    internal async Task<ApplicationFile?> ApartAsync(string caseId, CancellationToken cancel) =>
        await OfReceptionAsync(caseId, cancel) is { } file ? Apart(file, file.Case) : null;

    /// <summary>The parts of one thing with their matters and the packs that they are of, as far as those are in force.</summary>
    public IEnumerable<(JointPart Part, Pack Pack, Matter Matter)> PartsOf(Pack pack, Joint joint) =>
        from part in joint.Parts
        let home = part.Pack is null ? pack : packs.Find(part.Pack)
        let matter = home?.Matter(part.Name)
        where matter is not null
        select (part, home, matter);

    private async Task<IReadOnlyList<ApplicationPart>> PartsAsync(CaseFile file, Pack pack, Joint joint, CancellationToken cancel)
    {
        var seen = new List<ApplicationPart>();
        foreach (var (part, named, matter) in PartsOf(pack, joint))
        {
            var opened = file.Called.LastOrDefault(c => c.ParentNode == part.Node) is { } line && await cases.FindAsync(line.Id, RowRights.All, cancel) is { } found ? await FileAsync(found, cancel) : null;
            // What is not part of this application is not there; nor is what was not begun when the joint ended.
            if (opened is null && (file.Case.Ended is not null || (part.When is { } when && !FormRules.Holds(when.Name, Json.Values(JsonNode.Parse(file.Case.Data)!.AsObject())))))
                continue;
            var home = opened?.Pack ?? named;
            var lead = home.LeadOf(matter);
            seen.Add(new ApplicationPart(home, home.Matter(matter.Id) ?? matter, land.Units.ForRegion(lead, file.Case.Region)?.Id ?? lead, opened, [.. part.After.Select(a => joint.Part(a.Name)!).Select(a => (a.Pack is null ? pack : packs.Find(a.Pack))?.Matter(a.Name)?.Name ?? a.Name)]));
        }
        return seen;
    }

    // Another's case: how far it is and what came of it. What it knows and its documents are its applicant's alone.
    private static ApplicationFile Apart(ApplicationFile into, Case of) => into with
    {
        Case = into.Case with { Data = "{}", Process = "", Title = of.Title, OpenedBy = "", Applicant = null, Agent = null, Authority = null },
        Documents = [],
        Files = [],
        Materials = [],
        Payments = [],
        Acceptance = null,
        Signature = null,
        Merged = 0,
        Split = [],
    };

    // One thing is there once everything that it consists of is.
    private bool IsWhole(Matter matter) => matter.Joint is null || matter.Joint.Parts.All(p => p.Pack is null || packs.Find(p.Pack)?.Matter(p.Name) is { Process: not null });

    private static bool IsService(Matter matter) => matter is { Face: "service" or "both", StartBy: "application" };

    private static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}
