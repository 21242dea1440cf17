using System.Net;
using System.Net.Sockets;

namespace Guantong.Data;

/// <summary>A source that does not give what it should: nothing of it is taken. Its sentence stands under <c>harvest.fault.code</c>.</summary>
public sealed class HarvestException(string code, string given = "") : Exception($"{code}: {given}")
{
    /// <summary>Stable kebab-case id.</summary>
    public string Code { get; } = code;

    /// <summary>What fills the sentence.</summary>
    public string Given { get; } = given;
}

/// <summary>Networks that are not the open internet and may be fetched from all the same: a government's own.</summary>
/// <param name="Allowed">From GUANTONG_HARVEST_ALLOW, e.g. <c>10.0.0.0/8,127.0.0.1/32</c>.</param>
public sealed record OutsideNetworks(IReadOnlyList<IPNetwork> Allowed)
{
    /// <summary>Reads the setting.</summary>
    /// <exception cref="Trust.ConfigurationException">A part of it is no network.</exception>
    public static OutsideNetworks Read(string? setting) => new([.. (setting ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(n =>
        IPNetwork.TryParse(n, out var network) ? network : throw new Trust.ConfigurationException($"GUANTONG_HARVEST_ALLOW: “{n}” is no network; write it like 10.0.0.0/8"))]);

    /// <summary>Whether an address may be fetched from.</summary>
    public bool Takes(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Allowed.Any(n => n.Contains(plain)) || !Inner.Any(n => n.Contains(plain));
    }

    // RFC 6890 and 4193: this machine, its network, what clouds hand machines' secrets out by, several at once, and IPv4 wrapped in IPv6.
    private static readonly IPNetwork[] Inner = [.. ((string[])["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3", "::/127", "64:ff9b::/96", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8"]).Select(IPNetwork.Parse)];
}

/// <summary>Fetches what another site publishes: from the open internet or a network that is allowed, whoever its name resolves to and wherever it leads; so much and so long, and no more.</summary>
public sealed class OutsideFetch(OutsideNetworks networks, TimeProvider clock) : IDisposable
{
    /// <summary>The largest answer, in bytes.</summary>
    public const int LargestAnswer = 64 << 20;

    /// <summary>How long one answer may take, from the first word to the last.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private const int MostRedirections = 5;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.All, ConnectTimeout = TimeSpan.FromSeconds(15), PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // The address that was looked at is the one that is spoken to: a name cannot resolve to another meanwhile.
        ConnectCallback = async (context, cancel) =>
        {
            var addresses = IPAddress.TryParse(context.DnsEndPoint.Host.Trim('[', ']'), out var said) ? [said] : await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
            var open = addresses.Where(networks.Takes).ToArray();
            if (open.Length == 0)
                throw new HarvestException("inner", context.DnsEndPoint.Host);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(open, context.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The whole of an answer, with the type that it says it is of.</summary>
    /// <exception cref="HarvestException">It cannot be had.</exception>
    public async Task<(byte[] Body, string? Type)> GetAsync(Uri address, string accept, CancellationToken cancel = default)
    {
        using var late = new CancellationTokenSource(Longest, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            for (var hop = 0; hop <= MostRedirections; hop++)
            {
                if (address.Scheme is not ("http" or "https"))
                    throw new HarvestException("scheme", address.Scheme);
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.Accept.ParseAdd(accept);
                using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
                if ((int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } next)
                    address = new Uri(address, next);
                else if (!answer.IsSuccessStatusCode)
                    throw new HarvestException("status", $"{(int)answer.StatusCode}");
                else
                    return (await BodyAsync(answer, both.Token), answer.Content.Headers.ContentType?.MediaType);
            }
            throw new HarvestException("redirects");
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new HarvestException("hangs", $"{Longest.TotalSeconds:0}");
        }
        catch (HttpRequestException e) when (Within(e) is { } inner)
        {
            throw inner;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or InvalidDataException)
        {
            throw new HarvestException("unreachable", address.Host);
        }
    }

    private static HarvestException? Within(Exception? e) => e is null ? null : e as HarvestException ?? Within(e.InnerException);

    private static async Task<byte[]> BodyAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        using var body = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LargestAnswer)
                throw new HarvestException("large", $"{LargestAnswer >> 20}");
        }
        return body.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
