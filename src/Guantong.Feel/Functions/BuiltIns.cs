using System.Collections.Frozen;

namespace Guantong.Feel.Functions;

/// <summary>The built-in functions of the standard (DMN 1.5 §10.3.4) by name.</summary>
internal static class BuiltIns
{
    private static readonly FrozenDictionary<string, BuiltIn> All = Gather();

    public static IEnumerable<string> Names => All.Keys;

    public static bool Has(string name) => All.ContainsKey(name);

    public static BuiltIn? Find(string name) => All.GetValueOrDefault(name);

    private static FrozenDictionary<string, BuiltIn> Gather()
    {
        var register = new Register();
        Conversions.Add(register);
        Strings.Add(register);
        Numbers.Add(register);
        Lists.Add(register);
        Statistics.Add(register);
        Contexts.Add(register);
        Dates.Add(register);
        RangeRelations.Add(register);
        return register.ToFrozen();
    }

    /// <summary>Where the groups of functions enter theirs.</summary>
    internal sealed class Register
    {
        private readonly Dictionary<string, (List<Signature> Signatures, FeelType Result, bool Pure)> _entries = [];

        public void Add(string name, FeelType result, string parameters, Body body, bool pure = true)
        {
            if (!_entries.TryGetValue(name, out var entry))
                _entries[name] = entry = ([], result, pure);
            entry.Signatures.Add(Signature.Read(parameters, body));
        }

        public FrozenDictionary<string, BuiltIn> ToFrozen() =>
            _entries.ToFrozenDictionary(e => e.Key, e => new BuiltIn(e.Key, [.. e.Value.Signatures], e.Value.Result, e.Value.Pure));
    }
}
