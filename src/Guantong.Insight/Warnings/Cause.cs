using System.Text.Encodings.Web;
using System.Text.Json;

namespace Guantong.Insight;

/// <summary>Why a period is at a warning level: data, put into words where it is shown (<see cref="WarningWords"/>).</summary>
/// <param name="Signal">The signal's or trigger's id; <c>levels</c> of fixed levels.</param>
/// <param name="Code">What kind of sentence says it.</param>
/// <param name="Level">The level that it reaches.</param>
/// <param name="Bound">The comparison that holds, such as "&gt; 50"; null where there is none.</param>
/// <param name="Numbers">By name, in the indicator's unit where the name does not say otherwise.</param>
/// <param name="Of">Rules of a control chart, those of Nelson's as <c>nelson.3</c>; form of EARS; region/signal of what came together.</param>
public sealed record Cause(string Signal, string Code, string Level, string? Bound, IReadOnlyDictionary<string, double> Numbers, IReadOnlyList<string>? Of = null)
{
    internal const string NelsonTest = "nelson.";

    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Causes by day as they are kept.</summary>
    internal static string Write(IEnumerable<EpisodeDay> days) => JsonSerializer.Serialize(days.Where(d => d.Causes.Count > 0).ToDictionary(d => PeriodSteps.Write(d.Day), d => d.Causes), Plain);

    /// <summary>Causes by day (yyyy-MM-dd) as they were kept; none where nothing was.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Cause>> Read(string? kept) => kept is null ? new Dictionary<string, IReadOnlyList<Cause>>() : JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<Cause>>>(kept, Plain)!;

    internal static Cause Because(string signal, string code, string level, string? bound, params ReadOnlySpan<(string Name, double Value)> numbers)
    {
        var rounded = new Dictionary<string, double>();
        foreach (var (name, value) in numbers)
            rounded[name] = Math.Round(value, 6);
        return new Cause(signal, code, level, bound, rounded);
    }
}
