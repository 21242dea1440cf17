using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>An edition of what is published instead of a dataset's rows.</summary>
/// <param name="At">When it was computed.</param>
/// <param name="Login">Who had it published.</param>
public sealed record OpenedEdition(long Edition, IReadOnlyList<OpenedColumn> Columns, OpeningReport Report, long Rows, string At, string Login)
{
    internal string Declared { get; init; } = "";

    internal string Stood { get; init; } = "";
}

/// <summary>How a dataset's opening stands.</summary>
/// <param name="Edition">The edition that everybody reads; null before the first.</param>
/// <param name="IsAsDeclared">Whether it was computed under the declaration in force.</param>
/// <param name="IsOfTheseRows">Whether the rows have not changed since.</param>
/// <param name="Spent">What all editions spent of the budget.</param>
/// <param name="Refused">Why the last try was refused, where it came after the edition.</param>
public sealed record OpeningState(OpenedEdition? Edition, bool IsAsDeclared, bool IsOfTheseRows, decimal Spent, OpeningRefusal? Refused, string? RefusedAt);

/// <summary>How a publishing ended: <c>published</c>, <c>same</c> (nothing changed, nothing was spent) or <c>refused</c> (what stood stands).</summary>
public sealed record PublishOutcome(string Result, OpenedEdition? Edition, OpeningRefusal? Refusal);

/// <summary>Whether somebody was granted what is open on condition: asked of every part that grants such.</summary>
public delegate Task<bool> OpeningGranted(Person who, Pack pack, Dataset dataset, CancellationToken cancel);

/// <summary>Publishes what a dataset declares by <c>opening</c>: computes it from the rows, keeps it as a table of its own, and counts what it spends.</summary>
/// <remarks>
/// Two stores, no common transaction: an edition is written first, where nobody sees it, and stands once the store says so, together with what it spends and the ledger's entry.
/// Plan, annex 6 §5(4)6: 开放域.
/// </remarks>
public sealed class Openings(Store store, Warehouse warehouse, PackRegistry packs, DatasetSeals seals, Jurisdiction land, TimeProvider clock) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Where noise comes from: a test draws what it can foresee.</summary>
    internal Func<Chance> Chances { get; set; } = Chance.Secure;

    /// <summary>A dataset that is published so, or null.</summary>
    public (Pack Pack, Dataset Dataset)? Find(string pack, string dataset) =>
        packs.Find(pack) is { } found && found.Dataset(dataset) is { Opening: not null, Open: not "none" } declared ? (found, declared) : null;

    /// <summary>Whether somebody may read what is published of a dataset: everybody where it is open without condition; else officials, and whoever was granted it.</summary>
    /// <param name="services">Where parts that grant such stand (<see cref="OpeningGranted"/>).</param>
    /// <param name="isOwn">Of the dataset's own rows, of which an official sees what their post shows them, and reads it where all rows are read.</param>
    public static async Task<bool> MaySeeAsync(Person? who, Pack pack, Dataset dataset, IServiceProvider services, bool isOwn = false, CancellationToken cancel = default)
    {
        if (dataset.Open == "unconditional")
            return true;
        if (who is null)
            return false;
        if (!isOwn && who.May("opening.read"))
            return true;
        foreach (var granted in (IEnumerable<OpeningGranted>)services.GetService(typeof(IEnumerable<OpeningGranted>))!)
        {
            if (await granted(who, pack, dataset, cancel))
                return true;
        }
        return false;
    }

    /// <summary>Whether somebody may have it published.</summary>
    public bool MayPublish(Person who, Dataset dataset) => who.May("opening.publish", new Thing(land.Units.Named(dataset.Source.Name)?.Id), land);

    /// <summary>The edition that everybody reads; null before the first.</summary>
    public async Task<OpenedEdition?> EditionAsync(Pack pack, Dataset dataset, CancellationToken cancel = default) => Read(await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Line>(
        $"SELECT {Columns} FROM opening_edition e JOIN opening o ON o.pack = e.pack AND o.dataset = e.dataset AND o.edition = e.edition WHERE o.pack = @pack AND o.dataset = @dataset", new { pack = pack.Id, dataset = dataset.Id }), cancel));

    /// <summary>How it stands.</summary>
    public async Task<OpeningState> StateAsync(Pack pack, Dataset dataset, CancellationToken cancel = default)
    {
        var (edition, (_, spent, refused, refusedAt)) = (await EditionAsync(pack, dataset, cancel), await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<(long?, long, string?, string?)>(
            "SELECT edition, spent, refused, refused_at FROM opening WHERE pack = @pack AND dataset = @dataset", new { pack = pack.Id, dataset = dataset.Id }), cancel));
        return new OpeningState(edition, edition?.Declared == RawRows.Declared(pack, dataset), edition?.Stood == RawRows.Stood(warehouse, pack, dataset), (decimal)spent / NoisyCounts.Fraction,
            refused is null ? null : JsonSerializer.Deserialize<OpeningRefusal>(refused, Json), refusedAt);
    }

    /// <summary>Publishes a dataset as it stands. What was published of the same rows under the same declaration stands as it is, and spends nothing.</summary>
    public async Task<PublishOutcome> PublishAsync(Person by, Pack pack, Dataset dataset, CancellationToken cancel = default)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            var (declared, stood) = (RawRows.Declared(pack, dataset), RawRows.Stood(warehouse, pack, dataset));
            var before = await EditionAsync(pack, dataset, cancel);
            if (before?.Declared == declared && before.Stood == stood)
                return new PublishOutcome("same", before, null);
            var keys = await seals.ReadingAsync(pack, cancel);
            var (rows, refusal) = await SpentAsync(pack, dataset, cancel) is { } spent ? (null, spent) : await Task.Run(() => Compute(pack, dataset, keys, cancel), cancel);
            if (rows is null)
                return await RefuseAsync(by, pack, dataset, refusal!, cancel);
            var number = await Task.Run(() => OpenedTable.Write(warehouse, pack, dataset, rows), cancel);
            var edition = new OpenedEdition(number, rows.Columns, rows.Report, rows.Count, Time.Write(clock.GetUtcNow()), by.Login) { Declared = declared, Stood = stood };
            if (await StandAsync(by, pack, dataset, edition, before, cancel) is { } late)
                return await RefuseAsync(by, pack, dataset, late, cancel);
            OpenedTable.Remove(warehouse, pack, dataset, e => e < number && e != before?.Edition);
            return new PublishOutcome("published", edition, null);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Publishes anew what was published under the declaration in force and whose rows have changed since, where its time has come; takes away what is not declared any more.</summary>
    /// <returns>How many were published.</returns>
    public async Task<int> FollowAsync(CancellationToken cancel = default)
    {
        var published = 0;
        foreach (var (pack, dataset) in packs.Applied.Values.SelectMany(a => a.Pack.Datasets.Select(d => (a.Pack, d))).Where(d => Find(d.Pack.Id, d.d.Id) is not null).ToList())
        {
            // What a person has not yet seen under this declaration, a person publishes.
            if (await StateAsync(pack, dataset, cancel) is { Edition: { } edition, IsAsDeclared: true, IsOfTheseRows: false } state && IsDue(dataset.Opening!, state.RefusedAt ?? edition.At)
                && (await PublishAsync(Policy.Operator, pack, dataset, cancel)).Result == "published")
                published++;
        }
        await WithdrawAsync(cancel);
        return published;
    }

    // A refusal was a try too: it is not made again at each look.
    private bool IsDue(DeclaredOpening opening, string tried) => (opening.Every ?? (opening.Counts is null ? "P1D" : null)) is { } every && clock.GetUtcNow() - Time.Read(tried) >= XmlConvert.ToTimeSpan(every);

    private async Task WithdrawAsync(CancellationToken cancel)
    {
        foreach (var (pack, dataset) in (await store.ReadAsync(c => c.QueryAsync<(string Pack, string Dataset)>("SELECT pack, dataset FROM opening WHERE edition IS NOT NULL ORDER BY pack, dataset"), cancel)).Where(o => Find(o.Pack, o.Dataset) is null).ToList())
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                await change.ExecuteAsync("UPDATE opening SET edition = NULL WHERE pack = @pack AND dataset = @dataset", new { pack, dataset });
                await CatalogueBook.OpenedAsync(change, pack, dataset, "", Policy.Operator);
                change.Record(Policy.Operator, "opening.withdrawn", $"dataset:{pack}/{dataset}", "{}", dataset: $"{pack}/{dataset}");
            }, cancel);
            OpenedTable.Remove(warehouse, pack, dataset, _ => true);
        }
    }

    private (OpenedRows? Rows, OpeningRefusal? Refusal) Compute(Pack pack, Dataset dataset, RowSeals? keys, CancellationToken cancel)
    {
        if (dataset.Opening!.Counts is not null)
        {
            var (counts, refusal) = NoisyCounts.Begin(pack, dataset, [.. land.Regions.All.Select(r => r.Code)]);
            if (counts is null)
                return (null, refusal);
            RawRows.Each(warehouse, pack, dataset, counts.Takes, keys, counts.Add, cancel);
            return (counts.Open(Chances()), null);
        }
        // The key is nobody's: once the edition is computed, no pseudonym can be made again.
        var secret = RandomNumberGenerator.GetBytes(32);
        var rows = new AnonymousRows(pack, dataset, text => Convert.ToHexStringLower(Sm3.Hmac(secret, Encoding.UTF8.GetBytes(text)))[..32]);
        RawRows.Each(warehouse, pack, dataset, rows.Takes, keys, rows.Add, cancel);
        var opened = rows.Open();
        CryptographicOperations.ZeroMemory(secret);
        return opened;
    }

    private static long Charge(Dataset dataset) => (long)((dataset.Opening!.Counts?.Epsilon ?? 0) * NoisyCounts.Fraction);

    private static OpeningRefusal? Beyond(Dataset dataset, long spent) => dataset.Opening!.Counts is { } counts && spent + Charge(dataset) > (long)(counts.Budget * NoisyCounts.Fraction)
        ? new OpeningRefusal("opening-budget-spent", Number((decimal)spent / NoisyCounts.Fraction), Number(counts.Epsilon), Number(counts.Budget)) : null;

    private static string Number(decimal number) => (number / 1.0000m).ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<OpeningRefusal?> SpentAsync(Pack pack, Dataset dataset, CancellationToken cancel) =>
        Beyond(dataset, await store.ReadAsync(c => c.ExecuteScalarAsync<long?>("SELECT spent FROM opening WHERE pack = @pack AND dataset = @dataset", new { pack = pack.Id, dataset = dataset.Id }), cancel) ?? 0);

    // What stands, what it spends and the ledger's entry: all of it or nothing. Gives why not.
    private async Task<OpeningRefusal?> StandAsync(Person by, Pack pack, Dataset dataset, OpenedEdition edition, OpenedEdition? before, CancellationToken cancel)
    {
        var key = new { pack = pack.Id, dataset = dataset.Id };
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                await change.ExecuteAsync("INSERT INTO opening (pack, dataset, spent) VALUES (@pack, @dataset, 0) ON CONFLICT (pack, dataset) DO NOTHING", key);
                var (standing, spent) = await change.FindAsync<(long?, long)>($"SELECT edition, spent FROM opening WHERE pack = @pack AND dataset = @dataset{change.ForUpdate}", key);
                if (standing != before?.Edition)
                    throw new NotStandingException(new OpeningRefusal("opening-moved"));
                if (Beyond(dataset, spent) is { } beyond)
                    throw new NotStandingException(beyond);
                var report = JsonSerializer.Serialize(edition.Report, Json);
                await change.ExecuteAsync("""
                    INSERT INTO opening_edition (pack, dataset, edition, declared, stood, columns, report, row_count, epsilon, at, login)
                    VALUES (@pack, @dataset, @Edition, @Declared, @Stood, @columns, @report, @Rows, @charge, @At, @Login)
                    """, new { key.pack, key.dataset, edition.Edition, edition.Declared, edition.Stood, columns = JsonSerializer.Serialize(edition.Columns, Json), report, edition.Rows, charge = Charge(dataset), edition.At, edition.Login });
                await change.ExecuteAsync("UPDATE opening SET edition = @Edition, spent = spent + @charge, refused = NULL, refused_at = NULL WHERE pack = @pack AND dataset = @dataset", new { key.pack, key.dataset, edition.Edition, charge = Charge(dataset) });
                await CatalogueBook.OpenedAsync(change, pack.Id, dataset.Id, PackEntries.OpeningOf(dataset, stands: true), by);
                change.Record(by, "opening.published", $"dataset:{pack.Id}/{dataset.Id}", $$"""{"edition":{{edition.Edition}},"report":{{report}}}""", dataset: $"{pack.Id}/{dataset.Id}");
            }, cancel);
            return null;
        }
        catch (NotStandingException e)
        {
            OpenedTable.Remove(warehouse, pack, dataset, number => number == edition.Edition);
            return e.Why;
        }
    }

    private sealed class NotStandingException(OpeningRefusal why) : Exception
    {
        public OpeningRefusal Why { get; } = why;
    }

    private async Task<PublishOutcome> RefuseAsync(Person by, Pack pack, Dataset dataset, OpeningRefusal refusal, CancellationToken cancel)
    {
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("INSERT INTO opening (pack, dataset, spent, refused, refused_at) VALUES (@pack, @dataset, 0, @refused, @Stamp) ON CONFLICT (pack, dataset) DO UPDATE SET refused = excluded.refused, refused_at = excluded.refused_at",
                new { pack = pack.Id, dataset = dataset.Id, refused = JsonSerializer.Serialize(refusal, Json), change.Stamp });
            change.Record(by, "opening.refused", $"dataset:{pack.Id}/{dataset.Id}", JsonSerializer.Serialize(refusal, Json), dataset: $"{pack.Id}/{dataset.Id}");
        }, cancel);
        return new PublishOutcome("refused", await EditionAsync(pack, dataset, cancel), refusal);
    }

    private const string Columns = "e.edition AS Edition, e.declared AS Declared, e.stood AS Stood, e.columns AS Columns, e.report AS Report, e.row_count AS Rows, e.at AS At, e.login AS Login";

    private sealed record Line(long Edition, string Declared, string Stood, string Columns, string Report, long Rows, string At, string Login);

    private static OpenedEdition? Read(Line? line) => line is null ? null
        : new OpenedEdition(line.Edition, JsonSerializer.Deserialize<OpenedColumn[]>(line.Columns, Json)!, JsonSerializer.Deserialize<OpeningReport>(line.Report, Json)!, line.Rows, line.At, line.Login) { Declared = line.Declared, Stood = line.Stood };

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
