using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Which rows of a dataset somebody sees, as a condition of the query that reads them.</summary>
/// <remarks>
/// What is public, everybody sees. Of what is shared without condition, officials see the rows of their region and below; of the rest, those whose line of business answers
/// for it, likewise, and whoever looks after all data. A dataset that names no region lies in the whole jurisdiction, but shared without condition it is for every official.
/// What a grant opens beyond that is the grant's to say.
/// </remarks>
public sealed class RowsSeen
{
    private const string Row = "d";

    private RowsSeen(string condition) => Condition = condition;

    /// <summary>Every row: for what the platform does by itself.</summary>
    public static RowsSeen All { get; } = new("");

    /// <summary>SQL over the row <c>d</c>; empty where every row is seen.</summary>
    internal string Condition { get; }

    /// <summary>Whether every row is seen.</summary>
    public bool IsAll => Condition.Length == 0;

    /// <summary>What a person sees of a dataset.</summary>
    /// <param name="who">Null for whoever is not signed in.</param>
    public static RowsSeen Of(Person? who, Pack pack, Dataset dataset, Jurisdiction land)
    {
        if (DataRoom.IsPublic(dataset))
            return All;
        var isShared = dataset.Share == "unconditional";
        var act = isShared ? "dataset.read-closed" : "dataset.read-unshared";
        if (isShared && dataset.Region is null)
            return who is not null && who.May(act) ? All : new("FALSE");
        var line = land.Units.Named(dataset.Source.Name)?.Line;
        var isOwn = line is not null && land.Units.Find(who?.Unit)?.Line == line;
        var region = dataset.Region is { } path ? PathOf(pack, dataset, path.Name) : $"'{land.Root}'";
        return new(who.Rows(act, land).Literal(region, isOwn ? "TRUE" : "FALSE"));
    }

    /// <summary>Those of them that lie in a region or below; every one of a dataset that names no region.</summary>
    /// <param name="region">A region's code (GB/T 2260, GB/T 10114).</param>
    public RowsSeen In(Pack pack, Dataset dataset, string region) => dataset.Region is { } path ? In(pack, dataset, path, region) : this;

    /// <summary>Those of them that lie in a region or below by a path of their own.</summary>
    internal RowsSeen In(Pack pack, Dataset dataset, Ref path, string region)
    {
        var stem = RegionCode.Stem(region);
        return And($"substr({PathOf(pack, dataset, path.Name)}, 1, {stem.Length}) = {Sql.Text(stem)}");
    }

    /// <summary>Those of them for which a condition over the row <c>d</c> holds.</summary>
    internal RowsSeen And(string condition) => new(IsAll ? condition : $"({Condition}) AND ({condition})");

    /// <summary>The rows that a grant opens: those of a region and below, with given values.</summary>
    /// <param name="region">Null for every region.</param>
    /// <param name="rows">Declared field → value; none is sealed.</param>
    internal static RowsSeen Granted(Pack pack, Dataset dataset, string? region, IReadOnlyDictionary<string, string> rows)
    {
        var seen = region is null ? All : All.In(pack, dataset, region);
        var terms = rows.Select(r => $"CAST({Row}.{Sql.Name(dataset.Field(r.Key)!.Id)} AS VARCHAR) = {Sql.Text(r.Value)}");
        return new(string.Join(" AND ", seen.IsAll ? terms : terms.Prepend(seen.Condition)));
    }

    /// <summary>SQL for a field of the row <c>d</c>, or for one that it leads to through a reference.</summary>
    internal static string PathOf(Pack pack, Dataset dataset, string path)
    {
        var parts = path.Split('.');
        if (parts.Length == 1)
            return $"{Row}.{Sql.Name(parts[0])}";
        var refers = dataset.Field(parts[0])!.Refers!.Name.Split('.');
        return $"(SELECT min(r.{Sql.Name(parts[1])}) FROM {Sql.Table(pack.Id, pack.Dataset(refers[0])!.Table)} AS r WHERE r.{Sql.Name(refers[1])} = {Row}.{Sql.Name(parts[0])})";
    }
}
