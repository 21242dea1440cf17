using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>A line of an answer.</summary>
/// <param name="Member">The value of the dimension that it is of; empty for the whole.</param>
/// <param name="Value">In the indicator's unit; null where there is no figure.</param>
/// <param name="Rows">How many rows it rests on.</param>
/// <param name="Before">The figure that it is held against.</param>
/// <param name="Change">In percent; in points where the unit is percent itself.</param>
public sealed record AnswerLine(string Region, string Member, AskedTime Time, double? Value, long Rows = 0, double? Before = null, double? Change = null);

/// <summary>What an indicator answers to a question.</summary>
/// <param name="Time">The days that it is about; null where there is no figure at all.</param>
/// <param name="Against">The days that figures are held against; null for none, and where each line has its own.</param>
/// <param name="IsComputed">Whether the figures were computed from rows for these very days, no period's figures being for them.</param>
/// <param name="Lines">What was asked for, in its order.</param>
/// <param name="Of">How many lines there were before bounds and limit.</param>
/// <param name="Series">The course over time of a single region, for a picture.</param>
/// <param name="Steps">The period of <paramref name="Series"/>.</param>
/// <param name="Note">Why there are no lines, or other ones than were asked for: its key among this room's texts; null for nothing to say.</param>
public sealed record FigureAnswer(Pack Pack, Indicator Indicator, Wish Wish, AskedTime? Time, AskedTime? Against, bool IsComputed, IReadOnlyList<AnswerLine> Lines, int Of, IReadOnlyList<Figure> Series, string Steps, string? Note)
{
    /// <summary>Whether figures are percents, whose changes are points.</summary>
    public bool IsShare => Indicator.Unit.StartsWith('%');

    /// <summary>Whether what was asked is one figure of one region.</summary>
    public bool IsOne => Wish.By == "whole" && Lines.Count == 1;
}

/// <summary>A question, what was understood of it, and the answers.</summary>
/// <param name="Faults">Pieces that were given and mean nothing.</param>
public sealed record AnsweredQuestion(Understood Understood, IReadOnlyList<(string Name, string Text)> Faults, IReadOnlyList<FigureAnswer> Answers)
{
    /// <summary>What rows answer, where the question is about these.</summary>
    public RowsAnswer? Rows { get; init; }
}
