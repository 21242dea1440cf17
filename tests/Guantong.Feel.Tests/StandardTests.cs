using Guantong.Feel;

namespace Guantong.Tests;

/// <summary>The built-in functions by examples of their tables (DMN 1.5 §10.3.4): an expression and one that says the same.</summary>
public sealed class StandardTests
{
    private static string Run(string text)
    {
        var reading = FeelExpression.Parse(text);
        Assert.True(reading.Fault is null, $"{text}: {reading.Fault?.Message("en")}");
        return reading.Expression!.Evaluate(new Dictionary<string, object?>(), new FeelSession(FeelLimits.Default, new DateTimeOffset(2024, 2, 29, 12, 30, 0, TimeSpan.FromHours(8)))).ToString();
    }

    [Theory]
    [InlineData("number(\"1 000,0\", \" \", \",\")", "1000"), InlineData("number(\"1,000.5\", \",\", \".\")", "1000.5"), InlineData("string(1.1)", "\"1.1\""), InlineData("string(null)", "null"), InlineData("not(null)", "null")]
    [InlineData("date(2012, 12, 24) - date(2012, 12, 23)", "duration(\"P1D\")"), InlineData("date and time(\"2012-12-24T23:59:00\") + duration(\"PT1M\")", "date and time(\"2012-12-25T00:00:00\")")]
    [InlineData("time(\"23:59:00z\") + duration(\"PT2M\")", "@\"00:01:00Z\""), InlineData("duration(\"P2DT20H14M\")", "@\"P2DT20H14M\""), InlineData("years and months duration(date(\"2011-12-22\"), date(\"2013-08-24\"))", "@\"P1Y8M\"")]
    public void Conversions(string text, string same) => Assert.Equal(Run(same), Run(text));

    [Theory]
    [InlineData("substring(\"foobar\", 3)", "\"obar\""), InlineData("substring(\"foobar\", 3, 3)", "\"oba\""), InlineData("substring(\"foobar\", -2, 1)", "\"a\""), InlineData("substring(\"\\U01F40Eab\", 2)", "\"ab\"")]
    [InlineData("string length(\"\\U01F40Eab\")", "3"), InlineData("upper case(\"aBc4\")", "\"ABC4\""), InlineData("substring before(\"foobar\", \"bar\")", "\"foo\""), InlineData("substring before(\"foobar\", \"xyz\")", "\"\"")]
    [InlineData("substring after(\"foobar\", \"ob\")", "\"ar\""), InlineData("substring after(\"\", \"a\")", "\"\""), InlineData("replace(\"abcd\", \"(ab)|(a)\", \"[1=$1][2=$2]\")", "\"[1=ab][2=]cd\""), InlineData("contains(\"foobar\", \"of\")", "false")]
    [InlineData("starts with(\"foobar\", \"fo\")", "true"), InlineData("ends with(\"foobar\", \"r\")", "true"), InlineData("matches(\"foobar\", \"^fo*b\")", "true"), InlineData("split(\"John Doe\", \"\\\\s\")", "[\"John\", \"Doe\"]")]
    [InlineData("split(\"a;b;c;;\", \";\")", "[\"a\", \"b\", \"c\", \"\", \"\"]"), InlineData("string join([\"a\", \"b\", \"c\"], \"_and_\")", "\"a_and_b_and_c\""), InlineData("string join([\"a\", null, \"c\"])", "\"ac\"")]
    public void Strings(string text, string same) => Assert.Equal(Run(same), Run(text));

    [Theory]
    [InlineData("list contains([1, 2, 3], 2)", "true"), InlineData("count([1, [2, 3]])", "2"), InlineData("min(1, 2, 3)", "1"), InlineData("max([])", "null"), InlineData("sum([])", "null"), InlineData("mean(1, 2, 3)", "2")]
    [InlineData("all([false, null, true])", "false"), InlineData("all([true, null])", "null"), InlineData("all([])", "true"), InlineData("any([false, null, true])", "true"), InlineData("any([])", "false"), InlineData("any(0)", "null")]
    [InlineData("sublist([4, 5, 6], 1, 2)", "[4, 5]"), InlineData("append([1], 2, 3)", "[1, 2, 3]"), InlineData("concatenate([1, 2], [3])", "[1, 2, 3]"), InlineData("insert before([1, 3], 1, 2)", "[2, 1, 3]"), InlineData("remove([1, 2, 3], 2)", "[1, 3]")]
    [InlineData("reverse([1, 2, 3])", "[3, 2, 1]"), InlineData("index of([1, 2, 3, 2], 2)", "[2, 4]"), InlineData("union([1, 2], [2, 3])", "[1, 2, 3]"), InlineData("union(list: [1, 1])", "[1]"), InlineData("concatenate(list: 1)", "[1]"), InlineData("append(list: [1], item: [2])", "[1, [2]]"), InlineData("distinct values([1, 2, 3, 2, 1])", "[1, 2, 3]"), InlineData("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]")]
    [InlineData("product([2, 3, 4])", "24"), InlineData("median(8, 2, 5, 3, 4)", "4"), InlineData("median([6, 1, 2, 3])", "2.5"), InlineData("median([])", "null"), InlineData("decimal(stddev(2, 4, 7, 5), 4)", "2.0817"), InlineData("stddev([47])", "null")]
    [InlineData("mode(6, 3, 9, 6, 6)", "[6]"), InlineData("mode([6, 1, 9, 6, 1])", "[1, 6]"), InlineData("mode([])", "[]"), InlineData("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"), InlineData("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]")]
    public void Lists(string text, string same) => Assert.Equal(Run(same), Run(text));

    [Theory]
    [InlineData("decimal(1/3, 2)", "0.33"), InlineData("decimal(1.5, 0)", "2"), InlineData("decimal(2.5, 0)", "2"), InlineData("floor(-1.56, 1)", "-1.6"), InlineData("ceiling(-1.56, 1)", "-1.5"), InlineData("round up(-1.126, 2)", "-1.13")]
    [InlineData("round down(1.126, 2)", "1.12"), InlineData("round half up(-5.5, 0)", "-6"), InlineData("round half down(1.126, 2)", "1.13"), InlineData("modulo(12, 5)", "2"), InlineData("modulo(-12, 5)", "3"), InlineData("modulo(12, -5)", "-3")]
    [InlineData("modulo(-12, -5)", "-2"), InlineData("modulo(10.1, 4.5)", "1.1"), InlineData("modulo(-10.1, 4.5)", "3.4"), InlineData("abs(@\"-PT5H\")", "@\"PT5H\""), InlineData("sqrt(16)", "4"), InlineData("sqrt(-1)", "null")]
    [InlineData("decimal(log(10), 8)", "2.30258509"), InlineData("log(0)", "null"), InlineData("decimal(exp(5), 8)", "148.41315910"), InlineData("odd(5)", "true"), InlineData("even(2.5)", "null"), InlineData("4 ** 0.5", "2"), InlineData("(-8) ** (1/3)", "null")]
    public void Numbers(string text, string same) => Assert.Equal(Run(same), Run(text));

    [Theory]
    [InlineData("week of year(date(2019, 9, 17))", "38"), InlineData("week of year(date(2003, 12, 29))", "1"), InlineData("week of year(date(2004, 1, 4))", "1"), InlineData("week of year(date(2005, 1, 1))", "53"), InlineData("week of year(date(2005, 1, 3))", "1")]
    [InlineData("day of year(date(2019, 9, 17))", "260"), InlineData("day of week(date(2019, 9, 17))", "\"Tuesday\""), InlineData("month of year(date(2019, 9, 17))", "\"September\""), InlineData("date(\"-0044-03-15\").weekday", "4")]
    [InlineData("time(\"10:00:00@Local\")", "null"), InlineData("time(\"10:00:00@../UTC\")", "null"), InlineData("@\"10:00:00@Asia/Shanghai\".timezone", "\"Asia/Shanghai\""), InlineData("now()", "@\"2024-02-29T12:30:00+08:00\""), InlineData("today() + @\"P1Y\"", "@\"2025-02-28\""), InlineData("@\"2024-03-31T02:30:00@Europe/Paris\".time offset", "@\"PT1H\""), InlineData("@\"2024-10-27T02:30:00@Europe/Paris\".time offset", "@\"PT2H\"")]
    [InlineData("@\"12000-07-01T00:00:00@Europe/Paris\".time offset", "@\"PT2H\""), InlineData("@\"9999-12-31\" + @\"P1D\"", "date(10000, 1, 1)"), InlineData("date(999999999, 12, 31) + @\"P1D\"", "null"), InlineData("@\"0001-01-01\" - @\"P1D\"", "date(0, 12, 31)")]
    public void Dates(string text, string same) => Assert.Equal(Run(same), Run(text));

    [Theory]
    [InlineData("get value({key1: \"value1\"}, \"key1\")", "\"value1\""), InlineData("get entries({a: 1})", "[{key: \"a\", value: 1}]"), InlineData("context([{key: \"a\", value: 1}])", "{a: 1}"), InlineData("context put({x: 1}, \"y\", 2)", "{x: 1, y: 2}")]
    [InlineData("context put({x: 1, y: {a: 0}}, [\"y\", \"a\"], 2)", "{x: 1, y: {a: 2}}"), InlineData("context merge([{x: 1}, {x: 2, y: 3}])", "{x: 2, y: 3}"), InlineData("{foo+bar: 1}.foo+bar", "1"), InlineData("{date of birth: 1}.date of birth", "1")]
    public void Contexts(string text, string same) => Assert.Equal(Run(same), Run(text));

    [Theory]
    [InlineData("is(date(\"2012-12-25\"), time(\"23:00:50\"))", "false"), InlineData("is(time(\"23:00:50Z\"), time(\"23:00:50\"))", "false"), InlineData("before(1, [5..10])", "true"), InlineData("overlaps([1..5], (5..8])", "false")]
    [InlineData("[1..[7, 9][-1]].end", "9"), InlineData("[1..10[.end", "10"), InlineData("3 in ]1..3[", "false"), InlineData("during(5, [1..10])", "true"), InlineData("5 in (> 3)", "true"), InlineData("(< 10) = (null..10)", "false"), InlineData("[1..10].end included", "true"), InlineData("range(\"[1..3)\") = [1..3)", "true")]
    [InlineData("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"), InlineData("for i in 3..1 return i", "[3, 2, 1]"), InlineData("for i in [1, 2], j in [i, 9] return j", "[1, 9, 2, 9]"), InlineData("for d in @\"2024-02-28\"..@\"2024-03-01\" return d.day", "[28, 29, 1]")]
    [InlineData("[{a: 1}, {a: 2}][a > 1]", "[{a: 2}]"), InlineData("[1, 2, 3][-1]", "3"), InlineData("[{x: 1}, {x: 2}].x", "[1, 2]"), InlineData("-2 ** 2", "4"), InlineData("2 ** 3 ** 2", "64"), InlineData("null = null", "true"), InlineData("1 = \"1\"", "null")]
    [InlineData("0 between 1 and null", "false"), InlineData("2 between 1 and null", "null"), InlineData("0 in [1..null]", "false"), InlineData("true or null", "true"), InlineData("false and null", "false"), InlineData("true and 1", "null"), InlineData("if null then 1 else 2", "2"), InlineData("some x in [] satisfies x", "false"), InlineData("every x in [] satisfies x", "true")]
    public void Ranges_loops_and_logic(string text, string same) => Assert.Equal(Run(same), Run(text));

    [Theory]
    [InlineData("context put({x: 1}, null, 2)", "null"), InlineData("context put(null, \"x\", 1)", "null"), InlineData("context put({x: 1}, [], 2)", "null"), InlineData("context put({x: 1}, [\"y\", \"z\"], 2)", "null"), InlineData("context put({x: 1}, \"y\", null)", "{x: 1, y: null}")]
    [InlineData("context put(context: {x: {y: 1}}, keys: [\"x\", \"y\"], value: 2)", "{x: {y: 2}}"), InlineData("context merge([{x: 1}, null])", "null"), InlineData("context([{key: \"a\", value: 1}, {key: \"a\", value: 2}])", "null"), InlineData("context({key: \"a\", value: 1})", "{a: 1}")]
    [InlineData("for i in null return i", "null"), InlineData("for i in 1 return i", "[1]"), InlineData("for i in (1..3) return i", "[2]"), InlineData("for i in 1.5..3 return i", "null"), InlineData("for i in 1..2, j in i..3 return i * j", "[1, 2, 3, 4, 6]"), InlineData("for i in 1..3 return count(partial)", "[0, 1, 2]")]
    [InlineData("mode(null)", "null"), InlineData("mode([null])", "null"), InlineData("mode(list: [1, 1, 2])", "[1]"), InlineData("exp(number: 0)", "1"), InlineData("exp(\"a\")", "null"), InlineData("exp(100000)", "null"), InlineData("round down(n: -5.5, scale: 0)", "-5"), InlineData("round down(5.5, 6177)", "null")]
    [InlineData("substring(\"foobar\", 0)", "null"), InlineData("substring(\"foobar\", 3, 0)", "null"), InlineData("substring(\"foobar\", 3, 100)", "\"obar\""), InlineData("substring(string: \"foobar\", start position: 3, length: 3)", "\"oba\""), InlineData("week of year(\"2021-01-01\")", "null"), InlineData("week of year(@\"2021-01-01T00:00:00\")", "53")]
    [InlineData("range(\"[1..null]\")", "null"), InlineData("range(\"[2..1]\")", "null"), InlineData("range(from: \"(1..2)\")", "(1..2)"), InlineData("string join(\"a\", \",\")", "\"a\""), InlineData("string join([\"a\", 1])", "null"), InlineData("list replace([1, 2, 3], 0, 9)", "null"), InlineData("list replace([1, 2, 3], -1, null)", "[1, 2, null]")]
    [InlineData("list replace(list: [1, 2], match: function(i, n) i > 1, newItem: 0)", "[1, 0]"), InlineData("sort(1, function(x, y) x < y)", "[1]"), InlineData("sort(null, function(x, y) x < y)", "null"), InlineData("union([1], null)", "null"), InlineData("list contains([null], null)", "true"), InlineData("count(null)", "null"), InlineData("1[true]", "[1]"), InlineData("1[2]", "null")]
    [InlineData("date(2020, 13, 1)", "null"), InlineData("time(10, 0, 0, @\"PT25H\")", "null"), InlineData("duration(\"P1Y1D\")", "null"), InlineData("@\"2020-01-31\" + @\"P1M\"", "@\"2020-02-29\""), InlineData("@\"10:00:00\" - @\"PT11H\"", "@\"23:00:00\""), InlineData("@\"P1Y\" / @\"P1M\"", "12"), InlineData("number(\"1.000,5\", \".\", \",\")", "1000.5")]
    public void Missing_and_unfit_arguments_singletons_and_names_of_parameters(string text, string same) => Assert.Equal(Run(same), Run(text));
}
