using System.Text.Json;

namespace Guantong.Trust;

/// <summary>Separated duties (三员分立): what holds for a natural person over their account, all their posts and what they hold for a time.</summary>
internal static class Duties
{
    /// <summary>Refuses roles that nobody holds together.</summary>
    /// <exception cref="RefusedException">Names the two.</exception>
    public static void Hold(IEnumerable<string> roles)
    {
        if (Policy.Book.Clash(roles) is var (one, other))
            throw new RefusedException(422, "role-separated", one, other);
    }

    /// <summary>Refuses roles that somebody may not hold beside what they hold already; until the change commits, nobody gives them others.</summary>
    /// <param name="replacesAccount">Whether these take the place of the account's own.</param>
    /// <exception cref="RefusedException">Names the two.</exception>
    public static async Task HoldAsync(Change change, Jurisdiction land, string login, IEnumerable<string> adding, bool replacesAccount = false)
    {
        var account = await change.FindAsync<string>($"SELECT roles FROM person WHERE login = @login{change.ForUpdate}", new { login });
        var today = DateOnly.FromDateTime((change.At + land.Offset).UtcDateTime).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var posts = await change.QueryAsync<string>("SELECT roles FROM post WHERE login = @login AND ended IS NULL AND (to_day IS NULL OR to_day >= @today)", new { login, today });
        var elevated = await Elevations.RunningAsync(change.Connection, change.Transaction, login, change.At);
        Hold([.. adding, .. replacesAccount ? [] : Read(account), .. posts.SelectMany(Read), .. elevated.Select(e => e.Role)]);
    }

    private static string[] Read(string? roles) => roles is null ? [] : JsonSerializer.Deserialize<string[]>(roles)!;
}
