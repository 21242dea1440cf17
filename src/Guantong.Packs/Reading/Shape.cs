namespace Guantong.Packs.Reading;

/// <summary>What a YAML value may look like: the pack language's grammar is made of these, and so are the published JSON Schemas.</summary>
public abstract record Shape
{
    /// <summary>Any text; <paramref name="Pattern"/> is a regular expression over the whole value, <paramref name="Example"/> shows a good one.</summary>
    public sealed record Words(string? Pattern = null, string? Example = null) : Shape;

    /// <summary>A decimal number.</summary>
    public sealed record Number(bool Whole = false) : Shape;

    /// <summary>true or false.</summary>
    public sealed record Truth : Shape;

    /// <summary>One of a closed set of words.</summary>
    public sealed record OneOf(IReadOnlyList<string> Values) : Shape;

    /// <summary>A list of one shape; <paramref name="Once"/> when no word may stand in it twice.</summary>
    public sealed record ListOf(Shape Item, int AtLeast = 0, int? Exactly = null, bool Once = false) : Shape;

    /// <summary>A map whose keys a writer chooses.</summary>
    public sealed record MapOf(Shape Key, Shape Value, int AtLeast = 0) : Shape;

    /// <summary>A map with these keys and no others.</summary>
    public sealed record Form(string About, IReadOnlyList<Key> Keys) : Shape;

    /// <summary>Either of two shapes, told apart by whether the value is a scalar.</summary>
    public sealed record ScalarOr(Shape Scalar, Shape Other) : Shape;
}

/// <summary>One key of a <see cref="Shape.Form"/>.</summary>
public sealed record Key(string Name, Shape Shape, bool Required, string About);
