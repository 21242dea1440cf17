using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace Guantong.Trust;

/// <summary>Asks a time-stamp authority to witness (RFC 3161 over HTTP, §3.4).</summary>
/// <param name="address">GUANTONG_TSA; null where there is none.</param>
public sealed class TimeStamps(Uri? address)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20), MaxResponseContentBufferSize = 1 << 20 };

    /// <summary>Whether there is an authority.</summary>
    public bool Has => address is not null;

    /// <summary>Has data witnessed.</summary>
    /// <returns>The token in DER.</returns>
    /// <exception cref="TimeStampException">The authority is out of reach, or its answer is no token over these data.</exception>
    public async Task<byte[]> StampAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        var request = Rfc3161TimestampRequest.CreateFromData(data.Span, HashAlgorithmName.SHA256, nonce: RandomNumberGenerator.GetBytes(8), requestSignerCertificates: true);
        using var content = new ByteArrayContent(request.Encode());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
        try
        {
            using var answer = await Http.PostAsync(address, content, cancel);
            answer.EnsureSuccessStatusCode();
            return request.ProcessResponse(await answer.Content.ReadAsByteArrayAsync(cancel), out _).AsSignedCms().Encode();
        }
        catch (Exception e) when (e is HttpRequestException or CryptographicException || e is TaskCanceledException && !cancel.IsCancellationRequested)
        {
            throw new TimeStampException(e.Message, e);
        }
    }
}

/// <summary>No time-stamp was to be had.</summary>
public sealed class TimeStampException(string message, Exception cause) : Exception(message, cause);
