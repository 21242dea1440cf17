using System.Globalization;
using System.Text;

namespace Guantong.Data;

/// <summary>Reads another catalogue from the DCAT that it publishes, in Turtle, JSON-LD or RDF/XML; that of another Guantong with all that it says.</summary>
internal sealed class DcatCatalogue(OutsideFetch fetch)
{
    private const string Accept = "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8";

    public async Task<IReadOnlyList<CatalogueEntry>> ReadAsync(Uri site, CancellationToken cancel)
    {
        var (body, type) = await fetch.GetAsync(site, Accept, cancel);
        return Entries(Statements(body, type, site), site);
    }

    internal static IReadOnlyList<RdfStatement> Statements(byte[] body, string? type, Uri site)
    {
        var start = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 512))).TrimStart('\uFEFF').TrimStart();
        try
        {
            return (type, start) switch
            {
                ("application/ld+json" or "application/json", _) or (_, ['{' or '[', ..]) when !start.StartsWith("[]", StringComparison.Ordinal) && start is ['{' or '[', ..] => JsonLdReader.Read(body, site),
                ("application/rdf+xml" or "application/xml" or "text/xml", _) => RdfXmlReader.Read(new MemoryStream(body), site),
                (_, ['<', '?', 'x', 'm', 'l', ..] or ['<', 'r', 'd', 'f', ':', ..]) => RdfXmlReader.Read(new MemoryStream(body), site),
                (_, ['<', '!', ..] or ['<', 'h', 't', 'm', 'l', ..]) => throw new HarvestException("no-dcat"),
                _ => TurtleReader.Read(new UTF8Encoding(false, true).GetString(body).TrimStart('\uFEFF'), site),
            };
        }
        catch (RdfException broken)
        {
            throw new HarvestException("broken", broken.Message);
        }
        catch (DecoderFallbackException)
        {
            throw new HarvestException("broken", "UTF-8");
        }
    }

    internal static IReadOnlyList<CatalogueEntry> Entries(IReadOnlyList<RdfStatement> statements, Uri site)
    {
        var known = new Graph(statements);
        var datasets = known.Typed("dcat:Dataset").ToList();
        if (datasets.Count == 0 && !known.Typed("dcat:Catalog").Any())
            throw new HarvestException("no-dcat");
        // What another Guantong harvested itself is had from where it has it: two that harvest each other would grow without end.
        return [.. datasets.Where(d => !d.StartsWith("_:", StringComparison.Ordinal) && known.Text(d, "gt:origin") != "harvest").Select(d => Entry(known, d, site))];
    }

    private static CatalogueEntry Entry(Graph known, string iri, Uri site)
    {
        var publisher = known.Iris(iri, "dct:publisher").FirstOrDefault();
        var files = known.Iris(iri, "dcat:distribution").ToList();
        string Own(string name) => known.Text(iri, "gt:" + name);
        var open = First(Own("open"), known.Iris(iri, "dct:accessRights").Select(Vocabularies.AccessOf).FirstOrDefault(a => a is not null), "unconditional");
        return new CatalogueEntry
        {
            Id = iri, Name = First(known.Text(iri, "dct:title", "zh"), iri), NameEn = known.Only(iri, "dct:title", "en"), About = First(known.Text(iri, "dct:description", "zh"), known.Text(iri, "dct:title", "zh"), iri), AboutEn = known.Only(iri, "dct:description", "en"),
            Provider = publisher is null ? site.Host : First(known.Text(publisher, "foaf:name", "zh"), known.Text(publisher, "vcard:fn"), site.Host), ProviderCode = publisher?.Split('/')[^1] is { Length: > 0 and < 60 } code && Own("class").Length > 0 ? Uri.UnescapeDataString(code) : "",
            Custodian = Own("custodian"), Class = First(Own("class"), "department"), Category = First(Own("category"), known.Iris(iri, "dcat:theme").Select(Vocabularies.CategoryOf).FirstOrDefault(c => c is not null), ""),
            Keywords = [.. known.Texts(iri, "dcat:keyword")], Labels = [.. known.Texts(iri, "gt:label")], Formats = known.Texts(iri, "gt:format").ToList() is { Count: > 0 } formats ? formats : [.. files.SelectMany(f => Formats(known, f)).Distinct()],
            Share = First(Own("share"), open), ShareCondition = First(Own("shareCondition"), Own("share").Length == 0 && open == "conditional" ? "–" : ""), Basis = First(Own("basis"), Own("share").Length == 0 && open == "none" ? "–" : ""), Open = open, OpenCondition = First(Own("openCondition"), open == "conditional" ? "–" : ""), Opening = Own("opening"),
            Grade = int.TryParse(Own("grade"), NumberStyles.None, CultureInfo.InvariantCulture, out var grade) ? grade : null,
            Cycle = First(known.Iris(iri, "dct:accrualPeriodicity").Select(Vocabularies.CycleOf).FirstOrDefault(c => c is not null), "irregular"), Published = First(known.Text(iri, "dct:issued")) is { Length: >= 10 } issued ? issued[..10] : "",
            Licence = First(Own("licence"), files.SelectMany(f => known.Iris(f, "dct:license")).FirstOrDefault(), known.Iris(iri, "dct:license").FirstOrDefault()),
            Region = known.Iris(iri, "dct:spatial").Select(s => known.Text(s, "dct:identifier")).FirstOrDefault(r => r.Length is 6 or 9) ?? "",
            Page = known.Iris(iri, "dcat:landingPage").FirstOrDefault(EntryCheck.IsAddress) ?? "", Downloads = [.. files.SelectMany(f => known.Iris(f, "dcat:downloadURL").Concat(known.Iris(f, "dcat:accessURL")).Take(1)).Where(EntryCheck.IsAddress).Distinct()],
            Items = [.. known.Iris(iri, "gt:item").Select(i => (Place: int.TryParse(known.Text(i, "gt:place"), NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : 0, Item: Item(known, i))).OrderBy(i => i.Place).Select(i => i.Item)],
        };
    }

    private static EntryItem Item(Graph known, string item) => new(known.Text(item, "csvw:name"), known.Text(item, "csvw:title", "zh"), known.Only(item, "csvw:title", "en"), known.Text(item, "csvw:datatype"), known.Text(item, "gt:unit"), known.Text(item, "gt:codes"), known.Text(item, "gt:element"),
        known.Text(item, "gt:key") == "true", known.Text(item, "gt:personal") == "true");

    private static IEnumerable<string> Formats(Graph known, string file) =>
        known.Iris(file, "dct:format").Select(f => Vocabularies.FormatOf(f) ?? "").Concat(known.Texts(file, "dct:format").Select(t => t.ToLowerInvariant())).Concat(known.Iris(file, "dcat:mediaType").Select(m => m.Split('/')[^1])).Where(f => f.Length is > 0 and < 20).Take(1);

    private static string First(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (!string.IsNullOrWhiteSpace(text))
                return text;
        }
        return "";
    }

    // What is said, by subject and predicate.
    private sealed class Graph(IReadOnlyList<RdfStatement> statements)
    {
        private readonly ILookup<(string, string), RdfTerm> _says = statements.ToLookup(s => (s.Subject, s.Predicate), s => s.Object);

        public IEnumerable<string> Typed(string type) => statements.Where(s => s.Predicate == RdfNames.Full("rdf:type") && s.Object is RdfTerm.Iri iri && iri.Value == RdfNames.Full(type)).Select(s => s.Subject).Distinct();

        public IEnumerable<string> Iris(string subject, string predicate) => _says[(subject, RdfNames.Full(predicate))].OfType<RdfTerm.Iri>().Select(i => i.Value).Distinct();

        public IEnumerable<string> Texts(string subject, string predicate) => _says[(subject, RdfNames.Full(predicate))].OfType<RdfTerm.Literal>().Select(l => l.Text).Distinct();

        // In a language, else whatever there is.
        public string Text(string subject, string predicate, string lang = "") => _says[(subject, RdfNames.Full(predicate))].OfType<RdfTerm.Literal>()
            .OrderByDescending(l => lang.Length > 0 && l.Lang?.StartsWith(lang, StringComparison.OrdinalIgnoreCase) == true).Select(l => l.Text).FirstOrDefault() ?? "";

        public string Only(string subject, string predicate, string lang) => _says[(subject, RdfNames.Full(predicate))].OfType<RdfTerm.Literal>().FirstOrDefault(l => l.Lang?.StartsWith(lang, StringComparison.OrdinalIgnoreCase) == true)?.Text ?? "";
    }
}
