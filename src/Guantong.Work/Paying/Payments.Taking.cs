using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What channels say, and what an order comes to by it.</summary>
public sealed partial class Payments
{
    /// <summary>Hears a channel's notification. One that was heard already changes nothing.</summary>
    /// <returns>What it came to: paid, failed, refunded, already, or the kind of the difference that it made.</returns>
    /// <exception cref="PaymentWordException">It is not believed: word-signature, word-stale, word-shape; word-differs: another one came under its id.</exception>
    /// <exception cref="ConflictException">payment-channel: there is no such channel.</exception>
    public async Task<string> HearAsync(string channel, PaymentWord word, CancellationToken cancel = default)
    {
        var way = Channels.FirstOrDefault(c => c.Id == channel) ?? throw new ConflictException("payment-channel");
        var read = await way.ReadAsync(word, clock.GetUtcNow(), cancel);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(word.Body)));
        var outcome = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var touched = await change.ExecuteAsync("INSERT INTO work_payment_word (channel, id, at, sha256) VALUES (@channel, @Id, @Stamp, @sha256) ON CONFLICT (channel, id) DO NOTHING", new { channel, read.Id, change.Stamp, sha256 });
            if (touched == 1)
                return await TakeAsync(change, way, read.News);
            var known = await change.FindAsync<string>("SELECT sha256 FROM work_payment_word WHERE channel = @channel AND id = @Id", new { channel, read.Id });
            change.Record(Actor, known == sha256 ? "payment.word-again" : "payment.word-refused", $"channel:{channel}");
            return known == sha256 ? "already" : "differs";
        }, cancel);
        signal.Raise();
        news.Raise();
        return outcome == "differs" ? throw new PaymentWordException("word-differs") : outcome;
    }

    // Whatever it says, the order's own row decides: what does not fit it is a difference, which a person resolves.
    private async Task<string> TakeAsync(Change change, IPaymentChannel way, PaymentNews said)
    {
        var (row, payment) = await HoldAsync(change, said.Number);
        if (row is null || payment is null)
            return said.State == "paid" ? await DifferAsync(change, null, null, way, "unknown", said) : Note(change, way, said, "nothing");
        if (said.State == "failed")
        {
            change.Record(row, Actor, "payment.failed", new { payment.Number, channel = way.Id });
            return "failed";
        }
        if (said.State == "refunded")
            return payment is { State: "paid" } && payment.Trade == said.Trade ? await DifferAsync(change, row, payment, way, "refund", said) : Note(change, way, said, "already");
        if (payment.Trade is { } trade)
            return trade == said.Trade ? Note(change, way, said, "already") : await DifferAsync(change, row, payment, way, "twice", said);
        if (payment.State != "due")
            return await DifferAsync(change, row, payment, way, "late", said);
        if (payment.Fen != said.Fen)
            return await DifferAsync(change, row, payment, way, "amount", said);
        var (number, code) = await ReceiptAsync(change, row, payment, way, said);
        await change.ExecuteAsync("UPDATE work_payment SET state = 'paid', channel = @channel, trade = @Trade, paid = @at, receipt = @number, receipt_code = @code, next = NULL, version = version + 1 WHERE id = @Id AND state = 'due'",
            new { payment.Id, channel = way.Id, said.Trade, at = Time.Write(said.At), number, code });
        change.Record(row, Actor, "payment.paid", new { payment.Number, payment.Fen, channel = way.Id, said.Trade, receipt = number });
        await TellAsync(change, row, Made, await OfIdAsync(change, payment.Id));
        return "paid";
    }

    private static string Note(Change change, IPaymentChannel way, PaymentNews said, string outcome)
    {
        change.Record(Actor, "payment.word-again", $"channel:{way.Id}", JsonSerializer.Serialize(new { said.Number, said.Trade, said.State }, Json.Plain));
        return outcome;
    }

    private async Task<string> DifferAsync(Change change, Case? row, Payment? payment, IPaymentChannel way, string kind, PaymentNews said)
    {
        // The channel's number may be anything at all.
        var number = said.Number.Length > 64 ? said.Number[..64] : said.Number;
        var touched = await change.ExecuteAsync("""
            INSERT INTO work_payment_difference (id, unit, region, channel, kind, number, trade, ours, theirs, found) VALUES (@id, @unit, @region, @channel, @kind, @number, @Trade, @ours, @theirs, @Stamp)
            ON CONFLICT (channel, kind, number, trade) DO NOTHING
            """, new { id = Guid.CreateVersion7(change.At).ToString("n"), unit = payment?.Unit, region = payment?.Region ?? land.Root, channel = way.Id, kind, number, said.Trade, ours = payment?.Fen, theirs = kind == "missing" ? (long?)null : said.Fen, change.Stamp });
        var detail = new { kind, number, said.Trade, ours = payment?.Fen, theirs = said.Fen, isNew = touched == 1 };
        if (row is not null)
            change.Record(row, Actor, "payment.differs", detail);
        else
            change.Record(Actor, "payment.differs", $"channel:{way.Id}", JsonSerializer.Serialize(detail, Json.Plain));
        return kind;
    }

    private async Task<(string? Number, string Code)> ReceiptAsync(Change change, Case row, Payment payment, IPaymentChannel way, PaymentNews said)
    {
        var opened = await seals.OpenAsync(change, row);
        using var stream = typeof(Payments).Assembly.GetManifestResourceStream("letter.payment-receipt.md")!;
        using var reader = new StreamReader(stream);
        var (template, _) = DocumentTemplate.Read(await reader.ReadToEndAsync());
        var marks = await documents.MarkAsync(change, opened, template, payment.Unit, payment.Unit);
        var pack = await packs.AtAsync(row.Pack, row.Revision);
        var facts = new JsonObject
        {
            ["case"] = new JsonObject { ["number"] = row.ToldNumber },
            ["matter"] = new JsonObject { ["name"] = pack.Matter(row.Matter)?.Name ?? row.Matter },
            ["payment"] = new JsonObject
            {
                ["number"] = payment.Number, ["name"] = payment.Name, ["amount"] = Yuan.Say(payment.Fen), ["capitals"] = Yuan.InCapitals(payment.Fen), ["payee"] = payment.Payee, ["basis"] = payment.Basis,
                ["paid"] = said.At.ToOffset(land.Offset).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture), ["trade"] = said.Trade,
            },
        };
        var simulated = way.IsSimulated ? "**模拟缴款：没有发生真实的资金往来，本凭证不能用来报销或者证明已经付款。**" : "";
        await DocumentBook.KeepAsync(change, opened, await seals.OfAsync(change, opened), template.Title!, marks, DocumentText.Fill(template.Body, facts, marks, land, new Dictionary<string, string> { ["simulated"] = simulated }));
        return (marks.Number, marks.Code);
    }
}
