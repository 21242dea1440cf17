using Guantong.Desk.Frame;
using Guantong.Trust;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Guantong.Desk;

/// <summary>The officials' front (浙政钉): workbench, cockpit, catalogue, packs, ledger. Start reading here.</summary>
public static class DeskRoom
{
    /// <summary>Who may enter.</summary>
    public const string Officials = "designer,steward,case-worker,leader,auditor,operator";

    /// <summary>Registers what the interactive pages need.</summary>
    public static IServiceCollection AddDesk(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
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
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        routes.MapPost("/desk/sign-out", async (HttpContext http, IAntiforgery guard) =>
        {
            await guard.ValidateRequestAsync(http);
            await http.SignOutAsync(Callers.Scheme);
            return Results.LocalRedirect(Callers.SignInPath);
        }).ExcludeFromDescription();
    }
}
