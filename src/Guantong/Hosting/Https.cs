using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Guantong.Trust;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Guantong.Hosting;

/// <summary>TLS 1.2 and 1.3 with suites that keep past traffic secret and authenticate, and nothing else (RFC 9325; GB/T 38636 asks for its own suites, which the library does not have).</summary>
internal static class Https
{
    private const string OwnName = "https.pem";
    private static readonly TimeSpan OwnAge = TimeSpan.FromDays(90);

    private static readonly TlsCipherSuite[] Suites =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];

    /// <summary>Sets the defaults of all addresses that begin with https.</summary>
    public static void Use(HttpsConnectionAdapterOptions https, X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain);
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        // Elsewhere the system's own policy says which suites it takes.
        if (!OperatingSystem.IsWindows())
        {
            var policy = new CipherSuitesPolicy(Suites);
            https.OnAuthenticate = (_, ssl) => Limit(ssl, policy);
        }
    }

    private static void Limit(SslServerAuthenticationOptions ssl, CipherSuitesPolicy policy)
    {
        if (!OperatingSystem.IsWindows())
            ssl.CipherSuitesPolicy = policy;
    }

    /// <summary>The certificate of a setting: PEM with its key (or the key beside it in FILE.key), PFX, or one of the platform's own for this machine.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, has no key or is over; or the address is not of this machine and there is none.</exception>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Read(Settings settings, DateTimeOffset now)
    {
        if (settings.Certificate is not { } file)
            return IsLoopback(settings.Url) ? (Own(Path.Combine(settings.Data, OwnName), now), [])
                : throw new ConfigurationException($"{settings.Url} can be reached from elsewhere: name a certificate that others trust with --certificate FILE");
        try
        {
            var password = Environment.GetEnvironmentVariable("GUANTONG_CERTIFICATE_PASSWORD");
            var (certificate, chain) = file.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".p12", StringComparison.OrdinalIgnoreCase)
                ? (X509CertificateLoader.LoadPkcs12FromFile(file, password), []) : Pem(file, password);
            if (!certificate.HasPrivateKey)
                throw new ConfigurationException($"{file}: the certificate's private key is not with it; put it into the file, or beside it in {file}.key");
            if (certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime)
                throw new ConfigurationException($"{file}: the certificate ended on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}; renew it");
            return (certificate, chain);
        }
        catch (CryptographicException e)
        {
            throw new ConfigurationException($"{file}: this cannot be read as a certificate with its key ({e.Message}); it takes PEM or PFX, the password in GUANTONG_CERTIFICATE_PASSWORD");
        }
    }

    private static (X509Certificate2, X509Certificate2Collection) Pem(string file, string? password)
    {
        var key = File.Exists(file + ".key") ? file + ".key" : file;
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        return (password is null ? X509Certificate2.CreateFromPemFile(file, key) : X509Certificate2.CreateFromEncryptedPemFile(file, password, key), chain);
    }

    private static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback;

    // Kept, so that a browser that was told to trust it is not asked at every start.
    private static X509Certificate2 Own(string file, DateTimeOffset now)
    {
        if (File.Exists(file) && X509Certificate2.CreateFromPemFile(file) is var kept && kept.NotAfter.ToUniversalTime() > now.UtcDateTime)
            return kept;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var made = request.CreateSelfSigned(now.AddMinutes(-5), now + OwnAge);
        using (var writer = new StreamWriter(file, OwnFile.Options(FileMode.Create)))
            writer.Write($"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return X509Certificate2.CreateFromPemFile(file);
    }
}
