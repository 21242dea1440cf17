using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Files with tasks and applications: kept once, looked at, shown to whom they concern.</summary>
public sealed class AttachmentTests
{
    private const string Photos = """{"photos": {"type": "array", "items": {"type": "string"}, "title": "现场照片", "x-file": {"types": ["jpg", "png"], "megabytes": 1}, "maxItems": 2}}""";

    private static Task<long> CountAsync(RunningPlatform platform, string table) => platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}"));

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_official_attaches_files_to_a_task_equal_ones_are_kept_once_and_come_back_as_they_were(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var official = await platform.SignInAsync("worker-huzhou");
        var (number, task) = await Sheets.ReportedAsync(platform, official);
        var (_, another) = await Sheets.ReportedAsync(platform, official);
        // Larger than a part, so that it is kept in several.
        var content = Sheets.Pdf(string.Concat(Enumerable.Range(0, 90_000).Select(i => i.ToString("x", System.Globalization.CultureInfo.InvariantCulture))));
        var added = await official.SendAsync($"/api/v1/tasks/{task}/attachments?name={Uri.EscapeDataString(@"..\..\证据<b>.pdf")}", content).JsonAsync();
        Assert.Equal("证据_b_.pdf", added.GetProperty("name").GetString());
        Assert.Equal("not-scanned", added.GetProperty("scan").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), added.GetProperty("sha256").GetString());
        var parts = await CountAsync(platform, "work_blob_part");
        Assert.InRange(parts, 2, 10);
        var again = await official.SendAsync($"/api/v1/tasks/{another}/attachments?name=b.pdf", content).JsonAsync();
        Assert.Equal((1, parts, 2), (await CountAsync(platform, "work_blob"), await CountAsync(platform, "work_blob_part"), await CountAsync(platform, "work_attachment")));
        // What is kept is sealed.
        Assert.DoesNotContain("%PDF", (await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteScalarAsync<string>("SELECT sealed FROM work_blob_part WHERE place = 0")))!, StringComparison.Ordinal);

        using var taken = await official.GetAsync($"/api/v1/cases/{number}/attachments/{added.GetProperty("id").GetString()}");
        Assert.Equal(content, await taken.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment", taken.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", Assert.Single(taken.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("application/pdf", taken.Content.Headers.ContentType!.MediaType);

        Assert.Equal("204", await official.DeleteAsync($"/api/v1/tasks/{task}/attachments/{added.GetProperty("id").GetString()}").ToldAsync());
        Assert.Equal((1, 1), (await CountAsync(platform, "work_blob"), await CountAsync(platform, "work_attachment")));
        Assert.Equal("404 file-gone", await official.DeleteAsync($"/api/v1/tasks/{task}/attachments/{added.GetProperty("id").GetString()}").ToldAsync());
        Assert.Equal("204", await official.DeleteAsync($"/api/v1/tasks/{another}/attachments/{again.GetProperty("id").GetString()}").ToldAsync());
        Assert.Equal((0, 0, 0), (await CountAsync(platform, "work_blob"), await CountAsync(platform, "work_blob_part"), await CountAsync(platform, "work_attachment")));
        var ledger = await official.GetStringAsync($"/api/v1/cases/{number}/ledger");
        Assert.Contains(added.GetProperty("sha256").GetString()!, ledger, StringComparison.Ordinal);
        Assert.Contains("证据_b_.pdf", ledger, StringComparison.Ordinal);
        Assert.Null((await platform.Services.GetRequiredService<Ledger>().VerifyAsync(TestContext.Current.CancellationToken)).FirstBad);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Only_who_works_on_a_task_attaches_and_removes_and_only_until_it_is_done(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var official = await platform.SignInAsync("worker-huzhou");
        using var elsewhere = await platform.SignInAsync("worker-hangzhou");
        using var citizen = await platform.SignInAsync("citizen-a");
        var (number, task) = await Sheets.ReportedAsync(platform, official);
        var path = $"/api/v1/tasks/{task}/attachments";
        Assert.Equal("404 task-gone", await elsewhere.SendAsync(path + "?name=a.pdf", Sheets.Pdf()).ToldAsync());
        Assert.StartsWith("403", await citizen.SendAsync(path + "?name=a.pdf", Sheets.Pdf()).ToldAsync(), StringComparison.Ordinal);
        var id = (await official.SendAsync(path + "?name=a.pdf", Sheets.Pdf()).JsonAsync()).GetProperty("id").GetString();
        Assert.StartsWith("404", await elsewhere.DeleteAsync($"{path}/{id}").ToldAsync(), StringComparison.Ordinal);
        Assert.Equal("404 not-found", await elsewhere.GetAsync($"/api/v1/cases/{number}/attachments/{id}").ToldAsync());
        Assert.StartsWith("403", await citizen.GetAsync($"/api/v1/cases/{number}/attachments/{id}").ToldAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(official, number, "inspect", new { confirmed = false, finding = "现场没有发现焚烧" }));
        Assert.Equal("409 task-done", await official.SendAsync(path + "?name=b.pdf", Sheets.Pdf()).ToldAsync());
        Assert.Equal("409 task-done", await official.DeleteAsync($"{path}/{id}").ToldAsync());
        Assert.Equal("200", await official.GetAsync($"/api/v1/cases/{number}/attachments/{id}").ToldAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_no_file_that_is_taken_is_refused_and_nothing_is_kept(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var official = await platform.SignInAsync("worker-huzhou");
        var (_, task) = await Sheets.ReportedAsync(platform, official);
        var path = $"/api/v1/tasks/{task}/attachments?name=";
        Assert.Equal("422 file-type", await official.SendAsync(path + "a.zip", Sheets.Docx()).ToldAsync());
        Assert.Equal("422 file-mismatch", await official.SendAsync(path + "a.pdf", "MZ\u0090\0"u8.ToArray()).ToldAsync());
        Assert.Equal("422 file-unpacks", await official.SendAsync(path + "a.docx", Sheets.Docx(("word/media/x", new byte[40 << 20]))).ToldAsync());
        Assert.Equal("422 file-empty", await official.SendAsync(path + "a.pdf", []).ToldAsync());
        Assert.Equal("422 file-field", await official.SendAsync(path + "a.pdf&field=none", Sheets.Pdf()).ToldAsync());
        Assert.Equal("413 file-large", await official.SendAsync(path + "a.png", Sheets.Png((10 << 20) + 1)).ToldAsync());
        using var form = new FormUrlEncodedContent([new("a", "b")]);
        Assert.Equal("415 not-bytes", await official.PostAsync(path + "a.pdf", form).ToldAsync());
        using var bytes = new ByteArrayContent([1]);
        bytes.Headers.ContentType = new("application/octet-stream");
        Assert.Equal("415 not-json", await official.PostAsync($"/api/v1/tasks/{task}/take", bytes).ToldAsync());
        Assert.Equal(0, await CountAsync(platform, "work_attachment"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_applicant_gives_files_with_an_application_and_alone_sees_them_beside_the_unit(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        await Sheets.WithFieldsAsync(platform, Photos, "photos");
        using var mine = await platform.SignInAsync("citizen-a");
        using var other = await platform.SignInAsync("citizen-b");
        using var anyone = platform.Anonymous();
        const string service = $"/api/v1/services/{Sheets.Pack}/air-report";
        var data = new { kind = "其他", place = "测试路", seen_on = "2026-11-01", photos = (string[])["forged"] };
        using var without = await mine.PostAsJsonAsync($"{service}/applications", new { region = "330500", data, @for = "self" });
        Assert.Contains("photos", await without.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, without.StatusCode);

        Assert.Equal("422 file-type", await mine.SendAsync($"{service}/files?field=photos&name=a.pdf", Sheets.Pdf()).ToldAsync());
        Assert.Equal("422 file-field", await mine.SendAsync($"{service}/files?field=place&name=a.png", Sheets.Png()).ToldAsync());
        Assert.Equal("413 file-large", await mine.SendAsync($"{service}/files?field=photos&name=a.png", Sheets.Png((1 << 20) + 1)).ToldAsync());
        var first = await mine.SendAsync($"{service}/files?field=photos&name={Uri.EscapeDataString("张三家门口.png")}", Sheets.Png()).JsonAsync();
        var basket = first.GetProperty("basket").GetString()!;
        var second = await mine.SendAsync($"{service}/files?field=photos&name=b.jpg", Sheets.Jpg(), basket).JsonAsync();
        Assert.Equal("409 file-many", await mine.SendAsync($"{service}/files?field=photos&name=c.jpg", Sheets.Jpg(), basket).ToldAsync());
        // Whoever knows the file but not the basket does nothing to it.
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{service}/files/{second.GetProperty("id").GetString()}");
        request.Headers.Add("Basket", "guessed");
        Assert.Equal("404 file-gone", await other.SendAsync(request).ToldAsync());

        var receipt = await mine.PostAsJsonAsync($"{service}/applications", new { region = "330500", data, @for = "self", files = basket }).JsonAsync();
        var number = receipt.GetProperty("number").GetString()!;
        var file = await mine.GetFromJsonAsync<JsonElement>($"/api/v1/me/applications/{number}");
        Assert.Equal(["张三家门口.png", "b.jpg"], file.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("name").GetString()));
        var id = first.GetProperty("id").GetString()!;
        Assert.Equal(Sheets.Png(), await mine.GetByteArrayAsync($"/api/v1/me/applications/{number}/attachments/{id}"));
        Assert.Equal("404 not-found", await other.GetAsync($"/api/v1/me/applications/{number}/attachments/{id}").ToldAsync());
        Assert.Equal("404 not-found", await anyone.GetAsync($"/api/v1/applications/{number}/attachments/{id}?code=AAAA").ToldAsync());

        await platform.RunJobsAsync();
        using var official = await platform.SignInAsync("worker-huzhou");
        using var leader = await platform.SignInAsync("leader-ecology");
        // What the case knows is which files lie there, not what the sender said.
        var kept = JsonDocument.Parse((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").GetProperty("data").GetString()!).RootElement;
        Assert.Equal([id, second.GetProperty("id").GetString()], kept.GetProperty("photos").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal("200", await official.GetAsync($"/api/v1/cases/{number}/attachments/{id}").ToldAsync());
        Assert.Equal("403 file-personal", await leader.GetAsync($"/api/v1/cases/{number}/attachments/{id}").ToldAsync());
        var names = (await leader.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/attachments")).EnumerateArray().Select(f => f.GetProperty("name").GetString());
        Assert.Equal(["•••.png", "•••.jpg"], names);
        var ledger = await official.GetStringAsync($"/api/v1/cases/{number}/ledger");
        Assert.Contains("attachment.read", ledger, StringComparison.Ordinal);
        Assert.DoesNotContain("张三", ledger, StringComparison.Ordinal);

        // With the code, whoever applied without an account.
        var third = await anyone.SendAsync($"{service}/files?field=photos&name=d.jpg", Sheets.Jpg()).JsonAsync();
        var looked = await anyone.PostAsJsonAsync($"{service}/applications", new { region = "330500", data, files = third.GetProperty("basket").GetString() }).JsonAsync();
        Assert.Equal(Sheets.Jpg(), await anyone.GetByteArrayAsync($"/api/v1/applications/{looked.GetProperty("number").GetString()}/attachments/{third.GetProperty("id").GetString()}?code={looked.GetProperty("code").GetString()}"));
        // A basket that was used up is empty.
        Assert.Equal("422 fields", await anyone.PostAsJsonAsync($"{service}/applications", new { region = "330500", data, files = third.GetProperty("basket").GetString() }).ToldAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_same_content_attached_and_removed_at_the_same_time_is_there_for_whoever_attached_it(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var official = await platform.SignInAsync("worker-huzhou");
        var (number, task) = await Sheets.ReportedAsync(platform, official);
        var path = $"/api/v1/tasks/{task}/attachments";
        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i => (await official.SendAsync($"{path}?name=a{i}.pdf", Sheets.Pdf()).JsonAsync()).GetProperty("id").GetString()));
        Assert.Equal(1, await CountAsync(platform, "work_blob"));
        var (_, other) = await Sheets.ReportedAsync(platform, official);
        var acts = ids.Select(id => official.DeleteAsync($"{path}/{id}").ToldAsync()).Append(official.SendAsync($"/api/v1/tasks/{other}/attachments?name=b.pdf", Sheets.Pdf()).ToldAsync());
        Assert.Equal(["204", "204", "204", "204", "204", "204", "201"], await Task.WhenAll(acts));
        Assert.Equal((1, 1, 1), (await CountAsync(platform, "work_blob"), await CountAsync(platform, "work_blob_part"), await CountAsync(platform, "work_attachment")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Once_the_key_is_destroyed_nobody_opens_a_file_and_the_same_content_can_come_again(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var official = await platform.SignInAsync("worker-huzhou");
        var (number, task) = await Sheets.ReportedAsync(platform, official);
        var id = (await official.SendAsync($"/api/v1/tasks/{task}/attachments?name=a.pdf", Sheets.Pdf()).JsonAsync()).GetProperty("id").GetString();
        await platform.Services.GetRequiredService<DataKeys>().DestroyAsync(CaseSeals.KeyOf(Sheets.Pack), null, "试", Policy.Operator, TestContext.Current.CancellationToken);
        Assert.Equal("410 file-erased", await official.GetAsync($"/api/v1/cases/{number}/attachments/{id}").ToldAsync());
        var again = (await official.SendAsync($"/api/v1/tasks/{task}/attachments?name=b.pdf", Sheets.Pdf()).JsonAsync()).GetProperty("id").GetString();
        Assert.Equal(Sheets.Pdf(), await official.GetByteArrayAsync($"/api/v1/cases/{number}/attachments/{again}"));
    }

    // EICAR's text, which every scanner takes for a virus; in two parts, so that none takes this file for one.
    private static readonly string Eicar = @"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

    [Fact]
    public async Task A_scanner_that_is_set_up_keeps_viruses_out_and_lets_nothing_in_while_it_cannot_be_reached()
    {
        using var clamd = new Clamd();
        await using (var platform = await RunningPlatform.StartAsync("sqlite", scanner: $"clamd://127.0.0.1:{clamd.Port}"))
        {
            using var official = await platform.SignInAsync("worker-huzhou");
            var (_, task) = await Sheets.ReportedAsync(platform, official);
            var path = $"/api/v1/tasks/{task}/attachments?name=a.pdf";
            Assert.Equal("422 file-infected", await official.SendAsync(path, Sheets.Pdf(Eicar)).ToldAsync());
            Assert.Equal("clean", (await official.SendAsync(path, Sheets.Pdf()).JsonAsync()).GetProperty("scan").GetString());
            Assert.Equal(Sheets.Pdf().Length, clamd.Last);
            clamd.Dispose();
            Assert.Equal("503 file-scan-failed", await official.SendAsync(path, Sheets.Pdf()).ToldAsync());
            Assert.Equal(1, await CountAsync(platform, "work_attachment"));
        }
        if (!File.Exists("/bin/grep"))
            return;
        // grep finds nothing: 1, which a scanner says of a virus; so what it finds is what is clean here.
        var scan = new VirusScan("/bin/grep -q clean");
        Assert.Equal("clean", await scan.ScanAsync(new MemoryStream("it is clean"u8.ToArray()), TestContext.Current.CancellationToken));
        Assert.Equal("file-infected", (await Assert.ThrowsAsync<ConflictException>(() => scan.ScanAsync(new MemoryStream("x"u8.ToArray()), TestContext.Current.CancellationToken))).Code);
        Assert.Equal("file-scan-failed", (await Assert.ThrowsAsync<ConflictException>(() => new VirusScan("/no/such/scanner").ScanAsync(new MemoryStream("x"u8.ToArray()), TestContext.Current.CancellationToken))).Code);
        Assert.Throws<ConfigurationException>(() => new VirusScan("icap://127.0.0.1"));
    }

    /// <summary>Speaks clamd's INSTREAM, and knows one virus.</summary>
    private sealed class Clamd : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Clamd()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>How many bytes the last file had.</summary>
        public int Last { get; private set; }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var tcp = await _listener.AcceptTcpClientAsync();
                    await using var stream = tcp.GetStream();
                    var head = new byte[10];
                    await stream.ReadExactlyAsync(head);
                    using var file = new MemoryStream();
                    var length = new byte[4];
                    for (; ; )
                    {
                        await stream.ReadExactlyAsync(length);
                        var size = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(length);
                        if (size == 0)
                            break;
                        var chunk = new byte[size];
                        await stream.ReadExactlyAsync(chunk);
                        file.Write(chunk);
                    }
                    Last = (int)file.Length;
                    var found = Encoding.UTF8.GetString(head) == "zINSTREAM\0" && Encoding.UTF8.GetString(file.ToArray()).Contains(Eicar, StringComparison.Ordinal);
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(found ? "stream: Eicar-Test-Signature FOUND\0" : "stream: OK\0"));
                }
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        public void Dispose() => _listener.Stop();
    }
}
