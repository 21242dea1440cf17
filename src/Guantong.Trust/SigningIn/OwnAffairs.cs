using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Guantong.Trust;

/// <summary>What is a person's own.</summary>
public static class OwnAffairs
{
    /// <summary>Lets nobody in but a person by their session, and has nothing kept on the way: a key or a program's token has no affairs of its own.</summary>
    public static T OnlyForPeople<T>(this T endpoints) where T : IEndpointConventionBuilder => endpoints.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        return http.SessionId() is null ? http.Problem(401, "no-session") : await next(context);
    });
}
