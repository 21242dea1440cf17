using System.Runtime.CompilerServices;

namespace Guantong.Feel;

/// <summary>What one evaluation may take.</summary>
/// <param name="Steps">Loops, calls, comparisons of items and the like.</param>
/// <param name="Depth">Calls inside calls.</param>
/// <param name="Memory">Bytes of lists, contexts and strings that it makes.</param>
public sealed record FeelLimits(long Steps = 5_000_000, int Depth = 600, long Memory = 256L << 20)
{
    public static FeelLimits Default { get; } = new();
}

/// <summary>An evaluation under way: its budget, its clock, and why values came out as null.</summary>
public sealed class FeelSession(FeelLimits limits, DateTimeOffset? now = null)
{
    private const int MostReasons = 20;
    private long _steps = limits.Steps;
    private long _memory = limits.Memory;
    private int _depth = limits.Depth;
    private List<FeelReason>? _reasons;

    public FeelSession() : this(FeelLimits.Default)
    {
    }

    /// <summary>The instant that <c>now()</c> and <c>today()</c> tell; without one they are null.</summary>
    public DateTimeOffset? Now { get; } = now;

    /// <summary>Why values came out as null, the first ones.</summary>
    public IReadOnlyList<FeelReason> Reasons => _reasons ?? (IReadOnlyList<FeelReason>)[];

    /// <summary>Where rules of decision tables that fire are noted: the table's id and the rule's number from 1.</summary>
    internal List<(string Table, int Rule)>? Fired { get; set; }

    /// <summary>Told of each table that is run, where someone wants an explanation.</summary>
    internal Action<object>? Watch { get; set; }

    /// <exception cref="FeelBudgetException">No steps are left.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Step(long count = 1)
    {
        if ((_steps -= count) < 0)
            throw new FeelBudgetException();
    }

    /// <exception cref="FeelBudgetException">No memory is left.</exception>
    internal void Keep(long bytes)
    {
        if ((_memory -= bytes) < 0)
            throw new FeelBudgetException();
    }

    internal FeelList Keep(FeelList list)
    {
        Keep(32 + 24L * list.Count);
        return list;
    }

    internal string Keep(string text)
    {
        Keep(2L * text.Length);
        return text;
    }

    /// <exception cref="FeelBudgetException">Calls nest too deeply.</exception>
    internal void Enter()
    {
        Step();
        if (--_depth < 0 || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new FeelBudgetException();
    }

    internal void Leave() => _depth++;

    /// <summary>Begins again with the whole budget.</summary>
    internal void Renew()
    {
        (_steps, _memory, _depth) = (limits.Steps, limits.Memory, limits.Depth);
        _reasons?.Clear();
    }

    internal void Forget(int from) => _reasons?.RemoveRange(from, _reasons.Count - from);

    /// <summary>Null, with the reason noted.</summary>
    internal FeelValue Null(NullReason why, params ReadOnlySpan<string> about)
    {
        if ((_reasons ??= []).Count < MostReasons)
            _reasons.Add(new FeelReason(why, about.ToArray()));
        return default;
    }
}

/// <summary>An evaluation was stopped because it took more than it may.</summary>
public sealed class FeelBudgetException() : Exception("The expression takes more steps or memory, or nests deeper, than one evaluation may.");
