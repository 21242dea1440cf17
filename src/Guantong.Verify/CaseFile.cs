using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Guantong.Verify;

/// <summary>The file of a case as a platform hands it over (docs/archive.md): index, signature, pieces.</summary>
internal static class CaseFile
{
    private sealed record Word(string Sha256, string Key, string Signature);

    private sealed record Index(string Format, string Number, IReadOnlyList<Piece> Pieces);

    private sealed record Piece(int No, string Name, string Path, string Sha256);

    /// <summary>What holds of a package.</summary>
    /// <param name="keys">PEM files of the platform's public keys; without one nothing is signed by anybody known.</param>
    public static IEnumerable<(bool Holds, string Zh, string En)> Check(string file, IReadOnlyList<string> keys)
    {
        using var zip = ZipFile.OpenRead(file);
        var (list, word) = (Read(zip, "index.json"), JsonSerializer.Deserialize<Word>(Read(zip, "signature.json"), JsonSerializerOptions.Web)!);
        var index = JsonSerializer.Deserialize<Index>(list, JsonSerializerOptions.Web)!;
        var body = Encoding.UTF8.GetBytes($"guantong case file 1\nsha256 {word.Sha256}\n");
        yield return index.Format == "guantong case file 1" && Hash(list) == word.Sha256 ? (true, $"案卷 {index.Number}：目录与签名的散列相符", $"file {index.Number}: the index is the one that was signed")
            : (false, $"案卷 {index.Number}：目录被改过", $"file {index.Number}: the index was changed");
        yield return keys.Any(k => Signer.Signed(k, word.Key, body, word.Signature)) ? (true, "目录：签名成立", "the index: the signature holds")
            : keys.Count == 0 ? (false, "目录：没有给公钥（--key），签名未核对", "the index: no public key given (--key), signature not checked")
            : (false, "目录：不是这把密钥签的，或被改过", "the index: not signed with this key, or changed");
        var known = index.Pieces.Select(p => p.Path).Concat(["index.json", "signature.json", "key.pem"]).ToHashSet();
        foreach (var piece in index.Pieces)
            yield return zip.GetEntry(piece.Path) is not null && Hash(Read(zip, piece.Path)) == piece.Sha256 ? (true, $"第 {piece.No} 件 {piece.Name}：相符", $"piece {piece.No} {piece.Name}: is the one")
                : (false, $"第 {piece.No} 件 {piece.Name}：缺失，或被改过", $"piece {piece.No} {piece.Name}: is missing, or was changed");
        foreach (var more in zip.Entries.Where(e => !known.Contains(e.FullName)))
            yield return (false, $"{more.FullName}：目录里没有", $"{more.FullName}: is not in the index");
    }

    private static byte[] Read(ZipArchive zip, string path)
    {
        using var stream = (zip.GetEntry(path) ?? throw new FormatException(path)).Open();
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
