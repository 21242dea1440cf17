using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Portal.Services;

/// <summary>How it is said from where something is filled in.</summary>
internal static class PrefilledWords
{
    /// <summary>The dataset, the unit that answers for it, and as of when.</summary>
    public static string From(this Prefilled known, Visit visit, Pack pack, SharedThings things, Jurisdiction land)
    {
        var (called, unit) = (things.Called(pack, known.Dataset, visit.Lang), land.Units.Find(known.Source)?.Say(visit.Lang) ?? known.Source);
        return known.AsOf is { } asOf ? visit.Say("prefill.source", called, unit, Visit.Moment(asOf, land.Offset)) : visit.Say("prefill.source-undated", called, unit);
    }

    /// <summary>How many fields are filled in, and whose data that is where it is another's.</summary>
    public static string About(int count, IReadOnlyList<Principal> principals, IReadOnlyDictionary<string, string> typed, Visit visit) =>
        principals.Skip(1).FirstOrDefault(p => p.Id == typed.GetValueOrDefault("for")) is { } other ? visit.Say("prefill.about-of", count, other.Name) : visit.Say("prefill.about", count);
}
