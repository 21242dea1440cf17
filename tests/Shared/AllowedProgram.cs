using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;

namespace Guantong.Tests;

/// <summary>A program that people let use their account, by the pages on which they do.</summary>
internal static class AllowedProgram
{
    private const string Back = "https://app.example.gov.cn/back", Verifier = "a-verifier-of-more-than-forty-three-characters-long";

    /// <summary>Where it sends people.</summary>
    public static string Ask { get; } = $"/connect/authorize?client_id=app&response_type=code&scope={Uri.EscapeDataString("openid profile offline_access")}&redirect_uri={Uri.EscapeDataString(Back)}&code_challenge_method=S256"
        + $"&code_challenge={Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";

    /// <summary>Adds it, as an operator.</summary>
    public static async Task AddAsync(HttpClient keeper)
    {
        var answer = await keeper.PostAsJsonAsync("/api/v1/clients", new { id = "app", name = "出行助手", nameEn = "Travel helper", grants = (string[])["code"], scopes = (string[])["openid", "profile", "offline_access"], redirects = (string[])[Back] });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>One of the demonstration's people in a browser that follows nothing.</summary>
    public static async Task<HttpClient> SignInAsync(string url, string login)
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = new Uri(url) };
        (await http.PostAsJsonAsync("/api/v1/session", new { login, password = Trust.Accounts.DemoPassword })).EnsureSuccessStatusCode();
        return http;
    }

    /// <summary>Lets it; gives its tokens.</summary>
    public static async Task<JsonElement> AllowAsync(HttpClient http)
    {
        var page = await http.GetStringAsync(Ask);
        var fields = Regex.Matches(page, "<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">").Select(m => KeyValuePair.Create(HttpUtility.HtmlDecode(m.Groups[1].Value), HttpUtility.HtmlDecode(m.Groups[2].Value)));
        using var form = new FormUrlEncodedContent(fields.Append(new("decision", "yes")));
        var answer = await http.PostAsync("/connect/authorize", form);
        using var given = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = "app", ["grant_type"] = "authorization_code", ["code"] = HttpUtility.ParseQueryString(answer.Headers.Location!.Query)["code"]!, ["redirect_uri"] = Back, ["code_verifier"] = Verifier,
        });
        var token = await http.PostAsync("/connect/token", given);
        Assert.True(token.IsSuccessStatusCode, await token.Content.ReadAsStringAsync());
        return await token.Content.ReadFromJsonAsync<JsonElement>();
    }
}
