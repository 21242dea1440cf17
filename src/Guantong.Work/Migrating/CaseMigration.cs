using System.Text.Json;
using Guantong.Packs;
using Guantong.Processes;

namespace Guantong.Work;

/// <summary>A version of a pack.</summary>
/// <param name="Revision">SHA-256 over its files.</param>
/// <param name="Version">What the pack calls itself.</param>
/// <param name="Applied">When it first came into force.</param>
/// <param name="InForce">True for the one that new cases begin on.</param>
/// <param name="Running">Cases of a matter on it that have not ended; null where they are not counted.</param>
public sealed record CaseVersion(string Revision, string Version, string Applied, bool InForce, long? Running = null)
{
    /// <summary>How people call it: two revisions may bear one version.</summary>
    public string Label => $"{Version} · {Revision[..8]}";
}

/// <summary>Which cases are to go from where to where.</summary>
/// <param name="Mapping">Ids of nodes of the old process to ids of the new, null for none; what it leaves out is proposed.</param>
public sealed record MigrationOrder(string Pack, string Matter, string From, string To, IReadOnlyDictionary<string, string?>? Mapping = null);

/// <summary>Why a case stays where it is.</summary>
/// <param name="Code">A <see cref="MigrationRefusal"/>, or: elsewhere, data, failed.</param>
/// <param name="Node">The node, the field, or the error's text.</param>
/// <param name="Other">A second node.</param>
public sealed record MigrationWhy(string Code, string Node = "", string Other = "")
{
    internal static MigrationWhy Of(MigrationFault fault) => new($"{fault.Reason}", fault.Node, fault.Other);

    /// <summary>The sentence for a reader, with what to do.</summary>
    /// <param name="lang">zh-CN or en.</param>
    /// <param name="pack">Puts the names of nodes into the reader's language; null leaves them.</param>
    public string Say(string lang, Pack? pack) => Enum.TryParse<MigrationRefusal>(Code, out var reason)
        ? new MigrationFault(reason, Node, Other).Message(lang, pack is null ? null : name => pack.Say(lang, name))
        : WorkTexts.Say(lang, "migration.why." + Code, Node, Other);

    internal string Write() => JsonSerializer.Serialize(this, Json.Plain);

    internal static MigrationWhy? Read(string? text) => text is null ? null : JsonSerializer.Deserialize<MigrationWhy>(text, Json.Plain);
}

/// <summary>A case of a migration.</summary>
/// <param name="State">waiting, migrated, refused or reversed; can or cannot of one that is only looked at.</param>
public sealed record MigratedCase(string CaseId, string Number, string Title, string State, MigrationWhy? Why);

/// <summary>What looking at all running cases gives; nothing is changed by it.</summary>
/// <param name="Migration">What becomes of each node, and what is wrong with the mapping.</param>
/// <param name="Can">How many cases can migrate.</param>
/// <param name="Cannot">Those that cannot, by reason, the most frequent first.</param>
public sealed record MigrationCheck(Migration Migration, long Can, IReadOnlyList<(MigrationWhy Why, IReadOnlyList<MigratedCase> Cases)> Cannot)
{
    /// <summary>How many cases cannot.</summary>
    public long CannotCount => Cannot.Sum(c => (long)c.Cases.Count);
}

/// <summary>A migration that was begun, and how far it is.</summary>
/// <remarks>Read by its properties: SQLite cannot tell the type of a count where there is no row.</remarks>
public sealed record CaseMigration
{
    public required string Id { get; init; }

    public required string Pack { get; init; }

    public required string Matter { get; init; }

    /// <summary>The revision that its cases ran on.</summary>
    public required string From { get; init; }

    /// <summary>The revision that they go to.</summary>
    public required string To { get; init; }

    /// <summary>JSON: the whole mapping that it goes by.</summary>
    public required string Mapping { get; init; }

    public required string Reason { get; init; }

    public required string Started { get; init; }

    public required string StartedBy { get; init; }

    /// <summary>For which unit they did.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Unit { get; init; }

    /// <summary>When its last case was looked at; null while it runs.</summary>
    public string? Finished { get; init; }

    /// <summary>The migration that it takes back, or null.</summary>
    public string? Reverses { get; init; }

    /// <summary>Cases still to be looked at.</summary>
    public long Waiting { get; init; }

    /// <summary>Cases that migrated and were not taken back.</summary>
    public long Migrated { get; init; }

    /// <summary>Cases that stayed where they were.</summary>
    public long Refused { get; init; }

    /// <summary>Cases that migrated and were taken back.</summary>
    public long Reversed { get; init; }

    internal const string Columns = """
        m.id AS Id, m.pack AS Pack, m.matter AS Matter, m.from_revision AS "From", m.to_revision AS "To", m.mapping AS Mapping, m.reason AS Reason,
        m.started AS Started, m.started_by AS StartedBy, m.unit AS Unit, m.finished AS Finished, m.reverses AS Reverses,
        (SELECT count(*) FROM work_migration_case c WHERE c.migration_id = m.id AND c.state = 'waiting') AS Waiting,
        (SELECT count(*) FROM work_migration_case c WHERE c.migration_id = m.id AND c.state = 'migrated') AS Migrated,
        (SELECT count(*) FROM work_migration_case c WHERE c.migration_id = m.id AND c.state = 'refused') AS Refused,
        (SELECT count(*) FROM work_migration_case c WHERE c.migration_id = m.id AND c.state = 'reversed') AS Reversed
        """;

    /// <summary>All its cases.</summary>
    public long Total => Waiting + Migrated + Refused + Reversed;

    internal MigrationOrder Order => new(Pack, Matter, From, To, JsonSerializer.Deserialize<Dictionary<string, string?>>(Mapping, Json.Plain));
}
