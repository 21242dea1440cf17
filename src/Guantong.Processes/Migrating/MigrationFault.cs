using System.Globalization;

namespace Guantong.Processes;

/// <summary>Why a mapping, or a case under it, cannot be taken to another version.</summary>
public enum MigrationRefusal
{
    /// <summary>The mapping names a node that the version migrated from has not.</summary>
    NoSuchNode,

    /// <summary>The mapping leads to a node that the version migrated to has not.</summary>
    NoSuchTarget,

    /// <summary>The two wait for different things.</summary>
    KindDiffers,

    /// <summary>One is done once, the other several times, or in another way.</summary>
    LoopDiffers,

    /// <summary>The two call different processes.</summary>
    CallDiffers,

    /// <summary>The levels that they stand on, or the activities that they sit on, are no counterparts.</summary>
    LevelDiffers,

    /// <summary>The process has ended.</summary>
    Ended,

    /// <summary>The case stands where the new version has nothing.</summary>
    StandsAtGone,

    /// <summary>A branch that waits at a join cannot be told again in the new version.</summary>
    BranchUnknown,

    /// <summary>Two that are open would become one.</summary>
    Twice,

    /// <summary>Something is just being undone.</summary>
    Undoing,

    /// <summary>What was done could no longer be undone.</summary>
    UndoLost,

    /// <summary>Activities that are done one after the other stand in another order.</summary>
    OrderDiffers,

    /// <summary>The case could be unable to complete.</summary>
    NotSound,

    /// <summary>There are more ways to go on than are looked at.</summary>
    TooLarge,

    /// <summary>The new version could not go on at once: a time or a condition of it cannot be worked out.</summary>
    CannotGoOn,
}

/// <summary>A refusal, told.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Node">The node that it is about: its name, else its id.</param>
/// <param name="Other">The node of the other version, where there is one.</param>
public sealed record MigrationFault(MigrationRefusal Reason, string Node, string Other = "")
{
    private static readonly Dictionary<MigrationRefusal, (string Zh, string En)> Sentences = new()
    {
        [MigrationRefusal.NoSuchNode] = ("原版本里没有“{0}”。请从对应表里选。", "The version migrated from has no “{0}”. Choose one of its nodes."),
        [MigrationRefusal.NoSuchTarget] = ("“{0}”对应的“{1}”在新版本里没有。请另选。", "The new version has no “{1}” for “{0}” to become. Choose another."),
        [MigrationRefusal.KindDiffers] = ("“{0}”不能对应到“{1}”：两者等的事不同。请选同类的节点。", "“{0}” cannot become “{1}”: they wait for different things. Choose a node of the same kind."),
        [MigrationRefusal.LoopDiffers] = ("“{0}”不能对应到“{1}”：一个只办一次，另一个要逐项或反复办，或办法不同。请选办法相同的节点。", "“{0}” cannot become “{1}”: they are not done equally often, or not in the same way. Choose one that is done alike."),
        [MigrationRefusal.CallDiffers] = ("“{0}”不能对应到“{1}”：两者调用不同的流程。请选调用同一流程的节点。", "“{0}” cannot become “{1}”: they call different processes. Choose one that calls the same."),
        [MigrationRefusal.LevelDiffers] = ("“{0}”不能对应到“{1}”：所在的子流程或依附的活动不对应。请先对应外层。", "“{0}” cannot become “{1}”: what is around them, or what they sit on, does not correspond. Map that first."),
        [MigrationRefusal.Ended] = ("办件已经办结，不用迁移。", "The case has ended; there is nothing to migrate."),
        [MigrationRefusal.StandsAtGone] = ("停在“{0}”，新版本里没有对应的节点。请给它选一个对应节点，或等办完这一步再迁移。", "It stands at “{0}”, for which the new version has nothing. Map it, or wait until that step is done."),
        [MigrationRefusal.BranchUnknown] = ("有分支在“{0}”等着合并，新版本里分不清它从哪条线来。请等合并后再迁移。", "A branch waits at “{0}”, and the new version does not tell by which flow it came. Wait until it has joined."),
        [MigrationRefusal.Twice] = ("“{0}”和“{1}”同时在办，迁移后会变成同一个节点。请分开对应，或等办完一个再迁移。", "“{0}” and “{1}” are both open and would become one. Map them apart, or wait until one is done."),
        [MigrationRefusal.Undoing] = ("正在撤销“{0}”。请等撤销完成后再迁移。", "“{0}” is just being undone. Wait for it."),
        [MigrationRefusal.UndoLost] = ("“{0}”已经办过，新版本里没有办法撤销它。请给它选一个能撤销的对应节点。", "“{0}” was done, and the new version has no way to undo it. Map it to one that can be undone."),
        [MigrationRefusal.OrderDiffers] = ("“{0}”里逐项办理的活动换了次序。请等这个子流程办完再迁移。", "The activities of “{0}”, done one after the other, stand in another order. Wait until it is done."),
        [MigrationRefusal.NotSound] = ("迁移后“{0}”可能永远等下去，办件无法办结。请等分支合并后再迁移，或改流程。", "After it, “{0}” could wait forever, and the case could not complete. Wait until its branches have joined, or change the process."),
        [MigrationRefusal.TooLarge] = ("“{0}”周围的分支太多，无法证明迁移后能办结。请等分支合并后再迁移。", "Too many branches stand around “{0}” for a proof that the case completes. Wait until they have joined."),
        [MigrationRefusal.CannotGoOn] = ("按新版本，“{0}”的时间或条件现在算不出来。请补正办件数据，或改流程。", "By the new version, a time or condition of “{0}” cannot be worked out now. Mend the data of the case, or change the process."),
    };

    /// <summary>The sentence for a reader ("zh-CN" or "en"), with what to do instead.</summary>
    /// <param name="lang">The reader's language.</param>
    /// <param name="say">Puts the nodes' names into that language; without it they stay as they are.</param>
    public string Message(string lang, Func<string, string>? say = null)
    {
        var (zh, en) = Sentences[Reason];
        return string.Format(CultureInfo.InvariantCulture, !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? en : zh, say?.Invoke(Node) ?? Node, say?.Invoke(Other) ?? Other);
    }
}
