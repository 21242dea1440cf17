using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>The figure that something is said about.</summary>
/// <param name="At">First day of its period.</param>
public sealed record FigureAsked(string Pack, string Indicator, string Period, DateOnly At, string Region);

/// <summary>What an official said about a figure.</summary>
/// <param name="Starts">First day of the figure's period.</param>
/// <param name="ByName">Their name as it was then.</param>
public sealed record FigureComment(string Id, string Pack, string Indicator, string Period, string Starts, string Region, string Words, string Made, string ByLogin, string ByName, string? ByUnit)
{
    internal const string Columns = "id AS Id, pack AS Pack, indicator AS Indicator, period AS Period, starts AS Starts, region AS Region, words AS Words, made AS Made, by_login AS ByLogin, by_name AS ByName, by_unit AS ByUnit";
}

/// <summary>What officials say about figures, and take back.</summary>
public sealed class FigureComments(Store store, PackRegistry packs, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest comment, in characters.</summary>
    public const int Longest = 1000;

    /// <summary>What was said about a figure and not taken back, the earliest first.</summary>
    public Task<IReadOnlyList<FigureComment>> OfAsync(FigureAsked figure, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<FigureComment>)(await c.QueryAsync<FigureComment>($"""
            SELECT {FigureComment.Columns} FROM figure_comment
            WHERE pack = @Pack AND region = @Region AND indicator = @Indicator AND period = @Period AND starts = @starts AND withdrawn IS NULL ORDER BY made, id
            """, Args(figure))).AsList(), cancel);

    /// <summary>Says something.</summary>
    /// <exception cref="RefusedException">comment-words: nothing, or too much; comment-figure: there is no such indicator, period or region.</exception>
    public async Task<FigureComment> SayAsync(Person by, FigureAsked figure, string? words, CancellationToken cancel = default)
    {
        var said = (words ?? "").Trim();
        if (said.Length is 0 or > Longest)
            throw new RefusedException(422, "comment-words", Longest);
        if (packs.Find(figure.Pack)?.Indicator(figure.Indicator) is not { } indicator || !indicator.Periods.Contains(figure.Period) || land.Regions.Find(figure.Region) is null || figure.At.Year < 1900)
            throw new RefusedException(404, "comment-figure");
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var row = new FigureComment(Guid.CreateVersion7(change.At).ToString("n"), figure.Pack, figure.Indicator, figure.Period, Day(figure.At), figure.Region, said, change.Stamp, by.Login, by.Name, by.Unit);
            await change.ExecuteAsync("""
                INSERT INTO figure_comment (id, pack, indicator, period, starts, region, words, made, by_login, by_name, by_unit)
                VALUES (@Id, @Pack, @Indicator, @Period, @Starts, @Region, @Words, @Made, @ByLogin, @ByName, @ByUnit)
                """, row);
            change.Record(by, "comment.said", $"figure:{figure.Pack}/{figure.Indicator}", JsonSerializer.Serialize(new { row.Id, row.Period, row.Starts, row.Region }));
            return row;
        }, cancel);
    }

    /// <summary>Takes one's own comment back.</summary>
    /// <exception cref="RefusedException">comment-gone: there is none; comment-own: it is somebody else's.</exception>
    public Task WithdrawAsync(Person by, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var row = await change.FindAsync<FigureComment>($"SELECT {FigureComment.Columns} FROM figure_comment WHERE id = @id AND withdrawn IS NULL{change.ForUpdate}", new { id }) ?? throw new RefusedException(404, "comment-gone");
        if (row.ByLogin != by.Login)
            throw new RefusedException(403, "comment-own");
        await change.ExecuteAsync("UPDATE figure_comment SET withdrawn = @Stamp, words = '' WHERE id = @id", new { id, change.Stamp });
        // Who takes words back does not want them kept.
        change.Scrub();
        change.Record(by, "comment.withdrawn", $"figure:{row.Pack}/{row.Indicator}", JsonSerializer.Serialize(new { row.Id }));
    }, cancel);

    private static object Args(FigureAsked figure) => new { figure.Pack, figure.Indicator, figure.Period, figure.Region, starts = Day(figure.At) };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
