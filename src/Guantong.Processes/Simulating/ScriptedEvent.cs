using System.Globalization;
using System.Text.Json;
using Guantong.Processes.Running;

namespace Guantong.Processes.Simulating;

/// <summary>What an event of a simulation does.</summary>
public enum ScriptedKind { Complete, Message, Signal, Error, Escalation, Advance, Change, Rewind, Skip }

/// <summary>Something that happens from outside.</summary>
/// <param name="Number">Its place in the list, from 1.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Name">The task, activity, message, signal, error or escalation code, or duration.</param>
/// <param name="Data">What it brings.</param>
public sealed record ScriptedEvent(int Number, ScriptedKind Kind, string Name, IReadOnlyDictionary<string, object?> Data)
{
    /// <summary>When; null: as soon as it can.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The task that raises an error or an escalation; null: the one that is open longest. For going back: an open task in the instance that is meant.</summary>
    public string? Task { get; init; }

    /// <summary>The later activity to which a task is skipped; null: to what follows.</summary>
    public string? To { get; init; }

    /// <summary>Going back undoes what was completed since.</summary>
    public bool Compensates { get; init; }

    /// <summary>What a message bears; null fits any.</summary>
    public string? Key { get; init; }

    private static readonly Dictionary<string, ScriptedKind> Kinds = new()
    {
        ["complete"] = ScriptedKind.Complete, ["message"] = ScriptedKind.Message, ["signal"] = ScriptedKind.Signal,
        ["error"] = ScriptedKind.Error, ["escalation"] = ScriptedKind.Escalation, ["advance"] = ScriptedKind.Advance,
        ["rewind"] = ScriptedKind.Rewind, ["skip"] = ScriptedKind.Skip,
    };

    private static readonly HashSet<string> Names = [.. Kinds.Keys, "at", "data", "task", "correlation", "key", "to", "compensate"];

    /// <summary>Reads a list of events.</summary>
    /// <param name="json">An array, or an object whose <c>events</c> is one.</param>
    /// <param name="from">The beginning, from which durations count.</param>
    /// <param name="fault">The number of the event that is wrong and what is wrong about it.</param>
    public static IReadOnlyList<ScriptedEvent>? Read(JsonElement json, DateTimeOffset from, out (int Number, string What)? fault)
    {
        fault = null;
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("events", out var inside))
            json = inside;
        if (json.ValueKind != JsonValueKind.Array)
        {
            fault = (0, "[…]");
            return null;
        }
        var events = new List<ScriptedEvent>();
        foreach (var item in json.EnumerateArray())
        {
            if (One(item, events.Count + 1, from, out var wrong) is not { } read)
            {
                fault = (events.Count + 1, wrong);
                return null;
            }
            events.Add(read);
        }
        return events;
    }

    private static ScriptedEvent? One(JsonElement item, int number, DateTimeOffset from, out string wrong)
    {
        wrong = item.ValueKind == JsonValueKind.Object ? item.EnumerateObject().FirstOrDefault(p => !Names.Contains(p.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } odd ? odd.Name : "" : "{…}";
        if (wrong.Length > 0)
            return null;
        var kinds = item.EnumerateObject().Where(p => Kinds.ContainsKey(p.Name)).ToList();
        var hasData = item.TryGetProperty("data", out var data);
        wrong = string.Join(" | ", Kinds.Keys);
        if (kinds.Count > 1 || (kinds.Count == 0 && !hasData))
            return null;
        wrong = "data";
        if (hasData && data.ValueKind != JsonValueKind.Object)
            return null;
        var at = item.TryGetProperty("at", out var when) ? Time(when, from) : null;
        wrong = "at";
        if (when.ValueKind != JsonValueKind.Undefined && at is null)
            return null;
        var (kind, name) = kinds.Count == 0 ? (ScriptedKind.Change, "") : (Kinds[kinds[0].Name], Text(kinds[0].Value));
        wrong = "compensate";
        if (item.TryGetProperty("compensate", out var undo) && (kind != ScriptedKind.Rewind || undo.ValueKind is not (JsonValueKind.True or JsonValueKind.False)))
            return null;
        wrong = "to";
        if (item.TryGetProperty("to", out var to) && (kind != ScriptedKind.Skip || Text(to) is null))
            return null;
        wrong = kinds.Count == 0 ? "" : kinds[0].Name;
        if (name is null || (kind == ScriptedKind.Advance && Timers.Add(from, name) is null))
            return null;
        var key = item.TryGetProperty("correlation", out var correlation) || item.TryGetProperty("key", out correlation) ? KeyOf(correlation) : null;
        var given = hasData ? (IReadOnlyDictionary<string, object?>)Plain.Of((object)data.Clone())! : Plain.None;
        return new ScriptedEvent(number, kind, name, given) { At = at, Task = item.TryGetProperty("task", out var task) ? Text(task) : null, Key = key, To = Text(to), Compensates = undo.ValueKind == JsonValueKind.True };
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement value, DateTimeOffset from) =>
        Text(value)?.Trim() is not { } text ? null : text.StartsWith('P') ? Timers.Add(from, text) : Timers.Date(text);

    // One value, or the values of several properties, by name or in order.
    private static string? KeyOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object => Joined([.. value.EnumerateObject().Select(p => p.Value)]),
        JsonValueKind.Array => Joined([.. value.EnumerateArray()]),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => Keys.Of([Feel.FeelClr.From(Plain.Of((object)value))]),
    };

    private static string? Joined(IReadOnlyList<JsonElement> values) => Keys.Of([.. values.Select(v => Feel.FeelClr.From(Plain.Of((object)v)))]);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}: {Kind.ToString().ToLowerInvariant()} {Name}").TrimEnd();
}
