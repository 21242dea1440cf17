namespace Guantong.Processes;

/// <summary>What happens to a running process. Its time comes with it: the engine has no clock.</summary>
/// <param name="At">When.</param>
public abstract record ProcessEvent(DateTimeOffset At)
{
    /// <summary>What a token waits for (a task, a service, a call, a decision) is done.</summary>
    /// <param name="TokenId">The token.</param>
    /// <param name="Data">What it gave; it becomes data of the process.</param>
    public sealed record Complete(DateTimeOffset At, string TokenId, IReadOnlyDictionary<string, object?> Data) : ProcessEvent(At);

    /// <summary>What a token waits for ended in a business error.</summary>
    /// <param name="Code">The error's code.</param>
    public sealed record Fail(DateTimeOffset At, string TokenId, string Code, IReadOnlyDictionary<string, object?> Data) : ProcessEvent(At);

    /// <summary>Who does a task, or a called process, asks for help and goes on.</summary>
    /// <param name="Code">The escalation's code.</param>
    public sealed record Escalate(DateTimeOffset At, string TokenId, string Code, IReadOnlyDictionary<string, object?> Data) : ProcessEvent(At);

    /// <summary>A message came: the first that waits for it takes it.</summary>
    /// <param name="Name">The message's name or id.</param>
    /// <param name="Key">What it bears; null fits any.</param>
    public sealed record Message(DateTimeOffset At, string Name, string? Key, IReadOnlyDictionary<string, object?> Data) : ProcessEvent(At);

    /// <summary>A signal was given: all that wait for it take it.</summary>
    public sealed record Signal(DateTimeOffset At, string Name, IReadOnlyDictionary<string, object?> Data) : ProcessEvent(At);

    /// <summary>Time has come to <see cref="ProcessEvent.At"/>: every timer that is due by then goes off, the earliest first.</summary>
    public sealed record Tick(DateTimeOffset At) : ProcessEvent(At);

    /// <summary>One subscription is served, whatever it is for: a message that was sent to this very node.</summary>
    public sealed record Serve(DateTimeOffset At, string WaitId, IReadOnlyDictionary<string, object?> Data) : ProcessEvent(At);

    /// <summary>Data of the process changed from outside.</summary>
    public sealed record Change(DateTimeOffset At, IReadOnlyDictionary<string, object?> Data) : ProcessEvent(At);
}
