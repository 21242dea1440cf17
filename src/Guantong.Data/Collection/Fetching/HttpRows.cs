using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Fetches records from an HTTP API, page by page: waits where it is told to, tries again where it may help, and goes nowhere but where its connection leads.</summary>
internal sealed class HttpRows(HttpClient http, TimeProvider clock)
{
    private const int Tries = 5;
    private const int MostPages = 100_000;
    private const long LargestAnswer = 64L << 20;

    /// <summary>A client that follows no redirection and holds no cookie.</summary>
    public static HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15), PooledConnectionLifetime = TimeSpan.FromMinutes(5), AutomaticDecompression = DecompressionMethods.All,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<(ProbedFile? File, string? Position)> FetchAsync(OpenConnection from, Feed feed, string? position, string made, Patience patience)
    {
        IReadOnlyList<string> wanted = [.. feed.Columns.SelectMany(c => c.Headers).Distinct()];
        var name = $"{from.Connection.Id}:{feed.Address}";
        using var rows = new JsonRecords(made, name, wanted, feed.Omits);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            var token = await TokenAsync(from, name, patience);
            var (seen, reached) = (new HashSet<string>(), position);
            var next = First(from.Connection, feed, position);
            for (var page = 0; next is { } address; page++)
            {
                if (page >= MostPages || !seen.Add(address.AbsoluteUri))
                    throw new LoadRefusedException(name, page, "http-loops");
                using var answer = await GetAsync(address, from, token, name, patience);
                var body = await BodyAsync(answer, name, patience);
                digest.AppendData(body);
                using var document = Parsed(body, name);
                var added = Add(rows, document.RootElement, feed, name, ref reached);
                next = Next(from.Connection, feed, address, answer, document.RootElement, added, page, name);
            }
            return rows.Count == 0 ? (null, position) : (rows.End(Convert.ToHexStringLower(digest.GetHashAndReset())), reached);
        }
        catch (OperationCanceledException) when (patience.RanOut)
        {
            throw new LoadRefusedException(name, 0, "source-hangs", $"{Patience.Longest.TotalSeconds:0}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new LoadRefusedException(name, 0, "source-broke", e.Message);
        }
    }

    private static int Add(JsonRecords rows, JsonElement root, Feed feed, string name, ref string? reached)
    {
        var list = feed.Records is { } pointer ? JsonRows.At(root, pointer) : root;
        if (list is not { ValueKind: JsonValueKind.Array } records)
            throw new LoadRefusedException(name, 0, "json-no-list", feed.Records ?? "/");
        var since = feed.Since is { } field ? feed.Columns.First(c => c.Field.Name == field.Name).Headers[0] : null;
        foreach (var record in records.EnumerateArray())
        {
            rows.Add(record);
            // The greatest in the order of texts, which ISO 8601 keeps; numbers by their size.
            if (since is not null && (since.StartsWith('/') ? JsonRows.At(record, since) : record.TryGetProperty(since, out var member) ? member : null) is { } value && Text(value) is { } at && (reached is null || IsLater(at, reached)))
                reached = at;
        }
        return records.GetArrayLength();
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    private static bool IsLater(string one, string other) =>
        decimal.TryParse(one, NumberStyles.Float, CultureInfo.InvariantCulture, out var a) && decimal.TryParse(other, NumberStyles.Float, CultureInfo.InvariantCulture, out var b) ? a > b : string.CompareOrdinal(one, other) > 0;

    private static Uri First(Connection connection, Feed feed, string? position)
    {
        var address = new Uri(connection.Address.TrimEnd('/') + feed.Address);
        if (feed.SinceParameter is { } since && position is not null)
            address = With(address, since, position);
        return feed.Pages switch
        {
            { By: "number" } pages => Sized(With(address, pages.Parameter!, "1"), pages),
            { By: "offset" } pages => Sized(With(address, pages.Parameter!, "0"), pages),
            _ => address,
        };
    }

    private static Uri Sized(Uri address, FeedPages pages) =>
        pages is { SizeParameter: { } parameter, Size: { } size } ? With(address, parameter, size.ToString(CultureInfo.InvariantCulture)) : address;

    private static Uri? Next(Connection connection, Feed feed, Uri address, HttpResponseMessage answer, JsonElement root, int added, int page, string name)
    {
        switch (feed.Pages)
        {
            case { By: "number" or "offset" } pages when added > 0 && (pages.Size is not { } size || added >= size):
                var step = pages.By == "number" ? page + 2 : (page + 1) * (pages.Size ?? added);
                return With(address, pages.Parameter!, step.ToString(CultureInfo.InvariantCulture));
            case { By: "cursor" } pages when JsonRows.At(root, pages.Next!) is { } cursor && Text(cursor) is { Length: > 0 } text:
                return With(address, pages.Parameter!, text);
            case { By: "link" } when Linked(answer) is { } link:
                var next = new Uri(address, link);
                return next.GetLeftPart(UriPartial.Authority) == connection.Uri.GetLeftPart(UriPartial.Authority) ? next : throw new LoadRefusedException(name, page + 1, "http-elsewhere", next.GetLeftPart(UriPartial.Authority));
            default:
                return null;
        }
    }

    // RFC 8288: <address>; rel="next"
    private static string? Linked(HttpResponseMessage answer) => answer.Headers.TryGetValues("Link", out var links)
        ? links.SelectMany(l => l.Split(',')).Select(l => l.Split(';')).Where(p => p.Skip(1).Any(a => a.Replace("\"", "", StringComparison.Ordinal).Trim().Equals("rel=next", StringComparison.OrdinalIgnoreCase))).Select(p => p[0].Trim().Trim('<', '>')).FirstOrDefault() : null;

    private static Uri With(Uri address, string parameter, string value)
    {
        var query = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(q => Uri.UnescapeDataString(q.Split('=')[0]) != parameter);
        return new UriBuilder(address) { Query = string.Join('&', query.Append($"{Uri.EscapeDataString(parameter)}={Uri.EscapeDataString(value)}")) }.Uri;
    }

    private async Task<HttpResponseMessage> GetAsync(Uri address, OpenConnection from, string? token, string name, Patience patience)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Headers.Authorization = from.Connection.Auth switch
            {
                "basic" => Basic(from),
                "bearer" or "oauth2" => new AuthenticationHeaderValue("Bearer", token),
                _ => null,
            };
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            patience.Heard();
            if (answer.IsSuccessStatusCode)
                return answer;
            using (answer)
            {
                var passes = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;
                if (!passes || attempt == Tries)
                    throw new LoadRefusedException(name, 0, answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? "source-login" : (int)answer.StatusCode is >= 300 and < 400 ? "http-redirects" : "http-status", $"{(int)answer.StatusCode}");
                await Task.Delay(Wait(answer, attempt), clock, patience.Token);
                patience.Heard();
            }
        }
    }

    // RFC 9110 §10.2.3, within what patience allows; else twice as long each time.
    private TimeSpan Wait(HttpResponseMessage answer, int attempt)
    {
        var told = answer.Headers.RetryAfter is not { } after ? (TimeSpan?)null : after.Delta ?? after.Date - clock.GetUtcNow();
        var wait = told ?? TimeSpan.FromMilliseconds(500 * Math.Pow(2, attempt - 1));
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Patience.Longest / 2 ? Patience.Longest / 2 : wait;
    }

    private static AuthenticationHeaderValue Basic(OpenConnection from) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{from.Connection.Login}:{from.Secret}")));

    private async Task<string?> TokenAsync(OpenConnection from, string name, Patience patience)
    {
        if (from.Connection.Auth == "bearer")
            return from.Secret;
        if (from.Connection.Auth != "oauth2")
            return null;
        using var request = new HttpRequestMessage(HttpMethod.Post, from.Connection.TokenAddress) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.Authorization = Basic(from);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        if (!answer.IsSuccessStatusCode)
            throw new LoadRefusedException(name, 0, "source-login", $"{(int)answer.StatusCode}");
        using var document = Parsed(await BodyAsync(answer, name, patience), name);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("access_token", out var token) && token.ValueKind == JsonValueKind.String
            ? token.GetString() : throw new LoadRefusedException(name, 0, "source-login");
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage answer, string name, Patience patience)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(patience.Token);
        using var body = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (await stream.ReadAsync(buffer, patience.Token) is > 0 and var read)
        {
            patience.Heard();
            body.Write(buffer, 0, read);
            if (body.Length > LargestAnswer)
                throw new LoadRefusedException(name, 0, "http-large", $"{LargestAnswer >> 20} MB");
        }
        return body.ToArray();
    }

    private static JsonDocument Parsed(byte[] body, string name)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw new LoadRefusedException(name, (e.LineNumber ?? 0) + 1, "json-broken", $"{(e.BytePositionInLine ?? 0) + 1}");
        }
    }
}
