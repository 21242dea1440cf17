using System.Globalization;
using System.Text.Json;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What happened, of which notices tell.</summary>
/// <param name="On">One of <see cref="Notice.Events"/>.</param>
/// <param name="About">What happened once: the same happening is told to nobody twice.</param>
public sealed record Happening(string On, string About)
{
    /// <summary>On whom a document is served: a subject.</summary>
    public string? Party { get; init; }

    /// <summary>Whose task it is.</summary>
    public string? Unit { get; init; }

    /// <summary>Who has it.</summary>
    public string? Assignee { get; init; }

    /// <summary>The task's name.</summary>
    public string? Task { get; init; }

    /// <summary>Until when something is to be done.</summary>
    public string? Due { get; init; }

    /// <summary>The ground on which the clock stands.</summary>
    public string? Ground { get; init; }

    /// <summary>The document.</summary>
    public CaseDocument? Document { get; init; }

    /// <summary>What the case came to.</summary>
    public string? Result { get; init; }
}

/// <summary>A notice in one language, as it was said.</summary>
/// <param name="Short">What goes by sms and messenger.</param>
public sealed record SaidNotice(string Subject, string Text, string Short);

/// <summary>Tells people, units and officials of what happens to cases: rows written in the change in which it happens, delivered after it (<see cref="NoticePost"/>).</summary>
/// <remarks>What is said is chosen by the pack (<c>notices/*.yaml</c>), else by the platform. Nothing personal is in it: it leaves the platform.</remarks>
public sealed class Notices(PackRegistry packs, Jurisdiction land, NoticeSettings settings)
{
    /// <summary>The data key that seals addresses.</summary>
    internal const string Key = "notice";

    private static readonly string[] Langs = [Lang.Zh, Lang.En];

    // Who is told by the platform where a pack says nothing, and how.
    private static readonly IReadOnlyDictionary<string, (string[] To, string[] By)> Own = new Dictionary<string, (string[], string[])>
    {
        ["received"] = (["applicant"], ["inbox", "email", "sms"]),
        ["accepted"] = (["applicant"], ["inbox", "email", "sms"]),
        ["rejected"] = (["applicant"], ["inbox", "email", "sms"]),
        ["redirected"] = (["applicant"], ["inbox", "email", "sms"]),
        ["supplement"] = (["applicant"], ["inbox", "email", "sms"]),
        ["stopped"] = (["applicant"], ["inbox", "email"]),
        ["resumed"] = (["applicant"], ["inbox", "email"]),
        ["recounted"] = (["applicant"], ["inbox", "email"]),
        ["suspended"] = (["applicant"], ["inbox", "email", "sms"]),
        ["terminated"] = (["applicant"], ["inbox", "email", "sms"]),
        ["decided"] = (["applicant"], ["inbox", "email", "sms"]),
        ["appeal"] = (["applicant"], ["inbox", "email", "sms"]),
        ["served"] = (["party"], ["inbox", "email", "sms"]),
        ["payment"] = (["applicant"], ["inbox", "email", "sms"]),
        ["refunded"] = (["applicant"], ["inbox", "email"]),
        ["follow-up"] = (["applicant"], ["inbox", "email"]),
        ["red"] = (["unit", "assignee"], ["inbox"]),
    };

    /// <summary>Tells of what happens to a case in a change, once.</summary>
    internal async Task TellAsync(Change change, Case row, Happening what)
    {
        // What a case calls is told by the case that called; a part of one thing is a matter of its own to its applicant.
        if (row.Parent is not null && row.Joint is null && what.On != "red" && what.On != "served")
            return;
        var pack = await packs.AtAsync(row.Pack, row.Revision);
        var declared = pack.Notices.Where(n => n.On == what.On && n.IsFor(row.Matter)).ToList();
        var made = 0;
        foreach (var (to, by, said) in declared.Count > 0
            ? declared.Select(n => (n.To, n.By, Said: (Func<string, (string, string, string?)>)(lang => Words(n, lang))))
            : [((IReadOnlyList<string>)Own[what.On].To, Own[what.On].By, lang => Words(what.On, lang))])
        {
            foreach (var recipient in to.SelectMany(t => Recipients(t, row, what)).Distinct())
                made += await PutAsync(change, row.Id, what.On, what.About, recipient, by, lang => Say(said(lang), Facts(pack, row, what, recipient, lang)));
        }
        // A late task of which nobody is to be told is not looked at again and again.
        if (made == 0 && what.On == "red")
            await InsertAsync(change, row.Id, what.On, what.About, "nobody", "none", "{}", "dropped");
        if (made > 0)
            change.Record(row, "notices", "notice.made", new { on = what.On, count = made });
    }

    /// <summary>Tells a person or organisation of what concerns them and is no case.</summary>
    /// <param name="facts">What fills the words beside the link, by language.</param>
    internal async Task TellAsync(Change change, string subject, string on, string about, string path, Func<string, IReadOnlyDictionary<string, string?>>? facts = null) =>
        await PutAsync(change, null, on, about, subject, ["inbox", "email"], lang => Say(Words(on, lang), new Dictionary<string, string?>(facts?.Invoke(lang) ?? new Dictionary<string, string?>()) { ["link"] = settings.Site + path }));

    /// <summary>Tells the same with what fills the words; gives how many notices were made.</summary>
    /// <param name="facts">What fills the words, by language.</param>
    internal async Task<int> TellAsync(Change change, string subject, string on, string about, string path, Func<string, Dictionary<string, string?>> facts) =>
        await PutAsync(change, null, on, about, subject, ["inbox", "email"], lang => Say(Words(on, lang), new Dictionary<string, string?>(facts(lang)) { ["link"] = settings.Site + path }));

    /// <summary>Tells whoever said something at the reception what became of it.</summary>
    /// <param name="to">A subject, or reception:ID of who has no account.</param>
    /// <param name="on">The words are those of <c>notice.ON</c>.</param>
    /// <param name="code">By which it is looked up, where they are to be told.</param>
    internal async Task TellOfReceptionAsync(Change change, string to, string on, string about, string number, string? code) =>
        await PutAsync(change, null, on, about, to, ["inbox", "email"], lang => Say(Words(on, lang), new Dictionary<string, string?> { ["number"] = number, ["code"] = code, ["link"] = settings.Site + (IsOutside(to) ? $"/applications?number={number}" : "/me/applications") }));

    // Whoever has no account has no inbox: they look things up.
    private static bool IsOutside(string recipient) => recipient.StartsWith("case:", StringComparison.Ordinal) || recipient.StartsWith("reception:", StringComparison.Ordinal);

    /// <summary>Tells an official of what they asked to be told: in their inbox, and by e-mail where they gave an address.</summary>
    /// <param name="owner">Whose addresses are theirs (<see cref="NoticeBox.OwnerAsync"/>).</param>
    /// <param name="on">The words are those of <c>notice.ON</c>.</param>
    /// <param name="about">What is told of; nobody is told of it twice.</param>
    /// <param name="facts">What fills the words, by language.</param>
    public static async Task TellOfficialAsync(Change change, string login, string owner, string on, string about, Func<string, IReadOnlyDictionary<string, string?>> facts)
    {
        foreach (var (recipient, channel) in ((string, string)[])[($"official:{login}", "inbox"), (owner, "email")])
            await PutAsync(change, null, on, about, recipient, [channel], lang => Say(Words(on, lang), facts(lang)));
    }

    /// <summary>An address of a page of this platform as a notice gives it.</summary>
    public string Link(string path) => settings.Site + path;

    /// <summary>Tells officials or units (official:LOGIN, unit:ID) in a change of what concerns them and is no case; each once of the same happening.</summary>
    /// <param name="say">What is said, by language.</param>
    public static async Task TellAsync(Change change, IEnumerable<string> recipients, string on, string about, Func<string, SaidNotice> say)
    {
        foreach (var recipient in recipients)
            await PutAsync(change, null, on, about, recipient, ["inbox"], say);
    }

    /// <summary>Sends a code to an address that somebody gave, which they give back.</summary>
    internal static async Task ConfirmAsync(Change change, string owner, string about, string code)
    {
        var said = JsonSerializer.Serialize(Langs.ToDictionary(l => l, l => Say(Words("confirm", l), new Dictionary<string, string?> { ["code"] = code })), Json.Plain);
        await InsertAsync(change, null, "confirm", about, owner, "email", said, "waiting");
    }

    private static async Task<int> PutAsync(Change change, string? caseId, string on, string about, string recipient, IReadOnlyList<string> by, Func<string, SaidNotice> say)
    {
        var said = JsonSerializer.Serialize(Langs.ToDictionary(l => l, say), Json.Plain);
        var isOutside = IsOutside(recipient);
        var isOfficial = recipient.StartsWith("unit:", StringComparison.Ordinal) || recipient.StartsWith("official:", StringComparison.Ordinal);
        var given = isOfficial ? [] : (await change.QueryAsync<string>("SELECT channel FROM work_contact WHERE owner = @recipient AND ended IS NULL AND confirmed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM work_notice_off o WHERE o.owner = work_contact.owner AND o.channel = work_contact.channel AND o.kind = @kind)", new { recipient, kind = NoticeChoices.KindOf(on) })).ToHashSet();
        var made = 0;
        foreach (var channel in by)
        {
            if (channel == "inbox" ? !isOutside : given.Contains(channel))
                made += await InsertAsync(change, caseId, on, about, recipient, channel, said, channel == "inbox" ? "sent" : "waiting");
        }
        return made;
    }

    private static Task<int> InsertAsync(Change change, string? caseId, string on, string about, string recipient, string channel, string said, string state) => change.ExecuteAsync("""
        INSERT INTO work_notice (id, case_id, event, about, recipient, channel, said, state, attempts, due, made, sent)
        VALUES (@id, @caseId, @on, @about, @recipient, @channel, @said, @state, 0, @Stamp, @Stamp, @sent) ON CONFLICT (event, about, recipient, channel) DO NOTHING
        """, new { id = Guid.CreateVersion7(change.At).ToString("n"), caseId, on, about, recipient, channel, said, state, change.Stamp, sent = state == "sent" ? change.Stamp : null });

    private static IEnumerable<string> Recipients(string to, Case row, Happening what) => to switch
    {
        // Who applied for another is told, too: they have it in hand.
        "applicant" => ((string?[])[row.Applicant ?? $"case:{row.Joint ?? row.Id}", row.Agent]).OfType<string>(),
        "party" => what.Party is { } party ? [party] : [],
        "unit" => what.Unit is { } unit ? ["unit:" + unit] : [],
        _ => what.Assignee is { } assignee ? ["official:" + assignee] : [],
    };

    private Dictionary<string, string?> Facts(Pack pack, Case row, Happening what, string recipient, string lang) => new()
    {
        ["case.number"] = row.ToldNumber,
        ["case.title"] = row.Title,
        ["matter.name"] = pack.Say(lang, pack.Matter(row.Matter)?.Name ?? row.Matter),
        ["unit.name"] = what.Unit is { } unit ? land.Units.Find(unit)?.Say(lang) ?? unit : null,
        ["task.name"] = what.Task is { } task ? pack.Say(lang, task) : null,
        ["document.name"] = what.Document is { } document ? pack.Say(lang, document.Name) : null,
        ["document.number"] = what.Document?.Number,
        ["due"] = what.Due is { } due ? Time.Read(due).ToOffset(land.Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : null,
        ["ground"] = what.Ground is { } ground ? land.Calendars.Ground(ground)?.Say(lang) ?? ground : null,
        ["result"] = what.Result is { } result ? pack.Say(lang, result) : null,
        ["link"] = settings.Site + (recipient.Split(':')[0] switch
        {
            "unit" or "official" => $"/desk/cases/{row.Number}",
            "case" => $"/applications?number={row.ToldNumber}",
            _ when what.Party == recipient && row.Applicant != recipient => "/me/served",
            _ => $"/me/applications/{row.ToldNumber}",
        }),
    };

    private static (string, string, string?) Words(string on, string lang) =>
        (WorkTexts.Say(lang, $"notice.{on}.subject"), WorkTexts.Say(lang, $"notice.{on}.text"), null);

    private static (string, string, string?) Words(Notice notice, string lang)
    {
        var text = lang != Lang.Zh ? notice.English ?? notice.Chinese : notice.Chinese;
        return (text.Subject.Name, text.Text.Name, text.Short?.Name);
    }

    // Of what goes by sms nobody but its reader is to learn anything: the number, and what to do.
    private static SaidNotice Say((string Subject, string Text, string? Short) words, IReadOnlyDictionary<string, string?> facts) =>
        new(OneLine(Notice.Fill(words.Subject, facts)), Notice.Fill(words.Text, facts).Trim(), OneLine(Notice.Fill(words.Short ?? "", facts)));

    private static string OneLine(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
