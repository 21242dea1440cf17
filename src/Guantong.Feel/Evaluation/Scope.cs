namespace Guantong.Feel.Evaluation;

internal delegate object? Evaluator(Scope scope);

/// <summary>The names in reach, and what is left of the evaluation's budget.</summary>
internal sealed class Scope
{
    private readonly IReadOnlyDictionary<string, object?> _names;
    private readonly Scope? _outer;
    private readonly Budget _budget;

    public Scope(IReadOnlyDictionary<string, object?> names) => (_names, _budget) = (names, new Budget());

    public Scope(IReadOnlyDictionary<string, object?> names, Scope outer) => (_names, _outer, _budget) = (names, outer, outer._budget);

    public bool TryFind(string name, out object? value)
    {
        for (var scope = this; scope is not null; scope = scope._outer)
        {
            if (scope._names.TryGetValue(name, out value))
                return true;
        }
        value = null;
        return false;
    }

    public void Step() => _budget.Step();

    public T Nested<T>(Func<T> call)
    {
        _budget.Enter();
        try
        {
            return call();
        }
        finally
        {
            _budget.Leave();
        }
    }

    private sealed class Budget
    {
        private int _steps = 2_000_000;
        private int _depth;

        public void Step()
        {
            if (--_steps < 0)
                throw new FeelBudgetException();
        }

        public void Enter()
        {
            if (++_depth > 400)
                throw new FeelBudgetException();
        }

        public void Leave() => _depth--;
    }
}
