using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Data;
using Guantong.Packs;

namespace Guantong.Tests;

/// <summary>Organisations known again: what counts as one, why, and how often that is right on a made-up set whose truth is known.</summary>
public sealed class OrganisationTests
{
    private static readonly PlaceNames Land = new([("浙江省", "province"), ("杭州市", "city"), ("宁波市", "city"), ("温州市", "city"), ("湖州市", "city"), ("西湖区", "county")]);

    private static KnownOrganisation Row(string row, string? name, string? code = null, string? address = null, string? phone = null) =>
        KnownOrganisation.Of(new OrganisationRow(new RowKey("a/b", row), code ?? row, code ?? row, row, code, name, address, phone), Land);

    private static string Code(int n) => $"91330106MA{n:0000000}" is var body ? body + ValueForm.Find("credit-code")!.Check!.Of(body) : "";

    [Theory]
    [InlineData("杭州云达科技有限公司", "云达科技", "杭州")]
    [InlineData("浙江省杭州市云达科技股份有限公司", "云达科技", "浙江 杭州")]
    [InlineData("云达科技（杭州）有限公司", "云达科技", "杭州")]
    [InlineData("云达科技（集团）有限公司", "云达科技", "")]
    [InlineData("ＡＢＣ　云达 有限责任公司", "ABC云达", "")]
    [InlineData("云达面馆", "云达面馆", "")]
    [InlineData("西湖电子集团有限公司", "西湖电子", "")]
    [InlineData("西湖区云达社区服务中心", "云达社区服务中心", "西湖区")]
    [InlineData("云达科技有限公司宁波分公司", "云达科技有限公司宁波分公司", "")]
    [InlineData("杭州公司", "杭州", "")]
    public void A_name_is_taken_apart(string name, string core, string places)
    {
        var read = OrganisationName.Of(name, Land);
        Assert.Equal((core, places), (read.Core, string.Join(' ', read.Places)));
    }

    [Fact]
    public void Each_part_says_what_it_adds_in_both_languages()
    {
        var likeness = Likeness.Of(Row("1", "杭州云达科技有限公司", address: "杭州市文三路1号", phone: "0571-87654321"), Row("2", "云达科技（杭州）有限公司", address: "文三路1号", phone: "8765 4321"));
        Assert.Equal(["至少一方没有有效的统一社会信用代码 0", "名称相同 30", "地址相同 15", "电话相同 15"], likeness.Parts.Select(p => $"{p.Say("zh-CN")} {p.Points}"));
        Assert.Equal("the same name", likeness.Parts[1].Say("en"));
        Assert.Equal(60, likeness.Score);
    }

    [Fact]
    public void Another_place_another_number_of_the_house_and_another_code_take_points_away()
    {
        Assert.Equal((30, 28, 18), (Likeness.Of(Row("1", "杭州云达科技公司"), Row("2", "杭州云达科技公司")).Score, Likeness.Of(Row("1", "杭州云达科技公司"), Row("2", "云达科技公司")).Score, Likeness.Of(Row("1", "杭州云达科技公司"), Row("2", "宁波云达科技公司")).Score));
        Assert.True(Likeness.Of(Row("1", null, address: "文三路12号"), Row("2", null, address: "文三路128号")).Score <= 8);
        // By law two, whatever else is the same.
        var two = Likeness.Of(Row("1", "云达科技", Code(1), "文三路1号", "87654321"), Row("2", "云达科技", Code(2), "文三路1号", "87654321"));
        Assert.Equal((0, -60, "differ"), (two.Score, two.Parts[0].Points, two.Parts[0].Found));
    }

    [Property(MaxTest = 300)]
    public Property A_score_is_the_same_both_ways_lies_within_a_hundred_points_and_is_the_sum_of_its_parts() => Prop.ForAll(Pairs().ToArbitrary(), pair =>
    {
        var (one, other) = (Likeness.Of(pair.One, pair.Other), Likeness.Of(pair.Other, pair.One));
        return one.Score == other.Score && one.Parts.SequenceEqual(other.Parts) && one.Score is >= 0 and <= 100 && one.Score == one.Parts.Sum(p => p.Points) && one.Parts.All(p => p.Points <= p.Most);
    });

    [Property(MaxTest = 300)]
    public Property Nothing_is_more_like_a_row_than_the_row_itself() => Prop.ForAll(Pairs().ToArbitrary(), pair => Likeness.Of(pair.One, pair.One).Score >= Likeness.Of(pair.One, pair.Other).Score);

    private static Gen<(KnownOrganisation One, KnownOrganisation Other)> Pairs()
    {
        var text = Gen.Elements<string?>(null, "", "云达科技有限公司", "杭州云达科技", "宁波市云达科技公司", "Ａ", "西湖区文三路1号", "文三路12号", "0571-87654321", "13800000000");
        var code = Gen.Elements<string?>(null, Code(1), Code(2));
        var row = code.SelectMany(c => text.SelectMany(n => text.SelectMany(a => text.Select(p => Row("1", n, c, a, p)))));
        return row.SelectMany(one => row.Select(other => (one, other)));
    }

    // Up to seven rows with few codes, and any decisions about them, contradictory ones among them.
    private static Gen<(OrganisationRow[] Rows, PairDecision[] Decisions)> Decided()
    {
        var rows = Gen.Elements<string?>(null, "A", "B").ArrayOf(7).Select(codes => codes.Select((c, i) => new OrganisationRow(new RowKey("a/b", $"{i}"), c ?? $"{i}", c ?? $"{i}", $"{i}", c, null, null, null)).ToArray());
        var key = Gen.Choose(0, 6).Select(i => new RowKey("a/b", $"{i}"));
        var decision = key.SelectMany(l => key.SelectMany(r => Gen.Elements(true, false).Select(same => RowKey.Ordered(l, r) is var (left, right) ? new PairDecision(left, right, same) : null!))).Where(d => d.Left != d.Right);
        return rows.SelectMany(r => Gen.Choose(0, 6).SelectMany(n => decision.ArrayOf(n)).Select(d => (r, d)));
    }

    // Those that a person could have made one after the other.
    private static List<PairDecision> Consistent(IEnumerable<PairDecision> decisions)
    {
        var kept = new List<PairDecision>();
        foreach (var decision in decisions.Where(d => !Grouping.Contradicts(kept, d)))
            kept.Add(decision);
        return kept;
    }

    [Property(MaxTest = 500)]
    public Property What_people_decided_stands_whatever_the_codes_say() => Prop.ForAll(Decided().ToArbitrary(), given =>
    {
        var decisions = Consistent(given.Decisions);
        var groups = Grouping.Of(given.Rows, decisions);
        return decisions.All(d => (groups[d.Left] == groups[d.Right]) == d.IsSame);
    });

    [Property(MaxTest = 300)]
    public Property Organisations_are_the_same_in_whatever_order_rows_and_decisions_come() => Prop.ForAll(Decided().ToArbitrary(), given =>
    {
        var decisions = Consistent(given.Decisions);
        var (one, other) = (Grouping.Of(given.Rows, decisions), Grouping.Of(given.Rows.Reverse(), [.. decisions.AsEnumerable().Reverse()]));
        return given.Rows.All(r => one[r.Key] == other[r.Key]);
    });

    [Property(MaxTest = 300)]
    public Property Without_decisions_a_row_is_what_its_code_says() => Prop.ForAll(Decided().ToArbitrary(), given => Grouping.Of(given.Rows, []) is var groups && given.Rows.All(r => groups[r.Key] == r.Own));

    [Fact]
    public void On_a_made_up_set_with_known_truth_no_link_is_wrong_and_few_pairs_are_missed()
    {
        var (rows, truth) = MadeUp(600);
        bool IsOne(RowKey one, RowKey other) => truth[one] == truth[other];
        // The same valid code: certain. The rest goes to a person, who looks at each pair of organisations once.
        var linked = rows.Where(r => r.Code is not null).GroupBy(r => r.Code).SelectMany(g => g.SelectMany((one, i) => g.Skip(i + 1).Select(other => (one, other)))).ToList();
        var found = Candidates.Of(rows, (_, _) => false);
        Assert.All(linked, l => Assert.True(IsOne(l.one.Row.Key, l.other.Row.Key)));
        var right = found.Where(c => IsOne(c.Left.Row.Key, c.Right.Row.Key)).ToList();
        // A person who answers every question rightly: how many of the true pairs are together then?
        var groups = Grouping.Of(rows.Select(r => r.Row), [.. right.Select(c => new PairDecision(c.Left.Row.Key, c.Right.Row.Key, true))]);
        var pairs = rows.GroupBy(r => truth[r.Row.Key]).SelectMany(g => g.SelectMany((one, i) => g.Skip(i + 1).Select(other => groups[one.Row.Key] == groups[other.Row.Key]))).ToList();
        var (precision, recall) = ((double)right.Count / found.Count, (double)pairs.Count(p => p) / pairs.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{rows.Count} rows, {pairs.Count} true pairs, {linked.Count} linked by code, {found.Count} to look at, of which {precision:0.000} are one; with review {recall:0.000} are together");
        Assert.True(recall >= 0.97, $"together {recall}");
        Assert.True(precision >= 0.80, $"right among those to look at {precision}");
        // Far fewer than all pairs.
        Assert.True(found.Count < rows.Count);
    }

    // Each organisation in up to three datasets, with what differs between departments' tables: kinds of body left out, divisions before the name, codes that lack or are mistyped,
    // addresses in other words, telephones with and without their area. Many share the words of their trade.
    private static (List<KnownOrganisation> Rows, Dictionary<RowKey, int> Truth) MadeUp(int organisations)
    {
        var chance = new Random(20261128);
        string Any(params string[] of) => of[chance.Next(of.Length)];
        var (rows, truth) = (new List<KnownOrganisation>(), new Dictionary<RowKey, int>());
        for (var i = 0; i < organisations; i++)
        {
            var own = Any("云", "恒", "瑞", "中", "华", "天", "德", "安", "博", "新") + Any("达", "信", "和", "诚", "泰", "远", "盛", "科", "通", "明") + Any("", "", "源", "海", "山");
            var name = own + Any("科技", "贸易", "建设", "物流", "餐饮", "纺织", "环保", "信息技术");
            var (city, road, house) = (Any("杭州", "宁波", "温州", "湖州"), Any("文三", "解放", "人民", "中山", "体育场", "学院", "建国", "环城"), chance.Next(1, 800));
            var (code, phone) = (Code(i + 1), $"{chance.Next(2000_0000, 9999_9999)}");
            foreach (var data in (string[])["registry", "tax", "social"])
            {
                if (data != "registry" && chance.Next(10) < 3)
                    continue;
                var given = data == "registry" ? $"{city}{name}有限公司" : Any($"{city}市{name}有限公司", $"{city}{name}", $"{city}{name}有限责任公司", $"{name}（{city}）有限公司", $"浙江省{city}市{name}公司");
                var has = data == "registry" || chance.Next(10) < 6 ? code : null;
                var key = new RowKey($"made/{data}", $"{i}");
                rows.Add(KnownOrganisation.Of(new OrganisationRow(key, has ?? $"{data}{i}", has ?? $"{data}{i}", $"{data}{i}", has, given,
                    chance.Next(10) < 8 ? Any($"{city}市{road}路{house}号", $"浙江省{city}市{road}路{house}号", $"{road}路{house}号") : null,
                    chance.Next(10) < 8 ? Any(phone, "0571-" + phone, "0571" + phone) : null), Land));
                truth[key] = i;
            }
        }
        return (rows, truth);
    }
}
