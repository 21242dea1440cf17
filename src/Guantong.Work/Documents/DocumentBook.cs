using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Numbers documents within their units, gives each a code, and tells whoever has the code whether a document is real.</summary>
public sealed class DocumentBook(Store store, Jurisdiction land)
{
    /// <summary>Letters of a code.</summary>
    public const int CodeLength = 12;

    /// <summary>What codes that people type are made of: neither letters nor digits that are mistaken for one another.</summary>
    internal const string Alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    /// <summary>What a document that is being made out bears.</summary>
    internal sealed record Marks(string? Number, string Unit, string Code, string Day);

    /// <summary>Gives a document of a case its number, unit, code and day. Numbers run within a unit, a series and a year without a gap: a change that is not kept takes its number back.</summary>
    /// <param name="of">The unit that makes it out; null for the one that did the last task.</param>
    internal async Task<Marks> MarkAsync(Change change, Case row, DocumentTemplate template, string lead, string? of = null)
    {
        var unit = of ?? await CaseRows.LastUnitAsync(change, row) ?? land.Units.ForRegion(lead, row.Region)?.Id ?? lead;
        var now = change.At.ToOffset(land.Offset);
        var code = RandomNumberGenerator.GetString(Alphabet, CodeLength);
        string? number = null;
        if (template.Series is { } series)
        {
            series = series.Replace("{year}", now.Year.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{region}", land.Regions.Find(row.Region)?.Name ?? row.Region, StringComparison.Ordinal);
            // Where the year does not stand in it, numbers run on over years.
            number = series.Replace("{number}", (await Counter.NextAsync(change, $"document:{unit}:{series}")).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }
        return new(number, unit, code, now.ToString("yyyy年M月d日", CultureInfo.InvariantCulture));
    }

    /// <summary>Files a document with its case; gives its hash. Of a sealed document that is of what is kept: one of the text would let it be guessed.</summary>
    internal static async Task<string> KeepAsync(Change change, Case row, CaseSeal seal, string name, Marks marks, string markdown)
    {
        markdown = seal.Whole(markdown);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(markdown)));
        await change.ExecuteAsync("INSERT INTO work_document (id, case_id, name, markdown, sha256, made, number, unit, code) VALUES (@id, @caseId, @name, @markdown, @sha256, @Stamp, @Number, @Unit, @Code)",
            new { id = Guid.CreateVersion7(change.At).ToString("n"), caseId = row.Id, name, markdown, sha256, change.Stamp, marks.Number, marks.Unit, marks.Code });
        return sha256;
    }

    /// <summary>Whether a code is that of a document, and of which; null where it is of none.</summary>
    public Task<CheckedDocument?> CheckAsync(string? code, CancellationToken cancel = default)
    {
        var told = new string([.. (code ?? "").Where(c => !char.IsWhiteSpace(c) && c != '-')]).ToUpperInvariant();
        return told.Length != CodeLength ? Task.FromResult<CheckedDocument?>(null) : store.ReadAsync(c => c.QueryFirstOrDefaultAsync<CheckedDocument>("SELECT name AS Name, number AS Number, unit AS Unit, made AS Made FROM work_document WHERE code = @told", new { told }), cancel);
    }

    /// <summary>A code as it is printed: in fours.</summary>
    public static string Spaced(string code)
    {
        var text = new StringBuilder();
        for (var i = 0; i < code.Length; i++)
            text.Append(i > 0 && i % 4 == 0 ? " " : "").Append(code[i]);
        return text.ToString();
    }
}
