using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Reports of air pollution whose forms, the applicant's and the inspector's, take an age from the residents of another pack.</summary>
internal static class FarResidents
{
    public const string Pack = "environment.air-quality", Matter = "air-report", Named = Residents.Pack + "/resident";

    private static readonly Person Asker = new("asker", "", "", "official", "zj-ecology", "330000", ["case-worker"]);
    private static readonly Person Bureau = new("bureau", "", "", "official", "zj-data", "330000", ["data-bureau"]);

    /// <summary>Starts a platform on which both packs are in force.</summary>
    public static async Task<RunningPlatform> StartAsync(string store, TimeProvider? clock = null)
    {
        var platform = await Residents.StartAsync(store, clock);
        await platform.ApplyAsync(Files());
        return platform;
    }

    /// <summary>The air pack's files with what it takes from the other.</summary>
    /// <param name="isUsed">Whether it says that it uses the other.</param>
    public static PackFiles Files(bool isUsed = true)
    {
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality");
        var texts = files.Texts.ToDictionary();
        texts["pack.yaml"] = texts["pack.yaml"].Replace("version: 1.0.0", "version: 1.9.0", StringComparison.Ordinal) + (isUsed ? "\nuses:\n  packs: [society.assistance ^1]\n" : "\n");
        texts["matters/air-report.yaml"] = texts["matters/air-report.yaml"].Replace("needs:\n", $"needs:\n  - {{data: {Named}, fields: [id_number, age], for: 核对反映人年龄}}\n", StringComparison.Ordinal);
        texts["forms/air-report.json"] = With(texts["forms/air-report.json"], ("age", "周岁年龄", FieldSource.Applicant));
        texts["forms/air-inspect.json"] = With(texts["forms/air-inspect.json"], ("inspected_age", "核对的年龄", FieldSource.Applicant), ("inspected_years", "组织成立年数", FieldSource.Organisation));
        return files with { Texts = texts };
    }

    private static string With(string form, params (string Field, string Title, string Who)[] fields)
    {
        var json = JsonNode.Parse(form)!;
        foreach (var (field, title, who) in fields)
            json["properties"]![field] = new JsonObject
            {
                ["type"] = "integer", ["title"] = title,
                ["x-from"] = new JsonObject { ["dataset"] = Named, ["field"] = "age", ["by"] = new JsonObject { ["id_number"] = who } },
            };
        return json.ToJsonString(new() { WriteIndented = true });
    }

    /// <summary>Asks for the rows for the ecology department, and has it agreed to; gives the grant's id.</summary>
    public static async Task<string> GrantAsync(RunningPlatform platform, int perMinute = 60, long perDay = 1000)
    {
        var book = platform.Services.GetRequiredService<SharingBook>();
        var file = await book.AskAsync(Asker, Named, new ShareTerms("handling", "免填年龄", $"{Pack}/{Matter}", ["id_number", "age"], new Dictionary<string, string>(), null, ["query"], "any", perMinute, perDay, 90, []));
        foreach (var step in file.Steps)
            file = await book.DecideAsync(step.Kind == "source" ? Residents.Police : Bureau, file.Request.Id, true, null);
        return file.Grant!.Id;
    }

    /// <summary>Applies with an account; gives the case's number.</summary>
    public static async Task<string> ApplyAsync(HttpClient http, string? whom, object? more = null)
    {
        var data = new JsonObject { ["kind"] = "露天焚烧", ["place"] = "村口", ["seen_on"] = "2026-11-01" };
        foreach (var (name, value) in more is null ? [] : System.Text.Json.JsonSerializer.SerializeToNode(more)!.AsObject())
            data[name] = value?.DeepClone();
        return (await http.PostAsJsonAsync($"/api/v1/services/{Pack}/{Matter}/applications", new { region = "330500", data, @for = whom }).JsonAsync()).Text("number")!;
    }
}
