using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>Forms that are no JSON, or no form.</summary>
internal static class Forms
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Air("forms/verify.json", "\"type\": \"object\",", "\"type\": \"object\"", "json-broken", 6, 3),
        Air("forms/verify.json", "\"title\": \"核定等级\",", "\"title\": \"核定等级,", "json-broken", 18, 22),
        Air("forms/verify.json", "\"maxLength\": 500,", "\"maxLength\": '500',", "json-broken", 35, 20),
        Air("forms/verify.json", "", "", "json-broken", 1, 1),
        Air("forms/verify.json", "\"title\": \"核定意见\"", "\"title\": \"\\ud83d\"", "json-broken", 33, 16),
        Air("forms/verify.json", "\"x-en\": \"Verify the level\",", "\"title\": \"核定\",", "duplicate-key", 4, 3),
        Air("forms/verify.json", "", "[]\n", "form-shape", 1, 1),
        Air("forms/verify.json", "\"type\": \"object\"", "\"type\": \"array\"", "form-shape", 5, 11),
        Air("forms/verify.json", "\"properties\": {", "\"fields\": {", "form-shape", 1, 1),
        Permit("forms/check.json", "\"passed\": {\"type\": \"boolean\", \"title\": \"是否通过\"}", "\"passed\": {\"$ref\": \"file:///etc/passwd\"}", "form-reference", 6, 24),
        Permit("forms/check.json", "\"passed\": {\"type\": \"boolean\", \"title\": \"是否通过\"}", "\"passed\": \"boolean\"", "form-field-shape", 6, 15),
        Permit("forms/check.json", "\"passed\": {\"type\": \"boolean\", \"title\": \"是否通过\"}", "\"passed\": {\"type\": \"string\", \"x-file\": {}}", "form-file", 6, 44),
        Permit("forms/check.json", "\"passed\": {\"type\": \"boolean\", \"title\": \"是否通过\"}", "\"passed\": {\"type\": \"array\", \"x-file\": {\"types\": [\"zip\"]}}", "form-file", 6, 53),
        Permit("forms/check.json", "\"passed\": {\"type\": \"boolean\", \"title\": \"是否通过\"}", "\"passed\": {\"type\": \"array\", \"x-file\": {\"megabytes\": 900}}", "form-file", 6, 57),
        Permit("forms/check.json", "\"passed\": {\"type\": \"boolean\", \"title\": \"是否通过\"}", "\"passed\": {\"type\": \"boolean\", \"x-when\": \"1 +\"}", "form-rule", 6, 45),
        Permit("forms/check.json", "\"passed\": {\"type\": \"boolean\", \"title\": \"是否通过\"}", "\"passed\": {\"type\": \"boolean\", \"x-calculate\": \"later > 1\"}, \"later\": {\"type\": \"number\"}", "form-rule-field", 6, 50),
        Permit("forms/check.json", "\"type\": \"object\"", "\"type\": \"object\", \"x-layout\": [{\"title\": \"结果\"}]", "form-layout", 3, 33),
        Permit("forms/check.json", "\"type\": \"object\"", "\"type\": \"object\", \"x-pages\": \"section\"", "form-pages", 3, 32),
        Permit("forms/check.json", "\"type\": \"object\"", "\"type\": \"object\", \"x-layout\": [{\"title\": \"结果\", \"fields\": [\"pased\"]}]", "unknown-field", 3, 61),
        Permit("matters/stall-permit.yaml", "limit: P5D", "materials:\n  - {material: photo, name: 照片, when: 'id ='}\nlimit: P5D", "material-when", 12, 39),
        Permit("matters/stall-permit.yaml", "limit: P5D", "materials:\n  - {material: photo, name: 照片, when: 'place = 1'}\nlimit: P5D", "unknown-field", 12, 39),
        Permit("matters/stall-permit.yaml", "limit: P5D", "materials:\n  - {material: photo, name: 照片, from: lease}\nlimit: P5D", "material-from", 12, 39),
        Permit("matters/stall-permit.yaml", "limit: P5D", "materials:\n  - {material: photo, name: 照片, from: stall, omit: P5D}\nlimit: P5D", "material-free", 12, 5),
        Permit("matters/stall-permit.yaml", "limit: P5D", "materials:\n  - {material: photo, name: 照片}\n  - {material: photo, name: 相片}\nlimit: P5D", "duplicate-name", 13, 5),
        Permit("matters/stall-permit.yaml", "limit: P5D", "follow-up: {after: P5D, share: 0}\nlimit: P5D", "follow-up-share", 11, 32),
        Permit("matters/stall-permit.yaml", "limit: P5D", "next:\n  - {matter: stall-permit, why: 再来}\nlimit: P5D", "next-matter", 12, 14),
        Permit("matters/stall-permit.yaml", "limit: P5D", "next:\n  - {matter: stal-permit, why: 再来}\nlimit: P5D", "unknown-matter", 12, 14),
        Air("matters/pollution-episode.yaml", "limit: P3D", "next:\n  - {matter: air-report, why: 反映}\nlimit: P3D", "next-start", 12, 14),
        Permit("matters/stall-permit.yaml", "limit: P5D", "sort: {field: nothing}\nlimit: P5D", "sort-field", 11, 15),
        Permit("matters/stall-permit.yaml", "limit: P5D", "sort: {field: stall, when: '1 +'}\nlimit: P5D", "sort-when", 11, 28),
        Permit("matters/stall-permit.yaml", "limit: P5D", "sort: {field: stall, when: 'word = 1'}\nlimit: P5D", "unknown-field", 11, 28),
        Permit("matters/stall-permit.yaml", "limit: P5D", "charges:\n  - {charge: fee, name: 费, amount: '1 +', basis: 法, within: P5D}\nlimit: P5D", "charge-amount", 12, 36),
        Permit("processes/permit.bpmn", "guantong:service=\"record-row\" guantong:dataset=\"application\"", "guantong:service=\"collect-payment\" guantong:charge=\"fee\"", "unknown-charge", 19, 6),
        Air("matters/pollution-episode.yaml", "limit: P3D", "sign: true\nlimit: P3D", "sign-start", 11, 7),
        Air("matters/pollution-episode.yaml", "limit: P3D", "accept: {within: P5D}\nlimit: P3D", "reception-start", 11, 9),
        Permit("forms/apply.json", "\"stall\": {\"type\": \"string\", \"title\": \"摊位\"}", "\"stall\": {\"type\": \"string\", \"x-region\": {\"below\": \"Hangzhou\"}, \"title\": \"摊位\"}", "form-region", 7, 55),
        Permit("forms/apply.json", "\"stall\": {\"type\": \"string\", \"title\": \"摊位\"}", "\"stall\": {\"type\": \"string\", \"x-from\": {\"dataset\": \"applicant\"}, \"title\": \"摊位\"}", "form-from", 7, 43),
        Permit("forms/apply.json", "\"stall\": {\"type\": \"string\", \"title\": \"摊位\"}", "\"stall\": {\"type\": \"string\", \"x-from\": {\"dataset\": \"person\", \"field\": \"phone\", \"by\": {\"id\": \"applicant.id\"}}, \"title\": \"摊位\"}", "unknown-dataset", 7, 55),
        Permit("forms/apply.json", "\"stall\": {\"type\": \"string\", \"title\": \"摊位\"}", "\"stall\": {\"type\": \"string\", \"x-from\": {\"dataset\": \"applicant\", \"field\": \"fone\", \"by\": {\"id\": \"applicant.id\"}}, \"title\": \"摊位\"}", "unknown-field", 7, 77),
        Permit("forms/apply.json", "\"stall\": {\"type\": \"string\", \"title\": \"摊位\"}", "\"stall\": {\"type\": \"string\", \"x-from\": {\"dataset\": \"application\", \"field\": \"day\", \"by\": {\"number\": \"applicant.id\"}}, \"title\": \"摊位\"}", "form-from-need", 7, 55),
        Permit("forms/apply.json", "\"stall\": {\"type\": \"string\", \"title\": \"摊位\"}", "\"stall\": {\"type\": \"string\", \"x-personal\": true, \"x-from\": {\"dataset\": \"applicant\", \"field\": \"phone\", \"by\": {\"phone\": \"applicant.id\"}}, \"title\": \"摊位\"}", "form-from-key", 7, 113),
        Permit("forms/apply.json", "\"stall\": {\"type\": \"string\", \"title\": \"摊位\"}", "\"stall\": {\"type\": \"string\", \"x-from\": {\"dataset\": \"applicant\", \"field\": \"phone\", \"by\": {\"id\": \"applicant.id\"}}, \"title\": \"摊位\"}", "form-from-personal", 7, 77),
        Permit("forms/apply.json", "\"stall\": {\"type\": \"string\", \"title\": \"摊位\"}", "\"stall\": {\"type\": \"string\", \"x-from\": {\"dataset\": \"applicant-last\", \"field\": \"last\", \"by\": {\"applicant\": \"applicant.id\"}}, \"title\": \"摊位\"}", "form-from-grade", 7, 55),
        Permit("forms/check.json", """["passed"]""", "\"passed\"", "wrong-type", 4, 15),
        Permit("forms/check.json", """["passed"]""", """["pased"]""", "unknown-field", 4, 16),
    ];
}
