using Guantong.Feel;
using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>Guides: their questions are what the decision asks for, and every way through them ends at a matter that can be applied for, or says that none fits.</summary>
internal static class GuideProof
{
    // Whoever has to answer that much is not led.
    private const int MostWays = 512;

    /// <param name="told">Where other faults of matters stand: what cannot be opened is told once.</param>
    public static IEnumerable<Finding> Of(Pack pack, IReadOnlySet<Mark> told) => [.. NamesProof.Twice("guide", pack.Guides.Select(g => (g.Id, g.Mark))), .. pack.Guides.SelectMany(g => OfGuide(pack, g, told))];

    private static IReadOnlyList<Finding> OfGuide(Pack pack, Guide guide, IReadOnlySet<Mark> told)
    {
        if (!pack.Decisions.TryGetValue(guide.File, out var file))
            return [NamesProof.Unknown("decision", guide.Decision.Mark, guide.Decision.Name, pack.Decisions.Values.SelectMany(d => d.Model.Decisions.Select(x => $"{d.Path}#{x.Id}")))];
        if (file.Model.Decisions.FirstOrDefault(d => d.Id == guide.DecisionId) is not { } decision)
            return [NamesProof.Unknown("decision", guide.Decision.Mark, guide.Decision.Name, file.Model.Decisions.Select(x => $"{file.Path}#{x.Id}"))];
        var asked = guide.Questions.Select(q => q.Ask.Name).ToList();
        Finding[] names =
        [
            .. NamesProof.Twice("question", guide.Questions.Select(q => (q.Ask.Name, q.Mark))),
            .. guide.Questions.Where(q => !decision.Inputs.Contains(q.Ask.Name)).Select(q => Finding.Error("guide-input", q.Ask.Mark, q.Ask.Name, string.Join(", ", decision.Inputs))),
            .. decision.Inputs.Except(asked).Select(i => Finding.Error("guide-unasked", guide.Mark, i)),
            .. guide.Questions.SelectMany((q, i) => q.When is { } when ? Condition(when, [.. asked.Take(i)]) : []),
        ];
        return names.Length > 0 ? names : Ways(pack, guide, told);
    }

    private static IEnumerable<Finding> Condition(Ref when, IReadOnlyList<string> earlier)
    {
        if (FeelExpression.Parse(when.Name).Expression is not { } condition)
            return [Finding.Error("guide-when", when.Mark, when.Name)];
        return FormReader.Unknown(condition, earlier).Select(name => Finding.Error("guide-when", when.Mark, name));
    }

    private static IReadOnlyList<Finding> Ways(Pack pack, Guide guide, IReadOnlySet<Mark> told)
    {
        var services = pack.Matters.Where(m => m.Face != "governance" && (m.StartBy == "application" || told.Contains(m.Mark))).Select(m => m.Id).ToList();
        var findings = new List<Finding>();
        var ways = 0;
        foreach (var way in guide.Ways(new Dictionary<string, string>()))
        {
            if (++ways > MostWays)
                return [Finding.Error("guide-long", guide.Mark, guide.Name, $"{MostWays}")];
            var outcome = guide.Decide(pack, way);
            foreach (var matter in Guide.Matters(outcome).Except(services))
                findings.Add(Finding.Error("guide-leads-nowhere", guide.Decision.Mark, string.Join("、", way.Values), matter, Nearest.To(matter, services)));
        }
        return [.. findings.DistinctBy(f => f.Args[1])];
    }
}
