using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What came of going through a day's statement.</summary>
/// <param name="Lines">Lines that it has.</param>
/// <param name="Found">Orders that only the statement showed to be paid: the notification was lost.</param>
/// <param name="Differences">Lines and orders that do not fit each other.</param>
public sealed record Reconciled(string Channel, string Day, int Lines, int Found, int Differences);

/// <summary>What time does to orders, and what accountants do: lapse, give back, reconcile, resolve.</summary>
public sealed partial class Payments
{
    // When a channel that had no statement is asked again.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _asked = new();

    // How long after its day a statement is still gone through by itself.
    private const int DaysBack = 31;

    private static readonly TimeSpan Often = TimeSpan.FromMinutes(10), Longest = TimeSpan.FromHours(6);

    /// <summary>Does what is due of one order: it lapses, or what was paid goes back; else goes through a statement that is due.</summary>
    /// <returns>False where there is nothing.</returns>
    internal async Task<bool> NextAsync(CancellationToken cancel)
    {
        var one = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Payment>($"SELECT {Payment.Columns} {Payment.From} WHERE p.next <= @now ORDER BY p.next, p.id LIMIT 1", new { now = Time.Write(clock.GetUtcNow()) }), cancel);
        if (one is null)
            return await ReconcileNextAsync(cancel);
        await (one.State == "refunding" ? GiveBackAsync(one, cancel) : LapseAsync(one, cancel));
        return true;
    }

    // A notification may have been lost: the channel is asked before an order is given up.
    private async Task LapseAsync(Payment payment, CancellationToken cancel)
    {
        var way = payment.Channel is { } id ? Channels.FirstOrDefault(c => c.Id == id) : null;
        PaymentNews? said = null;
        try
        {
            said = way is null ? null : await way.QueryAsync(payment.Number, cancel);
        }
        catch (PaymentChannelException)
        {
            await store.ChangeAsync(clock.GetUtcNow(), change => PutOffAsync(change, payment, "due"), cancel);
            return;
        }
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (said is { State: "paid" })
                await TakeAsync(change, way!, said);
            var (row, held) = await HoldAsync(change, payment.Number);
            if (held is not { State: "due" } || string.CompareOrdinal(held.Next, change.Stamp) > 0)
            {
                change.Record(row!, Actor, "payment.done-meanwhile", new { payment.Number });
                return;
            }
            await EndAsync(change, row!, held, "lapsed");
            await TellAsync(change, row!, Lapsed, await OfIdAsync(change, held.Id));
        }, cancel);
        signal.Raise();
    }

    private async Task GiveBackAsync(Payment payment, CancellationToken cancel)
    {
        try
        {
            var way = Channels.FirstOrDefault(c => c.Id == payment.Channel) ?? throw new PaymentChannelException("gone");
            await way.RefundAsync(payment.Trade!, payment.Reason ?? "", cancel);
        }
        catch (PaymentChannelException)
        {
            await store.ChangeAsync(clock.GetUtcNow(), change => PutOffAsync(change, payment, "refunding"), cancel);
            return;
        }
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var (row, held) = await HoldAsync(change, payment.Number);
            if (await change.ExecuteAsync("UPDATE work_payment SET state = 'refunded', ended = @Stamp, next = NULL, version = version + 1 WHERE id = @Id AND state = 'refunding'", new { payment.Id, change.Stamp }) == 0)
            {
                change.Record(row!, Actor, "payment.done-meanwhile", new { payment.Number });
                return;
            }
            change.Record(row!, Actor, "payment.refunded", new { payment.Number, payment.Fen, payment.Trade, held!.Reason });
            await notices.TellAsync(change, row!, new Happening("refunded", "payment:" + payment.Id));
        }, cancel);
        news.Raise();
    }

    private static async Task PutOffAsync(Change change, Payment payment, string state)
    {
        var (row, _) = await HoldAsync(change, payment.Number);
        var pause = TimeSpan.FromMinutes(Math.Min(Longest.TotalMinutes, Math.Pow(2, Math.Min(payment.Attempts, 20))));
        await change.ExecuteAsync("UPDATE work_payment SET attempts = attempts + 1, next = @next WHERE id = @Id AND state = @state", new { payment.Id, state, next = Time.Write(change.At + pause) });
        change.Record(row!, Actor, "payment.put-off", new { payment.Number, attempts = payment.Attempts + 1 });
    }

    private async Task<bool> ReconcileNextAsync(CancellationToken cancel)
    {
        var today = Today;
        foreach (var way in Channels)
        {
            if (_asked.TryGetValue(way.Id, out var again) && clock.GetUtcNow() < again)
                continue;
            var (first, done) = await store.ReadAsync(async c => (await c.ExecuteScalarAsync<string?>("SELECT min(made) FROM work_payment WHERE channel = @Id", new { way.Id }),
                (await c.QueryAsync<string>("SELECT day FROM work_payment_day WHERE channel = @Id AND day >= @since", new { way.Id, since = Written(today.AddDays(-DaysBack)) })).ToHashSet()), cancel);
            if (first is null)
                continue;
            // What was missed while nothing ran is made up for, the oldest day first.
            var begun = DateOnly.FromDateTime(Time.Read(first).ToOffset(land.Offset).DateTime);
            if (Enumerable.Range(1, DaysBack).Select(n => today.AddDays(-n)).LastOrDefault(d => d >= begun && !done.Contains(Written(d))) is not { Year: > 1 } day)
                continue;
            try
            {
                await ReconcileAsync(way, day, "process", null, cancel);
                return true;
            }
            catch (PaymentChannelException)
            {
                _asked[way.Id] = clock.GetUtcNow() + Often;
            }
        }
        return false;
    }

    /// <summary>Goes through a channel's statement of a day that is over (对账): what only it knows is taken in, what does not fit becomes a difference.</summary>
    /// <exception cref="ConflictException">payment-channel: there is none, or it has no statement yet; statement-day: it is no day, or not over.</exception>
    public async Task<Reconciled> ReconcileAsync(string? channel, string? day, Person by, CancellationToken cancel = default)
    {
        var way = Channel(channel) ?? throw new ConflictException("payment-channel");
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) || on >= Today || on.Year < 2000)
            throw new ConflictException("statement-day");
        try
        {
            return await ReconcileAsync(way, on, by.Login, by.Unit, cancel);
        }
        catch (PaymentChannelException)
        {
            throw new ConflictException("payment-channel");
        }
    }

    private async Task<Reconciled> ReconcileAsync(IPaymentChannel way, DateOnly day, string actor, string? unit, CancellationToken cancel)
    {
        var lines = await way.StatementAsync(day, cancel);
        var came = new List<string>();
        foreach (var line in lines)
            came.Add(await store.ChangeAsync(clock.GetUtcNow(), change => TakeAsync(change, way, line), cancel));
        var ours = await store.ReadAsync(c => c.QueryAsync<Payment>($"SELECT {Payment.Columns} {Payment.From} WHERE p.channel = @Id AND p.paid >= @from AND p.paid < @to ORDER BY p.id", new { way.Id, from = Midnight(day), to = Midnight(day.AddDays(1)) }), cancel);
        var theirs = lines.Where(l => l.State == "paid").Select(l => l.Trade).ToHashSet();
        var done = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            foreach (var payment in ours.Where(p => !theirs.Contains(p.Trade!)))
            {
                var (row, held) = await HoldAsync(change, payment.Number);
                came.Add(await DifferAsync(change, row, held, way, "missing", new PaymentNews(payment.Number, payment.Trade!, 0, "missing", change.At)));
            }
            var result = new Reconciled(way.Id, Written(day), lines.Count, came.Count(c => c == "paid"), came.Count(c => c is "unknown" or "amount" or "late" or "twice" or "missing" or "refund"));
            await change.ExecuteAsync("INSERT INTO work_payment_day (channel, day, at, lines) VALUES (@Channel, @Day, @Stamp, @Lines) ON CONFLICT (channel, day) DO UPDATE SET at = @Stamp, lines = @Lines", new { result.Channel, result.Day, change.Stamp, result.Lines });
            change.Record(actor, "payment.reconciled", $"channel:{way.Id}", JsonSerializer.Serialize(result, Json.Plain), unit);
            return result;
        }, cancel);
        signal.Raise();
        return done;
    }

    /// <summary>A page of differences that somebody sees, those that are open first. Money for no order is shown to every accountant: somebody has to know it again.</summary>
    public Task<Page<PaymentDifference>> DifferencesAsync(bool? isOpen, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var where = $"WHERE (@open IS NULL OR (CASE WHEN d.resolved IS NULL THEN 1 ELSE 0 END) = @open){rights.And("d.region", Own)}";
        var args = rights.With(new { open = isOpen switch { null => (int?)null, true => 1, false => 0 }, skip, take });
        return new Page<PaymentDifference>((await c.QueryAsync<PaymentDifference>($"SELECT {PaymentDifference.Columns} FROM work_payment_difference d {where} ORDER BY CASE WHEN d.resolved IS NULL THEN 0 ELSE 1 END, d.found DESC, d.id DESC LIMIT @take OFFSET @skip", args)).AsList(),
            await c.ExecuteScalarAsync<long>($"SELECT count(*) FROM work_payment_difference d {where}", args), skip, take);
    }, cancel);

    private const string Own = "(d.unit = @rowUnit OR d.unit IS NULL)";

    /// <summary>An accountant says what became of a difference, with a reason: the money went back, or it is explained.</summary>
    /// <exception cref="ConflictException">difference-gone: none of theirs; difference-over: it is resolved; difference-begun: it is going back already; difference-how: neither refund nor explained, or there is no money to give back; reason-missing; payment-channel: the channel did not give it back.</exception>
    public async Task ResolveAsync(string id, string? how, string? reason, Person by, CancellationToken cancel = default)
    {
        var (said, rights) = (Reason.Of(reason), by.Rows("payment.settle", land));
        var difference = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<PaymentDifference>($"SELECT {PaymentDifference.Columns} FROM work_payment_difference d WHERE d.id = @id{rights.And("d.region", Own)}", rights.With(new { id })), cancel) ?? throw new ConflictException("difference-gone");
        if (how is not ("refund" or "explained") || (how == "refund" && !(difference with { Resolved = null }).MayRefund))
            throw new ConflictException("difference-how");
        var isRefund = how == "refund";
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // Of two at once the second finds it over. What goes back is over once it went: begun and broken off, it is asked for again, and done once.
            if (await change.ExecuteAsync("UPDATE work_payment_difference SET how = @how, reason = @said, resolved = @resolved, resolved_by = @Login WHERE id = @id AND resolved IS NULL AND (how IS NULL OR how = @how)", new { id, how, said, resolved = isRefund ? null : change.Stamp, by.Login }) == 0)
                throw new ConflictException(await change.FindAsync<string>("SELECT resolved FROM work_payment_difference WHERE id = @id", new { id }) is null ? "difference-begun" : "difference-over");
            Record(change, difference, by, isRefund ? "payment.refund-begun" : "payment.difference-resolved", new { difference.Kind, difference.Number, difference.Trade, how, reason = said });
        }, cancel);
        if (!isRefund)
            return;
        try
        {
            var way = Channels.FirstOrDefault(c => c.Id == difference.Channel) ?? throw new PaymentChannelException("gone");
            await way.RefundAsync(difference.Trade, said, cancel);
        }
        catch (PaymentChannelException)
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                await change.ExecuteAsync("UPDATE work_payment_difference SET how = NULL, reason = NULL, resolved_by = NULL WHERE id = @id AND resolved IS NULL", new { id });
                Record(change, difference, by, "payment.refund-failed", new { difference.Number, difference.Trade });
            }, cancel);
            throw new ConflictException("payment-channel");
        }
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.ExecuteAsync("UPDATE work_payment_difference SET resolved = @Stamp WHERE id = @id AND resolved IS NULL", new { id, change.Stamp }) == 0)
                throw new ConflictException("difference-over");
            Record(change, difference, by, "payment.difference-resolved", new { difference.Kind, difference.Number, difference.Trade, how, reason = said });
        }, cancel);
    }

    private static void Record(Change change, PaymentDifference difference, Person by, string action, object detail) =>
        change.Record(by, action, $"payment:{difference.Number}", JsonSerializer.Serialize(detail, Json.Plain));

    /// <summary>An accountant has what was paid go back, with a reason: a decision was taken back, or it was paid by mistake.</summary>
    /// <exception cref="ConflictException">payment-gone: none of theirs; payment-not-paid: it is not paid, or goes back already; reason-missing.</exception>
    public async Task RefundAsync(string number, string? reason, Person by, CancellationToken cancel = default)
    {
        var (said, rights) = (Reason.Of(reason), by.Rows("payment.settle", land));
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.FindAsync<string>($"SELECT p.id {Payment.From} WHERE p.number = @number{rights.And("c.region", "p.unit = @rowUnit")}", rights.With(new { number })) is null)
                throw new ConflictException("payment-gone");
            var (row, payment) = await HoldAsync(change, number);
            if (payment is not { State: "paid" })
                throw new ConflictException("payment-not-paid");
            await GoBackAsync(change, row!, payment, said, by.Login, by.Unit);
        }, cancel);
        signal.Raise();
    }

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(land.Offset).DateTime);

    private string Midnight(DateOnly day) => Time.Write(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), land.Offset));

    private static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
