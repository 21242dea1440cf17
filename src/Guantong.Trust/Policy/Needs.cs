using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust;

/// <summary>Names the act that an endpoint or a page lets somebody do. Where several stand, all must be allowed.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class NeedsAttribute : AuthorizeAttribute
{
    /// <summary>Names it.</summary>
    /// <exception cref="InvalidOperationException">policy.yaml declares no such act.</exception>
    public NeedsAttribute(string act) : base(Gate.Prefix + act) =>
        Act = Trust.Policy.Book.Find(act) is null ? throw new InvalidOperationException($"policy.yaml declares no act {act}.") : act;

    /// <summary>The act's id.</summary>
    public string Act { get; }
}

/// <summary>Declares acts on endpoints.</summary>
public static class Needing
{
    /// <summary>Whoever calls these endpoints must be allowed an act.</summary>
    public static T Needs<T>(this T endpoints, string act) where T : IEndpointConventionBuilder => endpoints.RequireAuthorization(new NeedsAttribute(act));

    /// <summary>The acts that an endpoint needs; none where it is not declared, and refused.</summary>
    public static IReadOnlyList<string> Acts(this Endpoint endpoint) => [.. endpoint.Metadata.OfType<NeedsAttribute>().Select(n => n.Act).Distinct()];

    /// <summary>The first act of the endpoint that the caller may not do, in words.</summary>
    internal static string Why(HttpContext http) => string.Join("\n", Policy.Explain(Denied(http) ?? default, Lang.Of(http)));

    /// <summary>The first act of the endpoint that the caller may not do; null where it has none, or they may.</summary>
    internal static Verdict? Denied(HttpContext http)
    {
        var asking = new Asking(Callers.Of(http.User), "", At: http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        var land = http.RequestServices.GetRequiredService<Jurisdiction>();
        return (http.GetEndpoint()?.Acts() ?? []).Select(act => (Verdict?)Policy.Decide(asking with { Act = act }, land)).FirstOrDefault(d => !d!.Value.IsAllowed);
    }
}

/// <summary>The policy as ASP.NET Core's authorization asks it: an endpoint without an act is shut to everybody.</summary>
internal sealed class Gate : IAuthorizationPolicyProvider
{
    public const string Prefix = "act:";

    private readonly ConcurrentDictionary<string, AuthorizationPolicy> _known = new();

    // Where no route of ours was found (404, 405) there is nothing to guard.
    private static readonly AuthorizationPolicy Shut = new AuthorizationPolicyBuilder()
        .RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build();

    public bool AllowsCachingPolicies => true;

    public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) => Task.FromResult<AuthorizationPolicy?>(
        policyName.StartsWith(Prefix, StringComparison.Ordinal) ? _known.GetOrAdd(policyName, name => new AuthorizationPolicy([new ActRequirement(name[Prefix.Length..])], [])) : null);

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => Task.FromResult(Shut);

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => Task.FromResult<AuthorizationPolicy?>(Shut);
}

internal sealed record ActRequirement(string Act) : IAuthorizationRequirement;

internal sealed class GateKeeper(Jurisdiction land, TimeProvider clock) : AuthorizationHandler<ActRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ActRequirement requirement)
    {
        if (Policy.Decide(new Asking(Callers.Of(context.User), requirement.Act, At: clock.GetUtcNow()), land).IsAllowed)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
