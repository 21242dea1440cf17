using System.Globalization;

namespace Guantong.Packs.Checking;

/// <summary>What the catalogue is told: data that is not shared names its basis, and fields agree with the element and the code list that they name.</summary>
/// <remarks>政务信息资源共享管理暂行办法 §10: whoever does not share says by which law, regulation or policy of the Party Central Committee or the State Council.</remarks>
internal static class ListingProof
{
    public static IEnumerable<Finding> Of(Pack pack) =>
    [
        .. pack.Datasets.Where(d => d is { Share: "none", Listing.Basis: null }).Select(d => Finding.Error("not-shared-without-basis", d.Origin["share"]!.Mark, d.Id)),
        .. pack.Datasets.SelectMany(d => d.Fields.SelectMany(f => OfField(pack, d, f))),
    ];

    private static IEnumerable<Finding> OfField(Pack pack, Dataset dataset, Field field)
    {
        var element = pack.Elements.FirstOrDefault(e => e.Id == field.Element?.Name);
        if (field.Codes is { } codes && dataset.Origin["fields"]?[field.Id]?["one-of"] is not null)
            yield return Finding.Error("codes-and-one-of", codes.Mark, field.Id);
        if (element is null)
            yield break;
        foreach (var (what, own, wanted) in Compared(field, element).Where(c => c.Own != c.Wanted))
            yield return Finding.Error("field-against-element", field.Element!.Mark, field.Id, what, own, element.Id, wanted);
    }

    private static IEnumerable<(string What, string Own, string Wanted)> Compared(Field field, DataElement element) =>
    [
        ("type", field.Type, element.Type),
        // What the field leaves out is the element's, what the element leaves out is the field's.
        .. field.Unit is { } unit && element.Unit is { } agreed ? [("unit", unit, agreed)] : ((string, string, string)[])[],
        .. field.Least is not null && element.Least is not null ? [("range", Range(field.Least, field.Most), Range(element.Least, element.Most))] : ((string, string, string)[])[],
        .. field.Codes is { } codes && element.Codes is { } list ? [("codes", codes.Name, list.Name)] : ((string, string, string)[])[],
    ];

    private static string Range(decimal? least, decimal? most) => string.Create(CultureInfo.InvariantCulture, $"[{least}, {most}]");
}
