using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Data;

/// <summary>CKAN's action API over what is open to everybody, so that programs made for CKAN find and read it unchanged. Whoever asks, only what anyone may see is answered.</summary>
/// <remarks>CKAN 2.11 API guide: <c>/api/3/action/NAME</c>, the envelope help, success, result or error, and the status of each kind of error.</remarks>
public static class CkanApi
{
    /// <summary>The version of CKAN whose answers these are.</summary>
    public const string Version = "2.11.0";

    // Answers have to pass through programs that read ASCII badly; what a text holds is left as it is.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static IServiceCollection AddCkan(this IServiceCollection services) =>
        services.AddSingleton<ConfinedSql>().AddSingleton<ConfinedRuns>().AddSingleton<QueryRuns>().AddSingleton<CkanShelf>().AddSingleton<CkanDatastore>().AddSingleton<CkanActions>();

    /// <summary>Maps it, beside /api/v1.</summary>
    public static void MapCkan(this IEndpointRouteBuilder routes)
    {
        foreach (var below in (string[])["/api/3/action", "/api/action"])
        {
            var api = routes.MapGroup(below).WithTags("CKAN").Needs("catalogue.read").Needs("dataset.read").WithMetadata(new RequestSizeLimitAttribute(1 << 20));
            api.MapGet("/{action}", AnswerAsync).WithSummary("An action of CKAN's API that reads, with its parameters in the query");
            api.MapPost("/{action}", AnswerAsync).WithSummary("The same with its parameters as JSON or as a form").DisableAntiforgery();
            api.MapMethods("/{action}", [HttpMethods.Options], Preflight).ExcludeFromDescription();
        }
        routes.MapGet("/api/3", (HttpContext http) => Said(http, 200, new JsonObject { ["version"] = 3 })).Needs("public.read").WithTags("CKAN").WithSummary("The version of CKAN's API");
    }

    private static IResult Preflight(HttpContext http)
    {
        Open(http);
        http.Response.Headers.AccessControlAllowMethods = "GET, OPTIONS";
        http.Response.Headers.AccessControlAllowHeaders = "Content-Type, Authorization, X-CKAN-API-KEY";
        return Results.NoContent();
    }

    private static async Task<IResult> AnswerAsync(string action, CkanActions actions, HttpContext http)
    {
        if (!CkanActions.IsKnown(action))
            return Said(http, 400, JsonValue.Create($"Bad request - Action name not known: {action}"));
        var answer = new JsonObject { ["help"] = $"{http.Site()}/api/3/action/help_show?name={Uri.EscapeDataString(action)}" };
        try
        {
            var result = await actions.AnswerAsync(action, await CkanCall.ReadAsync(http.Request, http.RequestAborted), http);
            (answer["success"], answer["result"]) = (true, result);
            return Said(http, 200, answer);
        }
        catch (FormatException wrong)
        {
            return Said(http, 400, JsonValue.Create($"Bad request - {wrong.Message}"));
        }
        catch (CkanException refused)
        {
            (answer["success"], answer["error"]) = (false, refused.Error);
            return Said(http, refused.Status, answer);
        }
    }

    // What is open may be read by pages of any site; their browsers send nobody's sign-in along.
    private static void Open(HttpContext http) => http.Response.Headers.AccessControlAllowOrigin = "*";

    private static IResult Said(HttpContext http, int status, JsonNode answer)
    {
        if (HttpMethods.IsGet(http.Request.Method))
            Open(http);
        return Results.Text(answer.ToJsonString(Plain), "application/json;charset=utf-8", statusCode: status);
    }
}
