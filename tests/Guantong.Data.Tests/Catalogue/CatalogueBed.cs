using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>A catalogue of a test's own over SQLite or a fresh PostgreSQL database, its index in memory.</summary>
internal sealed class CatalogueBed : IAsyncDisposable
{
    private readonly string _folder;

    private CatalogueBed(Store store, string folder) => (Store, _folder, Book, Search) = (store, folder, new CatalogueBook(store, Land, TimeProvider.System), new CatalogueSearch(new CatalogueBook(store, Land, TimeProvider.System), Land, null));

    public static Jurisdiction Land { get; } = Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions/zhejiang/jurisdiction.yaml"));

    /// <summary>The data bureau's steward, who may list everything.</summary>
    public static Person Bureau { get; } = new("data-bureau", "演示", "Demo", "official", "zj-data", "330000", ["data-bureau"]);

    /// <summary>A steward of the ecology department.</summary>
    public static Person Ecology { get; } = new("steward-ecology", "演示", "Demo", "official", "zj-ecology", "330000", ["steward"]);

    public Store Store { get; }

    public CatalogueBook Book { get; }

    public CatalogueSearch Search { get; }

    public string Folder => _folder;

    public static async Task<CatalogueBed> MakeAsync(string kind)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-catalogue-").FullName;
        return new CatalogueBed(await Store.OpenAsync(await FreshStore.MakeAsync(kind) ?? Path.Combine(folder, "store.db"), [TrustRoom.Migrations, DataRoom.Migrations]), folder);
    }

    /// <summary>An entry that may stand in the catalogue.</summary>
    public static CatalogueEntry Entry(string name = "水库水位", string provider = "省生态环境厅") => new()
    {
        Name = name, About = "一行是一座水库一小时的水位。", Provider = provider, Share = "unconditional", Open = "unconditional", Grade = 1, Category = "environment", Cycle = "hourly",
        Keywords = ["水位", "水库"], Formats = ["csv"], Items = [new("code", "水库编码", "Code", "string", IsKey: true), new("level", "水位", "Level", "number", "m")],
    };

    /// <summary>The judged entries of the material.</summary>
    public static IEnumerable<CatalogueEntry> Judged() => File.ReadLines(Path.Combine(Repository.Root, "tests/material/catalogue/entries.tsv")).Skip(1).Select(l => l.Split('\t')).Select(c => new CatalogueEntry
    {
        Id = c[0], Name = c[1], About = c[2], Keywords = c[3].Split(','), Provider = c[4], ProviderCode = Land.Units.Named(c[4])?.Id ?? "", Category = c[5], NameEn = c[6],
        Share = "unconditional", Open = c[5] == "law" ? "conditional" : "unconditional", OpenCondition = "申请", Grade = 1, Region = "330000", Formats = c[5] == "environment" ? ["csv", "json"] : ["xlsx"],
    });

    public async ValueTask DisposeAsync()
    {
        Search.Dispose();
        await Store.DisposeAsync();
        Directory.Delete(_folder, true);
    }
}
