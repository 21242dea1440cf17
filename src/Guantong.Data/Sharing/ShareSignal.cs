namespace Guantong.Data;

/// <summary>Counts changes of grants and interfaces that this process made, so that a gateway in it sees them at once.</summary>
public sealed class ShareSignal
{
    private long _count;

    /// <summary>How many there were.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>One more stands.</summary>
    public void Raise() => Interlocked.Increment(ref _count);
}
