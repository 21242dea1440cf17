using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>Personal data unguarded, refusals by machine, people scored.</summary>
internal static class Rights
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Permit("datasets/applicant.yaml", "grade: 3\n", "", "personal-without-grade", 10, 3),
        Permit("datasets/applicant.yaml", "grade: 3\n", "grade: 1\n", "personal-without-grade", 11, 3),
        Permit("datasets/applicant.yaml", "purpose: 核对申请人身份\n", "", "personal-without-purpose", 10, 3),
        Permit("datasets/applicant.yaml", "retention: P5Y\n", "", "personal-without-retention", 10, 3),
        Permit("datasets/applicant.yaml", "open: none", "open: unconditional", "personal-opened", 11, 3),

        // personal by what it points to
        Permit("datasets/application.yaml", "purpose: 办理摊位许可\n", "", "personal-without-purpose", 11, 3),
        Permit("datasets/applicant-last.yaml", "retention: P1Y\n", "", "personal-without-retention", 10, 3),

        // people scored or ranked
        Permit("datasets/applicant-last.yaml", "{type: date, name: 最近经营日}", "{type: integer, name: 最近经营日}", "scores-persons", 12, 3),
        Permit("datasets/applicant-last.yaml", "max(stall) as stall", "max(stall) as stall, rank() over (order by max(day)) as place", "ranks-persons", 17, 8),
        Permit("datasets/applicant-last.yaml", "group by applicant\"", "group by applicant\"\n  decide: {decision: decisions/fee.dmn#size, inputs: {area: last}, outputs: {stall: size}}", "scores-persons", 13, 3),

        // refusals
        Permit("processes/permit.bpmn", "name=\"退回补正\"", "name=\"退回补正\" guantong:outcome=\"refused\"", "refusal-by-machine", 14, 6),
    ];
}
