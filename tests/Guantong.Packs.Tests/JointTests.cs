using System.Text.Json;
using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>What one thing (一件事) is made of: one form, one list of materials, one process.</summary>
public sealed class JointTests
{
    private const string Folder = "packs/society/birth";

    private static Pack Read(Func<Dictionary<string, string>, Dictionary<string, string>>? change = null)
    {
        var files = SoundPack.Files(Folder);
        var reading = PackCheck.Check(files with { Texts = (change ?? (t => t))(files.Texts.ToDictionary()) }, SoundPack.Shipping);
        Assert.Empty(reading.Findings.Select(f => $"{f.Mark} {f.Code} {f.Message("en")}"));
        return reading.Pack!;
    }

    [Fact]
    public void Each_field_and_each_material_is_asked_for_once_where_a_part_that_wants_it_is_chosen()
    {
        var pack = Read();
        var joint = pack.Matter("birth")!;
        using var form = JsonDocument.Parse(pack.Forms[joint.Form!.Name]);
        string? When(string field) => form.RootElement.GetProperty("properties").GetProperty(field).TryGetProperty("x-when", out var said) ? said.GetString() : null;
        // What a part gives to another is not asked for.
        Assert.Equal(["register", "insure", "card", "pay", "child_name", "born", "mother_name", "father_name", "hospital", "clinic", "settle_with", "band", "pay_by", "card_to"], FormReader.Fields(pack.Forms[joint.Form.Name]));
        Assert.Equal((null, null, "register = true", "(insure = true) or (insure = true and pay = true)"), (When("child_name"), When("clinic"), When("settle_with"), When("band")));
        Assert.Equal(["要一起办的事", "出生医学证明签发", "预防接种建档", "出生登记（落户）", "新生儿医保参保登记", "城乡居民医保缴费登记", "新生儿社会保障卡申领"], form.RootElement.GetProperty("x-layout").EnumerateArray().Select(s => s.GetProperty("title").GetString()));
        Assert.Equal([("hospital-record", null), ("household-book", "(register = true) or (insure = true)")], joint.Materials.Select(m => (m.Id, m.When?.Name)));
    }

    [Fact]
    public void What_a_part_says_of_a_field_that_it_is_given_holds_of_what_it_is_given()
    {
        var pack = Read(texts =>
        {
            texts["matters/birth.yaml"] = texts["matters/birth.yaml"].Replace("with: {certificate_no: certificate_no}", "with: {certificate_no: certificate_no, settle_with: '\"母亲\"'}", StringComparison.Ordinal);
            texts["matters/household.yaml"] = texts["matters/household.yaml"].Replace("    form: copy\n", "    form: copy\n    when: settle_with = \"母亲\"\n", StringComparison.Ordinal);
            return texts;
        });
        Assert.DoesNotContain("settle_with", FormReader.Fields(pack.Forms["joint/birth.json"]));
        Assert.Equal("((register = true) and ({certificate_no: (certificate_no), settle_with: (\"母亲\"), said: (settle_with = \"母亲\")}.said)) or (insure = true)", pack.Matter("birth")!.Materials[1].When!.Name);
    }

    [Fact]
    public void A_joint_of_many_parts_is_proved_too()
    {
        var names = Enumerable.Range(1, 14).Select(i => $"step-{i}").ToList();
        var pack = Read(texts =>
        {
            foreach (var (name, i) in names.Select((n, i) => (n, i)))
            {
                texts[$"matters/{name}.yaml"] = texts["matters/vaccination.yaml"].Replace("matter: vaccination", "matter: " + name, StringComparison.Ordinal).Replace("name: 预防接种建档", $"name: 第{i}项", StringComparison.Ordinal);
                texts["matters/birth.yaml"] = texts["matters/birth.yaml"].Replace("  document:", $"    - {{part: {name}, when: register = true, after: [{(i < 7 ? "vaccination" : $"step-{i - 6}, step-{i - 5}")}]}}\n  document:", StringComparison.Ordinal);
            }
            texts["business.yaml"] = texts["business.yaml"].Replace("[vaccination]", $"[vaccination, {string.Join(", ", names)}]", StringComparison.Ordinal);
            return texts;
        });
        Assert.Equal(20, pack.Processes["joint/birth.bpmn"].Definition.Nodes.Count(n => n.Kind == Processes.NodeKind.CallActivity));
    }
}
