using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Fills the <c>{{places}}</c> of a document's template. Pure: no clock, no store.</summary>
internal static partial class DocumentText
{
    /// <summary>The Markdown of a document.</summary>
    /// <param name="body">The template's.</param>
    /// <param name="data">What its places name, by paths.</param>
    /// <param name="marks">What the document bears.</param>
    /// <param name="land">Which knows the unit's name.</param>
    /// <param name="blocks">Places that Markdown goes to as it is.</param>
    public static string Fill(string body, JsonObject data, DocumentBook.Marks marks, Jurisdiction land, IReadOnlyDictionary<string, string> blocks)
    {
        data["document"] = new JsonObject { ["number"] = marks.Number, ["unit"] = land.Units.Find(marks.Unit)?.Name ?? marks.Unit, ["day"] = marks.Day, ["code"] = DocumentBook.Spaced(marks.Code) };
        return Placeholder().Replace(body, m => blocks.TryGetValue(m.Groups[1].Value, out var block) ? block : Escape(Pick(data, m.Groups[1].Value)));
    }

    /// <summary>How and until when a decision can be contested.</summary>
    /// <remarks>行政复议法 §20, 行政诉讼法 §46; 行政处罚法 §59 has a decision say it.</remarks>
    public static string Appeal(Appeal appeal) => appeal.Instead ??
        $"如不服本决定，可以自收到之日起{Term(appeal.Review)}内{(appeal.To is { } to ? $"向{to}" : "依法")}申请行政复议，或者自收到之日起{Term(appeal.Lawsuit)}内依法向人民法院提起行政诉讼。";

    /// <summary>A limit as documents say it.</summary>
    public static string Term(string limit) => Wording.Limit(Lang.Zh, limit).Replace(" ", "", StringComparison.Ordinal).Replace('天', '日');

    /// <summary>What people typed is text in the document, never markup: it begins no list and no paragraph of its own.</summary>
    public static string Escape(string text) => LineEnd().Replace(Listing().Replace(Markup().Replace(text.Trim(), @"\$0"), @"$1\"), "&#10;");

    private static string Pick(JsonObject data, string path)
    {
        JsonNode? at = data;
        foreach (var key in path.Split('.'))
            at = (at as JsonObject)?[key];
        return at switch
        {
            null => "—",
            JsonValue v when v.TryGetValue<string>(out var text) && KeyRing.IsSealed(text) => CaseSeals.Erased,
            JsonValue v when v.TryGetValue<bool>(out var b) => b ? "是" : "否",
            _ => at.ToString(),
        };
    }

    [GeneratedRegex(@"\{\{\s*([A-Za-z0-9_.]+)\s*\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[\\`*_{}\[\]<>#|!&~]")]
    private static partial Regex Markup();

    [GeneratedRegex(@"^(\d+(?=[.)])|(?=[-+]))")]
    private static partial Regex Listing();

    [GeneratedRegex(@"\s*[\r\n\u2028\u2029]+\s*")]
    private static partial Regex LineEnd();
}
