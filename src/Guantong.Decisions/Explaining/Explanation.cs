using System.Text;

namespace Guantong.Decisions.Explaining;

/// <summary>How a rule stood: it fired, it did not match, or under FIRST an earlier one had decided.</summary>
public enum RuleStanding { Fired, Unmatched, TooLate }

/// <summary>A cell that a value did not meet.</summary>
/// <param name="Input">What people call the column.</param>
/// <param name="Given">The value, in words.</param>
/// <param name="Wanted">The condition, in words.</param>
public sealed record MissedCell(string Input, string Given, string Wanted);

/// <summary>Why a rule fired or did not.</summary>
public sealed record RuleExplanation(int Rule, RuleStanding Standing, IReadOnlyList<MissedCell> Missed, string Sentence);

/// <summary>One run of a decision table, rule by rule.</summary>
public sealed record TableExplanation(string Table, string Sentence, IReadOnlyList<RuleExplanation> Rules);

/// <summary>A decision's result in words that a citizen can read, with the decisions that it rests on.</summary>
/// <param name="Name">The decision, or the knowledge that it uses.</param>
/// <param name="Sentence">What came out.</param>
/// <param name="Tables">Its tables, one for each time that they were asked.</param>
/// <param name="Requires">What it rests on, each where it is met first.</param>
public sealed record Explanation(string Name, string Sentence, IReadOnlyList<TableExplanation> Tables, IReadOnlyList<Explanation> Requires)
{
    /// <summary>Explains an outcome of <see cref="DmnModel.Trace"/>.</summary>
    /// <param name="outcome">The outcome, with its trace.</param>
    /// <param name="lang">"zh-CN" or "en".</param>
    /// <exception cref="ArgumentException">The outcome has no trace.</exception>
    public static Explanation Of(DecisionOutcome outcome, string lang) =>
        Of(outcome.Trace ?? throw new ArgumentException("The outcome was not traced.", nameof(outcome)), lang.StartsWith("en", StringComparison.OrdinalIgnoreCase));

    private static Explanation Of(NodeTrace node, bool isEnglish)
    {
        var words = new Words(isEnglish);
        var sentence = node.Result is not { } result ? isEnglish ? $"“{node.Name}” was asked." : $"用到“{node.Name}”。"
            : result.IsNull ? isEnglish ? $"“{node.Name}” has no result." : $"“{node.Name}”没有结果。"
            : isEnglish ? $"“{node.Name}”: {words.Value(result)}." : $"“{node.Name}”的结果：{words.Value(result)}。";
        return new Explanation(node.Name, sentence, [.. node.Tables.Select(t => Of(t, words, isEnglish))], [.. node.Requires.Select(r => Of(r, isEnglish))]);
    }

    private static TableExplanation Of(TableTrace trace, Words words, bool isEnglish)
    {
        var fired = string.Join(isEnglish ? ", " : "、", trace.Hits.Select(h => h + 1));
        var sentence = trace.Hits.Count == 0 ? isEnglish ? "No rule fits." : "没有符合的规则。" : isEnglish ? $"Rules that fit: {fired}." : $"符合的规则：{fired}。";
        return new TableExplanation(trace.Table.Id, sentence, [.. Enumerable.Range(0, trace.Table.Rules.Count).Select(r => Of(trace, r, words, isEnglish))]);
    }

    private static RuleExplanation Of(TableTrace trace, int rule, Words words, bool isEnglish)
    {
        var (table, number) = (trace.Table, rule + 1);
        var missed = trace.Misses[rule].Select(c => new MissedCell(table.Inputs[c].Label, words.Value(trace.Values[c]), words.Cell(table.Rules[rule].Tests[c]))).ToList();
        var standing = trace.Hits.Contains(rule) ? RuleStanding.Fired : missed.Count == 0 ? RuleStanding.TooLate : RuleStanding.Unmatched;
        var met = string.Join(isEnglish ? "; " : "；", Enumerable.Range(0, table.Inputs.Count).Where(c => table.Rules[rule].Tests[c].Tests is not null)
            .Select(c => isEnglish ? $"{table.Inputs[c].Label} is {words.Value(trace.Values[c])} ({words.Cell(table.Rules[rule].Tests[c])})" : $"{table.Inputs[c].Label}为 {words.Value(trace.Values[c])}（{words.Cell(table.Rules[rule].Tests[c])}）"));
        var misses = string.Join(isEnglish ? " " : "", missed.Select(m => isEnglish ? $"{m.Input} is {m.Given}, which rule {number} does not take: {m.Wanted}." : $"{m.Input}为 {m.Given}，不满足规则 {number} 的条件：{m.Wanted}。"));
        return new RuleExplanation(number, standing, missed, standing switch
        {
            RuleStanding.Unmatched => misses,
            RuleStanding.TooLate => isEnglish ? $"Rule {number} would fit, but an earlier rule decides." : $"规则 {number} 也符合，但以排在前面的规则为准。",
            _ when met.Length == 0 => isEnglish ? $"Rule {number} fits everyone." : $"符合规则 {number}：它没有条件。",
            _ => isEnglish ? $"Rule {number} fits: {met}." : $"符合规则 {number}：{met}。",
        });
    }

    /// <summary>The whole tree as indented lines.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, 0);
        return text.ToString();
    }

    private void Write(StringBuilder text, int depth)
    {
        text.Append(' ', depth * 2).Append(Sentence).Append('\n');
        foreach (var table in Tables)
        {
            text.Append(' ', depth * 2 + 2).Append(table.Sentence).Append('\n');
            foreach (var rule in table.Rules)
                text.Append(' ', depth * 2 + 4).Append(rule.Sentence).Append('\n');
        }
        foreach (var required in Requires)
            required.Write(text, depth + 1);
    }
}
