using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Guantong.Trust;

/// <summary>Puts into the ledger that somebody was refused an act, or that a login was tried with a wrong password or code.</summary>
/// <remarks>
/// One entry for each actor and act, and for each login, in a minute, sixty in all on a node; what comes more often is counted and told by the next entry.
/// Of a wrong password only a login that there is gets an entry, and never with an address: whoever mistypes writes all kinds of things, and where somebody is would be a track.
/// </remarks>
public sealed partial class Refusals(Store store, TimeProvider clock, ILogger<Refusals> log) : IAsyncDisposable
{
    private const int Most = 60, Remembered = 5_000;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Action, string Actor, string About), (DateTimeOffset Told, int Untold)> _seen = [];
    private DateTimeOffset _minute;
    private int _told, _lost;
    private Task _writing = Task.CompletedTask;

    /// <summary>Notes that policy refused somebody who is known an act.</summary>
    public Task RefusedAsync(string actor, string act) => NoteAsync("act.refused", actor, $"act:{act}");

    /// <summary>Notes that a login that there is was tried with a wrong password or code. Not waited for: an answer that takes longer would tell which logins there are.</summary>
    /// <param name="what">password or code.</param>
    public void Wrong(string login, string what)
    {
        lock (_gate)
            _writing = Task.WhenAll(_writing, Task.Run(() => NoteAsync($"sign-in.wrong-{what}", "sign-in", $"person:{login}")));
    }

    /// <summary>Once all that was noted so far is written.</summary>
    internal Task SettledAsync()
    {
        lock (_gate)
            return _writing;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await SettledAsync();

    private async Task NoteAsync(string action, string actor, string about)
    {
        if (Take((action, actor, about)) is not var (times, lost))
            return;
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), change =>
            {
                change.Record(actor, action, about, JsonSerializer.Serialize(lost == 0 ? new { times } : (object)new { times, untoldOfOthers = lost }));
                return Task.CompletedTask;
            });
        }
        catch (Exception e)
        {
            // Refused all the same: the answer does not hang on the entry.
            NotNoted(e, action, actor);
        }
    }

    private (int Times, int Lost)? Take((string, string, string) key)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (now - _minute >= Step)
                (_minute, _told) = (now, 0);
            var (told, untold) = _seen.GetValueOrDefault(key, (DateTimeOffset.MinValue, 0));
            if (now - told < Step || _told >= Most)
            {
                if (told == DateTimeOffset.MinValue)
                    _lost++;
                else
                    _seen[key] = (told, untold + 1);
                return null;
            }
            if (_seen.Count >= Remembered)
                _seen.Clear();
            _seen[key] = (now, 0);
            _told++;
            (var lost, _lost) = (_lost, 0);
            return (untold + 1, lost);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Action} by {Actor} could not be put into the ledger")]
    private partial void NotNoted(Exception e, string action, string actor);
}
