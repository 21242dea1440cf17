namespace Guantong.Packs.Checking;

/// <summary>Binds a pack's values and conditions together, a statement a dataset: binding costs far more than reading, and most packs are sound.</summary>
/// <remarks>What does not bind so is bound one by one, to tell which text is at fault.</remarks>
internal sealed class SqlTogether(Pack pack, Surroundings around)
{
    private readonly HashSet<string> _sound = Sound(pack, around);

    /// <summary>A value over a dataset's rows.</summary>
    /// <remarks>HAVING makes a value that is no aggregate fail here rather than at night.</remarks>
    public SqlFault? BindValue(Dataset dataset, string value) => Bind($"SELECT {value} FROM {dataset.Table} HAVING true");

    /// <summary>A condition on a dataset's rows.</summary>
    public SqlFault? BindCondition(Dataset dataset, string condition) => Bind($"SELECT 1 FROM {dataset.Table} WHERE {condition}");

    private SqlFault? Bind(string select) => _sound.Contains(select) ? null : around.Bind?.Invoke(new SqlQuestion(pack, select, []));

    private static HashSet<string> Sound(Pack pack, Surroundings around)
    {
        var sound = new HashSet<string>();
        if (around.Bind is not { } bind)
            return sound;
        var counted = pack.Indicators.Where(i => i.Needs.Count > 0).ToLookup(i => pack.Dataset(i.Needs[0].Name));
        foreach (var dataset in pack.Datasets.DistinctBy(d => d.Table))
        {
            var values = counted[dataset].Select(i => i.Value.Name).Where(StandsAlone).Distinct().ToList();
            if (values.Count > 0 && bind(new SqlQuestion(pack, $"SELECT {string.Join(", ", values.Select(v => $"({v})"))} FROM {dataset.Table} HAVING true", [])) is null)
                sound.UnionWith(values.Select(v => $"SELECT {v} FROM {dataset.Table} HAVING true"));
            var conditions = counted[dataset].Select(i => i.Where?.Name).Concat(dataset.Quality.Select(q => q.That?.Name)).OfType<string>().Where(StandsAlone).Distinct().ToList();
            if (conditions.Count > 0 && bind(new SqlQuestion(pack, $"SELECT 1 FROM {dataset.Table} WHERE {string.Join(" AND ", conditions.Select(c => $"({c})"))}", [])) is null)
                sound.UnionWith(conditions.Select(c => $"SELECT 1 FROM {dataset.Table} WHERE {c}"));
        }
        return sound;
    }

    // Whether a text keeps its meaning in brackets beside others: its own brackets and quotes close, and nothing in it ends a statement or a line.
    private static bool StandsAlone(string sql)
    {
        var depth = 0;
        var quote = '\0';
        for (var i = 0; i < sql.Length; i++)
        {
            var (c, next) = (sql[i], i + 1 < sql.Length ? sql[i + 1] : '\0');
            if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"')
                quote = c;
            else if (c is ';' or '$' || (c, next) is ('-', '-') or ('/', '*') || (c == ')' && --depth < 0) || (c == ',' && depth == 0))
                return false;
            else if (c == '(')
                depth++;
        }
        return depth == 0 && quote == '\0';
    }
}
