using Guantong.Trust;
using static Guantong.Data.RdfNames;

namespace Guantong.Data;

/// <summary>The catalogue as DCAT-AP 3, thing by thing, so that any number of entries streams through.</summary>
/// <remarks>
/// SEMIC DCAT-AP 3.0.0. What it has no words for (share class, basis, grade, code) stands under our own prefix, items as columns of CSV on the Web, so that another Guantong reads all of it back.
/// </remarks>
/// <param name="site">The address of this site, without a stroke at its end.</param>
internal sealed class DcatExport(string site, Jurisdiction land)
{
    private readonly HashSet<string> _told = [];

    private string Catalogue => site + "/api/v1/catalogue";

    /// <summary>The address of an entry.</summary>
    public string AddressOf(string id) => $"{Catalogue}/{Uri.EscapeDataString(id)}";

    /// <summary>The catalogue itself.</summary>
    public IEnumerable<RdfSubject> Head()
    {
        yield return new RdfSubject(Catalogue,
        [
            ("rdf:type", Name("dcat:Catalog")),
            ("dct:title", Text(CatalogueTexts.Say(Lang.Zh, "dcat.title", land.Name), "zh")), ("dct:title", Text(CatalogueTexts.Say(Lang.En, "dcat.title", land.NameEn), "en")),
            ("dct:description", Text(CatalogueTexts.Say(Lang.Zh, "dcat.about", land.Name), "zh")), ("dct:description", Text(CatalogueTexts.Say(Lang.En, "dcat.about", land.NameEn), "en")),
            ("dct:publisher", Iri(Publisher)), ("dct:language", Iri(Vocabularies.Chinese.Iri)), ("dct:language", Iri(Vocabularies.English.Iri)),
            ("dct:spatial", Iri(PlaceOf(land.Root))), ("foaf:homepage", Iri(site + "/data")), ("dcat:themeTaxonomy", Iri(VocabularyTerm.Themes)),
            ("dct:license", Iri(Vocabularies.LicenceOf("CC0-1.0")!)),
        ]);
        yield return new RdfSubject(VocabularyTerm.Themes, [("rdf:type", Name("skos:ConceptScheme")), ("dct:title", Text("Data theme", "en"))]);
        yield return new RdfSubject(site + "/data", [("rdf:type", Name("foaf:Document"))]);
        foreach (var subject in Agent(Publisher, land.Name, land.NameEn).Concat(Place(land.Root)).Concat(Licence("CC0-1.0")).Concat(Term(Vocabularies.Chinese)).Concat(Term(Vocabularies.English)))
            yield return subject;
    }

    /// <summary>One entry, and what it refers to that was not told yet.</summary>
    /// <param name="downloads">Where its rows are had here, by format.</param>
    public IEnumerable<RdfSubject> Entry(KeptEntry kept, IReadOnlyDictionary<string, string> downloads)
    {
        var (e, iri) = (kept.Entry, AddressOf(kept.Entry.Id));
        var (provider, page) = (AgentOf(e), PageOf(kept));
        yield return new RdfSubject(Catalogue, [("dcat:dataset", Iri(iri))]);
        var distributions = Distributions(e, iri, page, downloads);
        var (theme, cycle, access) = (Vocabularies.ThemeOf(e.Category), Vocabularies.OfCycle(e.Cycle), Vocabularies.OfAccess(e.Open));
        yield return new RdfSubject(iri,
        [
            ("rdf:type", Name("dcat:Dataset")), ("dct:identifier", Text(e.Code)),
            ("dct:title", Text(e.Name, "zh")), .. Optional("dct:title", e.NameEn, "en"), ("dct:description", Text(e.About, "zh")), .. Optional("dct:description", e.AboutEn, "en"),
            ("dct:publisher", Iri(provider)), ("dcat:contactPoint", Iri(provider + "/contact")),
            .. e.Keywords.Select(k => ("dcat:keyword", Text(k, "zh"))), .. theme is null ? [] : ((string, RdfTerm)[])[("dcat:theme", Iri(theme.Iri))],
            ("dct:accrualPeriodicity", Iri(cycle.Iri)), ("dct:accessRights", Iri(access.Iri)), ("dct:language", Iri(Vocabularies.Chinese.Iri)),
            .. e.Region.Length > 0 ? [("dct:spatial", Iri(PlaceOf(e.Region)))] : ((string, RdfTerm)[])[],
            ("dct:issued", Typed(e.Published, "date")), ("dct:modified", Typed(kept.Changed, "dateTime")), ("dcat:landingPage", Iri(page)), ("dcat:version", Text($"{kept.Version}")),
            .. Optional("gt:custodian", e.Custodian), .. Optional("gt:class", e.Class), .. Optional("gt:category", e.Category), .. e.Labels.Select(l => ("gt:label", Text(l))), .. e.Formats.Select(f => ("gt:format", Text(f))),
            .. Optional("gt:share", e.Share), .. Optional("gt:shareCondition", e.ShareCondition), .. Optional("gt:basis", e.Basis), .. Optional("gt:open", e.Open), .. Optional("gt:openCondition", e.OpenCondition), .. Optional("gt:opening", e.Opening),
            .. e.Grade is { } grade ? [("gt:grade", Typed($"{grade}", "integer"))] : ((string, RdfTerm)[])[], .. Optional("gt:licence", e.Licence), ("gt:state", Text(kept.State)), .. kept.Origin == "harvest" ? [("gt:origin", Text(kept.Origin))] : ((string, RdfTerm)[])[],
            .. distributions.Select(d => ("dcat:distribution", Iri(d.Iri))), .. e.Items.Select(i => ("gt:item", Iri(ItemOf(iri, i)))),
        ]);
        foreach (var subject in Referred(e, provider, page).Concat(((VocabularyTerm?[])[theme, cycle, access, Vocabularies.Chinese]).OfType<VocabularyTerm>().SelectMany(Term)).Concat(distributions).Concat(distributions.SelectMany(Files)).Concat(e.Formats.SelectMany(f => Vocabularies.OfFormat(f) is var (term, _) ? Term(term) : [])))
            yield return subject;
        for (var i = 0; i < e.Items.Count; i++)
            yield return Item(iri, e.Items[i], i + 1);
    }

    private IEnumerable<RdfSubject> Referred(CatalogueEntry e, string provider, string page) =>
    [
        .. Agent(provider, e.Provider, land.Units.Find(e.ProviderCode)?.NameEn ?? ""), .. Place(e.Region), .. Licence(e.Licence),
        .. Once(page, () => new RdfSubject(page, [("rdf:type", Name("foaf:Document"))])),
        .. Once(provider + "/contact", () => new RdfSubject(provider + "/contact", [("rdf:type", Name("vcard:Organization")), ("rdf:type", Name("vcard:Kind")), ("vcard:fn", Text(e.Provider, "zh")), ("vcard:hasURL", Iri(site + "/"))])),
    ];

    // Files that are had here; addresses that the entry gives; else the page where one asks.
    private static List<RdfSubject> Distributions(CatalogueEntry e, string iri, string page, IReadOnlyDictionary<string, string> downloads)
    {
        var files = e.Downloads.Count > 0 ? [.. e.Downloads.Select(d => (Format: FormatOf(e, d), Access: new Uri(d).AbsoluteUri, IsFile: true))]
            : e.Formats.Select(f => (Format: (string?)f, Access: downloads.GetValueOrDefault(f) ?? page, IsFile: downloads.ContainsKey(f))).ToList();
        return [.. files.Select((f, i) =>
        {
            var known = f.Format is null ? null : Vocabularies.OfFormat(f.Format);
            return new RdfSubject($"{iri}/files/{i + 1}",
            [
                ("rdf:type", Name("dcat:Distribution")), ("dct:title", Text(f.Format is null ? e.Name : $"{e.Name}（{f.Format.ToUpperInvariant()}）", "zh")), ("dct:description", Text(e.About, "zh")), ("dcat:accessURL", Iri(f.Access)),
                .. f.IsFile ? [("dcat:downloadURL", Iri(f.Access))] : ((string, RdfTerm)[])[],
                .. known is var (term, media) ? [("dct:format", Iri(term.Iri)), .. media is null ? [] : ((string, RdfTerm)[])[("dcat:mediaType", Iri("http://www.iana.org/assignments/media-types/" + media))]] : ((string, RdfTerm)[])[],
                .. Vocabularies.LicenceOf(e.Licence) is { } licence ? [("dct:license", Iri(licence))] : ((string, RdfTerm)[])[],
            ]);
        })];
    }

    // What a distribution leads to, by the classes that the shapes ask for.
    private IEnumerable<RdfSubject> Files(RdfSubject distribution) => distribution.Says.Where(s => s.Predicate is "dcat:accessURL" or "dcat:downloadURL" or "dcat:mediaType").SelectMany(s =>
        ((RdfTerm.Iri)s.Object).Value is var at && s.Predicate == "dcat:mediaType" ? Once(at, () => new RdfSubject(at, [("rdf:type", Name("dct:MediaType"))])) : Once("#" + at, () => new RdfSubject(at, [("rdf:type", Name("rdfs:Resource"))])));

    private static string? FormatOf(CatalogueEntry e, string address) => e.Formats.FirstOrDefault(f => address.EndsWith("." + f, StringComparison.OrdinalIgnoreCase)) ?? (e.Formats.Count == 1 ? e.Formats[0] : null);

    private static RdfSubject Item(string iri, EntryItem item, int place) => new(ItemOf(iri, item),
    [
        ("rdf:type", Name("csvw:Column")), ("csvw:name", Text(item.Id)), ("csvw:title", Text(item.Name, "zh")), .. Optional("csvw:title", item.NameEn, "en"), ("csvw:datatype", Text(item.Type)), ("gt:place", Typed($"{place}", "integer")),
        .. Optional("gt:unit", item.Unit), .. Optional("gt:codes", item.Codes), .. Optional("gt:element", item.Element), .. item.IsKey ? [("gt:key", Typed("true", "boolean"))] : ((string, RdfTerm)[])[], .. item.IsPersonal ? [("gt:personal", Typed("true", "boolean"))] : ((string, RdfTerm)[])[],
    ]);

    private static string ItemOf(string iri, EntryItem item) => $"{iri}/items/{Uri.EscapeDataString(item.Id)}";

    private string Publisher => site + "/id/agent/" + land.Id;

    private string AgentOf(CatalogueEntry e) => site + "/id/agent/" + Uri.EscapeDataString(e.ProviderCode.Length > 0 ? e.ProviderCode : e.Provider);

    private string PlaceOf(string region) => site + "/api/v1/regions/" + Uri.EscapeDataString(region);

    private string PageOf(KeptEntry kept) => kept.Entry.Page.Length > 0 ? new Uri(kept.Entry.Page).AbsoluteUri : kept.Origin == "pack" && kept.Entry.IsPublic ? $"{site}/data/{kept.Entry.Id.Replace(':', '/')}" : $"{site}/desk/catalogue/{Uri.EscapeDataString(kept.Entry.Id)}";

    private IEnumerable<RdfSubject> Agent(string iri, string name, string nameEn) => Once(iri, () => new RdfSubject(iri,
        [("rdf:type", Name("foaf:Agent")), ("rdf:type", Name("foaf:Organization")), ("foaf:name", Text(name, "zh")), .. Optional("foaf:name", nameEn, "en"), ("dct:type", Iri(PublisherType))]))
        .Concat(Once(PublisherType, () => new RdfSubject(PublisherType, [("rdf:type", Name("skos:Concept")), ("skos:inScheme", Iri("http://purl.org/adms/publishertype/1.0")), ("skos:prefLabel", Text("Regional authority", "en"))])));

    private const string PublisherType = "http://purl.org/adms/publishertype/RegionalAuthority";

    private IEnumerable<RdfSubject> Place(string region) => region.Length == 0 ? [] : Once(PlaceOf(region), () => new RdfSubject(PlaceOf(region),
        [("rdf:type", Name("dct:Location")), ("dct:identifier", Text(region)), .. land.Regions.Find(region) is { } known ? [("skos:prefLabel", Text(known.Name, "zh")), .. Optional("skos:prefLabel", known.NameEn, "en")] : ((string, RdfTerm)[])[]]));

    private IEnumerable<RdfSubject> Licence(string licence) => Vocabularies.LicenceOf(licence) is not { } iri ? [] : Once(iri, () => new RdfSubject(iri, [("rdf:type", Name("dct:LicenseDocument")), ("dct:title", Text(licence))]));

    private IEnumerable<RdfSubject> Term(VocabularyTerm term) => Once(term.Iri, () => term.Says);

    private IEnumerable<RdfSubject> Once(string iri, Func<RdfSubject> of)
    {
        if (_told.Add(iri))
            yield return of();
    }

    private static (string, RdfTerm)[] Optional(string predicate, string text, string? lang = null) => text.Length == 0 ? [] : [(predicate, Text(text, lang))];
}
