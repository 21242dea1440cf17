using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The calendar files: what the notices can say, regions with their own days and hours, and a year that is not there.</summary>
public sealed class CalendarDataTests
{
    private static readonly string Calendars = Path.Combine(Repository.Root, "jurisdictions", "calendars");

    private static readonly Jurisdiction Zhejiang = Read("zhejiang");

    private static Jurisdiction Read(string name) => Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions", name, "jurisdiction.yaml"));

    [Fact]
    public void Every_day_has_a_holiday_and_a_notice_and_only_weekends_are_worked_in_exchange()
    {
        var rows = File.ReadLines(Path.Combine(Calendars, "china.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.All(rows, r => Assert.Matches("^国办发明电〔20[0-9]{2}〕[0-9]+号$", r[3]));
        Assert.All(rows, r => Assert.NotEmpty(r[2]));
        Assert.All(rows.Where(r => r[1] == "worked"), r => Assert.True(DateOnly.Parse(r[0], System.Globalization.CultureInfo.InvariantCulture).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday, r[0]));
    }

    // Counted from the notices: weekdays off less weekends worked are the days that the law gives beyond weekends.
    [Theory]
    [InlineData(2020, 249), InlineData(2021, 250), InlineData(2022, 249), InlineData(2023, 249), InlineData(2024, 251), InlineData(2025, 248), InlineData(2026, 248)]
    public void A_year_has_so_many_working_days(int year, int expected) =>
        Assert.Equal(expected, Zhejiang.Calendars.Of("330000").WorkedDays(new DateOnly(year - 1, 12, 31), new DateOnly(year, 12, 31)));

    [Fact]
    public void A_year_that_is_not_there_is_said_from_November_on()
    {
        Assert.Equal([2020, 2021, 2022, 2023, 2024, 2025, 2026], Zhejiang.Calendars.Years.Order());
        Assert.Null(Zhejiang.Calendars.MissingOn(new DateOnly(2026, 10, 31)));
        Assert.Equal(2027, Zhejiang.Calendars.MissingOn(new DateOnly(2026, 11, 1)));
        Assert.Equal(2027, Zhejiang.Calendars.MissingOn(new DateOnly(2027, 3, 1)));
        Assert.Equal(2019, Zhejiang.Calendars.MissingOn(new DateOnly(2019, 3, 1)));
        var calendar = Zhejiang.Calendars.Of("330000");
        Assert.True(calendar.Knows(new DateTimeOffset(2026, 12, 31, 15, 59, 0, TimeSpan.Zero)));
        Assert.False(calendar.Knows(new DateTimeOffset(2026, 12, 31, 16, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Each_jurisdiction_has_its_hours()
    {
        Assert.Equal((new TimeOnly(8, 30), new TimeOnly(18, 0), 8.0), Hours(Zhejiang.Calendars.Of("330106").Hours));
        Assert.Equal((new TimeOnly(9, 0), new TimeOnly(18, 0), 8.0), Hours(Read("beijing").Calendars.Of("110101").Hours));
    }

    [Fact]
    public void A_region_has_its_own_days_and_hours_and_those_within_it_have_them_too()
    {
        var land = Own("""
            country: china.csv
            grounds: grounds.yaml
            hours: ["08:30-12:00", "13:30-18:00"]
            days:
              - {day: 2026-03-03, kind: off, name: 全省, notice: 一号}
            regions:
              "330100":
                hours: ["09:00-17:00"]
                days:
                  - {day: 2026-03-03, kind: worked, name: 杭州照常, notice: 二号}
                  - {day: 2026-03-04, kind: off, name: 杭州, notice: 二号}
            """);
        var (day, next) = (new DateOnly(2026, 3, 3), new DateOnly(2026, 3, 4));
        Assert.Equal((false, true), (land.Of("330500").IsWorked(day), land.Of("330500").IsWorked(next)));
        Assert.Equal((true, false), (land.Of("330106").IsWorked(day), land.Of("330106").IsWorked(next)));
        Assert.Equal((new TimeOnly(17, 0), new TimeOnly(18, 0)), (land.Of("330106").Hours.Closes, land.Of("330500").Hours.Closes));
    }

    [Theory]
    [InlineData("hours: [\"12:00-08:30\"]", "hours are spans in order"), InlineData("hours: [\"08:30-12:00\", \"11:00-18:00\"]", "hours are spans in order"), InlineData("days: []", "hours are missing")]
    [InlineData("hours: [\"09:00-17:00\"]\ndays:\n  - {day: 2026-02-30, kind: off, name: a, notice: b}", "has day: 2026-01-31")]
    [InlineData("hours: [\"09:00-17:00\"]\ndays:\n  - {day: 2026-02-03, kind: free, name: a, notice: b}", "has day: 2026-01-31")]
    [InlineData("hours: [\"09:00-17:00\"]\nregions:\n  \"999999\": {hours: [\"09:00-17:00\"]}", "there is no region 999999")]
    public void A_calendar_that_is_wrong_is_refused_with_the_mend(string rest, string said) =>
        Assert.Contains(said, Assert.Throws<ConfigurationException>(() => Own("country: china.csv\ngrounds: grounds.yaml\n" + rest)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-01-01,free,元旦,一号"), InlineData("2026-13-01,off,元旦,一号"), InlineData("2026-01-01,off,元旦")]
    public void A_line_of_holidays_that_is_wrong_is_refused(string line) =>
        Assert.Contains("china.csv:2", Assert.Throws<ConfigurationException>(() => Own("country: china.csv\ngrounds: grounds.yaml\nhours: [\"09:00-17:00\"]", "day,kind,name,notice\n" + line + "\n")).Message, StringComparison.Ordinal);

    // A jurisdiction with another calendar.
    private static WorkingCalendars Own(string calendar, string? country = null)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-calendar-");
        try
        {
            foreach (var name in (string[])["china.csv", "grounds.yaml"])
                File.Copy(Path.Combine(Calendars, name), Path.Combine(folder.FullName, name));
            if (country is not null)
                File.WriteAllText(Path.Combine(folder.FullName, "china.csv"), country);
            File.WriteAllText(Path.Combine(folder.FullName, "own.yaml"), calendar);
            return WorkingCalendars.Read(Path.Combine(folder.FullName, "own.yaml"), Zhejiang.Regions, "330000", TimeSpan.FromHours(8));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static (TimeOnly, TimeOnly, double) Hours(WorkingHours hours) => (hours.Opens, hours.Closes, hours.Length.TotalHours);
}
