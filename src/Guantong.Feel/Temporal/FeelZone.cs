using System.Collections.Concurrent;
using System.Globalization;

namespace Guantong.Feel;

/// <summary>A time zone: an offset, or a region of the IANA database.</summary>
public sealed record FeelZone
{
    private static readonly ConcurrentDictionary<string, FeelZone> Regions = new();
    private readonly TimeZoneInfo? _region;
    private readonly int _offset;

    private FeelZone(string? id, TimeZoneInfo? region, int offset) => (Id, _region, _offset) = (id, region, offset);

    public static FeelZone Utc { get; } = new(null, null, 0);

    /// <summary>The region's name, or null for an offset.</summary>
    public string? Id { get; }

    /// <summary>An offset in seconds, up to 18 hours either way (as ISO 8601 processors take it); null beyond.</summary>
    public static FeelZone? Of(long seconds) => seconds == 0 ? Utc : Math.Abs(seconds) <= 18 * 3600 ? new FeelZone(null, null, (int)seconds) : null;

    /// <summary>A region by its IANA name; null when there is none.</summary>
    public static FeelZone? Named(string id)
    {
        if (Regions.TryGetValue(id, out var known))
            return known;
        if (id.Length is 0 or > 64 || !char.IsAsciiLetter(id[0]) || id == "Local" || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '/'))
            return null;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(id, out var region) || !(region.HasIanaId || id.StartsWith("Etc/", StringComparison.Ordinal)))
            return null;
        return Regions[id] = new FeelZone(id, region, 0);
    }

    /// <summary>Seconds ahead of UTC at a local date and time; in a gap or an overlap, the offset before it.</summary>
    public int OffsetAt(FeelDate date, long nanosecond)
    {
        if (_region is null)
            return _offset;
        // Beyond what the platform's clock knows, the year of the same shape 400 years on or back stands for it.
        var year = date.Year is >= 1 and <= 9998 ? date.Year : date.Year < 1 ? 1 + (int)((date.Year - 1) % 400 + 400) % 400 : 9600 + (date.Year % 400 == 399 ? -1 : date.Year % 400);
        var local = new DateTime(year, date.Month, Math.Min(date.Day, FeelDate.DaysIn(year, date.Month))).AddTicks(nanosecond / 100);
        if (_region.IsInvalidTime(local))
            local = local.AddHours(-1);
        if (_region.IsAmbiguousTime(local))
            return (int)_region.GetAmbiguousTimeOffsets(local).Max().TotalSeconds;
        return (int)_region.GetUtcOffset(local).TotalSeconds;
    }

    /// <summary>Seconds ahead of UTC, when that does not change with the date.</summary>
    public int? FixedOffset => _region is null ? _offset : _region.SupportsDaylightSavingTime ? null : (int)_region.BaseUtcOffset.TotalSeconds;

    public bool Equals(FeelZone? other) => other is not null && Id == other.Id && _offset == other._offset;

    public override int GetHashCode() => HashCode.Combine(Id, _offset);

    /// <summary>"Z", "+02:00", "+02:45:55" or "@Europe/Paris".</summary>
    public override string ToString()
    {
        if (Id is not null)
            return "@" + Id;
        if (_offset == 0)
            return "Z";
        var size = Math.Abs(_offset);
        var text = string.Create(CultureInfo.InvariantCulture, $"{(_offset < 0 ? '-' : '+')}{size / 3600:00}:{size / 60 % 60:00}");
        return size % 60 == 0 ? text : text + string.Create(CultureInfo.InvariantCulture, $":{size % 60:00}");
    }
}
