using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Insight;

/// <summary>Questions in plain words over the API.</summary>
internal static class AskApi
{
    public static void MapAsk(this IEndpointRouteBuilder api) =>
        api.MapGet("/ask", (string? q, string? region, DateOnly? today, string? indicators, string? regions, string? by, string? time, string? period, string? compare, string? basis, string? when, string? order, string? limit, string? rows, string? of,
            Answerer answerer, LexiconBook words, Figures figures, Jurisdiction land, TimeProvider clock, HttpContext http) => AskingTexts.ActAsync(http, async () =>
        {
            if (q is null || q.Length > Understanding.Longest)
                return http.AskProblem(400, "ask-length", Understanding.Longest);
            if (region is not null && words.Now.Region(region) is null)
                return http.AskProblem(400, "ask-region", region);
            var given = new (string Name, string? Text)[] { ("indicators", indicators), ("regions", regions), ("by", by), ("time", time), ("period", period), ("compare", compare), ("basis", basis), ("when", when), ("order", order), ("limit", limit), ("rows", rows), ("of", of) };
            var asked = await answerer.AskAsync(q, today ?? DateOnly.FromDateTime((clock.GetUtcNow() + land.Offset).DateTime), region, given.Where(g => g.Text is not null).ToDictionary(g => g.Name, g => g.Text!), Callers.Of(http.User), http.RequestAborted);
            return asked.Faults is [var fault, ..] ? http.AskProblem(400, "ask-piece", fault.Name, fault.Text) : Results.Ok(Written(asked, words, figures, land, Lang.Of(http)));
        })).Needs("public.read").WithTags("Insight").WithSummary("A question in plain Chinese or English about indicators, or, of who may query them, about rows: what was understood of it, piece by piece, and the figures; a piece that is given takes the place of what was understood");

    private static object Written(AnsweredQuestion asked, LexiconBook words, Figures figures, Jurisdiction land, string lang) => new
    {
        asked.Understood.Question,
        asked.Understood.Today,
        Region = asked.Understood.Home,
        Understood = WishParameters.Write(asked.Understood.Wish),
        asked.Understood.Said,
        asked.Understood.Offers,
        NotUnderstood = asked.Understood.Left,
        Answers = asked.Answers.Select(a => Written(a, land, lang)),
        Rows = asked.Rows is { } over ? Written(over, land, lang) : null,
        Examples = asked.Answers.Count > 0 || asked.Rows is not null ? [] : words.Examples((pack, indicator) => indicator.Periods.Any(p => figures.Latest(pack, indicator, p) is not null), lang),
    };

    private static object Written(RowsAnswer a, Jurisdiction land, string lang) => new
    {
        Dataset = a.Data.Key,
        Name = a.Data.Pack.Say(lang, a.Data.Dataset.Name),
        Thing = a.Thing?.Id,
        Of = a.Of?.Id,
        Text = RowsWords.Say(a, land, lang),
        Time = a.Time is { } time ? new { Code = time.ToString(), time.From, time.To } : null,
        Counts = a.Counts.Select(c => new { c.Region, Name = land.Regions.Find(c.Region)?.Say(lang), c.Count }),
        Columns = a.Found is { } found ? QueryWords.Labels(found.Columns, a.Data.Pack, lang) : null,
        Rows = a.Found?.Rows,
        IsCut = a.Found?.IsCut,
        a.Query,
        a.Note,
    };

    private static object Written(FigureAnswer a, Jurisdiction land, string lang) => new
    {
        Pack = a.Pack.Id,
        Indicator = a.Indicator.Id,
        Name = a.Pack.Say(lang, a.Indicator.Name),
        About = a.Pack.Say(lang, a.Indicator.About),
        Unit = a.Pack.Say(lang, a.Indicator.Unit),
        Better = a.Indicator.HigherIsBetter ? "higher" : "lower",
        Value = a.Indicator.Value.Name,
        Where = a.Indicator.Where?.Name,
        Sources = a.Indicator.Needs.Select(n => a.Pack.Dataset(n.Name)).OfType<Packs.Dataset>().Select(d => new { d.Id, Name = a.Pack.Say(lang, d.Name), Source = land.Units.Named(d.Source.Name)?.Say(lang) ?? d.Source.Name }),
        Text = AnswerWords.Say(a, land, lang),
        Time = a.Time is { } time ? new { Code = time.ToString(), time.From, time.To } : null,
        Against = a.Against is { } against ? new { Code = against.ToString(), against.From, against.To } : null,
        a.IsComputed,
        Lines = a.Lines.Select(l => new { l.Region, Name = land.Regions.Find(l.Region)?.Say(lang), l.Member, Time = l.Time.ToString(), l.Value, l.Rows, l.Before, l.Change }),
        a.Of,
        a.Note,
    };
}
