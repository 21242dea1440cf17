using Dapper;
using Guantong.Trust;
using SkiaSharp;

namespace Guantong.Work;

/// <summary>Pictures of channels: taken in by editors, made anew so that nothing but the picture is left of a file, shown to the public with the version that has them.</summary>
public sealed class ChannelPictures(Store store, Attachments files, RegionChannels channels, Jurisdiction land, TimeProvider clock)
{
    /// <summary>What is taken.</summary>
    public static FileRule Rule { get; } = new(["jpg", "png"], 5, 50);

    /// <summary>The data key that seals them.</summary>
    internal const string Key = "channel";

    private const int Widest = 1600, MostPixels = 40_000_000;

    /// <summary>Adds a picture to a channel.</summary>
    /// <exception cref="ConflictException">channel-gone, channel-not-yours; the file is not taken: file-type, file-mismatch, file-large, file-infected; picture-broken: it cannot be drawn, or is too large to be.</exception>
    public async Task<Attachment> AddAsync(Person by, string region, string? name, Stream body, CancellationToken cancel = default)
    {
        await HoldAsync(by, region, cancel);
        BroughtFile drawn;
        await using (var given = (await files.BringAsync(name, body, cancel, Rule)).File)
        {
            await using var anew = Redraw(given.Content);
            drawn = await files.BringAsync("picture.jpg", anew, cancel, Rule);
        }
        await using var file = drawn.File;
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.FindAsync<long>("SELECT count(*) FROM work_attachment WHERE channel = @region", new { region }) >= Rule.Most)
                throw new ConflictException("file-many", Rule.Most);
            var kept = await files.KeepAsync(change, drawn, region, by);
            RegionChannels.Record(change, by, region, "picture-added", new { attachment = kept.Id, sha256 = kept.Sha256, size = kept.Size, scan = kept.Scan });
            return kept;
        }, cancel);
    }

    /// <summary>A picture for whoever may see it: everybody where the version on show has it, else those who may see the drafts. Null where it is not there for them.</summary>
    public async Task<Attachment?> FindAsync(Person? reader, string region, string id, CancellationToken cancel = default)
    {
        var isShown = (await channels.OnShowAsync(region, cancel))?.Content.Picture?.Id == id;
        return isShown || (reader is not null && await channels.FindAsync(region, reader.Rows("channel.read", land), cancel) is not null)
            ? await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Attachment>($"SELECT {Attachment.Columns} FROM work_attachment WHERE id = @id AND channel = @region", new { id, region }), cancel) : null;
    }

    private async Task HoldAsync(Person by, string region, CancellationToken cancel)
    {
        if (await channels.FindAsync(region, RowRights.All, cancel) is not { } channel)
            throw new ConflictException("channel-gone");
        if (!by.May("channel.edit", new Thing(Unit: channel.Unit, Region: region), land))
            throw new ConflictException("channel-not-yours");
    }

    // Drawn anew, a photograph tells no longer where and with what it was taken, and a file that is more than a picture is none any more.
    private static MemoryStream Redraw(Stream content)
    {
        content.Position = 0;
        using var codec = SKCodec.Create(content) ?? throw new ConflictException("picture-broken");
        if ((long)codec.Info.Width * codec.Info.Height is 0 or > MostPixels)
            throw new ConflictException("picture-broken");
        using var whole = SKBitmap.Decode(codec) ?? throw new ConflictException("picture-broken");
        // Cameras write the picture as they were held, and say how it is turned.
        var turned = codec.EncodedOrigin switch { SKEncodedOrigin.RightTop => 90, SKEncodedOrigin.BottomRight => 180, SKEncodedOrigin.LeftBottom => 270, _ => 0 };
        var scale = Math.Min(1f, (float)Widest / Math.Max(whole.Width, whole.Height));
        var (width, height) = (Math.Max(1, whole.Width * scale), Math.Max(1, whole.Height * scale));
        using var surface = SKSurface.Create(turned % 180 == 0 ? new SKImageInfo((int)width, (int)height) : new SKImageInfo((int)height, (int)width));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Translate(surface.Canvas.DeviceClipBounds.Width / 2f, surface.Canvas.DeviceClipBounds.Height / 2f);
        surface.Canvas.RotateDegrees(turned);
        using var picture = SKImage.FromBitmap(whole);
        surface.Canvas.DrawImage(picture, SKRect.Create(-width / 2, -height / 2, width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var image = surface.Snapshot();
        using var encoded = image.Encode(SKEncodedImageFormat.Jpeg, 86);
        return new MemoryStream(encoded.ToArray());
    }
}
