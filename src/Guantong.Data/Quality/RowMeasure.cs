using System.Globalization;
using System.Text;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>A rule on rows as conditions of SQL over the dataset's table and what is joined to it.</summary>
/// <param name="Judged">Which rows the rule judges; empty for all.</param>
/// <param name="Broken">Which rows break it.</param>
/// <param name="Fields">The fields whose values show the fault.</param>
/// <param name="Join">What the condition needs beside the table; empty for nothing.</param>
internal sealed record RowMeasure(QualityRule Rule, string Subject, string Judged, string Broken, IReadOnlyList<Field> Fields, string Join = "")
{
    /// <summary>A table that the join reads, made before: its name and its SELECT. It is asked for more than once, and dear to make.</summary>
    public (string Name, string Select)? Made { get; init; }

    /// <summary>A dataset's rules on rows. What refers to a table that is not there is left out: it cannot be measured.</summary>
    /// <param name="stands">Whether a table of a pack is there.</param>
    public static IReadOnlyList<RowMeasure> Of(Pack pack, Dataset dataset, Func<string, string, bool> stands) =>
        [.. dataset.Quality.SelectMany((rule, place) => Of(pack, dataset, rule, place, stands))];

    private static IEnumerable<RowMeasure> Of(Pack pack, Dataset dataset, QualityRule rule, int place, Func<string, string, bool> stands)
    {
        RowMeasure Each(Ref name, Func<string, string> broken, string join = "") =>
            Column(dataset, name.Name) is var column ? new(rule, name.Name, $"{column} IS NOT NULL", broken(column), [dataset.Field(name.Name)!], join) : null!;
        return rule.Rule switch
        {
            "complete" => rule.Of.Select(f => Each(f, c => $"{c} IS NULL") with { Judged = "" }),
            "valid" => rule.Of.Select(f => Each(f, c => rule.Form is { } form ? FormSql.Broken(ValueForm.Find(form.Name)!, c) : $"NOT ({FormSql.Whole(c, rule.Pattern!.Name)})")),
            "range" => rule.Of.Select(f => Each(f, c => $"{c} < {Sql.Number(rule.Least!.Value)} OR {c} > {Sql.Number(rule.Most!.Value)}")),
            "codes" => rule.Of.Select(f => Each(f, c => $"CAST({c} AS VARCHAR) NOT IN ({string.Join(", ", rule.OneOf.Select(Sql.Text))})")),
            "holds" => [new(rule, rule.That!.Name, "", $"NOT ({rule.That})", Named(dataset, rule.That.Name))],
            "unique" => [Unique(pack, dataset, rule, $"__u{place}")],
            "reference" when stands(rule.To!.Pack ?? pack.Id, TableOf(rule.To)) => rule.Of.Select((f, i) => Reference(pack, dataset, rule, f, $"__r{place}_{i}", Each)),
            _ => [],
        };
    }

    private static RowMeasure Unique(Pack pack, Dataset dataset, QualityRule rule, string twice)
    {
        var columns = rule.Of.Select(f => Sql.Name(f.Name)).ToList();
        var present = string.Join(" AND ", columns.Select(c => $"{c} IS NOT NULL"));
        var given = string.Join(", ", columns.Select((c, i) => $"{c} AS {Sql.Name($"{twice}_{i}")}"));
        var on = string.Join(" AND ", rule.Of.Select((f, i) => $"{Sql.Name(twice)}.{Sql.Name($"{twice}_{i}")} = {Column(dataset, f.Name)}"));
        return new RowMeasure(rule, rule.SubjectsIn(dataset)[0], string.Join(" AND ", rule.Of.Select(f => $"{Column(dataset, f.Name)} IS NOT NULL")), $"{Sql.Name($"{twice}_0")} IS NOT NULL",
            [.. rule.Of.Select(f => dataset.Field(f.Name)!)],
            $"LEFT JOIN {Sql.Name(twice)} ON {on}")
        {
            Made = (Sql.Name(twice), $"SELECT {given} FROM {Sql.Table(pack.Id, dataset.Table)} WHERE {present} GROUP BY {string.Join(", ", columns)} HAVING count(*) > 1"),
        };
    }

    private static RowMeasure Reference(Pack pack, Dataset dataset, QualityRule rule, Ref name, string far, Func<Ref, Func<string, string>, string, RowMeasure> each)
    {
        var (to, known) = (rule.To!, Sql.Name(far));
        var join = $"LEFT JOIN (SELECT DISTINCT {Sql.Name(to.Field!)} AS {known} FROM {Sql.Table(to.Pack ?? pack.Id, TableOf(to))}) AS {known} ON {known}.{known} = {Column(dataset, name.Name)}";
        return each(name, c => $"{c} IS NOT NULL AND {known}.{known} IS NULL", join);
    }

    /// <summary>The table of a dataset, which may be another pack's.</summary>
    public static string TableOf(FarField far) => far.Dataset.Replace('-', '_');

    /// <summary>A field of the row at hand: its table goes by its own name.</summary>
    public static string Column(Dataset dataset, string field) => $"{Sql.Name(dataset.Table)}.{Sql.Name(field)}";

    // The fields that a condition names.
    private static IReadOnlyList<Field> Named(Dataset dataset, string condition)
    {
        var words = condition.Split([.. condition.Where(c => !char.IsAsciiLetterOrDigit(c) && c != '_').Distinct()], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. dataset.Fields.Where(f => words.Contains(f.Id))];
    }
}

/// <summary>Forms of texts as conditions of SQL.</summary>
internal static class FormSql
{
    /// <summary>Whether a text does not have a form. It may come out null for a null.</summary>
    public static string Broken(ValueForm form, string text)
    {
        var whole = Whole(text, form.Pattern);
        // The branch alone sees texts of the pattern, so that no place lies outside them.
        return form.Check is not { } check ? $"NOT ({whole})" : $"CASE WHEN {whole} THEN {Sum(check, text)} <> {Place(check, text, check.Weights.Count)} ELSE {text} IS NOT NULL END";
    }

    /// <summary>Whether a pattern fits a whole text: DuckDB's operator asks for the whole anyway, PostgreSQL's by the anchors.</summary>
    public static string Whole(string text, string pattern) => $"{text} ~ {Sql.Text($"^(?:{OneLine(pattern)})$")}";

    // PostgreSQL's dot takes a line's end too.
    private static string OneLine(string pattern)
    {
        var (text, isClass) = (new StringBuilder(), false);
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '.' && !isClass)
            {
                text.Append(@"[^\n]");
                continue;
            }
            isClass = pattern[i] switch { '[' => true, ']' => false, _ => isClass };
            text.Append(pattern[i]);
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
                text.Append(pattern[++i]);
        }
        return text.ToString();
    }

    private static string Sum(CheckCharacter check, string text)
    {
        var sum = new StringBuilder();
        for (var i = 0; i < check.Weights.Count; i++)
            sum.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? " + " : "")}{check.Weights[i]} * {Place(check, text, i)}");
        return $"({check.Made} - ({sum}) % {check.Modulus}) % {check.Modulus}";
    }

    private static string Place(CheckCharacter check, string text, int i) => string.Create(CultureInfo.InvariantCulture, $"(strpos({Sql.Text(check.Alphabet)}, substr({text}, {i + 1}, 1)) - 1)");
}
