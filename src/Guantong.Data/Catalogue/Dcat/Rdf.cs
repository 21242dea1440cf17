namespace Guantong.Data;

/// <summary>What a statement of RDF says of its subject.</summary>
internal abstract record RdfTerm
{
    /// <summary>Another thing, by its address.</summary>
    public sealed record Iri(string Value) : RdfTerm;

    /// <summary>A text, with its language or its type where it has one.</summary>
    /// <param name="Type">The datatype's address, or null for a plain text.</param>
    public sealed record Literal(string Text, string? Lang = null, string? Type = null) : RdfTerm;
}

/// <summary>Everything that is said of one thing at a time. Predicates are written by a prefix of <see cref="RdfNames"/>, e.g. <c>dct:title</c>.</summary>
internal sealed record RdfSubject(string Iri, IReadOnlyList<(string Predicate, RdfTerm Object)> Says);

/// <summary>Writes statements to a stream as they come, in one of the three forms that DCAT-AP catalogues are exchanged in.</summary>
internal interface IRdfWriter : IAsyncDisposable
{
    /// <summary>Writes what is said of one thing.</summary>
    Task WriteAsync(RdfSubject subject, CancellationToken cancel);

    /// <summary>Writes what has to stand at the end.</summary>
    Task EndAsync(CancellationToken cancel);
}

/// <summary>The vocabularies, by the prefixes under which they are written.</summary>
internal static class RdfNames
{
    public const string Own = "https://guantong.dev/ns/catalogue#";

    public static readonly IReadOnlyDictionary<string, string> Prefixes = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["adms"] = "http://www.w3.org/ns/adms#",
        ["csvw"] = "http://www.w3.org/ns/csvw#",
        ["dcat"] = "http://www.w3.org/ns/dcat#",
        ["dct"] = "http://purl.org/dc/terms/",
        ["foaf"] = "http://xmlns.com/foaf/0.1/",
        ["gt"] = Own,
        ["rdf"] = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        ["rdfs"] = "http://www.w3.org/2000/01/rdf-schema#",
        ["skos"] = "http://www.w3.org/2004/02/skos/core#",
        ["vcard"] = "http://www.w3.org/2006/vcard/ns#",
        ["xsd"] = "http://www.w3.org/2001/XMLSchema#",
    };

    /// <summary>The address of a name with a prefix.</summary>
    public static string Full(string name) => Prefixes[name[..name.IndexOf(':', StringComparison.Ordinal)]] + name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];

    public static RdfTerm Name(string name) => new RdfTerm.Iri(Full(name));

    public static RdfTerm Iri(string iri) => new RdfTerm.Iri(iri);

    public static RdfTerm Text(string text, string? lang = null) => new RdfTerm.Literal(text, lang);

    public static RdfTerm Typed(string text, string type) => new RdfTerm.Literal(text, null, Full("xsd:" + type));
}
