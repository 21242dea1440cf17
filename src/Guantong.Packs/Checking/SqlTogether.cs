namespace Guantong.Packs.Checking;

/// <summary>Binds a pack's SQL in one go: asking the engine costs far more than what it answers, and most packs are sound.</summary>
/// <remarks>Where that fails each text is bound alone, to tell which is at fault.</remarks>
internal sealed class SqlTogether(Pack pack, IEnumerable<SqlQuestion> queries, Surroundings around)
{
    private readonly HashSet<string> _sound = Sound(pack, queries, around);

    /// <summary>A value over a dataset's rows.</summary>
    public SqlFault? BindValue(Dataset dataset, string value) => Bind(new SqlQuestion(Values(dataset, value), []));

    /// <summary>A condition on a dataset's rows.</summary>
    public SqlFault? BindCondition(Dataset dataset, string condition) => Bind(new SqlQuestion(Conditions(dataset, condition), []));

    /// <summary>A derived dataset's query.</summary>
    public SqlFault? Bind(SqlQuestion question) => _sound.Contains(Key(question)) ? null : around.Bind?.Invoke(pack, [question]);

    private static string Key(SqlQuestion question) => string.Join('\n', question.Columns.Prepend(question.Select));

    // HAVING makes a value that is no aggregate fail here rather than at night.
    private static string Values(Dataset dataset, string values) => $"SELECT {values} FROM {dataset.Table} HAVING true";

    private static string Conditions(Dataset dataset, string conditions) => $"SELECT 1 FROM {dataset.Table} WHERE {conditions}";

    private static HashSet<string> Sound(Pack pack, IEnumerable<SqlQuestion> queries, Surroundings around)
    {
        if (around.Bind is not { } bind)
            return [];
        var counted = pack.Indicators.Where(i => i.Needs.Count > 0 && i.Value.Name.Length > 0).ToLookup(i => pack.Dataset(i.Needs[0].Name));
        var questions = queries.Where(q => StandsAlone(q.Select, withCommas: true)).ToList();
        var texts = questions.Select(Key).ToHashSet();
        foreach (var dataset in pack.Datasets.DistinctBy(d => d.Table))
        {
            var values = counted[dataset].Select(i => i.Value.Name).Concat(Agreeing(pack, dataset)).Where(v => StandsAlone(v)).Distinct().ToList();
            var conditions = counted[dataset].Select(i => i.Where?.Name).Concat(dataset.Quality.Select(q => q.That?.Name)).OfType<string>().Where(v => StandsAlone(v)).Distinct().ToList();
            texts.UnionWith(values.Select(v => Values(dataset, v)).Concat(conditions.Select(c => Conditions(dataset, c))));
            if (values.Count > 0)
                questions.Add(new SqlQuestion(Values(dataset, string.Join(", ", values.Select(v => $"({v})"))), []));
            if (conditions.Count > 0)
                questions.Add(new SqlQuestion(Conditions(dataset, string.Join(" AND ", conditions.Select(c => $"({c})"))), []));
        }
        return questions.Count > 0 && bind(pack, questions) is null ? texts : [];
    }

    // Both sides of what has to agree within the pack.
    private static IEnumerable<string> Agreeing(Pack pack, Dataset dataset) =>
        dataset.Quality.Select(q => q.Value?.Name).Concat(pack.Datasets.SelectMany(d => d.Quality).Where(q => q.With is { Pack: null } with && with.Dataset == dataset.Id).Select(q => q.As?.Name)).OfType<string>();

    // Whether a text keeps its meaning in brackets beside others: its own brackets and quotes close, and nothing in it ends an expression, a statement or a line.
    private static bool StandsAlone(string sql, bool withCommas = false)
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
            else if (c is ';' or '$' || (c, next) is ('-', '-') or ('/', '*') || (c == ')' && --depth < 0) || (c == ',' && depth == 0 && !withCommas))
                return false;
            else if (c == '(')
                depth++;
        }
        return depth == 0 && quote == '\0';
    }
}
