using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>What the catalogue is told: bases, shared elements and code lists.</summary>
internal static class Listings
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Permit("datasets/applicant-last.yaml", "\nbasis: 个人信息保护法第六条、第二十五条", "", "not-shared-without-basis", 4, 8),

        // elements and code lists
        Permit("datasets/stall.yaml", "codes: district", "codes: distrikt", "unknown-codes", 11, 63),
        Permit("datasets/stall.yaml", "element: area", "element: aria", "unknown-element", 12, 71),
        Permit("datasets/stall.yaml", "codes: district", "codes: district, one-of: [A]", "codes-and-one-of", 11, 63),
        Permit("datasets/stall.yaml", "{type: number, name: 面积", "{type: integer, name: 面积", "field-against-element", 12, 72),
        Permit("datasets/stall.yaml", "unit: m², range: [1, 50]", "unit: ha, range: [1, 50]", "field-against-element", 12, 71),
        Permit("datasets/stall.yaml", "range: [1, 50]", "range: [1, 60]", "field-against-element", 12, 71),
        Permit("elements/size.yaml", "codes: size", "codes: sizes", "unknown-codes", 4, 8),
        Permit("codes/sizes.yaml", "", "codes: size\nname: 又一份\nvalues: {S: 小}\n", "duplicate-name", 1, 1),
        Permit("elements/size.yaml", "element: size", "element: area", "duplicate-name", 1, 1),
        Permit("codes/size.yaml", "{S: 小, L: 大}", "{}", "wrong-count", 3, 9),

        // organisations that are known again in other datasets
        Permit("datasets/stall.yaml", "key: [code]", "organisation: {name: code, phone: fone}\nkey: [code]", "unknown-field", 8, 35),
        Permit("datasets/stall.yaml", "key: [code]", "organisation: {name: code, address: area}\nkey: [code]", "organisation-not-text", 8, 37),
        Permit("datasets/stall.yaml", "key: [code]", "organisation: {name: code}\nkey: [code, region]", "organisation-key", 8, 15),
        Permit("datasets/applicant.yaml", "key: [id]", "organisation: {name: phone}\nkey: [id]", "organisation-of-persons", 9, 15),
        Permit("datasets/application.yaml", "feed: {from: manual}", "organisation: {name: number}\nfeed: {from: manual}", "organisation-of-persons", 15, 15),
    ];
}
