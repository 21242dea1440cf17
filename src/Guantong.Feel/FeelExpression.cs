using Guantong.Feel.Checking;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Feel;

/// <summary>A FEEL expression (DMN 1.5, clause 10), parsed once and compiled to delegates; it serves any number of threads.</summary>
public sealed class FeelExpression
{
    private readonly Evaluator _run;
    private readonly Layout _layout;
    private readonly (string Name, int Slot)[] _inputs;
    private readonly IEnumerable<string> _odd;

    private FeelExpression(string text, Expr tree, IEnumerable<string> odd)
    {
        _odd = odd;
        _layout = new Layout(null) { TakesInputs = true };
        (Text, Tree, _run) = (text, tree, Compiler.Compile(tree, new Scope(_layout)));
        _inputs = [.. _layout.Inputs];
        FreeNames = Parsing.FreeNames.Of(tree);
    }

    /// <summary>The text it was parsed from.</summary>
    public string Text { get; }

    /// <summary>The names that it reads from its scope, those of built-in functions included.</summary>
    public IReadOnlySet<string> FreeNames { get; }

    internal Expr Tree { get; }

    /// <summary>The expression as its tree reads: one way to write all the texts that mean it.</summary>
    public override string ToString() => Printer.Print(Tree, _odd);

    /// <summary>Parses a text.</summary>
    /// <param name="text">FEEL.</param>
    /// <param name="knownNames">Names that may hold spaces or symbols; the longest that fits is taken.</param>
    public static FeelReading Parse(string text, IReadOnlyCollection<string>? knownNames = null) =>
        Parse(text, knownNames is null ? Vocabulary.Empty : Vocabulary.Empty.With(knownNames));

    /// <summary>Parses a text that uses declared names, and the names of their members.</summary>
    public static FeelReading Parse(string text, IReadOnlyDictionary<string, FeelType> declared) =>
        Parse(text, new Vocabulary(declared.Keys, declared.Values.SelectMany(t => t.AllMembers()), new Dictionary<string, FeelType>()));

    private static FeelReading Parse(string text, Vocabulary names)
    {
        try
        {
            return new FeelReading(new FeelExpression(text, new Parser(text, names).ReadExpression(), names.Odd), null);
        }
        catch (ParseException e)
        {
            return new FeelReading(null, e.Fault);
        }
    }

    /// <summary>Checks it against declared names: its type, names and members that are not there, and what can only be null.</summary>
    public FeelCheck Check(IReadOnlyDictionary<string, FeelType> declared)
    {
        var checker = new Checker(Text);
        var type = checker.Infer(Tree, Names.Of(declared));
        return new FeelCheck(type, checker.Findings);
    }

    /// <summary>Makes it ready to be run again and again with these inputs by position.</summary>
    /// <param name="inputs">Names, in the order in which their values will come.</param>
    /// <param name="session">Limits and clock of each run; without it the usual limits and no clock.</param>
    public FeelProgram Prepare(IReadOnlyList<string> inputs, FeelSession? session = null) => new(_run, _layout, inputs, session ?? new FeelSession());

    /// <summary>Evaluates it. What FEEL leaves undefined is null; nothing is thrown but the budget's end.</summary>
    /// <param name="scope">Values by name, as <see cref="FeelClr"/> takes them.</param>
    /// <returns>The value as <see cref="FeelClr"/> gives it.</returns>
    /// <exception cref="FeelBudgetException">It takes more steps or memory, or nests deeper, than one evaluation may.</exception>
    public object? Evaluate(IReadOnlyDictionary<string, object?> scope) => FeelClr.To(Evaluate(scope, new FeelSession()));

    /// <summary>Evaluates it in a session, which has the clock, the limits, and tells why values came out as null.</summary>
    /// <exception cref="FeelBudgetException">It takes more than the session's limits.</exception>
    public FeelValue Evaluate(IReadOnlyDictionary<string, object?> scope, FeelSession session)
    {
        var frame = new Frame(_layout.Count, session);
        foreach (var (name, slot) in _inputs)
            frame.Slots[slot] = scope.TryGetValue(name, out var given) ? FeelClr.From(given) : Scope.Missing(name)(frame);
        return _run(frame);
    }
}

/// <summary>What checking gives: the inferred type, and findings with their places.</summary>
public sealed record FeelCheck(FeelType Type, IReadOnlyList<FeelFault> Findings);

/// <summary>What parsing gives: an expression, or the first fault.</summary>
public sealed record FeelReading(FeelExpression? Expression, FeelFault? Fault);
