using System.Security.Cryptography;
using System.Text.Json;
using Dapper;

namespace Guantong.Trust;

/// <summary>The one user centre beside the sign-in: organisations, officials' posts, authority to act for another.</summary>
public sealed class UserCentre(Store store, Accounts accounts, Sessions sessions, Jurisdiction land, TimeProvider clock)
{
    private sealed record AuthorityRow(string Id, string Principal, string Agent, string Matters, string FromDay, string ToDay, string GivenBy, string Given, string? Accepted, string? Ended)
    {
        public Authority Authority => new(Id, Principal, Agent, JsonSerializer.Deserialize<string[]>(Matters)!, FromDay, ToDay, GivenBy, Given, Accepted, Ended);
    }

    private const string AuthorityColumns = "id AS Id, principal AS Principal, agent AS Agent, matters AS Matters, from_day AS FromDay, to_day AS ToDay, given_by AS GivenBy, given AS Given, accepted AS Accepted, ended AS Ended";
    private const string OrganisationColumns = "code AS Code, name AS Name, name_en AS NameEn, kind AS Kind, region AS Region, representative AS Representative, added AS Added";

    /// <summary>Today by the jurisdiction's clock.</summary>
    public DateOnly Today => DateOnly.FromDateTime((clock.GetUtcNow() + land.Offset).UtcDateTime);

    /// <summary>Adds an organisation; gives the fault where there is one.</summary>
    public async Task<string?> AddAsync(Person by, Organisation given, CancellationToken cancel = default)
    {
        if (!CreditCode.IsValid(given.Code))
            return "credit-code";
        if (given.Name.Length is 0 or > 120)
            return "name-form";
        if (given.Kind is not ("enterprise" or "social" or "institution"))
            return "organisation-kind";
        if (land.Regions.Find(given.Region) is null)
            return "region-form";
        if (await accounts.FindAsync(given.Representative, cancel) is not { Kind: not "official" })
            return "representative";
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var touched = await change.ExecuteAsync(
                "INSERT INTO organisation (code, name, name_en, kind, region, representative, added) VALUES (@Code, @Name, @NameEn, @Kind, @Region, @Representative, @Added) ON CONFLICT (code) DO NOTHING",
                given with { Added = change.Stamp });
            change.Record(by, touched == 1 ? "organisation.added" : "organisation.add-missed", $"organisation:{given.Code}", subject: Subjects.OfOrganisation(given.Code));
            return touched == 1 ? null : "organisation-taken";
        }, cancel);
    }

    /// <summary>An organisation by its code, or null.</summary>
    public Task<Organisation?> OrganisationAsync(string code, CancellationToken cancel = default) =>
        store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Organisation>($"SELECT {OrganisationColumns} FROM organisation WHERE code = @code", new { code }), cancel);

    /// <summary>The organisations that a person represents.</summary>
    public async Task<IReadOnlyList<Organisation>> RepresentedAsync(string login, CancellationToken cancel = default) =>
        (await store.ReadAsync(c => c.QueryAsync<Organisation>($"SELECT {OrganisationColumns} FROM organisation WHERE representative = @login ORDER BY code", new { login }), cancel)).AsList();

    /// <summary>Gives an official a post; gives the fault where there is one.</summary>
    /// <exception cref="RefusedException">Its roles cannot be held beside the others of this person.</exception>
    public async Task<string?> GiveAsync(Person by, Post given, CancellationToken cancel = default)
    {
        if (await FaultAsync(given, cancel) is { } fault)
            return fault;
        await store.ChangeAsync(clock.GetUtcNow(), change => GiveAsync(change, by, given), cancel);
        sessions.RightsChanged(given.Login);
        return null;
    }

    /// <summary>What is wrong with a post that is to be given, or null.</summary>
    internal async Task<string?> FaultAsync(Post given, CancellationToken cancel)
    {
        if (await accounts.FindAsync(given.Login, cancel) is not { Kind: "official" })
            return "post-login";
        if (land.Units.Find(given.Unit) is null)
            return "unit-form";
        if (given.Title.Length > 120)
            return "post-title";
        if (!Post.Kinds.Contains(given.Kind))
            return "post-kind";
        if (given.Roles.Any(r => Policy.Book.Fault([r]) is not null))
            return "role-unknown";
        return !Days.Is(given.From) || (given.To is { } to && (!Days.Is(to) || string.CompareOrdinal(to, given.From) < 0)) || (given.Kind is "seconded" or "acting" && given.To is null) ? "post-term" : null;
    }

    /// <summary>Gives a post that <see cref="FaultAsync"/> finds nothing wrong with, in a change.</summary>
    /// <exception cref="RefusedException">Its roles cannot be held beside the others of this person, or there is a main post already.</exception>
    internal async Task GiveAsync(Change change, Person by, Post given)
    {
        await Duties.HoldAsync(change, land, given.Login, given.Roles);
        var today = Today.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        if (given.Kind == "main" && await change.FindAsync<long>("SELECT count(*) FROM post WHERE login = @Login AND kind = 'main' AND ended IS NULL AND from_day <= @today AND (to_day IS NULL OR to_day >= @today)", new { given.Login, today }) > 0)
            throw new RefusedException(422, "post-main");
        await change.ExecuteAsync(
            "INSERT INTO post (id, login, unit, title, roles, kind, from_day, to_day, given_by, given, confirmed) VALUES (@id, @Login, @Unit, @Title, @roles, @Kind, @From, @To, @by, @at, @at)",
            new { id = NewId(), given.Login, given.Unit, given.Title, roles = JsonSerializer.Serialize(given.Roles), given.Kind, given.From, given.To, by = by.Login, at = change.Stamp });
        await change.RecordOfAsync(by, "post.given", given.Login, JsonSerializer.Serialize(new { given.Unit, given.Kind, given.Roles, given.From, given.To }));
    }

    /// <summary>Takes a post away; false when there is none of that id in force.</summary>
    public async Task<bool> EndPostAsync(Person by, string login, string id, CancellationToken cancel = default)
    {
        var ended = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var touched = await change.ExecuteAsync("UPDATE post SET ended = @at WHERE id = @id AND login = @login AND ended IS NULL", new { id, login, at = change.Stamp });
            await change.RecordOfAsync(by, touched == 1 ? "post.ended" : "post.end-missed", login, JsonSerializer.Serialize(new { post = id }));
            return touched == 1;
        }, cancel);
        sessions.RightsChanged(login);
        return ended;
    }

    /// <summary>Offers authority: a person for themselves, a legal representative for their organisation. Gives the fault where there is one.</summary>
    public async Task<string?> OfferAsync(Person by, string principal, string agent, IReadOnlyList<string> matters, string from, string to, CancellationToken cancel = default)
    {
        if (!await SpeaksForAsync(by, principal, cancel))
            return "authority-principal";
        if (by.Login == agent || await accounts.FindAsync(agent, cancel) is not { Kind: not "official" })
            return "authority-agent";
        if (matters.Count is 0 or > 50 || matters.Any(m => m.Length > 160 || m.Split('/').Length != 2))
            return "authority-matters";
        if (!Days.Is(from) || !Days.Is(to) || string.CompareOrdinal(to, from) < 0 || !Days.Holds("", to, Today) || Day(to).DayNumber - Day(from).DayNumber > Authority.Longest.TotalDays)
            return "authority-term";
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var id = NewId();
            await change.ExecuteAsync("INSERT INTO authority (id, principal, agent, matters, from_day, to_day, given_by, given) VALUES (@id, @principal, @agent, @matters, @from, @to, @by, @at)",
                new { id, principal, agent, matters = JsonSerializer.Serialize(matters), from, to, by = by.Login, at = change.Stamp });
            change.Record(by, "authority.given", $"authority:{id}", JsonSerializer.Serialize(new { principal, agent, matters, from, to }), await change.SubjectOfPrincipalAsync(principal));
        }, cancel);
        return null;
    }

    /// <summary>Accepts what was offered to a person; false when nothing of that id was.</summary>
    public Task<bool> AcceptAsync(Person agent, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = await change.ExecuteAsync("UPDATE authority SET accepted = @at WHERE id = @id AND agent = @Login AND accepted IS NULL AND ended IS NULL", new { id, agent.Login, at = change.Stamp });
        var principal = touched == 1 ? await change.FindAsync<string>("SELECT principal FROM authority WHERE id = @id", new { id }) : null;
        change.Record(agent, touched == 1 ? "authority.accepted" : "authority.accept-missed", $"authority:{id}", subject: principal is null ? null : await change.SubjectOfPrincipalAsync(principal));
        return touched == 1;
    }, cancel);

    /// <summary>Ends authority at once, by whoever gave it, speaks for its principal or holds it; false for others and for what is ended.</summary>
    public async Task<bool> EndAuthorityAsync(Person by, string id, CancellationToken cancel = default)
    {
        var row = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<AuthorityRow>($"SELECT {AuthorityColumns} FROM authority WHERE id = @id", new { id }), cancel);
        if (row is null || (row.Agent != by.Login && !await SpeaksForAsync(by, row.Principal, cancel)))
            return false;
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var touched = await change.ExecuteAsync("UPDATE authority SET ended = @at, ended_by = @Login WHERE id = @id AND ended IS NULL", new { id, by.Login, at = change.Stamp });
            change.Record(by, touched == 1 ? "authority.ended" : "authority.end-missed", $"authority:{id}", subject: await change.SubjectOfPrincipalAsync(row.Principal));
            return touched == 1;
        }, cancel);
    }

    /// <summary>Authority that a person gave, for themselves or an organisation that they represent, and authority that they hold; the newest first.</summary>
    public async Task<(IReadOnlyList<Authority> Given, IReadOnlyList<Authority> Held)> AuthoritiesAsync(Person person, CancellationToken cancel = default)
    {
        var rows = (await store.ReadAsync(c => c.QueryAsync<AuthorityRow>(
            $"SELECT {AuthorityColumns} FROM authority WHERE agent = @Login OR principal = @self OR principal IN (SELECT 'organisation:' || code FROM organisation WHERE representative = @Login) ORDER BY given DESC, id",
            new { person.Login, self = $"person:{person.Login}" }), cancel)).Select(r => r.Authority).ToLookup(a => a.Agent == person.Login);
        return ([.. rows[false]], [.. rows[true]]);
    }

    /// <summary>Whether a person may act for another in a matter today: as themselves, as legal representative, or under authority in force.</summary>
    /// <param name="matter">pack/matter.</param>
    public async Task<bool> MayActAsync(Person person, string principal, string matter, CancellationToken cancel = default) =>
        await SpeaksForAsync(person, principal, cancel) || (await AuthoritiesAsync(person, cancel)).Held.Any(a => a.Principal == principal && a.Covers(matter, Today));

    /// <summary>For whom a person may act in a matter today: themselves first, then the organisations that they represent, then whoever gave them authority.</summary>
    public async Task<IReadOnlyList<Principal>> PrincipalsAsync(Person person, string matter, CancellationToken cancel = default)
    {
        if (person.Kind == "official" || await store.SubjectOfAsync(person.Login, cancel) is null)
            return [];
        var represented = (await RepresentedAsync(person.Login, cancel)).Select(o => new Principal(Subjects.OfOrganisation(o.Code), o.Name, null)).ToList();
        var held = (await AuthoritiesAsync(person, cancel)).Held.Where(a => a.Covers(matter, Today) && represented.All(r => r.Id != a.Principal)).DistinctBy(a => a.Principal);
        var named = new List<Principal>();
        foreach (var authority in held)
            named.Add(new Principal(authority.Principal, await NameAsync(authority.Principal, cancel), authority.Id));
        return [new Principal("person:" + person.Login, person.Name, null), .. represented, .. named];
    }

    /// <summary>As whom somebody acts for a principal in a matter, held until the change commits: authority that ends meanwhile ends after it. Null where they may not.</summary>
    public async Task<Standing?> HoldAsync(Change change, Person person, string principal, string matter)
    {
        if (person.Kind == "official" || await change.SubjectOfAsync(person.Login) is not { } self)
            return null;
        if (principal == "person:" + person.Login)
            return new Standing(self, null, null);
        if (Subjects.CodeOf(principal) is { } code && await change.FindAsync<string>("SELECT representative FROM organisation WHERE code = @code" + change.ForUpdate, new { code }) == person.Login)
            return new Standing(principal, self, null);
        var rows = await change.QueryAsync<AuthorityRow>($"SELECT {AuthorityColumns} FROM authority WHERE agent = @Login AND principal = @principal AND ended IS NULL ORDER BY given, id{change.ForUpdate}", new { person.Login, principal });
        return rows.Select(r => r.Authority).FirstOrDefault(a => a.Covers(matter, Today)) is { } authority && await change.SubjectOfPrincipalAsync(principal) is { } subject
            ? new Standing(subject, self, authority.Id) : null;
    }

    /// <summary>Whose affairs are a person's own today: themselves and the organisations that they represent, by subject and name.</summary>
    public async Task<IReadOnlyList<(string Subject, string Name)>> OwnAsync(Person person, CancellationToken cancel = default)
    {
        if (await store.SubjectOfAsync(person.Login, cancel) is not { } self)
            return [];
        return [(self, person.Name), .. (await RepresentedAsync(person.Login, cancel)).Select(o => (Subjects.OfOrganisation(o.Code), o.Name))];
    }

    /// <summary>What a person's authority of today covers, as subject and pack/matter.</summary>
    public async Task<IReadOnlyList<(string Subject, string Matter)>> CoveredAsync(Person person, CancellationToken cancel = default)
    {
        var covered = new List<(string, string)>();
        foreach (var authority in (await AuthoritiesAsync(person, cancel)).Held.Where(a => a.StateOn(Today) == "in-force"))
        {
            var subject = Subjects.CodeOf(authority.Principal) is null ? await store.SubjectOfAsync(authority.Principal["person:".Length..], cancel) : authority.Principal;
            if (subject is not null)
                covered.AddRange(authority.Matters.Select(m => (subject, m)));
        }
        return covered;
    }

    /// <summary>What some principals are called.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(IEnumerable<string> principals, CancellationToken cancel = default)
    {
        var names = new Dictionary<string, string>();
        foreach (var principal in principals.Distinct())
            names[principal] = await NameAsync(principal, cancel);
        return names;
    }

    private async Task<string> NameAsync(string principal, CancellationToken cancel) => Subjects.CodeOf(principal) is { } code
        ? (await OrganisationAsync(code, cancel))?.Name ?? code
        : (await accounts.FindAsync(principal["person:".Length..], cancel))?.Name ?? principal["person:".Length..];

    private async Task<bool> SpeaksForAsync(Person person, string principal, CancellationToken cancel) => principal.Split(':', 2) switch
    {
        ["person", var login] => login == person.Login && person.Kind != "official",
        ["organisation", var code] => (await OrganisationAsync(code, cancel))?.Representative == person.Login,
        _ => false,
    };

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
