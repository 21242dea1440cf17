using System.Globalization;
using Guantong.Data;
using Guantong.Decisions;
using Guantong.Feel;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Guantong.Tests;

/// <summary>What packs say in tests/*.yaml of their decisions: cases worked by hand, each what is given, over what all are given, and what must come out.</summary>
public sealed class WorkedDecisionTests
{
    public static TheoryData<string> Files =>
        [.. SoundPack.Shipped.Select(f => Path.Combine(f, "tests")).Where(Directory.Exists).SelectMany(f => Directory.GetFiles(f, "*.yaml")).Select(f => Path.GetRelativePath(Repository.Root, f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void What_was_worked_by_hand_is_what_the_tables_give(string file)
    {
        var worked = Read(Path.Combine(Repository.Root, file));
        var (path, decision) = ((string)Value(worked["decision"])!).Split('#') is [var p, var d] ? (p, d) : throw new InvalidOperationException(file);
        var dmn = Path.Combine(Repository.Root, Path.GetDirectoryName(Path.GetDirectoryName(file))!, path);
        var reading = DmnModel.Read(File.ReadAllText(dmn), dmn);
        Assert.Empty(reading.Faults);
        var common = Values(worked["given"]);
        var cases = (YamlSequenceNode)worked["cases"];
        Assert.NotEmpty(cases);
        foreach (var one in cases.Cast<YamlMappingNode>())
        {
            var name = (string)Value(one["case"])!;
            var given = new Dictionary<string, object?>(common);
            foreach (var (key, value) in one.Children.ContainsKey("given") ? Values(one["given"]) : new Dictionary<string, object?>())
            {
                Assert.True(reading.Model!.Decisions.First(x => x.Id == decision).Inputs.Contains(key), $"{name}: {key}");
                given[key] = value;
            }
            var came = reading.Model!.Evaluate(decision, given, new FeelSession(FeelLimits.Default, Day)).Value;
            // What gives one value is told by its own id.
            foreach (var (key, wanted) in Values(one["expect"]))
                Assert.True(Equals(wanted, Of(key)), $"{name}: {key} is {Of(key) ?? "null"}, not {wanted ?? "null"}");
            object? Of(string key) => key == decision && came is not IReadOnlyDictionary<string, object?> ? came : Pick(came, key);
        }
    }

    // The day on which they are asked, where a decision reads the clock.
    private static readonly DateTimeOffset Day = new(2026, 11, 2, 9, 0, 0, TimeSpan.FromHours(8));

    private static YamlMappingNode Read(string path)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(path);
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static Dictionary<string, object?> Values(YamlNode map) => ((YamlMappingNode)map).ToDictionary(p => ((YamlScalarNode)p.Key).Value!, p => Value(p.Value));

    // A text in quotes is a text, even if it looks like a number.
    private static object? Value(YamlNode node) => node is not YamlScalarNode { Value: { } text } scalar ? null
        : scalar.Style != ScalarStyle.Plain ? text
        : text is "null" ? null
        : bool.TryParse(text, out var truth) ? truth
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text;

    private static object? Pick(object? value, string path)
    {
        foreach (var key in path.Split('.'))
            value = (value as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault(key);
        return value;
    }
}
