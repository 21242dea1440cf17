using System.Buffers.Text;
using System.Security.Cryptography;
using Guantong.Trust;

namespace Guantong.Gateway;

/// <summary>The key by which the gateway signs its answers: ECDSA over P-256, in a file for the platform's eyes only; made when it is first needed. Nodes over one store share it.</summary>
/// <param name="file">GUANTONG_GATEWAY_KEY, or keys/gateway.pem in the data folder.</param>
/// <remarks>ecdsa-p256-sha256 of RFC 9421 §3.3.4: of what that registry names, the fastest here. Checkpoints of the ledger, in which each call stands, are signed by SM2.</remarks>
public sealed class GatewayKey(string file) : IDisposable
{
    private readonly Lock _gate = new();
    private ECDsa? _key;
    private string? _id;

    /// <summary>The key's id: its thumbprint (RFC 7638).</summary>
    public string Id
    {
        get
        {
            lock (_gate)
                return _id ??= Thumbprint(Value.ExportParameters(false));
        }
    }

    /// <summary>Signs; gives r and s, 32 bytes each.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => Value.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>The public half as a JWK (RFC 7517).</summary>
    public object Jwk()
    {
        var point = Value.ExportParameters(false).Q;
        return new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = Id, x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) };
    }

    /// <summary>The public half as SubjectPublicKeyInfo in PEM.</summary>
    public string Pem() => Value.ExportSubjectPublicKeyInfoPem();

    private ECDsa Value
    {
        get
        {
            lock (_gate)
                return _key ??= Read() ?? Make();
        }
    }

    private static string Thumbprint(ECParameters key) =>
        Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(key.Q.X)}}","y":"{{Base64Url.EncodeToString(key.Q.Y)}}"}""")));

    private ECDsa? Read()
    {
        if (!File.Exists(file))
            return null;
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(file));
        return key;
    }

    private ECDsa Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        OwnFile.WriteOnce(file, key.ExportPkcs8PrivateKeyPem());
        return Read()!;
    }

    /// <inheritdoc/>
    public void Dispose() => _key?.Dispose();
}
