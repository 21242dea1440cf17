using System.Globalization;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>A declared step over one field's values: brought to the lowest level first, and told at whichever level is chosen.</summary>
/// <remarks>GB/T 37964-2019, annex A: suppression, masking, rounding, top and bottom coding, generalisation, pseudonyms.</remarks>
internal abstract class ValueStep(Field field, OpeningStep declared)
{
    /// <summary>What stands where nothing is told.</summary>
    public const string Any = "*";

    /// <summary>The field whose values they are.</summary>
    public Field Field { get; } = field;

    protected OpeningStep Declared { get; } = declared;

    /// <summary>How many levels there are, the last of them perhaps to tell nothing.</summary>
    public int Heights => Declared.Heights;

    /// <summary>The step of a field.</summary>
    /// <param name="pack">Holds the code lists.</param>
    /// <param name="pseudonym">Makes pseudonyms of texts.</param>
    public static ValueStep Of(Pack pack, Field field, OpeningStep declared, Func<string, string> pseudonym) => declared.Kind switch
    {
        "hash" => new Made(field, declared, pseudonym),
        "mask" => new Made(field, declared, text => Masking.Of(declared.Levels[0].Name, text)),
        "round" => new Rounded(field, declared),
        "bin" => new Binned(field, declared),
        "bands" => new Banded(field, declared),
        "date" => new Dated(field, declared),
        "region" => new Placed(field, declared),
        "category" => new Coded(pack, field, declared),
        _ => new Kept(field, declared),
    };

    /// <summary>A raw value at the lowest level; null where there is none, or none that can be read.</summary>
    public object? Base(object? raw) => raw is null ? null : Lowest(raw);

    /// <summary>What is published of it at a level.</summary>
    public object? At(object? lowest, int level) => IsAny(level) ? Any : lowest is null ? null : Told(lowest, level);

    /// <summary>The type of what is published at a level, in words of a field's type.</summary>
    public string TypeAt(int level) => IsAny(level) ? "string" : Type;

    /// <summary>What a level is called in a report.</summary>
    public string NameOf(int level) => IsAny(level) ? Any : Declared.Levels.Count > level ? $"{Declared.Kind} {Declared.Levels[Declared.Kind == "bands" ? 0 : level].Name}" : Declared.Kind;

    /// <summary>Every value that there could be at the lowest level; null where that is not known.</summary>
    /// <param name="regions">Region codes of the jurisdiction.</param>
    public virtual IReadOnlyList<object>? Closed(IEnumerable<string> regions) => Declared.Values.Count > 0 ? [.. Declared.Values] : null;

    private bool IsAny(int level) => Declared.OrAny && level == Heights - 1;

    protected virtual string Type => "string";

    protected abstract object? Lowest(object raw);

    protected virtual object? Told(object lowest, int level) => lowest;

    /// <summary>A number between bottom and top; null where it is none.</summary>
    protected decimal? Number(object raw)
    {
        decimal? number = raw switch
        {
            long l => l,
            double d when Math.Abs(d) < 1e27 => (decimal)d,
            string s when decimal.TryParse(s, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => null,
        };
        return number is { } n ? Math.Min(Declared.Top ?? n, Math.Max(Declared.Bottom ?? n, n)) : null;
    }

    protected static decimal Read(Ref level) => decimal.Parse(level.Name, NumberStyles.Float, CultureInfo.InvariantCulture);

    protected static string Text(object raw) => Convert.ToString(raw, CultureInfo.InvariantCulture)!;

    private sealed class Kept(Field field, OpeningStep declared) : ValueStep(field, declared)
    {
        protected override string Type => Field.Type;

        protected override object? Lowest(object raw) => Declared.Top is null && Declared.Bottom is null ? raw : (Number(raw), raw) switch
        {
            (null, _) => null,
            ({ } number, long) => (long)number,
            ({ } number, double) => (double)number,
            ({ } number, _) => number.ToString(CultureInfo.InvariantCulture),
        };

        public override IReadOnlyList<object>? Closed(IEnumerable<string> regions) =>
            base.Closed(regions) ?? (Field.Type == "boolean" ? [false, true] : Field.OneOf.Count > 0 ? [.. Field.OneOf] : null);
    }

    private sealed class Made(Field field, OpeningStep declared, Func<string, string> make) : ValueStep(field, declared)
    {
        protected override object? Lowest(object raw) => make(Text(raw));
    }

    private sealed class Rounded(Field field, OpeningStep declared) : ValueStep(field, declared)
    {
        private readonly decimal _width = Read(declared.Levels[0]);

        protected override string Type => "number";

        protected override object? Lowest(object raw) => Number(raw) is { } number ? (double)(Math.Round(number / _width, MidpointRounding.AwayFromZero) * _width) : null;
    }

    private sealed class Binned(Field field, OpeningStep declared) : ValueStep(field, declared)
    {
        private readonly decimal[] _widths = [.. declared.Levels.Select(Read)];

        protected override object? Lowest(object raw) => Number(raw) is { } number ? Floor(number, 0) : null;

        private decimal Floor(decimal number, int level) => Math.Floor(number / _widths[level]) * _widths[level];

        protected override object? Told(object lowest, int level)
        {
            var from = Floor((decimal)lowest, level);
            var to = from + _widths[level];
            if (Declared.Top is { } top && to > top)
                return string.Create(CultureInfo.InvariantCulture, $"{from}+");
            if (Declared.Bottom is { } bottom && from <= bottom)
                return string.Create(CultureInfo.InvariantCulture, $"<{to}");
            return Field.Type == "integer" && _widths[level] % 1 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{from}-{to - 1}") : string.Create(CultureInfo.InvariantCulture, $"[{from},{to})");
        }

        public override IReadOnlyList<object>? Closed(IEnumerable<string> regions)
        {
            if (base.Closed(regions) is { } given)
                return given;
            if ((Declared.Bottom ?? Field.Least) is not { } least || (Declared.Top ?? Field.Most) is not { } most || (most - least) / _widths[0] > 100_000)
                return null;
            var all = new List<object>();
            for (var from = Floor(least, 0); from <= most; from += _widths[0])
                all.Add(from);
            return all;
        }
    }

    private sealed class Banded(Field field, OpeningStep declared) : ValueStep(field, declared)
    {
        private readonly decimal[] _from = [.. declared.Levels.Select(Read)];

        protected override object? Lowest(object raw) => Number(raw) is { } number ? Array.FindLastIndex(_from, f => f <= number) : null;

        protected override object? Told(object lowest, int level) => (int)lowest switch
        {
            -1 => string.Create(CultureInfo.InvariantCulture, $"<{_from[0]}"),
            var i when i == _from.Length - 1 => string.Create(CultureInfo.InvariantCulture, $"{_from[i]}+"),
            var i when Field.Type == "integer" => string.Create(CultureInfo.InvariantCulture, $"{_from[i]}-{_from[i + 1] - 1}"),
            var i => string.Create(CultureInfo.InvariantCulture, $"[{_from[i]},{_from[i + 1]})"),
        };

        public override IReadOnlyList<object>? Closed(IEnumerable<string> regions) => [.. Enumerable.Range(-1, _from.Length + 1).Select(i => (object)i)];
    }

    private sealed class Dated(Field field, OpeningStep declared) : ValueStep(field, declared)
    {
        protected override object? Lowest(object raw) => raw switch
        {
            DateOnly day => Cut(day, 0),
            DateTime time => Cut(DateOnly.FromDateTime(time), 0),
            string text when DateOnly.TryParseExact(text, ["yyyy-MM-dd", "yyyyMMdd", "yyyy/M/d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => Cut(day, 0),
            _ => null,
        };

        private DateOnly Cut(DateOnly day, int level) => Declared.Levels[level].Name switch
        {
            "month" => new DateOnly(day.Year, day.Month, 1),
            "quarter" => new DateOnly(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1),
            "year" => new DateOnly(day.Year, 1, 1),
            "decade" => new DateOnly(Math.Max(1, day.Year / 10 * 10), 1, 1),
            _ => day,
        };

        protected override object? Told(object lowest, int level) => (Cut((DateOnly)lowest, level), Declared.Levels[level].Name) switch
        {
            (var day, "month") => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            (var day, "quarter") => string.Create(CultureInfo.InvariantCulture, $"{day.Year:0000}-Q{((day.Month - 1) / 3) + 1}"),
            (var day, "year") => day.ToString("yyyy", CultureInfo.InvariantCulture),
            (var day, "decade") => string.Create(CultureInfo.InvariantCulture, $"{day.Year:0000}-{day.Year + 9:0000}"),
            (var day, _) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };

        public override IReadOnlyList<object>? Closed(IEnumerable<string> regions) => Declared.Values.Count == 0 ? null
            : [.. Declared.Values.Select(v => DateOnly.TryParseExact(v, ["yyyy", "yyyy-MM", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? Cut(day, 0) : (object)v).Distinct()];
    }

    // GB/T 2260: two digits of province, two of city, two of county.
    private sealed class Placed(Field field, OpeningStep declared) : ValueStep(field, declared)
    {
        protected override object? Lowest(object raw) => raw is string code && code.Length >= 6 && code.All(char.IsAsciiDigit) ? Cut(code, 0) : null;

        private string Cut(string code, int level) => Declared.Levels[level].Name switch
        {
            "province" => code[..2] + "0000",
            "city" => code[..4] + "00",
            _ => code[..6],
        };

        protected override object? Told(object lowest, int level) => Cut((string)lowest, level);

        public override IReadOnlyList<object>? Closed(IEnumerable<string> regions) => base.Closed(regions) ?? [.. regions.Select(r => Base(r)).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }

    private sealed class Coded : ValueStep
    {
        private readonly List<CodeList> _way;
        private readonly int[] _places;

        public Coded(Pack pack, Field field, OpeningStep declared) : base(field, declared)
        {
            _way = [.. pack.WayUp(field.Codes!.Name)];
            _places = [.. declared.Levels.Select(l => _way.FindIndex(c => c.Id == l.Name))];
        }

        protected override object? Lowest(object raw) => raw is string code && _way[0].Values.Any(v => v.Code == code) ? Up(code, 0, _places[0]) : null;

        protected override object? Told(object lowest, int level) => Up((string)lowest, _places[0], _places[level]);

        private string? Up(string? code, int from, int to)
        {
            for (var i = from; i < to && code is not null; i++)
                code = _way[i].Wider!.Of.GetValueOrDefault(code)?.Name;
            return code;
        }

        public override IReadOnlyList<object>? Closed(IEnumerable<string> regions) => [.. _way[_places[0]].Values.Select(v => v.Code)];
    }
}
