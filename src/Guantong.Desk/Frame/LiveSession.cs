using System.Security.Claims;
using Guantong.Trust;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Logging;

namespace Guantong.Desk.Frame;

/// <summary>Whether anything came from the browser over an open page since it was last asked: work at the Desk needs no new page for hours.</summary>
internal sealed class Activity : CircuitHandler
{
    private int _used;

    /// <summary>Tells, and forgets.</summary>
    public bool Take() => Interlocked.Exchange(ref _used, 0) == 1;

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => context =>
    {
        Volatile.Write(ref _used, 1);
        return next(context);
    };
}

/// <summary>Closes an open page once its session is over: at once where it was ended on this node, within half a minute else.</summary>
internal sealed class LiveSession : RevalidatingServerAuthenticationStateProvider
{
    private readonly Sessions _sessions;
    private readonly Activity _activity;

    public LiveSession(ILoggerFactory logs, Sessions sessions, Activity activity) : base(logs)
    {
        (_sessions, _activity) = (sessions, activity);
        _sessions.Ended += OnEnded;
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        authenticationState.User.SessionId() is { } id && await _sessions.StandsAsync(id, _activity.Take(), cancellationToken);

    private void OnEnded(string login) => _ = LookAsync(login);

    private async Task LookAsync(string login)
    {
        var user = (await GetAuthenticationStateAsync()).User;
        if (Callers.Of(user)?.Login == login && user.SessionId() is { } id && !await _sessions.StandsAsync(id, isUsed: false))
            SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
    }

    protected override void Dispose(bool disposing)
    {
        _sessions.Ended -= OnEnded;
        base.Dispose(disposing);
    }
}
