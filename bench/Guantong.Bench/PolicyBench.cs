using Guantong.Trust;

namespace Guantong.Bench;

/// <summary>How long the policy takes to decide: by role alone, by unit, by a region three levels down, refused, and the row condition of a list.</summary>
internal static class PolicyBench
{
    private const int Decisions = 1_000_000;
    private const int Batches = 5;

    public static Task<Ratio> RunAsync()
    {
        var land = Jurisdiction.Read(Path.Combine(Places.Root, "jurisdictions", "zhejiang", "jurisdiction.yaml"));
        var worker = new Person("w", "某", "W", "official", "zj-ecology-330502", "330502", ["case-worker"]);
        var leader = new Person("l", "某", "L", "official", null, "330000", ["steward", "designer", "leader"]);
        var at = new DateTimeOffset(2026, 11, 2, 1, 0, 0, TimeSpan.Zero);
        (string Name, Asking Asking, bool Allowed)[] kinds =
        [
            ("by role", new Asking(worker, "case.read", At: at), true),
            ("own unit", new Asking(worker, "task.work", new Thing(Unit: "zj-ecology-330502"), At: at), true),
            ("another unit", new Asking(worker, "task.work", new Thing(Unit: "zj-ecology"), At: at), false),
            ("region three levels down", new Asking(leader, "case.oversee", new Thing(Region: "330502001"), At: at), true),
            ("outside", new Asking(worker, "case.read", new Thing("zj-ecology", "330100"), At: at), false),
            ("nobody", new Asking(null, "pack.apply", At: at), false),
        ];
        var slowest = 0d;
        foreach (var (name, asking, allowed) in kinds)
        {
            var best = double.MaxValue;
            for (var batch = 0; batch < Batches; batch++)
            {
                var right = 0;
                var seconds = Measure.Seconds(() =>
                {
                    for (var i = 0; i < Decisions; i++)
                        right += Policy.Decide(asking, land).IsAllowed == allowed ? 1 : 0;
                });
                if (right != Decisions)
                    throw new InvalidOperationException($"“{name}” is decided otherwise.");
                best = Math.Min(best, seconds / Decisions * 1e6);
            }
            slowest = Math.Max(slowest, best);
            Measure.Say($"{name,-26} {best:0.000} µs");
        }
        Measure.Say($"the slowest, best of {Batches} batches of {Decisions:N0} on one thread: {slowest:0.000} µs");
        return Task.FromResult(new Ratio(5 / slowest, 1));
    }
}
