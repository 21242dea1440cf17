using System.Text.Json;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Hosting;

/// <summary>The demonstration's channels of regions: made up, and saying so. One file a region, <c>channels/CODE.json</c> beside jurisdiction.yaml.</summary>
public static class DemoChannels
{
    private sealed record Given(string Unit, ChannelContent Content);

    /// <summary>Puts in those of regions that have none.</summary>
    public static async Task SeedAsync(Settings settings, RegionChannels channels, CancellationToken cancel = default)
    {
        var folder = Path.Combine(Path.GetDirectoryName(settings.JurisdictionFile)!, "channels");
        foreach (var file in (Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : []).Order(StringComparer.Ordinal))
        {
            var region = Path.GetFileNameWithoutExtension(file);
            if (await channels.FindAsync(region, RowRights.All, cancel) is null && JsonSerializer.Deserialize<Given>(await File.ReadAllTextAsync(file, cancel), JsonSerializerOptions.Web) is { } given)
                await channels.SeedAsync(region, given.Unit, given.Content, cancel);
        }
    }
}
