using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Hosting;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Languages beside Chinese and English come from files: what these say is said so, the rest in English.</summary>
public sealed class LanguageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("guantong-languages-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    [Fact]
    public async Task A_reader_chooses_a_language_that_a_file_brings_and_reads_in_it_what_it_says_and_the_rest_in_English()
    {
        Write("ja.json", """
            {"language": "日本語",
             "rooms": {"Guantong.Portal": {"nav.services": "手続きをする", "missing.title": "ページがありません"}, "Guantong.Trust": {"problem.not-found": "{0} はありません。"}},
             "packs": {"environment.air-quality": {"大气污染问题反映": "大気汚染の通報"}}}
            """);
        await using var platform = await RunningPlatform.StartAsync("sqlite", languages: _folder);
        using var http = await platform.SignInAsync(null);
        Assert.Contains("<a href=\"/language?to=ja&back=%2F\" lang=\"ja\" rel=\"nofollow\">日本語</a>", WebUtility.HtmlDecode(await http.GetStringAsync("/")).Replace("&amp;", "&", StringComparison.Ordinal), StringComparison.Ordinal);
        using (await http.GetAsync("/language?to=ja"))
        {
        }
        var home = WebUtility.HtmlDecode(await http.GetStringAsync("/"));
        Assert.Contains("<html lang=\"ja\"", home, StringComparison.Ordinal);
        Assert.Contains("手続きをする", home, StringComparison.Ordinal);
        Assert.Contains("Skip to", home, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(">中文</a>", home, StringComparison.Ordinal);
        Assert.Contains(">English</a>", home, StringComparison.Ordinal);
        var guide = WebUtility.HtmlDecode(await http.GetStringAsync("/services/environment.air-quality/air-report"));
        Assert.Contains("大気汚染の通報", guide, StringComparison.Ordinal);
        Assert.Contains("What is the problem", WebUtility.HtmlDecode(await http.GetStringAsync("/services/environment.air-quality/air-report/apply")), StringComparison.OrdinalIgnoreCase);
        using var missing = await http.GetAsync("/api/v1/services/environment.air-quality/none");
        Assert.Contains("はありません。", (await missing.Content.ReadFromJsonAsync<JsonElement>()).ToString(), StringComparison.Ordinal);
        // A language that nobody brought is none.
        using (await http.GetAsync("/language?to=fr"))
        {
        }
        Assert.Contains("<html lang=\"zh-CN\"", await http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ja.json", "{\"language\": \"日本語\",\n \"rooms\": {]}", "ja.json: line 2")]
    [InlineData("ja.json", "{\"rooms\": {}}", "add \"language\"")]
    [InlineData("zh-TW.json", "{\"language\": \"正體\"}", "named by no language beside Chinese and English")]
    [InlineData("ja.json", "{\"language\": \"日本語\", \"rooms\": {\"Portal\": {}}}", "there is no room Portal; write one of")]
    [InlineData("ja.json", "{\"language\": \"日本語\", \"rooms\": {\"Guantong.Portal\": {\"nav.sevices\": \"x\"}}}", "says nothing under nav.sevices")]
    [InlineData("ja.json", "{\"language\": \"日本語\", \"rooms\": {\"Guantong.Portal\": {\"nav.services\": \"{0}\"}}}", "nav.services has places that there are none for")]
    public void A_file_that_cannot_be_read_keeps_the_platform_from_starting_and_says_what_to_mend(string name, string text, string said)
    {
        Write(name, text);
        Assert.Contains(said, Assert.Throws<ConfigurationException>(() => RoomTexts.Read(_folder)).Message, StringComparison.Ordinal);
    }
}
