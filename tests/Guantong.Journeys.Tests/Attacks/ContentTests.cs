using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What attackers leave behind for others to open, and what they do at the same moment or once too often.</summary>
public sealed class ContentTests
{
    private const string Pack = "environment.air-quality";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_somebody_wrote_comes_back_as_they_wrote_it_and_the_ledger_holds(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var applicant = platform.Anonymous();
        using var official = await platform.SignInAsync("worker-huzhou");
        var places = Hostile.Texts.Where(t => t.Length is >= 2 and <= 120 && !t.Contains('\0') && !t.Any(char.IsSurrogate)).Take(45).ToList();
        foreach (var place in places)
        {
            var answer = await applicant.PostAsJsonAsync($"/api/v1/services/{Pack}/air-report/applications", new { region = "330500", data = new { kind = "其他", place, seen_on = "2026-11-01" } });
            Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{place}: {answer.StatusCode}");
            var number = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString();
            var data = (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").GetProperty("data").GetString()!;
            Assert.Equal(place, JsonDocument.Parse(data).RootElement.GetProperty("place").GetString());
        }
        Assert.Null((await platform.Services.GetRequiredService<Ledger>().VerifyAsync(TestContext.Current.CancellationToken)).FirstBad);
    }

    [Fact]
    public async Task A_page_shows_markup_as_text_and_runs_none_of_it()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var applicant = platform.Anonymous();
        const string mark = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>";
        var answer = await applicant.PostAsJsonAsync($"/api/v1/services/{Pack}/air-report/applications", new { region = "330500", data = new { kind = "其他", place = mark, seen_on = "2026-11-01", detail = mark } });
        var number = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString();
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{number}");
        await visitor.SeesAsync("onerror=document.title");
        Assert.NotEqual("owned", await visitor.Page.TitleAsync());
        await visitor.LooksAsync("attack-markup");
    }

    [Fact]
    public async Task A_value_that_looks_like_a_formula_is_only_text_in_what_a_spreadsheet_opens()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        var header = File.ReadLines(Path.Combine(Repository.Root, "packs/environment/air-quality/samples/station.csv")).Take(2).ToList();
        var cells = header[1].Split(',');
        var name = Array.IndexOf(header[0].Split(','), "name");
        Assert.True(name >= 0, header[0]);
        cells[name] = "\"=HYPERLINK(\"\"http://198.51.100.7\"\",\"\"x\"\")\"";
        var file = Path.Combine(platform.Folder, "station.csv");
        await File.WriteAllLinesAsync(file, [header[0], string.Join(',', cells)], TestContext.Current.CancellationToken);
        var (summary, _) = await platform.LoadAsync("station", file);
        Assert.Equal(1, summary.RowsAdded);
        using var http = await platform.SignInAsync("steward");
        var csv = await http.GetStringAsync($"/api/v1/datasets/{Pack}/station/rows.csv");
        Assert.Contains("\"'=HYPERLINK(", csv, StringComparison.Ordinal);
        // Programs that read JSON get the value itself.
        Assert.Contains("\"=HYPERLINK(", (await http.GetStringAsync($"/api/v1/datasets/{Pack}/station/rows.json")).Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("processes/x.bpmn", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"><process id=\"p\" name=\"&x;\"/></definitions>")]
    [InlineData("decisions/x.dmn", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><definitions name=\"&c;\"/>")]
    [InlineData("decisions/x.dmn", "<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"http://198.51.100.7/x.dtd\"><definitions/>")]
    [InlineData("datasets/x.yaml", "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c]")]
    [InlineData("forms/x.json", "{\"$ref\": \"file:///etc/passwd\"}")]
    [InlineData("forms/x.json", "{\"properties\": {\"a\": {\"$ref\": \"http://198.51.100.7/x.json\"}}}")]
    [InlineData("../../outside.yaml", "x: 1")]
    [InlineData("/etc/outside.yaml", "x: 1")]
    public async Task A_pack_cannot_reach_outside_itself(string path, string text)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var designer = await platform.SignInAsync("designer");
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality");
        var texts = files.Texts.ToDictionary();
        texts[path] = text;
        var answer = await designer.PostAsJsonAsync("/api/v1/packs/apply", new { root = files.Root, texts, confirm = true });
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode < 500, said);
        Assert.DoesNotContain("root:x:0", said, StringComparison.Ordinal);
        Assert.DoesNotContain("\"result\":\"applied\"", said.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_task_is_finished_once_however_many_finish_it_at_the_same_moment(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var official = await platform.SignInAsync("worker-huzhou");
        var opened = await official.PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter = "air-report", region = "330500", data = new { kind = "其他", place = "测试路", seen_on = "2026-11-01" } });
        var id = (await opened.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        await platform.RunJobsAsync();
        var tasks = (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().ToList();
        var task = tasks.Single().GetProperty("id").GetString();
        (await official.PostAsync($"/api/v1/tasks/{task}/take", null)).EnsureSuccessStatusCode();
        var form = (await official.GetFromJsonAsync<JsonElement>($"/api/v1/tasks/{task}")).GetProperty("form");
        var given = form.GetProperty("properties").EnumerateObject().ToDictionary(p => p.Name, p => Fill(p.Value));
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => official.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", given)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.NoContent), a => Assert.True(a.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Forbidden or HttpStatusCode.NotFound, a.StatusCode.ToString()));
        // Sent again later, it is told that it was done.
        Assert.Equal(HttpStatusCode.Conflict, (await official.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", given)).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_message_sent_again_under_its_key_counts_once(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var official = await platform.SignInAsync("worker-huzhou");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages") { Content = JsonContent.Create(new { name = "once", key = "k", data = new { } }) };
            request.Headers.Add("Idempotency-Key", "the-same");
            return official.SendAsync(request);
        }));
        var ids = new HashSet<string?>();
        foreach (var answer in answers)
        {
            Assert.True(answer.StatusCode is HttpStatusCode.Accepted, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            ids.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
        }
        Assert.Single(ids);
    }

    [Fact]
    public async Task A_key_that_was_ended_and_a_code_of_another_case_open_nothing()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var applicant = platform.Anonymous();
        var receipts = new List<(string Number, string Code)>();
        for (var i = 0; i < 2; i++)
        {
            var answer = await applicant.PostAsJsonAsync($"/api/v1/services/{Pack}/air-report/applications", new { region = "330500", data = new { kind = "其他", place = $"测试路{i}号", seen_on = "2026-11-01" } });
            var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
            receipts.Add((receipt.GetProperty("number").GetString()!, receipt.GetProperty("code").GetString()!));
        }
        Assert.Equal(HttpStatusCode.OK, (await applicant.GetAsync($"/api/v1/applications/{receipts[0].Number}?code={receipts[0].Code}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await applicant.GetAsync($"/api/v1/applications/{receipts[0].Number}?code={receipts[1].Code}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await applicant.GetAsync($"/api/v1/cases/{receipts[0].Number}")).StatusCode);
    }

    private static object Fill(JsonElement field) =>
        field.TryGetProperty("enum", out var values) ? values[0].GetString()!
        : field.GetProperty("type").GetString() switch
        {
            "boolean" => true,
            "integer" or "number" => 1,
            _ => field.TryGetProperty("format", out var format) && format.GetString() == "date" ? "2026-11-01" : "已到现场核查",
        };
}
