using System.Globalization;

namespace Guantong.Packs.Reading;

/// <summary>Reads datasets/*.yaml, whose shape was checked before.</summary>
internal static class DatasetReader
{
    public static Dataset Read(Node n) => new(
        n.Word("dataset"), n.Word("name"), n.Word("about"), n.Ref("source")!, n.Word("share"), n.Word("open"),
        n["grade"]?.Text is { } grade ? int.Parse(grade, CultureInfo.InvariantCulture) : null,
        n.Ref("region"), n["purpose"]?.Text, n["retention"]?.Text, n["updated"]?.Text, n.Refs("key"),
        [.. n["fields"]!.Entries.Select(e => ReadField(e.Key, e.Value))],
        [.. n.List("quality").Select(ReadRule)],
        n["feed"] is { } feed ? ReadFeed(feed) : null, n["licence"]?.Text, n, n.Mark)
    {
        IsVital = n["vital"]?.Text == "true",
        Mend = (n["mend"]?.Entries ?? []).ToDictionary(e => e.Key.Value, e => e.Value.Text!),
        Listing = new Listing(n["class"]?.Text ?? "department", n["category"]?.Text, n.Words("keywords"), n.Ref("custodian"), n["basis"]?.Text, n["condition"]?.Text, n["open-condition"]?.Text),
        Organisation = n["organisation"] is { } o ? new OrganisationFields(o.Ref("name")!, o.Ref("code"), o.Ref("address"), o.Ref("phone")) : null,
        Record = n["record"] is { } r ? new OrganisationRecord(r.Ref("of")!, r.Word("as"), r.Ref("title")!, r.Refs("fields"), r.Ref("until"), PackReader.ReadMap(r, "only"), r["public"]?.Text, r.Mark) : null,
        History = n["history"]?.Text,
        Partition = n["partition"] is { } cut ? new Partition(cut.Ref("by")!, cut.Word("every")) : null,
        Distribute = n.Ref("distribute"),
        Returns = n["returns"] is { } returns ? new ReturnRule(returns.Word("every"), returns.Word("by"), returns.Ref("region")!, returns.Ref("at")!, returns["due"]?.Text ?? "P10D", returns.Ref("review")) : null,
        Opening = n["opening"] is { } opening ? OpeningReader.Read(opening) : null,
    };

    private static Field ReadField(ScalarNode id, Node n)
    {
        var range = n["range"]?.Items;
        return new Field(id.Value, n.Word("type"), n["name"]?.Text ?? id.Value, n["unit"]?.Text,
            Number(range?[0]), Number(range?[1]), n.Words("one-of"), n["required"]?.Text == "true",
            n.Ref("refers"), n["personal"]?.Text, id.Mark)
        {
            Element = n.Ref("element"),
            Codes = n.Ref("codes"),
        };
    }

    public static CodeList ReadCodes(Node n) => new(n.Word("codes"), n.Word("name"), n.Word("about"), n["standard"]?.Text,
        [.. n["values"]!.Entries.Select(e => (e.Key.Value, e.Value.Text!))], n.Mark)
    {
        Wider = n["wider"] is { } wider ? new WiderCodes(wider.Ref("list")!, wider["of"]!.Entries.DistinctBy(e => e.Key.Value).ToDictionary(e => e.Key.Value, e => new Ref(e.Value.Text!, e.Value.Mark))) : null,
    };

    public static DataElement ReadElement(Node n)
    {
        var range = n["range"]?.Items;
        return new DataElement(n.Word("element"), n.Word("name"), n.Word("about"), n["standard"]?.Text, n.Word("type"), n["unit"]?.Text, Number(range?[0]), Number(range?[1]), n.Ref("codes"), n.Mark);
    }

    /// <summary>A dataset whose fields have from the element and the code list that they name what they leave out themselves.</summary>
    public static Dataset WithShared(Dataset dataset, IReadOnlyList<CodeList> lists, IReadOnlyList<DataElement> elements) => dataset with { Fields = [.. dataset.Fields.Select(f => WithShared(f, lists, elements))] };

    private static Field WithShared(Field field, IReadOnlyList<CodeList> lists, IReadOnlyList<DataElement> elements)
    {
        if (elements.FirstOrDefault(e => e.Id == field.Element?.Name) is { } element)
            field = field with { Unit = field.Unit ?? element.Unit, Least = field.Least ?? element.Least, Most = field.Most ?? element.Most, Codes = field.Codes ?? element.Codes };
        return field is { OneOf.Count: 0, Codes: { } codes } && lists.FirstOrDefault(l => l.Id == codes.Name) is { } list ? field with { OneOf = [.. list.Values.Select(v => v.Code)] } : field;
    }

    private static QualityRule ReadRule(Node n)
    {
        var (between, days) = (n["between"]?.Items, n["base"]?.Items);
        return new QualityRule(n.Word("rule"), n.Refs("of"), n["grade"]?.Text == "error", n.Mark, [.. n.Entries.Select(e => new Ref(e.Key.Value, e.Key.Mark))])
        {
            Name = n["name"]?.Text, About = n["about"]?.Text, Weight = Number(n["weight"]) ?? (n["grade"]?.Text == "error" ? 3 : 1),
            AtLeast = Percent(n["at-least"]), Tolerance = Percent(n["tolerance"]) ?? 0, AtMost = Number(n["at-most"]),
            Within = n["within"]?.Text, That = n.Ref("that"), Form = n.Ref("form"), Pattern = n.Ref("pattern"), At = n.Ref("at"), By = n["by"]?.Text,
            Least = Number(between?[0]), Most = Number(between?[1]), OneOf = n.Words("one-of"),
            Value = n.Ref("value"), As = n.Ref("as"), To = n.Ref("to") is { } to ? FarField.Of(to) : null, With = n.Ref("with") is { } with ? FarField.Of(with) : null,
            Base = days is [var from, var until] ? (Day(from), Day(until)) : null,
        };
    }

    private static decimal? Percent(Node? n) => n?.Text is { } share ? decimal.Parse(share.TrimEnd('%'), CultureInfo.InvariantCulture) : null;

    // A day that is none (2026-02-30) is told by the proof; it stands as the first of all days.
    private static DateOnly Day(Node n) => DateOnly.TryParseExact(n.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : DateOnly.MinValue;

    private static Feed ReadFeed(Node n) => new(n.Word("from"), n.Ref("path"), n["synthetic"]?.Text == "true", n.Words("missing"),
        [.. (n["columns"]?.Entries ?? []).Select(e => new FeedColumn(new Ref(e.Key.Value, e.Key.Mark),
            e.Value.Text is { } header ? [header] : e.Value.Words("timestamp")))],
        n.Refs("needs"), n.Ref("sql"), n["decide"] is { } decide ? ReadDecide(decide) : null, n.Mark)
    {
        Encoding = n["encoding"]?.Text ?? "utf-8",
        Sheet = n["sheet"]?.Text,
        Records = n["records"]?.Text,
        Omits = n["omits"]?.Text == "true",
        At = n.Ref("at"),
        Files = n["files"]?.Text,
        Address = n["address"]?.Text,
        Table = n.Ref("table"),
        Since = n.Ref("since"),
        SinceParameter = n["since-parameter"]?.Text,
        Pages = n["pages"] is { } pages ? new FeedPages(pages.Word("by"), pages["parameter"]?.Text, Whole(pages["size"]), pages["size-parameter"]?.Text, pages["next"]?.Text) : null,
        Every = n["every"]?.Text,
        Removes = n["removes"]?.Text == "true",
    };

    private static Decide ReadDecide(Node n) => new(n.Ref("decision")!,
        [.. n["inputs"]!.Entries.Select(e => (new Ref(e.Key.Value, e.Key.Mark), new Ref(e.Value.Text!, e.Value.Mark)))],
        [.. n["outputs"]!.Entries.Select(e => (new Ref(e.Key.Value, e.Key.Mark), e.Value.Text!))]);

    private static int? Whole(Node? n) => n?.Text is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static decimal? Number(Node? n) =>
        n?.Text is { } text ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;
}
