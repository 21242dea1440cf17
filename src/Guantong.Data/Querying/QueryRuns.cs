using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What a query gave.</summary>
/// <param name="Sql">The statement, to be read.</param>
/// <param name="IsCut">Whether there were more rows than were asked for.</param>
public sealed record QueryResult(IReadOnlyList<BuiltColumn> Columns, IReadOnlyList<string> Kinds, IReadOnlyList<object?[]> Rows, bool IsCut, string Sql);

/// <summary>Runs queries over what somebody may see: built ones, and those of analysts.</summary>
/// <remarks>One guard for both and for what comes from outside: <see cref="ConfinedSql"/> lets a statement reach the datasets it was given, with the fields and rows that it was given of them, and <see cref="ConfinedRuns"/> bounds its time, rows and memory.</remarks>
public sealed class QueryRuns(PackRegistry packs, ConfinedSql confined, ConfinedRuns runs, DatasetReads reads, Jurisdiction land)
{
    /// <summary>What a person may query.</summary>
    public IReadOnlyList<AskableDataset> Askable(Person who) => AskableDataset.All(who, packs, land);

    /// <summary>A dataset by PACK/DATASET as a person may query it, or null.</summary>
    public AskableDataset? Find(Person who, string key)
    {
        var parts = key.Split('/');
        return parts.Length == 2 && packs.Find(parts[0]) is { } pack && pack.Dataset(parts[1]) is { } dataset ? AskableDataset.Of(who, pack, dataset, land) : null;
    }

    /// <summary>The statement of a built query, as it is written.</summary>
    /// <exception cref="RefusedException">It cannot be so.</exception>
    public (string Sql, IReadOnlyList<BuiltColumn> Columns) Write(Person who, BuiltQuery query)
    {
        var (sql, _) = Written(who, query);
        return (Limited(sql, query), sql.Columns);
    }

    private (QuerySql Sql, AskableDataset Data) Written(Person who, BuiltQuery query)
    {
        if (query.Dataset.Length == 0)
            throw new RefusedException(422, "query-no-dataset");
        var data = Find(who, query.Dataset) ?? throw new RefusedException(422, "query-dataset", query.Dataset.Length > 60 ? query.Dataset[..60] : query.Dataset);
        return (QuerySql.Write(query, data), data);
    }

    /// <summary>Runs a built query. That rows which are not public were read, or taken away, stands in the ledger.</summary>
    /// <param name="format">The format of the file they are taken away in; null where they are looked at.</param>
    /// <exception cref="RefusedException">It cannot be so, or took too long.</exception>
    public async Task<QueryResult> RunAsync(Person who, BuiltQuery query, string? format = null, CancellationToken cancel = default)
    {
        var (sql, data) = Written(who, query);
        var (confinedQuery, refused) = confined.Confine(sql.Text, sql.Tables);
        if (confinedQuery is null)
            throw new RefusedException(422, "query-refused", refused!);
        if (format is null)
            await reads.ReadAsync(who, data.Pack, data.Dataset, [.. query.Filter.Select(f => f.Field), "query"], 0, isDrawn: true, cancel);
        else
            await reads.ExportedAsync(who, data.Pack, data.Dataset, format, cancel);
        foreach (var other in sql.Tables.Values.Where(t => t.Dataset.Id != data.Dataset.Id))
            await reads.ReadAsync(who, other.Pack, other.Dataset, [data.Dataset.Id, "query"], 0, isDrawn: true, cancel);
        var (rows, stopped) = await runs.RunAsync(confinedQuery, query.Limit, cancel);
        return rows is null ? throw new RefusedException(422, "query-refused", stopped!) : new QueryResult(sql.Columns, [.. rows.Columns.Select(c => c.Kind)], rows.Rows, rows.IsCut, Limited(sql, query));
    }

    // One row more than asked for is read, to know that there are more; what is shown is the statement as one would write it.
    private static string Limited(QuerySql sql, BuiltQuery query) => $"{sql.Text}\nLIMIT {query.Limit.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>The tables that an analyst's statement may read, by the names under which it calls them. Datasets about natural persons are not among them: no bound on groups holds in free SQL.</summary>
    public IReadOnlyDictionary<string, AskableDataset> Tables(Person who)
    {
        var all = Askable(who).Where(d => !d.IsOfPersons).ToList();
        // A name that two packs use is told apart by the pack.
        return all.GroupBy(d => d.Dataset.Table, StringComparer.OrdinalIgnoreCase).SelectMany(g => g.Select(d => (Name: g.Count() == 1 ? g.Key : $"{Sql.Schema(d.Pack.Id)}_{d.Dataset.Table}", Data: d)))
            .DistinctBy(t => t.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(t => t.Name, t => t.Data, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The datasets that an analyst's statement reads; none where it may not be run.</summary>
    /// <param name="refused">Why not.</param>
    public IReadOnlyList<string> Read(Person who, string sql, out SqlRefusal? refused)
    {
        (var query, refused) = Confined(who, sql);
        return query is null ? [] : [.. query.Tables.Select(t => $"{t.Pack.Id}/{t.Dataset.Id}").Distinct()];
    }

    /// <summary>Runs an analyst's statement; gives its rows, or why there are none.</summary>
    public async Task<(ConfinedRows? Rows, SqlRefusal? Refused)> RunSqlAsync(Person who, string sql, int most, CancellationToken cancel = default)
    {
        var (query, refused) = Confined(who, sql);
        return query is null ? (null, refused) : await runs.RunAsync(query, most, cancel);
    }

    private (ConfinedQuery?, SqlRefusal?) Confined(Person who, string sql) =>
        confined.Confine(sql, Tables(who).ToDictionary(t => t.Key, t => t.Value.Table, StringComparer.OrdinalIgnoreCase));
}
