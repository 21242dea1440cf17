using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Guantong.Trust.Scim;

/// <summary>A filter over resources (RFC 7644 §3.4.2.2): eq, ne, co, sw, ew, gt, ge, lt, le, pr, and, or, not, groups and value paths.</summary>
internal abstract record ScimFilter
{
    private const int Deepest = 20;

    /// <summary>Whether a resource, or one value of a list, is meant.</summary>
    public abstract bool Fits(JsonObject resource);

    private sealed record Both(ScimFilter Left, ScimFilter Right) : ScimFilter
    {
        public override bool Fits(JsonObject resource) => Left.Fits(resource) && Right.Fits(resource);
    }

    private sealed record Either(ScimFilter Left, ScimFilter Right) : ScimFilter
    {
        public override bool Fits(JsonObject resource) => Left.Fits(resource) || Right.Fits(resource);
    }

    private sealed record Not(ScimFilter Inner) : ScimFilter
    {
        public override bool Fits(JsonObject resource) => !Inner.Fits(resource);
    }

    private sealed record Present(ScimPath Path) : ScimFilter
    {
        public override bool Fits(JsonObject resource) => Path.Values(resource).Any(v => v is not JsonObject { Count: 0 } && !(v is JsonValue && v.ToString().Length == 0));
    }

    private sealed record Compare(ScimPath Path, string Operator, JsonNode? Value) : ScimFilter
    {
        public override bool Fits(JsonObject resource) => Operator == "ne"
            ? !Path.Values(resource).Any(v => Holds(v, "eq"))
            : Path.Values(resource).Any(v => Holds(v, Operator)) || (Operator == "eq" && Value is null && !Path.Values(resource).Any());

        private bool Holds(JsonNode found, string how)
        {
            if (Value is null || found is not JsonValue)
                return false;
            if (found.GetValueKind() != Value.GetValueKind())
                return false;
            if (found.GetValueKind() == JsonValueKind.Number)
                return Ordered(how, found.GetValue<decimal>().CompareTo(Value.GetValue<decimal>()));
            var (text, given) = (found.ToString(), Value.ToString());
            // RFC 7643 §2.2, §3.1: ids are told apart by case, other texts are not.
            var rule = Path.Attribute.Equals("id", StringComparison.OrdinalIgnoreCase) || Path.Attribute.Equals("externalId", StringComparison.OrdinalIgnoreCase) ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
            return how switch
            {
                "co" => text.Contains(given, rule),
                "sw" => text.StartsWith(given, rule),
                "ew" => text.EndsWith(given, rule),
                _ => Ordered(how, string.Compare(text, given, rule)),
            };
        }

        private static bool Ordered(string how, int order) => how switch { "eq" => order == 0, "gt" => order > 0, "ge" => order >= 0, "lt" => order < 0, "le" => order <= 0, _ => false };
    }

    /// <summary>The userName of a filter that asks for one alone, which then is looked up by its key.</summary>
    public string? OneUserName => this is Compare { Operator: "eq", Path: { Schema: null, Sub: null, Filter: null } path, Value: JsonValue value }
        && path.Attribute.Equals("userName", StringComparison.OrdinalIgnoreCase) && value.GetValueKind() == JsonValueKind.String ? value.ToString() : null;

    /// <summary>Reads a filter.</summary>
    /// <exception cref="ScimError">It is none.</exception>
    public static ScimFilter Parse(string text)
    {
        var reader = new Reader(text);
        var filter = reader.Or(0);
        reader.End();
        return filter;
    }

    private sealed class Reader(string text)
    {
        private int _at;

        public ScimFilter Or(int depth)
        {
            var left = And(depth);
            while (Word("or"))
                left = new Either(left, And(depth));
            return left;
        }

        private ScimFilter And(int depth)
        {
            var left = One(depth);
            while (Word("and"))
                left = new Both(left, One(depth));
            return left;
        }

        private ScimFilter One(int depth)
        {
            if (depth > Deepest)
                throw ScimError.Filter("The filter is nested too deeply.");
            if (Word("not"))
                return new Not(Group(depth));
            Skip();
            return _at < text.Length && text[_at] == '(' ? Group(depth) : Attribute();
        }

        private ScimFilter Group(int depth)
        {
            Take('(');
            var inner = Or(depth + 1);
            Take(')');
            return inner;
        }

        private ScimFilter Attribute()
        {
            Skip();
            var start = _at;
            // A value path runs to its closing bracket, texts within passed over.
            for (var (inside, quoted) = (0, false); _at < text.Length && (inside > 0 || text[_at] is not (' ' or ')')); _at++)
            {
                if (text[_at] == '"' && text[_at - 1] != '\\')
                    quoted = !quoted;
                inside += quoted ? 0 : text[_at] == '[' ? 1 : text[_at] == ']' ? -1 : 0;
            }
            var path = ScimPath.Parse(text[start.._at]);
            var mark = _at;
            var how = Letters().ToLowerInvariant();
            if (how == "pr")
                return new Present(path);
            if (how is "eq" or "ne" or "co" or "sw" or "ew" or "gt" or "ge" or "lt" or "le")
                return new Compare(path, how, Value());
            _at = mark;
            return path.Filter is not null ? new Present(path) : throw ScimError.Filter($"An operator is missing at {_at}.");
        }

        private JsonNode? Value()
        {
            Skip();
            var start = _at;
            if (_at < text.Length && text[_at] == '"')
            {
                for (_at++; _at < text.Length && text[_at] != '"'; _at++)
                    _at += text[_at] == '\\' ? 1 : 0;
                _at++;
            }
            else
                while (_at < text.Length && text[_at] is not (' ' or ')' or ']'))
                    _at++;
            try
            {
                var node = JsonNode.Parse(text[start..Math.Min(_at, text.Length)]);
                return node is null or JsonValue ? node : throw ScimError.Filter($"A value is wrong at {start}.");
            }
            catch (JsonException)
            {
                throw ScimError.Filter(string.Create(CultureInfo.InvariantCulture, $"A value is wrong at {start}."));
            }
        }

        private string Letters()
        {
            Skip();
            var start = _at;
            while (_at < text.Length && char.IsAsciiLetter(text[_at]))
                _at++;
            return text[start.._at];
        }

        private bool Word(string word)
        {
            var mark = _at;
            if (Letters().Equals(word, StringComparison.OrdinalIgnoreCase) && (_at == text.Length || text[_at] is ' ' or '('))
                return true;
            _at = mark;
            return false;
        }

        private void Take(char wanted)
        {
            Skip();
            if (_at >= text.Length || text[_at++] != wanted)
                throw ScimError.Filter($"{wanted} is missing at {_at}.");
        }

        public void End()
        {
            Skip();
            if (_at < text.Length)
                throw ScimError.Filter($"Nothing more was expected at {_at}.");
        }

        private void Skip()
        {
            while (_at < text.Length && text[_at] == ' ')
                _at++;
        }
    }
}
