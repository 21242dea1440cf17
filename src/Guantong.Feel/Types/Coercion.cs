using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Types;

/// <summary>Implicit conversion where a type is declared (DMN 1.5 §10.3.2.9.4).</summary>
internal static class Coercion
{
    /// <summary>The value as one of the type, or null with a reason.</summary>
    public static FeelValue To(FeelType type, FeelValue value, FeelSession session)
    {
        if (value.IsNull || ReferenceEquals(type, FeelType.Any))
            return value;
        var converted = Convert(type, value, session);
        if (converted.IsNull)
            return session.Null(NullReason.WrongType, Values.Print.Kind(value), type.ToString());
        return Allowed(type, converted, session) ? converted : session.Null(NullReason.NotAllowed, Values.Print.Short(value), type.ToString());
    }

    private static FeelValue Convert(FeelType type, FeelValue value, FeelSession session)
    {
        var plain = type is NamedType named ? Structure(named) : type;
        if (plain.Holds(value, session))
            return value;
        // A singleton list where an item is wanted, an item where a list is wanted, a date where its midnight is.
        if (value.List is { Count: 1 } list && plain is not ListType && plain.Holds(list[0], session))
            return list[0];
        if (plain is ListType wanted && value.List is null && wanted.Item.Holds(value, session))
            return session.Keep(new FeelList(value));
        if (value.IsDate && Equals(plain, FeelType.DateTime))
            return FeelDateTime.Midnight(value.Date);
        return default;
    }

    private static FeelType Structure(NamedType named)
    {
        FeelType type = named;
        while (type is NamedType inner)
            type = inner.Base;
        return type;
    }

    /// <summary>Whether the value keeps to the constraints of the type and of its parts.</summary>
    private static bool Allowed(FeelType type, FeelValue value, FeelSession session)
    {
        if (value.IsNull)
            return true;
        session.Step();
        return type switch
        {
            NamedType named => (named.Allows is null || named.Allows(value, session)) && Allowed(named.Base, value, session),
            ListType list when value.List is { } items => AllAllowed(list.Item, items, session),
            ContextType context when value.Context is { } entries => context.Entries.All(e => Allowed(e.Type, entries.Get(e.Name), session)),
            _ => true,
        };
    }

    private static bool AllAllowed(FeelType of, FeelList items, FeelSession session)
    {
        if (of is KindType || ReferenceEquals(of, FeelType.Any))
            return true;
        foreach (var item in items.Items)
        {
            if (!Allowed(of, item, session))
                return false;
        }
        return true;
    }
}
