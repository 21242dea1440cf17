using static Guantong.Data.RdfNames;

namespace Guantong.Data;

/// <summary>Terms of the EU's authority tables that DCAT-AP asks for, referred to by their addresses.</summary>
/// <param name="Type">The class that DCAT-AP wants it to be of.</param>
internal sealed record VocabularyTerm(string Table, string Id, string Type, string Zh, string En)
{
    private const string Authority = "http://publications.europa.eu/resource/authority/";

    public string Iri => Authority + Table + "/" + Id;

    /// <summary>What a validator has to know of it.</summary>
    public RdfSubject Says => new(Iri, [("rdf:type", Name(Type)), ("rdf:type", Name("skos:Concept")), ("skos:inScheme", RdfNames.Iri(Authority + Table)), ("skos:prefLabel", Text(Zh, "zh")), ("skos:prefLabel", Text(En, "en"))]);

    /// <summary>The table of themes, which a catalogue names.</summary>
    public const string Themes = Authority + "data-theme";
}

/// <summary>Our own words as terms of those tables.</summary>
internal static class Vocabularies
{
    private static readonly Dictionary<string, VocabularyTerm> Cycles = new()
    {
        ["continuous"] = Cycle("UPDATE_CONT", "持续更新", "continuously updated"), ["hourly"] = Cycle("HOURLY", "每小时", "hourly"), ["daily"] = Cycle("DAILY", "每日", "daily"),
        ["weekly"] = Cycle("WEEKLY", "每周", "weekly"), ["monthly"] = Cycle("MONTHLY", "每月", "monthly"), ["quarterly"] = Cycle("QUARTERLY", "每季度", "quarterly"),
        ["half-yearly"] = Cycle("ANNUAL_2", "每半年", "semiannual"), ["yearly"] = Cycle("ANNUAL", "每年", "annual"), ["irregular"] = Cycle("IRREG", "不定期", "irregular"),
    };

    private static readonly Dictionary<string, VocabularyTerm> Access = new()
    {
        ["unconditional"] = Right("PUBLIC", "公开", "public"), ["conditional"] = Right("RESTRICTED", "受限", "restricted"), ["none"] = Right("NON_PUBLIC", "不公开", "non-public"),
    };

    private static readonly Dictionary<string, VocabularyTerm> Themes = new()
    {
        ["AGRI"] = Theme("AGRI", "农业、渔业、林业和食品", "Agriculture, fisheries, forestry and food"), ["ECON"] = Theme("ECON", "经济和财政", "Economy and finance"), ["EDUC"] = Theme("EDUC", "教育、文化和体育", "Education, culture and sport"),
        ["ENER"] = Theme("ENER", "能源", "Energy"), ["ENVI"] = Theme("ENVI", "环境", "Environment"), ["GOVE"] = Theme("GOVE", "政府和公共部门", "Government and public sector"), ["HEAL"] = Theme("HEAL", "健康", "Health"),
        ["JUST"] = Theme("JUST", "司法、法律制度和公共安全", "Justice, legal system and public safety"), ["REGI"] = Theme("REGI", "区域和城市", "Regions and cities"), ["SOCI"] = Theme("SOCI", "人口和社会", "Population and society"),
        ["TECH"] = Theme("TECH", "科学和技术", "Science and technology"), ["TRAN"] = Theme("TRAN", "交通", "Transport"),
    };

    // Which theme our categories fall under.
    private static readonly Dictionary<string, string> OfCategory = new()
    {
        ["government"] = "GOVE", ["economy"] = "ECON", ["finance"] = "ECON", ["market"] = "ECON", ["credit"] = "ECON", ["agriculture"] = "AGRI", ["transport"] = "TRAN", ["energy"] = "ENER", ["environment"] = "ENVI", ["geography"] = "REGI",
        ["construction"] = "REGI", ["education"] = "EDUC", ["science"] = "TECH", ["culture"] = "EDUC", ["health"] = "HEAL", ["employment"] = "SOCI", ["livelihood"] = "SOCI", ["safety"] = "JUST", ["law"] = "JUST",
    };

    private static readonly Dictionary<string, (VocabularyTerm Term, string? Media)> Formats = new()
    {
        ["csv"] = (File("CSV"), "text/csv"), ["json"] = (File("JSON"), "application/json"), ["xlsx"] = (File("XLSX"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), ["xls"] = (File("XLS"), "application/vnd.ms-excel"),
        ["xml"] = (File("XML"), "application/xml"), ["pdf"] = (File("PDF"), "application/pdf"), ["geojson"] = (File("GEOJSON"), "application/geo+json"), ["parquet"] = (File("PARQUET"), "application/vnd.apache.parquet"), ["txt"] = (File("TXT"), "text/plain"),
        ["zip"] = (File("ZIP"), "application/zip"), ["html"] = (File("HTML"), "text/html"), ["docx"] = (File("DOCX"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"), ["shp"] = (File("SHP"), null), ["rdf"] = (File("RDF_XML"), "application/rdf+xml"),
    };

    /// <summary>The language of what the catalogue writes.</summary>
    public static readonly VocabularyTerm Chinese = new("language", "ZHO", "dct:LinguisticSystem", "中文", "Chinese"), English = new("language", "ENG", "dct:LinguisticSystem", "英文", "English");

    public static VocabularyTerm OfCycle(string cycle) => Cycles[cycle];

    public static VocabularyTerm OfAccess(string open) => Access[open];

    public static VocabularyTerm? ThemeOf(string category) => OfCategory.TryGetValue(category, out var theme) ? Themes[theme] : null;

    public static (VocabularyTerm Term, string? Media)? OfFormat(string format) => Formats.TryGetValue(format.ToLowerInvariant(), out var found) ? found : null;

    /// <summary>A word of ours from the end of a term's address: for reading others' catalogues. Null where none is meant.</summary>
    public static string? CycleOf(string iri) => Cycles.FirstOrDefault(c => c.Value.Iri == iri).Key;

    /// <inheritdoc cref="CycleOf"/>
    public static string? AccessOf(string iri) => Access.FirstOrDefault(c => c.Value.Iri == iri).Key;

    /// <inheritdoc cref="CycleOf"/>
    public static string? CategoryOf(string iri) => OfCategory.FirstOrDefault(c => Themes[c.Value].Iri == iri).Key;

    /// <inheritdoc cref="CycleOf"/>
    public static string? FormatOf(string iri) => Formats.FirstOrDefault(c => c.Value.Term.Iri == iri).Key;

    /// <summary>The address of a licence: the EU's for what it lists, SPDX's for other ids, the address itself where one is given.</summary>
    public static string? LicenceOf(string licence) => licence switch
    {
        "" => null,
        "CC-BY-4.0" => "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
        "CC0-1.0" => "http://publications.europa.eu/resource/authority/licence/CC0",
        "CC-BY-SA-4.0" => "http://publications.europa.eu/resource/authority/licence/CC_BYSA_4_0",
        _ when EntryCheck.IsAddress(licence) => new Uri(licence).AbsoluteUri,
        _ => "https://spdx.org/licenses/" + Uri.EscapeDataString(licence),
    };

    private static VocabularyTerm Cycle(string id, string zh, string en) => new("frequency", id, "dct:Frequency", zh, en);

    private static VocabularyTerm Right(string id, string zh, string en) => new("access-right", id, "dct:RightsStatement", zh, en);

    private static VocabularyTerm Theme(string id, string zh, string en) => new("data-theme", id, "skos:Concept", zh, en);

    private static VocabularyTerm File(string id) => new("file-type", id, "dct:MediaTypeOrExtent", id, id);
}
