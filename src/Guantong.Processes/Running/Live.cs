using System.Collections;

namespace Guantong.Processes.Running;

/// <summary>A token while a step is under way: what may change of it. Without a node it is the process itself.</summary>
internal sealed class Live
{
    private Token? _from;
    private bool _changed;
    private Dictionary<string, object?>? _data;
    private IReadOnlyDictionary<string, object?>? _given;

    public required string Id { get; init; }

    public ProcessNode? Node { get; init; }

    public Live? Parent { get; init; }

    public Flow? Flow { get; init; }

    public string? For { get; init; }

    public List<Live> Children { get; } = [];

    public List<Wait>? Waits { get; set { field = value; _changed = true; } }

    public LoopState? Loop { get; set { field = value; _changed = true; } }

    public List<Completed>? Done { get; set { field = value; _changed = true; } }

    public List<Completed>? Undo { get; set { field = value; _changed = true; } }

    public bool Dead { get; set; }

    /// <summary>Grows whenever all that is under way inside is called back.</summary>
    public int Epoch { get; set; }

    /// <summary>True for one of the instances of a loop, inside the token that stands for them all.</summary>
    public bool IsInstance => Node is not null && Parent?.Node == Node;

    /// <summary>The level in which it moves: for an instance that of the token around it.</summary>
    public Live Level => IsInstance ? Parent!.Parent! : Parent!;

    public ScopeBody Body(ProcessDefinition definition) => Node is null ? definition.Body : Node.Body!;

    public IReadOnlyDictionary<string, object?>? Data => _data ?? _given;

    public bool Knows(string name) => Data?.ContainsKey(name) == true;

    public void Set(string name, object? value)
    {
        _data ??= _given is null ? [] : new Dictionary<string, object?>(_given);
        _data[name] = value;
        _changed = true;
    }

    public void Give(IReadOnlyDictionary<string, object?>? data) => (_given, _data, _changed) = (data, null, true);

    public void Add(Wait wait)
    {
        (Waits ??= []).Add(wait);
        _changed = true;
    }

    public void Touch() => _changed = true;

    public static Live Of(Token token, ProcessNode node, Live parent, Flow? flow)
    {
        var live = new Live { Id = token.Id, Node = node, Parent = parent, Flow = flow, For = token.For };
        live.Give(token.Data);
        (live.Waits, live.Loop, live.Done, live.Undo) = (token.Waits?.ToList(), token.Loop, token.Done?.ToList(), token.Undo?.ToList());
        (live._from, live._changed) = (token, false);
        parent.Children.Add(live);
        return live;
    }

    public Token Written() => _from is not null && !_changed ? _from : new Token(Id, Node!.Id, Flow?.Id)
    {
        Parent = Parent!.Node is null ? null : Parent.Id,
        Data = Data,
        Waits = Waits is { Count: > 0 } ? Waits : null,
        Loop = Loop,
        Done = Done is { Count: > 0 } ? Done : null,
        Undo = Undo,
        For = For,
    };
}

/// <summary>What a token can see: its own data, then that of the tokens around it, then the process's; with some values more, if told.</summary>
internal sealed class DataView(Live at, IReadOnlyDictionary<string, object?>? more = null) : IReadOnlyDictionary<string, object?>
{
    public bool TryGetValue(string key, out object? value)
    {
        if (more is not null && more.TryGetValue(key, out value))
            return true;
        for (var live = at; live is not null; live = live.Parent)
        {
            if (live.Data is { } data && data.TryGetValue(key, out value))
                return true;
        }
        value = null;
        return false;
    }

    public object? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <summary>All of it in one dictionary.</summary>
    public Dictionary<string, object?> Flat()
    {
        var flat = more is null ? [] : new Dictionary<string, object?>(more);
        for (var live = at; live is not null; live = live.Parent)
        {
            foreach (var (key, value) in live.Data ?? Plain.None)
                flat.TryAdd(key, value);
        }
        return flat;
    }

    public IEnumerable<string> Keys => Flat().Keys;

    public IEnumerable<object?> Values => Flat().Values;

    public int Count => Flat().Count;

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Flat().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
