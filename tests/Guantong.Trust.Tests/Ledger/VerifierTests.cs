using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The verifier as outsiders run it: a process of its own over files.</summary>
public sealed class VerifierTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private LedgerBed _bed = null!;
    private Checkpoint _older = null!, _newer = null!;

    public async ValueTask InitializeAsync()
    {
        _bed = await LedgerBed.MakeAsync("sqlite");
        await _bed.WriteAsync(5);
        _older = (await _bed.Checkpoints.MakeAsync("test"))!;
        await _bed.WriteAsync(9);
        _newer = (await _bed.Checkpoints.MakeAsync("test"))!;
        await using (var export = File.Create(At("export.jsonl")))
            await LedgerFile.WriteAsync(export, _bed.Ledger.StreamAsync(new LedgerQuery(), 1, long.MaxValue));
        Keep("older.json", _older);
        Keep("newer.json", _newer);
        await File.WriteAllTextAsync(At("key.pem"), _bed.Key.Value.Public.ToPem());
    }

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    private string At(string name) => Path.Combine(_bed.Folder, name);

    private void Keep<T>(string name, T value) => File.WriteAllText(At(name), JsonSerializer.Serialize(value, Json));

    private Task<(int Code, string Said)> RunAsync(string line) => Verifier.RunAsync(_bed.Folder, line);

    private async Task HoldsAsync(string line)
    {
        var (code, said) = await RunAsync(line);
        Assert.True(code == 0 && said.Contains('✓') && !said.Contains('✗'), said);
    }

    private async Task FailsAsync(string line, string why, int code = 1)
    {
        var (got, said) = await RunAsync(line);
        Assert.True(got == code && said.Contains(why, StringComparison.Ordinal), $"{got} {said}");
    }

    [Fact]
    public async Task What_the_platform_gives_out_holds()
    {
        await HoldsAsync("ledger export.jsonl --checkpoint older.json --checkpoint newer.json --key key.pem");
        await HoldsAsync("checkpoint newer.json --key key.pem");
        Keep("proof.json", await _bed.Checkpoints.IncludeAsync(10, _newer.Size));
        await HoldsAsync("inclusion proof.json --checkpoint newer.json --key key.pem");
        Keep("old-proof.json", await _bed.Checkpoints.IncludeAsync(3, _newer.Size));
        await HoldsAsync("inclusion old-proof.json --checkpoint newer.json --key key.pem");
        Keep("extends.json", await _bed.Checkpoints.ExtendAsync(_older.Size, _newer.Size));
        await HoldsAsync("consistency extends.json --checkpoint newer.json --checkpoint older.json --key key.pem");
    }

    [Fact]
    public async Task What_was_changed_since_does_not()
    {
        var lines = await File.ReadAllLinesAsync(At("export.jsonl"));
        async Task Broken(IEnumerable<string> changed, string why)
        {
            await File.WriteAllLinesAsync(At("changed.jsonl"), changed);
            await FailsAsync("ledger changed.jsonl --checkpoint newer.json --key key.pem", why);
        }
        await Broken(lines.Select((l, i) => i == 9 ? l.Replace("row.read", "row.lead", StringComparison.Ordinal) : l), "entry 10: was changed");
        await Broken(lines.Select((l, i) => i == 2 ? l.Replace("case:3", "case:4", StringComparison.Ordinal) : l), "entry 3: was changed");
        await Broken(lines.Where((_, i) => i != 4), "entry 5: missing");
        await Broken([.. lines[..5], lines[6], lines[5], .. lines[7..]], "entry 6: missing");
        await Broken(lines[..^3], "the tail was removed");
        await FailsAsync("checkpoint newer.json", "signature not checked");
        Keep("forged.json", Checkpoint.Sign(_newer.Size, Convert.FromHexString(_newer.Root), DateTimeOffset.UtcNow, Sm2.Generate()));
        await FailsAsync("checkpoint forged.json --key key.pem", "not signed with this key");
        Keep("later.json", _newer with { At = "2030-01-01T00:00:00.000Z" });
        await FailsAsync("checkpoint later.json --key key.pem", "not signed with this key");
        var proof = (await _bed.Checkpoints.IncludeAsync(10, _newer.Size))!;
        Keep("proof.json", proof with { Seq = 11 });
        await FailsAsync("inclusion proof.json --checkpoint newer.json --key key.pem", "the proof does not hold");
        Keep("proof.json", proof with { Entry = proof.Entry! with { Actor = "x" } });
        await FailsAsync("inclusion proof.json --checkpoint newer.json --key key.pem", "does not agree with the leaf");
        var extends = (await _bed.Checkpoints.ExtendAsync(_older.Size, _newer.Size))!;
        Keep("extends.json", extends with { Path = [.. extends.Path.Reverse()] });
        await FailsAsync("consistency extends.json --checkpoint older.json --checkpoint newer.json --key key.pem", "the proof does not hold");
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_so()
    {
        await FailsAsync("ledger nowhere.jsonl", "cannot be read", 2);
        await FailsAsync("checkpoint key.pem --key key.pem", "cannot be read", 2);
        await FailsAsync("checkpoint newer.json --key newer.json", "cannot be read", 2);
        await FailsAsync("nothing", "verify ledger", 2);
        // What nobody hashed is not shown as verified.
        var lines = await File.ReadAllLinesAsync(At("export.jsonl"));
        await File.WriteAllLinesAsync(At("more.jsonl"), lines.Select(l => l[..^1] + ",\"approved\":true}"));
        await FailsAsync("ledger more.jsonl", "cannot be read", 2);
        await File.WriteAllLinesAsync(At("twice.jsonl"), lines.Select(l => l[..^1] + ",\"actor\":\"x\"}"));
        await FailsAsync("ledger twice.jsonl", "cannot be read", 2);
    }
}
