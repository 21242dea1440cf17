using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Work;

namespace Guantong.Tests;

/// <summary>Materials: asked for where they are needed, owed for a while, promised and checked afterwards.</summary>
public sealed class MaterialTests
{
    private const string Service = "/api/v1/services/society.assistance/temporary-assistance";

    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store);
        await platform.ApplyAsync("society.assistance");
        return platform;
    }

    private static object Application(string hardship, object? materials = null, string? files = null) =>
        new { region = "330100", data = new { hardship, household = 2, income = 100, on_allowance = false }, materials, files };

    private static async Task<JsonElement> StateAsync(HttpClient who, string number, string material) =>
        (await who.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/materials")).EnumerateArray().Single(m => m.GetProperty("material").GetString() == material);

    private static async Task<(string Number, string Code)> AppliedAsync(HttpClient who, string hardship, object? materials = null, string? files = null)
    {
        var receipt = await who.PostAsJsonAsync($"{Service}/applications", Application(hardship, materials, files)).JsonAsync();
        return (receipt.GetProperty("number").GetString()!, receipt.GetProperty("code").GetString()!);
    }

    private static async Task<int> DocumentsAsync(HttpClient who, string number, string code) =>
        (await who.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{number}?code={code}")).GetProperty("documents").GetArrayLength();

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_required_material_that_is_missing_is_named_and_only_what_the_matter_allows_stands_in_for_it(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = platform.Anonymous();
        anyone.DefaultRequestHeaders.Add("Accept-Language", "zh-CN");
        async Task<string> RefusedAsync(object application)
        {
            using var answer = await anyone.PostAsJsonAsync($"{Service}/applications", application);
            Assert.Equal(422, (int)answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Single().ToString();
        }
        Assert.Contains("缺少材料“火灾情况证明”", await RefusedAsync(Application("火灾")), StringComparison.Ordinal);
        // What may be promised may not come later, and the other way round.
        Assert.Contains("失业证明", await RefusedAsync(Application("失业", new Dictionary<string, string> { ["work-ended"] = "later" })), StringComparison.Ordinal);
        Assert.Contains("火灾情况证明", await RefusedAsync(Application("火灾", new Dictionary<string, string> { ["fire-record"] = "promise:" + MaterialRules.Hash("x") })), StringComparison.Ordinal);
        Assert.Contains("重新阅读", await RefusedAsync(Application("失业", new Dictionary<string, string> { ["work-ended"] = "promise:" + MaterialRules.Hash("我承诺一点别的") })), StringComparison.Ordinal);
        Assert.Equal("422 file-type", await anyone.SendAsync($"{Service}/files?field=material:fire-record&name=a.docx", Sheets.Docx()).ToldAsync());

        // Given for a condition that does not hold after all, it is not kept.
        var file = await anyone.SendAsync($"{Service}/files?field=material:fire-record&name=a.pdf", Sheets.Pdf()).JsonAsync();
        var (number, code) = await AppliedAsync(anyone, "其他", null, file.GetProperty("basket").GetString());
        Assert.Equal(0, (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{number}?code={code}")).GetProperty("files").GetArrayLength());

        file = await anyone.SendAsync($"{Service}/files?field=material:fire-record&name=a.pdf", Sheets.Pdf()).JsonAsync();
        (number, code) = await AppliedAsync(anyone, "火灾", null, file.GetProperty("basket").GetString());
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        Assert.Equal("given", (await StateAsync(official, number, "fire-record")).GetProperty("state").GetString());
        await platform.EndedAsync(official, number);
        Assert.Equal(1, await DocumentsAsync(anyone, number, code));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_owed_holds_the_result_document_up_until_it_is_in_or_closed_with_a_reason(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = platform.Anonymous();
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        using var elsewhere = await platform.SignInAsync("worker-hangzhou");
        var later = new Dictionary<string, string> { ["fire-record"] = "later" };
        var (given, code) = await AppliedAsync(anyone, "火灾", later);
        var (closed, other) = await AppliedAsync(anyone, "火灾", later);
        await platform.RunJobsAsync();
        var owed = await StateAsync(official, given, "fire-record");
        Assert.Equal("owed green", $"{owed.GetProperty("state").GetString()} {owed.GetProperty("light").GetString()}");
        Assert.True(DateTimeOffset.Parse(owed.GetProperty("due").GetString()!, System.Globalization.CultureInfo.InvariantCulture) > DateTimeOffset.UtcNow.AddDays(4));
        Assert.Equal((0, 0), (await DocumentsAsync(anyone, given, code), await DocumentsAsync(anyone, closed, other)));
        Assert.Equal("open", (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{given}")).GetProperty("case").GetProperty("state").GetString());

        Assert.Equal("404 not-found", await anyone.SendAsync($"/api/v1/applications/{given}/materials/fire-record?code=AAAA&name=a.pdf", Sheets.Pdf()).ToldAsync());
        Assert.Equal("422 file-mismatch", await anyone.SendAsync($"/api/v1/applications/{given}/materials/fire-record?code={code}&name=a.pdf", Sheets.Png()).ToldAsync());
        Assert.Equal("404 material-gone", await anyone.SendAsync($"/api/v1/applications/{given}/materials/none?code={code}&name=a.pdf", Sheets.Pdf()).ToldAsync());
        // Of two at once, one gives it.
        var told = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => anyone.SendAsync($"/api/v1/applications/{given}/materials/fire-record?code={code}&name=a.pdf", Sheets.Pdf()).ToldAsync()));
        Assert.Equal(["201", "409 material-not-owed"], told.Order());
        await platform.EndedAsync(official, given);
        Assert.Equal(1, await DocumentsAsync(anyone, given, code));

        Assert.Equal("422 reason-missing", await official.PostAsJsonAsync($"/api/v1/cases/{closed}/materials/fire-record/close", new { reason = " " }).ToldAsync());
        Assert.Equal("403 material-not-yours", await elsewhere.PostAsJsonAsync($"/api/v1/cases/{closed}/materials/fire-record/close", new { reason = "社区已到场核实" }).ToldAsync());
        using var far = await platform.SignInAsync("worker-huzhou");
        Assert.Equal("404 not-found", await far.PostAsJsonAsync($"/api/v1/cases/{closed}/materials/fire-record/close", new { reason = "社区已到场核实" }).ToldAsync());
        using var leader = await platform.SignInAsync("leader-ecology");
        Assert.StartsWith("403", await leader.PostAsJsonAsync($"/api/v1/cases/{closed}/materials/fire-record/close", new { reason = "社区已到场核实" }).ToldAsync(), StringComparison.Ordinal);
        Assert.Equal("204", await official.PostAsJsonAsync($"/api/v1/cases/{closed}/materials/fire-record/close", new { reason = "社区已到场核实" }).ToldAsync());
        Assert.Equal("409 material-not-owed", await official.PostAsJsonAsync($"/api/v1/cases/{closed}/materials/fire-record/close", new { reason = "再一次" }).ToldAsync());
        await platform.EndedAsync(official, closed);
        Assert.Equal(1, await DocumentsAsync(anyone, closed, other));
        Assert.Equal("社区已到场核实", (await StateAsync(official, closed, "fire-record")).GetProperty("reason").GetString());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_promise_is_kept_with_its_text_and_checked_once_and_nothing_follows_from_it(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = platform.Anonymous();
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        var declared = (await anyone.GetFromJsonAsync<JsonElement>(Service)).GetProperty("materials").EnumerateArray().Single(m => m.GetProperty("id").GetString() == "work-ended");
        Assert.Equal(MaterialRules.Hash(declared.GetProperty("promise").GetString()!), declared.GetProperty("promiseSha256").GetString());
        var (number, code) = await AppliedAsync(anyone, "失业", new Dictionary<string, string> { ["work-ended"] = "promise:" + declared.GetProperty("promiseSha256").GetString() });
        var file = await platform.EndedAsync(official, number);
        Assert.Equal(1, await DocumentsAsync(anyone, number, code));
        var listed = (await official.GetFromJsonAsync<JsonElement>("/api/v1/promises")).GetProperty("items").EnumerateArray().Single(p => p.GetProperty("number").GetString() == number);
        Assert.Equal(declared.GetProperty("promise").GetString(), listed.GetProperty("promise").GetString());
        Assert.Equal("失业证明", listed.GetProperty("name").GetString());

        Assert.Equal("422 material-result", await official.PostAsJsonAsync($"/api/v1/cases/{number}/materials/work-ended/check", new { result = "bad", reason = "x" }).ToldAsync());
        var told = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => official.PostAsJsonAsync($"/api/v1/cases/{number}/materials/work-ended/check", new { result = "broken", reason = "已在别处就业" }).ToldAsync()));
        Assert.Equal(["204", "409 material-checked"], told.Order());
        Assert.Equal(0, (await official.GetFromJsonAsync<JsonElement>("/api/v1/promises")).GetProperty("total").GetInt64());
        Assert.Equal("broken", (await official.GetFromJsonAsync<JsonElement>("/api/v1/promises?done=true")).GetProperty("items")[0].GetProperty("checked").GetString());
        // The case, its outcome and its document are what they were.
        Assert.Equal(file.GetProperty("case").ToString(), (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").ToString());
        var ledger = await official.GetStringAsync($"/api/v1/cases/{number}/ledger");
        Assert.Contains(declared.GetProperty("promiseSha256").GetString()!, ledger, StringComparison.Ordinal);
    }
}
