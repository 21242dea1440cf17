using System.Globalization;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Packs.Reading;

namespace Guantong.Tests.Opening;

/// <summary>Somebody made up.</summary>
internal sealed record Resident(int Id, string Region, DateOnly Birth, string Sex, string Education, long Income, string Aid)
{
    /// <summary>A raw value by field.</summary>
    public object? Of(string field) => field switch
    {
        "id" => Id.ToString(CultureInfo.InvariantCulture),
        "region" => Region,
        "birth" => Birth,
        "sex" => Sex,
        "education" => Education,
        "income" => Income,
        "aid" => Aid,
        _ => throw new ArgumentException(field),
    };
}

/// <summary>A population made up from a seed, plainly synthetic: uneven, with a few who stand out.</summary>
internal static class Population
{
    public static readonly string[] Educations = ["10", "20", "30", "40", "60", "70", "80"];
    public static readonly string[] Aids = ["无", "低保", "特困", "临时", "高龄", "残疾", "医疗", "教育"];

    public static List<Resident> Make(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => One(i, random))];
    }

    private static Resident One(int id, Random random)
    {
        // Few counties have most of the people, the last ones hardly anybody.
        var county = (int)(60 * Math.Pow(random.NextDouble(), 2.5));
        var region = string.Create(CultureInfo.InvariantCulture, $"33{(county / 6) + 1:00}{(county % 6) + 2:00}");
        var age = random.NextDouble() < 0.001 ? 100 + random.Next(10) : (int)(random.NextDouble() * random.NextDouble() * 98);
        var birth = new DateOnly(2026, 1, 1).AddDays(-((age * 365) + random.Next(365)));
        var education = Educations[Math.Min(6, (int)(7 * Math.Pow(random.NextDouble(), random.NextDouble() < 0.02 ? 9 : 0.6)))];
        var income = random.NextDouble() < 0.002 ? 500_000 + random.Next(1_000_000) : (long)(3000 * Math.Exp(random.NextDouble() + random.NextDouble()));
        return new Resident(id, region, birth, random.NextDouble() < 0.51 ? "男" : "女", education, income, Aids[Math.Min(7, (int)(8 * Math.Pow(random.NextDouble(), 1.2)))]);
    }

    /// <summary>A pack whose dataset declares an opening; what check says of it is none.</summary>
    public static (Pack Pack, Dataset Dataset) Declare(string opening)
    {
        var reading = PackCheck.Prove(PackReader.Read(new PackFiles("", new Dictionary<string, string>
        {
            ["pack.yaml"] = "pack: test.population\nversion: 1.0.0\nname: 测试\napplication: platform\nlead: 省民政厅\n",
            ["codes/education.yaml"] = "codes: education\nname: 学历\nvalues: {\"10\": 研究生, \"20\": 本科, \"30\": 专科, \"40\": 中专, \"60\": 高中, \"70\": 初中, \"80\": 小学}\nwider: {list: education-group, of: {\"10\": high, \"20\": high, \"30\": high, \"40\": middle, \"60\": middle, \"70\": basic, \"80\": basic}}\n",
            ["codes/education-group.yaml"] = "codes: education-group\nname: 学历大类\nvalues: {high: 高等, middle: 中等, basic: 基础}\n",
            ["datasets/resident.yaml"] = $$"""
                dataset: resident
                name: 居民
                source: 省民政厅
                share: conditional
                open: unconditional
                grade: 3
                purpose: 测试
                retention: P1Y
                key: [id]
                fields:
                  id:        {type: string, personal: identity}
                  region:    {type: string}
                  birth:     {type: date}
                  sex:       {type: string, one-of: [男, 女]}
                  education: {type: string, codes: education}
                  income:    {type: integer}
                  aid:       {type: string, one-of: [{{string.Join(", ", Aids)}}]}
                feed: {from: manual}
                opening:
                {{string.Join('\n', opening.Split('\n').Select(l => "  " + l))}}
                """,
        })), Surroundings.Unknown);
        Assert.Equal([], reading.Findings.Where(f => f.Code.StartsWith("opening", StringComparison.Ordinal) || f.Mark.File.Contains("resident", StringComparison.Ordinal) && f.Severity == Severity.Error).Select(f => $"{f.Mark} {f.Code} {f.Message("en")}"));
        return (reading.Pack!, reading.Pack!.Dataset("resident")!);
    }

    /// <summary>What comes of residents; their pseudonyms are their numbers, by which a test knows whom a row is of.</summary>
    public static (OpenedRows? Rows, OpeningRefusal? Refusal) Open(string opening, IEnumerable<Resident> residents)
    {
        var (pack, dataset) = Declare(opening);
        var rows = new AnonymousRows(pack, dataset, text => text);
        foreach (var resident in residents)
            rows.Add([.. rows.Takes.Select(resident.Of)]);
        return rows.Open();
    }

    /// <summary>Whether a published value could be a raw one's: read by the test's own rules, not by the platform's.</summary>
    public static bool Fits(string field, object? told, Resident resident) => (field, told) switch
    {
        (_, "*") => true,
        ("region", string code) => resident.Region.StartsWith(code.EndsWith("0000", StringComparison.Ordinal) ? code[..2] : code.EndsWith("00", StringComparison.Ordinal) ? code[..4] : code, StringComparison.Ordinal),
        ("birth", string { Length: 9 } decade) => resident.Birth.Year >= int.Parse(decade.AsSpan(0, 4), CultureInfo.InvariantCulture) && resident.Birth.Year <= int.Parse(decade.AsSpan(5), CultureInfo.InvariantCulture),
        ("birth", string day) => resident.Birth.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture).StartsWith(day, StringComparison.Ordinal),
        ("education", string code) => code == resident.Education || code == (resident.Education is "10" or "20" or "30" ? "high" : resident.Education is "40" or "60" ? "middle" : "basic"),
        _ => Equals(told, resident.Of(field)),
    };
}
