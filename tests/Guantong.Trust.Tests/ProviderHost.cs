using System.Net;
using System.Net.Sockets;
using Guantong.Trust;
using Guantong.Trust.Outside;
using Guantong.Trust.Provider;
using Guantong.Trust.Scim;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guantong.Tests;

/// <summary>The room alone behind a real server: provider and API. The page of the sign-in stands in a room above; here people sign in by the API.</summary>
internal sealed class ProviderHost : IAsyncDisposable
{
    private ProviderHost(WebApplication app, Store store, string url, string data) => (App, Store, Url, Data) = (app, store, url, data);

    public WebApplication App { get; }

    public string Url { get; }

    public string Data { get; }

    public Store Store { get; }

    /// <summary>Starts one.</summary>
    /// <param name="kind">sqlite or postgres.</param>
    /// <param name="outside">Where else people may prove who they are.</param>
    /// <param name="settings">The provider's settings by data folder and own address; plain ones unless given.</param>
    public static async Task<ProviderHost> StartAsync(string kind, Func<string, string, ProviderSettings>? settings = null, TimeProvider? clock = null, IReadOnlyList<OutsideProvider>? outside = null)
    {
        var setting = await FreshStore.MakeAsync(kind);
        var data = Directory.CreateTempSubdirectory("guantong-trust-").FullName;
        var url = $"http://127.0.0.1:{FreePort()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseKestrelHttpsConfiguration();
        var provider = settings?.Invoke(data, url) ?? new ProviderSettings(data);
        provider.Listen(builder.WebHost, url);
        var land = Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions", "zhejiang", "jurisdiction.yaml"));
        builder.Services.AddSingleton(land).AddSingleton(clock ?? TimeProvider.System).AddSingleton(await Store.OpenAsync(setting ?? Path.Combine(data, "operations.db"), [TrustRoom.Migrations]));
        builder.Services.AddSingleton(new Demonstration(true)).AddTrust(data).AddDataKeys(Suite.Named("sm4-gcm"), Path.Combine(data, "root.key")).AddProvider(provider).AddOutside(outside ?? []).AddScim();
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        var app = builder.Build();
        await app.Services.GetRequiredService<Accounts>().SeedAsync(land.People);
        app.UseAuthentication();
        app.Use(next => http => Callers.ReadKeysAsync(http, app.Services.GetRequiredService<Accounts>(), app.Services.GetRequiredService<LocalToken>(), next));
        app.UseAuthorization();
        var api = app.MapGroup("/api/v1");
        api.MapTrust();
        api.MapClients();
        app.MapProvider();
        app.MapOutside();
        app.MapScim();
        await app.StartAsync();
        return new ProviderHost(app, app.Services.GetRequiredService<Store>(), url, data);
    }

    /// <summary>A client of the API that speaks for the operator.</summary>
    public HttpClient Operator() => new() { BaseAddress = new Uri(Url), DefaultRequestHeaders = { { "Authorization", "Bearer " + App.Services.GetRequiredService<LocalToken>().Value } } };

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(Data, true);
    }
}
