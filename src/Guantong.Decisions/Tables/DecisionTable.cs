using Guantong.Feel;

namespace Guantong.Decisions.Tables;

/// <summary>An output column: its name, its values in the order of priority, what it gives when no rule fires.</summary>
internal sealed record Output(string Name, IReadOnlyList<FeelExpression> Allowed, FeelExpression? Default);

/// <summary>A row of a decision table.</summary>
internal sealed record Rule(IReadOnlyList<UnaryTests> Tests, IReadOnlyList<FeelExpression> Results);

/// <summary>A decision table (DMN 1.5, clause 8).</summary>
internal sealed record DecisionTable(string Id, string Policy, string? Aggregation, IReadOnlyList<FeelExpression> Inputs, IReadOnlyList<Output> Outputs, IReadOnlyList<Rule> Rules)
{
    private static readonly Dictionary<string, object?> Nothing = [];

    /// <summary>Evaluates the table; null when the hit policy is broken (8.2.8).</summary>
    public object? Evaluate(IReadOnlyDictionary<string, object?> scope, List<MatchedRule> trace)
    {
        var values = Inputs.Select(i => i.Evaluate(scope)).ToArray();
        var hits = new List<int>();
        for (var r = 0; r < Rules.Count; r++)
        {
            if (!Fires(Rules[r], values, scope))
                continue;
            hits.Add(r);
            if (Policy == "FIRST")
                break;
        }
        if (hits.Count == 0)
            return Outputs.Any(o => o.Default is not null) ? Compose(o => o.Default?.Evaluate(scope)) : Policy == "COLLECT" && Aggregation == "COUNT" ? 0m : null;
        trace.AddRange(hits.Select(h => new MatchedRule(Id, h + 1)));
        return Apply([.. hits.Select(h => Result(Rules[h], scope))]);
    }

    private static bool Fires(Rule rule, object?[] values, IReadOnlyDictionary<string, object?> scope)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (rule.Tests[i].Matches(values[i], scope) is not true)
                return false;
        }
        return true;
    }

    private object? Result(Rule rule, IReadOnlyDictionary<string, object?> scope)
    {
        var at = 0;
        return Compose(_ => rule.Results[at++].Evaluate(scope));
    }

    private object? Compose(Func<Output, object?> value) =>
        Outputs.Count == 1 ? value(Outputs[0]) : Outputs.ToDictionary(o => o.Name, value);

    private object? Apply(List<object?> results) => Policy switch
    {
        "FIRST" => results[0],
        "UNIQUE" => results.Count == 1 ? results[0] : null,
        "ANY" => results.All(r => Same(r, results[0])) ? results[0] : null,
        "PRIORITY" => Ranked(results)[0],
        "OUTPUT ORDER" => Ranked(results),
        "COLLECT" => Aggregate(results),
        _ => results,
    };

    private List<object?> Ranked(List<object?> results)
    {
        var orders = Outputs.Select(o => (o.Name, Values: o.Allowed.Count == 0 ? [] : o.Allowed[0].Evaluate(Nothing) as IReadOnlyList<object?> ?? [])).ToList();
        IOrderedEnumerable<object?> sorted = results.OrderBy(_ => 0);
        foreach (var (name, order) in orders)
            sorted = sorted.ThenBy(r => Rank(order, Outputs.Count == 1 ? r : (r as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault(name)));
        return [.. sorted];
    }

    private static int Rank(IReadOnlyList<object?> order, object? value)
    {
        for (var i = 0; i < order.Count; i++)
        {
            if (Same(order[i], value))
                return i;
        }
        return int.MaxValue;
    }

    private static bool Same(object? a, object? b) => a is null ? b is null
        : a is IReadOnlyDictionary<string, object?> x && b is IReadOnlyDictionary<string, object?> y ? x.Count == y.Count && x.All(p => y.TryGetValue(p.Key, out var v) && Same(p.Value, v))
        : a is IReadOnlyList<object?> l && b is IReadOnlyList<object?> m ? l.Count == m.Count && l.Zip(m).All(p => Same(p.First, p.Second))
        : a.Equals(b);

    private object? Aggregate(List<object?> results) => Aggregation switch
    {
        null => results,
        "COUNT" => (decimal)results.Count,
        _ when !results.All(r => r is decimal) => null,
        "SUM" => results.Cast<decimal>().Sum(),
        "MIN" => results.Cast<decimal>().Min(),
        "MAX" => results.Cast<decimal>().Max(),
        _ => null,
    };
}
