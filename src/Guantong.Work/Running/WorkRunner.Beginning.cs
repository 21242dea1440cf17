using System.Data.Common;
using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What is due and belongs to no case yet: messages that begin one, times that come, messages whose time is over.</summary>
public sealed partial class WorkRunner
{
    private async Task<bool> BeginNextAsync(CancellationToken cancel)
    {
        WorkMessage? message = null;
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                message = await Delivery.NextBeginningAsync(change) ?? throw new NothingDue();
                await delivery.BeginAsync(change, message);
            }, cancel);
            return true;
        }
        catch (NothingDue)
        {
            return false;
        }
        catch (Exception e) when (message is not null && e is not OperationCanceledException and not DbException { IsTransient: true })
        {
            await PutOffAsync(message, e, cancel);
            return true;
        }
    }

    // What cannot begin a case waits for an operator, as an incident does; it holds up nothing else.
    private async Task PutOffAsync(WorkMessage message, Exception e, CancellationToken cancel)
    {
        WorkFailed(log, e, "message", message.Id);
        var attempts = message.Attempts + 1;
        var refused = e as MessageRefusedException;
        var spent = refused is not null || attempts >= MostAttempts;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("UPDATE work_message SET state = @state, attempts = @attempts, due = @due, why = @why, error = @error WHERE id = @Id AND state = 'ready'", new
            {
                message.Id,
                state = spent ? "failed" : "ready",
                attempts,
                due = Time.Write(change.At + TimeSpan.FromSeconds(Math.Pow(2, attempts))),
                why = refused?.Why ?? "failed",
                error = refused?.Detail ?? e.Message,
            });
            change.Record("process", spent ? "message.failed" : "message.put-off", $"message:{message.Name}", JsonSerializer.Serialize(new { message = message.Id, message.Begins, attempts, error = e.Message }, Json.Plain));
        }, cancel);
    }

    // An application that nobody answered counts as accepted before it counts as late.
    private async Task<bool> EscalateNextAsync(CancellationToken cancel) => await NextAsync(acceptances.NextAsync, cancel) || await NextAsync(escalations.NextAsync, cancel) || await NextAsync(followUps.NextAsync, cancel);

    private async Task<bool> NextAsync(Func<Change, Task<bool?>> next, CancellationToken cancel)
    {
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                if (await next(change) is not { } done)
                    throw new NothingDue();
                if (!done)
                    throw new DoneMeanwhile();
            }, cancel);
            return true;
        }
        catch (NothingDue)
        {
            return false;
        }
        catch (DoneMeanwhile)
        {
            return true;
        }
    }

    private async Task<bool> TurnAsync(Func<Change, Task<bool>> take, CancellationToken cancel)
    {
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                if (!await take(change))
                    throw new NothingDue();
            }, cancel);
            return true;
        }
        catch (NothingDue)
        {
            return false;
        }
    }
}
