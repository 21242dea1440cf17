using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Requests that no honest client sends: too large, packed, of the wrong type, malformed, repeated at the same moment.</summary>
public sealed class RequestTests(AttackedPlatform attacked) : IClassFixture<AttackedPlatform>
{
    [Fact]
    public async Task A_body_larger_than_allowed_is_refused_before_it_is_read_whole()
    {
        using var http = attacked.Operator();
        using var told = await http.PostAsync("/api/v1/signals", new StringContent($"{{\"name\":\"{new string('a', 2 << 20)}\"}}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, told.StatusCode);
        // Whole packs are larger than messages.
        using var pack = await http.PostAsJsonAsync("/api/v1/packs/plan", new { root = "packs/x", texts = new Dictionary<string, string> { ["pack.yaml"] = new('#', 2 << 20) } });
        Assert.Equal(HttpStatusCode.OK, pack.StatusCode);
    }

    [Fact]
    public async Task A_packed_body_is_refused_so_that_none_can_burst()
    {
        using var http = attacked.Operator();
        var bomb = new MemoryStream();
        await using (var zip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
            await zip.WriteAsync(new byte[8 << 20]);
        using var content = new ByteArrayContent(bomb.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await http.PostAsync("/api/v1/signals", content)).StatusCode);
    }

    [Theory]
    [InlineData("text/plain"), InlineData("application/xml"), InlineData("multipart/form-data; boundary=x"), InlineData("application/x-www-form-urlencoded")]
    public async Task The_API_takes_JSON_alone(string type)
    {
        using var http = attacked.Operator();
        using var content = new StringContent("{\"name\":\"x\"}");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await http.PostAsync("/api/v1/signals", content)).StatusCode);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST /api/v1/signals HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("POST /api/v1/signals HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")]
    [InlineData("GET / HTTP/1.1\r\n Host: a\r\n\r\n")]
    [InlineData("GET / HTTP/9.9\r\nHost: a\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000")]
    public async Task What_is_no_proper_request_is_refused(string raw)
    {
        var said = await SayAsync(raw + (raw.StartsWith('\u0016') ? "\r\n\r\n" : ""));
        Assert.True(said.Length == 0 || said.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || said.StartsWith("HTTP/1.1 505", StringComparison.Ordinal), said);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_beyond_measure_are_refused()
    {
        var said = await SayAsync("GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: a\r\n")) + "\r\n");
        Assert.StartsWith("HTTP/1.1 431", said, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", await SayAsync("GET / HTTP/1.1\r\nHost: a\r\nX: " + new string('a', 64 << 10) + "\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414", await SayAsync($"GET /{new string('a', 64 << 10)} HTTP/1.1\r\nHost: a\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_never_finish_their_request_keep_nobody_else_waiting()
    {
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 300; i++)
            {
                var client = new TcpClient();
                await client.ConnectAsync(Where.Host, Where.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"));
                slow.Add(client);
            }
            using var http = attacked.Platform.Anonymous();
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/")).StatusCode);
        }
        finally
        {
            slow.ForEach(s => s.Dispose());
        }
    }

    [Theory]
    [InlineData("/_content/../../../../etc/passwd"), InlineData("/%2e%2e/%2e%2e/%2e%2e/etc/passwd"), InlineData("/_content/Guantong.Portal/..%2f..%2f..%2f..%2fetc%2fpasswd"), InlineData("/..%5c..%5cetc%5cpasswd"), InlineData("/_content/Guantong.Desk/%252e%252e/%252e%252e/etc/passwd"), InlineData("/data/..%2f..%2f/etc"), InlineData("/operations.db"), InlineData("/run.json"), InlineData("/appsettings.json"), InlineData("/.git/config")]
    public async Task No_address_leads_to_a_file_that_is_not_served(string path)
    {
        var said = await SayAsync($"GET {path} HTTP/1.1\r\nHost: {Where.Authority}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 4", said, StringComparison.Ordinal);
        Assert.DoesNotContain("root:x:0", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forwarded_address_is_not_believed_from_just_anybody()
    {
        using var http = attacked.Platform.Anonymous();
        var seen = new List<HttpStatusCode>();
        for (var i = 0; i < 70; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/applications/none?code=wrong");
            request.Headers.Add("X-Forwarded-For", $"203.0.113.{i}");
            seen.Add((await http.SendAsync(request)).StatusCode);
        }
        Assert.Contains(HttpStatusCode.TooManyRequests, seen);
    }

    private Uri Where => new(attacked.Platform.Address);

    private async Task<string> SayAsync(string raw)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Where.Host, Where.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(raw));
        // The head of the answer is all that is asked about: a connection may be kept open for the next request.
        var said = new StringBuilder();
        var part = new byte[4096];
        try
        {
            while (!said.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(part, TestContext.Current.CancellationToken) is > 0 and var read)
                said.Append(Encoding.UTF8.GetString(part, 0, read));
        }
        catch (IOException)
        {
            // The platform may end the connection while more is sent to it; what it said before counts.
        }
        return said.ToString();
    }
}
