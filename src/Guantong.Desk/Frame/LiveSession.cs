using System.Security.Claims;
using Guantong.Trust;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Hosting;
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

/// <summary>Closes an open page once its session is over or its person's roles are others: at once where that was done on this node and at the end of a role for a time, within half a minute else.</summary>
internal sealed class LiveSession : RevalidatingServerAuthenticationStateProvider
{
    private readonly Sessions _sessions;
    private readonly Activity _activity;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _isStopping;
    private readonly CancellationTokenRegistration _stopping;
    private ITimer? _end;

    public LiveSession(ILoggerFactory logs, Sessions sessions, Activity activity, TimeProvider clock, IHostApplicationLifetime lifetime) : base(logs)
    {
        (_sessions, _activity, _clock, _isStopping) = (sessions, activity, clock, lifetime.ApplicationStopping);
        // Pages outlive the server's stop for a while; nothing more is asked of stores that close.
        _stopping = lifetime.ApplicationStopping.Register(() => Dispose(true));
        _sessions.Ended += OnEnded;
        AuthenticationStateChanged += Watch;
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    /// <summary>Marks a page that was opened with roles that its person has no more.</summary>
    public static readonly Claim RolesChanged = new("over", "roles");

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        // A page that came while the server stopped begins to be watched all the same.
        if (_isStopping.IsCancellationRequested || authenticationState.User.SessionId() is not { } id || !await _sessions.StandsAsync(id, _activity.Take(), cancellationToken))
            return false;
        await LookAsync(null);
        return true;
    }

    private void OnEnded(string login) => _ = LookAsync(login);

    private async Task LookAsync(string? login)
    {
        var user = (await GetAuthenticationStateAsync()).User;
        if (Callers.Of(user) is not { } person || (login is not null && person.Login != login) || user.SessionId() is not { } id)
            return;
        if (!await _sessions.StandsAsync(id, isUsed: false))
            Close([]);
        else if (!await _sessions.RolesStandAsync(id, person))
            Close([RolesChanged]);
    }

    private void Close(IEnumerable<Claim> why) => SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity(why)))));

    private void Watch(Task<AuthenticationState> state) => _ = WatchAsync(state);

    private async Task WatchAsync(Task<AuthenticationState> state)
    {
        if (Callers.Of((await state).User) is not { Elevated: [_, ..] held })
            return;
        var left = held.Min(e => Time.Read(e.Until)) - _clock.GetUtcNow();
        _end?.Dispose();
        _end = _clock.CreateTimer(_ => OnOver(), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void OnOver() => _ = LookAsync(null);

    protected override void Dispose(bool disposing)
    {
        _sessions.Ended -= OnEnded;
        AuthenticationStateChanged -= Watch;
        _end?.Dispose();
        _stopping.Unregister();
        base.Dispose(disposing);
    }
}
