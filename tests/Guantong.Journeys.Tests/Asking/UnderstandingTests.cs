using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>What is understood of questions in plain Chinese and English: word for word, and for any text at all.</summary>
public sealed class UnderstandingTests
{
    private static readonly DateOnly Today = new(2026, 11, 2);

    private static readonly string[] Packs = ["environment/air-quality", "base/economy", "base/population", "base/legal-entities", "reform/map", "society/concerns", "subject/elder-care"];

    internal static readonly Lexicon Words = LexiconBook.Of(Packs.Select(p => PackReader.Read(PackFolder.Read(Path.Combine(Repository.Root, "packs", p), $"packs/{p}")).Pack!),
        Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions/zhejiang/jurisdiction.yaml")));

    public static TheoryData<string, string> Questions => [.. File.ReadLines(Path.Combine(Repository.Root, "tests/Guantong.Journeys.Tests/Asking/questions.tsv")).Where(l => !l.StartsWith('#')).Select(l => l.Split('\t')).Select(c => new TheoryDataRow<string, string>(c[0], c[1]))];

    [Theory, MemberData(nameof(Questions))]
    public void A_question_is_understood_piece_by_piece(string question, string expected) => Assert.Equal(expected, Told(Understanding.Read(question, Words, Today)));

    // Those pieces that are not as when nothing is said.
    private static string Told(Understood understood)
    {
        var (wish, plain) = (WishParameters.Write(understood.Wish), WishParameters.Write(new Wish()));
        var pieces = WishParameters.Names.Skip(1).Where(n => wish[n] != plain[n]).Select(n => $"{n}={wish[n]}").ToDictionary(p => p.Split('=')[0]);
        string[] order = ["regions", "by", "time", "period", "basis", "compare", "when", "order", "limit"];
        return string.Join(' ', [understood.Wish.Indicators.Count == 0 ? "?" : string.Join(',', understood.Wish.Indicators.Select(i => i.Split('/')[1])), .. order.Where(pieces.ContainsKey).Select(n => pieces[n]),
            .. understood.Left.Count > 0 ? (string[])[$"left={string.Join('|', understood.Left)}"] : []]);
    }

    [Fact]
    public void Each_piece_says_from_which_words_it_came()
    {
        var understood = Understanding.Read("宁波最近六个月重污染天数超过3吗", Words, Today);
        Assert.Equal([new("indicators", "重污染天数"), new("when", "超过3"), new("time", "最近六个月"), new("regions", "宁波")], understood.Said);
        Assert.Empty(understood.Left);
    }

    [Fact]
    public void Two_that_are_alike_are_offered_and_neither_is_guessed()
    {
        var understood = Understanding.Read("日活跃", Words, Today);
        Assert.Empty(understood.Wish.Indicators);
        Assert.Equal(["浙政钉用户日活跃率", "浙里办日活跃用户数"], understood.Offers.Select(o => o.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_clear_likeness_is_taken_and_what_else_may_be_meant_is_offered_beside()
    {
        var understood = Understanding.Read("65岁以上人口占比", Words, Today);
        Assert.Equal(["base.population/aged-share"], understood.Wish.Indicators);
        Assert.Contains(understood.Offers, o => o.Name == "常住人口");
    }

    [Fact]
    public void The_asker_s_own_city_is_meant_by_the_whole_city()
    {
        Assert.Equal(["330200"], Understanding.Read("全市优良天数", Words, Today, "330203").Wish.Regions);
        Assert.Equal(["330000"], Understanding.Read("全省优良天数", Words, Today, "330203").Wish.Regions);
        Assert.Equal("330000", Understanding.Read("优良天数", Words, Today, "999999").Home);
    }

    [Theory]
    [InlineData("2025-01-01", "昨天", "2024-12-31")]
    [InlineData("2026-01-15", "上月", "2025-12")]
    [InlineData("2026-01-15", "上季度", "2025-Q4")]
    [InlineData("2026-03-31", "10月", "2025-10")]
    [InlineData("2026-03-31", "3月", "2026-03")]
    [InlineData("2024-02-29", "去年", "2023")]
    [InlineData("2026-01-01", "上周", "2025-W52")]
    [InlineData("2026-11-02", "最近三年", "2024..2026")]
    [InlineData("2026-11-02", "过去两周", "2026-W44..2026-W45")]
    [InlineData("2026-11-02", "前三季度", "2026-Q1..2026-Q3")]
    [InlineData("2026-11-02", "2025年全年", "2025")]
    [InlineData("2026-11-02", "2024年2月30日", null)]
    [InlineData("2026-11-02", "last 3 quarters", "2026-Q2..2026-Q4")]
    [InlineData("2026-11-02", "first half of 2025", "2025-H1")]
    [InlineData("2026-11-02", "October 20, 2026", "2026-10-20")]
    [InlineData("2026-11-02", "以后", null)]
    public void A_time_is_reckoned_from_the_day_that_is_given(string today, string text, string? expected) =>
        Assert.Equal(expected, TimeReader.Whole(text, DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture))?.ToString());

    [Theory]
    [InlineData("2025", "2024", "2024")]
    [InlineData("2026-Q3", "2026-Q2", "2025-Q3")]
    [InlineData("2026-10", "2026-09", "2025-10")]
    [InlineData("2024-02", "2024-01", "2023-02")]
    [InlineData("2026-H1", "2025-H2", "2025-H1")]
    [InlineData("2026-10-20..2026-10-25", "2026-10-14..2026-10-19", "2025-10-20..2025-10-25")]
    [InlineData("2026-06..2026-11", "2025-12..2026-05", "2025-06..2025-11")]
    public void A_time_has_one_before_it_and_one_a_year_before(string time, string previous, string year)
    {
        Assert.Equal(previous, AskedTime.Parse(time)!.Previous().ToString());
        Assert.Equal(year, AskedTime.Parse(time)!.YearBefore().ToString());
    }

    private static readonly string[] Scraps =
    [
        "杭州", "宁波", "全省", "各市", "哪些县", "优良天数比率", "PM2.5", "重污染", "常住人口", "去年", "10月", "20日", "至", "2024", "2025年", "最近六个月", "上", "半年", "Q3", "同比", "环比", "比", "超过", "35", "以上", "不低于", "最高的", "三个", "市", "前", "名", "排名", "累计", "趋势", "每月", "分行业",
        "last", "year", "top 3", "cities", "above", " ", "，", "？", "的", "二〇二四", "九成", "万", "亿元", "千", "million", "μg/m3", "%", "-", "..", "\ud83d\ude00", "\ud800", "\0", "％", "１", "第", "零", "百",
    ];

    private static Arbitrary<string> Anything => Gen.OneOf(ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""), Gen.Elements(Scraps).ListOf().Select(l => string.Concat(l))).ToArbitrary();

    [Property(MaxTest = 2000)]
    public Property Any_text_is_understood_or_said_not_to_be_and_alike_each_time() => Prop.ForAll(Anything, text =>
    {
        var (one, two) = (Understanding.Read(text, Words, Today), Understanding.Read(text, Words, Today));
        Assert.Equal(WishParameters.Write(one.Wish), WishParameters.Write(two.Wish));
        Assert.Equal(one.Said, two.Said);
        Assert.All(one.Left, l => Assert.Contains(l, text, StringComparison.Ordinal));
        Assert.All(one.Said, s => Assert.Contains(s.Words, text, StringComparison.Ordinal));
        Assert.True(one.Wish.Indicators.Count <= Wish.MostIndicators && one.Wish.Regions.Count <= Wish.MostRegions && one.Wish.When.Count <= 2);
    });

    [Property(MaxTest = 2000)]
    public Property What_is_understood_is_written_into_an_address_and_read_again_and_times_are_said_as_they_are_read() => Prop.ForAll(Anything, text =>
    {
        var wish = Understanding.Read(text, Words, Today).Wish;
        var (again, faults) = WishParameters.Change(new Wish(), WishParameters.Write(wish), Words, Today);
        Assert.Empty(faults);
        Assert.Equal(WishParameters.Write(wish), WishParameters.Write(again));
        if (wish.Time is not { } time)
            return;
        Assert.Equal((time.From, time.To), AskedTime.Parse(time.ToString()) is { } parsed ? (parsed.From, parsed.To) : default);
        Assert.Equal((time.From, time.To), TimeReader.Whole(time.Say(english: false), Today) is { } said ? (said.From, said.To) : default);
    });

    [Fact]
    public void Numbers_are_read_as_people_write_them()
    {
        foreach (var (text, number) in ((string, int?)[])[("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("两百", 200), ("二〇二四", 2024), ("12", 12), ("十十二二", null), ("百", 100), ("零", 0)])
            Assert.Equal(number, Numerals.Read(text));
    }
}
