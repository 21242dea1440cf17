using System.Diagnostics;

namespace Guantong.Tests;

/// <summary>Scripts of Node.js with libraries from npm, which judge from outside what the platform gives.</summary>
internal static class NodeScript
{
    /// <summary>Installs a folder of scripts with their package.json into a fresh one, which goes when the tests end; null where there is no npm or no registry.</summary>
    public static async Task<string?> InstallAsync(string from)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-node-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, true);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        try
        {
            var (code, _) = await RunAsync("npm", folder, ["install", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]);
            return code == 0 ? folder : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Runs a program in a folder; gives its exit code and what it said.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, string folder, string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + await complained);
    }
}
