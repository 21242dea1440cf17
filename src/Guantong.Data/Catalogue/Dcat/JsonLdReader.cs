using System.Text.Json;

namespace Guantong.Data;

/// <summary>Reads JSON-LD 1.1, as much of it as catalogues are written in: a context of prefixes and terms in the document itself, a graph or things one within the other, values with language or type, lists.</summary>
internal sealed class JsonLdReader
{
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", Xsd = "http://www.w3.org/2001/XMLSchema#";
    private const int Deepest = 64;

    private sealed record Term(string Iri, string? Type, string? Language);

    private sealed record Context(Dictionary<string, Term> Terms, string? Vocabulary, string? Language, Uri Base);

    private readonly List<RdfStatement> _statements = [];
    private int _blank;

    /// <summary>Its statements.</summary>
    /// <exception cref="RdfException">It is no JSON-LD, or names a context that stands elsewhere.</exception>
    public static IReadOnlyList<RdfStatement> Read(byte[] json, Uri at)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var reader = new JsonLdReader();
            reader.Things(document.RootElement, new Context([], null, null, at), 0);
            return reader._statements;
        }
        catch (JsonException e)
        {
            throw new RdfException((e.LineNumber ?? 0) + 1, "JSON");
        }
    }

    private void Things(JsonElement value, Context context, int depth)
    {
        foreach (var thing in Each(value))
            Thing(thing, context, depth);
    }

    private string Thing(JsonElement thing, Context context, int depth)
    {
        if (depth > Deepest || thing.ValueKind != JsonValueKind.Object)
            throw new RdfException(0, "a thing");
        if (thing.TryGetProperty("@context", out var own))
            context = Read(own, context);
        var subject = "";
        foreach (var part in thing.EnumerateObject().Where(p => Keyword(p.Name, context) == "@id" && p.Value.ValueKind == JsonValueKind.String))
            subject = Address(part.Value.GetString()!, context);
        subject = subject.Length > 0 ? subject : $"_:b{_blank++}";
        foreach (var part in thing.EnumerateObject())
        {
            switch (Keyword(part.Name, context))
            {
                case "@context" or "@id" or "@index":
                    break;
                case "@graph":
                    Things(part.Value, context, depth + 1);
                    break;
                case "@type":
                    foreach (var type in Each(part.Value).Where(t => t.ValueKind == JsonValueKind.String))
                        _statements.Add(new RdfStatement(subject, Rdf + "type", new RdfTerm.Iri(Name(type.GetString()!, context) ?? Address(type.GetString()!, context))));
                    break;
                case "@reverse":
                    throw new RdfException(0, "@reverse");
                case { } other when Name(part.Name, context) is { } predicate && !other.StartsWith('@'):
                    foreach (var value in Each(part.Value))
                        Value(subject, predicate, context.Terms.GetValueOrDefault(part.Name), value, context, depth);
                    break;
            }
        }
        return subject;
    }

    private void Value(string subject, string predicate, Term? term, JsonElement value, Context context, int depth)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return;
        if (value.ValueKind == JsonValueKind.Object && (value.TryGetProperty("@set", out var set) || value.TryGetProperty("@list", out set)))
        {
            foreach (var item in Each(set))
                Value(subject, predicate, term, item, context, depth + 1);
            return;
        }
        _statements.Add(new RdfStatement(subject, predicate, value.ValueKind switch
        {
            JsonValueKind.Object when value.TryGetProperty("@value", out var plain) => new RdfTerm.Literal(Plain(plain), Said(value, "@language") ?? (Said(value, "@type") is null ? term?.Language : null), Said(value, "@type") is { } type ? Name(type, context) ?? type : Natural(plain)),
            JsonValueKind.Object => new RdfTerm.Iri(Thing(value, context, depth + 1)),
            JsonValueKind.String when term?.Type == "@id" => new RdfTerm.Iri(Address(value.GetString()!, context)),
            JsonValueKind.String when term?.Type == "@vocab" => new RdfTerm.Iri(Name(value.GetString()!, context) ?? Address(value.GetString()!, context)),
            JsonValueKind.String => new RdfTerm.Literal(value.GetString()!, term?.Type is null ? term?.Language ?? context.Language : null, term?.Type),
            _ => new RdfTerm.Literal(Plain(value), null, term?.Type ?? Natural(value)),
        }));
    }

    private static Context Read(JsonElement given, Context outer)
    {
        var (terms, vocabulary, language, at) = (new Dictionary<string, Term>(outer.Terms), outer.Vocabulary, outer.Language, outer.Base);
        foreach (var one in Each(given))
        {
            if (one.ValueKind == JsonValueKind.Null)
                continue;
            // What stands elsewhere is not fetched: it could say anything, or nothing.
            if (one.ValueKind != JsonValueKind.Object)
                throw new RdfException(0, "@context");
            vocabulary = Said(one, "@vocab") ?? vocabulary;
            language = Said(one, "@language") ?? language;
            at = Said(one, "@base") is { } said && Uri.TryCreate(at, said, out var based) ? based : at;
            // Prefixes first: terms are written by them.
            foreach (var part in one.EnumerateObject().Where(p => !p.Name.StartsWith('@')).OrderByDescending(p => p.Value.ValueKind == JsonValueKind.String && p.Value.GetString()!.Contains("://", StringComparison.Ordinal)))
            {
                var now = new Context(terms, vocabulary, language, at);
                if (part.Value.ValueKind == JsonValueKind.String)
                    terms[part.Name] = new Term(Name(part.Value.GetString()!, now) ?? part.Value.GetString()!, null, null);
                else if (part.Value.ValueKind == JsonValueKind.Object)
                    terms[part.Name] = new Term(Name(Said(part.Value, "@id") ?? part.Name, now) ?? part.Name, Said(part.Value, "@type") is { } type ? type.StartsWith('@') ? type : Name(type, now) ?? type : null, Said(part.Value, "@language"));
            }
        }
        return new Context(terms, vocabulary, language, at);
    }

    // A key that is an alias of a keyword is that keyword.
    private static string Keyword(string key, Context context) => key.StartsWith('@') ? key : context.Terms.TryGetValue(key, out var term) && term.Iri.StartsWith('@') ? term.Iri : key;

    private static string? Name(string text, Context context)
    {
        if (text.StartsWith('@'))
            return text;
        if (context.Terms.TryGetValue(text, out var term))
            return term.Iri;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
            return !text.AsSpan(colon + 1).StartsWith("//") && context.Terms.TryGetValue(text[..colon], out var prefix) ? prefix.Iri + text[(colon + 1)..] : text;
        return context.Vocabulary is { } vocabulary ? vocabulary + text : null;
    }

    private static string Address(string text, Context context)
    {
        if (text.StartsWith("_:", StringComparison.Ordinal))
            return "_:n" + text[2..];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && !text.AsSpan(colon + 1).StartsWith("//") && context.Terms.TryGetValue(text[..colon], out var prefix))
            return prefix.Iri + text[(colon + 1)..];
        return text.Contains("://", StringComparison.Ordinal) ? text : Uri.TryCreate(context.Base, text, out var whole) ? whole.AbsoluteUri : throw new RdfException(0, "an address");
    }

    private static string? Said(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string? Natural(JsonElement value) => value.ValueKind switch { JsonValueKind.True or JsonValueKind.False => Xsd + "boolean", JsonValueKind.Number => Xsd + (value.TryGetInt64(out _) ? "integer" : "double"), _ => null };

    private static IEnumerable<JsonElement> Each(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
}
