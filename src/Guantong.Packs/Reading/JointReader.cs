using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Feel;
using Guantong.Processes;

namespace Guantong.Packs.Reading;

/// <summary>Makes what a joint matter is handled with from what its parts are: one form, one list of materials, one process.</summary>
/// <remarks>They are made anew whenever the pack is read, and the same each time: cases go on upon them. What cannot be made is left out, and <see cref="Checking.JointProof"/> says why.</remarks>
internal static class JointReader
{
    /// <summary>The English of what the platform itself says in a joint's process, where the pack says nothing.</summary>
    public static readonly IReadOnlyDictionary<string, string> English = new Dictionary<string, string>
    {
        ["提交申请"] = "Application", ["汇总结果"] = "Put the results together", ["全部办结"] = "All parts ended",
    };

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The joint matter with its form, materials and process; they are put among those of the pack.</summary>
    public static Matter Complete(Matter joint, IReadOnlyList<Matter> matters, IReadOnlyDictionary<string, string> english, Dictionary<string, string> forms, Dictionary<string, ProcessFile> processes)
    {
        var parts = Own(joint, matters).ToList();
        if (joint.Joint is not { } one || (one.Form is { } own && !forms.ContainsKey(own.Name)) || one.Parts.Any(p => p.Pack is null && parts.All(o => o.Part != p)) || parts.Any(p => p.Matter.Form is { } form && !forms.ContainsKey(form.Name)))
            return joint;
        var path = Joint.Folder + joint.Id;
        var made = Form(joint, parts, english, forms);
        if (FormReader.IsForm(path + ".json", made, []))
        {
            forms[path + ".json"] = made;
            joint = joint with { Form = new Ref(path + ".json", one.Mark) };
        }
        joint = joint with { Materials = Materials(joint, parts) };
        if (joint.With.Count == 1 && !HasCircle(one) && ProcessDefinition.Read(JointProcess.Write(joint, one, FieldsOf, p => parts.FirstOrDefault(o => o.Part == p).Matter?.Name), path + ".bpmn") is { Definition: { } definition, Faults.Count: 0 })
        {
            processes[path + ".bpmn"] = new ProcessFile(path + ".bpmn", definition);
            joint = joint with { Process = new Ref(path + ".bpmn", one.Mark) };
        }
        return joint;

        // What another pack's form asks for is known only once that pack is at hand: the call leaves out what it does not ask for.
        IReadOnlyList<string> FieldsOf(JointPart part) => part.Pack is not null ? FormReader.Fields(made)
            : parts.First(o => o.Part == part).Matter.Form is { } form ? FormReader.Fields(forms[form.Name]) : [];
    }

    /// <summary>The parts that are matters of the pack.</summary>
    public static IEnumerable<(JointPart Part, Matter Matter)> Own(Matter joint, IReadOnlyList<Matter> matters) =>
        from part in joint.Joint?.Parts ?? []
        where part.Pack is null
        let matter = matters.FirstOrDefault(m => m.Id == part.Id && m != joint && m.Joint is null)
        where matter is not null
        select (part, matter);

    /// <summary>Whether parts wait for each other, or for one that is none.</summary>
    public static bool HasCircle(Joint joint)
    {
        var done = new HashSet<string>();
        while (joint.Parts.Where(p => !done.Contains(p.Id) && p.After.All(a => done.Contains(a.Name))).ToList() is { Count: > 0 } more)
            done.UnionWith(more.Select(m => m.Id));
        return joint.Parts.Any(p => !done.Contains(p.Id));
    }

    // Each name is one field: it is asked for where one of the parts that ask for it is part of the application. What a part is given by "with" is not asked for.
    private static string Form(Matter joint, IReadOnlyList<(JointPart Part, Matter Matter)> parts, IReadOnlyDictionary<string, string> english, IReadOnlyDictionary<string, string> forms)
    {
        var root = joint.Joint!.Form is { } own ? JsonNode.Parse(forms[own.Name])!.AsObject() : new JsonObject { ["title"] = joint.Name, ["type"] = "object" };
        var properties = root["properties"] as JsonObject ?? [];
        root["properties"] = properties;
        var required = (root["required"] as JsonArray)?.Select(n => (string)n!).ToList() ?? [];
        var layout = root["x-layout"] as JsonArray ?? (properties.Count == 0 ? [] : [Section(joint.Name, english, properties.Select(p => p.Key))]);
        var asked = new Dictionary<string, List<string?>>();
        foreach (var (part, matter) in parts.Where(p => p.Matter.Form is not null))
        {
            var schema = JsonNode.Parse(forms[matter.Form!.Name])!.AsObject();
            var fresh = new List<string>();
            foreach (var (name, field) in (schema["properties"] as JsonObject ?? []).Where(f => f.Value is JsonObject && part.With.All(w => w.Field.Name != f.Key)))
            {
                var when = And(part.When?.Name, Said(part, (string?)field!["x-when"]));
                if (asked.TryGetValue(name, out var others))
                {
                    others.Add(when);
                }
                else if (!properties.ContainsKey(name))
                {
                    var asks = field.DeepClone().AsObject();
                    if ((string?)asks["x-calculate"] is { } formula)
                        asks["x-calculate"] = Said(part, formula);
                    properties[name] = asks;
                    asked[name] = [when];
                    fresh.Add(name);
                }
                else
                {
                    continue;
                }
                if (!required.Contains(name) && (schema["required"] as JsonArray)?.Any(r => (string?)r == name) == true)
                    required.Add(name);
            }
            if (fresh.Count > 0)
                layout.Add((JsonNode)Section(matter.Name, english, fresh));
        }
        foreach (var (name, conditions) in asked)
        {
            properties[name]!.AsObject().Remove("x-when");
            if (Or(conditions) is { } when)
                properties[name]!["x-when"] = when;
        }
        root["required"] = new JsonArray([.. required.Select(r => (JsonNode?)r)]);
        root["x-layout"] = layout;
        return root.ToJsonString(Readable);
    }

    private static JsonObject Section(string title, IReadOnlyDictionary<string, string> english, IEnumerable<string> fields) =>
        new() { ["title"] = title, ["x-en"] = english.GetValueOrDefault(title, title), ["fields"] = new JsonArray([.. fields.Select(f => (JsonNode?)f)]) };

    // Each material is brought once, whichever parts ask for it.
    private static List<Material> Materials(Matter joint, IReadOnlyList<(JointPart Part, Matter Matter)> parts)
    {
        var all = joint.Materials.ToList();
        foreach (var shared in parts.SelectMany(p => p.Matter.Materials.Select(m => (Material: m, When: And(p.Part.When?.Name, Said(p.Part, m.When?.Name))))).GroupBy(m => m.Material.Id).Where(g => all.All(a => a.Id != g.Key)).ToList())
            all.Add(shared.First().Material with { When = Or([.. shared.Select(s => s.When)]) is { } when ? new Ref(when, joint.Mark) : null });
        return all;
    }

    // What a part says over its own form, over the joint one: a name that "with" maps stands for what it is mapped to.
    private static string? Said(JointPart part, string? text) => text is null || part.With.Count == 0 ? text
        : $"{{{string.Concat(part.With.Select(w => $"{w.Field.Name}: ({w.Value.Name}), "))}said: ({text})}}.said";

    private static string? And(string? one, string? other) => one is null ? other : other is null ? one : $"({one}) and ({other})";

    private static string? Or(IReadOnlyList<string?> conditions) => conditions.Any(c => c is null) ? null : conditions.Distinct().ToList() is [var only] ? only : string.Join(" or ", conditions.Distinct().Select(c => $"({c})"));
}
