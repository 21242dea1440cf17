using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A label that waits for a steward.</summary>
/// <param name="Way">rule, or the name of the entry like which this one is.</param>
/// <param name="Score">From 0 to 1; a rule is sure.</param>
public sealed record SuggestedLabel(string Entry, string Name, string Label, string Way, double Score);

/// <summary>Smart labels: rules and learned suggestions, which count once a steward confirms them; what was declined is not suggested again.</summary>
public sealed class LabelBook(Store store, CatalogueBook book, TimeProvider clock)
{
    /// <summary>A suggestion less sure than this is none.</summary>
    public const double Least = 0.4;

    private sealed class Row
    {
        public required string Entry { get; init; }
        public required string Label { get; init; }
    }

    /// <summary>What waits for a steward: of the entries that they may list, rules first, then the surest.</summary>
    public async Task<IReadOnlyList<SuggestedLabel>> WaitingAsync(Person me, int most, CancellationToken cancel = default)
    {
        var decided = (await store.ReadAsync(c => c.QueryAsync<Row>("SELECT entry AS Entry, label AS Label FROM catalogue_label"), cancel)).Select(r => (r.Entry, r.Label)).ToHashSet();
        var all = (await book.AllAsync(false, cancel).ToListAsync(cancel)).Where(k => k.State == "current").Select(k => k.Entry).ToList();
        var neighbours = new LabelNeighbours([.. all.Where(e => e.Labels.Count > 0)]);
        return [.. all.Where(e => CatalogueBook.MayEdit(me, e)).SelectMany(e =>
                LabelRules.Of(e).Except(e.Labels).Select(l => new SuggestedLabel(e.Id, e.Name, l, "rule", 1)).Concat(neighbours.Of(e).Where(l => l.Score >= Least).Select(l => new SuggestedLabel(e.Id, e.Name, l.Label, l.Like, l.Score))).DistinctBy(s => s.Label))
            .Where(s => !decided.Contains((s.Entry, s.Label))).OrderByDescending(s => s.Score).ThenBy(s => s.Name, StringComparer.Ordinal).Take(most)];
    }

    /// <summary>Confirms or declines a label of an entry. Confirming one that nobody suggested adds it.</summary>
    /// <returns>Null where it is decided, else what stands in the way: entry-gone, entry-not-yours or label-words.</returns>
    public async Task<string?> DecideAsync(Person by, string id, string label, bool isRight, CancellationToken cancel = default)
    {
        label = label.Trim();
        if (label.Length is 0 or > 40 || label.Contains(EntryFields.Apart, StringComparison.Ordinal) || label.Any(char.IsControl))
            return "label-words";
        if (await book.FindAsync(id, cancel) is not { State: "current" } kept)
            return "entry-gone";
        if (!CatalogueBook.MayEdit(by, kept.Entry))
            return "entry-not-yours";
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("""
                INSERT INTO catalogue_label (entry, label, way, score, state, at, decided_by) VALUES (@id, @label, 'steward', @score, @state, @Stamp, @Login)
                ON CONFLICT (entry, label) DO UPDATE SET state = excluded.state, at = excluded.at, decided_by = excluded.decided_by
                """, new { id, label, score = 1.ToString(CultureInfo.InvariantCulture), state = isRight ? "confirmed" : "declined", change.Stamp, by.Login });
            await CatalogueBook.LabelAsync(change, id, label, isRight, by);
            change.Record(by, isRight ? "catalogue.label-confirmed" : "catalogue.label-declined", $"entry:{id}", JsonSerializer.Serialize(new { label }));
        }, cancel);
        return null;
    }
}
