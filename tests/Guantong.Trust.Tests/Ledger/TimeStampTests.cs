using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guantong.Tests;

/// <summary>Checkpoints that a time-stamp authority witnesses (RFC 3161): OpenSSL's own, over HTTP.</summary>
public sealed class TimeStampTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_checkpoint_bears_the_authority_s_word_and_an_outsider_checks_it(string store)
    {
        await using var authority = await Authority.StartAsync();
        await using var bed = await LedgerBed.MakeAsync(store, authority.Address("/stamp"));
        await bed.WriteAsync(3);
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);
        var made = (await bed.Checkpoints.MakeAsync("test"))!;
        Assert.InRange(made.StampedAt()!.Value, before, DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Null((await bed.Ledger.VerifyAsync()).FirstBad);

        await File.WriteAllTextAsync(Path.Combine(bed.Folder, "word.json"), JsonSerializer.Serialize(made, JsonSerializerOptions.Web));
        await File.WriteAllTextAsync(Path.Combine(bed.Folder, "key.pem"), bed.Key.Value.Public.ToPem());
        var (code, said) = await Verifier.RunAsync(bed.Folder, $"checkpoint word.json --key key.pem --authority {authority.Certificate}");
        Assert.True(code == 0 && said.Contains("时间戳成立", StringComparison.Ordinal), said);
        // Another authority's certificate does not vouch for it, nor does this one's for a word that was changed.
        await using var other = await Authority.StartAsync();
        Assert.Equal(1, (await Verifier.RunAsync(bed.Folder, $"checkpoint word.json --key key.pem --authority {other.Certificate}")).Code);
        await bed.WriteAsync(2);
        var next = (await bed.Checkpoints.MakeAsync("test"))!;
        await File.WriteAllTextAsync(Path.Combine(bed.Folder, "word.json"), JsonSerializer.Serialize(next with { Token = made.Token }, JsonSerializerOptions.Web));
        Assert.Equal(1, (await Verifier.RunAsync(bed.Folder, $"checkpoint word.json --key key.pem --authority {authority.Certificate}")).Code);
    }

    [Theory, InlineData("/refuses"), InlineData("/garbage"), InlineData("/replays"), InlineData("/gone"), InlineData("/huge")]
    public async Task An_authority_that_fails_leaves_a_checkpoint_without_its_word(string how)
    {
        await using var authority = await Authority.StartAsync();
        await using var bed = await LedgerBed.MakeAsync("sqlite", authority.Address(how));
        await bed.WriteAsync(3);
        // What it replays is a sound token, over other data.
        var first = await bed.Checkpoints.MakeAsync("test");
        Assert.Equal(how == "/replays", first!.Token is not null);
        await bed.WriteAsync(3);
        Assert.Null((await bed.Checkpoints.MakeAsync("test"))!.Token);
        Assert.Null((await bed.Ledger.VerifyAsync()).FirstBad);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_token_that_is_changed_is_found(string store)
    {
        await using var authority = await Authority.StartAsync();
        await using var bed = await LedgerBed.MakeAsync(store, authority.Address("/stamp"));
        await bed.WriteAsync(3);
        var token = Convert.FromBase64String((await bed.Checkpoints.MakeAsync("test"))!.Token!);
        token[token.Length / 2] ^= 1;
        await using var connection = await bed.BreakInAsync();
        await connection.ExecuteAsync("UPDATE ledger_checkpoint SET token = @token", new { token = Convert.ToBase64String(token) });
        Assert.Equal("token", (await bed.Ledger.VerifyAsync()).Why);
    }

    private sealed class Authority : IAsyncDisposable
    {
        private readonly string _home = Directory.CreateTempSubdirectory("guantong-tsa-").FullName;
        private readonly WebApplication _app;
        private byte[]? _first;

        private Authority()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
            builder.Logging.ClearProviders();
            _app = builder.Build();
            _app.MapPost("/stamp", async (HttpRequest request) => Results.Bytes(await StampAsync(request), "application/timestamp-reply"));
            _app.MapPost("/replays", async (HttpRequest request) => Results.Bytes(_first ??= await StampAsync(request), "application/timestamp-reply"));
            // A refusal in the protocol's own words (§2.4.2): status 2, and no token.
            _app.MapPost("/refuses", () => Results.Bytes([0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02], "application/timestamp-reply"));
            _app.MapPost("/garbage", () => Results.Text("<html>welcome</html>"));
            _app.MapPost("/gone", () => Results.StatusCode(503));
            _app.MapPost("/huge", () => Results.Bytes(new byte[2 << 20]));
        }

        public string Certificate => Path.Combine(_home, "tsa.pem");

        public Uri Address(string path) => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + path);

        public static async Task<Authority> StartAsync()
        {
            Assert.SkipUnless(File.Exists("/usr/bin/openssl"), "OpenSSL's commands are not installed; ./guantong test installs them.");
            var authority = new Authority();
            await File.WriteAllTextAsync(Path.Combine(authority._home, "tsa.conf"), $"""
                [tsa]
                default_tsa = here
                [here]
                serial = {authority._home}/serial
                crypto_device = builtin
                signer_cert = {authority._home}/tsa.pem
                signer_key = {authority._home}/tsa.key
                signer_digest = sha256
                default_policy = 1.2.3.4.1
                digests = sha256
                [req]
                distinguished_name = name
                [name]
                """);
            await authority.RunAsync("req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.pem -days 2 -subj /CN=demo-tsa -config tsa.conf -addext extendedKeyUsage=critical,timeStamping -addext keyUsage=critical,digitalSignature");
            await authority._app.StartAsync();
            return authority;
        }

        private async Task<byte[]> StampAsync(HttpRequest request)
        {
            var name = Guid.NewGuid().ToString("n");
            await using (var query = File.Create(Path.Combine(_home, name)))
                await request.Body.CopyToAsync(query);
            await RunAsync($"ts -reply -config tsa.conf -queryfile {name} -out {name}.reply");
            return await File.ReadAllBytesAsync(Path.Combine(_home, name + ".reply"));
        }

        private async Task RunAsync(string line)
        {
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/openssl", line.Split(' ')) { WorkingDirectory = _home, RedirectStandardError = true })!;
            var said = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, said);
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            Directory.Delete(_home, true);
        }
    }
}
