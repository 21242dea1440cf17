using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust;

/// <summary>Which rows a person may see by an act, as a condition of the query that reads them: what is not theirs is not there.</summary>
/// <remarks>Issue 5, point 2. It follows from the act's grants: <c>region: within</c> and <c>unit: own</c> choose rows; any other condition cannot be told from a row, and such a grant gives none.</remarks>
public sealed class RowRights
{
    private static readonly (bool, bool) Nothing = (false, false);

    /// <summary>Every row: for what the platform does by itself, and for proofs that stand in place of a person (a number and its code).</summary>
    public static readonly RowRights All = new("", null, null, null, []);

    private readonly (string From, string Until)? _codes;
    private readonly string? _unit;
    private readonly string? _login;
    // Null where every row is seen.
    private readonly IReadOnlyList<(bool Region, bool Unit)>? _ways;

    private RowRights(string act, (string, string)? codes, string? unit, string? login, IReadOnlyList<(bool, bool)>? ways) => (Act, _codes, _unit, _login, _ways) = (act, codes, unit, login, ways is [] ? null : ways);

    /// <summary>The act that they are for; empty where every row is seen.</summary>
    public string Act { get; }

    /// <summary>Whether every row of a unit is seen, wherever it lies.</summary>
    public bool Covers(string? unit) => _ways is null || (unit is not null && unit == _unit && _ways.Contains((false, true)));

    /// <summary>What a person may see by an act.</summary>
    /// <param name="land">Whose top region holds everything.</param>
    /// <param name="book">The policy; the one in force when null.</param>
    public static RowRights Of(Person? who, string act, Jurisdiction land, PolicyBook? book = null)
    {
        var everywhere = who is not null && (who.Region == land.Root || who.Region == Policy.Everywhere);
        var codes = Codes(who?.Region);
        var unit = string.IsNullOrEmpty(who?.Unit) ? null : who.Unit;
        var ways = new List<(bool, bool)>();
        foreach (var grant in (book ?? Policy.Book).Held(who, act))
        {
            if (grant.OwnLine || grant.MostGrade is not null || grant.Purposes is not null || grant.Matters is not null || grant.Hours is not null)
                continue;
            var way = (Region: grant.WithinRegion && !everywhere, Unit: grant.OwnUnit);
            if (way is (false, false))
                return All;
            if ((!way.Region || codes is not null) && (!way.Unit || unit is not null))
                ways.Add(way);
        }
        // No way at all sees nothing; it must not pass for All, which has none either.
        return new RowRights(act, codes, unit, who?.Login, ways.Count == 0 ? [Nothing] : ways);
    }

    /// <summary>A condition to append to a WHERE, begun with AND; empty where every row is seen.</summary>
    /// <param name="region">The column that holds the row's region.</param>
    /// <param name="own">What holds of rows of the unit <c>@rowUnit</c>, or of its official <c>@rowLogin</c>.</param>
    public string And(string region, string own) => _ways is null ? "" : $" AND ({string.Join(" OR ", _ways.Select(w => w switch
    {
        (true, true) => $"({Within(region)} AND {own})",
        (true, false) => Within(region),
        (false, true) => own,
        _ => "1 = 0",
    }))})";

    /// <summary>The same condition alone, its values written out: codes of regions are digits.</summary>
    /// <param name="region">SQL for the row's region.</param>
    /// <param name="own">SQL for whether the row is the person's unit's.</param>
    public string Literal(string region, string own) => _ways is null ? "" : And(region, own)[" AND ".Length..]
        .Replace("@rowFrom", $"'{_codes?.From}'", StringComparison.Ordinal).Replace("@rowUntil", $"'{_codes?.Until}'", StringComparison.Ordinal);

    /// <summary>A query's values with those that <see cref="And"/> takes.</summary>
    public object With(object args)
    {
        if (_ways is null)
            return args;
        var all = new DynamicParameters(args);
        all.AddDynamicParams(new { rowFrom = _codes?.From, rowUntil = _codes?.Until, rowUnit = _unit, rowLogin = _login });
        return all;
    }

    private static string Within(string region) => $"({region} >= @rowFrom AND {region} < @rowUntil)";

    /// <summary>The codes of a region and all below it, as a range that an index answers: 330500 is 3305 up to 3306.</summary>
    /// <returns>Null where it is no code: nothing lies within it.</returns>
    internal static (string From, string Until)? Codes(string? region)
    {
        if (region is not { Length: >= 6 } || !region.All(char.IsAsciiDigit))
            return null;
        var from = RegionCode.Stem(region);
        return (from, (long.Parse(from, CultureInfo.InvariantCulture) + 1).ToString("D" + from.Length, CultureInfo.InvariantCulture));
    }
}

/// <summary>Asks for the rows that somebody may see.</summary>
public static class RowRightsAsked
{
    /// <summary>Of a person.</summary>
    public static RowRights Rows(this Person? who, string act, Jurisdiction land) => RowRights.Of(who, act, land);

    /// <summary>Of the caller.</summary>
    public static RowRights Rows(this HttpContext http, string act) => http.Caller().Rows(act, http.RequestServices.GetRequiredService<Jurisdiction>());
}
