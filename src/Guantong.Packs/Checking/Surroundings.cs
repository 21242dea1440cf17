namespace Guantong.Packs.Checking;

/// <summary>What a pack is checked against. A null set means that it is not known here, and what rests on it is not judged.</summary>
/// <param name="Units">Names of the jurisdiction's units.</param>
/// <param name="Systems">Ids of the plan's system list.</param>
/// <param name="Packs">Packs at hand: id → version.</param>
/// <param name="Bind">Binds portable SQL against the declared fields, and tells one fault at most; null when no engine is at hand.</param>
public sealed record Surroundings(IReadOnlySet<string>? Units, IReadOnlySet<string>? Systems, IReadOnlyDictionary<string, string>? Packs, Func<Pack, IReadOnlyList<SqlQuestion>, SqlFault?>? Bind)
{
    /// <summary>Nothing known: shapes, names within the pack and the V are judged all the same.</summary>
    public static readonly Surroundings Unknown = new(null, null, null, null);

    /// <summary>Another pack at hand, by id, or null; null when what others declare is not known here.</summary>
    public Func<string, Pack?>? Other { get; init; }
}

/// <summary>A SELECT over a pack's own datasets that must bind.</summary>
/// <param name="Select">The whole statement.</param>
/// <param name="Columns">For a derived dataset: the columns it must give; else empty.</param>
/// <param name="Into">For a derived dataset: the dataset; what it takes from sealed fields must go into sealed ones.</param>
public sealed record SqlQuestion(string Select, IReadOnlyList<string> Columns, Dataset? Into = null);

/// <summary>Why a statement does not bind: <c>sql-broken</c>, <c>sql-several</c>, <c>sql-unbound</c>, <c>sql-not-portable</c>, <c>sql-column-missing</c> or <c>sql-sealed</c>.</summary>
public sealed record SqlFault(string Code, string Detail);
