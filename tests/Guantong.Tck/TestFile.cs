using System.Xml;
using System.Xml.Linq;

namespace Guantong.Tck;

/// <summary>A value as a test file writes it.</summary>
internal abstract record Written
{
    /// <summary>No value at all, or <c>xsi:nil</c>.</summary>
    public sealed record Nothing : Written;

    /// <summary>Text under an XML Schema type, which is empty when none is written.</summary>
    public sealed record Simple(string Type, string Text) : Written;

    public sealed record Items(IReadOnlyList<Written> All) : Written;

    public sealed record Components(IReadOnlyList<(string Name, Written Value)> All) : Written;
}

/// <summary>A named value that is given or expected.</summary>
internal sealed record Node(string Name, string? Namespace, Written Value, bool IsError);

/// <summary>A test case: inputs, and what decisions have to give.</summary>
internal sealed record TestCase(string Id, string Type, string? Invocable, IReadOnlyList<Node> Inputs, IReadOnlyList<Node> Results);

/// <summary>A test file of the kit with the model that it is about.</summary>
internal sealed record TestFile(string Path, string Model, IReadOnlyList<TestCase> Cases)
{
    private static readonly XNamespace Ns = "http://www.omg.org/spec/DMN/20160719/testcase";
    private static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>Reads a file; null when it holds no test cases.</summary>
    public static TestFile? Read(string path)
    {
        using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        var root = XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root!;
        return root.Name != Ns + "testCases" ? null
            : new TestFile(path, root.Element(Ns + "modelName")?.Value.Trim() ?? "", [.. root.Elements(Ns + "testCase").Select(Case)]);
    }

    private static TestCase Case(XElement e) => new(
        (string?)e.Attribute("id") ?? "", (string?)e.Attribute("type") ?? "decision", (string?)e.Attribute("invocableName"),
        [.. e.Elements(Ns + "inputNode").Select(i => NodeOf(i, i))],
        [.. e.Elements(Ns + "resultNode").Select(r => NodeOf(r, r.Element(Ns + "expected")))]);

    private static Node NodeOf(XElement node, XElement? value) =>
        new((string?)node.Attribute("name") ?? "", (string?)node.Attribute("namespace"), Value(value), (bool?)node.Attribute("errorResult") ?? false);

    private static Written Value(XElement? holder)
    {
        if (holder is null || IsNil(holder))
            return new Written.Nothing();
        if (holder.Elements(Ns + "component").ToList() is { Count: > 0 } components)
            return new Written.Components([.. components.Select(c => ((string?)c.Attribute("name") ?? "", Value(c)))]);
        if (holder.Element(Ns + "list") is { } list)
            return IsNil(list) ? new Written.Nothing() : new Written.Items([.. list.Elements(Ns + "item").Select(Value)]);
        return holder.Element(Ns + "value") is { } value && !IsNil(value) ? new Written.Simple(TypeOf(value), value.Value) : new Written.Nothing();
    }

    private static bool IsNil(XElement e) => (string?)e.Attribute(Xsi + "nil") is "true" or "1";

    private static string TypeOf(XElement value)
    {
        var type = (string?)value.Attribute(Xsi + "type") ?? "";
        return type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
