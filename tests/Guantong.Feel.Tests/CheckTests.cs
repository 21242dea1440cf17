using Guantong.Feel;

namespace Guantong.Tests;

/// <summary>What the static checker tells, and where.</summary>
public sealed class CheckTests
{
    private static readonly FeelType Person = new ContextType([("name", FeelType.String), ("date of birth", FeelType.Date), ("income", FeelType.Number)]);

    private static readonly Dictionary<string, FeelType> Declared = new()
    {
        ["applicant"] = Person, ["people"] = new ListType(Person), ["total cost"] = FeelType.Number, ["flag"] = FeelType.Boolean, ["anything"] = FeelType.Any,
    };

    private static FeelCheck Check(string text)
    {
        var reading = FeelExpression.Parse(text, Declared);
        Assert.Null(reading.Fault?.Message("en"));
        return reading.Expression!.Check(Declared);
    }

    [Theory]
    [InlineData("total cost + 1", "number"), InlineData("applicant.name", "string"), InlineData("people.income", "list<number>"), InlineData("people[income > 5]", "list<context<name: string, date of birth: date, income: number>>")]
    [InlineData("people[1].name", "string"), InlineData("for p in people return p.date of birth", "list<date>"), InlineData("if flag then 1 else 2", "number"), InlineData("if flag then 1 else \"a\"", "Any")]
    [InlineData("applicant.date of birth + duration(\"P1D\")", "Any"), InlineData("applicant.date of birth + @\"P1D\"", "date"), InlineData("@\"2020-01-01\" - @\"2019-01-01\"", "days and time duration")]
    [InlineData("sum(people.income) / count(people)", "number"), InlineData("function(x: number) x > 1", "function<number> -> boolean"), InlineData("{a: 1, b: a + 1}.b", "number"), InlineData("[1..5]", "range<number>")]
    [InlineData("anything.x.y", "Any"), InlineData("some p in people satisfies p.income > 1", "boolean"), InlineData("null", "Null"), InlineData("anything[unknown > 1]", "list<Any>"), InlineData("people[date of birth = null]", "list<context<name: string, date of birth: date, income: number>>")]
    public void A_type_is_inferred(string text, string type)
    {
        var check = Check(text);
        Assert.Empty(check.Findings.Select(f => f.Message("en")));
        Assert.Equal(type, check.Type.ToString());
    }

    [Theory]
    [InlineData("totl cost", 1, 1, "feel-unknown-name-suggest", "total cost"), InlineData("1 +\n aplicant.name", 2, 2, "feel-unknown-name-suggest", "applicant")]
    [InlineData("zzz + 1", 1, 1, "feel-unknown-name", "zzz"), InlineData("applicant.nme", 1, 1, "feel-unknown-member-suggest", "name"), InlineData("people[incme > 1]", 1, 8, "feel-unknown-name-suggest", "income")]
    [InlineData("applicant.name + 1", 1, 1, "feel-operands", "string"), InlineData("total cost = \"a\"", 1, 1, "feel-operands", "number"), InlineData("if total cost then 1 else 2", 1, 4, "feel-type", "number")]
    [InlineData("floor(\"a\")", 1, 1, "feel-arguments", "floor"), InlineData("substring(\"a\")", 1, 1, "feel-arguments", "substring"), InlineData("total cost(1)", 1, 1, "feel-type", "number")]
    [InlineData("1 between \"a\" and 2", 1, 11, "feel-operands", "number"), InlineData("1 instance of foo", 1, 1, "feel-unknown-type", "foo"), InlineData("string lenght(\"a\")", 1, 1, "feel-unknown-name-suggest", "string length")]
    [InlineData("total cost in (\"a\", > 5)", 1, 16, "feel-operands", "number")]
    public void A_mistake_is_told_with_its_place(string text, int line, int column, string code, string about)
    {
        var finding = Assert.Single(Check(text).Findings);
        Assert.Equal((line, column, code), (finding.Line, finding.Column, finding.Code));
        Assert.Contains(about, finding.Message("en"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_is_checked_against_its_column()
    {
        var (tests, _) = UnaryTests.Parse("\"a\", > 5, [1..3]");
        var finding = Assert.Single(tests!.Check(FeelType.Number, Declared));
        Assert.Equal((1, "feel-operands"), (finding.Column, finding.Code));
    }
}
