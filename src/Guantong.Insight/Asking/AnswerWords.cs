using System.Globalization;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>Says an answer in sentences.</summary>
public static class AnswerWords
{
    private const int MostNamed = 6;

    /// <summary>The sentences of an answer, the main one first.</summary>
    public static IReadOnlyList<string> Say(FigureAnswer answer, Jurisdiction land, string lang)
    {
        var (name, unit, isEnglish) = (answer.Pack.Say(lang, answer.Indicator.Name), answer.Pack.Say(lang, answer.Indicator.Unit), lang != Lang.Zh);
        string T(string key, params object?[] args) => AskingTexts.Say(lang, key, args);
        string Place(string code) => land.Regions.Find(code)?.Say(lang) ?? code;
        string Figure(double value) => Wording.Figure(value, unit);
        var time = answer.Time?.Say(isEnglish) ?? "";
        if (answer.Note is { } note)
            return [T(note, answer.Wish.Regions.Count == 1 ? Place(answer.Wish.Regions[0]) : "", time, name, string.Join(isEnglish ? " and " : "且", answer.Wish.When.Select(b => T(Signs[b.Sign], b.Unit.Length > 0 ? b.Said : Figure(b.Number)))), unit)];
        var said = new List<string>();
        if (answer.IsOne && answer.Lines[0] is { Value: { } value } line)
        {
            said.Add(T("ask.one", Place(line.Region), time, name, Figure(value)));
            foreach (var bound in answer.Wish.When)
                said.Add(T(bound.Holds(value) ? "ask.holds" : "ask.holds-not", T(Signs[bound.Sign], Figure(bound.Number))));
            if (answer.Against is { } against)
                said.Add(Compared(line, answer, against.Say(isEnglish), lang));
            return said;
        }
        var figures = answer.Lines.Where(l => l.Value is not null).ToList();
        // Of one region, or of the parts of one, that region is named.
        var where = answer.Wish.Regions.Count == 1 ? Place(answer.Wish.Regions[0]) + (isEnglish ? ", " : "") : "";
        // What was chosen among others is named at once where it is not much.
        var isNamed = figures.Count is > 0 and <= MostNamed && (figures.Count < answer.Of || answer.Wish.Order != "none" || answer.Wish.By == "whole" || answer.Wish.Dimension is not null);
        if (isNamed)
            said.Add(T("ask.named", where, time, name, string.Join(isEnglish ? ", " : "、", figures.Select(l => T("ask.figure", Named(l), Figure(l.Value!.Value))))));
        else
            said.Add(T($"ask.{(answer.Wish.By == "time" ? "steps" : "list")}{(answer.Lines.Count < answer.Of ? ".some" : "")}", where, time, name, answer.Lines.Count, answer.Of));
        if (isNamed && figures.Count < answer.Of)
            said.Add(T(answer.Wish.By == "time" ? "ask.of-steps" : "ask.of", figures.Count, answer.Of));
        else if (!isNamed && figures is [_, _, ..])
        {
            var (most, least) = (figures.MaxBy(l => l.Value)!, figures.MinBy(l => l.Value)!);
            said.Add(T("ask.ends", Named(most), Figure(most.Value!.Value), Named(least), Figure(least.Value!.Value)));
        }
        if (answer.Against is { } other)
            said.Add(T("ask.against", other.Say(isEnglish)));
        return said;

        string Named(AnswerLine l) => answer.Wish.By == "time" ? l.Time.Say(isEnglish) : l.Member.Length > 0 ? DimensionWords.MemberOf(answer.Pack, answer.Indicator, DimensionWords.Meant(answer.Pack, answer.Indicator, answer.Wish.Dimension ?? ""), l.Member, lang) : Place(l.Region);
    }

    internal static readonly Dictionary<string, string> Signs = new() { [">"] = "ask.sign.above", [">="] = "ask.sign.at-least", ["<"] = "ask.sign.below", ["<="] = "ask.sign.at-most" };

    private static string Compared(AnswerLine line, FigureAnswer answer, string against, string lang) => line.Before is not { } before ? AskingTexts.Say(lang, "ask.compared.none", against)
        : line.Change is not { } change ? AskingTexts.Say(lang, "ask.compared.bare", against, Wording.Figure(before, answer.Pack.Say(lang, answer.Indicator.Unit)))
        : AskingTexts.Say(lang, change == 0 ? "ask.compared.same" : change > 0 ? "ask.compared.up" : "ask.compared.down", against, Wording.Figure(before, answer.Pack.Say(lang, answer.Indicator.Unit)), ChangeOf(answer, change, lang));

    /// <summary>How much a figure changed, without its direction.</summary>
    public static string ChangeOf(FigureAnswer answer, double change, string lang) =>
        AskingTexts.Say(lang, answer.IsShare ? "ask.points" : "ask.percent", Math.Abs(change).ToString("0.##", CultureInfo.InvariantCulture));
}
