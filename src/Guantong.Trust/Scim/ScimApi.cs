using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust.Scim;

/// <summary>Provisioning of accounts by another system: SCIM 2.0 (RFC 7643, RFC 7644) below /scim/v2, for clients with the scope <c>scim</c>. Start reading here.</summary>
public static class ScimApi
{
    /// <summary>Where it stands.</summary>
    public const string Path = "/scim/v2";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Registers it.</summary>
    public static IServiceCollection AddScim(this IServiceCollection services) => services.AddSingleton<ScimUsers>().AddSingleton<ScimGroups>();

    /// <summary>Maps it.</summary>
    public static void MapScim(this IEndpointRouteBuilder routes)
    {
        var scim = routes.MapGroup(Path).Needs("provision.accounts").ExcludeFromDescription().AddEndpointFilter(GuardAsync);
        scim.MapGet("/ServiceProviderConfig", (HttpContext http) => Answer(ScimSchemas.Config(At(http) + "/ServiceProviderConfig")));
        scim.MapGet("/ResourceTypes", (HttpContext http) => List(ScimSchemas.Types(At(http) + "/ResourceTypes")));
        scim.MapGet("/ResourceTypes/{id}", (string id, HttpContext http) => One(ScimSchemas.Types(At(http) + "/ResourceTypes"), id));
        scim.MapGet("/Schemas", (HttpContext http) => List(ScimSchemas.All(At(http) + "/Schemas")));
        scim.MapGet("/Schemas/{id}", (string id, HttpContext http) => One(ScimSchemas.All(At(http) + "/Schemas"), id));

        scim.MapGet("/Users", ListUsersAsync);
        scim.MapGet("/Users/{id}", async (string id, ScimUsers users, HttpContext http) => await ShowAsync(http, await FindAsync(users, id, http)));
        scim.MapPost("/Users", async (ScimUsers users, Jurisdiction land, HttpContext http) =>
        {
            var user = await users.AddAsync(http.Caller(), ScimUser.Read(await BodyAsync(http), null, land), http.RequestAborted);
            http.Response.Headers.Location = $"{At(http)}/Users/{Uri.EscapeDataString(user.Person.Login)}";
            return Answer(user.Write(At(http)), 201, user.Tag, http);
        });
        scim.MapPut("/Users/{id}", async (string id, ScimUsers users, Jurisdiction land, HttpContext http) =>
        {
            var former = Unchanged(http, await FindAsync(users, id, http));
            return await ShowAsync(http, await users.ChangeAsync(http.Caller(), ScimUser.Read(await BodyAsync(http), former, land), http.RequestAborted));
        });
        scim.MapPatch("/Users/{id}", async (string id, ScimUsers users, Jurisdiction land, HttpContext http) =>
        {
            var former = Unchanged(http, await FindAsync(users, id, http));
            var changed = ScimUser.Read(ScimPatch.Apply(former.Write(At(http)), await BodyAsync(http)), former, land);
            return await ShowAsync(http, await users.ChangeAsync(http.Caller(), changed, http.RequestAborted));
        });
        scim.MapDelete("/Users/{id}", async (string id, ScimUsers users, HttpContext http) =>
        {
            var former = Unchanged(http, await FindAsync(users, id, http));
            return await users.DeleteAsync(http.Caller(), id, former.Version, http.RequestAborted) ? Results.NoContent() : throw ScimError.NoResource(id);
        });

        scim.MapGet("/Groups", async (ScimGroups groups, HttpContext http) =>
            Page(http, await groups.AllAsync(At(http), !http.Request.Query["excludedAttributes"].ToString().Contains("members", StringComparison.OrdinalIgnoreCase), http.RequestAborted)));
        scim.MapGet("/Groups/{id}", async (string id, ScimGroups groups, HttpContext http) => Group(http, await groups.FindAsync(id, At(http), http.RequestAborted) ?? throw ScimError.NoResource(id)));
        scim.MapPatch("/Groups/{id}", (string id, ScimGroups groups, HttpContext http) => ChangeGroupAsync(id, groups, http, ScimPatch.Apply));
        scim.MapPut("/Groups/{id}", (string id, ScimGroups groups, HttpContext http) => ChangeGroupAsync(id, groups, http, (_, body) => body));
        scim.MapMethods("/Groups", ["POST"], NoNewGroup);
        scim.MapMethods("/Groups/{id}", ["DELETE"], NoNewGroup);
        scim.MapFallback((HttpContext http) => throw new ScimError(http.Request.Path.StartsWithSegments(Path + "/Bulk") || http.Request.Path.StartsWithSegments(Path + "/Me") ? 501 : 404, null, "This is not offered."));
    }

    private static IResult NoNewGroup() => throw new ScimError(403, "mutability", "Which roles and units there are, the jurisdiction's own configuration says.");

    // RFC 7644 §3.12: each refusal is a SCIM error.
    private static async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ScimError error)
        {
            return Answer(error.Body(), error.Status);
        }
    }

    /// <summary>What policy refuses, as SCIM says it.</summary>
    internal static IResult Refusal(int status) =>
        Answer(new ScimError(status, null, status == 401 ? "Send an access token with the scope scim." : "The scope scim is needed.").Body(), status);

    private static async Task<IResult> ListUsersAsync(ScimUsers users, HttpContext http)
    {
        var (from, count) = Span(http);
        var filter = http.Request.Query["filter"].ToString() is { Length: > 0 } text ? ScimFilter.Parse(text) : null;
        if (filter is null)
        {
            var (page, total) = await users.PageAsync(from - 1, count, http.RequestAborted);
            return Listed([.. page.Select(u => Chosen(http, u.Write(At(http))))], total, from);
        }
        var all = filter.OneUserName is { } name ? await users.FindAsync(name, http.RequestAborted) is { } one ? [one] : await users.AllAsync(http.RequestAborted) : await users.AllAsync(http.RequestAborted);
        var fitting = all.Select(u => u.Write(At(http))).Where(filter.Fits).ToList();
        return Listed([.. fitting.Skip(from - 1).Take(count).Select(u => Chosen(http, u))], fitting.Count, from);
    }

    private static async Task<ScimUser> FindAsync(ScimUsers users, string id, HttpContext http) => await users.FindAsync(id, http.RequestAborted) ?? throw ScimError.NoResource(id);

    // RFC 7644 §3.14: a change that names a version is made to that version alone.
    private static ScimUser Unchanged(HttpContext http, ScimUser user) =>
        http.Request.Headers.IfMatch.ToString() is { Length: > 0 } wanted && wanted != "*" && wanted != user.Tag ? throw new ScimError(412, null, "The account was changed meanwhile; read it again.") : user;

    private static Task<IResult> ShowAsync(HttpContext http, ScimUser user) =>
        Task.FromResult(http.Request.Headers.IfNoneMatch.ToString() == user.Tag && HttpMethods.IsGet(http.Request.Method) ? Results.StatusCode(304) : Answer(Chosen(http, user.Write(At(http))), 200, user.Tag, http));

    private static IResult Group(HttpContext http, JsonObject group)
    {
        var tag = group["meta"]!["version"]!.ToString();
        return http.Request.Headers.IfNoneMatch.ToString() == tag && HttpMethods.IsGet(http.Request.Method) ? Results.StatusCode(304) : Answer(Chosen(http, group), 200, tag, http);
    }

    private static async Task<IResult> ChangeGroupAsync(string id, ScimGroups groups, HttpContext http, Func<JsonObject, JsonObject, JsonObject> change)
    {
        var former = await groups.FindAsync(id, At(http), http.RequestAborted) ?? throw ScimError.NoResource(id);
        if (http.Request.Headers.IfMatch.ToString() is { Length: > 0 } wanted && wanted != "*" && wanted != former["meta"]!["version"]!.ToString())
            throw new ScimError(412, null, "The group was changed meanwhile; read it again.");
        await groups.ChangeAsync(http.Caller(), id, former, change(former, await BodyAsync(http)), http.RequestAborted);
        return Group(http, (await groups.FindAsync(id, At(http), http.RequestAborted))!);
    }

    private static IResult Page(HttpContext http, IReadOnlyList<JsonObject> all)
    {
        var (from, count) = Span(http);
        var filter = http.Request.Query["filter"].ToString() is { Length: > 0 } text ? ScimFilter.Parse(text) : null;
        var fitting = filter is null ? all : [.. all.Where(filter.Fits)];
        return Listed([.. fitting.Skip(from - 1).Take(count).Select(r => Chosen(http, r))], fitting.Count, from);
    }

    // RFC 7644 §3.4.2.4: what lies outside is drawn to the nearest that is allowed.
    private static (int From, int Count) Span(HttpContext http)
    {
        int Of(string name, int otherwise) => http.Request.Query[name].ToString() is { Length: > 0 } text
            ? int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw ScimError.Value($"{name} is a number.") : otherwise;
        return (Math.Max(1, Of("startIndex", 1)), Math.Clamp(Of("count", 100), 0, ScimSchemas.LargestPage));
    }

    // RFC 7644 §3.9: schemas and id are always told.
    private static JsonObject Chosen(HttpContext http, JsonObject resource)
    {
        static HashSet<string> Names(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(a => ScimSchemas.Extensions.FirstOrDefault(e => a.StartsWith(e, StringComparison.OrdinalIgnoreCase)) ?? a.Split(':')[^1].Split('.')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (only, without) = (Names(http.Request.Query["attributes"].ToString()), Names(http.Request.Query["excludedAttributes"].ToString()));
        foreach (var key in resource.Select(p => p.Key).Where(k => k is not ("schemas" or "id") && ((only.Count > 0 && !only.Contains(k)) || without.Contains(k))).ToList())
            resource.Remove(key);
        return resource;
    }

    private static IResult List(JsonObject[] all) => Listed(all, all.Length, 1);

    private static IResult Listed(JsonObject[] page, long total, int from) => Answer(new JsonObject
    {
        ["schemas"] = new JsonArray(ScimSchemas.List), ["totalResults"] = total, ["startIndex"] = from, ["itemsPerPage"] = page.Length, ["Resources"] = new JsonArray([.. page]),
    });

    private static IResult One(JsonObject[] all, string id) => Answer(all.FirstOrDefault(r => r["id"]!.ToString() == id) ?? throw ScimError.NoResource(id));

    private static IResult Answer(JsonObject body, int status = 200, string? tag = null, HttpContext? http = null)
    {
        if (tag is not null)
            http!.Response.Headers.ETag = tag;
        return Results.Text(body.ToJsonString(Plain), "application/scim+json", Encoding.UTF8, status);
    }

    private static async Task<JsonObject> BodyAsync(HttpContext http)
    {
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 }, cancellationToken: http.RequestAborted) as JsonObject
                ?? throw new ScimError(400, "invalidSyntax", "The body is a JSON object.");
        }
        catch (JsonException e)
        {
            throw new ScimError(400, "invalidSyntax", FormattableString.Invariant($"The body is no JSON (line {e.LineNumber + 1})."));
        }
    }

    private static string At(HttpContext http) =>
        (http.RequestServices.GetRequiredService<Provider.ProviderSettings>().Issuer?.AbsoluteUri.TrimEnd('/') ?? $"{http.Request.Scheme}://{http.Request.Host}") + Path;
}
