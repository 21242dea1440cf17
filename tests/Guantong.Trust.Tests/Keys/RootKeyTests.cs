using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guantong.Tests;

/// <summary>Root keys: a file that only its owner reads, and an outside service over HTTPS.</summary>
public sealed class RootKeyTests
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_file_is_made_for_its_owner_alone_and_refused_once_others_can_read_it()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("guantong-root-").FullName, "deep", "root.key");
        Assert.Throws<ConfigurationException>(() => FileRoot.Open(file, Suite.Sm4Gcm, mayMake: false));
        var root = FileRoot.Open(file, Suite.Sm4Gcm, mayMake: true);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var again = FileRoot.Open(file, Suite.Aes256Gcm, mayMake: false);
        Assert.Equal(root.Id, again.Id);
        Assert.Equal(Secret, await again.UnwrapAsync(await root.WrapAsync(Secret, "a"), "a"));
        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await again.UnwrapAsync(await root.WrapAsync(Secret, "a"), "b"));
        foreach (var more in (UnixFileMode[])[UnixFileMode.GroupRead, UnixFileMode.OtherRead, UnixFileMode.OtherWrite])
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
            Assert.Contains("chmod 600", Assert.Throws<ConfigurationException>(() => FileRoot.Open(file, Suite.Sm4Gcm, mayMake: false)).Message, StringComparison.Ordinal);
        }
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(file, "not a key");
        Assert.Contains("no root key", Assert.Throws<ConfigurationException>(() => FileRoot.Open(file, Suite.Sm4Gcm, mayMake: false)).Message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(file))!, true);
    }

    [Theory]
    [InlineData("http://kms.example/v1/transit/guantong")]
    [InlineData("https://user:word@kms.example/v1/transit/guantong")]
    [InlineData("https://kms.example/v1/transit/guantong?x=1")]
    [InlineData("https://kms.example/")]
    [InlineData("ftp://kms.example/v1/transit/guantong")]
    public void A_service_is_reached_over_https_only(string address) =>
        Assert.Throws<ConfigurationException>(() => RootKeys.Open(address, null, Suite.Sm4Gcm, isFresh: false));

    [Fact]
    public async Task A_service_wraps_and_unwraps_and_knows_the_platform_by_its_token()
    {
        await using var service = await Service.StartAsync();
        var root = service.Root("/v1/transit/guantong", "let-me");
        var wrapped = await root.WrapAsync(Secret, "case.a:1:sm4-gcm");
        Assert.StartsWith("vault:v1:", wrapped, StringComparison.Ordinal);
        Assert.Equal(Secret, await root.UnwrapAsync(wrapped, "case.a:1:sm4-gcm"));
        await Assert.ThrowsAsync<CryptographicException>(() => root.UnwrapAsync(wrapped, "case.b:1:sm4-gcm"));
        await Assert.ThrowsAsync<CryptographicException>(() => service.Root("/v1/transit/guantong", "wrong").WrapAsync(Secret, "a"));
    }

    [Theory, InlineData("moved"), InlineData("odd"), InlineData("huge")]
    public async Task A_service_that_sends_on_or_answers_oddly_is_not_believed(string key)
    {
        await using var service = await Service.StartAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => service.Root($"/v1/transit/{key}", "let-me").WrapAsync(Secret, "a"));
        Assert.False(service.WasSentOn);
    }

    [Fact]
    public async Task A_service_whose_certificate_nobody_vouches_for_is_not_told_the_key()
    {
        await using var service = await Service.StartAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => new TransitRoot($"{service.Address}/v1/transit/guantong", "let-me").WrapAsync(Secret, "a"));
        Assert.Equal(0, service.Asked);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Data_keys_stand_under_a_service_and_go_over_to_it_from_a_file(string kind)
    {
        await using var service = await Service.StartAsync();
        await using var home = await KeyHome.MakeAsync(kind);
        var text = await home.SealAsync(home.Node(), "a");
        var outside = service.Root("/v1/transit/guantong", "let-me");
        var both = home.Node(_ => new RootKeys([outside, FileRoot.Open(home.RootFile, Suite.Sm4Gcm, mayMake: false)]));
        Assert.Equal((1, outside.Id), await both.RewrapAsync(KeyHome.Operator));
        File.Delete(home.RootFile);
        var node = home.Node(_ => new RootKeys([outside]));
        Assert.Equal("a", (await home.OpenAsync(node, text)).Text);
        var asked = service.Asked;
        Assert.Equal("a", (await home.OpenAsync(node, text)).Text);
        Assert.Equal(asked, service.Asked);
    }

    /// <summary>A transit engine with one key, on a port of its own.</summary>
    private sealed class Service : IAsyncDisposable
    {
        private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
        private readonly X509Certificate2 _certificate = Certify();
        private readonly WebApplication _app;
        private int _asked;

        private Service()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(_certificate)));
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.Logging.ClearProviders();
            _app = builder.Build();
            _app.MapPost("/v1/transit/encrypt/guantong", (JsonElement body, HttpContext http) => Answer(http, () => new { ciphertext = "vault:v1:" + Convert.ToBase64String(Suite.Aes256Gcm.Seal(_key, Bytes(body, "plaintext"), Bytes(body, "associated_data"))) }));
            _app.MapPost("/v1/transit/decrypt/guantong", (JsonElement body, HttpContext http) => Answer(http, () => new { plaintext = Convert.ToBase64String(Suite.Aes256Gcm.Open(_key, Convert.FromBase64String(body.GetProperty("ciphertext").GetString()!["vault:v1:".Length..]), Bytes(body, "associated_data"))) }));
            _app.MapPost("/v1/transit/encrypt/moved", (HttpContext http) => { http.Response.Headers.Location = "/elsewhere"; return Results.StatusCode(307); });
            _app.MapPost("/elsewhere", () => { WasSentOn = true; return new { data = new { ciphertext = "x" } }; });
            _app.MapPost("/v1/transit/encrypt/odd", () => new { data = 1 });
            _app.MapPost("/v1/transit/encrypt/huge", () => new { data = new { ciphertext = new string('a', 1 << 20) } });
        }

        public bool WasSentOn { get; private set; }

        public int Asked => _asked;

        public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        public static async Task<Service> StartAsync()
        {
            var service = new Service();
            await service._app.StartAsync();
            return service;
        }

        public TransitRoot Root(string path, string token) => new(Address + path, token,
            more: h => h.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == _certificate.GetCertHashString());

        private IResult Answer(HttpContext http, Func<object> data)
        {
            Interlocked.Increment(ref _asked);
            if (http.Request.Headers["X-Vault-Token"] != "let-me")
                return Results.StatusCode(403);
            try
            {
                return Results.Ok(new { data = data() });
            }
            catch (CryptographicException)
            {
                return Results.StatusCode(400);
            }
        }

        private static byte[] Bytes(JsonElement body, string name) => body.GetProperty(name).GetBytesFromBase64();

        private static X509Certificate2 Certify()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
            return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _certificate.Dispose();
        }
    }
}
