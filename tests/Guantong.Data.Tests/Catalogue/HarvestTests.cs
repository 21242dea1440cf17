using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Harvest of other catalogues: again and again without doubles, what is gone is marked, and a source that errs or lies changes nothing.</summary>
public sealed class HarvestTests
{
    private static readonly string Recorded = File.ReadAllText(Path.Combine(Repository.Root, "tests/material/catalogue/ckan.json"));

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_recorded_CKAN_catalogue_is_harvested_twice_without_doubles_and_what_is_gone_is_marked(string store)
    {
        await using var bed = await CatalogueBed.MakeAsync(store);
        var answer = Recorded;
        using var site = new Site(_ => (200, "application/json", answer));
        var harvester = Harvester(bed);
        await harvester.PutAsync(CatalogueBed.Bureau, new HarvestSource("city", "示例市", "ckan", site.Address, "0 3 * * *"));
        Assert.Equal(new HarvestCounts(3, 0, 0, 0, 0), await CountsAsync(harvester));
        Assert.Equal(new HarvestCounts(0, 0, 3, 0, 0), await CountsAsync(harvester));
        var all = await bed.Book.AllAsync(false).ToListAsync();
        Assert.Equal(["示例数据集 1", "水质监测 <b>加粗</b>", "dataset-2"], all.OrderBy(k => k.Entry.Code).Select(k => k.Entry.Name).OrderByDescending(n => n, StringComparer.Ordinal).OrderBy(n => n == "dataset-2").ThenBy(n => n.StartsWith('水')));
        var first = all.Single(k => k.Entry.Name == "示例数据集 1").Entry;
        Assert.Equal(("示例市生态环境局", "monthly", "csv", "https://ckan.example.org/d/1.csv", "2025-01-01"), (first.Provider, first.Cycle, first.Formats[0], first.Downloads[0], first.Published));
        Assert.Equal(["https://ckan.example.org/a.xlsx"], all.Single(k => k.Entry.Name.StartsWith('水')).Entry.Downloads);
        // One is gone there and one changed.
        var json = JsonNode.Parse(Recorded)!;
        json["result"]!["results"]!.AsArray().RemoveAt(1);
        json["result"]!["results"]![0]!["title"] = "改了名";
        json["result"]!["count"] = 4;
        answer = json.ToJsonString();
        Assert.Equal(new HarvestCounts(0, 1, 1, 1, 0), await CountsAsync(harvester));
        Assert.Equal("vanished", (await bed.Book.AllAsync(false).ToListAsync()).Single(k => k.Entry.Name == "dataset-2").State);
        Assert.Equal(2, (await bed.Search.FindAsync(new CatalogueQuery(PublicAlone: true))).Total);
        answer = Recorded;
        Assert.Equal(new HarvestCounts(0, 2, 1, 0, 0), await CountsAsync(harvester));
        Assert.Equal("current", (await bed.Book.AllAsync(false).ToListAsync()).Single(k => k.Entry.Name == "dataset-2").State);
        Assert.True(await harvester.RemoveAsync(CatalogueBed.Bureau, "city"));
        Assert.All(await bed.Book.AllAsync(false).ToListAsync(), k => Assert.Equal("vanished", k.State));
        Assert.Null((await new Ledger(bed.Store).VerifyAsync()).FirstBad);
    }

    [Fact]
    public async Task Pages_are_followed_to_the_last_and_no_further()
    {
        await using var bed = await CatalogueBed.MakeAsync("sqlite");
        using var site = new Site(query => (200, "application/json", Page(int.Parse(System.Web.HttpUtility.ParseQueryString(query)["start"]!, System.Globalization.CultureInfo.InvariantCulture), 250)));
        var harvester = Harvester(bed);
        await harvester.PutAsync(CatalogueBed.Bureau, new HarvestSource("city", "示例市", "ckan", site.Address, "0 3 * * *"));
        Assert.Equal(250, (await CountsAsync(harvester)).Added);
        Assert.Equal(3, site.Asked);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "ckan", "status" }, { "ckan", "no-ckan" }, { "ckan", "endless" }, { "ckan", "short" }, { "ckan", "redirects" }, { "ckan", "scheme" }, { "ckan", "inner" }, { "ckan", "unreachable" }, { "ckan", "shrunk" },
        { "dcat", "no-dcat" }, { "dcat", "broken" }, { "dcat", "large" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_source_that_errs_or_lies_is_refused_with_a_clear_message_and_changes_nothing(string kind, string fault)
    {
        await using var bed = await CatalogueBed.MakeAsync("sqlite");
        var isWrong = false;
        using var site = new Site(query => !isWrong ? (200, kind == "ckan" ? "application/json" : "text/turtle", kind == "ckan" ? Recorded : "@prefix dcat: <http://www.w3.org/ns/dcat#> . <http://x/a> a dcat:Dataset .") : fault switch
        {
            "status" => (503, "text/plain", "later"),
            "no-ckan" => (200, "application/json", "{\"success\": true, \"result\": []}"),
            "endless" => (200, "application/json", Page(0, 100_000)),
            "short" => (200, "application/json", query.Contains("start=0", StringComparison.Ordinal) ? Page(0, 300) : "{\"success\": true, \"result\": {\"count\": 300, \"results\": []}}"),
            "redirects" => (302, "again", ""),
            "scheme" => (302, "file:///etc/passwd", ""),
            "inner" => (302, "http://169.254.169.254/latest/meta-data/", ""),
            "shrunk" => (200, "application/json", "{\"success\": true, \"result\": {\"count\": 0, \"results\": []}}"),
            "no-dcat" => (200, "text/html", "<!doctype html><p>sign in</p>"),
            "broken" => (200, "text/turtle", "@prefix dcat: <http://www.w3.org/ns/dcat#> . <http://x/a> a dcat:Dataset ; dcat:keyword \"unfinished"),
            _ => (200, "text/turtle", new string(' ', OutsideFetch.LargestAnswer + 1)),
        });
        var harvester = Harvester(bed);
        await harvester.PutAsync(CatalogueBed.Bureau, new HarvestSource("city", "示例市", kind, site.Address, "0 3 * * *"));
        Assert.Equal("ok", (await harvester.RunAsync("city"))!.Outcome);
        var before = (await bed.Book.AllAsync(false).ToListAsync()).Select(k => (k.Entry.Id, k.Version, k.State)).ToList();
        isWrong = true;
        if (fault == "unreachable")
            site.Dispose();
        var after = (await harvester.RunAsync("city"))!;
        Assert.Equal(fault, after.Outcome);
        Assert.NotEqual(HarvestWords.Say("zh-CN", after), HarvestWords.Say("en", after));
        Assert.DoesNotContain("harvest.", HarvestWords.Say("zh-CN", after), StringComparison.Ordinal);
        Assert.Equal(before, (await bed.Book.AllAsync(false).ToListAsync()).Select(k => (k.Entry.Id, k.Version, k.State)));
    }

    [Theory, InlineData("http://127.0.0.1/"), InlineData("http://localhost/"), InlineData("http://[::1]/"), InlineData("http://10.1.2.3/"), InlineData("http://192.168.1.1/"), InlineData("http://169.254.169.254/"), InlineData("http://[::ffff:127.0.0.1]/"), InlineData("http://0.0.0.0/"), InlineData("http://2130706433/"), InlineData("http://[fd00::1]/"), InlineData("http://[64:ff9b::7f00:1]/")]
    public async Task An_inner_address_is_not_fetched_from_however_it_is_written(string address)
    {
        using var fetch = new OutsideFetch(OutsideNetworks.Read(null), TimeProvider.System);
        Assert.Equal("inner", (await Assert.ThrowsAsync<HarvestException>(() => fetch.GetAsync(new Uri(address), "*/*"))).Code);
    }

    [Fact]
    public void A_source_is_due_by_the_jurisdiction_s_clock_and_a_bad_one_is_told_by_field()
    {
        Assert.Equal(["id", "name", "kind", "address", "schedule"], Guantong.Data.Harvester.Faults(new HarvestSource("A b", " ", "ftp", "ftp://x", "at three")).Keys);
        Assert.Equal(["address"], Guantong.Data.Harvester.Faults(new HarvestSource("a", "a", "dcat", "https://user:secret@example.org/", "0 3 * * *")).Keys);
    }

    // What another Guantong publishes says, in each of the three forms, everything that the form of departments says.
    [Property(MaxTest = 40)]
    public Property An_entry_survives_each_form_of_DCAT() => Prop.ForAll((from e in Entries.One from form in Gen.Elements("ttl", "jsonld", "rdf") select (e, form)).ToArbitrary(), drawn =>
    {
        var (entry, form) = drawn;
        var export = new DcatExport("https://one.example.gov.cn", CatalogueBed.Land);
        using var stream = new MemoryStream();
        IRdfWriter writer = form switch { "ttl" => new TurtleWriter(stream), "jsonld" => new JsonLdWriter(stream), _ => new RdfXmlWriter(stream) };
        foreach (var subject in export.Head().Concat(export.Entry(new KeptEntry(entry, "hand", "", 1, "current", "2026-11-28T00:00:00.000Z", 1), new Dictionary<string, string>())))
            writer.WriteAsync(subject, default).GetAwaiter().GetResult();
        writer.EndAsync(default).GetAwaiter().GetResult();
        var back = Assert.Single(DcatCatalogue.Entries(DcatCatalogue.Statements(stream.ToArray(), form switch { "ttl" => "text/turtle", "jsonld" => "application/ld+json", _ => "application/rdf+xml" }, new Uri("https://one.example.gov.cn/")), new Uri("https://one.example.gov.cn/")));
        // Its address is another's, and so is where it is had.
        var expected = entry with { Id = export.AddressOf("e"), Code = "", Page = back.Page, Downloads = back.Downloads };
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(expected), System.Text.Json.JsonSerializer.Serialize(back));
    });

    [Theory]
    [InlineData("<a> a <b> ; <c> 'x'@en, \"\"\"y\"z\"\"\", 5, 1.5, 1e3, true ; .", 7)]
    [InlineData("PREFIX x: <http://x/>\nx:a x:b [ x:c x:d, ( x:e x:f ) ] . # no more", 7)]
    [InlineData("@base <http://h/p/> . <q> <r> <#s>, <../t> . _:n <r> _:m.", 3)]
    [InlineData("[ <a> <b> ] .", 1)]
    public void Turtle_of_other_hands_is_read(string text, int statements) => Assert.Equal(statements, TurtleReader.Read(text, new Uri("http://at/")).Count);

    [Theory, InlineData("<a> <b>"), InlineData("<a> <b> x:c ."), InlineData("<a> <b> \"c"), InlineData("<a b> <c> <d> ."), InlineData("<a> <b> \"\\uZZZZ\" ."), InlineData("["), InlineData("<a> <b> ( <c> .")]
    public void What_is_no_Turtle_is_told_with_its_line(string text) => Assert.True(Assert.Throws<RdfException>(() => TurtleReader.Read("\n\n" + text, new Uri("http://at/"))).Line >= 3);

    [Fact]
    public void Depth_and_entities_lead_nowhere()
    {
        Assert.Throws<RdfException>(() => TurtleReader.Read("<a> <b> " + new string('[', 5000), new Uri("http://at/")));
        Assert.Throws<RdfException>(() => RdfXmlReader.Read(new MemoryStream("<!DOCTYPE r [<!ENTITY a \"b\">]><r>&a;</r>"u8.ToArray()), new Uri("http://at/")));
        Assert.Throws<RdfException>(() => JsonLdReader.Read("{\"@context\": \"https://elsewhere.example/context.jsonld\", \"@id\": \"x\"}"u8.ToArray(), new Uri("http://at/")));
    }

    private static Harvester Harvester(CatalogueBed bed) => new(bed.Store, new OutsideFetch(OutsideNetworks.Read("127.0.0.1/32"), TimeProvider.System), CatalogueBed.Land, TimeProvider.System);

    private static async Task<HarvestCounts> CountsAsync(Harvester harvester)
    {
        var source = (await harvester.RunAsync("city"))!;
        Assert.True(source.Outcome == "ok", $"{source.Outcome} {source.Detail}");
        return System.Text.Json.JsonSerializer.Deserialize<HarvestCounts>(source.Detail!, CatalogueBook.Json)!;
    }

    private static string Page(int start, int count) => new JsonObject
    {
        ["success"] = true,
        ["result"] = new JsonObject { ["count"] = count, ["results"] = new JsonArray([.. Enumerable.Range(start, Math.Clamp(count - start, 0, 100)).Select(n => (JsonNode)new JsonObject { ["id"] = $"p{n}", ["name"] = $"p{n}", ["title"] = $"数据集 {n}", ["notes"] = "说明" })]) },
    }.ToJsonString();

    // A site of the test's own on a free port.
    private sealed class Site : IDisposable
    {
        private readonly HttpListener _listener = new();

        public Site(Func<string, (int Status, string Type, string Body)> answer)
        {
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            }
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = Task.Run(async () =>
            {
                while (_listener.IsListening)
                {
                    var context = await _listener.GetContextAsync();
                    Asked++;
                    var (status, type, body) = answer(context.Request.Url!.Query);
                    context.Response.StatusCode = status;
                    if (status is >= 300 and < 400)
                        context.Response.RedirectLocation = type == "again" ? context.Request.Url.AbsoluteUri : type;
                    else
                        context.Response.ContentType = type;
                    try
                    {
                        context.Response.Close(Encoding.UTF8.GetBytes(body), false);
                    }
                    catch (HttpListenerException)
                    {
                        // Whoever asked went away.
                    }
                }
            });
        }

        public string Address { get; }

        public int Asked { get; private set; }

        public void Dispose() => ((IDisposable)_listener).Dispose();
    }
}
