using Guantong.Decisions.Analysis;

namespace Guantong.Packs.Checking;

/// <summary>Decisions: a table that two rules of UNIQUE answer at once, that has no answer, or rules that never give theirs.</summary>
/// <remarks>DMN 1.5 §8.2.8 on hit policies.</remarks>
internal static class DecisionProof
{
    public static IEnumerable<Finding> Of(Pack pack) =>
        from file in pack.Decisions.Values
        from report in file.Model.Analyse()
        from found in report.Findings
        // A cell with an expression is no fault of the table; it is only not judged.
        where found.Code != "unclear"
        select new Finding(found.Code, Weight(found), new Mark(pack.Files.Name(file.Path), found.Line, found.Column), found.Args);

    private static Severity Weight(TableFinding found) => found.Code switch
    {
        "table-overlap" => Severity.Error,
        "table-gap" or "table-masked" or "table-unreachable" => Severity.Warning,
        _ => Severity.Hint,
    };
}
