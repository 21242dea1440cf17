using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>What the rows of a dataset answer to a question.</summary>
/// <param name="Thing">The field whose values are counted; null where rows are.</param>
/// <param name="Of">The field that the condition and the order are on; null for none.</param>
/// <param name="Time">The days that it is about; null for all time.</param>
/// <param name="Counts">How many there are, of each region; null where rows about persons are too few to be told.</param>
/// <param name="Found">The rows themselves; null where single rows are not shown.</param>
/// <param name="Query">The rows as a query, which can be put together further; null where there is none.</param>
/// <param name="Note">Why there is no answer: its key among this room's texts; null where there is one.</param>
public sealed record RowsAnswer(AskableDataset Data, Field? Thing, Field? Of, Wish Wish, AskedTime? Time, IReadOnlyList<(string Region, long? Count)> Counts, QueryResult? Found, BuiltQuery? Query, string? Note);

/// <summary>Answers a question over rows by queries that whoever asks could put together: within their rights, and in the ledger like any other.</summary>
/// <param name="home">Code of the asker's region.</param>
internal sealed class RowsAnswerer(QueryRuns queries, Jurisdiction land, Person who, Wish wish, string home)
{
    private const int Usual = 20;

    /// <summary>The answer; null where the asker may not see that the dataset is there.</summary>
    /// <exception cref="RefusedException">The query took too long.</exception>
    public async Task<RowsAnswer?> AnswerAsync(CancellationToken cancel)
    {
        var (key, thing) = wish.Rows!.IndexOf('.', wish.Rows.IndexOf('/', StringComparison.Ordinal)) is > 0 and var dot ? (wish.Rows[..dot], wish.Rows[(dot + 1)..]) : (wish.Rows, null);
        if (queries.Find(who, key) is not { } data)
            return null;
        var (field, of, named) = (thing is null ? null : data.Field(thing), data.Field(wish.Of), wish.Regions.Count > 0 || wish.By != "whole");
        RowsAnswer None(string note, AskedTime? time = null) => new(data, field, of, wish, time, [], null, null, note);
        if (of is null && wish.When.Count > 0)
            return None("ask.rows.none.of");
        if (wish.When.Any(b => b.In(of!.Unit ?? "") is null))
            return None("ask.none.unit");
        if (named && data.Regions is null)
            return None("ask.rows.none.region");
        var at = TimeOf(data);
        if (wish.Time is { } asked && (at is null || (at.Type == "integer" && asked is not { From: { Month: 1, Day: 1 }, To: { Month: 12, Day: 31 } })))
            return None("ask.rows.none.time", asked);
        var time = wish.Time is { } said ? wish.Basis == "ytd" ? said.ToDate() : said : at is null || !IsRepeated(data, field) ? null : await LatestAsync(data, at, cancel);
        List<BuiltFilter> filters = [.. wish.When.Select(b => new BuiltFilter(of!.Id, b.Sign, [b.Said])), .. time is null ? [] : (BuiltFilter[])[Within(at!, time)]];
        var measure = field is not null && data.Dataset.Key.Count > 1 ? new BuiltMeasure("distinct", field.Id) : new BuiltMeasure("count");
        List<string> places = [.. wish.Regions.Count > 0 ? wish.Regions : [home]];
        BuiltQuery Counting(string place) => new() { Dataset = data.Key, Measure = [measure], Filter = [.. filters, .. In(data, place)] };
        var counts = new List<(string, long?)>();
        foreach (var place in places)
        {
            var level = wish.By switch { "below" => place.EndsWith("0000", StringComparison.Ordinal) ? "city" : "county", var by => by };
            var query = Counting(place);
            if (level == "whole")
                counts.Add((place, (await queries.RunAsync(who, query, cancel: cancel)).Rows is [var only, ..] ? Number(only[0]) : data.IsOfPersons ? null : 0));
            else
                counts.AddRange((await queries.RunAsync(who, query with { Group = [new BuiltGroup(data.Regions!, level)] }, cancel: cancel)).Rows.Where(r => r[0] is string).Select(r => ((string)r[0]!, (long?)Number(r[1]))));
        }
        if (wish.By != "whole")
            counts = [.. counts.OrderByDescending(c => c.Item2).ThenBy(c => c.Item1, StringComparer.Ordinal)];
        if (data.IsOfPersons || places.Count > 1)
            return new RowsAnswer(data, field, of, wish, time, counts, null, Counting(places[0]), null);
        var rows = Listing(data, field, of, at, time, [.. filters, .. In(data, places[0])]);
        return new RowsAnswer(data, field, of, wish, time, counts, await queries.RunAsync(who, rows, cancel: cancel), rows, null);
    }

    // Which they are: what names them, where and when they are, and the number that was asked about.
    private BuiltQuery Listing(AskableDataset data, Field? field, Field? of, Field? at, AskedTime? time, IReadOnlyList<BuiltFilter> filters)
    {
        IEnumerable<string> ways = field is null ? data.Dataset.Key.Select(k => k.Name) : [field.Id, $"{field.Id}.name"];
        List<string> show = [.. ways.Concat((string?[])[data.Field("name")?.Id, data.Field(data.Regions ?? "")?.Id, time is { IsOne: true, Grain: "day" } ? null : at?.Id, of?.Id]).OfType<string>().Where(w => data.Way(w) is not null).Distinct()];
        var isDown = wish.Order switch { "none" => wish.When is not [{ Sign: "<" or "<=" }, ..], "lowest" or "worst" => false, _ => true };
        return new BuiltQuery { Dataset = data.Key, Show = show, Filter = filters, Order = of is null ? [] : [new BuiltOrder(show.IndexOf(of.Id), isDown)], Limit = wish.Limit ?? Usual };
    }

    private IEnumerable<BuiltFilter> In(AskableDataset data, string place) => data.Regions is null || place == land.Root ? [] : [new BuiltFilter(data.Regions, "within", [place])];

    // When a row is of: as indicators over it place it in time, else the time or the year in its key.
    private static Field? TimeOf(AskableDataset data) => data.Field((Counted(data).FirstOrDefault()?.At ?? data.Dataset.Key.FirstOrDefault(k => data.Field(k.Name) is { Type: "date" or "timestamp" } or { Type: "integer", Id: "year" }))?.Name ?? "");

    private static IEnumerable<Indicator> Counted(AskableDataset data) => data.Pack.Indicators.Where(i => i.Composite is null && i.Needs is [var first, ..] && first.Name == data.Dataset.Id && data.Field(i.At.Name) is not null);

    // Of what stands in several rows, one for each time, the latest is meant.
    private static bool IsRepeated(AskableDataset data, Field? thing) => data.Dataset.Key.Count > (thing is null ? 0 : 1) && data.Dataset.Key.Any(k => data.Field(k.Name)?.Type is "date" or "timestamp" or "integer");

    private async Task<AskedTime?> LatestAsync(AskableDataset data, Field at, CancellationToken cancel)
    {
        if (data.IsOfPersons)
            return null;
        var found = await queries.RunAsync(who, new BuiltQuery { Dataset = data.Key, Measure = [new BuiltMeasure("max", at.Id)] }, cancel: cancel);
        DateOnly? day = found.Rows is [[var value], ..] ? value switch { long and >= 1900 and <= 2999 and var year => new DateOnly((int)year, 1, 1), int and >= 1900 and <= 2999 and var year => new DateOnly(year, 1, 1), DateOnly date => date, DateTime moment => DateOnly.FromDateTime(moment), string text when text.Length >= 10 && DateOnly.TryParse(text[..10], System.Globalization.CultureInfo.InvariantCulture, out var read) => read, _ => null } : null;
        var grain = at.Type == "integer" ? "year" : ((string[])["day", "week", "month", "quarter", "year"]).FirstOrDefault(p => Counted(data).Any(i => i.Periods.Contains(p))) ?? "day";
        return day is { } latest ? AskedTime.Of(latest, grain) : null;
    }

    private static BuiltFilter Within(Field at, AskedTime time) => at.Type == "integer" ? new BuiltFilter(at.Id, "between", [$"{time.From.Year}", $"{time.To.Year}"]) : at.Type == "timestamp"
        ? new BuiltFilter(at.Id, "between", [$"{time.From:yyyy-MM-dd} 00:00:00", $"{time.To:yyyy-MM-dd} 23:59:59"]) : new BuiltFilter(at.Id, "between", [$"{time.From:yyyy-MM-dd}", $"{time.To:yyyy-MM-dd}"]);

    private static long Number(object? value) => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Says an answer over rows in sentences.</summary>
public static class RowsWords
{
    private const int MostNamed = 6;

    /// <summary>The sentences, the main one first.</summary>
    public static IReadOnlyList<string> Say(RowsAnswer answer, Jurisdiction land, string lang)
    {
        var (pack, isEnglish) = (answer.Data.Pack, lang != Lang.Zh);
        string T(string key, params object?[] args) => AskingTexts.Say(lang, key, args);
        string Place(string code) => land.Regions.Find(code)?.Say(lang) ?? code;
        var (thing, of, unit) = (ThingOf(answer, lang), answer.Of is { } field ? NameOf(pack, field, lang) : "", answer.Of?.Unit is { } declared ? pack.Say(lang, declared) : "");
        var bounds = string.Join(isEnglish ? " and " : "且", answer.Wish.When.Select(b => T(AnswerWords.Signs[b.Sign], b.Unit.Length > 0 ? b.Said : Wording.Figure(b.Number, unit))));
        var time = answer.Time?.Say(isEnglish) ?? "";
        if (answer.Note is { } note)
            return [T(note, "", time, of.Length > 0 ? of : thing, bounds, unit.Length > 0 ? unit : "–")];
        var such = bounds.Length == 0 ? thing : T("ask.rows.such", of, bounds, thing);
        var counter = T(Counted.Any(c => thing.EndsWith(c, StringComparison.Ordinal)) ? "ask.rows.firms" : "ask.rows.things");
        string Many(long? count) => count is null ? T("ask.rows.few", AskableDataset.LeastGroup) : T("ask.rows.many", Wording.Count(count.Value), counter);
        var said = new List<string>();
        if (answer.Counts.Count == 0)
            said.Add(T("ask.rows.nowhere", time, such));
        else if (answer.Wish.By == "whole" && answer.Counts.Count == 1)
            said.Add(T("ask.rows.one", Place(answer.Counts[0].Region), time, such, Many(answer.Counts[0].Count)));
        else
            said.Add(T(answer.Counts.Count > MostNamed ? "ask.rows.each.some" : "ask.rows.each", time, such, string.Join(isEnglish ? ", " : "、", answer.Counts.Take(MostNamed).Select(c => T("ask.rows.place", Place(c.Region), Many(c.Count))))));
        if (answer.Data.IsOfPersons)
            said.Add(T("ask.rows.persons", AskableDataset.LeastGroup));
        return said;
    }

    /// <summary>What is counted, in words.</summary>
    public static string ThingOf(RowsAnswer answer, string lang) => answer.Thing is { } thing ? NameOf(answer.Data.Pack, thing, lang) : answer.Data.Pack.Say(lang, answer.Data.Dataset.Name);

    private static readonly string[] Counted = ["企业", "公司", "机构", "单位", "工厂", "医院", "学校"];

    private static string NameOf(Pack pack, Field field, string lang) => field.Name.Length == 0 ? field.Id : pack.Say(lang, field.Name);
}
