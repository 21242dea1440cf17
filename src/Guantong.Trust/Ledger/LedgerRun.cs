using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Guantong.Trust;

/// <summary>Entries in a row, recomputed apart from whatever stands before them: several runs are read and hashed at once, and joined in their order.</summary>
/// <remarks>Reads the stored bytes as they are: making texts of them, to make bytes of again, would take longer than hashing them.</remarks>
internal sealed class LedgerRun
{
    /// <summary>Entries in a run, at most: whole tiles.</summary>
    public const int Most = 64 * MerkleTiles.Width;

    private const string Columns = "seq, at, actor, action, about, detail, unit, subject, dataset, alg, previous, hash";
    private const int At = 1, Actor = 2, Action = 3, About = 4, Detail = 5, Unit = 6, Dataset = 8, Alg = 9, Previous = 10, Hash = 11;
    private static readonly byte[] Sm3Alg = Encoding.UTF8.GetBytes(LedgerEntry.Sm3Alg), Sha256Alg = Encoding.UTF8.GetBytes(LedgerEntry.Sha256Alg);

    private readonly byte[] _leaves;
    private readonly byte[] _hash = new byte[2 * Sm3.Size];
    private byte[] _roots = [];

    private LedgerRun(int most) => _leaves = new byte[(Asked = most) * Sm3.Size];

    /// <summary>Entries asked for.</summary>
    public int Asked { get; }

    /// <summary>Entries that hold, beginning with the first.</summary>
    public int Count { get; private set; }

    /// <summary>What is wrong with the entry after those that hold, or null.</summary>
    public string? Why { get; private set; }

    /// <summary>The first entry's <c>previous</c>, and whether it is hashed by SM3: for whoever knows what stands before. Null where the first entry is not there.</summary>
    public (string Previous, bool IsSm3)? First { get; private set; }

    /// <summary>The hash of the last entry that holds.</summary>
    public string Head => Encoding.UTF8.GetString(_hash);

    /// <summary>Whether the last entry that holds is hashed by SM3.</summary>
    public bool IsSm3 { get; private set; }

    /// <summary>Entries that say that a checkpoint was made.</summary>
    public List<(long Seq, string About, string Detail)> Announced { get; } = [];

    /// <summary>The leaves of so many of the entries that hold.</summary>
    public ReadOnlySpan<byte> Leaves(int from, int count) => _leaves.AsSpan(from * Sm3.Size, count * Sm3.Size);

    /// <summary>The root over the full tile that begins there; empty where none does.</summary>
    public ReadOnlySpan<byte> Root(int from) =>
        from % MerkleTiles.Width == 0 && (from / MerkleTiles.Width + 1) * Sm3.Size <= _roots.Length ? _roots.AsSpan(from / MerkleTiles.Width * Sm3.Size, Sm3.Size) : default;

    /// <summary>Reads and recomputes entries.</summary>
    /// <param name="first">The first; where it begins a tile, the roots of the tiles are made too.</param>
    public static async Task<LedgerRun> ReadAsync(Store store, long first, int most, CancellationToken cancel)
    {
        var run = new LedgerRun(most);
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM ledger WHERE seq >= {first} AND seq < {first + most} ORDER BY seq";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        // On SQLite waiting is not what takes the time, and a step is too short to be awaited.
        if (reader is SqliteDataReader { Handle: { } row })
        {
            while (run.Why is null && reader.Read())
                run.Take(first, raw.sqlite3_column_int64(row, 0), new Fields(row, null));
        }
        else
        {
            while (run.Why is null && await reader.ReadAsync(cancel))
                run.Take(first, reader.GetInt64(0), new Fields(null, reader));
        }
        if ((first - 1) % MerkleTiles.Width == 0)
            run.Fold();
        return run;
    }

    private void Fold()
    {
        _roots = new byte[Count / MerkleTiles.Width * Sm3.Size];
        for (var tile = 0; tile < Count / MerkleTiles.Width; tile++)
            MerkleTiles.Fold(Leaves(tile * MerkleTiles.Width, MerkleTiles.Width), _roots.AsSpan(tile * Sm3.Size, Sm3.Size));
    }

    private void Take(long first, long seq, Fields fields)
    {
        if (seq != first + Count)
        {
            Why = "missing";
            return;
        }
        // Each field is fetched once: fetching is what takes the time here, beside hashing.
        ReadOnlySpan<byte> previous = fields[Previous], alg = fields[Alg], action = fields[Action], about = fields[About], detail = fields[Detail];
        var (isFirst, isSm3) = (First is null, alg.SequenceEqual(Sm3Alg));
        if (!isFirst && !previous.SequenceEqual(_hash))
        {
            Why = "chain";
            return;
        }
        First ??= (Encoding.UTF8.GetString(previous), isSm3);
        var text = new LedgerText(seq);
        text.Add(fields[At]);
        text.Add(fields[Actor]);
        text.Add(action);
        text.Add(about);
        text.Add(detail);
        text.Add(previous);
        AddRest(ref text, fields, isSm3);
        Span<byte> hash = stackalloc byte[Sm3.Size], hex = stackalloc byte[2 * Sm3.Size];
        var leaf = _leaves.AsSpan(Count * Sm3.Size, Sm3.Size);
        Sm3.Hash(text.Leaf, leaf);
        if (isSm3)
            leaf.CopyTo(hash);
        else
            SHA256.HashData(text.Leaf[1..], hash);
        Convert.TryToHexStringLower(hash, hex, out _);
        // From SHA-256 to SM3 there is one way, and no third.
        if (!fields[Hash].SequenceEqual(hex) || (!isSm3 && (!alg.SequenceEqual(Sha256Alg) || (!isFirst && IsSm3))))
        {
            Why = "changed";
            return;
        }
        hex.CopyTo(_hash);
        (Count, IsSm3) = (Count + 1, isSm3);
        if (action.SequenceEqual("ledger.checkpoint"u8))
            Announced.Add((seq, Encoding.UTF8.GetString(about), Encoding.UTF8.GetString(detail)));
    }

    // Entries by SHA-256 end before these three, unless one of them is there.
    private static void AddRest(ref LedgerText text, Fields fields, bool isSm3)
    {
        var isWide = isSm3;
        for (var i = Unit; !isWide && i <= Dataset; i++)
            isWide = !fields.IsAbsent(i);
        for (var i = Unit; isWide && i <= Dataset; i++)
        {
            if (fields.IsAbsent(i))
                text.AddAbsent();
            else
                text.Add(fields[i]);
        }
    }

    /// <summary>The row at hand, in UTF-8.</summary>
    private readonly struct Fields(sqlite3_stmt? sqlite, DbDataReader? reader)
    {
        public ReadOnlySpan<byte> this[int column] => sqlite is not null ? raw.sqlite3_column_blob(sqlite, column) : reader!.GetFieldValue<byte[]>(column);

        public bool IsAbsent(int column) => sqlite is not null ? raw.sqlite3_column_type(sqlite, column) == raw.SQLITE_NULL : reader!.IsDBNull(column);
    }
}
