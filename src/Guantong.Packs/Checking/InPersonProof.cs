namespace Guantong.Packs.Checking;

/// <summary>What is done in person: only of matters that are applied for, and with slots that take somebody. Questions are asked once.</summary>
internal static class InPersonProof
{
    private const int Most = 999;

    public static IEnumerable<Finding> Of(Pack pack) =>
    [
        .. pack.Matters.Where(m => m.InPerson is not null && m.StartBy != "application").Select(m => Finding.Error("in-person-start", m.InPerson!.Mark, m.Name)),
        .. pack.Matters.Where(m => m.InPerson?.Book is { AtOnce: < 1 or > Most }).Select(m => Finding.Error("book-at-once", m.Origin["in-person"]!["book"]!["at-once"]!.Mark, m.Origin["in-person"]!["book"]!["at-once"]!.Text ?? "…", $"{Most}")),
        .. pack.Matters.SelectMany(m => NamesProof.Twice("question", m.Questions.Select(q => (q.Question, q.Mark)))),
    ];
}
