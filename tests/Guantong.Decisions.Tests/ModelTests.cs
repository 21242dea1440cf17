using Guantong.Decisions;
using Guantong.Feel;

namespace Guantong.Tests;

/// <summary>Models of every version, and ways to evaluate them.</summary>
public sealed class ModelTests
{
    private static readonly Dictionary<string, object?> Nothing = [];

    private static DmnModel Read(string inside, string version = "https://www.omg.org/spec/DMN/20230324/MODEL/")
    {
        var reading = Reading(inside, version);
        Assert.Empty(reading.Faults.Select(f => f.Message("en")));
        return reading.Model!;
    }

    private static DmnReading Reading(string inside, string version = "https://www.omg.org/spec/DMN/20230324/MODEL/") =>
        DmnModel.Read($"<definitions xmlns=\"{version}\" xmlns:feel=\"https://www.omg.org/spec/DMN/20230324/FEEL/\" namespace=\"n\" name=\"m\">{inside}</definitions>", "m.dmn");

    [Theory]
    [InlineData("http://www.omg.org/spec/DMN/20180521/MODEL/"), InlineData("https://www.omg.org/spec/DMN/20191111/MODEL/")]
    [InlineData("https://www.omg.org/spec/DMN/20211108/MODEL/"), InlineData("https://www.omg.org/spec/DMN/20230324/MODEL/")]
    public void Models_of_DMN_1_2_to_1_5_are_read(string version) =>
        Assert.Equal(2m, Read("<decision id=\"d\" name=\"d\"><variable name=\"d\" typeRef=\"feel:number\"/><literalExpression><text>1 + 1</text></literalExpression></decision>", version).Evaluate("d", Nothing).Value);

    [Theory]
    [InlineData("other", "other.rate * 2", "other.tRate"), InlineData("", "rate * 2", "tRate")]
    public void An_imported_decision_and_type_are_used_by_the_name_of_the_import(string name, string text, string type)
    {
        const string Other = """
            <definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="o" name="o"><itemDefinition name="tRate"><typeRef>number</typeRef></itemDefinition>
            <decision id="r" name="rate"><variable name="rate" typeRef="tRate"/><literalExpression><text>21</text></literalExpression></decision></definitions>
            """;
        var reading = DmnModel.Read($"""
            <definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m"><import name="{name}" namespace="o" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
            <decision id="d" name="d"><variable name="d" typeRef="{type}"/><informationRequirement><requiredDecision href="o#r"/></informationRequirement>
            <literalExpression><text>{text}</text></literalExpression></decision></definitions>
            """, "m.dmn", (space, _) => space == "o" ? Other : null);
        Assert.Empty(reading.Faults.Select(f => f.Message("en")));
        Assert.Empty(reading.Model!.Check());
        Assert.Equal(42m, reading.Model.Evaluate("d", Nothing).Value);
    }

    [Fact]
    public void Another_expression_language_is_told_by_name()
    {
        var reading = Reading("<decision id=\"d\" name=\"d\"><literalExpression expressionLanguage=\"javascript\"><text>a ? b : c</text></literalExpression></decision>");
        Assert.Equal("dmn-external", Assert.Single(reading.Faults).Code);
        var outcome = reading.Model!.Evaluate("d", Nothing);
        Assert.Null(outcome.Value);
        Assert.Equal("not supported: javascript", Assert.Single(outcome.Reasons).Message("en"));
    }

    [Theory]
    [InlineData("<for iteratorVariable=\"x\"><in><literalExpression><text>1..4</text></literalExpression></in><return><literalExpression><text>x + count(partial)</text></literalExpression></return></for>", "[1, 3, 5, 7]")]
    [InlineData("<for iteratorVariable=\"x\"><in><literalExpression><text>[1, 2, 3]</text></literalExpression></in><return><literalExpression><text>x + count(partial)</text></literalExpression></return></for>", "[1, 3, 5]")]
    [InlineData("<relation><column name=\"a\"/><column name=\"b c\"/><row><literalExpression><text>1</text></literalExpression><literalExpression><text>2</text></literalExpression></row></relation>", "[{a: 1, b c: 2}]")]
    [InlineData("<filter><in><literalExpression><text>[{a: 1}, {a: 5}]</text></literalExpression></in><match><literalExpression><text>a > 2</text></literalExpression></match></filter>", "[{a: 5}]")]
    [InlineData("<conditional><if><literalExpression><text>1 > 2</text></literalExpression></if><then><literalExpression><text>1</text></literalExpression></then><else><list><literalExpression><text>2</text></literalExpression></list></else></conditional>", "[2]")]
    [InlineData("<context><contextEntry><variable name=\"f\"/><functionDefinition><formalParameter name=\"n\"/><literalExpression><text>if n = 0 then 1 else n * f(n - 1)</text></literalExpression></functionDefinition></contextEntry><contextEntry><literalExpression><text>f(5)</text></literalExpression></contextEntry></context>", "120")]
    [InlineData("<invocation><literalExpression><text>substring</text></literalExpression><binding><parameter name=\"string\"/><literalExpression><text>\"abc\"</text></literalExpression></binding><binding><parameter name=\"start position\"/><literalExpression><text>2</text></literalExpression></binding></invocation>", "bc")]
    [InlineData("<every iteratorVariable=\"x\"><in><literalExpression><text>[1, 2]</text></literalExpression></in><satisfies><literalExpression><text>x > 0</text></literalExpression></satisfies></every>", "true")]
    [InlineData("<decisionTable hitPolicy=\"COLLECT\" aggregation=\"SUM\"><input><inputExpression><text>7</text></inputExpression></input><output/><rule><inputEntry><text>&gt; 5</text></inputEntry><outputEntry><text>1</text></outputEntry></rule><rule><inputEntry><text>odd(?)</text></inputEntry><outputEntry><text>10</text></outputEntry></rule></decisionTable>", "11")]
    public void Boxed_expressions(string boxed, string expected) =>
        Assert.Equal(expected, Read($"<decision id=\"d\" name=\"d\">{boxed}</decision>".Replace("a > 2", "a &gt; 2", StringComparison.Ordinal).Replace("1 > 2", "1 &gt; 2", StringComparison.Ordinal).Replace("x > 0", "x &gt; 0", StringComparison.Ordinal)).Evaluate("d", Nothing).Result.ToString());

    private const string Service = """
        <inputData id="a" name="amount"><variable name="amount" typeRef="number"/></inputData>
        <decision id="r" name="rate"><literalExpression><text>0.1</text></literalExpression></decision>
        <decision id="f" name="fee"><informationRequirement><requiredInput href="#a"/></informationRequirement><informationRequirement><requiredDecision href="#r"/></informationRequirement>
        <literalExpression><text>amount * rate</text></literalExpression></decision>
        <decisionService id="s" name="fees"><outputDecision href="#f"/><encapsulatedDecision href="#r"/><inputData href="#a"/></decisionService>
        <decisionService id="s2" name="rated"><outputDecision href="#f"/><inputDecision href="#r"/><inputData href="#a"/></decisionService>
        <businessKnowledgeModel id="k" name="twice"><encapsulatedLogic><formalParameter name="n" typeRef="number"/><literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
        """;

    [Fact]
    public void A_service_works_out_what_it_encapsulates_and_takes_what_it_is_given()
    {
        var model = Read(Service);
        Assert.Equal(10m, model.EvaluateService("fees", new Dictionary<string, object?> { ["amount"] = 100m }).Value);
        Assert.Equal(50m, model.EvaluateService("rated", new Dictionary<string, object?> { ["amount"] = 100m, ["rate"] = 0.5m }).Value);
        Assert.Equal(["fees", "rated"], model.Services);
    }

    [Fact]
    public void A_knowledge_model_is_called_by_name()
    {
        var model = Read(Service);
        Assert.Equal(8m, model.EvaluateKnowledge("twice", new Dictionary<string, object?> { ["n"] = 4 }).Value);
        var wrong = model.EvaluateKnowledge("twice", new Dictionary<string, object?> { ["n"] = "four" });
        Assert.Null(wrong.Value);
        Assert.Equal("a string does not conform to the type number", Assert.Single(wrong.Reasons).Message("en"));
    }

    [Fact]
    public void A_prepared_decision_gives_what_an_evaluated_one_gives()
    {
        var model = Read(Service);
        var program = model.Prepare("fee", ["amount"]);
        foreach (var amount in new[] { 1m, 2.5m, 1000m })
            Assert.Equal(model.Evaluate("fee", new Dictionary<string, object?> { ["amount"] = amount }).Value, FeelClr.To(program.Run(amount)));
    }

    [Fact]
    public void Values_on_the_way_and_inputs_are_told()
    {
        var model = Read(Service);
        Assert.Equal(0.1m, model.Evaluate("fee", new Dictionary<string, object?> { ["amount"] = 1m }).Intermediate["rate"]);
        Assert.Equal(["amount"], model.Decisions.Single(d => d.Name == "fee").Inputs);
    }

    [Fact]
    public void An_evaluation_can_be_given_less_than_the_usual_budget() =>
        Assert.Throws<FeelBudgetException>(() => Read("<decision id=\"d\" name=\"d\"><literalExpression><text>for i in 1..1000 return i</text></literalExpression></decision>")
            .Evaluate("d", Nothing, new FeelSession(new FeelLimits(100))));

    [Fact]
    public void The_clock_is_the_sessions() =>
        Assert.Equal(new DateOnly(2024, 2, 29), Read("<decision id=\"d\" name=\"d\"><literalExpression><text>today()</text></literalExpression></decision>")
            .Evaluate("d", Nothing, new FeelSession(FeelLimits.Default, new DateTimeOffset(2024, 2, 29, 23, 0, 0, TimeSpan.Zero))).Value);
}
