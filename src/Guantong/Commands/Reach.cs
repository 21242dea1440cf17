using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Hosting;
using Guantong.Trust;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Guantong.Commands;

/// <summary>Reaches the platform from the command line: the running one, or else one brought up for the length of the command.</summary>
internal sealed class Reach : IAsyncDisposable
{
    private readonly WebApplication? _own;

    private Reach(HttpClient http, WebApplication? own) => (Http, _own) = (http, own);

    public HttpClient Http { get; }

    public static async Task<int> RunAsync(ParseResult parsed, Func<Reach, Task<int>> work, CancellationToken cancel)
    {
        try
        {
            await using var reach = await OpenAsync(parsed, cancel);
            return await work(reach);
        }
        catch (ApiException e)
        {
            Console.Error.WriteLine(parsed.Say("error.api", e.Title, e.Message));
            return 1;
        }
        catch (Exception e) when (Explain(parsed, e) is { } sentence)
        {
            Console.Error.WriteLine(sentence);
            return 2;
        }
    }

    /// <summary>What to tell an operator of a fault that starting can meet, or null when it is none of those.</summary>
    public static string? Explain(ParseResult parsed, Exception e) => e switch
    {
        ConfigurationException => parsed.Say("error.config", e.Message),
        Data.LoadRefusedException refused => refused.Say(parsed.Lang()),
        Data.PackFolderException f => parsed.Say("error.folder", f.Code, f.File),
        DuckDB.NET.Data.DuckDBException when e.Message.Contains("lock", StringComparison.OrdinalIgnoreCase) => parsed.Say("error.locked", e.Message),
        Npgsql.NpgsqlException or System.Net.Sockets.SocketException or Microsoft.Data.Sqlite.SqliteException or UriFormatException => parsed.Say("error.store", parsed.Settings().StoreSetting.Split('@')[^1], e.Message),
        IOException => parsed.Say("error.folder", "io", e.Message),
        _ => null,
    };

    private static async Task<Reach> OpenAsync(ParseResult parsed, CancellationToken cancel)
    {
        var settings = parsed.Settings();
        if (await RunFile.FindAsync(settings.RunFile) is { } run)
            return new Reach(Client(run, parsed.Lang()), null);
        var app = await Platform.BuildAsync(settings, workers: true, cancel: cancel);
        await app.StartAsync(cancel);
        var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Reach(Client(new RunFile(url, app.Services.GetRequiredService<LocalToken>().Value, Environment.ProcessId), parsed.Lang()), app);
    }

    private static HttpClient Client(RunFile run, string lang)
    {
        var http = run.Client();
        (http.BaseAddress, http.Timeout) = (new Uri(new Uri(run.Url), "/api/v1/"), Timeout.InfiniteTimeSpan);
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(lang);
        return http;
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancel) => await ReadAsync(await Http.GetAsync(path, cancel), cancel);

    public async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancel) => await ReadAsync(await Http.PostAsJsonAsync(path, body, cancel), cancel);

    /// <summary>Calls what answers without a body.</summary>
    public async Task DoAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await Http.SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode)
            await ReadAsync(answer, cancel);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var json = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
        return response.IsSuccessStatusCode ? json
            : throw new ApiException(json.TryGetProperty("title", out var t) ? t.GetString()! : response.StatusCode.ToString(), Detail(json));
    }

    // Where fields are wrong, each says what is.
    private static string Detail(JsonElement problem) =>
        problem.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object
            ? string.Join(' ', errors.EnumerateObject().SelectMany(f => f.Value.EnumerateArray().Select(e => $"{f.Name}: {e.GetString()}")))
            : problem.TryGetProperty("detail", out var detail) ? detail.GetString()! : "";

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_own is not null)
        {
            await _own.StopAsync();
            await _own.DisposeAsync();
        }
    }
}

/// <summary>The API answered with a problem.</summary>
internal sealed class ApiException(string title, string detail) : Exception(detail)
{
    public string Title { get; } = title;
}
