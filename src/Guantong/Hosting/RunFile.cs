using System.Text.Json;

namespace Guantong.Hosting;

/// <summary>How the command line reaches a running platform: where it listens, and the secret of this run.</summary>
public sealed record RunFile(string Url, string Token, int Pid)
{
    /// <summary>Writes it for this user's eyes only.</summary>
    public void Write(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        JsonSerializer.Serialize(stream, this);
    }

    /// <summary>The running platform's, or null when none answers (a killed one leaves its file behind).</summary>
    public static async Task<RunFile?> FindAsync(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            var run = JsonSerializer.Deserialize<RunFile>(await File.ReadAllTextAsync(file));
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            return run is not null && await http.GetStringAsync(new Uri(new Uri(run.Url), "/health")) == "ok" ? run : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException or IOException)
        {
            return null;
        }
    }
}
