using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Insight;
using Guantong.Packs.Reading;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Commands;

/// <summary>guantong up: starts the platform; the first time, makes everything that it starts with.</summary>
internal static class UpCommand
{
    public static Command Make(Func<string, string> about)
    {
        var url = new Option<string>("--url") { Description = about("opt.url"), DefaultValueFactory = _ => Environment.GetEnvironmentVariable("GUANTONG_URL") ?? "http://127.0.0.1:8080" };
        var demo = new Option<string?>("--demo") { Description = about("opt.demo"), Arity = ArgumentArity.ZeroOrOne, HelpName = "full" };
        demo.AcceptOnlyFromAmong("full");
        var production = new Option<bool>("--production") { Description = about("opt.production"), DefaultValueFactory = _ => Commands.Env("PRODUCTION") is "1" or "true" };
        var https = new Option<bool>("--https") { Description = about("opt.https") };
        var certificate = new Option<string?>("--certificate") { Description = about("opt.certificate"), DefaultValueFactory = _ => Environment.GetEnvironmentVariable("GUANTONG_CERTIFICATE") is { Length: > 0 } file ? file : null };
        var command = new Command("up", about("cli.up")) { url, demo, production, https, certificate }.Needs("platform.run");
        command.SetAction((parsed, cancel) => RunAsync(parsed, parsed.Settings(Address(parsed.GetValue(url)!, parsed.GetValue(https))) with
        {
            Demo = parsed.GetResult(demo) is not null, Production = parsed.GetValue(production), Https = parsed.GetValue(https), Certificate = parsed.GetValue(certificate),
        }, parsed.GetValue(demo) == "full", cancel));
        return command;
    }

    // Whoever asks for TLS wants no address without it.
    private static string Address(string url, bool https) => https ? url.Replace("http://", "https://", StringComparison.OrdinalIgnoreCase) : url;

    private static async Task<int> RunAsync(ParseResult parsed, Settings settings, bool full, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        if (await RunFile.FindAsync(settings.RunFile) is { } running)
        {
            Console.Error.WriteLine(parsed.Say("up.running", running.Url));
            return 2;
        }
        try
        {
            await using var app = await Platform.BuildAsync(settings, workers: true, cancel: cancel);
            var land = app.Services.GetRequiredService<Jurisdiction>();
            List<string> own = [.. land.Packs.Select(p => Path.Combine(settings.Packs, p))];
            if (!await BringInAsync(parsed, app, settings, own, "started", cancel)
                || (full && !await BringInAsync(parsed, app, settings, [.. InOrder(settings.Packs).Where(f => own.All(o => Path.GetFullPath(o) != Path.GetFullPath(f)))], "started-full", cancel)))
                return 1;
            if (settings.Demo)
                await DemoChannels.SeedAsync(settings, app.Services.GetRequiredService<RegionChannels>(), cancel);
            await app.StartAsync(cancel);
            // From here on the host ends on Ctrl-C and SIGTERM by itself, in order.
            var address = app.Urls.First();
            new RunFile(address, app.Services.GetRequiredService<LocalToken>().Value, Environment.ProcessId, settings.Https ? Https.Read(settings, DateTimeOffset.UtcNow).Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256) : null).Write(settings.RunFile);
            await AnnounceAsync(parsed, app, address, watch.Elapsed, cancel);
            if (land.Calendars.MissingOn(DateOnly.FromDateTime(DateTimeOffset.UtcNow.ToOffset(land.Offset).DateTime)) is { } year)
                Console.Error.WriteLine(parsed.Say("up.no-holidays", year));
            try
            {
                await app.WaitForShutdownAsync(cancel);
            }
            finally
            {
                File.Delete(settings.RunFile);
            }
            Console.WriteLine(parsed.Say("up.stopped"));
            return 0;
        }
        catch (IOException e) when (e.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            Console.Error.WriteLine(parsed.Say("up.port", settings.Url, e.Message));
            return 2;
        }
        catch (Exception e) when (Reach.Explain(parsed, e) is { } sentence)
        {
            Console.Error.WriteLine(sentence);
            return 2;
        }
    }

    // Every pack that there is, each behind those that it uses.
    private static List<string> InOrder(string packs)
    {
        var left = PackFolder.Below(packs).Select(f => (Folder: f, PackReader.Read(PackFolder.Read(f, f)).Pack)).ToList();
        var order = new List<string>();
        while (left.Count > 0)
        {
            var next = left.Where(p => p.Pack is null || !left.Any(o => o.Pack is { } other && p.Pack.Uses.Any(u => u.Name.StartsWith(other.Id + " ", StringComparison.Ordinal)))).Select(p => p.Folder).ToList();
            // Those that use each other are told of when they are applied.
            order.AddRange(next.Count > 0 ? next : left.Select(p => p.Folder));
            left.RemoveAll(p => order.Contains(p.Folder));
        }
        return order;
    }

    // A new platform starts with the jurisdiction's packs, and with the sample rows that they carry.
    private static async Task<bool> BringInAsync(ParseResult parsed, WebApplication app, Settings settings, List<string> folders, string marked, CancellationToken cancel)
    {
        var registry = app.Services.GetRequiredService<PackRegistry>();
        var land = app.Services.GetRequiredService<Jurisdiction>();
        // The mark is set last: a start that was cut off goes on where it stood, since every step can be repeated.
        var mark = Path.Combine(settings.Data, marked);
        if (File.Exists(mark))
            return true;
        Console.WriteLine(parsed.Say("up.first", land.Say(parsed.Lang())));
        foreach (var folder in folders)
        {
            var outcome = await registry.ApplyAsync(PackFolder.Read(folder, $"packs/{Path.GetRelativePath(settings.Packs, folder)}"), Policy.Operator, confirmed: false, cancel: cancel);
            PlanCommand.Print(parsed, outcome.Result, outcome.Plan);
            if (outcome.Result == "unsound")
                return false;
            await app.Services.GetRequiredService<ClosedLoop>().LoadSamplesAsync(outcome.Plan.Pack!, folder, cancel);
        }
        await File.WriteAllTextAsync(mark, "", cancel);
        return true;
    }

    private static async Task AnnounceAsync(ParseResult parsed, WebApplication app, string address, TimeSpan took, CancellationToken cancel)
    {
        var land = app.Services.GetRequiredService<Jurisdiction>();
        Console.WriteLine(parsed.Say("up.ready", land.Say(parsed.Lang()), Commands.Number(took.TotalSeconds)));
        Console.WriteLine($"  {address}/      {parsed.Say("up.portal")}");
        Console.WriteLine($"  {address}/desk  {parsed.Say("up.desk")}");
        Console.WriteLine($"  {address}/api   {parsed.Say("up.api")}");
        if (await app.Services.GetRequiredService<Accounts>().IsEmptyAsync(cancel))
            Console.WriteLine(parsed.Say("up.nobody"));
        if (!app.Services.GetRequiredService<Demonstration>().IsOn)
            return;
        Console.WriteLine(parsed.Say("up.people", Accounts.DemoPassword));
        foreach (var person in land.People)
            Console.WriteLine($"  {person.Login,-20} {person.Say(parsed.Lang())} · {land.Units.Find(person.Unit)?.Say(parsed.Lang()) ?? person.Kind} · {string.Join(", ", person.Roles)}");
    }
}
