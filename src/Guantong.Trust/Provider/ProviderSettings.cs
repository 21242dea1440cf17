using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Guantong.Trust.Provider;

/// <summary>What the OpenID Connect provider is started with.</summary>
/// <param name="Data">The data folder; keys stand below it.</param>
/// <param name="Issuer">The address under which everybody reaches this platform (GUANTONG_ISSUER); null takes that of each request, which does for one machine.</param>
/// <param name="Mtls">Where clients come that prove themselves by a certificate, or null for nowhere.</param>
public sealed record ProviderSettings(string Data, Uri? Issuer = null, MtlsDoor? Mtls = null)
{
    /// <summary>Reads GUANTONG_ISSUER, GUANTONG_MTLS, GUANTONG_MTLS_CERTIFICATE and GUANTONG_MTLS_KEY.</summary>
    /// <exception cref="ConfigurationException">One of them cannot be used, or lacks another.</exception>
    public static ProviderSettings Read(string data, Func<string, string?> environment)
    {
        Uri? Address(string name, params string[] schemes) =>
            environment(name) is not { Length: > 0 } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme) && uri.Query.Length == 0 && uri.Fragment.Length == 0 ? uri
            : throw new ConfigurationException($"{name}: “{text}” is no address that can be used; write it like {schemes[0]}://id.example.gov.cn/");
        string File(string name) =>
            environment(name) is not { Length: > 0 } file ? throw new ConfigurationException($"GUANTONG_MTLS is set and {name} is not; name the PEM file there")
            : System.IO.File.Exists(file) ? file : throw new ConfigurationException($"{name}: there is no file {file}; name the PEM file");
        var issuer = Address("GUANTONG_ISSUER", "https", "http");
        if (Address("GUANTONG_MTLS", "https") is not { } door)
            return new ProviderSettings(data, issuer);
        // RFC 8705 §5: clients learn the door from the metadata, which must then be the same for everyone.
        if (issuer is null)
            throw new ConfigurationException("GUANTONG_MTLS is set and GUANTONG_ISSUER is not; set GUANTONG_ISSUER to the address under which everybody reaches this platform");
        return new ProviderSettings(data, issuer, new MtlsDoor(door, File("GUANTONG_MTLS_CERTIFICATE"), File("GUANTONG_MTLS_KEY")));
    }

    /// <summary>Opens the door for certificates beside where the host listens anyway.</summary>
    /// <param name="urls">Where the host listens anyway, apart by semicolons.</param>
    /// <param name="others">Further doors.</param>
    public void Listen(IWebHostBuilder host, string urls, params IReadOnlyList<CertificateDoor> others)
    {
        IReadOnlyList<CertificateDoor> doors = Mtls is { } own ? [new(own.Url, _ => own.Read()), .. others] : others;
        // Named http here, so that the server leaves the TLS of these ports to the lines below.
        host.UseUrls([urls, .. doors.Select(d => $"http://{(d.Url.IsLoopback ? IPAddress.Loopback : IPAddress.Any)}:{d.Url.Port}")]);
        if (doors.Count == 0)
            return;
        host.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            if (doors.FirstOrDefault(d => d.Url.Port == endpoint.IPEndPoint?.Port) is not { } door)
                return;
            // Whose certificate it is, is looked up afterwards, by the client that it says it is (RFC 8705 §2.2).
            endpoint.UseHttps(door.Certificate(kestrel.ApplicationServices), https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
    }
}

/// <summary>An address where everybody proves themselves by a certificate.</summary>
/// <param name="Certificate">The server's own there.</param>
public sealed record CertificateDoor(Uri Url, Func<IServiceProvider, X509Certificate2> Certificate);

/// <summary>The address for clients with certificates, and the server's own certificate there (PEM files).</summary>
public sealed record MtlsDoor(Uri Url, string Certificate, string Key)
{
    internal X509Certificate2 Read()
    {
        using var pem = X509Certificate2.CreateFromPemFile(Certificate, Key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }
}
