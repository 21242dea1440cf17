namespace Guantong.Work;

/// <summary>How an applicant rates what was done for them (好差评), and what became of it.</summary>
/// <param name="Unit">The unit that is rated: the one that finished the case's last task. Never an official.</param>
/// <param name="Level">5 very satisfied, 4 satisfied, 3 fairly satisfied, 2 not satisfied, 1 not at all (GB/T 39735).</param>
/// <param name="State">counted: no loop is needed; open: the unit has to look into it; answered: the applicant says whether that will do; review: the reviewing office decides; closed; set-aside: found to be a mistake, and not counted.</param>
/// <param name="Due">Until when the unit or the applicant is waited for.</param>
/// <param name="Satisfied">What the applicant last said to an answer; null before, and where they let it pass.</param>
public sealed record ServiceRating(string Number, string Title, string Pack, string Matter, string Region, string Unit, long Level, string State, string? Due, long Rounds, bool? Satisfied, string Rated, string? Ended, IReadOnlyList<RatingStep> Steps)
{
    /// <summary>The worst level that needs no loop.</summary>
    public const int Fair = 3;

    /// <summary>Whether it is a bad rating (差评).</summary>
    public bool IsBad => Level < Fair;
}

/// <summary>A step of the loop: what was done, by which unit (null: the applicant), and what was said.</summary>
/// <param name="What">rated, mended, explained, doubted, satisfied, unsatisfied, set-aside, returned or concluded.</param>
public sealed record RatingStep(string At, string What, string? Unit, IReadOnlyList<string> Reasons, string? Words);

/// <summary>What an applicant gives.</summary>
/// <param name="Reasons">Of <see cref="ServiceRatings.Reasons"/>; may be none.</param>
public sealed record GivenRating(int Level, IReadOnlyList<string>? Reasons = null, string? Words = null);

/// <summary>What became of the ratings of a unit or a matter.</summary>
/// <param name="Count">Ratings that count.</param>
/// <param name="Good">Those of 3 and above (好评).</param>
/// <param name="Bad">Those below (差评).</param>
/// <param name="Open">Bad ones that wait for the unit or for review; of these <paramref name="Overdue"/> past their day.</param>
/// <param name="InTime">Of the bad ones that were answered, those answered by their day.</param>
/// <param name="Satisfied">Of the bad ones whose applicant said so, those who are satisfied with what was done.</param>
public sealed record RatingFigures(string Key, long Count, long Good, long Bad, long Open, long Overdue, double? InTime, double? Satisfied)
{
    /// <summary>The share of good ratings (好评率), or null where there is none.</summary>
    public double? Rate => Count == 0 ? null : (double)Good / Count;
}
