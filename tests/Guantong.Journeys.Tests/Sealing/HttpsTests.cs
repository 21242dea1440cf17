using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Guantong.Hosting;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The platform over TLS.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class HttpsTests
{
    private static Settings Place(string url = "https://127.0.0.1:0") =>
        new(Repository.Root, Directory.CreateTempSubdirectory("guantong-https-").FullName, null, "zhejiang", url) { Https = true };

    [Fact]
    public async Task It_speaks_tls_1_2_and_1_3_with_modern_suites_only_and_says_hsts()
    {
        var settings = Place();
        await using var app = await Hosting.Platform.BuildAsync(settings, workers: false);
        await app.StartAsync();
        var uri = new Uri(app.Urls.First());
        Assert.Equal(("https", UnixFileMode.UserRead | UnixFileMode.UserWrite), (uri.Scheme, File.GetUnixFileMode(Path.Combine(settings.Data, "https.pem"))));
        foreach (var protocol in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
        {
            var (spoken, suite) = await ShakeHandsAsync(uri, protocol, null);
            Assert.Equal(protocol, spoken);
            Assert.True(suite.ToString().Contains("GCM", StringComparison.Ordinal) || suite.ToString().Contains("CHACHA20", StringComparison.Ordinal), suite.ToString());
        }
        // Without forward secrecy, without authentication: refused.
        foreach (var old in (TlsCipherSuite[])[TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256])
            await Assert.ThrowsAnyAsync<Exception>(() => ShakeHandsAsync(uri, SslProtocols.Tls12, old));
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true }) { BaseAddress = uri };
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { Host = "guantong.example" } };
        using var answer = await http.SendAsync(asked);
        Assert.Equal("max-age=63072000; includeSubDomains", answer.Headers.GetValues("Strict-Transport-Security").Single());
        Directory.Delete(settings.Data, true);
    }

    [Fact]
    public async Task An_address_that_others_reach_needs_a_certificate_that_is_whole_and_not_over()
    {
        var settings = Place("https://0.0.0.0:0");
        async Task<string> RefusedAsync(Settings s) => (await Assert.ThrowsAsync<ConfigurationException>(() => Hosting.Platform.BuildAsync(s, workers: false))).Message;
        Assert.Contains("--certificate", await RefusedAsync(settings), StringComparison.Ordinal);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=guantong.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        string Write(X509Certificate2 certificate, string more)
        {
            var file = Path.Combine(settings.Data, Guid.NewGuid().ToString("n") + ".pem");
            File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + more);
            return file;
        }
        using var good = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var over = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-9), DateTimeOffset.UtcNow.AddDays(-1));
        Assert.Contains("cannot be read", await RefusedAsync(settings with { Certificate = Write(good, "") }), StringComparison.Ordinal);
        Assert.Contains("ended on", await RefusedAsync(settings with { Certificate = Write(over, key.ExportPkcs8PrivateKeyPem()) }), StringComparison.Ordinal);
        await using var app = await Hosting.Platform.BuildAsync(settings with { Certificate = Write(good, key.ExportPkcs8PrivateKeyPem()) }, workers: false);
        await app.StartAsync();
        var uri = new Uri($"https://127.0.0.1:{new Uri(app.Urls.First()).Port}");
        Assert.Equal(SslProtocols.Tls13, (await ShakeHandsAsync(uri, SslProtocols.Tls13, null)).Protocol);
        Directory.Delete(settings.Data, true);
    }

    private static async Task<(SslProtocols Protocol, TlsCipherSuite Suite)> ShakeHandsAsync(Uri uri, SslProtocols protocol, TlsCipherSuite? suite)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(uri.Host, uri.Port);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocol,
#pragma warning disable CA5359 // which suites are taken is asked here, not whose the certificate is
            CipherSuitesPolicy = suite is { } one ? new CipherSuitesPolicy([one]) : null,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return (tls.SslProtocol, tls.NegotiatedCipherSuite);
    }
}
