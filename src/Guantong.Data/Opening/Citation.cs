using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>How what is open is cited, and described to search engines.</summary>
/// <param name="open">What is cited.</param>
/// <param name="changed">When it last changed.</param>
/// <param name="site">The address of this site, without a stroke at its end.</param>
/// <param name="today">The day on which it is cited.</param>
public sealed class Citation(OpenDataset open, DateTimeOffset? changed, string site, DateOnly today, Jurisdiction land, string lang)
{
    private readonly DateOnly _changed = changed is { } at ? DateOnly.FromDateTime(at.ToOffset(land.Offset).DateTime) : today;

    private string Title => open.Pack.Say(lang, open.Dataset.Name);

    private string Unit => land.Units.Named(open.Dataset.Source.Name)?.Say(lang) ?? open.Dataset.Source.Name;

    private string Address => site + open.Page;

    /// <summary>What it is opened under, with its address (empty where none is known); null where no licence is named.</summary>
    public (string Name, string Address)? Licence => open.Dataset.Licence is { Length: > 0 } id && CkanLicences.Find(id) is var licence ? (licence.Title, licence.Url) : null;

    /// <summary>As GB/T 7714-2015 §4.6 cites an electronic resource: who answers for it, its title with the marks of a dataset online, when it changed and was cited, where.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Unit}. {Title}[DS/OL]. ({_changed:yyyy-MM-dd})[{today:yyyy-MM-dd}]. {Address}.");

    /// <summary>The same as an entry of BibTeX.</summary>
    public string BibTeX => string.Create(CultureInfo.InvariantCulture, $$$"""
        @misc{{{{Key}}},
          author       = {{{{{Plain(Unit)}}}}},
          title        = {{{{{Plain(Title)}}}}},
          year         = {{{{_changed:yyyy}}}},
          note         = {Data set, {{{_changed:yyyy-MM-dd}}}, accessed {{{today:yyyy-MM-dd}}}},
          howpublished = {\url{{{{Address}}}}}
        }
        """);

    private string Key => string.Concat($"{open.Pack.Id}-{open.Dataset.Id}-{_changed.Year}".Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    // What has a meaning of its own in TeX.
    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in text)
            plain.Append(c switch { '\\' => @"\textbackslash{}", '~' => @"\textasciitilde{}", '^' => @"\textasciicircum{}", '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{c}", _ => c.ToString() });
        return plain.ToString();
    }

    /// <summary>The dataset in schema.org's words, as JSON-LD that may stand in a page.</summary>
    /// <param name="rating">How many rated it, and how on average; null where nobody did.</param>
    public string Linked((double Average, long Count)? rating)
    {
        var dataset = open.Dataset;
        var node = new JsonObject
        {
            ["@context"] = "https://schema.org/", ["@type"] = "Dataset", ["@id"] = Address, ["url"] = Address, ["name"] = Title, ["description"] = Described(open.Pack.Say(lang, dataset.About), Title), ["identifier"] = $"{open.Pack.Id}:{dataset.Id}", ["inLanguage"] = lang,
            ["keywords"] = new JsonArray([.. dataset.Listing.Keywords.Select(k => (JsonNode)k)]), ["isAccessibleForFree"] = true, ["dateModified"] = _changed.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["creator"] = new JsonObject { ["@type"] = "GovernmentOrganization", ["name"] = Unit }, ["publisher"] = new JsonObject { ["@type"] = "GovernmentOrganization", ["name"] = land.Say(lang) },
            ["spatialCoverage"] = land.Say(lang), ["variableMeasured"] = new JsonArray([.. open.Columns(lang).Select(Measured)]),
        };
        if (dataset.Licence is { Length: > 0 } licence)
            node["license"] = CkanLicences.Find(licence).Url;
        if (dataset.Open == "conditional")
            node["conditionsOfAccess"] = OpenDescription.Condition(open, lang);
        else if (open.HasRows)
            node["distribution"] = new JsonArray([.. (((string, string)[])[("csv", "text/csv"), ("json", "application/json")]).Select(f => (JsonNode)new JsonObject { ["@type"] = "DataDownload", ["encodingFormat"] = f.Item2, ["contentUrl"] = $"{site}{open.RowsPath}.{f.Item1}" })]);
        if (rating is var (average, count))
            node["aggregateRating"] = new JsonObject { ["@type"] = "AggregateRating", ["ratingValue"] = Math.Round(average, 1), ["ratingCount"] = count, ["bestRating"] = 5, ["worstRating"] = 1 };
        // The default encoder lets nothing out that could end the element that it stands in.
        return node.ToJsonString();
    }

    private static JsonNode Measured(OpenColumn column)
    {
        var value = new JsonObject { ["@type"] = "PropertyValue", ["name"] = column.Name, ["description"] = column.Title };
        if (column.Unit.Length > 0)
            value["unitText"] = column.Unit;
        return value;
    }

    // Search engines want 50 characters at least.
    private static string Described(string about, string title) => about.Length >= 50 ? about : $"{title}：{about}";
}
