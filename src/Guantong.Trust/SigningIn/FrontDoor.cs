using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Guantong.Trust;

/// <summary>How far a sign-in came: in, refused, to wait, or a code wanted.</summary>
/// <param name="Wait">How long until it may be tried again.</param>
public sealed record Entry(Person? Person, string? Refusal = null, TimeSpan Wait = default)
{
    /// <summary>Whether the password was right and a code is wanted beside it.</summary>
    public bool WantsCode => Refusal == "second-factor-needed";
}

/// <summary>The way in by password and code: counts attempts, asks for the second factor, begins the session and remembers the browser.</summary>
public sealed class FrontDoor(Accounts accounts, SecondFactors second, Sessions sessions, Attempts attempts, Refusals refusals, IDataProtectionProvider protection, TimeProvider clock)
{
    private const string DeviceCookie = "guantong-device", PendingCookie = "guantong-pending";
    private static readonly TimeSpan Pending = TimeSpan.FromMinutes(5), Remembered = TimeSpan.FromDays(180);
    private readonly ITimeLimitedDataProtector _devices = protection.CreateProtector("known-device").ToTimeLimitedDataProtector();
    private readonly ITimeLimitedDataProtector _pending = protection.CreateProtector("pending-sign-in").ToTimeLimitedDataProtector();

    private sealed record Known(string Id, string Login);

    private sealed record Half(string Login, string Id, DateTimeOffset Until);

    /// <summary>Signs in by login and password, and a code where one is given.</summary>
    /// <param name="code">A code of the second factor, or null: then <see cref="SecondAsync"/> may follow within five minutes on the same browser.</param>
    public async Task<Entry> EnterAsync(HttpContext http, string login, string password, string? code = null)
    {
        var tally = Attempts.For(login, Address(http), DeviceOf(http, login));
        if (attempts.Begin(tally) is { Ticks: > 0 } wait)
            return new Entry(null, "sign-in-shut", wait);
        if (await accounts.CheckAsync(login, password, http.RequestAborted) is not { } person)
            return Refused("wrong-password", tally, await accounts.FindAsync(login, http.RequestAborted));
        attempts.Succeeded(tally);
        return await VouchedAsync(http, person, code);
    }

    /// <summary>Goes on with a person who proved the first factor, here or at an outside provider that they linked: asks for the second where one is set up.</summary>
    public async Task<Entry> VouchedAsync(HttpContext http, Person person, string? code = null)
    {
        if (!await second.WantedAsync(person.Login, http.RequestAborted))
            return await InAsync(http, person, Strength.Password);
        if (code is { Length: > 0 })
            return await TakeCodeAsync(http, person, code);
        var half = new Half(person.Login, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), clock.GetUtcNow() + Pending);
        http.Response.Cookies.Append(PendingCookie, _pending.Protect(JsonSerializer.Serialize(half), half.Until), Cookie(http, Pending));
        return new Entry(null, "second-factor-needed");
    }

    /// <summary>Goes on with the code after <see cref="EnterAsync"/> asked for one.</summary>
    public async Task<Entry> SecondAsync(HttpContext http, string code)
    {
        if (Read<Half>(_pending, http.Request.Cookies[PendingCookie]) is not { } half || half.Until < clock.GetUtcNow() || await accounts.FindAsync(half.Login, http.RequestAborted) is not { } person)
            return new Entry(null, "sign-in-lapsed");
        var entry = await TakeCodeAsync(http, person, code);
        if (entry.Person is not null)
            http.Response.Cookies.Delete(PendingCookie, Cookie(http, TimeSpan.Zero));
        return entry;
    }

    /// <summary>Has the person who is signed in prove again who they are; the session gets a new token.</summary>
    public async Task<Entry> AgainAsync(HttpContext http, string password, string? code)
    {
        var me = http.Caller();
        var tally = Attempts.For(me.Login, Address(http), http.SessionId());
        if (attempts.Begin(tally) is { Ticks: > 0 } wait)
            return new Entry(null, "sign-in-shut", wait);
        if (await accounts.CheckAsync(me.Login, password, http.RequestAborted) is null)
            return Refused("wrong-password", tally, me);
        var wanted = await second.WantedAsync(me.Login, http.RequestAborted);
        if (wanted && !await second.UseAsync(me.Login, code ?? "", http.RequestAborted))
            return Refused("wrong-code", tally, me);
        attempts.Succeeded(tally);
        return await ProvedAsync(http, me, wanted ? Strength.TwoFactors : Strength.Password);
    }

    /// <summary>Notes fresh proof in the session at hand, and gives the browser the new token.</summary>
    public async Task<Entry> ProvedAsync(HttpContext http, Person me, Strength strength)
    {
        var session = (await sessions.OfAsync(me.Login, http.RequestAborted)).FirstOrDefault(s => s.Id == http.SessionId());
        if (session is null || await sessions.ProveAsync(session, strength, http.RequestAborted) is not { } token)
            return new Entry(null, "sign-in-lapsed");
        await http.LayTokenAsync(me, token);
        return new Entry(me);
    }

    /// <summary>Begins the session of a person who has proved who they are, and remembers the browser as one of theirs.</summary>
    public async Task<Entry> InAsync(HttpContext http, Person person, Strength strength)
    {
        await http.SignInAsync(person, strength);
        var known = new Known(DeviceOf(http, person.Login) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), person.Login);
        http.Response.Cookies.Append(DeviceCookie, _devices.Protect(JsonSerializer.Serialize(known), Remembered), Cookie(http, Remembered));
        return new Entry(person);
    }

    private async Task<Entry> TakeCodeAsync(HttpContext http, Person person, string code)
    {
        var tally = Attempts.ForSecond(person.Login, DeviceOf(http, person.Login));
        if (attempts.Begin(tally) is { Ticks: > 0 } wait)
            return new Entry(null, "sign-in-shut", wait);
        if (!await second.UseAsync(person.Login, code, http.RequestAborted))
            return Refused("wrong-code", tally, person);
        attempts.Succeeded(tally);
        return await InAsync(http, person, Strength.TwoFactors);
    }

    private Entry Refused(string refusal, Attempts.Tally tally, Person? meant)
    {
        if (meant is not null)
            refusals.Wrong(meant.Login, refusal["wrong-".Length..]);
        return new Entry(null, refusal, attempts.Wait(tally));
    }

    private string? DeviceOf(HttpContext http, string login) =>
        Read<Known>(_devices, http.Request.Cookies[DeviceCookie]) is { } known && string.Equals(known.Login, login, StringComparison.OrdinalIgnoreCase) ? known.Id : null;

    private static T? Read<T>(ITimeLimitedDataProtector protector, string? cookie) where T : class
    {
        try
        {
            return cookie is null ? null : JsonSerializer.Deserialize<T>(protector.Unprotect(cookie));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    private static CookieOptions Cookie(HttpContext http, TimeSpan age) =>
        new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = age, IsEssential = true };
}
