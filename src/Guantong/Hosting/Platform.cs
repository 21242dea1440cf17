using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Guantong.Data;
using Guantong.Desk;
using Guantong.Gateway;
using Guantong.Insight;
using Guantong.Packs.Checking;
using Guantong.Portal;
using Guantong.Trust;
using Guantong.Trust.Outside;
using Guantong.Trust.Provider;
using Guantong.Trust.Scim;
using Guantong.Work;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Scalar.AspNetCore;

namespace Guantong.Hosting;

/// <summary>The whole platform in one process: composition and nothing else.</summary>
public static class Platform
{
    /// <summary>The rooms' tables, lowest room first.</summary>
    public static readonly IReadOnlyList<Migrations> Migrations = [TrustRoom.Migrations, DataRoom.Migrations, WorkRoom.Migrations, InsightRoom.Migrations, GatewayRoom.Migrations];

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
        // Else a build of a developer's own serves files that its manifest does not list, by a route that nobody declares.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.WebHost.UseStaticWebAssets();
        var provider = ProviderSettings.Read(settings.Data, Environment.GetEnvironmentVariable);
        provider.Listen(builder.WebHost, settings.Url, settings.Exchange is { } exchange ? [new CertificateDoor(exchange, p => p.GetRequiredService<ExchangeIdentity>().Certificate)] : []);
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = TrustRoom.LargestBody;
            k.AddServerHeader = false;
        });
        if (settings.Https)
        {
            var (certificate, chain) = Https.Read(settings, (clock ?? TimeProvider.System).GetUtcNow());
            builder.WebHost.ConfigureKestrel(k => k.ConfigureHttpsDefaults(h => Https.Use(h, certificate, chain)));
        }
        builder.Logging.ClearProviders().AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error).AddFilter("Yarp", LogLevel.Error).AddFilter(typeof(LogCarrier).FullName, LogLevel.Information);

        var land = Jurisdiction.Read(settings.JurisdictionFile);
        var store = await Store.OpenAsync(settings.StoreSetting, Migrations, cancel);
        var services = builder.Services;
        // The store by a function, so that it is closed with the rest.
        services.AddSingleton(settings).AddSingleton(land).AddSingleton(_ => store).AddSingleton(clock ?? TimeProvider.System);
        services.AddSingleton<PortableSql>();
        services.AddSingleton<Func<Surroundings>>(p => () => Around.Of(land, settings.Packs, (pack, questions) => p.GetRequiredService<PortableSql>().Bind(pack, questions) ?? p.GetRequiredService<Warehouse>().Bind(pack, questions)));
        services.AddDataKeys(Suite.Named(settings.Cipher), settings.RootSetting);
        services.AddSingleton(new Demonstration(settings.Demo));
        services.AddTrust(settings.Data, workers).AddProvider(provider).AddOutside(OutsideProvider.Read(Environment.GetEnvironmentVariable("GUANTONG_OUTSIDE"))).AddScim().AddData(settings.WarehouseSetting, settings.Data, workers).AddWork(workers, NoticeSettings.Read(settings.Smtp, provider.Issuer), settings.Scanner, MailboxServer.Read(settings.Imap, land)).AddInsight().AddGateway(settings.Data, workers).AddPortal().AddDesk();
        if (workers)
            services.AddInsightWork();
        services.AddSingleton(new PdfFonts(settings.Font));
        builder.Services.AddSingleton(RoomTexts.Read(settings.Languages));
        var seals = new UnitSeals(settings.Seals, settings.SealsPassword, land, clock ?? TimeProvider.System);
        services.AddSingleton(_ => seals);
        services.AddDataProtectionIn(settings.KeysFolder);
        services.AddProblemDetails().AddResponseCompression(o => o.EnableForHttps = true);
        services.AddOpenApi("v1", OpenApiText.Describe);
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            o.SerializerOptions.RespectNullableAnnotations = true;
            o.SerializerOptions.TypeInfoResolver = Shapes;
        });

        var app = builder.Build();
        // A scanner that cannot be meant is told now, not with the first file.
        _ = app.Services.GetRequiredService<VirusScan>();
        await app.Services.GetRequiredService<DataKeys>().CheckAsync(cancel);
        var accounts = app.Services.GetRequiredService<Accounts>();
        if (settings.Production)
            await ProductionRules.HoldAsync(settings, accounts, cancel);
        if (settings.Demo)
            await accounts.SeedAsync(land.People, cancel);
        await app.Services.GetRequiredService<PackRegistry>().OpenAsync(cancel);
        await app.Services.GetRequiredService<CatalogueBook>().OpenAsync(app.Services.GetRequiredService<PackRegistry>(), cancel);
        if (workers)
            await app.Services.GetRequiredService<ClosedLoop>().CatchUpAsync(cancel);
        MapRoutes(app);
        return app;
    }

    // One for all platforms of a process: options that are alike share what was worked out of each type.
    private static readonly IJsonTypeInfoResolver Shapes = new DefaultJsonTypeInfoResolver().WithAddedModifier(RequireWhatMayNotBeNull);

    // What a record cannot do without, a body has to give: nothing behind an endpoint meets a null that its types deny.
    private static void RequireWhatMayNotBeNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            property.IsRequired = property is { Set: not null, PropertyType.IsValueType: false, AssociatedParameter: { IsNullable: false, HasDefaultValue: false } };
    }

    private static void MapRoutes(WebApplication app)
    {
        app.UseListedProxies(app.Services.GetRequiredService<Settings>().Proxies);
        app.Use(Guards.AddHeadersAsync);
        app.UseResponseCompression();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = FailAsync, SuppressDiagnosticsCallback = c => IsCallersFault(c.Exception) });
        app.Use(next => http => app.Services.GetRequiredService<ExchangeIn>().TakeAsync(http, next));
        // Only now: a peer's message becomes the call that it holds.
        app.UseRouting();
        app.Use(GatewayRoom.ServeAsync);
        app.Use(Guards.RefuseAsync);
        app.UseOutputCache();
        app.UseAuthentication();
        app.Use(next => http => Callers.ReadKeysAsync(http, app.Services.GetRequiredService<Accounts>(), app.Services.GetRequiredService<LocalToken>(), next));
        app.UseAuthorization();
        app.Use(Limits.TakeAsync);
        app.UseAntiforgery();
        app.MapStaticAssets().Needs("public.read");
        app.MapGet("/health", () => "ok").Needs("public.read").ExcludeFromDescription();
        app.MapOpenApi("/api/{documentName}/openapi.json").Needs("public.read");
        app.MapScalarApiReference("/api", o => o.WithTitle("Guantong API").WithOpenApiRoutePattern("/api/{documentName}/openapi.json").DisableDefaultFonts().DisableAgent()).Needs("public.read");

        var api = app.MapGroup("/api/v1");
        api.MapTrust();
        api.MapData();
        api.MapWork();
        api.MapInsight();
        api.MapExchanging();
        api.MapBackups();
        api.MapClients();
        api.MapFallback((HttpContext http) => http.Problem(404, "not-found", http.Request.Path)).Needs("public.read").ExcludeFromDescription();
        app.MapGateway();
        app.MapCkan();
        app.MapProvider();
        app.MapOutside();
        app.MapScim();
        app.MapCredentialKeys();
        app.MapDesk();
        app.MapPortal();
    }

    // What a caller did wrong is told to the caller; a log full of it would hide what the platform did wrong.
    private static bool IsCallersFault(Exception error) => error is BadHttpRequestException or JsonException or AntiforgeryValidationException;

    // A caller never sees a stack trace: the number leads an operator to it in the log.
    private static async Task FailAsync(HttpContext http)
    {
        var error = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        var number = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        var (status, code) = error switch
        {
            BadHttpRequestException { StatusCode: 413 } => (413, "too-large"),
            BadHttpRequestException { StatusCode: 415 } => (415, "not-json"),
            BadHttpRequestException { StatusCode: 408 } => (408, "too-slow"),
            BadHttpRequestException or JsonException => (400, "bad-request"),
            InvalidDataException when http.Request.HasFormContentType => (413, "too-large"),
            AntiforgeryValidationException => (400, "form-expired"),
            _ => (500, "failed"),
        };
        // What a form was posted to answers in a page, what a program called in a problem.
        await (Callers.IsOfPrograms(http.Request.Path) || !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? http.Problem(status, code, number)
            : PortalRoom.Failure(http, status, code, number)).ExecuteAsync(http);
    }
}
