using System.Text;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>Files as they come: whatever the bytes, a load ends with a summary that adds up or a refusal, and nothing else.</summary>
public sealed class CsvFuzzTests
{
    private static readonly byte[][] Pieces = [.. ((string[])["\"", "\"\"", ",", "\r", "\n", "\r\n", "\0", "\uFEFF", "code,name,region\n", "A,甲,330102\n", "'", ";", "\t", "NA", " ", "😀", "\\", "\u2028"]).Select(Encoding.UTF8.GetBytes)];

    // The long form is run by hand: GUANTONG_FUZZ=100000.
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("GUANTONG_FUZZ"), out var n) ? n : 300;

    [Fact]
    public void Any_file_is_loaded_or_refused_and_what_is_counted_adds_up()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        using var desk = new StationDesk();
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Mutated(random);
            var before = desk.Rows;
            try
            {
                var summary = desk.Load(bytes);
                Assert.Equal(summary.RowsIn, summary.RowsAdded + summary.RowsChanged + summary.RowsSame + summary.RowsRejected);
                Assert.Equal(before + summary.RowsAdded, desk.Rows);
                Assert.Equal(summary.RowsRejected, summary.Rejects.Count);
                Assert.All(summary.Rejects, r => Assert.InRange(r.Line, 2, bytes.Length + 1));
                var again = desk.Load(bytes);
                Assert.Equal((0L, 0L), (again.RowsAdded, again.RowsChanged));
            }
            catch (LoadRefusedException)
            {
                Assert.Equal(before, desk.Rows);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, round {round}: {e.GetType().Name} {e.Message} for {Convert.ToHexString(bytes)}");
            }
        }
    }

    private static byte[] Mutated(Random random)
    {
        var text = new List<byte>("code,name,region\n"u8.ToArray());
        for (var i = random.Next(6); i >= 0; i--)
            text.AddRange(Encoding.UTF8.GetBytes($"{(char)('A' + random.Next(5))},{(random.Next(3) == 0 ? "\"甲,\n\"\"乙\"" : "丙")},33010{random.Next(9)}\n"));
        for (var i = random.Next(6); i > 0 && text.Count > 0; i--)
        {
            var at = random.Next(text.Count);
            switch (random.Next(4))
            {
                case 0:
                    text.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 1:
                    text.RemoveRange(at, Math.Min(random.Next(1, 9), text.Count - at));
                    break;
                case 2:
                    text[at] = (byte)random.Next(256);
                    break;
                default:
                    text.InsertRange(at, text.GetRange(at, Math.Min(random.Next(1, 30), text.Count - at)));
                    break;
            }
        }
        return [.. text];
    }
}
