using Guantong.Feel;
using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>What a matter has those who applied for it told of next: matters that they can apply for, by what its form asks.</summary>
internal static class NextProof
{
    public static IEnumerable<Finding> Of(Pack pack, Surroundings around) => pack.Matters.SelectMany(m => m.Next.SelectMany(n => OfNext(pack, m, n, around)));

    private static IEnumerable<Finding> OfNext(Pack pack, Matter matter, NextMatter next, Surroundings around)
    {
        if (matter.StartBy != "application")
        {
            yield return Finding.Error("next-start", next.Matter.Mark, matter.Name);
            yield break;
        }
        // A pack that is not at hand may not be in force either: then nobody is told of it.
        if (next.Pack is null || around.Other?.Invoke(next.Pack) is not null)
        {
            var home = next.Pack is null ? pack : around.Other!(next.Pack)!;
            if (home.Matter(next.Name) is not { } found)
                yield return NamesProof.Unknown("matter", next.Matter.Mark, next.Name, home.Matters.Select(m => m.Id));
            else if (found == matter || found.StartBy != "application" || found.Face == "governance")
                yield return Finding.Error("next-matter", next.Matter.Mark, found.Name);
        }
        if (next.When is not { } when)
            yield break;
        var fields = matter.Form is { } form && pack.Forms.TryGetValue(form.Name, out var schema) ? FormReader.Fields(schema) : [];
        var reading = FeelExpression.Parse(when.Name, fields);
        if (reading.Expression is not { } condition)
            yield return Finding.Error("next-when", when.Mark, reading.Fault!.Code);
        else
        {
            foreach (var name in FormReader.Unknown(condition, fields))
                yield return NamesProof.Unknown("field", when.Mark, name, fields);
        }
    }
}
