using System.Text.Json;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Desk.Cockpit;

/// <summary>A screen while it is changed: each step is held against the proofs of declared screens, and can be taken back.</summary>
public sealed class ScreenDraft
{
    private readonly Pack _pack;
    private readonly Stack<Screen> _past = new();

    /// <summary>Begins with a screen.</summary>
    public ScreenDraft(Pack pack, Screen from) => (_pack, Now, From) = (pack, from, from);

    /// <summary>The screen as it was.</summary>
    public Screen From { get; }

    /// <summary>The screen as it would be.</summary>
    public Screen Now { get; private set; }

    /// <summary>What stands in the way of the last step; none where it was taken.</summary>
    public IReadOnlyList<Finding> Faults { get; private set; } = [];

    /// <summary>Whether there is a step to take back.</summary>
    public bool HasPast => _past.Count > 0;

    /// <summary>What was done so far.</summary>
    public IReadOnlyList<CardChange> Changes => ScreenDiff.Of(From, Now);

    /// <summary>Moves a card earlier (-1) or later (1).</summary>
    public bool Move(Card card, int by)
    {
        var cards = Now.Cards.ToList();
        var at = cards.FindIndex(c => c.Id == card.Id);
        if (at + by < 0 || at + by >= cards.Count)
            return false;
        (cards[at], cards[at + by]) = (cards[at + by], cards[at]);
        return Take(cards);
    }

    /// <summary>Places a card before or behind another.</summary>
    public bool Place(string card, string target, bool after)
    {
        var cards = Now.Cards.ToList();
        if (card == target || cards.Find(c => c.Id == card) is not { } moved || cards.TrueForAll(c => c.Id != target))
            return false;
        cards.Remove(moved);
        cards.Insert(cards.FindIndex(c => c.Id == target) + (after ? 1 : 0), moved);
        return !cards.SequenceEqual(Now.Cards) && Take(cards);
    }

    /// <summary>Makes a card wider or higher, within what a card may take.</summary>
    public bool Resize(PlacedCard placed, int span, int rows) => Resize(placed.Card.Id, placed.Span + span, placed.Rows + rows);

    /// <summary>Makes a card as wide and high, within what a card may take.</summary>
    public bool Resize(string card, int span, int rows) => Now.Cards.FirstOrDefault(c => c.Id == card) is { } found && Replace(found with
    {
        Span = Math.Clamp(span, Card.LeastSpan, Card.Columns),
        Rows = Math.Clamp(rows, 1, Card.MostRows),
    });

    /// <summary>Takes a card off; the last one stays.</summary>
    public bool Remove(Card card) => Now.Cards.Count > 1 && Take([.. Now.Cards.Where(c => c.Id != card.Id)]);

    /// <summary>Puts a card in place of the one of its id, or at the end.</summary>
    public bool Replace(Card card) => Take(Now.Cards.Any(c => c.Id == card.Id) ? [.. Now.Cards.Select(c => c.Id == card.Id ? card : c)] : [.. Now.Cards, card]);

    /// <summary>An id that no card has.</summary>
    public string NewId()
    {
        for (var i = Now.Cards.Count + 1; ; i++)
        {
            if (Now.Cards.All(c => c.Id != $"card-{i}"))
                return $"card-{i}";
        }
    }

    /// <summary>Takes the last step back.</summary>
    public void Back() => (Now, Faults) = (_past.Pop(), []);

    private bool Take(IReadOnlyList<Card> cards)
    {
        using var json = JsonDocument.Parse(ScreenReader.Write(Now with { Cards = cards }));
        (var wished, Faults) = ScreenBook.Check(_pack, json.RootElement);
        if (wished is null)
            return false;
        _past.Push(Now);
        Now = wished;
        return true;
    }
}
