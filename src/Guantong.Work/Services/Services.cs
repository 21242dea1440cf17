using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What a service gets to work with.</summary>
public sealed record ServiceCall(Case Case, Pack Pack, Matter Matter, ProcessNode Node);

/// <summary>The services that a process may call by name (guantong:service).</summary>
public sealed partial class Services(Warehouse warehouse, CaseSeals seals, DatasetSeals rows, DocumentBook documents, PackRegistry packs, Jurisdiction land)
{
    /// <summary>Runs a service; what it gives becomes data of the case.</summary>
    public Task<JsonObject> RunAsync(Change change, string service, ServiceCall call, CancellationToken cancel) => service switch
    {
        "compose-document" => ComposeDocumentAsync(change, call),
        "decide" => Task.FromResult(Decide(change, call)),
        "record-row" => RecordRowAsync(change, call, cancel),
        _ => throw new InvalidOperationException($"There is no service “{service}”; see docs/pack-language.md."),
    };

    /// <summary>Fills a Markdown template of the pack with the case's data and files it with the case.</summary>
    private async Task<JsonObject> ComposeDocumentAsync(Change change, ServiceCall call)
    {
        var (template, _) = DocumentTemplate.Read(call.Pack.Documents[call.Node.Attributes["document"]]);
        var marks = await documents.MarkAsync(change, call.Case, template, call.Pack.Lead.Name);
        var data = JsonNode.Parse(call.Case.Data)!.AsObject();
        data["document"] = new JsonObject { ["number"] = marks.Number, ["unit"] = land.Units.Find(marks.Unit)?.Name ?? marks.Unit, ["day"] = marks.Day, ["code"] = DocumentBook.Spaced(marks.Code) };
        data["appeal"] = Appeal(call.Matter.Appeal);
        var parts = template.Body.Contains("{{parts}}", StringComparison.Ordinal) ? await PartsAsync(change, call) : "";
        var markdown = Placeholder().Replace(template.Body, m => m.Groups[1].Value == "reasons" ? Reasons(call) : m.Groups[1].Value == "parts" ? parts : Escape(Pick(data, m.Groups[1].Value)));
        // Of a sealed document the hash is that of what is kept: one of the text would let it be guessed.
        markdown = (await seals.OfAsync(change, call.Case)).Whole(markdown);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(markdown)));
        var name = template.Title ?? call.Matter.Document ?? call.Node.Name;
        await change.ExecuteAsync("INSERT INTO work_document (id, case_id, name, markdown, sha256, made, number, unit, code) VALUES (@id, @caseId, @name, @markdown, @sha256, @Stamp, @Number, @Unit, @Code)",
            new { id = Guid.CreateVersion7(change.At).ToString("n"), caseId = call.Case.Id, name, markdown, sha256, change.Stamp, marks.Number, marks.Unit, marks.Code });
        return new JsonObject { ["document"] = new JsonObject { ["name"] = name, ["sha256"] = sha256, ["number"] = marks.Number } };
    }

    // 行政复议法 §20, 行政诉讼法 §46; 行政处罚法 §59: a decision says how and until when it can be contested.
    private static JsonObject Appeal(Appeal appeal)
    {
        static string Term(string limit) => Wording.Limit(Lang.Zh, limit).Replace(" ", "", StringComparison.Ordinal).Replace('天', '日');
        return new JsonObject
        {
            ["review"] = Term(appeal.Review), ["lawsuit"] = Term(appeal.Lawsuit), ["to"] = appeal.To,
            ["sentence"] = $"如不服本决定，可以自收到之日起{Term(appeal.Review)}内{(appeal.To is { } to ? $"向{to}" : "依法")}申请行政复议，或者自收到之日起{Term(appeal.Lawsuit)}内依法向人民法院提起行政诉讼。",
        };
    }

    // {{parts}}: what each part of one thing came to, by whom.
    private async Task<string> PartsAsync(Change change, ServiceCall call)
    {
        var parts = await change.QueryAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE joint = @Id ORDER BY opened, id", new { call.Case.Id });
        var lines = new List<string>();
        foreach (var part in parts)
        {
            var pack = await packs.AtAsync(part.Pack, part.Revision);
            var matter = pack.Matter(part.Matter)!;
            var unit = matter.With.Count > 0 ? land.Units.ForRegion(matter.With[0].Name, part.Region)?.Name ?? matter.With[0].Name : pack.Lead.Name;
            var outcome = part.State == "terminated" ? "终止办理" : part.Outcome ?? "—";
            lines.Add($"- {Escape(matter.Name)}：{Escape(outcome)}（{Escape(unit)}，{Escape(part.Number)}）");
        }
        return string.Join('\n', lines);
    }

    // The result stands under the decision's id, and under the name that a business rule task gives it.
    private static JsonObject Decide(Change change, ServiceCall call)
    {
        var decision = call.Node.Attributes["decision"];
        var given = CaseDecisions.Take(call.Pack, decision, JsonNode.Parse(call.Case.Data)!.AsObject(), change.At);
        if (call.Node.Result is { } name)
            given[name] = given[decision.Split('#')[^1]]?.DeepClone();
        return given;
    }

    // {{reasons}}: what the case's decisions rest on, as a list; documents are in Chinese, as their templates are.
    private static string Reasons(ServiceCall call) => string.Join('\n',
        from decision in CaseDecisions.Of(call.Case, call.Pack, "zh-CN")
        from part in decision.Explanation.All()
        from said in part.Tables.SelectMany(t => t.Fired).Prepend(part.Sentence)
        select $"- {Escape(said)}");

    /// <summary>Puts the case's data as a row into a dataset that cases feed. The row's key makes doing it twice the same as once.</summary>
    private async Task<JsonObject> RecordRowAsync(Change change, ServiceCall call, CancellationToken cancel)
    {
        var dataset = call.Pack.Dataset(call.Node.Attributes["dataset"])!;
        var data = JsonNode.Parse(call.Case.Data)!.AsObject();
        // What no form asked for, the case itself may know: its number, its region, its day.
        var row = dataset.Fields.ToDictionary(f => f.Id, f => (data[f.Id] ?? data["case"]?[f.Id])?.ToString());
        cancel.ThrowIfCancellationRequested();
        warehouse.PutRow(call.Pack, dataset, row, $"case:{call.Case.Number}", await rows.WritingAsync(change, call.Pack, dataset));
        return new JsonObject { ["recorded"] = dataset.Id };
    }

    private static string Pick(JsonObject data, string path)
    {
        JsonNode? at = data;
        foreach (var key in path.Split('.'))
            at = (at as JsonObject)?[key];
        return at switch
        {
            null => "—",
            JsonValue v when v.TryGetValue<string>(out var text) && KeyRing.IsSealed(text) => CaseSeals.Erased,
            JsonValue v when v.TryGetValue<bool>(out var b) => b ? "是" : "否",
            _ => at.ToString(),
        };
    }

    // What people typed is text in the document, never markup: it begins no list and no paragraph of its own.
    private static string Escape(string text) => LineEnd().Replace(Listing().Replace(Markup().Replace(text.Trim(), @"\$0"), @"$1\"), "&#10;");

    [GeneratedRegex(@"\{\{\s*([A-Za-z0-9_.]+)\s*\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[\\`*_{}\[\]<>#|!&~]")]
    private static partial Regex Markup();

    [GeneratedRegex(@"^(\d+(?=[.)])|(?=[-+]))")]
    private static partial Regex Listing();

    [GeneratedRegex(@"\s*[\r\n\u2028\u2029]+\s*")]
    private static partial Regex LineEnd();
}
