using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Guantong.Trust;
using PdfSharp.Pdf.IO;
using PdfSharp.Pdf.Signatures;

namespace Guantong.Work;

/// <summary>A unit's electronic seal (电子印章): the certificate with its key that signs, and the picture that is seen.</summary>
/// <param name="Picture">A PNG; null where the unit gave none.</param>
public sealed record UnitSeal(X509Certificate2 Certificate, byte[]? Picture);

/// <summary>The seals of units, from a folder (GUANTONG_SEALS): UNIT.pfx, and UNIT.png beside it. The platform makes none: a seal is its unit's, and its certificate is from whom the unit has it.</summary>
/// <remarks>A PDF is signed as ISO 32000-1 §12.8 has it (CMS, SHA-256), so that any reader shows whose it is and whether it was changed. Seals by GB/T 38540 (SM2) are not among them: a PFX that .NET reads holds RSA or ECDSA.</remarks>
public sealed class UnitSeals : IDisposable
{
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const int LargestPicture = 1 << 20;
    private readonly Dictionary<string, UnitSeal> _seals = [];
    private readonly TimeProvider _clock;

    /// <summary>Reads them.</summary>
    /// <param name="folder">Null for none.</param>
    /// <param name="password">Of the PFX files (GUANTONG_SEALS_PASSWORD); null where they have none.</param>
    /// <exception cref="ConfigurationException">The folder is not there; a file is named by no unit, cannot be opened, or has no key; a picture is no PNG of at most one megabyte.</exception>
    public UnitSeals(string? folder, string? password, Jurisdiction land, TimeProvider clock)
    {
        _clock = clock;
        if (folder is null)
            return;
        if (!Directory.Exists(folder))
            throw new ConfigurationException($"GUANTONG_SEALS: there is no folder {folder}; name the one that holds the units' seals");
        foreach (var file in Directory.EnumerateFiles(folder, "*.pfx").Order(StringComparer.Ordinal))
        {
            var unit = Path.GetFileNameWithoutExtension(file);
            if (land.Units.Find(unit) is null)
                throw new ConfigurationException($"GUANTONG_SEALS: {file} is named by no unit; name it by a unit's id, such as {land.Units.All[0].Id}.pfx");
            X509Certificate2 certificate;
            try
            {
                certificate = X509CertificateLoader.LoadPkcs12FromFile(file, password);
            }
            catch (CryptographicException e)
            {
                throw new ConfigurationException($"GUANTONG_SEALS: {file} cannot be opened ({e.Message}); give its password in GUANTONG_SEALS_PASSWORD");
            }
            if (!certificate.HasPrivateKey)
                throw new ConfigurationException($"GUANTONG_SEALS: {file} has no key; export the certificate with its key");
            var picture = Path.ChangeExtension(file, ".png");
            _seals[unit] = new UnitSeal(certificate, File.Exists(picture) ? Png(picture) : null);
        }
    }

    /// <summary>A unit's seal that holds now; null where it has none, or its certificate does not hold.</summary>
    public UnitSeal? Of(string? unit) =>
        unit is not null && _seals.TryGetValue(unit, out var seal) && _clock.GetUtcNow() is var now && now >= seal.Certificate.NotBefore.ToUniversalTime() && now <= seal.Certificate.NotAfter.ToUniversalTime() ? seal : null;

    /// <summary>A PDF with a unit's signature over the whole of it.</summary>
    /// <param name="name">What the document is called.</param>
    public async Task<byte[]> SignAsync(byte[] pdf, UnitSeal seal, string name)
    {
        using var document = PdfReader.Open(new MemoryStream(pdf), PdfDocumentOpenMode.Modify);
        DigitalSignatureHandler.ForDocument(document, new Signer(seal.Certificate, _clock), new DigitalSignatureOptions { AppName = "Guantong", Reason = name, Location = seal.Certificate.GetNameInfo(X509NameType.SimpleName, false) });
        using var signed = new MemoryStream();
        await document.SaveAsync(signed);
        return signed.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var seal in _seals.Values)
            seal.Certificate.Dispose();
    }

    private static byte[] Png(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return bytes.Length <= LargestPicture && bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? bytes
            : throw new ConfigurationException($"GUANTONG_SEALS: {file} is no PNG of at most one megabyte; save the seal as one");
    }

    private sealed class Signer(X509Certificate2 certificate, TimeProvider clock) : IDigitalSigner
    {
        // Room for a chain of a few certificates.
        private const int Largest = 16 * 1024;

        public string CertificateName => certificate.GetNameInfo(X509NameType.SimpleName, false);

        public Task<int> GetSignatureSizeAsync() => Task.FromResult(Largest);

        public Task<byte[]> GetSignatureAsync(Stream stream)
        {
            // What is handed over reads its ranges in one go, and knows no other way.
            var content = new byte[stream.Length];
            stream.Position = 0;
            stream.ReadExactly(content);
            var cms = new SignedCms(new ContentInfo(content), detached: true);
            var signer = new CmsSigner(certificate) { DigestAlgorithm = new Oid(Sha256), IncludeOption = X509IncludeOption.ExcludeRoot };
            signer.SignedAttributes.Add(new Pkcs9SigningTime(clock.GetUtcNow().UtcDateTime));
            cms.ComputeSignature(signer);
            return Task.FromResult(cms.Encode());
        }
    }
}
