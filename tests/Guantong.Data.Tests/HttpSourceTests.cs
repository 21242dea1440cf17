using Guantong.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guantong.Tests;

/// <summary>Rows from HTTP APIs: whole over any way of paging, and a clear refusal from those that err, hang, drop, lie or lead elsewhere.</summary>
public sealed class HttpSourceTests
{
    private const int All = 25, Size = 10;

    private static object Row(int i) => new { gauge = $"G{i:00}", day = "2026-03-01", level = i, code = (string?)null };

    private static List<object> Rows(int skip, int take) => [.. Enumerable.Range(0, All).Skip(skip).Take(take).Select(Row)];

    [Theory]
    [InlineData("by: number, parameter: page, size: 10, size-parameter: size")]
    [InlineData("by: offset, parameter: skip, size: 10")]
    [InlineData("by: cursor, parameter: after, next: /next")]
    [InlineData("by: link")]
    public async Task All_rows_come_over_whatever_way_pages_go(string pages)
    {
        await using var source = await Source.StartAsync(async (http, _) =>
        {
            var query = http.Request.Query;
            var skip = query.TryGetValue("skip", out var s) ? int.Parse(s!, System.Globalization.CultureInfo.InvariantCulture) : query.TryGetValue("page", out var p) ? (int.Parse(p!, System.Globalization.CultureInfo.InvariantCulture) - 1) * Size : query.TryGetValue("after", out var a) ? int.Parse(a!, System.Globalization.CultureInfo.InvariantCulture) : 0;
            if (skip + Size < All)
                http.Response.Headers.Link = $"</rows?skip={skip + Size}>; rel=\"next\", </rows>; rel=first";
            await http.Response.WriteAsJsonAsync(new { items = Rows(skip, Size), next = skip + Size < All ? $"{skip + Size}" : null });
        });
        Assert.Equal(All, await source.FetchAsync($"pages: {{{pages}}}"));
    }

    [Fact]
    public async Task A_source_that_is_busy_is_asked_again_when_it_says()
    {
        await using var source = await Source.StartAsync(async (http, n) =>
        {
            if (n < 3)
            {
                http.Response.StatusCode = n == 1 ? 429 : 503;
                http.Response.Headers.RetryAfter = "7";
                return;
            }
            await http.Response.WriteAsJsonAsync(new { items = Rows(0, All) });
        });
        Assert.Equal(All, await source.FetchAsync());
        Assert.Equal(3, source.Asked);
    }

    [Fact]
    public async Task A_token_is_had_and_sent()
    {
        await using var source = await Source.StartAsync(async (http, _) =>
        {
            if (http.Request.Path == "/token")
            {
                var form = await http.Request.ReadFormAsync();
                Assert.Equal(("client_credentials", "Basic " + Convert.ToBase64String("us:secret"u8)), (form["grant_type"].ToString(), http.Request.Headers.Authorization.ToString()));
                await http.Response.WriteAsJsonAsync(new { access_token = "t-1", token_type = "Bearer" });
            }
            else if (http.Request.Headers.Authorization == "Bearer t-1")
                await http.Response.WriteAsJsonAsync(new { items = Rows(0, All) });
            else
                http.Response.StatusCode = 401;
        });
        Assert.Equal("source-login", (await Assert.ThrowsAsync<LoadRefusedException>(() => source.FetchAsync())).Code);
        source.Connection = source.Connection with { Login = "us", Auth = "oauth2", TokenAddress = source.Address + "/token" };
        Assert.Equal(All, await source.FetchAsync());
    }

    [Fact]
    public async Task What_is_fetched_next_begins_where_the_last_ended()
    {
        await using var source = await Source.StartAsync((http, _) => http.Response.WriteAsJsonAsync(new { items = Rows(http.Request.Query.TryGetValue("from", out var from) ? int.Parse(from!, System.Globalization.CultureInfo.InvariantCulture) : 0, All) }));
        const string since = "since: level\nsince-parameter: from";
        Assert.Equal(All, await source.FetchAsync(since));
        Assert.Equal("24", source.Position);
        Assert.Equal(1, await source.FetchAsync(since));
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "404", "http-status" }, { "500 for ever", "http-status" }, { "401", "source-login" }, { "403", "source-login" }, { "redirect", "http-redirects" },
        { "html", "json-broken" }, { "cut", "source-broke" }, { "drops", "source-broke" }, { "hangs", "source-hangs" }, { "hangs midway", "source-hangs" },
        { "loops", "http-loops" }, { "elsewhere", "http-elsewhere" }, { "no list", "json-no-list" }, { "renamed midway", "json-member-missing" }, { "endless answer", "http-large" }, { "nobody", "source-broke" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task A_source_that_cannot_be_trusted_is_refused(string kind, string code)
    {
        var over = new CancellationTokenSource();
        await using var source = await Source.StartAsync(async (http, n) =>
        {
            switch (kind)
            {
                case "404": http.Response.StatusCode = 404; break;
                case "500 for ever": http.Response.StatusCode = 500; break;
                case "401": http.Response.StatusCode = 401; break;
                case "403": http.Response.StatusCode = 403; break;
                case "redirect": http.Response.Redirect("http://169.254.169.254/latest/meta-data"); break;
                case "html": await http.Response.WriteAsync("<html>busy</html>"); break;
                case "cut":
                    http.Response.ContentLength = 1000;
                    await http.Response.WriteAsync("{\"items\":[");
                    http.Abort();
                    break;
                case "drops": http.Abort(); break;
                case "hangs": await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); break;
                case "hangs midway":
                    await http.Response.WriteAsync("{\"items\":[");
                    await http.Response.Body.FlushAsync();
                    await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
                case "loops":
                    http.Response.Headers.Link = $"</rows?page={n % 3}>; rel=\"next\"";
                    await http.Response.WriteAsJsonAsync(new { items = Rows(0, 1) });
                    break;
                case "elsewhere":
                    http.Response.Headers.Link = "<http://127.0.0.1:1/rows>; rel=\"next\"";
                    await http.Response.WriteAsJsonAsync(new { items = Rows(0, 1) });
                    break;
                case "no list": await http.Response.WriteAsJsonAsync(new { items = 7 }); break;
                case "renamed midway":
                    http.Response.Headers.Link = $"</rows?n={n}>; rel=\"next\"";
                    await http.Response.WriteAsJsonAsync(new { items = n == 1 ? Rows(0, 5) : [new { gauge = "X", day = "2026-03-01", height = 3, code = "a" }] });
                    break;
                default:
                    while (!http.RequestAborted.IsCancellationRequested)
                        await http.Response.Body.WriteAsync(new byte[1 << 20]);
                    break;
            }
        });
        if (kind == "nobody")
            source.Connection = source.Connection with { Address = "http://127.0.0.1:1" };
        if (kind.StartsWith("hangs", StringComparison.Ordinal))
            source.Clock.Hurry();
        var refused = await Assert.ThrowsAsync<LoadRefusedException>(() => source.FetchAsync("pages: {by: link}"));
        Assert.Equal(code, refused.Code);
        Assert.All((string[])["zh-CN", "en"], lang => Assert.DoesNotContain("{", refused.Say(lang), StringComparison.Ordinal));
        await over.CancelAsync();
    }

    /// <summary>Time that is over as soon as somebody waits for it: at once for pauses, when hurried for patience too.</summary>
    private sealed class QuickClock : TimeProvider
    {
        private bool _hurries;

        public void Hurry() => _hurries = true;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime < Patience.Longest ? TimeSpan.Zero : _hurries ? TimeSpan.FromMilliseconds(500) : dueTime, period);
    }

    private sealed class Source : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly string _folder = Directory.CreateTempSubdirectory("guantong-http-").FullName;
        private int _asked, _made;

        private Source(Func<HttpContext, int, Task> answer)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(http => answer(http, Interlocked.Increment(ref _asked)));
            Connection = new Connection("office", "http", "");
        }

        public static async Task<Source> StartAsync(Func<HttpContext, int, Task> answer)
        {
            var source = new Source(answer);
            await source._app.StartAsync();
            source.Connection = source.Connection with { Address = source.Address };
            return source;
        }

        public string Address => _app.Urls.First();

        public int Asked => _asked;

        public Connection Connection { get; set; }

        public QuickClock Clock { get; } = new();

        public string? Position { get; private set; }

        public async Task<long> FetchAsync(string more = "")
        {
            using var desk = new GaugeDesk($"from: http-api\nat: office\naddress: /rows\nrecords: /items\n{more}\ncolumns: {{gauge: gauge, day: day, level: level, code: code}}");
            using var client = HttpRows.Client();
            using var patience = new Patience(Clock, TestContext.Current.CancellationToken);
            var (file, position) = await new HttpRows(client, Clock).FetchAsync(new OpenConnection(Connection, "secret"), desk.Levels.Feed!, Position, Path.Combine(_folder, $"{_made++}.csv"), patience);
            Position = position;
            return file?.Records ?? 0;
        }

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync(new CancellationToken(true));
            await _app.DisposeAsync();
            Directory.Delete(_folder, true);
        }
    }
}
