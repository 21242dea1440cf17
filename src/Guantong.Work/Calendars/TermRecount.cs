using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Work;

/// <summary>Counts open terms anew once the days of a year are entered: until then they were estimates. Done at the start, which reads the calendars; any number of nodes may.</summary>
/// <remarks>A day of a known year that is corrected moves no term that runs: its end was told.</remarks>
public sealed partial class TermRecount(Store store, Clocks clocks, Jurisdiction land, TimeProvider clock, ILogger<TermRecount> log) : BackgroundService
{
    // What may be due in those years. Parts go by the case that they belong to.
    private const string Concerned = """
        SELECT c.id FROM work_case c WHERE c.state IN ('received', 'open', 'stuck') AND c.due >= @from AND c.called IS NULL
        UNION SELECT t.case_id FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE t.state = 'open' AND t.due >= @from AND t.term IS NOT NULL AND c.state IN ('received', 'open', 'stuck')
        """;

    /// <summary>Counts what is concerned; a year counts as done only after all of it, so that what was broken off is done again.</summary>
    /// <returns>How many cases have something that is due at another time now.</returns>
    public async Task<int> RunAsync(CancellationToken cancel = default)
    {
        var done = (await store.ReadAsync(c => c.QueryAsync<long>("SELECT year FROM work_calendar_year"), cancel)).ToHashSet();
        var entered = land.Calendars.Years.Where(y => !done.Contains(y)).Order().ToList();
        // Where nothing was kept of it before, what ended before this year was no estimate.
        var years = entered.Where(y => done.Count > 0 || y >= clock.GetUtcNow().ToOffset(land.Offset).Year).ToList();
        var moved = 0;
        if (years.Count > 0)
        {
            var from = Time.Write(new DateTimeOffset(years[0], 1, 1, 0, 0, 0, land.Offset));
            foreach (var id in (await store.ReadAsync(c => c.QueryAsync<string>(Concerned, new { from }), cancel)).AsList())
                moved += await clocks.RecountAsync(id, years, cancel) ? 1 : 0;
        }
        foreach (var year in entered)
            await store.ReadAsync(c => c.ExecuteAsync("INSERT INTO work_calendar_year (year, counted) VALUES (@year, @at) ON CONFLICT (year) DO NOTHING", new { year = (long)year, at = Time.Write(clock.GetUtcNow()) }), cancel);
        return moved;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            if (await RunAsync(stoppingToken) is > 0 and var moved)
                Counted(log, moved);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Broken(log, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The calendars have changed; {Count} cases were counted anew")]
    private static partial void Counted(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Terms could not be counted anew; the next start does it")]
    private static partial void Broken(ILogger log, Exception e);
}
