using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Bench;

/// <summary>What memory large deliveries take: it must not grow with them.</summary>
internal static class FlowBench
{
    private static Pack Read(string from) => PackReader.Read(new PackFiles("gauge", new Dictionary<string, string>
    {
        ["pack.yaml"] = "pack: environment.gauge\nversion: 1.0.0\nname: 水位\napplication: digital-government\nlead: 省水利厅\n",
        ["datasets/level.yaml"] = $$"""
            dataset: level
            name: 水位
            source: 省水利厅
            share: unconditional
            open: unconditional
            grade: 1
            key: [number]
            fields:
              number: {type: integer}
              gauge:  {type: string}
              at:     {type: timestamp}
              level:  {type: number, range: [0, 1000]}
              note:   {type: string}
            quality:
              - {rule: complete, of: [level], at-least: 95%}
            feed:
              from: {{from}}
              columns: {number: number, gauge: gauge, at: at, level: level, note: note}
            """,
    })).Pack!;

    /// <summary>A CSV of 1 GB and one of 10 GB, each loaded by a process of its own with 2 GB for the engine of the warehouse.</summary>
    public static Task<Ratio> RunAsync()
    {
        var large = int.TryParse(Environment.GetEnvironmentVariable("GUANTONG_BENCH_GB"), CultureInfo.InvariantCulture, out var told) ? told : 10;
        using var scratch = new Scratch();
        long Peak(int gigabytes) => Child(scratch, "csv", gigabytes);
        var (one, many) = (Peak(1), Peak(large));
        Measure.Say($"peak memory: {one >> 20} MiB for 1 GB, {many >> 20} MiB for {large} GB");
        return Task.FromResult(new Ratio((double)one / many, 0.7));
    }

    /// <summary>A workbook of a million rows and one of three, with 128 MB for the engine, which the first fills. Reading the workbook takes the same at any length.</summary>
    public static Task<Ratio> ExcelAsync()
    {
        using var scratch = new Scratch();
        var (few, many) = (Child(scratch, "excel", 1_000_000), Child(scratch, "excel", 3_000_000));
        Measure.Say($"peak memory: {few >> 20} MiB for a million rows, {many >> 20} MiB for three million");
        return Task.FromResult(new Ratio((double)few / many, 0.7));
    }

    private static long Child(Scratch scratch, string kind, int size)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], "flow-child", kind, size.ToString(CultureInfo.InvariantCulture), scratch.Fresh($"{kind}-{size}")]) { RedirectStandardOutput = true };
        start.Environment["GUANTONG_WAREHOUSE_MEMORY"] = kind == "csv" ? "2GB" : "128MB";
        using var child = Process.Start(start)!;
        var said = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Console.Write(said[..said.LastIndexOf('\n', said.Length - 2)] + "\n");
        return long.Parse(said.TrimEnd().Split('\n')[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>Makes a file, loads it, and says its peak.</summary>
    public static int RunChild(string kind, int size, string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, kind == "csv" ? "rows.csv" : "rows.xlsx");
        var rows = kind == "csv" ? WriteCsv(file, (long)size << 30) : WriteExcel(file, size);
        var pack = Read(kind);
        using var warehouse = Warehouse.Open(Path.Combine(folder, "w.duckdb"), TimeProvider.System);
        warehouse.Apply(pack, losing: false);
        var (stop, peak) = (new CancellationTokenSource(), 0L);
        var watching = Task.Run(() =>
        {
            while (!stop.Token.WaitHandle.WaitOne(50))
                peak = Math.Max(peak, Environment.WorkingSet);
        });
        LoadSummary? summary = null;
        var seconds = Measure.Seconds(() => summary = RowLoad.Files(warehouse, pack, pack.Datasets[0], [file]));
        stop.Cancel();
        watching.Wait();
        if (summary!.RowsAdded != rows)
            throw new InvalidOperationException($"{summary.RowsAdded} of {rows} rows");
        Measure.Say($"{kind} of {new FileInfo(file).Length >> 20} MiB, {rows} rows: {seconds:0.0} s, {rows / seconds:0} rows/s");
        Console.WriteLine(peak);
        File.Delete(file);
        return 0;
    }

    private static long WriteCsv(string file, long size)
    {
        using var to = new StreamWriter(file, false, new UTF8Encoding(false), 1 << 20);
        to.Write("number,gauge,at,level,note\n");
        var (rows, written) = (0L, 0L);
        while (written < size)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{rows},G{rows % 5000:0000},2026-{rows % 12 + 1:00}-{rows % 28 + 1:00} {rows % 24:00}:00:00,{rows % 97 + rows % 7 / 10.0},水文站观测记录{rows * 7919 % 1_000_003}\n");
            to.Write(line);
            written += line.Length + 14;
            rows++;
        }
        return rows;
    }

    // Each note is a text of its own in the table of shared texts, as Excel writes them.
    private static long WriteExcel(string file, int rows)
    {
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        void Write(string name, Action<StreamWriter> write)
        {
            using var to = new StreamWriter(archive.CreateEntry(name, CompressionLevel.Fastest).Open());
            write(to);
        }
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", package = "http://schemas.openxmlformats.org/package/2006/relationships", type = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        Write("[Content_Types].xml", t => t.Write($"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{type}sheet.main+xml\"/><Override PartName=\"/xl/sheet1.xml\" ContentType=\"{type}worksheet+xml\"/><Override PartName=\"/xl/shared.xml\" ContentType=\"{type}sharedStrings+xml\"/></Types>"));
        Write("_rels/.rels", t => t.Write($"<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
        Write("xl/_rels/workbook.xml.rels", t => t.Write($"<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{office}/sharedStrings\" Target=\"shared.xml\"/></Relationships>"));
        Write("xl/workbook.xml", t => t.Write($"<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"));
        Write("xl/shared.xml", t =>
        {
            t.Write($"<sst xmlns=\"{main}\">");
            for (var i = 0; i < rows; i++)
                t.Write($"<si><t>水文站观测记录 {i}</t></si>");
            t.Write("</sst>");
        });
        Write("xl/sheet1.xml", t =>
        {
            t.Write($"<worksheet xmlns=\"{main}\"><sheetData><row r=\"1\">");
            foreach (var header in (string[])["number", "gauge", "at", "level", "note"])
                t.Write($"<c t=\"inlineStr\"><is><t>{header}</t></is></c>");
            t.Write("</row>");
            for (var i = 0; i < rows; i++)
                t.Write(string.Create(CultureInfo.InvariantCulture, $"<row r=\"{i + 2}\"><c r=\"A{i + 2}\"><v>{i}</v></c><c r=\"B{i + 2}\" t=\"inlineStr\"><is><t>G{i % 5000:0000}</t></is></c><c r=\"C{i + 2}\" t=\"str\"><v>2026-03-01 08:00:00</v></c><c r=\"D{i + 2}\"><v>{i % 97 + i % 7 / 10.0}</v></c><c r=\"E{i + 2}\" t=\"s\"><v>{i}</v></c></row>"));
            t.Write("</sheetData></worksheet>");
        });
        return rows;
    }
}
