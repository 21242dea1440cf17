using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What is declared of a competition.</summary>
/// <param name="From">The first day on which applications are entered, by the jurisdiction's clock.</param>
/// <param name="Until">The last day.</param>
/// <param name="Datasets">An application that is entered uses one of these at least; none where any open dataset will do.</param>
public sealed record CompetitionGiven(string Title, string TitleEn, string Rules, string RulesEn, string From, string Until, IReadOnlyList<string> Datasets)
{
    /// <summary>The longest title.</summary>
    public const int LongestTitle = 80;

    /// <summary>The longest rules.</summary>
    public const int LongestRules = 4000;

    /// <summary>What fills the sentences of faults.</summary>
    public static object?[] FaultArgs { get; } = [LongestTitle, LongestRules, GalleryGiven.MostDatasets];

    /// <summary>Its title in a reader's language.</summary>
    public string Say(string lang) => IsEnglish(lang) ? TitleEn : Title;

    /// <summary>Its rules in a reader's language.</summary>
    public string SayRules(string lang) => IsEnglish(lang) ? RulesEn : Rules;

    private static bool IsEnglish(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase);
}

/// <summary>An application that was entered.</summary>
/// <param name="Award">The award that it was given, or null.</param>
public sealed record CompetitionEntry(string Competition, GalleryApp App, DateTimeOffset Entered, string? Award);

/// <summary>A competition of applications on open data (开放数据大赛).</summary>
/// <param name="State">coming, open or closed, by the day.</param>
public sealed record Competition(string Id, CompetitionGiven Given, string State, DateTimeOffset Declared, string DeclaredBy);

/// <summary>Competitions: the bureau declares one, accounts enter applications of theirs until it closes, the bureau records awards to applications; results are public. Nobody is scored (rights.md 1).</summary>
public sealed class Competitions(Store store, Gallery gallery, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest name of an award.</summary>
    public const int LongestAward = 40;

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Title { get; set; } = "";
        public string TitleEn { get; set; } = "";
        public string Rules { get; set; } = "";
        public string RulesEn { get; set; } = "";
        public string FromDay { get; set; } = "";
        public string UntilDay { get; set; } = "";
        public string Datasets { get; set; } = "[]";
        public string Declared { get; set; } = "";
        public string DeclaredBy { get; set; } = "";
    }

    private sealed class EntryRow
    {
        public string Competition { get; set; } = "";
        public string App { get; set; } = "";
        public string Entered { get; set; } = "";
        public string? Award { get; set; }
    }

    private const string Columns = "id, title, title_en AS TitleEn, rules, rules_en AS RulesEn, from_day AS FromDay, until_day AS UntilDay, datasets, declared, declared_by AS DeclaredBy";

    private Competition Read(Row row) => new(row.Id, new CompetitionGiven(row.Title, row.TitleEn, row.Rules, row.RulesEn, row.FromDay, row.UntilDay, JsonSerializer.Deserialize<List<string>>(row.Datasets)!),
        string.CompareOrdinal(Today, row.FromDay) < 0 ? "coming" : string.CompareOrdinal(Today, row.UntilDay) > 0 ? "closed" : "open", Time.Read(row.Declared), row.DeclaredBy);

    private string Today => clock.GetUtcNow().ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Field → code of what is wrong; its sentence is filled by <see cref="CompetitionGiven.FaultArgs"/>.</summary>
    public IReadOnlyDictionary<string, string> Faults(CompetitionGiven given)
    {
        var faults = new Dictionary<string, string>();
        foreach (var (field, text) in ((string, string)[])[("title", given.Title), ("titleEn", given.TitleEn)])
        {
            if (string.IsNullOrWhiteSpace(text) || text.Length > CompetitionGiven.LongestTitle || text.Any(char.IsControl))
                faults[field] = "competition-title";
        }
        foreach (var (field, text) in ((string, string)[])[("rules", given.Rules), ("rulesEn", given.RulesEn)])
        {
            if (string.IsNullOrWhiteSpace(text) || text.Length > CompetitionGiven.LongestRules)
                faults[field] = "competition-rules";
        }
        var (from, until) = (Day(given.From), Day(given.Until));
        if (from is null)
            faults["from"] = "competition-day";
        if (until is null)
            faults["until"] = "competition-day";
        else if (from > until || string.CompareOrdinal(given.Until, Today) < 0 || until > from?.AddYears(2))
            faults["until"] = "competition-until";
        if (given.Datasets.Count > GalleryGiven.MostDatasets || given.Datasets.Distinct().Count() != given.Datasets.Count || given.Datasets.Any(d => !gallery.IsOpen(d)))
            faults["datasets"] = "competition-datasets";
        return faults;
    }

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>Declares a competition.</summary>
    /// <returns>It, or field → code of what is wrong.</returns>
    public async Task<(Competition? Competition, IReadOnlyDictionary<string, string> Faults)> DeclareAsync(Person by, CompetitionGiven given, CancellationToken cancel = default)
    {
        if (Faults(given) is { Count: > 0 } faults)
            return (null, faults);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString("n");
        await store.ChangeAsync(now, async change =>
        {
            await change.ExecuteAsync("INSERT INTO competition (id, title, title_en, rules, rules_en, from_day, until_day, datasets, declared, declared_by) VALUES (@id, @title, @titleEn, @rules, @rulesEn, @From, @Until, @datasets, @Stamp, @Login)",
                new { id, title = given.Title.Trim(), titleEn = given.TitleEn.Trim(), rules = given.Rules.Trim(), rulesEn = given.RulesEn.Trim(), given.From, given.Until, datasets = JsonSerializer.Serialize(given.Datasets), change.Stamp, by.Login });
            change.Record(by, "competition.declared", $"competition:{id}", JsonSerializer.Serialize(new { given.Title, given.From, given.Until, given.Datasets }, Gallery.Written));
        }, cancel);
        return (await FindAsync(id, cancel), new Dictionary<string, string>());
    }

    /// <summary>Enters an application of one's own, while the competition is open.</summary>
    /// <exception cref="RefusedException">It is not open, the application is not theirs, not released, or uses none of the datasets, or it was entered already.</exception>
    public async Task EnterAsync(Person by, string id, string app, CancellationToken cancel = default)
    {
        var competition = await FindAsync(id, cancel) ?? throw new RefusedException(404, "not-found", id);
        if (competition.State != "open")
            throw new RefusedException(409, "competition-shut", competition.Given.From, competition.Given.Until);
        var entered = await gallery.FindAsync(app ?? "", cancel);
        if (entered is null || entered.Login != by.Login || entered.State is "withdrawn" or "refused")
            throw new RefusedException(404, "not-found", app);
        if (competition.Given.Datasets.Count > 0 && !competition.Given.Datasets.Intersect(entered.Given.Datasets).Any())
            throw new RefusedException(422, "competition-uses-none");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.ExecuteAsync("INSERT INTO competition_entry (competition, app, entered) VALUES (@id, @app, @Stamp) ON CONFLICT (competition, app) DO NOTHING", new { id, app, change.Stamp }) == 0)
                throw new RefusedException(409, "competition-entered");
            change.Record(by, "competition.entered", $"competition:{id}", JsonSerializer.Serialize(new { app }, Gallery.Written));
        }, cancel);
    }

    /// <summary>Records an award to an application that was entered, or takes it back; once the competition has closed.</summary>
    /// <param name="award">Its name; empty to take it back.</param>
    /// <exception cref="RefusedException">It has not closed, there is no such entry, it is one's own, or the name is too long.</exception>
    public async Task AwardAsync(Person by, string id, string app, string? award, CancellationToken cancel = default)
    {
        var competition = await FindAsync(id, cancel) ?? throw new RefusedException(404, "not-found", id);
        if (competition.State != "closed")
            throw new RefusedException(409, "competition-not-closed", competition.Given.Until);
        var name = string.IsNullOrWhiteSpace(award) ? null : award.Trim();
        if (name?.Length > LongestAward || name?.Any(char.IsControl) == true)
            throw new RefusedException(422, "competition-award", LongestAward);
        if (await gallery.FindAsync(app ?? "", cancel) is not { } entered || (name is not null && entered.State != "released"))
            throw new RefusedException(404, "not-found", app);
        if (entered.Login == by.Login)
            throw new RefusedException(403, "share-not-yours");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.ExecuteAsync("UPDATE competition_entry SET award = @name, awarded = @Stamp, awarded_by = @Login WHERE competition = @id AND app = @app", new { id, app, name, change.Stamp, by.Login }) == 0)
                throw new RefusedException(404, "not-found", app);
            change.Record(by, "competition.awarded", $"competition:{id}", JsonSerializer.Serialize(new { app, award = name }, Gallery.Written));
        }, cancel);
    }

    /// <summary>One, or null.</summary>
    public Task<Competition?> FindAsync(string id, CancellationToken cancel = default) => store.ReadAsync(async c => await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM competition WHERE id = @id", new { id }) is { } row ? Read(row) : null, cancel);

    /// <summary>All, the one that closes last first.</summary>
    public Task<IReadOnlyList<Competition>> ListAsync(CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<Competition>)[.. (await c.QueryAsync<Row>($"SELECT {Columns} FROM competition ORDER BY until_day DESC, id DESC")).Select(Read)], cancel);

    /// <summary>What was entered: those with an award first, then as they came.</summary>
    /// <param name="onlyReleased">Whether what the public does not see is left out.</param>
    public async Task<IReadOnlyList<CompetitionEntry>> EntriesAsync(string id, bool onlyReleased, CancellationToken cancel = default)
    {
        var entries = new List<CompetitionEntry>();
        foreach (var row in (await store.ReadAsync(c => c.QueryAsync<EntryRow>("SELECT competition, app, entered, award FROM competition_entry WHERE competition = @id ORDER BY CASE WHEN award IS NULL THEN 1 ELSE 0 END, entered, app", new { id }), cancel)).ToList())
        {
            if (await gallery.FindAsync(row.App, cancel) is { } app && (app.State == "released" || (!onlyReleased && app.State == "sent")))
                entries.Add(new CompetitionEntry(id, app, Time.Read(row.Entered), row.Award));
        }
        return entries;
    }
}
