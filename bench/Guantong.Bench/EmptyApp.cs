using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Bench;

/// <summary>The least that ASP.NET Core can serve: what any platform on it starts from.</summary>
internal static class EmptyApp
{
    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        app.MapGet("/", () => "hello");
        await app.RunAsync();
        return 0;
    }
}
