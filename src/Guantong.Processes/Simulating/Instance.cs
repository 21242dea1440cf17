namespace Guantong.Processes.Simulating;

/// <summary>A process instance under way.</summary>
internal sealed class Instance(int number, ProcessDefinition definition, Instance? caller, string? callerToken)
{
    public int Number => number;

    public ProcessDefinition Definition => definition;

    public Instance? Caller => caller;

    public string? CallerToken => callerToken;

    public ProcessState State { get; set; } = new([], Running.Plain.None, 1, null, []);

    /// <summary>Activities in the order in which they were completed.</summary>
    public List<string> Order { get; } = [];

    /// <summary>End events in the order in which they were come to.</summary>
    public List<string> Ends { get; } = [];

    public SimulationStatus? Over { get; set; }

    public bool IsStuck { get; set; }

    public bool IsRunning => Over is null;

    /// <summary>Something that its waits, or those of the levels around a token, are for.</summary>
    public bool Awaits(string tokenId, Func<Wait, bool> what)
    {
        var byId = State.Tokens.ToDictionary(t => t.Id);
        for (var token = byId.GetValueOrDefault(tokenId); token is not null; token = token.Parent is null ? null : byId[token.Parent])
        {
            if (token.Waits?.Any(what) == true)
                return true;
        }
        return State.Waits?.Any(what) == true;
    }
}

/// <summary>Something that a token waits for someone to do.</summary>
internal sealed record Work(Instance Instance, string TokenId, ProcessNode Node, DateTimeOffset Since)
{
    public string? Decision { get; init; }

    public IReadOnlyDictionary<string, object?> Sees { get; init; } = Running.Plain.None;

    public bool IsForPeople => Node.Kind is NodeKind.UserTask or NodeKind.ManualTask;
}
