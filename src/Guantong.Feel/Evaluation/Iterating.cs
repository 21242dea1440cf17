namespace Guantong.Feel.Evaluation;

/// <summary>Walks over a list, a range of whole steps, or a single value (§10.3.2.14).</summary>
internal struct Iterating
{
    private readonly FeelList? _list;
    private readonly FeelValue _last;
    private readonly bool _lastIncluded;
    private readonly int _step;
    private FeelValue _next;
    private int _at;

    private Iterating(FeelList list) => _list = list;

    private Iterating(FeelValue first, FeelValue last, bool lastIncluded, int step) => (_next, _last, _lastIncluded, _step) = (first, last, lastIncluded, step);

    /// <summary>Null for null and for a range that has no steps.</summary>
    public static Iterating? Over(FeelValue source, FeelSession session)
    {
        if (source.List is { } list)
            return new Iterating(list);
        if (source.Range is { } range)
            return OverRange(range, session);
        if (!source.IsNull)
            return new Iterating(new FeelList(source));
        session.Null(NullReason.NotAList, "null");
        return null;
    }

    private static Iterating? OverRange(FeelRange range, FeelSession session)
    {
        var (from, to) = (range.Start, range.End);
        var numbers = from.IsNumber && to.IsNumber && from.Number.IsInteger && to.Number.IsInteger;
        if (range.Operator is not null || !(numbers || (from.IsDate && to.IsDate)) || Comparing.Order(from, to, session) is not { } order)
        {
            session.Null(NullReason.NotAList, range.ToString());
            return null;
        }
        var step = order <= 0 ? 1 : -1;
        // Where a number has more digits than are kept, a step of one leads nowhere.
        if (numbers && FeelNumber.Add(from.Number, step) == from.Number)
        {
            session.Null(NullReason.NotAList, range.ToString());
            return null;
        }
        return new Iterating(range.StartIncluded ? from : Moved(from, step), to, range.EndIncluded, step);
    }

    public bool Next(out FeelValue item)
    {
        if (_list is not null)
        {
            item = _at < _list.Count ? _list[_at] : default;
            return _at++ < _list.Count;
        }
        item = _next;
        if (item.IsNull)
            return false;
        var order = (item.IsNumber ? item.Number.CompareTo(_last.Number) : item.Date.CompareTo(_last.Date)) * _step;
        if (order > 0 || (order == 0 && !_lastIncluded))
            return false;
        _next = Moved(item, _step);
        return true;
    }

    private static FeelValue Moved(in FeelValue value, int step) =>
        value.IsNumber ? FeelNumber.Add(value.Number, step) : value.Date.AddDays(step);
}
