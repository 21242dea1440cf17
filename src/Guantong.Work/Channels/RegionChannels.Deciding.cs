using System.Globalization;
using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Work;

/// <content>Deciding on what is submitted, and taking a channel off.</content>
public sealed partial class RegionChannels
{
    // What is planned further ahead is forgotten.
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    /// <summary>Approves a version that waits: it is shown at once, or from a time on. What was to be shown later is replaced by it.</summary>
    /// <param name="begins">Null for at once.</param>
    /// <exception cref="ConflictException">channel-gone, channel-not-yours; channel-own: they wrote of it; channel-decided: it waits no more; channel-time: the time is past, or more than a year ahead.</exception>
    public Task ApproveAsync(Person by, string region, long no, DateTimeOffset? begins = null, CancellationToken cancel = default) => DecideAsync(by, region, no, async (change, row, version) =>
    {
        if (begins < change.At || begins > change.At + Furthest)
            throw new ConflictException("channel-time");
        if (Wrote(version.Authors).ContainsKey(by.Login) || version.SubmittedBy == by.Login)
            throw new ConflictException("channel-own");
        var from = Time.Write(begins ?? change.At);
        await change.ExecuteAsync("UPDATE work_channel_version SET state = 'replaced' WHERE region = @region AND state = 'approved' AND begins > @Stamp", new { region, change.Stamp });
        await change.ExecuteAsync("UPDATE work_channel_version SET state = 'approved', decided = @Stamp, decided_by = @Login, begins = @from WHERE region = @region AND no = @no", new { region, no, from, change.Stamp, by.Login });
        // Whoever wrote nothing since may approve what comes next.
        var left = Wrote(row.Authors).Where(a => a.Value > version.Revision).ToDictionary();
        await change.ExecuteAsync("UPDATE work_channel SET authors = @left WHERE region = @region", new { region, left = Write(left) });
        Record(change, by, region, "approved", new { version = no, begins = from, sha256 = Hash(version.Content) });
    }, cancel);

    /// <summary>Returns a version that waits to its editors.</summary>
    /// <exception cref="ConflictException">channel-gone, channel-not-yours; channel-decided; reason-missing.</exception>
    public Task ReturnAsync(Person by, string region, long no, string? reason, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        return DecideAsync(by, region, no, async (change, _, _) =>
        {
            await change.ExecuteAsync("UPDATE work_channel_version SET state = 'returned', decided = @Stamp, decided_by = @Login, reason = @said WHERE region = @region AND no = @no", new { region, no, said, change.Stamp, by.Login });
            Record(change, by, region, "returned", new { version = no, reason = said });
        }, cancel);
    }

    /// <summary>Takes a channel off, and what was to be shown later: the public sees none until a version is approved anew.</summary>
    /// <exception cref="ConflictException">channel-gone, channel-not-yours; channel-off: none is shown or to be; reason-missing.</exception>
    public Task WithdrawAsync(Person by, string region, string? reason, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        return store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await HoldAsync(change, by, "channel.approve", region);
            if (await change.ExecuteAsync("UPDATE work_channel_version SET state = 'withdrawn', reason = @said WHERE region = @region AND state = 'approved'", new { region, said }) == 0)
                throw new ConflictException("channel-off");
            Record(change, by, region, "withdrawn", new { reason = said });
        }, cancel);
    }

    /// <summary>Shows a channel of the demonstration where its region has none, made up as its file says; news without a day bear that of the start.</summary>
    public async Task SeedAsync(string region, string unit, ChannelContent content, CancellationToken cancel = default)
    {
        var today = clock.GetUtcNow().ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var text = (content with { News = [.. content.News.Select(n => n.From.Length == 0 ? n with { From = today } : n)] }).Tidy().Write();
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var isNew = await change.ExecuteAsync("INSERT INTO work_channel (region, unit, draft, revision, authors, saved, saved_by) VALUES (@region, @unit, @text, 1, '{}', @Stamp, 'demo') ON CONFLICT (region) DO NOTHING", new { region, unit, text, change.Stamp }) == 1;
            if (isNew)
                await change.ExecuteAsync("INSERT INTO work_channel_version (region, no, content, state, revision, authors, submitted, submitted_by, decided, decided_by, begins) VALUES (@region, 1, @text, 'approved', 1, '{}', @Stamp, 'demo', @Stamp, 'demo', @Stamp)", new { region, text, change.Stamp });
            change.Record("demo", isNew ? "channel.seeded" : "channel.seed-missed", "channel:" + region, JsonSerializer.Serialize(new { sha256 = Hash(text) }), unit);
        }, cancel);
    }

    private Task DecideAsync(Person by, string region, long no, Func<Change, Row, VersionRow, Task> decide, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var row = await HoldAsync(change, by, "channel.approve", region);
        var version = await change.FindAsync<VersionRow>($"SELECT {VersionColumns} FROM work_channel_version WHERE region = @region AND no = @no AND state = 'waiting'", new { region, no }) ?? throw new ConflictException("channel-decided");
        await decide(change, row, version);
    }, cancel);
}
