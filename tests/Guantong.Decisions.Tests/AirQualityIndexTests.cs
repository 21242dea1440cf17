using Guantong.Decisions;

namespace Guantong.Tests;

/// <summary>The AQI by HJ 633-2012, against values worked out by hand from the standard's table 1.</summary>
public sealed class AirQualityIndexTests
{
    private static readonly DmnModel Model = Read();

    private static DmnModel Read()
    {
        var reading = DmnModel.Read(File.ReadAllText(Path.Combine(Repository.Root, "packs/environment/air-quality/decisions/aqi.dmn")), "aqi.dmn");
        Assert.Empty(reading.Faults.Select(f => $"{f.Line}:{f.Column} {f.Message("en")}"));
        return reading.Model!;
    }

    private static IReadOnlyDictionary<string, object?> Decide(params (string Name, decimal? Value)[] inputs) =>
        (IReadOnlyDictionary<string, object?>)Model.Evaluate("aqi", inputs.ToDictionary(i => i.Name, i => (object?)i.Value)).Value!;

    [Theory]
    [InlineData("pm25", 0, 0), InlineData("pm25", 35, 50), InlineData("pm25", 75, 100), InlineData("pm25", 76, 102), InlineData("pm25", 115, 150)]
    [InlineData("pm25", 150, 200), InlineData("pm25", 250, 300), InlineData("pm25", 251, 301), InlineData("pm25", 500, 500), InlineData("pm25", 900, 500)]
    [InlineData("pm10", 50, 50), InlineData("pm10", 51, 51), InlineData("pm10", 420, 300), InlineData("pm10", 600, 500)]
    [InlineData("so2", 475, 150), InlineData("so2", 2620, 500), InlineData("so2", 2621, 500)]
    [InlineData("no2", 40, 50), InlineData("no2", 41, 52), InlineData("no2", 565, 300)]
    [InlineData("co", 2, 50), InlineData("co", 4, 100), InlineData("co", 60, 500)]
    [InlineData("o3_8h", 100, 50), InlineData("o3_8h", 101, 51), InlineData("o3_8h", 160, 100), InlineData("o3_8h", 265, 200), InlineData("o3_8h", 800, 300)]
    public void A_single_pollutant_gives_its_own_index(string pollutant, double concentration, int index) =>
        Assert.Equal((decimal)index, Decide((pollutant, (decimal)concentration))["aqi"]);

    [Fact]
    public void Ozone_above_800_is_judged_by_its_hourly_peak() =>
        Assert.Equal(450m, Decide(("o3_8h", 801m), ("o3_1h", 1100m))["aqi"]);

    [Theory]
    [InlineData(50, "优", 1), InlineData(51, "良", 2), InlineData(151, "轻度污染", 3), InlineData(251, "中度污染", 4), InlineData(351, "重度污染", 5), InlineData(421, "严重污染", 6)]
    public void The_grade_follows_the_index(double pm10, string name, int grade)
    {
        var result = Decide(("pm10", (decimal)pm10));
        Assert.Equal(name, result["gradeName"]);
        Assert.Equal((decimal)grade, result["grade"]);
    }

    [Fact]
    public void Pollutants_that_tie_are_all_primary() =>
        Assert.Equal("PM2.5、PM10", Decide(("pm25", 75m), ("pm10", 150m), ("so2", 10m))["primary"]);

    [Fact]
    public void Good_air_has_no_primary_pollutant() =>
        Assert.Null(Decide(("pm25", 35m))["primary"]);

    [Fact]
    public void Without_any_value_there_is_no_index()
    {
        var result = Decide();
        Assert.Null(result["aqi"]);
        Assert.Null(result["gradeName"]);
    }

    [Fact]
    public void The_rules_that_fired_are_told()
    {
        var outcome = Model.Evaluate("aqi", new Dictionary<string, object?> { ["pm25"] = 80m });
        Assert.Contains(outcome.Matched, m => m.Table == "grade_table" && m.Rule == 3);
    }
}
