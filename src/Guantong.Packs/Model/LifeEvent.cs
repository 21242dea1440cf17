namespace Guantong.Packs;

/// <summary>Something that happens to a person (人生事) or a business (企业事) and has matters to be handled; packs say for which of them theirs are.</summary>
/// <param name="Also">How people say it, in Chinese or English; a search for it finds the matters.</param>
/// <remarks>One list for all packs, so that a visitor meets each event once (国办发〔2022〕26号: by life cycle of persons and of businesses). What no matter names is not shown.</remarks>
public sealed record LifeEvent(string Id, bool IsOfBusiness, string Zh, string En, IReadOnlyList<string> Also)
{
    /// <summary>All of them, in the order in which they are shown: a life, then a business's.</summary>
    public static readonly IReadOnlyList<LifeEvent> All =
    [
        new("birth", false, "生育", "Having a child", ["生孩子", "生小孩", "生娃", "生宝宝", "宝宝出生", "孩子出生", "新生儿出生", "添丁", "having a baby", "new baby"]),
        new("school", false, "上学", "Going to school", []),
        new("work", false, "就业", "Working", []),
        new("unemployment", false, "失业", "Losing work", ["失业", "丢了工作", "下岗", "lost my job"]),
        new("marriage", false, "婚姻", "Marriage", []),
        new("home", false, "居住", "Housing", ["住的地方"]),
        new("illness", false, "看病", "Illness", []),
        new("hardship", false, "遇到困难", "Hardship", ["遇到困难", "生活困难", "遇到难处"]),
        new("ageing", false, "养老", "Growing old", ["家里有老人", "老了怎么办", "growing old"]),
        new("death", false, "身后", "Death", []),
        new("travel", false, "出行", "Getting about", []),
        new("consumption", false, "消费", "Buying things", ["消费维权"]),
        new("surroundings", false, "身边环境", "Surroundings", ["周边环境", "环境问题"]),
        new("founding", true, "开办企业", "Starting a business", []),
        new("land", true, "用地", "Land", ["企业用地"]),
        new("operating", true, "经营", "Operating", []),
        new("evaluation", true, "评价", "Being evaluated", ["企业评价", "分类评价"]),
        new("hiring", true, "用工", "Hiring", []),
        new("closing", true, "退出", "Closing", []),
    ];

    /// <summary>One by its id, or null.</summary>
    public static LifeEvent? Find(string? id) => All.FirstOrDefault(e => e.Id == id);

    /// <summary>Its name for a reader ("zh-CN" or "en").</summary>
    public string Say(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? En : Zh;
}
