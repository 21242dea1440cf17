using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Feel;

/// <summary>A FEEL expression (DMN 1.5, clause 10), parsed once and compiled to delegates.</summary>
/// <remarks>
/// Values are null, bool, decimal, string, DateOnly, TimeOnly, DateTimeOffset, TimeSpan (days and time), <see cref="YearsMonths"/>,
/// IReadOnlyList of values, IReadOnlyDictionary (context), <see cref="FeelRange"/> and <see cref="FeelFunction"/>.
/// </remarks>
public sealed class FeelExpression
{
    private readonly Evaluator _run;

    private FeelExpression(string text, Expr tree)
    {
        (Text, _run) = (text, Compiler.Compile(tree));
        FreeNames = Names.Free(tree);
    }

    /// <summary>The text it was parsed from.</summary>
    public string Text { get; }

    /// <summary>The names that it reads from its scope.</summary>
    public IReadOnlySet<string> FreeNames { get; }

    /// <summary>Parses a text.</summary>
    /// <param name="text">FEEL.</param>
    /// <param name="knownNames">Names that may hold spaces or symbols; the longest that fits is taken.</param>
    public static FeelReading Parse(string text, IReadOnlyCollection<string>? knownNames = null)
    {
        try
        {
            return new FeelReading(new FeelExpression(text, new Parser(text, knownNames ?? []).ReadExpression()), null);
        }
        catch (ParseException e)
        {
            return new FeelReading(null, e.Fault);
        }
    }

    internal static FeelExpression From(string text, Expr tree) => new(text, tree);

    /// <summary>Evaluates it. What FEEL leaves undefined is null; nothing is thrown but the budget's end.</summary>
    /// <exception cref="FeelBudgetException">It takes more steps, or nests deeper, than one evaluation may.</exception>
    public object? Evaluate(IReadOnlyDictionary<string, object?> scope) => _run(new Scope(scope));

    internal object? Evaluate(Scope scope) => _run(scope);
}

/// <summary>What parsing gives: an expression, or the first fault.</summary>
public sealed record FeelReading(FeelExpression? Expression, FeelFault? Fault);

/// <summary>An evaluation was stopped because it took more than it may.</summary>
public sealed class FeelBudgetException() : Exception("The expression takes more steps, or nests deeper, than one evaluation may.");
