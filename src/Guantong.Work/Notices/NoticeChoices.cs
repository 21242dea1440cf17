using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What somebody does not want to be told by a channel.</summary>
/// <param name="Kind">One of <see cref="NoticeChoices.Kinds"/>.</param>
/// <param name="Channel">email or sms.</param>
public sealed record NoticeOff(string Kind, string Channel);

/// <summary>Hours in which nothing goes by e-mail or SMS, by the jurisdiction's clock; they may go over midnight.</summary>
/// <param name="From">HH:mm.</param>
/// <param name="To">HH:mm.</param>
public sealed record QuietHours(string From, string To);

/// <summary>What somebody chose.</summary>
/// <param name="Quiet">Null for no quiet hours.</param>
public sealed record ChosenNotices(IReadOnlyList<NoticeOff> Off, QuietHours? Quiet);

/// <summary>How people want to be told: by which channels of what, and when not. The inbox has everything at once, and what is served is served whatever is chosen: only the word of it waits.</summary>
public sealed class NoticeChoices(Store store, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The channels that can be chosen.</summary>
    public static readonly IReadOnlyList<string> Channels = ["email", "sms"];

    private static readonly Dictionary<string, string> KindByEvent = new()
    {
        ["received"] = "course", ["accepted"] = "course", ["stopped"] = "course", ["resumed"] = "course", ["recounted"] = "course", ["suspended"] = "course",
        ["supplement"] = "todo", ["payment"] = "todo", ["booking-reminder"] = "todo", ["licence"] = "todo",
        ["rejected"] = "result", ["redirected"] = "result", ["terminated"] = "result", ["decided"] = "result", ["appeal"] = "result", ["refunded"] = "result", ["credential-revoked"] = "result",
        ["served"] = "served", ["follow-up"] = "asked",
    };

    /// <summary>The kinds of notices, as people choose them: how a case goes, what they have to do, what it came to, what is served on them, what they are asked.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["course", "todo", "result", "served", "asked"];

    /// <summary>The kind of an event; null of what nobody chooses about.</summary>
    internal static string? KindOf(string on) => KindByEvent.GetValueOrDefault(on);

    /// <summary>What somebody chose.</summary>
    public Task<ChosenNotices> OfAsync(string owner, CancellationToken cancel = default) => store.ReadAsync(async c => new ChosenNotices(
        (await c.QueryAsync<NoticeOff>("SELECT kind AS Kind, channel AS Channel FROM work_notice_off WHERE owner = @owner ORDER BY kind, channel", new { owner })).AsList(),
        await c.QueryFirstOrDefaultAsync<QuietHours>("SELECT begins AS \"From\", ends AS \"To\" FROM work_quiet WHERE owner = @owner", new { owner })), cancel);

    /// <summary>Somebody chooses anew; what they chose before is gone.</summary>
    /// <exception cref="ConflictException">notice-kind: no such kind or channel; quiet-hours: they are no times, or the same.</exception>
    public Task ChooseAsync(Person me, string owner, ChosenNotices given, CancellationToken cancel = default)
    {
        var off = (given.Off ?? []).Distinct().ToList();
        if (off.Any(o => !Kinds.Contains(o.Kind) || !Channels.Contains(o.Channel)))
            throw new ConflictException("notice-kind");
        if (given.Quiet is { } quiet && (!TryRead(quiet.From, out var from) || !TryRead(quiet.To, out var to) || from == to))
            throw new ConflictException("quiet-hours");
        return store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("DELETE FROM work_notice_off WHERE owner = @owner", new { owner });
            await change.ExecuteAsync("DELETE FROM work_quiet WHERE owner = @owner", new { owner });
            foreach (var one in off)
                await change.ExecuteAsync("INSERT INTO work_notice_off (owner, kind, channel) VALUES (@owner, @Kind, @Channel) ON CONFLICT DO NOTHING", new { owner, one.Kind, one.Channel });
            if (given.Quiet is { } hours)
                await change.ExecuteAsync("INSERT INTO work_quiet (owner, begins, ends) VALUES (@owner, @From, @To) ON CONFLICT (owner) DO UPDATE SET begins = @From, ends = @To", new { owner, hours.From, hours.To });
            change.Record(me, "notice.chosen", $"person:{me.Login}", JsonSerializer.Serialize(new { off = off.Select(o => $"{o.Kind}:{o.Channel}"), given.Quiet }, Json.Plain), owner);
        }, cancel);
    }

    /// <summary>Until when somebody is not to be disturbed; null where they may be now.</summary>
    internal async Task<DateTimeOffset?> QuietUntilAsync(string owner, CancellationToken cancel) =>
        await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<QuietHours>("SELECT begins AS \"From\", ends AS \"To\" FROM work_quiet WHERE owner = @owner", new { owner }), cancel) is { } quiet ? Until(quiet, clock.GetUtcNow().ToOffset(land.Offset)) : null;

    /// <summary>The end of the quiet hours that a time lies in; null where it lies in none. Pure.</summary>
    public static DateTimeOffset? Until(QuietHours quiet, DateTimeOffset now)
    {
        if (!TryRead(quiet.From, out var from) || !TryRead(quiet.To, out var to))
            return null;
        var time = TimeOnly.FromTimeSpan(now.TimeOfDay);
        // IsBetween goes over midnight where it ends before it begins; its end is not part of it.
        if (!time.IsBetween(from, to))
            return null;
        var day = from > to && time >= from ? now.Date.AddDays(1) : now.Date;
        return new DateTimeOffset(day + to.ToTimeSpan(), now.Offset);
    }

    private static bool TryRead(string? text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
