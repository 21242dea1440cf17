namespace Guantong.Packs;

/// <summary>A card in its place on a grid; columns and rows count from 1.</summary>
public sealed record PlacedCard(Card Card, int Column, int Row, int Span, int Rows);

/// <summary>Lays a screen out: one declaration for every width.</summary>
/// <remarks>Each card, in its order, stands where it first fits, from the top left (CSS Grid Level 1, §8.5, dense). Cards whose width nobody chose then take the room that was left beside them.</remarks>
public static class ScreenLayout
{
    // A wall of 32:9 is two ordinary screens beside each other, more where the cards need it; it is so many rows high at most that each can still be read.
    private const int LeastWall = 2 * Card.Columns, MostWall = 4 * Card.Columns, WallRows = 12;

    /// <summary>Every card in its place on a wall: all of it is seen at once, so that there are as many columns as that takes, and no room is left.</summary>
    public static (int Columns, IReadOnlyList<PlacedCard> Cards) OnWall(IReadOnlyList<Card> cards)
    {
        for (var columns = LeastWall; ; columns += 4)
        {
            var placed = Of(cards, columns, fills: true);
            if (columns >= MostWall || Height(placed) <= WallRows)
                return (columns, placed);
        }
    }

    /// <summary>Every card in its place.</summary>
    /// <param name="columns">How many columns there are; no fewer than a card may take.</param>
    /// <param name="fills">Whether every card takes the room left beside and below it, chosen width or not.</param>
    public static IReadOnlyList<PlacedCard> Of(IReadOnlyList<Card> cards, int columns = Card.Columns, bool fills = false)
    {
        var lights = cards.Count(c => c.As == "light");
        var taken = new List<bool[]>();
        bool[] RowAt(int row)
        {
            while (taken.Count <= row)
                taken.Add(new bool[columns]);
            return taken[row];
        }
        bool Fits(int row, int column, int span, int rows)
        {
            for (var r = row; r < row + rows; r++)
            {
                if (RowAt(r).AsSpan(column, span).Contains(true))
                    return false;
            }
            return true;
        }
        void Take(int row, int column, int span, int rows)
        {
            for (var r = row; r < row + rows; r++)
                RowAt(r).AsSpan(column, span).Fill(true);
        }
        var placed = new List<PlacedCard>(cards.Count);
        foreach (var card in cards)
        {
            var (usualSpan, usualRows) = Usual(card.As, lights, card.By is not null);
            var (span, rows) = (Math.Min(card.Span ?? usualSpan, columns), card.Rows ?? usualRows);
            var (row, column) = (0, 0);
            while (!Fits(row, column, span, rows))
            {
                if (++column + span > columns)
                    (row, column) = (row + 1, 0);
            }
            Take(row, column, span, rows);
            placed.Add(new PlacedCard(card, column + 1, row + 1, span, rows));
        }
        var height = Height(placed);
        for (var i = 0; i < placed.Count; i++)
        {
            while (placed[i] is var p && (fills || p.Card.Span is null) && p.Column + p.Span <= columns && Fits(p.Row - 1, p.Column - 1 + p.Span, 1, p.Rows))
            {
                Take(p.Row - 1, p.Column - 1 + p.Span, 1, p.Rows);
                placed[i] = p with { Span = p.Span + 1 };
            }
        }
        for (var i = 0; fills && i < placed.Count; i++)
        {
            while (placed[i] is var p && p.Row + p.Rows <= height && Fits(p.Row - 1 + p.Rows, p.Column - 1, p.Span, 1))
            {
                Take(p.Row - 1 + p.Rows, p.Column - 1, p.Span, 1);
                placed[i] = p with { Rows = p.Rows + 1 };
            }
        }
        return placed;
    }

    /// <summary>How many rows a layout takes.</summary>
    public static int Height(IReadOnlyList<PlacedCard> placed) => placed.Count == 0 ? 1 : placed.Max(p => p.Row + p.Rows - 1);

    /// <summary>The size that suits a kind: columns and rows.</summary>
    /// <param name="lights">How many lights the screen has: many stand closer.</param>
    /// <param name="isBroken">Whether it shows the values of a dimension.</param>
    public static (int Span, int Rows) Usual(string kind, int lights = 0, bool isBroken = false) => kind switch
    {
        "light" => (lights > 8 ? 4 : 6, 2),
        "gauge" => (6, 3),
        "map" => (12, 7),
        "rank" => (8, 6),
        "pie" => (8, 5),
        "heat" => isBroken ? (24, 5) : (24, 3),
        "text" => (12, 2),
        "v" => (24, 7),
        "process" => (24, 5),
        "table" or "list" => (12, 5),
        _ => (12, 4),
    };
}
