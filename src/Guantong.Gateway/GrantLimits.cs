using Guantong.Data;

namespace Guantong.Gateway;

/// <summary>Counts a grant's calls of this node against its rate and its quota.</summary>
/// <remarks>The rate is a bucket that a minute's worth of calls fills evenly and that holds a minute's worth at most; the quota is a day's by the jurisdiction's clock. Nodes count apart, and start from what all of them had kept.</remarks>
public sealed class GrantLimits
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _offset;
    private readonly int _perMinute;
    private readonly long _perDay;
    private double _left;
    private DateTimeOffset _last;
    private long _used;
    private DateTime _day;

    /// <summary>Begins to count.</summary>
    /// <param name="used">Calls of today that are known already.</param>
    public GrantLimits(ShareTerms terms, long used, TimeProvider clock, TimeSpan offset)
    {
        (_perMinute, _perDay, _used, _clock, _offset) = (terms.PerMinute, terms.PerDay, used, clock, offset);
        (_left, _last, _day) = (_perMinute, clock.GetUtcNow(), Today());
    }

    /// <summary>Whether these are the limits of some terms.</summary>
    public bool Fits(ShareTerms terms) => terms.PerMinute == _perMinute && terms.PerDay == _perDay;

    /// <summary>Takes a call, or says in how many seconds there is room for one.</summary>
    public bool TakeOfMinute(out int seconds)
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            _left = Math.Min(_perMinute, _left + Math.Max(0, (now - _last).TotalMinutes) * _perMinute);
            _last = now;
            seconds = _left >= 1 ? 0 : Math.Max(1, (int)Math.Ceiling((1 - _left) * 60 / _perMinute));
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
                (_day, _used) = (today, 0);
            seconds = _used < _perDay ? 0 : (int)Math.Ceiling((_day.AddDays(1) - _clock.GetUtcNow().ToOffset(_offset).DateTime).TotalSeconds);
            if (seconds == 0)
                _used++;
            return seconds == 0;
        }
    }

    private DateTime Today() => _clock.GetUtcNow().ToOffset(_offset).Date;
}
