using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cronos;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Another catalogue that is harvested.</summary>
/// <param name="Kind">ckan or dcat.</param>
/// <param name="Address">ckan: the site; dcat: the document.</param>
/// <param name="Schedule">Cron, five fields, by the jurisdiction's clock.</param>
/// <param name="Outcome">How it went last: ok, or the code of what was wrong; null before the first time.</param>
/// <param name="Detail">Counts, or what fills the sentence.</param>
public sealed record HarvestSource(string Id, string Name, string Kind, string Address, string Schedule, string? Due = null, string? Ran = null, string? Outcome = null, string? Detail = null);

/// <summary>What a harvest did.</summary>
/// <param name="Rejected">Entries that may not stand in the catalogue as they are.</param>
public sealed record HarvestCounts(int Added, int Changed, int Same, int Vanished, int Rejected);

/// <summary>Harvests other catalogues, again and again: an entry is known by its source and the id it has there, what is gone there is marked here, and a source that errs changes nothing.</summary>
public sealed class Harvester(Store store, OutsideFetch fetch, Jurisdiction land, TimeProvider clock)
{
    private const string Columns = "id AS Id, name AS Name, kind AS Kind, address AS Address, schedule AS Schedule, due AS Due, ran AS Ran, outcome AS Outcome, detail AS Detail";

    // Who of the platform does it.
    private const string Actor = "harvester";

    /// <summary>The sources.</summary>
    public Task<IReadOnlyList<HarvestSource>> ListAsync(CancellationToken cancel = default) =>
        store.ReadAsync(async c => (IReadOnlyList<HarvestSource>)[.. await c.QueryAsync<HarvestSource>($"SELECT {Columns} FROM catalogue_source ORDER BY id")], cancel);

    /// <summary>Field → code of what is wrong with a source; empty when it can be used.</summary>
    public static IReadOnlyDictionary<string, string> Faults(HarvestSource source)
    {
        var faults = new Dictionary<string, string>();
        if (source.Id.Length is 0 or > 40 || source.Id.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
            faults["id"] = "source-id";
        if (string.IsNullOrWhiteSpace(source.Name) || source.Name.Length > 200)
            faults["name"] = "source-name";
        if (source.Kind is not ("ckan" or "dcat"))
            faults["kind"] = "source-kind";
        if (!EntryCheck.IsAddress(source.Address) || new Uri(source.Address).UserInfo.Length > 0)
            faults["address"] = "source-address";
        if (!CronExpression.TryParse(source.Schedule, out _))
            faults["schedule"] = "source-schedule";
        return faults;
    }

    /// <summary>Makes or changes a source; it must have no faults.</summary>
    public Task PutAsync(Person by, HarvestSource source, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        await change.ExecuteAsync("""
            INSERT INTO catalogue_source (id, name, kind, address, schedule, changed, changed_by, due) VALUES (@Id, @Name, @Kind, @Address, @Schedule, @Stamp, @Login, @due)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, address = excluded.address, schedule = excluded.schedule, changed = excluded.changed, changed_by = excluded.changed_by, due = excluded.due
            """, new { source.Id, source.Name, source.Kind, source.Address, source.Schedule, change.Stamp, by.Login, due = Next(source.Schedule, change.At) });
        change.Record(by, "catalogue.source-put", $"source:{source.Id}", JsonSerializer.Serialize(new { source.Kind, source.Address, source.Schedule }));
    }, cancel);

    /// <summary>Ends a source; what came from it is marked as vanished.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> RemoveAsync(Person by, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var gone = await change.ExecuteAsync("DELETE FROM catalogue_source WHERE id = @id", new { id });
        if (gone > 0)
            await VanishAsync(change, id, [], by.Login);
        change.Record(by, gone > 0 ? "catalogue.source-removed" : "catalogue.source-not-there", $"source:{id}");
        return gone > 0;
    }, cancel);

    /// <summary>Harvests a source now.</summary>
    /// <returns>How the source stands after it; null where there is none.</returns>
    public async Task<HarvestSource?> RunAsync(string id, CancellationToken cancel = default)
    {
        if ((await ListAsync(cancel)).FirstOrDefault(s => s.Id == id) is not { } source)
            return null;
        try
        {
            var read = source.Kind == "ckan" ? await new CkanCatalogue(fetch).ReadAsync(new Uri(source.Address), cancel) : await new DcatCatalogue(fetch).ReadAsync(new Uri(source.Address), cancel);
            var taken = read.Select(e => Own(source, e)).DistinctBy(e => e.Id).ToList();
            var sound = taken.Where(e => EntryCheck.Of(e, land).Count == 0).ToList();
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                await GuardAsync(change, source, taken.Count);
                var put = await CatalogueBook.PutAllAsync(change, sound, "harvest", source.Id, Actor, null, "harvested");
                var vanished = await VanishAsync(change, source.Id, [.. taken.Select(e => e.Id)], Actor);
                await EndAsync(change, source, "ok", JsonSerializer.Serialize(new HarvestCounts(put.Added, put.Changed, put.Same, vanished, taken.Count - sound.Count), CatalogueBook.Json));
            }, cancel);
        }
        catch (HarvestException wrong)
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                await EndAsync(change, source, wrong.Code, wrong.Given);
                change.Record(Actor, "catalogue.harvest-refused", $"source:{source.Id}", JsonSerializer.Serialize(new { wrong.Code, wrong.Given }));
            }, cancel);
        }
        return (await ListAsync(cancel)).FirstOrDefault(s => s.Id == id);
    }

    /// <summary>Takes the sources that are due, each on one node.</summary>
    internal async Task<IReadOnlyList<string>> DueAsync(CancellationToken cancel)
    {
        var now = Time.Write(clock.GetUtcNow());
        var due = (await ListAsync(cancel)).Where(s => s.Due is not null && string.CompareOrdinal(s.Due, now) <= 0).ToList();
        var taken = new List<string>();
        foreach (var source in due)
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                var mine = await change.ExecuteAsync("UPDATE catalogue_source SET due = @next WHERE id = @Id AND due = @Due", new { source.Id, source.Due, next = Next(source.Schedule, change.At) });
                if (mine > 0)
                    taken.Add(source.Id);
                change.Record(Actor, mine > 0 ? "catalogue.harvest-begun" : "catalogue.harvest-elsewhere", $"source:{source.Id}");
            }, cancel);
        }
        return taken;
    }

    // A source that suddenly has next to nothing errs, or lies: what stands is not thrown over for that.
    private static async Task GuardAsync(Change change, HarvestSource source, int now)
    {
        var before = await change.FindAsync<long>("SELECT count(*) FROM catalogue_entry WHERE origin = 'harvest' AND source = @Id AND state = 'current'", new { source.Id });
        if (before > 0 && now == 0 || before >= 20 && now < before / 2)
            throw new HarvestException("shrunk", $"{before} → {now}");
    }

    private static async Task<int> VanishAsync(Change change, string source, HashSet<string> there, string by)
    {
        var count = 0;
        foreach (var kept in await CatalogueBook.OfSourceAsync(change, source))
        {
            if (kept.State == "current" && !there.Contains(kept.Entry.Id) && await CatalogueBook.PutAsync(change, kept.Entry, "harvest", source, "vanished", by, null, alone: false) is not null)
                count++;
        }
        return count;
    }

    private static async Task EndAsync(Change change, HarvestSource source, string outcome, string detail) =>
        await change.ExecuteAsync("UPDATE catalogue_source SET ran = @Stamp, outcome = @outcome, detail = @detail WHERE id = @Id", new { source.Id, change.Stamp, outcome, detail });

    // An id that is the same each time, whatever the source's own looks like.
    private CatalogueEntry Own(HarvestSource source, CatalogueEntry entry)
    {
        var id = "h-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source.Id}\n{entry.Id}")))[..32];
        string Cut(string text) => text.Length > EntryCheck.Longest ? text[..(EntryCheck.Longest - 1)] + "…" : text;
        return EntryFields.Normal(entry with
        {
            Id = id, Code = "", Name = Cut(entry.Name), About = Cut(entry.About), AboutEn = Cut(entry.AboutEn), Region = land.Regions.Find(entry.Region) is null ? "" : entry.Region,
            Published = DateOnly.TryParseExact(entry.Published, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? entry.Published : "", Grade = entry.Grade is >= 1 and <= 4 ? entry.Grade : null,
        });
    }

    private string? Next(string schedule, DateTimeOffset from) =>
        CronExpression.Parse(schedule).GetNextOccurrence(from, TimeZoneInfo.CreateCustomTimeZone("land", land.Offset, "land", "land")) is { } next ? Time.Write(next.ToUniversalTime()) : null;
}
