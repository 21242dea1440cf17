using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What one official asks of others about a task or a case.</summary>
/// <param name="Kind">hand-over (转办), delegate (委托代办), countersign (会签), opinion (征求意见), copy (抄送), urge (催办), instruct (批示) or escalation (超期升级).</param>
/// <param name="TaskId">The task; null of what is about a case: an instruction, an escalation of its own term.</param>
/// <param name="Words">Why, or what is asked.</param>
/// <param name="Asked">When (ISO 8601, UTC).</param>
/// <param name="Due">Until when it may be answered; of an escalation, when it goes further; null where there is no deadline.</param>
/// <param name="Quorum">Of a countersign: how many have to agree; null for all.</param>
/// <param name="InTurn">Whether they sign one after the other.</param>
/// <param name="Silence">Of an opinion: what silence means after the deadline: agrees, none (no opinion) or remind.</param>
/// <param name="Reminded">When those who were silent were reminded; of an escalation, when it went further or could not any more; null where neither was.</param>
public sealed record Ask(string Id, string Kind, string CaseId, string? TaskId, string ByLogin, string ByUnit, string Words, string Asked, string? Due, long? Quorum, bool InTurn, string? Silence, string? Reminded)
{
    internal const string Columns = """
        a.id AS Id, a.kind AS Kind, a.case_id AS CaseId, a.task_id AS TaskId, a.by_login AS ByLogin, a.by_unit AS ByUnit, a.words AS Words, a.asked AS Asked,
        a.due AS Due, a.quorum AS Quorum, a.in_turn AS InTurn, a.silence AS Silence, a.reminded AS Reminded, a.way AS Way
        """;

    // As the store gives it.
    internal Ask(string id, string kind, string caseId, string? taskId, string byLogin, string byUnit, string words, string asked, string? due, long? quorum, long inTurn, string? silence, string? reminded, string? way)
        : this(id, kind, caseId, taskId, byLogin, byUnit, words, asked, due, quorum, inTurn == 1, silence, reminded)
    {
        Way = way;
    }

    /// <summary>Of a hand-over, which way the task goes: hand-over (转办), hand-down (下派) or report-up (上报); else null.</summary>
    public string? Way { get; init; }

    /// <summary>What it is called: the way of a hand-over, else its kind.</summary>
    public string Called => Way ?? Kind;

    /// <summary>Whom it is asked of, in their order.</summary>
    public IReadOnlyList<Asked> Of { get; init; } = [];

    /// <summary>Whether its deadline has passed.</summary>
    public bool IsLate(DateTimeOffset at) => Due is { } due && Time.Read(due) <= at;

    /// <summary>How it stands at a time. Nothing is written when a deadline passes: whoever reads the clock afterwards finds it so.</summary>
    public AskStand StandAt(DateTimeOffset at) => Kind switch
    {
        "countersign" => Countersigned(IsLate(at)),
        "opinion" when Waiting == 0 => AskStand.Settled,
        "opinion" when !IsLate(at) => AskStand.Open,
        // A second silence, after the reminder, is no opinion.
        "opinion" when Silence == "remind" && Reminded is null => AskStand.ToRemind,
        "opinion" => AskStand.BySilence,
        _ => Waiting > 0 ? AskStand.Open : AskStand.Settled,
    };

    /// <summary>What a silent one's silence means at a time: agrees or none; null while they may still answer, or have.</summary>
    public string? SilenceOf(Asked one, DateTimeOffset at) =>
        one.State != "waiting" || StandAt(at) != AskStand.BySilence ? null : Silence == "agrees" ? "agrees" : "none";

    /// <summary>Whether it is somebody's turn.</summary>
    public bool IsTurnOf(Asked one) => !InTurn || Of.Where(o => o.State == "waiting").Min(o => (long?)o.Place) == one.Place;

    private int Waiting => Of.Count(o => o.State == "waiting");

    private AskStand Countersigned(bool late)
    {
        var (agreed, left) = (Of.Count(o => o.State == "agreed"), late ? 0 : Waiting);
        // Who was dropped is not counted among all.
        var needed = Quorum ?? Of.Count(o => o.State != "dropped");
        return agreed >= needed && needed > 0 ? AskStand.Settled : agreed + left >= needed && left > 0 ? AskStand.Open : AskStand.Impossible;
    }

    /// <summary>SQL of what was asked, as a condition of <c>a</c> chooses.</summary>
    internal static string Select(string where) => $"SELECT {Columns} FROM work_ask a WHERE {where} ORDER BY a.asked, a.id";

    /// <summary>Puts together what was asked and whom.</summary>
    internal static IReadOnlyList<Ask> Join(IEnumerable<Ask> asks, IEnumerable<Asked> of)
    {
        var byAsk = of.ToLookup(o => o.AskId);
        return [.. asks.Select(a => a with { Of = [.. byAsk[a.Id]] })];
    }
}

/// <summary>One whom something is asked of.</summary>
/// <param name="Place">Whose turn it is, counted from 1.</param>
/// <param name="Login">The official; null where anybody of the unit may.</param>
/// <param name="State">waiting; agreed, disagreed, answered, acknowledged, returned; dropped or withdrawn; over of an escalation of what is done.</param>
/// <param name="Words">What they said.</param>
/// <param name="Seen">When it was first looked at, by whom (SeenBy).</param>
/// <param name="Ended">When it was answered, dropped, withdrawn or over, by whom (EndedBy).</param>
public sealed record Asked(string Id, string AskId, long Place, string Unit, string? Login, string State, string? Words, string? Seen, string? SeenBy, string? Ended, string? EndedBy, string? SignedBy)
{
    internal const string Columns = """
        o.id AS Id, o.ask_id AS AskId, o.place AS Place, o.unit AS Unit, o.login AS Login, o.state AS State, o.words AS Words,
        o.seen AS Seen, o.seen_by AS SeenBy, o.ended AS Ended, o.ended_by AS EndedBy, o.signed_by AS SignedBy
        """;

    /// <summary>SQL of whom it was asked, likewise.</summary>
    internal static string Select(string where) => $"SELECT {Columns} FROM work_ask_of o JOIN work_ask a ON a.id = o.ask_id WHERE {where} ORDER BY o.place, o.id";

    /// <summary>Whether somebody is meant.</summary>
    public bool Means(Person who) => Unit == who.Unit && (Login ?? who.Login) == who.Login;
}

/// <summary>How what is asked stands at a time.</summary>
public enum AskStand
{
    /// <summary>Somebody has still to act.</summary>
    Open,

    /// <summary>Everybody has, or as many as are needed.</summary>
    Settled,

    /// <summary>So many can agree no longer: the official decides, and the ledger keeps that.</summary>
    Impossible,

    /// <summary>The deadline has passed, and silence has the meaning that was declared.</summary>
    BySilence,

    /// <summary>The deadline has passed, and the silent ones are to be reminded once.</summary>
    ToRemind,
}

/// <summary>A unit, or one official of it, whom something is asked of.</summary>
/// <param name="Unit">The unit's id.</param>
/// <param name="Login">The official; null for anybody of the unit.</param>
public sealed record Addressee(string Unit, string? Login = null);

/// <summary>An official who declared an interest in a case.</summary>
public sealed record Recusal(string Login, string Unit, string Reason, string Declared);
