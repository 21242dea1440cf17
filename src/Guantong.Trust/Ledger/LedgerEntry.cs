using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Guantong.Trust;

/// <summary>What a change says of itself before it is chained.</summary>
/// <param name="Unit">The unit for which it was done.</param>
/// <param name="Subject">Whose data it was about: the person's or body's own key, never a name.</param>
/// <param name="Dataset">The dataset read or written, pack/id.</param>
public sealed record LedgerLine(string Actor, string Action, string About, string Detail, string? Unit = null, string? Subject = null, string? Dataset = null);

/// <summary>One entry of the append-only, hash-chained record of who did what, to what, why.</summary>
/// <param name="Alg"><c>sm3</c>; <c>sha256</c> for entries from before the ledger went over to SM3.</param>
/// <param name="Previous">Hash of the entry before; <see cref="Ledger.Genesis"/> for the first.</param>
/// <param name="Hash">Lower-case hex over all the other fields.</param>
/// <remarks>Formats: docs/ledger.md.</remarks>
public sealed record LedgerEntry(long Seq, string At, string Actor, string Action, string About, string Detail, string? Unit, string? Subject, string? Dataset, string Alg, string Previous, string Hash)
{
    /// <summary>How entries are hashed now.</summary>
    public const string Sm3Alg = "sm3";

    /// <summary>How entries were hashed until version 0.1.</summary>
    public const string Sha256Alg = "sha256";

    /// <summary>The columns in the order of this record.</summary>
    internal const string Columns = "seq, at, actor, action, about, detail, unit, subject, dataset, alg, previous, hash";

    [ThreadStatic]
    private static byte[]? _buffer;

    /// <summary>The entry's leaf of the tree: SM3 over a zero byte and the text (RFC 6962 §2.1).</summary>
    internal void Leaf(Span<byte> leaf) => Sm3.Hash(Text(), leaf);

    /// <summary>What <see cref="Hash"/> must be. Under SM3 that is the leaf, so that one hash serves chain and tree.</summary>
    internal void Seal(ReadOnlySpan<byte> leaf, Span<byte> hash)
    {
        if (Alg == Sm3Alg)
            leaf.CopyTo(hash);
        else
            SHA256.HashData(Text()[1..], hash);
    }

    // A zero byte, then each field after its length: no two different entries give the same bytes. What is absent is a dash.
    private ReadOnlySpan<byte> Text()
    {
        var most = 128 + 3 * (At.Length + Actor.Length + Action.Length + About.Length + Detail.Length + Previous.Length + (Unit?.Length ?? 0) + (Subject?.Length ?? 0) + (Dataset?.Length ?? 0));
        if (_buffer is null || _buffer.Length < most)
            _buffer = new byte[Math.Max(most, 1024)];
        Span<byte> to = _buffer;
        to[0] = 0;
        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(Seq, number, out var digits);
        var at = 1 + Length(to[1..], digits);
        number[..digits].CopyTo(to[at..]);
        at += digits;
        at += Field(to[at..], At);
        at += Field(to[at..], Actor);
        at += Field(to[at..], Action);
        at += Field(to[at..], About);
        at += Field(to[at..], Detail);
        at += Field(to[at..], Previous);
        if (Alg != Sha256Alg || Unit is not null || Subject is not null || Dataset is not null)
        {
            at += Field(to[at..], Unit);
            at += Field(to[at..], Subject);
            at += Field(to[at..], Dataset);
        }
        return to[..at];
    }

    private static int Field(Span<byte> to, string? text)
    {
        if (text is null)
        {
            to[0] = (byte)'-';
            return 1;
        }
        var length = Encoding.UTF8.GetByteCount(text);
        var at = Length(to, length);
        return at + Encoding.UTF8.GetBytes(text, to[at..]);
    }

    private static int Length(Span<byte> to, int length)
    {
        Utf8Formatter.TryFormat(length, to, out var digits);
        to[digits] = (byte)':';
        return digits + 1;
    }
}
