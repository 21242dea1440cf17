using System.Globalization;

namespace Guantong.Tests;

/// <summary>The random points of one crash test, and what it has to say of them.</summary>
internal sealed class Draw
{
    private readonly List<double> _restarts = [];

    private Draw(int seed, int rounds) => (Seed, Rounds, Random) = (seed, rounds, new Random(seed));

    public int Seed { get; }

    public int Rounds { get; }

    public Random Random { get; }

    /// <summary>Seed and number of rounds from the environment, or a new seed and the short form.</summary>
    /// <param name="store">sqlite gets two thirds of the short form, postgres one.</param>
    public static Draw Begin(string store)
    {
        static int? Told(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
        var draw = new Draw(Told("GUANTONG_CRASH_SEED") ?? Random.Shared.Next(), Told("GUANTONG_CRASH_ROUNDS") ?? (store == "sqlite" ? 8 : 4));
        TestContext.Current.TestOutputHelper?.WriteLine($"{draw}");
        return draw;
    }

    /// <summary>A time between nothing and this.</summary>
    public TimeSpan Upto(TimeSpan most) => most * Random.NextDouble();

    /// <summary>Notes how long a start on standing data took to its first page.</summary>
    public void Restarted(TimeSpan took) => _restarts.Add(took.TotalSeconds);

    /// <summary>Says how long the starts took; nothing is asserted of it.</summary>
    public void Report()
    {
        var sorted = _restarts.Order().ToList();
        if (sorted.Count > 0)
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"start again to first page: median {sorted[sorted.Count / 2]:0.00} s, longest {sorted[^1]:0.00} s, {sorted.Count} starts after a kill"));
    }

    public override string ToString() => $"seed {Seed}, {Rounds} rounds";
}
