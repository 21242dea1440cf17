using System.Net.Http.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Residents of the registration (made up), who they are at the user centre, and the grant by which civil affairs read them.</summary>
internal static class Residents
{
    public const string Pack = "society.assistance", Matter = "elder-allowance", About = Pack + "/resident";
    public const string Elder = "330106194103120004", Other = "33020319440608000X", Younger = "331102195011010000";

    private static readonly Person Asker = new("asker", "", "", "official", "zj-civil-affairs", "330000", ["case-worker"]);
    public static readonly Person Police = new("keeper", "", "", "official", "zj-police", "330000", ["steward"]);
    private static readonly Person Bureau = new("bureau", "", "", "official", "zj-data", "330000", ["data-bureau"]);

    public static async Task<RunningPlatform> StartAsync(string store, TimeProvider? clock = null)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await platform.ApplyAsync(Pack);
        await platform.LoadLinesAsync(Pack, "resident", "id_number,region,age,local", $"{Elder},330106,85,true", $"{Other},330203,82,true");
        return platform;
    }

    /// <summary>Has an operator keep whom the registers know an account as.</summary>
    public static async Task<HttpResponseMessage> ProveAsync(RunningPlatform platform, string login, string number)
    {
        using var keeper = await platform.SignInAsync("duty");
        return await keeper.PutAsJsonAsync($"/api/v1/people/{login}/identity", new { number });
    }

    /// <summary>Asks for the registration's rows in the matter, and has it agreed to; gives the grant's id.</summary>
    public static async Task<string> GrantAsync(RunningPlatform platform, params string[] fields)
    {
        var book = platform.Services.GetRequiredService<SharingBook>();
        var terms = new ShareTerms("handling", "申请高龄津贴免填", $"{Pack}/{Matter}", fields.Length > 0 ? fields : ["id_number", "age", "local"], new Dictionary<string, string>(), null, ["query"], "any", 60, 1000, 90, []);
        var file = await book.AskAsync(Asker, About, terms);
        foreach (var step in file.Steps)
            file = await book.DecideAsync(step.Kind == "source" ? Police : Bureau, file.Request.Id, true, null);
        return file.Grant!.Id;
    }

    public static Task SetAsync(RunningPlatform platform, string grant, string state) => platform.Services.GetRequiredService<SharingBook>().SetAsync(Police, grant, state, "核对中");
}
