using System.Text.RegularExpressions;

namespace Guantong.Packs.Checking;

/// <summary>Data: SQL that does not bind against the declared fields, and feeds that miss theirs.</summary>
internal static class DataProof
{
    public static IEnumerable<Finding> Of(Pack pack, Surroundings around, IReadOnlySet<Mark> dangling)
    {
        var sql = new SqlTogether(pack, pack.Datasets.Where(d => d.Feed is { From: "query", Sql: not null }).Select(d => Query(d, d.Feed!, dangling)), around);
        return
        [
            .. pack.Datasets.SelectMany(d => QualityProof.Of(pack, d, sql, around)),
            .. pack.Datasets.Where(d => d.Feed is not null).SelectMany(d => OfFeed(pack, d, d.Feed!, sql, dangling)),
            .. pack.Datasets.SelectMany(d => d.Fields).Where(f => f.Least > f.Most)
                .Select(f => Finding.Error("range-upside-down", f.Mark, f.Id, $"{f.Least}", $"{f.Most}")),
            .. pack.Datasets.SelectMany(d => d.Fields).Where(f => f.Least is not null && f.Type is not ("number" or "integer"))
                .Select(f => Finding.Error("range-without-number", f.Mark, f.Id, f.Type)),
            .. pack.Datasets.SelectMany(OfPlacement),
            .. pack.Indicators.SelectMany(i => OfIndicator(pack, i, sql)),
        ];
    }

    private static IEnumerable<Finding> OfPlacement(Dataset dataset)
    {
        foreach (var named in new[] { dataset.Partition?.By, dataset.Distribute }.OfType<Ref>().Where(r => dataset.Field(r.Name) is null))
            yield return NamesProof.Unknown("field", named.Mark, named.Name, dataset.Fields.Select(f => f.Id));
        if (dataset.Partition is { } cut && dataset.Field(cut.By.Name) is { Type: not ("date" or "timestamp") } other)
            yield return Finding.Error("partition-without-time", cut.By.Mark, other.Id, other.Type);
    }

    private static IEnumerable<Finding> OfFeed(Pack pack, Dataset dataset, Feed feed, SqlTogether sql, IReadOnlySet<Mark> dangling)
    {
        if (feed.From == "query")
        {
            if (feed.Sql is not { } select)
                yield return Finding.Error("feed-incomplete", feed.Mark, "query", "sql");
            else if (sql.Bind(Query(dataset, feed, dangling)) is { } fault)
                yield return Told(fault, select);
            if (feed.Needs.Count == 0)
                yield return Finding.Error("feed-incomplete", feed.Mark, "query", "needs");
            foreach (var (_, field) in (feed.Decide?.Inputs ?? []).Where(i => dataset.Field(i.Field.Name) is { } f && pack.HomeOf(dataset, f) is not null))
                yield return Finding.Error("decides-on-sealed", field.Mark, field.Name);
            yield break;
        }
        foreach (var lacking in Lacking(feed))
            yield return Finding.Error("feed-incomplete", feed.Mark, feed.From, lacking);
        if (feed.Since is { } since && dataset.Field(since.Name) is null)
            yield return NamesProof.Unknown("field", since.Mark, since.Name, dataset.Fields.Select(f => f.Id));
        if (!feed.IsDelivered || feed.Columns.Count == 0)
            yield break;
        // A column of a field that is not there was meant for one that is.
        if (feed.Columns.All(c => !dangling.Contains(c.Field.Mark)))
        {
            foreach (var field in dataset.Fields.Where(f => feed.Columns.All(c => c.Field.Name != f.Id)))
                yield return Finding.Error("field-without-column", field.Mark, field.Id);
        }
        foreach (var column in feed.Columns.Where(c => c.Headers.Count > 1 && dataset.Field(c.Field.Name) is { Type: not "timestamp" }))
            yield return Finding.Error("timestamp-for-other", column.Field.Mark, column.Field.Name);
        foreach (var column in feed.Columns.Where(c => feed.From == "fixed-width" && c.Headers.Any(h => !FixedPlace.IsMatch(h))))
            yield return Finding.Error("fixed-width-place", column.Field.Mark, column.Field.Name, string.Join(", ", column.Headers));
    }

    private static readonly Regex FixedPlace = new("^[1-9][0-9]{0,4}-[1-9][0-9]{0,4}$", RegexOptions.CultureInvariant);

    // What a feed cannot do without.
    private static IEnumerable<string> Lacking(Feed feed)
    {
        if (feed.IsDelivered && feed.Columns.Count == 0)
            yield return "columns";
        if (feed.From is "http-api" or "postgres" or "mysql" or "change-stream" && feed.At is null)
            yield return "at";
        if (feed.From is "postgres" or "mysql" or "change-stream" && feed.Table is null)
            yield return "table";
        if (feed.From == "http-api" && feed.Address is null)
            yield return "address";
        if (feed is { From: "http-api", Since: not null, SinceParameter: null })
            yield return "since-parameter";
        if (feed.IsFiles && feed.At is not null && feed.Files is null)
            yield return "files";
        if (feed is { Every: not null, At: null })
            yield return "at";
        if (feed.Pages is { By: "cursor", Next: null })
            yield return "pages.next";
        if (feed.Pages is { By: not "link", Parameter: null })
            yield return "pages.parameter";
    }

    private static SqlQuestion Query(Dataset dataset, Feed feed, IReadOnlySet<Mark> dangling) => new(feed.Sql!.Name, [.. GivenByQuery(dataset, feed, dangling)], dataset);

    // What a decision's misnamed output was to give cannot be told from what the query should.
    private static IEnumerable<string> GivenByQuery(Dataset dataset, Feed feed, IReadOnlySet<Mark> dangling) =>
        feed.Decide?.Outputs.Any(o => dangling.Contains(o.Field.Mark)) == true ? [] :
        dataset.Fields.Select(f => f.Id).Where(f => feed.Decide is not { } decide || decide.Outputs.All(o => o.Field.Name != f));

    private static IEnumerable<Finding> OfIndicator(Pack pack, Indicator indicator, SqlTogether sql)
    {
        if (indicator.Needs is not [var need, ..] || pack.Dataset(need.Name) is not { } data)
            yield break;
        if (data.Field(indicator.At.Name) is { Type: not ("date" or "timestamp") })
            yield return Finding.Error("at-is-no-time", indicator.At.Mark, indicator.At.Name);
        if (indicator.Value.Name.Length > 0 && sql.BindValue(data, indicator.Value.Name) is { } fault)
            yield return Told(fault, indicator.Value);
        if (indicator.Where is { } where && sql.BindCondition(data, where.Name) is { } whereFault)
            yield return Told(whereFault, where);
    }

    internal static Finding Told(SqlFault fault, Ref text) => Finding.Error(fault.Code, text.Mark, fault.Detail);
}
