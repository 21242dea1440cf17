using System.Text.Json.Serialization;

namespace Guantong.Work;

/// <summary>A file that somebody attached to a task or an application (附件).</summary>
/// <param name="Sha256">Of the content; equal ones are kept once.</param>
/// <param name="TaskId">The task; null where it came with the application.</param>
/// <param name="Field">The form's field that asks for it; empty where none does.</param>
/// <param name="Name">Cleaned of paths, controls and markup; masked for whoever may not see what is personal.</param>
/// <param name="Kind">pdf, jpg, png, docx, xlsx or ofd, told from the content.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Personal">1 where it may be about a person: then whose unit works on the case opens it, and nobody else.</param>
/// <param name="Scan">clean, or not-scanned where no virus scanner is set up.</param>
public sealed record Attachment(string Id, string Sha256, string SealedBy, string? CaseId, string? TaskId, string Field, string Name, string Kind, long Size, long Personal, string Scan, string At, string? ByLogin, string? Unit)
{
    /// <summary>The key that seals it.</summary>
    [JsonIgnore]
    public string SealedBy { get; init; } = SealedBy;

    internal const string Columns = "id AS Id, sha256 AS Sha256, sealed_by AS SealedBy, case_id AS CaseId, task_id AS TaskId, field AS Field, name AS Name, kind AS Kind, size AS Size, personal AS Personal, scan AS Scan, at AS At, by_login AS ByLogin, unit AS Unit";
}

/// <summary>What a field of a form takes for files.</summary>
/// <param name="Kinds">Which kinds.</param>
/// <param name="Megabytes">How large one may be, in megabytes of 1,048,576 bytes.</param>
/// <param name="Most">How many.</param>
public sealed record FileRule(IReadOnlyList<string> Kinds, int Megabytes, int Most)
{
    /// <summary>What is taken where a form says nothing.</summary>
    public static FileRule Usual { get; } = new(FileKind.All, 10, 20);

    /// <summary>How large one may be, in bytes.</summary>
    public long Largest => (long)Megabytes << 20;

    /// <summary>What browsers are told for a file field.</summary>
    public string Accept => string.Join(',', Kinds.Select(k => k == "jpg" ? ".jpg,.jpeg" : "." + k));

    /// <summary>The pictures among them, as browsers are told that take one by the camera; empty where none are taken. A phone that keeps pictures in a form of its own gives them as one of these.</summary>
    public string Pictures => string.Join(',', Kinds.Where(k => k is "jpg" or "png").Select(k => k == "jpg" ? "image/jpeg" : "image/png"));
}
