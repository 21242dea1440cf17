using System.Text.Json;

namespace Guantong.Data;

/// <summary>A fault of data on its way round the loop (问题工单): found → sent → mended → verified → shared. A report that proves groundless ends as declined, one whose rule is gone as withdrawn.</summary>
/// <remarks>Plan, annex 6 §5(4)1: 谁提供谁负责, 问题数据可反馈、可整改、可核验. Times are ISO 8601 in UTC.</remarks>
public sealed record Ticket
{
    internal const string Columns = """
        id AS Id, number AS Number, pack AS Pack, dataset AS Dataset, kind AS Kind, rule AS Rule, field AS Field, unit AS Unit, region AS Region, grade AS Grade, state AS State,
        opened AS Opened, sent AS Sent, near AS Near, due AS Due, overdue AS Overdue, mended AS Mended, mended_by AS MendedBy, held AS Held, verified AS Verified, verified_by AS VerifiedBy, closed AS Closed,
        row_count AS Rows, broken AS Broken, measured AS Measured, wanted AS Wanted, rounds AS Rounds, reason AS Reason, reporter AS Reporter, words AS Words, which_rows AS WhichRows, code AS Code, touches AS Touches
        """;

    internal string Id { get; init; } = "";

    /// <summary>What people call it by.</summary>
    public string Number { get; init; } = "";

    /// <summary>The pack that declares the dataset.</summary>
    public string Pack { get; init; } = "";

    /// <summary>The dataset at fault.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>rule: a quality rule fails; load: rows of a vital dataset could not be loaded; report: somebody who uses the data found it (异议).</summary>
    public string Kind { get; init; } = "";

    /// <summary>The kind of rule, or the code of the load's fault; empty for a report.</summary>
    public string Rule { get; init; } = "";

    /// <summary>What the rule is measured on, or the field that a report names.</summary>
    public string Field { get; init; } = "";

    /// <summary>The unit that mends it; null while it is not known.</summary>
    public string? Unit { get; init; }

    /// <summary>The unit's region.</summary>
    public string Region { get; init; } = "";

    /// <summary>error or warning.</summary>
    public string Grade { get; init; } = "";

    /// <summary>found, sent, mended, verified, shared, declined or withdrawn.</summary>
    public string State { get; init; } = "";

    /// <summary>When it was opened.</summary>
    public string Opened { get; init; } = "";

    /// <summary>When its unit got it, or got it back.</summary>
    public string? Sent { get; init; }

    /// <summary>From when its light is yellow.</summary>
    public string? Near { get; init; }

    /// <summary>By when it is to be mended.</summary>
    public string? Due { get; init; }

    /// <summary>When it was told as overdue.</summary>
    public string? Overdue { get; init; }

    /// <summary>When it was mended.</summary>
    public string? Mended { get; init; }

    /// <summary>Login of who mended it; null where the rows did.</summary>
    internal string? MendedBy { get; init; }

    /// <summary>When its rule last found the mend to hold.</summary>
    public string? Held { get; init; }

    /// <summary>When the bureau verified it.</summary>
    public string? Verified { get; init; }

    internal string? VerifiedBy { get; init; }

    /// <summary>When it was closed and shared, declined or withdrawn.</summary>
    public string? Closed { get; init; }

    /// <summary>Rows of the unit that the rule judges.</summary>
    public long Rows { get; init; }

    /// <summary>Those that break it.</summary>
    public long Broken { get; init; }

    /// <summary>As in <see cref="QualityResult"/>.</summary>
    public double? Measured { get; init; }

    /// <summary>As in <see cref="QualityResult"/>.</summary>
    public double? Wanted { get; init; }

    /// <summary>How often a mend did not hold.</summary>
    public long Rounds { get; init; }

    /// <summary>Id in the bureau's list of reasons.</summary>
    public string? Reason { get; init; }

    internal string? Reporter { get; init; }

    /// <summary>A report's own words.</summary>
    public string? Words { get; init; }

    /// <summary>Which rows a report means.</summary>
    public string? WhichRows { get; init; }

    internal string? Code { get; init; }

    internal string Touches { get; init; } = "[]";

    /// <summary>Whether it is still on its way.</summary>
    public bool IsOpen => Closed is null;

    /// <summary>What it touches downstream.</summary>
    public IReadOnlyList<Touched> Downstream => JsonSerializer.Deserialize<List<Touched>>(Touches, Touched.Written) ?? [];

    internal string About => $"ticket:{Number}";

    /// <summary>green, yellow (near its deadline) or red (over it); of what is mended, by when it was.</summary>
    public string LightAt(string now) => Due is null ? "green" : string.CompareOrdinal(Mended ?? now, Due) > 0 ? "red" : Mended is null && string.CompareOrdinal(now, Near) >= 0 ? "yellow" : "green";
}

/// <summary>One step of a ticket.</summary>
/// <param name="Action">found, sent, commented, mended, held, sent-back, overdue, verified, shared, declined or withdrawn.</param>
/// <param name="Login">Who did it; <c>quality</c> for the rule itself.</param>
public sealed record TicketStep(string At, string Action, string Login, string? Unit, string? Note);

/// <summary>A ticket with what its page shows.</summary>
public sealed record TicketFile(Ticket Ticket, IReadOnlyList<TicketStep> Steps);

/// <summary>A page of tickets.</summary>
public sealed record TicketList(IReadOnlyList<Ticket> Items, long Total, int Skip, int Take);

/// <summary>Which tickets are wanted; null for any.</summary>
/// <param name="State">One of the states, or <c>open</c>.</param>
/// <param name="Mine">Of the reader's unit, or reported by the reader.</param>
public sealed record TicketQuery(string? State = null, string? Light = null, string? Unit = null, string? Pack = null, string? Dataset = null, string? Kind = null, bool Mine = false, string Sort = "opened", int Skip = 0, int Take = 50);
