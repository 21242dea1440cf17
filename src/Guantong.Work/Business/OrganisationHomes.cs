using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>That somebody may act for an organisation today.</summary>
/// <param name="IsRepresentative">Whether they are its legal representative, and so act in every matter.</param>
/// <param name="Matters">pack/matter that their authority covers; none of a representative.</param>
/// <param name="Agents">Its agents, which its representative alone sees; none of an agent.</param>
public sealed record ActingFor(Organisation Organisation, bool IsRepresentative, IReadOnlyList<string> Matters, IReadOnlyList<Authority> Agents)
{
    /// <summary>The organisation as authority and the ledger name it.</summary>
    public string Subject => Subjects.OfOrganisation(Organisation.Code);

    /// <summary>Whether they act for it in a matter; what is no matter is its representative's own affair.</summary>
    public bool May(string? matter) => IsRepresentative || (matter is not null && Matters.Contains(matter));
}

/// <summary>A document of an organisation's cases.</summary>
/// <param name="Case">The case's number.</param>
public sealed record HomeDocument(string Name, string? Number, string Made, string Case);

/// <summary>The home of an organisation: for whoever may act for it, and for them alone.</summary>
/// <remarks>Plan, annex 3 project 5 (企业码: public service, policies, requests); 民法典 §§161–173 on agents.</remarks>
public sealed class OrganisationHomes(Store store, UserCentre centre, Applications applications, SharedThings things)
{
    /// <summary>How many days before its end a licence is marked.</summary>
    public const int Soon = 90;

    /// <summary>The organisations that a person may act for today: those that they represent first.</summary>
    public async Task<IReadOnlyList<ActingFor>> OfAsync(Person me, CancellationToken cancel = default)
    {
        if (me.Kind == "official")
            return [];
        var (given, held) = await centre.AuthoritiesAsync(me, cancel);
        var own = (await centre.RepresentedAsync(me.Login, cancel)).Select(o => new ActingFor(o, true, [], [.. given.Where(g => g.Principal == Subjects.OfOrganisation(o.Code))])).ToList();
        foreach (var authorities in held.Where(h => h.StateOn(centre.Today) == "in-force").GroupBy(h => h.Principal))
        {
            if (Subjects.CodeOf(authorities.Key) is { } code && own.All(o => o.Organisation.Code != code) && await centre.OrganisationAsync(code, cancel) is { } organisation)
                own.Add(new ActingFor(organisation, false, [.. authorities.SelectMany(a => a.Matters).Distinct()], []));
        }
        return own;
    }

    /// <summary>One of them; null where it is none, or there is no such organisation.</summary>
    public async Task<ActingFor?> FindAsync(Person me, string code, CancellationToken cancel = default) => (await OfAsync(me, cancel)).FirstOrDefault(o => o.Organisation.Code == code);

    /// <summary>The documents of cases, the newest first.</summary>
    /// <param name="numbers">Cases that the reader was shown.</param>
    public Task<IReadOnlyList<HomeDocument>> DocumentsAsync(IEnumerable<string> numbers, CancellationToken cancel = default)
    {
        var all = numbers.ToArray();
        return all.Length == 0 ? Task.FromResult<IReadOnlyList<HomeDocument>>([]) : store.ReadAsync(async c => (IReadOnlyList<HomeDocument>)(await c.QueryAsync<HomeDocument>($"""
            SELECT d.name AS Name, d.number AS Number, d.made AS Made, c.number AS "Case" FROM work_document d JOIN work_case c ON c.id = d.case_id
            WHERE c.number {(store.IsPostgres ? "= ANY(@all)" : "IN @all")} ORDER BY d.made DESC, d.id DESC
            """, new { all })).AsList(), cancel);
    }

    /// <summary>The service that renews a licence, as pack and matter; null where none is declared.</summary>
    public (Pack Pack, Matter Matter)? RenewalOf(RecordLine line) =>
        applications.Services().Where(s => s.Matter.Renews.Any(r => (r.Value is null || r.Value == line.Title) && things.Named(s.Applied.Pack, r.Data.Name) is var (home, data) && home.Id == line.Pack.Id && data.Id == line.Dataset.Id))
            .Select(s => ((Pack, Matter)?)(s.Applied.Pack, s.Matter)).FirstOrDefault();
}
