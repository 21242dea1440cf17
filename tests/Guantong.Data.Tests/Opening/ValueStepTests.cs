using Guantong.Data;

namespace Guantong.Tests.Opening;

/// <summary>What becomes of single values at each level.</summary>
public sealed class ValueStepTests
{
    [Theory]
    [InlineData("{region: [county, city, province], or-any: true}", "region", "330106", "330106 330100 330000 *")]
    [InlineData("{region: [city]}", "region", "330106003", "330100")]
    [InlineData("{region: [city]}", "region", "33", "–")]
    [InlineData("{date: [day, month, quarter, year, decade]}", "birth", "1994-11-09", "1994-11-09 1994-11 1994-Q4 1994 1990-1999")]
    [InlineData("{category: [education, education-group]}", "education", "20", "20 high")]
    [InlineData("{category: [education-group]}", "education", "99", "–")]
    [InlineData("{bin: [10, 50], bottom: 0, top: 100}", "income", "37", "30-39 <50")]
    [InlineData("{bin: [10, 50], bottom: 0, top: 100}", "income", "-8", "<10 <50")]
    [InlineData("{bin: [10, 50], bottom: 0, top: 100}", "income", "4000", "100+ 100+")]
    [InlineData("{bin: [10]}", "income", "-8", "-10--1")]
    [InlineData("{bands: [0, 18, 60]}", "income", "17", "0-17")]
    [InlineData("{bands: [0, 18, 60]}", "income", "60", "60+")]
    [InlineData("{bands: [0, 18, 60]}", "income", "-1", "<0")]
    [InlineData("{round: 100}", "income", "1250", "1300")]
    [InlineData("{top: 90, bottom: 10}", "income", "95", "90")]
    [InlineData("keep", "sex", "男", "男")]
    [InlineData("{mask: last 2}", "aid", "临时补助", "**补助")]
    public void A_value_is_told_so(string step, string field, string raw, string told)
    {
        var (pack, dataset) = Population.Declare($"fields: {{{field}: {step}}}\nquasi: [{field}]\nk: 2");
        var f = dataset.Field(field)!;
        var value = ValueStep.Of(pack, f, dataset.Opening!.StepOf(field)!, t => t);
        object given = f.Type switch { "integer" => long.Parse(raw, System.Globalization.CultureInfo.InvariantCulture), "date" => DateOnly.Parse(raw, System.Globalization.CultureInfo.InvariantCulture), _ => raw };
        Assert.Equal(told, string.Join(' ', Enumerable.Range(0, value.Heights).Select(level => value.At(value.Base(given), level) ?? "–")));
        Assert.Null(value.At(value.Base(null), 0));
    }

    [Theory]
    [InlineData("id-number", "330106199001011230", "33****************")]
    [InlineData("name", "张三丰", "张**")]
    [InlineData("name", "欧阳示例", "欧阳**")]
    [InlineData("name", "张", "*")]
    [InlineData("phone", "13800001234", "138********")]
    [InlineData("phone", "138", "***")]
    [InlineData("address", "浙江省杭州市西湖区文三路1号", "浙江省杭州市西湖区***")]
    [InlineData("address", "文三路1号", "***")]
    [InlineData("email", "somebody@example.org", "***@example.org")]
    [InlineData("email", "nobody", "***")]
    [InlineData("first 2", "ABCD", "AB**")]
    [InlineData("last 9", "ABCD", "****")]
    public void A_text_is_masked_so(string way, string text, string masked) => Assert.Equal(masked, Masking.Of(way, text));
}
