using System.Text.Json.Nodes;
using Guantong.Feel;
using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>Joints (一件事): their parts are there and can be opened, wait for each other in no circle, are given all that they need, and ask for the same thing alike.</summary>
internal static class JointProof
{
    public static IEnumerable<Finding> Of(Pack pack, Surroundings around) => pack.Matters.Where(m => m.Joint is not null).SelectMany(m => OfJoint(pack, m, m.Joint!, around));

    private static IEnumerable<Finding> OfJoint(Pack pack, Matter matter, Joint joint, Surroundings around)
    {
        Finding[] found =
        [
            .. Shape(matter),
            .. NamesProof.Known("file", joint.Document, pack.Documents.Keys),
            .. NamesProof.Twice("part", joint.Parts.Select(p => (p.Id, p.Matter.Mark))),
            .. joint.Parts.SelectMany(p => OfPart(pack, matter, joint, p, around)),
            .. Circle(joint),
            .. Differing(pack, matter),
        ];
        if (found.Length > 0)
            return found;
        // Whatever else keeps form or process from being made, the author can say it in a form of the joint's own.
        return matter.Process is null || (matter.Form ?? joint.Form) == joint.Form ? [Finding.Error("joint-form", joint.Mark, matter.Id)] : [];
    }

    // One unit leads it; the work is the parts'.
    private static IEnumerable<Finding> Shape(Matter matter)
    {
        if (matter.With.Count != 1)
            yield return Finding.Error("joint-lead", matter.Mark, matter.Id);
        if (matter.Origin["process"] is { } process)
            yield return Finding.Error("joint-process", process.Mark, matter.Id);
    }

    private static IEnumerable<Finding> OfPart(Pack pack, Matter matter, Joint joint, JointPart part, Surroundings around)
    {
        foreach (var finding in part.After.SelectMany(a => NamesProof.Known("part", a, joint.Parts.Where(p => p != part).Select(p => p.Id))))
            yield return finding;
        var missing = (part.Pack is null ? NamesProof.Known("matter", part.Matter, pack.Matters.Select(m => m.Id)) : CallProof.Elsewhere(around, part.Matter)).ToList();
        foreach (var finding in missing)
            yield return finding;
        if (missing.Count > 0)
            yield break;
        var (home, called) = part.Pack is null ? (pack, pack.Matter(part.Id)) : around.Other?.Invoke(part.Pack) is { } other ? (other, other.Matter(part.Name)) : (pack, null);
        if (called is not null && (called.Joint is not null || called == matter || called.StartBy == "warning"))
            yield return Finding.Error("joint-part", part.Matter.Mark, part.Id);
        var before = Before(pack, joint, part);
        var asked = matter.Form is { } form && pack.Forms.TryGetValue(form.Name, out var schema) ? FormReader.Fields(schema) : [];
        foreach (var finding in part.When is { } when ? Expression(when, before) : [])
            yield return finding;
        foreach (var finding in part.With.SelectMany(w => Expression(w.Value, [.. asked.Append("case").Concat(joint.Parts.SelectMany(p => p.Gives.Select(g => g.Name.Name).Append(p.Outcome))).Distinct()])))
            yield return finding;
        foreach (var finding in part.Gives.Where(g => FeelExpression.Parse(g.Value.Name, []).Expression is null).Select(g => Finding.Error("joint-expression", g.Value.Mark, g.Value.Name)))
            yield return finding;
        if (called is null || called.Form is null || !home.Forms.TryGetValue(called.Form.Name, out var own))
            yield break;
        foreach (var finding in part.With.SelectMany(w => NamesProof.Known("field", w.Field, FormReader.Fields(own))))
            yield return finding;
        foreach (var finding in Uncovered(pack, matter, joint, part, own, called, home))
            yield return finding;
    }

    // What stands in the joint form before a part's own fields: the joint's own, and those of the parts before it.
    private static IReadOnlyList<string> Before(Pack pack, Joint joint, JointPart part) => ((IEnumerable<string>)
    [
        .. joint.Form is { } form && pack.Forms.TryGetValue(form.Name, out var own) ? FormReader.Fields(own) : [],
        .. joint.Parts.TakeWhile(p => p != part).Where(p => p.Pack is null && pack.Matter(p.Id)?.Form is { } f && pack.Forms.ContainsKey(f.Name))
            .SelectMany(p => FormReader.Fields(pack.Forms[pack.Matter(p.Id)!.Form!.Name]).Where(f => p.With.All(w => w.Field.Name != f))),
    ]).Distinct().ToList();

    private static IEnumerable<Finding> Expression(Ref text, IReadOnlyList<string> known) =>
        FeelExpression.Parse(text.Name, known).Expression is not { } expression ? [Finding.Error("joint-expression", text.Mark, text.Name)]
        : FormReader.Unknown(expression, known).Select(name => NamesProof.Unknown("field", text.Mark, name, known));

    // What the joint's own form says is what is asked; and of another pack's matter there is nothing else.
    private static IEnumerable<Finding> Uncovered(Pack pack, Matter matter, Joint joint, JointPart part, string schema, Matter called, Pack home)
    {
        var own = joint.Form is { } form && pack.Forms.TryGetValue(form.Name, out var text) ? text : null;
        var (asked, required) = own is null ? ([], []) : (FormReader.Fields(own), Required(own));
        foreach (var name in Required(schema).Where(r => part.With.All(w => w.Field.Name != r) && (part.Pack is not null || asked.Contains(r)) && !required.Contains(r)))
            yield return Finding.Error("joint-uncovered", part.Matter.Mark, part.Id, name);
        if (part.Pack is null)
            yield break;
        foreach (var material in called.Materials.Where(m => m is { Required: true, From: null } && matter.Materials.All(x => x.Id != m.Id)))
            yield return Finding.Error("joint-uncovered", part.Matter.Mark, part.Id, home.Say("zh-CN", material.Name));
    }

    private static IReadOnlyList<string> Required(string schema) => (JsonNode.Parse(schema)!["required"] as JsonArray)?.Select(r => (string)r!).ToList() ?? [];

    private static IEnumerable<Finding> Circle(Joint joint) =>
        joint.Parts.All(p => p.After.All(a => joint.Part(a.Name) is not null)) && JointReader.HasCircle(joint) ? [Finding.Error("joint-circle", joint.Parts.First(p => p.After.Count > 0).After[0].Mark, string.Join(" → ", joint.Parts.Where(p => p.After.Count > 0).Select(p => p.Id)))] : [];

    // Where parts ask for one thing by one name, they have to mean one thing: titles aside, what may be filled in or brought is the same.
    private static IEnumerable<Finding> Differing(Pack pack, Matter matter)
    {
        var own = matter.Joint!.Form is { } form && pack.Forms.TryGetValue(form.Name, out var text) ? FormReader.Fields(text) : [];
        var (fields, materials) = (new Dictionary<string, string>(), new Dictionary<string, Material>());
        foreach (var (part, called) in JointReader.Own(matter, pack.Matters))
        {
            foreach (var (name, said) in called.Form is { } f && pack.Forms.TryGetValue(f.Name, out var schema) ? Fields(schema) : [])
            {
                if (!own.Contains(name) && part.With.All(w => w.Field.Name != name) && !fields.TryAdd(name, said) && fields[name] != said)
                    yield return Finding.Error("joint-differs", part.Matter.Mark, part.Id, name);
            }
            foreach (var material in called.Materials)
            {
                if (matter.Origin.List("materials").All(n => n.Word("material") != material.Id) && !materials.TryAdd(material.Id, material) && !IsAlike(materials[material.Id], material))
                    yield return Finding.Error("joint-differs", part.Matter.Mark, part.Id, material.Name);
            }
        }
    }

    private static bool IsAlike(Material one, Material other) =>
        (one.Name, one.Required, one.Form, one.From?.Name, one.Omit, one.Promise) == (other.Name, other.Required, other.Form, other.From?.Name, other.Omit, other.Promise) && one.Kinds.SequenceEqual(other.Kinds);

    private static IEnumerable<(string, string)> Fields(string schema)
    {
        foreach (var (name, field) in JsonNode.Parse(schema)!["properties"]!.AsObject())
        {
            var plain = field!.DeepClone().AsObject();
            foreach (var word in (string[])["title", "x-en", "description", "x-en-description", "x-when", "x-calculate"])
                plain.Remove(word);
            yield return (name, string.Join(",", plain.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{p.Value?.ToJsonString()}")));
        }
    }
}
