using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What the simulated channel knows of a trade.</summary>
/// <param name="State">open, paid, failed or refunded.</param>
/// <param name="Back">The path to which the payer comes back.</param>
public sealed record SimulatedTrade(string Trade, string Number, long Fen, string State, string Back);

/// <summary>A channel that takes no money, for trials: its page says so, and whoever stands before it says what is to come of the payment. It notifies, answers, gives back and accounts as a real one does.</summary>
/// <remarks>Its notifications are signed as Standard Webhooks 1.0.0 has it: webhook-id, webhook-timestamp and webhook-signature (v1, HMAC-SHA256 over id.timestamp.body).</remarks>
public sealed class SimulatedChannel(Store store, DataKeys keys, Jurisdiction land, TimeProvider clock) : IPaymentChannel
{
    /// <summary>How old a notification may be, and how far ahead a clock may go.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Key = "payment", Columns = "trade AS Trade, number AS Number, fen AS Fen, state AS State, back AS Back";

    private sealed record Told(string? Number, string? Trade, long Fen, string? State, DateTimeOffset At);

    // Computed columns differ in type between the stores: a class takes them, a record does not.
    private sealed class Line
    {
        public string Number { get; set; } = "";

        public string Trade { get; set; } = "";

        public long Fen { get; set; }

        public string State { get; set; } = "";

        public string At { get; set; } = "";
    }

    /// <inheritdoc/>
    public string Id => "simulated";

    /// <inheritdoc/>
    public bool IsSimulated => true;

    /// <inheritdoc/>
    public async Task<string> CreateAsync(PaymentAsk ask, CancellationToken cancel)
    {
        var trade = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var fresh = "SIM" + Guid.CreateVersion7(change.At).ToString("n");
            await change.ExecuteAsync("INSERT INTO work_simulated_trade (trade, number, fen, state, back, made) VALUES (@fresh, @Number, @Fen, 'open', @Back, @Stamp) ON CONFLICT (number) DO UPDATE SET back = @Back", new { fresh, ask.Number, ask.Fen, ask.Back, change.Stamp });
            Record(change, ask.Number, "opened");
            return (await change.FindAsync<string>("SELECT trade FROM work_simulated_trade WHERE number = @Number", new { ask.Number }))!;
        }, cancel);
        return "/pay/simulated/" + trade;
    }

    /// <summary>A trade, for the page that stands for the bank; null where there is none.</summary>
    public Task<SimulatedTrade?> FindAsync(string trade, CancellationToken cancel = default) =>
        store.ReadAsync(c => c.QueryFirstOrDefaultAsync<SimulatedTrade>($"SELECT {Columns} FROM work_simulated_trade WHERE trade = @trade", new { trade }), cancel);

    /// <summary>Whoever stands before the page says what comes of it.</summary>
    /// <returns>What is to be told to the platform; null where the trade is over already.</returns>
    public Task<PaymentNews?> PressAsync(string trade, bool isPaid, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var state = isPaid ? "paid" : "failed";
        var touched = await change.ExecuteAsync("UPDATE work_simulated_trade SET state = @state, paid = @paid WHERE trade = @trade AND state IN ('open', 'failed')", new { trade, state, paid = isPaid ? change.Stamp : null });
        var held = await change.FindAsync<SimulatedTrade>($"SELECT {Columns} FROM work_simulated_trade WHERE trade = @trade", new { trade });
        Record(change, held?.Number ?? "", touched == 1 ? state : "pressed-again");
        return touched == 1 ? new PaymentNews(held!.Number, trade, held.Fen, state, change.At) : null;
    }, cancel);

    /// <summary>Signs a notification.</summary>
    /// <param name="id">Its id; a new one when left out.</param>
    /// <returns>Its headers and body.</returns>
    public async Task<(IReadOnlyDictionary<string, string> Headers, string Body)> SignAsync(PaymentNews news, string? id = null, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        id ??= "msg_" + Guid.CreateVersion7(now).ToString("n");
        var (time, body) = (now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), JsonSerializer.Serialize(new Told(news.Number, news.Trade, news.Fen, news.State, news.At), Json.Plain));
        return (new Dictionary<string, string> { ["webhook-id"] = id, ["webhook-timestamp"] = time, ["webhook-signature"] = "v1," + Convert.ToBase64String(Signed(await SecretAsync(cancel), id, time, body)) }, body);
    }

    /// <inheritdoc/>
    public async Task<ReadWord> ReadAsync(PaymentWord word, DateTimeOffset now, CancellationToken cancel)
    {
        if (word.Header("webhook-id") is not { Length: > 0 and <= 100 } id || word.Header("webhook-timestamp") is not { } time || word.Header("webhook-signature") is not { } signatures || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            throw new PaymentWordException("word-shape");
        var right = Signed(await SecretAsync(cancel), id, time, word.Body);
        // There may be several, while a secret is changed.
        if (!signatures.Split(' ').Any(s => s.StartsWith("v1,", StringComparison.Ordinal) && TryRead(s[3..], out var given) && CryptographicOperations.FixedTimeEquals(right, given)))
            throw new PaymentWordException("word-signature");
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
            throw new PaymentWordException("word-stale");
        try
        {
            return JsonSerializer.Deserialize<Told>(word.Body, Json.Plain) is { Number.Length: > 0, Trade.Length: > 0, State: "paid" or "failed" or "refunded" } told
                ? new ReadWord(id, new PaymentNews(told.Number, told.Trade, told.Fen, told.State, told.At)) : throw new PaymentWordException("word-shape");
        }
        catch (JsonException)
        {
            throw new PaymentWordException("word-shape");
        }
    }

    /// <inheritdoc/>
    public async Task<PaymentNews?> QueryAsync(string number, CancellationToken cancel) =>
        await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Line>("SELECT number AS Number, trade AS Trade, fen AS Fen, state AS State, coalesce(refunded, paid, made) AS At FROM work_simulated_trade WHERE number = @number AND state <> 'open'", new { number }), cancel) is { } line ? Read(line) : null;

    /// <inheritdoc/>
    public Task RefundAsync(string trade, string reason, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = await change.ExecuteAsync("UPDATE work_simulated_trade SET state = 'refunded', refunded = @Stamp WHERE trade = @trade AND state = 'paid'", new { trade, change.Stamp });
        if (touched == 0 && await change.FindAsync<string>("SELECT state FROM work_simulated_trade WHERE trade = @trade", new { trade }) != "refunded")
            throw new PaymentChannelException("unknown");
        Record(change, trade, touched == 1 ? "refunded" : "refunded-again");
    }, cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PaymentNews>> StatementAsync(DateOnly day, CancellationToken cancel)
    {
        string At(DateOnly d) => Time.Write(new DateTimeOffset(d.ToDateTime(TimeOnly.MinValue), land.Offset));
        var lines = await store.ReadAsync(c => c.QueryAsync<Line>("""
            SELECT number AS Number, trade AS Trade, fen AS Fen, 'paid' AS State, paid AS At FROM work_simulated_trade WHERE paid >= @from AND paid < @to
            UNION ALL SELECT number, trade, fen, 'refunded', refunded FROM work_simulated_trade WHERE refunded >= @from AND refunded < @to ORDER BY 5, 2
            """, new { from = At(day), to = At(day.AddDays(1)) }), cancel);
        return [.. lines.Select(Read)];
    }

    private static PaymentNews Read(Line line) => new(line.Number, line.Trade, line.Fen, line.State, Time.Read(line.At));

    private static byte[] Signed(byte[] secret, string id, string time, string body) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{id}.{time}.{body}"));

    private static bool TryRead(string text, out byte[] given)
    {
        given = new byte[text.Length];
        var isRead = Convert.TryFromBase64String(text, given, out var length);
        given = given[..length];
        return isRead;
    }

    // Of the platform's own key, so that every node signs alike and it stands nowhere.
    private async Task<byte[]> SecretAsync(CancellationToken cancel) => SHA256.HashData(Encoding.UTF8.GetBytes((await keys.RingAsync([Key], cancel)).Hash(Key, "simulated channel")));

    private static void Record(Change change, string number, string what) => change.Record("simulator", "simulated." + what, "channel:simulated", JsonSerializer.Serialize(new { number }, Json.Plain));
}
