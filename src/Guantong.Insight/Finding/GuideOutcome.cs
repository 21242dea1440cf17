using Guantong.Decisions.Explaining;
using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>Where guided questions led.</summary>
/// <param name="Matters">The matters that fit; none where nothing does.</param>
/// <param name="Why">The rules that led there, in a reader's words.</param>
public sealed record GuideOutcome(IReadOnlyList<Matter> Matters, Explanation Why)
{
    /// <summary>What answers to all that is asked lead to.</summary>
    public static GuideOutcome Of(Pack pack, Guide guide, IReadOnlyDictionary<string, string> answers, string lang)
    {
        var outcome = guide.Decide(pack, answers);
        // The table names matters by their ids; a reader reads their names.
        return new GuideOutcome([.. Guide.Matters(outcome).Select(pack.Matter).OfType<Matter>()], Explanation.Of(outcome, lang, text => pack.Say(lang, pack.Matter(text)?.Name ?? text)));
    }
}
