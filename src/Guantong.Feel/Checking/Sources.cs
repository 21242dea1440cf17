namespace Guantong.Feel.Checking;

/// <summary>A text with its place in a file.</summary>
internal sealed record Source(string Text, int Line, int Column);

/// <summary>Which texts trees were read from, where one check goes over many.</summary>
internal sealed class Sources
{
    private readonly Dictionary<object, Source> _known = new(ReferenceEqualityComparer.Instance);

    public void Add(object tree, Source source) => _known[tree] = source;

    public Source? Of(object tree) => _known.GetValueOrDefault(tree);
}
