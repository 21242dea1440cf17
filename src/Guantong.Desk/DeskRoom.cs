using Guantong.Desk.Frame;
using Guantong.Trust;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Guantong.Desk;

/// <summary>The officials' front (浙政钉): workbench, cockpit, catalogue, packs, ledger. Start reading here.</summary>
public static class DeskRoom
{
    /// <summary>Registers what the interactive pages need.</summary>
    public static IServiceCollection AddDesk(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddScoped<Activity>().AddScoped<CircuitHandler>(p => p.GetRequiredService<Activity>()).AddScoped<AuthenticationStateProvider, LiveSession>();
        services.AddCascadingAuthenticationState();
        services.AddMudServices(o =>
        {
            o.SnackbarConfiguration.PositionClass = MudBlazor.Defaults.Classes.Position.BottomCenter;
            // A message that fades in cannot be read at first.
            o.SnackbarConfiguration.ShowTransitionDuration = 0;
        });
        return services;
    }

    /// <summary>Maps the pages and the way in and out.</summary>
    public static void MapDesk(this IEndpointRouteBuilder routes)
    {
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode().Add(Declare);
        routes.MapPost("/desk/sign-out", async (HttpContext http, IAntiforgery guard) =>
        {
            await guard.ValidateRequestAsync(http);
            await http.SignOutAsync(Callers.Scheme);
            return Results.LocalRedirect(Callers.SignInPath);
        }).Needs("session.end").ExcludeFromDescription();
        routes.MapGet("/desk/sign-in", (string? returnUrl) => Results.LocalRedirect($"{Callers.SignInPath}?ReturnUrl={Uri.EscapeDataString(returnUrl ?? "/desk")}")).Needs("session.begin").ExcludeFromDescription();
    }

    // Pages declare themselves; beside them Blazor maps the circuit, and two routes that a browser calls when it is signed in no longer.
    private static void Declare(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<ComponentTypeMetadata>().Any())
            return;
        var path = (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText ?? "";
        endpoint.Metadata.Add(new NeedsAttribute(path.StartsWith("/_blazor", StringComparison.Ordinal) && !path.EndsWith("/disconnect", StringComparison.Ordinal) ? "desk.enter" : "public.read"));
    }
}
