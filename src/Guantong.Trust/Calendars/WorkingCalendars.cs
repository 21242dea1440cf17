using System.Collections.Concurrent;
using System.Globalization;
using Guantong.Packs.Reading;

namespace Guantong.Trust;

/// <summary>Why a clock may be stopped (中止计时), or a case suspended (中止办理) or terminated (终止), or an application is not accepted (不予受理), and what law says so.</summary>
/// <param name="Id">The word that the API takes.</param>
/// <param name="Law">The article, as it is cited.</param>
public sealed record StopGround(string Id, string Name, string NameEn, string Law, string LawEn)
{
    /// <summary>What it is a ground for: clock, suspend, terminate; reject, redirect.</summary>
    public IReadOnlyList<string> For { get; init; } = ["clock"];

    /// <summary>What it is called.</summary>
    public string Say(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? NameEn : Name;

    /// <summary>The article in a reader's language.</summary>
    public string SayLaw(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? LawEn : Law;
}

/// <summary>The working calendars of a jurisdiction: the country's holidays, its own days and hours, those of regions within it; and the grounds on which clocks are stopped.</summary>
public sealed class WorkingCalendars
{
    // A region has its own days and hours, or those around it.
    private sealed record Own(IReadOnlyList<CalendarDay> Days, WorkingHours? Hours);

    private readonly Dictionary<DateOnly, CalendarDay> _country;
    private readonly HashSet<int> _years;
    private readonly Dictionary<string, Own> _own;
    private readonly RegionTree _regions;
    private readonly TimeSpan _offset;
    private readonly ConcurrentDictionary<string, WorkingCalendar> _made = new();

    private readonly IReadOnlyList<StopGround> _grounds;

    private WorkingCalendars(Dictionary<DateOnly, CalendarDay> country, Dictionary<string, Own> own, IReadOnlyList<StopGround> grounds, RegionTree regions, TimeSpan offset)
    {
        (_country, _own, _grounds, _regions, _offset) = (country, own, grounds, regions, offset);
        // Each year's notice begins with its New Year's Day.
        _years = [.. country.Keys.Where(d => d is { Month: 1, Day: 1 }).Select(d => d.Year)];
    }

    /// <summary>The grounds on which a clock may be stopped.</summary>
    public IReadOnlyList<StopGround> Grounds => GroundsFor("clock");

    /// <summary>The grounds for something: clock, suspend, terminate, reject or redirect.</summary>
    public IReadOnlyList<StopGround> GroundsFor(string what) => [.. _grounds.Where(g => g.For.Contains(what))];

    /// <summary>A ground by its word, or null.</summary>
    public StopGround? Ground(string? id) => _grounds.FirstOrDefault(g => g.Id == id);

    /// <summary>The years whose holidays are known.</summary>
    public IReadOnlyCollection<int> Years => _years;

    /// <summary>What has to be said of a day: its year's holidays are not known, or from November on those of the next are not; null where all is well.</summary>
    public int? MissingOn(DateOnly day) => !_years.Contains(day.Year) ? day.Year : day.Month >= 11 && !_years.Contains(day.Year + 1) ? day.Year + 1 : null;

    /// <summary>The calendar of a region: what the nearest region around it says of a day or of the hours counts.</summary>
    public WorkingCalendar Of(string region) => _made.GetOrAdd(region, code =>
    {
        var around = _regions.Upwards(code).Select(r => _own.GetValueOrDefault(r.Code)).OfType<Own>().ToList();
        var days = new Dictionary<DateOnly, CalendarDay>(_country);
        foreach (var day in around.AsEnumerable().Reverse().SelectMany(o => o.Days))
            days[day.Day] = day;
        return new WorkingCalendar(days, around.Select(o => o.Hours).FirstOrDefault(h => h is not null) ?? _own[""].Hours!, _years, _offset);
    });

    /// <summary>Reads a calendar file and the lists that it names.</summary>
    /// <param name="file">calendar YAML: <c>country</c> (a CSV file), <c>grounds</c> (a YAML file), <c>hours</c>, and of it and of <c>regions</c> by code <c>hours</c> and <c>days</c>.</param>
    /// <exception cref="ConfigurationException">A file is missing or not as it should be.</exception>
    public static WorkingCalendars Read(string file, RegionTree regions, string root, TimeSpan offset)
    {
        var node = Jurisdiction.Yaml(file);
        string At(string key) => Path.Combine(Path.GetDirectoryName(file)!, node[key]?.Text ?? throw new ConfigurationException($"{file}: {key} is missing; add it"));
        var country = new Dictionary<DateOnly, CalendarDay>();
        foreach (var (row, line) in Jurisdiction.Rows(At("country"), 4).Select((r, i) => (r, i + 2)))
        {
            if (!DateOnly.TryParseExact(row[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || row[1] is not ("off" or "worked") || !country.TryAdd(day, new CalendarDay(day, row[1] == "worked", row[2], row[3])))
                throw new ConfigurationException($"{At("country")}:{line}: {row[0]},{row[1]} is no day with off or worked, or stands there twice; mend the line");
        }
        var top = OwnOf(file, node);
        if (top.Hours is null)
            throw new ConfigurationException($"{file}: hours are missing; add them, such as hours: [\"08:30-12:00\", \"13:30-18:00\"]");
        var own = new Dictionary<string, Own> { [""] = top, [root] = top };
        foreach (var (code, about) in node["regions"]?.Entries ?? [])
        {
            if (regions.Find(code.Value) is null)
                throw new ConfigurationException($"{code.Mark}: there is no region {code.Value}; use a code of the regions file");
            own[code.Value] = OwnOf(file, about);
        }
        var grounds = Jurisdiction.Yaml(At("grounds")).Items.Select(g => new StopGround(g.Word("ground"), g.Word("name"), g.Word("name_en"), g.Word("law"), g.Word("law_en")) { For = g.Words("for") is { Count: > 0 } uses ? uses : ["clock"] }).ToList();
        return new WorkingCalendars(country, own, grounds, regions, offset);
    }

    private static Own OwnOf(string file, Node node)
    {
        var hours = node["hours"] is { } written ? WorkingHours.Read(node.Words("hours")) ?? throw new ConfigurationException($"{written.Mark}: hours are spans in order, such as \"08:30-12:00\"; mend them") : null;
        var days = node.List("days").Select(d => DateOnly.TryParseExact(d.Word("day"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && d.Word("kind") is "off" or "worked"
            ? new CalendarDay(day, d.Word("kind") == "worked", d.Word("name"), d.Word("notice"))
            : throw new ConfigurationException($"{d.Mark}: a day of {Path.GetFileName(file)} has day: 2026-01-31 and kind: off or worked; mend it"));
        return new Own([.. days], hours);
    }
}
