using Guantong.Decisions;
using Guantong.Feel;
using Guantong.Packs.Reading;

namespace Guantong.Packs;

/// <summary>Guided questions (智能导服): one after the other, with a decision table behind that leads to matters of the pack.</summary>
/// <param name="Decision">FILE.dmn#ID; what it gives is the id of a matter, a list of them, or nothing where none fits.</param>
public sealed record Guide(string Id, string Name, string About, IReadOnlyList<string> Also, IReadOnlyList<string> Events, Ref Decision, IReadOnlyList<GuideQuestion> Questions, Mark Mark)
{
    /// <summary>The DMN file.</summary>
    public string File => Decision.Name.Split('#')[0];

    /// <summary>The decision's id in it.</summary>
    public string DecisionId => Decision.Name.Split('#')[^1];

    /// <summary>The question that comes next, or null when the answers do.</summary>
    /// <param name="answers">Question → answer, of those answered so far.</param>
    public GuideQuestion? Next(IReadOnlyDictionary<string, string> answers) => Questions.FirstOrDefault(q => !answers.ContainsKey(q.Ask.Name) && IsAsked(q, answers));

    /// <summary>Of what was answered, what counts: choices that are there, to questions that are asked, in their order.</summary>
    public IReadOnlyList<(GuideQuestion Question, string Answer)> Way(IReadOnlyDictionary<string, string> answers)
    {
        var (way, known) = (new List<(GuideQuestion, string)>(), new Dictionary<string, string>());
        foreach (var question in Questions.Where(q => IsAsked(q, known)))
        {
            // What comes after a question that is open was answered on another way.
            if (!answers.TryGetValue(question.Ask.Name, out var answer) || !question.Choices.Contains(answer))
                break;
            known[question.Ask.Name] = answer;
            way.Add((question, answer));
        }
        return way;
    }

    private bool IsAsked(GuideQuestion question, IReadOnlyDictionary<string, string> known) =>
        question.When is not { } when || FeelExpression.Parse(when.Name).Expression?.Evaluate(Questions.ToDictionary(q => q.Ask.Name, q => (object?)known.GetValueOrDefault(q.Ask.Name))) is true;

    /// <summary>What the table says to some answers, with its trace.</summary>
    public DecisionOutcome Decide(Pack pack, IReadOnlyDictionary<string, string> answers) =>
        pack.Decisions[File].Model.Trace(DecisionId, Questions.Where(q => answers.ContainsKey(q.Ask.Name)).ToDictionary(q => q.Ask.Name, q => (object?)answers[q.Ask.Name]));

    /// <summary>The matters that an outcome names.</summary>
    public static IReadOnlyList<string> Matters(DecisionOutcome outcome) => outcome.Value switch
    {
        string one => [one],
        IEnumerable<object?> several => [.. several.OfType<string>().Distinct()],
        _ => [],
    };

    /// <summary>Every way through it, as answers; no more than a bound.</summary>
    internal IEnumerable<IReadOnlyDictionary<string, string>> Ways(IReadOnlyDictionary<string, string> so) =>
        Next(so) is not { } next ? [so] : next.Choices.SelectMany(c => Ways(new Dictionary<string, string>(so) { [next.Ask.Name] = c }));
}

/// <summary>A question of a guide.</summary>
/// <param name="Ask">The input of the decision that takes the answer.</param>
/// <param name="When">FEEL over earlier answers: asked only where it is true.</param>
/// <param name="Choices">What may be answered: as it is shown and as the decision reads it.</param>
public sealed record GuideQuestion(Ref Ask, string Name, string About, Ref? When, IReadOnlyList<string> Choices, Mark Mark);
