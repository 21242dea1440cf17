using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Guantong.Portal.Parts;

/// <summary>Pages that are asked for again and again are made once, until anything changes: what this process changes is seen at once, what another does within a second.</summary>
/// <remarks>Only for pages that write nothing when they are read. A page of one's own is kept by all that its browser sends to say whose it is, and given to no other.</remarks>
internal sealed class KeptPages(bool isOwn) : IOutputCachePolicy
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>For what everybody sees alike: whoever sends more than a language and a mode gets a page made for them.</summary>
    public static readonly KeptPages Public = new(isOwn: false);

    /// <summary>For what one person sees.</summary>
    public static readonly KeptPages Own = new(isOwn: true);

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext.Request;
        var may = HttpMethods.IsGet(request.Method) && request.Headers.Authorization.Count == 0 && !request.Headers.ContainsKey("X-API-Key") && request.QueryString.Value is not { Length: > 300 }
            && (isOwn ? request.Headers.Cookie.ToString() is { Length: > 0 and < 4000 } : request.Cookies.Keys.All(k => k is Lang.Cookie or Visit.ModeCookie));
        (context.EnableOutputCaching, context.AllowCacheLookup, context.AllowCacheStorage, context.AllowLocking) = (true, may, may, may);
        if (!may)
            return ValueTask.CompletedTask;
        var rules = context.CacheVaryByRules;
        rules.QueryKeys = "*";
        // Lights and terms go by the platform's clock.
        var services = context.HttpContext.RequestServices;
        rules.VaryByValues["version"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{services.GetRequiredService<Store>().Changes} {services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeSeconds()}");
        rules.VaryByValues["who"] = isOwn ? request.Headers.Cookie.ToString() : $"{Lang.Of(context.HttpContext)} {request.Cookies[Visit.ModeCookie]}";
        context.ResponseExpirationTimeSpan = Longest;
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    // What sets a cookie is for one browser alone.
    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        if (response.StatusCode != StatusCodes.Status200OK || !StringValues.IsNullOrEmpty(response.Headers.SetCookie))
            context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }
}

internal static class KeptPagesExtensions
{
    /// <summary>Keeps a page that everybody sees alike.</summary>
    public static RouteHandlerBuilder Kept(this RouteHandlerBuilder page) => page.CacheOutput(KeptPages.Public);

    /// <summary>Keeps a page for the person whose it is.</summary>
    public static RouteHandlerBuilder KeptForOne(this RouteHandlerBuilder page) => page.CacheOutput(KeptPages.Own);
}
