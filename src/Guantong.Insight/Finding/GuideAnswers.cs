using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>Answers from what matters declare: their fields, and the sentences of their guides and rules. What is not declared is not answered.</summary>
internal static class GuideAnswers
{
    // A sentence answers only where most of the question stands in it.
    private const double Sure = 0.7;

    /// <summary>The fields that can be asked for, each with the part of the guide where it stands.</summary>
    private static readonly IReadOnlyDictionary<string, string> Places = new Dictionary<string, string>
    {
        ["materials"] = "materials", ["time"] = "facts", ["fee"] = "facts", ["where"] = "facts", ["who"] = "facts", ["result"] = "facts", ["appeal"] = "appeal", ["basis"] = "facts", ["how"] = "steps",
    };

    /// <summary>What a matter says of a field; null where it says nothing.</summary>
    public static FoundAnswer? OfField(string field, Pack pack, Matter matter, Jurisdiction land, string lang)
    {
        var lines = Lines(field, pack, matter, land, lang);
        return lines.Count == 0 ? null : new FoundAnswer(field, pack.Say(lang, matter.Name), $"/services/{pack.Id}/{matter.Id}#{Places[field]}", AskingTexts.Say(lang, "answer." + field, pack.Say(lang, matter.Name)), lines);
    }

    private static IReadOnlyList<string> Lines(string field, Pack pack, Matter matter, Jurisdiction land, string lang) => field switch
    {
        "materials" => matter.Materials.Count == 0 ? [AskingTexts.Say(lang, "answer.no-materials")] : [.. matter.Materials.Select(m => Material(pack, m, lang))],
        "time" => matter.Limit is { } limit ? [AskingTexts.Say(lang, "answer.limit", Wording.Limit(lang, limit)), .. matter.Accept is { } accept ? [AskingTexts.Say(lang, "answer.accept", Wording.Limit(lang, accept.Within))] : Array.Empty<string>()] : [],
        "fee" => matter.Fee is { } fee ? [pack.Say(lang, fee)] : [],
        "where" => [AskingTexts.Say(lang, "answer.online"), AskingTexts.Say(lang, "answer.unit", land.Units.Named(pack.LeadOf(matter))?.Say(lang) ?? pack.LeadOf(matter)), .. matter.InPerson is null ? [] : (string[])[AskingTexts.Say(lang, "answer.in-person")]],
        "who" => [.. FindText.Sentences(pack.Say(lang, matter.About)).Take(1), AskingTexts.Say(lang, matter.Audience is [var one] ? "answer.for-" + one : "answer.for-all")],
        "result" => matter.Document is { } document ? [pack.Say(lang, document)] : [],
        "appeal" => matter.Appeal.Instead is { } instead ? [pack.Say(lang, instead)] : [AskingTexts.Say(lang, "answer.review", Wording.Limit(lang, matter.Appeal.Review), matter.Appeal.To is { } to ? land.Units.Named(to)?.Say(lang) ?? to : AskingTexts.Say(lang, "answer.organ")), AskingTexts.Say(lang, "answer.lawsuit", Wording.Limit(lang, matter.Appeal.Lawsuit))],
        "basis" => matter.Basis.Count > 0 ? [.. matter.Basis.Select(b => pack.Say(lang, b))] : [.. Sayings(pack, matter, lang).Select(s => s.Text).Where(IsGround).Distinct()],
        "how" => [.. pack.PartsOf(matter).SelectMany(p => p.Definition.Nodes).Where(n => n.Kind is NodeKind.UserTask or NodeKind.ManualTask || n.Attributes.ContainsKey("decision")).Select(n => pack.Say(lang, n.Name)).Prepend(AskingTexts.Say(lang, "answer.online")).Distinct()],
        _ => [],
    };

    private static string Material(Pack pack, Material material, string lang) => pack.Say(lang, material.Name)
        + AskingTexts.Say(lang, material.From is not null ? "answer.material-free" : !material.Required ? "answer.material-optional" : material.When is not null ? "answer.material-sometimes" : "answer.material-required")
        + (material.Omit is { } omit ? AskingTexts.Say(lang, "answer.material-omit", Wording.Limit(lang, omit)) : "") + (material.Promise is null ? "" : AskingTexts.Say(lang, "answer.material-promise"))
        + (material.About is { } about ? (lang != Lang.Zh ? " — " : "：") + pack.Say(lang, about) : "");

    // A law by its name, or an article of one.
    private static bool IsGround(string sentence) => sentence.Contains('《', StringComparison.Ordinal) || sentence.Contains("Art. ", StringComparison.Ordinal) || (sentence.IndexOf('第', StringComparison.Ordinal) is >= 0 and var at && sentence.IndexOf('条', at) is >= 0 and var end && end - at < 8);

    /// <summary>The sentences of a matter's guide and of the rules that decide about it, with the part of the guide where each stands.</summary>
    public static IEnumerable<(string Text, string Place)> Sayings(Pack pack, Matter matter, string lang) =>
    [
        .. FindText.Sentences(pack.Say(lang, matter.About)).Select(s => (s, "facts")),
        .. matter.Materials.Select(m => (Material(pack, m, lang), "materials")),
        .. from part in pack.PartsOf(matter)
           from node in part.Definition.Nodes
           where node.Attributes.ContainsKey("decision")
           let decision = node.Attributes["decision"]
           where pack.Decisions.ContainsKey(decision.Split('#')[0])
           from table in pack.Decisions[decision.Split('#')[0]].Model.Tables
           from rule in table.Rules
           where rule.Note is { Length: > 0 }
           select (pack.Say(lang, rule.Note!), "steps"),
    ];

    /// <summary>The sentence that answers a question best, by what it shares with it; null where none shares enough.</summary>
    /// <param name="sure">The least share of the question that has to stand in it.</param>
    public static FoundAnswer? OfText(FindQuery query, FindIndex passages, string lang, double sure = Sure) =>
        query.Terms.Count(t => !t.IsWeak) < 2 ? null
        : passages.Find(query).FirstOrDefault(f => f.Covered >= sure && SaysMore(query, f.Thing)) is { } best
            ? new FoundAnswer("text", best.Thing.Say(lang), best.Thing.Id, AskingTexts.Say(lang, "answer.text", best.Thing.Say(lang)), [best.Thing.SayAbout(lang)]) : null;

    // A sentence that holds the matter's name alone answers nothing that was asked of it.
    private static bool SaysMore(FindQuery query, Findable passage)
    {
        var (name, stems) = (passage.Fields[1].Text, FindText.Stems(FindText.Plain(passage.English[1].Text)).ToHashSet());
        return query.Terms.Where(t => !t.IsWeak).Any(t => t.Words.Count == 0 ? passage.WorthOfPairs(t.Text) > 0.75
            : t.Words.Any(w => passage.Worth(w.Word) > 0.75 && !name.Contains(w.Word, StringComparison.OrdinalIgnoreCase) && !stems.Contains(FindText.Stem(w.Word))));
    }

    /// <summary>All sentences that can be quoted, as things to be found; questions with what answers them.</summary>
    public static IEnumerable<Findable> Passages(IEnumerable<(Pack Pack, Matter Matter)> services) =>
    [
        .. from service in services
           from asked in service.Matter.Questions
           let english = service.Pack.Say(Lang.En, asked.Question)
           select new Findable("passage", service.Pack.Id, $"/services/{service.Pack.Id}/{service.Matter.Id}#questions", service.Matter.Name, service.Pack.Say(Lang.En, service.Matter.Name), asked.Answer, service.Pack.Say(Lang.En, asked.Answer),
               [($"{asked.Question}\n{asked.Answer}", 0.95), (string.Join('\n', service.Matter.Also.Prepend(service.Matter.Name)), 0.75)], [($"{english}\n{service.Pack.Say(Lang.En, asked.Answer)}", 0.95), (service.Pack.Say(Lang.En, service.Matter.Name), 0.75)]),
        .. Sentences(services),
    ];

    private static IEnumerable<Findable> Sentences(IEnumerable<(Pack Pack, Matter Matter)> services) =>
        from service in services
        let english = Sayings(service.Pack, service.Matter, Lang.En).ToList()
        from said in Sayings(service.Pack, service.Matter, Lang.Zh).Select((s, i) => (s.Text, s.Place, En: i < english.Count ? english[i].Text : s.Text))
        select new Findable("passage", service.Pack.Id, $"/services/{service.Pack.Id}/{service.Matter.Id}#{said.Place}", service.Matter.Name, service.Pack.Say(Lang.En, service.Matter.Name), said.Text, said.En,
            [(said.Text, 0.95), (string.Join('\n', service.Matter.Also.Prepend(service.Matter.Name)), 0.75)], [(said.En, 0.95), (service.Pack.Say(Lang.En, service.Matter.Name), 0.75)]);
}
