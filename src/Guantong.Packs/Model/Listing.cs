namespace Guantong.Packs;

/// <summary>What the catalogue says of a dataset beyond its schema, source, share class and grade.</summary>
/// <param name="Class">base, theme or department (GB/T 21063.4-2007).</param>
/// <param name="Category">One of <see cref="Reading.Grammar.Categories"/>, or null.</param>
/// <param name="Custodian">The unit that keeps the rows, where that is not the source.</param>
/// <param name="Basis">The law or rule by which it is not shared.</param>
/// <param name="Condition">On what condition it is shared.</param>
/// <param name="OpenCondition">On what condition it is open.</param>
public sealed record Listing(string Class, string? Category, IReadOnlyList<string> Keywords, Ref? Custodian, string? Basis, string? Condition, string? OpenCondition)
{
    /// <summary>What is said where nothing is.</summary>
    public static readonly Listing Nothing = new("department", null, [], null, null, null, null);
}

/// <summary>A code list that fields of several datasets share.</summary>
/// <param name="Standard">The standard that it is from, or null.</param>
/// <param name="Values">Codes and what they mean, in order.</param>
public sealed record CodeList(string Id, string Name, string About, string? Standard, IReadOnlyList<(string Code, string Means)> Values, Mark Mark)
{
    /// <summary>A coarser list that its codes belong to, or null.</summary>
    public WiderCodes? Wider { get; init; }
}

/// <summary>A data element that fields of several datasets are.</summary>
/// <param name="Standard">The standard that it is from, or null.</param>
/// <remarks>GB/T 18391.1: a unit of data whose definition, identification, representation and permissible values are specified.</remarks>
public sealed record DataElement(string Id, string Name, string About, string? Standard, string Type, string? Unit, decimal? Least, decimal? Most, Ref? Codes, Mark Mark);
