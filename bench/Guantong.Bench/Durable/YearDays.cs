using System.Globalization;

namespace Guantong.Bench.Durable;

/// <summary>What a day of the year came to.</summary>
/// <param name="Month">1 to 12.</param>
/// <param name="Cases">How many came in.</param>
/// <param name="Seconds">How long that took, and all that had to be done then.</param>
/// <param name="Tasks">How many tasks were finished.</param>
/// <param name="Served">How many pieces of work the runner did.</param>
internal sealed record YearDay(int Month, int Cases, double Seconds, int Tasks, int Served);

/// <summary>The days that are over, in a file that outlives the process.</summary>
internal sealed class YearDays
{
    private readonly string _file;
    private readonly List<YearDay> _days;

    public YearDays(string file)
    {
        _file = file;
        _days = File.Exists(file) ? [.. File.ReadLines(file).Select(Read)] : [];
    }

    public int Cases => _days.Sum(d => d.Cases);

    public double Seconds => _days.Sum(d => d.Seconds);

    public int Tasks => _days.Sum(d => d.Tasks);

    public int Served => _days.Sum(d => d.Served);

    /// <summary>The latest month's cases a second as a share of the first's.</summary>
    public double LastToFirst => _days.Count == 0 ? 0 : Rate(_days[^1].Month) / Rate(_days[0].Month);

    public void Add(YearDay day)
    {
        _days.Add(day);
        File.AppendAllLines(_file, [string.Create(CultureInfo.InvariantCulture, $"{day.Month},{day.Cases},{day.Seconds:0.000},{day.Tasks},{day.Served}")]);
    }

    /// <summary>A month in words.</summary>
    public string Of(int month) => string.Create(CultureInfo.InvariantCulture, $"month {month,2}  {_days.Where(d => d.Month == month).Sum(d => d.Cases)} cases in {_days.Where(d => d.Month == month).Sum(d => d.Seconds):0} s, {Rate(month):0}/s");

    private double Rate(int month) => _days.Where(d => d.Month == month).Sum(d => d.Cases) / _days.Where(d => d.Month == month).Sum(d => d.Seconds);

    private static YearDay Read(string line)
    {
        var at = line.Split(',');
        return new YearDay(int.Parse(at[0], CultureInfo.InvariantCulture), int.Parse(at[1], CultureInfo.InvariantCulture), double.Parse(at[2], CultureInfo.InvariantCulture), int.Parse(at[3], CultureInfo.InvariantCulture), int.Parse(at[4], CultureInfo.InvariantCulture));
    }
}
