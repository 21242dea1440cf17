using System.Text.Json.Serialization;

namespace Guantong.Processes;

/// <summary>A token: where a case stands. The token of an activity is the activity's instance; that of a sub-process or of many instances has others inside it.</summary>
/// <param name="Id">Unique within the case.</param>
/// <param name="Node">The node it stands at.</param>
/// <param name="Flow">The flow it came by, or null where none did.</param>
public sealed record Token(string Id, string Node, string? Flow)
{
    /// <summary>The token that it is inside of; null at the topmost level.</summary>
    public string? Parent { get; init; }

    /// <summary>What only it and those inside it know.</summary>
    [JsonConverter(typeof(Running.PlainConverter))]
    public IReadOnlyDictionary<string, object?>? Data { get; init; }

    /// <summary>What may happen to it: its boundary events, its event sub-processes, or what it waits for itself.</summary>
    public IReadOnlyList<Wait>? Waits { get; init; }

    /// <summary>How far its loop or its instances are.</summary>
    public LoopState? Loop { get; init; }

    /// <summary>What was completed inside it and may have to be undone, in order.</summary>
    public IReadOnlyList<Completed>? Done { get; init; }

    /// <summary>What it still has to see undone, the last first.</summary>
    public IReadOnlyList<Completed>? Undo { get; init; }

    /// <summary>The token that waits for this one to undo something.</summary>
    public string? For { get; init; }
}

/// <summary>A subscription: what has to happen for a node to catch it.</summary>
/// <param name="Id">Unique within the case.</param>
/// <param name="Node">The catching node.</param>
/// <param name="Kind">Message, timer, signal or conditional.</param>
/// <param name="Name">Name of the message or signal.</param>
public sealed record Wait(string Id, string Node, EventKind Kind, string? Name)
{
    /// <summary>Id of the message or signal in the file.</summary>
    public string? RefId { get; init; }

    /// <summary>What a message must bear to be meant; null for any.</summary>
    public string? Key { get; init; }

    /// <summary>When a timer is due.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>ISO 8601 duration between the times of a cycle.</summary>
    public string? Every { get; init; }

    /// <summary>How often a cycle still comes after this time; -1 for ever.</summary>
    public int Left { get; init; }

    /// <summary>Whether a condition held when it was last looked at.</summary>
    public bool Held { get; init; }
}

/// <summary>The state of a loop, of multiple instances or of an ad-hoc sub-process.</summary>
/// <param name="Total">Instances in all; -1 when that is open.</param>
/// <param name="Started">Begun so far.</param>
/// <param name="Done">Completed so far.</param>
public sealed record LoopState(int Total, int Started, int Done)
{
    [JsonConverter(typeof(Running.PlainListConverter))]
    public IReadOnlyList<object?>? Items { get; init; }

    [JsonConverter(typeof(Running.PlainListConverter))]
    public IReadOnlyList<object?>? Results { get; init; }
}

/// <summary>An activity that was completed, with what it knew, kept for undoing it.</summary>
public sealed record Completed(string Node, [property: JsonConverter(typeof(Running.PlainConverter))] IReadOnlyDictionary<string, object?>? Data, IReadOnlyList<Completed>? Inner);

/// <summary>The whole state of a running process; serialises as JSON and back unchanged.</summary>
/// <param name="Tokens">Where it stands; a token stands after the one that it is inside of.</param>
/// <param name="Data">What is known: decimal, string, bool, null, list, dictionary.</param>
/// <param name="NextToken">The number of the next token or subscription.</param>
/// <param name="EndNode">The end event it came to last, once no token is left.</param>
/// <param name="Visited">Ids of nodes and flows gone through, each once, in order, for drawing.</param>
public sealed record ProcessState(IReadOnlyList<Token> Tokens, [property: JsonConverter(typeof(Running.PlainConverter))] IReadOnlyDictionary<string, object?> Data, int NextToken, string? EndNode, IReadOnlyList<string> Visited)
{
    /// <summary>The event sub-processes that may begin at the topmost level.</summary>
    public IReadOnlyList<Wait>? Waits { get; init; }

    /// <summary>What was completed at the topmost level and may have to be undone.</summary>
    public IReadOnlyList<Completed>? Done { get; init; }

    /// <summary>The code of the error that ended it because nothing caught it.</summary>
    public string? Error { get; init; }

    /// <summary>What a token can see: its own data, then that of the tokens around it, then the process's (clause 10.4.1). Of a token that is not there, the process's.</summary>
    public IReadOnlyDictionary<string, object?> SeenAt(string token)
    {
        var seen = new Dictionary<string, object?>();
        for (var at = Find(token); at is not null; at = Find(at.Parent))
            Add(at.Data);
        Add(Data);
        return seen;

        Token? Find(string? id) => Tokens.FirstOrDefault(t => t.Id == id);

        void Add(IReadOnlyDictionary<string, object?>? data)
        {
            foreach (var (name, value) in data ?? Running.Plain.None)
                seen.TryAdd(name, value);
        }
    }

    /// <summary>The item that a token's instance works on, and its name, where it is one of the instances of a list; the nearest around it.</summary>
    public (string Name, object? Value)? ItemAt(ProcessDefinition definition, string token)
    {
        for (var at = Tokens.FirstOrDefault(t => t.Id == token); at is not null; at = Tokens.FirstOrDefault(t => t.Id == at.Parent))
        {
            if (definition.Node(at.Node).Loop?.Item is { } name && at.Data?.TryGetValue(name, out var item) == true)
                return (name, item);
        }
        return null;
    }

    /// <summary>True when nothing is left to do.</summary>
    [JsonIgnore]
    public bool Ended => Tokens.Count == 0;

    /// <summary>Every subscription, with the token that has it (null at the topmost level).</summary>
    [JsonIgnore]
    public IEnumerable<(Token? Token, Wait Wait)> Subscriptions =>
        (Waits ?? []).Select(w => ((Token?)null, w)).Concat(Tokens.SelectMany(t => (t.Waits ?? []).Select(w => ((Token?)t, w))));
}
