using System.Text.Json.Nodes;

namespace Guantong.Data;

/// <summary>A licence as CKAN's register has it.</summary>
internal sealed record CkanLicence(string Id, string Title, string Url, bool IsOpen)
{
    public JsonObject Json => new()
    {
        ["domain_content"] = IsOpen, ["domain_data"] = IsOpen, ["domain_software"] = false, ["family"] = "", ["id"] = Id, ["is_generic"] = false, ["is_okd_compliant"] = IsOpen, ["is_osi_compliant"] = false,
        ["maintainer"] = "", ["od_conformance"] = IsOpen ? "approved" : "not reviewed", ["osd_conformance"] = "not reviewed", ["status"] = "active", ["title"] = Title, ["url"] = Url,
    };
}

/// <summary>Licences by their SPDX ids, which is how entries of the catalogue name them.</summary>
internal static class CkanLicences
{
    /// <summary>Those that data is opened under.</summary>
    public static readonly IReadOnlyList<CkanLicence> Known =
    [
        new("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/", true),
        new("CC-BY-SA-4.0", "Creative Commons Attribution Share-Alike 4.0", "https://creativecommons.org/licenses/by-sa/4.0/", true),
        new("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", true),
        new("ODbL-1.0", "Open Data Commons Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/", true),
        new("ODC-By-1.0", "Open Data Commons Attribution License 1.0", "https://opendatacommons.org/licenses/by/1-0/", true),
        new("PDDL-1.0", "Open Data Commons Public Domain Dedication and Licence 1.0", "https://opendatacommons.org/licenses/pddl/1-0/", true),
        new("notspecified", "License not specified", "", false),
    ];

    /// <summary>One of them, or what is known of another.</summary>
    public static CkanLicence Find(string id) => Known.FirstOrDefault(l => l.Id == id) ?? new CkanLicence(id, id, Vocabularies.LicenceOf(id) ?? "", false);
}
