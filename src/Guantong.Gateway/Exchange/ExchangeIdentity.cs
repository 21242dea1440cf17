using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Guantong.Trust;

namespace Guantong.Gateway;

/// <summary>The certificate by which this platform is known to others: for TLS both ways, and for signing messages. ECDSA P-256; made for itself when it is first needed, since others name it by its whole self and by no authority.</summary>
/// <param name="file">GUANTONG_EXCHANGE_CERTIFICATE, or keys/exchange.pem in the data folder: certificate and key in PEM.</param>
public sealed class ExchangeIdentity(string file, Jurisdiction land, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private X509Certificate2? _certificate;
    private ECDsa? _key;

    /// <summary>The platform's id among others: its jurisdiction's.</summary>
    public string Id => land.Id;

    /// <summary>The certificate with its key.</summary>
    public X509Certificate2 Certificate
    {
        get
        {
            lock (_gate)
                return _certificate ??= Read();
        }
    }

    /// <summary>The key that signs messages.</summary>
    public ECDsa Key
    {
        get
        {
            var certificate = Certificate;
            lock (_gate)
                return _key ??= certificate.GetECDsaPrivateKey() ?? throw new ConfigurationException($"{file}: the certificate's key is no ECDSA key");
        }
    }

    /// <summary>What others name it by: SHA-256 over the certificate, lower-case hex.</summary>
    public static string Thumbprint(X509Certificate2 certificate) => Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));

    private X509Certificate2 Read()
    {
        if (!File.Exists(file))
            Make();
        using var pem = X509Certificate2.CreateFromPem(File.ReadAllText(file), File.ReadAllText(file));
        // TLS wants a key of a kind that a PEM file does not give on every system.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private void Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={land.Id}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var now = clock.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(3));
        OwnFile.WriteOnce(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
