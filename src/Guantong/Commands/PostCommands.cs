using System.CommandLine;

namespace Guantong.Commands;

/// <summary>guantong people posts | give-post | end-post: officials' posts.</summary>
internal static class PostCommands
{
    public static Command List(Func<string, string> about)
    {
        var login = PeopleCommand.Login(about);
        var command = new Command("posts", about("cli.people-posts")) { login }.Needs("people.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var posts = await reach.GetAsync($"people/{Uri.EscapeDataString(parsed.GetValue(login)!)}/posts", cancel);
            if (posts.GetArrayLength() == 0)
                Console.WriteLine(parsed.Say("people.posts-none", parsed.GetValue(login)));
            foreach (var post in posts.EnumerateArray())
            {
                string Text(string name) => post.GetProperty(name).ToString();
                var term = $"{Text("from")} – {(Text("to").Length > 0 ? Text("to") : parsed.Say("people.posts-open"))}{(Text("ended").Length > 0 ? " · " + parsed.Say("people.posts-ended") : "")}";
                Console.WriteLine($"{Text("id")}  {Text("kind"),-10} {Text("unit")} · {Text("title")} · {string.Join(", ", post.GetProperty("roles").EnumerateArray().Select(r => r.GetString()))} · {term}");
            }
            return 0;
        }, cancel));
        return command;
    }

    public static Command Give(Func<string, string> about)
    {
        var login = PeopleCommand.Login(about);
        var unit = new Option<string>("--unit") { Description = about("opt.person-unit"), Required = true };
        var title = new Option<string?>("--title") { Description = about("opt.post-title") };
        var roles = new Option<string[]>("--roles") { Description = about("opt.person-roles"), AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var kind = new Option<string>("--kind") { Description = about("opt.post-kind"), DefaultValueFactory = _ => "main" };
        var from = new Option<string>("--from") { Description = about("opt.post-from"), Required = true };
        var to = new Option<string?>("--to") { Description = about("opt.post-to") };
        var command = new Command("give-post", about("cli.people-give-post")) { login, unit, title, roles, kind, from, to }.Needs("people.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            await reach.DoAsync(HttpMethod.Post, $"people/{Uri.EscapeDataString(parsed.GetValue(login)!)}/posts", new
            {
                unit = parsed.GetValue(unit), title = parsed.GetValue(title), kind = parsed.GetValue(kind), from = parsed.GetValue(from), to = parsed.GetValue(to),
                roles = parsed.GetValue(roles)!.SelectMany(r => r.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToArray(),
            }, cancel);
            Console.WriteLine(parsed.Say("people.post-given", parsed.GetValue(login), parsed.GetValue(unit)));
            return 0;
        }, cancel));
        return command;
    }

    public static Command End(Func<string, string> about)
    {
        var login = PeopleCommand.Login(about);
        var id = new Argument<string>("post") { Description = about("arg.post") };
        var command = new Command("end-post", about("cli.people-end-post")) { login, id }.Needs("people.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            await reach.DoAsync(HttpMethod.Delete, $"people/{Uri.EscapeDataString(parsed.GetValue(login)!)}/posts/{Uri.EscapeDataString(parsed.GetValue(id)!)}", null, cancel);
            Console.WriteLine(parsed.Say("people.post-ended", parsed.GetValue(id)));
            return 0;
        }, cancel));
        return command;
    }
}
