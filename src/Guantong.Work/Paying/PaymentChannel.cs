namespace Guantong.Work;

/// <summary>What a channel is asked to take.</summary>
/// <param name="Number">The order's number; asked again under it, it is the same trade.</param>
/// <param name="Fen">How much, in fen.</param>
/// <param name="Until">After which it takes nothing.</param>
/// <param name="Back">The path on this platform to which the payer comes back.</param>
public sealed record PaymentAsk(string Number, long Fen, DateTimeOffset Until, string Back);

/// <summary>What a channel says of a trade, in a notification, an answer or a line of its statement.</summary>
/// <param name="Number">The order's number.</param>
/// <param name="Trade">The channel's own number.</param>
/// <param name="Fen">How much, in fen.</param>
/// <param name="State">paid, failed or refunded.</param>
public sealed record PaymentNews(string Number, string Trade, long Fen, string State, DateTimeOffset At);

/// <summary>A channel's notification as it came in.</summary>
/// <param name="Header">Gives a header by its name; null where it was not sent.</param>
public sealed record PaymentWord(Func<string, string?> Header, string Body);

/// <summary>What a notification holds once its signature was found right.</summary>
/// <param name="Id">The channel's id of the notification: sent again, it stays the same.</param>
public sealed record ReadWord(string Id, PaymentNews News);

/// <summary>A notification that is not believed.</summary>
/// <param name="code">word-signature, word-stale or word-shape.</param>
public sealed class PaymentWordException(string code) : Exception(code)
{
    /// <summary>Why.</summary>
    public string Code { get; } = code;
}

/// <summary>A channel did not do what it was asked; trying again may.</summary>
public sealed class PaymentChannelException(string why) : Exception(why);

/// <summary>A way to pay: a bank, a treasury's gateway, a payment provider. Another one is another of these.</summary>
/// <remarks>Whatever is asked twice is done once: the channel knows it by its number.</remarks>
public interface IPaymentChannel
{
    /// <summary>Its id: small letters.</summary>
    string Id { get; }

    /// <summary>Whether no money stands behind it; pages and receipts say so.</summary>
    bool IsSimulated { get; }

    /// <summary>Has it take a payment.</summary>
    /// <returns>Where the payer goes: a path of this platform, or an https address.</returns>
    /// <exception cref="PaymentChannelException">It cannot now.</exception>
    Task<string> CreateAsync(PaymentAsk ask, CancellationToken cancel);

    /// <summary>Reads a notification.</summary>
    /// <exception cref="PaymentWordException">Its signature is wrong, it is too old, or it says nothing that can be read.</exception>
    Task<ReadWord> ReadAsync(PaymentWord word, DateTimeOffset now, CancellationToken cancel);

    /// <summary>What it knows of an order; null where nothing came of it yet.</summary>
    /// <exception cref="PaymentChannelException">It cannot be asked now.</exception>
    Task<PaymentNews?> QueryAsync(string number, CancellationToken cancel);

    /// <summary>Gives back what was paid by a trade, whole.</summary>
    /// <exception cref="PaymentChannelException">It cannot now, or knows no such trade.</exception>
    Task RefundAsync(string trade, string reason, CancellationToken cancel);

    /// <summary>What it took and gave back on a day by the jurisdiction's clock (对账单).</summary>
    /// <exception cref="PaymentChannelException">There is none yet.</exception>
    Task<IReadOnlyList<PaymentNews>> StatementAsync(DateOnly day, CancellationToken cancel);
}
