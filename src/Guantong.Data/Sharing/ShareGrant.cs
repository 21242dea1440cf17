using System.Collections.Frozen;

namespace Guantong.Data;

/// <summary>An approved permission to be served data (共享授权), as the gateway looks at it.</summary>
/// <param name="About">What it is about: PACK/DATASET or interface:ID.</param>
/// <param name="Unit">The unit that it is given to.</param>
/// <param name="Grade">The grade of the data at the time of the approval: data that was graded higher since is not served by it.</param>
/// <param name="From">From when, and until when; the last instant is not in it.</param>
/// <param name="State">active, suspended or ended.</param>
public sealed record ShareGrant(string Id, string Request, string About, string Unit, ShareTerms Terms, int Grade, DateTimeOffset From, DateTimeOffset Until, string State, string Reason = "")
{
    private readonly FrozenSet<string> _fields = Terms.Fields.ToFrozenSet();

    private readonly FrozenSet<string> _clear = Terms.Clear.ToFrozenSet();

    /// <summary>Whether a field is among what is granted.</summary>
    public bool Covers(string field) => _fields.Contains(field);

    /// <summary>Decides whether a call may be served now, and how.</summary>
    /// <param name="shared">What it is about, as it stands now; null where it is not in force any more.</param>
    /// <returns>The fields that are served and those of them that are masked, or the first rule that refuses.</returns>
    /// <remarks>Rate and quota are counted by the gateway, which holds the counters. Plan, annex 6 §5(4)2; rights.md 5.</remarks>
    public ShareVerdict Decide(in ShareCall call, Shared? shared, DateTimeOffset at)
    {
        if (call.Unit != Unit)
            return ShareObstacle.Caller;
        if (State == "suspended")
            return ShareObstacle.Suspended;
        if (State != "active" || at >= Until)
            return ShareObstacle.Expired;
        if (at < From)
            return ShareObstacle.Early;
        if (shared is null || shared.Share == "none")
            return ShareObstacle.Withdrawn;
        if (shared.Grade > Grade)
            return ShareObstacle.Grade;
        if (!Terms.Forms.Contains(call.Form))
            return ShareObstacle.Form;
        if (call.Purpose != Terms.Purpose)
            return ShareObstacle.Purpose;
        if (Terms.Matter is not null && call.Matter != Terms.Matter)
            return ShareObstacle.Matter;
        if (call.Fields is { Count: > 0 } fields)
        {
            foreach (var field in fields)
            {
                if (!Covers(field))
                    return ShareObstacle.Field;
            }
        }
        if (call.By is { } by)
        {
            foreach (var (field, value) in by)
            {
                // Looking by a field that is not granted would tell its values by and by.
                if (!Covers(field) && !Terms.Rows.ContainsKey(field))
                    return ShareObstacle.Field;
                if (Terms.Rows.TryGetValue(field, out var held) && held != value)
                    return ShareObstacle.Rows;
            }
        }
        if (call.Form == "query" && shared.IsAboutPersons && !NamesOne(shared, call.By))
            return ShareObstacle.Browsing;
        return Serve(call, shared);
    }

    private static bool NamesOne(Shared shared, IReadOnlyDictionary<string, string>? by) =>
        by is not null && (shared.Identifying.Any(i => by.TryGetValue(i, out var value) && value.Length > 0) || (shared.Key.Count > 0 && shared.Key.All(k => by.TryGetValue(k, out var value) && value.Length > 0)));

    private ShareVerdict Serve(in ShareCall call, Shared shared)
    {
        var asked = call.Fields is { Count: > 0 } some ? some : Terms.Fields;
        var there = new List<string>(asked.Count);
        var masked = default(List<string>);
        foreach (var field in asked)
        {
            // A field that the dataset has no more is left out, not refused: the rest is still wanted.
            if (!shared.Fields.Contains(field))
                continue;
            there.Add(field);
            if (IsMasked(shared, field))
                (masked ??= []).Add(field);
        }
        return new ShareVerdict(ShareObstacle.None, there, masked ?? (IReadOnlyList<string>)[]);
    }

    /// <summary>Whether a field is masked: personal, and not granted in clear.</summary>
    public bool IsMasked(Shared shared, string field) => shared.Personal.ContainsKey(field) && !_clear.Contains(field);
}

/// <summary>A call of the gateway, as far as a grant looks at it.</summary>
/// <param name="Unit">The caller's unit.</param>
/// <param name="Form">One of <see cref="ShareTerms.AllForms"/>.</param>
/// <param name="Purpose">What for, as the caller states it.</param>
/// <param name="Matter">The matter that the caller names, or null.</param>
/// <param name="Fields">The fields asked for; null or none for all that are granted.</param>
/// <param name="By">Field → value by which rows are looked for.</param>
public readonly record struct ShareCall(string? Unit, string Form, string? Purpose, string? Matter, IReadOnlyList<string>? Fields = null, IReadOnlyDictionary<string, string>? By = null);

/// <summary>What stands between a call and the data.</summary>
public enum ShareObstacle
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>There is no such grant.</summary>
    NoGrant,

    /// <summary>It is another unit's.</summary>
    Caller,

    /// <summary>It is suspended.</summary>
    Suspended,

    /// <summary>It is over.</summary>
    Expired,

    /// <summary>It has not begun.</summary>
    Early,

    /// <summary>The data is not shared any more.</summary>
    Withdrawn,

    /// <summary>The data was graded higher since.</summary>
    Grade,

    /// <summary>Not in this form.</summary>
    Form,

    /// <summary>No purpose is stated, or another than was granted.</summary>
    Purpose,

    /// <summary>No matter is named, or another than was granted.</summary>
    Matter,

    /// <summary>A field that is not granted.</summary>
    Field,

    /// <summary>Rows that are not granted.</summary>
    Rows,

    /// <summary>Persons are looked up one by one, by what names them, and not paged through (rights.md 1).</summary>
    Browsing,

    /// <summary>More calls in a minute than were granted.</summary>
    Rate,

    /// <summary>More calls in a day than were granted.</summary>
    Quota,
}

/// <summary>What a grant says to a call.</summary>
/// <param name="Fields">The fields that are served, in the order asked.</param>
/// <param name="Masked">Those of them that are masked.</param>
public readonly record struct ShareVerdict(ShareObstacle Why, IReadOnlyList<string> Fields, IReadOnlyList<string> Masked)
{
    /// <summary>Whether it is served.</summary>
    public bool IsAllowed => Why == ShareObstacle.None;

    /// <summary>A refusal.</summary>
    public static implicit operator ShareVerdict(ShareObstacle why) => new(why, [], []);
}
