namespace Guantong.Data;

/// <summary>Waits for a source, but not for ever: whoever sends nothing for so long is taken to hang.</summary>
internal sealed class Patience : IDisposable
{
    /// <summary>How long a source may be silent.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _both;

    public Patience(TimeProvider clock, CancellationToken stop)
    {
        _stop = stop;
        _silence = new CancellationTokenSource(Longest, clock);
        _both = CancellationTokenSource.CreateLinkedTokenSource(stop, _silence.Token);
    }

    /// <summary>Stops when asked to, or when the source hangs.</summary>
    public CancellationToken Token => _both.Token;

    /// <summary>Something came: the wait begins anew.</summary>
    public void Heard() => _silence.CancelAfter(Longest);

    /// <summary>Whether it was the source's silence that stopped the work.</summary>
    public bool RanOut => _silence.IsCancellationRequested && !_stop.IsCancellationRequested;

    public void Dispose()
    {
        _both.Dispose();
        _silence.Dispose();
    }
}
