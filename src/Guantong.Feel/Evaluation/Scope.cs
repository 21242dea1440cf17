using Guantong.Feel.Functions;

namespace Guantong.Feel.Evaluation;

/// <summary>Where the variables of a text or of a function body stand; what it takes from outside is captured.</summary>
internal sealed class Layout(Scope? definedIn)
{
    private readonly Dictionary<string, int> _captured = [];

    public int Count { get; private set; }

    /// <summary>What a function takes along from where it is defined: the value, the slot and the name.</summary>
    public List<(Evaluator From, int Slot, string Name)> Captures { get; } = [];

    /// <summary>Names that nothing declares, when the outermost scope takes whatever it is given.</summary>
    public List<(string Name, int Slot)> Inputs { get; } = [];

    public bool TakesInputs { get; init; }

    public int NewSlot() => Count++;

    public int? Capture(string name)
    {
        if (_captured.TryGetValue(name, out var known))
            return known;
        if (definedIn is null ? !TakesInputs : !definedIn.Knows(name))
            return null;
        var slot = _captured[name] = NewSlot();
        if (definedIn is null)
            Inputs.Add((name, slot));
        else
            Captures.Add((definedIn.Find(name)!, slot, name));
        return slot;
    }

    public bool Knows(string name) => definedIn is null ? TakesInputs && !BuiltIns.Has(name) : definedIn.Knows(name);
}

/// <summary>The names in reach while compiling.</summary>
internal sealed class Scope(Layout layout, Scope? outer = null)
{
    private readonly Dictionary<string, int> _names = [];
    private int? _item;

    public Layout Layout => layout;

    public int Declare(string name) => _names[name] = layout.NewSlot();

    public void Alias(string name, int slot) => _names[name] = slot;

    public Scope Inner() => new(layout, this);

    /// <summary>A scope in which the entries of an item, where it is a context, are names (§10.3.2.5).</summary>
    public Scope OfItem(int slot) => new(layout, this) { _item = slot };

    /// <summary>Whether a declaration stands for the name, or may.</summary>
    public bool Knows(string name) => _names.ContainsKey(name) || (outer is not null ? outer.Knows(name) : layout.Knows(name));

    /// <summary>How to read a name; null when there is none.</summary>
    public Evaluator? Find(string name)
    {
        if (_names.TryGetValue(name, out var slot))
            return f => f.Slots[slot];
        var beyond = outer is not null ? outer.Find(name) : layout.Capture(name) is { } captured ? f => f.Slots[captured] : null;
        if (_item is not { } item)
            return beyond;
        var missing = beyond ?? Missing(name);
        return f => f.Slots[item].Context is { } context && context.TryGet(name, out var entry) ? entry : missing(f);
    }

    /// <summary>The slot of a name of this scope or one around it in the same body.</summary>
    public int? SlotOf(string name) => _names.TryGetValue(name, out var slot) ? slot : outer?.SlotOf(name);

    public static Evaluator Missing(string name) =>
        BuiltIns.Find(name) is { } function ? _ => function : f => f.Session.Null(NullReason.UnknownName, name);
}
