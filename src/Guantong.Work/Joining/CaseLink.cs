using System.Data.Common;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Another case that one was merged with or split from.</summary>
public sealed record CaseLink
{
    /// <summary>merged-into: it is handled with that one; merged: that one is handled with it; split-from: it came out of that one; split-into: that one came out of it.</summary>
    public required string Kind { get; init; }

    /// <summary>Id of the other.</summary>
    public required string Id { get; init; }

    /// <summary>Number of the other.</summary>
    public required string Number { get; init; }

    /// <summary>Title of the other.</summary>
    public required string Title { get; init; }

    /// <summary>State of the other.</summary>
    public required string State { get; init; }

    /// <summary>Outcome of the other, once it has ended.</summary>
    public string? Outcome { get; init; }

    /// <summary>Since when.</summary>
    public required string At { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The links of a case to those that are seen too.</summary>
    internal static async Task<IReadOnlyList<CaseLink>> OfAsync(DbConnection connection, string caseId, RowRights rights)
    {
        static string Part(string kind, string from) => $"SELECT '{kind}' AS Kind, c.id AS Id, c.number AS Number, c.title AS Title, c.state AS State, c.outcome AS Outcome, l.at AS At, l.reason AS Reason {from}";
        var seen = rights.OfCase("c");
        return (await connection.QueryAsync<CaseLink>($"""
            {Part("merged-into", "FROM work_merge l JOIN work_case c ON c.id = l.into_id WHERE l.case_id = @caseId AND l.undone IS NULL")}{seen}
            UNION ALL {Part("merged", "FROM work_merge l JOIN work_case c ON c.id = l.case_id WHERE l.into_id = @caseId AND l.undone IS NULL")}{seen}
            UNION ALL {Part("split-from", "FROM work_split l JOIN work_case c ON c.id = l.from_id WHERE l.case_id = @caseId")}{seen}
            UNION ALL {Part("split-into", "FROM work_split l JOIN work_case c ON c.id = l.case_id WHERE l.from_id = @caseId")}{seen}
            ORDER BY 7, 3
            """, rights.With(new { caseId }))).AsList();
    }
}
