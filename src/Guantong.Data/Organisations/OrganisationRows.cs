using System.Data.Common;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>The rows of all datasets of organisations as the last run found them, in the warehouse: each with the organisation that it is taken for.</summary>
internal sealed class OrganisationRows(Warehouse warehouse)
{
    private const string Table = "guantong.organisation_row";
    private const string Columns = "data, row_key, organisation, own, alone, code, name, address, phone";

    /// <summary>So many keys in one statement.</summary>
    private const int Some = 500;

    private bool _stands;

    /// <summary>Reads the datasets anew and puts rows together as people decided and codes say, in one transaction.</summary>
    /// <returns>All rows.</returns>
    public IReadOnlyList<OrganisationRow> Rewrite(IReadOnlyList<(Pack Pack, Dataset Dataset)> taking, IReadOnlyCollection<PairDecision> decisions) => Bring(decisions, taking);

    /// <summary>Puts rows together anew after a decision; those that no decision touches stay as they are.</summary>
    public void Regroup(IReadOnlyCollection<PairDecision> decisions) => Bring(decisions, null);

    private IReadOnlyList<OrganisationRow> Bring(IReadOnlyCollection<PairDecision> decisions, IReadOnlyList<(Pack Pack, Dataset Dataset)>? taking)
    {
        Stand();
        return warehouse.Write(connection =>
        {
            if (taking is not null)
            {
                connection.Run($"DELETE FROM {Table}");
                foreach (var (pack, dataset) in taking)
                    connection.Run($"INSERT INTO {Table} ({Columns}) {Select(pack, dataset)}");
            }
            // What a decision touches, and what shares a code with it; what one touched that was taken back goes its own way again.
            var touched = Rows($"{Table} WHERE organisation <> own", []).ToDictionary(r => r.Key);
            foreach (var some in decisions.SelectMany(d => (RowKey[])[d.Left, d.Right]).Distinct().Chunk(Some))
            {
                foreach (var row in Rows($"{Table} WHERE own IN (SELECT own FROM {Table} WHERE {Among(some)})", Values(some)))
                    touched[row.Key] = row;
            }
            foreach (var some in touched.Values.Select(r => r.Own).Distinct().Chunk(Some).ToList())
            {
                foreach (var row in Rows($"{Table} WHERE own IN ({string.Join(", ", some.Select(_ => "?"))})", some))
                    touched[row.Key] = row;
            }
            foreach (var (key, organisation) in Grouping.Of(touched.Values, decisions).Where(g => touched[g.Key].Organisation != g.Value))
                connection.Run($"UPDATE {Table} SET organisation = ? WHERE data = ? AND row_key = ?", organisation, key.Data, key.Row);
            return taking is null ? [] : Rows($"{Table} ORDER BY data, row_key", []);

            List<OrganisationRow> Rows(string from, IReadOnlyList<object?> values) => connection.Rows($"SELECT {Columns} FROM {from}", Read, values);
        });
    }

    // What a code says alone decides whether a row is an organisation: a sole trader (个体工商户, registered under 92) is a natural person (民法典 §54), and so is whoever goes by an identity number.
    private static string Select(Pack pack, Dataset dataset)
    {
        var (organisation, data) = (dataset.Organisation!, Sql.Text($"{pack.Id}/{dataset.Id}"));
        static string Column(Ref? field) => field is null ? "CAST(NULL AS VARCHAR)" : Sql.Name(field.Name);
        var key = $"CAST({Sql.Name(dataset.Key[0].Name)} AS VARCHAR)";
        return $"""
            SELECT {data}, row_key, coalesce(code, alone), coalesce(code, alone), alone, code, name, address, phone
            FROM (SELECT row_key, md5({Sql.Text($"{pack.Id}/{dataset.Id}/")} || row_key) AS alone, CASE WHEN {FormSql.Broken(ValueForm.Find("credit-code")!, "given")} THEN NULL ELSE given END AS code,
                (given IS NOT NULL AND NOT ({FormSql.Broken(ValueForm.Find("id-number")!, "given")})) AS is_person, name, address, phone
                FROM (SELECT {key} AS row_key, upper(trim({Column(organisation.Code)})) AS given, {Column(organisation.Name)} AS name, {Column(organisation.Address)} AS address, {Column(organisation.Phone)} AS phone
                    FROM {Sql.Table(pack.Id, dataset.Table)} WHERE {key} IS NOT NULL) AS g) AS k
            WHERE (code IS NULL OR code NOT LIKE '92%') AND (code IS NOT NULL OR NOT is_person)
            """;
    }

    /// <summary>Rows by their keys, those that stand.</summary>
    public IReadOnlyList<OrganisationRow> Find(IReadOnlyList<RowKey> keys)
    {
        Stand();
        using var connection = warehouse.Read();
        return [.. keys.Chunk(Some).SelectMany(some => connection.Rows($"SELECT {Columns} FROM {Table} WHERE {Among(some)}", Read, Values(some)))];
    }

    /// <summary>An organisation's rows in the datasets that somebody sees.</summary>
    public IReadOnlyList<OrganisationRow> Of(string organisation, IReadOnlyList<string> seen)
    {
        Stand();
        using var connection = warehouse.Read();
        return connection.Rows($"SELECT {Columns} FROM {Table} WHERE organisation = ? AND {Seen(seen)} ORDER BY data, row_key", Read, [organisation, .. seen]);
    }

    /// <summary>A page of organisations with as many rows at least, those with most rows first, and how many there are.</summary>
    /// <param name="sought">A part of a name, or a whole code; null for all.</param>
    public (IReadOnlyList<OrganisationLine> Items, long Total) Page(IReadOnlyList<string> seen, string? sought, int least, int skip, int take)
    {
        Stand();
        object?[] values = [.. seen, .. sought is null ? [] : (object?[])[$"%{sought}%", sought.ToUpperInvariant()], (long)least];
        var among = $"""
            SELECT organisation, min(name) AS name, min(code) AS code, count(*) AS row_count, count(DISTINCT data) AS datasets FROM {Table}
            WHERE {Seen(seen)}{(sought is null ? "" : $" AND organisation IN (SELECT organisation FROM {Table} WHERE name LIKE ? OR code = ?)")} GROUP BY organisation HAVING count(*) >= ?
            """;
        using var connection = warehouse.Read();
        var items = connection.Rows($"SELECT organisation, name, code, row_count, datasets FROM ({among}) AS o ORDER BY row_count DESC, organisation LIMIT {Sql.Number(take)} OFFSET {Sql.Number(skip)}",
            r => new OrganisationLine(r.GetString(0), Text(r, 1), Text(r, 2), r.GetInt64(3), r.GetInt64(4)), values);
        return (items, connection.Count($"SELECT count(*) FROM ({among}) AS o", values));
    }

    /// <summary>Every row that somebody sees, organisation by organisation, read one by one.</summary>
    public IEnumerable<OrganisationRow> All(IReadOnlyList<string> seen)
    {
        Stand();
        using var connection = warehouse.Read();
        using var command = connection.Command($"SELECT {Columns} FROM {Table} WHERE {Seen(seen)} ORDER BY organisation, data, row_key", seen);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return Read(reader);
    }

    // Made at first use: nothing is kept in it that a run would not make again.
    private void Stand()
    {
        if (_stands)
            return;
        warehouse.Write(connection => connection.Run($"CREATE TABLE IF NOT EXISTS {Table} (data VARCHAR, row_key VARCHAR, organisation VARCHAR, own VARCHAR, alone VARCHAR, code VARCHAR, name VARCHAR, address VARCHAR, phone VARCHAR)"));
        _stands = true;
    }

    private static string Seen(IReadOnlyList<string> seen) => seen.Count == 0 ? "FALSE" : $"data IN ({string.Join(", ", seen.Select(_ => "?"))})";

    private static string Among(IReadOnlyList<RowKey> keys) => string.Join(" OR ", keys.Select(_ => "(data = ? AND row_key = ?)"));

    private static object?[] Values(IEnumerable<RowKey> keys) => [.. keys.SelectMany(k => (object?[])[k.Data, k.Row])];

    private static OrganisationRow Read(DbDataReader r) => new(new RowKey(r.GetString(0), r.GetString(1)), r.GetString(2), r.GetString(3), r.GetString(4), Text(r, 5), Text(r, 6), Text(r, 7), Text(r, 8));

    private static string? Text(DbDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);
}

/// <summary>An organisation in a list.</summary>
/// <param name="Name">One of its names.</param>
/// <param name="Code">One of its valid codes, or null.</param>
/// <param name="Rows">How many rows it has in the datasets that the reader sees.</param>
/// <param name="Datasets">In how many of them.</param>
public sealed record OrganisationLine(string Organisation, string? Name, string? Code, long Rows, long Datasets);
