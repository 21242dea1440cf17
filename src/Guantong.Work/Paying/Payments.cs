using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What has to be paid in cases (缴款): asked for by a process, paid by whoever has the code, told to the process, refunded where its pack says so, and reconciled with the channel's statement.</summary>
/// <remarks>行政处罚法 §67: who decides a fine does not take it; a channel does, into the treasury's account. Whoever changes a payment holds its case first, as every step does.</remarks>
public sealed partial class Payments(Store store, PackRegistry packs, Jurisdiction land, CaseSeals seals, DocumentBook documents, Notices notices, IEnumerable<IPaymentChannel> channels, Demonstration demo, TimeProvider clock, WorkSignal signal, NoticeSignal news)
{
    /// <summary>The message to the process that something was paid; its key is the case's number.</summary>
    public const string Made = "payment-made";

    /// <summary>The message to the process that an order lapsed.</summary>
    public const string Lapsed = "payment-lapsed";

    /// <summary>Letters of a payment code.</summary>
    public const int CodeLength = 12;

    private const string Actor = "service:payment";

    /// <summary>The ways to pay. Outside a demonstration nothing may be paid without money.</summary>
    public IReadOnlyList<IPaymentChannel> Channels { get; } = [.. channels.Where(c => !c.IsSimulated || demo.IsOn)];

    /// <summary>A way to pay by its id; the first where none is named. Null where there is none.</summary>
    public IPaymentChannel? Channel(string? id) => Channels.FirstOrDefault(c => string.IsNullOrEmpty(id) || c.Id == id);

    /// <summary>Asks for a charge of a case's matter, in the step that comes to it. Asked again, it is the same order.</summary>
    /// <returns>What the case knows of it: <c>payment</c> with number, code, amount, due and state (due, paid, or none where nothing is to be paid).</returns>
    /// <exception cref="StuckException">payment-amount: the amount cannot be worked out; payment-differs: another amount was paid already.</exception>
    internal async Task<JsonObject> CollectAsync(Change change, ServiceCall call)
    {
        var (row, charge) = (call.Case, call.Matter.Charges.First(c => c.Id == call.Node.Attributes["charge"]));
        if (FormRules.Value(charge.Amount.Name, Json.Values(JsonNode.Parse(row.Data)!.AsObject())) is not decimal yuan || Yuan.Fen(yuan) is not { } fen)
            throw new StuckException(call.Node.Id, "payment-amount", charge.Name);
        var held = await change.FindAsync<Payment>($"SELECT {Payment.Columns} {Payment.From} WHERE p.case_id = @Id AND p.charge = @charge AND p.state IN ('due', 'paid', 'refunding')", new { row.Id, charge = charge.Id });
        if (held is { State: "paid" or "refunding" })
        {
            if (held.Fen != fen || held.State == "refunding")
                throw new StuckException(call.Node.Id, "payment-differs", charge.Name);
            await TellAsync(change, row, Made, held);
            return Known(held);
        }
        if (held is not null && held.Fen == fen)
            return Known(held);
        if (held is not null)
            await EndAsync(change, row, held, "cancelled");
        if (fen == 0)
            return new JsonObject { ["payment"] = new JsonObject { ["state"] = "none", ["amount"] = Yuan.Say(0) } };
        var lead = call.Pack.LeadOf(call.Matter);
        var unit = land.Units.ForRegion(lead, row.Region);
        var due = Time.Write(land.Calendars.Of(row.Region).Due(change.At, Processes.TimeLimit.Of(charge.Within)));
        var year = change.At.ToOffset(land.Offset).Year.ToString(CultureInfo.InvariantCulture);
        var asked = new
        {
            id = Guid.CreateVersion7(change.At).ToString("n"), number = await Cases.NextNumberAsync(change, $"P{row.Region}-{year}", "000000"), code = RandomNumberGenerator.GetString(DocumentBook.Alphabet, CodeLength), caseId = row.Id,
            charge = charge.Id, charge.Kind, charge.Name, payee = charge.Payee ?? unit?.Name ?? lead, charge.Basis, unit = unit?.Id ?? lead, fen, change.Stamp, due,
        };
        await change.ExecuteAsync("""
            INSERT INTO work_payment (id, number, code, case_id, charge, kind, name, payee, basis, unit, fen, state, made, due, next, attempts, version)
            VALUES (@id, @number, @code, @caseId, @charge, @Kind, @Name, @payee, @Basis, @unit, @fen, 'due', @Stamp, @due, @due, 0, 1)
            """, asked);
        change.Record(row, Actor, "payment.asked", new { asked.number, charge = charge.Id, fen, due });
        await notices.TellAsync(change, row, new Happening("payment", "payment:" + asked.id) { Due = due });
        news.Raise();
        return Known(await OfIdAsync(change, asked.id));
    }

    /// <summary>An order by its code; null where there is none.</summary>
    public Task<Payment?> FindAsync(string? code, CancellationToken cancel = default)
    {
        var told = new string([.. (code ?? "").Where(c => !char.IsWhiteSpace(c) && c != '-')]).ToUpperInvariant();
        return told.Length != CodeLength ? Task.FromResult<Payment?>(null) : store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Payment>($"SELECT {Payment.Columns} {Payment.From} WHERE p.code = @told", new { told }), cancel);
    }

    /// <summary>Begins to pay an order by a channel.</summary>
    /// <returns>Where the payer goes.</returns>
    /// <exception cref="ConflictException">payment-gone: no such code; payment-over: it is paid, lapsed or cancelled; payment-channel: there is no way to pay, or it does not answer.</exception>
    public async Task<string> PayAsync(string? code, string? channel, CancellationToken cancel = default)
    {
        var way = Channel(channel) ?? throw new ConflictException("payment-channel");
        var payment = await FindAsync(code, cancel) ?? throw new ConflictException("payment-gone");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var (row, held) = await HoldAsync(change, payment.Number);
            if (held!.State != "due" || string.CompareOrdinal(held.Due, change.Stamp) <= 0)
                throw new ConflictException("payment-over");
            await change.ExecuteAsync("UPDATE work_payment SET channel = @channel, version = version + 1 WHERE id = @Id", new { held.Id, channel = way.Id });
            change.Record(row!, "applicant", "payment.begun", new { held.Number, channel = way.Id });
        }, cancel);
        try
        {
            return await way.CreateAsync(new PaymentAsk(payment.Number, payment.Fen, Time.Read(payment.Due), "/pay/" + payment.Code), cancel);
        }
        catch (PaymentChannelException)
        {
            throw new ConflictException("payment-channel");
        }
    }

    /// <summary>What has or had to be paid in a case, the oldest first.</summary>
    public Task<IReadOnlyList<Payment>> OfCaseAsync(string caseId, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<Payment>)(await c.QueryAsync<Payment>($"SELECT {Payment.Columns} {Payment.From} WHERE p.case_id = @caseId ORDER BY p.made, p.id", new { caseId })).AsList(), cancel);

    /// <summary>A page of the orders that somebody sees, the newest first.</summary>
    public Task<Page<Payment>> PageAsync(string? state, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var where = $"WHERE (@state IS NULL OR p.state = @state){rights.And("c.region", "p.unit = @rowUnit")}";
        var args = rights.With(new { state, skip, take });
        return new Page<Payment>((await c.QueryAsync<Payment>($"SELECT {Payment.Columns} {Payment.From} {where} ORDER BY p.made DESC, p.id DESC LIMIT @take OFFSET @skip", args)).AsList(), await c.ExecuteScalarAsync<long>($"SELECT count(*) {Payment.From} {where}", args), skip, take);
    }, cancel);

    /// <summary>What a payment in a case comes to when the case ends: what is still due is cancelled, what was paid goes back where its charge says so.</summary>
    /// <param name="how">ended, refused, withdrawn, terminated, redirected.</param>
    internal static async Task EndedAsync(Change change, Case row, Matter? matter, string how)
    {
        foreach (var payment in (await change.QueryAsync<Payment>($"SELECT {Payment.Columns} {Payment.From} WHERE p.case_id = @Id AND p.state IN ('due', 'paid')", new { row.Id })).AsList())
        {
            if (payment.State == "due")
                await EndAsync(change, row, payment, "cancelled");
            else if (matter?.Charges.FirstOrDefault(c => c.Id == payment.Charge)?.Refund.Contains(how) == true)
                await GoBackAsync(change, row, payment, how, Actor, null);
        }
    }

    private static async Task EndAsync(Change change, Case row, Payment payment, string state)
    {
        await change.ExecuteAsync("UPDATE work_payment SET state = @state, ended = @Stamp, next = NULL, version = version + 1 WHERE id = @Id AND state = 'due'", new { payment.Id, state, change.Stamp });
        change.Record(row, Actor, "payment." + state, new { payment.Number, payment.Fen });
    }

    private static async Task GoBackAsync(Change change, Case row, Payment payment, string reason, string actor, string? unit)
    {
        await change.ExecuteAsync("UPDATE work_payment SET state = 'refunding', reason = @reason, next = @Stamp, attempts = 0, version = version + 1 WHERE id = @Id AND state = 'paid'", new { payment.Id, reason, change.Stamp });
        change.Record(row, actor, "payment.refund-asked", new { payment.Number, payment.Fen, reason }, unit);
    }

    private static async Task<(Case? Row, Payment? Payment)> HoldAsync(Change change, string number)
    {
        if (await change.FindAsync<string>("SELECT case_id FROM work_payment WHERE number = @number", new { number }) is not { } caseId)
            return (null, null);
        var row = await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @caseId{change.ForUpdate}", new { caseId });
        return (row, await change.FindAsync<Payment>($"SELECT {Payment.Columns} {Payment.From} WHERE p.number = @number", new { number }));
    }

    private static async Task<Payment> OfIdAsync(Change change, string id) => (await change.FindAsync<Payment>($"SELECT {Payment.Columns} {Payment.From} WHERE p.id = @id", new { id }))!;

    private JsonObject Known(Payment payment) => new()
    {
        ["payment"] = new JsonObject { ["number"] = payment.Number, ["code"] = DocumentBook.Spaced(payment.Code), ["amount"] = Yuan.Say(payment.Fen), ["due"] = Day(payment.Due), ["state"] = payment.State },
    };

    // A process that waits for it hears of it; to others it is nothing that an operator would have to look after.
    private async Task TellAsync(Change change, Case row, string message, Payment payment)
    {
        if (row.State is not ("open" or "stuck") || !(await packs.AtAsync(row.Pack, row.Revision)).Files.Texts.Any(t => t.Key.EndsWith(".bpmn", StringComparison.Ordinal) && t.Value.Contains($"\"{message}\"", StringComparison.Ordinal)))
            return;
        var data = new JsonObject { ["payment_number"] = payment.Number, ["payment_state"] = payment.State, ["paid_on"] = payment.Paid is { } at ? Day(at) : null };
        await Messages.InsertAsync(change, "message", message, row.Number, data.ToJsonString(Json.Plain), null, null, TimeSpan.FromDays(90), Guid.CreateVersion7(change.At).ToString("n"), CaseLedger.About(row.Number));
    }

    private string Day(string stamp) => Time.Read(stamp).ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
