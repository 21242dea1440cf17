using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Guantong.Data;
using Guantong.Gateway;
using Guantong.Hosting;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Guantong.Bench;

/// <summary>Calls of a unit's interface through the gateway (key, grant, purpose, fields picked and masked, rate, quota, signature, journal and ledger), beside nginx that only passes them on; both in front of the same nginx, which answers 1 KiB of JSON.</summary>
internal static class GatewayBench
{
    private const int Warming = 2, Rounds = 3;

    public static async Task<Ratio> RunAsync()
    {
        HttpLoad.Need("nginx", "h2load");
        using var scratch = new Scratch();
        var (behind, before) = (FreePort(), FreePort());
        using var nginx = Nginx(scratch.Fresh("nginx"), behind, before);
        await using var app = await Platform.BuildAsync(new Settings(Places.Root, scratch.Fresh("data"), null, "zhejiang", "http://127.0.0.1:0", Demo: true), workers: true);
        await app.StartAsync();
        await using var empty = await EmptyAsync(behind);
        try
        {
            var (whole, key) = await GrantAsync(app, behind, ["id", "name", "note", "level"]);
            var (part, _) = await GrantAsync(app, behind, ["id", "name", "level"]);
            string[] headers = ["X-API-Key: " + key, $"{GatewayCall.PurposeHeader}: statistics"];
            string Address(string grant) => $"{app.Urls.First()}/gateway/{grant}/service/one.json";
            var peer = $"http://127.0.0.1:{before}/one.json";
            List<double> ofPeer = [], ofWhole = [], ofPart = [], ofEmpty = [], ofSigning = [];
            for (var round = -Warming; round < Rounds; round++)
            {
                var (a, b) = (await HttpLoad.RateAsync(peer, []), await HttpLoad.RateAsync(Address(whole), headers));
                var spent = Environment.CpuUsage.TotalTime;
                var c = await HttpLoad.RateAsync(Address(part), headers);
                spent = Environment.CpuUsage.TotalTime - spent;
                var (d, e) = (await HttpLoad.RateAsync(empty.Urls.First() + "/plain/one.json", []), await HttpLoad.RateAsync(empty.Urls.First() + "/signed/one.json", []));
                // The runtime compiles what is called often anew while the first rounds run.
                if (round < 0)
                    continue;
                ofPeer.Add(a);
                ofWhole.Add(b);
                ofPart.Add(c);
                ofEmpty.Add(d);
                ofSigning.Add(e);
                Measure.Say($"nginx {a:0}/s; gateway {b:0}/s with every field granted, {c:0}/s with one left out and one masked, which takes {spent.TotalMicroseconds / (c * HttpLoad.Seconds):0} µs of processor each");
            }
            Measure.Say($"what the parts alone allow: an empty YARP {Measure.Median(ofEmpty):0}/s ({Measure.Median(ofEmpty) / Measure.Median(ofPeer):0.00}), one that signs each answer and does nothing else {Measure.Median(ofSigning):0}/s ({Measure.Median(ofSigning) / Measure.Median(ofPeer):0.00})");
            await app.Services.GetRequiredService<CallJournal>().CatchUpAsync();
            var half = Measure.Median(ofPart) / 2;
            var (direct, through) = (await HttpLoad.LatencyAsync(peer, [], half, scratch), await HttpLoad.LatencyAsync(Address(part), headers, half, scratch));
            Measure.Say($"at half load ({half:0}/s): nginx p50 {direct.Half:0.00} ms, p99 {direct.Most:0.00} ms; gateway p50 {through.Half:0.00} ms, p99 {through.Most:0.00} ms; added at p99: {through.Most - direct.Most:0.00} ms (3 wanted)");
            return new Ratio(Measure.Median(ofPart) / Measure.Median(ofPeer), 0.5);
        }
        finally
        {
            nginx.Kill(entireProcessTree: true);
            await app.StopAsync();
        }
    }

    // The same server and client code with nothing of the gateway's between, and with its signature alone: more than this no policy can leave.
    private static async Task<WebApplication> EmptyAsync(int behind)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseCookies = false, ActivityHeadersPropagator = null });
        var signing = new Signing();
        app.Run(async http =>
        {
            var isSigned = http.Request.Path.StartsWithSegments("/signed", out var path);
            http.Request.Path = isSigned ? path : "/one.json";
            await forwarder.SendAsync(http, $"http://127.0.0.1:{behind}", client, ForwarderRequestConfig.Empty, isSigned ? signing : HttpTransformer.Default);
        });
        await app.StartAsync();
        return app;
    }

    private sealed class Signing : HttpTransformer
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public override async ValueTask<bool> TransformResponseAsync(HttpContext http, HttpResponseMessage? answer, CancellationToken cancel)
        {
            await base.TransformResponseAsync(http, answer, cancel);
            http.Response.Headers["Signature"] = Convert.ToBase64String(_key.SignData(Guid.NewGuid().ToByteArray(), HashAlgorithmName.SHA256));
            return true;
        }
    }

    private static async Task<(string Grant, string Key)> GrantAsync(WebApplication app, int port, string[] fields)
    {
        var services = app.Services;
        await services.GetRequiredService<Connections>().PutAsync(new Connection("behind", "http", $"http://127.0.0.1:{port}"), null, Policy.Operator);
        var bureau = new Person("bench", "bench", "bench", "official", "zj-data", "330000", ["data-bureau"]);
        var its = new ShareInterface("behind", "示例接口", "", "zj-ecology", "1.0.0", "behind", "unconditional", 1, [new("id", "编号"), new("name", "姓名", "name"), new("note", "备注"), new("level", "水位")], null);
        await services.GetRequiredService<InterfaceBook>().PutAsync(bureau, its);
        var transport = new Person("bench-transport", "bench", "bench", "official", "zj-transport", "330000", ["case-worker", "leader"]);
        var terms = new ShareTerms("statistics", "测量网关", null, fields, new Dictionary<string, string>(), null, ["service"], "any", 600_000, 100_000_000, 90, []);
        var book = services.GetRequiredService<SharingBook>();
        var file = await book.AskAsync(transport, "interface:behind", terms);
        foreach (var decider in (Person[])[new("bench-ecology", "bench", "bench", "official", "zj-ecology", "330000", ["steward"]), bureau])
        {
            if (file.Request.State == "open")
                file = await book.DecideAsync(decider, file.Request.Id, true, null);
        }
        var grant = file.Grant ?? throw new InvalidOperationException(file.Request.State);
        return (grant.Id, (await services.GetRequiredService<Accounts>().IssueKeyAsync(transport, "bench", [PolicyBook.Consumer])).Key);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Nginx(string folder, int behind, int before)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "one.json"), $$"""{"id":"A-1","name":"欧阳示例","level":3.5,"note":"{{new string('x', 960)}}"}""");
        File.WriteAllText(Path.Combine(folder, "nginx.conf"), $$"""
            daemon off; worker_processes 2; pid {{folder}}/pid; error_log {{folder}}/error.log;
            events { worker_connections 1024; }
            http {
              access_log off; keepalive_requests 1000000000; types { application/json json; }
              client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              upstream behind { server 127.0.0.1:{{behind}}; keepalive 64; keepalive_requests 1000000000; }
              server { listen 127.0.0.1:{{behind}}; root {{folder}}; }
              server { listen 127.0.0.1:{{before}}; location / { proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; } }
            }
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.GetDirectoryName(folder)!, (UnixFileMode)0b111_101_101);
        return Process.Start(new ProcessStartInfo("nginx", ["-c", Path.Combine(folder, "nginx.conf"), "-p", folder]) { RedirectStandardError = true })!;
    }
}
