using System.Xml.Linq;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>The walls of the house: dependencies point downwards only, and published grammar is the grammar in force.</summary>
public sealed class WallTests
{
    // From the ground up, as docs and architecture name them.
    private static readonly string[] Rooms =
    [
        "Guantong.Verify", "Guantong.Feel", "Guantong.Decisions", "Guantong.Processes", "Guantong.Packs", "Guantong.Trust", "Guantong.Data",
        "Guantong.Work", "Guantong.Insight", "Guantong.Support", "Guantong.Gateway", "Guantong.Portal", "Guantong.Desk", "Guantong",
    ];

    private static readonly string[] Pure = ["Guantong.Feel", "Guantong.Decisions", "Guantong.Processes", "Guantong.Packs"];

    public static TheoryData<string> Projects => [.. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(p => Path.GetFileNameWithoutExtension(p)!)];

    [Theory, MemberData(nameof(Projects))]
    public void A_room_uses_only_rooms_below_it(string room)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", room, room + ".csproj"));
        var used = project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
        Assert.Contains(room, Rooms);
        Assert.All(used, u => Assert.True(Array.IndexOf(Rooms, u) < Array.IndexOf(Rooms, room), $"{room} uses {u}, which stands above it"));
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_pure_room_reads_no_clock_no_file_and_no_chance(string room)
    {
        if (!Pure.Contains(room))
            return;
        var forbidden = new[] { "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "new Random", "Random.Shared", "File.", "HttpClient" };
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "src", room), "*.cs", SearchOption.AllDirectories).ToDictionary(p => p, File.ReadAllText);
        Assert.All(sources, s => Assert.All(forbidden, f => Assert.False(s.Value.Contains(" " + f, StringComparison.Ordinal), $"{s.Key} uses {f}")));
    }

    [Fact]
    public void The_published_schemas_are_the_grammar_in_force()
    {
        var folder = Path.Combine(Repository.Root, "schemas");
        Assert.All(SchemaWriter.All(), s => Assert.Equal(s.Value, File.ReadAllText(Path.Combine(folder, s.Key))));
    }

    [Fact]
    public void Entries_about_a_case_are_written_in_one_place_which_says_whose_case_it_is()
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Where(p => Path.GetFileName(p) != "CaseLedger.cs").Select(p => (Path: p, Text: File.ReadAllText(p)));
        Assert.Equal([], sources.Where(s => s.Text.Split('\n').Any(l => l.Contains(".Record(", StringComparison.Ordinal) && l.Contains("\"case:", StringComparison.Ordinal))).Select(s => s.Path));
    }
}
