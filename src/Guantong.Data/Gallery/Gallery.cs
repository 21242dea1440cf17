using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What is told of an application that was built on open data.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="About">What it does.</param>
/// <param name="Link">Where it is: https only.</param>
/// <param name="Datasets">The datasets that it uses, PACK/DATASET.</param>
public sealed record GalleryGiven(string Title, string About, string Link, IReadOnlyList<string> Datasets)
{
    /// <summary>The longest title.</summary>
    public const int LongestTitle = 60;

    /// <summary>The longest text.</summary>
    public const int Longest = 1000;

    /// <summary>The longest address.</summary>
    public const int LongestLink = 400;

    /// <summary>The most datasets.</summary>
    public const int MostDatasets = 20;
}

/// <summary>An application built on open data (应用成果).</summary>
/// <param name="Author">Who sent it, by name.</param>
/// <param name="State">sent, released, refused or withdrawn.</param>
public sealed record GalleryApp(string Id, string Login, string Author, GalleryGiven Given, DateTimeOffset Sent, string State, DateTimeOffset? Decided, string? DecidedBy, string Reason);

/// <summary>The gallery of applications built on open data (成果展示): accounts send them in, the bureau releases them, everybody sees them.</summary>
/// <remarks>Plan, annex 6 §5(4)6: 开放域.</remarks>
public sealed class Gallery(Store store, PackRegistry packs, TimeProvider clock)
{
    /// <summary>The most of one account that wait or stand.</summary>
    public const int MostOfOne = 20;

    internal static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal const string Columns = "a.id AS Id, a.login AS Login, a.author AS Author, a.title AS Title, a.about AS About, a.link AS Link, a.datasets AS Datasets, a.sent AS Sent, a.state AS State, a.decided AS Decided, a.decided_by AS DecidedBy, a.reason AS Reason";

    internal sealed class Row
    {
        public string Id { get; set; } = "";
        public string Login { get; set; } = "";
        public string Author { get; set; } = "";
        public string Title { get; set; } = "";
        public string About { get; set; } = "";
        public string Link { get; set; } = "";
        public string Datasets { get; set; } = "[]";
        public string Sent { get; set; } = "";
        public string State { get; set; } = "";
        public string? Decided { get; set; }
        public string? DecidedBy { get; set; }
        public string Reason { get; set; } = "";

        public GalleryApp Read() => new(Id, Login, Author, new GalleryGiven(Title, About, Link, JsonSerializer.Deserialize<List<string>>(Datasets)!), Time.Read(Sent), State, Decided is null ? null : Time.Read(Decided), DecidedBy, Reason);
    }

    /// <summary>Field → code of what is wrong; its sentence is filled by <see cref="FaultArgs"/>.</summary>
    public IReadOnlyDictionary<string, string> Faults(GalleryGiven given)
    {
        var faults = new Dictionary<string, string>();
        if (string.IsNullOrWhiteSpace(given.Title) || given.Title.Trim().Length < 2 || given.Title.Length > GalleryGiven.LongestTitle || given.Title.Any(char.IsControl))
            faults["title"] = "gallery-title";
        if (string.IsNullOrWhiteSpace(given.About) || given.About.Trim().Length < 10 || given.About.Length > GalleryGiven.Longest)
            faults["about"] = "gallery-about";
        if (!IsLink(given.Link))
            faults["link"] = "gallery-link";
        if (given.Datasets.Count is 0 or > GalleryGiven.MostDatasets || given.Datasets.Distinct().Count() != given.Datasets.Count || given.Datasets.Any(d => !IsOpen(d)))
            faults["datasets"] = "gallery-datasets";
        return faults;
    }

    /// <summary>What fills the sentences of faults.</summary>
    public static object?[] FaultArgs { get; } = [GalleryGiven.LongestTitle, GalleryGiven.Longest, GalleryGiven.MostDatasets];

    // No user name before the host: what stands there is made to be read as the host.
    private static bool IsLink(string link) => link is { Length: > 0 and <= GalleryGiven.LongestLink } && !link.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0 && address.Host.Contains('.', StringComparison.Ordinal);

    /// <summary>Whether a dataset (PACK/DATASET) is open to the public at all, be it on condition.</summary>
    public bool IsOpen(string about) => about?.Split('/') is [var pack, var id] && packs.Find(pack)?.Dataset(id) is { Open: "unconditional" or "conditional" };

    /// <summary>What can be named as used: open datasets, by pack.</summary>
    public IEnumerable<(Packs.Pack Pack, Packs.Dataset Dataset)> Usable() => packs.Applied.Values.OrderBy(a => a.Pack.Id, StringComparer.Ordinal).SelectMany(a => a.Pack.Datasets.Where(d => d.Open is "unconditional" or "conditional").Select(d => (a.Pack, d)));

    /// <summary>Takes an application in; it is shown once the bureau released it.</summary>
    /// <returns>It, or field → code of what is wrong.</returns>
    /// <exception cref="RefusedException">Too many of the account's stand.</exception>
    public async Task<(GalleryApp? App, IReadOnlyDictionary<string, string> Faults)> SendAsync(Person by, GalleryGiven given, CancellationToken cancel = default)
    {
        if (Faults(given) is { Count: > 0 } faults)
            return (null, faults);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString("n");
        await store.ChangeAsync(now, async change =>
        {
            if (await change.FindAsync<long>("SELECT count(*) FROM gallery_app WHERE login = @Login AND state IN ('sent', 'released')", new { by.Login }) >= MostOfOne)
                throw new RefusedException(409, "gallery-many", MostOfOne);
            await change.ExecuteAsync("INSERT INTO gallery_app (id, login, author, title, about, link, datasets, sent, state) VALUES (@id, @Login, @Name, @title, @about, @Link, @datasets, @Stamp, 'sent')",
                new { id, by.Login, by.Name, title = given.Title.Trim(), about = given.About.Trim(), given.Link, datasets = JsonSerializer.Serialize(given.Datasets), change.Stamp });
            change.Record(by, "gallery.sent", $"gallery:{id}", JsonSerializer.Serialize(new { given.Title, given.Datasets }, Written));
        }, cancel);
        return (await FindAsync(id, cancel), new Dictionary<string, string>());
    }

    /// <summary>Releases an application, or refuses it with the reason; one that was released may be taken off again so.</summary>
    /// <exception cref="RefusedException">There is none, it was withdrawn or refused, it is one's own, or the reason is missing.</exception>
    public async Task<GalleryApp> DecideAsync(Person by, string id, bool release, string? reason, CancellationToken cancel = default)
    {
        if (!release && string.IsNullOrWhiteSpace(reason) || reason?.Length > ShareTerms.Longest)
            throw new RefusedException(422, "share-reason", ShareTerms.Longest);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var app = (await change.FindAsync<Row>($"SELECT {Columns} FROM gallery_app a WHERE a.id = @id{change.ForUpdate}", new { id }))?.Read() ?? throw new RefusedException(404, "not-found", id);
            if (app.Login == by.Login)
                throw new RefusedException(403, "share-not-yours");
            if (app.State != "sent" && (release || app.State != "released"))
                throw new RefusedException(409, "share-ended");
            await change.ExecuteAsync("UPDATE gallery_app SET state = @state, decided = @Stamp, decided_by = @Login, reason = @reason WHERE id = @id", new { id, state = release ? "released" : "refused", change.Stamp, by.Login, reason = reason?.Trim() ?? "" });
            change.Record(by, release ? "gallery.released" : "gallery.refused", $"gallery:{id}", JsonSerializer.Serialize(new { reason = reason?.Trim() }, Written));
        }, cancel);
        return (await FindAsync(id, cancel))!;
    }

    /// <summary>Takes one's own application back; it is not shown any more.</summary>
    public Task WithdrawAsync(Person by, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        if (await change.ExecuteAsync("UPDATE gallery_app SET state = 'withdrawn', decided = @Stamp, decided_by = @Login WHERE id = @id AND login = @Login AND state IN ('sent', 'released')", new { id, by.Login, change.Stamp }) == 0)
            throw new RefusedException(404, "not-found", id);
        change.Record(by, "gallery.withdrawn", $"gallery:{id}");
    }, cancel);

    /// <summary>One, or null.</summary>
    public Task<GalleryApp?> FindAsync(string id, CancellationToken cancel = default) => store.ReadAsync(async c => (await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM gallery_app a WHERE a.id = @id", new { id }))?.Read(), cancel);

    /// <summary>Those in a state, the newest first.</summary>
    public Task<IReadOnlyList<GalleryApp>> ListAsync(string state, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<GalleryApp>)[.. (await c.QueryAsync<Row>($"SELECT {Columns} FROM gallery_app a WHERE a.state = @state ORDER BY a.sent DESC, a.id DESC", new { state })).Select(r => r.Read())], cancel);

    /// <summary>Somebody's own, the newest first.</summary>
    public Task<IReadOnlyList<GalleryApp>> OfAsync(Person who, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<GalleryApp>)[.. (await c.QueryAsync<Row>($"SELECT {Columns} FROM gallery_app a WHERE a.login = @Login ORDER BY a.sent DESC, a.id DESC", new { who.Login })).Select(r => r.Read())], cancel);
}
