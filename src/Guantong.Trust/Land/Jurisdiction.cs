using System.Globalization;
using Guantong.Packs.Reading;

namespace Guantong.Trust;

/// <summary>Whom the platform serves: a region with its divisions, units, people of the demonstration, maps and packs. It is configuration.</summary>
/// <param name="Offset">The clock that its people read, ahead of UTC.</param>
/// <param name="Maps">Folder of GeoJSON files (cities.geojson and one a city), or null where there are none.</param>
/// <param name="Packs">Folders below packs/ that a new platform starts with.</param>
public sealed record Jurisdiction(string Id, string Name, string NameEn, string Root, TimeSpan Offset, RegionTree Regions, UnitDirectory Units,
    IReadOnlyList<Person> People, string? Maps, IReadOnlyList<string> Packs)
{
    /// <summary>Which days are worked in its regions, with which hours.</summary>
    public required WorkingCalendars Calendars { get; init; }

    /// <summary>The places where people come in person; none where it names no file of them.</summary>
    public IReadOnlyList<Place> Places { get; init; } = [];

    /// <summary>Its name in a reader's language.</summary>
    public string Say(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? NameEn : Name;

    /// <summary>Reads jurisdiction.yaml and the files it names.</summary>
    /// <exception cref="ConfigurationException">A file is missing or not as it should be.</exception>
    public static Jurisdiction Read(string file)
    {
        var root = Yaml(file);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string At(string key) => Path.Combine(folder, root[key]?.Text ?? throw new ConfigurationException($"{file}: {key} is missing; add it"));
        var regions = ReadRegions(At("regions"), At("changes"), At("english"));
        var top = regions.Find(root.Word("root")) ?? throw new ConfigurationException($"{file}: root {root.Word("root")} is no region; use a code from {At("regions")}");
        var offset = OffsetOf(file, root);
        var calendars = WorkingCalendars.Read(At("calendar"), regions, top.Code, offset);
        return new Jurisdiction(root.Word("jurisdiction"), root.Word("name"), root.Word("name_en"), top.Code, offset, regions,
            new UnitDirectory(ReadUnits(At("units"), regions, top.Code), regions), ReadPeople(At("people")),
            root["maps"] is null ? null : Path.Combine(folder, "maps"), root.Words("packs"))
        {
            Calendars = calendars,
            Places = root["places"] is null ? [] : Place.Read(At("places"), regions, calendars),
        };
    }

    private static TimeSpan OffsetOf(string file, Node root) =>
        TimeSpan.TryParseExact(root.Word("time").TrimStart('+'), @"hh\:mm", CultureInfo.InvariantCulture, out var offset) ? offset
        : throw new ConfigurationException($"{file}: time is missing or no offset; write it like \"+08:00\"");

    internal static Node Yaml(string file)
    {
        if (!File.Exists(file))
            throw new ConfigurationException($"{file}: there is no such file; name another jurisdiction or create it");
        var findings = new List<Packs.Finding>();
        var root = YamlText.Read(file, File.ReadAllText(file), findings);
        return root is not null && findings.Count == 0 ? root : throw new ConfigurationException($"{findings[0].Mark}: {findings[0].Message("en")}");
    }

    private static RegionTree ReadRegions(string regions, string changes, string english)
    {
        var names = Rows(english, 2).ToDictionary(r => r[0], r => r[1]);
        return new RegionTree(
            Rows(regions, 6).Select(r => new Region(r[0], Some(r[1]), r[2], names.GetValueOrDefault(r[0], ""), r[3], Day(r[4]), Day(r[5]))),
            [.. Rows(changes, 6).Select(r => new RegionChange(r[0], r[1], Day(r[2])!.Value, r[3], r[4], r[5]))]);
    }

    // These files are the project's own and hold no quotes or commas within a value, which reading insists on.
    internal static IEnumerable<string[]> Rows(string file, int columns)
    {
        if (!File.Exists(file))
            throw new ConfigurationException($"{file}: there is no such file; restore it from the repository");
        var line = 1;
        foreach (var text in File.ReadLines(file).Skip(1))
        {
            line++;
            var cells = text.Split(',');
            yield return cells.Length == columns ? cells : throw new ConfigurationException($"{file}:{line}: {columns} columns wanted, {cells.Length} found");
        }
    }

    private static readonly string[] Kinds = ["city", "county", "street", "town", "zone"];

    private static List<Unit> ReadUnits(string file, RegionTree regions, string root)
    {
        var units = new List<Unit>();
        var below = regions.All.Where(r => r.To is null && r.Code != root && regions.Within(r.Code, root)).ToLookup(r => r.Kind);
        foreach (var node in Yaml(file).Items)
        {
            var unit = new Unit(node.Word("id"), node.Word("name"), node.Word("name_en"), node.Word("line"), node.Word("kind"), root, node.Words("also")) { Below = node["below"]?.Text };
            units.Add(unit);
            foreach (var (kind, pattern) in node["local"]?.Entries ?? [])
            {
                if (!Kinds.Contains(kind.Value))
                    throw new ConfigurationException($"{kind.Mark}: {kind.Value} is no kind of region; write one of {string.Join(", ", Kinds)}");
                units.AddRange(below[kind.Value].Select(r => new Unit($"{unit.Id}-{r.Code}", Fill(pattern.Text ?? "", r, regions), LocalEnglish(unit.NameEn, r.NameEn), unit.Line, unit.Kind, r.Code, [])));
            }
        }
        return units;
    }

    // The province's files give English names for its own units alone; those below are named after them. What has no English name is said in Chinese.
    private static string LocalEnglish(string name, string region) =>
        region.Length == 0 ? ""
        : name.StartsWith("Provincial Department ", StringComparison.Ordinal) ? $"{region} Bureau {name["Provincial Department ".Length..]}"
        : name.StartsWith("Provincial ", StringComparison.Ordinal) ? $"{region} {name["Provincial ".Length..]}"
        : name.Contains("the Provincial", StringComparison.Ordinal) ? name.Replace("the Provincial", $"the {region}", StringComparison.Ordinal)
        : $"{name}, {region}";

    // Towns of two counties may bear one name: theirs say the county's too.
    private static string Fill(string pattern, Region region, RegionTree regions) =>
        pattern.Replace("{region}", region.Name, StringComparison.Ordinal).Replace("{above}", regions.Find(region.Parent)?.Name, StringComparison.Ordinal);

    private static List<Person> ReadPeople(string file)
    {
        var people = new List<Person>();
        foreach (var n in Yaml(file).Items)
        {
            var person = new Person(n.Word("login"), n.Word("name"), n.Word("name_en"), n.Word("kind"), n["unit"]?.Text, n.Word("region"), n.Words("roles"));
            if (Policy.Book.Clash(person.Roles) is var (one, other))
                throw new ConfigurationException($"{n.Mark}: nobody holds both {one.Id} and {other.Id}; give {person.Login} one of them");
            if (Policy.Book.Fault(person.Roles) is not null)
                throw new ConfigurationException($"{n.Mark}: {person.Login} has a role that policy.yaml does not declare for people; mend the word");
            people.Add(person);
        }
        return people;
    }

    private static string? Some(string text) => text.Length == 0 ? null : text;

    private static DateOnly? Day(string text) => text.Length == 0 ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
