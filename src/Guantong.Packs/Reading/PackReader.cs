using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Guantong.Decisions;
using Guantong.Processes;

namespace Guantong.Packs.Reading;

/// <summary>What reading gives: a pack when every file has its shape, and what was found on the way.</summary>
public sealed record PackReading(Pack? Pack, IReadOnlyList<Finding> Findings);

/// <summary>Reads a pack's files into a <see cref="Pack"/>. References are not followed here: that is the proofs' work.</summary>
public static class PackReader
{
    // Only comments, processing instructions and blanks may stand before it.
    private static readonly Regex Doctype = new(@"\A(?:\s|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*(<!DOCTYPE)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Reads every file of the pack; a file that has not its shape leaves no pack, only findings.</summary>
    public static PackReading Read(PackFiles files)
    {
        var findings = new List<Finding>();
        var roots = new Dictionary<string, Node>();
        foreach (var (path, text) in files.Texts.Where(f => f.Key.EndsWith(".yaml", StringComparison.Ordinal)).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (Grammar.Of(path) is not { } shape)
            {
                if (!path.StartsWith("tests/", StringComparison.Ordinal) && !path.StartsWith("overlays/", StringComparison.Ordinal))
                    findings.Add(Finding.Error("unknown-file-kind", new Mark(files.Name(path), 1, 1), path, string.Join(", ", Grammar.Kinds.Select(k => k.Files))));
            }
            else if (YamlText.Read(files.Name(path), text, findings) is { } root)
            {
                ShapeCheck.Check(root, shape, path, findings);
                roots[path] = root;
            }
        }
        if (!files.Texts.ContainsKey("pack.yaml"))
            findings.Add(Finding.Error("no-pack-file", new Mark(files.Name("pack.yaml"), 1, 1)));

        var processes = ReadProcesses(files, findings);
        var decisions = ReadDecisions(files, findings);
        var forms = ReadForms(files, findings);
        return findings.Any(f => f.Severity == Severity.Error)
            ? new PackReading(null, findings)
            : new PackReading(Assemble(files, roots, processes, decisions, forms), findings);
    }

    private static Dictionary<string, ProcessFile> ReadProcesses(PackFiles files, List<Finding> findings)
    {
        var read = new Dictionary<string, ProcessFile>();
        foreach (var (path, text) in files.Texts.Where(f => f.Key.EndsWith(".bpmn", StringComparison.Ordinal)))
        {
            if (HasDoctype(files.Name(path), text, findings))
                continue;
            var reading = ProcessDefinition.Read(text, files.Name(path));
            findings.AddRange(reading.Faults.Select(f => new Finding(f.Code, Severity.Error, new Mark(files.Name(path), f.Line, f.Column), f.Args, f.Message) { Path = f.Path }));
            if (reading.Definition is { } definition)
                read[path] = new ProcessFile(path, definition) { Beside = reading.Beside };
        }
        return read;
    }

    private static Dictionary<string, DecisionFile> ReadDecisions(PackFiles files, List<Finding> findings)
    {
        var read = new Dictionary<string, DecisionFile>();
        foreach (var (path, text) in files.Texts.Where(f => f.Key.EndsWith(".dmn", StringComparison.Ordinal)))
        {
            if (HasDoctype(files.Name(path), text, findings))
                continue;
            // A model may import others of the same pack, by their namespace.
            var reading = DmnModel.Read(text, files.Name(path), (space, _) => files.Texts.FirstOrDefault(f => f.Key != path && f.Key.EndsWith(".dmn", StringComparison.Ordinal)
                && f.Value.Contains($"namespace=\"{space}\"", StringComparison.Ordinal)).Value);
            // What the logic can mean is judged only where it can be read.
            var faults = reading.Faults.Count == 0 && reading.Model is { } sound ? sound.Check() : reading.Faults;
            findings.AddRange(faults.Select(f => new Finding(f.Code, Severity.Error, new Mark(files.Name(path), f.Line, f.Column), f.Args, f.Message)));
            if (reading.Model is { } model)
                read[path] = new DecisionFile(path, model);
        }
        return read;
    }

    // The readers of BPMN and DMN refuse it without a place, so that nothing is drawn in from outside.
    private static bool HasDoctype(string file, string text, List<Finding> findings)
    {
        if (!text.Contains("<!DOCTYPE", StringComparison.Ordinal) || Doctype.Match(text) is not { Success: true, Groups: [_, { Index: var at }] })
            return false;
        findings.Add(Finding.Error("xml-doctype", new Mark(file, text.AsSpan(0, at).Count('\n') + 1, at - text.LastIndexOf('\n', at))));
        return true;
    }

    private static Dictionary<string, string> ReadForms(PackFiles files, List<Finding> findings)
    {
        var read = new Dictionary<string, string>();
        foreach (var (path, text) in files.Texts.Where(f => f.Key.StartsWith("forms/", StringComparison.Ordinal) && f.Key.EndsWith(".json", StringComparison.Ordinal)))
        {
            if (FormReader.IsForm(files.Name(path), text, findings))
                read[path] = text;
        }
        return read;
    }

    private static Pack Assemble(PackFiles files, Dictionary<string, Node> roots, Dictionary<string, ProcessFile> processes,
        Dictionary<string, DecisionFile> decisions, Dictionary<string, string> forms)
    {
        var pack = roots["pack.yaml"];
        IEnumerable<Node> In(string folder) => roots.Where(r => r.Key.StartsWith(folder, StringComparison.Ordinal)).Select(r => r.Value);
        CodeList[] lists = [.. In("codes/").Select(DatasetReader.ReadCodes)];
        DataElement[] elements = [.. In("elements/").Select(DatasetReader.ReadElement)];
        Matter[] matters = [.. In("matters/").Select(ReadMatter)];
        var english = (roots.GetValueOrDefault("texts/en.yaml")?.Entries ?? []).ToDictionary(e => e.Key.Value, e => e.Value.Text ?? "");
        if (matters.Any(m => m.Joint is not null))
        {
            foreach (var (said, meant) in JointReader.English)
                english.TryAdd(said, meant);
            matters = [.. matters.Select(m => m.Joint is null ? m : JointReader.Complete(m, matters, english, forms, processes))];
        }
        return new Pack(
            pack.Word("pack"), pack.Word("version"), pack.Word("name"), pack.Word("about"), pack.Word("application"),
            pack.Refs("implements"), pack.Ref("lead")!, pack.Refs("with"), pack["uses"]?.Refs("packs") ?? [],
            [.. pack.List("goals").Select(ReadGoal)],
            [.. (roots.GetValueOrDefault("business.yaml")?.List("business") ?? []).Select(ReadCore)],
            [.. In("datasets/").Select(DatasetReader.Read).Select(d => DatasetReader.WithShared(d, lists, elements))],
            matters,
            [.. (roots.GetValueOrDefault("indicators.yaml")?.Items ?? []).Select(ReadIndicator)],
            roots.GetValueOrDefault("screen.yaml") is { } screen ? ScreenReader.Read(screen) : null,
            processes, decisions, forms,
            files.Texts.Where(f => f.Key.StartsWith("documents/", StringComparison.Ordinal)).ToDictionary(),
            english,
            files, pack.Mark)
        {
            CodeLists = lists,
            Elements = elements,
            Notices = [.. In("notices/").Select(ReadNotice)],
            Guides = [.. In("guides/").Select(ReadGuide)],
            Translations = roots.Where(r => r.Key.StartsWith("texts/", StringComparison.Ordinal) && r.Key != "texts/en.yaml").ToDictionary(r => r.Key["texts/".Length..^".yaml".Length],
                r => (IReadOnlyDictionary<string, string>)(r.Value.Entries ?? []).ToDictionary(e => e.Key.Value, e => e.Value.Text ?? "")),
            Policies = [.. In("policies/").Select(ReadPolicy)],
        };
    }

    private static Goal ReadGoal(Node n) => new(n.Word("goal"), n.Word("name"), n.Ref("system"), n.Ref("indicator"),
        (n["target"]?.Entries ?? []).ToDictionary(e => Year(e.Key), e => Compare(e.Value.Text!)),
        (n["said"]?.Entries ?? []).ToDictionary(e => Year(e.Key), e => e.Value.Text!), n.Mark)
    {
        Regions = [.. (n["regions"]?.Entries ?? []).Select(r => new RegionTarget(new Ref(r.Key.Value, r.Key.Mark), (r.Value.Entries ?? []).ToDictionary(e => Year(e.Key), e => Compare(e.Value.Text!))))],
        Parts = n["parts"]?.Text ?? "each",
    };

    private static CoreBusiness ReadCore(Node n) => new(n.Word("core"),
        [.. n.List("modules").Select(m => new BusinessModule(m.Word("module"),
            [.. m.List("units").Select(u => new BusinessUnit(u.Word("unit"), u.Refs("matters"), u.Mark))], m.Mark))], n.Mark);

    private static Matter ReadMatter(Node n) => new(n.Word("matter"), n.Word("name"), n.Word("about"), n.Word("face"),
        n["start"]!.Word("by"), n["start"]!.Ref("of"), n["start"]!["level"]?.Text,
        [.. n.List("needs").Select(d => new DataNeed(d.Ref("data")!, d.Refs("fields"), d.Word("for")))],
        n.Ref("form"), n.Ref("process"), n.Refs("with"), n["limit"]?.Text, n["fee"]?.Text,
        n["result"]?.Word("document"), n["result"]?["credential"]?.Text == "true", n, n.Mark)
    {
        Materials = [.. n.List("materials").Select(ReadMaterial)],
        CredentialFields = n["result"] is { } result ? ReadMap(result, "fields") : [],
        CredentialValid = n["result"]?["valid"]?.Text,
        Charges = [.. n.List("charges").Select(c => new Charge(c.Word("charge"), c.Word("name"), c["kind"]?.Text ?? "fee", c.Ref("amount")!, c.Word("basis"), c["payee"]?.Text, c.Word("within"), c.Words("refund"), c.Mark))],
        FollowUp = n["follow-up"] is { } visit ? new FollowUpRule(visit.Word("after"), int.TryParse(visit["share"]?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var share) ? share : 0) : null,
        Accept = n["accept"] is { } accept ? new AcceptanceRule(accept.Word("within"), accept["supplement"]?.Text ?? "P10D working") : null,
        Sort = n["sort"] is { } sort ? new Sorting(sort.Ref("field")!, sort.Ref("when"), sort.Mark) : null,
        Level = n["level"]?.Text ?? "city",
        Sign = n["sign"]?.Text == "true",
        Escalate = n["escalate"]?.Text,
        Joint = n["joint"] is { } joint ? ReadJoint(joint, n.Ref("form")) : null,
        Merges = n.Refs("merges"),
        Renews = [.. n.List("renews").Select(r => new Renewal(r.Ref("data")!, r["value"]?.Text))],
        Appeal = new Appeal(n["appeal"]?["review"]?.Text ?? "P60D", n["appeal"]?["lawsuit"]?.Text ?? "P6M", n["appeal"]?["to"]?.Text) { Instead = n["appeal"]?["instead"]?.Text },
        Archive = new Keeping(n["archive"]?["retention"]?.Text ?? "P10Y", n["archive"]?["class"]?.Text),
        Also = n.Words("also"),
        Audience = n.Words("audience") is { Count: > 0 } audience ? audience : Matter.Everyone,
        Events = n.Words("events"),
        Subject = n["subject"]?.Text,
        Next = [.. n.List("next").Select(x => new NextMatter(x.Ref("matter")!, x.Ref("when"), x.Word("why")))],
        Basis = n.Words("basis"),
        InPerson = n["in-person"] is { } there ? new InPerson(there["at"]?.Text ?? "hall", there.Words("bring"), there["book"] is { } book ? ReadBooking(book) : null, there.Mark) : null,
        Questions = [.. n.List("questions").Select(q => new MatterQuestion(q.Word("question"), q.Word("answer"), q.Mark))],
    };

    // The grammar lets durations alone through.
    private static BookingRule ReadBooking(Node n) => new(XmlConvert.ToTimeSpan(n.Word("every")), int.TryParse(n["at-once"]?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var seats) ? seats : 0, XmlConvert.ToTimeSpan(n.Word("ahead")).Days);

    private static Guide ReadGuide(Node n) => new(n.Word("guide"), n.Word("name"), n.Word("about"), n.Words("also"), n.Words("events"), n.Ref("decision")!,
        [.. n.List("questions").Select(q => new GuideQuestion(q.Ref("ask")!, q.Word("name"), q.Word("about"), q.Ref("when"), q.Words("choices"), q.Mark))], n.Mark);

    private static SupportPolicy ReadPolicy(Node n) => new(n.Word("policy"), n.Word("name"), n.Word("about"), n.Words("also"), n.Ref("unit")!, n.Word("basis"), n.Word("gives"), n.Ref("from")!, n.Ref("until"),
        [.. n.List("facts").Select(f => new PolicyFact(f.Ref("data")!, f.Ref("key")!, f.Ref("newest"), ReadMap(f, "only"), ReadMap(f, "fields")))],
        n.Ref("decision")!, n.Ref("matter"), n["automatic"]?.Text == "true", n, n.Mark);

    private static Joint ReadJoint(Node n, Ref? form) => new([.. n.List("parts").Select(p => new JointPart(p.Ref("part")!, p.Ref("when"), p.Refs("after"), ReadMap(p, "with"), ReadMap(p, "gives")))], n.Ref("document"), form, n.Mark);

    internal static IReadOnlyList<(Ref, Ref)> ReadMap(Node n, string key) =>
        [.. (n[key]?.Entries ?? []).Select(e => (new Ref(e.Key.Value, e.Key.Mark), new Ref(e.Value.Text ?? "", e.Value.Mark)))];

    private static Notice ReadNotice(Node n) => new(n.Word("notice"), n.Word("on"), n.Refs("matters"), n.Words("to"), n.Words("by"),
        ReadWording(n), n["en"] is { } english ? ReadWording(english) : null, n, n.Mark);

    private static NoticeText ReadWording(Node n) => new(n.Ref("subject")!, n.Ref("text")!, n.Ref("short"));

    private static Material ReadMaterial(Node n) => new(n.Word("material"), n.Word("name"), n["about"]?.Text, n["required"]?.Text != "false", n.Ref("when"), n["form"]?.Text ?? "electronic",
        n.Ref("from"), n["omit"]?.Text, n["promise"]?.Text, n.Words("types"), n.Mark);

    private static Indicator ReadIndicator(Node n) => new(n.Word("indicator"), n.Word("name"), n.Word("about"), n.Word("unit"),
        n["by"]!.Ref("region") ?? new Ref("", n.Mark), n["by"]!.Words("period"), n["by"]!.Ref("at") ?? new Ref("", n.Mark),
        n.Refs("needs"), n.Ref("value") ?? new Ref("", n.Mark), n.Ref("where"), n.Word("better") == "higher",
        n["warn"] is { } warn ? WarnReader.Read(warn) : null, n.Ref("then"), n, n.Mark)
    {
        Dimensions = n["by"]!.Refs("dimensions"),
        Also = n.Words("also"),
        Composite = n["composite"] is { } index ? new Composite(index.Word("normalise"), [.. index.List("of").Select(ReadPart)]) : null,
        Final = n["final"]?.Text,
        Daily = n["daily"]?.Text,
    };

    private static CompositePart ReadPart(Node n) => new(n.Ref("indicator")!, NumberOf(n, "weight") ?? 0, NumberOf(n, "floor"), NumberOf(n, "ceiling"), n.Mark);

    private static decimal? NumberOf(Node n, string key) => decimal.TryParse(n[key]?.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int Year(ScalarNode n) => int.Parse(n.Value, CultureInfo.InvariantCulture);

    internal static Comparison Compare(string text)
    {
        var op = text[..(text.Length > 1 && text[1] == '=' ? 2 : 1)];
        return new Comparison(op, decimal.Parse(text[op.Length..], NumberStyles.Float, CultureInfo.InvariantCulture));
    }
}
