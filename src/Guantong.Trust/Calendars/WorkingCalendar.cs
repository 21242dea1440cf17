using Guantong.Processes;

namespace Guantong.Trust;

/// <summary>A day that is not what its weekday says: a weekday off, or a day at the weekend that is worked in exchange (调休上班).</summary>
/// <param name="Name">The holiday that it belongs to.</param>
/// <param name="Notice">The number of the notice that says so.</param>
public sealed record CalendarDay(DateOnly Day, bool IsWorked, string Name, string Notice);

/// <summary>For how long a clock stood.</summary>
public readonly record struct Standstill(DateTimeOffset From, DateTimeOffset To);

/// <summary>Which days are worked in a region, with which hours, and when terms end there. Pure: what it is asked, and nothing else, decides what it answers.</summary>
/// <param name="days">The days that differ from Monday to Friday worked, Saturday and Sunday off.</param>
/// <param name="hours">The hours of a day that is worked.</param>
/// <param name="years">The years whose holidays are known.</param>
/// <param name="offset">The clock that its people read, ahead of UTC.</param>
/// <remarks>
/// How terms are counted: by days, the day of the start is not one of them (民法典 §201); working days leave out days off (行政许可法 §82);
/// where the last day of natural days is a day off, the next day that is worked is the last (民法典 §203); months end on the day of the same number, or the month's last (§202);
/// the last day ends when business stops (§203). By hours and minutes, time runs from the moment of the start (§201): exactly, or through working hours alone.
/// A week-end counts as 法定休假日 here, as the labour rules have it (国务院关于职工工作时间的规定 §7).
/// </remarks>
public sealed class WorkingCalendar(IReadOnlyDictionary<DateOnly, CalendarDay> days, WorkingHours hours, IReadOnlySet<int> years, TimeSpan offset)
{
    /// <summary>The hours of a day that is worked.</summary>
    public WorkingHours Hours => hours;

    /// <summary>Whether a day is worked.</summary>
    public bool IsWorked(DateOnly day) => days.TryGetValue(day, out var named) ? named.IsWorked : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>What is said of a day that differs from what its weekday says; null where nothing is.</summary>
    public CalendarDay? Named(DateOnly day) => days.GetValueOrDefault(day);

    /// <summary>Whether a year's holidays are known. Of one that is not, weekends alone are days off: what falls into it is an estimate.</summary>
    public bool Knows(int year) => years.Contains(year);

    /// <summary>Whether a moment falls into a year whose holidays are known.</summary>
    public bool Knows(DateTimeOffset at) => Knows(DayOf(at).Year);

    /// <summary>The day of a moment by the clock here.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(offset).DateTime);

    /// <summary>When a term ends.</summary>
    /// <param name="start">When it begins.</param>
    /// <param name="limit">How long it is.</param>
    /// <param name="stops">For how long its clock stood, each stop within the term: by days, the day of the stop is still the term's and each day after it up to that of the going on is not.</param>
    public DateTimeOffset Due(DateTimeOffset start, TimeLimit limit, params IEnumerable<Standstill> stops) => limit switch
    {
        { CountsDays: true, IsWorking: true } => Close(WorkedAfter(DayOf(start), limit.Days + stops.Sum(s => WorkedDays(DayOf(s.From), DayOf(s.To))))),
        { CountsDays: true } => Close(OrNextWorked(DayOf(start).AddMonths(limit.Months).AddDays(limit.Days + stops.Sum(s => DayOf(s.To).DayNumber - DayOf(s.From).DayNumber)))),
        { IsWorking: true } => stops.Aggregate(Through(start, limit.Time), (due, s) => Through(due, WorkedTime(s.From, s.To))),
        _ => stops.Aggregate(start.ToOffset(offset).AddMonths(limit.Months).AddDays(limit.Days) + limit.Time, (due, s) => due + (s.To - s.From)),
    };

    /// <summary>How many days are worked after a day, up to and with another; 0 where that is not later.</summary>
    public int WorkedDays(DateOnly after, DateOnly until)
    {
        var count = 0;
        for (var day = after.AddDays(1); day <= until; day = day.AddDays(1))
            count += IsWorked(day) ? 1 : 0;
        return count;
    }

    /// <summary>How much time is worked between two moments; none where the second is not later.</summary>
    public TimeSpan WorkedTime(DateTimeOffset from, DateTimeOffset to)
    {
        var sum = TimeSpan.Zero;
        for (var day = DayOf(from); day <= DayOf(to); day = day.AddDays(1))
        {
            foreach (var (opens, closes) in Spans(day))
            {
                var (begin, end) = (opens > from ? opens : from, closes < to ? closes : to);
                sum += end > begin ? end - begin : TimeSpan.Zero;
            }
        }
        return sum;
    }

    // The moment at which so much time has been worked.
    private DateTimeOffset Through(DateTimeOffset start, TimeSpan left)
    {
        if (left == TimeSpan.Zero)
            return start;
        for (var day = DayOf(start); ; day = day.AddDays(1))
        {
            foreach (var (opens, closes) in Spans(day))
            {
                var begin = opens > start ? opens : start;
                if (closes <= begin)
                    continue;
                if (left <= closes - begin)
                    return begin + left;
                left -= closes - begin;
            }
        }
    }

    private IEnumerable<(DateTimeOffset Opens, DateTimeOffset Closes)> Spans(DateOnly day) => IsWorked(day) ? hours.Spans.Select(s => (At(day, s.From), At(day, s.To))) : [];

    private DateOnly WorkedAfter(DateOnly day, int count)
    {
        while (count > 0)
        {
            day = day.AddDays(1);
            count -= IsWorked(day) ? 1 : 0;
        }
        return day;
    }

    private DateOnly OrNextWorked(DateOnly day) => IsWorked(day) ? day : WorkedAfter(day, 1);

    private DateTimeOffset Close(DateOnly day) => At(day, hours.Closes);

    private DateTimeOffset At(DateOnly day, TimeOnly time) => new(day.ToDateTime(time), offset);
}
