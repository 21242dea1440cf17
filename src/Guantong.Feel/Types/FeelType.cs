using Guantong.Feel.Evaluation;

namespace Guantong.Feel;

/// <summary>A type (DMN 1.5 §10.3.2.8).</summary>
public abstract record FeelType
{
    public static readonly FeelType Any = new AnyType();
    public static readonly FeelType Null = new KindType(FeelKind.Null, "Null");
    public static readonly FeelType Boolean = new KindType(FeelKind.Boolean, "boolean");
    public static readonly FeelType Number = new KindType(FeelKind.Number, "number");
    public static readonly FeelType String = new KindType(FeelKind.String, "string");
    public static readonly FeelType Date = new KindType(FeelKind.Date, "date");
    public static readonly FeelType Time = new KindType(FeelKind.Time, "time");
    public static readonly FeelType DateTime = new KindType(FeelKind.DateTime, "date and time");
    public static readonly FeelType DaysTime = new KindType(FeelKind.DaysTime, "days and time duration");
    public static readonly FeelType YearsMonths = new KindType(FeelKind.YearsMonths, "years and months duration");
    public static readonly FeelType AnyList = new ListType(Any);
    public static readonly FeelType AnyContext = new ContextType([]);
    public static readonly FeelType AnyRange = new RangeType(Any);
    public static readonly FeelType AnyFunction = new FunctionType(null, [], Any);

    private static readonly Dictionary<string, FeelType> BuiltIn = new()
    {
        ["Any"] = Any, ["Null"] = Null, ["boolean"] = Boolean, ["number"] = Number, ["string"] = String, ["date"] = Date, ["time"] = Time,
        ["date and time"] = DateTime, ["dateTime"] = DateTime, ["days and time duration"] = DaysTime, ["dayTimeDuration"] = DaysTime,
        ["years and months duration"] = YearsMonths, ["yearMonthDuration"] = YearsMonths, ["list"] = AnyList, ["context"] = AnyContext,
        ["range"] = AnyRange, ["function"] = AnyFunction,
    };

    /// <summary>A built-in type by its name, those of DMN's type language for FEEL included.</summary>
    public static FeelType? Named(string name) => BuiltIn.GetValueOrDefault(name);

    internal static IEnumerable<string> Names => BuiltIn.Keys;

    /// <summary>Whether a value that is not null is of this type; null inside it conforms to any (§10.3.2.9.2).</summary>
    internal abstract bool Holds(FeelValue value, FeelSession session);

    /// <summary>Whether every value of the other type is one of this.</summary>
    internal virtual bool Includes(FeelType other) => Equals(this, other) || other == Null;

    /// <summary>The names of its members and of theirs.</summary>
    internal IEnumerable<string> AllMembers() => this switch
    {
        NamedType named => named.Base.AllMembers(),
        ListType list => list.Item.AllMembers(),
        ContextType context => context.Entries.SelectMany(e => e.Type.AllMembers().Prepend(e.Name)),
        _ => [],
    };

    /// <summary>The type of a value.</summary>
    public static FeelType Of(FeelValue value) => value.Kind switch
    {
        FeelKind.List => AnyList,
        FeelKind.Context => AnyContext,
        FeelKind.Range => AnyRange,
        FeelKind.Function => value.Function!.Type,
        var kind => BuiltIn.Values.First(t => t is KindType k && k.Kind == kind),
    };

    private sealed record AnyType : FeelType
    {
        internal override bool Holds(FeelValue value, FeelSession session) => true;

        internal override bool Includes(FeelType other) => true;

        public override string ToString() => "Any";
    }
}

/// <summary>A type without parts.</summary>
public sealed record KindType(FeelKind Kind, string Name) : FeelType
{
    internal override bool Holds(FeelValue value, FeelSession session) => value.Kind == Kind;

    public override string ToString() => Name;
}

/// <summary>list&lt;…&gt;</summary>
public sealed record ListType(FeelType Item) : FeelType
{
    internal override bool Holds(FeelValue value, FeelSession session)
    {
        if (value.List is not { } list)
            return false;
        if (Item == Any)
            return true;
        session.Enter();
        session.Step(list.Count);
        foreach (var item in list.Items)
        {
            if (!item.IsNull && !Item.Holds(item, session))
            {
                session.Leave();
                return false;
            }
        }
        session.Leave();
        return true;
    }

    internal override bool Includes(FeelType other) => other == Null || (other is ListType list && Item.Includes(list.Item));

    public override string ToString() => $"list<{Item}>";
}

/// <summary>range&lt;…&gt;</summary>
public sealed record RangeType(FeelType Point) : FeelType
{
    internal override bool Holds(FeelValue value, FeelSession session) =>
        value.Range is { } range && (range.Start.IsNull || Point.Holds(range.Start, session)) && (range.End.IsNull || Point.Holds(range.End, session));

    internal override bool Includes(FeelType other) => other == Null || (other is RangeType range && Point.Includes(range.Point));

    public override string ToString() => $"range<{Point}>";
}

/// <summary>context&lt;…&gt;: a context has to have these entries and may have others (§10.3.2.9.2).</summary>
public sealed record ContextType(IReadOnlyList<(string Name, FeelType Type)> Entries) : FeelType
{
    internal override bool Holds(FeelValue value, FeelSession session)
    {
        if (value.Context is not { } context)
            return false;
        session.Enter();
        session.Step(Entries.Count);
        var holds = true;
        foreach (var (name, type) in Entries)
            holds &= context.TryGet(name, out var entry) && (entry.IsNull || type.Holds(entry, session));
        session.Leave();
        return holds;
    }

    internal override bool Includes(FeelType other) => other == Null || (other is ContextType context
        && Entries.All(e => context.Entries.FirstOrDefault(o => o.Name == e.Name).Type is { } found && e.Type.Includes(found)));

    public bool Equals(ContextType? other) => other is not null && Entries.SequenceEqual(other.Entries);

    public override int GetHashCode() => Entries.Count;

    public override string ToString() => $"context<{string.Join(", ", Entries.Select(e => $"{e.Name}: {e.Type}"))}>";
}

/// <summary>function&lt;…&gt; → …; no parameters at all (null) stands for any function.</summary>
public sealed record FunctionType(IReadOnlyList<FeelType>? Parameters, IReadOnlyList<string> ParameterNames, FeelType Result) : FeelType
{
    internal override bool Holds(FeelValue value, FeelSession session) => value.Function is { } function && Includes(function.Type);

    // Parameters the other way round, the result in line (§10.3.2.9.2); a result that is not declared is told by what comes.
    internal override bool Includes(FeelType other) => other == Null || (other is FunctionType function && (Parameters is null
        || (function.Parameters is { } theirs && theirs.Count == Parameters.Count
            && Parameters.Zip(theirs).All(p => p.Second.Includes(p.First)) && (function.Result == Any || Result.Includes(function.Result)))));

    public bool Equals(FunctionType? other) => other is not null && Result == other.Result && (Parameters ?? []).SequenceEqual(other.Parameters ?? []) && Parameters is null == other.Parameters is null;

    public override int GetHashCode() => HashCode.Combine(Parameters?.Count, Result);

    public override string ToString() => $"function<{string.Join(", ", Parameters ?? [])}> -> {Result}";
}

/// <summary>An item definition: a type by name, with values that it allows (DMN 1.5 §7.3.3).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Base">What it is made of.</param>
/// <param name="Allows">Whether a value is one of the allowed; null when any is.</param>
public sealed record NamedType(string Name, FeelType Base, Func<FeelValue, FeelSession, bool>? Allows) : FeelType
{
    /// <summary>The tests behind <see cref="Allows"/>.</summary>
    internal CellTests? Constraint { get; init; }

    // Constraints limit what a variable takes, not what is an instance (§10.3.2.9.2 speaks of structure alone).
    internal override bool Holds(FeelValue value, FeelSession session) => Base.Holds(value, session);

    internal override bool Includes(FeelType other) => other == Null || Base.Includes(other is NamedType named ? named.Base : other);

    public bool Equals(NamedType? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;
}
