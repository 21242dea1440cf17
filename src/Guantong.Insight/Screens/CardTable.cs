using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>What a card shows as a table: for those who do not see drawings, for spreadsheets and documents.</summary>
/// <param name="Rows">Cells are texts, numbers or null.</param>
public sealed record CardTable(IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>The value of the card's dimension that each row is of; null where rows are of something else.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>The table of a card; null where it shows a text or a process.</summary>
    public static CardTable? Of(ShownScreen screen, ShownCard card, string lang, Jurisdiction land) => card.Card.As switch
    {
        "list" => card.List is { } list ? OfList(screen, list, lang, land) : null,
        "v" => new CardTable([Say(lang, "level"), Say(lang, "declared"), Say(lang, "linked"), Say(lang, "running")],
            [.. (card.Levels ?? []).Select(l => (IReadOnlyList<object?>)[ScreenTexts.Say(lang, "screen.v." + l.Level), l.Declared, l.Linked, l.Running])]),
        "text" or "process" => null,
        _ when card.Card.By is not null => card.Card.IsOverTime ? MembersOverTime(screen, card, lang) : ByMember(screen, card, lang),
        _ => card.Card.IsByRegion ? ByRegion(screen, card, lang) : OverTime(screen, card, lang),
    };

    private static CardTable ByRegion(ShownScreen screen, ShownCard card, string lang)
    {
        var columns = card.Indicators.Select(i => (Shown: i, By: i.Parts.ToDictionary(p => p.Region))).ToList();
        var compares = card.Card.ComparesLastYear;
        var warn = columns.Count == 1 ? columns[0].Shown.Indicator.Warn : null;
        return new CardTable(
            [Say(lang, "region"), .. columns.SelectMany(c => HeadsOf(screen, c.Shown, compares, lang)), .. warn is null ? Array.Empty<string>() : [Say(lang, "warning")]],
            [.. screen.Parts.Select(r => (IReadOnlyList<object?>)
            [
                r.Say(lang),
                .. columns.SelectMany(c => Cells(c.By.GetValueOrDefault(r.Code)?.Value, c.By.GetValueOrDefault(r.Code)?.YearBefore, compares)),
                .. warn is null ? Array.Empty<object?>() : [columns[0].By.GetValueOrDefault(r.Code) is { } judged ? Say(lang, "level." + (warn.LevelOf((decimal)judged.Value) ?? "none")) : null],
            ])]);
    }

    private static CardTable ByMember(ShownScreen screen, ShownCard card, string lang)
    {
        var columns = card.Indicators.Select(i => (Shown: i, By: i.Members.ToDictionary(m => m.Member, m => m.Series[^1]))).ToList();
        var compares = card.Card.ComparesLastYear;
        var members = columns.SelectMany(c => c.By.Keys).Distinct().ToList();
        return new CardTable(
            [screen.DimensionOf(card, lang), .. columns.SelectMany(c => HeadsOf(screen, c.Shown, compares, lang))],
            [.. members.Select(m => (IReadOnlyList<object?>)[screen.MemberOf(card, m, lang), .. columns.SelectMany(c => Cells(c.By.GetValueOrDefault(m)?.Value, c.By.GetValueOrDefault(m)?.YearBefore, compares))])])
        { Members = members };
    }

    private static CardTable MembersOverTime(ShownScreen screen, ShownCard card, string lang)
    {
        var shown = card.Indicators[0];
        var unit = screen.Pack.Say(lang, shown.Indicator.Unit);
        List<(string Name, Dictionary<DateOnly, double> By)> columns = [.. shown.Members.Select(m => (screen.MemberOf(card, m.Member, lang), m.Series.ToDictionary(f => f.At, f => f.Value)))];
        if (shown.Rest is { Series.Count: > 0 } rest)
            columns.Add((ScreenTexts.Say(lang, "screen.rest", rest.Count), rest.Series.ToDictionary(f => f.At, f => f.Value)));
        return new CardTable(
            [Say(lang, "time"), .. columns.Select(c => lang != Lang.Zh ? $"{c.Name} ({unit})" : $"{c.Name}（{unit}）")],
            [.. columns.SelectMany(c => c.By.Keys).Distinct().Order().Select(t => (IReadOnlyList<object?>)[Wording.Period(lang, t, shown.Period), .. columns.Select(c => c.By.TryGetValue(t, out var value) ? (object?)value : null)])]);
    }

    private static object?[] Cells(double? value, double? before, bool compares) => compares ? [value, before] : [value];

    private static CardTable OverTime(ShownScreen screen, ShownCard card, string lang)
    {
        var columns = card.Indicators.Select(i => (Shown: i, By: i.Series.ToDictionary(f => f.At))).ToList();
        var compares = card.Card.ComparesLastYear;
        var times = columns.SelectMany(c => c.By.Keys).Distinct().Order();
        return new CardTable(
            [Say(lang, "time"), .. columns.SelectMany(c => HeadsOf(screen, c.Shown, compares, lang))],
            [.. times.Select(t => (IReadOnlyList<object?>)
            [
                Wording.Period(lang, t, columns[0].Shown.Period),
                .. columns.SelectMany(c => Cells(c.By.GetValueOrDefault(t)?.Value, c.By.GetValueOrDefault(t)?.YearBefore, compares)),
            ])]);
    }

    private static IEnumerable<string> HeadsOf(ShownScreen screen, ShownIndicator shown, bool compares, string lang)
    {
        var (name, unit) = (screen.Pack.Say(lang, shown.Indicator.Name), screen.Pack.Say(lang, shown.Indicator.Unit));
        yield return lang != Lang.Zh ? $"{name} ({unit})" : $"{name}（{unit}）";
        if (compares)
            yield return ScreenTexts.Say(lang, "screen.table.year-before", name);
    }

    private static CardTable OfList(ShownScreen screen, ShownList list, string lang, Jurisdiction land)
    {
        string Region(string code) => land.Regions.Find(code)?.Say(lang) ?? code;
        return list.Of switch
        {
            "warnings" => new CardTable([Say(lang, "warning"), Say(lang, "region"), Say(lang, "indicator"), Say(lang, "first"), Say(lang, "last"), Say(lang, "value")],
                [.. list.Warnings.Select(w => (IReadOnlyList<object?>)[Say(lang, "level." + w.Level), Region(w.Region), screen.Pack.Say(lang, screen.Pack.Indicator(w.Indicator)?.Name ?? w.Indicator), w.FirstDay, w.LastDay, w.Value])]),
            "cases" => new CardTable([Say(lang, "number"), Say(lang, "title"), Say(lang, "region"), Say(lang, "opened")],
                [.. list.Cases.Select(c => (IReadOnlyList<object?>)[c.Number, c.Title, Region(c.Region), c.Opened[..10]])]),
            "tickets" => new CardTable([Say(lang, "number"), Say(lang, "dataset"), Say(lang, "field"), Say(lang, "region"), Say(lang, "opened")],
                [.. list.Tickets.Select(t => (IReadOnlyList<object?>)[t.Number, screen.Pack.Say(lang, screen.Pack.Dataset(t.Dataset)?.Name ?? t.Dataset), t.Field, Region(t.Region), t.Opened[..10]])]),
            "goals" => new CardTable([Say(lang, "goal"), Say(lang, "target"), Say(lang, "value"), Say(lang, "light")],
                [.. list.Goals.Select(g => Goal(screen.Pack, g, lang))]),
            _ => new CardTable([Say(lang, "system"), Say(lang, "lead"), Say(lang, "state")],
                [.. list.Systems.Select(s => (IReadOnlyList<object?>)[lang != Lang.Zh ? s.NameEn : s.Name, s.LeadUnit, Say(lang, "system." + s.State)])]),
        };
    }

    private static IReadOnlyList<object?> Goal(Pack pack, ShownGoal goal, string lang)
    {
        var unit = goal.Indicator is { } indicator ? pack.Say(lang, indicator.Unit) : "";
        return
        [
            pack.Say(lang, goal.Goal.Name),
            goal.Light.Target is { } target ? $"{goal.Light.Year} {Wording.Bound(target, unit)}" : null,
            goal.Light.Figure is { } figure ? Wording.Figure(figure.Value, unit) : null,
            Say(lang, "light." + goal.Light.State),
        ];
    }

    private static string Say(string lang, string key) => ScreenTexts.Say(lang, "screen.table." + key);
}
