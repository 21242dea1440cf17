using Guantong.Feel.Checking;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Feel;

/// <summary>Unary tests, as they stand in a decision table's input cell (DMN 1.5 §10.3.1.2, rules 7–18).</summary>
public sealed class UnaryTests
{
    private readonly CellTests _cell;
    private readonly Layout _layout = new(null) { TakesInputs = true };
    private readonly Func<Frame, bool?> _run;
    private readonly int _tested;

    private UnaryTests(string text, CellTests cell)
    {
        (Text, _cell) = (text, cell);
        var scope = new Scope(_layout);
        _tested = scope.Declare(Compiler.Tested);
        _run = cell.Compile(scope);
    }

    /// <summary>Parses a cell; an empty one or "-" lets anything pass.</summary>
    public static (UnaryTests? Tests, FeelFault? Fault) Parse(string text, IReadOnlyCollection<string>? knownNames = null)
    {
        try
        {
            return (new UnaryTests(text, CellTests.Read(text, knownNames is null ? Vocabulary.Empty : Vocabulary.Empty.With(knownNames))), null);
        }
        catch (ParseException e)
        {
            return (null, e.Fault);
        }
    }

    /// <summary>Checks the tests of a value of a type against declared names.</summary>
    public IReadOnlyList<FeelFault> Check(FeelType tested, IReadOnlyDictionary<string, FeelType> declared)
    {
        var checker = new Checker(Text);
        checker.Check(_cell, tested, Names.Of(declared));
        return checker.Findings;
    }

    /// <summary>The text it was parsed from.</summary>
    public string Text { get; }

    /// <summary>Whether anything passes.</summary>
    public bool IsAny => _cell.Tests is null;

    /// <summary>Whether a value passes; null when that cannot be told.</summary>
    /// <param name="input">The value under test.</param>
    /// <param name="scope">Values by name.</param>
    /// <param name="session">Limits and clock; without it the usual limits and no clock.</param>
    /// <exception cref="FeelBudgetException">It takes more than it may.</exception>
    public bool? Matches(object? input, IReadOnlyDictionary<string, object?> scope, FeelSession? session = null)
    {
        var frame = new Frame(_layout.Count, session ?? new FeelSession());
        frame.Slots[_tested] = FeelClr.From(input);
        foreach (var (name, slot) in _layout.Inputs)
            frame.Slots[slot] = scope.TryGetValue(name, out var given) ? FeelClr.From(given) : Scope.Missing(name)(frame);
        return _run(frame);
    }
}

/// <summary>The tests of a cell: none lets anything pass, negated ones let pass what they do not hold.</summary>
internal sealed record CellTests(IReadOnlyList<Expr>? Tests, bool IsNegated)
{
    /// <exception cref="ParseException">The text is no unary test.</exception>
    public static CellTests Read(string text, Vocabulary names)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new CellTests(null, false);
        var (tests, negated) = new Parser(text, names.With(Compiler.Tested)).ReadUnaryTests();
        return new CellTests(tests, negated);
    }

    /// <summary>As FEEL would write it.</summary>
    public override string ToString() => Tests switch
    {
        null => "-",
        // A call of the function alone would be read as the negation of its argument.
        [Expr.Call { Target: Expr.Name { Id: "not" } } call] when !IsNegated => $"({Printer.Print(call)})",
        _ => string.Join(", ", Tests.Select(e => Printer.Print(e))) is var said && IsNegated ? $"not({said})" : said,
    };

    /// <summary>Compiled in a scope that knows the value under test; null when it cannot be told.</summary>
    public Func<Frame, bool?> Compile(Scope scope)
    {
        if (Tests is null)
            return _ => true;
        var tests = Tests.Select(t => Compiler.Test(t, scope)).ToArray();
        var negated = IsNegated;
        if (tests is [var only])
            return f => only(f) is var said && said.IsBoolean ? said.IsTrue != negated : null;
        return f => Compiler.AnyHolds(tests, f) is var said && said.IsBoolean ? said.IsTrue != negated : null;
    }
}
