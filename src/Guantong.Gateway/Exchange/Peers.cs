using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Gateway;

/// <summary>Another jurisdiction's platform with which messages are exchanged.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Address">https://host:port, where its exchange listens.</param>
/// <param name="Certificate">Its certificate in PEM, told by another way than this one.</param>
/// <param name="State">active or revoked.</param>
public sealed record Peer(string Id, string Name, string Address, string Certificate, string State)
{
    /// <summary>What its grants name it by, where a unit would stand.</summary>
    public string Unit => "peer:" + Id;
}

/// <summary>A peer with its key at hand.</summary>
public sealed record StandingPeer(Peer Peer, string Thumbprint, ECDsa Key);

/// <summary>The peers: registered, given another certificate, revoked. Whatever a former certificate signed stays provable.</summary>
public sealed class Peers(Store store, ExchangeIdentity identity, ShareSignal signal, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private volatile Standing? _now;

    private sealed record Standing(FrozenDictionary<string, StandingPeer> ById, FrozenDictionary<string, StandingPeer> ByThumbprint, long Signal, long Looked);

    /// <summary>A peer by its id, or null; revoked ones too.</summary>
    public async ValueTask<StandingPeer?> FindAsync(string id, CancellationToken cancel = default) => (await NowAsync(cancel)).ById.GetValueOrDefault(id);

    /// <summary>The peer whose certificate that is, or null.</summary>
    public async ValueTask<StandingPeer?> OfAsync(X509Certificate2 certificate, CancellationToken cancel = default) => (await NowAsync(cancel)).ByThumbprint.GetValueOrDefault(ExchangeIdentity.Thumbprint(certificate));

    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<Peer>> ListAsync(CancellationToken cancel = default) => [.. (await NowAsync(cancel)).ById.Values.Select(p => p.Peer).OrderBy(p => p.Name, StringComparer.Ordinal)];

    private async ValueTask<Standing> NowAsync(CancellationToken cancel)
    {
        if (_now is { } now && now.Signal == signal.Count && Environment.TickCount64 - now.Looked < (long)LookEvery.TotalMilliseconds)
            return now;
        var count = signal.Count;
        var peers = await store.ReadAsync(c => c.QueryAsync<(string Id, string Name, string Address, string Certificate, string State)>("SELECT id, name, address, certificate, state FROM exchange_peer"), cancel);
        var standing = peers.Select(p =>
        {
            using var certificate = X509Certificate2.CreateFromPem(p.Certificate);
            var thumbprint = ExchangeIdentity.Thumbprint(certificate);
            return _now?.ByThumbprint.GetValueOrDefault(thumbprint) is { } known && known.Peer == new Peer(p.Id, p.Name, p.Address, p.Certificate, p.State) ? known
                : new StandingPeer(new Peer(p.Id, p.Name, p.Address, p.Certificate, p.State), thumbprint, certificate.GetECDsaPublicKey()!);
        }).ToList();
        return _now = new Standing(standing.ToFrozenDictionary(p => p.Peer.Id), standing.ToFrozenDictionary(p => p.Thumbprint), count, Environment.TickCount64);
    }

    /// <summary>Field → code of what is wrong with one; empty where nothing is.</summary>
    public IReadOnlyDictionary<string, string> Faults(Peer given)
    {
        var faults = new Dictionary<string, string>();
        if (given.Id == identity.Id || given.Id.Length is 0 or > 64 || !given.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
            faults["id"] = "peer-id";
        if (string.IsNullOrWhiteSpace(given.Name) || given.Name.Length > 100)
            faults["name"] = "peer-name";
        if (!Uri.TryCreate(given.Address, UriKind.Absolute, out var uri) || uri.Scheme != "https" || uri.AbsolutePath != "/" || uri.UserInfo.Length > 0)
            faults["address"] = "peer-address";
        if (given.State is not ("active" or "revoked"))
            faults["state"] = "peer-state";
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(given.Certificate);
            using var key = certificate.GetECDsaPublicKey();
            if (key?.KeySize != 256 || certificate.NotAfter.ToUniversalTime() <= clock.GetUtcNow().UtcDateTime)
                faults["certificate"] = "peer-certificate";
        }
        catch (CryptographicException)
        {
            faults["certificate"] = "peer-certificate";
        }
        return faults;
    }

    /// <summary>Registers or changes one.</summary>
    public async Task PutAsync(Person by, Peer given, CancellationToken cancel = default)
    {
        using var certificate = X509Certificate2.CreateFromPem(given.Certificate);
        var thumbprint = ExchangeIdentity.Thumbprint(certificate);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("""
                INSERT INTO exchange_peer (id, name, address, certificate, state, changed) VALUES (@Id, @Name, @Address, @Certificate, @State, @Stamp)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, address = excluded.address, certificate = excluded.certificate, state = excluded.state, changed = excluded.changed
                """, new { given.Id, given.Name, given.Address, given.Certificate, given.State, change.Stamp });
            await change.ExecuteAsync("INSERT INTO exchange_certificate (thumbprint, peer, certificate, since) VALUES (@thumbprint, @Id, @Certificate, @Stamp) ON CONFLICT (thumbprint) DO NOTHING", new { thumbprint, given.Id, given.Certificate, change.Stamp });
            change.Record(by, given.State == "revoked" ? "peer.revoked" : "peer.registered", $"peer:{given.Id}", JsonSerializer.Serialize(new { given.Address, thumbprint }));
        }, cancel);
        signal.Raise();
    }

    /// <summary>A certificate by its thumbprint, this platform's own too; null where it was never known here.</summary>
    public async Task<string?> CertificateAsync(string thumbprint, CancellationToken cancel = default) => thumbprint == ExchangeIdentity.Thumbprint(identity.Certificate)
        ? identity.Certificate.ExportCertificatePem()
        : await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string>("SELECT certificate FROM exchange_certificate WHERE thumbprint = @thumbprint", new { thumbprint }), cancel);
}
