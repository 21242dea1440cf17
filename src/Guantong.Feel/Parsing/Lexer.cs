using System.Globalization;
using System.Text;

namespace Guantong.Feel.Parsing;

internal enum TokenKind { End, Number, Text, Temporal, Name, Keyword, Symbol }

/// <summary>A token with its place.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, object? Value, int Position)
{
    public bool Is(string symbolOrKeyword) => Kind is TokenKind.Symbol or TokenKind.Keyword && Text == symbolOrKeyword;
}

internal sealed class ParseException(FeelFault fault) : Exception(fault.Code)
{
    public FeelFault Fault { get; } = fault;
}

/// <summary>Cuts a text into tokens. Names may hold spaces and symbols when they are known (DMN 1.5, 10.3.1.4).</summary>
internal sealed class Lexer(string text, IReadOnlyList<string> known)
{
    private static readonly HashSet<string> Keywords =
        ["if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between", "instance", "of", "true", "false", "null", "function", "not"];

    private static readonly string[] Symbols = ["..", "**", "<=", ">=", "!=", "->", "+", "-", "*", "/", "=", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", "@", "?"];

    public List<Token> ReadAll()
    {
        var tokens = new List<Token>();
        var at = 0;
        while (true)
        {
            at = SkipBlank(at);
            if (at >= text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", null, text.Length));
                return tokens;
            }
            var token = Next(at, out var end);
            tokens.Add(token);
            at = end;
        }
    }

    private int SkipBlank(int at)
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]) || text[at] == '\uFEFF')
                at++;
            else if (Starts(at, "//"))
                at = text.IndexOf('\n', at) is var line and >= 0 ? line : text.Length;
            else if (Starts(at, "/*"))
                at = text.IndexOf("*/", at + 2, StringComparison.Ordinal) is var close and >= 0 ? close + 2 : text.Length;
            else
                break;
        }
        return at;
    }

    private bool Starts(int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    private Token Next(int at, out int end)
    {
        var c = text[at];
        if (c == '"')
            return new Token(TokenKind.Text, "text", ReadText(at, out end), at);
        if (c == '@' && at + 1 < text.Length && text[at + 1] == '"')
        {
            var inner = ReadText(at + 1, out end);
            return new Token(TokenKind.Temporal, inner, Evaluation.Temporal.Any(inner) ?? throw Fault("feel-temporal", at, inner), at);
        }
        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return ReadNumber(at, out end);
        if (known.FirstOrDefault(k => Starts(at, k) && !Continues(at + k.Length)) is { } name)
        {
            end = at + name.Length;
            return new Token(TokenKind.Name, name, null, at);
        }
        if (IsNameStart(c))
            return ReadName(at, out end);
        if (Symbols.FirstOrDefault(s => Starts(at, s)) is { } symbol)
        {
            end = at + symbol.Length;
            return new Token(TokenKind.Symbol, symbol, null, at);
        }
        throw Fault("feel-character", at, c.ToString());
    }

    private bool Continues(int at) => at < text.Length && (IsNameStart(text[at]) || char.IsAsciiDigit(text[at])) && IsNamePart(text[at - 1]);

    private Token ReadName(int at, out int end)
    {
        end = at + 1;
        while (end < text.Length && IsNamePart(text[end]))
            end++;
        var name = text[at..end];
        return new Token(Keywords.Contains(name) ? TokenKind.Keyword : TokenKind.Name, name, null, at);
    }

    private Token ReadNumber(int at, out int end)
    {
        end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] == '.' && !Starts(end, "..") && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
            end++;
        if (end < text.Length && text[end] is 'e' or 'E' && end + 1 < text.Length)
        {
            var exponent = end + 1 + (text[end + 1] is '+' or '-' ? 1 : 0);
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                end = exponent;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                    end++;
            }
        }
        var number = text[at..end];
        return decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? new Token(TokenKind.Number, number, value, at) : throw Fault("feel-number", at, number);
    }

    private string ReadText(int at, out int end)
    {
        var value = new StringBuilder();
        for (end = at + 1; end < text.Length; end++)
        {
            if (text[end] == '"')
            {
                end++;
                return value.ToString();
            }
            if (text[end] != '\\' || end + 1 >= text.Length)
            {
                value.Append(text[end]);
                continue;
            }
            end++;
            switch (text[end])
            {
                case 'n': value.Append('\n'); break;
                case 't': value.Append('\t'); break;
                case 'r': value.Append('\r'); break;
                case 'u' when Hex(end + 1, 4, out var unit): value.Append((char)unit); end += 4; break;
                case 'U' when Hex(end + 1, 6, out var point) && Rune.IsValid(point): value.Append(new Rune(point).ToString()); end += 6; break;
                case '"' or '\'' or '\\': value.Append(text[end]); break;
                default: value.Append('\\').Append(text[end]); break;
            }
        }
        throw Fault("feel-text-open", at);
    }

    private bool Hex(int at, int digits, out int value)
    {
        value = 0;
        return at + digits <= text.Length && int.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    // Code points beyond the BMP come as surrogate pairs; both halves count as letters.
    internal static bool IsNameStart(char c) => char.IsLetter(c) || c == '_' || char.IsSurrogate(c);

    internal static bool IsNamePart(char c) => IsNameStart(c) || char.IsDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    public ParseException Fault(string code, int position, params string[] args) => new(Place(text, code, position, args));

    public static FeelFault Place(string text, string code, int position, params string[] args)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        return new FeelFault(position, before.Count('\n') + 1, before.Length - (before.LastIndexOf('\n') + 1) + 1, code, args);
    }
}
