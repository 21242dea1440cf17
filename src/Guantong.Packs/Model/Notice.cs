using System.Text.RegularExpressions;
using Guantong.Packs.Reading;

namespace Guantong.Packs;

/// <summary>Who is told what when something happens to a case (<c>notices/*.yaml</c>). Where a pack has one on an event for a matter, the platform's own on it is not sent.</summary>
/// <param name="On">One of <see cref="Events"/>.</param>
/// <param name="Matters">For which matters; none for all.</param>
/// <param name="To">Of <see cref="Whom"/>.</param>
/// <param name="By">Of <see cref="Channels"/>.</param>
/// <param name="English">Null where it is said in Chinese alone.</param>
public sealed partial record Notice(string Id, string On, IReadOnlyList<Ref> Matters, IReadOnlyList<string> To, IReadOnlyList<string> By, NoticeText Chinese, NoticeText? English, Node Origin, Mark Mark)
{
    /// <summary>What a notice may be sent on.</summary>
    public static readonly IReadOnlyList<string> Events = ["received", "accepted", "rejected", "redirected", "supplement", "stopped", "resumed", "recounted", "suspended", "terminated", "decided", "served", "appeal", "payment", "refunded", "follow-up", "red"];

    /// <summary>Who may be told.</summary>
    public static readonly IReadOnlyList<string> Whom = ["applicant", "party", "unit", "assignee"];

    /// <summary>How they are told.</summary>
    public static readonly IReadOnlyList<string> Channels = ["inbox", "email", "sms", "messenger"];

    /// <summary>What may stand in subject and text. None of it is personal: notices leave the platform.</summary>
    public static readonly IReadOnlyList<string> Places = ["case.number", "case.title", "matter.name", "unit.name", "task.name", "document.name", "document.number", "due", "ground", "result", "link"];

    /// <summary>What may stand in what goes by sms and messenger.</summary>
    public static readonly IReadOnlyList<string> ShortPlaces = ["case.number"];

    /// <summary>Whether it is for a matter.</summary>
    public bool IsFor(string matter) => Matters.Count == 0 || Matters.Any(m => m.Name == matter);

    /// <summary>A text with its places filled in; a place that nothing is known of is a dash.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string?> facts) => Place().Replace(text, m => facts.GetValueOrDefault(m.Groups[1].Value.Trim()) ?? "—");

    /// <summary>The places of a text that are none of those that may stand there.</summary>
    public static IEnumerable<string> Unknown(string text, IReadOnlyList<string> known) => Place().Matches(text).Select(m => m.Groups[1].Value.Trim()).Where(p => !known.Contains(p)).Distinct();

    [GeneratedRegex(@"\{\{([^{}]*)\}\}")]
    private static partial Regex Place();
}

/// <summary>A notice in one language.</summary>
/// <param name="Short">What goes by sms and messenger; null where the platform's own words do.</param>
public sealed record NoticeText(Ref Subject, Ref Text, Ref? Short);
