using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>What keeps other sites, and what people write, from acting through somebody's browser.</summary>
public sealed class BrowserGuardTests(AttackedPlatform attacked) : IClassFixture<AttackedPlatform>
{
    [Theory]
    [InlineData("/"), InlineData("/services"), InlineData("/desk/sign-in"), InlineData("/nothing-here"), InlineData("/api"), InlineData("/api/v1/session"), InlineData("/api/v1/nothing"), InlineData("/health"), InlineData("/_content/Guantong.Portal/portal.css")]
    public async Task Every_answer_tells_the_browser_what_it_may_do(string path)
    {
        using var http = attacked.Platform.Anonymous();
        using var answer = await http.GetAsync(path);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("object-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("base-uri 'self'", policy, StringComparison.Ordinal);
        Assert.Contains(path == "/api" ? "script-src 'self' 'unsafe-inline'" : "script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("X-Powered-By"));
    }

    [Fact]
    public async Task A_refused_request_has_the_headers_too_and_what_is_told_to_somebody_is_not_kept()
    {
        using var http = attacked.Operator();
        using var broken = await http.PostAsync("/api/v1/cases", new StringContent("{", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Contains("frame-ancestors 'none'", broken.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using var who = await http.GetAsync("/api/v1/session");
        Assert.True(who.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("Origin", "https://elsewhere.example"), InlineData("Origin", "null"), InlineData("Sec-Fetch-Site", "cross-site"), InlineData("Sec-Fetch-Site", "same-site")]
    public async Task What_another_site_makes_a_browser_send_is_not_carried_out(string header, string value)
    {
        using var worker = await attacked.Platform.SignInAsync("worker-ecology");
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Delete, "/api/v1/session"), (HttpMethod.Post, "/api/v1/signals"), (HttpMethod.Post, "/desk/sign-out"), (HttpMethod.Post, "/applications"), (HttpMethod.Post, "/desk/sign-in")])
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add(header, value);
            if (method == HttpMethod.Post)
                request.Content = JsonContent.Create(new { name = "x" });
            using var answer = await worker.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        Assert.Equal(HttpStatusCode.OK, (await worker.GetAsync("/api/v1/session")).StatusCode);
    }

    [Fact]
    public async Task The_desks_socket_opens_for_its_own_pages_alone()
    {
        using var http = attacked.Platform.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_blazor?id=x");
        request.Headers.Add("Origin", "https://elsewhere.example");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("websocket"));
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_form_of_ones_own_site_counts_and_one_without_its_token_does_not()
    {
        using var http = attacked.Platform.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/applications") { Content = new FormUrlEncodedContent([new("number", "x"), new("code", "y")]) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        Assert.Equal(HttpStatusCode.BadRequest, (await http.SendAsync(request)).StatusCode);
        using var leaving = await attacked.Platform.SignInAsync("worker-ecology");
        Assert.Equal(HttpStatusCode.BadRequest, (await leaving.PostAsync("/desk/sign-out", new FormUrlEncodedContent([]))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await leaving.GetAsync("/api/v1/session")).StatusCode);
    }

    [Theory]
    [InlineData("https://elsewhere.example/"), InlineData("//elsewhere.example/"), InlineData("/\\elsewhere.example/"), InlineData("javascript:alert(1)"), InlineData("/\t/elsewhere.example"), InlineData("/a\r\nSet-Cookie: own=1"), InlineData("\\\\elsewhere.example"), InlineData("/%09/elsewhere.example"), InlineData("/空气?q=é"), InlineData("/\uFFFD")]
    public async Task Nobody_is_sent_to_another_site(string back)
    {
        using var http = attacked.Platform.Anonymous();
        foreach (var path in (string[])["/language?to=en&back=", "/desk/sign-in?back=", "/desk/sign-in?ReturnUrl="])
        {
            using var answer = await http.GetAsync(path + Uri.EscapeDataString(back));
            Assert.True((int)answer.StatusCode < 500, $"{path}{back}: {answer.StatusCode}");
            if (answer.Headers.Location is { } to)
                Assert.True(to.OriginalString is ['/'] or ['/', not ('/' or '\\' or '\t'), ..], $"{path}{back} leads to {to}");
            Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("own", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task What_is_written_into_an_address_comes_back_as_text()
    {
        using var http = attacked.Platform.Anonymous();
        foreach (var text in Hostile.Texts.Where(t => t.Contains('<', StringComparison.Ordinal) || t.Contains("7*7", StringComparison.Ordinal)))
        {
            foreach (var path in (string[])["/search?q=", "/applications?number=", "/desk/sign-in?denied="])
            {
                var page = await (await http.GetAsync(path + Uri.EscapeDataString(text))).Content.ReadAsStringAsync();
                if (text.Contains('<', StringComparison.Ordinal))
                    Assert.DoesNotContain(text, page, StringComparison.Ordinal);
                else
                    Assert.DoesNotContain(">49<", page, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_cookie_planted_before_signing_in_is_worth_nothing_after_it()
    {
        using var http = attacked.Platform.Anonymous();
        http.DefaultRequestHeaders.Add("Cookie", "guantong=planted");
        using var signed = await http.PostAsJsonAsync("/api/v1/session", new { login = "worker-ecology", password = Trust.Accounts.DemoPassword });
        var cookie = signed.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("guantong=", StringComparison.Ordinal));
        Assert.DoesNotContain("planted", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/v1/session")).StatusCode);
    }
}
