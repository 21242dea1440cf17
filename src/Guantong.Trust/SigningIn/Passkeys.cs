using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Guantong.Trust;

/// <summary>Passkeys: registering one, and signing in or proving again by it. A challenge stands for five minutes, on one browser, once.</summary>
/// <remarks>W3C Web Authentication Level 3; the checks are ASP.NET Core Identity's <see cref="PasskeyHandler{TUser}"/>.</remarks>
public sealed class Passkeys
{
    private const string Cookie = "guantong-ceremony";
    private static readonly TimeSpan Standing = TimeSpan.FromMinutes(5);
    private readonly IPasskeyHandler<Person> _handler;
    private readonly PasskeyStore _store;
    private readonly ITimeLimitedDataProtector _protector;
    private readonly TimeProvider _clock;

    internal Passkeys(IPasskeyHandler<Person> handler, PasskeyStore store, IDataProtectionProvider protection, TimeProvider clock) =>
        (_handler, _store, _protector, _clock) = (handler, store, protection.CreateProtector("passkey-ceremony").ToTimeLimitedDataProtector(), clock);

    private sealed record Ceremony(string Id, string? Login, string State, DateTimeOffset Ends);

    /// <summary>A person's passkeys, the oldest first.</summary>
    public Task<IReadOnlyList<Passkey>> OfAsync(string login, CancellationToken cancel = default) => _store.OfAsync(login, cancel);

    /// <summary>Takes a passkey away; false when the person has none of that id.</summary>
    public Task<bool> RemoveAsync(Person by, string login, string id, CancellationToken cancel = default) => _store.RenameOrRemoveAsync(by, login, id, null, cancel);

    /// <summary>Begins to register a passkey; gives what <c>navigator.credentials.create</c> takes, as JSON.</summary>
    public async Task<string> OfferAsync(HttpContext http, Person person, string lang)
    {
        var entity = new PasskeyUserEntity { Id = await _store.HandleAsync(person, http.RequestAborted), Name = person.Login, DisplayName = person.Say(lang) };
        var options = await _handler.MakeCreationOptionsAsync(entity, http);
        Lay(http, person.Login, options.AttestationState ?? "");
        return options.CreationOptionsJson;
    }

    /// <summary>Takes the passkey that a browser made; false when anything about it is not as it should be.</summary>
    public async Task<bool> RegisterAsync(HttpContext http, Person person, string credential, string name)
    {
        if (Take(http) is not { } ceremony || ceremony.Login != person.Login)
            return false;
        var made = await _handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credential, AttestationState = ceremony.State });
        if (!made.Succeeded || !made.Passkey.IsUserVerified)
            return false;
        made.Passkey.Name = name.Length is > 0 and <= 60 ? name : Device.Of(http.Request.Headers.UserAgent.ToString());
        return await _store.AddAsync(person, made.Passkey, ceremony.Id, ceremony.Ends, http.RequestAborted);
    }

    /// <summary>Begins a sign-in; gives what <c>navigator.credentials.get</c> takes, as JSON. It names nobody, so that it tells nobody who has a passkey.</summary>
    public async Task<string> AskAsync(HttpContext http)
    {
        var options = await _handler.MakeRequestOptionsAsync(null, http);
        Lay(http, null, options.AssertionState ?? "");
        return options.RequestOptionsJson;
    }

    /// <summary>Whose passkey has answered; null when anything about the answer is not as it should be.</summary>
    public async Task<Person?> AnswerAsync(HttpContext http, string credential)
    {
        if (Take(http) is not { Login: null } ceremony)
            return null;
        var answer = await _handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = credential, AssertionState = ceremony.State });
        return answer.Succeeded && await _store.NoteUseAsync(answer.User, answer.Passkey, ceremony.Id, ceremony.Ends, http.RequestAborted) ? answer.User : null;
    }

    private void Lay(HttpContext http, string? login, string state)
    {
        var ceremony = new Ceremony(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), login, state, _clock.GetUtcNow() + Standing);
        http.Response.Cookies.Append(Cookie, _protector.Protect(JsonSerializer.Serialize(ceremony), Standing), Options(http));
    }

    private Ceremony? Take(HttpContext http)
    {
        try
        {
            if (http.Request.Cookies[Cookie] is not { } cookie)
                return null;
            http.Response.Cookies.Delete(Cookie, Options(http));
            var ceremony = JsonSerializer.Deserialize<Ceremony>(_protector.Unprotect(cookie));
            return ceremony?.Ends > _clock.GetUtcNow() ? ceremony : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/api/v1", MaxAge = Standing, IsEssential = true };
}
