using System.Globalization;
using System.Text.RegularExpressions;

namespace Guantong.Insight;

/// <summary>Understands a question about indicators in plain Chinese or English: by words and rules alone, so that the same question is understood alike whenever it is asked.</summary>
public static partial class Understanding
{
    /// <summary>The longest question, in characters.</summary>
    public const int Longest = 200;

    private const string Number = @"(?<n>-?[0-9]+(?:\.[0-9]+)?|[一二三四五六七八九]成|[零一二两三四五六七八九十百]+)";

    // 5亿元, 3.5万, 35μg/m3: widths and case are made alike before. A unit that counts (家, 件) is told from the words after it by the scale before it.
    private const string Money = "元(?:/(?:亩|人|吨|户|平方米|千瓦时))?";
    private const string Measure = Money + "|人(?:口|次)?|吨|亩|户|千?瓦时|平方米|立方米|公里|[μu]g/m3|mg/m3|[微毫]克/立方米";
    private const string Unit = @"(?:\s*(?<u>[百千万亿]{1,3}(?!分)(?:" + Measure + "|[家个件条项])?|" + Measure + @"|(?:thousand|million|billion)\b(?:\s+yuan\b)?))?";

    /// <summary>Reads a question.</summary>
    /// <param name="today">The day that 今年 and 上月 are reckoned from.</param>
    /// <param name="home">Code of the asker's region, for 全市 and where none is named; the jurisdiction's own when null.</param>
    /// <remarks>Where the lexicon knows rows of datasets, a question that names what they are of, a number of theirs and a bound on it is about these.</remarks>
    public static Understood Read(string question, Lexicon lexicon, DateOnly today, string? home = null)
    {
        question = question.Length > Longest ? question[..Longest] : question;
        home = lexicon.Region(home)?.Code ?? lexicon.Root;
        var (text, said, offers) = (new QuestionText(question), new List<Said>(), new List<Offer>());
        var (rows, of, several) = RowsMatch.Take(text, lexicon, BoundsOf(text), said);
        offers.AddRange(several);
        // Whoever asks for rows asks for no figure of that name; it is offered all the same.
        var isOfRows = rows is not null || several.Count > 0;
        if (isOfRows)
            offers.AddRange(lexicon.Indicators.Where(i => i.Words.Any(w => QuestionText.Squeeze(w) == QuestionText.Squeeze(said[^1].Words))).Select(i => new Offer("indicators", i.Key, i.Name, 1)));
        var (keys, alike, words) = isOfRows ? ([], [], []) : IndicatorMatch.Named(text, lexicon);
        said.AddRange(words);
        offers.AddRange(alike);
        var wish = new Wish { Indicators = keys, Rows = rows, Of = of };
        foreach (var read in (Func<QuestionText, Wish, DateOnly, List<Said>, Wish>[])[Bounds, Compared, Times, Basis])
            wish = read(text, wish, today, said);
        var (codes, places, named) = RegionMatch.Find(text, lexicon, home);
        said.AddRange(named);
        offers.AddRange(places);
        wish = ByNamedDimension(text, wish with { Regions = codes }, lexicon, said);
        foreach (var read in (Func<QuestionText, Wish, DateOnly, List<Said>, Wish>[])[Ordered, Split, Stepped])
            wish = read(text, wish, today, said);
        // Rows stand as a whole or by regions, never over time.
        if (isOfRows)
            wish = wish with { By = said.Any(s => s.Piece == "by") && wish.By is "city" or "county" or "below" ? wish.By : "whole" };
        // Two indicators at most are found by likeness: what is left is seldom more.
        for (var i = 0; i < 2 && !isOfRows && wish.Indicators.Count < Wish.MostIndicators && offers.All(o => o.Piece != "indicators"); i++)
        {
            var (key, near, how) = IndicatorMatch.Like(text, lexicon, wish.Indicators.Count > 0);
            offers.AddRange(near);
            if (key is null)
                break;
            said.Add(how!);
            wish = wish with { Indicators = [.. wish.Indicators.Append(key).Distinct()] };
        }
        // How figures moved is told where they are held against others; by itself it is not understood.
        foreach (var word in wish.Compare == "none" ? [Fillers()] : (Regex[])[Moved(), Fillers()])
        {
            while (text.Take(word) is not null)
            {
            }
        }
        return new Understood(question, today, home, wish, said, [.. offers.Where(o => !wish.Indicators.Contains(o.Value)).DistinctBy(o => (o.Piece, o.Value))],
            [.. text.Left(blanksEnd: true).Select(l => text.Words(l.From, l.To)).Where(w => w.Any(char.IsLetterOrDigit))]);
    }

    // Where something is bounded; each place once.
    private static List<Match> BoundsOf(QuestionText text)
    {
        var found = new List<Match>();
        foreach (var pattern in (Regex[])[Between(), AtLeast(), AtMost(), Above(), Below(), AndAbove(), AndBelow()])
        {
            for (var m = pattern.Match(text.Text); m.Success; m = m.NextMatch())
            {
                if (found.TrueForAll(f => f.Index + f.Length <= m.Index || m.Index + m.Length <= f.Index))
                    found.Add(m);
            }
        }
        return found;
    }

    // 超过 35, 90% 以上, 30 到 50 之间
    private static Wish Bounds(QuestionText text, Wish wish, DateOnly today, List<Said> said)
    {
        var bounds = new List<AskedBound>();
        if (text.Find(Between()) is { } between && Value(between.Groups["a"].Value) is { } a && Value(between.Groups["b"].Value) is { } b)
        {
            // 5到10亿元之间: both are in the unit that is said last.
            var (least, most) = (UnitOf(between.Groups["v"].Success ? between.Groups["v"].Value : between.Groups["u"].Value, a), UnitOf(between.Groups["u"].Value, b));
            bounds.AddRange(least == most && a > b ? [new(">=", b, most), new("<=", a, least)] : (AskedBound[])[new(">=", a, least), new("<=", b, most)]);
            said.Add(new("when", text.Take(between.Index, between.Index + between.Length)));
        }
        foreach (var (pattern, sign) in ((Regex, string)[])[(AtLeast(), ">="), (AtMost(), "<="), (Above(), ">"), (Below(), "<"), (AndAbove(), ">="), (AndBelow(), "<=")])
        {
            if (bounds.Count < 2 && text.Find(pattern) is { } m && Value(m.Groups["n"].Value) is { } value)
            {
                var bound = new AskedBound(sign, value, UnitOf(m.Groups["u"].Value, value));
                if (!bounds.Contains(bound))
                    bounds.Add(bound);
                said.Add(new("when", text.Take(m.Index, m.Index + m.Length)));
            }
        }
        return wish with { When = bounds };
    }

    // No number that anybody means is as large.
    private static string UnitOf(string unit, double number) => Math.Abs(number) < 1e12 ? unit : "";

    private static double? Value(string text) => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number
        : text.EndsWith('成') ? Numerals.Read(text[..^1]) * 10 : Numerals.Read(text);

    // 同比, 环比, 比去年同期, 与 2023 年相比
    private static Wish Compared(QuestionText text, Wish wish, DateOnly today, List<Said> said)
    {
        foreach (var (pattern, with) in ((Regex, string)[])[(YearOnYear(), "year"), (OnPrevious(), "previous")])
        {
            if (text.Take(pattern) is not var (_, words))
                continue;
            said.Add(new("compare", words));
            return wish with { Compare = with };
        }
        for (var m = text.Find(With()); m is not null; m = m.NextMatch() is { Success: true } next ? next : null)
        {
            if (TimeReader.Read(text.Text, m.Index + m.Length, today) is not { } time || !text.IsFree(m.Index, time.End))
                continue;
            // 和 2023 年 by itself names a second time; only 比 says by itself that it is held against it.
            var behind = CompareEnd().Match(text.Text, time.End);
            if (!behind.Success && m.Groups["soft"].Success)
                continue;
            said.Add(new("compare", text.Take(m.Index, time.End + behind.Length)));
            return wish with { Compare = time.Time.ToString() };
        }
        return wish;
    }

    private static Wish Times(QuestionText text, Wish wish, DateOnly today, List<Said> said)
    {
        var (times, isToDate) = (new List<AskedTime>(), false);
        for (var at = 0; at < text.Text.Length; at++)
        {
            if (!text.IsFree(at, at + 1) || QuestionText.IsMark(text.Text[at]) || TimeReader.Read(text.Text, at, today) is not { } read || !text.IsFree(at, read.End))
                continue;
            times.Add(read.Time);
            isToDate |= read.IsToDate;
            said.Add(new("time", text.Take(at, read.End)));
            at = read.End - 1;
        }
        if (times.Count == 0)
            return wish;
        if (isToDate)
            said.Add(new("basis", said[^1].Words));
        // Of two times the later is asked for, held against the earlier.
        var latest = times.MaxBy(t => t.From)!;
        var other = times.FirstOrDefault(t => t != latest);
        return wish with { Time = latest, Basis = isToDate ? "ytd" : wish.Basis, Compare = other is not null && wish.Compare == "none" ? other.ToString() : wish.Compare };
    }

    private static Wish Basis(QuestionText text, Wish wish, DateOnly today, List<Said> said)
    {
        if (text.Take(Cumulative()) is not var (_, words))
            return wish;
        said.Add(new("basis", words));
        return wish with { Basis = "ytd" };
    }

    // 最高的三个市, 前五名, 倒数三名, 排名
    private static Wish Ordered(QuestionText text, Wish wish, DateOnly today, List<Said> said)
    {
        foreach (var pattern in (Regex[])[Most(), First(), Down(), Ranked()])
        {
            if (text.Find(pattern) is not { } m)
                continue;
            string Got(string name) => m.Groups[name].Value;
            var order = pattern == Most() ? Way(Got("way")) : pattern == First() ? (Got("last").Length > 0 ? "worst" : "best") : pattern == Down() ? (Got("down").Length > 0 ? "highest" : "lowest") : "best";
            // 最高 by itself asks for one; a rank for all, unless a number is said.
            int? limit = m.Groups["n"].Success && Got("n").Length > 0 ? Count(Got("n")) : pattern == Most() ? 1 : null;
            said.Add(new("order", text.Take(m.Index, m.Index + m.Length)));
            if (limit is not null)
                said.Add(new("limit", said[^1].Words));
            wish = wish with { Order = order, Limit = limit is null ? null : Math.Clamp(limit.Value, 1, Wish.MostLines), By = Level(Got("of")) ?? wish.By };
            if (Level(Got("of")) is not null)
                said.Add(new("by", said[^1].Words));
            if (Step(Got("of")) is { } step)
                wish = wish with { Period = step };
            // 排名前三, 空气质量最好的前三名
            if (text.Find(First()) is { } also && limit is null && also.Groups["n"].Success)
            {
                said.Add(new("limit", text.Take(also.Index, also.Index + also.Length)));
                wish = wish with { Limit = Count(also.Groups["n"].Value) is { } n ? Math.Clamp(n, 1, Wish.MostLines) : null, Order = also.Groups["last"].Length > 0 ? "worst" : wish.Order, By = Level(also.Groups["of"].Value) ?? wish.By };
            }
            text.Take(Ranked());
            break;
        }
        // Several have an order among them.
        return wish;
    }

    private static int? Count(string text) => Array.IndexOf(EnglishNumbers, text) is var n && n > 0 ? n : Numerals.Read(text);

    private static readonly string[] EnglishNumbers = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    private static string Way(string word) => word switch
    {
        "高" or "大" or "多" or "快" or "highest" or "most" or "largest" or "greatest" => "highest",
        "低" or "小" or "少" or "慢" or "lowest" or "least" or "smallest" or "fewest" => "lowest",
        "差" or "糟" or "worst" => "worst",
        _ => "best",
    };

    private static string? Level(string of) => of switch
    {
        "" => null,
        "市" or "地市" or "地级市" or "设区市" or "设区的市" or "城市" or "city" or "cities" => "city",
        "区县" or "县" or "区" or "县区" or "县市区" or "县级市" or "市县" or "county" or "counties" or "district" or "districts" => "county",
        "地区" or "地方" or "place" or "places" or "region" or "regions" or "area" or "areas" => "below",
        _ => "time",
    };

    private static string? Step(string of) => of switch
    {
        "天" or "日" or "日子" or "day" or "days" or "daily" => "day",
        "周" or "星期" or "week" or "weeks" or "weekly" => "week",
        "月" or "月份" or "month" or "months" or "monthly" => "month",
        "季度" or "季" or "quarter" or "quarters" or "quarterly" => "quarter",
        "年" or "年份" or "年度" or "year" or "years" or "yearly" => "year",
        _ => null,
    };

    // 各市, 哪些县, 哪个月, 按月, 分行业, 趋势
    private static Wish Split(QuestionText text, Wish wish, DateOnly today, List<Said> said)
    {
        foreach (var pattern in (Regex[])[Each(), EachStep()])
        {
            while (text.Find(pattern) is { } m)
            {
                var of = m.Groups["of"].Value;
                said.Add(new(Step(of) is null ? "by" : "period", text.Take(m.Index, m.Index + m.Length)));
                // Parts of regions outweigh steps of time: 各市每月 is by city, month by month below.
                wish = wish with { By = Step(of) is not null && wish.By != "whole" ? wish.By : Level(of) ?? wish.By, Period = Step(of) ?? wish.Period };
                // 哪个市最高 asks for one of them.
            }
        }
        if (text.Take(Trend()) is var (_, words))
        {
            said.Add(new("by", words));
            wish = wish with { By = wish.By == "whole" ? "time" : wish.By };
        }
        // A rank or a bound without anything to rank is of the places right below.
        if (wish.By == "whole" && wish.Regions.Count < 2 && wish.Order != "none")
            wish = wish with { By = wish.Period is null ? "below" : "time" };
        if (text.Find(ByDimension()) is { } dimension && wish.By == "whole")
        {
            said.Add(new("by", text.Take(dimension.Index, dimension.Index + dimension.Length)));
            wish = wish with { By = Wish.DimensionPrefix + dimension.Groups["of"].Value };
        }
        return wish;
    }

    // 分种类, 按燃料: by the name of a dimension of any indicator
    private static Wish ByNamedDimension(QuestionText text, Wish wish, Lexicon lexicon, List<Said> said)
    {
        foreach (var (id, name) in lexicon.Indicators.SelectMany(i => i.Dimensions).Distinct().OrderByDescending(d => d.Name.Length))
        {
            foreach (var before in (string[])["分", "按", "各", "by"])
            {
                if (text.Find(QuestionText.Squeeze(before + name)) is not var (from, to))
                    continue;
                said.Add(new("by", text.Take(from, to)));
                return wish with { By = Wish.DimensionPrefix + id };
            }
        }
        return wish;
    }

    // 月均, 年平均, 日均: the period of the figures, not a split
    private static Wish Stepped(QuestionText text, Wish wish, DateOnly today, List<Said> said)
    {
        if (text.Take(Mean()) is not var (m, words))
            return wish;
        said.Add(new("period", words));
        // A mean over days is the figure of the time that is said.
        return wish.Time is null && m.Groups["of"].Value != "日" ? wish with { Period = wish.Period ?? Step(m.Groups["of"].Value) } : wish;
    }

    private const string Places = "设区的市|设区市|地级市|县级市|县市区|地市|区县|县区|市县|城市|地区|地方|市|县|区";
    private const string Steps = "季度|月份|星期|日子|年份|年度|季|月|周|天|日|年";
    private const string PlacesEn = "cities|city|counties|county|districts|district|regions|region|places|place|areas|area";
    private const string StepsEn = "days|day|weeks|week|months|month|quarters|quarter|years|year";

    [GeneratedRegex(@"(?:在|介于)?(?<a>[0-9]+(?:\.[0-9]+)?)%?(?:\s*(?<v>[百千万亿]{1,3}(?:" + Measure + @")?|" + Measure + @"))?\s*(?:到|至|-|~|和|与)\s*(?<b>[0-9]+(?:\.[0-9]+)?)%?" + Unit + @"\s*之间|between (?<a>[0-9]+(?:\.[0-9]+)?) and (?<b>[0-9]+(?:\.[0-9]+)?)" + Unit)]
    private static partial Regex Between();

    [GeneratedRegex(@"(?:不低于|不少于|不小于|大于等于|大于或等于|高于或等于|至少|达到了?|>=|≥|at least|no less than|not below)\s*" + Number + "%?" + Unit + @"(?:及?以上)?(?![0-9.]*\s*[年月])")]
    private static partial Regex AtLeast();

    [GeneratedRegex(@"(?:不高于|不超过|不大于|不多于|小于等于|小于或等于|低于或等于|至多|最多|<=|≤|at most|no more than|not above)\s*" + Number + "%?" + Unit + @"(?![0-9.]*\s*[年月])")]
    private static partial Regex AtMost();

    [GeneratedRegex(@"(?<!不)(?:超过了?|高于|大于|多于|超出|突破|高过|>|above|over|more than|greater than|higher than|exceed(?:s|ing|ed)?)\s*" + Number + "%?" + Unit + @"(?:以上)?(?![0-9.]*\s*[年月])")]
    private static partial Regex Above();

    [GeneratedRegex(@"(?<!不)(?:低于|小于|少于|不足|不到|不满|<|below|under|less than|lower than|fewer than)\s*" + Number + "%?" + Unit + @"(?![0-9.]*\s*[年月])")]
    private static partial Regex Below();

    // 以上 and 以下 take in the number itself (Civil Code, art. 1259).
    [GeneratedRegex(Number + "%?" + Unit + @"\s*[^0-9\s,，。岁]{0,4}?(?:及|或)?以上")]
    private static partial Regex AndAbove();

    [GeneratedRegex(Number + "%?" + Unit + @"\s*[^0-9\s,，。岁]{0,4}?(?:及|或)?(?:以下|以内)")]
    private static partial Regex AndBelow();

    [GeneratedRegex(@"同比(?:增长率|增长|增幅|下降|变化|情况)?|(?:与|和|同|跟|比|较|对比)?(?:去年|上年|上一年)(?:的)?同期(?:相比|比较|对比|比)?|(?:比|较|与|和|同|跟)上年(?!同|[0-9一二三四五六七八九十上下第])(?:相比|比较|比)?|(?:比|较)去年(?!同|年|[0-9一二三四五六七八九十上下第])(?:相比)?|(?:与|和|同|跟)去年(?:相比|比较|对比|比)|(?:compared (?:to|with)|versus|vs\.?|than)?\s*(?:the )?(?:same (?:period|time) (?:of )?)?last year'?s? same period|(?:compared (?:to|with)|versus|vs\.?|than) (?:the )?(?:same (?:period|time) (?:of )?)?(?:last|the previous) year|year[- ]on[- ]year|\byoy\b")]
    private static partial Regex YearOnYear();

    [GeneratedRegex(@"环比(?:增长率|增长|增幅|下降|变化|情况)?|(?:比|较)上(?:一?个?)(?:月|季度|周|期)(?:份)?(?:相比)?|(?:与|和|同|跟)上(?:一?个?)(?:月|季度|周|期)(?:份)?(?:相比|比较|对比|比)|(?:compared (?:to|with)|versus|vs\.?|than) (?:the )?(?:last|previous) (?:month|quarter|week|period)|(?:month|quarter|week)[- ]on[- ](?:month|quarter|week)")]
    private static partial Regex OnPrevious();

    [GeneratedRegex(@"(?:比|较|对比|compared (?:to|with)\s+|versus\s+|vs\.?\s+|than\s+)|(?<soft>与|和|同|跟)")]
    private static partial Regex With();

    [GeneratedRegex(@"\G(?:的)?(?:相比|比较|对比|比)")]
    private static partial Regex CompareEnd();

    [GeneratedRegex("累计|年内")]
    private static partial Regex Cumulative();

    [GeneratedRegex(@"(?:哪(?:个|一个|些|几个)?(?<of>" + Places + "|" + Steps + @")(?:的)?)?最(?<way>高|大|多|快|好|优|佳|低|小|少|慢|差|糟)(?:的)?(?:前)?(?:(?<n>" + Numerals.Pattern + @")\s*(?:个|名|位|座|家)?)?(?:(?<of>" + Places + "|" + Steps + @"))?|(?:the )?(?:(?<n>[0-9]{1,2}|two|three|four|five|six|seven|eight|nine|ten) )?(?:(?<of>" + PlacesEn + "|" + StepsEn + @") with (?:the )?)?\b(?<way>highest|most|largest|greatest|lowest|least|smallest|fewest|worst|best)\b")]
    private static partial Regex Most();

    [GeneratedRegex(@"(?:排名|排在|排)?(?:(?:前|第|头)|(?<last>倒数第?|后|末))(?<n>" + Numerals.Pattern + @")(?:个|名|位|座)(?:的)?(?<of>" + Places + @")?|(?:排名|排在|排)(?:前|(?<last>倒数第?|后))(?<n>" + Numerals.Pattern + @")|前(?<n>十|五|三|10|5|3)(?![0-9])(?<of>" + Places + @")?|(?:\btop|(?<last>\bbottom))\s+(?<n>[0-9]{1,2}|three|five|ten)(?:\s+(?<of>" + PlacesEn + "))?")]
    private static partial Regex First();

    [GeneratedRegex(@"(?:从|由)(?:(?<down>高到低|大到小|多到少|高至低)|低到高|小到大|少到多|低至高)(?:排序|排列|排名)?|(?<down>降序|倒序|descending)|升序|ascending")]
    private static partial Regex Down();

    [GeneratedRegex(@"排名|排行榜|排行|排序|名次|\brank(?:ing|ed)?\b")]
    private static partial Regex Ranked();

    [GeneratedRegex(@"(?:各个?|每一?个?|所有|全部|有?哪些个?|有?哪几个?|有?哪一?个|有几个|有多少个|按|分)(?<of>" + Places + @")(?![都内])|(?<of>县市区|区县|设区市|地市)|(?:的|之间|以上|以下|以内)?(?<of>" + Places + @")(?=有哪些|有哪几|有几个|有多少|是哪|$|[?？])|哪里|(?:by|each|every|which|what|all(?: the)?|per) (?<of>" + PlacesEn + @")\b")]
    private static partial Regex Each();

    [GeneratedRegex(@"(?:各个?|每一?个?|有?哪些|有?哪几个?|有?哪一?个?|有几个?|按|分|逐|历)(?<of>" + Steps + @")(?:份|度)?|的(?<of>日子|天|月份|月|年份)(?=有哪些|有哪几|有几|有多少|是哪|$|[?？])|(?:by|each|every|which|what|per) (?<of>" + StepsEn + @")\b|(?<of>daily|weekly|monthly|quarterly|yearly)")]
    private static partial Regex EachStep();

    [GeneratedRegex(@"变化趋势|变化情况|趋势|走势|变化|变动|曲线|\btrend\b|over time|\bhistory\b")]
    private static partial Regex Trend();

    [GeneratedRegex(@"(?:分|按|各)(?<of>行业|平台|产业|类别|类型|规模|等级|单位|部门)(?:来看|看|统计)?|by (?<of>industry|platform|type|size|unit)\b")]
    private static partial Regex ByDimension();

    [GeneratedRegex(@"(?<of>年|季|月|周|日)(?:均|平均)(?!浓)|(?<of>月|季|年)度(?!指)")]
    private static partial Regex Mean();

    [GeneratedRegex(@"(?:增长|下降|上升|提高|降低|增加|减少|增减|升|降|涨|改善|变差|变好)(?:了|情况|率|幅度?)?")]
    private static partial Regex Moved();

    [GeneratedRegex(@"请问|请|帮我|我想知道|我想看|想知道|告诉我|给我|查一下|查询|查看|查|看一下|看看|显示|列出|统计|是不是|是否|是多少|有多少|多少个|多少|怎么样|怎样|如何|什么|情况|数据|数值|数字|结果|指标|数量|个数|最近|目前|现在|当前|最新|相比|比较|对比|一下|哪些|哪个|哪里|吗|呢|吧|啊|了|的|是|有|在|和|与|及|跟|为|都|个|比|从|自|[?？!！。，,、；;：:]|\b(?:what|which|how|many|much|is|are|was|were|did|does|do|has|have|had|the|a|an|of|in|on|for|at|to|and|or|me|show|list|give|tell|please|there|with|by|from|compared|than|s)\b")]
    private static partial Regex Fillers();
}
