using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Reading;

/// <summary>An import of another model under a name.</summary>
internal sealed record Import(string Name, string Namespace, string? Location, Definitions? Model);

/// <summary>The definitions of one DMN file, with the models that it imports.</summary>
internal sealed class Definitions
{
    private const int LongestText = 8 << 20;
    private const int MostModels = 100;

    private static readonly HashSet<string> Namespaces =
    [
        "http://www.omg.org/spec/DMN/20180521/MODEL/", "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ];

    private readonly Dictionary<string, XElement> _byId = [];

    private Definitions(XElement root)
    {
        (Root, Ns, Namespace) = (root, root.Name.Namespace, (string?)root.Attribute("namespace") ?? "");
        foreach (var element in root.Elements().Where(e => (string?)e.Attribute("id") is not null))
            _byId[(string)element.Attribute("id")!] = element;
    }

    public XElement Root { get; }

    /// <summary>The namespace of the DMN version that the file is written in.</summary>
    public XNamespace Ns { get; }

    /// <summary>The model's own namespace.</summary>
    public string Namespace { get; }

    public List<Import> Imports { get; } = [];

    public IEnumerable<XElement> All(string kind) => Root.Elements(Ns + kind);

    /// <summary>Reads a file and, over the resolver, what it imports; null with a fault.</summary>
    public static Definitions? Read(string xml, DmnImports? imports, List<DmnFault> faults) => Read(xml, imports, faults, [], null);

    private static Definitions? Read(string xml, DmnImports? imports, List<DmnFault> faults, Dictionary<string, Definitions> known, string? wanted)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (Parse(xml, faults) is not { } root)
            return null;
        if (root.Name.LocalName != "definitions" || !Namespaces.Contains(root.Name.NamespaceName))
        {
            faults.Add(new DmnFault(Line(root), Column(root), "dmn-namespace", [root.Name.NamespaceName]));
            return null;
        }
        var read = new Definitions(root);
        if (wanted is not null && read.Namespace != wanted)
            return null;
        known[read.Namespace] = read;
        foreach (var import in read.All("import"))
            read.Imports.Add(ReadImport(import, imports, faults, known));
        return read;
    }

    private static Import ReadImport(XElement import, DmnImports? imports, List<DmnFault> faults, Dictionary<string, Definitions> known)
    {
        var (name, space, location) = (Name(import), (string?)import.Attribute("namespace") ?? "", (string?)import.Attribute("locationURI"));
        var type = (string?)import.Attribute("importType") ?? "";
        if (!type.Contains("/DMN/", StringComparison.Ordinal))
            return new Import(name, space, location, null);
        if (!known.TryGetValue(space, out var model) && known.Count < MostModels && imports?.Invoke(space, location) is { } text)
            model = Read(text, imports, faults, known, space);
        if (model is null)
            faults.Add(new DmnFault(Line(import), Column(import), "dmn-import", [name, space]));
        return new Import(name, space, location, model);
    }

    private static XElement? Parse(string xml, List<DmnFault> faults)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LongestText });
            return XDocument.Load(reader, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace).Root!;
        }
        catch (XmlException e)
        {
            faults.Add(new DmnFault(Math.Max(1, e.LineNumber), Math.Max(1, e.LinePosition), "dmn-broken", [e.Message]));
            return null;
        }
    }

    /// <summary>The element that a reference means, with the model that it stands in and the name under which that is imported.</summary>
    public (XElement Element, Definitions Model, string? Alias)? Find(string href)
    {
        var at = href.LastIndexOf('#');
        var (space, id) = at < 0 ? ("", href) : (href[..at], href[(at + 1)..]);
        if ((space.Length == 0 || space == Namespace) && _byId.TryGetValue(id, out var own))
            return (own, this, null);
        foreach (var import in Imports)
        {
            // An import without a name brings its elements in under their own.
            if (import.Model is { } model && (import.Namespace == space || import.Location == space) && model._byId.TryGetValue(id, out var found))
                return (found, model, import.Name.Length > 0 ? import.Name : null);
        }
        return null;
    }

    /// <summary>This model and all that it imports, each once.</summary>
    public IEnumerable<Definitions> Reach()
    {
        var seen = new HashSet<Definitions>();
        var next = new Queue<Definitions>([this]);
        while (next.TryDequeue(out var model))
        {
            if (!seen.Add(model))
                continue;
            yield return model;
            foreach (var import in model.Imports)
            {
                if (import.Model is not null)
                    next.Enqueue(import.Model);
            }
        }
    }

    public static string Name(XElement element) => NameText.Normal((string?)element.Attribute("name") ?? "");

    public static string Id(XElement element) => (string?)element.Attribute("id") ?? Name(element);

    public static int Line(XElement element) => ((IXmlLineInfo)element).LineNumber;

    public static int Column(XElement element) => ((IXmlLineInfo)element).LinePosition;
}
