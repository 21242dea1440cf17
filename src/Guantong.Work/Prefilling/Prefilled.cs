using System.Text.Json.Nodes;
using Guantong.Packs;

namespace Guantong.Work;

/// <summary>What data says of one field, or one material, of somebody's application.</summary>
/// <param name="Field">The form's field; of a material, <see cref="Material.Field"/>.</param>
/// <param name="Dataset">The dataset's id in the pack.</param>
/// <param name="Source">The unit that answers for it.</param>
/// <param name="Value">What it has; null where it is asked for. Of a material, true.</param>
/// <param name="Why">Why it is asked for: one of <see cref="Prefills.Whys"/>; null where it is filled.</param>
/// <param name="AsOf">When its rows came, ISO 8601; null where that is not known.</param>
/// <param name="Grant">Under which grant it was read; null of the handling unit's own data.</param>
public sealed record Prefilled(string Field, string Dataset, string Source, JsonNode? Value, string? Why, string? AsOf, string? Grant)
{
    /// <summary>Whether nothing else counts: it is not typed, and where it is not filled in nobody can apply.</summary>
    public bool IsOnly { get; init; }

    /// <summary>Whether it needs not be asked for.</summary>
    public bool IsFilled => Why is null;

    /// <summary>Whether somebody typed something else than data says, or said why it is not right.</summary>
    /// <param name="typed">What stands in the form's controls; the word of why stands under <c>why:FIELD</c>.</param>
    public bool IsObjected(IReadOnlyDictionary<string, string> typed) => IsFilled && !IsOnly
        && (typed.GetValueOrDefault("why:" + Field, "").Trim().Length > 0 || (typed.GetValueOrDefault(Field, "").Trim() is { Length: > 0 } own && own != Typed));

    /// <summary>As a form's control has it.</summary>
    public string? Typed => Value is null ? null : FormInput.Spread(new JsonObject { ["value"] = Value.DeepClone() }).GetValueOrDefault("value");
}

/// <summary>What an application took from data, for who handles it.</summary>
/// <param name="State">used, objected or asked.</param>
/// <param name="Was">Of an objected one: what the data has, as a text.</param>
/// <param name="Words">Of an objected one: what the applicant says.</param>
/// <param name="Ticket">Of an objected one: the ticket at the data's unit.</param>
public sealed record KeptPrefill(string Field, string Dataset, string State, string? Why, string? GrantId, string? AsOf, string? Was, string? Words, string? Ticket)
{
    internal const string Columns = "field AS Field, dataset AS Dataset, state AS State, why AS Why, grant_id AS GrantId, as_of AS AsOf, was AS Was, words AS Words, ticket AS Ticket";
}
