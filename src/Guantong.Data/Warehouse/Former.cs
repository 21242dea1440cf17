using System.Data.Common;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Rows as they were: what a load changes or removes is put aside with the load that ended it, so that a dataset can be read as of any load.</summary>
/// <remarks>Plan, annex 6 §5(4)1: 当前值 and 历史. Beside the table of a dataset stands one of its former rows; of a derived dataset too, whose rows are compared with what they come to after a load of what it rests on.</remarks>
internal static class Former
{
    /// <summary>The column that says which load brought a row.</summary>
    public const string Load = "guantong_load";

    /// <summary>The column that says which load ended it.</summary>
    public const string Until = "guantong_until";

    /// <summary>The column that says when it ended.</summary>
    public const string Went = "guantong_went";

    /// <summary>The table of a dataset's former rows. No dataset's own table can be called so.</summary>
    public static string TableOf(Dataset dataset) => dataset.Table + "~former";

    /// <summary>Takes rows out of a dataset and puts them aside.</summary>
    /// <param name="which">SQL condition over the row <c>t</c>.</param>
    /// <param name="load">The load that ends them.</param>
    /// <returns>How many.</returns>
    public static int PutAside(DbConnection connection, Pack pack, Dataset dataset, string which, long load, DateTime at, params IReadOnlyList<object?> values)
    {
        var fields = string.Join(", ", dataset.Fields.Select(f => Sql.Name(f.Id)));
        connection.Run($"INSERT INTO {Sql.Table(pack.Id, TableOf(dataset))} ({fields}, {Load}, {Until}, {Went}) SELECT {fields}, {Load}, ?, ? FROM {Sql.Table(pack.Id, dataset.Table)} AS t WHERE {which}", [load, at, .. values]);
        return connection.Run($"DELETE FROM {Sql.Table(pack.Id, dataset.Table)} AS t WHERE {which}", values);
    }

    /// <summary>What stands where a dataset's table does in a query: its rows now, or as they were when a load had ended.</summary>
    /// <param name="load">The load; null for now.</param>
    public static string Rows(Pack pack, Dataset dataset, long? load)
    {
        var table = Sql.Table(pack.Id, dataset.Table);
        if (load is not { } at)
            return table;
        var fields = string.Join(", ", dataset.Fields.Select(f => Sql.Name(f.Id)));
        return $"(SELECT {fields} FROM {table} WHERE coalesce({Load}, 0) <= {at} UNION ALL SELECT {fields} FROM {Sql.Table(pack.Id, TableOf(dataset))} WHERE coalesce({Load}, 0) <= {at} AND {Until} > {at})";
    }
}
