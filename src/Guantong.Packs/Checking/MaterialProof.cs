using Guantong.Feel;
using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>Materials of matters: each once, their conditions over fields that the form has, what stands in for them among the matter's needs.</summary>
internal static class MaterialProof
{
    public static IEnumerable<Finding> Of(Pack pack) => pack.Matters.SelectMany(m => OfMatter(pack, m));

    private static IEnumerable<Finding> OfMatter(Pack pack, Matter matter)
    {
        var fields = matter.Form is { } form && pack.Forms.TryGetValue(form.Name, out var schema) ? FormReader.Fields(schema) : [];
        return
        [
            .. NamesProof.Twice("material", matter.Materials.Select(m => (m.Id, m.Mark))),
            // Of a joint, what its parts ask for is proved with them.
            .. matter.Materials.Where(m => IsOwn(matter, m)).SelectMany(m => m.When is { } when ? Condition(when, fields) : []),
            .. matter.Materials.Where(m => IsOwn(matter, m) && m.From is { } from && matter.Needs.All(n => n.Data.Name != from.Name)).Select(m => Finding.Error("material-from", m.From!.Mark, m.Name, m.From.Name)),
            .. matter.Materials.Where(m => IsOwn(matter, m) && m.From is not null && (m.Omit is not null || m.Promise is not null)).Select(m => Finding.Error("material-free", m.Mark, m.Name)),
        ];
    }

    private static bool IsOwn(Matter matter, Material material) => matter.Joint is null || matter.Origin.List("materials").Any(n => n.Mark == material.Mark);

    private static IEnumerable<Finding> Condition(Ref when, IReadOnlyList<string> fields)
    {
        var reading = FeelExpression.Parse(when.Name, fields);
        if (reading.Expression is not { } condition)
            return [Finding.Error("material-when", when.Mark, reading.Fault!.Code)];
        return FormReader.Unknown(condition, fields).Select(name => NamesProof.Unknown("field", when.Mark, name, fields));
    }
}
