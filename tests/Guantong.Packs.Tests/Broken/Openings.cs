using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>What is published instead of rows: unmeasured, unaccounted for, or not to be computed.</summary>
internal static class Openings
{
    private const string Rows = "datasets/resident.yaml";
    private const string Counts = "datasets/resident-counts.yaml";

    private static readonly string Doubling = string.Join(", ", Enumerable.Range(0, 20).Select(i => 1 << i));

    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Permit("datasets/stall.yaml", "grade: 1", "grade: 2", "graded-opened", 5, 7),

        // code lists that lead to coarser ones
        Permit("codes/size.yaml", "values: {S: 小, L: 大}", "values: {S: 小, L: 大}\nwider: {list: kind, of: {S: all, L: al}}", "unknown-code", 4, 37),
        Permit("codes/size.yaml", "values: {S: 小, L: 大}", "values: {S: 小, L: 大}\nwider: {list: kinds, of: {S: all, L: all}}", "unknown-codes", 4, 15),
        Permit("codes/education.yaml", "of: {\"10\": high, ", "of: {", "wider-incomplete", 4, 15),

        // whether there is an opening, and of what kind
        Permit(Rows, "open: unconditional", "open: none", "opening-while-closed", 21, 3),
        Permit("datasets/stall.yaml", "feed:", "opening: {fields: {area: keep}, quasi: [area], k: 5}\nfeed:", "opening-beside-rows", 13, 10),
        Permit(Rows, "  k: 5\n", "", "opening-without-measure", 21, 3),
        Permit(Counts, "  person: person\n", "  person: person\n  k: 5\n", "opening-without-measure", 19, 3),

        Permit(Rows, "  k: 5\n", "  k: 5\n  sandbox: true\n", "opening-unasked", 32, 12),
        Permit(Rows, "  k: 5\n", "  k: 5\n  term: P6M\n", "opening-unasked", 32, 9),

        // names
        Permit(Rows, "quasi: [region,", "quasi: [regoin,", "unknown-field", 29, 11),
        Permit(Rows, "sensitive: [income, aid]", "sensitive: [income, aids]", "unknown-field", 30, 23),
        Permit(Rows, "    birth:     {date: [year, decade]}\n", "", "opening-without-step", 28, 19),
        Permit(Counts, "    kind:   keep\n", "    kind:   drop\n", "opening-without-step", 25, 30),

        // measures
        Permit(Rows, "k: 5", "k: 1", "opening-k-low", 31, 6),
        Permit(Rows, "l: 2", "l: 1", "opening-l-low", 32, 6),
        Permit(Rows, "t: 0.5", "t: 1.5", "opening-t-beyond", 33, 6),
        Permit(Rows, "  quasi: [region, birth, education]\n  sensitive: [income, aid]\n", "  sensitive: [region, birth, education, income, aid]\n", "opening-without-quasi", 30, 6),
        Permit(Rows, "  quasi: [region, birth, education]\n  sensitive: [income, aid]\n", "  quasi: [region, birth, education, income, aid]\n", "opening-without-sensitive", 31, 6),
        Permit(Rows, "quasi: [region, birth, education]", "quasi: [region, birth, education, aid]", "opening-both", 30, 23),
        Permit(Rows, "quasi: [region, birth, education]", "quasi: [region, birth]", "opening-unaccounted", 26, 5),
        Permit(Rows, "    phone:     drop", "    phone:     {mask: phone}", "opening-unaccounted", 23, 5),

        // persons
        Permit(Rows, "    phone:     drop\n    region:    {region: [county, city, province], or-any: true}\n    birth:     {date: [year, decade]}\n    education: {category: [education, education-group]}\n    income:    {bin: [1000, 5000], top: 50000}\n    aid:       keep\n  quasi: [region,",
            "    phone:     keep\n    region:    {region: [county, city, province], or-any: true}\n    birth:     {date: [year, decade]}\n    education: {category: [education, education-group]}\n    income:    {bin: [1000, 5000], top: 50000}\n    aid:       keep\n  quasi: [phone, region,", "opening-identifier-kept", 23, 5),
        Permit(Counts, "    kind:   keep\n    amount: keep\n  person: person\n  counts: {by: [region, age, kind]", "    kind:   keep\n    person: {values: [\"1\"]}\n    amount: keep\n  person: person\n  counts: {by: [region, age, kind, person]", "opening-identifier-kept", 26, 36),
        Permit(Rows, "    phone:     drop\n    region:    {region: [county, city, province], or-any: true}\n    birth:     {date: [year, decade]}\n    education: {category: [education, education-group]}\n    income:    {bin: [1000, 5000], top: 50000}\n    aid:       keep\n  quasi: [region,",
            "    phone:     hash\n    region:    {region: [county, city, province], or-any: true}\n    birth:     {date: [year, decade]}\n    education: {category: [education, education-group]}\n    income:    {bin: [1000, 5000], top: 50000}\n    aid:       keep\n  quasi: [phone, region,", "opening-traces-persons", 23, 5),
        Permit(Counts, "  person: person\n", "", "opening-without-person", 19, 3),

        // steps
        Permit(Rows, "{bin: [1000, 5000], top: 50000}", "{bin: [1000, 5000], round: 10}", "opening-steps-several", 27, 16),
        Permit(Rows, "{date: [year, decade]}", "{bin: [10]}", "opening-step-type", 25, 16),
        Permit(Rows, "{region: [county, city, province], or-any: true}", "{category: [education]}", "opening-step-type", 24, 16),
        Permit(Rows, "bin: [1000, 5000]", "bin: [1000, 2500]", "opening-levels", 27, 23),
        Permit(Rows, "date: [year, decade]", "date: [year, quarter]", "opening-levels", 25, 24),
        Permit(Rows, "category: [education, education-group]", "category: [education, size]", "opening-levels", 26, 28),
        Permit(Counts, "bands: [0, 18, 60]", "bands: [0, 60, 18]", "opening-levels", 21, 22),
        Permit(Rows, "income:    {bin: [1000, 5000], top: 50000}\n    aid:       keep\n  quasi: [region, birth, education]\n  sensitive: [income, aid]",
            $"income:    {{bin: [{Doubling}]}}\n    age: {{bin: [{Doubling}]}}\n    aid:       keep\n  quasi: [region, birth, education, income, age]\n  sensitive: [aid]", "opening-levels-many", 30, 10),

        // counts
        Permit(Counts, "epsilon: 0.5", "epsilon: 3", "opening-beyond-budget", 25, 62),
        Permit(Counts, "rows: 2", "rows: 0", "opening-rows-low", 25, 11),
        Permit(Counts, "name: 类别, one-of: [临时, 长期]", "name: 类别", "opening-values-open", 25, 30),
        Permit(Counts, "unit: 元, range: [0, 5000]", "unit: 元", "opening-sum-unbounded", 25, 44),
    ];
}
