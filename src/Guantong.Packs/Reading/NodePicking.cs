namespace Guantong.Packs.Reading;

/// <summary>Ways to pick values out of a node whose shape was checked.</summary>
public static class NodePicking
{
    /// <summary>The text under a key, or "".</summary>
    public static string Word(this Node n, string key) => n[key]?.Text ?? "";

    /// <summary>The text under a key with its place, or null.</summary>
    public static Ref? Ref(this Node n, string key) => n[key] is ScalarNode s ? new Ref(s.Value, s.Mark) : null;

    /// <summary>The texts of a list under a key with their places.</summary>
    public static IReadOnlyList<Ref> Refs(this Node n, string key) =>
        [.. n.List(key).Select(i => new Ref(i.Text ?? "", i.Mark))];

    /// <summary>The texts of a list under a key.</summary>
    public static IReadOnlyList<string> Words(this Node n, string key) => [.. n.List(key).Select(i => i.Text ?? "")];

    /// <summary>The items of a list under a key, or none.</summary>
    public static IReadOnlyList<Node> List(this Node n, string key) => n[key]?.Items ?? [];
}
