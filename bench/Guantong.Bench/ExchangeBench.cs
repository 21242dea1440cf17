using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using Guantong.Data;
using Guantong.Gateway;
using Guantong.Hosting;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guantong.Bench;

/// <summary>Messages of 1 KiB from one platform to another (mutual TLS, signed both ways, on record at both sides), beside the same calls over the same mutual TLS without any of it; and bodies of 1 GB in how much memory.</summary>
internal static class ExchangeBench
{
    private const int AtOnce = 16, Warming = 4, Rounds = 3;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    public static async Task<Ratio> RunAsync()
    {
        using var scratch = new Scratch();
        await using var behind = await EchoAsync();
        var (port, plain) = (FreePort(), FreePort());
        await using var giving = await StartAsync(scratch, "zhejiang", new Uri($"https://127.0.0.1:{port}"));
        await using var asking = await StartAsync(scratch, "beijing", null);
        var (here, there) = (giving.Services.GetRequiredService<ExchangeIdentity>(), asking.Services.GetRequiredService<ExchangeIdentity>());
        await giving.Services.GetRequiredService<Peers>().PutAsync(Policy.Operator, new Peer(there.Id, "北京市", "https://127.0.0.1:9", there.Certificate.ExportCertificatePem(), "active"));
        await asking.Services.GetRequiredService<Peers>().PutAsync(Policy.Operator, new Peer(here.Id, "浙江省", $"https://127.0.0.1:{port}", here.Certificate.ExportCertificatePem(), "active"));
        var grant = await GrantAsync(giving, behind.Urls.First());
        await using var bare = await BareAsync(here, plain, behind.Urls.First());

        var body = new byte[1024];
        Random.Shared.NextBytes(body);
        var key = (await asking.Services.GetRequiredService<Accounts>().IssueKeyAsync(new Person("bench", "bench", "bench", "official", "bench", "110000", []), "bench", [])).Key;
        using var local = new HttpClient { BaseAddress = new Uri(asking.Urls.First()), Timeout = TimeSpan.FromMinutes(10) };
        local.DefaultRequestHeaders.Add("X-API-Key", key);
        local.DefaultRequestHeaders.Add(GatewayCall.PurposeHeader, "statistics");
        using var mutual = new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { ClientCertificates = [there.Certificate], LocalCertificateSelectionCallback = (_, _, _, _, _) => there.Certificate, RemoteCertificateValidationCallback = (_, server, _, _) => server?.GetCertHashString() == here.Certificate.GetCertHashString() } }) { BaseAddress = new Uri($"https://127.0.0.1:{plain}") };
        var path = $"/exchange/peers/zhejiang/calls/{grant}/service/echo";
        List<double> signed = [], unsigned = [];
        for (var round = -Warming; round < Rounds; round++)
        {
            var a = await RateAsync(mutual, "/echo", body);
            var spent = Environment.CpuUsage.TotalTime;
            var b = await RateAsync(local, path, body);
            spent = Environment.CpuUsage.TotalTime - spent;
            // The runtime compiles what is called often anew while the first rounds run.
            if (round < 0)
                continue;
            unsigned.Add(a);
            signed.Add(b);
            Measure.Say($"over mutual TLS alone {a:0}/s; signed, through the gateway and on record at both sides {b:0}/s, which takes {spent.TotalMicroseconds / (b * Round.TotalSeconds):0} µs of processor each");
        }
        await LargeAsync(local, path);
        await giving.StopAsync();
        await asking.StopAsync();
        return new Ratio(Measure.Median(signed) / Measure.Median(unsigned), 0.25);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<WebApplication> StartAsync(Scratch scratch, string jurisdiction, Uri? exchange)
    {
        var app = await Platform.BuildAsync(new Settings(Places.Root, scratch.Fresh(jurisdiction), null, jurisdiction, "http://127.0.0.1:0", Demo: true) { Exchange = exchange }, workers: true);
        await app.StartAsync();
        return app;
    }

    // What answers in the end: it gives back as much as it was given, once it has all of it, as services do; HTTP/1.1 clients send before they read.
    private static async Task<WebApplication> EchoAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        app.Run(async http =>
        {
            http.Response.ContentType = "application/octet-stream";
            if (http.Request.ContentLength <= 1 << 16)
            {
                using var small = new MemoryStream();
                await http.Request.Body.CopyToAsync(small);
                await http.Response.Body.WriteAsync(small.GetBuffer().AsMemory(0, (int)small.Length));
                return;
            }
            var (size, buffer) = (0L, new byte[1 << 16]);
            while (await http.Request.Body.ReadAsync(buffer) is > 0 and var read)
                size += read;
            await new Zeros(size).CopyToAsync(http.Response.Body);
        });
        await app.StartAsync();
        return app;
    }

    // The same way without the exchange: mutual TLS, and passed on.
    private static async Task<WebApplication> BareAsync(ExchangeIdentity identity, int port, string behind)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.ListenLocalhost(port, o => o.UseHttps(identity.Certificate, h =>
        {
            h.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            h.AllowAnyClientCertificate();
        })));
        var app = builder.Build();
        var client = new HttpClient { BaseAddress = new Uri(behind) };
        app.Run(async http =>
        {
            using var content = new StreamContent(http.Request.Body) { Headers = { ContentLength = http.Request.ContentLength } };
            using var answer = await client.PostAsync("/echo", content);
            await answer.Content.CopyToAsync(http.Response.Body);
        });
        await app.StartAsync();
        return app;
    }

    private static async Task<string> GrantAsync(WebApplication app, string behind)
    {
        var services = app.Services;
        await services.GetRequiredService<Connections>().PutAsync(new Connection("behind", "http", behind), null, Policy.Operator);
        var bureau = new Person("bench", "bench", "bench", "official", "zj-data", "330000", ["data-bureau"]);
        await services.GetRequiredService<InterfaceBook>().PutAsync(bureau, new ShareInterface("behind", "示例接口", "", "zj-ecology", "1.0.0", "behind", "unconditional", 1, [new("id", "编号")], null));
        var terms = new ShareTerms("statistics", "测量交换", null, ["id"], new Dictionary<string, string>(), null, ["service"], "any", 600_000, 100_000_000, 90, []);
        var file = await services.GetRequiredService<SharingBook>().AskAsync(bureau, "interface:behind", terms, asker: new Unit("peer:beijing", "北京市", "", "", "peer", "", []));
        return file.Grant?.Id ?? throw new InvalidOperationException(file.Request.State);
    }

    private static async Task<double> RateAsync(HttpClient http, string path, byte[] body)
    {
        var (watch, calls) = (Stopwatch.StartNew(), 0L);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < Round)
            {
                using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
                using var answer = await http.PostAsync(path, content);
                var back = await answer.Content.ReadAsByteArrayAsync();
                if (!answer.IsSuccessStatusCode || !back.AsSpan().SequenceEqual(body))
                    throw new InvalidOperationException($"{(int)answer.StatusCode} {System.Text.Encoding.UTF8.GetString(back)}");
                Interlocked.Increment(ref calls);
            }
        })));
        return calls / watch.Elapsed.TotalSeconds;
    }

    private static async Task LargeAsync(HttpClient http, string path)
    {
        foreach (var size in (long[])[64 << 20, 1L << 30])
        {
            GC.Collect();
            var (before, most) = (Environment.WorkingSet, 0L);
            using var stop = new CancellationTokenSource();
            var watching = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    most = Math.Max(most, Environment.WorkingSet);
                    await Task.Delay(20);
                }
            });
            var watch = Stopwatch.StartNew();
            using var content = new StreamContent(new Zeros(size)) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            var (back, buffer) = (0L, new byte[1 << 16]);
            await using var stream = await answer.Content.ReadAsStreamAsync();
            while (await stream.ReadAsync(buffer) is > 0 and var read)
                back += read;
            await stop.CancelAsync();
            await watching;
            if (back != size)
                throw new InvalidOperationException($"{back} of {size} bytes came back");
            Measure.Say($"a body of {size >> 20} MB there and back in {watch.Elapsed.TotalSeconds:0.0} s: {(most - before) >> 20} MB of memory more at its peak, with both platforms and the caller in one process");
        }
    }

    private sealed class Zeros(long size) : Stream
    {
        private long _left = size;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var now = (int)Math.Min(_left, buffer.Length);
            buffer[..now].Clear();
            _left -= now;
            return now;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
