using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Which figure is meant.</summary>
/// <param name="At">First day of the period; of year-to-date the first day of its last month.</param>
/// <param name="Dimension">Empty for the whole.</param>
/// <param name="Member">The value of the dimension.</param>
public sealed record FigureKey(string Period, DateOnly At, string Region, string Dimension = "", string Member = "");

/// <summary>The rows behind a figure: the end of the question where it comes from.</summary>
public static class FigureRows
{
    /// <summary>Those of the rows that somebody sees of an indicator's first dataset which a figure of it rests on.</summary>
    /// <param name="asOf">The load whose end the rows are read as of; null for now.</param>
    public static RowsSeen Of(RowsSeen seen, Pack pack, Indicator indicator, FigureKey figure, long? asOf = null)
    {
        var dataset = pack.Dataset(indicator.Needs[0].Name)!;
        var time = $"d.{Sql.Name(indicator.At.Name)}";
        var from = figure.Period == Indicator.YearToDate ? new DateOnly(figure.At.Year, 1, 1) : figure.At;
        var within = seen.In(pack, dataset, indicator.Region, figure.Region).And($"{time} >= DATE '{from:yyyy-MM-dd}' AND {time} < DATE '{Indicator.EndOf(figure.Period, figure.At):yyyy-MM-dd}'");
        if (figure.Dimension.Length > 0)
            within = within.And($"coalesce(CAST({RowsSeen.PathOf(pack, dataset, figure.Dimension)} AS VARCHAR), '') = {Sql.Text(figure.Member)}");
        // The condition may call the table by its name, so it is asked of the table itself.
        var key = string.Join(", ", dataset.Key.Select(k => Sql.Name(k.Name)));
        return indicator.Where is not { } where ? within
            : within.And($"({string.Join(", ", dataset.Key.Select(k => "d." + Sql.Name(k.Name)))}) IN (SELECT {key} FROM {Former.Rows(pack, dataset, asOf)} AS {Sql.Name(dataset.Table)} WHERE {where})");
    }
}
