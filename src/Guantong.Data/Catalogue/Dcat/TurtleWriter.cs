using System.Globalization;
using System.Text;

namespace Guantong.Data;

/// <summary>RDF 1.1 Turtle.</summary>
internal sealed class TurtleWriter(Stream to) : IRdfWriter
{
    private readonly StreamWriter _writer = new(to, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
    private bool _begun;

    public async Task WriteAsync(RdfSubject subject, CancellationToken cancel)
    {
        var text = new StringBuilder();
        if (!_begun)
        {
            foreach (var (prefix, address) in RdfNames.Prefixes)
                text.Append(CultureInfo.InvariantCulture, $"@prefix {prefix}: <{address}> .\n");
            _begun = true;
        }
        text.Append(CultureInfo.InvariantCulture, $"\n<{subject.Iri}>");
        for (var i = 0; i < subject.Says.Count; i++)
        {
            var (predicate, said) = subject.Says[i];
            text.Append(i == 0 ? " " : " ;\n    ").Append(predicate == "rdf:type" ? "a" : predicate).Append(' ');
            Term(text, said);
        }
        text.Append(" .\n");
        await _writer.WriteAsync(text, cancel);
    }

    public Task EndAsync(CancellationToken cancel) => _writer.FlushAsync(cancel);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static void Term(StringBuilder text, RdfTerm term)
    {
        if (term is not RdfTerm.Literal literal)
        {
            text.Append('<').Append(((RdfTerm.Iri)term).Value).Append('>');
            return;
        }
        text.Append('"');
        foreach (var c in literal.Text)
            _ = c switch { '"' => text.Append("\\\""), '\\' => text.Append("\\\\"), '\n' => text.Append("\\n"), '\r' => text.Append("\\r"), '\t' => text.Append("\\t"), _ => text.Append(c) };
        text.Append('"');
        if (literal.Lang is { } lang)
            text.Append('@').Append(lang);
        else if (literal.Type is { } type)
            text.Append("^^<").Append(type).Append('>');
    }
}
