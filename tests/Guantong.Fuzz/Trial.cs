using Guantong.Decisions;
using Guantong.Feel;

namespace Guantong.Fuzz;

/// <summary>The engine did what it must not.</summary>
internal sealed class TrialException(string what) : Exception(what);

/// <summary>Puts one input through all that the engine offers. What is thrown, other than the documented end of a budget, is a fault.</summary>
internal static class Trial
{
    // Small, so that ten million inputs end; the usual limits are only larger.
    private static readonly FeelLimits Limits = new(20_000, 150, 4 << 20);

    private static readonly DateTimeOffset Now = new(2024, 2, 29, 12, 30, 0, TimeSpan.FromHours(8));
    private static readonly Dictionary<string, FeelType> Declared = FeelWriter.Scope.ToDictionary(s => s.Key, s => FeelType.Of(FeelClr.From(s.Value)));
    private static readonly FeelValue[] Values = [.. FeelWriter.Scope.Values.Select(FeelClr.From)];
    private static readonly object?[] Tested = [1m, "text", null, true, new DateOnly(2024, 2, 29)];

    /// <exception cref="TrialException">A result is not what it has to be.</exception>
    public static void Expression(string text)
    {
        var reading = FeelExpression.Parse(text, FeelWriter.Names);
        Told(text, reading.Expression is null, reading.Fault);
        if (reading.Expression is { } expression)
            Run(expression);
    }

    /// <exception cref="TrialException">A result is not what it has to be.</exception>
    public static void Tests(string text)
    {
        var (tests, fault) = UnaryTests.Parse(text, FeelWriter.Names);
        Told(text, tests is null, fault);
        if (tests is null)
            return;
        foreach (var finding in tests.Check(FeelType.Number, Declared))
            Told(text, true, finding);
        foreach (var tested in Tested)
            Within(() => $"{tests.Matches(tested, FeelWriter.Scope, new FeelSession(Limits, Now))}");
    }

    private static void Run(FeelExpression expression)
    {
        Printed(expression);
        foreach (var finding in expression.Check(Declared).Findings)
            Told(expression.Text, true, finding);
        // Once by names, and twice prepared, which keeps its frame.
        var evaluated = Within(() => Whole(expression.Evaluate(FeelWriter.Scope, new FeelSession(Limits, Now))));
        var program = expression.Prepare(FeelWriter.Names, new FeelSession(Limits, Now));
        for (var i = 0; i < 2; i++)
        {
            if (Within(() => Whole(program.Run(Values))) is var again && again != evaluated)
                throw new TrialException($"evaluated {evaluated}, prepared {again}");
        }
    }

    private static void Printed(FeelExpression expression)
    {
        var printed = expression.ToString();
        var again = FeelExpression.Parse(printed, FeelWriter.Names);
        if (again.Fault?.Code is "feel-deep" or "feel-long")
            return;
        if (again.Fault is { } fault)
            throw new TrialException($"printed as {printed}: {fault.Message("en")}");
        if (again.Expression!.ToString() is var second && second != printed)
            throw new TrialException($"printed as {printed}, then as {second}");
    }

    private static string Whole(FeelValue value)
    {
        _ = FeelClr.To(value);
        return value.ToString();
    }

    private static string Within(Func<string> run)
    {
        try
        {
            return run();
        }
        catch (FeelBudgetException)
        {
            return "too much";
        }
    }

    private static void Told(string text, bool isWrong, FeelFault? fault)
    {
        if (isWrong != fault is not null)
            throw new TrialException("neither a fault nor an expression");
        if (fault is not null && (fault.Position < 0 || fault.Position > text.Length || fault.Line < 1 || fault.Column < 1 || fault.Message("zh-CN").Length == 0 || fault.Message("en").Length == 0))
            throw new TrialException($"a fault out of place: {fault}");
    }

    /// <exception cref="TrialException">A result is not what it has to be.</exception>
    public static void Model(string xml)
    {
        var (model, faults) = DmnModel.Read(xml, "fuzz.dmn", (_, _) => null);
        if (model is null && faults.Count == 0)
            throw new TrialException("neither a fault nor a model");
        Told(faults);
        if (model is null)
            return;
        Told(model.Check());
        foreach (var finding in model.Analyse().SelectMany(r => r.Findings))
        {
            if (finding.Line < 1 || finding.Column < 1)
                throw new TrialException($"a finding out of place: {finding}");
        }
        foreach (var decision in model.Decisions)
        {
            Within(() => $"{model.Evaluate(decision.Id, FeelWriter.Scope, new FeelSession(Limits, Now)).Value}");
            Within(() => $"{Decisions.Explaining.Explanation.Of(model.Trace(decision.Id, FeelWriter.Scope, new FeelSession(Limits, Now)), "zh-CN")}");
            Within(() => $"{model.Prepare(decision.Id, decision.Inputs, new FeelSession(Limits, Now)).Run(Values)}");
        }
        foreach (var service in model.Services)
            Within(() => $"{model.EvaluateService(service, FeelWriter.Scope, new FeelSession(Limits, Now)).Value}");
    }

    private static void Told(IReadOnlyList<DmnFault> faults)
    {
        foreach (var fault in faults)
        {
            if (fault.Line < 1 || fault.Column < 1 || fault.Message("zh-CN").Length == 0 || fault.Message("en").Length == 0)
                throw new TrialException($"a fault out of place: {fault}");
        }
    }
}
