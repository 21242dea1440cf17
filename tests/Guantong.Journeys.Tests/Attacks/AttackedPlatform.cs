using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>One platform that a class of attacks shares: none of them may change how it stands.</summary>
public sealed class AttackedPlatform : IAsyncLifetime
{
    internal RunningPlatform Platform { get; private set; } = null!;

    /// <summary>The description of the API, once it has been read.</summary>
    internal System.Text.Json.Nodes.JsonNode? Described { get; set; }

    public async ValueTask InitializeAsync() => Platform = await RunningPlatform.StartAsync("sqlite");

    /// <summary>A client that may do all that the machine's own operator may.</summary>
    internal HttpClient Operator()
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Platform.Address) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Platform.Services.GetRequiredService<LocalToken>().Value);
        return http;
    }

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}
