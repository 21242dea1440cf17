namespace Guantong.Trust;

/// <summary>The SM2 key that signs checkpoints, in a file for the platform's eyes only; made when it is first needed.</summary>
/// <param name="file">GUANTONG_LEDGER_KEY, or keys/ledger.pem in the data folder. Nodes over one store share one key.</param>
/// <remarks>
/// Beside it stands its public half, and those of keys before or elsewhere that are trusted too: every <c>*.pub.pem</c> of the folder. They are files and not
/// rows, so that whoever can write in the store cannot name a key of their own.
/// </remarks>
public sealed class LedgerKey(string file)
{
    private readonly Lock _gate = new();
    private Sm2Key? _key;

    /// <summary>The key.</summary>
    public Sm2Key Value
    {
        get
        {
            lock (_gate)
                return _key ??= Read() ?? Make();
        }
    }

    /// <summary>A trusted key by its id; null when it is none.</summary>
    public Sm2PublicKey? Find(string id)
    {
        if (Value.Public.Id == id)
            return Value.Public;
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return Directory.EnumerateFiles(folder, "*.pub.pem").Select(f => Sm2PublicKey.FromPem(File.ReadAllText(f))).FirstOrDefault(k => k.Id == id);
    }

    private Sm2Key? Read() => File.Exists(file) ? Sm2Key.FromPem(File.ReadAllText(file)) : null;

    private Sm2Key Make()
    {
        var key = Sm2.Generate();
        if (!OwnFile.WriteOnce(file, key.ToPem()))
            return Read()!;
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $"{key.Public.Id}.pub.pem"), key.Public.ToPem());
        return key;
    }
}
