using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Channels of regions (频道): editors of a unit write a draft together, an approver of the unit who wrote none of it decides, and what is approved is shown. Start reading here.</summary>
/// <remarks>Plan, annex 6 §5(1)1: a city publishes its own channel without code.</remarks>
public sealed partial class RegionChannels(Store store, ChannelThings things, Jurisdiction land, TimeProvider clock)
{
    private sealed record Row(string Region, string Unit, string Draft, long Revision, string Authors, string Saved, string SavedBy);

    private sealed record VersionRow(string Region, long No, string State, string Content, long Revision, string Authors, string Submitted, string SubmittedBy, string? Decided, string? DecidedBy, string? Reason, string? Begins);

    private const string Columns = "region AS Region, unit AS Unit, draft AS Draft, revision AS Revision, authors AS Authors, saved AS Saved, saved_by AS SavedBy";
    private const string VersionColumns = "region AS Region, no AS No, state AS State, content AS Content, revision AS Revision, authors AS Authors, submitted AS Submitted, submitted_by AS SubmittedBy, decided AS Decided, decided_by AS DecidedBy, reason AS Reason, begins AS Begins";

    // Of what is approved and has begun, what began last is shown.
    private const string OnShow = "SELECT region AS Region, max(no) AS No FROM work_channel_version v WHERE state = 'approved' AND begins = (SELECT max(begins) FROM work_channel_version o WHERE o.region = v.region AND o.state = 'approved' AND o.begins <= @now) GROUP BY region ORDER BY region";

    private sealed record Known(string Of, IReadOnlyList<ChannelOnShow> Shown);

    private Known _known = new("", []);

    /// <summary>The channels that the public sees now, by region; the same list as long as none has changed.</summary>
    public async Task<IReadOnlyList<ChannelOnShow>> OnShowAsync(CancellationToken cancel = default)
    {
        var (known, now) = (_known, Time.Write(clock.GetUtcNow()));
        return await store.ReadAsync(async c =>
        {
            var shown = (await c.QueryAsync<(string Region, long No)>(OnShow, new { now })).AsList();
            var of = string.Join(' ', shown.Select(s => $"{s.Region}/{s.No}"));
            if (of == known.Of)
                return known.Shown;
            var all = new List<ChannelOnShow>();
            foreach (var (region, no) in shown)
            {
                var row = await c.QueryFirstAsync<VersionRow>($"SELECT {VersionColumns} FROM work_channel_version WHERE region = @region AND no = @no", new { region, no });
                var unit = await c.QueryFirstAsync<string>("SELECT unit FROM work_channel WHERE region = @region", new { region });
                all.Add(new ChannelOnShow(region, unit, no, row.Begins!, ChannelContent.Read(row.Content)));
            }
            _known = new Known(of, all);
            return all;
        }, cancel);
    }

    /// <summary>One of them, or null.</summary>
    public async Task<ChannelOnShow?> OnShowAsync(string region, CancellationToken cancel = default) => (await OnShowAsync(cancel)).FirstOrDefault(c => c.Region == region);

    /// <summary>That of a region, else of the nearest above it that has one; null where none has.</summary>
    public async Task<ChannelOnShow?> NearestAsync(string? region, CancellationToken cancel = default)
    {
        var shown = region is null ? [] : await OnShowAsync(cancel);
        return land.Regions.Upwards(region ?? "").Select(r => shown.FirstOrDefault(c => c.Region == r.Code)).FirstOrDefault(c => c is not null);
    }

    /// <summary>Channels that an official may see the drafts of, by region.</summary>
    public Task<IReadOnlyList<RegionChannel>> ListAsync(RowRights rights, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var all = new List<RegionChannel>();
        foreach (var row in await c.QueryAsync<Row>($"SELECT {Columns} FROM work_channel WHERE 1 = 1{rights.And("region", "unit = @rowUnit")} ORDER BY region", rights.With(new { })))
            all.Add(await OpenAsync(c, row));
        return (IReadOnlyList<RegionChannel>)all;
    }, cancel);

    /// <summary>One of them, or null.</summary>
    public Task<RegionChannel?> FindAsync(string region, RowRights rights, CancellationToken cancel = default) => store.ReadAsync(async c =>
        await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM work_channel WHERE region = @region{rights.And("region", "unit = @rowUnit")}", rights.With(new { region })) is { } row ? await OpenAsync(c, row) : null, cancel);

    private async Task<RegionChannel> OpenAsync(DbConnection connection, Row row)
    {
        var now = Time.Write(clock.GetUtcNow());
        var versions = (await connection.QueryAsync<VersionRow>($"SELECT {VersionColumns} FROM work_channel_version WHERE region = @Region ORDER BY no DESC", new { row.Region })).AsList();
        var shown = versions.Where(v => v.State == "approved" && string.CompareOrdinal(v.Begins, now) <= 0).OrderByDescending(v => v.Begins, StringComparer.Ordinal).FirstOrDefault();
        return new RegionChannel(row.Region, row.Unit, ChannelContent.Read(row.Draft), row.Revision, row.Saved, row.SavedBy, [.. versions.Select(v => new ChannelVersion(v.No,
            v.State != "approved" ? v.State : v == shown ? "shown" : string.CompareOrdinal(v.Begins, now) > 0 ? "scheduled" : "earlier",
            ChannelContent.Read(v.Content), v.Revision, [.. Wrote(v.Authors).Keys], v.Submitted, v.SubmittedBy, v.Decided, v.DecidedBy, v.Reason, v.Begins))]);
    }

    /// <summary>The region whose channel an official's unit may begin; null where theirs has none (a town or street) or they are no editor.</summary>
    public Region? RegionOf(Person by) => by.May("channel.edit") && land.Units.Find(by.Unit) is { } unit && land.Regions.Find(unit.Region) is { Level: not "street", To: null } region ? region : null;

    /// <summary>Begins the channel of the region of an editor's unit. From then on it is that unit's.</summary>
    /// <exception cref="ConflictException">channel-no-region: their unit is of no province, city or county; channel-begun: there is one.</exception>
    public async Task<string> BeginAsync(Person by, CancellationToken cancel = default)
    {
        var region = RegionOf(by) ?? throw new ConflictException("channel-no-region");
        var content = new ChannelContent(WorkTexts.Say(Lang.Zh, "channel.title", region.Name), region.NameEn.Length == 0 ? "" : WorkTexts.Say(Lang.En, "channel.title", region.NameEn), "", "", null, [], [], [], []);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.ExecuteAsync("INSERT INTO work_channel (region, unit, draft, revision, authors, saved, saved_by) VALUES (@Code, @Unit, @draft, 1, @authors, @Stamp, @Login) ON CONFLICT (region) DO NOTHING",
                new { region.Code, by.Unit, draft = content.Write(), authors = Write(new() { [by.Login] = 1 }), change.Stamp, by.Login }) == 0)
                throw new ConflictException("channel-begun");
            Record(change, by, region.Code, "begun", new { });
        }, cancel);
        return region.Code;
    }

    /// <summary>Saves the draft over the revision that was seen, whatever is still wrong with it.</summary>
    /// <exception cref="ConflictException">channel-gone, channel-not-yours; channel-long.</exception>
    public async Task<ChannelSaving> SaveAsync(Person by, string region, ChannelContent content, long revision, CancellationToken cancel = default)
    {
        var tidy = content.Tidy();
        var text = tidy.Write();
        var isSaved = await MayMoveAsync(by, region, revision, async (change, row) =>
        {
            await PutDraftAsync(change, by, row, text);
            Record(change, by, region, "saved", new { revision = row.Revision + 1, changed = ChannelCompare.Of(ChannelContent.Read(row.Draft), tidy).Select(c => c.Part).Distinct(), sha256 = Hash(text) });
        }, cancel);
        return new ChannelSaving(isSaved, (await FindAsync(region, RowRights.All, cancel))!);
    }

    /// <summary>What stands in the way of showing a channel's content to the public.</summary>
    public async Task<IReadOnlyList<ChannelFault>> FaultsAsync(string region, ChannelContent content, CancellationToken cancel = default) => ChannelCheck.Of(content, (await things.OfAsync(region, cancel)).Keys.ToHashSet(),
        (await store.ReadAsync(c => c.QueryAsync<string>("SELECT id FROM work_attachment WHERE channel = @region", new { region }), cancel)).ToHashSet());

    /// <summary>Submits the draft for approval, as it stands. What was waiting is replaced by it.</summary>
    /// <returns>The faults for which it is not submitted; none where it is.</returns>
    /// <exception cref="ConflictException">channel-gone, channel-not-yours; channel-moved: somebody saved meanwhile; channel-same: it says what the public sees already.</exception>
    public async Task<IReadOnlyList<ChannelFault>> SubmitAsync(Person by, string region, long revision, CancellationToken cancel = default)
    {
        if (await FindAsync(region, RowRights.All, cancel) is not { } channel)
            throw new ConflictException("channel-gone");
        Hold(by, "channel.edit", channel.Region, channel.Unit);
        if (await FaultsAsync(region, channel.Draft, cancel) is { Count: > 0 } faults)
            return faults;
        if (channel.Shown?.Content.Write() == channel.Draft.Write())
            throw new ConflictException("channel-same");
        if (!await MayMoveAsync(by, region, revision, async (change, row) =>
        {
            await change.ExecuteAsync("UPDATE work_channel_version SET state = 'replaced', decided = @Stamp, decided_by = @Login WHERE region = @region AND state = 'waiting'", new { region, change.Stamp, by.Login });
            var no = await PutVersionAsync(change, by, row, "waiting");
            Record(change, by, region, "submitted", new { version = no, sha256 = Hash(row.Draft) });
        }, cancel))
            throw new ConflictException("channel-moved");
        return [];
    }

    /// <summary>Makes an earlier version the draft, to be submitted anew. What the draft said and no version does is put aside as one, so that nothing is lost.</summary>
    /// <exception cref="ConflictException">channel-gone, channel-not-yours, channel-version; channel-moved: somebody saved meanwhile.</exception>
    public async Task TakeUpAsync(Person by, string region, long no, long revision, CancellationToken cancel = default)
    {
        if (!await MayMoveAsync(by, region, revision, async (change, row) =>
        {
            var content = await change.FindAsync<string>("SELECT content FROM work_channel_version WHERE region = @region AND no = @no", new { region, no }) ?? throw new ConflictException("channel-version");
            var aside = await change.FindAsync<long>("SELECT count(*) FROM work_channel_version WHERE region = @region AND content = @Draft", new { region, row.Draft }) > 0 ? (long?)null : await PutVersionAsync(change, by, row, "aside");
            await PutDraftAsync(change, by, row, content);
            Record(change, by, region, "taken-up", new { version = no, aside, revision = row.Revision + 1 });
        }, cancel))
            throw new ConflictException("channel-moved");
    }

    // Of two who save at once, the second finds it moved on.
    private Task<bool> MayMoveAsync(Person by, string region, long revision, Func<Change, Row, Task> act, CancellationToken cancel) => TryAsync(() => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var row = await HoldAsync(change, by, "channel.edit", region);
        if (row.Revision != revision)
            throw new DraftMovedException();
        await act(change, row);
    }, cancel));

    private static async Task<bool> TryAsync(Func<Task> change)
    {
        try
        {
            await change();
            return true;
        }
        catch (DraftMovedException)
        {
            return false;
        }
    }

    private static async Task PutDraftAsync(Change change, Person by, Row row, string text)
    {
        var authors = Wrote(row.Authors);
        authors[by.Login] = row.Revision + 1;
        await change.ExecuteAsync("UPDATE work_channel SET draft = @text, revision = revision + 1, authors = @authors, saved = @Stamp, saved_by = @Login WHERE region = @Region", new { row.Region, text, authors = Write(authors), change.Stamp, by.Login });
    }

    private static async Task<long> PutVersionAsync(Change change, Person by, Row row, string state)
    {
        var no = await change.FindAsync<long>("SELECT coalesce(max(no), 0) + 1 FROM work_channel_version WHERE region = @Region", new { row.Region });
        await change.ExecuteAsync("INSERT INTO work_channel_version (region, no, content, state, revision, authors, submitted, submitted_by) VALUES (@Region, @no, @Draft, @state, @Revision, @Authors, @Stamp, @Login)",
            new { row.Region, no, row.Draft, state, row.Revision, row.Authors, change.Stamp, by.Login });
        return no;
    }

    private async Task<Row> HoldAsync(Change change, Person by, string act, string region)
    {
        var row = await change.FindAsync<Row>($"SELECT {Columns} FROM work_channel WHERE region = @region{change.ForUpdate}", new { region }) ?? throw new ConflictException("channel-gone");
        Hold(by, act, row.Region, row.Unit);
        return row;
    }

    private void Hold(Person by, string act, string region, string unit)
    {
        if (!by.May(act, new Thing(Unit: unit, Region: region), land))
            throw new ConflictException("channel-not-yours");
    }

    private static Dictionary<string, long> Wrote(string authors) => JsonSerializer.Deserialize<Dictionary<string, long>>(authors)!;

    private static string Write(Dictionary<string, long> authors) => JsonSerializer.Serialize(authors);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    internal static void Record(Change change, Person by, string region, string what, object detail) => change.Record(by, "channel." + what, "channel:" + region, JsonSerializer.Serialize(detail, Json.Plain));
}
