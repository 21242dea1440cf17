using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Http;

namespace Guantong.Portal;

/// <summary>What every page needs to know of the visit: the language, the path, and how to say things.</summary>
public sealed record Visit(string Lang, string Path, string Jurisdiction)
{
    private static readonly Texts Sentences = Texts.Of(typeof(Visit).Assembly);

    /// <summary>The cookie that remembers whether pages are to be large and plain.</summary>
    public const string ModeCookie = "mode";

    /// <summary>Whether pages are large, few and plain, and can be read aloud (长辈版; State Council General Office notice 2020 No. 45).</summary>
    public bool IsElder { get; init; }

    /// <summary>A visit from a request.</summary>
    public static Visit Of(HttpContext http, Jurisdiction land)
    {
        var lang = Trust.Lang.Of(http);
        return new Visit(lang, http.Request.Path + http.Request.QueryString, land.Say(lang)) 
        {
            IsElder = http.Request.Cookies[ModeCookie] == "elder",
            Others = [.. ((IEnumerable<(string, string)>)[(Trust.Lang.Zh, "中文"), (Trust.Lang.En, "English"), .. http.Languages().All.Select(l => (l.Code, l.Name))]).Where(l => l.Item1 != lang)],
        };
    }

    /// <summary>True where commas and colons are those of English: in every language but Chinese.</summary>
    public bool English => Lang != Trust.Lang.Zh;

    /// <summary>The languages that a reader may choose beside theirs, each by what its readers call it.</summary>
    public IReadOnlyList<(string Code, string Name)> Others { get; init; } = [];

    /// <summary>What stands between a name and what is said of it.</summary>
    public string Colon => English ? ": " : "：";

    /// <summary>A sentence of the Portal.</summary>
    public string Say(string key, params object?[] args) => Sentences.Say(Lang, key, args);

    /// <summary>What the script of forms says that are kept on the device, as JSON.</summary>
    public string Keeping => System.Text.Json.JsonSerializer.Serialize(new { ask = Say("keep.ask"), kept = Say("keep.kept"), restored = Say("keep.restored"), forgotten = Say("keep.forgotten"), offline = Say("keep.offline"), offlineKept = Say("keep.offline-kept") });

    /// <summary>A day as people of the language write it.</summary>
    public string Day(DateOnly day) => Wording.Day(Lang, day);

    /// <summary>A day, month or year by its first day.</summary>
    public string Period(DateOnly day, string period) => Wording.Period(Lang, day, period);

    /// <summary>A stored time (ISO 8601, UTC) by the jurisdiction's clock.</summary>
    public static string Moment(string stamp, TimeSpan offset) => Time.Read(stamp).ToOffset(offset).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The size of a file.</summary>
    public static string Size(long bytes) => bytes < 1 << 20 ? $"{Math.Max(1, bytes >> 10)} KB" : (bytes / 1048576m).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) + " MB";

    /// <summary>A level of warning by its name.</summary>
    public string Level(string? level) => Say("level." + (level ?? "none"));
}
