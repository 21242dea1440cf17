using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>How somebody signs an application: with their account, after they proved anew who they are.</summary>
/// <param name="Sm3">The digest of what they were shown.</param>
/// <param name="Nonce">What was drawn when it was shown.</param>
/// <param name="Lang">The language in which they read it.</param>
/// <param name="Strength">By which means they proved who they are.</param>
/// <param name="Proved">When, ISO 8601.</param>
public sealed record Signing(string Sm3, string Nonce, string Lang, Strength Strength, string Proved);

/// <summary>What is signed of an application: the statement, the answers, the files by their hashes, for whom and by whom.</summary>
/// <param name="Statement">As it is read.</param>
/// <param name="Text">All of it as JSON whose keys are in order and whose numbers are written in one way, so that the same content is the same text (in the manner of RFC 8785).</param>
public sealed record SignedContent(string Statement, string Text)
{
    /// <summary>How the text is laid out.</summary>
    public const string Layout = "guantong-application-1";

    /// <summary>Its digest (GB/T 32905), in hexadecimal figures.</summary>
    public string Sm3 => Digest(Text);

    /// <summary>The digest of a text.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(Trust.Sm3.Hash(Encoding.UTF8.GetBytes(text)));

    /// <summary>Lays out what is signed.</summary>
    /// <param name="applicant">Whose application it is, as a subject.</param>
    /// <param name="signer">Who signs it: the same, or their agent or representative.</param>
    /// <param name="nonce">A text of this signature alone.</param>
    /// <param name="files">Field and SHA-256 of each.</param>
    public static SignedContent Of(string matter, string revision, string region, string applicant, string signer, string nonce, string statement, JsonObject answers, IEnumerable<(string Field, string Sha256)> files) =>
        new(statement, Canonical(new JsonObject
        {
            ["layout"] = Layout, ["matter"] = matter, ["revision"] = revision, ["region"] = region, ["nonce"] = nonce, ["applicant"] = Party(nonce, applicant), ["signer"] = Party(nonce, signer), ["statement"] = statement,
            ["answers"] = answers.DeepClone(), ["files"] = Listed(files),
        }));

    /// <summary>A subject in a signed text: who knows it finds it again, and of two texts nobody sees that they are of one person.</summary>
    internal static string Party(string nonce, string subject) => Digest($"{nonce}\n{subject}");

    internal static JsonArray Listed(IEnumerable<(string Field, string Sha256)> files) =>
        new([.. files.OrderBy(f => f.Field, StringComparer.Ordinal).ThenBy(f => f.Sha256, StringComparer.Ordinal).Select(f => (JsonNode?)new JsonObject { ["field"] = f.Field, ["sha256"] = f.Sha256 })]);

    /// <summary>JSON as one text, whatever way it was written.</summary>
    internal static string Canonical(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject o => $"{{{string.Join(',', o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => JsonSerializer.Serialize(p.Key, Json.Plain) + ":" + Canonical(p.Value)))}}}",
        JsonArray a => $"[{string.Join(',', a.Select(Canonical))}]",
        _ when node.GetValueKind() == JsonValueKind.Number && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => (number / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture),
        _ when node.GetValueKind() == JsonValueKind.String => JsonSerializer.Serialize(node.GetValue<string>(), Json.Plain),
        _ => node.ToJsonString(),
    };
}

/// <summary>A signature, and whether what it was given for still stands.</summary>
/// <param name="Signer">applicant: for oneself; agent: for another or an organisation.</param>
/// <param name="At">When it was given, ISO 8601.</param>
/// <param name="Proved">When the signer last proved who they are before it.</param>
/// <param name="Strength">By which means.</param>
/// <param name="State">unchanged; changed: answers or files are others by now; broken: what was kept is not what was signed; erased: the key that sealed it was destroyed, or the case's file.</param>
/// <param name="Changed">The fields that are others by now.</param>
public sealed record ApplicationSignature(string Signer, string At, string Proved, Strength Strength, string Sm3, string? Statement, string State, IReadOnlyList<string> Changed)
{
    /// <summary>What was signed, for the case's file; null once it is erased.</summary>
    public string? Content { get; init; }
}
