using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A file of a package, or a form of its rows.</summary>
/// <param name="IsStored">Whether its rows are asked for by the datastore's actions.</param>
internal sealed record CkanResource(string Id, string Format, string? Url, bool IsStored);

/// <summary>An organisation, a group or a tag: what packages are gathered under.</summary>
internal sealed record CkanGroup(string Id, string Name, string Title);

/// <summary>A public entry of the catalogue as CKAN calls it, a package. Its ids are the same on every node and at every time (UUID by name, RFC 9562 §5.5).</summary>
internal sealed class CkanPackage
{
    // Of our own making; what it is does not matter, only that it never changes.
    private static readonly byte[] Space = Convert.FromHexString("6b0d3a1e5e0c4d6f9c3f1f5d2a7b8c90");

    private CkanPackage(KeptEntry kept, Jurisdiction land)
    {
        (Kept, Id, Name) = (kept, IdOf("entry:" + kept.Entry.Id), NameOf(kept.Entry.Id));
        var e = kept.Entry;
        var isOurs = kept.Origin == "pack" && kept.Entry.Id.Contains(':', StringComparison.Ordinal);
        Resources = isOurs ? [.. e.Formats.Where(f => f is "csv" or "json").OrderBy(f => f, StringComparer.Ordinal).Select((f, i) => new CkanResource(ResourceOf(e.Id, f), f.ToUpperInvariant(), null, i == 0 && e.Opening.Length == 0))]
            : [.. e.Downloads.Select(d => new CkanResource(ResourceOf(e.Id, d), (e.Formats.FirstOrDefault(f => d.EndsWith("." + f, StringComparison.OrdinalIgnoreCase)) ?? (e.Formats.Count == 1 ? e.Formats[0] : "")).ToUpperInvariant(), d, false))];
        Organization = new CkanGroup(IdOf("unit:" + (e.ProviderCode.Length > 0 ? e.ProviderCode : e.Provider)), Slug(e.ProviderCode.Length > 0 ? e.ProviderCode : e.Provider, "unit"), e.Provider);
        OrganizationEn = land.Units.Find(e.ProviderCode)?.NameEn ?? "";
        Category = e.Category.Length > 0 ? new CkanGroup(IdOf("category:" + e.Category), Slug(e.Category, "category"), e.Category) : null;
        Tags = [.. e.Labels.Concat(e.Keywords).Select(t => t.Trim()).Where(t => t.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        Text = string.Join('\n', [e.Name, e.NameEn, e.About, e.AboutEn, e.Provider, OrganizationEn, e.Custodian, e.Code, .. Tags, .. e.Items.SelectMany(i => new[] { i.Id, i.Name, i.NameEn })]);
    }

    public KeptEntry Kept { get; }

    public string Id { get; }

    public string Name { get; }

    public IReadOnlyList<CkanResource> Resources { get; }

    public CkanGroup Organization { get; }

    public string OrganizationEn { get; }

    public CkanGroup? Category { get; }

    public IReadOnlyList<string> Tags { get; }

    /// <summary>All of its words, in both languages.</summary>
    public string Text { get; }

    /// <summary>The pack and dataset whose rows they are; null where they stand elsewhere.</summary>
    public (string Pack, string Dataset)? Rows => Kept.Origin == "pack" && Kept.Entry.Id.Split(':') is [var pack, var dataset] ? (pack, dataset) : null;

    public string Created => Kept.Entry.Published.Length >= 10 ? Kept.Entry.Published[..10] + "T00:00:00.000000" : Modified;

    public string Modified => DateTimeOffset.Parse(Kept.Changed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    public string LicenceId => Kept.Entry.Licence.Length > 0 ? Kept.Entry.Licence : "notspecified";

    public static CkanPackage Of(KeptEntry kept, Jurisdiction land) => new(kept, land);

    /// <summary>The id of a thing by its name, a UUID of version 5.</summary>
    public static string IdOf(string name)
    {
        // CA5350: RFC 9562 says which digest; nothing is kept secret or proven by it.
#pragma warning disable CA5350
        var digest = SHA1.HashData([.. Space, .. Encoding.UTF8.GetBytes(name)]);
#pragma warning restore CA5350
        digest[6] = (byte)((digest[6] & 0x0f) | 0x50);
        digest[8] = (byte)((digest[8] & 0x3f) | 0x80);
        return new Guid(digest.AsSpan(0, 16), bigEndian: true).ToString();
    }

    /// <summary>The id of a resource, by its entry and its format or address.</summary>
    public static string ResourceOf(string entry, string which) => IdOf($"entry:{entry}#{which}");

    // A pack's id has no low lines, so no two datasets come to one name.
    private static string NameOf(string id) => Slug(id.Replace('.', '_').Replace(":", "__", StringComparison.Ordinal), "dataset");

    // CKAN: from 2 to 100 of a-z, 0-9, - and _.
    internal static string Slug(string text, string kind)
    {
        if (text.Length is >= 2 and <= 100 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
            return text;
        return $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12]}";
    }

    /// <summary>What a package says beyond CKAN's own fields.</summary>
    public IReadOnlyList<(string Key, string Value)> Extras => [.. (((string Key, string Value)[])
    [
        ("code", Kept.Entry.Code), ("class", Kept.Entry.Class), ("share", Kept.Entry.Share), ("open", Kept.Entry.Open), ("opening", Kept.Entry.Opening), ("grade", Kept.Entry.Grade?.ToString(CultureInfo.InvariantCulture) ?? ""), ("frequency", Kept.Entry.Cycle),
        ("region", Kept.Entry.Region), ("custodian", Kept.Entry.Custodian), ("title_en", Kept.Entry.NameEn), ("guantong_id", Kept.Entry.Id), ("guantong_origin", Kept.Origin),
    ]).Where(x => x.Value.Length > 0)];

    /// <summary>The package as <c>package_show</c> gives it.</summary>
    /// <param name="site">The address of this site, without a stroke at its end.</param>
    /// <param name="lang">The language of its title and abstract.</param>
    public JsonObject Json(string site, string lang)
    {
        var e = Kept.Entry;
        var licence = CkanLicences.Find(LicenceId);
        return new JsonObject
        {
            ["author"] = e.Provider, ["author_email"] = "", ["creator_user_id"] = null, ["id"] = Id, ["isopen"] = licence.IsOpen,
            ["license_id"] = LicenceId, ["license_title"] = licence.Title, ["license_url"] = licence.Url.Length > 0 ? licence.Url : null,
            ["maintainer"] = e.Custodian.Length > 0 ? e.Custodian : e.Provider, ["maintainer_email"] = "", ["metadata_created"] = Created, ["metadata_modified"] = Modified,
            ["name"] = Name, ["notes"] = e.SayAbout(lang), ["num_resources"] = Resources.Count, ["num_tags"] = Tags.Count,
            ["organization"] = CkanGroups.Brief(Organization, OrganizationTitle(lang), isOrganization: true), ["owner_org"] = Organization.Id, ["private"] = false, ["state"] = "active",
            ["title"] = e.Say(lang), ["type"] = "dataset", ["url"] = PageOf(site), ["version"] = Kept.Version.ToString(CultureInfo.InvariantCulture),
            ["extras"] = new JsonArray([.. Extras.Select(x => new JsonObject { ["key"] = x.Key, ["value"] = x.Value })]),
            ["groups"] = new JsonArray([.. Category is null ? [] : (JsonNode[])[new JsonObject { ["description"] = "", ["display_name"] = CkanGroups.TitleOf(Category, lang), ["id"] = Category.Id, ["image_display_url"] = "", ["name"] = Category.Name, ["title"] = CkanGroups.TitleOf(Category, lang) }]]),
            ["resources"] = new JsonArray([.. Resources.Select((r, i) => Resource(r, i, site, lang))]),
            ["tags"] = new JsonArray([.. Tags.Select(Tag)]),
            ["relationships_as_subject"] = new JsonArray(), ["relationships_as_object"] = new JsonArray(),
        };
    }

    public string OrganizationTitle(string lang) => lang != Lang.Zh && OrganizationEn.Length > 0 ? OrganizationEn : Organization.Title;

    /// <summary>A tag as it stands in a package.</summary>
    public static JsonObject Tag(string tag) => new() { ["display_name"] = tag, ["id"] = IdOf("tag:" + tag), ["name"] = tag, ["state"] = "active", ["vocabulary_id"] = null };

    /// <summary>One of its resources as <c>resource_show</c> gives it.</summary>
    public JsonObject Resource(CkanResource resource, int place, string site, string lang) => new()
    {
        ["cache_last_updated"] = null, ["cache_url"] = null, ["created"] = Created, ["datastore_active"] = resource.IsStored && Rows is not null, ["description"] = Kept.Entry.SayAbout(lang), ["format"] = resource.Format, ["hash"] = "", ["id"] = resource.Id,
        ["last_modified"] = Modified, ["metadata_modified"] = Modified, ["mimetype"] = resource.Format switch { "CSV" => "text/csv", "JSON" => "application/json", _ => null }, ["mimetype_inner"] = null,
        ["name"] = resource.Format.Length > 0 ? $"{Kept.Entry.Say(lang)} ({resource.Format})" : Kept.Entry.Say(lang), ["package_id"] = Id, ["position"] = place, ["resource_type"] = null, ["size"] = null, ["state"] = "active", ["url"] = UrlOf(resource, site), ["url_type"] = null,
    };

    public string UrlOf(CkanResource resource, string site) => resource.Url ?? (Rows is var (pack, dataset) ? $"{site}/api/v1/datasets/{pack}/{dataset}/{(Kept.Entry.Opening.Length > 0 ? "opened/" : "")}rows.{resource.Format.ToLowerInvariant()}" : "");

    private string PageOf(string site) => Kept.Entry.Page.Length > 0 ? Kept.Entry.Page : Rows is var (pack, dataset) ? $"{site}/data/{pack}/{dataset}" : "";
}
