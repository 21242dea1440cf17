using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>The base libraries and what is built on them: samples go in as delivered, and the figures come out as one works them out by hand from the files.</summary>
public sealed class LibrariesJourneyTests
{
    private static readonly string[] Libraries = ["base.population", "base.legal-entities", "base.places", "base.licences", "base.credit", "base.economy", "subject.market-vitality", "subject.elder-care"];

    [Shows("plat-subject-libraries")]
    [Shows("plat-base-libraries", Lacks = "the space library as layers on a map")]
    [Shows("plat-credit-centre", Lacks = "evaluation with reasons, dispute and repair, use in matters")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Samples_go_through_the_layers_and_give_the_figures_of_the_subjects(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        foreach (var id in Libraries)
        {
            await platform.ApplyAsync(id);
            await platform.Services.GetRequiredService<ClosedLoop>().LoadSamplesAsync(platform.Services.GetRequiredService<PackRegistry>().Find(id)!, Path.Combine(Repository.Root, "packs", id.Replace('.', '/')));
        }
        using var anyone = await platform.SignInAsync(null);
        using var steward = await platform.SignInAsync("steward");

        // Every row of every sample was taken, every dataset has rows, and nothing that a rule of grade error asks for is broken.
        foreach (var dataset in platform.Services.GetRequiredService<PackRegistry>().Applied.Values.Where(a => Libraries.Contains(a.Pack.Id)).SelectMany(a => a.Pack.Datasets.Select(d => (Pack: a.Pack.Id, Dataset: d))))
        {
            var rows = platform.Services.GetRequiredService<Warehouse>().RowCount(dataset.Pack, dataset.Dataset.Id);
            if (dataset.Dataset.Feed is { IsDelivered: true, Path: { } path })
                Assert.True(Sample(dataset.Pack, path.Name).Count == rows, $"{dataset.Dataset.Id}: {rows}");
            Assert.True(rows > 0, dataset.Dataset.Id);
            var broken = QualityView.Last(platform.Services.GetRequiredService<Warehouse>(), dataset.Pack, dataset.Dataset.Id).Where(r => r.Grade == "error" && !r.Passed);
            Assert.Empty(broken.Select(r => $"{dataset.Pack}/{dataset.Dataset.Id} {r.Rule} {r.Field} {r.Measured}"));
        }

        // Three bodies stand in two registers; each is one.
        var entities = await RowsAsync(anyone, "base.legal-entities", "entity");
        Assert.Equal(Delivered("raw-enterprise", "uscc").Concat(Delivered("raw-social", "统一社会信用代码")).Concat(Delivered("raw-public", "代码")).Distinct().Order(StringComparer.Ordinal), entities.Select(e => e["code"]).Order(StringComparer.Ordinal));

        // A subject, by hand: beds of running homes on file by the end of 2025 over elders, for the province.
        var homes = Sample("subject.elder-care", "samples/raw-home.csv").Where(h => h["状态"] != "停业" && string.CompareOrdinal(h["备案日期"], "2025-12-31") <= 0);
        var elders = Sample("subject.elder-care", "samples/elders.csv").Where(e => e["day"] == "2025-12-31").Sum(e => double.Parse(e["persons"], CultureInfo.InvariantCulture));
        var beds = await FigureAsync(anyone, "subject.elder-care", "beds", "2025-01-01");
        Assert.Equal(1000 * homes.Sum(h => double.Parse(h["床位数"], CultureInfo.InvariantCulture)) / elders, beds, 6);

        // The quarter's own figure is what came to the sum since January.
        var hangzhou = Sample("base.economy", "samples/raw-quarter.csv").Where(r => r["地区"] == "330100" && r["年"] == "2026" && r["指标"] == "地区生产总值").ToDictionary(r => r["季"], r => double.Parse(r["累计值"], CultureInfo.InvariantCulture));
        var third = (await RowsAsync(anyone, "base.economy", "region-quarter")).First(r => r["region"] == "330100" && r["quarter"].StartsWith("2026-07-01", StringComparison.Ordinal));
        Assert.Equal(hangzhou["3"] - hangzhou["2"], double.Parse(third["gdp"], CultureInfo.InvariantCulture), 3);

        // What was mended or is over is in no file, and the file is for nobody without cause.
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/api/v1/datasets/base.credit/credit-file/rows")).StatusCode);
        var shown = (await RowsAsync(steward, "base.credit", "publicity")).Where(p => p["shown"] == "True").ToList();
        var files = await RowsAsync(steward, "base.credit", "credit-file");
        Assert.Equal(shown.GroupBy(p => p["holder"]).Select(g => $"{g.Key} {g.Count(p => p["kind"] == "penalty")}").Order(StringComparer.Ordinal), files.Select(f => $"{f["holder"]} {f["penalties"]}").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Delivered(string sample, string column) =>
        Sample("base.legal-entities", $"samples/{sample}.csv").Select(r => r[column].Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant());

    private static async Task<double> FigureAsync(HttpClient http, string pack, string indicator, string at) =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{pack}/{indicator}/values?period=year&region=330000")).EnumerateArray().First(v => v.GetProperty("at").GetString() == at).GetProperty("value").GetDouble();

    private static async Task<List<Dictionary<string, string>>> RowsAsync(HttpClient http, string pack, string dataset) => Table((await http.GetStringAsync($"/api/v1/datasets/{pack}/{dataset}/rows.csv")).TrimStart('\uFEFF').Split("\r\n"));

    private static List<Dictionary<string, string>> Sample(string pack, string path) => Table(File.ReadAllLines(Path.Combine(Repository.Root, "packs", pack.Replace('.', '/'), path)));

    // None of these files quotes a value.
    private static List<Dictionary<string, string>> Table(string[] lines) =>
        [.. lines.Skip(1).Where(l => l.Length > 0).Select(l => lines[0].Split(',').Zip(l.Split(',')).ToDictionary(p => p.First, p => p.Second))];
}
