using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Packs.Planning;
using Guantong.Packs.Reading;
using Guantong.Packs.Tracing;

namespace Guantong.Tests;

/// <summary>The air-quality pack with one fault each yields one finding each, at its line.</summary>
public sealed class BrokenPackTests
{
    private static PackFiles Files()
    {
        var root = Path.Combine(Repository.Root, "packs/environment/air-quality");
        return new PackFiles("", Directory.GetFiles(root, "*", SearchOption.AllDirectories).ToDictionary(
            f => Path.GetRelativePath(root, f).Replace('\\', '/'), f => f.EndsWith(".csv", StringComparison.Ordinal) ? "" : File.ReadAllText(f)));
    }

    private static PackFiles With(PackFiles files, string path, string from, string to)
    {
        Assert.Contains(from, files.Texts[path], StringComparison.Ordinal);
        var text = files.Texts[path];
        var at = text.IndexOf(from, StringComparison.Ordinal);
        return files with { Texts = new Dictionary<string, string>(files.Texts) { [path] = text[..at] + to + text[(at + from.Length)..] } };
    }

    [Fact]
    public void The_pack_as_it_ships_has_no_finding() =>
        Assert.Empty(PackCheck.Check(Files(), Surroundings.Unknown).Findings.Select(f => $"{f.Mark} {f.Message("en")}"));

    [Theory]
    [InlineData("pack.yaml", "version: 1.0.0", "version: one", "bad-format", 2)]
    [InlineData("pack.yaml", "lead: 省生态环境厅\n", "", "missing-key", 1)]
    [InlineData("pack.yaml", "version:", "verison: 1.0.0\nversion:", "unknown-key", 2)]
    [InlineData("pack.yaml", "version: 1.0.0", "version: 1.0.0\nversion: 1.0.0", "duplicate-key", 3)]
    [InlineData("pack.yaml", "application: digital-government", "application: digital", "not-one-of", 5)]
    [InlineData("pack.yaml", "name: 大气", "name: &a 大气", "yaml-alias", 3)]
    [InlineData("pack.yaml", "name: 大气", "name: !x 大气", "yaml-tag", 3)]
    [InlineData("pack.yaml", "indicator: good-day-rate", "indicator: good-days-rate", "unknown-indicator", 12)]
    [InlineData("pack.yaml", "    indicator: good-day-rate\n", "", "goal-without-indicator", 10)]
    [InlineData("business.yaml", "matters: [pollution-episode]", "matters: [polution-episode]", "unknown-matter", 7)]
    [InlineData("screen.yaml", "indicator: pm25-mean", "indicator: pm25", "unknown-indicator", 4)]
    [InlineData("screen.yaml", "as: map", "as: globe", "not-one-of", 4)]
    [InlineData("datasets/air-hourly.yaml", "key: [station, hour]", "key: [station, hours]", "unknown-field", 10)]
    [InlineData("datasets/air-hourly.yaml", "refers: station.code", "refers: stations.code", "unknown-dataset", 12)]
    [InlineData("datasets/air-hourly.yaml", "refers: station.code", "refers: station.id", "unknown-field", 12)]
    [InlineData("datasets/air-hourly.yaml", "range: [0, 2000]", "range: [0]", "wrong-count", 14)]
    [InlineData("datasets/air-hourly.yaml", "range: [0, 2000]", "range: [2000, 0]", "range-upside-down", 14)]
    [InlineData("datasets/air-hourly.yaml", "path: samples/air-hourly.csv", "path: samples/air.csv", "unknown-file", 27)]
    [InlineData("datasets/air-hourly.yaml", "    o3: O3\n", "", "field-without-column", 19)]
    [InlineData("datasets/air-hourly.yaml", "at-least: 95%", "at-least: 95", "bad-format", 21)]
    [InlineData("datasets/air-hourly.yaml", ", within: PT3H", "", "rule-incomplete", 22)]
    [InlineData("datasets/air-hourly.yaml", "pm25:    {type: number", "pm25:    {personal: health, type: number", "personal-without-grade", 14)]
    [InlineData("datasets/air-daily.yaml", "decisions/aqi.dmn#aqi", "decisions/aqi.dmn#index", "unknown-decision", 55)]
    [InlineData("datasets/air-daily.yaml", "needs: [air-hourly]", "needs: [air-hour]", "unknown-dataset", 31)]
    [InlineData("indicators.yaml", "region: station.region", "region: station.area", "path-leads-nowhere", 5)]
    [InlineData("indicators.yaml", "needs: [air-daily]", "needs: []", "indicator-without-data", 1)]
    [InlineData("indicators.yaml", "period: day\n", "period: year\n", "", 0)]
    [InlineData("indicators.yaml", "then: pollution-episode", "then: pollution", "unknown-matter", 22)]
    [InlineData("matters/pollution-episode.yaml", "process: processes/episode.bpmn", "process: processes/episod.bpmn", "unknown-file", 9)]
    [InlineData("matters/pollution-episode.yaml", "process: processes/episode.bpmn\n", "", "matter-without-process", 1)]
    [InlineData("matters/pollution-episode.yaml", "limit: P3D", "limit: 3 days", "bad-format", 11)]
    [InlineData("matters/pollution-episode.yaml", ", 省交通运输厅]", "]", "lane-without-unit", 21)]
    [InlineData("matters/pollution-episode.yaml", ", 省交通运输厅]", ", 省交通运输厅, 省水利厅]", "unit-without-lane", 10)]
    [InlineData("decisions/aqi.dmn", "<text>(50..100]</text>", "<text>[50..100]</text>", "table-overlap", 0)]
    [InlineData("decisions/aqi.dmn", "<text>&lt;= 50</text>", "<text>&lt; 50</text>", "table-gap", 0)]
    [InlineData("decisions/aqi.dmn", "<text>&lt;= 50</text>", "<text>&lt;= 50, [9..8]</text>", "", 0)]
    [InlineData("forms/verify.json", "\"type\": \"object\",", "\"type\": \"object\"", "json-broken", 0)]
    public void One_fault_gives_one_finding_at_its_line(string path, string from, string to, string code, int line)
    {
        var findings = PackCheck.Check(With(Files(), path, from, to), Surroundings.Unknown).Findings;
        if (code.Length == 0)
        {
            Assert.Empty(findings);
            return;
        }
        var mine = findings.Where(f => f.Code == code).ToList();
        Assert.True(mine.Count == 1 || (code.StartsWith("personal", StringComparison.Ordinal) && mine.Count == 1), string.Join("\n", findings.Select(f => $"{f.Mark} {f.Code} {f.Message("en")}")));
        if (line > 0)
            Assert.Equal(line, mine[0].Mark.Line);
        Assert.All((string[])["zh-CN", "en"], lang => Assert.DoesNotContain("finding.", mine[0].Message(lang), StringComparison.Ordinal));
    }

    [Fact]
    public void A_removed_field_is_told_as_a_loss()
    {
        var before = PackReader.Read(Files()).Pack!;
        var after = PackReader.Read(With(With(Files(), "datasets/air-hourly.yaml", "  o3:      {type: number, name: 臭氧, unit: µg/m³, range: [0, 1500]}\n", ""), "pack.yaml", "1.0.0", "1.1.0")).Pack!;
        Assert.Contains(PackDiff.Between(before, after), c => c is { What: "dataset", Id: "air-hourly", Loses: true });
        Assert.Empty(PackDiff.Between(before, before));
    }

    [Fact]
    public void The_trace_leads_from_the_goal_to_a_column_of_the_file()
    {
        var steps = new Queue<TraceStep>([Trace.Of(PackReader.Read(Files()).Pack!, "clean-air")!]);
        var kinds = new HashSet<string>();
        while (steps.TryDequeue(out var step))
        {
            kinds.Add($"{step.Kind}:{step.Id}");
            foreach (var below in step.Below)
                steps.Enqueue(below);
        }
        Assert.Superset(new HashSet<string> { "goal:clean-air", "indicator:good-day-rate", "dataset:air-daily", "field:aqi", "dataset:air-hourly", "column:PM2.5" }, kinds);
    }
}
