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

        // sealed fields
        Permit("datasets/applicant.yaml", "phone: {type: string,", "phone: {type: integer,", "personal-not-text", 12, 3),
        Permit("datasets/application.yaml", "applicant: {type: string,", "applicant: {type: integer,", "personal-not-text", 12, 3),

        Permit("datasets/applicant-last.yaml", "max(stall) as stall", "max(lower(applicant)) as stall", "sql-sealed", 17, 8),
        Permit("datasets/applicant-last.yaml", "max(stall) as stall", "max(applicant) as stall", "sql-sealed", 17, 8),
        Permit("datasets/applicant-last.yaml", "max(stall) as stall", "applicant as stall", "sql-sealed", 17, 8),
        Permit("datasets/applicant-last.yaml", "group by applicant\"", "where applicant = '330106199001011230' group by applicant\"", "sql-sealed", 17, 8),
        Permit("datasets/applicant-last.yaml", "needs: [application]\n  sql: \"select applicant, max(day) as last, max(stall) as stall from application group by applicant\"",
            "needs: [application, applicant]\n  sql: \"select a.applicant, max(a.day) as last, max(a.stall) as stall from application a join applicant p on p.phone = a.applicant group by a.applicant\"", "sql-sealed", 17, 8),
        Permit("datasets/application.yaml", "feed: {from: manual}", "quality:\n  - {rule: holds, that: \"applicant > number\"}\nfeed: {from: manual}", "sql-sealed", 16, 25),
        Permit("datasets/applicant-last.yaml", "group by applicant\"", "group by applicant\"\n  decide: {decision: decisions/fee.dmn#size, inputs: {area: applicant}, outputs: {last: size}}", "decides-on-sealed", 18, 61),

        // people scored or ranked
        Permit("datasets/applicant-last.yaml", "{type: date, name: 最近经营日}", "{type: integer, name: 最近经营日}", "scores-persons", 12, 3),
        Permit("datasets/applicant-last.yaml", "max(stall) as stall", "max(stall) as stall, rank() over (order by max(day)) as place", "ranks-persons", 17, 8),
        Permit("datasets/applicant-last.yaml", "group by applicant\"", "group by applicant\"\n  decide: {decision: decisions/fee.dmn#size, inputs: {area: last}, outputs: {stall: size}}", "scores-persons", 13, 3),

        // refusals
        Permit("processes/permit.bpmn", "name=\"退回补正\"", "name=\"退回补正\" guantong:outcome=\"refused\"", "refusal-by-machine", 14, 6),
    ];
}
