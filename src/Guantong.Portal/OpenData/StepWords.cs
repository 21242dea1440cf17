using System.Globalization;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Portal.OpenData;

/// <summary>What was done to a dataset before it was published, and what is left of risk, in plain words.</summary>
internal static class StepWords
{
    /// <summary>Each published field by its name, with what became of its values.</summary>
    public static IEnumerable<(string Id, string Name, string Step)> Steps(OpenDataset open, Visit visit) => open.Dataset.Opening!.Fields
        .Where(f => f.Step.Kind != "drop" && open.Dataset.Field(f.Field.Name) is not null)
        .Select(f => (f.Field.Name, open.Pack.Say(visit.Lang, open.Dataset.Field(f.Field.Name)!.Name), Of(open, f, visit)));

    /// <summary>The names of fields that are not published.</summary>
    public static IReadOnlyList<string> LeftOut(OpenDataset open, Visit visit) => [.. open.Dataset.Fields.Where(f => open.Dataset.Opening!.StepOf(f.Id) is null).Select(f => open.Pack.Say(visit.Lang, f.Name))];

    private static string Of(OpenDataset open, OpenedField field, Visit visit)
    {
        var (step, isSum) = (field.Step, open.Dataset.Opening!.Counts?.Sums.Any(s => s.Name == field.Field.Name) == true);
        // The search chose a level of each quasi-identifier; every other field is told at its first.
        var level = open.Edition?.Report.Levels.GetValueOrDefault(field.Field.Name) ?? $"{step.Kind} {(step.Levels.Count > 0 ? step.Levels[0].Name : "")}".TrimEnd();
        var (kind, how) = level.Split(' ', 2) is [var k, var h] ? (k, h) : (level, "");
        var said = kind switch
        {
            "*" => visit.Say("step.any"),
            "mask" when how.Split(' ') is ["first" or "last", var count] => visit.Say("step.mask-" + how.Split(' ')[0], count),
            "mask" => visit.Say("step.mask." + how),
            "date" or "region" => visit.Say($"step.{kind}.{how}"),
            "bands" => visit.Say("step.bands", string.Join(visit.English ? ", " : "、", step.Levels.Select(l => l.Name))),
            "category" => visit.Say("step.category", open.Pack.CodeLists.FirstOrDefault(c => c.Id == how) is { } list ? open.Pack.Say(visit.Lang, list.Name) : how),
            "keep" when isSum => visit.Say("step.summed"),
            _ => visit.Say("step." + kind, how),
        };
        return (step.Bottom, step.Top) switch
        {
            ({ } bottom, { } top) => $"{said}{visit.Say("step.within", Number(bottom), Number(top))}",
            ({ } bottom, null) => $"{said}{visit.Say("step.bottom", Number(bottom))}",
            (null, { } top) => $"{said}{visit.Say("step.top", Number(top))}",
            _ => said,
        };
    }

    /// <summary>What is left of risk, sentence by sentence.</summary>
    public static IEnumerable<string> Risks(OpenDataset open, Visit visit)
    {
        var report = open.Edition!.Report;
        if (report.Epsilon is { } epsilon)
        {
            yield return visit.Say("risk.epsilon", Number(epsilon), Math.Exp((double)epsilon).ToString("0.##", CultureInfo.InvariantCulture));
            foreach (var (figure, within) in report.Within)
                yield return visit.Say("risk.within", open.Columns(visit.Lang).FirstOrDefault(c => c.Name == figure)?.Title ?? figure, Wording.Number(within));
            if (report.SmallCells > 0)
                yield return visit.Say("risk.small", Wording.Count(report.SmallCells), open.Dataset.Opening!.Counts!.Small);
            yield break;
        }
        string Names(IEnumerable<Ref> fields) => string.Join(visit.English ? ", " : "、", fields.Select(q => open.Pack.Say(visit.Lang, open.Dataset.Field(q.Name)?.Name ?? q.Name)));
        yield return visit.Say("risk.k", Names(open.Dataset.Opening!.Quasi), Wording.Count(report.K));
        yield return visit.Say("risk.prosecutor", Share(report.ProsecutorMax), Share(report.ProsecutorMean));
        foreach (var s in report.Sensitive)
        {
            var name = open.Pack.Say(visit.Lang, open.Dataset.Field(s.Field)?.Name ?? s.Field);
            yield return visit.Say("risk.sensitive", name, s.Distinct, Share(s.BestGuess), Share(s.WorstGuess), Share(s.Baseline));
            if (s.Homogeneous > 0)
                yield return visit.Say("risk.homogeneous", name, Share(s.Homogeneous));
        }
        if (report.Suppressed > 0)
            yield return visit.Say("risk.suppressed", Wording.Count(report.Suppressed), Share(report.SuppressedShare));
    }

    private static string Share(double share) => (share * 100).ToString(share is > 0 and < 0.01 ? "0.##" : "0.#", CultureInfo.InvariantCulture) + "%";

    private static string Number(decimal number) => (number / 1.0000000m).ToString("#,0.######", CultureInfo.InvariantCulture);
}
