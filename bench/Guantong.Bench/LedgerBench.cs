using Guantong.Trust;

namespace Guantong.Bench;

/// <summary>The ledger alone: entries committed a thousand at a time by one writer, a checkpoint, and the whole recomputed.</summary>
internal static class LedgerBench
{
    private const int Changes = 300;
    private const int Lines = 1_000;
    private const double WantedWrites = 20_000, WantedChecks = 500_000;

    public static async Task<Ratio> RunAsync()
    {
        using var scratch = new Scratch();
        await using var store = await Store.OpenAsync(Path.Combine(scratch.Folder, "operations.db"), [TrustRoom.Migrations]);
        var at = new DateTimeOffset(2026, 11, 2, 1, 0, 0, TimeSpan.Zero);
        var writing = await Measure.SecondsAsync(async () =>
        {
            for (var i = 0; i < Changes; i++)
            {
                await store.ChangeAsync(at.AddSeconds(i), change =>
                {
                    for (var n = 0; n < Lines; n++)
                        change.Record("worker-huzhou", "task.done", $"case:330500-2026-{n:000000}", """{"node":"inspect","fields":["confirmed","finding"]}""", unit: "zj-ecology-330500");
                    return Task.CompletedTask;
                });
            }
        });
        var writes = Changes * Lines / writing;
        Measure.Say($"{Changes * Lines:N0} entries in {writing:0.0} s: {writes:N0} a second, {WantedWrites:N0} wanted");
        var ledger = new Ledger(store);
        LedgerVerdict? verdict = null;
        // The first time, the code is still being compiled: what is wanted is a rate over ledgers of any length.
        await ledger.VerifyAsync();
        var checking = await Measure.SecondsAsync(async () => verdict = await ledger.VerifyAsync());
        if (verdict is not { FirstBad: null, Entries: Changes * Lines })
            throw new InvalidOperationException("The ledger does not hold.");
        var checks = Changes * Lines / checking;
        Measure.Say($"recomputed in {checking:0.00} s: {checks:N0} a second, {WantedChecks:N0} wanted");
        return new Ratio(Math.Min(writes / WantedWrites, checks / WantedChecks), 1);
    }
}
