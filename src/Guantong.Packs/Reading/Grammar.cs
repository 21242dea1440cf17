using static Guantong.Packs.Reading.Shape;

namespace Guantong.Packs.Reading;

/// <summary>The pack language: the shape of every YAML file kind. The JSON Schemas under <c>schemas/</c> are written from it.</summary>
public static class Grammar
{
    private static readonly Words Id = new("[a-z][a-z0-9]*(-[a-z0-9]+)*", "air-daily");
    private static readonly Words FieldId = new("[a-z][a-z0-9_]*", "pm25");
    private static readonly Words Text = new();
    private static readonly Words Word = new(@"[A-Za-z0-9_\-.\[\]]{1,100}", "page");
    private static readonly Words FilePath = new(@"[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+)*\.[a-z]+", "processes/episode.bpmn");
    private static readonly Words Duration = new(@"P(([0-9]{1,4}Y([0-9]{1,4}M)?([0-9]{1,4}D)?|[0-9]{1,4}M([0-9]{1,4}D)?|[0-9]{1,4}D)(T([0-9]{1,4}H([0-9]{1,4}M)?|[0-9]{1,4}M))?|T([0-9]{1,4}H([0-9]{1,4}M)?|[0-9]{1,4}M))", "PT24H");
    private static readonly Words Limit = new(Processes.TimeLimit.Pattern, "P15D, P10D working");
    private static readonly Words Comparison = new(@"(>=|<=|>|<|=) ?-?[0-9]{1,15}(\.[0-9]{1,10})?", ">= 93.5");
    private static readonly Words Year = new(@"20[0-9][0-9]", "2025");
    private static readonly Words RegionCode = new("[1-9][0-9]{5}", "330100");
    private static readonly Words Percent = new(@"(100|[0-9]{1,2}(\.[0-9]{1,4})?)%", "95%");
    private static readonly Words Path = new(@"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?", "station.region");

    /// <summary>The five comprehensive applications of the plan, and the platform beneath them.</summary>
    public static readonly OneOf Applications = new(["party", "digital-government", "digital-economy", "digital-society", "rule-of-law", "platform"]);

    /// <summary>What datasets are about (信息资源主题): a closed list, so that a catalogue of many sources can be narrowed by it.</summary>
    public static readonly OneOf Categories = new(["government", "economy", "finance", "market", "credit", "agriculture", "transport", "energy", "environment", "geography",
        "construction", "education", "science", "culture", "health", "employment", "livelihood", "safety", "law"]);

    private static readonly ListOf Events = new(new OneOf([.. LifeEvent.All.Select(e => e.Id)]), 1, Once: true);

    /// <summary>pack.yaml: who, what for, goals, which packs and components it uses.</summary>
    public static readonly Form Pack = new("A pack: one declared scenario.",
    [
        new("pack", new Words("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+", "environment.air-quality"), true, "Its id: domain.name."),
        new("version", new Words(@"[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}", "1.0.0"), true, "Semantic version."),
        new("name", Text, true, "What people call it."),
        new("about", Text, false, "One or two sentences on what it is for."),
        new("application", Applications, true, "Which comprehensive application it belongs to."),
        new("implements", new ListOf(Id, Once: true), false, "Rows of the plan's system list that it makes real."),
        new("lead", Text, true, "The unit that answers for it."),
        new("with", new ListOf(Text, Once: true), false, "Units that take part."),
        new("goals", new ListOf(new Form("A goal of the pack.",
        [
            new("goal", Id, true, "Its id."),
            new("name", Text, true, "What it is called."),
            new("system", Id, false, "The row of the plan's system list that names it."),
            new("indicator", Id, false, "The indicator that judges it."),
            new("target", new MapOf(Year, Comparison), false, "What the indicator must reach, by year."),
            new("parts", new OneOf(["each", "sum", "mean"]), false, "How the targets of regions make the whole: each must reach it (unless written), their sum does, or their mean."),
            new("regions", new MapOf(RegionCode, new MapOf(Year, Comparison, 1)), false, "Region code → what it must reach, by year."),
            new("said", new MapOf(Year, Text), false, "What the plan says in words where it gives no plain number."),
        ])), false, "What it is for, each judged by an indicator."),
        new("uses", new Form("What it builds on.",
        [
            new("packs", new ListOf(new Words(@"[a-z][a-z0-9.-]* \^[0-9]{1,6}", "base.regions ^1"), Once: true), false, "Other packs and their major version."),
            new("components", new ListOf(Id, Once: true), false, "Components of the market."),
        ]), false, "Packs and components it builds on."),
    ]);

    /// <summary>business.yaml: the left side of the V.</summary>
    public static readonly Form Business = new("The left side of the V: core business, modules, units, matters.",
    [
        new("business", new ListOf(new Form("A core business.",
        [
            new("core", Text, true, "Its name."),
            new("modules", new ListOf(new Form("A business module.",
            [
                new("module", Text, true, "Its name."),
                new("units", new ListOf(new Form("A business unit.",
                [
                    new("unit", Text, true, "Its name."),
                    new("matters", new ListOf(Id, Once: true), false, "The matters it falls apart into."),
                ])), false, "Its business units."),
            ])), false, "Its modules."),
        ]), 1), true, "Core businesses."),
    ]);

    private static readonly OneOf FieldTypes = new(["string", "integer", "number", "boolean", "date", "timestamp"]);

    private static readonly Form Field = new("A field of a dataset.",
    [
        new("type", FieldTypes, true, "Its type."),
        new("name", Text, false, "What people call it."),
        new("unit", Text, false, "Unit of measure."),
        new("range", new ListOf(new Number(), Exactly: 2), false, "Least and greatest value; a row outside is rejected."),
        new("one-of", new ListOf(Text, 1, Once: true), false, "The only values it may hold; a row with another is rejected."),
        new("required", new Truth(), false, "A row without it is rejected; key fields always are."),
        new("refers", new Words(@"[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*", "station.code"), false, "dataset.field that it points to."),
        new("element", Id, false, "The data element that it is: type, unit and range are the element's, and its code list counts."),
        new("codes", Id, false, "The code list that its values are of; a row with another value is rejected."),
        new("personal", new OneOf(["identity", "name", "contact", "address", "health", "finance", "location", "other"]), false, "The kind of personal data it is."),
    ]);

    private static readonly Words Share = new(@"[0-9]{1,3}(\.[0-9]{1,4})?%", "5%");
    private static readonly Words Days = new("[0-9]{4}-[0-9]{2}-[0-9]{2}", "2026-01-01");
    private static readonly Words Far = new(@"([a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+/)?[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*", "station.code");
    private static readonly Words FarDataset = new(@"([a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+/)?[a-z][a-z0-9-]*", "air-daily");

    private static readonly Form Quality = new("A quality rule.",
    [
        new("rule", new OneOf([.. QualityRule.Kinds.Keys]), true, "complete: share of values present; fresh: age of the newest row; holds: a condition on each row; unique: no two rows alike; valid: a form of texts; range: least and greatest value; codes: the values that may stand; reference: another dataset holds the value; agrees: a figure agrees with another dataset's; volume: rows of a period against the usual; drift: distribution of a field against an earlier time."),
        new("name", Text, false, "What people call it."),
        new("about", Text, false, "What it is for."),
        new("of", new ListOf(FieldId, 1, Once: true), false, "The fields: each by itself, or (unique) all together."),
        new("at-least", Percent, false, "The least share of rows that keep it; complete needs it, others mean every row."),
        new("within", Duration, false, "fresh: how old the newest row may be."),
        new("that", Text, false, "holds: the condition, in portable SQL."),
        new("form", new OneOf([.. ValueForm.All.Select(f => f.Id)]), false, "valid: a form by its name."),
        new("pattern", Text, false, "valid: a regular expression over the whole value."),
        new("between", new ListOf(new Number(), Exactly: 2), false, "range: least and greatest value."),
        new("one-of", new ListOf(Text, 1, Once: true), false, "codes: the values that may stand."),
        new("to", Far, false, "reference: dataset.field, or pack/dataset.field, that must hold the value."),
        new("value", Text, false, "agrees: an aggregate over this dataset, in portable SQL."),
        new("with", FarDataset, false, "agrees: the other dataset, or pack/dataset."),
        new("as", Text, false, "agrees: an aggregate over the other dataset."),
        new("tolerance", Share, false, "agrees, volume: how far they may lie apart; nothing unless written."),
        new("by", new OneOf(["day", "month", "year"]), false, "volume, drift: the period."),
        new("at", FieldId, false, "fresh, volume, drift: the field that places a row in time; the first one unless written."),
        new("base", new ListOf(Days, Exactly: 2), false, "drift: first and last day of what is compared with; every earlier period unless written."),
        new("at-most", new Number(), false, "drift: the greatest population stability index; 0.25 unless written."),
        new("grade", new OneOf(["error", "warning"]), false, "How much a breach weighs; warning when left out."),
        new("weight", new Number(), false, "How much it counts in the score; 3 for an error and 1 for a warning unless written."),
    ]);

    private static readonly Form Feed = new("How rows come in.",
    [
        new("from", new OneOf(Packs.Feed.Sources), true, "csv, excel, json, parquet, fixed-width: files; http-api, postgres, mysql: fetched; change-stream: followed as it changes; push, form: sent to the API; query: derived from other datasets of the pack; manual: entered by cases."),
        new("path", FilePath, false, "Sample rows that ship with the pack: a file of the feed's format, CSV with the same headers where it is fetched, followed, pushed or entered."),
        new("synthetic", new OneOf(["true", "false"]), false, "Whether the sample rows are made up for trial; screens then say so."),
        new("missing", new ListOf(new Words(@"[\s\S]*")), false, "Texts that mean no value."),
        new("columns", new MapOf(FieldId, new ScalarOr(Text, new Form("A value made from several columns.",
        [
            new("timestamp", new ListOf(Text, Exactly: 4), true, "Column headers of year, month, day and hour."),
        ]))), false, "field → column header; json, http-api: member name, or a JSON pointer; fixed-width: first and last character, such as 1-6."),
        new("encoding", new OneOf(["utf-8", "gb18030"]), false, "csv, json, fixed-width: how the file writes characters; utf-8 when left out."),
        new("sheet", Text, false, "excel: the sheet's name; the first when left out."),
        new("records", new Words("(/[^/]*)+", "/data/items"), false, "json, http-api: JSON pointer to the list of records; the document itself when left out."),
        new("omits", new Truth(), false, "json, http-api: records leave out members that have no value; else one that lacks a member is refused."),
        new("at", Id, false, "The connection where it is fetched; files: a folder or an SFTP server."),
        new("files", new Words(@"[^/\\]{1,200}", "hours-*.csv"), false, "With at: which files of the folder, * for any characters."),
        new("address", new Words(@"/[\s\S]*", "/v1/rows?kind=hour"), false, "http-api: path and query below the connection's address."),
        new("table", new Words(@"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?", "public.hours"), false, "postgres, mysql, change-stream: the table or view."),
        new("since", FieldId, false, "http-api, postgres, mysql: fetch only rows whose field is not before the greatest that stands."),
        new("since-parameter", Word, false, "http-api: the query parameter that takes it."),
        new("pages", new Form("How an HTTP API hands out its rows.",
        [
            new("by", new OneOf(["number", "offset", "cursor", "link"]), true, "number: pages from 1; offset: rows to skip; cursor: a text of the answer; link: the Link header, rel=next."),
            new("parameter", Word, false, "number, offset, cursor: the query parameter."),
            new("size", new Number(Whole: true), false, "number, offset: rows a page."),
            new("size-parameter", Word, false, "number, offset: the query parameter of the size."),
            new("next", new Words("(/[^/]*)+", "/next"), false, "cursor: JSON pointer to the next one."),
        ]), false, "http-api: paging; one answer holds all when left out."),
        new("every", Duration, false, "How often it is fetched; when left out, when somebody asks."),
        new("removes", new Truth(), false, "What is fetched is all there is: rows that are no longer in it are removed. A change-stream removes what its source removes."),
        new("needs", new ListOf(Id, 1, Once: true), false, "query: the datasets it reads."),
        new("sql", Text, false, "query: a SELECT whose columns are the fields, less those that the decision gives."),
        new("decide", new Form("A decision over each row of the query.",
        [
            new("decision", new Words(@"[a-z0-9/_-]+\.dmn#[A-Za-z0-9_-]+", "decisions/aqi.dmn#aqi"), true, "File and decision id."),
            new("inputs", new MapOf(new Words(), FieldId), true, "decision input → field."),
            new("outputs", new MapOf(FieldId, Text, 1), true, "field → name in the decision's result."),
        ]), false, "query: a decision that gives the rest of the fields."),
    ]);

    /// <summary>datasets/*.yaml: what data there is.</summary>
    public static readonly Form Dataset = new("A dataset: a catalogue entry with a schema, a source, a share class and a grade.",
    [
        new("dataset", Id, true, "Its id."),
        new("name", Text, true, "What people call it."),
        new("about", Text, false, "What a row is."),
        new("source", Text, true, "The unit that answers for the rows."),
        new("share", new OneOf(["unconditional", "conditional", "none"]), true, "Share class between units."),
        new("open", new OneOf(["unconditional", "conditional", "none"]), true, "Share class to the public."),
        new("grade", new OneOf(["1", "2", "3", "4"]), false, "1 public … 4 most sensitive."),
        new("region", Path, false, "A field that holds a row's region code, or field.field through a reference: officials see the rows of their region."),
        new("purpose", Text, false, "What personal data in it may be used for."),
        new("retention", Duration, false, "How long rows are kept."),
        new("history", Duration, false, "How long former rows are kept once they changed or went; 30 days when left out."),
        new("partition", new Form("How a large table is cut into parts, where the warehouse stands on PostgreSQL.",
        [
            new("by", FieldId, true, "A field of type date or timestamp."),
            new("every", new OneOf(["month", "year"]), true, "One part for each."),
        ]), false, "How a large table is cut into parts, where the warehouse stands on PostgreSQL."),
        new("distribute", FieldId, false, "The field by whose values rows are spread over machines, where PostgreSQL has the Citus extension."),
        new("updated", Duration, false, "How often rows come."),
        new("key", new ListOf(FieldId, 1, Once: true), true, "The fields that make a row one of a kind."),
        new("fields", new MapOf(FieldId, Field, 1), true, "Its fields."),
        new("quality", new ListOf(Quality), false, "Quality rules."),
        new("organisation", new Form("By which fields an organisation is known again in other datasets.",
        [
            new("name", FieldId, true, "The field with its name."),
            new("code", FieldId, false, "The field with its unified social credit code (GB 32100)."),
            new("address", FieldId, false, "The field with its address."),
            new("phone", FieldId, false, "The field with its telephone."),
        ]), false, "Each row is an organisation, never a natural person: the same ones are found in all datasets that say so."),
        new("record", new Form("What its rows say of organisations on their record.",
        [
            new("of", FieldId, true, "The field with the unified social credit code (GB 32100) of whom a row is about; never a natural person."),
            new("as", new OneOf(OrganisationRecord.Kinds), true, "register: who it is; licence: what it may do, until a day; decision: what an organ decided about it."),
            new("title", FieldId, true, "The field that a line is called by."),
            new("fields", new ListOf(FieldId, 1, Once: true), true, "What is told of a row, in this order."),
            new("until", FieldId, false, "licence: the date field with its last day."),
            new("only", new MapOf(FieldId, Text, 1), false, "field → the value that a row must have to stand on the record."),
            new("public", Text, false, "The law by which anyone may look it up of one organisation, where the rows as a whole are not open."),
        ]), false, "Its rows are about organisations: each finds its own on its page, and everyone what is public of it."),
        new("vital", new Truth(), false, "Whether others rest on it day and night: a late or failed load is followed up at once."),
        new("mend", new MapOf(new OneOf(["error", "warning"]), Duration), false, "Grade of a fault → the time in which the source mends it."),
        new("feed", Feed, false, "How rows come in."),
        new("returns", new Form("Manual returns (填报): units fill its rows in for each period, and another reviews them.",
        [
            new("every", new OneOf(["month", "quarter", "year"]), true, "For each of these a sheet is opened when it has ended."),
            new("by", new OneOf(["province", "city", "county"]), true, "Whose units fill in: those of the source's line in each region of this level."),
            new("region", FieldId, true, "The field that takes the region's code."),
            new("at", FieldId, true, "The date field that takes the first day of the period."),
            new("due", Duration, false, "How long after the end of the period; P10D when left out."),
            new("review", Text, false, "The unit that reviews; the source when left out."),
        ]), false, "Who fills its rows in, where no system holds them; its feed is form."),
        new("licence", Text, false, "The licence of open rows."),
        new("class", new OneOf(["base", "theme", "department"]), false, "The kind of resource (GB/T 21063.4): base library, theme library, or a department's own; department when left out."),
        new("category", Categories, false, "What it is about."),
        new("keywords", new ListOf(Text, Once: true), false, "Words that it is also looked for by."),
        new("custodian", Text, false, "The unit that keeps the rows, where that is not the source."),
        new("basis", Text, false, "The law or rule by which it is not shared; share: none does not stand without it."),
        new("condition", Text, false, "share: conditional: on what condition."),
        new("open-condition", Text, false, "open: conditional: on what condition."),
        new("opening", OpeningForm.Opening, false, "What is published instead of the rows, where these may not be."),
    ]);

    /// <summary>codes/*.yaml: a code list that fields of several datasets share.</summary>
    public static readonly Form Codes = new("A code list that fields share.",
    [
        new("codes", Id, true, "Its id."),
        new("name", Text, true, "What people call it."),
        new("about", Text, false, "What it is for."),
        new("standard", Text, false, "The standard that it is from, such as GB/T 2261.1."),
        new("values", new MapOf(Text, Text, 1), true, "code → what it means."),
        new("wider", new Form("A coarser code list that the codes belong to.",
        [
            new("list", Id, true, "The coarser code list."),
            new("of", new MapOf(Text, Text, 1), true, "code → the coarser code."),
        ]), false, "A coarser code list that the codes belong to, for what is opened less exactly."),
    ]);

    /// <summary>elements/*.yaml: a data element that fields of several datasets are.</summary>
    public static readonly Form Element = new("A data element that fields share (GB/T 18391).",
    [
        new("element", Id, true, "Its id."),
        new("name", Text, true, "What people call it."),
        new("about", Text, false, "How it is defined."),
        new("standard", Text, false, "The standard that it is from."),
        new("type", FieldTypes, true, "Its type."),
        new("unit", Text, false, "Unit of measure."),
        new("range", new ListOf(new Number(), Exactly: 2), false, "Least and greatest value."),
        new("codes", Id, false, "The code list that its values are of."),
    ]);

    private static readonly Form OneThing = new("One application that opens several matters and comes back as one result.",
    [
        new("parts", new ListOf(new Form("A part of it.",
        [
            new("part", FarDataset, true, "A matter of the pack, or PACK/MATTER of another pack that is in force."),
            new("when", Text, false, "FEEL over the joint form and the fields of the parts before it: only where it is true is it part of an application."),
            new("after", new ListOf(FarDataset, 1, Once: true), false, "The parts that have to end first, whatever they come to."),
            new("with", new MapOf(FieldId, Text, 1), false, "field of its form → FEEL over the joint form and what parts before it gave; its other fields are those of the same name."),
            new("gives", new MapOf(FieldId, Text, 1), false, "name → FEEL over what it knows at its end; parts after it and the document may read it."),
        ]), 2), true, "What it consists of."),
        new("document", FilePath, false, "Template of the one result; {{parts}} tells what each part came to."),
    ]);

    /// <summary>matters/*.yaml: what is handled.</summary>
    public static readonly Form Matter = new("A matter: the smallest thing that is handled.",
    [
        new("matter", Id, true, "Its id."),
        new("name", Text, true, "What people call it."),
        new("about", Text, false, "What it is, for its service page."),
        new("face", new OneOf(["service", "governance", "both"]), true, "Whom it faces."),
        new("also", new ListOf(Text, 1, Once: true), false, "What else people call it, in their own words: a search finds it by these too."),
        new("audience", new ListOf(new OneOf(["person", "business"]), 1, Once: true), false, "Who applies for it: people, businesses; both when left out."),
        new("events", Events, false, "At which events of a life or of a business people look for it."),
        new("subject", Categories, false, "What it is about; what the first dataset that it needs is about when left out."),
        new("start", new Form("What opens a case.",
        [
            new("by", new OneOf(["application", "warning", "process"]), true, "What opens a case; process: its own start event (a time, a message, a signal), or another process that calls it."),
            new("of", Id, false, "warning: the indicator."),
            new("level", new OneOf(["blue", "yellow", "orange", "red"]), false, "warning: the least level."),
        ]), true, "What opens a case."),
        new("level", new OneOf(["city", "county"]), false, "At which level people apply for it and it is handled; city when left out."),
        new("needs", new ListOf(new Form("A data need.",
        [
            new("data", FarDataset, true, "The dataset; PACK/DATASET where it is of a pack under uses."),
            new("fields", new ListOf(FieldId, 1, Once: true), true, "The fields."),
            new("for", Text, true, "What for."),
        ])), false, "The data it must have."),
        new("form", FilePath, false, "JSON Schema of the form that opens it."),
        new("materials", new ListOf(new Form("A material that an applicant brings.",
        [
            new("material", Id, true, "Its id."),
            new("name", Text, true, "What people call it."),
            new("about", Text, false, "What counts."),
            new("required", new Truth(), false, "Whether it has to be there, where it is asked for; true when left out."),
            new("when", Text, false, "FEEL over the form's fields: only where it is true is it asked for."),
            new("form", new OneOf(["original", "copy", "electronic"]), false, "In which form; electronic when left out."),
            new("from", Id, false, "A dataset of its needs that stands in for it: nobody brings it."),
            new("omit", Limit, false, "Accept-with-omissions: within which time it may come after the application."),
            new("promise", Text, false, "Promise-based handling: what the applicant may promise instead."),
            new("types", new ListOf(new OneOf(FormReader.FileKinds), 1, Once: true), false, "The kinds of file that are taken."),
        ]), 1), false, "What an applicant has to bring."),
        new("accept", new Form("Who applies is answered first whether their application is accepted (受理); without it, a case begins as it comes in.",
        [
            new("within", Limit, true, "Within which time the unit answers; else it is accepted as of the day on which it came in (行政许可法 §32)."),
            new("supplement", Limit, false, "How long the applicant has to supplement what they are asked for; P10D working when left out."),
        ]), false, "Whether applications are accepted before they are handled."),
        new("sign", new Truth(), false, "Whether whoever applies signs it with their account (电子签名法 §13); nobody applies for it without one."),
        new("sort", new Form("What comes in by any channel, in somebody's own words, and is for this matter.",
        [
            new("field", FieldId, true, "The field of its form that takes what was said."),
            new("when", Text, false, "FEEL over text, channel and region: where it is true, what came in is for this matter."),
        ]), false, "Which of what comes in at the one reception is for it."),
        new("follow-up", new Form("Of cases that ended, whoever applied is asked how it was.",
        [
            new("after", Limit, true, "How long after the end."),
            new("share", new Number(), true, "How many of a hundred are drawn, 1 to 100."),
        ]), false, "Whether applicants are asked afterwards (回访)."),
        new("process", FilePath, false, "BPMN file that handles it."),
        new("joint", OneThing, false, "Of one application for several matters: its parts, instead of a process. Form and materials are theirs, each asked for once; form, where given, comes first."),
        new("merges", new ListOf(Id, 1, Once: true), false, "Other matters of the pack whose cases may be handled with a case of this one."),
        new("renews", new ListOf(new Form("Licences that it renews.",
        [
            new("data", FarDataset, true, "The dataset of licences, which says record: {as: licence}; PACK/DATASET of a pack under uses."),
            new("value", Text, false, "Of its licences those whose title has this value; all when left out."),
        ]), 1), false, "Which licences it renews: whoever holds one is led here before it ends."),
        new("with", new ListOf(Text, Once: true), false, "The units that collaborate, each with a lane."),
        new("limit", Limit, false, "Time limit of a case: natural time (P15D, PT24H), or working days and working hours alone (P10D working, PT8H working)."),
        new("escalate", Limit, false, "How long the leaders of a unit have to act on what is overdue, before a supervision is opened for the region's data bureau and leaders; none is when left out."),
        new("fee", Text, false, "What it costs, in words for its guide; charges say it of what is paid here."),
        new("charges", new ListOf(new Form("What has to be paid.",
        [
            new("charge", Id, true, "Its id; a service task collect-payment names it."),
            new("name", Text, true, "What people call it."),
            new("kind", new OneOf(Packs.Charge.Kinds), false, "fee: a price for a service; fine: a penalty, paid into the treasury and never to who decides it; fee when left out."),
            new("amount", Text, true, "In yuan: a number, or FEEL over what the case knows, such as a decision's result."),
            new("basis", Text, true, "The law or price document by which it is asked."),
            new("payee", Text, false, "Into whose account; the unit that leads the matter when left out."),
            new("within", Limit, true, "How long it can be paid; then it lapses."),
            new("refund", new ListOf(new OneOf(Packs.Charge.Ends), 1, Once: true), false, "When what was paid goes back by itself: the case was withdrawn, terminated or refused."),
        ]), 1), false, "What has to be paid in it (收费、罚款)."),
        new("next", new ListOf(new Form("A matter that whoever applied may want next.",
        [
            new("matter", FarDataset, true, "A matter of the pack, or PACK/MATTER of another pack that is in force."),
            new("when", Text, false, "FEEL over the form's fields: only who declared that is told of it; everybody who applied when left out."),
            new("why", Text, true, "Why it is for them, in a sentence that they read."),
        ]), 1), false, "What whoever applied for it is told of next (推荐), by what they declared and nothing else."),
        new("basis", new ListOf(Text, 1, Once: true), false, "The laws and rules by which it is handled, by name and article."),
        new("in-person", new Form("Where and how it is done in person.",
        [
            new("at", new OneOf(Packs.InPerson.Kinds), false, "At which kind of place; hall (政务服务大厅) when left out."),
            new("bring", new ListOf(Text, 1, Once: true), false, "What to bring beside its materials."),
            new("book", new Form("That one comes by appointment (预约).",
            [
                new("every", new Words("PT([5-9]M|[1-5][0-9]M|[1-8]H|[1-7]H30M)", "PT30M"), true, "How long a slot is, from five minutes to eight hours."),
                new("at-once", new Number(Whole: true), true, "How many people a slot takes at a place, 1 to 999; never more than the place has counters."),
                new("ahead", new Words("P([1-9]|[1-8][0-9]|90)D", "P14D"), true, "How many days ahead one may book, up to 90."),
            ]), false, "How one comes by appointment; one just comes when left out."),
        ]), false, "Where and how it is done in person (线下办理); online alone when left out."),
        new("questions", new ListOf(new Form("What people ask about it.",
        [
            new("question", Text, true, "The question, as people ask it."),
            new("answer", Text, true, "The answer."),
        ]), 1), false, "Questions and answers, for its page and for the search."),
        new("result", new Form("What a case ends with.",
        [
            new("document", Text, true, "Name of the result document."),
            new("credential", new Truth(), false, "Whether whoever applied gets it into their wallet as a verifiable credential, where its end grants."),
            new("fields", new MapOf(FieldId, Text, 1), false, "credential: what it says, field of the case → title; its holder shows them one by one."),
            new("valid", Limit, false, "credential: how long it is valid; without end when left out."),
        ]), false, "What a case ends with."),
        new("appeal", new Form("What whom its documents are served on may do against them, counted from the day of service.",
        [
            new("review", Limit, false, "Administrative review; P60D when left out (行政复议法 §20)."),
            new("lawsuit", Limit, false, "Lawsuit; P6M when left out (行政诉讼法 §46)."),
            new("to", Text, false, "Which organ reviews."),
            new("instead", Text, false, "What is open in place of both, where the law gives neither: against a ruling, or what was agreed."),
        ]), false, "Within which time review and lawsuit are open against its documents."),
        new("archive", new Form("How its cases are kept.",
        [
            new("retention", new OneOf(["P10Y", "P30Y", "forever"]), true, "For how long a case's file is kept once it has ended."),
            new("class", Text, false, "The class in the unit's classification of files."),
        ]), false, "How its cases are kept (机关文件材料归档范围和文书档案保管期限规定 §6); ten years when left out."),
    ]);

    /// <summary>notices/*.yaml: who is told what when something happens to a case.</summary>
    public static readonly Form Notice = new("A notice: who is told what, and how, when something happens to a case.",
    [
        new("notice", Id, true, "Its id."),
        new("on", new OneOf(Packs.Notice.Events), true, "received: it waits to be accepted; accepted; rejected, redirected: it is not; supplement: something is wanted; stopped, resumed: the clock; suspended: nothing is done of it until it is resumed; terminated: it is over without a result; decided: a result is there; served: a document; appeal: what the organ did with an appeal; payment: something is to be paid; refunded: what was paid went back; follow-up: they are asked how it was; red: a task is late."),
        new("matters", new ListOf(Id, 1, Once: true), false, "For which matters; all when left out."),
        new("to", new ListOf(new OneOf(Packs.Notice.Whom), 1, Once: true), true, "applicant, with who applied for them; party: on whom a document is served; unit: whose task it is; assignee: who has the task."),
        new("by", new ListOf(new OneOf(Packs.Notice.Channels), 1, Once: true), true, "inbox: here; email, sms, messenger: where they gave an address."),
        new("subject", Text, true, "One line with {{places}}."),
        new("text", Text, true, "What it says, with {{places}}."),
        new("short", Text, false, "What goes by sms and messenger: {{case.number}} is its only place, no word in it may tell about a person."),
        new("en", new Form("The same in English.",
        [
            new("subject", Text, true, "One line with {{places}}."),
            new("text", Text, true, "What it says, with {{places}}."),
            new("short", Text, false, "What goes by sms and messenger."),
        ]), false, "The same in English; Chinese when left out."),
    ]);

    /// <summary>guides/*.yaml: questions that lead to a matter.</summary>
    public static readonly Form Guide = new("A guide: questions, one after the other, that lead to the matter that fits.",
    [
        new("guide", Id, true, "Its id."),
        new("name", Text, true, "What people call it."),
        new("about", Text, false, "Whom it helps with what."),
        new("also", new ListOf(Text, 1, Once: true), false, "What else people call it, in their own words: a search finds it by these too."),
        new("events", Events, false, "At which events of a life or of a business people look for it."),
        new("decision", new Words(@"[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+)*\.dmn#[A-Za-z_][A-Za-z0-9_\-]*", "decisions/guide.dmn#matter"), true, "The decision that leads on: it gives the id of a matter, a list of them, or nothing."),
        new("questions", new ListOf(new Form("A question.",
        [
            new("ask", FieldId, true, "The input of the decision that takes the answer."),
            new("name", Text, true, "The question."),
            new("about", Text, false, "What helps with answering it."),
            new("when", Text, false, "FEEL over earlier answers: asked only where it is true."),
            new("choices", new ListOf(Text, 2, Once: true), true, "What may be answered: shown so, and read so by the decision."),
        ]), 1), true, "Its questions, in order."),
    ]);

    /// <summary>policies/*.yaml: what is given to organisations, and whom it fits.</summary>
    public static readonly Form SupportPolicy = new("A policy for organisations: what it gives, by which rule it fits, and how one has it.",
    [
        new("policy", Id, true, "Its id."),
        new("name", Text, true, "What people call it."),
        new("about", Text, false, "Whom it helps with what."),
        new("also", new ListOf(Text, 1, Once: true), false, "What else people call it: a search finds it by these too."),
        new("unit", Text, true, "The unit that answers for it."),
        new("basis", Text, true, "The document and clause by which it is given."),
        new("gives", Text, true, "What it gives."),
        new("from", Days, true, "Its first day."),
        new("until", Days, false, "Its last day; without end when left out."),
        new("for", new OneOf(["organisations"]), true, "Whom it is for. Natural persons are never matched."),
        new("facts", new ListOf(new Form("Facts about an organisation that the decision reads.",
        [
            new("data", FarDataset, true, "The dataset; PACK/DATASET where it is of a pack under uses."),
            new("key", FieldId, true, "Its field with the unified social credit code."),
            new("newest", FieldId, false, "Where an organisation has several rows: that with the greatest value of this field counts."),
            new("only", new MapOf(FieldId, Text, 1), false, "field → the value that a row must have to count."),
            new("fields", new MapOf(FieldId, FieldId, 1), true, "input of the decision → field."),
        ]), 1), true, "What the decision reads, of data without persons that is the unit's own or shared without condition."),
        new("decision", new Words(@"[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+)*\.dmn#[A-Za-z_][A-Za-z0-9_\-]*", "decisions/allowance.dmn#fit"), true, $"The decision that says whom it fits; it gives {string.Join(", ", Packs.SupportPolicy.Outcomes)}."),
        new("matter", FarDataset, false, "The matter by which one applies; PACK/MATTER where it is of a pack under uses."),
        new("automatic", new Truth(), false, "免申即享: nothing is filled in; the organisation confirms and a case is opened."),
    ]);

    private static readonly OneOf Periods = new(Indicator.AllPeriods);

    /// <summary>indicators.yaml: how it is judged.</summary>
    public static readonly ListOf Indicators = new(new Form("An indicator.",
    [
        new("indicator", Id, true, "Its id."),
        new("name", Text, true, "What people call it."),
        new("about", Text, false, "How it is defined."),
        new("also", new ListOf(Text, 1, Once: true), false, "What else people call it: questions in plain words find it by these too."),
        new("unit", Text, true, "Unit of measure."),
        new("by", new Form("What it is broken down by.",
        [
            new("region", Path, false, "A field that holds a region code, or field.field through a reference. A composite index has none of its own."),
            new("period", new ListOf(Periods, 1, Once: true), true, "day, week (from Monday), month, quarter, year; year-to-date: from the first of January to the end of each month."),
            new("at", FieldId, false, "The date or timestamp field that places a row in time."),
            new("dimensions", new ListOf(Path, Once: true), false, "Fields, or field.field through a reference, for each of whose values it is computed too."),
        ]), true, "Region, period and dimensions."),
        new("needs", new ListOf(Id, Once: true), false, "The datasets it is computed from; the first is the one counted over."),
        new("value", Text, false, "An aggregate in portable SQL."),
        new("where", Text, false, "A condition on rows in portable SQL."),
        new("composite", new Form("A composite index (综合指数) of other indicators of the pack.",
        [
            new("normalise", new OneOf(["bounds", "min-max", "z-score", "none"]), true, "How figures become points. bounds: floor 0, ceiling 100; min-max: worst 0, best 100 of the regions under one parent; z-score: their mean 50, a standard deviation 10; none: as they are."),
            new("of", new ListOf(new Form("A part of it.",
            [
                new("indicator", Id, true, "The indicator."),
                new("weight", new Number(), true, "Its weight in percent; all together make 100."),
                new("floor", new Number(), false, "bounds: the figure that gives no points."),
                new("ceiling", new Number(), false, "bounds: the figure that gives a hundred."),
            ]), 2), true, "What it is made of."),
        ]), false, "What it is made of, instead of needs and value."),
        new("final", Duration, false, "How long after the end of its period a figure is provisional (ISO 8601); final at once when left out."),
        new("daily", Duration, false, "How long what a provisional figure was is kept for each day; before that for each month. 90 days when left out."),
        new("better", new OneOf(["higher", "lower"]), true, "Which way is better."),
        new("warn", WarnForm.Warn, false, "When it warns."),
        new("then", Id, false, "The matter that a warning opens."),
    ]));

    /// <summary>screen.yaml: what a leader looks at.</summary>
    public static readonly Form Screen = new("A cockpit.",
    [
        new("screen", Id, true, "Its id."),
        new("name", Text, true, "Its title."),
        new("cards", new ListOf(new Form("One card.",
        [
            new("card", Id, false, "Its id, by which its history is told; made of what it shows when left out."),
            new("as", new OneOf(Packs.Card.Kinds), true, "light: the latest figure against its target; gauge: the same as a dial; map: by region, with drill; trend: over time; bar, rank, pie, table: by region; heat: days of a year as a calendar; list: what is to be done; text: Markdown; v: the pack's V; process: a process as it is drawn."),
            new("indicator", Id, false, "What it shows."),
            new("indicators", new ListOf(Id, 1, Once: true), false, "trend, bar, table: several that it shows side by side."),
            new("period", Periods, false, "Of which period; the indicator's first when left out."),
            new("basis", new OneOf(["period", "ytd"]), false, "ytd: from the first of January on, where the indicator is computed so; the period alone when left out."),
            new("compare", new OneOf(["last-year"]), false, "light, trend, bar, table: with the same period of the year before."),
            new("by", Path, false, "trend, bar, rank, pie, table: a dimension of the indicator, whose values of the region stand beside each other in place of regions."),
            new("of", new OneOf(Packs.Card.Lists), false, "list: of what. systems: those that the plan names, in the pack that lists them."),
            new("text", Text, false, "text: what it says, in Markdown."),
            new("process", FilePath, false, "process: the BPMN file."),
            new("title", Text, false, "Its title; what it shows when left out."),
            new("span", new Number(Whole: true), false, "How many of 24 columns it takes, 3 to 24; what suits its kind when left out."),
            new("rows", new Number(Whole: true), false, "How many rows it takes, 1 to 12; what suits its kind when left out."),
        ]), 1), true, "Its cards, in order: so they stand on a phone, one below the other; wider screens place each where it first fits."),
    ]);

    /// <summary>texts/en.yaml: translations, Chinese text → English text.</summary>
    public static readonly MapOf Translations = new(Text, Text);

    /// <summary>Every YAML file kind: its name, the files it covers, its shape.</summary>
    public static IReadOnlyList<(string Kind, string Files, Shape Shape)> Kinds { get; } =
    [
        ("pack", "pack.yaml", Pack),
        ("business", "business.yaml", Business),
        ("dataset", "datasets/*.yaml", Dataset),
        ("codes", "codes/*.yaml", Codes),
        ("element", "elements/*.yaml", Element),
        ("matter", "matters/*.yaml", Matter),
        ("notice", "notices/*.yaml", Notice),
        ("guide", "guides/*.yaml", Guide),
        ("policy", "policies/*.yaml", SupportPolicy),
        ("indicators", "indicators.yaml", Indicators),
        ("screen", "screen.yaml", Screen),
        ("texts", "texts/*.yaml", Translations),
    ];

    /// <summary>The shape of a file by its path in the pack, or null when the file is not YAML of the language.</summary>
    public static Shape? Of(string path) => path switch
    {
        "pack.yaml" => Pack,
        "business.yaml" => Business,
        "indicators.yaml" => Indicators,
        "screen.yaml" => Screen,
        _ when In(path, "datasets") => Dataset,
        _ when In(path, "codes") => Codes,
        _ when In(path, "elements") => Element,
        _ when In(path, "matters") => Matter,
        _ when In(path, "notices") => Notice,
        _ when In(path, "guides") => Guide,
        _ when In(path, "policies") => SupportPolicy,
        _ when In(path, "texts") => Translations,
        _ => null,
    };

    private static bool In(string path, string folder) =>
        path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".yaml", StringComparison.Ordinal);
}
