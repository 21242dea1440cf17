using System.Diagnostics;

namespace Guantong.Tests;

/// <summary>The stand-alone verifier, run as its user runs it.</summary>
internal static class Verifier
{
    /// <summary>Gives its exit code.</summary>
    public static async Task<int> RunAsync(params IReadOnlyList<string> args)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(Repository.Root, "artifacts/bin/Guantong.Verify/release/guantong-verify.dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
