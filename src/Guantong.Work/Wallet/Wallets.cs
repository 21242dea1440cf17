using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.IdentityModel.Tokens;

namespace Guantong.Work;

/// <summary>The wallet (证照包): what people and organisations were granted, shown to others by their own choice, a few fields at a time, for a few minutes. Each showing stands on the holder's record.</summary>
/// <remarks>design/rights.md 5, 6; RFC 9901. Nobody looks anything up here: without the holder there is nothing to read.</remarks>
public sealed class Wallets(Store store, PackRegistry packs, UserCentre centre, DataKeys keys, CredentialKeys signing, Notices notices, Jurisdiction land, TimeProvider clock, NoticeSignal news)
{
    /// <summary>How long a presentation may be read, in minutes.</summary>
    public static readonly IReadOnlyList<int> Terms = [5, 15, 60];

    /// <summary>The longest purpose, and the longest name of a reader, in characters.</summary>
    public const int Longest = 100;

    private const string Key = "credential";

    /// <summary>Grants a credential within the change that ends a case, where its matter issues one, its end grants, and whose it is is known.</summary>
    internal static async Task IssueAsync(Change change, DataKeys keys, Jurisdiction land, Case row, Matter? matter, string how, IReadOnlyDictionary<string, object?> data, string? documentUnit = null)
    {
        if (matter is not { Credential: true, Document: { } named } || how != "granted" || row.Applicant is not { } holder || row.Called is not null
            || await change.FindAsync<CaseDocument>($"SELECT {CaseDocument.Columns} FROM work_document WHERE case_id = @Id AND name = @named ORDER BY made DESC, id DESC LIMIT 1", new { row.Id, named }) is not { } document)
            return;
        var id = Guid.CreateVersion7(change.At).ToString("n");
        var known = JsonNode.Parse(Json.Text(data))!.AsObject();
        var fields = new JsonObject(matter.CredentialFields.Where(f => known[f.Name.Name] is not null).Select(f => KeyValuePair.Create(f.Name.Name, (JsonNode?)JsonValue.Create(known[f.Name.Name]!.ToString()))));
        var until = matter.CredentialValid is { } term ? land.Calendars.Of(row.Region).Due(change.At, Processes.TimeLimit.Of(term)).ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
        var ring = await keys.RingAsync(change, Key);
        await change.ExecuteAsync("INSERT INTO work_credential (id, case_id, document_id, holder, unit, name, fields, issued, valid_until) VALUES (@id, @caseId, @documentId, @holder, @unit, @Name, @fields, @Stamp, @until) ON CONFLICT (case_id) DO NOTHING",
            new { id, caseId = row.Id, documentId = document.Id, holder, unit = document.Unit ?? documentUnit ?? "", document.Name, fields = ring.Seal(Key, fields.ToJsonString(Json.Plain), Place(id)), change.Stamp, until });
        change.Record(row, "process", "credential.issued", new { credential = id, document.Name, document.Number, until });
    }

    /// <summary>The credentials of a person and of the organisations that they represent, the newest first.</summary>
    public async Task<IReadOnlyList<Credential>> MineAsync(Person me, CancellationToken cancel = default)
    {
        var own = (await centre.OwnAsync(me, cancel)).Select(o => o.Subject).ToArray();
        return own.Length == 0 ? [] : await store.ReadAsync(async c => (IReadOnlyList<Credential>)(await c.QueryAsync<Credential>($"SELECT {Credential.Columns} {Credential.From} WHERE k.holder {Among} ORDER BY k.issued DESC, k.id", new { own })).AsList(), cancel);
    }

    /// <summary>One of theirs with its fields; null where it is none.</summary>
    public async Task<(Credential Credential, IReadOnlyList<CredentialField> Fields)?> FindAsync(Person me, string id, CancellationToken cancel = default) =>
        (await MineAsync(me, cancel)).FirstOrDefault(c => c.Id == id) is { } found ? (found, await OpenAsync(found, cancel)) : null;

    /// <summary>Today by the jurisdiction's clock, as credentials write days.</summary>
    public string Today => clock.GetUtcNow().ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Shows some fields of a credential for a purpose, for a while.</summary>
    /// <returns>The presentation's id, and the token that is shown; it is not kept.</returns>
    /// <exception cref="ConflictException">credential-gone: none of theirs; credential-over: it is revoked or expired; present-fields: a field that it has not; present-purpose, present-term.</exception>
    public async Task<(string Id, string Token)> PresentAsync(Person me, string credentialId, NewPresentation given, CancellationToken cancel = default)
    {
        if (await FindAsync(me, credentialId, cancel) is not var (credential, fields))
            throw new ConflictException("credential-gone");
        if (credential.StateOn(Today) != "valid")
            throw new ConflictException("credential-over");
        var chosen = (given.Fields ?? []).Distinct().ToList();
        if (chosen.Any(c => fields.All(f => f.Name != c)))
            throw new ConflictException("present-fields");
        var purpose = given.Purpose?.Trim() is { Length: > 1 and <= Longest } said ? said : throw new ConflictException("present-purpose", Longest);
        if (!Terms.Contains(given.Minutes))
            throw new ConflictException("present-term", string.Join("、", Terms));
        var token = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(24));
        var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var ring = await keys.RingAsync(change, Key, cancel);
            await change.ExecuteAsync("INSERT INTO work_presentation (id, credential_id, token, fields, purpose, once, reads, made, expires) VALUES (@id, @Id2, @hash, @chosen, @purpose, @once, 0, @Stamp, @expires)",
                new { id, Id2 = credential.Id, hash = Hash(token), chosen = JsonSerializer.Serialize(chosen, Json.Plain), purpose = ring.Seal(Key, purpose, Place(id)), once = given.Once ? 1 : 0, change.Stamp, expires = Time.Write(change.At.AddMinutes(given.Minutes)) });
            change.Record(me, "credential.presented", About(credential.Id), JsonSerializer.Serialize(new { presentation = id, fields = Titles(fields, chosen), given.Minutes, given.Once }, Json.Plain), credential.Holder);
        }, cancel);
        return (id, token);
    }

    /// <summary>The presentations of one of theirs, the newest first, with who read them.</summary>
    public async Task<IReadOnlyList<Presentation>> PresentationsAsync(Person me, string credentialId, CancellationToken cancel = default)
    {
        if ((await MineAsync(me, cancel)).All(c => c.Id != credentialId))
            return [];
        var now = Time.Write(clock.GetUtcNow());
        return await store.ReadAsync(async c =>
        {
            var rows = (await c.QueryAsync<Row>($"SELECT {Columns} FROM work_presentation p WHERE p.credential_id = @credentialId ORDER BY p.made DESC, p.id DESC LIMIT 50", new { credentialId })).AsList();
            var ring = rows.Count == 0 ? null : await keys.RingAsync(c, [Key], cancel);
            var list = new List<Presentation>();
            foreach (var row in rows)
            {
                var reads = await c.QueryAsync<(string At, string Reader)>("SELECT at, reader FROM work_presentation_read WHERE presentation_id = @Id ORDER BY at", new { row.Id });
                list.Add(new Presentation(row.Id, row.CredentialId, row.Chosen, ring!.Open(row.Purpose, Place(row.Id)).Text ?? CaseSeals.Erased, row.Once == 1, row.Made, row.Expires,
                    row.Ended is not null ? "ended" : row.Once == 1 && row.Reads > 0 ? "read" : string.CompareOrdinal(row.Expires, now) <= 0 ? "expired" : "open", [.. reads.Select(r => (r.At, ring.Open(r.Reader, Place(row.Id)).Text ?? CaseSeals.Erased))]));
            }
            return (IReadOnlyList<Presentation>)list;
        }, cancel);
    }

    /// <summary>A holder ends a presentation before its time.</summary>
    /// <exception cref="ConflictException">present-gone: none of theirs, or it is over.</exception>
    public async Task EndAsync(Person me, string id, CancellationToken cancel = default)
    {
        var own = (await centre.OwnAsync(me, cancel)).Select(o => o.Subject).ToArray();
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var holder = own.Length == 0 ? null : await change.FindAsync<string>($"SELECT k.holder FROM work_presentation p JOIN work_credential k ON k.id = p.credential_id WHERE p.id = @id AND k.holder {Among}", new { id, own });
            if (holder is null || await change.ExecuteAsync("UPDATE work_presentation SET ended = @Stamp WHERE id = @id AND ended IS NULL AND expires > @Stamp AND (once = 0 OR reads = 0)", new { id, change.Stamp }) == 0)
                throw new ConflictException("present-gone");
            change.Record(me, "credential.presentation-ended", $"presentation:{id}", "{}", holder);
        }, cancel);
    }

    /// <summary>Whether a token is that of a presentation that can be read now; says nothing else.</summary>
    public Task<bool> IsOpenAsync(string? token, CancellationToken cancel = default) => store.ReadAsync(async c =>
        await c.ExecuteScalarAsync<long>($"SELECT count(*) FROM work_presentation p WHERE p.token = @hash AND {Readable}", new { hash = Hash(token ?? ""), now = Time.Write(clock.GetUtcNow()) }) > 0, cancel);

    /// <summary>Reads a presentation. That it was read, and who says they did, stands on the holder's record.</summary>
    /// <param name="reader">Who reads, as they say themselves.</param>
    /// <param name="issuer">The address of this platform, which the signed statement names.</param>
    /// <exception cref="ConflictException">present-gone: there is none that can be read now; present-reader: they do not say who they are.</exception>
    public async Task<Shown> ReadAsync(string? token, string? reader, string issuer, CancellationToken cancel = default)
    {
        var who = reader?.Trim() is { Length: > 1 and <= Longest } said ? said : throw new ConflictException("present-reader", Longest);
        var hash = Hash(token ?? "");
        var (credential, row) = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // Of two at once, one reads what is read once.
            var touched = await change.ExecuteAsync($"UPDATE work_presentation SET reads = reads + 1 WHERE token = @hash AND {Readable.Replace("p.", "", StringComparison.Ordinal)}", new { hash, now = change.Stamp });
            var row = touched == 0 ? null : await change.FindAsync<Row>($"SELECT {Columns} FROM work_presentation p WHERE p.token = @hash", new { hash });
            var credential = row is null ? null : await change.FindAsync<Credential>($"SELECT {Credential.Columns} {Credential.From} WHERE k.id = @CredentialId", new { row.CredentialId });
            if (row is null || credential is null)
                throw new ConflictException("present-gone");
            var ring = await keys.RingAsync(change, Key, cancel);
            await change.ExecuteAsync("INSERT INTO work_presentation_read (presentation_id, at, reader) VALUES (@Id, @Stamp, @kept)", new { row.Id, change.Stamp, kept = ring.Seal(Key, who, Place(row.Id)) });
            // Who it was is what they say, and may be a person's name: it stays where it can be erased.
            change.Record("presentation", "credential.read", About(credential.Id), JsonSerializer.Serialize(new { presentation = row.Id, fields = Titles(await FieldsAsync(credential), row.Chosen) }, Json.Plain), subject: credential.Holder);
            return (credential, row);
        }, cancel);
        var fields = await OpenAsync(credential, cancel);
        var purpose = await store.ReadAsync(async c => (await keys.RingAsync(c, [Key], cancel)).Open(row.Purpose, Place(row.Id)).Text ?? CaseSeals.Erased, cancel);
        var (state, now) = (credential.StateOn(Today), clock.GetUtcNow());
        var open = new JsonObject
        {
            ["iss"] = issuer, ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = Time.Read(row.Expires).ToUnixTimeSeconds(), ["jti"] = row.Id, ["vct"] = $"{issuer}/credentials/{credential.Pack}/{credential.Matter}",
            ["name"] = credential.Name, ["issued_by"] = land.Units.Find(credential.Unit)?.Name ?? credential.Unit, ["issued"] = Time.Read(credential.Issued).ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["state"] = state, ["purpose"] = purpose,
        };
        if (credential.ValidUntil is { } last)
            open["valid_until"] = last;
        var (keyId, key) = await signing.CurrentAsync(cancel);
        using (key)
        {
            var signed = SdJwt.Write(open, [.. fields.Select(f => (f.Name, f.Value))], row.Chosen.ToHashSet(), key, keyId);
            return new Shown(credential.Name, credential.Unit, credential.Issued, credential.ValidUntil, state, purpose, Time.Write(now), row.Expires, [.. fields.Where(f => row.Chosen.Contains(f.Name))], signed, credential.Pack, credential.Revision);
        }
    }

    /// <summary>The credential of a case; null where none was granted.</summary>
    public Task<Credential?> OfCaseAsync(string caseId, CancellationToken cancel = default) => store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Credential>($"SELECT {Credential.Columns} {Credential.From} WHERE k.case_id = @caseId", new { caseId }), cancel);

    /// <summary>The unit that granted a credential revokes it, with a reason that its holder is told.</summary>
    /// <exception cref="ConflictException">credential-gone: none of their unit's; credential-revoked: it is; reason-missing.</exception>
    public async Task RevokeAsync(string id, string? reason, Person by, CancellationToken cancel = default)
    {
        var (said, rights) = (Reason.Of(reason), by.Rows("credential.revoke", land));
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var credential = await change.FindAsync<Credential>($"SELECT {Credential.Columns} {Credential.From} WHERE k.id = @id{rights.And("c.region", "k.unit = @rowUnit")}", rights.With(new { id })) ?? throw new ConflictException("credential-gone");
            if (await change.ExecuteAsync("UPDATE work_credential SET revoked = @Stamp, revoked_by = @Login, reason = @said WHERE id = @id AND revoked IS NULL", new { id, change.Stamp, by.Login, said }) == 0)
                throw new ConflictException("credential-revoked");
            var row = (await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @CaseId", new { credential.CaseId }))!;
            change.Record(row, by, "credential.revoked", new { credential = id, reason = said });
            await notices.TellAsync(change, credential.Holder, "credential-revoked", "credential:" + id, "/me/wallet/" + id);
        }, cancel);
        news.Raise();
    }

    private sealed record Row(string Id, string CredentialId, string Fields, string Purpose, long Once, long Reads, string Made, string Expires, string? Ended)
    {
        public IReadOnlyList<string> Chosen => JsonSerializer.Deserialize<List<string>>(Fields, Json.Plain)!;
    }

    private const string Columns = "p.id AS Id, p.credential_id AS CredentialId, p.fields AS Fields, p.purpose AS Purpose, p.once AS Once, p.reads AS Reads, p.made AS Made, p.expires AS Expires, p.ended AS Ended";

    private const string Readable = "p.ended IS NULL AND p.expires > @now AND (p.once = 0 OR p.reads = 0)";

    private string Among => store.IsPostgres ? "= ANY(@own)" : "IN @own";

    private async Task<IReadOnlyList<(string Name, string Title)>> FieldsAsync(Credential credential) =>
        [.. ((await packs.AtAsync(credential.Pack, credential.Revision)).Matter(credential.Matter)?.CredentialFields ?? []).Select(f => (f.Name.Name, f.Title.Name))];

    private async Task<IReadOnlyList<CredentialField>> OpenAsync(Credential credential, CancellationToken cancel)
    {
        var text = await store.ReadAsync(async c => (await keys.RingAsync(c, [Key], cancel)).Open(credential.Fields, Place(credential.Id)).Text, cancel);
        var values = text is null ? [] : JsonNode.Parse(text)!.AsObject();
        return [.. (await FieldsAsync(credential)).Where(f => text is null || values.ContainsKey(f.Name)).Select(f => new CredentialField(f.Name, f.Title, text is null ? CaseSeals.Erased : values[f.Name]!.ToString()))];
    }

    private static string[] Titles(IEnumerable<(string Name, string Title)> fields, IReadOnlyList<string> chosen) => [.. fields.Where(f => chosen.Contains(f.Name)).Select(f => f.Title)];

    private static string[] Titles(IEnumerable<CredentialField> fields, IReadOnlyList<string> chosen) => Titles(fields.Select(f => (f.Name, f.Title)), chosen);

    private static string About(string id) => "credential:" + id;

    private static string Place(string id) => "credential:" + id;

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
