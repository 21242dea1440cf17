using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Something that is alike, and how much.</summary>
/// <param name="Share">The share of three-character pieces that both have, estimated; 0 to 1.</param>
public sealed record Alike(string Id, double Share);

/// <summary>Finds texts that say nearly the same (疑似重复), by min-hashes of their three-character pieces: a text cannot be read back from them.</summary>
/// <remarks>A. Broder, “On the resemblance and containment of documents” (1997). 16 bands of 3: what shares half of its pieces is found nine times in ten.</remarks>
public static class Likeness
{
    /// <summary>From which share on something is shown as alike.</summary>
    public const double Least = 0.4;

    private const int Bands = 16;
    private const int Rows = 3;
    private const int Piece = 3;
    private static readonly TimeSpan Recent = TimeSpan.FromDays(90);

    /// <summary>The signature of a text; null where it is too short to tell. Pure.</summary>
    public static uint[]? Of(string text)
    {
        var letters = new string([.. text.Normalize(NormalizationForm.FormKC).Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
        if (letters.Length < Piece * 3)
            return null;
        var least = new uint[Bands * Rows];
        Array.Fill(least, uint.MaxValue);
        for (var i = 0; i + Piece <= letters.Length; i++)
        {
            var piece = MemoryMarshal.AsBytes(letters.AsSpan(i, Piece));
            for (var seed = 0; seed < least.Length; seed += 2)
            {
                // One hash of 64 bits serves two.
                var hash = XxHash64.HashToUInt64(piece, seed);
                least[seed] = Math.Min(least[seed], (uint)hash);
                least[seed + 1] = Math.Min(least[seed + 1], (uint)(hash >> 32));
            }
        }
        return least;
    }

    /// <summary>The estimated share of pieces that two signatures have in common. Pure.</summary>
    public static double Share(uint[] one, uint[] other) => one.Zip(other).Count(p => p.First == p.Second) / (double)one.Length;

    /// <summary>Keeps a text's signature under an id, in a change.</summary>
    internal static void Keep(Change change, string id, string text)
    {
        if (Of(text) is not { } signature)
            return;
        change.Later("INSERT INTO work_likeness (id, at, signature) VALUES (@id, @Stamp, @signature)", new { id, change.Stamp, signature = Written(signature) });
        foreach (var (hash, band) in Hashes(signature).Select((h, i) => (h, i)))
            change.Later("INSERT INTO work_likeness_band (band, hash, id) VALUES (@band, @hash, @id)", new { band, hash, id });

    }

    /// <summary>What was kept in the last ninety days and is like a text, the most alike first.</summary>
    /// <param name="but">Leaves this out.</param>
    internal static Task<IReadOnlyList<Alike>> FindAsync(Store store, DateTimeOffset now, string text, string? but, CancellationToken cancel) => store.ReadAsync(async connection =>
    {
        if (Of(text) is not { } signature)
            return [];
        var bands = string.Join(" OR ", Hashes(signature).Select((h, i) => string.Create(CultureInfo.InvariantCulture, $"(b.band = {i} AND b.hash = {h})")));
        var near = await connection.QueryAsync<(string Id, string Signature)>($"SELECT l.id, l.signature FROM work_likeness l WHERE l.at >= @since AND l.id <> @but AND l.id IN (SELECT b.id FROM work_likeness_band b WHERE {bands}) ORDER BY l.at DESC LIMIT 500", new { since = Time.Write(now - Recent), but = but ?? "" });
        return (IReadOnlyList<Alike>)[.. near.Select(n => new Alike(n.Id, Share(signature, Read(n.Signature)))).Where(a => a.Share >= Least).OrderByDescending(a => a.Share).ThenBy(a => a.Id, StringComparer.Ordinal).Take(10)];
    }, cancel);

    private static IEnumerable<long> Hashes(uint[] signature) => Enumerable.Range(0, Bands).Select(b => (long)XxHash32.HashToUInt32(MemoryMarshal.AsBytes(signature.AsSpan(b * Rows, Rows))));

    private static string Written(uint[] signature) => Convert.ToBase64String(MemoryMarshal.AsBytes(signature.AsSpan()));

    private static uint[] Read(string text) => MemoryMarshal.Cast<byte, uint>(Convert.FromBase64String(text)).ToArray();
}
