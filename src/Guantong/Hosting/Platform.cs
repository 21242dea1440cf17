using System.Diagnostics;
using System.Text.Json;
using Guantong.Data;
using Guantong.Desk;
using Guantong.Insight;
using Guantong.Packs.Checking;
using Guantong.Portal;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Diagnostics;
using Scalar.AspNetCore;

namespace Guantong.Hosting;

/// <summary>The whole platform in one process: composition and nothing else.</summary>
public static class Platform
{
    /// <summary>The rooms' tables, lowest room first.</summary>
    public static readonly IReadOnlyList<Migrations> Migrations = [TrustRoom.Migrations, DataRoom.Migrations, WorkRoom.Migrations, InsightRoom.Migrations];

    /// <summary>Builds the platform: stores open, packs in force read, routes mapped. It does not listen yet.</summary>
    /// <param name="clock">What tells the time; the machine unless told.</param>
    /// <exception cref="ConfigurationException">The jurisdiction or a setting cannot be used.</exception>
    public static async Task<WebApplication> BuildAsync(Settings settings, bool workers, TimeProvider? clock = null, CancellationToken cancel = default)
    {
        Directory.CreateDirectory(settings.Data);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(Platform).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(settings.Url);
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = 256 << 20);
        if (settings.Https)
        {
            var (certificate, chain) = Https.Read(settings, (clock ?? TimeProvider.System).GetUtcNow());
            builder.WebHost.ConfigureKestrel(k => k.ConfigureHttpsDefaults(h => Https.Use(h, certificate, chain)));
            builder.Services.AddHsts(o => (o.MaxAge, o.IncludeSubDomains) = (TimeSpan.FromDays(365), true));
        }
        builder.Logging.ClearProviders().AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        var land = Jurisdiction.Read(settings.JurisdictionFile);
        var store = await Store.OpenAsync(settings.StoreSetting, Migrations, cancel);
        var services = builder.Services;
        services.AddSingleton(settings).AddSingleton(land).AddSingleton(store).AddSingleton(clock ?? TimeProvider.System);
        services.AddSingleton<PortableSql>();
        services.AddSingleton<Func<Surroundings>>(p => () => Around.Of(land, settings.Packs, p.GetRequiredService<PortableSql>()));
        services.AddDataKeys(Suite.Named(settings.Cipher), settings.RootSetting);
        services.AddTrust().AddData(settings.WarehouseFile).AddWork(workers).AddInsight().AddPortal().AddDesk();
        services.AddDataProtectionIn(settings.Data);
        services.AddProblemDetails().AddResponseCompression(o => o.EnableForHttps = true);
        services.AddOpenApi("v1", OpenApiText.Describe);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

        var app = builder.Build();
        await app.Services.GetRequiredService<DataKeys>().CheckAsync(cancel);
        await app.Services.GetRequiredService<Accounts>().SeedAsync(land.People, cancel);
        await app.Services.GetRequiredService<PackRegistry>().OpenAsync(cancel);
        if (workers)
            await app.Services.GetRequiredService<ClosedLoop>().CatchUpAsync(cancel);
        if (settings.Https)
            app.UseHsts();
        MapRoutes(app);
        return app;
    }

    private static void MapRoutes(WebApplication app)
    {
        app.UseResponseCompression();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = FailAsync });
        app.Use(AddHeadersAsync);
        app.UseAuthentication();
        app.Use(next => http => Callers.ReadKeysAsync(http, app.Services.GetRequiredService<Accounts>(), app.Services.GetRequiredService<LocalToken>(), next));
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapGet("/health", () => "ok").AllowAnonymous().ExcludeFromDescription();
        app.MapOpenApi("/api/{documentName}/openapi.json").AllowAnonymous();
        app.MapScalarApiReference("/api", o => o.WithTitle("Guantong API").WithOpenApiRoutePattern("/api/{documentName}/openapi.json").DisableDefaultFonts().DisableAgent()).AllowAnonymous();

        var api = app.MapGroup("/api/v1").RequireAuthorization();
        api.MapTrust();
        api.MapData();
        api.MapWork();
        api.MapInsight();
        api.MapBackups();
        api.MapFallback((HttpContext http) => http.Problem(404, "not-found", http.Request.Path)).AllowAnonymous().ExcludeFromDescription();
        app.MapDesk();
        app.MapPortal();
    }

    private static Task AddHeadersAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.XFrameOptions = "SAMEORIGIN";
        return next(http);
    }

    // A caller never sees a stack trace: the number leads an operator to it in the log.
    private static async Task FailAsync(HttpContext http)
    {
        if (http.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException or JsonException)
        {
            http.Response.StatusCode = 400;
            await http.Problem(400, "bad-json").ExecuteAsync(http);
            return;
        }
        await http.Problem(500, "failed", Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier).ExecuteAsync(http);
    }
}
