using FsCheck.Xunit;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>Numbers as people write them, in the unit that is declared.</summary>
public sealed class UnitNumberTests
{
    [Theory]
    [InlineData("5亿元", "万元", "50000")]
    [InlineData("5亿", "万元", "50000")]
    [InlineData("5亿", "元", "500000000")]
    [InlineData("5000元", "万元", "0.5")]
    [InlineData("1.2万亿元", "亿元", "12000")]
    [InlineData("5千万元", "亿元", "0.5")]
    [InlineData("3百万", "万人", "300")]
    [InlineData("500 万人", "万人", "500")]
    [InlineData("20万元", "万元/亩", "20")]
    [InlineData("20万元/亩", "万元/亩", "20")]
    [InlineData("90%", "%", "90")]
    [InlineData("９０％", "%", "90")]
    [InlineData("9成", "%", "90")]
    [InlineData("35µg/m³", "μg/m³", "35")]
    [InlineData("35 ug/m3", "µg/m³", "35")]
    [InlineData("5亿千瓦时", "万千瓦时", "50000")]
    [InlineData("3千克", "千克", "3")]
    [InlineData("2 million yuan", "万元", "200")]
    [InlineData("1,200", "家", "1200")]
    [InlineData("3000个", "家", "3000")]
    [InlineData("-1.5万", null, "-15000")]
    [InlineData("12", "万元", "12")]
    // Of another kind, or none.
    [InlineData("5亿元", "人", null)]
    [InlineData("5亿", "%", null)]
    [InlineData("90%", "万元", null)]
    [InlineData("5元", null, null)]
    [InlineData("35mg/m3", "µg/m³", null)]
    [InlineData("万元", "万元", null)]
    [InlineData("5; DROP TABLE d", "万元", null)]
    [InlineData("5''", "万元", null)]
    [InlineData("", "", null)]
    [InlineData("99999999999999999999999亿亿亿", "元", null)]
    public void A_number_is_read_with_its_unit_and_reckoned_in_the_one_that_is_declared(string text, string? unit, string? number) =>
        Assert.Equal(number, UnitNumber.Read(text)?.In(unit)?.ToString("0.#########", System.Globalization.CultureInfo.InvariantCulture));

    [Property(MaxTest = 500)]
    public void Any_text_is_a_number_or_none_and_never_a_fault(string? text, string? unit)
    {
        foreach (var written in (string[])[text ?? "", $"5{text}", $"5亿{text}"])
            _ = UnitNumber.Read(written)?.In(unit);
        Assert.Equal(5m, UnitNumber.Read("5")!.In(unit));
    }
}
