using System.Text;
using System.Text.Json;
using Guantong.Verify;

// Verifies what the ledger of a platform gives out, with no access to it. 0: all holds; 1: something does not; 2: it cannot be told.
Console.OutputEncoding = new UTF8Encoding(false);
var (files, checkpoints, keys) = (new List<string>(), new List<string>(), new List<string>());
string? authority = null;
var bodies = new Dictionary<string, string>();
for (var i = 1; i < args.Length; i++)
{
    if (args[i].StartsWith("--", StringComparison.Ordinal) && i + 1 == args.Length)
        return Usage();
    switch (args[i])
    {
        case "--checkpoint": checkpoints.Add(args[++i]); break;
        case "--key": keys.Add(args[++i]); break;
        case "--authority": authority = args[++i]; break;
        case "--message" or "--answer": bodies[args[i][2..]] = args[++i]; break;
        case ['-', ..]: return Usage();
        default: files.Add(args[i]); break;
    }
}
try
{
    var words = checkpoints.Select(Files.Read<Checkpoint>).OrderBy(c => c.Size).ToList();
    return (args.FirstOrDefault(), files.Count) switch
    {
        ("checkpoint", 1) => Say(Word(Files.Read<Checkpoint>(files[0]))),
        ("ledger", > 0) => Say([.. Entries(words), .. words.SelectMany(Word)]),
        ("inclusion", 1) when words.Count == 1 => Say([.. Included(Files.Read<Inclusion>(files[0]), words[0]), .. Word(words[0])]),
        ("file", 1) => Say(CaseFile.Check(files[0], keys)),
        ("message", 1) => Say(Exchanged(Files.Read<Exchanged>(files[0]))),
        ("consistency", 1) when words.Count == 2 => Say([.. Extended(Files.Read<Consistency>(files[0]), words[0], words[1]), .. words.SelectMany(Word)]),
        _ => Usage(),
    };
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or Org.BouncyCastle.OpenSsl.PemException or InvalidCastException or InvalidDataException)
{
    Console.Error.WriteLine($"读不了 / cannot be read: {e.Message}");
    return 2;
}

int Usage()
{
    Console.Error.WriteLine("""
        贯通留痕核验器：不连平台，核对平台给出的文件。 / Verifies files that the ledger of a platform gave out, without the platform.
          verify ledger EXPORT.jsonl … [--checkpoint FILE.json …] [--key PUBLIC.pem]
          verify checkpoint FILE.json --key PUBLIC.pem [--authority CERT.pem]
          verify inclusion PROOF.json --checkpoint FILE.json --key PUBLIC.pem
          verify file PACKAGE.zip --key PUBLIC.pem
          verify message PROOF.json [--message BODY] [--answer BODY] [--key CERTIFICATE.pem …]
          verify consistency PROOF.json --checkpoint OLDER.json --checkpoint NEWER.json --key PUBLIC.pem
        归档和导出按先后一并给出；--key 可给多把。 / Give archives and export in their order; --key may be given for several keys.
        退出码 / exit code: 0 全部成立 / all holds, 1 有不成立 / something does not hold, 2 无法判断 / cannot be told
        """);
    return 2;
}

int Say(IEnumerable<(bool Holds, string Zh, string En)> findings)
{
    var all = findings.ToList();
    foreach (var (holds, zh, en) in all)
        Console.WriteLine($"{(holds ? "✓" : "✗")} {zh} / {en}");
    return all.All(f => f.Holds) ? 0 : 1;
}

IEnumerable<(bool, string, string)> Word(Checkpoint word)
{
    yield return keys.Any(k => Signer.Signed(k, word)) ? (true, $"检查点 {word.Size}：签名成立（{word.At}）", $"checkpoint {word.Size}: the signature holds ({word.At})")
        : keys.Count == 0 ? (false, $"检查点 {word.Size}：没有给公钥（--key），签名未核对", $"checkpoint {word.Size}: no public key given (--key), signature not checked")
        : (false, $"检查点 {word.Size}：不是这把密钥签的，或被改过", $"checkpoint {word.Size}: not signed with this key, or changed");
    if (word.Token is not null)
        yield return Signer.Stamped(word, authority) is { } at ? (true, $"检查点 {word.Size}：时间戳成立，{at:u}", $"checkpoint {word.Size}: the time-stamp holds, {at:u}")
            : (false, $"检查点 {word.Size}：时间戳不成立", $"checkpoint {word.Size}: the time-stamp does not hold");
}

IEnumerable<(bool, string, string)> Entries(IReadOnlyList<Checkpoint> words)
{
    var (tree, seq, hash, isSm3) = (new Tree(), 0L, new string('0', 64), false);
    var roots = new Dictionary<long, string>();
    var sizes = words.Select(w => w.Size).ToHashSet();
    foreach (var entry in files.SelectMany(Files.Entries))
    {
        var leaf = entry.Leaf();
        var fault = entry.Seq != seq + 1 ? ("缺条或次序不对", "missing or out of order")
            : entry.Previous != hash ? ("没有接上前一条", "does not chain onto the one before")
            : entry.Alg is not ("sm3" or "sha256") || (isSm3 && entry.Alg != "sm3") || entry.Seal(leaf) != entry.Hash ? ("内容被改过", "was changed")
            : ((string, string)?)null;
        if (fault is var (zh, en))
        {
            yield return (false, $"第 {seq + 1} 条：{zh}", $"entry {seq + 1}: {en}");
            yield break;
        }
        tree.Add(leaf);
        (seq, hash, isSm3) = (entry.Seq, entry.Hash, entry.Alg == "sm3");
        if (sizes.Contains(seq))
            roots[seq] = Convert.ToHexStringLower(tree.Root());
    }
    yield return (true, $"{seq} 条前后相连，末条散列 {hash}", $"{seq} entries chain, the last hash is {hash}");
    foreach (var word in words)
        yield return !roots.TryGetValue(word.Size, out var root) ? (false, $"检查点 {word.Size}：其后的留痕被截去，只剩 {seq} 条", $"checkpoint {word.Size}: the tail was removed, {seq} entries are left")
            : root != word.Root ? (false, $"检查点 {word.Size}：不是这份留痕的根", $"checkpoint {word.Size}: not the root of these entries")
            : (true, $"检查点 {word.Size}：与留痕相符", $"checkpoint {word.Size}: agrees with the entries");
}

IEnumerable<(bool, string, string)> Included(Inclusion proof, Checkpoint word)
{
    if (proof.Entry is { } entry)
    {
        var leaf = entry.Leaf();
        yield return entry.Seq == proof.Seq && entry.Alg is "sm3" or "sha256" && Convert.ToHexStringLower(leaf) == proof.Leaf && entry.Seal(leaf) == entry.Hash
            ? (true, $"第 {proof.Seq} 条：内容与叶子相符", $"entry {proof.Seq}: its content agrees with the leaf")
            : (false, $"第 {proof.Seq} 条：内容与叶子不符", $"entry {proof.Seq}: its content does not agree with the leaf");
    }
    yield return proof.Size == word.Size && proof.Root == word.Root && Tree.Includes(proof.Seq, word.Size, Bytes(proof.Leaf), [.. proof.Path.Select(Bytes)], Bytes(word.Root))
        ? (true, $"第 {proof.Seq} 条：在检查点 {word.Size} 的留痕里", $"entry {proof.Seq}: stands in the ledger of checkpoint {word.Size}")
        : (false, $"第 {proof.Seq} 条：证明不成立", $"entry {proof.Seq}: the proof does not hold");
}

IEnumerable<(bool, string, string)> Extended(Consistency proof, Checkpoint older, Checkpoint newer)
{
    yield return (proof.From, proof.To, proof.FromRoot, proof.ToRoot) == (older.Size, newer.Size, older.Root, newer.Root)
            && Tree.Extends(older.Size, newer.Size, Bytes(older.Root), Bytes(newer.Root), [.. proof.Path.Select(Bytes)])
        ? (true, $"检查点 {older.Size} 的留痕原样在检查点 {newer.Size} 之前", $"the ledger of checkpoint {older.Size} is the beginning of that of checkpoint {newer.Size}")
        : (false, $"检查点 {older.Size} 到 {newer.Size}：证明不成立", $"checkpoint {older.Size} to {newer.Size}: the proof does not hold");
}

// docs/exchange.md. Whose certificates they are is said by --key: without it, only that the two belong together.
IEnumerable<(bool, string, string)> Exchanged(Exchanged proof)
{
    foreach (var (part, half, certificate, zh) in ((string, Signed, string?, string)[])[("message", proof.Message, proof.Certificates[0], "消息"), ("answer", proof.Answer, proof.Certificates[1], "答复")])
    {
        yield return half.IsSignedBy(certificate) ? (true, $"{zh}：签名成立", $"the {part}: the signature holds") : (false, $"{zh}：签名不成立，或被改过", $"the {part}: the signature does not hold, or it was changed");
        if (keys.Count > 0)
            yield return keys.Any(k => Signed.IsSame(k, certificate)) ? (true, $"{zh}：是所给证书签的", $"the {part}: signed with a certificate that was given")
                : (false, $"{zh}：不是所给证书签的", $"the {part}: signed with none of the certificates that were given");
        if (bodies.TryGetValue(part, out var file))
            yield return half.IsOver(file) ? (true, $"{zh}：内容相符", $"the {part}: the body is the one") : (false, $"{zh}：内容不符", $"the {part}: the body is another");
    }
    yield return proof.Answer.Answers(proof.Message) ? (true, "答复正是对这条消息的", "the answer is to this very message") : (false, "答复不是对这条消息的", "the answer is to another message");
}

static byte[] Bytes(string hex) => Convert.FromHexString(hex);
