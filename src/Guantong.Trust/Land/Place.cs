using System.Globalization;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Trust;

/// <summary>A place where people come in person: a service hall (政务服务大厅), a sports ground. It opens by its own week and is closed on the holidays of its region.</summary>
/// <param name="Kind">One of <see cref="InPerson.Kinds"/>.</param>
/// <param name="East">Longitude, WGS 84 as the maps have it.</param>
/// <param name="North">Latitude.</param>
/// <param name="Counters">How many people can be served there at once.</param>
/// <param name="Week">Its hours by weekday; a day that is not there is closed.</param>
/// <param name="Calendar">Which days its region works.</param>
public sealed record Place(string Id, string Kind, string Name, string NameEn, string Region, string Address, string AddressEn, double East, double North, string Phone, int Counters,
    IReadOnlyDictionary<DayOfWeek, WorkingHours> Week, WorkingCalendar Calendar)
{
    // As files name them, in the order of a week.
    private static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>Its name in a reader's language.</summary>
    public string Say(string lang) => IsEnglish(lang) && NameEn.Length > 0 ? NameEn : Name;

    /// <summary>Its address in a reader's language.</summary>
    public string SayAddress(string lang) => IsEnglish(lang) && AddressEn.Length > 0 ? AddressEn : Address;

    /// <summary>Its hours on a day; null where it is closed: by its own week, or because of a holiday. A day at the weekend that is worked in exchange has its own hours, or Monday's.</summary>
    public WorkingHours? HoursOn(DateOnly day) => Calendar.Named(day) switch
    {
        { IsWorked: false } => null,
        { IsWorked: true } => Week.GetValueOrDefault(day.DayOfWeek) ?? Week.GetValueOrDefault(DayOfWeek.Monday),
        null => Week.GetValueOrDefault(day.DayOfWeek),
    };

    /// <summary>Its week from Monday on: runs of days that have the same hours; no hours where it is closed.</summary>
    public IReadOnlyList<(DayOfWeek From, DayOfWeek To, WorkingHours? Hours)> Runs
    {
        get
        {
            var runs = new List<(DayOfWeek From, DayOfWeek To, WorkingHours? Hours)>();
            foreach (var day in Enumerable.Range(1, 7).Select(d => (DayOfWeek)(d % 7)))
            {
                var hours = Week.GetValueOrDefault(day);
                if (runs.Count > 0 && (runs[^1].Hours?.Spans ?? []).SequenceEqual(hours?.Spans ?? []))
                    runs[^1] = runs[^1] with { To = day };
                else
                    runs.Add((day, day, hours));
            }
            return runs;
        }
    }

    /// <summary>Reads a file of places.</summary>
    /// <param name="file">YAML, a list: place, kind, name, name_en, region, address, address_en, at: [longitude, latitude], phone, counters, hours: {mon-fri: [08:30-12:00], sat: […]}.</param>
    /// <exception cref="ConfigurationException">The file is missing or a place is not as it should be.</exception>
    internal static IReadOnlyList<Place> Read(string file, RegionTree regions, WorkingCalendars calendars)
    {
        var places = Jurisdiction.Yaml(file).Items.Select(n => ReadOne(n, regions, calendars)).ToList();
        return places.GroupBy(p => p.Id).FirstOrDefault(g => g.Count() > 1) is { } twice ? throw new ConfigurationException($"{file}: {twice.Key} stands there twice; rename one") : places;
    }

    private static Place ReadOne(Node n, RegionTree regions, WorkingCalendars calendars)
    {
        string Word(string key) => n[key]?.Text is { Length: > 0 } text ? text : throw new ConfigurationException($"{n.Mark}: {key} is missing; add it");
        var (kind, region) = (n["kind"]?.Text ?? InPerson.Kinds[0], Word("region"));
        if (!InPerson.Kinds.Contains(kind))
            throw new ConfigurationException($"{n.Mark}: {kind} is no kind of place; write one of {string.Join(", ", InPerson.Kinds)}");
        if (regions.Find(region) is null)
            throw new ConfigurationException($"{n.Mark}: there is no region {region}; use a code of the regions file");
        if (n.Words("at") is not [var east, var north] || !Degrees(east, 180, out var longitude) || !Degrees(north, 90, out var latitude))
            throw new ConfigurationException($"{n.Mark}: at is longitude and latitude, such as at: [120.15, 30.27]; mend it");
        if (!int.TryParse(Word("counters"), NumberStyles.None, CultureInfo.InvariantCulture, out var counters) || counters is < 1 or > 999)
            throw new ConfigurationException($"{n.Mark}: counters is a whole number from 1 to 999; mend it");
        var week = (n["hours"]?.Entries ?? []).SelectMany(e => DaysOf(e.Key).Select(d => (Day: d, Hours: WorkingHours.Read(n["hours"]!.Words(e.Key.Value)) ?? throw new ConfigurationException($"{e.Key.Mark}: hours are spans in order, such as \"08:30-12:00\"; mend them")))).ToList();
        if (week.Count == 0 || week.DistinctBy(d => d.Day).Count() < week.Count)
            throw new ConfigurationException($"{n.Mark}: hours name each day once, such as hours: {{mon-fri: [\"08:30-12:00\"]}}; mend them");
        return new Place(Word("place"), kind, Word("name"), n.Word("name_en"), region, Word("address"), n.Word("address_en"), longitude, latitude, Word("phone"), counters, week.ToDictionary(d => d.Day, d => d.Hours), calendars.Of(region));
    }

    private static IEnumerable<DayOfWeek> DaysOf(ScalarNode key)
    {
        var ends = key.Value.Split('-').Select(d => Array.IndexOf(Days, d)).ToArray();
        return ends.Length is 1 or 2 && ends.All(e => e >= 0) && ends[0] <= ends[^1] ? Enumerable.Range(ends[0], ends[^1] - ends[0] + 1).Select(d => (DayOfWeek)((d + 1) % 7))
            : throw new ConfigurationException($"{key.Mark}: {key.Value} is no day or days of the week; write mon, or mon-fri");
    }

    private static bool Degrees(string text, double most, out double degrees) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out degrees) && Math.Abs(degrees) <= most;

    private static bool IsEnglish(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase);
}
