using System.Globalization;
using System.Text;

namespace Guantong.Feel.Parsing;

internal enum TokenKind { End, Number, Text, At, Word, Symbol }

/// <summary>A token with its place; the value of a number or a string.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End, FeelNumber Number = default)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Word && Text == word;

    public bool IsKeyword => Kind == TokenKind.Word && Lexer.Keywords.Contains(Text);
}

internal sealed class ParseException(FeelFault fault) : Exception(fault.Code)
{
    public FeelFault Fault { get; } = fault;
}

/// <summary>Cuts a text into tokens, one at a time; what is a name the parser decides, who knows the names in scope.</summary>
internal sealed class Lexer(string text)
{
    public static readonly HashSet<string> Keywords =
        ["if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between", "instance", "of", "true", "false", "null", "function"];

    private static readonly string[] Symbols =
        ["..", "**", "<=", ">=", "!=", "->", "+", "-", "*", "/", "=", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", "?", "'", "’"];

    public Token Next(int from)
    {
        var at = SkipBlank(from);
        if (at >= text.Length)
            return new Token(TokenKind.End, "", text.Length, text.Length);
        var c = text[at];
        if (NameText.IsStart(c))
            return ReadWord(at);
        if (c == '"')
            return ReadText(at, at, TokenKind.Text);
        if (c == '@')
            return SkipBlank(at + 1) is var quote && quote < text.Length && text[quote] == '"' ? ReadText(at, quote, TokenKind.At) : throw Fault("feel-character", at, "@");
        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return ReadNumber(at);
        foreach (var symbol in Symbols)
        {
            if (Starts(at, symbol))
                return new Token(TokenKind.Symbol, symbol, at, at + symbol.Length);
        }
        throw Fault("feel-character", at, char.IsControl(c) ? $"U+{(int)c:X4}" : c.ToString());
    }

    private int SkipBlank(int at)
    {
        while (at < text.Length)
        {
            if (NameText.IsSpace(text[at]))
                at++;
            else if (Starts(at, "//"))
                at = text.IndexOf('\n', at) is var line and >= 0 ? line : text.Length;
            else if (Starts(at, "/*"))
                at = text.IndexOf("*/", at + 2, StringComparison.Ordinal) is var close and >= 0 ? close + 2 : throw Fault("feel-comment-open", at);
            else
                break;
        }
        return at;
    }

    private bool Starts(int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    private Token ReadWord(int at)
    {
        var end = at + 1;
        while (end < text.Length && NameText.IsPart(text[end]))
            end++;
        return new Token(TokenKind.Word, text[at..end], at, end);
    }

    private Token ReadNumber(int at)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]))
        {
            end++;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
        }
        end = SkipExponent(end);
        return FeelNumber.TryParse(text.AsSpan(at, end - at), out var number)
            ? new Token(TokenKind.Number, text[at..end], at, end, number) : throw Fault("feel-number", at, text[at..end]);
    }

    private int SkipExponent(int end)
    {
        if (end + 1 >= text.Length || text[end] is not ('e' or 'E'))
            return end;
        var digits = end + (text[end + 1] is '+' or '-' ? 2 : 1);
        if (digits >= text.Length || !char.IsAsciiDigit(text[digits]))
            return end;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            digits++;
        return digits;
    }

    private Token ReadText(int start, int quote, TokenKind kind)
    {
        var plain = text.AsSpan(quote + 1).IndexOfAny('"', '\\');
        if (plain >= 0 && text[quote + 1 + plain] == '"')
            return new Token(kind, text.Substring(quote + 1, plain), start, quote + plain + 2);
        var value = new StringBuilder();
        for (var at = quote + 1; at < text.Length; at++)
        {
            if (text[at] == '"')
                return new Token(kind, value.ToString(), start, at + 1);
            if (text[at] == '\\' && at + 1 < text.Length)
                at = ReadEscape(at + 1, value);
            else
                value.Append(text[at]);
        }
        throw Fault("feel-text-open", start);
    }

    // Rule 64: \n \t \r \" \' \\ \uXXXX \UXXXXXX; a backslash before anything else stands for itself.
    private int ReadEscape(int at, StringBuilder value)
    {
        switch (text[at])
        {
            case 'n': value.Append('\n'); break;
            case 't': value.Append('\t'); break;
            case 'r': value.Append('\r'); break;
            case '"' or '\'' or '\\': value.Append(text[at]); break;
            case 'u' when Hex(at + 1, 4, out var unit):
                value.Append((char)unit);
                return at + 4;
            case 'U' when Hex(at + 1, 6, out var point) && Rune.IsValid(point):
                value.Append(new Rune(point).ToString());
                return at + 6;
            default: value.Append('\\').Append(text[at]); break;
        }
        return at;
    }

    private bool Hex(int at, int digits, out int value)
    {
        value = 0;
        return at + digits <= text.Length && int.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    public ParseException Fault(string code, int position, params string[] args) => new(FeelFault.At(text, code, position, args));
}
