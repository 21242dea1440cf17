using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Insight;

/// <summary>Sends screens to those who asked for them: a notice in their inbox, and by e-mail where they gave an address, with the headline figures and where the whole is to be had as a PDF. Any number of nodes may: each is sent by one.</summary>
/// <remarks>The file itself stays here: a mailbox is not the place for what the reader's rights decide on.</remarks>
public sealed partial class ScreenPost(Store store, PackRegistry packs, ScreenData data, Accounts accounts, Notices notices, NoticeSignal signal, Jurisdiction land, TimeProvider clock, ILogger<ScreenPost> log) : BackgroundService
{
    private const int MostLines = 12;

    private static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    /// <summary>Sends what has been due longest; false where nothing is.</summary>
    public async Task<bool> SendNextAsync(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        if (await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<ScreenSubscription>($"SELECT {ScreenSubscription.Columns} FROM screen_subscription WHERE ended IS NULL AND due <= @now ORDER BY due, id LIMIT 1", new { now = Time.Write(now) }), cancel) is not { } due)
            return false;
        var reader = await accounts.FindAsync(due.Login, cancel);
        // Whoever has left, or reads screens no more, is sent none; nor is anybody what is not there any more.
        if (reader?.May("cockpit.read") != true || packs.Find(due.Pack) is not { Screen: not null } pack || land.Regions.Find(due.Region) is not { } region)
        {
            await store.ChangeAsync(now, async change =>
            {
                await change.ExecuteAsync("UPDATE screen_subscription SET ended = @Stamp WHERE id = @Id AND ended IS NULL", new { due.Id, change.Stamp });
                change.Record("screens", "subscription.ended", $"subscription:{due.Id}");
            }, cancel);
            return true;
        }
        var shown = await data.ReadAsync(pack, region, TimeBack.Now, reader, cancel: cancel);
        await store.ChangeAsync(now, async change =>
        {
            var next = Time.Write(ScreenSubscriptions.Next(due.Every, due.Day, change.At, land.Offset));
            if (await change.ExecuteAsync("UPDATE screen_subscription SET due = @next, sent = @Stamp WHERE id = @Id AND due = @Due AND ended IS NULL", new { due.Id, due.Due, next, change.Stamp }) != 1)
            {
                change.Record("screens", "subscription.sent-meanwhile", $"subscription:{due.Id}");
                return;
            }
            await Notices.TellOfficialAsync(change, due.Login, due.Owner, "screen", $"subscription:{due.Id}:{due.Due}", lang => Facts(shown, lang));
            change.Record("screens", "subscription.sent", $"subscription:{due.Id}", JsonSerializer.Serialize(new { due.Pack, due.Region, due.Due, next }));
        }, cancel);
        signal.Raise();
        return true;
    }

    private Dictionary<string, string?> Facts(ShownScreen shown, string lang)
    {
        var day = clock.GetUtcNow().ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new()
        {
            ["screen.name"] = shown.Pack.Say(lang, shown.InForce.Screen.Name),
            ["region.name"] = shown.Region.Say(lang),
            ["figures"] = string.Join('\n', shown.Cards.SelectMany(c => c.Indicators).DistinctBy(i => (i.Indicator.Id, i.Period)).Where(i => i.Latest is not null).Take(MostLines)
                .Select(i => $"{shown.Pack.Say(lang, i.Indicator.Name)}：{Wording.Figure(i.Latest!.Value, shown.Pack.Say(lang, i.Indicator.Unit))}（{Wording.Period(lang, i.Latest.At, i.Period)}）")
                .DefaultIfEmpty(ScreenTexts.Say(lang, "screen.no-figures"))),
            ["synthetic"] = shown.IsSynthetic ? ScreenTexts.Say(lang, "screen.synthetic") : "",
            ["pdf"] = notices.Link($"/api/v1/screens/{shown.Pack.Id}/{shown.InForce.Screen.Id}.pdf?region={shown.Region.Code}&at={day}"),
            ["link"] = notices.Link($"/desk/cockpit?pack={shown.Pack.Id}&region={shown.Region.Code}&at={day}"),
        };
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SendNextAsync(stoppingToken))
                {
                }
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
            {
                // It stays due: the next round sends it.
                Failed(log, e);
            }
            await Task.Delay(Often, clock, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A screen could not be sent to who asked for it; it waits")]
    private static partial void Failed(ILogger log, Exception e);
}
