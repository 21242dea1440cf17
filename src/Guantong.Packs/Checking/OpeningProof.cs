using System.Globalization;
using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>What is published instead of a dataset's rows: whether it says a measure, accounts for each field, and can be computed.</summary>
/// <remarks>rights.md 1 and 3. GB/T 37964-2019 §5: who is to be kept from recognising whom is said before anything is cut away.</remarks>
internal static class OpeningProof
{
    /// <summary>The most combinations of levels that are searched through.</summary>
    private const int MostCombinations = 5000;

    public static IEnumerable<Finding> Of(Pack pack) =>
    [
        .. pack.CodeLists.Where(c => c.Wider is not null).SelectMany(Incomplete),
        .. pack.Datasets.Where(d => d is { Open: "unconditional", Grade: > 1, Opening: null } && !HoldsPersons(pack, d)).Select(d => Finding.Error("graded-opened", d.Origin["open"]!.Mark, d.Id, d.Grade!.Value.ToString(CultureInfo.InvariantCulture))),
        .. pack.Datasets.Where(d => d.Opening is { } o && Names(o).All(n => d.Field(n.Name) is not null)).SelectMany(d => OfDataset(pack, d, d.Opening!)),
    ];

    private static bool HoldsPersons(Pack pack, Dataset dataset) => dataset.Fields.Any(f => f.Personal is not null || RightsProof.IsPerson(pack, f));

    private static IEnumerable<Ref> Names(DeclaredOpening o) => [.. o.Fields.Select(f => f.Field), .. o.Quasi, .. o.Sensitive, .. o.Counts?.By ?? [], .. o.Counts?.Sums ?? [], .. o.Person is { } person ? [person] : Array.Empty<Ref>()];

    private static IEnumerable<Finding> Incomplete(CodeList list) =>
        from value in list.Values
        where !list.Wider!.Of.ContainsKey(value.Code)
        select Finding.Error("wider-incomplete", list.Wider!.List.Mark, list.Id, value.Code, list.Wider.List.Name);

    private static IEnumerable<Finding> OfDataset(Pack pack, Dataset dataset, DeclaredOpening opening)
    {
        if (dataset.Open == "none")
            return [Finding.Error("opening-while-closed", opening.Mark, dataset.Id)];
        if (dataset is { Open: "unconditional", Grade: null or 1 })
            return [Finding.Error("opening-beside-rows", opening.Mark, dataset.Id)];
        if (opening.K is null == opening.Counts is null)
            return [Finding.Error("opening-without-measure", opening.Mark, dataset.Id)];
        var marks = dataset.Origin["opening"]!;
        return
        [
            .. dataset.Open == "unconditional" && (opening.HasSandbox ? marks["sandbox"] : marks["term"]) is { } unasked ? [Finding.Error("opening-unasked", unasked.Mark, dataset.Id)] : Array.Empty<Finding>(),
            .. opening.Fields.SelectMany(f => OfStep(pack, dataset, f)),
            .. Used(opening).Where(f => opening.StepOf(f.Name) is null).Select(f => Finding.Error("opening-without-step", f.Mark, f.Name)),
            .. opening.Counts is { } counts ? OfCounts(pack, dataset, opening, counts) : OfRows(pack, dataset, opening, opening.K!.Value),
        ];
    }

    private static IEnumerable<Ref> Used(DeclaredOpening o) => [.. o.Quasi, .. o.Sensitive, .. o.Counts?.By ?? [], .. o.Counts?.Sums ?? []];

    private static IEnumerable<Finding> OfRows(Pack pack, Dataset dataset, DeclaredOpening opening, int k)
    {
        var marks = dataset.Origin["opening"]!;
        if (k < 2)
            yield return Finding.Error("opening-k-low", marks["k"]!.Mark, $"{k}");
        if (opening.Quasi.Count == 0)
            yield return Finding.Error("opening-without-quasi", marks["k"]!.Mark, dataset.Id);
        if (opening.Sensitive.Count == 0 && (marks["l"] ?? marks["t"]) is { } measure)
            yield return Finding.Error("opening-without-sensitive", measure.Mark, dataset.Id);
        if (opening.L < 2)
            yield return Finding.Error("opening-l-low", marks["l"]!.Mark, $"{opening.L}");
        if (opening.T is <= 0 or > 1)
            yield return Finding.Error("opening-t-beyond", marks["t"]!.Mark, string.Create(CultureInfo.InvariantCulture, $"{opening.T}"));
        foreach (var both in opening.Sensitive.Where(s => opening.Quasi.Any(q => q.Name == s.Name)))
            yield return Finding.Error("opening-both", both.Mark, both.Name);
        foreach (var opened in opening.Fields.Where(f => f.Step.Kind != "drop" && !IsAccounted(dataset, opening, f)))
            yield return Finding.Error("opening-unaccounted", opened.Field.Mark, opened.Field.Name);
        if (Combinations(opening) > MostCombinations)
            yield return Finding.Error("opening-levels-many", marks["quasi"]!.Mark, $"{Combinations(opening)}", $"{MostCombinations}");
        foreach (var finding in OfIdentifiers(pack, dataset, opening))
            yield return finding;
    }

    private static long Combinations(DeclaredOpening opening) => opening.Quasi.Aggregate(1L, (all, q) => Math.Min(all * (opening.StepOf(q.Name)?.Heights ?? 1), int.MaxValue));

    // A field that is neither would identify or tell beside what is measured.
    private static bool IsAccounted(Dataset dataset, DeclaredOpening opening, OpenedField opened) =>
        opening.Quasi.Concat(opening.Sensitive).Any(f => f.Name == opened.Field.Name) || (opened.Step.Kind == "hash" && IsWholeKey(dataset, opened.Field.Name));

    private static bool IsWholeKey(Dataset dataset, string field) => dataset.Key is [var key] && key.Name == field;

    // The person of a row who may have other rows too.
    private static Field? Several(Pack pack, Dataset dataset) =>
        dataset.Key is [var key] && RightsProof.IsPerson(pack, dataset.Field(key.Name)) ? null : dataset.Fields.FirstOrDefault(f => RightsProof.IsPerson(pack, f));

    private static IEnumerable<Finding> OfIdentifiers(Pack pack, Dataset dataset, DeclaredOpening opening)
    {
        foreach (var (name, step) in opening.Fields)
        {
            var field = dataset.Field(name.Name)!;
            var isPerson = RightsProof.IsPerson(pack, field);
            if (step.Kind == "keep" && (isPerson || field.Personal == "contact"))
                yield return Finding.Error("opening-identifier-kept", name.Mark, field.Id);
            // rights.md 1: a pseudonym that stands in several rows is a track of a person.
            if (step.Kind == "hash" && (isPerson || field.Personal is not null) && !IsWholeKey(dataset, field.Id))
                yield return Finding.Error("opening-traces-persons", name.Mark, field.Id);
        }
        // Where a person may have several rows, k rows may be one person.
        if (opening.Person is null && Several(pack, dataset) is { } several)
            yield return Finding.Error("opening-without-person", opening.Mark, several.Id);
    }

    private static IEnumerable<Finding> OfCounts(Pack pack, Dataset dataset, DeclaredOpening opening, OpenedCounts counts)
    {
        var marks = dataset.Origin["opening"]!["counts"]!;
        if (counts.Epsilon <= 0 || counts.Epsilon > counts.Budget)
            yield return Finding.Error("opening-beyond-budget", marks["epsilon"]!.Mark, string.Create(CultureInfo.InvariantCulture, $"{counts.Epsilon}"), string.Create(CultureInfo.InvariantCulture, $"{counts.Budget}"));
        if (counts.Rows < 1 || counts.Small < 0)
            yield return Finding.Error("opening-rows-low", marks.Mark);
        foreach (var by in counts.By.Where(b => opening.StepOf(b.Name) is { } step && !IsClosed(dataset.Field(b.Name)!, step)))
            yield return Finding.Error("opening-values-open", by.Mark, by.Name);
        foreach (var sum in counts.Sums.Where(s => opening.StepOf(s.Name) is not null && dataset.BoundsOf(opening, s.Name) is null))
            yield return Finding.Error("opening-sum-unbounded", sum.Mark, sum.Name);
        foreach (var hashed in counts.By.Where(b => opening.StepOf(b.Name) is { Kind: "keep" or "mask" or "hash" } && (RightsProof.IsPerson(pack, dataset.Field(b.Name)) || dataset.Field(b.Name)!.Personal == "contact")))
            yield return Finding.Error("opening-identifier-kept", hashed.Mark, hashed.Name);
        if (opening.Person is null && Several(pack, dataset) is { } several)
            yield return Finding.Error("opening-without-person", opening.Mark, several.Id);
    }

    // Cells that are told only where somebody is in them would tell that somebody is: all there could be are told.
    private static bool IsClosed(Field field, OpeningStep step) => step.Kind switch
    {
        "region" or "category" or "bands" => true,
        _ when step.Values.Count > 0 => true,
        "bin" => (step.Bottom ?? field.Least) is not null && (step.Top ?? field.Most) is not null,
        "keep" => field.Type == "boolean" || field.OneOf.Count > 0,
        _ => false,
    };

    private static IEnumerable<Finding> OfStep(Pack pack, Dataset dataset, OpenedField opened)
    {
        var (name, step) = opened;
        var field = dataset.Field(name.Name)!;
        var kinds = OpeningReader.KindsOf(dataset.Origin["opening"]!["fields"]![field.Id]!);
        if (kinds.Count > 1)
            return [Finding.Error("opening-steps-several", step.Mark, field.Id, string.Join(", ", kinds))];
        if (!Fits(field, step))
            return [Finding.Error("opening-step-type", step.Mark, field.Id, step.Kind, field.Type)];
        return Rises(pack, field, step) ? [] : [Finding.Error("opening-levels", step.Levels[0].Mark, field.Id, string.Join(", ", step.Levels))];
    }

    // What is sealed is text, whatever it says: a birthday or an income of a person is read off it.
    private static bool Fits(Field field, OpeningStep step) => step.Kind switch
    {
        "keep" or "drop" => (step.Top ?? step.Bottom) is null || IsNumber(field),
        "hash" => field.Type is "string" or "integer",
        "mask" or "region" => field.Type == "string",
        "category" => field is { Type: "string", Codes: not null },
        "date" => field.Type is "date" or "timestamp" || field is { Type: "string", Personal: not null },
        _ => IsNumber(field),
    };

    private static bool IsNumber(Field field) => field.Type is "integer" or "number" || field is { Type: "string", Personal: not null };

    private static bool Rises(Pack pack, Field field, OpeningStep step) => step.Kind switch
    {
        "round" => Numbers(step)[0] > 0,
        "bin" => Numbers(step) is var widths && widths[0] > 0 && widths.Zip(widths.Skip(1)).All(w => w.Second > w.First && w.Second % w.First == 0),
        "bands" => Numbers(step) is var bounds && bounds.Zip(bounds.Skip(1)).All(b => b.First < b.Second),
        "date" => InOrder(step, ["day", "month", "quarter", "year", "decade"]),
        "region" => InOrder(step, ["county", "city", "province"]),
        "category" => InOrder(step, [.. pack.WayUp(field.Codes!.Name).Select(c => c.Id)]),
        _ => true,
    };

    private static List<decimal> Numbers(OpeningStep step) => [.. step.Levels.Select(l => decimal.Parse(l.Name, NumberStyles.Float, CultureInfo.InvariantCulture))];

    private static bool InOrder(OpeningStep step, string[] order) => step.Levels.Select(l => Array.IndexOf(order, l.Name)).ToList() is var places && places[0] >= 0 && places.Zip(places.Skip(1)).All(p => p.First < p.Second);
}
