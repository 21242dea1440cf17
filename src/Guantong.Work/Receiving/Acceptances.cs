using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Answers whether applications are taken up (受理): accepted, to be supplemented once, rejected with reasons, or redirected. Where nobody answers in time, an application is accepted as of the day on which it was complete.</summary>
/// <remarks>行政许可法 §32. Each answer is a written one, with date and unit. The answer is a task of the unit: it is assigned, delegated, handed over and urged as any other.</remarks>
public sealed class Acceptances(Store store, Steps steps, Tasks tasks, DocumentBook documents, PackRegistry packs, Jurisdiction land, Notices notices, TimeProvider clock, WorkSignal signal, NoticeSignal news)
{
    /// <summary>The node of the task: of no process.</summary>
    public const string Node = "acceptance";

    private const string TaskName = "受理审查";

    /// <summary>What a step of a case is called: those of its process by its pack, the acceptance by the platform.</summary>
    public static string NameOf(string step, Pack pack, string lang) => step == TaskName ? WorkTexts.Say(lang, "acceptance.task") : pack.Say(lang, step);

    /// <summary>Whether a task is that of an acceptance.</summary>
    public static bool IsOf(WorkTask task) => task is { Node: Node, Token: "" };

    /// <summary>How the acceptance of a case stands; null where it was not asked.</summary>
    public Task<Acceptance?> OfAsync(string caseId, CancellationToken cancel = default) =>
        store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Acceptance>($"SELECT {Acceptance.Columns} FROM work_acceptance WHERE case_id = @caseId", new { caseId }), cancel);

    /// <summary>Takes an application in: it waits for an answer of the unit that leads its matter.</summary>
    internal static async Task OpenAsync(Change change, Steps steps, Case row, AcceptanceRule rule, string unit)
    {
        var due = steps.DueOf(change.At, rule.Within, row.Region)!;
        await change.ExecuteAsync("INSERT INTO work_acceptance (case_id, unit, state, received, due, asked, version) VALUES (@Id, @unit, 'received', @Stamp, @due, 0, 1)", new { row.Id, unit, change.Stamp, due });
        AskUnit(change, row, unit, due, rule.Within);
    }

    private static void AskUnit(Change change, Case row, string unit, string due, string within)
    {
        change.Later("INSERT INTO work_task (id, case_id, token, node, name, unit, state, opened, due, term, version) VALUES (@id, @caseId, '', @node, @name, @unit, 'open', @Stamp, @due, @within, 1)",
            new { id = Guid.CreateVersion7(change.At).ToString("n"), caseId = row.Id, node = Node, name = TaskName, unit, change.Stamp, due, within });
        change.Record(row, "process", "task.opened", new { node = Node, name = TaskName, unit, due });
    }

    /// <summary>Accepts: the case begins, and its term runs from now.</summary>
    /// <exception cref="ConflictException">acceptance-none, acceptance-answered; and what stands in the way of finishing a task.</exception>
    public Task AcceptAsync(string caseId, Person by, CancellationToken cancel = default) => AnswerAsync(caseId, by, async (change, row, held, task) =>
        await BeginAsync(change, row, held, task.Unit, by.Login, by.Unit, change.At, "application.accepted"), cancel);

    /// <summary>Asks the applicant to supplement, once and for all of it.</summary>
    /// <param name="fields">Fields of the form that are to be filled in anew.</param>
    /// <param name="materials">Materials of the matter.</param>
    /// <exception cref="ConflictException">The same; supplement-once: it was asked for already; supplement-what: nothing is named, or what neither form nor matter has; reason-missing.</exception>
    public Task SupplementAsync(string caseId, IReadOnlyList<string>? fields, IReadOnlyList<string>? materials, string? reason, Person by, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        return AnswerAsync(caseId, by, async (change, row, held, task) =>
        {
            if (held.Asked > 0)
                throw new ConflictException("supplement-once");
            var (pack, matter) = await MatterAsync(row, cancel);
            var wanted = new Missed([.. (fields ?? []).Distinct()], [.. (materials ?? []).Distinct()]);
            if (wanted.Fields.Count + wanted.Materials.Count == 0 || wanted.Fields.Except(Askable(pack, matter).Select(f => f.Name)).Any() || wanted.Materials.Except(matter.Materials.Select(m => m.Id)).Any())
                throw new ConflictException("supplement-what");
            var due = steps.DueOf(change.At, Rule(matter).Supplement, row.Region)!;
            foreach (var material in wanted.Materials)
            {
                // Whatever was given or said of it before, it is owed now.
                await change.ExecuteAsync("""
                    INSERT INTO work_material (case_id, material, state, unit, since, due, version) VALUES (@Id, @material, 'owed', @Unit, @Stamp, @due, 1)
                    ON CONFLICT (case_id, material) DO UPDATE SET state = 'owed', since = @Stamp, due = @due, ended = NULL, ended_by = NULL, reason = NULL, version = work_material.version + 1
                    """, new { row.Id, material, task.Unit, change.Stamp, due });
            }
            await MoveAsync(change, held, "supplement", by.Login, "asked = 1, missing = @missing, supplement_due = @due, reason = @said", new { missing = JsonSerializer.Serialize(wanted, Json.Plain), due, said });
            change.Record(row, by, "application.supplement", new { wanted.Fields, wanted.Materials, due });
            await WriteAsync(change, row, matter, task.Unit, "supplement", new() { ["reason"] = said, ["due"] = Day(due) }, string.Join('\n', Names(wanted, pack, matter).Select((name, i) => $"{(i + 1).ToString(CultureInfo.InvariantCulture)}. {DocumentText.Escape(name)}")));
            await notices.TellAsync(change, row, new Happening("supplement", $"case:{row.Id}:supplement") { Due = due });
        }, cancel);
    }

    /// <summary>Rejects, on a ground that a law gives and with reasons (不予受理). It can be contested.</summary>
    /// <exception cref="ConflictException">The same; reject-ground, reason-missing.</exception>
    public Task RejectAsync(string caseId, string? ground, string? reason, Person by, CancellationToken cancel = default) => EndAsync(caseId, "reject", ground, reason, null, by, cancel);

    /// <summary>Says that another organ is competent, and which (告知向有关行政机关申请).</summary>
    /// <exception cref="ConflictException">The same; redirect-ground, reason-missing; redirect-whom: no organ is named.</exception>
    public Task RedirectAsync(string caseId, string? ground, string? toward, string? reason, Person by, CancellationToken cancel = default) =>
        string.IsNullOrWhiteSpace(toward) || toward.Length > 200 ? throw new ConflictException("redirect-whom") : EndAsync(caseId, "redirect", ground, reason, toward.Trim(), by, cancel);

    private Task EndAsync(string caseId, string how, string? ground, string? reason, string? toward, Person by, CancellationToken cancel)
    {
        var why = land.Calendars.GroundsFor(how).FirstOrDefault(g => g.Id == ground) ?? throw new ConflictException(how + "-ground");
        var (said, state) = (Reason.Of(reason), how + "ed");
        return AnswerAsync(caseId, by, async (change, row, held, task) =>
        {
            var (_, matter) = await MatterAsync(row, cancel);
            await MoveAsync(change, held, state, by.Login, "ground = @ground, reason = @said, toward = @toward", new { ground = why.Id, said, toward });
            await change.ExecuteAsync("UPDATE work_case SET state = @state, ended = @Stamp, version = version + 1 WHERE id = @Id", new { row.Id, state, change.Stamp });
            change.Record(row, by, "application." + state, new { ground = why.Id, why.Law });
            await WriteAsync(change, row, matter, task.Unit, how, new() { ["reason"] = said, ["ground"] = why.Name, ["law"] = why.Law, ["toward"] = toward, ["appeal"] = DocumentText.Appeal(matter.Appeal) });
            await notices.TellAsync(change, row, new Happening(state, $"case:{row.Id}:{held.Version.ToString(CultureInfo.InvariantCulture)}") { Ground = why.Id });
        }, cancel);
    }

    /// <summary>Takes a rejection or redirection back (纠正): the application waits for an answer again. A leader of the unit does.</summary>
    /// <exception cref="ConflictException">acceptance-none; acceptance-open: it is not rejected or redirected; acceptance-not-yours; case-archived; reason-missing.</exception>
    public Task ReopenAsync(string caseId, string? reason, Person by, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        return ChangeAsync(caseId, by, async (change, row, held) =>
        {
            if (!by.May("acceptance.reopen", new Thing(held.Unit, row.Region)))
                throw new ConflictException("acceptance-not-yours");
            if (held.State is not ("rejected" or "redirected"))
                throw new ConflictException("acceptance-open");
            var (_, matter) = await MatterAsync(row, cancel);
            await change.ExecuteAsync("UPDATE work_case SET state = 'received', ended = NULL, version = version + 1 WHERE id = @Id", new { row.Id });
            await AskAgainAsync(change, row, held, matter);
            change.Record(row, by, "application.reopened", new { was = held.State, reason = said });
            await notices.TellAsync(change, row, new Happening("received", $"case:{row.Id}:{held.Version.ToString(CultureInfo.InvariantCulture)}"));
        }, cancel);
    }

    /// <summary>An applicant supplements what was asked for; then an answer is due anew.</summary>
    /// <param name="given">The fields that were asked for.</param>
    /// <returns>The faults of what was given, none when it is in.</returns>
    /// <exception cref="ConflictException">supplement-none: nothing is asked for; material-owed: a material is not in yet.</exception>
    public async Task<IReadOnlyList<FormFault>> GiveAsync(ApplicationFile file, JsonObject given, CancellationToken cancel = default)
    {
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), change => GiveAsync(change, file.Case.Id, given, cancel), cancel);
        }
        catch (FormRefused refused)
        {
            return refused.Faults;
        }
        return [];
    }

    private async Task GiveAsync(Change change, string caseId, JsonObject given, CancellationToken cancel)
    {
        var row = await steps.HoldAsync(change, caseId);
        var held = await HeldAsync(change, row);
        if (held.State != "supplement")
            throw new ConflictException("supplement-none");
        var (pack, matter) = await MatterAsync(row, cancel);
        if ((await change.QueryAsync<string>("SELECT material FROM work_material WHERE case_id = @Id AND state = 'owed'", new { row.Id })).Any(held.Wanted.Materials.Contains))
            throw new ConflictException("material-owed");
        var state = Steps.StateOf(row);
        var data = JsonNode.Parse(row.Data)!.AsObject();
        if (held.Wanted.Fields.Count > 0)
        {
            var schema = pack.Forms[matter.Form!.Name];
            var whole = new JsonObject(FormField.Of(schema, Lang.Zh).Where(f => data.ContainsKey(f.Name)).Select(f => KeyValuePair.Create(f.Name, data[f.Name]?.DeepClone())));
            foreach (var field in held.Wanted.Fields)
                whole[field] = given[field]?.DeepClone();
            // What was asked for is filled in, whether or not the form has to have it.
            var blank = held.Wanted.Fields.Where(f => whole[f] is null || (whole[f] is JsonValue v && v.TryGetValue<string>(out var text) && string.IsNullOrWhiteSpace(text))).Select(f => new FormFault(f, "required")).ToList();
            var (clean, faults) = await FormCheck.CheckAsync(schema, whole, land);
            if (blank.Count + faults.Count > 0)
                throw new FormRefused([.. blank, .. faults.Where(f => f.Code != "required" || blank.All(b => b.Field != f.Field))]);
            foreach (var field in FormField.Of(schema, Lang.Zh))
                data.Remove(field.Name);
            foreach (var (name, value) in clean)
                data[name] = value?.DeepClone();
            await steps.KeepAsync(change, row, state with { Data = Json.Values(data) });
        }
        await AskAgainAsync(change, row, held, matter);
        change.Record(row, "applicant", "application.supplemented", new { held.Wanted.Fields, held.Wanted.Materials });
    }

    /// <summary>An applicant takes an application back that was not accepted yet.</summary>
    /// <exception cref="ConflictException">acceptance-answered: it was.</exception>
    public Task WithdrawAsync(ApplicationFile file, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var row = await steps.HoldAsync(change, file.Case.Id);
        var held = await HeldAsync(change, row);
        if (held.State is not ("received" or "supplement"))
            throw new ConflictException("acceptance-answered");
        await MoveAsync(change, held, "withdrawn", "applicant", null, null);
        await change.ExecuteAsync("UPDATE work_task SET state = 'withdrawn', ended = @Stamp, version = version + 1 WHERE case_id = @Id AND state = 'open'", new { row.Id, change.Stamp });
        await change.ExecuteAsync("UPDATE work_case SET state = 'withdrawn', ended = @Stamp, version = version + 1 WHERE id = @Id", new { row.Id, change.Stamp });
        change.Record(row, "applicant", "application.withdrawn");
    }, cancel);

    /// <summary>Does what time does to one application: unanswered for too long it is accepted; not supplemented for too long it is looked at again.</summary>
    /// <returns>Null where there is nothing.</returns>
    internal async Task<bool?> NextAsync(Change change)
    {
        const string due = "SELECT a.case_id FROM work_acceptance a WHERE (a.state = 'received' AND a.due < @Stamp) OR (a.state = 'supplement' AND a.supplement_due < @Stamp) ORDER BY a.due LIMIT 1";
        if (await change.FindAsync<string>(due, new { change.Stamp }) is not { } id)
            return null;
        var row = await steps.HoldAsync(change, id);
        var held = await HeldAsync(change, row);
        var (_, matter) = await MatterAsync(row, default);
        if (held is { State: "received" } && string.CompareOrdinal(held.Due, change.Stamp) < 0)
        {
            var unit = await change.FindAsync<string>("SELECT unit FROM work_task WHERE case_id = @Id AND state = 'open' AND node = @Node", new { row.Id, Node }) ?? held.Unit;
            await change.ExecuteAsync("UPDATE work_task SET state = 'withdrawn', ended = @Stamp, version = version + 1 WHERE case_id = @Id AND state = 'open'", new { row.Id, change.Stamp });
            await BeginAsync(change, row, held, unit, "process", null, Time.Read(held.Received), "application.deemed-accepted");
            return true;
        }
        if (held is not { State: "supplement" } || string.CompareOrdinal(held.SupplementDue, change.Stamp) >= 0)
            return false;
        await AskAgainAsync(change, row, held, matter);
        change.Record(row, "process", "application.not-supplemented", new { due = held.SupplementDue });
        return true;
    }

    /// <summary>Ends within a change what waits for an answer, because it goes another way.</summary>
    internal static async Task LeaveAsync(Change change, Case row, string by, string? toward)
    {
        await change.ExecuteAsync("UPDATE work_acceptance SET state = 'redirected', answered = @Stamp, answered_by = @by, toward = @toward, version = version + 1 WHERE case_id = @Id AND state IN ('received', 'supplement')", new { row.Id, change.Stamp, by, toward });
        await change.ExecuteAsync("UPDATE work_task SET state = 'withdrawn', ended = @Stamp, version = version + 1 WHERE case_id = @Id AND state = 'open'", new { row.Id, change.Stamp });
        await change.ExecuteAsync("UPDATE work_case SET state = 'redirected', ended = @Stamp, version = version + 1 WHERE id = @Id", new { row.Id, change.Stamp });
    }

    /// <summary>The fields of a matter's form that an applicant can be asked to fill in anew: all but files.</summary>
    public static IReadOnlyList<FormField> Askable(Pack pack, Matter matter, string lang = Lang.Zh) =>
        matter.Form is { } form ? [.. FormField.Of(pack.Forms[form.Name], lang).Where(f => f.Files is null && !f.IsCalculated)] : [];

    /// <summary>What is wanted, by its names.</summary>
    public static IEnumerable<string> Names(Missed wanted, Pack pack, Matter matter, string lang = Lang.Zh)
    {
        var fields = Askable(pack, matter, lang);
        return [.. wanted.Fields.Select(f => fields.FirstOrDefault(x => x.Name == f)?.Title ?? f), .. wanted.Materials.Select(m => pack.Say(lang, matter.Materials.FirstOrDefault(x => x.Id == m)?.Name ?? m))];
    }

    private async Task BeginAsync(Change change, Case row, Acceptance held, string unit, string by, string? byUnit, DateTimeOffset from, string action)
    {
        var (_, matter) = await MatterAsync(row, default);
        var due = steps.DueOf(from, matter.Limit, row.Region);
        await MoveAsync(change, held, "accepted", by, null, null);
        await change.ExecuteAsync("UPDATE work_case SET state = 'open', due = @due WHERE id = @Id", new { row.Id, due });
        change.Record(row, by, action, new { received = held.Received, due }, byUnit);
        await WriteAsync(change, row, matter, unit, "accept", new()
        {
            ["deemed"] = by == "process" ? "因逾期未作答复，依照《中华人民共和国行政许可法》第三十二条第一款第四项，自收到申请材料之日起即为受理。" : "",
            ["due"] = due is null ? "" : $"办结期限：{Day(due)}。",
        });
        await notices.TellAsync(change, row, new Happening("accepted", "case:" + row.Id) { Due = due });
        await steps.BeginAsync(change, row with { State = "open", Due = due });
    }

    private async Task WriteAsync(Change change, Case row, Matter matter, string unit, string letter, JsonObject facts, string list = "")
    {
        using var stream = typeof(Acceptances).Assembly.GetManifestResourceStream($"letter.{letter}.md")!;
        using var reader = new StreamReader(stream);
        var (template, _) = DocumentTemplate.Read(await reader.ReadToEndAsync());
        var marks = await documents.MarkAsync(change, row, template, unit, unit);
        facts["case"] = new JsonObject { ["number"] = row.Number };
        facts["matter"] = new JsonObject { ["name"] = matter.Name };
        facts["received"] = Day(row.Opened);
        await DocumentBook.KeepAsync(change, row, await steps.Seals.OfAsync(change, row), template.Title!, marks, DocumentText.Fill(template.Body, facts, marks, land, new Dictionary<string, string> { ["list"] = list }));
    }

    private async Task AskAgainAsync(Change change, Case row, Acceptance held, Matter matter)
    {
        var due = steps.DueOf(change.At, Rule(matter).Within, row.Region)!;
        await change.ExecuteAsync("UPDATE work_acceptance SET state = 'received', received = @Stamp, due = @due, answered = NULL, answered_by = NULL, ground = NULL, toward = NULL, version = version + 1 WHERE case_id = @Id", new { row.Id, change.Stamp, due });
        AskUnit(change, row, held.Unit, due, Rule(matter).Within);
    }

    private Task AnswerAsync(string caseId, Person by, Func<Change, Case, Acceptance, WorkTask, Task> answer, CancellationToken cancel) => ChangeAsync(caseId, by, async (change, row, held) =>
    {
        if (held.State != "received" || await change.FindAsync<string>("SELECT id FROM work_task WHERE case_id = @Id AND state = 'open' AND node = @Node", new { row.Id, Node }) is not { } id)
            throw new ConflictException("acceptance-answered");
        var (task, _) = await tasks.HoldAsync(change, id, by);
        await Tasks.HoldUpAsync(change, task, row, by);
        change.Later("UPDATE work_task SET state = 'done', ended = @Stamp, ended_by = @Login, assignee = @Login, version = version + 1 WHERE id = @id", new { change.Stamp, by.Login, id });
        Escalations.Over(change, "task_id = @id", new { id, change.Stamp });
        await answer(change, row, held, task);
    }, cancel);

    private async Task ChangeAsync(string caseId, Person by, Func<Change, Case, Acceptance, Task> act, CancellationToken cancel)
    {
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var rights = by.Rows("case.read", land);
            var id = await change.FindAsync<string>($"SELECT id FROM work_case WHERE (id = @caseId OR number = @caseId){rights.OfCase("work_case")}", rights.With(new { caseId = caseId.Trim() })) ?? throw new ConflictException("case-gone");
            var row = await steps.HoldAsync(change, id);
            await act(change, row, await HeldAsync(change, row));
        }, cancel);
        signal.Raise();
        news.Raise();
    }

    private static async Task<Acceptance> HeldAsync(Change change, Case row) =>
        await change.FindAsync<Acceptance>($"SELECT {Acceptance.Columns} FROM work_acceptance WHERE case_id = @Id", new { row.Id }) ?? throw new ConflictException("acceptance-none");

    private static Task MoveAsync(Change change, Acceptance held, string to, string by, string? set, object? args)
    {
        var all = new DynamicParameters(args);
        all.AddDynamicParams(new { held.CaseId, to, by, change.Stamp });
        return change.ExecuteAsync($"UPDATE work_acceptance SET state = @to, answered = @Stamp, answered_by = @by, version = version + 1{(set is null ? "" : ", " + set)} WHERE case_id = @CaseId", all);
    }

    private async Task<(Pack Pack, Matter Matter)> MatterAsync(Case row, CancellationToken cancel)
    {
        var pack = await packs.AtAsync(row.Pack, row.Revision, cancel);
        return (pack, pack.Matter(row.Matter)!);
    }

    private static AcceptanceRule Rule(Matter matter) => matter.Accept ?? new AcceptanceRule("P5D working", "P10D working");

    private string Day(string stamp) => Time.Read(stamp).ToOffset(land.Offset).ToString("yyyy年M月d日", CultureInfo.InvariantCulture);
}
