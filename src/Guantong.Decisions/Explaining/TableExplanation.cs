using Guantong.Feel;

namespace Guantong.Decisions.Explaining;

/// <summary>How a rule stood: it fired, it did not match, or under FIRST an earlier one had decided.</summary>
public enum RuleStanding { Fired, Unmatched, TooLate }

/// <summary>A cell that a value did not meet.</summary>
/// <param name="Input">What people call the column.</param>
/// <param name="Given">The value, in words.</param>
/// <param name="Wanted">The condition, in words.</param>
public sealed record MissedCell(string Input, string Given, string Wanted);

/// <summary>Why a rule fired or did not.</summary>
/// <param name="Rule">Its number, from 1.</param>
/// <param name="Standing">How it stood.</param>
/// <param name="Missed">The cells that it did not match.</param>
/// <param name="Sentence">All of it in a sentence.</param>
public sealed record RuleExplanation(int Rule, RuleStanding Standing, IReadOnlyList<MissedCell> Missed, string Sentence);

/// <summary>One run of a decision table, rule by rule.</summary>
/// <param name="Table">Its id.</param>
/// <param name="Sentence">What it was asked, and which rules fit.</param>
/// <param name="Rules">Each rule, in the table's order.</param>
public sealed record TableExplanation(string Table, string Sentence, IReadOnlyList<RuleExplanation> Rules)
{
    private const int MostOneByOne = 8;
    private const int MostWanted = 6;

    /// <summary>The rules that fired, in sentences.</summary>
    public IReadOnlyList<string> Fired => [.. Rules.Where(r => r.Standing == RuleStanding.Fired).Select(r => r.Sentence)];

    /// <summary>Why the others did not, in sentences; those of a long table that missed the same value are told together.</summary>
    public IReadOnlyList<string> Others { get; private init; } = [];

    /// <summary>Tells a run of a table.</summary>
    /// <param name="trace">The run.</param>
    /// <param name="label">What people call a name that a column reads.</param>
    /// <param name="words">The reader's words.</param>
    internal static TableExplanation Of(TableTrace trace, Func<string, string?> label, Words words)
    {
        var columns = trace.Table.Inputs.Select(i => i.Label != i.Text ? i.Label : label(i.Text) ?? i.Text).ToList();
        var rules = Enumerable.Range(0, trace.Table.Rules.Count).Select(r => Of(trace, columns, r, words)).ToList();
        var given = string.Join(words.Say("，", ", "), columns.Select((column, c) => words.Is(column, trace.Values[c])));
        var fit = trace.Hits.Count == 0 ? words.Say("没有符合的规则", "no rule fits") : words.Say($"符合规则 {Numbers(trace.Hits, words)}", trace.Hits.Count == 1 ? $"rule {Numbers(trace.Hits, words)} fits" : $"rules {Numbers(trace.Hits, words)} fit");
        return new TableExplanation(trace.Table.Id, words.Say($"{given}：{fit}。", $"{Capital(given)} — {fit}."), rules) { Others = Unfired(trace, columns, rules, words) };
    }

    private static RuleExplanation Of(TableTrace trace, IReadOnlyList<string> columns, int rule, Words words)
    {
        var (table, number) = (trace.Table, rule + 1);
        var missed = trace.Misses[rule].Select(c => new MissedCell(words.Own(columns[c]), trace.Values[c].IsNull ? words.Say("未填写", "not given") : words.Value(trace.Values[c]), words.Cell(table.Rules[rule].Tests[c]))).ToList();
        var hit = trace.Hits.ToList().IndexOf(rule);
        var standing = hit >= 0 ? RuleStanding.Fired : missed.Count == 0 ? RuleStanding.TooLate : RuleStanding.Unmatched;
        return new RuleExplanation(number, standing, missed, standing switch
        {
            RuleStanding.Unmatched => words.Say($"不符合规则 {number}：", $"Rule {number} does not fit — ") + string.Join(words.Say("；", "; "), trace.Misses[rule].Select(c =>
                Against(trace, columns, rule, c, words))) + words.Say("。", "."),
            RuleStanding.TooLate => words.Say($"规则 {number} 也符合，但排在前面的规则优先。", $"Rule {number} would fit too, but an earlier rule comes first."),
            _ => Fits(trace, columns, rule, hit, words),
        });
    }

    private static string Fits(TableTrace trace, IReadOnlyList<string> columns, int rule, int hit, Words words)
    {
        var (table, number) = (trace.Table, rule + 1);
        var met = Enumerable.Range(0, table.Inputs.Count).Where(c => table.Rules[rule].Tests[c].Tests is not null)
            .Select(c => Against(trace, columns, rule, c, words)).ToList();
        var why = met.Count == 0 ? words.Say("它对所有情形适用", "it fits every case") : string.Join(words.Say("；", "; "), met);
        // A table of UNIQUE that several rules answer gives nothing.
        var gives = hit < trace.Results.Count ? Gives(table.Outputs.Select(o => o.Label).ToList(), trace.Results[hit], words) : "";
        var basis = table.Rules[rule].Note is { Length: > 0 } note ? words.Say($"依据：{words.Own(note)}", $" Basis: {words.Own(note)}") : "";
        return words.Say($"符合规则 {number}：{why}。{gives}{basis}", $"Rule {number} fits — {why}.{gives}{basis}");
    }

    private static string Gives(IReadOnlyList<string> labels, FeelValue result, Words words)
    {
        var values = labels.Count == 1 || result.Context is null ? [result] : result.Context.Values.ToArray();
        if (values.All(v => v.IsNull))
            return "";
        var said = string.Join(words.Say("，", ", "), values.Select((v, i) => (v, i)).Where(x => !x.v.IsNull).Select(x => words.Is(labels[x.i], x.v)));
        return words.Say($"由此得出：{said}。", $" Result — {said}.");
    }

    // A value against what its cell wants; a cell that names just this value needs no second telling.
    private static string Against(TableTrace trace, IReadOnlyList<string> columns, int rule, int column, Words words)
    {
        var (value, wanted) = (trace.Values[column], words.Cell(trace.Table.Rules[rule].Tests[column]));
        return words.Is(columns[column], value) + (words.Value(value) == wanted ? "" : words.Say(Words.Spaced("（要求：", wanted) + "）", $" (wanted: {wanted})"));
    }

    private static IReadOnlyList<string> Unfired(TableTrace trace, IReadOnlyList<string> columns, List<RuleExplanation> rules, Words words)
    {
        var others = rules.Where(r => r.Standing != RuleStanding.Fired).ToList();
        if (others.Count <= MostOneByOne)
            return [.. others.Select(r => r.Sentence)];
        return
        [
            .. from rule in others.Where(r => r.Standing == RuleStanding.Unmatched)
               group rule by trace.Misses[rule.Rule - 1][0] into same
               let given = words.Is(columns[same.Key], trace.Values[same.Key])
               let wanted = same.Select(r => r.Missed[0].Wanted).Distinct().ToList()
               let list = wanted.Count > MostWanted ? string.Join(words.Say("、", ", "), wanted.Take(MostWanted)) + words.Say("等", " and so on") : words.Either(wanted)
               let numbers = Numbers([.. same.Select(r => r.Rule - 1)], words)
               // What is not given meets no condition, whichever it is.
               let wants = trace.Values[same.Key].IsNull ? "" : words.Say(Words.Spaced("（要求：", list) + "）", $" (wanted: {list})")
               select words.Say($"不符合规则 {numbers}：{given}{wants}。", $"Rules {numbers} do not fit — {given}{wants}."),
            .. others.Where(r => r.Standing == RuleStanding.TooLate).Select(r => r.Sentence),
        ];
    }

    // 1 to 8, 12.
    private static string Numbers(IReadOnlyList<int> rules, Words words)
    {
        var runs = new List<(int From, int To)>();
        foreach (var rule in rules.Order())
        {
            if (runs.Count > 0 && runs[^1].To == rule - 1)
                runs[^1] = (runs[^1].From, rule);
            else
                runs.Add((rule, rule));
        }
        return string.Join(words.Say("、", ", "), runs.Select(r => r.From == r.To ? $"{r.From + 1}" : words.Say($"{r.From + 1} 至 {r.To + 1}", $"{r.From + 1} to {r.To + 1}")));
    }

    private static string Capital(string text) => text.Length > 0 && char.IsLower(text[0]) ? char.ToUpperInvariant(text[0]) + text[1..] : text;
}
