using System.Xml;
using System.Xml.Linq;

namespace Guantong.Data;

/// <summary>Reads RDF 1.1 XML, as much of it as catalogues are written in: descriptions and typed things, one within the other, by address, id or name; texts with language or type; lists.</summary>
internal sealed class RdfXmlReader
{
    private static readonly XNamespace Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const int Deepest = 64;

    private readonly List<RdfStatement> _statements = [];
    private readonly Uri _base;
    private int _blank;

    private RdfXmlReader(Uri at) => _base = at;

    /// <summary>Its statements.</summary>
    /// <exception cref="RdfException">It is no such XML.</exception>
    public static IReadOnlyList<RdfStatement> Read(Stream xml, Uri at)
    {
        try
        {
            // Nothing is drawn in from outside, and no entity grows.
            using var reader = XmlReader.Create(xml, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = OutsideFetch.LargestAnswer });
            var root = XDocument.Load(reader, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace).Root!;
            var read = new RdfXmlReader(at);
            foreach (var node in root.Name == Rdf + "RDF" ? root.Elements() : [root])
                read.Thing(node, 0);
            return read._statements;
        }
        catch (XmlException e)
        {
            throw new RdfException(e.LineNumber, "XML");
        }
    }

    private string Thing(XElement node, int depth)
    {
        if (depth > Deepest)
            throw new RdfException(((IXmlLineInfo)node).LineNumber, "less depth");
        var subject = node.Attribute(Rdf + "about") is { } about ? Address(node, about.Value) : node.Attribute(Rdf + "ID") is { } id ? Address(node, "#" + id.Value) : node.Attribute(Rdf + "nodeID") is { } name ? "_:n" + name.Value : Fresh();
        if (node.Name != Rdf + "Description")
            Say(subject, Rdf + "type", new RdfTerm.Iri(Full(node.Name)));
        Attributes(node, subject);
        foreach (var property in node.Elements())
            Property(subject, property, depth);
        return subject;
    }

    private void Property(string subject, XElement property, int depth)
    {
        var name = property.Name;
        if (property.Attribute(Rdf + "resource") is { } resource)
        {
            var iri = Address(property, resource.Value);
            Attributes(property, iri);
            Say(subject, name, new RdfTerm.Iri(iri));
        }
        else if (property.Attribute(Rdf + "nodeID") is { } blank)
            Say(subject, name, new RdfTerm.Iri("_:n" + blank.Value));
        else if (property.Attribute(Rdf + "parseType")?.Value is { } kind)
            Parsed(subject, property, kind, depth);
        else if (property.Elements().FirstOrDefault() is { } inner)
            Say(subject, name, new RdfTerm.Iri(Thing(inner, depth + 1)));
        else if (property.Value.Length == 0 && property.Attributes().Any(IsProperty))
        {
            var fresh = Fresh();
            Attributes(property, fresh);
            Say(subject, name, new RdfTerm.Iri(fresh));
        }
        else
            Say(subject, name, Literal(property, property.Value));
    }

    private void Parsed(string subject, XElement property, string kind, int depth)
    {
        if (kind == "Resource")
        {
            var fresh = Fresh();
            Say(subject, property.Name, new RdfTerm.Iri(fresh));
            foreach (var inner in property.Elements())
                Property(fresh, inner, depth + 1);
        }
        else if (kind == "Collection")
        {
            var (list, last) = (Rdf.NamespaceName + "nil", "");
            foreach (var item in property.Elements())
            {
                var node = Fresh();
                if (last.Length == 0)
                    list = node;
                else
                    Say(last, Rdf + "rest", new RdfTerm.Iri(node));
                Say(node, Rdf + "first", new RdfTerm.Iri(Thing(item, depth + 1)));
                last = node;
            }
            if (last.Length > 0)
                Say(last, Rdf + "rest", new RdfTerm.Iri(Rdf.NamespaceName + "nil"));
            Say(subject, property.Name, new RdfTerm.Iri(list));
        }
        else
            Say(subject, property.Name, new RdfTerm.Literal(string.Concat(property.Nodes()), null, Rdf.NamespaceName + "XMLLiteral"));
    }

    private void Attributes(XElement node, string subject)
    {
        foreach (var attribute in node.Attributes().Where(IsProperty))
            Say(subject, attribute.Name, attribute.Name == Rdf + "type" ? new RdfTerm.Iri(Address(node, attribute.Value)) : Literal(node, attribute.Value));
    }

    private static bool IsProperty(XAttribute attribute) => !attribute.IsNamespaceDeclaration && attribute.Name.NamespaceName.Length > 0 && attribute.Name.Namespace != XNamespace.Xml
        && (attribute.Name.Namespace != Rdf || attribute.Name.LocalName == "type");

    private static RdfTerm.Literal Literal(XElement node, string text) => node.Attribute(Rdf + "datatype") is { } type ? new RdfTerm.Literal(text, null, type.Value)
        : new RdfTerm.Literal(text, node.AncestorsAndSelf().Select(a => a.Attribute(XNamespace.Xml + "lang")?.Value).FirstOrDefault(l => l is not null) is { Length: > 0 } lang ? lang : null);

    private string Address(XElement node, string text)
    {
        var at = node.AncestorsAndSelf().Select(a => a.Attribute(XNamespace.Xml + "base")?.Value).FirstOrDefault(b => b is not null) is { } said && Uri.TryCreate(_base, said, out var given) ? given : _base;
        return text.Contains("://", StringComparison.Ordinal) ? text : Uri.TryCreate(at, text, out var whole) ? whole.AbsoluteUri : throw new RdfException(((IXmlLineInfo)node).LineNumber, "an address");
    }

    private void Say(string subject, XName predicate, RdfTerm term) => _statements.Add(new RdfStatement(subject, Full(predicate), term));

    private static string Full(XName name) => name.NamespaceName + name.LocalName;

    private string Fresh() => $"_:b{_blank++}";
}
