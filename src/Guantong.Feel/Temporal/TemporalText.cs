using System.Globalization;

namespace Guantong.Feel;

/// <summary>Dates, times and durations from text (DMN 1.5 §10.3.4.1; XML Schema 1.1 lexical forms, and zones by name).</summary>
internal static class TemporalText
{
    private const int Longest = 200;

    /// <summary>What an at-literal denotes (grammar rule 62), or null.</summary>
    public static FeelValue Any(string text)
    {
        if (Date(text) is { } date)
            return date;
        if (DateTime(text) is { } dateTime)
            return dateTime;
        return Time(text) is { } time ? time : Duration(text);
    }

    public static FeelDate? Date(string text)
    {
        var cursor = new Cursor(text);
        return ReadDate(ref cursor) is { } date && cursor.IsAtEnd ? date : null;
    }

    public static FeelTime? Time(string text)
    {
        var cursor = new Cursor(text);
        if (ReadClock(ref cursor) is not { } nanosecond || !ReadZone(ref cursor, out var zone))
            return null;
        return new FeelTime(nanosecond == FeelTime.PerDay ? 0 : nanosecond, zone);
    }

    public static FeelDateTime? DateTime(string text)
    {
        var cursor = new Cursor(text);
        if (ReadDate(ref cursor) is not { } date || !cursor.Take('T') || ReadClock(ref cursor) is not { } nanosecond || !ReadZone(ref cursor, out var zone))
            return null;
        if (nanosecond < FeelTime.PerDay)
            return new FeelDateTime(date, nanosecond, zone);
        // 24:00:00 is the next day's midnight.
        return date.AddDays(1) is { } next ? new FeelDateTime(next, 0, zone) : null;
    }

    public static FeelValue Duration(string text)
    {
        if (text.Length > Longest)
            return default;
        var cursor = new Cursor(text);
        var negative = cursor.Take('-');
        if (!cursor.Take('P') || cursor.IsAtEnd)
            return default;
        return text.AsSpan().IndexOfAny('D', 'T') >= 0 ? ReadDaysTime(ref cursor, negative) : ReadYearsMonths(ref cursor, negative);
    }

    private static FeelValue ReadYearsMonths(ref Cursor cursor, bool negative)
    {
        var years = cursor.NumberBefore('Y') ?? 0;
        var months = cursor.NumberBefore('M') ?? 0;
        return cursor.IsAtEnd ? new YearsMonths((negative ? -1 : 1) * (years * 12 + months)) : default(FeelValue);
    }

    private static FeelValue ReadDaysTime(ref Cursor cursor, bool negative)
    {
        var days = cursor.NumberBefore('D');
        Int128 nanoseconds = (Int128)(days ?? 0) * FeelTime.PerDay;
        if (cursor.Take('T'))
        {
            if (cursor.IsAtEnd)
                return default;
            nanoseconds += (Int128)(cursor.NumberBefore('H') ?? 0) * 3600 * FeelTime.PerSecond;
            nanoseconds += (Int128)(cursor.NumberBefore('M') ?? 0) * 60 * FeelTime.PerSecond;
            if (cursor.Number() is { } seconds)
            {
                nanoseconds += (Int128)seconds * FeelTime.PerSecond + cursor.Fraction();
                if (!cursor.Take('S'))
                    return default;
            }
        }
        return cursor.IsAtEnd ? new DaysTime(negative ? -nanoseconds : nanoseconds) : default(FeelValue);
    }

    private static FeelDate? ReadDate(ref Cursor cursor)
    {
        var negative = cursor.Take('-');
        var digits = cursor.DigitsAhead();
        // Four digits, or more without a zero in front.
        if (digits < 4 || (digits > 4 && cursor.Peek() == '0') || cursor.Fixed(digits) is not { } year)
            return null;
        if (!cursor.Take('-') || cursor.Fixed(2) is not { } month || !cursor.Take('-') || cursor.Fixed(2) is not { } day)
            return null;
        return FeelDate.Of(negative ? -year : year, month, day);
    }

    private static long? ReadClock(ref Cursor cursor)
    {
        if (cursor.Fixed(2) is not { } hour || !cursor.Take(':') || cursor.Fixed(2) is not { } minute || !cursor.Take(':') || cursor.Fixed(2) is not { } second)
            return null;
        if (cursor.Peek() == '.' && !char.IsAsciiDigit(cursor.Peek(1)))
            return null;
        var fraction = cursor.Fraction();
        if (hour == 24 && minute == 0 && second == 0 && fraction == 0)
            return FeelTime.PerDay;
        return FeelTime.Of(hour, minute, second, fraction, null)?.Nanosecond;
    }

    private static bool ReadZone(ref Cursor cursor, out FeelZone? zone)
    {
        zone = null;
        if (cursor.IsAtEnd)
            return true;
        if (cursor.Take('Z') || cursor.Take('z'))
            zone = FeelZone.Utc;
        else if (cursor.Take('@'))
            zone = FeelZone.Named(cursor.Rest());
        else if (cursor.Peek() is '+' or '-')
            zone = ReadOffset(ref cursor);
        return zone is not null && cursor.IsAtEnd;
    }

    private static FeelZone? ReadOffset(ref Cursor cursor)
    {
        var sign = cursor.Take('-') ? -1 : 1;
        if (sign == 1)
            cursor.Take('+');
        if (cursor.Fixed(2) is not { } hours || !cursor.Take(':') || cursor.Fixed(2) is not { } minutes || minutes > 59)
            return null;
        var seconds = cursor.Take(':') ? cursor.Fixed(2) : 0;
        return seconds is null or > 59 ? null : FeelZone.Of(sign * (hours * 3600 + minutes * 60 + seconds.Value));
    }

    private ref struct Cursor(string text)
    {
        private int _at;

        public readonly bool IsAtEnd => _at >= text.Length;

        public readonly char Peek(int ahead = 0) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

        public bool Take(char c)
        {
            if (Peek() != c || IsAtEnd)
                return false;
            _at++;
            return true;
        }

        public string Rest()
        {
            var rest = text[_at..];
            _at = text.Length;
            return rest;
        }

        public readonly int DigitsAhead()
        {
            var count = 0;
            while (char.IsAsciiDigit(Peek(count)))
                count++;
            return count;
        }

        public long? Fixed(int digits)
        {
            if (digits > 12 || DigitsAhead() < digits)
                return null;
            var value = long.Parse(text.AsSpan(_at, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            _at += digits;
            return value;
        }

        public long? Number() => DigitsAhead() is var digits and > 0 ? Fixed(digits) : null;

        public long? NumberBefore(char unit)
        {
            var digits = DigitsAhead();
            if (digits == 0 || Peek(digits) != unit)
                return null;
            var value = Fixed(digits);
            if (value is not null)
                _at++;
            return value;
        }

        /// <summary>Nanoseconds after a point; digits beyond the ninth are dropped.</summary>
        public long Fraction()
        {
            if (!Take('.'))
                return 0;
            var (value, scale) = (0L, FeelTime.PerSecond);
            for (; char.IsAsciiDigit(Peek()); _at++)
            {
                scale /= 10;
                value += (Peek() - '0') * scale;
            }
            return value;
        }
    }
}
