using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>One declaration of a screen, laid out on a desk and on a wall; read again as it was written.</summary>
public sealed class ScreenLayoutTests
{
    private static Card Make(string id, string kind, int? span = null, int? rows = null) => new(id, kind, [], null, new Mark("screen.yaml", 1, 1)) { Span = span, Rows = rows };

    public static TheoryData<string> Shipped => [.. SoundPack.Shipped.Where(f => File.Exists(Path.Combine(f, "screen.yaml"))).Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))];

    [Theory, MemberData(nameof(Shipped))]
    public void Cards_of_a_screen_that_ships_lie_within_it_and_none_on_another(string folder)
    {
        var screen = PackReader.Read(SoundPack.Files(folder)).Pack!.Screen!;
        foreach (var (columns, placed) in ((int, IReadOnlyList<PlacedCard>)[])[(Card.Columns, ScreenLayout.Of(screen.Cards)), ScreenLayout.OnWall(screen.Cards)])
        {
            Assert.Equal(screen.Cards.Select(c => c.Id), placed.Select(p => p.Card.Id));
            var cells = placed.SelectMany(p => from x in Enumerable.Range(p.Column, p.Span) from y in Enumerable.Range(p.Row, p.Rows) select (x, y)).ToList();
            Assert.All(cells, c => Assert.InRange(c.x, 1, columns));
            Assert.Equal(cells.Count, cells.Distinct().Count());
            Assert.Equal(cells.Max(c => c.y), ScreenLayout.Height(placed));
        }
        // A wall is looked at from afar: no more rows than can be read.
        Assert.InRange(ScreenLayout.Height(ScreenLayout.OnWall(screen.Cards).Cards), 1, 12);
    }

    [Fact]
    public void A_card_stands_where_it_first_fits_and_takes_the_room_beside_it_unless_its_width_was_chosen()
    {
        var placed = ScreenLayout.Of([Make("a", "map", 16, 6), Make("b", "trend", 12, 4), Make("c", "rank", 8, 3), Make("d", "pie"), Make("e", "list", 6, 2)]);
        Assert.Equal((1, 1), (placed[0].Column, placed[0].Row));
        // Too wide for the room beside the map: below it.
        Assert.Equal((1, 7), (placed[1].Column, placed[1].Row));
        // The ranking and the shares go back to the room beside the map.
        Assert.Equal((17, 1, 8), (placed[2].Column, placed[2].Row, placed[2].Span));
        Assert.Equal((17, 4, 8), (placed[3].Column, placed[3].Row, placed[3].Span));
        Assert.Equal((13, 9, 6), (placed[4].Column, placed[4].Row, placed[4].Span));
        // Nobody chose how wide a card alone is: it takes the whole row.
        Assert.Equal(Card.Columns, Assert.Single(ScreenLayout.Of([Make("f", "pie")])).Span);
    }

    [Theory, MemberData(nameof(Shipped))]
    public void A_screen_written_as_JSON_is_read_as_the_same(string folder)
    {
        var pack = PackReader.Read(SoundPack.Files(folder)).Pack!;
        var (read, findings) = ScreenReader.Check(pack, "screen.json", ScreenReader.Write(pack.Screen!));
        Assert.Empty(findings);
        Assert.Equal(ScreenReader.Write(pack.Screen!), ScreenReader.Write(read!));
    }

    [Fact]
    public void A_list_of_an_indicator_stays_good_and_is_a_table()
    {
        var pack = PackReader.Read(SoundPack.Files(SoundPack.Air)).Pack!;
        var (read, findings) = ScreenReader.Check(pack, "screen.yaml", "screen: air\nname: 大气环境\ncards:\n  - {indicator: pm25-mean, as: list, period: day}\n");
        Assert.Empty(findings);
        Assert.Equal("table", Assert.Single(read!.Cards).As);
    }
}
