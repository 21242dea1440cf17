using System.CommandLine;

namespace Guantong.Commands;

/// <summary>guantong ledger verify | checkpoint | prove SEQ | export FILE | archive --up-to SEQ.</summary>
internal static class LedgerCommand
{
    public static Command Make(Func<string, string> about) => new("ledger", about("cli.ledger"))
    {
        Verify(about), Checkpoint(about), Prove(about), Export(about), Archive(about),
    };

    private static Command Verify(Func<string, string> about)
    {
        var command = new Command("verify", about("opt.verify")).Needs("ledger.verify");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, reach => StatusCommand.VerifyAsync(parsed, reach, cancel), cancel));
        return command;
    }

    private static Command Checkpoint(Func<string, string> about)
    {
        var folder = new Option<string>("--to") { Description = about("opt.ledger-to"), DefaultValueFactory = _ => "." };
        var command = new Command("checkpoint", about("cli.ledger-checkpoint")) { folder }.Needs("ledger.checkpoint");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var word = await reach.PostAsync("ledger/checkpoints", new { }, cancel);
            var to = Directory.CreateDirectory(parsed.GetValue(folder)!).FullName;
            var file = Path.Combine(to, $"checkpoint-{word.GetProperty("size")}.json");
            await File.WriteAllTextAsync(file, word.GetRawText(), cancel);
            await File.WriteAllTextAsync(Path.Combine(to, $"{word.GetProperty("key")}.pub.pem"), await reach.Http.GetStringAsync("ledger/key", cancel), cancel);
            Console.WriteLine(parsed.Say("ledger.checkpointed", word.GetProperty("size"), word.GetProperty("root"), file));
            return 0;
        }, cancel));
        return command;
    }

    private static Command Prove(Func<string, string> about)
    {
        var seq = new Argument<long>("seq") { Description = about("arg.ledger-seq") };
        var size = new Option<long?>("--size") { Description = about("opt.ledger-size") };
        var command = new Command("prove", about("cli.ledger-prove")) { seq, size }.Needs("ledger.verify");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var proof = await reach.GetAsync($"ledger/proofs/inclusion?seq={parsed.GetValue(seq)}" + (parsed.GetValue(size) is { } of ? $"&size={of}" : ""), cancel);
            Console.WriteLine(proof.GetRawText());
            return 0;
        }, cancel));
        return command;
    }

    private static Command Export(Func<string, string> about)
    {
        var file = new Argument<string>("file") { Description = about("arg.ledger-file") };
        var command = new Command("export", about("cli.ledger-export")) { file }.Needs("ledger.read");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            using var answer = await reach.Http.GetAsync("ledger/export", HttpCompletionOption.ResponseHeadersRead, cancel);
            if (!answer.IsSuccessStatusCode)
                await Reach.ReadAsync(answer, cancel);
            await using var to = File.Create(parsed.GetValue(file)!);
            await answer.Content.CopyToAsync(to, cancel);
            Console.WriteLine(parsed.Say("ledger.exported", parsed.GetValue(file)));
            return 0;
        }, cancel));
        return command;
    }

    private static Command Archive(Func<string, string> about)
    {
        var upTo = new Option<long>("--up-to") { Description = about("opt.ledger-up-to"), Required = true };
        var command = new Command("archive", about("cli.ledger-archive")) { upTo }.Needs("ledger.archive");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var archive = await reach.PostAsync("ledger/archives", new { UpTo = parsed.GetValue(upTo) }, cancel);
            Console.WriteLine(parsed.Say("ledger.archived", archive.GetProperty("first"), archive.GetProperty("last"), archive.GetProperty("file")));
            return 0;
        }, cancel));
        return command;
    }
}
