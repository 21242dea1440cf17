using System.Globalization;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Terms over the real holidays of 2020 to 2026: a table worked out by hand, and what holds of every term.</summary>
public sealed class CalendarTests
{
    private static readonly Jurisdiction Zhejiang = Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions", "zhejiang", "jurisdiction.yaml"));

    private static readonly WorkingCalendar Calendar = Zhejiang.Calendars.Of("330000");

    public static TheoryData<string, string, string, string, string> Deadlines
    {
        get
        {
            var data = new TheoryData<string, string, string, string, string>();
            foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "tests", "material", "calendars", "deadlines.csv")).Skip(1).Select(l => l.Split(',')))
                data.Add(line[0], line[1], line[2], line[3], line[4]);
            return data;
        }
    }

    [Theory, MemberData(nameof(Deadlines))]
    public void A_term_ends_when_it_was_worked_out_by_hand_to_end(string start, string limit, string stops, string expected, string why)
    {
        var due = Calendar.Due(At(start), TimeLimit.Of(limit), stops.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('/')).Select(s => new Standstill(At(s[0]), At(s[1]))));
        Assert.True(At(expected) == due, $"{due:yyyy-MM-ddTHH:mm}: {why}");
    }

    [Fact]
    public void Where_the_start_is_told_in_another_clock_the_day_is_that_of_the_clock_here() =>
        Assert.Equal(At("2026-03-04T18:00"), Calendar.Due(new DateTimeOffset(2026, 3, 2, 16, 30, 0, TimeSpan.Zero), TimeLimit.Of("P1D working")));

    [Property(MaxTest = 500)]
    public void A_term_by_days_ends_at_the_close_of_a_day_that_is_worked(int minutes, byte days, bool isWorking)
    {
        var due = Calendar.Due(Start(minutes), new TimeLimit(0, days + 1, TimeSpan.Zero, isWorking));
        Assert.True(Calendar.IsWorked(Calendar.DayOf(due)));
        Assert.Equal(new TimeSpan(18, 0, 0), due.TimeOfDay);
    }

    [Property(MaxTest = 500)]
    public void A_longer_term_and_a_later_start_end_no_earlier(int minutes, byte days, byte more, bool isWorking)
    {
        var (start, limit) = (Start(minutes), new TimeLimit(0, days, TimeSpan.Zero, isWorking));
        Assert.True(Calendar.Due(start, limit) <= Calendar.Due(start, limit with { Days = days + more }));
        Assert.True(Calendar.Due(start, limit) <= Calendar.Due(start.AddHours(more), limit));
        if (isWorking && more > 0)
            Assert.True(Calendar.Due(start, limit) < Calendar.Due(start, limit with { Days = days + more }));
    }

    [Property(MaxTest = 500)]
    public void So_many_working_days_and_so_many_more_are_both_together(int minutes, byte first, byte second)
    {
        static TimeLimit Days(int count) => new(0, count, TimeSpan.Zero, true);
        var start = Start(minutes);
        Assert.Equal(Calendar.Due(start, Days(first + second + 2)), Calendar.Due(Calendar.Due(start, Days(first + 1)), Days(second + 1)));
    }

    [Property(MaxTest = 500)]
    public void Working_time_is_added_as_it_is_measured(int minutes, ushort first, ushort second)
    {
        static TimeLimit Minutes(int count) => new(0, 0, TimeSpan.FromMinutes(count), true);
        var start = Start(minutes);
        var due = Calendar.Due(start, Minutes(first + 1));
        Assert.Equal(TimeSpan.FromMinutes(first + 1), Calendar.WorkedTime(start, due));
        Assert.Equal(Calendar.Due(start, Minutes(first + second + 2)), Calendar.Due(due, Minutes(second + 1)));
    }

    [Property(MaxTest = 300)]
    public void A_stop_never_brings_a_term_forward(int minutes, byte days, ushort after, ushort hours, bool isWorking)
    {
        var (start, limit) = (Start(minutes), new TimeLimit(0, days + 1, TimeSpan.Zero, isWorking));
        var from = start.AddMinutes(after);
        Assert.True(Calendar.Due(start, limit) <= Calendar.Due(start, limit, new Standstill(from, from.AddHours(hours % 2000))));
    }

    [Theory]
    [InlineData("P15D", 0, 15, 0, false), InlineData("P1Y2M3D", 14, 3, 0, false), InlineData("PT90M", 0, 0, 90, false), InlineData("P10D working", 0, 10, 0, true), InlineData("PT8H working", 0, 0, 480, true)]
    public void A_limit_is_read(string text, int months, int days, int minutes, bool isWorking) =>
        Assert.Equal(new TimeLimit(months, days, TimeSpan.FromMinutes(minutes), isWorking), TimeLimit.Read(text));

    [Theory]
    [InlineData("15D"), InlineData("P"), InlineData("PT"), InlineData("P0D"), InlineData("P1DT"), InlineData("P1M working"), InlineData("P1DT2H working"), InlineData("P5D  working"), InlineData("P5D work"), InlineData("-P1D"), InlineData("P99999D"), InlineData("P1D\n"), InlineData("P٣D")]
    public void What_is_no_limit_is_refused(string text) => Assert.Null(TimeLimit.Read(text));

    private static DateTimeOffset At(string text) => new(DateTime.Parse(text, CultureInfo.InvariantCulture), TimeSpan.FromHours(8));

    private static DateTimeOffset Start(int minutes) => At("2020-01-01T00:00").AddMinutes((uint)minutes % (60 * 24 * 365 * 6));
}
