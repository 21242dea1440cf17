using System.Text.Json.Nodes;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Organisations (the units that answer for data), groups (what the data is about) and tags (labels and keywords), as far as something open is of them.</summary>
internal static class CkanGroups
{
    /// <summary>The title of a group in a reader's language.</summary>
    public static string TitleOf(CkanGroup group, string lang) =>
        Packs.Reading.Grammar.Categories.Values.Contains(group.Title) ? CatalogueTexts.Say(lang, "form.category." + group.Title) : group.Title;

    /// <summary>An organisation or group as it stands within a package.</summary>
    public static JsonObject Brief(CkanGroup group, string title, bool isOrganization) => new()
    {
        ["id"] = group.Id, ["name"] = group.Name, ["title"] = title, ["type"] = isOrganization ? "organization" : "group", ["description"] = "", ["image_url"] = "", ["created"] = "1970-01-01T00:00:00", ["is_organization"] = isOrganization, ["approval_status"] = "approved", ["state"] = "active",
    };

    /// <summary>organization_list, group_list.</summary>
    public static JsonArray List(CkanPackages packages, CkanCall call, bool isOrganization, string lang)
    {
        var (all, allFields) = (Of(packages, isOrganization, lang), call.Truth("all_fields"));
        var chosen = call.Words(isOrganization ? "organizations" : "groups");
        if (call.Text("q") is { Length: > 0 } words)
            all = all.Where(g => g.Group.Name.Contains(words.Trim(), StringComparison.OrdinalIgnoreCase) || g.Title.Contains(words.Trim(), StringComparison.OrdinalIgnoreCase));
        if (chosen.Count > 0)
            all = all.Where(g => chosen.Contains(g.Group.Name));
        var sort = (call.Text("sort") ?? call.Text("order_by") ?? "title asc").Trim();
        if (sort is "packages" or "package_count")
            sort += " desc";
        var parts = sort.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [("name" or "packages" or "package_count" or "title"), ..] || parts is [_, not ("asc" or "desc"), ..] || parts.Length > 2)
            throw CkanException.Invalid("sort", $"Cannot sort by field `{parts.FirstOrDefault()}`");
        IEnumerable<(CkanGroup Group, string Title, int Count)> sorted = parts[0] switch
        {
            "name" => all.OrderBy(g => g.Group.Name, StringComparer.Ordinal),
            "title" => all.OrderBy(g => g.Title, StringComparer.Ordinal),
            _ => all.OrderBy(g => g.Count).ThenBy(g => g.Group.Name, StringComparer.Ordinal),
        };
        if (parts is [_, "desc"])
            sorted = sorted.Reverse();
        var most = allFields ? 25 : 1000;
        sorted = sorted.Skip(call.Natural("offset") ?? 0).Take(call.Natural("limit") is > 0 and var limit && limit < most ? limit : most);
        return new JsonArray([.. sorted.Select(g => allFields ? (JsonNode)Whole(g.Group, g.Title, g.Count, isOrganization) : JsonValue.Create(g.Group.Name))]);
    }

    /// <summary>organization_show, group_show.</summary>
    public static JsonObject Show(CkanPackages packages, CkanCall call, bool isOrganization, string site, string lang)
    {
        var id = call.Need("id");
        if (Of(packages, isOrganization, lang).FirstOrDefault(g => g.Group.Id == id || g.Group.Name == id) is not { Group: { } group } found)
            throw CkanException.NotFound(isOrganization ? "Organization was not found." : "Group was not found.");
        var shown = Whole(group, found.Title, found.Count, isOrganization);
        if (call.Truth("include_datasets"))
            shown["packages"] = new JsonArray([.. packages.All.Where(p => (isOrganization ? p.Organization : p.Category)?.Id == group.Id).OrderByDescending(p => p.Modified, StringComparer.Ordinal).Take(1000).Select(p => p.Json(site, lang))]);
        foreach (var (member, otherwise) in ((string, bool)[])[("extras", true), ("users", true), ("groups", true), ("tags", true)])
        {
            if (call.Truth("include_" + member, otherwise))
                shown[member] = new JsonArray();
        }
        return shown;
    }

    /// <summary>tag_list.</summary>
    public static JsonArray Tags(CkanPackages packages, CkanCall call)
    {
        if (call.Text("vocabulary_id") is { Length: > 0 } vocabulary)
            throw CkanException.NotFound($"could not find vocabulary '{vocabulary}'");
        var words = (call.Text("query") ?? call.Text("q") ?? "").Trim();
        var tags = packages.All.SelectMany(p => p.Tags).Distinct().Where(t => t.Contains(words, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
        return new JsonArray([.. tags.Select(t => call.Truth("all_fields") ? (JsonNode)Tag(t) : JsonValue.Create(t))]);
    }

    /// <summary>tag_show.</summary>
    public static JsonObject ShowTag(CkanPackages packages, CkanCall call, string site, string lang)
    {
        var id = call.Need("id");
        var tag = packages.All.SelectMany(p => p.Tags).FirstOrDefault(t => t == id || CkanPackage.IdOf("tag:" + t) == id) ?? throw CkanException.NotFound();
        var shown = Tag(tag);
        if (call.Truth("include_datasets"))
            shown["packages"] = new JsonArray([.. packages.All.Where(p => p.Tags.Contains(tag)).Take(1000).Select(p => p.Json(site, lang))]);
        return shown;
    }

    private static JsonObject Tag(string tag) => new() { ["display_name"] = tag, ["id"] = CkanPackage.IdOf("tag:" + tag), ["name"] = tag, ["vocabulary_id"] = null };

    private static JsonObject Whole(CkanGroup group, string title, int count, bool isOrganization)
    {
        var whole = Brief(group, title, isOrganization);
        (whole["display_name"], whole["image_display_url"], whole["num_followers"], whole["package_count"]) = (title, "", 0, count);
        return whole;
    }

    private static IEnumerable<(CkanGroup Group, string Title, int Count)> Of(CkanPackages packages, bool isOrganization, string lang) =>
        from package in packages.All
        let @group = isOrganization ? package.Organization : package.Category
        where @group is not null
        group package by @group.Id into one
        let first = one.First()
        select isOrganization ? (first.Organization, first.OrganizationTitle(lang), one.Count()) : (first.Category!, TitleOf(first.Category!, lang), one.Count());
}
