using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Calls CKAN's actions as its clients do.</summary>
internal sealed class CkanClient(HttpClient http) : IDisposable
{
    public HttpClient Http => http;

    /// <summary>An action by GET, with its parameters as a query.</summary>
    public Task<JsonElement> GetAsync(string action, string query = "") => ResultAsync(http.GetAsync($"/api/3/action/{action}?{query}"));

    /// <summary>An action by POST with JSON.</summary>
    public Task<JsonElement> PostAsync(string action, object given) => ResultAsync(http.PostAsJsonAsync($"/api/3/action/{action}", given));

    /// <summary>The status and error of an action that is refused.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Error)> RefusedAsync(string action, object given)
    {
        using var answer = await http.PostAsJsonAsync($"/api/3/action/{action}", given);
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(said.GetProperty("success").GetBoolean(), said.ToString());
        Assert.EndsWith($"/api/3/action/help_show?name={action}", said.GetProperty("help").GetString(), StringComparison.Ordinal);
        return (answer.StatusCode, said.GetProperty("error"));
    }

    private static async Task<JsonElement> ResultAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var said = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(["help", "success", "result"], said.EnumerateObject().Select(p => p.Name));
        Assert.True(said.GetProperty("success").GetBoolean());
        return said.GetProperty("result");
    }

    /// <summary>The id of the resource of a dataset whose rows are in the datastore.</summary>
    public async Task<string> ResourceAsync(string package)
    {
        var shown = await GetAsync("package_show", "id=" + package);
        return shown.GetProperty("resources").EnumerateArray().First(r => r.GetProperty("datastore_active").GetBoolean()).Text("id")!;
    }

    public void Dispose() => http.Dispose();
}
