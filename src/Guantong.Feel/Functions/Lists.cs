using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Functions;

/// <summary>Lists (DMN 1.5 §10.3.4.4, §10.3.4.8).</summary>
internal static class Lists
{
    public static void Add(BuiltIns.Register r)
    {
        r.Add("count", FeelType.Number, "list: list", (a, _) => a[0].List!.Count);
        r.Add("list contains", FeelType.Boolean, "list: list, element: any?", (a, s) => Place(a[0].List!, a[1], 0, s) >= 0);
        r.Add("append", FeelType.AnyList, "list: list, item...: any?", (a, s) => Joined([a[0].List!, a[1].List!], s));
        r.Add("concatenate", FeelType.AnyList, "list...: list", (a, s) => Joined(a[0].List!, s));
        r.Add("insert before", FeelType.AnyList, "list: list, position: number, newItem: any?", Insert);
        r.Add("remove", FeelType.AnyList, "list: list, position: number", Remove);
        r.Add("list replace", FeelType.AnyList, "list: list, position: number, newItem: any?", ReplaceAt);
        r.Add("list replace", FeelType.AnyList, "list: list, match: function, newItem: any?", ReplaceWhere);
        r.Add("reverse", FeelType.AnyList, "list: list", (a, s) => s.Keep(new FeelList([.. a[0].List!.Reverse()])));
        r.Add("index of", new ListType(FeelType.Number), "list: list, match: any?", IndexOf);
        r.Add("union", FeelType.AnyList, "list...: list", (a, s) => Distinct(Joined(a[0].List!, s), s));
        r.Add("distinct values", FeelType.AnyList, "list: list", (a, s) => Distinct(a[0].List!, s));
        r.Add("flatten", FeelType.AnyList, "list: list", Flatten);
        r.Add("sublist", FeelType.AnyList, "list: list, start position: number, [length: number]", Sublist);
        r.Add("sort", FeelType.AnyList, "list: list, [precedes: function]", Sort);
    }

    private static int Place(FeelList list, FeelValue element, int from, FeelSession session)
    {
        for (var i = from; i < list.Count; i++)
        {
            session.Step();
            if ((list[i].IsNull || element.IsNull || list[i].Kind == element.Kind) && Comparing.Equal(list[i], element, session) is true)
                return i;
        }
        return -1;
    }

    private static FeelList Joined(IEnumerable<FeelList> lists, FeelSession session)
    {
        var all = new ListBuilder();
        foreach (var list in lists)
        {
            session.Step(list.Count);
            all.AddRange(list.Items);
        }
        return session.Keep(all.ToList());
    }

    private static FeelList Joined(FeelList lists, FeelSession session) => Joined(lists.Select(l => l.List!), session);

    private static int? At(FeelList list, FeelValue position, FeelSession session)
    {
        if (position.Number.Round(0, Rounding.Down).TryToInt64(out var at) && at != 0 && Math.Abs(at) <= list.Count)
            return (int)(at > 0 ? at - 1 : list.Count + at);
        session.Null(NullReason.NoItem, Values.Print.Short(position));
        return null;
    }

    private static FeelList Spliced(FeelList list, int at, int without, FeelSession session, params ReadOnlySpan<FeelValue> with)
    {
        session.Step(list.Count);
        FeelValue[] items = [.. list.Items[..at], .. with, .. list.Items[(at + without)..]];
        return session.Keep(new FeelList(items));
    }

    private static FeelValue Insert(ReadOnlySpan<FeelValue> a, FeelSession session) =>
        At(a[0].List!, a[1], session) is { } at ? Spliced(a[0].List!, at, 0, session, a[2]) : default(FeelValue);

    private static FeelValue Remove(ReadOnlySpan<FeelValue> a, FeelSession session) =>
        At(a[0].List!, a[1], session) is { } at ? Spliced(a[0].List!, at, 1, session) : default(FeelValue);

    private static FeelValue ReplaceAt(ReadOnlySpan<FeelValue> a, FeelSession session) =>
        At(a[0].List!, a[1], session) is { } at ? Spliced(a[0].List!, at, 1, session, a[2]) : default(FeelValue);

    private static FeelValue ReplaceWhere(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var items = a[0].List!.ToArray();
        for (var i = 0; i < items.Length; i++)
        {
            var said = Ask(a[1].Function!, items[i], a[2], session);
            if (!said.IsBoolean)
                return session.Null(NullReason.NotACondition, Values.Print.Kind(said));
            if (said.IsTrue)
                items[i] = a[2];
        }
        return session.Keep(new FeelList(items));
    }

    private static FeelValue Ask(FeelFunction function, FeelValue first, FeelValue second, FeelSession session)
    {
        session.Enter();
        var said = function.Call([first, second], session);
        session.Leave();
        return said;
    }

    private static FeelValue IndexOf(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var places = new ListBuilder();
        for (var at = Place(a[0].List!, a[1], 0, session); at >= 0; at = Place(a[0].List!, a[1], at + 1, session))
            places.Add(at + 1);
        return session.Keep(places.ToList());
    }

    // Numbers and strings are told apart by a set; anything else by comparing with what is kept, which spends the budget.
    private static FeelValue Distinct(FeelList list, FeelSession session)
    {
        var kept = new ListBuilder();
        var others = new ListBuilder();
        var seen = new HashSet<object>();
        foreach (var item in list.Items)
        {
            session.Step();
            var isNew = item.IsNumber ? seen.Add(item.Number) : item.String is { } text ? seen.Add(text) : Place(others.ToList(), item, 0, session) < 0;
            if (!isNew)
                continue;
            kept.Add(item);
            if (!item.IsNumber && item.String is null)
                others.Add(item);
        }
        return session.Keep(kept.ToList());
    }

    private static FeelValue Flatten(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var flat = new ListBuilder();
        Flatten(a[0].List!, flat, session);
        return flat.ToList();
    }

    private static void Flatten(FeelList list, ListBuilder into, FeelSession session)
    {
        session.Enter();
        foreach (var item in list.Items)
        {
            session.Step();
            session.Keep(24);
            if (item.List is { } inner)
                Flatten(inner, into, session);
            else
                into.Add(item);
        }
        session.Leave();
    }

    private static FeelValue Sublist(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var list = a[0].List!;
        if (At(list, a[1], session) is not { } at)
            return default;
        long length = list.Count - at;
        if (!a[2].IsNull && (!a[2].Number.TryToInt64(out length) || length < 1 || length > list.Count - at))
            return session.Null(NullReason.WrongArguments, "sublist", Values.Print.Short(a[2]));
        return session.Keep(new FeelList(list.Items.Slice(at, (int)length).ToArray()));
    }

    private static FeelValue Sort(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var items = a[0].List!.ToArray();
        var function = a[1].Function;
        var undecided = false;
        // Merging keeps equal items in order, and ends whatever the function says.
        bool Precedes(FeelValue x, FeelValue y)
        {
            session.Step();
            if (function is null)
                return Comparing.Order(x, y, session) is { } order ? order < 0 : !(undecided = true);
            var said = Ask(function, x, y, session);
            undecided |= !said.IsBoolean;
            return said.IsTrue;
        }
        Merge(items, new FeelValue[items.Length], 0, items.Length, Precedes);
        return undecided ? session.Null(NullReason.WrongArguments, "sort", "list") : session.Keep(new FeelList(items));
    }

    private static void Merge(FeelValue[] items, FeelValue[] spare, int from, int to, Func<FeelValue, FeelValue, bool> precedes)
    {
        if (to - from < 2)
            return;
        var middle = (from + to) / 2;
        Merge(items, spare, from, middle, precedes);
        Merge(items, spare, middle, to, precedes);
        var (left, right) = (from, middle);
        for (var i = from; i < to; i++)
            spare[i] = left < middle && (right >= to || !precedes(items[right], items[left])) ? items[left++] : items[right++];
        Array.Copy(spare, from, items, from, to - from);
    }
}
