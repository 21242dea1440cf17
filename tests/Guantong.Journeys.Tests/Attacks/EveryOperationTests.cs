using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Every operation of the API, found in its own description, is given what an attacker would give it.</summary>
public sealed class EveryOperationTests(AttackedPlatform attacked) : IClassFixture<AttackedPlatform>
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    [Fact]
    public async Task No_operation_fails_or_tells_of_its_insides_whatever_stands_in_its_path_and_query()
    {
        using var http = attacked.Operator();
        var wrong = new List<string>();
        var asked = 0;
        foreach (var (method, path, operation) in await OperationsAsync(http))
        {
            var parameters = operation["parameters"]?.AsArray().Select(p => (Name: (string)p!["name"]!, In: (string)p["in"]!)).ToList() ?? [];
            if (parameters.Count == 0)
                continue;
            foreach (var text in Hostile.Texts)
            {
                var address = path;
                foreach (var p in parameters.Where(p => p.In == "path"))
                    address = address.Replace($"{{{p.Name}}}", Escaped(text), StringComparison.Ordinal);
                address += "?" + string.Join('&', parameters.Where(p => p.In == "query").Select(p => $"{p.Name}={Escaped(text)}"));
                using var request = new HttpRequestMessage(new HttpMethod(method), address);
                if (method is "post" or "put" or "patch")
                    request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                using var answer = await http.SendAsync(request);
                asked++;
                await HoldAsync(answer, $"{method} {path} ← {text[..Math.Min(30, text.Length)]}", wrong);
            }
        }
        Assert.True(asked > 1_000, $"only {asked} requests were made");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(60)));
    }

    [Fact]
    public async Task No_operation_fails_whatever_its_body_is_and_fields_that_it_does_not_ask_for_do_nothing()
    {
        using var http = attacked.Operator();
        var wrong = new List<string>();
        foreach (var (method, path, operation) in await OperationsAsync(http))
        {
            if (operation["requestBody"] is null)
                continue;
            var address = path;
            foreach (var p in operation["parameters"]?.AsArray() ?? [])
                address = address.Replace($"{{{(string)p!["name"]!}}}", "none", StringComparison.Ordinal);
            foreach (var body in Bodies(attacked, operation))
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
                using var answer = await http.SendAsync(request);
                await HoldAsync(answer, $"{method} {path} ← {body[..Math.Min(60, body.Length)]}", wrong);
            }
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(60)));
        var verdict = await attacked.Platform.Services.GetRequiredService<Ledger>().VerifyAsync(TestContext.Current.CancellationToken);
        Assert.Null(verdict.FirstBad);
        Assert.Equal(["case-worker"], (await attacked.Platform.Services.GetRequiredService<Accounts>().FindAsync("worker-ecology", TestContext.Current.CancellationToken))!.Roles);
    }

    private static IEnumerable<string> Bodies(AttackedPlatform attacked, JsonNode operation)
    {
        foreach (var broken in (string[])["", "{", "[]", "null", "\"text\"", "1", "{\"a\":1}{", "{\"a\":\"\\ud83d\"}", "{\"__proto__\":{\"roles\":[\"auditor\"]}}", string.Concat(Enumerable.Repeat("{\"a\":", 200)), string.Concat(Enumerable.Repeat("[", 5_000))])
            yield return broken;
        var schema = operation["requestBody"]!["content"]?["application/json"]?["schema"];
        var names = Names(schema, attacked).ToList();
        foreach (var text in Hostile.Texts)
        {
            var given = new JsonObject { ["roles"] = new JsonArray("auditor"), ["login"] = "worker-ecology", ["isAdmin"] = true };
            foreach (var name in names)
                given[name] = text.Any(char.IsSurrogate) && text.Length == 1 ? "x" : text;
            yield return given.ToJsonString();
        }
    }

    private static IEnumerable<string> Names(JsonNode? schema, AttackedPlatform attacked)
    {
        if (schema?["$ref"] is { } reference)
            schema = attacked.Described?["components"]?["schemas"]?[((string)reference!).Split('/')[^1]];
        return schema?["properties"]?.AsObject().Select(p => p.Key) ?? [];
    }

    private async Task<List<(string Method, string Path, JsonNode Operation)>> OperationsAsync(HttpClient http)
    {
        attacked.Described = JsonNode.Parse(await http.GetStringAsync("/api/v1/openapi.json"));
        return [.. from path in attacked.Described!["paths"]!.AsObject()
                   from operation in path.Value!.AsObject()
                   // Removing the demonstration's people takes a reason that may be any text: done as asked, it takes away whom the rest is about.
                   where Methods.Contains(operation.Key) && !path.Key.EndsWith("/remove-demo", StringComparison.Ordinal)
                   select (operation.Key, path.Key, operation.Value!)];
    }

    // A lone surrogate cannot be escaped; it is sent as the bytes that stand for it.
    private static string Escaped(string text) => text == "\uD83D" ? "%ED%A0%BD" : Uri.EscapeDataString(text);

    private static async Task HoldAsync(HttpResponseMessage answer, string what, List<string> wrong)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode >= 500)
            wrong.Add($"{what}: {(int)answer.StatusCode}");
        if (Hostile.Leaks.FirstOrDefault(l => text.Contains(l, StringComparison.Ordinal)) is { } leak)
            wrong.Add($"{what}: tells “{leak}”");
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("own=", StringComparison.Ordinal)))
            wrong.Add($"{what}: a header was forged");
        if (answer.StatusCode == HttpStatusCode.OK && text.Contains("password\":\"AQAAAA", StringComparison.OrdinalIgnoreCase))
            wrong.Add($"{what}: gives a password's hash");
    }
}
