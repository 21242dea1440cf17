namespace Guantong.Tests.Broken;

/// <summary>One thing (一件事) whose parts are not there, wait for each other, or cannot be asked for in one form; and what may be merged.</summary>
internal static class Joints
{
    private const string Matter = "matters/birth.yaml";

    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Birth(Matter, "part: vaccination", "part: vaccinations", "unknown-matter", 11, 13),
        Birth(Matter, "after: [birth-certificate]", "after: [birth-certificates]", "unknown-part", 14, 15),
        Birth(Matter, "- part: birth-certificate\n", "- part: birth-certificate\n      after: [household]\n", "joint-circle", 10, 15),
        Birth(Matter, "when: register = true", "when: register =", "joint-expression", 13, 13),
        Birth(Matter, "when: register = true", "when: registered = true", "unknown-field", 13, 13),
        Birth(Matter, "with: {certificate_no: certificate_no}", "with: {certificate: certificate_no}", "unknown-field", 15, 14),
        Birth(Matter, "part: vaccination", "part: birth", "joint-part", 11, 13),
        Birth(Matter, "with: [省卫生健康委]", "with: [省卫生健康委, 省公安厅]", "joint-lead", 1, 1),
        Birth(Matter, "limit: P15D", "process: processes/household.bpmn\nlimit: P15D", "joint-process", 27, 10),
        Birth(Matter, "document: documents/birth.md", "document: documents/births.md", "unknown-file", 25, 13),
        Birth(Matter, "    - part: vaccination\n", "      when: register = true\n    - part: vaccination\n      when: hospital = \"A\"\n", "joint-form", 8, 3),
        Birth("forms/birth.json", "\"insure\": {", "\"clinic\": {\"type\": \"string\"}, \"insure\": {", "joint-uncovered", 11, 13, Matter),
        Birth("forms/vaccination.json", "\"maxLength\": 40", "\"maxLength\": 41", "joint-differs", 11, 13, Matter),
        Birth("matters/insurance.yaml", "limit: P5D", "next:\n  - {matter: card, when: 'kind =', why: 社保卡}\nlimit: P5D", "next-when", 18, 26),
        Birth("matters/insurance.yaml", "limit: P5D", "merges: [households]\nlimit: P5D", "unknown-matter", 17, 10),
    ];

    private static BrokenPack Birth(string path, string from, string to, string code, int line, int column, string? at = null) => new("packs/society/birth", path, from, to, code, line, column, at);
}
