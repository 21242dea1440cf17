using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>Guided questions that do not lead on.</summary>
internal static class Guides
{
    private const string Which = "guides/which.yaml", Last = "choices: [一天, 更久]";

    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Permit(Which, "which.dmn#which", "which.dmn#wich", "unknown-decision", 3, 11),
        Permit(Which, "which.dmn#which", "witch.dmn#which", "unknown-decision", 3, 11),
        Permit(Which, Last, Last + "\n  - ask: colour\n    name: 什么颜色？\n    choices: [红, 蓝]", "guide-input", 12, 10),
        Permit(Which, Last, Last + "\n  - ask: days\n    name: 再问一次？\n    choices: [是, 否]", "duplicate-name", 12, 5),
        Permit(Which, "place = \"路边\"", "place = ", "guide-when", 10, 11),
        Permit(Which, "place = \"路边\"", "days = \"一天\"", "guide-when", 10, 11),
        Permit(Which, "  - ask: days\n    name: 摆几天？\n    when: place = \"路边\"\n    choices: [一天, 更久]\n", "", "guide-unasked", 1, 1),
        Permit(Which, "choices: [路边, 店里]", $"choices: [路边, {string.Join(", ", Enumerable.Range(0, 600).Select(i => $"店{i}"))}]", "guide-long", 1, 1),
        Permit("decisions/which.dmn", "\"stall-permit\"", "\"stall-permits\"", "guide-leads-nowhere", 3, 11, Which),
        Permit(Which, "guide: which", "guide: which\nevents: [brith]", "not-one-of", 2, 10),
    ];
}
