namespace Guantong.Work;

/// <summary>A document that a case brought forth.</summary>
/// <param name="Sha256">Of what is kept: of a sealed document, of its sealed text.</param>
/// <param name="Number">In its unit's series (发文字号); null where its template has none.</param>
/// <param name="Unit">The unit that made it out; null of documents from before units stood on them.</param>
/// <param name="Code">What is printed on it and lets anybody check that it is real; null of documents from before there were codes.</param>
public sealed record CaseDocument(string Id, string CaseId, string Name, string Markdown, string Sha256, string Made, string? Number, string? Unit, string? Code)
{
    internal const string Columns = "id AS Id, case_id AS CaseId, name AS Name, markdown AS Markdown, sha256 AS Sha256, made AS Made, number AS Number, unit AS Unit, code AS Code";
}

/// <summary>What anybody is told of a document by its code: that it is real, never what it says.</summary>
/// <param name="Unit">The unit's id; null where it is not known.</param>
/// <param name="Made">When.</param>
public sealed record CheckedDocument(string Name, string? Number, string? Unit, string Made);
