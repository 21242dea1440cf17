using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Restricted opening (受限开放): what is open on condition is applied for, decided on, and used under a permission until its term is over, it is given up, or it is ended.</summary>
/// <remarks>Plan, annex 6 §5(4)6: 开放域. Nobody decides on their own application (rights.md 7: a refusal is a person's, and gives its reason).</remarks>
public sealed class Permissions(Store store, PackRegistry packs, Jurisdiction land, UserCentre centre, SharedThings things, TimeProvider clock)
{
    /// <summary>Working days within which an application is decided.</summary>
    public const int DecidedWithin = 10;

    /// <summary>The most applications of one account that wait at once.</summary>
    public const int MostOpen = 20;

    /// <summary>The longest reason.</summary>
    public const int LongestReason = ShareTerms.Longest;

    private const int LongestTerm = 365;

    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string ApplicationColumns = "id, pack, dataset, login, principal, name, form, purpose, product, days, safeguards, agreement, agreement_version AS AgreementVersion, grade, asked, due, state, decided, decided_by AS DecidedBy, reason";
    private const string PermissionColumns = "id, pack, dataset, login, principal, form, grade, from_at AS FromAt, until_at AS UntilAt, state, ended, ended_by AS EndedBy, reason";

    private sealed class ApplicationRow
    {
        public string Id { get; set; } = "";
        public string Pack { get; set; } = "";
        public string Dataset { get; set; } = "";
        public string Login { get; set; } = "";
        public string Principal { get; set; } = "";
        public string Name { get; set; } = "";
        public string Form { get; set; } = "";
        public string Purpose { get; set; } = "";
        public string Product { get; set; } = "";
        public long Days { get; set; }
        public string Safeguards { get; set; } = "";
        public string Agreement { get; set; } = "";
        public string AgreementVersion { get; set; } = "";
        public long Grade { get; set; }
        public string Asked { get; set; } = "";
        public string Due { get; set; } = "";
        public string State { get; set; } = "";
        public string? Decided { get; set; }
        public string? DecidedBy { get; set; }
        public string Reason { get; set; } = "";

        public OpeningApplication Read() => new(Id, Pack, Dataset, Login, Name, new OpeningAsked(Principal, Form, Purpose, Product, (int)Days, Safeguards, Agreement), AgreementVersion, (int)Grade, Time.Read(Asked), Time.Read(Due), State,
            Decided is null ? null : Time.Read(Decided), DecidedBy, Reason);
    }

    private sealed class PermissionRow
    {
        public string Id { get; set; } = "";
        public string Pack { get; set; } = "";
        public string Dataset { get; set; } = "";
        public string Login { get; set; } = "";
        public string Principal { get; set; } = "";
        public string Form { get; set; } = "";
        public long Grade { get; set; }
        public string FromAt { get; set; } = "";
        public string UntilAt { get; set; } = "";
        public string State { get; set; } = "";
        public string? Ended { get; set; }
        public string? EndedBy { get; set; }
        public string Reason { get; set; } = "";

        public OpeningPermission Read() => new(Id, Pack, Dataset, Login, Principal, Form, (int)Grade, Time.Read(FromAt), Time.Read(UntilAt), State, Ended is null ? null : Time.Read(Ended), EndedBy, Reason);
    }

    /// <summary>What may be applied for now, by pack and dataset.</summary>
    public IEnumerable<OpeningOffer> Offers() => packs.Applied.Values.SelectMany(a => a.Pack.Datasets.Select(d => Offer(a.Pack, d))).OfType<OpeningOffer>();

    /// <summary>A dataset as it is applied for, or null where nobody can.</summary>
    public OpeningOffer? Find(string pack, string dataset) => packs.Find(pack) is { } found && found.Dataset(dataset) is { } declared ? Offer(found, declared) : null;

    private OpeningOffer? Offer(Pack pack, Dataset dataset)
    {
        if (dataset.Open != "conditional")
            return null;
        string[] forms = [.. dataset.Opening is not null || OpensRows(pack, dataset) ? ["rows"] : Array.Empty<string>(), .. dataset.Opening?.HasSandbox == true ? ["sandbox"] : Array.Empty<string>()];
        var most = dataset.Opening?.Term is { } term ? (int)Math.Min(3660, XmlConvert.ToTimeSpan(term).TotalDays) : LongestTerm;
        return forms.Length == 0 ? null : new OpeningOffer(pack, dataset, forms, most);
    }

    /// <summary>Whether a dataset that is open on condition gives its own rows to whoever was granted it: it declares nothing in their place, is graded no more than internal, and nothing of it is personal or sealed.</summary>
    public bool OpensRows(Pack pack, Dataset dataset) => dataset is { Open: "conditional", Opening: null, Grade: null or <= 2 } && things.Of(pack, dataset).Personal.Count == 0 && pack.Homes(dataset).Count == 0;

    /// <summary>For whom somebody may apply: themselves, and organisations that they represent.</summary>
    public async Task<IReadOnlyList<Principal>> PrincipalsAsync(Person who, CancellationToken cancel = default) =>
    [
        new Principal("person:" + who.Login, who.Name, null),
        .. (await centre.RepresentedAsync(who.Login, cancel)).Select(o => new Principal(Subjects.OfOrganisation(o.Code), o.Name, null)),
    ];

    /// <summary>Takes an application in.</summary>
    /// <returns>It, or field → code of what is wrong.</returns>
    /// <exception cref="RefusedException">Nobody can apply for it, or the same waits already, or too many do.</exception>
    public async Task<(OpeningFile? File, IReadOnlyDictionary<string, string> Faults)> ApplyAsync(Person by, string pack, string dataset, OpeningAsked asked, CancellationToken cancel = default)
    {
        var offer = Find(pack, dataset) ?? throw new RefusedException(404, "not-found", $"{pack}/{dataset}");
        var agreement = OpeningAgreement.Of(offer.Pack, offer.Dataset);
        var faults = new Dictionary<string, string>(asked.Faults(offer, agreement));
        var principal = (await PrincipalsAsync(by, cancel)).FirstOrDefault(p => p.Id == asked.For);
        if (principal is null)
            faults["for"] = "opening-for";
        if (faults.Count > 0)
            return (null, faults);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString("n");
        await store.ChangeAsync(now, async change =>
        {
            var open = (await change.QueryAsync<(string Pack, string Dataset, string Form, string Principal)>("SELECT pack, dataset, form, principal FROM opening_application WHERE login = @Login AND state = 'open'", new { by.Login })).ToList();
            if (open.Contains((pack, dataset, asked.Form, asked.For)))
                throw new RefusedException(409, "opening-asked-already");
            if (open.Count >= MostOpen)
                throw new RefusedException(409, "opening-asked-many", MostOpen);
            await change.ExecuteAsync("INSERT INTO opening_agreement (hash, version, text, kept) VALUES (@Hash, @Version, @Text, @Stamp) ON CONFLICT (hash) DO NOTHING", new { agreement.Hash, agreement.Version, agreement.Text, change.Stamp });
            await change.ExecuteAsync("""
                INSERT INTO opening_application (id, pack, dataset, login, principal, name, form, purpose, product, days, safeguards, agreement, agreement_version, grade, asked, due, state)
                VALUES (@id, @pack, @dataset, @Login, @For, @name, @Form, @purpose, @product, @days, @safeguards, @Hash, @Version, @grade, @Stamp, @due, 'open')
                """, new
            {
                id, pack, dataset, by.Login, asked.For, name = principal!.Name, asked.Form, purpose = asked.Purpose.Trim(), product = asked.Product.Trim(), days = (long)asked.Days, safeguards = asked.Safeguards.Trim(),
                agreement.Hash, agreement.Version, grade = (long)(offer.Dataset.Grade ?? 1), change.Stamp, due = Time.Write(Approvals.Due(now, DecidedWithin, land)),
            });
            change.Record(by, "opening.applied", $"opening-application:{id}", Write(new { asked.For, asked.Form, asked.Days, agreement = agreement.Hash, agreement.Version, agreed = change.Stamp }), dataset: $"{pack}/{dataset}");
        }, cancel);
        return (await FindAsync(id, cancel), faults);
    }

    /// <summary>Agrees to an application, for as long as was asked for, or refuses it with the reason.</summary>
    /// <exception cref="RefusedException">It is another's to decide, was decided, or what it is about has changed since.</exception>
    public async Task<OpeningFile> DecideAsync(Person by, string id, bool agree, string? reason, CancellationToken cancel = default)
    {
        if (!agree && string.IsNullOrWhiteSpace(reason) || reason?.Length > LongestReason)
            throw new RefusedException(422, "share-reason", LongestReason);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var application = (await change.FindAsync<ApplicationRow>($"SELECT {ApplicationColumns} FROM opening_application WHERE id = @id{change.ForUpdate}", new { id }))?.Read() ?? throw new RefusedException(404, "not-found", id);
            if (!MayDecide(by, application))
                throw new RefusedException(403, "share-not-yours");
            if (application.State != "open")
                throw new RefusedException(409, "share-ended");
            var offer = Find(application.Pack, application.Dataset);
            if (agree && (offer is null || !offer.Forms.Contains(application.Asked.Form) || (offer.Dataset.Grade ?? 1) > application.Grade || application.Asked.Days > offer.MostDays))
                throw new RefusedException(409, "opening-offer-changed");
            await change.ExecuteAsync("UPDATE opening_application SET state = @state, decided = @Stamp, decided_by = @Login, reason = @reason WHERE id = @id",
                new { id, state = agree ? "granted" : "refused", change.Stamp, by.Login, reason = reason?.Trim() ?? "" });
            if (agree)
                await change.ExecuteAsync("INSERT INTO opening_permission (id, pack, dataset, login, principal, form, grade, from_at, until_at, state) VALUES (@Id, @Pack, @Dataset, @Login, @For, @Form, @grade, @Stamp, @until, 'active')",
                    new { application.Id, application.Pack, application.Dataset, application.Login, application.Asked.For, application.Asked.Form, grade = (long)application.Grade, change.Stamp, until = Time.Write(change.At.AddDays(application.Asked.Days)) });
            change.Record(by, agree ? "opening.granted" : "opening.application-refused", $"opening-application:{id}", Write(new { application.Login, application.Asked.Form, days = agree ? application.Asked.Days : (int?)null, reason = reason?.Trim() }), dataset: $"{application.Pack}/{application.Dataset}");
        }, cancel);
        return (await FindAsync(id, cancel))!;
    }

    /// <summary>Takes one's own application back that is not decided yet.</summary>
    public Task WithdrawAsync(Person by, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        if (await change.FindAsync<ApplicationRow>($"SELECT {ApplicationColumns} FROM opening_application WHERE id = @id AND login = @Login{change.ForUpdate}", new { id, by.Login }) is not { } row)
            throw new RefusedException(404, "not-found", id);
        if (row.State != "open")
            throw new RefusedException(409, "share-ended");
        await change.ExecuteAsync("UPDATE opening_application SET state = 'withdrawn', decided = @Stamp, decided_by = @Login WHERE id = @id", new { id, change.Stamp, by.Login });
        change.Record(by, "opening.application-withdrawn", $"opening-application:{id}", dataset: $"{row.Pack}/{row.Dataset}");
    }, cancel);

    /// <summary>Ends a permission: its holder gives it up, or the data bureau ends it with the reason.</summary>
    /// <exception cref="RefusedException">There is none that is somebody's to end, or it is over.</exception>
    public async Task<OpeningPermission> EndAsync(Person by, string id, string? reason, CancellationToken cancel = default)
    {
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var permission = (await change.FindAsync<PermissionRow>($"SELECT {PermissionColumns} FROM opening_permission WHERE id = @id{change.ForUpdate}", new { id }))?.Read();
            var isOwn = permission?.Login == by.Login;
            if (permission is null || (!isOwn && !by.Has("data-bureau")))
                throw new RefusedException(404, "not-found", id);
            if (permission.StandsAs(change.At) != "active")
                throw new RefusedException(409, "share-ended");
            if (!isOwn && string.IsNullOrWhiteSpace(reason) || reason?.Length > LongestReason)
                throw new RefusedException(422, "share-reason", LongestReason);
            await change.ExecuteAsync("UPDATE opening_permission SET state = @state, ended = @Stamp, ended_by = @Login, reason = @reason WHERE id = @id", new { id, state = isOwn ? "given-up" : "ended", change.Stamp, by.Login, reason = reason?.Trim() ?? "" });
            change.Record(by, isOwn ? "opening.given-up" : "opening.ended", $"opening-application:{id}", Write(new { reason = reason?.Trim() }), dataset: $"{permission.Pack}/{permission.Dataset}");
        }, cancel);
        return (await PermissionAsync(id, cancel))!;
    }

    /// <summary>Whether an application is somebody's to decide: the stewards of the unit that answers for the data, and the data bureau. Nobody decides on their own.</summary>
    public bool MayDecide(Person by, OpeningApplication application) => by.Login != application.Login && Answers(by, application);

    /// <summary>Whether somebody answers for the data of an application, and sees it: the stewards of its unit, and the data bureau.</summary>
    public bool Answers(Person by, OpeningApplication application) => by.May("opening.decide", new Thing(UnitOf(application.Pack, application.Dataset)), land);

    private string? UnitOf(string pack, string dataset) => packs.Find(pack)?.Dataset(dataset) is { } declared ? land.Units.Named(declared.Source.Name)?.Id : null;

    /// <summary>By which permission somebody was granted a dataset in a form, and may still use it so: within its term, for the principal for whom they still stand, and as long as the data is open so and graded no higher; null where they may not.</summary>
    /// <param name="id">The permission meant; null for any.</param>
    public async Task<OpeningPermission?> HoldsAsync(Person who, Pack pack, Dataset dataset, string form, string? id = null, CancellationToken cancel = default)
    {
        if (Offer(pack, dataset) is not { } offer || !offer.Forms.Contains(form))
            return null;
        var rows = await store.ReadAsync(c => c.QueryAsync<PermissionRow>($"SELECT {PermissionColumns} FROM opening_permission WHERE login = @Login AND pack = @pack AND dataset = @dataset AND form = @form AND state = 'active' AND (@id IS NULL OR id = @id) ORDER BY id", new { who.Login, pack = pack.Id, dataset = dataset.Id, form, id }), cancel);
        var (now, stands) = (clock.GetUtcNow(), await PrincipalsAsync(who, cancel));
        return rows.Select(r => r.Read()).FirstOrDefault(p => now >= p.From && p.StandsAs(now) == "active" && (dataset.Grade ?? 1) <= p.Grade && stands.Any(s => s.Id == p.Principal));
    }

    /// <summary>An application with its permission, or null.</summary>
    public Task<OpeningFile?> FindAsync(string id, CancellationToken cancel = default) => store.ReadAsync(async c =>
        await c.QueryFirstOrDefaultAsync<ApplicationRow>($"SELECT {ApplicationColumns} FROM opening_application WHERE id = @id", new { id }) is { } row
            ? new OpeningFile(row.Read(), (await c.QueryFirstOrDefaultAsync<PermissionRow>($"SELECT {PermissionColumns} FROM opening_permission WHERE id = @id", new { id }))?.Read()) : null, cancel);

    /// <summary>A permission, or null.</summary>
    public Task<OpeningPermission?> PermissionAsync(string id, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (await c.QueryFirstOrDefaultAsync<PermissionRow>($"SELECT {PermissionColumns} FROM opening_permission WHERE id = @id", new { id }))?.Read(), cancel);

    /// <summary>Somebody's own applications, the newest first.</summary>
    public Task<IReadOnlyList<OpeningFile>> OfAsync(Person who, CancellationToken cancel = default) => FilesAsync("login = @Login", new { who.Login }, "ORDER BY asked DESC, id DESC", cancel);

    /// <summary>Applications that a reader at the Desk sees: for the bureau all, for a steward those about their unit's data; what is not decided first, the one that is due first on top.</summary>
    public async Task<OpeningPage> PageAsync(Person by, string? state, int skip, int take, CancellationToken cancel = default)
    {
        var about = by.Has("data-bureau") ? null : packs.Applied.Values.SelectMany(a => a.Pack.Datasets.Where(d => d.Open == "conditional" && by.Unit is not null && land.Units.Named(d.Source.Name)?.Id == by.Unit).Select(d => $"{a.Pack.Id}/{d.Id}")).ToArray();
        if (about is { Length: 0 })
            return new OpeningPage([], 0, skip, take);
        var where = "(@state IS NULL OR state = @state)" + (about is null ? "" : " AND pack || '/' || dataset " + Among("about"));
        var args = new { state, about, skip, take };
        var items = await FilesAsync(where, args, "ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, CASE WHEN state = 'open' THEN due END, asked DESC, id DESC LIMIT @take OFFSET @skip", cancel);
        return new OpeningPage(items, await store.ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) FROM opening_application WHERE {where}", args), cancel), skip, take);
    }

    private Task<IReadOnlyList<OpeningFile>> FilesAsync(string where, object args, string order, CancellationToken cancel) => store.ReadAsync(async c =>
    {
        var applications = (await c.QueryAsync<ApplicationRow>($"SELECT {ApplicationColumns} FROM opening_application WHERE {where} {order}", args)).ToList();
        var ids = applications.Where(a => a.State == "granted").Select(a => a.Id).ToArray();
        var permissions = ids.Length == 0 ? [] : (await c.QueryAsync<PermissionRow>($"SELECT {PermissionColumns} FROM opening_permission WHERE id {Among("ids")}", new { ids })).ToDictionary(p => p.Id);
        return (IReadOnlyList<OpeningFile>)[.. applications.Select(a => new OpeningFile(a.Read(), permissions.GetValueOrDefault(a.Id)?.Read()))];
    }, cancel);

    /// <summary>The text of an agreement that somebody accepted, or null.</summary>
    public Task<OpeningAgreement?> AgreementAsync(string hash, CancellationToken cancel = default) => store.ReadAsync(async c =>
        await c.QueryFirstOrDefaultAsync<(string Version, string Text)?>("SELECT version, text FROM opening_agreement WHERE hash = @hash", new { hash }) is var (version, text) ? new OpeningAgreement(version, hash, text) : null, cancel);

    // The drivers take a list each in their own way.
    private string Among(string list) => store.IsPostgres ? $"= ANY(@{list})" : $"IN @{list}";

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Written);
}
