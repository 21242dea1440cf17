using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Guantong.Trust;

namespace Guantong.Gateway;

/// <summary>A message, or the answer to one, as it stands in the ledger: all that proves it but its body.</summary>
/// <param name="Header">The header as it was sent and signed.</param>
/// <param name="Digest">SHA-256 of the body, lower-case hex.</param>
/// <param name="Signature">Base64.</param>
/// <param name="By">Thumbprint of the certificate by which it was signed.</param>
public sealed record LoggedMessage(string Header, string Digest, string Signature, string By)
{
    /// <summary>That certificate in PEM; null where it was never known here.</summary>
    [JsonIgnore]
    public string? Certificate { get; init; }

    /// <summary>What its header says.</summary>
    /// <exception cref="MessageException">It is none.</exception>
    public MessageHeader Read() => Message.Read(Encoding.UTF8.GetBytes(Header));

    /// <summary>Whether the signature is the certificate's owner's, over this very header and digest.</summary>
    [JsonIgnore]
    public bool IsProved
    {
        get
        {
            if (Certificate is null)
                return false;
            try
            {
                using var certificate = X509Certificate2.CreateFromPem(Certificate);
                using var key = certificate.GetECDsaPublicKey();
                return key is not null && Message.Verify(key, Encoding.UTF8.GetBytes(Header), Convert.FromHexString(Digest), Convert.FromBase64String(Signature));
            }
            catch (Exception e) when (e is FormatException or CryptographicException)
            {
                return false;
            }
        }
    }
}

/// <summary>A message with its answer, and the entry of the ledger in which both stand.</summary>
public sealed record LoggedExchange(LedgerEntry Entry, LoggedMessage Message, LoggedMessage Answer)
{
    /// <summary>Whether the answer names this very message.</summary>
    public bool IsAnswered => Answer.Read() is var answer && answer.Answers == Message.Read().Id && answer.AnswersHash == Guantong.Gateway.Message.Hash(Encoding.UTF8.GetBytes(Message.Header), Convert.FromHexString(Message.Digest));
}

/// <summary>Finds messages in the ledger, with all that proves them to somebody who trusts neither side.</summary>
public sealed class ExchangeLog(Ledger ledger, CallJournal journal, Peers peers)
{
    private sealed record Detail(LoggedMessage Message, LoggedMessage Answer);

    /// <summary>A message by its id, or null.</summary>
    public async Task<LoggedExchange?> FindAsync(string id, CancellationToken cancel = default)
    {
        await journal.CatchUpAsync(cancel);
        var entry = (await ledger.AboutAsync($"message:{id}", cancel)).FirstOrDefault(e => e.Action is "exchange.called" or "exchange.answered" or "exchange.delivered" or "exchange.received");
        if (entry is null || JsonSerializer.Deserialize<Detail>(entry.Detail, JsonSerializerOptions.Web) is not { } detail)
            return null;
        return new LoggedExchange(entry, detail.Message with { Certificate = await peers.CertificateAsync(detail.Message.By, cancel) }, detail.Answer with { Certificate = await peers.CertificateAsync(detail.Answer.By, cancel) });
    }
}
