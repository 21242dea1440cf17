using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What a service gets to work with.</summary>
/// <param name="Job">The id of this visit: a service that is tried again has the same.</param>
public sealed record ServiceCall(Case Case, Pack Pack, Matter Matter, ProcessNode Node, string Job);

/// <summary>The services that a process may call by name (guantong:service).</summary>
public sealed class Services(Warehouse warehouse, CaseSeals seals, DatasetSeals rows, DocumentBook documents, Payments payments, PackRegistry packs, Jurisdiction land)
{
    /// <summary>Runs a service; what it gives becomes data of the case.</summary>
    public Task<JsonObject> RunAsync(Change change, string service, ServiceCall call, CancellationToken cancel) => service switch
    {
        "compose-document" => ComposeDocumentAsync(change, call),
        "decide" => Task.FromResult(Decide(change, call)),
        "record-row" => RecordRowAsync(change, call, cancel),
        "read-row" => Task.FromResult(ReadRow(call)),
        "collect-payment" => payments.CollectAsync(change, call),
        _ => throw new InvalidOperationException($"There is no service “{service}”; see docs/pack-language.md."),
    };

    /// <summary>Fills a Markdown template of the pack with the case's data and files it with the case.</summary>
    private async Task<JsonObject> ComposeDocumentAsync(Change change, ServiceCall call)
    {
        var (template, _) = DocumentTemplate.Read(call.Pack.Documents[call.Node.Attributes["document"]]);
        var marks = await documents.MarkAsync(change, call.Case, template, call.Pack.Lead.Name);
        // What a form keeps as a region's code is read as a name.
        var data = RegionField.Named(call.Pack.Forms.Values.SelectMany(f => FormField.Of(f, Lang.Zh)), JsonNode.Parse(call.Case.Data)!.AsObject(), land, Lang.Zh);
        data["appeal"] = Appeal(call.Matter.Appeal);
        var parts = template.Body.Contains("{{parts}}", StringComparison.Ordinal) ? await PartsAsync(change, call) : "";
        var name = template.Title ?? call.Matter.Document ?? call.Node.Name;
        var sha256 = await DocumentBook.KeepAsync(change, call.Case, await seals.OfAsync(change, call.Case), name, marks, DocumentText.Fill(template.Body, data, marks, land, new Dictionary<string, string> { ["reasons"] = Reasons(call), ["parts"] = parts }));
        return new JsonObject { ["document"] = new JsonObject { ["name"] = name, ["sha256"] = sha256, ["number"] = marks.Number } };
    }

    private static JsonObject Appeal(Appeal appeal) => new()
    {
        ["review"] = DocumentText.Term(appeal.Review), ["lawsuit"] = DocumentText.Term(appeal.Lawsuit), ["to"] = appeal.To, ["sentence"] = DocumentText.Appeal(appeal),
    };

    // {{parts}}: what each part of one thing came to, by whom.
    private async Task<string> PartsAsync(Change change, ServiceCall call)
    {
        var parts = await change.QueryAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE joint = @Id ORDER BY opened, id", new { call.Case.Id });
        var lines = new List<string>();
        foreach (var part in parts)
        {
            var pack = await packs.AtAsync(part.Pack, part.Revision);
            var matter = pack.Matter(part.Matter)!;
            var unit = land.Units.ForRegion(pack.LeadOf(matter), part.Region)?.Name ?? pack.LeadOf(matter);
            var outcome = part.State == "terminated" ? "终止办理" : part.Outcome ?? "—";
            lines.Add($"- {DocumentText.Escape(matter.Name)}：{DocumentText.Escape(outcome)}（{DocumentText.Escape(unit)}，{DocumentText.Escape(part.Number)}）");
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
        select $"- {DocumentText.Escape(said)}");

    /// <summary>Puts the case's data as a row into a dataset that cases feed. The row's key makes doing it twice the same as once.</summary>
    private async Task<JsonObject> RecordRowAsync(Change change, ServiceCall call, CancellationToken cancel)
    {
        var dataset = call.Pack.Dataset(call.Node.Attributes["dataset"])!;
        var data = JsonNode.Parse(call.Case.Data)!.AsObject();
        // What no form asked for, the case itself may know: its number, its region, its day.
        var row = dataset.Fields.ToDictionary(f => f.Id, f => (data[f.Id] ?? data["case"]?[f.Id])?.ToString());
        cancel.ThrowIfCancellationRequested();
        warehouse.PutRow(call.Pack, dataset, row, $"case:{call.Case.Number}", call.Job, await rows.WritingAsync(change, call.Pack, dataset));
        return new JsonObject { ["recorded"] = dataset.Id };
    }

    /// <summary>Gives the case the row of a dataset whose key it knows: the fields that its matter needs, under their own names. Where there is none, or it lies outside the case's region, each of them is null.</summary>
    /// <remarks>rights.md 5: check has the matter declare the fields, and refuses data of persons and of other units that share only on a condition.</remarks>
    private JsonObject ReadRow(ServiceCall call)
    {
        var dataset = call.Pack.Dataset(call.Node.Attributes["dataset"])!;
        var data = JsonNode.Parse(call.Case.Data)!.AsObject();
        var key = dataset.Key.ToDictionary(k => k.Name, k => (data[k.Name] ?? data["case"]?[k.Name])?.ToString() ?? "");
        // A key that is not whole would find somebody's row.
        var page = key.ContainsValue("") ? null : DatasetRows.Page(warehouse, call.Pack, dataset, new RowQuery(Equal: key, Take: 1), RowsSeen.All.In(call.Pack, dataset, call.Case.Region));
        var row = page is { Rows: [var found] } ? page.Columns.Zip(found).ToDictionary(c => c.First, c => c.Second) : new Dictionary<string, object?>();
        var wanted = call.Matter.Needs.Where(n => n.Data.Name == dataset.Id).SelectMany(n => n.Fields).Select(f => f.Name).Except(key.Keys);
        return new JsonObject(wanted.Select(f => KeyValuePair.Create(f, JsonSerializer.SerializeToNode(row.GetValueOrDefault(f), Json.Plain))));
    }
}
