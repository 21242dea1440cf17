using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Guantong.Bench;

/// <summary>A line as far from the city has it, before a server of this machine: every connection takes a round trip to be made, every byte half a round trip to arrive, and all of them together no more than the line carries.</summary>
internal sealed class SlowLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly IPEndPoint _server;
    private readonly TimeSpan _way;
    private readonly (Lane Up, Lane Down) _lanes;
    private readonly Task _taking;

    /// <param name="bits">How many bits a second it carries each way.</param>
    /// <param name="roundTrip">How long there and back.</param>
    public SlowLine(Uri server, int bits, TimeSpan roundTrip)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        (_way, _lanes) = (roundTrip / 2, (new Lane(bits / 8), new Lane(bits / 8)));
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _taking = TakeAsync();
    }

    public string Address { get; }

    /// <summary>How many bytes came down it.</summary>
    public long Came => _lanes.Down.Carried;

    private async Task TakeAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_ended.Token));
        }
        catch (OperationCanceledException)
        {
            // It is taken down.
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using (near)
        using (var far = new TcpClient())
        {
            near.NoDelay = far.NoDelay = true;
            try
            {
                // Before a word is said, greetings went there and back.
                await Task.Delay(2 * _way, _ended.Token);
                await far.ConnectAsync(_server, _ended.Token);
                await Task.WhenAll(PumpAsync(near.GetStream(), far, _lanes.Up), PumpAsync(far.GetStream(), near, _lanes.Down));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // Either end hung up.
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, TcpClient to, Lane lane)
    {
        // What has been sent is on its way while more is taken.
        var way = Channel.CreateUnbounded<(byte[] Bytes, int Count, long Arrives)>();
        var arriving = Task.Run(async () =>
        {
            await foreach (var (bytes, count, arrives) in way.Reader.ReadAllAsync(_ended.Token))
            {
                if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), arrives) is { Ticks: > 0 } left)
                    await Task.Delay(left, _ended.Token);
                await to.GetStream().WriteAsync(bytes.AsMemory(0, count), _ended.Token);
                ArrayPool<byte>.Shared.Return(bytes);
            }
            to.Client.Shutdown(SocketShutdown.Send);
        });
        try
        {
            while (true)
            {
                // About a packet at a time, as a line carries them.
                var bytes = ArrayPool<byte>.Shared.Rent(1460);
                var count = await from.ReadAsync(bytes.AsMemory(0, 1460), _ended.Token);
                if (count == 0)
                    break;
                way.Writer.TryWrite((bytes, count, lane.Through(count) + (long)(_way.TotalSeconds * Stopwatch.Frequency)));
            }
        }
        finally
        {
            way.Writer.Complete();
        }
        await arriving;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _taking;
        _ended.Dispose();
    }

    // One way of the line: who comes later waits until those before are through.
    private sealed class Lane(int bytesPerSecond)
    {
        private readonly Lock _gate = new();
        private long _free;

        public long Carried { get; private set; }

        /// <summary>When so many bytes are through.</summary>
        public long Through(int count)
        {
            lock (_gate)
            {
                Carried += count;
                return _free = Math.Max(_free, Stopwatch.GetTimestamp()) + (Stopwatch.Frequency * count / bytesPerSecond);
            }
        }
    }
}
