using Guantong.Gateway;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Guantong.Tests;

/// <summary>What was written down before a process ended stands in the ledger after the next start, once.</summary>
public sealed class CallJournalTests
{
    private static CallLine Line(int number) => new(DateTimeOffset.UnixEpoch, "key:example", "gateway.query", "grant:example", $$"""{"n":{{number}}}""", "zj-transport", "a/b");

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Lines_of_a_process_that_ended_at_any_point_are_brought_once(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        var (kept, ledger) = (platform.Services.GetRequiredService<Store>(), platform.Services.GetRequiredService<Ledger>());
        var folder = Path.Combine(platform.Folder, "other-journal");
        // One that never runs: its lines stand in its file alone. The file ends in the middle of a line.
        using (var dead = new CallJournal(kept, TimeProvider.System, NullLogger<CallJournal>.Instance, folder))
        {
            for (var i = 0; i < 2500; i++)
                await dead.WriteAsync(Line(i));
        }
        var file = Directory.EnumerateFiles(folder).Single();
        await File.AppendAllTextAsync(file, """{"At":"1970-01-01T00:00:00""");
        // Some of it had come into the ledger before it ended.
        await kept.ChangeAsync(DateTimeOffset.UnixEpoch, async change =>
        {
            await change.ExecuteAsync("INSERT INTO gateway_journal (segment, lines) VALUES (@segment, 700)", new { segment = Path.GetFileNameWithoutExtension(file) });
            for (var i = 0; i < 700; i++)
                change.Record("key:example", "gateway.query", "grant:example", $$"""{"n":{{i}}}""");
        });
        using var next = new CallJournal(kept, TimeProvider.System, NullLogger<CallJournal>.Instance, folder);
        await next.StartAsync(TestContext.Current.CancellationToken);
        await next.WriteAsync(Line(2500));
        await next.StopAsync(TestContext.Current.CancellationToken);
        var lines = await ledger.AboutAsync("grant:example");
        Assert.Equal(Enumerable.Range(0, 2501).Select(i => $$"""{"n":{{i}}}"""), lines.Select(l => l.Detail));
        Assert.Empty(Directory.EnumerateFiles(folder));
    }
}
