using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Gateway;

/// <summary>A call as it stands in the ledger.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="Actor">The caller: login or key.</param>
/// <param name="Detail">The particulars, JSON: names of fields, never values.</param>
public sealed record CallLine(DateTimeOffset At, string Actor, string Action, string About, string Detail, string? Unit, string? Dataset);

/// <summary>Brings calls into the ledger without keeping their answers waiting: each is first written into a file of this node, from which it goes into the ledger in batches.</summary>
/// <remarks>
/// A line that was written outlives this process, whatever ends it: at the next start what is not in the ledger yet is brought there, and nothing twice, since how far a file has come is
/// kept in the transaction that brings it. A machine that loses its power may lose what its kernel had not written, a fraction of a second.
/// </remarks>
public sealed partial class CallJournal : BackgroundService
{
    // Lines of a file, and calls that wait at most: beyond that, answers wait.
    private const int SegmentLines = 20_000, MostWaiting = 100_000, MostAtOnce = 1_000;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Store _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<CallJournal> _log;
    private readonly string _folder;
    private readonly Channel<(CallLine Line, Segment In)> _waiting = Channel.CreateBounded<(CallLine, Segment)>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Lock _gate = new();
    private Segment? _current;
    private long _written, _kept;

    /// <summary>Makes one.</summary>
    /// <param name="folder">Where this node keeps its files; no two running nodes share it.</param>
    public CallJournal(Store store, TimeProvider clock, ILogger<CallJournal> log, string folder)
    {
        (_store, _clock, _log, _folder) = (store, clock, log, folder);
        Directory.CreateDirectory(folder);
    }

    private sealed class Segment(string path)
    {
        public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(path);

        public string Path { get; } = path;

        public FileStream File { get; } = new(path, OwnFile.Options(buffer: 0));

        public long Lines { get; set; }

        public long Kept { get; set; }

        public bool IsClosed { get; set; }
    }

    /// <summary>Writes a call down; it will stand in the ledger.</summary>
    public ValueTask WriteAsync(CallLine line, CancellationToken cancel = default)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(line, Written);
        Array.Resize(ref text, text.Length + 1);
        text[^1] = (byte)'\n';
        Segment segment;
        lock (_gate)
        {
            segment = _current ??= new Segment(Path.Combine(_folder, $"{Guid.CreateVersion7():n}.jsonl"));
            segment.File.Write(text);
            _written++;
            if (++segment.Lines >= SegmentLines)
                Close();
            if (_waiting.Writer.TryWrite((line, segment)))
                return ValueTask.CompletedTask;
        }
        return _waiting.Writer.WriteAsync((line, segment), cancel);
    }

    private void Close()
    {
        _current!.File.Dispose();
        _current.IsClosed = true;
        _current = null;
    }

    /// <summary>Waits until every call that was written down so far stands in the ledger.</summary>
    public async Task CatchUpAsync(CancellationToken cancel = default)
    {
        long until;
        lock (_gate)
            until = _written;
        while (Interlocked.Read(ref _kept) < until)
            await Task.Delay(10, cancel);
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "*.jsonl").Order(StringComparer.Ordinal).ToList())
            await BringAsync(file, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    // What a process before this one had written down.
    private async Task BringAsync(string file, CancellationToken cancel)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var lines = new List<CallLine>();
        foreach (var text in await File.ReadAllLinesAsync(file, cancel))
        {
            // The last line may be cut off where its process ended: its answer was not given then.
            try
            {
                lines.Add(JsonSerializer.Deserialize<CallLine>(text, Written)!);
            }
            catch (JsonException)
            {
                LogCutOff(_log, name);
                break;
            }
        }
        var kept = await _store.ReadAsync(c => c.ExecuteScalarAsync<long?>("SELECT lines FROM gateway_journal WHERE segment = @name", new { name }), cancel) ?? 0;
        foreach (var some in lines.Skip((int)kept).Chunk(MostAtOnce))
        {
            await KeepAsync(some.Select(l => (l, name)), cancel);
        }
        await ForgetAsync(name, file, cancel);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<(CallLine Line, Segment In)>(MostAtOnce);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                // A transaction for each call would cost more than the call.
                if (_waiting.Reader.Count < MostAtOnce)
                    await Task.Delay(Gathering, stoppingToken);
                await DrainAsync(batch, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest goes when it stops.
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // What still waits goes now; should it not, its file brings it at the next start.
        await DrainAsync(new List<(CallLine, Segment)>(MostAtOnce), cancellationToken);
        lock (_gate)
            _current?.File.Dispose();
        if (_current is { } last && last.Kept == last.Lines)
            await ForgetAsync(last.Name, last.Path, CancellationToken.None);
    }

    private async Task DrainAsync(List<(CallLine Line, Segment In)> batch, CancellationToken cancel)
    {
        while (true)
        {
            while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var next))
                batch.Add(next);
            if (batch.Count == 0)
                return;
            try
            {
                await KeepAsync(batch.Select(b => (b.Line, b.In.Name)), CancellationToken.None);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                // The store is away: the lines are safe, and are tried again.
                LogFailed(_log, e);
                await Task.Delay(TimeSpan.FromSeconds(1), cancel);
                continue;
            }
            foreach (var (_, segment) in batch)
                segment.Kept++;
            Interlocked.Add(ref _kept, batch.Count);
            foreach (var done in batch.Select(b => b.In).Distinct().Where(s => s.IsClosed && s.Kept == s.Lines))
                await ForgetAsync(done.Name, done.Path, CancellationToken.None);
            batch.Clear();
        }
    }

    private Task KeepAsync(IEnumerable<(CallLine Line, string Segment)> lines, CancellationToken cancel) => _store.ChangeAsync(_clock.GetUtcNow(), async change =>
    {
        foreach (var segment in lines.GroupBy(l => l.Segment))
            await change.ExecuteAsync("INSERT INTO gateway_journal (segment, lines) VALUES (@Key, @count) ON CONFLICT (segment) DO UPDATE SET lines = gateway_journal.lines + excluded.lines", new { segment.Key, count = (long)segment.Count() });
        foreach (var (line, _) in lines)
            change.Record(line.Actor, line.Action, line.About, line.Detail, line.Unit, null, line.Dataset);
    }, cancel);

    // The ledger needs no line of this: it changes nothing that anybody sees.
    private async Task ForgetAsync(string name, string file, CancellationToken cancel)
    {
        File.Delete(file);
        await _store.ReadAsync(c => c.ExecuteAsync("DELETE FROM gateway_journal WHERE segment = @name", new { name }), cancel);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Calls could not be brought into the ledger and are tried again.")]
    private static partial void LogFailed(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last line of the journal {Segment} was cut off; its call was not answered.")]
    private static partial void LogCutOff(ILogger log, string segment);
}
