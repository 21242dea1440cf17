using Guantong.Feel;
using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>How applications are accepted, and what is sorted to a matter: both are of matters that are applied for, and what was said has a field to go to.</summary>
internal static class ReceptionProof
{
    public static IEnumerable<Finding> Of(Pack pack) => pack.Matters.SelectMany(m => OfMatter(pack, m));

    private static IEnumerable<Finding> OfMatter(Pack pack, Matter matter)
    {
        if ((matter.Accept is not null || matter.Sort is not null) && matter.StartBy != "application")
            yield return Finding.Error("reception-start", (matter.Origin["accept"] ?? matter.Origin["sort"])!.Mark, matter.Name);
        if (matter.Sign && (matter.StartBy != "application" || matter.Form is null))
            yield return Finding.Error("sign-start", matter.Origin["sign"]!.Mark, matter.Name);
        if (matter.FollowUp is { Share: < 1 or > 100 })
            yield return Finding.Error("follow-up-share", matter.Origin["follow-up"]!["share"]!.Mark, matter.Origin["follow-up"]!["share"]!.Text ?? "…");
        if (matter.Sort is not { } sort)
            yield break;
        var fields = matter.Form is { } form && pack.Forms.TryGetValue(form.Name, out var schema) ? FormReader.Texts(schema) : [];
        if (!fields.Contains(sort.Field.Name))
            yield return Finding.Error("sort-field", sort.Field.Mark, sort.Field.Name, string.Join(", ", fields));
        if (sort.When is not { } when)
            yield break;
        if (FeelExpression.Parse(when.Name, Sorting.Names) is not { Expression: { } condition })
            yield return Finding.Error("sort-when", when.Mark, when.Name);
        else
        {
            foreach (var name in FormReader.Unknown(condition, Sorting.Names))
                yield return NamesProof.Unknown("field", when.Mark, name, Sorting.Names);
        }
    }
}
