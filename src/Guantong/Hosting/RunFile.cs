using System.Net.Http.Headers;
using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Hosting;

/// <summary>How the command line reaches a running platform: where it listens, and the secret of this run.</summary>
/// <param name="Certificate">SHA-256 of its certificate where it speaks TLS: the command line believes no other.</param>
public sealed record RunFile(string Url, string Token, int Pid, string? Certificate = null)
{
    /// <summary>A client of the running platform that bears its token.</summary>
    public HttpClient Client()
    {
        var handler = new HttpClientHandler();
        if (Certificate is not null)
            handler.ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256) == Certificate;
        var http = new HttpClient(handler) { BaseAddress = new Uri(Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return http;
    }

    /// <summary>Writes it for this user's eyes only. It stands whole or not at all: somebody may read it at this moment.</summary>
    public void Write(string file)
    {
        var fresh = file + ".new";
        using (var stream = new FileStream(fresh, OwnFile.Options(FileMode.Create)))
            JsonSerializer.Serialize(stream, this);
        File.Move(fresh, file, overwrite: true);
    }

    /// <summary>The running platform's, or null when none answers to its token: a killed one leaves its file behind, and another may have its port by now.</summary>
    public static async Task<RunFile?> FindAsync(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            var run = JsonSerializer.Deserialize<RunFile>(await File.ReadAllTextAsync(file));
            if (run is null)
                return null;
            using var http = run.Client();
            http.Timeout = TimeSpan.FromSeconds(5);
            using var answer = await http.GetAsync(new Uri(new Uri(run.Url), "/api/v1/session"));
            return answer.IsSuccessStatusCode ? run : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException or IOException)
        {
            return null;
        }
    }
}
