using Guantong.Data;
using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>What is wished of a search.</summary>
/// <param name="Words">What is looked for; empty for all there is.</param>
/// <param name="Kind">service, guide, screen, dataset or channel; null for all.</param>
/// <param name="Subject">Of the pack language's categories.</param>
/// <param name="Unit">Id of the unit that leads it.</param>
/// <param name="Region">Where the visitor is: what is offered there comes first.</param>
/// <param name="Audience">person or business.</param>
/// <param name="Event">Id of a <see cref="LifeEvent"/>.</param>
public sealed record FindWish(string Words = "", string? Kind = null, string? Subject = null, string? Unit = null, string? Region = null, string? Audience = null, string? Event = null, int Skip = 0, int Take = 10)
{
    /// <summary>The longest words, in characters; what is beyond is not read.</summary>
    public const int Longest = FindText.Longest;
}

/// <summary>A thing that was found.</summary>
/// <param name="Kind">service, guide, screen, dataset or channel.</param>
/// <param name="Key">kind:pack/id, by which it is opened.</param>
/// <param name="Address">Where it stands on the Portal.</param>
/// <param name="Name">With what was looked for marked.</param>
/// <param name="IsOffered">Whether it is offered in the region that was asked for; true where none was.</param>
/// <param name="Limit">Of a service: its time limit as the pack has it.</param>
public sealed record Found(string Kind, string Pack, string Id, string Key, string Address, IReadOnlyList<MarkedText> Name, IReadOnlyList<MarkedText> About, bool IsOffered, string? Limit, string? Fee)
{
    /// <summary>Its name, plain.</summary>
    public string Title => string.Concat(Name.Select(n => n.Text));
}

/// <summary>Things of one kind.</summary>
/// <param name="Total">How many there are; <paramref name="Items"/> is a page of them.</param>
public sealed record FoundKind(string Kind, int Total, IReadOnlyList<Found> Items);

/// <summary>A value that what was found can be narrowed by.</summary>
public sealed record FoundFacet(string Value, string Name, int Count);

/// <summary>An answer to a question, quoted from what a matter declares.</summary>
/// <param name="Field">materials, time, fee, where, who, result, appeal, basis, how; text: a passage.</param>
/// <param name="Matter">The matter's name.</param>
/// <param name="Address">Where the passage stands.</param>
/// <param name="Lines">What is quoted.</param>
public sealed record FoundAnswer(string Field, string Matter, string Address, string Says, IReadOnlyList<string> Lines);

/// <summary>What was found.</summary>
/// <param name="Words">What was looked for.</param>
/// <param name="Understood">What was looked for instead, where words were misspelt or in pinyin; null where they were taken as they are.</param>
/// <param name="Kinds">What was found, by kind, the kind of the best first.</param>
/// <param name="Answer">An answer, where a question was asked that what is declared answers.</param>
/// <param name="IsQuestion">Whether a question was asked.</param>
/// <param name="Offers">Where nothing was found: names that come near.</param>
public sealed record FoundPage(string Words, string? Understood, IReadOnlyList<FoundKind> Kinds, FoundAnswer? Answer, bool IsQuestion, IReadOnlyList<string> Offers, IReadOnlyList<FoundFacet> Subjects, IReadOnlyList<FoundFacet> Units, IReadOnlyList<FoundFacet> Audiences, IReadOnlyList<FoundFacet> Events)
{
    /// <summary>How many in all.</summary>
    public int Total => Kinds.Sum(k => k.Total);

    /// <summary>Those of a kind.</summary>
    public FoundKind Of(string kind) => Kinds.FirstOrDefault(k => k.Kind == kind) ?? new FoundKind(kind, 0, []);
}
