using System.Globalization;

namespace Guantong.Processes;

/// <summary>Where a case is to go back to.</summary>
/// <param name="Activity">Id of an activity that was come to before.</param>
public sealed record RewindRequest(string Activity)
{
    /// <summary>The token in whose instance of a level the activity is meant; needed where several instances are open.</summary>
    public string? Within { get; init; }

    /// <summary>What was completed since is undone by its compensation handlers, the last first, before the activity opens again.</summary>
    public bool Compensates { get; init; }
}

/// <summary>Why a case cannot go there.</summary>
public enum RewindRefusal
{
    /// <summary>There is no such activity, or no flow leads to it.</summary>
    NoActivity,

    /// <summary>It was never come to.</summary>
    NotYetDone,

    /// <summary>It is open now.</summary>
    AlreadyOpen,

    /// <summary>The process has ended.</summary>
    Ended,

    /// <summary>Several instances of its level are open, and none is named.</summary>
    WhichInstance,

    /// <summary>Its level is no longer open and begins by an event, or is one of several instances: it cannot be entered anew in its middle.</summary>
    LevelIsOver,

    /// <summary>What would end is just being undone.</summary>
    Undoing,

    /// <summary>No way of standing there keeps all counts right.</summary>
    NotSound,

    /// <summary>There are more ways of standing than are looked at.</summary>
    TooLarge,

    /// <summary>Who comes next has acted.</summary>
    Acted,

    /// <summary>Work of other branches would end.</summary>
    OthersEnd,
}

/// <summary>A refusal, told.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Activity">What was asked for: its name, else its id.</param>
public sealed record RewindFault(RewindRefusal Reason, string Activity)
{
    private static readonly Dictionary<RewindRefusal, (string Zh, string En)> Sentences = new()
    {
        [RewindRefusal.NoActivity] = ("流程里没有可以退回或跳到的活动“{0}”。请从可选的活动里选。", "There is no activity “{0}” to go to. Choose one of those that are offered."),
        [RewindRefusal.NotYetDone] = ("“{0}”还没有办过，不能退回。要往前走请用跳过。", "“{0}” was not come to yet, so there is no going back to it. To go forward, skip."),
        [RewindRefusal.AlreadyOpen] = ("“{0}”正在办理。", "“{0}” is open now."),
        [RewindRefusal.Ended] = ("流程已经结束，不能再到“{0}”。", "The process has ended; it cannot go to “{0}” any more."),
        [RewindRefusal.WhichInstance] = ("“{0}”所在的子流程有几个实例在办。请指明是哪一个。", "Several instances of the level of “{0}” are open. Say which one is meant."),
        [RewindRefusal.LevelIsOver] = ("“{0}”所在的子流程已经结束，不能从中间重新进入。请退回到整个子流程。", "The level of “{0}” is over and cannot be entered in its middle. Go back to the whole sub-process."),
        [RewindRefusal.Undoing] = ("正在撤销已办的事项，现在不能到“{0}”。请等撤销完成。", "Something is just being undone; wait for it before going to “{0}”."),
        [RewindRefusal.NotSound] = ("如果到“{0}”，流程可能无法办结。请选择分支之前的活动。", "Going to “{0}” could leave the process unable to complete. Choose an activity before its branches."),
        [RewindRefusal.TooLarge] = ("“{0}”周围的分支太多，无法证明之后能办结。请选择分支之前的活动。", "Too many branches stand around “{0}” for a proof that the process completes. Choose an activity before them."),
        [RewindRefusal.Acted] = ("“{0}”之后的环节已经办理，不能撤回。请改用退回。", "What comes after “{0}” has been acted on, so it cannot be recalled. Ask for it to be sent back."),
        [RewindRefusal.OthersEnd] = ("重办“{0}”会中止其他分支。请改用退回。", "Doing “{0}” again would end work of other branches. Go back to it instead."),
    };

    /// <summary>The sentence for a reader ("zh-CN" or "en"), with what to do instead.</summary>
    public string Message(string lang)
    {
        var (zh, en) = Sentences[Reason];
        return string.Format(CultureInfo.InvariantCulture, !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? en : zh, Activity);
    }
}

/// <summary>The case cannot go there; its state is as it was.</summary>
public sealed class RewindException(RewindFault fault) : Exception(fault.Message("en"))
{
    public RewindFault Fault => fault;
}
