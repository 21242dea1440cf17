using System.CommandLine;
using System.Text.Json;

namespace Guantong.Commands;

/// <summary>guantong clients add|list|remove: the programs that sign people in here or call for themselves.</summary>
internal static class ClientsCommand
{
    public static Command Make(Func<string, string> about) => new("clients", about("cli.clients")) { Add(about), List(about), Remove(about) };

    private static Command Add(Func<string, string> about)
    {
        var name = new Argument<string>("name") { Description = about("arg.client-name") };
        var id = new Option<string?>("--id") { Description = about("opt.client-id") };
        var english = new Option<string?>("--name-en") { Description = about("opt.client-name-en") };
        var grants = new Option<string[]>("--grant") { Description = about("opt.client-grant"), Required = true, AllowMultipleArgumentsPerToken = true };
        var scopes = new Option<string[]>("--scope") { Description = about("opt.client-scope"), AllowMultipleArgumentsPerToken = true };
        var redirects = new Option<string[]>("--redirect") { Description = about("opt.client-redirect"), AllowMultipleArgumentsPerToken = true };
        var afterSignOut = new Option<string[]>("--after-sign-out") { Description = about("opt.client-after"), AllowMultipleArgumentsPerToken = true };
        var keys = new Option<string?>("--keys") { Description = about("opt.client-keys") };
        var certificate = new Option<string?>("--certificate") { Description = about("opt.client-certificate") };
        var secret = new Option<bool>("--secret") { Description = about("opt.client-secret") };
        var own = new Option<bool>("--own") { Description = about("opt.client-own") };
        var command = new Command("add", about("cli.clients-add")) { name, id, english, grants, scopes, redirects, afterSignOut, keys, certificate, secret, own }.Needs("client.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            string? Text(Option<string?> file) => parsed.GetValue(file) is { } path ? File.ReadAllText(path) : null;
            var added = await reach.PostAsync("clients", new
            {
                id = parsed.GetValue(id), name = parsed.GetValue(name), nameEn = parsed.GetValue(english), grants = parsed.GetValue(grants), scopes = parsed.GetValue(scopes),
                redirects = parsed.GetValue(redirects), afterSignOut = parsed.GetValue(afterSignOut), keys = Text(keys) is { } set ? Json(parsed.GetValue(keys)!, set) : (JsonElement?)null,
                certificate = Text(certificate), secret = parsed.GetValue(secret), own = parsed.GetValue(own),
            }, cancel);
            Console.WriteLine(parsed.Say("clients.added", added.GetProperty("id")));
            if (added.GetProperty("secret") is { ValueKind: JsonValueKind.String } shown)
                Console.WriteLine(parsed.Say("clients.secret", shown));
            return 0;
        }, cancel));
        return command;
    }

    private static JsonElement Json(string file, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException e)
        {
            throw new Trust.ConfigurationException($"{file}:{e.LineNumber + 1}: this is no JSON; give a JWK set");
        }
    }

    private static Command List(Func<string, string> about)
    {
        var command = new Command("list", about("cli.clients-list")).Needs("client.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            foreach (var client in (await reach.GetAsync("clients", cancel)).EnumerateArray())
                Console.WriteLine($"{client.GetProperty("id")}  {client.GetProperty("name")}  {Words(client, "grants")}  {Words(client, "scopes")}  {client.GetProperty("proof")}");
            return 0;
        }, cancel));
        return command;
    }

    private static string Words(JsonElement client, string name) => string.Join(',', client.GetProperty(name).EnumerateArray());

    private static Command Remove(Func<string, string> about)
    {
        var id = new Argument<string>("id") { Description = about("arg.client-id") };
        var command = new Command("remove", about("cli.clients-remove")) { id }.Needs("client.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            using var answer = await reach.Http.DeleteAsync($"clients/{Uri.EscapeDataString(parsed.GetValue(id)!)}", cancel);
            if (!answer.IsSuccessStatusCode)
                await Reach.ReadAsync(answer, cancel);
            Console.WriteLine(parsed.Say("clients.removed", parsed.GetValue(id)));
            return 0;
        }, cancel));
        return command;
    }
}
