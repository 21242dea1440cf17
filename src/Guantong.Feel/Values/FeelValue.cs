using System.Runtime.CompilerServices;

namespace Guantong.Feel;

/// <summary>The kinds of FEEL values (DMN 1.5 §10.3.2.3).</summary>
public enum FeelKind { Null, Boolean, Number, String, Date, Time, DateTime, DaysTime, YearsMonths, List, Context, Range, Function }

/// <summary>A FEEL value in 24 bytes; numbers, booleans, dates and durations need no memory of their own.</summary>
public readonly struct FeelValue
{
    // What stands inline is told by one of these markers; everything else stands in the reference itself.
    private sealed class Marker(FeelKind kind)
    {
        public FeelKind Kind { get; } = kind;
    }

    private static readonly Marker YesMark = new(FeelKind.Boolean);
    private static readonly Marker NoMark = new(FeelKind.Boolean);
    private static readonly Marker NumberMark = new(FeelKind.Number);
    private static readonly Marker DateMark = new(FeelKind.Date);
    private static readonly Marker DaysTimeMark = new(FeelKind.DaysTime);
    private static readonly Marker YearsMonthsMark = new(FeelKind.YearsMonths);

    private readonly object? _reference;
    private readonly ulong _high;
    private readonly ulong _low;

    private FeelValue(object? reference, ulong high = 0, ulong low = 0) => (_reference, _high, _low) = (reference, high, low);

    public static FeelValue Null => default;

    public static FeelValue True => new(YesMark);

    public static FeelValue False => new(NoMark);

    public FeelKind Kind => _reference switch
    {
        null => FeelKind.Null,
        Marker marker => marker.Kind,
        string => FeelKind.String,
        FeelList => FeelKind.List,
        FeelContext => FeelKind.Context,
        FeelRange => FeelKind.Range,
        FeelFunction => FeelKind.Function,
        FeelTime => FeelKind.Time,
        _ => FeelKind.DateTime,
    };

    public bool IsNull => _reference is null;

    public bool IsTrue => ReferenceEquals(_reference, YesMark);

    public bool IsFalse => ReferenceEquals(_reference, NoMark);

    public bool IsBoolean => IsTrue || IsFalse;

    public bool IsNumber => ReferenceEquals(_reference, NumberMark);

    internal bool IsDate => ReferenceEquals(_reference, DateMark);

    internal bool IsDaysTime => ReferenceEquals(_reference, DaysTimeMark);

    internal bool IsYearsMonths => ReferenceEquals(_reference, YearsMonthsMark);

    /// <summary>The number; only when <see cref="IsNumber"/>.</summary>
    public FeelNumber Number
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_high, _low);
    }

    /// <summary>The date; only of that kind.</summary>
    public FeelDate Date => FeelDate.Unpack((long)_low);

    /// <summary>The days and time duration; only of that kind.</summary>
    public DaysTime DaysTime => new((Int128)new UInt128(_high, _low));

    /// <summary>The years and months duration; only of that kind.</summary>
    public YearsMonths YearsMonths => new((long)_low);

    /// <summary>The string, or null when it is none.</summary>
    public string? String => _reference as string;

    public FeelList? List => _reference as FeelList;

    public FeelContext? Context => _reference as FeelContext;

    public FeelRange? Range => _reference as FeelRange;

    public FeelFunction? Function => _reference as FeelFunction;

    public FeelTime? Time => _reference as FeelTime;

    public FeelDateTime? DateTime => _reference as FeelDateTime;

    public static implicit operator FeelValue(bool value) => value ? True : False;

    public static implicit operator FeelValue(bool? value) => value is { } known ? known : Null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator FeelValue(FeelNumber value) => new(NumberMark, value.HighPart, value.LowPart);

    public static implicit operator FeelValue(FeelNumber? value) => value is { } known ? known : Null;

    public static implicit operator FeelValue(int value) => (FeelNumber)value;

    public static implicit operator FeelValue(long value) => (FeelNumber)value;

    public static implicit operator FeelValue(decimal value) => (FeelNumber)value;

    public static implicit operator FeelValue(string? value) => new(value);

    public static implicit operator FeelValue(FeelDate value) => new(DateMark, 0, (ulong)value.Pack());

    public static implicit operator FeelValue(FeelDate? value) => value is { } known ? known : Null;

    public static implicit operator FeelValue(FeelTime? value) => new(value);

    public static implicit operator FeelValue(FeelDateTime? value) => new(value);

    public static implicit operator FeelValue(DaysTime value) => new(DaysTimeMark, (ulong)((UInt128)value.Nanoseconds >> 64), (ulong)(UInt128)value.Nanoseconds);

    public static implicit operator FeelValue(DaysTime? value) => value is { } known ? known : Null;

    public static implicit operator FeelValue(YearsMonths value) => new(YearsMonthsMark, 0, (ulong)value.Months);

    public static implicit operator FeelValue(YearsMonths? value) => value is { } known ? known : Null;

    public static implicit operator FeelValue(FeelList? value) => new(value);

    public static implicit operator FeelValue(FeelContext? value) => new(value);

    public static implicit operator FeelValue(FeelRange? value) => new(value);

    public static implicit operator FeelValue(FeelFunction? value) => new(value);

    /// <summary>As <c>string()</c> gives it; "null" for null, and only dots for what is too much to show.</summary>
    public override string ToString()
    {
        try
        {
            return Values.Print.Of(this, new FeelSession(new FeelLimits(1_000_000, 300, 16 << 20)));
        }
        catch (FeelBudgetException)
        {
            return "…";
        }
    }
}
