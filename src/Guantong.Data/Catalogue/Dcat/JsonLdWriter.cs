using System.Text.Encodings.Web;
using System.Text.Json;

namespace Guantong.Data;

/// <summary>JSON-LD 1.1: one graph, prefixes in its context.</summary>
internal sealed class JsonLdWriter(Stream to) : IRdfWriter
{
    private readonly Utf8JsonWriter _json = new(to, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    private bool _begun;

    public async Task WriteAsync(RdfSubject subject, CancellationToken cancel)
    {
        if (!_begun)
            Begin();
        _json.WriteStartObject();
        _json.WriteString("@id", subject.Iri);
        foreach (var said in subject.Says.GroupBy(s => s.Predicate))
        {
            _json.WriteStartArray(said.Key == "rdf:type" ? "@type" : said.Key);
            foreach (var (predicate, term) in said)
                Write(predicate, term);
            _json.WriteEndArray();
        }
        _json.WriteEndObject();
        if (_json.BytesPending > 1 << 15)
            await _json.FlushAsync(cancel);
    }

    public async Task EndAsync(CancellationToken cancel)
    {
        if (!_begun)
            Begin();
        _json.WriteEndArray();
        _json.WriteEndObject();
        await _json.FlushAsync(cancel);
    }

    public ValueTask DisposeAsync() => _json.DisposeAsync();

    private void Begin()
    {
        _begun = true;
        _json.WriteStartObject();
        _json.WriteStartObject("@context");
        foreach (var (prefix, address) in RdfNames.Prefixes)
            _json.WriteString(prefix, address);
        _json.WriteEndObject();
        _json.WriteStartArray("@graph");
    }

    private void Write(string predicate, RdfTerm term)
    {
        if (term is RdfTerm.Iri iri)
        {
            if (predicate == "rdf:type")
                _json.WriteStringValue(iri.Value);
            else
            {
                _json.WriteStartObject();
                _json.WriteString("@id", iri.Value);
                _json.WriteEndObject();
            }
            return;
        }
        var literal = (RdfTerm.Literal)term;
        _json.WriteStartObject();
        _json.WriteString("@value", literal.Text);
        if (literal.Lang is { } lang)
            _json.WriteString("@language", lang);
        else if (literal.Type is { } type)
            _json.WriteString("@type", type);
        _json.WriteEndObject();
    }
}
