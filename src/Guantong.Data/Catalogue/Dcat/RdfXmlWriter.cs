using System.Text;
using System.Xml;

namespace Guantong.Data;

/// <summary>RDF 1.1 XML: a description for each thing.</summary>
internal sealed class RdfXmlWriter(Stream to) : IRdfWriter
{
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

    private readonly XmlWriter _xml = XmlWriter.Create(to, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), Indent = true, CloseOutput = false });
    private bool _begun;

    public async Task WriteAsync(RdfSubject subject, CancellationToken cancel)
    {
        if (!_begun)
            await BeginAsync();
        await _xml.WriteStartElementAsync("rdf", "Description", Rdf);
        await _xml.WriteAttributeStringAsync("rdf", "about", Rdf, subject.Iri);
        foreach (var (predicate, term) in subject.Says)
        {
            var at = predicate.IndexOf(':', StringComparison.Ordinal);
            await _xml.WriteStartElementAsync(predicate[..at], predicate[(at + 1)..], RdfNames.Prefixes[predicate[..at]]);
            if (term is RdfTerm.Iri iri)
                await _xml.WriteAttributeStringAsync("rdf", "resource", Rdf, iri.Value);
            else if (term is RdfTerm.Literal literal)
            {
                if (literal.Lang is { } lang)
                    await _xml.WriteAttributeStringAsync("xml", "lang", null, lang);
                else if (literal.Type is { } type)
                    await _xml.WriteAttributeStringAsync("rdf", "datatype", Rdf, type);
                await _xml.WriteStringAsync(literal.Text);
            }
            await _xml.WriteEndElementAsync();
        }
        await _xml.WriteEndElementAsync();
        cancel.ThrowIfCancellationRequested();
    }

    public async Task EndAsync(CancellationToken cancel)
    {
        if (!_begun)
            await BeginAsync();
        await _xml.WriteEndElementAsync();
        await _xml.WriteEndDocumentAsync();
        await _xml.FlushAsync();
    }

    public ValueTask DisposeAsync() => _xml.DisposeAsync();

    private async Task BeginAsync()
    {
        _begun = true;
        await _xml.WriteStartDocumentAsync();
        await _xml.WriteStartElementAsync("rdf", "RDF", Rdf);
        foreach (var (prefix, address) in RdfNames.Prefixes.Where(p => p.Key != "rdf"))
            await _xml.WriteAttributeStringAsync("xmlns", prefix, null, address);
    }
}
