using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;

namespace Guantong.Data;

/// <summary>Where an interface is reached, and what its calls prove themselves with there.</summary>
/// <param name="address">The address below which its paths lie.</param>
/// <param name="proof">Gets the proof that stands now.</param>
public sealed class Upstream(Uri address, Func<CancellationToken, ValueTask<AuthenticationHeaderValue?>> proof)
{
    /// <summary>The address below which its paths lie.</summary>
    public Uri Address => address;

    /// <summary>What a call proves itself with; null for nothing.</summary>
    /// <exception cref="HttpRequestException">No token was had.</exception>
    public ValueTask<AuthenticationHeaderValue?> ProofAsync(CancellationToken cancel = default) => proof(cancel);
}

/// <summary>Opens the connections of interfaces for the gateway.</summary>
public sealed class Upstreams(Connections connections, TimeProvider clock) : IDisposable
{
    // A token that is about to end is not sent any more.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10), Early = TimeSpan.FromSeconds(30), Assumed = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _clock = clock;
    private readonly ConcurrentDictionary<string, (OpenConnection Open, Upstream Upstream, DateTimeOffset Looked)> _opened = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 64 << 10 };

    /// <summary>One, or null where the connection is gone. A changed connection is used within ten seconds.</summary>
    public ValueTask<Upstream?> FindAsync(ShareInterface its, CancellationToken cancel = default) =>
        _opened.TryGetValue(its.Connection, out var opened) && _clock.GetUtcNow() - opened.Looked < LookEvery ? ValueTask.FromResult<Upstream?>(opened.Upstream) : new(LookAsync(its.Connection, cancel));

    private async Task<Upstream?> LookAsync(string id, CancellationToken cancel)
    {
        if (await connections.OpenAsync(id, cancel) is not { Connection: { Kind: "http" } connection } open)
        {
            _opened.TryRemove(id, out _);
            return null;
        }
        // What has not changed keeps its token.
        var upstream = _opened.TryGetValue(id, out var before) && before.Open == open ? before.Upstream : new Upstream(connection.Uri, connection.Auth switch
        {
            "bearer" => _ => ValueTask.FromResult<AuthenticationHeaderValue?>(new("Bearer", open.Secret)),
            "basic" => _ => ValueTask.FromResult<AuthenticationHeaderValue?>(Basic(open)),
            "oauth2" => new Tokens(this, open).ProofAsync,
            _ => _ => default,
        });
        _opened[id] = (open, upstream, _clock.GetUtcNow());
        return upstream;
    }

    private static AuthenticationHeaderValue Basic(OpenConnection open) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{open.Connection.Login}:{open.Secret}")));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // RFC 6749 §5.1
    private sealed record Token([property: JsonPropertyName("access_token")] string? Value, [property: JsonPropertyName("expires_in")] long? Seconds);

    // Client credentials (RFC 6749 §4.4): one token serves all calls until it is about to end.
    private sealed class Tokens(Upstreams upstreams, OpenConnection open)
    {
        private readonly Lock _gate = new();
        private Task<Standing>? _now;

        private sealed record Standing(AuthenticationHeaderValue Proof, DateTimeOffset Until);

        public async ValueTask<AuthenticationHeaderValue?> ProofAsync(CancellationToken cancel)
        {
            Task<Standing> asked;
            lock (_gate)
            {
                // Calls that come while one is asked for wait for the same.
                if (_now is null or { IsFaulted: true } or { IsCanceled: true } || (_now.IsCompletedSuccessfully && upstreams._clock.GetUtcNow() >= _now.Result.Until))
                    _now = AskAsync();
                asked = _now;
            }
            return (await asked.WaitAsync(cancel)).Proof;
        }

        private async Task<Standing> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, open.Connection.TokenAddress) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
            request.Headers.Authorization = Basic(open);
            using var answer = await upstreams._http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            if (await answer.Content.ReadFromJsonAsync<Token>() is not { Value.Length: > 0 } token)
                throw new HttpRequestException("The answer holds no token.");
            var lasts = token.Seconds is > 0 and < 1_000_000 and var seconds ? TimeSpan.FromSeconds(seconds) : Assumed;
            return new Standing(new AuthenticationHeaderValue("Bearer", token.Value), upstreams._clock.GetUtcNow() + (lasts > 2 * Early ? lasts - Early : lasts / 2));
        }
    }
}
