using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Packs;

namespace Guantong.Tests;

/// <summary>Forms of texts with their check characters. Every number here is made up.</summary>
public sealed class ValueFormTests
{
    private static readonly ValueForm Id = ValueForm.Find("id-number")!;
    private static readonly ValueForm Credit = ValueForm.Find("credit-code")!;

    // GB 11643-1999, annex A: the standard's own two examples.
    [Theory]
    [InlineData("id-number", "11010519491231002X")]
    [InlineData("id-number", "440524188001010014")]
    // The example that goes round with GB 32100-2015.
    [InlineData("credit-code", "91350100M000100Y43")]
    [InlineData("phone", "13800000000")]
    [InlineData("phone", "+8613800000000")]
    [InlineData("phone", "0571-87654321-802")]
    [InlineData("phone", "400-000-0000")]
    [InlineData("address", "浙江省杭州市西湖区示例路1号2幢301室")]
    [InlineData("address", "桐庐县示例镇示例村三组12号")]
    [InlineData("email", "li.ming+gov@example.gov.cn")]
    [InlineData("region-code", "330106")]
    [InlineData("region-code", "330106001")]
    public void A_text_of_the_form_fits(string form, string text) => Assert.True(ValueForm.Find(form)!.Fits(text));

    [Theory]
    [InlineData("id-number", "110105194912310021")]
    [InlineData("id-number", "11010519491231002x")]
    [InlineData("id-number", "110105491231002")]
    [InlineData("credit-code", "91350100M000100Y44")]
    [InlineData("credit-code", "91350100M000100Y4I")]
    [InlineData("phone", "12800000000")]
    [InlineData("phone", "138000000000")]
    [InlineData("address", "浙江省杭州市")]
    [InlineData("address", "示例路1号")]
    [InlineData("email", "li@example")]
    [InlineData("email", "a@b@example.cn")]
    [InlineData("region-code", "990106")]
    [InlineData("region-code", "3301")]
    public void Another_does_not(string form, string text) => Assert.False(ValueForm.Find(form)!.Fits(text));

    [Theory]
    [InlineData("19000229", false)]
    [InlineData("20000229", true)]
    [InlineData("20230229", false)]
    [InlineData("20240229", true)]
    [InlineData("20240431", false)]
    [InlineData("20240430", true)]
    [InlineData("20241301", false)]
    [InlineData("20240100", false)]
    public void An_identity_number_holds_a_real_day(string day, bool fits)
    {
        var body = $"330106{day}001";
        Assert.Equal(fits, Id.Fits(body + Id.Check!.Of(body)));
    }

    [Property]
    public Property The_day_in_an_identity_number_is_one_of_the_calendar() => Prop.ForAll(
        Gen.Choose(1800, 2099).SelectMany(y => Gen.Choose(0, 14).SelectMany(m => Gen.Choose(0, 33).Select(d => (y, m, d)))).ToArbitrary(),
        day =>
        {
            var isReal = day.m is >= 1 and <= 12 && day.d >= 1 && day.d <= DateTime.DaysInMonth(day.y, day.m);
            var body = $"330106{day.y:0000}{day.m:00}{day.d:00}001";
            return Id.Fits(body + Id.Check!.Of(body)) == isReal;
        });

    [Property]
    public Property One_wrong_character_never_passes() => Prop.ForAll(Credits().ToArbitrary(), Gen.Choose(2, 17).ToArbitrary(), Gen.Choose(1, 30).ToArbitrary(), (code, place, by) =>
    {
        const string alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        var wrong = alphabet[(alphabet.IndexOf(code[place], StringComparison.Ordinal) + by) % alphabet.Length];
        return Credit.Fits(code) && !Credit.Fits(code[..place] + wrong + code[(place + 1)..]);
    });

    [Property]
    public Property Two_neighbours_swapped_never_pass() => Prop.ForAll(Credits().ToArbitrary(), Gen.Choose(2, 15).ToArbitrary(), (code, i) =>
    {
        var swapped = code[..i] + code[i + 1] + code[i] + code[(i + 2)..];
        return code[i] == code[i + 1] || !Credit.Fits(swapped);
    });

    [Theory]
    [InlineData("33[0-9]{4}-[A-Z]{2}", true)]
    [InlineData(@"(?:a|b)+\d\.\s", true)]
    [InlineData("(?=a)b", false)]
    [InlineData("(?<x>a)", false)]
    [InlineData(@"(a)\1", false)]
    [InlineData(@"\w+", false)]
    [InlineData(@"\p{L}", false)]
    [InlineData("[[:alpha:]]", false)]
    [InlineData("[0-9", false)]
    [InlineData("a{2,1}", false)]
    public void A_pattern_keeps_to_what_every_engine_reads_alike(string pattern, bool isPortable) => Assert.Equal(isPortable, ValueForm.IsPortable(pattern));

    private static Gen<string> Credits() => Gen.ArrayOf(Gen.Elements("0123456789ABCDEFGHJKLMNPQRTUWXY".ToCharArray()), 9).Select(org =>
    {
        var body = "91330100" + new string(org);
        return body + Credit.Check!.Of(body);
    });
}
