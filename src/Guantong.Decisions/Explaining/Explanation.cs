using System.Text;
using Guantong.Feel;

namespace Guantong.Decisions.Explaining;

/// <summary>A decision's result in words that a citizen can read, with the decisions that it rests on.</summary>
/// <param name="Name">What people call the decision, or the knowledge that it uses.</param>
/// <param name="Sentence">What came out.</param>
/// <param name="Tables">Its tables, one for each time that they were asked.</param>
/// <param name="Requires">What it rests on, each where it is met first.</param>
public sealed record Explanation(string Name, string Sentence, IReadOnlyList<TableExplanation> Tables, IReadOnlyList<Explanation> Requires)
{
    /// <summary>Explains an outcome of <see cref="DmnModel.Trace"/>.</summary>
    /// <param name="outcome">The outcome, with its trace.</param>
    /// <param name="lang">"zh-CN" or "en".</param>
    /// <param name="say">The model's own labels and texts in that language; as they stand when left out.</param>
    /// <exception cref="ArgumentException">The outcome has no trace.</exception>
    public static Explanation Of(DecisionOutcome outcome, string lang, Func<string, string>? say = null) =>
        Of(outcome.Trace ?? throw new ArgumentException("The outcome was not traced.", nameof(outcome)), new Words(!lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase), say ?? (text => text)));

    private static Explanation Of(NodeTrace node, Words words)
    {
        var name = words.Own(node.Name);
        var sentence = node.Result is not { } result ? words.Say($"用到“{name}”。", $"“{name}” was used.")
            : result.IsNull ? words.Say($"{name}：没有结果。", $"{name}: no result.")
            : words.Say($"{name}：{words.Value(result, node.Label)}。", $"{name}: {words.Value(result, node.Label)}.");
        return new Explanation(name, sentence, [.. node.Tables.Select(t => TableExplanation.Of(t, node.Label, words))], [.. node.Requires.Select(r => Of(r, words))]);
    }

    /// <summary>This and all that it rests on, the result first.</summary>
    public IEnumerable<Explanation> All() => Requires.SelectMany(r => r.All()).Prepend(this);

    /// <summary>The whole tree as indented lines, with the rules that fired before the others.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, 0);
        return text.ToString();
    }

    private void Write(StringBuilder text, int depth)
    {
        void Line(int indent, string sentence) => text.Append(' ', (depth + indent) * 2).Append(sentence).Append('\n');
        Line(0, Sentence);
        foreach (var table in Tables)
        {
            Line(1, table.Sentence);
            foreach (var sentence in table.Fired.Concat(table.Others))
                Line(2, sentence);
        }
        foreach (var required in Requires)
            required.Write(text, depth + 1);
    }
}
