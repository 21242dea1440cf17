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
            .. pack.Indicators.SelectMany(i => OfIndicator(pack, i, sql)),
        ];
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
        if (feed.From != "csv")
            yield break;
        if (feed.Columns.Count == 0)
            yield return Finding.Error("feed-incomplete", feed.Mark, "csv", "columns");
        // A column of a field that is not there was meant for one that is.
        else if (feed.Columns.All(c => !dangling.Contains(c.Field.Mark)))
        {
            foreach (var field in dataset.Fields.Where(f => feed.Columns.All(c => c.Field.Name != f.Id)))
                yield return Finding.Error("field-without-column", field.Mark, field.Id);
        }
        foreach (var column in feed.Columns.Where(c => c.Headers.Count > 1 && dataset.Field(c.Field.Name) is { Type: not "timestamp" }))
            yield return Finding.Error("timestamp-for-other", column.Field.Mark, column.Field.Name);
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
        if (indicator.Warn is { } warn && !indicator.Periods.Contains(warn.Period))
            yield return Finding.Error("warn-period-not-computed", warn.PeriodMark, indicator.Id, warn.Period);
        if (sql.BindValue(data, indicator.Value.Name) is { } fault)
            yield return Told(fault, indicator.Value);
        if (indicator.Where is { } where && sql.BindCondition(data, where.Name) is { } whereFault)
            yield return Told(whereFault, where);
    }

    internal static Finding Told(SqlFault fault, Ref text) => Finding.Error(fault.Code, text.Mark, fault.Detail);
}
