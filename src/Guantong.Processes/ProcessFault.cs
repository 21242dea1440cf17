using System.Globalization;

namespace Guantong.Processes;

/// <summary>Something in a BPMN file that cannot be run as it stands.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Code">Stable kebab-case id.</param>
/// <param name="Args">What fills the message.</param>
public sealed record ProcessFault(int Line, int Column, string Code, IReadOnlyList<string> Args)
{
    private static readonly Dictionary<string, (string Zh, string En)> Sentences = new()
    {
        ["bpmn-broken"] = ("这不是合法的 XML：{0}。请改正后再检查。", "This is not well-formed XML: {0}. Mend it and check again."),
        ["bpmn-namespace"] = ("这不是 BPMN 2.0 文件：根元素是 {0}。请用 BPMN 2.0 编辑器另存。", "This is no BPMN 2.0 file: its root is {0}. Save it again with a BPMN 2.0 editor."),
        ["bpmn-too-deep"] = ("元素嵌套超过 {0} 层。请拆成几个流程。", "Elements nest more than {0} deep. Split it into several processes."),
        ["bpmn-no-process"] = ("文件里没有流程（bpmn:process）。请用 BPMN 2.0 编辑器画一个。", "The file holds no bpmn:process. Draw one with a BPMN 2.0 editor."),
        ["bpmn-several-processes"] = ("一个文件里只能有一个流程和它调用的流程，“{0}”没有被调用。请把它移到另一个文件，或用调用活动调用它。", "A file holds one process and those that it calls; nothing here calls “{0}”. Move it to a file of its own, or call it."),
        ["bpmn-unsupported"] = ("不支持 {0}。请改用 docs/bpmn.md 所列的元素。", "{0} is not supported. Use one of the elements that docs/bpmn.md lists."),
        ["bpmn-not-in-cases"] = ("“{0}”用了 {1}：simulate 能运行它，办件还不能。请改用 docs/bpmn.md 列出的写法。", "“{0}” uses {1}, which simulate runs and cases do not yet. Use what docs/bpmn.md lists for cases."),
        ["bpmn-condition-start"] = ("“{0}”凭条件开始，而立案前没有可供判断的数据。请让指标预警来立案：在事项里写 start: {{by: warning}}。", "“{0}” begins by a condition, and before a case begins no data are known to judge it by. Let an indicator's warning open the case: give the matter start: {{by: warning}}."),
        ["bpmn-dangling-ref"] = ("{0} 的 {1} 指向不存在的“{2}”。请改正。", "The {1} of {0} leads nowhere: “{2}”. Mend it."),
        ["bpmn-incomplete"] = ("“{0}”缺少 {1}。请补上。", "“{0}” lacks {1}. Add it."),
        ["bpmn-misplaced"] = ("“{0}”这里不能有 {1}（BPMN 2.0 第 10 章）。请移走或改正。", "“{0}” cannot have {1} here (BPMN 2.0, clause 10). Move or remove it."),
        ["bpmn-expression-broken"] = ("“{0}”的表达式写错了：{1}。请改正。", "An expression of “{0}” is wrong: {1}. Mend it."),
        ["bpmn-language"] = ("“{0}”是用 {1} 写的，这里只运行 FEEL。请改写成 FEEL。", "“{0}” is written in {1}; only FEEL is run here. Change it to FEEL."),
        ["bpmn-timer-broken"] = ("“{0}”的时间“{1}”不是 ISO 8601。例如 2026-01-31T08:00:00Z、PT2H、R3/PT10H。", "The time “{1}” of “{0}” is not ISO 8601. For example 2026-01-31T08:00:00Z, PT2H, R3/PT10H."),
        ["bpmn-no-id"] = ("这个 {0} 没有 id。请给它一个。", "This {0} has no id. Give it one."),
        ["bpmn-duplicate-id"] = ("id“{0}”用了两次。请改掉一个。", "The id “{0}” is used twice. Change one."),
        ["bpmn-dangling-flow"] = ("连线“{0}”的 {1} 指向不存在的“{2}”。请重新连接。", "The flow “{0}” has a {1} that leads nowhere: “{2}”. Connect it again."),
        ["bpmn-no-start"] = ("流程没有开始事件。请加一个。", "The process has no start event. Add one."),
        ["bpmn-several-starts"] = ("流程有不止一个开始事件。请只留一个。", "The process has more than one start event. Keep one."),
        ["bpmn-no-end"] = ("流程没有结束事件。请加一个。", "The process has no end event. Add one."),
        ["bpmn-unreachable"] = ("“{0}”永远走不到。请从别处连一条线过来，或删除它。", "“{0}” can never be reached. Connect a flow to it, or remove it."),
        ["bpmn-no-way-out"] = ("从“{0}”走不到任何结束事件。请给它一条出路。", "No end event can be reached from “{0}”. Give it a way out."),
        ["bpmn-condition-missing"] = ("网关“{0}”的连线“{1}”既无条件又不是默认连线。请写条件，或设为默认。", "The flow “{1}” of the gateway “{0}” has no condition and is not the default. Write one, or make it the default."),
        ["bpmn-condition-useless"] = ("连线“{0}”的条件不起作用：只有排他和包容网关按条件选路。请删除条件或换成这两种网关。", "The condition of the flow “{0}” is not looked at: only an exclusive or inclusive gateway chooses. Remove it, or use one of them."),
        ["bpmn-default-elsewhere"] = ("“{0}”的默认连线“{1}”不是从它出发的。请改正。", "The default flow “{1}” of “{0}” does not leave it. Mend it."),
        ["bpmn-several-flows"] = ("“{0}”有多条出线。请用网关分开。", "“{0}” has several flows out. Split them with a gateway."),
        ["bpmn-deadlock"] = ("“{0}”可能永远等下去：{1}。请让汇合的网关与分开的网关相配。", "“{0}” can wait forever: {1}. Make the gateway that joins match the one that splits."),
        ["bpmn-dead"] = ("“{0}”在任何一次运行里都不会执行。请改正它前面的网关，或删除它。", "“{0}” is never done in any run. Mend the gateways before it, or remove it."),
        ["bpmn-unbounded"] = ("“{0}”会越积越多：{1}。请在循环里不要用并行分支再回到前面。", "Tokens pile up at “{0}”: {1}. Move the split out of the circle, or join its branches within it."),
        ["bpmn-too-large"] = ("流程的状态太多，无法证明它总能办结。请把一部分放进子流程。", "The process has too many states for a proof that it can always complete. Move a part into a sub-process."),
        ["bpmn-task-without-lane"] = ("待办“{0}”不在任何泳道里，不知道由哪个单位办。请把它放进泳道。", "The task “{0}” stands in no lane, so no unit would do it. Place it in one."),
        ["bpmn-lane-dangling"] = ("泳道“{0}”里列着不存在的“{1}”。请把它从泳道里去掉，或补上这个节点。", "The lane “{0}” holds “{1}”, which is not there. Take it out of the lane, or draw it."),
        ["bpmn-condition-broken"] = ("连线“{0}”的条件写错了：{1}。请改正这个表达式。", "The condition of the flow “{0}” is wrong: {1}. Mend the expression."),
        ["bpmn-service-unnamed"] = ("服务任务“{0}”没写 guantong:service。请写明调用哪个服务。", "The service task “{0}” does not say guantong:service. Name the service it calls."),
        ["bpmn-due-broken"] = ("“{0}”的期限“{1}”不是时限。请写成 ISO 8601 时长：P15D、PT2H 是自然时间，P5D working、PT8H working 只计工作日和工作时间。", "“{1}” of “{0}” is no time limit. Write an ISO 8601 duration: P15D and PT2H are natural time, P5D working and PT8H working count working days and hours alone."),
        ["bpmn-assign-unknown"] = ("“{0}”的分派规则“{1}”不认识。请写 load（待办最少的）、rota（轮流）或 skill（有技能的）。", "“{0}” is assigned by “{1}”, which is no rule. Write load (who has the fewest tasks), rota (in turn) or skill."),
        ["bpmn-skill-missing"] = ("“{0}”按技能分派，没有写是哪种技能。请加上 guantong:skill=\"…\"。", "“{0}” is assigned by skill, and does not say which. Add guantong:skill=\"…\"."),
    };

    /// <summary>Every code that reading can give.</summary>
    public static IReadOnlyCollection<string> Codes => Sentences.Keys;

    /// <summary>For a fault of soundness: ids of the nodes that lead there, in order.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>The FEEL fault behind it, when it is one; it is told last.</summary>
    public Feel.FeelFault? Feel { get; init; }

    /// <summary>The sentence for a reader ("zh-CN" or "en"), with the mend.</summary>
    public string Message(string lang)
    {
        var (zh, en) = Sentences[Code];
        IReadOnlyList<string> args = Feel is null ? Args : [.. Args, Feel.Message(lang)];
        return string.Format(CultureInfo.InvariantCulture, !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? en : zh, [.. args]);
    }
}
