using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>An area of a map as it was drawn, and the regions that hold it now.</summary>
/// <param name="Code">The code the boundary was drawn under.</param>
/// <param name="Name">Its name then.</param>
/// <param name="Now">Codes of the regions in force that hold the area; the first is shown.</param>
/// <param name="Drawn">What is known of the boundary's date.</param>
/// <param name="NoteZh">What a reader must know where the boundary is not today's.</param>
/// <param name="NoteEn">The same in English.</param>
/// <param name="Path">SVG path in the map's own view box.</param>
public sealed record MapArea(string Code, string Name, IReadOnlyList<string> Now, string? Drawn, string? NoteZh, string? NoteEn, string Path)
{
    /// <summary>True when the boundary is not, or not only, that of one region in force.</summary>
    public bool IsDated => NoteZh is not null;

    /// <summary>The note in a reader's language.</summary>
    public string? Note(string lang) => lang != Lang.Zh ? NoteEn : NoteZh;
}

/// <summary>A drawn map: its areas, its view box, and the regions in force that have no boundary of their own.</summary>
public sealed record DrawnMap(string Region, double Width, double Height, IReadOnlyList<MapArea> Areas, IReadOnlyList<Region> Undrawn)
{
    /// <summary>Where a point (longitude, latitude) stands in the map's view box; beyond its edges where the map does not show it.</summary>
    public required Func<double, double, (double X, double Y)> At { get; init; }
}

/// <summary>The jurisdiction's maps. A map says truthfully what it shows: boundaries are older than codes.</summary>
public sealed class Maps(Jurisdiction land)
{
    private readonly ConcurrentDictionary<string, DrawnMap?> _drawn = new();

    /// <summary>The GeoJSON of the regions below one, or null when there is no map of it.</summary>
    public string? GeoJson(string region)
    {
        var file = FileOf(region);
        return file is not null && File.Exists(file) ? File.ReadAllText(file) : null;
    }

    /// <summary>The same map as SVG paths, or null.</summary>
    public DrawnMap? Draw(string region) => _drawn.GetOrAdd(region, r => GeoJson(r) is { } json ? Draw(r, json) : null);

    // The province's map shows cities; a city's shows counties. Codes come from the region tree, so no path can be smuggled in.
    private string? FileOf(string region) =>
        land.Maps is not { } folder || land.Regions.Find(region) is not { } found ? null
        : Path.Combine(folder, found.Code == land.Root ? "cities.geojson" : $"{found.Code}.geojson");

    private DrawnMap Draw(string region, string json)
    {
        using var document = JsonDocument.Parse(json);
        var features = document.RootElement.GetProperty("features").EnumerateArray().ToList();
        var points = features.SelectMany(f => Rings(f.GetProperty("geometry"))).SelectMany(r => r).ToList();
        var (west, east, south, north) = (points.Min(p => p.X), points.Max(p => p.X), points.Min(p => p.Y), points.Max(p => p.Y));
        // Equirectangular at the middle latitude: at this size nobody sees the difference to a better projection.
        var squeeze = Math.Cos((south + north) / 2 * Math.PI / 180);
        var scale = 1000 / Math.Max((east - west) * squeeze, north - south);
        (double X, double Y) At(double longitude, double latitude) => ((longitude - west) * squeeze * scale, (north - latitude) * scale);
        var areas = features.Select(f => Area(f, p => At(p.X, p.Y))).ToList();
        return new DrawnMap(region, (east - west) * squeeze * scale, (north - south) * scale, areas,
            [.. land.Regions.Parts(region).Where(r => !areas.Any(a => a.Code == r.Code))]) { At = At };
    }

    private static MapArea Area(JsonElement feature, Func<(double X, double Y), (double X, double Y)> project)
    {
        var properties = feature.GetProperty("properties");
        string? Text(string name) => properties.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.String ? v.GetString() : null;
        var code = Text("code") ?? feature.GetProperty("id").ToString();
        var path = new StringBuilder();
        foreach (var ring in Rings(feature.GetProperty("geometry")))
        {
            var first = true;
            foreach (var point in ring)
            {
                var (x, y) = project(point);
                path.Append(first ? 'M' : 'L').Append(x.ToString("0.#", CultureInfo.InvariantCulture)).Append(' ').Append(y.ToString("0.#", CultureInfo.InvariantCulture));
                first = false;
            }
            path.Append('Z');
        }
        var now = properties.TryGetProperty("now", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(c => c.ToString()).ToList() : [code];
        return new MapArea(code, Text("name") ?? code, now, Text("drawn"), Text("note_zh"), Text("note_en"), path.ToString());
    }

    private static IEnumerable<List<(double X, double Y)>> Rings(JsonElement geometry)
    {
        var coordinates = geometry.GetProperty("coordinates").EnumerateArray();
        var polygons = geometry.GetProperty("type").GetString() == "Polygon" ? [coordinates] : coordinates.Select(p => p.EnumerateArray());
        foreach (var polygon in polygons)
        {
            foreach (var ring in polygon)
                yield return [.. ring.EnumerateArray().Select(p => (p[0].GetDouble(), p[1].GetDouble()))];
        }
    }
}
