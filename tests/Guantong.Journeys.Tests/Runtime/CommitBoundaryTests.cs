namespace Guantong.Tests;

/// <summary>A stop at every commit of a run, before it and after it.</summary>
public sealed class CommitBoundaryTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_run_that_is_cut_off_at_any_commit_ends_as_one_that_is_not(string store)
    {
        await using var run = await BrokenRun.StartAsync(store);
        var (commits, end) = await run.UninjuredAsync();
        // Opened; two timers and their notes; finished; decided; three letters; the message sent in, and taken; the last timer.
        Assert.Equal(13, commits);
        Assert.Contains("case | ended | 已答复", end, StringComparison.Ordinal);
        Assert.Equal(5, end.Split('\n').Count(l => l.StartsWith("document ", StringComparison.Ordinal)));
        for (var commit = 1; commit <= commits; commit++)
        {
            foreach (var stands in (bool[])[false, true])
                Assert.Equal(end, await run.BrokenAsync(commit, stands));
        }
        Assert.Null((await run.VerifyAsync()).FirstBad);
    }
}
