using System.Globalization;
using Guantong.Insight;

namespace Guantong.Tests;

/// <summary>The statistics against R, an implementation that shares nothing with this one: stats::HoltWinters with its intervals, and surveillance for EARS and cumulative sums of counts.</summary>
public sealed class AgainstRTests : IDisposable
{
    private const string Script = """
        args <- commandArgs(TRUE)
        x <- scan(args[1], quiet = TRUE); season <- as.integer(args[2])
        say <- function(name, values) for (i in seq_along(values)) cat(name, i - 1, format(values[i], digits = 17), "\n")
        alpha <- 0.3; beta <- 0.1; gamma <- 0.2
        hw <- HoltWinters(ts(x, frequency = season), alpha = alpha, beta = beta, gamma = gamma)
        ahead <- predict(hw, n.ahead = 2 * season + 1, prediction.interval = TRUE, level = 0.95)
        say("sse", hw$SSE); say("fit", ahead[, "fit"]); say("upr", ahead[, "upr"]); say("lwr", ahead[, "lwr"])
        best <- tryCatch(HoltWinters(ts(x, frequency = season))$SSE, error = function(e) NA)
        say("best", best)
        say("z", qnorm(c(0.6, 0.975, 1e-6))); say("t", qt(c(0.975, 0.9, 0.6), c(3, 17, 240)))
        base <- x[1:20]; s <- 0; sums <- c()
        for (i in 21:length(x)) { s <- max(0, s + (x[i] - mean(base)) / sd(base) - 0.5); sums <- c(sums, s) }
        say("cusum", sums)
        n <- length(x); y <- round(x); c2 <- rep(NA, n)
        for (t in 10:n) { week <- y[(t - 9):(t - 3)]; c2[t] <- (y[t] - mean(week)) / sd(week) }
        say("c2", c2[10:n]); say("c3", sapply(12:n, function(t) sum(pmax(0, c2[(t - 2):t] - 1))))
        if (requireNamespace("surveillance", quietly = TRUE)) suppressMessages({
          counts <- surveillance::sts(observed = matrix(round(x)), frequency = 365, start = c(2024, 1))
          for (form in c("C1", "C2", "C3")) {
            from <- c(C1 = 8, C2 = 10, C3 = 12)[[form]]
            bound <- surveillance::upperbound(surveillance::earsC(counts, control = list(range = from:n, method = form, baseline = 7, minSigma = 0, alpha = 0.001)))
            say(paste0("ears", form), as.numeric(bound))
          }
          s <- 0; sums <- c(); m <- mean(round(base))
          rossi <- surveillance::algo.cusum(surveillance::create.disProg(week = 1:n, observed = round(x), state = rep(0, n), freq = 52, start = c(2024, 1)), control = list(range = 21:n, k = 0.5, h = 1e9, m = m, trans = "rossi"))
          say("rossi", rossi$cusum)
        })
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("guantong-r-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    /// <summary>Series of several kinds, drawn by seeds.</summary>
    public static TheoryData<int, int, int> Series => new()
    {
        { 1, 7, 60 }, { 2, 7, 200 }, { 3, 12, 48 }, { 4, 12, 120 }, { 5, 4, 40 },
    };

    [Theory, MemberData(nameof(Series))]
    public async Task The_same_series_gives_the_same_numbers_in_R(int seed, int season, int length)
    {
        Assert.SkipUnless(Installed("Rscript"), "No R is installed; apt-get install --no-install-recommends r-base-core r-cran-surveillance");
        // A linear congruential generator, so that the series stays the same wherever it is drawn.
        var state = (ulong)seed * 7919;
        double Next() => (state = (state * 6364136223846793005 + 1442695040888963407)) / (double)ulong.MaxValue;
        double?[] series = [.. Enumerable.Range(0, length).Select(t => (double?)Math.Round(30 + 0.05 * t + 9 * Math.Sin(2 * Math.PI * t / season) + 8 * Next() + (t == length - 3 ? 25 : 0), 3))];
        var numbers = await RunAsync(series, season);

        var smoothed = HoltWinters.Smooth(series, season, new Smoothing(0.3, 0.1, 0.2))!;
        Close(numbers["sse"][0], smoothed.Squares);
        for (var h = 1; h <= 2 * season + 1; h++)
        {
            var (expected, error) = smoothed.Ahead(h);
            Close(numbers["fit"][h - 1], expected);
            Close(numbers["upr"][h - 1], expected + Quantiles.Normal(0.975) * error);
            Close(numbers["lwr"][h - 1], expected - Quantiles.Normal(0.975) * error);
        }
        // R walks downhill from one place; the grid finds what is as good, or better.
        Assert.True(double.IsNaN(numbers["best"][0]) || HoltWinters.Fit(series, season)!.Squares <= numbers["best"][0] * 1.001);
        Close(numbers["z"], [Quantiles.Normal(0.6), Quantiles.Normal(0.975), Quantiles.Normal(1e-6)]);
        Close(numbers["t"], [Quantiles.Student(0.975, 3), Quantiles.Student(0.9, 17), Quantiles.Student(0.6, 240)]);

        var (mean, deviation) = Moments.Of([.. series.Take(20).Select(x => x!.Value)]);
        Close(numbers["cusum"], Cusum.Upward(series[20..], mean, deviation, 0.5).Select(c => c.Score!.Value));
        double?[] counts = [.. series.Select(x => (double?)Math.Round(x!.Value, MidpointRounding.ToEven))];
        Close(numbers["c2"], Ears.C2(counts).Skip(9).Select(j => j.Score!.Value));
        Close(numbers["c3"], Ears.C3(counts).Skip(11).Select(j => j.Score!.Value));
        if (!numbers.ContainsKey("earsC1"))
            Assert.Skip("R is there without its package surveillance: EARS was not compared; apt-get install --no-install-recommends r-cran-surveillance");
        AgainstSurveillance(numbers, counts);
    }

    // Of C1 and C2 it gives the count above which the statistic exceeds z; of C3, the count and what the two days before leave of z.
    private static void AgainstSurveillance(IReadOnlyDictionary<string, double[]> numbers, double?[] counts)
    {
        var z = Quantiles.Normal(0.999);
        var (c1, c2, c3) = (Ears.C1(counts), Ears.C2(counts), Ears.C3(counts));
        Close(numbers["earsC1"], c1.Skip(7).Select(j => j.Expected!.Value + z * j.Spread!.Value));
        Close(numbers["earsC2"], c2.Skip(9).Select(j => j.Expected!.Value + z * j.Spread!.Value));
        Close(numbers["earsC3"], Enumerable.Range(11, counts.Length - 11).Select(t => Math.Max(0, counts[t]!.Value + c3[t].Spread!.Value * (z - (c3[t].Score!.Value - Math.Max(0, c2[t].Score!.Value - 1))))));
        var m = counts.Take(20).Average(x => x!.Value);
        Close(numbers["rossi"], Cusum.Upward([.. counts.Skip(20).Select(c => Cusum.Rossi(c!.Value, m))], 0, 1, 0.5).Select(c => c.Score!.Value));
    }

    private async Task<IReadOnlyDictionary<string, double[]>> RunAsync(double?[] series, int season)
    {
        var (script, data) = (Path.Combine(_folder, "reference.R"), Path.Combine(_folder, "series.txt"));
        await File.WriteAllTextAsync(script, Script, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(data, series.Select(x => x!.Value.ToString("R", CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken);
        var (code, said) = await NodeScript.RunAsync("Rscript", _folder, ["--vanilla", script, data, season.ToString(CultureInfo.InvariantCulture)]);
        Assert.True(code == 0, said);
        return said.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(l => l.Length == 3 && int.TryParse(l[1], out _))
            .GroupBy(l => l[0], l => double.TryParse(l[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToDictionary(g => g.Key, g => g.ToArray());
    }

    private static void Close(double expected, double actual) => Assert.True(Math.Abs(expected - actual) <= 1e-7 * Math.Max(1, Math.Abs(expected)), $"R says {expected}, here it is {actual}");

    private static void Close(IReadOnlyCollection<double> expected, IEnumerable<double> actual)
    {
        var here = actual.ToList();
        Assert.Equal(expected.Count, here.Count);
        Assert.All(expected.Zip(here), p => Close(p.First, p.Second));
    }

    private static bool Installed(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => f.Length > 0 && File.Exists(Path.Combine(f, program)));
}
