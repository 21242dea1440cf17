using Guantong.Data;

namespace Guantong.Gateway;

/// <summary>Counts a grant's calls of this node against its rate and its quota.</summary>
/// <remarks>
/// The rate is a bucket that a minute's worth of calls fills evenly and that holds a minute's worth at most; the quota is a day's by the jurisdiction's clock. Nodes count apart and tell each other every few seconds
/// (<see cref="Share"/>): those that serve a grant have an even part of its rate each, and what one has served of the quota the others see by then.
/// </remarks>
public sealed class GrantLimits
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _offset;
    private readonly int _perMinute;
    private readonly long _perDay;
    private double _left;
    private DateTimeOffset _last;
    private long _used, _elsewhere;
    private int _nodes = 1;
    private DateTime _day;

    /// <summary>Begins to count.</summary>
    /// <param name="used">Calls of today that this node has kept already.</param>
    public GrantLimits(ShareTerms terms, long used, TimeProvider clock, TimeSpan offset)
    {
        (_perMinute, _perDay, _used, _clock, _offset) = (terms.PerMinute, terms.PerDay, used, clock, offset);
        (_left, _last, _day) = (_perMinute, clock.GetUtcNow(), Today());
    }

    /// <summary>Whether these are the limits of some terms.</summary>
    public bool Fits(ShareTerms terms) => terms.PerMinute == _perMinute && terms.PerDay == _perDay;

    /// <summary>Tells what other nodes do under the grant.</summary>
    /// <param name="nodes">Those that served calls in the last minute.</param>
    /// <param name="used">Calls of today that they served.</param>
    public void Share(int nodes, long used)
    {
        lock (_gate)
        {
            (_nodes, _elsewhere) = (nodes + 1, used);
            _left = Math.Min(_left, Most);
        }
    }

    private double Most => Math.Max(1, (double)_perMinute / _nodes);

    /// <summary>Takes a call, or says in how many seconds there is room for one.</summary>
    public bool TakeOfMinute(out int seconds)
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            var most = Most;
            _left = Math.Min(most, _left + Math.Max(0, (now - _last).TotalMinutes) * most);
            _last = now;
            seconds = _left >= 1 ? 0 : Math.Max(1, (int)Math.Ceiling((1 - _left) * 60 / most));
            if (seconds == 0)
                _left--;
            return seconds == 0;
        }
    }

    /// <summary>The same of the day's quota, for calls that are served.</summary>
    public bool TakeOfDay(out int seconds)
    {
        lock (_gate)
        {
            if (Today() is var today && today != _day)
                (_day, _used, _elsewhere) = (today, 0, 0);
            seconds = _used + _elsewhere < _perDay ? 0 : (int)Math.Ceiling((_day.AddDays(1) - _clock.GetUtcNow().ToOffset(_offset).DateTime).TotalSeconds);
            if (seconds == 0)
                _used++;
            return seconds == 0;
        }
    }

    private DateTime Today() => _clock.GetUtcNow().ToOffset(_offset).Date;
}
