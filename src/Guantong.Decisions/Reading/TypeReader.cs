using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Guantong.Feel;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Reading;

/// <summary>The item definitions of a model and of those that it imports, as types (DMN 1.5 §7.3.3).</summary>
internal sealed class TypeReader
{
    private readonly Definitions _model;
    private readonly List<DmnFault> _faults;
    private readonly Dictionary<Definitions, TypeReader> _readers;
    private readonly Dictionary<string, FeelType?> _types = [];

    public TypeReader(Definitions model, List<DmnFault> faults) : this(model, faults, [])
    {
    }

    private TypeReader(Definitions model, List<DmnFault> faults, Dictionary<Definitions, TypeReader> readers)
    {
        (_model, _faults, _readers) = (model, faults, readers);
        readers[model] = this;
        foreach (var import in model.Imports)
        {
            if (import.Model is { } other && !readers.ContainsKey(other))
                _ = new TypeReader(other, faults, readers);
        }
    }

    public TypeReader Of(Definitions model) => _readers[model];

    /// <summary>The types by the names that expressions of this model use.</summary>
    public IReadOnlyDictionary<string, FeelType> Known()
    {
        var known = new Dictionary<string, FeelType>();
        foreach (var definition in _model.All("itemDefinition"))
            known[Definitions.Name(definition)] = Find(Definitions.Name(definition)) ?? FeelType.Any;
        foreach (var import in _model.Imports.Where(i => i.Model is not null))
        {
            foreach (var definition in import.Model!.All("itemDefinition"))
                known[Qualified(import, Definitions.Name(definition))] = _readers[import.Model].Find(Definitions.Name(definition)) ?? FeelType.Any;
        }
        return known;
    }

    private static string Qualified(Import import, string name) => import.Name.Length > 0 ? $"{import.Name}.{name}" : name;

    /// <summary>Names of components, which a path may use.</summary>
    public IEnumerable<string> Members() => _model.Reach().SelectMany(m => m.Root.Descendants(m.Ns + "itemComponent")).Select(Definitions.Name)
        .Concat(_model.Imports.Where(i => i.Model is not null).SelectMany(i => i.Model!.Root.Elements().Select(Definitions.Name))).Distinct();

    /// <summary>The type that an element's attribute names; Any when it names none.</summary>
    public FeelType Read(XElement? element, string attribute = "typeRef")
    {
        if ((string?)element?.Attribute(attribute) is not { Length: > 0 } name)
            return FeelType.Any;
        if (Resolve(NameText.Normal(name), element!) is { } found)
            return found;
        _faults.Add(new DmnFault(Definitions.Line(element!), Definitions.Column(element!), "dmn-type", [name]));
        return FeelType.Any;
    }

    // Before DMN 1.3 references were qualified names: feel:string, other:tPerson.
    private FeelType? Resolve(string name, XElement at)
    {
        if (Find(name) is { } own)
            return own;
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            var space = at.GetNamespaceOfPrefix(name[..colon])?.NamespaceName;
            var local = name[(colon + 1)..];
            return _model.Imports.FirstOrDefault(i => i.Namespace == space)?.Model is { } other ? _readers[other].Find(local) : Find(local);
        }
        return _model.Imports.Where(i => i.Model is not null && name.StartsWith(Qualified(i, ""), StringComparison.Ordinal))
            .Select(i => _readers[i.Model!].Find(name[Qualified(i, "").Length..])).FirstOrDefault(found => found is not null);
    }

    private FeelType? Find(string name)
    {
        if (_types.TryGetValue(name, out var known))
            return known ?? FeelType.Any;
        if (_model.All("itemDefinition").FirstOrDefault(d => Definitions.Name(d) == name) is not { } definition)
            return FeelType.Named(name);
        // A type that rests on itself is taken as Any where it does.
        _types[name] = null;
        return _types[name] = Make(definition, name);
    }

    private FeelType Make(XElement definition, string name)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var ns = _model.Ns;
        var components = definition.Elements(ns + "itemComponent").ToList();
        var structure = definition.Element(ns + "functionItem") is { } function ? Function(function)
            : components.Count > 0 ? new ContextType([.. components.Select(c => (Definitions.Name(c), Make(c, Definitions.Name(c))))])
            : TypeRef(definition);
        var type = Constrained(name, structure, definition.Element(ns + "allowedValues"));
        if (definition.Attribute("isCollection")?.Value.Trim() is "true" or "1")
            type = new ListType(type);
        // DMN 1.5 §7.3.3: typeConstraint limits the value as a whole, allowedValues its items.
        return Constrained(name, type, definition.Element(ns + "typeConstraint"));
    }

    private FeelType TypeRef(XElement definition) => definition.Element(_model.Ns + "typeRef") is { } reference
        ? Resolve(NameText.Normal(reference.Value), reference) ?? Unknown(reference) : FeelType.Any;

    private FeelType Unknown(XElement reference)
    {
        _faults.Add(new DmnFault(Definitions.Line(reference), Definitions.Column(reference), "dmn-type", [reference.Value.Trim()]));
        return FeelType.Any;
    }

    private FunctionType Function(XElement function)
    {
        var parameters = function.Elements(_model.Ns + "parameters").ToList();
        return new FunctionType([.. parameters.Select(p => Read(p))], [.. parameters.Select(Definitions.Name)], Read(function, "outputTypeRef"));
    }

    private FeelType Constrained(string name, FeelType type, XElement? constraint)
    {
        if (constraint?.Element(_model.Ns + "text") is not { } text || text.Value.Trim().Length == 0)
            return type;
        try
        {
            var tests = CellTests.Read(text.Value, Vocabulary.Empty);
            return new NamedType(name, type, Allows(tests)) { Constraint = tests };
        }
        catch (ParseException e)
        {
            _faults.Add(new DmnFault(Definitions.Line(text), Definitions.Column(text), "dmn-feel", [e.Fault.Code]) { Feel = e.Fault });
            return type;
        }
    }

    private static Func<FeelValue, FeelSession, bool> Allows(CellTests tests)
    {
        var layout = new Layout(null);
        var scope = new Scope(layout);
        var slot = scope.Declare(Compiler.Tested);
        var run = tests.Compile(scope);
        return (value, session) =>
        {
            var frame = new Frame(layout.Count, session);
            frame.Slots[slot] = value;
            return run(frame) is true;
        };
    }
}
