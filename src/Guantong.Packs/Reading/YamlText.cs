using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Guantong.Packs.Reading;

/// <summary>Reads one YAML text into a <see cref="Node"/> with positions.</summary>
public sealed class YamlText
{
    private const int DeepestNesting = 40;

    private readonly string _file;
    private readonly List<Finding> _findings;
    private readonly Parser _parser;
    private readonly string[] _lines;
    private readonly Stack<Mark> _open = new();
    private Mark? _tab;
    private Mark? _deep;

    private YamlText(string file, string text, List<Finding> findings) =>
        (_file, _findings, _lines, _parser) = (file, findings, text.Split('\n'), new Parser(new StringReader(text)));

    /// <summary>The text's root, or null with a finding when it is not the YAML that packs are written in.</summary>
    public static Node? Read(string file, string text, List<Finding> findings)
    {
        var reading = new YamlText(file, text, findings);
        try
        {
            return reading.ReadDocument();
        }
        catch (YamlException e)
        {
            // Some faults come without a place: they stand after what was read last.
            var (from, to) = e.Start.Index == 0 && reading._parser.Current is { } last ? (last.End, last.End) : (e.Start, e.End);
            return reading.TabWithin((int)from.Line, (int)to.Line + 1) is { } tab
                ? Tell(findings, "yaml-tab", tab)
                : Tell(findings, "yaml-broken", reading.At(from), (e.InnerException?.Message ?? e.Message).TrimEnd('.'));
        }
        catch (InvalidOperationException)
        {
            // The parser gives up so, without a place, on a bracket that nothing closes.
            return Tell(findings, "yaml-open", reading._open.Where(reading.StaysOpen).Append(new Mark(file, 1, 1)).First());
        }
    }

    private Node? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
            return Tell(_findings, "yaml-empty", new Mark(_file, 1, 1));
        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
            return Tell(_findings, "yaml-several-documents", At(second.Start));
        return root switch
        {
            _ when _deep is { } deep => Tell(_findings, "yaml-too-deep", deep, $"{DeepestNesting}"),
            // Behind a tab a key is read as standing further left than it looks.
            _ when _tab is { } tab => Tell(_findings, "yaml-tab", tab),
            ScalarNode { Value: "" } => Tell(_findings, "yaml-empty", new Mark(_file, 1, 1)),
            RefusedNode => null,
            _ => root,
        };
    }

    private Node ReadNode(int depth)
    {
        var mark = At(_parser.Current!.Start);
        _tab ??= TabWithin(mark.Line, mark.Line);
        if (depth > DeepestNesting)
        {
            _deep ??= mark;
            _parser.SkipThisAndNestedEvents();
            return new RefusedNode(mark);
        }
        switch (_parser.Current)
        {
            case AnchorAlias alias:
                return Skip("yaml-alias", mark, alias.Value.Value);
            case NodeEvent { Anchor.IsEmpty: false } anchored:
                return Skip("yaml-alias", mark, anchored.Anchor.Value);
            case NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } } tagged:
                return Skip("yaml-tag", mark, tagged.Tag.Value);
            case Scalar scalar:
                _parser.MoveNext();
                return new ScalarNode(mark, scalar.Value, scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted);
        }
        _open.Push(mark);
        return _parser.Current is SequenceStart ? ReadList(mark, depth) : ReadMap(mark, depth);
    }

    private ListNode ReadList(Mark mark, int depth)
    {
        _parser.Consume<SequenceStart>();
        var items = new List<Node>();
        while (!Closes<SequenceEnd>())
            items.Add(ReadNode(depth + 1));
        return new ListNode(mark, items);
    }

    private MapNode ReadMap(Mark mark, int depth)
    {
        _parser.Consume<MappingStart>();
        var entries = new List<Entry>();
        var seen = new HashSet<string>();
        while (!Closes<MappingEnd>())
        {
            var (key, value) = (ReadNode(depth + 1), ReadNode(depth + 1));
            if (key is not ScalarNode name)
            {
                if (key is not RefusedNode)
                    _findings.Add(Finding.Error("yaml-key", key.Mark));
            }
            else if (!seen.Add(name.Value))
                _findings.Add(Finding.Error("duplicate-key", name.Mark, name.Value));
            else
                entries.Add(new Entry(name, value));
        }
        return new MapNode(mark, entries);
    }

    private bool Closes<TEnd>() where TEnd : ParsingEvent
    {
        if (_parser.Current is not TEnd)
            return false;
        // First: moving on already looks at what comes next, and may fail there.
        _open.Pop();
        _parser.MoveNext();
        return true;
    }

    // The parser looks a word ahead, so the innermost bracket may have its end all the same.
    private bool StaysOpen(Mark mark)
    {
        var depth = 0;
        foreach (var c in string.Join('\n', _lines.Skip(mark.Line - 1)).Skip(mark.Column - 1))
        {
            depth += c is '[' or '{' ? 1 : c is ']' or '}' ? -1 : 0;
            if (depth <= 0)
                return false;
        }
        return true;
    }

    private RefusedNode Skip(string code, Mark mark, params string[] args)
    {
        _parser.SkipThisAndNestedEvents();
        Tell(_findings, code, mark, args);
        return new RefusedNode(mark);
    }

    // The parser takes the end of a text for the start of a line more.
    private Mark At(YamlDotNet.Core.Mark mark) => mark.Line > _lines.Length
        ? new(_file, _lines.Length, _lines[^1].Length + 1)
        : new(_file, (int)mark.Line, (int)mark.Column);

    private static Node? Tell(List<Finding> findings, string code, Mark mark, params string[] args)
    {
        findings.Add(Finding.Error(code, mark, args));
        return null;
    }

    // The first tab in what a line of the range is indented by.
    private Mark? TabWithin(int from, int to)
    {
        for (var line = from; line <= Math.Min(to, _lines.Length); line++)
        {
            var blank = _lines[line - 1].AsSpan().IndexOfAnyExcept(' ', '\t');
            if (blank > 0 && _lines[line - 1].AsSpan(0, blank).IndexOf('\t') is >= 0 and var tab)
                return new Mark(_file, line, tab + 1);
        }
        return null;
    }
}
