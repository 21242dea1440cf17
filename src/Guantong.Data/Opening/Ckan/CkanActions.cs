using System.Text.Json.Nodes;
using Guantong.Trust;
using Microsoft.AspNetCore.Http;

namespace Guantong.Data;

/// <summary>The actions, by name.</summary>
internal sealed class CkanActions(CkanShelf shelf, CkanDatastore datastore, Jurisdiction land)
{
    private static readonly string[] Reading =
    [
        "current_package_list_with_resources", "datastore_info", "datastore_search", "datastore_search_sql", "group_list", "group_show", "help_show", "license_list", "organization_list", "organization_show", "package_autocomplete",
        "package_list", "package_search", "package_show", "resource_search", "resource_show", "site_read", "status_show", "tag_list", "tag_show",
    ];

    // The catalogue is written by packs and by stewards, with what they may do.
    private static readonly string[] Writing =
    [
        .. from thing in (string[])["package", "resource", "resource_view", "group", "organization", "user", "tag", "vocabulary", "datastore", "member", "api_token", "package_relationship"] from verb in (string[])["create", "update", "patch", "delete"] select $"{thing}_{verb}",
        "bulk_update_private", "bulk_update_public", "bulk_update_delete", "dataset_purge", "group_purge", "organization_purge", "datastore_upsert", "datastore_function_create", "datastore_function_delete", "datastore_records_delete", "package_resource_reorder", "package_revise", "package_owner_org_update",
        "organization_member_create", "organization_member_delete", "group_member_create", "group_member_delete", "config_option_update", "follow_dataset", "follow_group", "follow_user", "task_status_update", "term_translation_update", "user_invite", "package_collaborator_create", "package_collaborator_delete",
    ];

    private static readonly HashSet<string> Known = [.. Reading, .. Writing];

    /// <summary>Whether there is such an action, be it one that nobody may do here.</summary>
    public static bool IsKnown(string action) => Known.Contains(action);

    /// <summary>What an action gives.</summary>
    /// <exception cref="CkanException">It cannot be done.</exception>
    public async Task<JsonNode?> AnswerAsync(string action, CkanCall call, HttpContext http)
    {
        var (site, lang, cancel) = (http.Site(), Lang.Of(http), http.RequestAborted);
        if (!Reading.Contains(action))
            throw CkanException.NotAuthorized(CatalogueTexts.Say(lang, "ckan.written-elsewhere", action));
        var packages = await shelf.NowAsync(cancel);
        return action switch
        {
            "package_list" => new JsonArray([.. Page(packages.All.Select(p => JsonValue.Create(p.Name)), call)]),
            "current_package_list_with_resources" => new JsonArray([.. Page(packages.All.OrderByDescending(p => p.Modified, StringComparer.Ordinal), call, 1000).Select(p => Shown(p, site, lang))]),
            "package_show" => Shown(Package(packages, call), site, lang),
            "package_search" => CkanSearch.Answer(packages, call, site, lang),
            "package_autocomplete" => CkanSearch.Autocomplete(packages, call, lang),
            "resource_show" => packages.Resource(call.Need("id")) is var (package, place) ? Shown(package, site, lang)["resources"]!.AsArray()[place]!.DeepClone() : throw CkanException.NotFound(),
            "resource_search" => CkanSearch.Resources(packages, call, site, lang),
            "organization_list" or "group_list" => CkanGroups.List(packages, call, action == "organization_list", lang),
            "organization_show" or "group_show" => CkanGroups.Show(packages, call, action == "organization_show", site, lang),
            "tag_list" => CkanGroups.Tags(packages, call),
            "tag_show" => CkanGroups.ShowTag(packages, call, site, lang),
            "license_list" => new JsonArray([.. CkanLicences.Known.Concat(packages.All.Select(p => CkanLicences.Find(p.LicenceId))).DistinctBy(l => l.Id).Select(l => l.Json)]),
            "datastore_search" => await datastore.SearchAsync(call, Callers.Of(http.User), lang, cancel),
            "datastore_search_sql" => await datastore.SqlAsync(call, Callers.Of(http.User), lang, cancel),
            "datastore_info" => await datastore.InfoAsync(call, lang, cancel),
            "status_show" => new JsonObject
            {
                ["site_title"] = CatalogueTexts.Say(lang, "dcat.title", land.Say(lang)), ["site_description"] = CatalogueTexts.Say(lang, "dcat.about", land.Say(lang)), ["site_url"] = site, ["error_emails_to"] = null, ["locale_default"] = "zh_Hans_CN",
                ["extensions"] = new JsonArray("datastore"), ["ckan_version"] = CkanApi.Version,
            },
            "site_read" => JsonValue.Create(true),
            _ => JsonValue.Create(IsKnown(call.Need("name")) ? Reading.Contains(call.Need("name")) ? CatalogueTexts.Say(lang, "ckan.help." + call.Need("name")) : CatalogueTexts.Say(lang, "ckan.written-elsewhere", call.Need("name")) : throw CkanException.NotFound("Action function not found")),
        };
    }

    // What the catalogue holds of rows that are not open any more is not in the datastore.
    private JsonObject Shown(CkanPackage package, string site, string lang)
    {
        var shown = package.Json(site, lang);
        if (package.Rows is not null && !datastore.IsStored(package))
        {
            foreach (var resource in shown["resources"]!.AsArray())
                resource!["datastore_active"] = false;
        }
        return shown;
    }

    private static CkanPackage Package(CkanPackages packages, CkanCall call) => packages.Find(call.Text("id") ?? call.Text("name_or_id") ?? call.Need("id")) ?? throw CkanException.NotFound();

    private static IEnumerable<T> Page<T>(IEnumerable<T> all, CkanCall call, int most = int.MaxValue) =>
        all.Skip(call.Natural("offset") ?? (call.Natural("page") is > 0 and var page && call.Natural("limit") is > 0 and var many ? (page - 1) * many : 0)).Take(call.Natural("limit") is > 0 and var limit ? Math.Min(limit, most) : most);
}
