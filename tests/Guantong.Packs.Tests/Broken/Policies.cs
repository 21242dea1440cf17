using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>Policies that find nobody, or the wrong ones, and records that are of no organisation.</summary>
internal static class Policies
{
    private const string Allowance = "policies/allowance.yaml", Rules = "decisions/allowance.dmn", Shop = "datasets/shop.yaml";
    private const string Decision = "<decision id=\"fit\" name=\"fit\"><variable name=\"fit\" typeRef=\"string\"/>";

    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Permit(Allowance, "from: 2026-01-01", "from: 2026-02-30", "policy-term", 6, 7),
        Permit(Allowance, "until: 2026-12-31", "until: 2025-12-31", "policy-term", 7, 8),
        Permit(Allowance, "{staff: staff}", "{staff: staff, year: year}", "policy-input", 13, 28),
        Permit(Rules, Decision, $"<inputData id=\"in_year\" name=\"year\"/>{Decision}<informationRequirement><requiredInput href=\"#in_year\"/></informationRequirement>", "policy-unasked", 1, 1, Allowance),
        Permit(Rules, "\"接近\"", "\"差不多\"", "policy-outcome", 14, 11, Allowance),
        Permit(Allowance, "allowance.dmn#fit", "allowance.dmn#fitt", "unknown-decision", 14, 11),
        Permit(Allowance, "unit: 省建设厅", "unit: 省市场监管局", "policy-fact-closed", 10, 11),
        Permit(Allowance, "data: shop", "data: shops", "unknown-dataset", 10, 11),
        Permit(Allowance, "key: code", "key: year", "policy-key", 11, 10),
        Permit(Allowance, "    newest: year\n", "", "policy-several", 10, 11),
        Permit(Allowance, "for: organisations", "for: persons", "not-one-of", 8, 6),
        Permit(Allowance, "matter: stall-permit", "matter: stall-permits", "unknown-matter", 15, 9),
        Permit("matters/stall-permit.yaml", "face: service", "face: service\naudience: [person]", "policy-matter", 15, 9, Allowance),
        Permit(Allowance, "matter: stall-permit", "matter: stall-permit\nautomatic: true", "policy-automatic", 1, 1),
        Permit("datasets/applicant.yaml", "key: [id]", "record: {of: phone, as: decision, title: phone, fields: [phone]}\nkey: [id]", "record-of-persons", 9, 9),
        Permit(Shop, "of: code", "of: year", "record-not-text", 15, 14),
        Permit(Shop, "until: ends", "until: year", "record-until", 15, 69),
        Permit("matters/stall-permit.yaml", "renews: [{data: shop}]", "renews: [{data: stall}]", "renews-no-licence", 13, 17),
    ];
}
