using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>A unit that was told of a warning, and whether somebody has acknowledged it.</summary>
/// <param name="Level">The level that it was told of.</param>
/// <param name="Due">Until when it was to be acknowledged.</param>
/// <param name="State">waiting; passed: nobody did in time, the leaders were told; answered; replaced by one of a graver level.</param>
/// <param name="Note">What was said with it.</param>
public sealed record WarningCall(string Id, string WarningId, string Unit, string Region, string Level, string Asked, string Due, string State, string? Passed, string? Answered, string? ByLogin, string? Note)
{
    internal const string Columns = "c.id AS Id, c.warning_id AS WarningId, c.unit AS Unit, c.region AS Region, c.level AS Level, c.asked AS Asked, c.due AS Due, c.state AS State, c.passed AS Passed, c.answered AS Answered, c.by_login AS ByLogin, c.note AS Note";

    /// <summary>Whether it waits to be acknowledged.</summary>
    public bool IsOpen => State is "waiting" or "passed";
}

/// <summary>Tells whoever is on call of warnings that fire, and the unit's leaders where nobody acknowledges one in time.</summary>
public sealed class WarningCalls(Store store, PackRegistry packs, NoticeSettings settings, Accounts accounts, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The most characters of a note.</summary>
    public const int Longest = 500;

    private static readonly string[] Langs = [Lang.Zh, Lang.En];

    /// <summary>Tells the units that a warning concerns, within the change in which it fires; each once at a level.</summary>
    internal async Task CallAsync(Change change, Pack pack, Indicator indicator, Warning warning, EpisodeDay peak)
    {
        var call = indicator.Warn!.Call;
        var due = change.At + System.Xml.XmlConvert.ToTimeSpan(call.Within);
        var units = (call.Units.Count > 0 ? call.Units.Select(u => u.Name) : [pack.Lead.Name]).Select(name => land.Units.ForRegion(name, warning.Region)?.Id).OfType<string>().Distinct();
        foreach (var unit in units)
        {
            var id = Guid.CreateVersion7(change.At).ToString("n");
            var isNew = await change.ExecuteAsync("""
                INSERT INTO warning_call (id, warning_id, unit, region, level, asked, due, state) VALUES (@id, @warning, @unit, @region, @level, @Stamp, @due, 'waiting') ON CONFLICT (warning_id, unit, level) DO NOTHING
                """, new { id, warning = warning.Id, unit, region = land.Units.Find(unit)!.Region, level = warning.Level, change.Stamp, due = Time.Write(due) });
            if (isNew == 0)
                continue;
            await change.ExecuteAsync("UPDATE warning_call SET state = 'replaced' WHERE warning_id = @warning AND unit = @unit AND id <> @id AND state IN ('waiting', 'passed')", new { warning = warning.Id, unit, id });
            var (logins, itself) = await OnCall.AtAsync(change, unit);
            // Where nobody is on the roster, the unit is told.
            string[] whom = [.. logins.Select(l => "official:" + l), .. itself || logins.Count == 0 ? (string[])[$"unit:{unit}"] : []];
            await Notices.TellAsync(change, whom, "warning", $"warning-call:{id}", lang => Said(lang, "warning", pack, indicator, warning, Time.Write(due), peak));
            change.Record("insight", "warning.called", $"warning:{warning.Id}", JsonSerializer.Serialize(new { unit, warning.Level, due = Time.Write(due), told = whom.Length }), unit);
        }
    }

    /// <summary>Whoever is on call, or a leader of the unit, says that they have a warning in hand.</summary>
    /// <exception cref="RefusedException">404 not-found: the unit was not told of it; 403 warning-not-on-call; 409 warning-answered; 422 warning-note.</exception>
    public Task AcknowledgeAsync(string warning, string? note, Person by, CancellationToken cancel = default)
    {
        var said = string.IsNullOrWhiteSpace(note) || note.Trim().Length > Longest ? throw new RefusedException(422, "warning-note", Longest) : note.Trim();
        return store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var calls = (await change.QueryAsync<WarningCall>($"SELECT {WarningCall.Columns} FROM warning_call c WHERE c.warning_id = @warning AND c.unit = @Unit AND c.state <> 'replaced'{change.ForUpdate}", new { warning, Unit = by.Unit ?? "" })).ToList();
            if (calls.Count == 0)
                throw new RefusedException(404, "not-found", warning);
            if (!await MayAsync(change, calls[0].Unit, by))
                throw new RefusedException(403, "warning-not-on-call");
            if (await change.ExecuteAsync("UPDATE warning_call SET state = 'answered', answered = @Stamp, by_login = @Login, note = @said WHERE warning_id = @warning AND unit = @Unit AND state IN ('waiting', 'passed')",
                new { warning, Unit = by.Unit, change.Stamp, by.Login, said }) == 0)
                throw new RefusedException(409, "warning-answered");
            change.Record(by, "warning.acknowledged", $"warning:{warning}", JsonSerializer.Serialize(new { levels = calls.Where(c => c.IsOpen).Select(c => c.Level) }));
        }, cancel);
    }

    // Those who may put others on the roster answer for it at any time; where nobody is on it, whoever works for the unit.
    private static async Task<bool> MayAsync(Change change, string unit, Person by)
    {
        if (!by.May("warning.acknowledge", new Thing(Unit: unit)))
            return false;
        var (logins, itself) = await OnCall.AtAsync(change, unit);
        return by.May("on-call.manage", new Thing(Unit: unit)) || itself || logins.Count == 0 || logins.Contains(by.Login);
    }

    /// <summary>Tells the leaders of the unit whose call has waited too long the longest; false where none has.</summary>
    public async Task<bool> PassNextAsync(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var late = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<WarningCall>($"SELECT {WarningCall.Columns} FROM warning_call c WHERE c.state = 'waiting' AND c.due < @now ORDER BY c.due, c.id LIMIT 1", new { now = Time.Write(now) }), cancel);
        if (late is null)
            return false;
        var warning = (await store.ReadAsync(c => c.QueryFirstAsync<Warning>($"SELECT {Warning.Columns} FROM warning WHERE id = @WarningId", new { late.WarningId }), cancel))!;
        var leaders = await LeadersAsync(late.Unit, cancel);
        string[] whom = leaders.Count > 0 ? [.. leaders.Select(l => "official:" + l.Login)] : [$"unit:{late.Unit}"];
        var pack = packs.Find(warning.Pack);
        try
        {
            await store.ChangeAsync(now, async change =>
            {
                if (await change.ExecuteAsync("UPDATE warning_call SET state = 'passed', passed = @Stamp WHERE id = @Id AND state = 'waiting'", new { late.Id, change.Stamp }) == 0)
                    throw new AnsweredMeanwhile();
                await Notices.TellAsync(change, whom, "warning-passed", $"warning-call:{late.Id}", lang => Said(lang, "warning-passed", pack, pack?.Indicator(warning.Indicator), warning, late.Due, null));
                change.Record("insight", "warning.call-passed", $"warning:{late.WarningId}", JsonSerializer.Serialize(new { late.Unit, late.Level, told = whom.Length }), late.Unit);
            }, cancel);
        }
        catch (AnsweredMeanwhile)
        {
        }
        return true;
    }

    // Those of the unit; where it has none, of the body of its line in the nearest region above that has one.
    private async Task<IReadOnlyList<Person>> LeadersAsync(string unit, CancellationToken cancel)
    {
        var own = land.Units.Find(unit);
        foreach (var region in own is null ? [] : land.Regions.Upwards(own.Region))
        {
            var there = land.Units.ForRegion(own!.Name, region.Code);
            if (there?.Region != region.Code)
                continue;
            var leaders = (await accounts.OfUnitAsync(there.Id, cancel)).Where(p => p.May("on-call.manage", new Thing(Unit: there.Id))).ToList();
            if (leaders.Count > 0)
                return leaders;
        }
        return [];
    }

    /// <summary>Who was told of a warning, and what they said, the first first.</summary>
    public Task<IReadOnlyList<WarningCall>> OfAsync(string warning, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<WarningCall>)(await c.QueryAsync<WarningCall>($"SELECT {WarningCall.Columns} FROM warning_call c WHERE c.warning_id = @warning ORDER BY c.asked, c.unit, c.id", new { warning })).AsList(), cancel);

    /// <summary>What waits for somebody's unit to acknowledge, the oldest first.</summary>
    public Task<IReadOnlyList<WarningCall>> WaitingAsync(Person by, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<WarningCall>)(by.Unit is null ? [] : (await c.QueryAsync<WarningCall>($"SELECT {WarningCall.Columns} FROM warning_call c WHERE c.unit = @Unit AND c.state IN ('waiting', 'passed') ORDER BY c.asked, c.id LIMIT 100", new { by.Unit })).AsList()), cancel);

    private sealed class AnsweredMeanwhile : Exception;

    private SaidNotice Said(string lang, string kind, Pack? pack, Indicator? indicator, Warning warning, string due, EpisodeDay? peak)
    {
        object[] args =
        [
            WarningWords.Tell(lang, "level." + warning.Level), land.Regions.Find(warning.Region)?.Say(lang) ?? warning.Region,
            indicator is null || pack is null ? warning.Indicator : pack.Say(lang, indicator.Name), peak is null ? warning.LastDay : PeriodSteps.Write(peak.Day),
            peak is null || indicator?.Warn is null ? "" : string.Join(lang != Lang.Zh ? "; " : "；", peak.Causes.Select(c => WarningWords.Say(lang, c, pack, indicator, indicator.Warn.Period, land))),
            Time.Read(due).ToOffset(land.Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), $"{settings.Site}/desk/warnings/{warning.Id}",
        ];
        return new SaidNotice(WarningWords.Tell(lang, $"notice.{kind}.subject", args), WarningWords.Tell(lang, $"notice.{kind}.text", args), "");
    }
}
