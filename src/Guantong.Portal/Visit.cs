using System.Globalization;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Http;

namespace Guantong.Portal;

/// <summary>What every page needs to know of the visit: the language, the path, and how to say things.</summary>
public sealed record Visit(string Lang, string Path, string Jurisdiction)
{
    private static readonly Texts Sentences = Texts.Of(typeof(Visit).Assembly);

    /// <summary>A visit from a request.</summary>
    public static Visit Of(HttpContext http, Jurisdiction land)
    {
        var lang = Trust.Lang.Of(http);
        return new Visit(lang, http.Request.Path + http.Request.QueryString, land.Say(lang));
    }

    /// <summary>True for the English reader.</summary>
    public bool English => Lang == Trust.Lang.En;

    /// <summary>A sentence of the Portal.</summary>
    public string Say(string key, params object?[] args) => Sentences.Say(Lang, key, args);

    /// <summary>A figure with its unit, as people write it.</summary>
    public static string Figure(double value, string unit) => Number(value) + (unit.StartsWith('%') ? "" : " ") + unit;

    /// <summary>A number with at most one decimal.</summary>
    public static string Number(double value) => value.ToString(Math.Abs(value) >= 1000 ? "#,0" : "0.#", CultureInfo.InvariantCulture);

    /// <summary>A count with thousands apart.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A day as people of the language write it.</summary>
    public string Day(DateOnly day) => English ? day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) : $"{day.Year}年{day.Month}月{day.Day}日";

    /// <summary>A day, month or year by its first day.</summary>
    public string Period(DateOnly day, string period) => period switch
    {
        "year" => English ? $"{day.Year}" : $"{day.Year}年",
        "month" => English ? day.ToString("MMMM yyyy", CultureInfo.InvariantCulture) : $"{day.Year}年{day.Month}月",
        _ => Day(day),
    };

    /// <summary>A level of warning by its name.</summary>
    public string Level(string? level) => Say("level." + (level ?? "none"));
}
