namespace Guantong.Data;

/// <summary>A row of a dataset: where it stands.</summary>
/// <param name="Data">pack/dataset.</param>
/// <param name="Row">Its key there, as text.</param>
public readonly record struct RowKey(string Data, string Row)
{
    /// <summary>By dataset, then by key.</summary>
    public static IComparer<RowKey> Order { get; } = Comparer<RowKey>.Create((one, other) => string.CompareOrdinal(one.Data, other.Data) is var by and not 0 ? by : string.CompareOrdinal(one.Row, other.Row));

    /// <summary>Two of them, the lesser first: a pair is the same both ways.</summary>
    public static (RowKey Left, RowKey Right) Ordered(RowKey one, RowKey other) => Order.Compare(one, other) <= 0 ? (one, other) : (other, one);
}

/// <summary>What a row says of its organisation.</summary>
/// <param name="Organisation">The organisation that it is taken for.</param>
/// <param name="Own">What it would be by itself: its code, or a name of its own.</param>
/// <param name="Alone">A name of its own, whatever its code.</param>
/// <param name="Code">Its credit code, where that is valid.</param>
public sealed record OrganisationRow(RowKey Key, string Organisation, string Own, string Alone, string? Code, string? Name, string? Address, string? Phone)
{
    /// <summary>What puts it there: code, person, or nothing.</summary>
    public string By => Organisation != Own ? "person" : Code is not null ? "code" : "nothing";
}

/// <summary>The same, made ready to be compared.</summary>
public sealed record KnownOrganisation(OrganisationRow Row, OrganisationName Name, string Address, string Phone)
{
    /// <summary>Its credit code, where that is valid.</summary>
    public string? Code => Row.Code;

    /// <summary>Makes a row ready.</summary>
    public static KnownOrganisation Of(OrganisationRow row, PlaceNames places) =>
        new(row, OrganisationName.Of(row.Name, places), OrganisationName.Address(row.Address, places), OrganisationName.Phone(row.Phone));
}
