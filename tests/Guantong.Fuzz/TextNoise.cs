using System.Text;

namespace Guantong.Fuzz;

/// <summary>Texts to read as FEEL, most of them wrong: written, taken from real models, damaged, spliced, deep, long and odd.</summary>
/// <param name="real">Expressions of real models.</param>
internal sealed class TextNoise(IReadOnlyList<string> real)
{
    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "{", "}", "..", ".", "\"", "@", "@\"", ":", ",", "-", "+", "*", "**", "/", "//", "/*", "*/", "=", "!=", "<", "<=", ">", "->", "?", "'", "’", "\\", "\\u", "\\U", "\n", "\r", "\t", "\0", "\u2028", "\uFEFF", "\u200B",
        "é", "😀", "\uD83D", "\uDE00", "\uFFFF", "\u0301", "中", "Ａ", "１", " and ", " or ", " in ", " between ", " instance of ", " of ", " if ", " then ", " else ", " for ", " return ", " some ", " every ", " satisfies ", " function", " external ", " not(",
        " null ", " true ", "1e9999", "1e-9999", "9999999999999999999999999999999999", "0.1", "..1", "1..", "list<", "context<a: ", "range<", "function<", "item", "partial", "date(", "P1D", "@\"P999999999Y\"", "@\"999999999-12-31T23:59:59.999999999Z\"",
    ];

    private static readonly string[] Openings = ["(", "[", "{a: ", "-", "if ", "not(", "1 + (", "x in (", "for i in ", "some i in ", "function(x) ", "a[", "a.", "1 instance of list<", "1 instance of context<a: ", "f(a: ", "]", "(< ", "[1..", "{\"a-b\": ", "x in (x in (", "1 ** ", "1 between ", "\"", "//\n"];

    private static readonly string[] Closings = ["", ")", "]", "}", " then 1 else 1", " return i", " satisfies i", ">", "..2]", " and 2", " + 1", "\""];

    /// <summary>The next text.</summary>
    public string Next(Random random) => random.Next(20) switch
    {
        < 5 => new FeelWriter(random).Write(),
        5 => new FeelWriter(random).WriteTests(),
        < 10 => Damaged(new FeelWriter(random).Write(), random),
        < 15 => Damaged(Real(random), random),
        15 => Spliced(Real(random), random.Next(2) == 0 ? Real(random) : new FeelWriter(random).Write(), random),
        16 => Units(random),
        // Deep and long ones take the longest.
        17 when random.Next(4) == 0 => random.Next(2) == 0 ? Deep(random) : Long(random),
        17 or 18 => Damaged(new FeelWriter(random).WriteTests(), random),
        _ => string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => Pieces[random.Next(Pieces.Length)])),
    };

    private string Real(Random random) => real.Count == 0 ? new FeelWriter(random).Write() : real[random.Next(real.Count)];

    /// <summary>The text with a few characters or pieces taken out, put in, doubled or swapped.</summary>
    public static string Damaged(string whole, Random random)
    {
        var text = new StringBuilder(whole);
        for (var i = random.Next(1, 6); i > 0 && text.Length > 0; i--)
        {
            var (at, length) = (random.Next(text.Length), random.Next(1, 12));
            switch (random.Next(6))
            {
                case 0: text.Remove(at, Math.Min(random.Next(2) == 0 ? 1 : length, text.Length - at)); break;
                case 1 or 2: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                case 3: text[at] = (char)random.Next(32, 127); break;
                case 4: text.Insert(random.Next(text.Length), text.ToString(at, Math.Min(length, text.Length - at))); break;
                default: text[at] = (char)random.Next(0, 0x10000); break;
            }
        }
        return text.ToString();
    }

    private static string Spliced(string a, string b, Random random) => a[..random.Next(a.Length + 1)] + b[random.Next(b.Length + 1)..];

    // Any UTF-16 units, halves of pairs among them.
    private static string Units(Random random)
    {
        var most = random.Next(3) switch { 0 => 0x80, 1 => 0x3000, _ => 0x10000 };
        return string.Create(random.Next(1, 200), (random, most), (text, x) =>
        {
            foreach (ref var unit in text)
                unit = (char)x.random.Next(x.most);
        });
    }

    private static string Deep(Random random)
    {
        var (opening, closing, levels) = (Openings[random.Next(Openings.Length)], Closings[random.Next(Closings.Length)], 1 << random.Next(1, 11));
        var second = random.Next(3) == 0 ? Openings[random.Next(Openings.Length)] : "";
        return string.Concat(Enumerable.Repeat(opening + second, levels)) + "1" + string.Concat(Enumerable.Repeat(closing, levels));
    }

    private string Long(Random random)
    {
        var times = 1 << random.Next(3, 12);
        var token = random.Next(7) switch { 0 => "a", 1 => "9", 2 => "中", 3 => "a ", 4 => "\uD83D", 5 => "\\", _ => "a.b-" };
        var run = string.Concat(Enumerable.Repeat(token, times));
        return random.Next(6) switch
        {
            0 => $"\"{run}\"",
            1 => run,
            2 => $"{{{run}: 1}}.{run}",
            3 => $"matches(\"{run}\", \"{run}\")",
            4 => Real(random) + run,
            _ => $"0.{run}e{times}",
        };
    }
}
