using Guantong.Decisions;
using Guantong.Packs.Reading;
using Guantong.Processes;

namespace Guantong.Packs;

/// <summary>A word in a pack that names something else, with its place.</summary>
public sealed record Ref(string Name, Mark Mark)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>One declared scenario, read from its folder.</summary>
public sealed record Pack(
    string Id, string Version, string Name, string About, string Application,
    IReadOnlyList<Ref> Implements, Ref Lead, IReadOnlyList<Ref> With, IReadOnlyList<Ref> Uses,
    IReadOnlyList<Goal> Goals, IReadOnlyList<CoreBusiness> Business,
    IReadOnlyList<Dataset> Datasets, IReadOnlyList<Matter> Matters,
    IReadOnlyList<Indicator> Indicators, Screen? Screen,
    IReadOnlyDictionary<string, ProcessFile> Processes,
    IReadOnlyDictionary<string, DecisionFile> Decisions,
    IReadOnlyDictionary<string, string> Forms,
    IReadOnlyDictionary<string, string> Documents,
    IReadOnlyDictionary<string, string> English,
    PackFiles Files, Mark Mark)
{
    /// <summary>Code lists that its datasets share.</summary>
    public IReadOnlyList<CodeList> CodeLists { get; init; } = [];

    /// <summary>Data elements that its datasets share.</summary>
    public IReadOnlyList<DataElement> Elements { get; init; } = [];

    /// <summary>Who is told what when something happens to a case, where the platform's own notices will not do.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>Guided questions that lead to its matters.</summary>
    public IReadOnlyList<Guide> Guides { get; init; } = [];

    /// <summary>What is given to organisations, and whom it fits.</summary>
    public IReadOnlyList<SupportPolicy> Policies { get; init; } = [];

    /// <summary>A policy by id, or null.</summary>
    public SupportPolicy? Policy(string id) => Policies.FirstOrDefault(p => p.Id == id);

    /// <summary>A guide by id, or null.</summary>
    public Guide? Guide(string id) => Guides.FirstOrDefault(g => g.Id == id);

    /// <summary>What a matter is about: as it says, else what the first dataset that it needs is about; null where neither says.</summary>
    public string? SubjectOf(Matter matter) => matter.Subject ?? matter.Needs.Select(n => Dataset(n.Data.Name)?.Listing.Category).FirstOrDefault(c => !string.IsNullOrEmpty(c));

    /// <summary>A dataset by id, or null.</summary>
    public Dataset? Dataset(string id) => Datasets.FirstOrDefault(d => d.Id == id);

    /// <summary>An indicator by id, or null.</summary>
    public Indicator? Indicator(string id) => Indicators.FirstOrDefault(i => i.Id == id);

    /// <summary>The unit that leads a matter: the first that it names, else the pack's.</summary>
    public string LeadOf(Matter matter) => (matter.With is [var first, ..] ? first : Lead).Name;

    /// <summary>A matter by id, or null.</summary>
    public Matter? Matter(string id) => Matters.FirstOrDefault(m => m.Id == id);

    /// <summary>Where a lane of one of its processes stands.</summary>
    internal Mark MarkOf(ProcessFile process, Lane lane) => new(Files.Name(process.Path), lane.Line, lane.Column);

    /// <summary>Where a node of one of its processes stands.</summary>
    internal Mark MarkOf(ProcessFile process, ProcessNode node) => new(Files.Name(process.Path), node.Line, node.Column);

    /// <summary>What it says in other languages than Chinese and English (texts/LANG.yaml): language → Chinese text → text.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Translations { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>A text of the pack in a reader's language; in English where that says nothing, in Chinese where English does not either.</summary>
    public string Say(string lang, string text) =>
        lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? text : lang == "en" ? English.GetValueOrDefault(text, text) : Languages.Said(lang, this, text) ?? English.GetValueOrDefault(text, text);
}

/// <summary>What the pack is for; judged by an indicator against a target by year.</summary>
public sealed record Goal(string Id, string Name, Ref? System, Ref? Indicator,
    IReadOnlyDictionary<int, Comparison> Targets, IReadOnlyDictionary<int, string> Said, Mark Mark)
{
    /// <summary>What regions must reach, by code and year (指标分解).</summary>
    public IReadOnlyList<RegionTarget> Regions { get; init; } = [];

    /// <summary>How the targets of regions make the whole: each, sum or mean.</summary>
    public string Parts { get; init; } = "each";

    /// <summary>What is to be reached in a region, by year: its own targets where it has some, else those of the whole.</summary>
    public IReadOnlyDictionary<int, Comparison> TargetsOf(string region) =>
        Regions.FirstOrDefault(r => r.Region.Name == region)?.Targets ?? Targets;
}

/// <summary>What a region must reach, by year.</summary>
public sealed record RegionTarget(Ref Region, IReadOnlyDictionary<int, Comparison> Targets);

/// <summary>The left side of the V, from the top.</summary>
public sealed record CoreBusiness(string Name, IReadOnlyList<BusinessModule> Modules, Mark Mark);

/// <summary>A part of a core business.</summary>
public sealed record BusinessModule(string Name, IReadOnlyList<BusinessUnit> Units, Mark Mark);

/// <summary>A part of a module; its matters are what is handled.</summary>
public sealed record BusinessUnit(string Name, IReadOnlyList<Ref> Matters, Mark Mark);

/// <summary>A catalogue entry.</summary>
/// <param name="Region">The field that holds a row's region, or the way there through a reference.</param>
public sealed record Dataset(string Id, string Name, string About, Ref Source, string Share, string Open, int? Grade,
    Ref? Region, string? Purpose, string? Retention, string? Updated, IReadOnlyList<Ref> Key, IReadOnlyList<Field> Fields,
    IReadOnlyList<QualityRule> Quality, Feed? Feed, string? Licence, Node Origin, Mark Mark)
{
    /// <summary>Whether others rest on it day and night (重点数据): a fault of its freshness or loads is followed up at once.</summary>
    public bool IsVital { get; init; }

    /// <summary>Grade of a fault (error, warning) → the time in which the source mends it, ISO 8601; the platform's own time where it says none.</summary>
    public IReadOnlyDictionary<string, string> Mend { get; init; } = new Dictionary<string, string>();

    /// <summary>What else the catalogue says of it.</summary>
    public Listing Listing { get; init; } = Listing.Nothing;

    /// <summary>By which fields an organisation is known again in other datasets; null where rows are no organisations.</summary>
    public OrganisationFields? Organisation { get; init; }

    /// <summary>What rows say of organisations on their record; null where they say nothing of any.</summary>
    public OrganisationRecord? Record { get; init; }

    /// <summary>How long former rows are kept (ISO 8601 duration); null for the default.</summary>
    public string? History { get; init; }

    /// <summary>The date or time by whose months or years a large table is cut into parts, where the warehouse cuts tables; null for none.</summary>
    public Partition? Partition { get; init; }

    /// <summary>The field by whose values rows are spread over machines, where the warehouse has several; null for none.</summary>
    public Ref? Distribute { get; init; }

    /// <summary>Who fills its rows in, and how often; null where nobody is asked to.</summary>
    public ReturnRule? Returns { get; init; }

    /// <summary>What is published instead of its rows; null where nothing is.</summary>
    public DeclaredOpening? Opening { get; init; }

    /// <summary>A field by id, or null.</summary>
    public Field? Field(string id) => Fields.FirstOrDefault(f => f.Id == id);

    /// <summary>The table name in portable SQL: the id with underscores.</summary>
    public string Table => Id.Replace('-', '_');
}

/// <summary>Manual returns (填报): for what no system holds, units of regions fill rows in for each period, and another unit reviews them.</summary>
/// <param name="Every">month, quarter or year.</param>
/// <param name="By">Whose units fill in: province, city or county.</param>
/// <param name="Region">The field that takes the region's code.</param>
/// <param name="At">The date field that takes the first day of the period.</param>
/// <param name="Due">How long after the end of the period they are due (ISO 8601 duration).</param>
/// <param name="Review">The unit that reviews; the dataset's source when null.</param>
public sealed record ReturnRule(string Every, string By, Ref Region, Ref At, string Due, Ref? Review);

/// <summary>How a table is cut.</summary>
/// <param name="By">A field of type date or timestamp.</param>
/// <param name="Every">month or year.</param>
public sealed record Partition(Ref By, string Every);

/// <summary>A column of a dataset.</summary>
public sealed record Field(string Id, string Type, string Name, string? Unit, decimal? Least, decimal? Most,
    IReadOnlyList<string> OneOf, bool Required, Ref? Refers, string? Personal, Mark Mark)
{
    /// <summary>The data element that it is, or null.</summary>
    public Ref? Element { get; init; }

    /// <summary>The code list that its values are of, or null; <see cref="OneOf"/> then holds the codes.</summary>
    public Ref? Codes { get; init; }
}

/// <summary>The fields by which a row's organisation is known again; never a natural person (rights.md 1).</summary>
/// <param name="Code">The unified social credit code (GB 32100).</param>
public sealed record OrganisationFields(Ref Name, Ref? Code, Ref? Address, Ref? Phone)
{
    /// <summary>The fields that are named.</summary>
    public IEnumerable<Ref> All => ((Ref?[])[Name, Code, Address, Phone]).OfType<Ref>();
}

/// <summary>How a dataset's rows come in.</summary>
/// <param name="IsSynthetic">Whether the sample rows at <paramref name="Path"/> are made up for trial.</param>
public sealed record Feed(string From, Ref? Path, bool IsSynthetic, IReadOnlyList<string> Missing, IReadOnlyList<FeedColumn> Columns,
    IReadOnlyList<Ref> Needs, Ref? Sql, Decide? Decide, Mark Mark)
{
    /// <summary>What a feed may come from.</summary>
    public static readonly IReadOnlyList<string> Sources = ["csv", "excel", "json", "parquet", "fixed-width", "http-api", "postgres", "mysql", "change-stream", "push", "form", "query", "manual"];

    /// <summary>Whether its rows come from outside the platform, by its columns.</summary>
    public bool IsDelivered => From is not ("query" or "manual");

    /// <summary>Whether it comes in files.</summary>
    public bool IsFiles => From is "csv" or "excel" or "json" or "parquet" or "fixed-width";

    /// <summary>utf-8 or gb18030.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>excel: the sheet; the first when null.</summary>
    public string? Sheet { get; init; }

    /// <summary>JSON pointer to the list of records.</summary>
    public string? Records { get; init; }

    /// <summary>json, http-api: whether records leave out members that have no value.</summary>
    public bool Omits { get; init; }

    /// <summary>The connection that it is fetched over.</summary>
    public Ref? At { get; init; }

    /// <summary>Which files of a folder.</summary>
    public string? Files { get; init; }

    /// <summary>http-api: path and query.</summary>
    public string? Address { get; init; }

    /// <summary>The table or view.</summary>
    public Ref? Table { get; init; }

    /// <summary>The field by which only newer rows are fetched, and the query parameter that takes it.</summary>
    public Ref? Since { get; init; }

    /// <summary>http-api: the query parameter for <see cref="Since"/>.</summary>
    public string? SinceParameter { get; init; }

    /// <summary>http-api: paging.</summary>
    public FeedPages? Pages { get; init; }

    /// <summary>How often it is fetched (ISO 8601 duration).</summary>
    public string? Every { get; init; }

    /// <summary>Whether what is fetched is all there is.</summary>
    public bool Removes { get; init; }
}

/// <summary>How an HTTP API hands out its rows: by number, offset, cursor or link.</summary>
/// <param name="Next">cursor: JSON pointer to the next one.</param>
public sealed record FeedPages(string By, string? Parameter, int? Size, string? SizeParameter, string? Next);

/// <summary>Where a field's value stands in a file: one header, or four (year, month, day, hour) that make a timestamp.</summary>
public sealed record FeedColumn(Ref Field, IReadOnlyList<string> Headers);

/// <summary>A decision that gives a derived dataset's fields.</summary>
public sealed record Decide(Ref Decision, IReadOnlyList<(Ref Input, Ref Field)> Inputs, IReadOnlyList<(Ref Field, string Output)> Outputs)
{
    /// <summary>The DMN file.</summary>
    public string File => Decision.Name[..Decision.Name.IndexOf('#', StringComparison.Ordinal)];

    /// <summary>The decision's id in it.</summary>
    public string Id => Decision.Name[(Decision.Name.IndexOf('#', StringComparison.Ordinal) + 1)..];
}

/// <summary>The smallest thing that is handled.</summary>
public sealed record Matter(string Id, string Name, string About, string Face, string StartBy, Ref? StartOf, string? StartLevel,
    IReadOnlyList<DataNeed> Needs, Ref? Form, Ref? Process, IReadOnlyList<Ref> With, string? Limit, string? Fee,
    string? Document, bool Credential, Node Origin, Mark Mark)
{
    /// <summary>How long the leaders of a unit have to act on what is overdue before a supervision is opened; null where none is.</summary>
    public string? Escalate { get; init; }

    /// <summary>At which level people apply for it: city or county.</summary>
    public string Level { get; init; } = "city";

    /// <summary>How its applications are accepted before they are handled; null where a case begins as it comes in.</summary>
    public AcceptanceRule? Accept { get; init; }

    /// <summary>Whether whoever applies signs it with their account.</summary>
    public bool Sign { get; init; }

    /// <summary>How many applicants are asked how it was, and when; null where none are.</summary>
    public FollowUpRule? FollowUp { get; init; }

    /// <summary>What comes in at the one reception and is for it; null where nothing is sorted to it.</summary>
    public Sorting? Sort { get; init; }

    /// <summary>What an applicant has to bring.</summary>
    public IReadOnlyList<Material> Materials { get; init; } = [];

    /// <summary>What its credential says: fields of the case and their titles.</summary>
    public IReadOnlyList<(Ref Name, Ref Title)> CredentialFields { get; init; } = [];

    /// <summary>How long its credential is valid, as limits are written; null for without end.</summary>
    public string? CredentialValid { get; init; }

    /// <summary>What has to be paid in it.</summary>
    public IReadOnlyList<Charge> Charges { get; init; } = [];

    /// <summary>What it consists of, where it is one application for several matters; null where it is a matter of its own.</summary>
    public Joint? Joint { get; init; }

    /// <summary>Other matters of the pack whose cases may be handled with a case of it (并案).</summary>
    public IReadOnlyList<Ref> Merges { get; init; } = [];

    /// <summary>Which licences it renews.</summary>
    public IReadOnlyList<Renewal> Renews { get; init; } = [];

    /// <summary>What may be done against its documents once they are served.</summary>
    public Appeal Appeal { get; init; } = new("P60D", "P6M", null);

    /// <summary>How its cases are kept.</summary>
    public Keeping Archive { get; init; } = new("P10Y", null);

    /// <summary>The laws and rules by which it is handled, by name and article.</summary>
    public IReadOnlyList<string> Basis { get; init; } = [];

    /// <summary>Where and how it is done in person; null where it is not.</summary>
    public InPerson? InPerson { get; init; }

    /// <summary>What people ask about it, with the answers.</summary>
    public IReadOnlyList<MatterQuestion> Questions { get; init; } = [];

    /// <summary>Who applies where a matter does not say.</summary>
    public static readonly IReadOnlyList<string> Everyone = ["person", "business"];

    /// <summary>What else people call it.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>Who applies for it: person, business.</summary>
    public IReadOnlyList<string> Audience { get; init; } = Everyone;

    /// <summary>At which events (<see cref="LifeEvent"/>) people look for it.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>What it is about, of <see cref="Reading.Grammar.Categories"/>; null where it does not say.</summary>
    public string? Subject { get; init; }

    /// <summary>What whoever applied for it may want next.</summary>
    public IReadOnlyList<NextMatter> Next { get; init; } = [];
}

/// <summary>A matter that whoever applied for another may want next (推荐).</summary>
/// <param name="Matter">A matter of the pack, or PACK/MATTER of another.</param>
/// <param name="When">FEEL over the form's fields: whom it is for; null for everybody who applied.</param>
/// <param name="Why">The reason that they read.</param>
public sealed record NextMatter(Ref Matter, Ref? When, string Why)
{
    /// <summary>The other pack that it is of; null where it is the pack's own.</summary>
    public string? Pack => Matter.Name.IndexOf('/', StringComparison.Ordinal) is > 0 and var at ? Matter.Name[..at] : null;

    /// <summary>The matter's id in its pack.</summary>
    public string Name => Matter.Name[(Matter.Name.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

/// <summary>How applications are accepted (受理), as time limits.</summary>
/// <param name="Within">行政许可法 §32: within five days the organ says once and for all what is missing, or the application counts as accepted from the day on which it came in.</param>
/// <param name="Supplement">How long the applicant has to supplement.</param>
public sealed record AcceptanceRule(string Within, string Supplement);

/// <summary>Follow-up visits to those who applied for a matter.</summary>
/// <param name="After">How long after a case's end.</param>
/// <param name="Share">How many of a hundred are drawn.</param>
public sealed record FollowUpRule(string After, int Share);

/// <summary>What comes in at the one reception, in somebody's own words, and is for a matter.</summary>
/// <param name="Field">The field of its form that takes what was said.</param>
/// <param name="When">FEEL over <see cref="Names"/>: where it is true, it is for this matter.</param>
public sealed record Sorting(Ref Field, Ref? When, Mark Mark)
{
    /// <summary>What a condition reads.</summary>
    public static readonly IReadOnlyList<string> Names = ["text", "channel", "region"];
}

/// <summary>Until when review and lawsuit are open, counted from the day of service (ISO 8601 durations).</summary>
/// <param name="Review">行政复议法 §20: sixty days unless a law says longer.</param>
/// <param name="Lawsuit">行政诉讼法 §46: six months unless a law says otherwise.</param>
/// <param name="To">Which organ reviews; null where the matter does not say.</param>
public sealed record Appeal(string Review, string Lawsuit, string? To)
{
    /// <summary>What is open in place of review and lawsuit, where the law gives neither; null where they are open.</summary>
    public string? Instead { get; init; }
}

/// <summary>For how long a case's file is kept.</summary>
/// <param name="Retention">P10Y, P30Y or forever (机关文件材料归档范围和文书档案保管期限规定 §6).</param>
/// <param name="Class">The class in the unit's classification of files.</param>
public sealed record Keeping(string Retention, string? Class);

/// <summary>The data a matter must have, and what for.</summary>
/// <param name="Data">A dataset of the pack, or PACK/DATASET of a pack that it uses.</param>
public sealed record DataNeed(Ref Data, IReadOnlyList<Ref> Fields, string For)
{
    /// <summary>Whether it is another pack's.</summary>
    public bool IsFar => Data.Name.Contains('/', StringComparison.Ordinal);

    /// <summary>The dataset with its pack, as sharing names it: PACK/DATASET.</summary>
    /// <param name="pack">The matter's pack.</param>
    public string About(string pack) => IsFar ? Data.Name : $"{pack}/{Data.Name}";
}

/// <summary>A measured figure by region and period.</summary>
/// <param name="Region">Empty for a composite index, as are <paramref name="At"/> and <paramref name="Value"/>: it stands where its parts do.</param>
public sealed record Indicator(string Id, string Name, string About, string Unit, Ref Region, IReadOnlyList<string> Periods, Ref At,
    IReadOnlyList<Ref> Needs, Ref Value, Ref? Where, bool HigherIsBetter, Warn? Warn, Ref? Then, Node Origin, Mark Mark)
{
    /// <summary>The period that runs from the first of January to the end of a month.</summary>
    public const string YearToDate = "year-to-date";

    /// <summary>What figures can be of, the shortest first.</summary>
    public static readonly IReadOnlyList<string> AllPeriods = ["day", "week", "month", "quarter", "year", YearToDate];

    /// <summary>Fields for each of whose values it is computed too.</summary>
    public IReadOnlyList<Ref> Dimensions { get; init; } = [];

    /// <summary>What else people call it.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>What it is made of; null where it is computed from rows.</summary>
    public Composite? Composite { get; init; }

    /// <summary>How long after the end of its period a figure is provisional (ISO 8601); null for final at once.</summary>
    public string? Final { get; init; }

    /// <summary>How long what a provisional figure was is kept for each day (ISO 8601), before that for each month; null for ninety days.</summary>
    public string? Daily { get; init; }

    /// <summary>The first day after a period.</summary>
    /// <param name="starts">Its first day; of year-to-date the first day of the month until whose end it runs.</param>
    public static DateOnly EndOf(string period, DateOnly starts) => period switch
    {
        "day" => starts.AddDays(1),
        "week" => starts.AddDays(7),
        "quarter" => starts.AddMonths(3),
        "year" => starts.AddYears(1),
        _ => starts.AddMonths(1),
    };

    /// <summary>The first day of the same period a year before; a week is the one fifty-two weeks before.</summary>
    public static DateOnly YearBefore(string period, DateOnly starts) => period == "week" ? starts.AddDays(-364) : starts.AddYears(-1);

    /// <summary>The first day of the period before.</summary>
    public static DateOnly Before(string period, DateOnly starts) => period switch
    {
        "day" => starts.AddDays(-1),
        "week" => starts.AddDays(-7),
        "quarter" => starts.AddMonths(-3),
        "year" => starts.AddYears(-1),
        _ => starts.AddMonths(-1),
    };
}

/// <summary>A composite index: a weighted mean of the points of its parts.</summary>
/// <param name="Normalise">bounds, min-max, z-score or none.</param>
public sealed record Composite(string Normalise, IReadOnlyList<CompositePart> Of);

/// <summary>A part of a composite index.</summary>
/// <param name="Weight">In percent.</param>
/// <param name="Floor">bounds: the figure that gives no points.</param>
/// <param name="Ceiling">bounds: the figure that gives a hundred.</param>
public sealed record CompositePart(Ref Indicator, decimal Weight, decimal? Floor, decimal? Ceiling, Mark Mark);

/// <summary>When an indicator warns: fixed levels from mildest to gravest, signals, several signals at once.</summary>
public sealed record Warn(string Period, Mark PeriodMark, IReadOnlyList<string> Regions, IReadOnlyList<(string Level, Comparison When)> Levels)
{
    /// <summary>The levels' names, mildest first.</summary>
    public static readonly string[] Order = ["blue", "yellow", "orange", "red"];

    /// <summary>The gravest level that a figure reaches, or null.</summary>
    public string? LevelOf(decimal value) =>
        Levels.Where(l => l.When.Holds(value)).OrderByDescending(l => Array.IndexOf(Order, l.Level)).Select(l => l.Level).FirstOrDefault();

    /// <summary>After how many periods in a row below every level it ends.</summary>
    public int Keep { get; init; } = 1;

    /// <summary>Within which time after an end what crosses again belongs to the same warning (ISO 8601 duration); null for none.</summary>
    public string? Quiet { get; init; }

    /// <summary>What warns beside fixed levels.</summary>
    public IReadOnlyList<Signal> Signals { get; init; } = [];

    /// <summary>Warnings by several signals at once.</summary>
    public IReadOnlyList<Trigger> Together { get; init; } = [];

    /// <summary>Whose officials on call are told.</summary>
    public WarnCall Call { get; init; } = new([], WarnCall.Usual);

    /// <summary>Where it stands, and where its <see cref="Keep"/> does.</summary>
    public Mark Mark { get; init; } = PeriodMark;

    /// <inheritdoc cref="Mark"/>
    public Mark? KeepMark { get; init; }

    // What a decimal cannot hold is held against bounds all the same, and those are far smaller.
    internal static decimal Decimal(double value) => value is > -1e27 and < 1e27 ? (decimal)value : value > 0 ? 1e27m : -1e27m;
}

/// <summary>A comparison with a fixed number, such as "&gt;= 93.5".</summary>
public sealed record Comparison(string Operator, decimal Bound)
{
    /// <summary>Whether a figure satisfies it.</summary>
    public bool Holds(decimal value) => Operator switch
    {
        ">=" => value >= Bound,
        "<=" => value <= Bound,
        ">" => value > Bound,
        "<" => value < Bound,
        _ => value == Bound,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Operator} {Bound}";
}

/// <summary>A BPMN file of the pack and what it reads as.</summary>
public sealed record ProcessFile(string Path, ProcessDefinition Definition)
{
    /// <summary>Further processes of the file, which it calls.</summary>
    public IReadOnlyList<ProcessDefinition> Beside { get; init; } = [];

    /// <summary>All its processes.</summary>
    public IEnumerable<ProcessDefinition> All => Beside.Prepend(Definition);
}

/// <summary>A DMN file of the pack and what it reads as.</summary>
public sealed record DecisionFile(string Path, DmnModel Model);

/// <summary>A pack's folder as paths and texts: what reading starts from. Paths use '/' and are relative to the folder.</summary>
public sealed record PackFiles(string Root, IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>How findings name one of the files.</summary>
    public string Name(string path) => Root.Length == 0 ? path : $"{Root}/{path}";
}
