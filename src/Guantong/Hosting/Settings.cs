namespace Guantong.Hosting;

/// <summary>What the platform is started with. Flags win over the environment (GUANTONG_…), which wins over what is built in.</summary>
/// <param name="Home">The folder that holds jurisdictions/ and packs/.</param>
/// <param name="Data">Where stores and files live.</param>
/// <param name="Store">A file, or postgres://…; null for operations.db in the data folder.</param>
/// <param name="Jurisdiction">The name of a folder below jurisdictions/.</param>
/// <param name="Url">Where to listen; port 0 takes a free one.</param>
/// <param name="Demo">Whether the demonstration's people can sign in.</param>
/// <param name="Production">Whether what must not be in production keeps the platform from starting.</param>
/// <param name="Keys">The folder of the keys that protect cookies and secrets, shared by all nodes; null for keys/ in the data folder.</param>
public sealed record Settings(string Home, string Data, string? Store, string Jurisdiction, string Url, bool Demo = false, bool Production = false, string? Keys = null)
{
    /// <summary>The proxies in front that are believed about the caller's address: addresses or networks, separated by commas (GUANTONG_PROXIES).</summary>
    public string? Proxies { get; init; }

    /// <summary>The root keys that wrap data keys: files and https addresses with commas between, the one that wraps first; null for root.key in the data folder.</summary>
    public string? Root { get; init; }

    /// <summary>What fresh data keys seal with: sm4-gcm or aes-256-gcm.</summary>
    public string Cipher { get; init; } = "sm4-gcm";

    /// <summary>Whether addresses speak TLS.</summary>
    public bool Https { get; init; }

    /// <summary>PEM or PFX for TLS; null for one of the platform's own, on this machine only.</summary>
    public string? Certificate { get; init; }

    /// <summary>What scans files for viruses before they are kept: clamd://HOST:PORT, or a command that reads the file from its input (GUANTONG_SCANNER); null for nothing.</summary>
    public string? Scanner { get; init; }

    /// <summary>Where other platforms' messages are taken, over mutual TLS, e.g. https://0.0.0.0:9443 (GUANTONG_EXCHANGE); null for nowhere.</summary>
    public Uri? Exchange { get; init; }

    /// <summary>The font that PDFs are set in, a .ttf, .ttc or .otf with Chinese (GUANTONG_FONT); null for one that is found on the machine.</summary>
    public string? Font { get; init; }

    /// <summary>The folder with the files of languages beside Chinese and English, LANG.json (GUANTONG_LANGUAGES); null for none.</summary>
    public string? Languages { get; init; }

    /// <summary>The folder with the units' seals, UNIT.pfx and UNIT.png (GUANTONG_SEALS); null for none.</summary>
    public string? Seals { get; init; }

    /// <summary>The password of the seals' files (GUANTONG_SEALS_PASSWORD); null where they have none.</summary>
    public string? SealsPassword { get; init; }

    /// <summary>The mail server, e.g. smtp://user:password@mail.example.gov.cn:587?from=notices@example.gov.cn (GUANTONG_SMTP); null writes mails to the log alone.</summary>
    public string? Smtp { get; init; }

    /// <summary>The mailbox of the reception, e.g. imaps://user:password@mail.example.gov.cn/INBOX?region=330100 (GUANTONG_IMAP); null reads none.</summary>
    public string? Imap { get; init; }

    /// <summary>The root keys' setting.</summary>
    public string RootSetting => Root ?? Path.Combine(Data, "root.key");

    /// <summary>The operations store's setting.</summary>
    public string StoreSetting => Store ?? Path.Combine(Data, "operations.db");

    /// <summary>A DuckDB file, or postgres://…; null for warehouse.duckdb in the data folder.</summary>
    public string? Warehouse { get; init; }

    /// <summary>The warehouse's setting.</summary>
    public string WarehouseSetting => Warehouse ?? Path.Combine(Data, "warehouse.duckdb");

    /// <summary>Where the keys are that protect cookies and secrets.</summary>
    public string KeysFolder => Keys ?? Path.Combine(Data, "keys");

    /// <summary>Where a running platform says how to reach it.</summary>
    public string RunFile => Path.Combine(Data, "run.json");

    /// <summary>The jurisdiction's file.</summary>
    public string JurisdictionFile => Path.Combine(Home, "jurisdictions", Jurisdiction, "jurisdiction.yaml");

    /// <summary>The packs' folder.</summary>
    public string Packs => Path.Combine(Home, "packs");

    /// <summary>Finds the home: GUANTONG_HOME, or the nearest folder at or above this one that holds jurisdictions/.</summary>
    public static string FindHome()
    {
        if (Environment.GetEnvironmentVariable("GUANTONG_HOME") is { Length: > 0 } home)
            return Path.GetFullPath(home);
        foreach (var start in (string[])[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (Directory.Exists(Path.Combine(folder.FullName, "jurisdictions")))
                    return folder.FullName;
            }
        }
        return Directory.GetCurrentDirectory();
    }
}
