using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Guantong.Packs.Reading;

/// <summary>Reads one YAML text into a <see cref="Node"/> with positions.</summary>
public static class YamlText
{
    private const int DeepestNesting = 40;

    /// <summary>The text's root, or null with a finding when it is not the YAML that packs are written in.</summary>
    public static Node? Read(string file, string text, List<Finding> findings)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return Refuse(findings, "yaml-empty", new Mark(file, 1, 1));
            parser.Consume<DocumentStart>();
            var root = ReadNode(parser, file, 0, findings);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
                return Refuse(findings, "yaml-several-documents", At(file, second.Start));
            return root is ScalarNode { Value: "" } ? Refuse(findings, "yaml-empty", new Mark(file, 1, 1)) : root;
        }
        catch (YamlException e)
        {
            return Refuse(findings, "yaml-broken", At(file, e.Start), e.InnerException?.Message ?? e.Message);
        }
    }

    private static Node? ReadNode(Parser parser, string file, int depth, List<Finding> findings)
    {
        if (depth > DeepestNesting)
            return Skip(parser, findings, "yaml-too-deep", At(file, parser.Current!.Start), $"{DeepestNesting}");
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Refuse(findings, "yaml-alias", At(file, alias.Start), alias.Value.Value);
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored)
            return Skip(parser, findings, "yaml-alias", At(file, anchored.Start), anchored.Anchor.Value);
        if (parser.Current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } } tagged)
            return Skip(parser, findings, "yaml-tag", At(file, tagged.Start), tagged.Tag.Value);
        if (parser.TryConsume<Scalar>(out var scalar))
            return new ScalarNode(At(file, scalar.Start), scalar.Value, scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted);
        if (parser.TryConsume<SequenceStart>(out var sequence))
            return ReadList(parser, file, depth, At(file, sequence.Start), findings);
        var map = parser.Consume<MappingStart>();
        return ReadMap(parser, file, depth, At(file, map.Start), findings);
    }

    private static ListNode ReadList(Parser parser, string file, int depth, Mark mark, List<Finding> findings)
    {
        var items = new List<Node>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(parser, file, depth + 1, findings) is { } item)
                items.Add(item);
        }
        return new ListNode(mark, items);
    }

    private static MapNode ReadMap(Parser parser, string file, int depth, Mark mark, List<Finding> findings)
    {
        var entries = new List<(ScalarNode, Node)>();
        var seen = new HashSet<string>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(parser, file, depth + 1, findings);
            var value = ReadNode(parser, file, depth + 1, findings);
            if (key is not ScalarNode name)
            {
                if (key is not null)
                    findings.Add(Finding.Error("yaml-key", key.Mark));
                continue;
            }
            if (!seen.Add(name.Value))
                findings.Add(Finding.Error("duplicate-key", name.Mark, name.Value));
            else if (value is not null)
                entries.Add((name, value));
        }
        return new MapNode(mark, entries);
    }

    private static Node? Skip(Parser parser, List<Finding> findings, string code, Mark mark, params string[] args)
    {
        parser.SkipThisAndNestedEvents();
        return Refuse(findings, code, mark, args);
    }

    private static Node? Refuse(List<Finding> findings, string code, Mark mark, params string[] args)
    {
        findings.Add(Finding.Error(code, mark, args));
        return null;
    }

    private static Mark At(string file, YamlDotNet.Core.Mark mark) => new(file, (int)mark.Line, (int)mark.Column);
}
