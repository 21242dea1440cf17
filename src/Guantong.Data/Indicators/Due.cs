using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Which figures are to be computed anew, as conditions of SQL: those of periods in which rows have come, changed or gone, and none from before rows were erased.</summary>
internal sealed class Due
{
    private readonly IReadOnlyCollection<DateOnly>? _days;
    private readonly DateOnly? _since;

    /// <param name="days">The days that are touched; null for all.</param>
    /// <param name="since">From when on rows are still there; null for ever.</param>
    public Due(IReadOnlyCollection<DateOnly>? days, DateOnly? since) => (_days, _since) = (days, since);

    /// <summary>A condition on figures by the first day of their period.</summary>
    public string Figures(string period, string starts)
    {
        var terms = new List<string>();
        if (_since is { } since)
            terms.Add(period == Indicator.YearToDate ? $"date_trunc('year', {starts}) >= DATE '{since:yyyy-MM-dd}'" : $"{starts} >= DATE '{since:yyyy-MM-dd}'");
        if (_days is { } days)
        {
            // What is summed up since January changes for each later month of the year.
            var first = days.GroupBy(d => d.Year).Select(y => (Year: y.Key, Month: y.Min(d => d.Month)));
            terms.Add(days.Count == 0 ? "FALSE" : period == Indicator.YearToDate
                ? $"({string.Join(" OR ", first.Select(f => $"({starts} >= DATE '{f.Year:0000}-{f.Month:00}-01' AND {starts} <= DATE '{f.Year:0000}-12-31')"))})"
                : $"{starts} IN ({string.Join(", ", days.Select(d => StartOf(period, d)).Distinct().Order().Select(d => $"DATE '{d:yyyy-MM-dd}'"))})");
        }
        return terms.Count == 0 ? "TRUE" : string.Join(" AND ", terms);
    }

    /// <summary>A condition on days: whatever the figures of these periods rest on.</summary>
    public string Rows(string period, string day)
    {
        if (period == Indicator.YearToDate)
            return _days is null ? "TRUE" : _days.Count == 0 ? "FALSE" : $"({string.Join(" OR ", _days.Select(d => d.Year).Distinct().Order().Select(y => $"({day} >= DATE '{y:0000}-01-01' AND {day} <= DATE '{y:0000}-12-31')"))})";
        return _days is null ? "TRUE" : _days.Count == 0 ? "FALSE" : $"{day} >= DATE '{StartOf(period, _days.Min()):yyyy-MM-dd}' AND {day} < DATE '{Indicator.EndOf(period, StartOf(period, _days.Max())):yyyy-MM-dd}' AND {Figures(period, $"CAST(date_trunc('{period}', {day}) AS DATE)")}";
    }

    private static DateOnly StartOf(string period, DateOnly day) => period switch
    {
        "day" => day,
        "week" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        "quarter" => new DateOnly(day.Year, (((day.Month - 1) / 3) * 3) + 1, 1),
        "year" => new DateOnly(day.Year, 1, 1),
        _ => new DateOnly(day.Year, day.Month, 1),
    };
}
