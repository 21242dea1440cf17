namespace Guantong.Packs;

/// <summary>Where and how a matter is done in person.</summary>
/// <param name="Kind">The kind of place, one of <see cref="Kinds"/>.</param>
/// <param name="Bring">What to bring beside the matter's materials.</param>
/// <param name="Book">How one comes by appointment; null where one just comes.</param>
public sealed record InPerson(string Kind, IReadOnlyList<string> Bring, BookingRule? Book, Mark Mark)
{
    /// <summary>The kinds of places: service halls (政务服务大厅), sports grounds, places of culture, of health, of care, schools.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["hall", "sports", "culture", "health", "care", "school"];
}

/// <summary>How one comes by appointment (预约).</summary>
/// <param name="Every">How long a slot is.</param>
/// <param name="AtOnce">How many people one slot takes; a place takes no more than it has counters.</param>
/// <param name="Ahead">On how many days from today on there are slots, beside today.</param>
public sealed record BookingRule(TimeSpan Every, int AtOnce, int Ahead);

/// <summary>A question that people ask about a matter, and its answer.</summary>
public sealed record MatterQuestion(string Question, string Answer, Mark Mark);
