using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Guantong.Trust;

/// <summary>A root key that never leaves an outside key service, which wraps and unwraps over HTTPS.</summary>
/// <remarks>Speaks the transit engine's API of OpenBao and Vault: <c>POST …/encrypt/KEY</c> and <c>…/decrypt/KEY</c> with <c>associated_data</c>; the key there is of an authenticating type, e.g. aes256-gcm96.</remarks>
public sealed class TransitRoot : IRootKey, IDisposable
{
    private const int LargestAnswer = 64 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly string _mount;
    private readonly string _key;

    /// <summary>A key of a service.</summary>
    /// <param name="address">The engine's address with the key's name behind it, e.g. <c>https://kms.example:8200/v1/transit/guantong</c>.</param>
    /// <param name="token">The secret that the service knows the platform by; null for none.</param>
    /// <exception cref="ConfigurationException">The address is not one of HTTPS.</exception>
    public TransitRoot(string address, string? token) : this(address, token, null)
    {
    }

    internal TransitRoot(string address, string? token, Action<SocketsHttpHandler>? more)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Segments.Length < 3)
            throw new ConfigurationException("a root key at a service is given as https://host/engine/KEY, without a password or a query");
        (_mount, _key) = (uri.GetLeftPart(UriPartial.Path)[..^uri.Segments[^1].Length], uri.Segments[^1]);
        Id = $"transit:{uri.Authority}{uri.AbsolutePath}";
        // A key service that sends on elsewhere is not the one that was named.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        more?.Invoke(handler);
        _http = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = LargestAnswer };
        if (token is not null)
            _http.DefaultRequestHeaders.Add("X-Vault-Token", token);
    }

    /// <summary>Ends its connections.</summary>
    public void Dispose() => _http.Dispose();

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public Task<string> WrapAsync(ReadOnlyMemory<byte> secret, string about, CancellationToken cancel = default) =>
        AskAsync("encrypt", new { plaintext = Convert.ToBase64String(secret.Span), associated_data = Coded(about) }, "ciphertext", cancel);

    /// <inheritdoc/>
    public async Task<byte[]> UnwrapAsync(string wrapped, string about, CancellationToken cancel = default)
    {
        var text = await AskAsync("decrypt", new { ciphertext = wrapped, associated_data = Coded(about) }, "plaintext", cancel);
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new CryptographicException($"The key service of {Id} gave no key.");
        }
    }

    // What the service says is not repeated: it may hold what was asked.
    private async Task<string> AskAsync(string act, object body, string wanted, CancellationToken cancel)
    {
        using var answer = await _http.PostAsJsonAsync($"{_mount}{act}/{_key}", body, cancel);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new CryptographicException($"The key service of {Id} refused to {act}: {(int)answer.StatusCode}.");
        try
        {
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
            return json.RootElement.GetProperty("data").GetProperty(wanted).GetString()!;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CryptographicException($"The key service of {Id} answered in no way that is known.");
        }
    }

    private static string Coded(string about) => Convert.ToBase64String(Encoding.UTF8.GetBytes(about));
}
