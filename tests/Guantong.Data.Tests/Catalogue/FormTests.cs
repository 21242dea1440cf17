using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>The departments' form: nothing is lost on the way out and back, and what cannot be taken is told by sheet, row and column.</summary>
public sealed class FormTests
{
    private static Arbitrary<CatalogueEntry[]> Several => (from count in Gen.Choose(1, 3) from entries in Entries.One.ArrayOf(count) select entries.Select((e, i) => e with { Code = $"309330000/{i + 1:000000}" }).ToArray()).ToArbitrary();

    [Property(MaxTest = 60)]
    public Property A_workbook_that_is_read_back_says_the_same() => Prop.ForAll(Several, entries =>
    {
        using var file = new MemoryStream();
        FormFiles.WriteExcel(file, entries);
        file.Position = 0;
        var (resources, items) = FormFiles.ReadExcel(file);
        return Back(entries, FormReader.Read(resources, items));
    });

    [Property(MaxTest = 150)]
    public Property Two_CSV_files_that_are_read_back_say_the_same() => Prop.ForAll(Several, entries => Back(entries, FormReader.Read(Csv(CatalogueForm.ResourceRows(entries)), Csv(CatalogueForm.ItemRows(entries)))));

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_shown_is_what_is_taken_once_and_by_whoever_may(string store)
    {
        await using var bed = await CatalogueBed.MakeAsync(store);
        var import = new CatalogueImport(bed.Store, bed.Book, CatalogueBed.Land, TimeProvider.System);
        var (one, two) = (CatalogueBed.Entry(), CatalogueBed.Entry("水库名录"));
        var plan = await import.PlanExcelAsync(CatalogueBed.Ecology, Workbook(one, two));
        Assert.Equal((2, 0, 0), (plan.Count("add"), plan.Count("change"), plan.Faults.Count));
        Assert.Empty(await bed.Book.AllAsync(false).ToListAsync());
        Assert.False(await import.ApplyAsync(CatalogueBed.Ecology, plan, "another"));
        Assert.True(await import.ApplyAsync(CatalogueBed.Ecology, plan, plan.Digest));
        // What comes out is taken back as it is; what was changed on the way is changed.
        var kept = (await bed.Book.AllAsync(false).ToListAsync()).Select(k => k.Entry).OrderBy(e => e.Code).ToArray();
        Assert.Equal((0, 0, 2), await CountsAsync(import, kept));
        var changed = kept[0] with { Cycle = "weekly", Items = [kept[0].Items[0], kept[0].Items[1] with { Unit = "cm" }] };
        var second = await import.PlanExcelAsync(CatalogueBed.Bureau, Workbook(changed, kept[1]));
        Assert.Equal(["cycle: hourly → weekly", "items.level.unit: m → cm"], second.Lines[0].Changes.Select(c => $"{c.Path}: {c.Was} → {c.Becomes}"));
        // The catalogue moved since: what was shown is not what would be done.
        await bed.Book.ChangeAsync(CatalogueBed.Bureau, kept[0].Id, kept[0] with { About = "别的" }, 1);
        Assert.NotEqual(second.Digest, (await import.PlanExcelAsync(CatalogueBed.Bureau, Workbook(changed, kept[1]))).Digest);
        Assert.Equal([("same-name", 2, "B2"), ("same-name", 3, "B3")], (await import.PlanExcelAsync(CatalogueBed.Ecology, Workbook(one, two))).Faults.Select(f => (f.Code, f.Row, f.Cell)));
        Assert.Equal([("not-yours", 2, "G2")], (await import.PlanExcelAsync(CatalogueBed.Ecology, Workbook(CatalogueBed.Entry("风速", "省气象局")))).Faults.Select(f => (f.Code, f.Row, f.Cell)));
    }

    public static TheoryData<string, string, int, string> Faults => new()
    {
        { "share=随便", "信息资源", 2, "N2" }, { "grade=五", "信息资源", 2, "T2" }, { "name=", "信息资源", 2, "C2" }, { "code=309330000/999999", "信息资源", 2, "B2" }, { "basis", "信息资源", 2, "P2" }, { "published=2026年2月30日", "信息资源", 2, "V2" },
        { "number=", "信息资源", 2, "A2" }, { "header=信息资源名", "信息资源", 1, "C1" }, { "item.type=数字", "信息项", 3, "F3" }, { "item.number=7", "信息项", 3, "A3" }, { "item.key=对", "信息项", 3, "J3" }, { "item.id=code", "信息项", 3, "C3" },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task What_cannot_be_taken_is_told_by_sheet_row_and_column_and_nothing_is(string change, string sheet, int row, string cell)
    {
        await using var bed = await CatalogueBed.MakeAsync("sqlite");
        var entry = CatalogueBed.Entry() with { Code = "", Share = change == "basis" ? "none" : "unconditional" };
        var (resources, items) = (CatalogueForm.ResourceRows([entry]).Select(r => r.ToArray()).ToList(), CatalogueForm.ItemRows([entry]).Select(r => r.ToArray()).ToList());
        var (key, value) = change.Split('=') is [var k, var v] ? (k, v) : (change, "");
        if (key == "header")
            resources[0][2] = value;
        else if (key.StartsWith("item.", StringComparison.Ordinal))
            items[2][CatalogueForm.ItemColumns.ToList().IndexOf(key[5..])] = value;
        else if (value.Length > 0 || key != "basis")
            resources[1][CatalogueForm.ResourceColumns.ToList().IndexOf(key)] = value;
        var plan = await new CatalogueImport(bed.Store, bed.Book, CatalogueBed.Land, TimeProvider.System).PlanCsvAsync(CatalogueBed.Bureau, Bytes(resources), Bytes(items));
        Assert.Contains((sheet, row, cell), plan.Faults.Select(f => (f.Sheet, f.Row, f.Cell)));
        Assert.All(plan.Faults, f => Assert.NotEqual(f.Say("zh-CN"), f.Say("en")));
        Assert.False(await new CatalogueImport(bed.Store, bed.Book, CatalogueBed.Land, TimeProvider.System).ApplyAsync(CatalogueBed.Bureau, plan, plan.Digest));
    }

    [Fact]
    public async Task A_file_that_is_no_form_is_refused()
    {
        await using var bed = await CatalogueBed.MakeAsync("sqlite");
        var import = new CatalogueImport(bed.Store, bed.Book, CatalogueBed.Land, TimeProvider.System);
        async Task<string> CodeAsync(byte[] file) => Assert.Single((await import.PlanExcelAsync(CatalogueBed.Bureau, new MemoryStream(file))).Faults).Code;
        Assert.Equal("no-workbook", await CodeAsync("not a workbook"u8.ToArray()));
        Assert.Equal("no-workbook", await CodeAsync([]));
        var whole = Workbook(CatalogueBed.Entry()).ToArray();
        Assert.Equal("no-workbook", await CodeAsync(whole[..(whole.Length / 2)]));
        using var bomb = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(bomb, System.IO.Compression.ZipArchiveMode.Create, true))
        {
            await using var part = await zip.CreateEntry("xl/worksheets/sheet1.xml").OpenAsync();
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 300; i++)
                await part.WriteAsync(zeros);
        }
        Assert.Equal("unpacks", await CodeAsync(bomb.ToArray()));
        Assert.Equal("sheet-missing", Assert.Single((await import.PlanCsvAsync(CatalogueBed.Bureau, [], [])).Faults).Code);
        Assert.Equal("encoding", Assert.Single((await import.PlanCsvAsync(CatalogueBed.Bureau, [0xff, 0xff, 0x30], [])).Faults).Code);
        System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        var gbk = System.Text.Encoding.GetEncoding("GB18030").GetBytes(System.Text.Encoding.UTF8.GetString(Bytes(CatalogueForm.ResourceRows([CatalogueBed.Entry()]))).TrimStart('\uFEFF'));
        Assert.Equal("水库水位", Assert.Single((await import.PlanCsvAsync(CatalogueBed.Bureau, gbk, [])).Lines).Name);
    }

    private static async Task<(int, int, int)> CountsAsync(CatalogueImport import, CatalogueEntry[] entries)
    {
        var plan = await import.PlanExcelAsync(CatalogueBed.Ecology, Workbook(entries));
        Assert.Empty(plan.Faults);
        return (plan.Count("add"), plan.Count("change"), plan.Count("keep"));
    }

    private static bool Back(CatalogueEntry[] entries, FormReading reading)
    {
        Assert.Empty(reading.Faults);
        for (var i = 0; i < entries.Length; i++)
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(entries[i] with { Id = "" }), System.Text.Json.JsonSerializer.Serialize(reading.Entries[i].Entry));
        return reading.Entries.Count == entries.Length;
    }

    private static MemoryStream Workbook(params CatalogueEntry[] entries)
    {
        var file = new MemoryStream();
        FormFiles.WriteExcel(file, entries);
        file.Position = 0;
        return file;
    }

    private static List<IReadOnlyList<string>> Csv(IEnumerable<IReadOnlyList<string>> rows) => FormFiles.ReadCsv(Bytes(rows));

    private static byte[] Bytes(IEnumerable<IReadOnlyList<string>> rows)
    {
        using var file = new MemoryStream();
        FormFiles.WriteCsvAsync(file, rows).GetAwaiter().GetResult();
        return file.ToArray();
    }
}
