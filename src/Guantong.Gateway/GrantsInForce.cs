using System.Collections.Frozen;
using System.Security.Claims;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Gateway;

/// <summary>A grant with what a call of it needs at hand.</summary>
/// <param name="Shared">What it is about as it stands; null where that is not in force any more.</param>
/// <param name="Dataset">The dataset, where it is about one.</param>
/// <param name="Interface">The interface, where it is about one.</param>
public sealed record StandingGrant(ShareGrant Grant, Shared? Shared, (Pack Pack, Dataset Dataset)? Dataset, ShareInterface? Interface, GrantLimits Limits)
{
    /// <summary>The dataset as the ledger names it.</summary>
    public string? LedgerDataset => Interface is null ? Grant.About : null;
}

/// <summary>A machine that calls for a unit.</summary>
public sealed record UnitKey(Person Machine, ClaimsPrincipal Claims);

/// <summary>Grants, interfaces and the keys of machines as they stand, in memory: a call asks no store. Whatever changes them counts a version up, which each node looks at twice a second, within a second at most; the node that changes them sees it at once.</summary>
public sealed class GrantsInForce(Store store, SharingBook book, SharedThings things, Accounts accounts, PackRegistry packs, ServiceCounts counts, ShareSignal signal, TimeProvider clock, Jurisdiction land) : IDisposable
{
    // Milliseconds.
    private const long LookEvery = 500;

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Snapshot? _now;
    private readonly Dictionary<string, GrantLimits> _limits = [];
    private Dictionary<string, (long Used, int Nodes)> _others = [];
    private long _shared;

    private sealed record Snapshot((long, long, long) Version, long Signal, object Packs, FrozenDictionary<string, StandingGrant> Grants, FrozenDictionary<string, UnitKey> Keys, long Looked);

    /// <summary>A grant, or null.</summary>
    public async ValueTask<StandingGrant?> FindAsync(string id, CancellationToken cancel = default) => (await NowAsync(cancel)).Grants.GetValueOrDefault(id);

    /// <summary>The machine behind a key that acts for a unit, or null.</summary>
    public async ValueTask<UnitKey?> KeyAsync(string key, CancellationToken cancel = default) => (await NowAsync(cancel)).Keys.GetValueOrDefault(Accounts.HashOfKey(key));

    private ValueTask<Snapshot> NowAsync(CancellationToken cancel)
    {
        if (_now is { } now && now.Signal == signal.Count && ReferenceEquals(now.Packs, packs.Applied))
        {
            // While one call looks, others go on with what stood a moment ago.
            var age = Environment.TickCount64 - now.Looked;
            if (age < LookEvery || (age < 2 * LookEvery && _loading.CurrentCount == 0))
                return ValueTask.FromResult(now);
        }
        return new ValueTask<Snapshot>(LookAsync(cancel));
    }

    private async Task<Snapshot> LookAsync(CancellationToken cancel)
    {
        await _loading.WaitAsync(cancel);
        try
        {
            var (now, count, applied) = (_now, signal.Count, packs.Applied);
            await ShareAsync(cancel);
            // Read before what it counts: what changes meanwhile is looked at again.
            var version = await store.ReadAsync(c => c.QueryFirstAsync<(long, long, long)>("SELECT version, (SELECT count(*) FROM api_key), (SELECT count(*) FROM api_key WHERE revoked IS NOT NULL) FROM share_version WHERE id = 1"), cancel);
            if (now is not null && now.Version == version && now.Signal == count && ReferenceEquals(now.Packs, applied))
                return _now = now with { Looked = Environment.TickCount64 };
            var grants = new Dictionary<string, StandingGrant>();
            foreach (var grant in await book.GrantsAsync(cancel))
            {
                var its = grant.About.StartsWith(Shared.InterfacePrefix, StringComparison.Ordinal) ? await things.InterfaceAsync(grant.About[Shared.InterfacePrefix.Length..], cancel) : null;
                if (!_limits.TryGetValue(grant.Id, out var limits) || !limits.Fits(grant.Terms))
                {
                    _limits[grant.Id] = limits = new GrantLimits(grant.Terms, await UsedAsync(grant.Id, cancel), clock, land.Offset);
                    Tell(grant.Id, limits);
                }
                grants[grant.Id] = new StandingGrant(grant, await things.FindAsync(grant.About, cancel), things.Dataset(grant.About), its, limits);
            }
            var keys = (await accounts.UnitKeysAsync(cancel)).ToFrozenDictionary(k => k.Key, k => new UnitKey(k.Value, Callers.Claims(k.Value)));
            return _now = new Snapshot(version, count, applied, grants.ToFrozenDictionary(), keys, Environment.TickCount64);
        }
        finally
        {
            _loading.Release();
        }
    }

    private string Today => Time.Write(new DateTimeOffset(clock.GetUtcNow().ToOffset(land.Offset).Date, land.Offset));

    private Task<long> UsedAsync(string grant, CancellationToken cancel) => store.ReadAsync(c => c.ExecuteScalarAsync<long>(
        "SELECT CAST(coalesce(sum(calls - refused), 0) AS BIGINT) FROM share_minute WHERE grant_id = @grant AND node = @Node AND at >= @Today", new { grant, counts.Node, Today }), cancel);

    // What the other nodes, and those before this one, have kept.
    private async Task ShareAsync(CancellationToken cancel)
    {
        if (_shared != 0 && Environment.TickCount64 - _shared < (long)ServiceCounts.KeepEvery.TotalMilliseconds)
            return;
        var minute = Time.Write(clock.GetUtcNow().AddMinutes(-1));
        var others = await store.ReadAsync(c => c.QueryAsync<(string Grant, long Used, long Nodes)>(
            "SELECT grant_id, CAST(sum(calls - refused) AS BIGINT), count(DISTINCT CASE WHEN at >= @minute THEN node END) FROM share_minute WHERE node <> @Node AND at >= @Today GROUP BY grant_id", new { minute, counts.Node, Today }), cancel);
        _others = others.ToDictionary(o => o.Grant, o => (o.Used, (int)o.Nodes));
        foreach (var (grant, limits) in _limits)
            Tell(grant, limits);
        _shared = Environment.TickCount64;
    }

    private void Tell(string grant, GrantLimits limits)
    {
        var (used, nodes) = _others.GetValueOrDefault(grant);
        limits.Share(nodes, used);
    }

    /// <inheritdoc/>
    public void Dispose() => _loading.Dispose();
}
