using System.Globalization;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>The record, and the tables of figures, as CSV (RFC 4180).</summary>
internal static class CsvExport
{
    /// <summary>Writes the events case by case; times in UTC.</summary>
    public static async Task WriteAsync(EventLog log, RecordScope scope, string lang, Stream to, CancellationToken cancel)
    {
        await using var writer = Csv.Writer(to);
        await writer.WriteLineAsync("case,region,revision,at,activity,transition,instance,unit,role,node,element");
        await foreach (var logged in log.CasesAsync(scope, cancel))
        {
            foreach (var e in LogEvent.Of(logged.Rows, logged.Definition))
            {
                await writer.WriteLineAsync(Csv.Line(logged.Case.Number, logged.Case.Region, logged.Case.Revision, Time.Write(e.Row.Time), log.Say(lang, scope.Pack, e.Name), e.Transition, e.Row.Token,
                    e.Row.Unit is { } unit ? log.UnitName(lang, unit) : null, e.Role, e.Row.Node, e.Element));
            }
        }
    }

    /// <summary>Writes the figures of nodes; spans in seconds, empty where too few are known.</summary>
    public static async Task WriteNodesAsync(ProcessFigures figures, Func<string, string> label, Stream to)
    {
        await using var writer = Csv.Writer(to);
        await writer.WriteLineAsync("node,name,passes,cases,standing,withdrawn,n,median_seconds,p90_seconds");
        foreach (var n in figures.Nodes)
            await writer.WriteLineAsync(Csv.Line(n.Node, label(n.Node), n.Passes, n.Cases, n.Standing, n.Withdrawn, n.Took?.Count ?? 0, Seconds(n.Took, s => s.Median), Seconds(n.Took, s => s.P90)));
    }

    /// <summary>Writes the times between activities that followed one another.</summary>
    public static async Task WriteStepsAsync(IEnumerable<StepFigures> steps, Func<string, string> label, Stream to)
    {
        await using var writer = Csv.Writer(to);
        await writer.WriteLineAsync("from,from_name,to,to_name,n,median_seconds,p90_seconds");
        foreach (var s in steps)
            await writer.WriteLineAsync(Csv.Line(s.From, label(s.From), s.To, label(s.To), s.Took.Count, Seconds(s.Took, t => t.Median), Seconds(s.Took, t => t.P90)));
    }

    /// <summary>Writes the ways that cases went.</summary>
    public static async Task WriteVariantsAsync(IEnumerable<CaseWay> variants, Func<IReadOnlyList<Fold>, string> say, Stream to)
    {
        await using var writer = Csv.Writer(to);
        await writer.WriteLineAsync("way,name,cases,share,median_seconds,p90_seconds,example");
        foreach (var v in variants)
            await writer.WriteLineAsync(Csv.Line(v.Key, say(v.Steps), v.Cases, v.Share.ToString("0.0000", CultureInfo.InvariantCulture), Seconds(v.Took, t => t.Median), Seconds(v.Took, t => t.P90), v.Example));
    }

    private static double? Seconds(Spans? spans, Func<Spans, TimeSpan> which) => spans is { IsTelling: true } ? which(spans).TotalSeconds : null;
}
