using Guantong.Portal;
using Guantong.Trust;
using Microsoft.AspNetCore.HttpOverrides;

namespace Guantong.Hosting;

/// <summary>What every answer tells browsers they may do, and which requests are turned away before anything reads them (OWASP ASVS 5.0 chapters 3 and 4).</summary>
internal static class Guards
{
    // MudBlazor and the drawings set styles of elements; no script is written into a page.
    private const string Pages = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // The API's reference writes its settings into its page; nothing that anybody gave stands there.
    private const string Reference = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Believes what proxies say of the caller's address and scheme, where they are listed; nobody else is believed.</summary>
    /// <param name="proxies">Addresses or networks (10.0.0.0/8), separated by commas; null for none.</param>
    /// <exception cref="ConfigurationException">One of them cannot be read.</exception>
    public static void UseListedProxies(this WebApplication app, string? proxies)
    {
        if (string.IsNullOrWhiteSpace(proxies))
            return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (System.Net.IPAddress.TryParse(proxy, out var address))
                options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
                options.KnownIPNetworks.Add(network);
            else
                throw new ConfigurationException($"GUANTONG_PROXIES: {proxy} is neither an address nor a network; write them like 10.0.0.1,10.1.0.0/16");
        }
        app.UseForwardedHeaders(options);
    }

    /// <summary>Sets the headers when the answer begins, so that an answer made anew after a failure has them too.</summary>
    public static Task AddHeadersAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            var isFramedHere = http.GetEndpoint()?.Metadata.GetMetadata<FramedHereAttribute>() is not null;
            headers.XFrameOptions = isFramedHere ? "SAMEORIGIN" : "DENY";
            // A page that is stricter, or that sends its form on to another program, says so itself.
            if (headers.ContentSecurityPolicy.Count == 0)
                headers.ContentSecurityPolicy = http.Request.Path == "/api" || http.Request.Path == "/api/" ? Reference : isFramedHere ? Pages.Replace("frame-ancestors 'none'", "frame-ancestors 'self'", StringComparison.Ordinal) : Pages;
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()";
            if (http.Request.IsHttps)
                headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
            // What is told to somebody signed in is not kept by the browser of a shared computer.
            if (http.User.Identity?.IsAuthenticated == true && headers.CacheControl.Count == 0)
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(http);
    }

    /// <summary>Turns away what another site makes a browser send, bodies that are packed, and bodies of the API that are not JSON, or where a file is taken, not declared as bytes: a form of another site can send neither.</summary>
    public static Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        var (status, code) = Refusal(http);
        return code is null ? next(http) : http.Problem(status, code).ExecuteAsync(http);
    }

    private static (int Status, string? Code) Refusal(HttpContext http)
    {
        var request = http.Request;
        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        // A socket is opened by GET, and lives as long as its page.
        if ((!isSafe || request.Headers.Upgrade.Count > 0) && IsFromElsewhere(request))
            return (403, "other-site");
        if (request.Headers.ContentEncoding.Count > 0)
            return (415, "packed-body");
        var hasBody = request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;
        if (hasBody && request.Path.StartsWithSegments("/api/v1") && !request.HasJsonContentType())
            return http.GetEndpoint()?.Metadata.GetMetadata<TakesFileAttribute>() is null ? (415, "not-json") : request.ContentType == "application/octet-stream" ? (0, null) : (415, "not-bytes");
        return (0, null);
    }

    // Programs send neither header; browsers send at least one of them with what they are made to send.
    private static bool IsFromElsewhere(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none");
        return request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != $"{request.Scheme}://{request.Host}";
    }
}
