using Guantong.Data;

namespace Guantong.Desk.Asking;

/// <summary>A query while it is put together.</summary>
internal sealed class BuildDraft
{
    public string Dataset { get; set; } = "";
    public bool IsGrouped { get; set; }
    public List<string> Show { get; } = [];

    /// <summary>What is reckoned over rows that refer to the dataset's own, as paths.</summary>
    public List<string> Reckoned { get; } = [];

    public List<GroupDraft> Groups { get; } = [];
    public List<MeasureDraft> Measures { get; } = [];
    public List<FilterDraft> Filters { get; } = [];
    public List<OrderDraft> Orders { get; } = [];
    public int Limit { get; set; } = 1000;

    public sealed class GroupDraft
    {
        public string Field { get; set; } = "";
        public string By { get; set; } = "";
    }

    public sealed class MeasureDraft
    {
        public string As { get; set; } = "count";
        public string Of { get; set; } = "";
    }

    public sealed class FilterDraft
    {
        public string Field { get; set; } = "";
        public string Is { get; set; } = "=";
        public string First { get; set; } = "";
        public string Second { get; set; } = "";
    }

    public sealed class OrderDraft
    {
        public int Column { get; set; }
        public string Way { get; set; } = "up";
    }

    /// <summary>The draft of a query.</summary>
    public static BuildDraft Of(BuiltQuery query)
    {
        var draft = new BuildDraft { Dataset = query.Dataset, IsGrouped = query.Group.Count + query.Measure.Count > 0, Limit = query.Limit };
        draft.Show.AddRange(query.Show);
        draft.Groups.AddRange(query.Group.Select(g => new GroupDraft { Field = g.Field, By = g.By ?? "" }));
        draft.Measures.AddRange(query.Measure.Select(m => new MeasureDraft { As = m.As, Of = m.Of ?? "" }));
        draft.Filters.AddRange(query.Filter.Select(f => new FilterDraft { Field = f.Field, Is = f.Is, First = f.Is == "in" ? string.Join(',', f.Values) : f.Values.Count > 0 ? f.Values[0] : "", Second = f.Values.Count > 1 && f.Is != "in" ? f.Values[1] : "" }));
        draft.Orders.AddRange(query.Order.Select(o => new OrderDraft { Column = o.Column, Way = o.Down ? "down" : "up" }));
        draft.Reckoned.AddRange(query.Show.Concat(query.Group.Select(g => g.Field)).Concat(query.Measure.Select(m => m.Of ?? "")).Concat(query.Filter.Select(f => f.Field)).Where(p => p.Contains(':', StringComparison.Ordinal)).Distinct());
        return draft;
    }

    /// <summary>As a query; what is not filled in yet is left out.</summary>
    public BuiltQuery Query() => new()
    {
        Dataset = Dataset,
        Show = IsGrouped ? [] : [.. Show],
        Group = IsGrouped ? [.. Groups.Where(g => g.Field.Length > 0).Select(g => new BuiltGroup(g.Field, g.By.Length > 0 ? g.By : null))] : [],
        Measure = IsGrouped ? [.. Measures.Where(m => m.As == "count" || m.Of.Length > 0).Select(m => new BuiltMeasure(m.As, m.As == "count" ? null : m.Of))] : [],
        Filter = [.. Filters.Where(f => f.Field.Length > 0).Select(f => new BuiltFilter(f.Field, f.Is, Values(f)))],
        Order = [.. Orders.Select(o => new BuiltOrder(o.Column, o.Way == "down"))],
        Limit = Limit,
    };

    private static IReadOnlyList<string> Values(FilterDraft filter) => BuiltFilter.Takes(filter.Is) switch
    {
        0 => [],
        2 => [Plain(filter.First), Plain(filter.Second)],
        null => [.. filter.First.Split([',', '，', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
        _ => [Plain(filter.First)],
    };

    // A browser writes a time with a T.
    private static string Plain(string text) => text.Trim();
}
