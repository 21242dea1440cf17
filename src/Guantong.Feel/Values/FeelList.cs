using System.Collections;

namespace Guantong.Feel;

/// <summary>A list that never changes.</summary>
public sealed class FeelList : IReadOnlyList<FeelValue>
{
    private readonly FeelValue[] _items;

    public static readonly FeelList Empty = new([], 0);

    internal FeelList(FeelValue[] items, int count) => (_items, Count) = (items, count);

    public FeelList(params FeelValue[] items) => (_items, Count) = (items, items.Length);

    public int Count { get; }

    public FeelValue this[int index] => index < Count ? _items[index] : throw new ArgumentOutOfRangeException(nameof(index));

    public ReadOnlySpan<FeelValue> Items => _items.AsSpan(0, Count);

    public IEnumerator<FeelValue> GetEnumerator() => _items.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Gathers the items of a list; lists handed out keep their length while it grows.</summary>
internal sealed class ListBuilder(int capacity = 4)
{
    private FeelValue[] _items = new FeelValue[capacity];

    public int Count { get; private set; }

    public void Add(FeelValue item)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Math.Max(4, Count * 2));
        _items[Count++] = item;
    }

    public void AddRange(ReadOnlySpan<FeelValue> items)
    {
        foreach (var item in items)
            Add(item);
    }

    public FeelList ToList() => new(_items, Count);
}
