using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Guantong.Packs;

namespace Guantong.Work;

/// <summary>How a material of an application stands.</summary>
/// <param name="Material">Its id in the matter.</param>
/// <param name="State">given; verified: data stands in for it (免提交); owed: it may come until <paramref name="Due"/> (容缺受理); promised (告知承诺); closed: an official let it go, with a reason.</param>
/// <param name="Unit">Whose officials look after it.</param>
/// <param name="Promise">What was promised, as it was read.</param>
/// <param name="PromiseSha256">Its hash.</param>
/// <param name="Checked">kept or broken, once the promise was checked; nothing follows from either by itself.</param>
/// <param name="Reason">Of closing or checking it.</param>
public sealed record CaseMaterial(string CaseId, string Material, string State, string Unit, string Since, string? Due, string? Promise, string? PromiseSha256, string? Checked, string? Reason, string? Ended, long Version)
{
    /// <summary>What it is called in its matter.</summary>
    public string Name { get; init; } = Material;

    /// <summary>The dataset that may stand in for it, or null.</summary>
    public string? From { get; init; }

    /// <summary>Of an owed one: green, yellow or red.</summary>
    public string? Light { get; init; }

    internal const string Columns = "case_id AS CaseId, material AS Material, state AS State, unit AS Unit, since AS Since, due AS Due, promise AS Promise, promise_sha256 AS PromiseSha256, checked AS Checked, reason AS Reason, ended AS Ended, version AS Version";
}

/// <summary>A promise in the list of those to be checked, with its case.</summary>
public sealed record PromiseLine(string CaseId, string Number, string Title, string Pack, string Revision, string Matter, string Material, string Unit, string Since, string Promise, string PromiseSha256, string? Checked, string? Reason, long Version)
{
    /// <summary>What the material is called in its matter.</summary>
    public string Name { get; init; } = Material;
}

/// <summary>What a matter's materials come to for what an applicant filled in. Pure: no clock, no store.</summary>
public static class MaterialRules
{
    /// <summary>How an applicant says that a material comes later.</summary>
    public const string Later = "later";

    /// <summary>How they promise it: this, and the hash of the text that they read.</summary>
    public const string Promised = "promise:";

    /// <summary>The materials that count, in the matter's order.</summary>
    public static IReadOnlyList<Material> Asked(Matter matter, JsonObject given)
    {
        var values = new Lazy<IReadOnlyDictionary<string, object?>>(() => Json.Values(given));
        return [.. matter.Materials.Where(m => m.When is not { } when || FormRules.Holds(when.Name, values.Value))];
    }

    /// <summary>How each is to stand, and what is missing.</summary>
    /// <param name="files">The fields under which files lie.</param>
    /// <param name="choices">Material → later, or promise:HASH.</param>
    /// <param name="verified">The fields of those that data stands in for.</param>
    public static (IReadOnlyList<(Material Material, string State)> Stand, IReadOnlyList<FormFault> Faults) Settle(Matter matter, JsonObject given, IReadOnlySet<string> files, IReadOnlyDictionary<string, string> choices, IReadOnlySet<string> verified)
    {
        var (stand, faults) = (new List<(Material, string)>(), new List<FormFault>());
        foreach (var material in Asked(matter, given))
        {
            var choice = choices.GetValueOrDefault(material.Id, "");
            // What data stands in for is brought by nobody; where it does not, it is a material like any other.
            if (material.From is not null && verified.Contains(material.Field))
                stand.Add((material, "verified"));
            else if (files.Contains(material.Field))
                stand.Add((material, "given"));
            else if (choice == Later && material.Omit is not null)
                stand.Add((material, "owed"));
            else if (choice.StartsWith(Promised, StringComparison.Ordinal) && material.Promise is { } text)
            {
                if (choice[Promised.Length..] == Hash(text))
                    stand.Add((material, "promised"));
                else
                    faults.Add(new FormFault(material.Field, "promise-changed") { Detail = material.Name });
            }
            else if (material.Required)
                faults.Add(new FormFault(material.Field, "material-missing") { Detail = material.Name });
        }
        return (stand, faults);
    }

    /// <summary>The hash of a promise's text: who signs says by it what they read.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
