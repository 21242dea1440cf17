using System.Text.RegularExpressions;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Portal.Services;

/// <summary>A page of an application that is asked page by page.</summary>
/// <param name="Id">for, region, known, q-FIELD, s-NUMBER, m-MATERIAL, told or check.</param>
/// <param name="Title">Its question, in the reader's language.</param>
/// <param name="Fields">The form's fields on it.</param>
/// <param name="Material">The material that it asks for; null where it asks for none.</param>
public sealed record ApplyStep(string Id, string Title, IReadOnlyList<FormField> Fields, Material? Material = null)
{
    /// <summary>Whether what is wrong with a field, or was typed into a control, belongs to it: income, members[0].income, why:income.</summary>
    public bool Has(string name) => Id switch
    {
        "for" => name == "for",
        "region" => name == "region",
        "told" => name == "notify-email",
        _ when Material is { } material => name == material.Field || name == "choice:" + material.Id,
        _ => Fields.Any(f => name == f.Name || name == "why:" + f.Name || name.StartsWith(f.Name + "[", StringComparison.Ordinal)),
    };
}

/// <summary>The pages of an application that is asked page by page (x-pages), as they stand for what was answered so far; what a condition leaves out has none. Pure.</summary>
public sealed class ApplySteps
{
    private readonly string? _schema;
    private readonly IReadOnlyList<Material> _brought;
    private readonly bool _dependsOnWhom;

    private ApplySteps(string? schema, IReadOnlyList<Material> brought, bool dependsOnWhom, IReadOnlyList<ApplyStep> all, IReadOnlyDictionary<string, string> shown, IReadOnlySet<string> hidden) =>
        (_schema, _brought, _dependsOnWhom, All, Shown, Hidden) = (schema, brought, dependsOnWhom, all, shown, hidden);

    /// <summary>The pages in order; the last is where the answers are checked and sent.</summary>
    public IReadOnlyList<ApplyStep> All { get; }

    /// <summary>What was typed, with what data says and what is worked out.</summary>
    public IReadOnlyDictionary<string, string> Shown { get; }

    /// <summary>The fields that a condition leaves out.</summary>
    public IReadOnlySet<string> Hidden { get; }

    /// <summary>Whether a matter is asked page by page: its form says so, or it is signed and so has a last page to be read.</summary>
    public static bool Are(Pack pack, Matter matter) => matter.Sign || (matter.Form is { } form && FormReader.PagesOf(pack.Forms[form.Name]) is not null);

    /// <summary>The pages of a matter.</summary>
    /// <param name="prefilled">What data says of it.</param>
    /// <param name="isSignedIn">Whether it is asked for whom they apply.</param>
    public static ApplySteps Of(Pack pack, Matter matter, Visit visit, Jurisdiction land, IReadOnlyDictionary<string, string> typed, IReadOnlyList<Prefilled> prefilled, bool isSignedIn)
    {
        var schema = matter.Form is { } form ? pack.Forms[form.Name] : null;
        var sections = schema is null ? [] : FormSection.Of(schema, visit.Lang, land);
        var (shown, hidden) = Settle(schema, visit.Lang, typed, prefilled);
        var known = prefilled.Where(p => p.IsFilled || p.IsOnly).Select(p => p.Field).ToHashSet();
        bool IsAsked(FormField field) => !hidden.Contains(field.Name) && !field.IsCalculated && !known.Contains(field.Name);
        var all = new List<ApplyStep>();
        if (isSignedIn)
            all.Add(new ApplyStep("for", visit.Say("apply.for"), []));
        all.Add(new ApplyStep("region", visit.Say("apply.region"), []));
        if (sections.SelectMany(s => s.Fields).Where(f => known.Contains(f.Name) && !hidden.Contains(f.Name)).ToList() is { Count: > 0 } filled)
            all.Add(new ApplyStep("known", visit.Say("steps.known"), filled));
        if (schema is not null && FormReader.PagesOf(schema) == "question")
            all.AddRange(sections.SelectMany(s => s.Fields).Where(IsAsked).Select(f => new ApplyStep("q-" + f.Name, f.Title, [f])));
        else
            all.AddRange(sections.Select((s, i) => new ApplyStep($"s-{i + 1}", s.Title ?? pack.Say(visit.Lang, matter.Name), [.. s.Fields.Where(IsAsked)])).Where(s => s.Fields.Count > 0));
        var values = FormInput.Read(schema is null ? [] : FormField.Of(schema, visit.Lang), shown);
        // What data stands in for is brought by nobody.
        var brought = matter.Materials.Where(m => !known.Contains(m.Field)).ToList();
        all.AddRange(MaterialRules.Asked(matter, values).Where(brought.Contains).Select(m => new ApplyStep("m-" + m.Id, visit.Say("materials.one", pack.Say(visit.Lang, m.Name)), [], m)));
        // Whoever applies with their account is told there.
        if (!isSignedIn || typed.GetValueOrDefault("for", "self").Length == 0)
            all.Add(new ApplyStep("told", visit.Say("apply.notify-email"), []));
        all.Add(new ApplyStep("check", visit.Say("steps.check"), []));
        return new ApplySteps(schema, brought, isSignedIn && prefilled.Count > 0, all, shown, hidden);
    }

    /// <summary>What a form shows for what was typed: with what data says, unless the applicant says otherwise, and with what is worked out, whatever was sent.</summary>
    public static (IReadOnlyDictionary<string, string> Shown, IReadOnlySet<string> Hidden) Settle(string? schema, string lang, IReadOnlyDictionary<string, string> typed, IReadOnlyList<Prefilled> prefilled)
    {
        var shown = new Dictionary<string, string>(typed);
        if (schema is null)
            return (shown, new HashSet<string>());
        foreach (var known in prefilled.Where(p => p.IsFilled && !p.IsObjected(typed)))
            shown[known.Field] = known.Typed ?? "";
        var fields = FormField.Of(schema, lang);
        var (settled, hidden) = FormRules.Settle(schema, FormInput.Read(fields, shown));
        foreach (var (name, text) in FormInput.Spread(settled))
            shown.TryAdd(name, text);
        foreach (var field in fields.Where(f => f.IsCalculated))
            shown[field.Name] = settled[field.Name]?.ToString() ?? "";
        return (shown, hidden);
    }

    /// <summary>A page by its id, or null.</summary>
    public ApplyStep? Find(string? id) => All.FirstOrDefault(s => s.Id == id);

    /// <summary>Where a page stands, from zero.</summary>
    public int At(ApplyStep step) => All.ToList().FindIndex(s => s.Id == step.Id);

    /// <summary>The first that was not answered yet, or not well; the last where all were.</summary>
    public ApplyStep Open(IReadOnlyDictionary<string, string> typed, IReadOnlyList<FormFault> faults) =>
        All.First(s => s.Id == "check" || !typed.ContainsKey(Seen(s)) || faults.Any(f => s.Has(f.Field)));

    /// <summary>The control that says that a page was answered.</summary>
    public static string Seen(ApplyStep step) => "seen:" + step.Id;

    /// <summary>How far somebody is, in words: of how many only where what is still to be answered cannot change that.</summary>
    public string Progress(ApplyStep step, Visit visit) =>
        IsSettledFrom(At(step)) ? visit.Say("steps.progress", At(step) + 1, All.Count) : visit.Say("steps.progress-open", At(step) + 1);

    private bool IsSettledFrom(int at)
    {
        if (All.Skip(at).Any(s => s.Id == "for" || (s.Id == "region" && _dependsOnWhom)))
            return false;
        var open = All.Skip(at).SelectMany(s => s.Fields).Select(f => f.Name).ToHashSet();
        bool Reads(string rule) => open.Any(name => Regex.IsMatch(rule, $@"(?<![\w.]){Regex.Escape(name)}(?!\w)"));
        // What is worked out, or hidden, by what is open is open itself; it stands behind what it reads.
        foreach (var (field, rule) in _schema is null ? [] : FormReader.RulesOf(_schema))
        {
            if (Reads(rule))
                open.Add(field);
        }
        return (_schema is null || !FormReader.RulesOf(_schema).Any(r => !Calculated(r.Field) && Reads(r.Rule))) && !_brought.Any(m => m.When is { } when && Reads(when.Name));
    }

    private bool Calculated(string field) => FormField.Of(_schema!, Lang.Zh).Any(f => f.Name == field && f.IsCalculated);
}
