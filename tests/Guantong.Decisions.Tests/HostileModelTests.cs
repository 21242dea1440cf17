using Guantong.Decisions;
using Guantong.Feel;

namespace Guantong.Tests;

/// <summary>No file breaks the reader, and no model the process.</summary>
public sealed class HostileModelTests
{
    private static string Model(string inside, string more = "") => $"""
        <definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">{more}<decision id="d" name="d"><variable name="d"/>{inside}</decision></definitions>
        """;

    private static string Literal(string text) => $"<literalExpression><text>{text.Replace("<", "&lt;", StringComparison.Ordinal)}</text></literalExpression>";

    private static void Run(string text)
    {
        var reading = DmnModel.Read(text, "damaged.dmn");
        Assert.True(reading.Model is not null || reading.Faults.Count > 0);
        Assert.All(reading.Faults, f => Assert.True(f.Line > 0 && f.Message("zh-CN").Length > 0));
        foreach (var decision in reading.Model?.Decisions ?? [])
        {
            try
            {
                reading.Model!.Evaluate(decision.Id, new Dictionary<string, object?> { ["pm25"] = 80m, ["pm10"] = 20m });
            }
            catch (FeelBudgetException)
            {
                // the documented end of an evaluation that takes too much
            }
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><definitions/>", "dmn-broken"), InlineData("<definitions", "dmn-broken"), InlineData("<a/>", "dmn-namespace")]
    public void What_is_no_model_is_refused(string text, string code)
    {
        var reading = DmnModel.Read(text, "x.dmn");
        Assert.Null(reading.Model);
        Assert.Equal(code, Assert.Single(reading.Faults).Code);
    }

    [Fact]
    public void An_attribute_that_is_no_boolean_breaks_nothing() => Run(Model(Literal("1"), "<itemDefinition name=\"t\" isCollection=\"perhaps\"><typeRef>number</typeRef></itemDefinition>"));

    [Fact]
    public void A_decision_that_rests_on_itself_is_told_and_has_no_value()
    {
        var reading = DmnModel.Read(Model("<informationRequirement><requiredDecision href=\"#d\"/></informationRequirement>" + Literal("d + 1")), "x.dmn");
        Assert.Equal("dmn-cycle", Assert.Single(reading.Faults).Code);
        Assert.Null(reading.Model!.Evaluate("d", new Dictionary<string, object?>()).Value);
    }

    [Fact]
    public void A_knowledge_model_without_end_is_stopped()
    {
        var model = DmnModel.Read(Model("<knowledgeRequirement><requiredKnowledge href=\"#f\"/></knowledgeRequirement>" + Literal("f(1)"),
            $"<businessKnowledgeModel id=\"f\" name=\"f\"><encapsulatedLogic><formalParameter name=\"n\"/>{Literal("f(n + 1)")}</encapsulatedLogic></businessKnowledgeModel>"), "x.dmn").Model!;
        Assert.Throws<FeelBudgetException>(() => model.Evaluate("d", new Dictionary<string, object?>()));
    }

    [Fact]
    public void A_fault_in_one_decision_leaves_the_others_usable()
    {
        var reading = DmnModel.Read(Model(Literal("1 +"), $"<decision id=\"e\" name=\"e\">{Literal("1 + 1")}</decision>"), "x.dmn");
        var fault = Assert.Single(reading.Faults);
        Assert.Equal(("dmn-feel", "feel-end"), (fault.Code, fault.Feel!.Code));
        Assert.Equal(2m, reading.Model!.Evaluate("e", new Dictionary<string, object?>()).Value);
        var broken = reading.Model.Evaluate("d", new Dictionary<string, object?>());
        Assert.Null(broken.Value);
        Assert.Equal(NullReason.Broken, Assert.Single(broken.Reasons).Why);
    }

    [Fact]
    public void Boxed_expressions_nest_only_so_deep()
    {
        var deep = string.Concat(Enumerable.Repeat("<list>", 400)) + string.Concat(Enumerable.Repeat("</list>", 400));
        Assert.Contains("dmn-deep", DmnModel.Read(Model(deep), "x.dmn").Faults.Select(f => f.Code));
    }

    [Fact]
    public void An_import_that_leads_to_another_model_again_and_again_is_told()
    {
        var text = Model(Literal("1"), "<import name=\"other\" namespace=\"o\" importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>");
        Assert.Equal("dmn-import", Assert.Single(DmnModel.Read(text, "x.dmn", (_, _) => text).Faults).Code);
    }

    [Fact]
    public void Long_chains_of_requirements_and_deep_types_do_not_reach_the_end_of_the_stack()
    {
        var chain = string.Concat(Enumerable.Range(1, 20_000).Select(i => $"<decision id=\"c{i}\" name=\"c{i}\"><informationRequirement><requiredDecision href=\"#c{i + 1}\"/></informationRequirement>{Literal("1")}</decision>"));
        Run(Model(Literal("1"), chain));
        var deep = string.Concat(Enumerable.Repeat("<itemComponent name=\"a\">", 30_000)) + string.Concat(Enumerable.Repeat("</itemComponent>", 30_000));
        Run(Model(Literal("1"), $"<itemDefinition name=\"t\">{deep}</itemDefinition>"));
    }

    [Fact]
    public void A_check_tells_names_and_types_with_their_places()
    {
        var model = DmnModel.Read(Model("""
            <informationRequirement><requiredInput href="#a"/></informationRequirement>
            <decisionTable><input><inputExpression><text>age</text></inputExpression></input><output/>
            <rule><inputEntry><text>"old"</text></inputEntry><outputEntry><text>agee + 1</text></outputEntry></rule></decisionTable>
            """, "<inputData id=\"a\" name=\"age\"><variable name=\"age\" typeRef=\"number\"/></inputData>"), "x.dmn").Model!;
        var findings = model.Check();
        Assert.Equal(["feel-operands", "feel-unknown-name-suggest"], findings.Select(f => f.Feel!.Code));
        Assert.All(findings, f => Assert.Equal(3, f.Line));
    }

    [Fact]
    public void An_imported_model_that_is_not_there_is_told()
    {
        var reading = DmnModel.Read(Model(Literal("1"), "<import name=\"other\" namespace=\"o\" importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>"), "x.dmn", (_, _) => null);
        Assert.Equal("dmn-import", Assert.Single(reading.Faults).Code);
    }
}
