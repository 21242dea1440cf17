using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Guantong.Trust;
using Guantong.Trust.Provider;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>The provider's flows played by an independent client library (npm openid-client), see openid/flows.mjs.</summary>
public sealed class OpenIdFlowTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_independent_client_gets_through_every_flow(string kind)
    {
        var script = await ScriptFolder.Value;
        Assert.SkipWhen(script is null, "npm or its registry is not to be reached: the flows were NOT played with openid-client.");
        using var certificates = new TempFolder();
        var server = Certificate("127.0.0.1", certificates.Path, "server");
        var door = new Uri($"https://127.0.0.1:{ProviderHost.FreePort()}");
        await using var host = await ProviderHost.StartAsync(kind, (data, url) => new ProviderSettings(data, new Uri(url), new MtlsDoor(door, server.Certificate, server.Key)));
        using var machine = RSA.Create(2048);
        var (own, other) = (Certificate("certified", certificates.Path, "own"), Certificate("other", certificates.Path, "other"));
        using var http = host.Operator();
        await AddAsync(http, new { id = "app", name = "演示应用", grants = (string[])["code"], scopes = (string[])["openid", "profile", "unit", "offline_access", "role:steward", "role:auditor"], redirects = (string[])["https://app.example.gov.cn/back"], afterSignOut = (string[])["https://app.example.gov.cn/bye"] });
        await AddAsync(http, new { id = "device", name = "演示设备", grants = (string[])["device"], scopes = (string[])["openid", "profile"] });
        await AddAsync(http, new { id = "machine", name = "演示程序", grants = (string[])["client-credentials", "token-exchange"], scopes = (string[])["role:steward"], keys = new { keys = new[] { Jwk(machine) } } });
        await AddAsync(http, new { id = "certified", name = "演示证书程序", grants = (string[])["client-credentials"], scopes = (string[])["role:steward"], certificate = await File.ReadAllTextAsync(own.Certificate) });
        var key = await http.PostAsJsonAsync("/api/v1/keys", new { name = "k", roles = (string[])["steward"] });
        var flows = JsonSerializer.Serialize(new
        {
            issuer = host.Url + "/", password = Accounts.DemoPassword, machineKey = Convert.ToBase64String(machine.ExportPkcs8PrivateKey()), machineKid = "m1", mtls = door,
            stewardKey = (await key.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString(),
            serverCertificate = await File.ReadAllTextAsync(server.Certificate),
            clientCertificate = await File.ReadAllTextAsync(own.Certificate), clientCertificateKey = await File.ReadAllTextAsync(own.Key),
            otherCertificate = await File.ReadAllTextAsync(other.Certificate), otherCertificateKey = await File.ReadAllTextAsync(other.Key),
        });
        var (code, text) = await RunAsync("node", script!, ["flows.mjs"], ("OPENID_FLOWS", flows));
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(code == 0, text);
        Assert.True(lines.All(l => l.StartsWith("ok ", StringComparison.Ordinal)), text);
        Assert.Equal(["discovery", "code", "refusals", "pushed", "refresh", "userinfo", "revocation", "consent", "device", "keys", "certificate", "exchange", "end"], lines.Select(l => l[3..]));
        // Everything that happened stands in the ledger, and its chain holds.
        var verdict = await host.App.Services.GetRequiredService<Ledger>().VerifyAsync();
        Assert.Null(verdict.FirstBad);
    }

    private static async Task AddAsync(HttpClient http, object client)
    {
        var answer = await http.PostAsJsonAsync("/api/v1/clients", client);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static object Jwk(RSA key)
    {
        static string B64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var parameters = key.ExportParameters(false);
        return new { kty = "RSA", kid = "m1", alg = "RS256", use = "sig", n = B64(parameters.Modulus!), e = B64(parameters.Exponent!) };
    }

    private static (string Certificate, string Key) Certificate(string name, string folder, string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var (pem, secret) = (Path.Combine(folder, file + ".pem"), Path.Combine(folder, file + ".key"));
        File.WriteAllText(pem, certificate.ExportCertificatePem());
        File.WriteAllText(secret, key.ExportPkcs8PrivateKeyPem());
        return (pem, secret);
    }

    // The script with its library, installed once for this run; null where there is no npm or no registry.
    private static readonly Lazy<Task<string?>> ScriptFolder = new(async () =>
    {
        var folder = Directory.CreateTempSubdirectory("guantong-openid-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, true);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "tests", "Guantong.Trust.Tests", "openid")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        try
        {
            var (code, _) = await RunAsync("npm", folder, ["install", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]);
            return code == 0 ? folder : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    });

    private static async Task<(int Code, string Output)> RunAsync(string program, string folder, string[] args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + await complained);
    }

    private sealed class TempFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("guantong-pem-").FullName;
        public void Dispose() => Directory.Delete(Path, true);
    }
}
