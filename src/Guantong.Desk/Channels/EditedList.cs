namespace Guantong.Desk.Channels;

/// <summary>Lists of a channel as an editor changes them; each change gives a new list. Pure.</summary>
internal static class EditedList
{
    /// <summary>With an item changed.</summary>
    public static IReadOnlyList<T> With<T>(IReadOnlyList<T> list, int at, T item) => [.. list.Select((one, i) => i == at ? item : one)];

    /// <summary>With an item moved; taken out where it is moved to -1.</summary>
    public static IReadOnlyList<T> Move<T>(IReadOnlyList<T> list, int at, int to)
    {
        var moved = list.ToList();
        moved.RemoveAt(at);
        if (to >= 0)
            moved.Insert(Math.Min(to, moved.Count), list[at]);
        return moved;
    }
}
