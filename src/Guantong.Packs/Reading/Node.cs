namespace Guantong.Packs.Reading;

/// <summary>A YAML value with the place it was written at. Aliases, tags and several documents are not part of the pack language.</summary>
public abstract record Node(Mark Mark)
{
    /// <summary>The text of a scalar, or null.</summary>
    public string? Text => (this as ScalarNode)?.Value;

    /// <summary>The value under a key of a map, or null.</summary>
    public Node? this[string key] => (this as MapNode)?.Entries.FirstOrDefault(e => e.Key.Value == key)?.Value;

    /// <summary>The items of a list; a scalar or map alone counts as a list of one.</summary>
    public IReadOnlyList<Node> Items => this is ListNode list ? list.Values : [this];

    /// <summary>The entries of a map, or none.</summary>
    public IReadOnlyList<Entry> Entries => (this as MapNode)?.Pairs ?? [];

    /// <summary>True when two nodes say the same, wherever they stand.</summary>
    public abstract bool Says(Node other);
}

/// <summary>A scalar: everything is text until its shape says otherwise.</summary>
public sealed record ScalarNode(Mark Mark, string Value, bool Quoted) : Node(Mark)
{
    /// <inheritdoc/>
    public override bool Says(Node other) => other is ScalarNode s && s.Value == Value;
}

/// <summary>A value that was refused, with a finding of its own; it stands for whatever should be there.</summary>
public sealed record RefusedNode(Mark Mark) : Node(Mark)
{
    /// <inheritdoc/>
    public override bool Says(Node other) => false;
}

/// <summary>A list.</summary>
public sealed record ListNode(Mark Mark, IReadOnlyList<Node> Values) : Node(Mark)
{
    /// <inheritdoc/>
    public override bool Says(Node other) =>
        other is ListNode l && l.Values.Count == Values.Count && Values.Zip(l.Values).All(p => p.First.Says(p.Second));
}

/// <summary>A key of a map with its value.</summary>
public sealed record Entry(ScalarNode Key, Node Value);

/// <summary>A map, its keys in written order.</summary>
public sealed record MapNode(Mark Mark, IReadOnlyList<Entry> Pairs) : Node(Mark)
{
    /// <inheritdoc/>
    public override bool Says(Node other) =>
        other is MapNode m && m.Pairs.Count == Pairs.Count
        && Pairs.All(p => m[p.Key.Value] is { } twin && p.Value.Says(twin));
}
