using System.Security.Cryptography;

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

    private ReadOnlySpan<byte> Text()
    {
        var text = new LedgerText(Seq);
        text.Add(At);
        text.Add(Actor);
        text.Add(Action);
        text.Add(About);
        text.Add(Detail);
        text.Add(Previous);
        if (Alg != Sha256Alg || Unit is not null || Subject is not null || Dataset is not null)
        {
            text.Add(Unit);
            text.Add(Subject);
            text.Add(Dataset);
        }
        return text.Leaf;
    }
}
