namespace Guantong.Tests;

/// <summary>Stopping and starting in order, and what a run that was killed may leave behind.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Interrupted_it_stops_with_0_takes_its_run_file_away_and_starts_with_everything_as_it_was()
    {
        Assert.SkipWhen(IgnoresInterrupts, "Ctrl-C is ignored by everything that is started from here.");
        await using var platform = await ProcessPlatform.FreshAsync("sqlite");
        await platform.StartAsync();
        var cookies = await platform.CookiesOfAsync("worker-huzhou");
        using var before = platform.Operator();
        var standing = await Standing.ReadAsync(before);
        Assert.NotEmpty(standing.Parts["cases"]);
        Assert.Equal(0, await platform.InterruptAsync());
        Assert.False(File.Exists(platform.RunFile));

        await platform.StartAsync();
        using var after = platform.Operator();
        (await Standing.ReadAsync(after)).MustBe(standing, "after Ctrl-C");
        using var worker = platform.Client(cookies);
        Assert.Contains("核定污染等级", await worker.GetStringAsync("/api/v1/tasks"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_file_that_leads_to_another_platform_does_not_keep_this_one_from_starting()
    {
        await using var other = await ProcessPlatform.FreshAsync("sqlite");
        await other.StartAsync();
        await using var platform = await ProcessPlatform.FreshAsync("sqlite");
        // What a killed run leaves, after another platform was given its port.
        var left = (await File.ReadAllTextAsync(other.RunFile)).Replace("\"Token\":\"", "\"Token\":\"0", StringComparison.Ordinal);
        await File.WriteAllTextAsync(platform.RunFile, left);
        await platform.StartAsync();
        using var http = platform.Operator();
        Assert.Contains("loadsUnseen", await http.GetStringAsync("/api/v1/status"), StringComparison.Ordinal);
    }

    // A signal that was ignored when a process was born stays ignored in it and in its children (nohup, a job in the background).
    private static bool IgnoresInterrupts =>
        File.Exists("/proc/self/status") && File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
        && (Convert.ToInt64(line["SigIgn:".Length..].Trim(), 16) & 2) != 0;
}
