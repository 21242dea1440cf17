using System.Diagnostics;

namespace Guantong.Tests;

/// <summary>The stand-alone verifier, in a process of its own.</summary>
internal static class Verifier
{
    public static async Task<(int Code, string Said)> RunAsync(string folder, string line)
    {
        var exe = Path.Combine(Repository.Root, "artifacts", "bin", "Guantong.Verify", "release", "guantong-verify.dll");
        var start = new ProcessStartInfo("dotnet", [exe, .. line.Split(' ')]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}
