using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Guantong.Gateway;
using Guantong.Hosting;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Two jurisdictions' platforms exchange messages over mutual TLS, signed and on record at both; what is not whole, known, new, in time and in order is refused.</summary>
public sealed class ExchangeTests
{
    private const string Gauge = $"{SharedPack.Id}/gauge";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Zhejiang gives, Beijing asks: each knows the other's certificate, and Beijing holds a grant over Zhejiang's gauges.
    private sealed class Two : IAsyncDisposable
    {
        public required RunningPlatform Zhejiang { get; init; }

        public required RunningPlatform Beijing { get; init; }

        public required StandingClock Clock { get; init; }

        public required int Port { get; init; }

        public string Grant { get; private set; } = "";

        public static async Task<Two> StartAsync(string store)
        {
            var (clock, port, other) = (new StandingClock(), FreePort(), FreePort());
            var two = new Two
            {
                Clock = clock, Port = port,
                Zhejiang = await RunningPlatform.StartAsync(store, clock: clock, exchange: new Uri($"https://127.0.0.1:{port}")),
                Beijing = await RunningPlatform.StartAsync(store, jurisdiction: "beijing", clock: clock, exchange: new Uri($"https://127.0.0.1:{other}")),
            };
            await two.Zhejiang.Services.GetRequiredService<Peers>().PutAsync(Policy.Operator, PeerOf(two.Beijing, other));
            await two.Beijing.Services.GetRequiredService<Peers>().PutAsync(Policy.Operator, PeerOf(two.Zhejiang, port));
            await SharedPack.ApplyAsync(two.Zhejiang);
            using var bureau = await two.Zhejiang.SignInAsync("data-bureau");
            var asked = await bureau.PostAsJsonAsync("/api/v1/exchange/peers/beijing/requests", new { about = Gauge, terms = new { purpose = "statistics", @for = "京浙水位对照", fields = (string[])["id", "level"], forms = (string[])["query"], perMinute = 100_000, perDay = 1_000_000 } });
            Assert.True(asked.StatusCode == HttpStatusCode.Created, await asked.Content.ReadAsStringAsync());
            var id = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("request").GetProperty("id").GetString();
            using var ecology = await two.Zhejiang.SignInAsync("steward-ecology");
            await ecology.PostAsJsonAsync($"/api/v1/sharing/requests/{id}/decide", new { agree = true });
            using var second = await two.Zhejiang.SignInAsync("duty");
            var file = await bureau.GetFromJsonAsync<JsonElement>($"/api/v1/sharing/requests/{id}");
            if (file.GetProperty("request").GetProperty("state").GetString() == "open")
            {
                // The bureau's own request is another's to agree to.
                var colleague = new Person("bureau-b", "演示·数据乙", "Demo", "official", "zj-data", "330000", ["data-bureau"]);
                await two.Zhejiang.Services.GetRequiredService<Data.SharingBook>().DecideAsync(colleague, id!, true, null);
                file = await bureau.GetFromJsonAsync<JsonElement>($"/api/v1/sharing/requests/{id}");
            }
            two.Grant = file.GetProperty("grant").GetProperty("id").GetString()!;
            return two;
        }

        public static Peer PeerOf(RunningPlatform platform, int port, string state = "active")
        {
            var identity = platform.Services.GetRequiredService<ExchangeIdentity>();
            return new Peer(identity.Id, identity.Id == "beijing" ? "北京市" : "浙江省", $"https://127.0.0.1:{port}", identity.Certificate.ExportCertificatePem(), state);
        }

        public async Task<HttpClient> CallerAsync()
        {
            var http = Beijing.Anonymous();
            http.DefaultRequestHeaders.Add("X-API-Key", (await Beijing.Services.GetRequiredService<Accounts>().IssueKeyAsync(Policy.Operator, "program", [])).Key);
            http.DefaultRequestHeaders.Add(GatewayCall.PurposeHeader, "statistics");
            return http;
        }

        public async ValueTask DisposeAsync()
        {
            await Zhejiang.DisposeAsync();
            await Beijing.DisposeAsync();
        }
    }

    [Shows("plat-sharing")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_call_crosses_under_a_grant_and_either_side_can_prove_it_afterwards(string store)
    {
        await using var two = await Two.StartAsync(store);
        using var program = await two.CallerAsync();
        using var answer = await program.GetAsync($"/exchange/peers/zhejiang/calls/{two.Grant}/rows?id=A");
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, said);
        Assert.Equal(1, JsonSerializer.Deserialize<JsonElement>(said).GetProperty("rows")[0].GetProperty("level").GetDouble());
        var id = answer.Headers.GetValues(ExchangeApi.MessageHeaderName).Single();
        // What the grant does not open stays closed to the peer as to anybody; nothing beside the gateway is to be had.
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync($"/exchange/peers/zhejiang/calls/{two.Grant}/rows?fields=region")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync("/exchange/peers/zhejiang/calls/nothing/rows")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync("/exchange/peers/nowhere/calls/x")).StatusCode);

        foreach (var (platform, login) in ((RunningPlatform, string)[])[(two.Beijing, "data-bureau"), (two.Zhejiang, "auditor")])
        {
            using var official = await platform.SignInAsync(login);
            var proof = await official.GetStringAsync($"/api/v1/exchange/messages/{id}/proof");
            Assert.Equal("", Faults(proof, Encoding.UTF8.GetBytes(said)));
            Assert.NotEqual("", Faults(proof.Replace("rows?id=A", "rows?id=B", StringComparison.Ordinal), Encoding.UTF8.GetBytes(said)));
            Assert.NotEqual("", Faults(proof, Encoding.UTF8.GetBytes(said + " ")));
            var file = Path.Combine(platform.Folder, "proof.json");
            await File.WriteAllTextAsync(file, proof);
            var body = Path.Combine(platform.Folder, "answer.json");
            await File.WriteAllTextAsync(body, said);
            Assert.Equal(0, await Verifier.RunAsync("message", file, "--answer", body));
            await File.WriteAllTextAsync(file, proof.Replace("rows?id=A", "rows?id=B", StringComparison.Ordinal));
            Assert.Equal(1, await Verifier.RunAsync("message", file));
        }
        // The Desk finds it and tells what its signatures are worth.
        foreach (var screen in store == "sqlite" ? (Screen[])[Screen.Desktop, Screen.Phone] : [])
        {
            await using var visitor = await Visitor.ComeAsync(two.Zhejiang, screen);
            await visitor.SignInAsync("auditor");
            await visitor.OpenAsync($"/desk/sharing/exchange?message={id}");
            await visitor.SeesAsync("双方签名都有效");
            await visitor.LooksAsync("sharing-exchange-proof");
            await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "查看留痕" }).ClickAsync();
            await visitor.SeesAsync(id);
        }
        Assert.Null((await two.Zhejiang.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
        Assert.Null((await two.Beijing.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
    }

    // Checked here by the documented form alone, with none of the platform's own code.
    private static string Faults(string proof, byte[] answerBody)
    {
        var root = JsonSerializer.Deserialize<JsonElement>(proof);
        var keys = root.GetProperty("certificates").EnumerateArray().Select(c => X509Certificate2.CreateFromPem(c.GetString()!).GetECDsaPublicKey()!).ToList();
        var faults = new List<string>();
        string Hash(string part, ECDsa key)
        {
            var it = root.GetProperty(part);
            byte[] signed = [.. Encoding.ASCII.GetBytes("guantong message 1\n"), .. SHA256.HashData(Encoding.UTF8.GetBytes(it.GetProperty("header").GetString()!)), .. Convert.FromHexString(it.GetProperty("digest").GetString()!)];
            if (!key.VerifyData(signed, Convert.FromBase64String(it.GetProperty("signature").GetString()!), HashAlgorithmName.SHA256))
                faults.Add($"{part} is not signed");
            return Convert.ToHexStringLower(SHA256.HashData(signed));
        }
        var asked = Hash("message", keys[0]);
        Hash("answer", keys[1]);
        if (JsonSerializer.Deserialize<JsonElement>(root.GetProperty("answer").GetProperty("header").GetString()!).GetProperty("answersHash").GetString() != asked)
            faults.Add("the answer is to another message");
        if (Convert.ToHexStringLower(SHA256.HashData(answerBody)) != root.GetProperty("answer").GetProperty("digest").GetString())
            faults.Add("the body is another");
        return string.Join("; ", faults);
    }

    private static MessageHeader Header(Two two, string? id = null, string kind = "call", string from = "beijing", string to = "zhejiang", TimeSpan off = default, long? number = null, string? path = null) =>
        new(id ?? Guid.NewGuid().ToString("n"), kind, from, to, null, Time.Write(two.Clock.Now + off), "GET", path ?? $"/{two.Grant}/rows", null, new() { [GatewayCall.PurposeHeader] = "statistics" }, null, null, number);

    private static byte[] Made(MessageHeader header, ECDsa key, string body = "")
    {
        var (head, text) = (Message.Write(header), Encoding.UTF8.GetBytes(body));
        var digest = SHA256.HashData(text);
        var length = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, head.Length);
        return [.. length, .. head, .. text, .. digest, .. Message.Sign(key, head, digest)];
    }

    private static async Task<string> SendAsync(Two two, byte[] message, X509Certificate2 certificate)
    {
        using var handler = new SocketsHttpHandler { SslOptions = { ClientCertificates = [certificate], LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate, RemoteCertificateValidationCallback = (_, server, _, _) => server?.GetCertHashString() == two.Zhejiang.Services.GetRequiredService<ExchangeIdentity>().Certificate.GetCertHashString() } };
        using var http = new HttpClient(handler);
        using var content = new ByteArrayContent(message) { Headers = { ContentType = new MediaTypeHeaderValue(Message.ContentType) } };
        using var answer = await http.PostAsync($"https://127.0.0.1:{two.Port}{ExchangeIn.Path}", content);
        return answer.Content.Headers.ContentType?.MediaType == Message.ContentType ? "taken" : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Revoked_expired_replayed_altered_strange_and_cut_off_messages_are_refused(string store)
    {
        await using var two = await Two.StartAsync(store);
        var identity = two.Beijing.Services.GetRequiredService<ExchangeIdentity>();
        var (key, certificate) = (identity.Key, identity.Certificate);
        Task<string> Send(byte[] message) => SendAsync(two, message, certificate);
        var good = Made(Header(two), key);
        Assert.Equal("taken", await Send(good));
        Assert.Equal("exchange-replayed", await Send(good));
        Assert.Equal("exchange-expired", await Send(Made(Header(two, off: TimeSpan.FromMinutes(-6)), key)));
        Assert.Equal("exchange-expired", await Send(Made(Header(two, off: TimeSpan.FromMinutes(6)), key)));
        Assert.Equal("exchange-address", await Send(Made(Header(two, from: "shanghai"), key)));
        Assert.Equal("exchange-address", await Send(Made(Header(two, to: "beijing"), key)));
        Assert.Equal("exchange-address", await Send(Made(Header(two, kind: "answer"), key)));
        using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256))
            Assert.Equal("exchange-altered", await Send(Made(Header(two), other)));
        // Any byte of it altered, wherever it stands.
        var fresh = Made(Header(two), key, "body");
        for (var at = 4; at < fresh.Length; at += 7)
        {
            var altered = (byte[])fresh.Clone();
            altered[at] ^= 1;
            Assert.True(await Send(altered) is "exchange-altered" or "exchange-form", $"byte {at}");
        }
        foreach (var length in (int[])[0, 3, 4, 40, fresh.Length - 97, fresh.Length - 1])
            Assert.True(await Send(fresh[..length]) is "exchange-cut" or "exchange-altered" or "exchange-form", $"{length} bytes");
        Assert.Equal("exchange-form", await Send([0x7f, 0xff, 0xff, 0xff, .. fresh[4..]]));
        // No path leads out of the gateway.
        foreach (var path in (string[])["/../api/v1/status", "/%2e%2e/api/v1/status", "//api/v1/status"])
            Assert.True(await Send(Made(Header(two, path: path), key)) is "taken" or "exchange-form");
        // Somebody else's certificate, and a revoked peer's.
        using var strangerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = new CertificateRequest("CN=beijing", strangerKey, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var strange = X509CertificateLoader.LoadPkcs12(stranger.Export(X509ContentType.Pkcs12), null);
        Assert.Equal("exchange-unknown", await SendAsync(two, Made(Header(two), strangerKey), strange));
        Assert.Equal("taken", await Send(Made(Header(two), key)));
        await two.Zhejiang.Services.GetRequiredService<Peers>().PutAsync(Policy.Operator, Two.PeerOf(two.Beijing, 9, "revoked"));
        Assert.Equal("exchange-revoked", await Send(Made(Header(two), key)));
        await two.Zhejiang.Services.GetRequiredService<CallJournal>().CatchUpAsync();
        var refused = await two.Zhejiang.Services.GetRequiredService<Ledger>().PageAsync(new LedgerQuery(Action: "exchange.refused"), 0, 1);
        Assert.True(refused.Total > 20);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Posts_come_once_and_in_order_though_the_other_side_is_down_for_an_hour(string store)
    {
        await using var two = await Two.StartAsync(store);
        using var program = await two.CallerAsync();
        async Task PostAsync(string body) => Assert.Equal(HttpStatusCode.Accepted, (await program.PostAsync("/exchange/peers/zhejiang/posts/levels", new StringContent(body, Encoding.UTF8, "text/plain"))).StatusCode);
        var outbox = two.Beijing.Services.GetRequiredService<Outbox>();
        await PostAsync("一");
        Assert.Equal(1, await outbox.DeliverAsync());
        // Zhejiang is nowhere to be reached: its address leads nowhere.
        var peers = two.Beijing.Services.GetRequiredService<Peers>();
        await peers.PutAsync(Policy.Operator, Two.PeerOf(two.Zhejiang, FreePort()));
        for (var i = 0; i < 60; i++)
        {
            await PostAsync($"{i}");
            Assert.Equal(0, await outbox.DeliverAsync());
            two.Clock.Now += TimeSpan.FromMinutes(1);
        }
        Assert.Equal(60, (await outbox.ListAsync("waiting", 100)).Count);
        await peers.PutAsync(Policy.Operator, Two.PeerOf(two.Zhejiang, two.Port));
        two.Clock.Now += TimeSpan.FromMinutes(3);
        Assert.Equal(60, await outbox.DeliverAsync());
        var inbox = await two.Zhejiang.Services.GetRequiredService<Outbox>().InboxAsync("beijing", 0, 500);
        Assert.Equal(["一", .. Enumerable.Range(0, 60).Select(i => $"{i}")], inbox.Select(m => Encoding.UTF8.GetString(m.Body)));

        // Sent again, since its receipt was lost, the last is known; an older one, and one out of turn, are refused.
        var (key, certificate) = (two.Beijing.Services.GetRequiredService<ExchangeIdentity>().Key, two.Beijing.Services.GetRequiredService<ExchangeIdentity>().Certificate);
        var last = inbox[^1];
        Assert.Equal("taken", await SendAsync(two, Made(Header(two, last.Id, "post", number: last.Number, path: "levels"), key, "59"), certificate));
        Assert.Equal("exchange-replayed", await SendAsync(two, Made(Header(two, kind: "post", number: 3, path: "levels"), key, "x"), certificate));
        Assert.Equal("exchange-order", await SendAsync(two, Made(Header(two, kind: "post", number: last.Number + 2, path: "levels"), key, "x"), certificate));
        Assert.Equal(61, (await two.Zhejiang.Services.GetRequiredService<Outbox>().InboxAsync("beijing", 0, 500)).Count);
        using var official = await two.Zhejiang.SignInAsync("auditor");
        Assert.Equal("", Faults(await official.GetStringAsync($"/api/v1/exchange/messages/{last.Id}/proof"), []));
    }
}
