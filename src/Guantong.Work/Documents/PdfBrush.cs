using System.Globalization;
using SkiaSharp;

namespace Guantong.Work;

/// <summary>A drawing in a document, as wide as its text.</summary>
/// <param name="High">In points.</param>
/// <param name="Draw">Draws it into a rectangle of the page.</param>
public sealed record PdfDrawing(float High, Action<PdfBrush, SKRect> Draw);

/// <summary>Draws on a page of a document, in its fonts. Paths are written as in SVG 2, §9.3; lengths are points.</summary>
public sealed class PdfBrush
{
    private readonly SKCanvas _page;
    private readonly (SKTypeface Text, SKTypeface Heading) _faces;

    internal PdfBrush(SKCanvas page, (SKTypeface Text, SKTypeface Heading) faces) => (_page, _faces) = (page, faces);

    /// <summary>Writes a line; <paramref name="y"/> is where its letters stand.</summary>
    public void Write(string text, float x, float y, float size = 8, SKTextAlign align = SKTextAlign.Left, SKColor? colour = null)
    {
        using var font = Font(text, size);
        using var ink = new SKPaint { Color = colour ?? SKColors.Black, IsAntialias = true };
        _page.DrawText(text, x, y, align, font, ink);
    }

    /// <summary>How wide a line is.</summary>
    public float Measure(string text, float size = 8)
    {
        using var font = Font(text, size);
        return font.MeasureText(text);
    }

    /// <summary>As much of a line as a width holds.</summary>
    public string Fit(string text, float wide, float size = 8)
    {
        if (Measure(text, size) <= wide)
            return text;
        var length = text.Length;
        while (length > 1 && Measure(text[..length] + "…", size) > wide)
            length--;
        return text[..length] + "…";
    }

    /// <summary>Fills a rectangle.</summary>
    public void Fill(float x, float y, float wide, float high, SKColor colour)
    {
        using var ink = new SKPaint { Color = colour, IsAntialias = true };
        _page.DrawRect(x, y, wide, high, ink);
    }

    /// <summary>Fills a path; hatched where a pattern shall tell it from its neighbours.</summary>
    public void Fill(string path, SKColor colour, bool isHatched = false)
    {
        using var shape = SKPath.ParseSvgPathData(path);
        using var ink = new SKPaint { Color = colour, IsAntialias = true };
        _page.DrawPath(shape, ink);
        if (!isHatched)
            return;
        var box = shape.Bounds;
        _page.Save();
        _page.ClipPath(shape);
        for (var x = box.Left - box.Height; x < box.Right; x += 5)
            Line(x, box.Bottom, x + box.Height, box.Top, SKColors.White, 1);
        _page.Restore();
    }

    /// <summary>Draws along a path.</summary>
    /// <param name="dash">How long it is drawn and left out in turn; none for a whole line.</param>
    public void Stroke(string path, SKColor colour, float wide, params float[] dash)
    {
        using var shape = SKPath.ParseSvgPathData(path);
        using var effect = dash.Length == 0 ? null : SKPathEffect.CreateDash(dash, 0);
        using var ink = new SKPaint { Style = SKPaintStyle.Stroke, StrokeWidth = wide, Color = colour, IsAntialias = true, PathEffect = effect };
        _page.DrawPath(shape, ink);
    }

    /// <summary>Draws a line.</summary>
    public void Line(float x, float y, float toX, float toY, SKColor colour, float wide)
    {
        using var ink = new SKPaint { Style = SKPaintStyle.Stroke, StrokeWidth = wide, Color = colour, IsAntialias = true };
        _page.DrawLine(x, y, toX, toY, ink);
    }

    /// <summary>Draws with everything moved, then made larger or smaller.</summary>
    public void Moved(float x, float y, float scale, Action draw)
    {
        _page.Save();
        _page.Translate(x, y);
        _page.Scale(scale);
        draw();
        _page.Restore();
    }

    /// <summary>Where a path lies.</summary>
    public static SKRect Bounds(string path)
    {
        using var shape = SKPath.ParseSvgPathData(path);
        return shape.Bounds;
    }

    /// <summary>A point as paths write it.</summary>
    public static string At(float x, float y) => string.Create(CultureInfo.InvariantCulture, $"{x:0.##} {y:0.##}");

    private SKFont Font(string text, float size) => new(PdfFonts.Has(_faces.Text, text) || !PdfFonts.Has(_faces.Heading, text) ? _faces.Text : _faces.Heading, size) { Subpixel = true, Hinting = SKFontHinting.None };
}
