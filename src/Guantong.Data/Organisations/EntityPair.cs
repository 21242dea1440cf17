using System.Text.Json;

namespace Guantong.Data;

/// <summary>Two rows that may be one organisation, with the score that says why, and what a person decided.</summary>
public sealed record EntityPair
{
    internal const string Columns = """
        id AS Id, left_data AS LeftData, left_row AS LeftRow, right_data AS RightData, right_row AS RightRow, left_name AS LeftName, right_name AS RightName,
        score AS Score, parts AS Written, verdict AS Verdict, login AS Login, decided AS Decided
        """;

    /// <summary>Its id.</summary>
    public string Id { get; init; } = "";

    /// <summary>pack/dataset of the one row.</summary>
    public string LeftData { get; init; } = "";

    /// <summary>Its key.</summary>
    public string LeftRow { get; init; } = "";

    /// <summary>pack/dataset of the other row.</summary>
    public string RightData { get; init; } = "";

    /// <summary>Its key.</summary>
    public string RightRow { get; init; } = "";

    /// <summary>The name that the one had.</summary>
    public string? LeftName { get; init; }

    /// <summary>The name that the other had.</summary>
    public string? RightName { get; init; }

    /// <summary>0 to 100: the sum of the parts.</summary>
    public long Score { get; init; }

    internal string Written { get; init; } = "[]";

    /// <summary>same, different, or null while nobody decided.</summary>
    public string? Verdict { get; init; }

    /// <summary>Who decided.</summary>
    public string? Login { get; init; }

    /// <summary>When.</summary>
    public string? Decided { get; init; }

    /// <summary>What the score is made of.</summary>
    public IReadOnlyList<LikenessPart> Parts => JsonSerializer.Deserialize<List<LikenessPart>>(Written, Touched.Written) ?? [];

    internal RowKey Left => new(LeftData, LeftRow);

    internal RowKey Right => new(RightData, RightRow);

    internal string About => $"entity-pair:{Id}";

    internal static EntityPair Of(DateTimeOffset at, KnownOrganisation left, KnownOrganisation right, Likeness likeness) => new()
    {
        Id = Guid.CreateVersion7(at).ToString("n"), LeftData = left.Row.Key.Data, LeftRow = left.Row.Key.Row, RightData = right.Row.Key.Data, RightRow = right.Row.Key.Row,
        LeftName = left.Row.Name, RightName = right.Row.Name, Score = likeness.Score, Written = JsonSerializer.Serialize(likeness.Parts, Touched.Written),
    };
}

/// <summary>A run over the warehouse.</summary>
public sealed record EntityRun
{
    /// <summary>When.</summary>
    public string At { get; init; } = "";

    /// <summary>Who asked for it; <c>entities</c> where rows had changed.</summary>
    public string Login { get; init; } = "";

    internal string Stood { get; init; } = "";

    /// <summary>Rows that were read.</summary>
    public long Rows { get; init; }

    /// <summary>Organisations that they are.</summary>
    public long Organisations { get; init; }

    /// <summary>Pairs that wait for a person.</summary>
    public long Waiting { get; init; }
}
