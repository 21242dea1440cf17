using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guantong.Tests;

/// <summary>A clock that a test moves.</summary>
internal sealed class HandClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>The room of trust alone, over HTTP on a free port, with a clock of the test's and a store of its own; a second host over the same store is another node.</summary>
internal sealed class TrustHost : IAsyncDisposable
{
    public const string Password = "kingfisher over the lake";
    private readonly WebApplication _app;
    private readonly string? _folder;

    private TrustHost(WebApplication app, HandClock clock, string? folder, string setting) => (_app, Clock, _folder, Setting) = (app, clock, folder, setting);

    public HandClock Clock { get; }

    public string Setting { get; }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<TrustHost> StartAsync(string store, TrustHost? beside = null)
    {
        var folder = beside is null ? Directory.CreateTempSubdirectory("guantong-trust-").FullName : null;
        var setting = beside?.Setting ?? await FreshStore.MakeAsync(store) ?? Path.Combine(folder!, "operations.db");
        var clock = beside?.Clock ?? new HandClock();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(await Store.OpenAsync(setting, [TrustRoom.Migrations]))
            .AddSingleton(Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions", "zhejiang", "jurisdiction.yaml")));
        builder.Services.AddTrust(folder ?? beside!._folder!).AddDataKeys(Suite.Named("sm4-gcm"), Path.Combine(folder ?? beside!._folder!, "root.key"));
        builder.Services.AddRouting();
        // Nodes share the keys that protect their cookies.
        builder.Services.AddSingleton<IDataProtectionProvider>(beside?.Get<IDataProtectionProvider>() ?? new EphemeralDataProtectionProvider());
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGroup("/api/v1").MapTrust();
        await app.StartAsync();
        return new TrustHost(app, clock, folder, setting);
    }

    /// <summary>Adds a person whose password is <see cref="Password"/>.</summary>
    public async Task<Person> AddAsync(string login, params string[] roles)
    {
        var person = new Person(login, "测试·" + login, "Test " + login, roles.Contains("citizen") ? "citizen" : "official", null, "330000", roles);
        Assert.True(await Get<Accounts>().AddAsync(Policy.Operator, person, Password));
        return person;
    }

    public HttpClient Browser() => new(new HttpClientHandler { UseCookies = true }) { BaseAddress = new Uri(_app.Urls.First()) };

    public static Task<HttpResponseMessage> TryAsync(HttpClient http, string login, string password, string? code = null) =>
        http.PostAsJsonAsync("/api/v1/session", new { login, password, code });

    public async Task<HttpClient> SignInAsync(string login)
    {
        var http = Browser();
        (await TryAsync(http, login, Password)).EnsureSuccessStatusCode();
        return http;
    }

    public static async Task<string> CodeOf(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await Get<Store>().DisposeAsync();
        await _app.DisposeAsync();
        if (_folder is not null)
            Directory.Delete(_folder, true);
    }
}
