using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Guantong.Fuzz;

/// <summary>An input that the engine did not take as it has to.</summary>
internal sealed record Fault(long Seed, string What);

/// <summary>The worst single input by some measure.</summary>
internal readonly record struct Worst(double Value, long Seed)
{
    public Worst Or(double value, long seed) => value > Value ? new Worst(value, seed) : this;

    public Worst Or(Worst other) => other.Value > Value ? other : this;
}

/// <summary>Inputs by their seeds: the same seed is the same input on any machine that has the same models.</summary>
/// <param name="corpus">Real models and expressions.</param>
/// <param name="told">Told of each fault.</param>
internal sealed class Campaign(Corpus corpus, Action<Fault>? told = null)
{
    // Models take longer than texts, and hold many of them.
    private const int TextsToAModel = 250;
    private const double LongestSeconds = 1;
    private const int SmallStack = 1 << 20;

    private readonly TextNoise _texts = new(corpus.Expressions);
    private readonly ModelNoise _models = new(corpus.Models, new TextNoise(corpus.Expressions));
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];
    private long _next;
    private long _textCount;
    private long _modelCount;

    public IReadOnlyList<Fault> Faults => _faults;

    public long Texts => _textCount;

    public long Models => _modelCount;

    public Worst Slowest { get; private set; }

    public Worst Largest { get; private set; }

    /// <summary>What a seed stands for, and whether it is a model.</summary>
    public (string Input, bool IsModel) Input(long seed)
    {
        var random = new Random((int)(seed * 2654435761 % int.MaxValue));
        return corpus.Models.Count > 0 && seed % TextsToAModel == 0 ? (_models.Next(random), true) : (_texts.Next(random), false);
    }

    /// <summary>Tries seeds from the first on, on threads with small stacks, until all are tried or time is up.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="threads">On how many threads.</param>
    /// <param name="at">Told of each seed before it is tried: thread, seed; 0 when it is done.</param>
    /// <param name="until">When to stop early.</param>
    public void Run(long first, long count, int threads, Action<int, long> at, CancellationToken until)
    {
        _next = first;
        var workers = Enumerable.Range(0, threads).Select(n => new Thread(() => Work(n, first + count, at, until), SmallStack)).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
    }

    private void Work(int thread, long end, Action<int, long> at, CancellationToken until)
    {
        var (slowest, largest, texts, models) = (default(Worst), default(Worst), 0L, 0L);
        for (long seed; (seed = Interlocked.Increment(ref _next) - 1) < end && !until.IsCancellationRequested;)
        {
            var (input, isModel) = Input(seed);
            at(thread, seed);
            var (seconds, bytes) = Try(seed, input, isModel);
            // What took long is tried again: the first time pays for compiling what it is the first to use.
            if (seconds > LongestSeconds / 4)
                seconds = Math.Min(seconds, Try(seed, input, isModel).Seconds);
            at(thread, 0);
            (slowest, largest) = (slowest.Or(seconds, seed), largest.Or(bytes, seed));
            if (seconds > LongestSeconds)
                Add(seed, string.Create(CultureInfo.InvariantCulture, $"took {seconds:0.00} s"));
            _ = isModel ? models++ : texts++;
        }
        lock (_lock)
            (Slowest, Largest, _textCount, _modelCount) = (Slowest.Or(slowest), Largest.Or(largest), _textCount + texts, _modelCount + models);
    }

    private (double Seconds, long Bytes) Try(long seed, string input, bool isModel)
    {
        var (started, before) = (ProcessorSeconds(), GC.GetAllocatedBytesForCurrentThread());
        try
        {
            if (isModel)
                Trial.Model(input);
            else if (seed % 3 == 0)
                Trial.Tests(input);
            else
                Trial.Expression(input);
        }
#pragma warning disable CA1031 // any exception is what is looked for
        catch (Exception e)
#pragma warning restore CA1031
        {
            Add(seed, e is TrialException ? e.Message : e.ToString());
        }
        return (ProcessorSeconds() - started, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Add(long seed, string what)
    {
        lock (_lock)
        {
            _faults.Add(new Fault(seed, what));
            told?.Invoke(_faults[^1]);
        }
    }

    // Of this thread: others use the machine too, and a wall clock would blame an input for them.
    private static double ProcessorSeconds()
    {
        const int ClockThreadCpuTimeId = 3;
        return OperatingSystem.IsLinux() && ClockGetTime(ClockThreadCpuTimeId, out var time) == 0 ? time.Seconds + time.Nanoseconds / 1e9 : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out TimeSpec time);
}
