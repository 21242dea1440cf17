using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.Logging;

namespace Guantong.Work;

/// <summary>Reminds whoever may act for an organisation, each day, of its licences that end: 90, 30 and 7 days before, once each.</summary>
/// <remarks>行政许可法 §50: who wants to go on applies thirty days before the end.</remarks>
public sealed class LicenceWatch(Store store, OrganisationRecords records, UserCentre centre, Notices notices, NoticeSignal signal, Jurisdiction land, TimeProvider clock, ILogger<LicenceWatch> log) : PeriodicWatch(TimeSpan.FromDays(1), clock, log)
{
    /// <summary>How many days before the end they are reminded.</summary>
    public static readonly IReadOnlyList<int> Days = [7, 30, 90];

    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    protected override async Task LookAsync(bool isFirst, CancellationToken cancel) => await TellAsync(cancel);

    /// <summary>Tells of what has come nearer; gives of how many licences. A platform that stood still tells of the nearest day alone.</summary>
    public async Task<int> TellAsync(CancellationToken cancel = default)
    {
        var today = centre.Today;
        var known = (await store.ReadAsync(c => c.QueryAsync<string>("SELECT code FROM organisation"), cancel)).ToHashSet();
        var told = 0;
        foreach (var licence in records.Ending(today, today.AddDays(Days[^1])).Where(l => known.Contains(l.Code)))
        {
            var left = licence.Until.DayNumber - today.DayNumber;
            var until = licence.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var about = $"{licence.Pack.Id}/{licence.Dataset.Id}:{licence.Key}:{until}:{Days.First(d => left <= d)}";
            if (await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string>("SELECT id FROM work_notice WHERE event = 'licence' AND about = @about LIMIT 1", new { about }), cancel) is not null)
                continue;
            var subject = Subjects.OfOrganisation(licence.Code);
            var name = (await centre.OrganisationAsync(licence.Code, cancel))!.Name;
            var whom = (await AgentsAsync(subject, today, cancel)).Prepend(subject).ToList();
            Dictionary<string, string?> Facts(string lang) => new()
            {
                ["organisation"] = name, ["licence"] = RecordLine.Said(licence.Pack, licence.Dataset, licence.Dataset.Record!.Title.Name, licence.Title, lang, land), ["until"] = until, ["days"] = left.ToString(CultureInfo.InvariantCulture),
            };
            await store.ChangeAsync(_clock.GetUtcNow(), async change =>
            {
                var made = 0;
                foreach (var one in whom)
                    made += await notices.TellAsync(change, one, "licence", about, $"/me/organisations/{licence.Code}", Facts);
                // Another node may have told meanwhile.
                change.Record("licence-watch", made > 0 ? "licence.reminded" : "licence.reminded-meanwhile", $"licence:{licence.Key}", JsonSerializer.Serialize(new { until, days = left }), subject: subject);
            }, cancel);
            told++;
        }
        if (told > 0)
            signal.Raise();
        return told;
    }

    // Those whose authority stands today, in whatever matter, as notices name them.
    private async Task<IReadOnlyList<string>> AgentsAsync(string principal, DateOnly today, CancellationToken cancel) => (await store.ReadAsync(c => c.QueryAsync<string>("""
        SELECT DISTINCT 'person:' || p.key FROM authority a JOIN person p ON p.login = a.agent
        WHERE a.principal = @principal AND a.ended IS NULL AND a.accepted IS NOT NULL AND a.from_day <= @day AND a.to_day >= @day ORDER BY 1
        """, new { principal, day = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }), cancel)).AsList();
}
