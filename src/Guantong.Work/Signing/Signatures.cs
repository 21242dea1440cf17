using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Keeps what applicants sign (电子签名), and looks at each view whether it still stands: the digest against what was kept, against the ledger, and against what the case knows now.</summary>
/// <remarks>电子签名法 §13: the means of signing are the signer's alone and in their hands when they sign, and a change afterwards, of the signature or of what was signed, is seen.</remarks>
public sealed class Signatures(Store store, Cases cases, Attachments attachments, PackRegistry packs, DataKeys keys)
{
    private const string Action = "application.signed";

    private sealed record Row(string Signer, string At, string Proved, string Strength, string Sm3, string Content);

    /// <summary>Keeps a signature with the case that was opened by it.</summary>
    internal async Task KeepAsync(Change change, Case row, SignedContent content, Signing signing, string signer, CancellationToken cancel)
    {
        var key = CaseSeals.KeyOf(row.Pack);
        var kept = (await keys.RingAsync(change, key, cancel)).Seal(key, content.Text, Place(row.Id));
        await change.ExecuteAsync("INSERT INTO work_signature (case_id, signer, at, proved, strength, sm3, content) VALUES (@Id, @signer, @Stamp, @Proved, @strength, @Sm3, @kept)",
            new { row.Id, signer, change.Stamp, signing.Proved, strength = signing.Strength.ToString(), content.Sm3, kept });
        change.Record(row, signer, Action, new { sm3 = content.Sm3, strength = signing.Strength.ToString(), proved = signing.Proved });
    }

    /// <summary>How the signature of a case stands; null where nobody signed it.</summary>
    public async Task<ApplicationSignature?> OfAsync(string caseId, CancellationToken cancel = default)
    {
        var row = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>("SELECT signer AS Signer, at AS At, proved AS Proved, strength AS Strength, sm3 AS Sm3, content AS Content FROM work_signature WHERE case_id = @caseId", new { caseId }), cancel);
        if (row is null || await cases.FindAsync(caseId, RowRights.All, cancel) is not { } file)
            return null;
        var (text, recorded) = await store.ReadAsync(async c =>
        {
            var key = CaseSeals.KeyOf(file.Case.Pack);
            return (KeyRing.IsSealed(row.Content) ? (await keys.RingAsync(c, [key], cancel)).Open(row.Content, Place(caseId)).Text : null,
                await c.QueryFirstOrDefaultAsync<string>("SELECT detail FROM ledger WHERE about = @about AND action = @Action", new { about = CaseLedger.About(file.Case.Number), Action }));
        }, cancel);
        ApplicationSignature Stands(string state, string? statement = null, IReadOnlyList<string>? changed = null) =>
            new(row.Signer, row.At, row.Proved, Enum.Parse<Strength>(row.Strength), row.Sm3, statement, state, changed ?? []) { Content = text };
        if (text is null)
            return Stands("erased");
        // Entries that went to a file are held there; the rest of the check stands without them.
        if (SignedContent.Digest(text) != row.Sm3 || (recorded is not null && (string?)JsonNode.Parse(recorded)?["sm3"] != row.Sm3))
            return Stands("broken");
        var signed = JsonNode.Parse(text)!.AsObject();
        bool IsOf(string party, string? subject) => subject is not null && (string?)signed[party] == SignedContent.Party((string)signed["nonce"]!, subject);
        if (!IsOf("applicant", file.Case.Applicant) || !IsOf("signer", file.Case.Agent ?? file.Case.Applicant))
            return Stands("broken");
        var (answers, now) = (signed["answers"]!.AsObject(), JsonNode.Parse(file.Case.Data)!.AsObject());
        var pack = await packs.AtAsync(file.Case.Pack, file.Case.Revision, cancel);
        var fields = pack.Matter(file.Case.Matter)?.Form is { } form ? FormReader.Fields(pack.Forms[form.Name]) : [];
        var changed = fields.Where(f => SignedContent.Canonical(answers[f]) != SignedContent.Canonical(now[f])).ToList();
        // What was brought later was not signed, and takes nothing from what was.
        var files = (await attachments.OfApplicationAsync(caseId, cancel)).Where(f => string.CompareOrdinal(f.At, row.At) <= 0).Select(f => (f.Field, f.Sha256)).ToList();
        if (SignedContent.Canonical(SignedContent.Listed(files)) != SignedContent.Canonical(signed["files"]))
            changed.AddRange(signed["files"]!.AsArray().Select(f => (string)f!["field"]!).Concat(files.Select(f => f.Field)).Distinct().Where(f => !changed.Contains(f)));
        return Stands(changed.Count == 0 ? "unchanged" : "changed", (string?)signed["statement"], changed);
    }

    private static string Place(string caseId) => "signature:" + caseId;
}
