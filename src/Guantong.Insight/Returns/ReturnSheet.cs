using System.Globalization;
using System.Text.Json;
using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>A sheet that a unit fills in for a region and a period.</summary>
/// <param name="Starts">First day of the period.</param>
/// <param name="Unit">The unit that fills it in.</param>
/// <param name="Reviewer">The unit that reviews it.</param>
/// <param name="Due">Until when it is to be sent.</param>
/// <param name="State">open (being filled in), sent (waits for review), back (to be mended), accepted (its rows stand in the dataset).</param>
/// <param name="Filled">JSON: the rows, each a map of field → text.</param>
/// <param name="Note">Why it was sent back, or what was said of it.</param>
/// <param name="Version">Goes up with each change.</param>
public sealed record ReturnSheet(string Id, string Pack, string Dataset, string Period, string Starts, string Region, string Unit, string Reviewer, string Due, string State, string Filled, string? Note, long Version, string Opened, string? Sent, string? SentBy, string? Decided, string? DecidedBy)
{
    internal const string Columns = "id AS Id, pack AS Pack, dataset AS Dataset, period AS Period, starts AS Starts, region AS Region, unit AS Unit, reviewer AS Reviewer, due AS Due, state AS State, filled AS Filled, note AS Note, version AS Version, opened AS Opened, sent AS Sent, sent_by AS SentBy, decided AS Decided, decided_by AS DecidedBy";

    /// <summary>The rows, each a map of field → text.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Rows() => JsonSerializer.Deserialize<List<Dictionary<string, string>>>(Filled)!;

    /// <summary>First day of the period.</summary>
    public DateOnly At() => DateOnly.ParseExact(Starts, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>A step of a sheet's way: opened, saved, sent, taken-back, sent-back or accepted.</summary>
public sealed record ReturnStep(long Seq, string At, string ByLogin, string What, string? Note);

/// <summary>What is wrong with a field of a row of a sheet.</summary>
/// <param name="Row">Counted from 1.</param>
/// <param name="Rule">required, number, integer, boolean, date, timestamp, range, one-of, again (another row of the sheet has the same key) or unknown.</param>
public sealed record ReturnFault(int Row, string Field, string Rule);

/// <summary>Holds filled-in rows against their dataset before they are sent: what the load would refuse is told beside its field.</summary>
public static class ReturnCheck
{
    /// <summary>The fields that somebody fills in: all but the region and the period.</summary>
    public static IEnumerable<Field> Asked(Dataset dataset) => dataset.Fields.Where(f => f.Id != dataset.Returns!.Region.Name && f.Id != dataset.Returns.At.Name);

    /// <summary>Whether a sheet has one row alone: nothing but region and period makes the key.</summary>
    public static bool IsSingle(Dataset dataset) => dataset.Key.All(k => k.Name == dataset.Returns!.Region.Name || k.Name == dataset.Returns.At.Name);

    /// <summary>All faults, in the order of rows and fields.</summary>
    public static IReadOnlyList<ReturnFault> Of(Dataset dataset, IReadOnlyList<IReadOnlyDictionary<string, string>> rows)
    {
        var asked = Asked(dataset).ToList();
        var keys = dataset.Key.Where(k => asked.Any(f => f.Id == k.Name)).Select(k => k.Name).ToList();
        var seen = new HashSet<string>();
        var faults = new List<ReturnFault>();
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            faults.AddRange(row.Keys.Where(k => asked.TrueForAll(f => f.Id != k)).Select(k => new ReturnFault(i + 1, k, "unknown")));
            faults.AddRange(asked.Select(f => (f.Id, Rule: Fault(dataset, f, row.GetValueOrDefault(f.Id)?.Trim() ?? ""))).Where(f => f.Rule is not null).Select(f => new ReturnFault(i + 1, f.Id, f.Rule!)));
            if (!seen.Add(string.Join('\u0001', keys.Select(k => row.GetValueOrDefault(k)?.Trim()))))
                faults.Add(new ReturnFault(i + 1, keys.Count > 0 ? keys[0] : asked[0].Id, "again"));
        }
        return faults;
    }

    private static string? Fault(Dataset dataset, Field field, string text)
    {
        if (text.Length == 0)
            return field.Required || dataset.Key.Any(k => k.Name == field.Id) ? "required" : null;
        if (field.Type is "number" or "integer")
        {
            if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || (field.Type == "integer" && number != decimal.Truncate(number)))
                return field.Type;
            return number < field.Least || number > field.Most ? "range" : null;
        }
        return field.Type switch
        {
            "boolean" when text is not ("true" or "false") => "boolean",
            "date" when !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => "date",
            "timestamp" when !DateTime.TryParse(text, CultureInfo.InvariantCulture, out _) => "timestamp",
            _ => field.OneOf.Count > 0 && !field.OneOf.Contains(text) ? "one-of" : null,
        };
    }
}
