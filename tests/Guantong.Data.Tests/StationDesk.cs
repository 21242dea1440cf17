using System.Text;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>A warehouse with the air-quality pack's tables, and a folder for files to load.</summary>
internal sealed class StationDesk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("guantong-files-").FullName;

    public StationDesk()
    {
        Pack = PackReader.Read(PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "air")).Pack!;
        Warehouse.Apply(Pack, losing: false);
    }

    public Pack Pack { get; }

    public Warehouse Warehouse { get; } = TestWarehouse.Open();

    public Dataset Stations => Pack.Dataset("station")!;

    public long Rows => Warehouse.RowCount(Pack.Id, "station");

    public LoadSummary Load(string text) => Load(Encoding.UTF8.GetBytes(text));

    public LoadSummary Load(ReadOnlySpan<byte> bytes) => LoadFile(Write(bytes));

    public LoadSummary LoadFile(string path) => RowLoad.Files(Warehouse, Pack, Stations, [path]);

    public string Write(ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("n") + ".csv");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose()
    {
        Warehouse.Dispose();
        Directory.Delete(_folder, true);
    }
}
