using static Guantong.Packs.Reading.Shape;

namespace Guantong.Packs.Reading;

/// <summary>The shape of a dataset's <c>opening</c>.</summary>
internal static class OpeningForm
{
    private static readonly Words Id = new("[a-z][a-z0-9]*(-[a-z0-9]+)*", "education-group");
    private static readonly Words FieldId = new("[a-z][a-z0-9_]*", "birth");
    private static readonly Words Percent = new(@"[0-9]{1,2}(\.[0-9]{1,4})?%", "5%");
    private static readonly Words Epsilon = new(@"[0-9]{1,3}(\.[0-9]{1,4})?", "0.5");
    private static readonly Words Text = new();
    private static readonly Words Duration = new(@"P([0-9]{1,4}Y|[0-9]{1,4}M|[0-9]{1,4}D)", "P1M");

    private static readonly Form Step = new("What becomes of a field's values; levels stand from fine to coarse, and the search goes up as far as it must.",
    [
        new("mask", new Words("id-number|name|phone|address|email|(first|last) [1-9][0-9]?", "phone"), false, "All but a part is hidden: id-number keeps the province, name the family name, phone the first three digits, address the division, email the domain; first 4, last 4 keep so many characters."),
        new("round", new Number(), false, "Numbers to the nearest multiple."),
        new("bin", new ListOf(new Number(), 1, Once: true), false, "Numbers into ranges of these widths, each a multiple of the one before."),
        new("bands", new ListOf(new Number(), 2, Once: true), false, "Numbers into ranges that begin at these bounds, such as ages of 0, 18 and 60."),
        new("date", new ListOf(new OneOf(["day", "month", "quarter", "year", "decade"]), 1, Once: true), false, "Dates cut down."),
        new("region", new ListOf(new OneOf(["county", "city", "province"]), 1, Once: true), false, "Region codes to those above them (GB/T 2260)."),
        new("category", new ListOf(Id, 1, Once: true), false, "Codes told by a code list that the field's own leads to by wider; the own one first where it may be told as it is."),
        new("or-any", new Truth(), false, "The search may go on to tell nothing of it (*)."),
        new("top", new Number(), false, "Numbers above count as this one."),
        new("bottom", new Number(), false, "Numbers below count as this one."),
        new("values", new ListOf(Text, 1, Once: true), false, "counts: the values there are, where no code list, bands or bounds say so."),
    ]);

    public static readonly Form Opening = new("What is published instead of the rows: rows made anonymous (k), or counts with noise (counts).",
    [
        new("fields", new MapOf(FieldId, new ScalarOr(new OneOf(["keep", "drop", "hash"]), Step), 1), true, "field → its step. keep: as it is; drop: not at all, as every field that is not named; hash: a pseudonym under a key that is thrown away."),
        new("quasi", new ListOf(FieldId, 1, Once: true), false, "Fields that together could point to somebody who is known from elsewhere."),
        new("sensitive", new ListOf(FieldId, 1, Once: true), false, "Fields whose value nobody shall learn of somebody."),
        new("k", new Number(Whole: true), false, "So many persons at least share each combination of the quasi-identifiers."),
        new("l", new Number(Whole: true), false, "So diverse at least is each sensitive field among them."),
        new("l-by", new OneOf(["distinct", "entropy", "frequent"]), false, "distinct: so many different values; entropy: their entropy is at least log l; frequent: none is had by more than 1/l of them. distinct when left out."),
        new("t", new Number(), false, "So far at most is the distribution of each sensitive field among them from that of all, 0 to 1."),
        new("suppress", Percent, false, "The greatest share of rows that may be left out; none when left out."),
        new("counts", new Form("Counts and sums with noise (differential privacy).",
        [
            new("by", new ListOf(FieldId, 1, Once: true), true, "The fields that a cell is made of."),
            new("sums", new ListOf(FieldId, 1, Once: true), false, "Fields that are summed up, between bottom and top of their step or their range."),
            new("epsilon", Epsilon, true, "What one publication spends."),
            new("budget", Epsilon, true, "What all publications together may spend."),
            new("small", new Number(Whole: true), false, "Cells of fewer are not told; 5 when left out."),
            new("rows", new Number(Whole: true), false, "How many rows of one person count; 1 when left out."),
        ]), false, "Counts and sums with noise, in place of rows."),
        new("person", FieldId, false, "The field that tells persons apart, where one may have several rows."),
        new("every", Duration, false, "How often it is computed anew where the rows have changed; rows: once a day when left out, counts: when somebody asks."),
        new("term", Duration, false, "open: conditional: for how long at most it is given to one applicant; P1Y when left out."),
        new("sandbox", new Truth(), false, "open: conditional: approved applicants may ask the raw rows by SQL whose results are looked at before they leave; personal fields are not there."),
    ]);
}
