using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>One thing (一件事): one application, cases of several units, one result.</summary>
public sealed class JointTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task One_application_opens_a_case_for_each_part_and_comes_back_as_one_result(string store)
    {
        await using var birth = await Birth.StartAsync(store);
        var (number, code) = await birth.AppliedAsync(register: true, insure: true);
        var seen = await birth.SeenAsync(number, code);
        Assert.Equal("birth-certificate=open vaccination=open household=waiting insurance=waiting", Birth.Stand(seen));
        Assert.Equal(["杭州市卫生健康委", "杭州市卫生健康委", "杭州市公安局", "杭州市医保局"], seen.GetProperty("parts").EnumerateArray().Select(p => p.Text("unitName")));
        Assert.Equal("出生医学证明签发", seen.GetProperty("parts")[2].GetProperty("after")[0].GetString());
        var (certificate, vaccination) = (Birth.PartOf(seen, "birth-certificate"), Birth.PartOf(seen, "vaccination"));

        // Each part knows what its own form asks for, has its own clock, and sees what was brought for it.
        var file = await birth.CaseAsync("health", vaccination);
        var known = JsonDocument.Parse(file.GetProperty("case").Text("data")!).RootElement;
        Assert.Equal(["born", "case", "child_name", "clinic", "joint"], known.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal((number, "P5D working"), (known.Text("joint"), file.GetProperty("case").Text("term")));
        async Task<string> MaterialsAsync(string login, string of) => string.Join(' ', (await (await birth.AsAsync(login)).GetFromJsonAsync<JsonElement>($"/api/v1/cases/{of}/materials")).EnumerateArray().Select(m => $"{m.Text("material")}={m.Text("state")}"));
        Assert.Equal(("hospital-record=owed", ""), (await MaterialsAsync("health", certificate), await MaterialsAsync("health", vaccination)));
        // The unit that leads sees it whole, each part with its unit.
        var whole = await birth.CaseAsync("health", number);
        Assert.Equal(["zj-health-330100", "zj-health-330100"], whole.GetProperty("called").EnumerateArray().Select(c => c.Text("unit")));

        // One is refused alone; the other waits for its material alone.
        await birth.DecideAsync("health", vaccination, "不予办理");
        await birth.DecideAsync("health", certificate, "办成");
        seen = await birth.SeenAsync(number, code);
        Assert.Equal("birth-certificate=open vaccination=不予建档 household=waiting insurance=waiting", Birth.Stand(seen));
        var refused = seen.GetProperty("parts")[1];
        Assert.Contains("向省卫生健康委申请行政复议", refused.GetProperty("documents")[0].Text("markdown")!, StringComparison.Ordinal);
        Assert.Equal(("P60D", "省卫生健康委"), (refused.GetProperty("appeal").Text("review"), refused.GetProperty("appeal").Text("to")));
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("parts")[0].GetProperty("appeal").ValueKind);
        var anyone = await birth.AsAsync("anyone");
        Assert.Equal(201, (int)(await anyone.SendAsync($"/api/v1/applications/{number}/materials/hospital-record?code={code}&name=record.pdf", Sheets.Pdf())).StatusCode);
        await birth.Platform.RunJobsAsync();
        seen = await birth.SeenAsync(number, code);
        Assert.Equal("birth-certificate=已签发 vaccination=不予建档 household=open insurance=open", Birth.Stand(seen));

        // What one gave, the next is given.
        var household = Birth.PartOf(seen, "household");
        var issued = seen.GetProperty("parts")[0].GetProperty("documents")[0].Text("number");
        known = JsonDocument.Parse((await birth.CaseAsync("police", household)).GetProperty("case").Text("data")!).RootElement;
        Assert.Equal((issued, "母亲", false), (known.Text("certificate_no"), known.Text("settle_with"), known.TryGetProperty("clinic", out _)));
        Assert.NotNull(issued);
        Assert.Equal(["book.pdf"], (await (await birth.AsAsync("police")).GetFromJsonAsync<JsonElement>($"/api/v1/cases/{household}/attachments")).EnumerateArray().Select(a => a.Text("name")));
        // Other units have no part in it.
        Assert.Equal(404, (int)(await (await birth.AsAsync("worker-huzhou")).GetAsync($"/api/v1/cases/{household}")).StatusCode);

        await birth.DecideAsync("police", household, "办成");
        Assert.Equal("open", (await birth.SeenAsync(number, code)).Text("state"));
        await birth.DecideAsync("insurance", Birth.PartOf(seen, "insurance"), "办成");
        seen = await birth.SeenAsync(number, code);
        Assert.Equal(("ended", "全部办结"), (seen.Text("state"), seen.Text("outcome")));
        var result = seen.GetProperty("documents")[0].Text("markdown")!;
        foreach (var line in (string[])["出生医学证明签发：已签发（杭州市卫生健康委", "预防接种建档：不予建档（", "出生登记（落户）：已登记（杭州市公安局", "新生儿医保参保登记：已参保（"])
            Assert.Contains(line, result.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("204", $"{(int)(await anyone.PostAsJsonAsync($"/api/v1/applications/{number}/rating", new { code, level = 5 })).StatusCode}");
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_not_chosen_is_neither_asked_for_nor_opened(string store)
    {
        await using var birth = await Birth.StartAsync(store);
        var anyone = await birth.AsAsync("anyone");
        var later = new Dictionary<string, string> { ["hospital-record"] = "later" };
        async Task<string> FaultsAsync(Dictionary<string, object?> data)
        {
            using var answer = await anyone.PostAsJsonAsync($"{Birth.Service}/applications", new { region = "330100", data, materials = later });
            return string.Join(' ', (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
        }
        Assert.Equal("material:household-book", await FaultsAsync(Birth.Form(register: true, insure: true)));
        var without = Birth.Form(register: true, insure: false);
        without.Remove("settle_with");
        without.Remove("child_name");
        Assert.Equal("child_name material:household-book settle_with", await FaultsAsync(without));
        var guide = await anyone.GetFromJsonAsync<JsonElement>(Birth.Service);
        Assert.Equal(["hospital-record", "household-book"], guide.GetProperty("materials").EnumerateArray().Select(m => m.Text("id")));
        Assert.Equal(6, guide.GetProperty("parts").GetArrayLength());

        var (number, code) = await birth.AppliedAsync(register: false, insure: false);
        var seen = await birth.SeenAsync(number, code);
        Assert.Equal("birth-certificate=open vaccination=open", Birth.Stand(seen));
        Assert.Null(await birth.DoAsync("health", Birth.PartOf(seen, "birth-certificate"), "materials/hospital-record/close", new { reason = "医院已直接推送" }));
        await birth.DecideAsync("health", Birth.PartOf(seen, "vaccination"), "办成");
        await birth.DecideAsync("health", Birth.PartOf(seen, "birth-certificate"), "办成");
        Assert.Equal("ended", (await birth.SeenAsync(number, code)).Text("state"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_part_is_suspended_and_terminated_by_its_own_unit_and_the_whole_by_the_one_that_leads(string store)
    {
        await using var birth = await Birth.StartAsync(store);
        var (number, _) = await birth.AppliedAsync(register: true, insure: false, who: "citizen-a");
        async Task<JsonElement> SeenAsync() => await birth.SeenAsync(number, null, "citizen-a");
        var seen = await SeenAsync();
        var (certificate, vaccination) = (Birth.PartOf(seen, "birth-certificate"), Birth.PartOf(seen, "vaccination"));
        object suspend = new { ground = "related-case", reason = "须等另案" }, terminate = new { ground = "party-gone", reason = "申请人已迁出", confirmed = true };
        Assert.Equal("409 joint-suspend", await birth.DoAsync("head-health", number, "suspend", suspend));
        Assert.Equal("403 suspend-not-yours", await birth.DoAsync("head-police", vaccination, "suspend", suspend));
        Assert.Null(await birth.DoAsync("head-health", vaccination, "suspend", suspend));
        Assert.NotEqual(JsonValueKind.Null, (await SeenAsync()).GetProperty("parts")[1].GetProperty("stopped").ValueKind);
        Assert.Null(await birth.DoAsync("head-health", vaccination, "resume"));
        Assert.Null(await birth.DoAsync("head-health", vaccination, "terminate", terminate));
        await birth.Platform.RunJobsAsync();
        Assert.Equal("birth-certificate=open vaccination=terminated household=waiting", Birth.Stand(await SeenAsync()));

        // The rest goes on; terminating the whole ends what is open, and leaves what has ended.
        Assert.Null(await birth.DoAsync("health", certificate, "materials/hospital-record/close", new { reason = "医院已推送" }));
        await birth.DecideAsync("health", certificate, "办成");
        var household = Birth.PartOf(await SeenAsync(), "household");
        Assert.Equal("403 suspend-not-yours", await birth.DoAsync("head-police", number, "terminate", terminate));
        Assert.Null(await birth.DoAsync("head-health", number, "terminate", terminate));
        Assert.Equal("birth-certificate=已签发 vaccination=terminated household=withdrawn", Birth.Stand(await SeenAsync()));
        Assert.Equal("withdrawn", (await birth.CaseAsync("police", household)).GetProperty("case").Text("state"));
        Assert.Equal("terminated", (await SeenAsync()).GetProperty("application").Text("state"));

        var told = (await (await birth.AsAsync("citizen-a")).GetFromJsonAsync<JsonElement>("/api/v1/me/notices")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["accepted", "decided", "resumed", "suspended", "terminated", "terminated"], told.Select(n => n.Text("on")!).Order(StringComparer.Ordinal));
        // Whichever part it is about, they look it up by the one number that they have.
        Assert.All(told, n => Assert.Contains($"/me/applications/{number}", n.Text("text")!, StringComparison.Ordinal));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_part_that_is_stuck_holds_up_no_other_and_is_seen_for_itself(string store)
    {
        await using var birth = await Birth.StartAsync(store, texts => texts["processes/household.bpmn"] = texts["processes/household.bpmn"].Replace(" default=\"not_agreed\"", "", StringComparison.Ordinal)
            .Replace("""targetRef="write_refusal" name="否"/>""", """targetRef="write_refusal" name="否"><bpmn:conditionExpression>result = "退件"</bpmn:conditionExpression></bpmn:sequenceFlow>""", StringComparison.Ordinal));
        var (number, code) = await birth.AppliedAsync(register: true, insure: true);
        var seen = await birth.SeenAsync(number, code);
        Assert.Null(await birth.DoAsync("health", Birth.PartOf(seen, "birth-certificate"), "materials/hospital-record/close", new { reason = "医院已推送" }));
        await birth.DecideAsync("health", Birth.PartOf(seen, "vaccination"), "办成");
        await birth.DecideAsync("health", Birth.PartOf(seen, "birth-certificate"), "办成");
        seen = await birth.SeenAsync(number, code);
        await RunningPlatform.FinishAsync(await birth.AsAsync("police"), Birth.PartOf(seen, "household"), "review", new { result = "不予办理", reason = "材料不符" });
        await birth.DecideAsync("insurance", Birth.PartOf(seen, "insurance"), "办成");
        seen = await birth.SeenAsync(number, code);
        Assert.Equal("birth-certificate=已签发 vaccination=已建档 household=stuck insurance=已参保", Birth.Stand(seen));
        Assert.Equal("open", seen.Text("state"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_part_may_be_a_matter_of_another_pack_that_is_in_force(string store)
    {
        await using var birth = await Birth.StartAsync(store, texts => texts["matters/birth.yaml"] = texts["matters/birth.yaml"].Replace("  document:", "    - {part: society.assistance/elder-allowance, when: insure = true, with: {age: '85', resident: register, receiving: 'false'}}\n  document:", StringComparison.Ordinal));
        var anyone = await birth.AsAsync("anyone");
        // It is no service until all that it consists of is there.
        Assert.Equal(404, (int)(await anyone.GetAsync(Birth.Service)).StatusCode);
        await birth.Platform.ApplyAsync("society.assistance");
        var (number, code) = await birth.AppliedAsync(register: true, insure: true);
        await birth.Platform.RunJobsAsync();
        var seen = await birth.SeenAsync(number, code);
        Assert.Equal("birth-certificate=open vaccination=open household=waiting insurance=waiting elder-allowance=已给予", Birth.Stand(seen));
        Assert.Equal("society.assistance/elder-allowance", seen.GetProperty("parts")[4].Text("matter"));
        Assert.Equal(1, seen.GetProperty("parts")[4].GetProperty("documents").GetArrayLength());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_is_merged_into_one_of_a_matter_that_declares_its_own_and_not_the_other_way_round(string store)
    {
        await using var birth = await Birth.StartAsync(store, texts => texts["matters/birth-certificate.yaml"] += "merges: [vaccination]\n");
        var official = await birth.AsAsync("health");
        async Task<string> OpenAsync(string matter) => (await (await official.PostAsJsonAsync("/api/v1/cases", new { pack = "society.birth", matter, region = "330100", data = new { child_name = "演示" } })).Content.ReadFromJsonAsync<JsonElement>()).Text("id")!;
        var (certificate, vaccination) = (await OpenAsync("birth-certificate"), await OpenAsync("vaccination"));
        Assert.Equal("422 merge-other", await birth.DoAsync("health", certificate, "merge", new { into = vaccination, reason = "同一儿童" }));
        Assert.Null(await birth.DoAsync("health", vaccination, "merge", new { into = certificate, reason = "同一儿童" }));
        Assert.Equal("merged", (await birth.CaseAsync("health", vaccination)).GetProperty("case").Text("state"));
        Assert.Null(await birth.DoAsync("health", vaccination, "unmerge", new { reason = "还是分开办" }));
        Assert.Equal("open", (await birth.CaseAsync("health", vaccination)).GetProperty("case").Text("state"));
    }
}
