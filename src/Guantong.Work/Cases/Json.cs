using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Guantong.Work;

/// <summary>JSON as this room stores it, and as the process engine takes it: decimal, string, bool, null, list, dictionary.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyDictionary<string, object?> Values(JsonObject json) =>
        json.ToDictionary(p => p.Key, p => Value(p.Value));

    public static string Text(IReadOnlyDictionary<string, object?> values) => JsonSerializer.Serialize(values, Plain);

    private static object? Value(JsonNode? node) => node switch
    {
        null => null,
        JsonObject o => Values(o),
        JsonArray a => a.Select(Value).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => decimal.TryParse(node.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var d) ? d : null,
            JsonValueKind.String => node.GetValue<string>(),
            _ => null,
        },
    };
}

/// <summary>What was to be changed has been changed by somebody else meanwhile, or is not in the state for it.</summary>
/// <param name="code">task-done, task-withdrawn, task-taken, task-elsewhere, case-changed and others; texts.json has a sentence for each, conflict.CODE.</param>
/// <param name="args">What fills the sentence.</param>
public sealed class ConflictException(string code, params object?[] args) : Exception(code)
{
    /// <summary>Which of them.</summary>
    public string Code { get; } = code;

    /// <summary>What fills the sentence.</summary>
    public IReadOnlyList<object?> Args { get; } = args;

    /// <summary>The sentence in a reader's language.</summary>
    public string Say(string lang) => WorkTexts.Say(lang, "conflict." + Code, [.. Args]);
}

/// <summary>Wakes whoever runs jobs when there may be some.</summary>
public class WorkSignal
{
    private readonly System.Threading.Channels.Channel<int> _channel =
        System.Threading.Channels.Channel.CreateBounded<int>(new System.Threading.Channels.BoundedChannelOptions(1) { FullMode = System.Threading.Channels.BoundedChannelFullMode.DropWrite });

    /// <summary>Says that there may be work.</summary>
    public void Raise() => _channel.Writer.TryWrite(0);

    /// <summary>Waits until there may be work, or for a while: another node may have left some.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var delay = Task.Delay(atMost, clock, limit.Token);
        await Task.WhenAny(_channel.Reader.ReadAsync(limit.Token).AsTask(), delay);
        await limit.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    /// <summary>Takes one turn after the other until it is stopped, and waits where there is nothing to do. Whatever goes wrong, it goes on: others wait behind it.</summary>
    /// <param name="turn">Does a piece of work; false where there is none.</param>
    /// <param name="idle">How long it waits at most.</param>
    /// <param name="failed">Told of what a turn failed by.</param>
    internal async Task TurnAsync(Func<CancellationToken, Task<bool>> turn, TimeSpan idle, TimeProvider clock, Action<Exception> failed, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                while (await turn(stopping))
                {
                    // There may be more: another wakes, too.
                    Raise();
                }
                await WaitAsync(idle, clock, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failed(e);
                await Task.Delay(idle, clock, stopping);
            }
        }
    }
}
