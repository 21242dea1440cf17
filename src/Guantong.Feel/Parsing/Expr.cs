using Guantong.Feel.Checking;
using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Parsing;

/// <summary>The parsed tree; every node knows from where to where it stands in the text.</summary>
internal abstract record Expr
{
    public int Start { get; init; }

    public int End { get; init; }

    /// <summary>The nodes right below this one.</summary>
    public IReadOnlyList<Expr> Parts => this switch
    {
        Negate n => [n.Of],
        Binary b => [b.Left, b.Right],
        If i => [i.Condition, i.Then, i.Else],
        Between b => [b.Value, b.Low, b.High],
        In i => [i.Value, .. i.Tests],
        Test t => [t.Bound],
        Range r => [r.From, r.To],
        OpenRange r => [r.Bound],
        ListOf l => l.Items,
        Context c => [.. c.Entries.Select(e => e.Value)],
        Path p => [p.Of],
        Filter f => [f.Of, f.By],
        Call c => [c.Target, .. c.Arguments],
        Lambda l => [l.Body],
        For f => [.. Sources(f.Over), f.Return],
        Quantified q => [.. Sources(q.Over), q.Satisfies],
        InstanceOf i => [i.Value],
        Coerce c => [c.Of],
        Boxed b => [.. b.Entries.Select(e => e.Value), .. b.Result is null ? (Expr[])[] : [b.Result]],
        Row r => [.. r.Entries.Select(e => e.Value)],
        Foreign x => x.Inside,
        _ => [],
    };

    private static IEnumerable<Expr> Sources(IReadOnlyList<Iteration> over) => over.SelectMany(o => o.To is null ? (Expr[])[o.In] : [o.In, o.To]);

    /// <summary>Whether more nodes than these stand below one another, told without recursion.</summary>
    public bool IsDeeperThan(int levels)
    {
        var open = new Stack<(Expr Node, int Level)>([(this, 1)]);
        while (open.TryPop(out var next))
        {
            if (next.Level > levels)
                return true;
            foreach (var part in next.Node.Parts)
                open.Push((part, next.Level + 1));
        }
        return false;
    }

    public sealed record Literal(FeelValue Value) : Expr;

    public sealed record Name(string Id) : Expr;

    public sealed record Negate(Expr Of) : Expr;

    /// <summary>+ - * / **, = != &lt; &lt;= &gt; &gt;=, and, or.</summary>
    public sealed record Binary(string Operator, Expr Left, Expr Right) : Expr;

    public sealed record If(Expr Condition, Expr Then, Expr Else) : Expr;

    public sealed record Between(Expr Value, Expr Low, Expr High) : Expr;

    public sealed record In(Expr Value, IReadOnlyList<Expr> Tests) : Expr;

    /// <summary>A comparison with the value under test, as in unary tests and after <c>in</c>.</summary>
    public sealed record Test(string Operator, Expr Bound) : Expr;

    /// <summary>A range by its ends, or by an operator: (&lt; 10).</summary>
    public sealed record Range(Expr From, bool StartIncluded, Expr To, bool EndIncluded) : Expr;

    public sealed record OpenRange(string Operator, Expr Bound) : Expr;

    public sealed record ListOf(IReadOnlyList<Expr> Items) : Expr;

    public sealed record Context(IReadOnlyList<(string Key, Expr Value)> Entries) : Expr;

    public sealed record Path(Expr Of, string Key) : Expr;

    public sealed record Filter(Expr Of, Expr By) : Expr;

    public sealed record Call(Expr Target, IReadOnlyList<Expr> Arguments, IReadOnlyList<string>? Names) : Expr;

    public sealed record Lambda(IReadOnlyList<(string Name, FeelType Type)> Parameters, Expr Body) : Expr
    {
        /// <summary>What its name is, where it has one.</summary>
        public string Called { get; init; } = "";

        /// <summary>What its result has to be.</summary>
        public FeelType Result { get; init; } = FeelType.Any;
    }

    /// <summary>A function of another language, which is not run (§10.3.2.13.4).</summary>
    public sealed record External(string What) : Expr;

    public sealed record For(IReadOnlyList<Iteration> Over, Expr Return) : Expr;

    public sealed record Quantified(bool Every, IReadOnlyList<Iteration> Over, Expr Satisfies) : Expr;

    public sealed record InstanceOf(Expr Value, FeelType? Type, string TypeName) : Expr;

    /// <summary>A value that a declared type is put on (§10.3.2.9.4).</summary>
    public sealed record Coerce(Expr Of, FeelType Type) : Expr;

    /// <summary>A boxed context (§10.2.1.4): entries with types, and perhaps a result that it stands for.</summary>
    public sealed record Boxed(IReadOnlyList<(string Key, Expr Value)> Entries, Expr? Result) : Expr;

    /// <summary>A row of a relation: a context whose cells do not see each other (§10.2.1.6).</summary>
    public sealed record Row(IReadOnlyList<(string Key, Expr Value)> Entries) : Expr;

    /// <summary>A text that is no FEEL: it has no value.</summary>
    public sealed record Broken(FeelFault Fault) : Expr;

    /// <summary>Logic of another room, compiled in the same scope.</summary>
    public sealed record Foreign(Func<Scope, Evaluator> Compile, IReadOnlyList<Expr> Inside, Func<Checker, Names, FeelType> Infer) : Expr;
}

/// <summary>A variable with what it runs over: a list or range, or from one end to another.</summary>
internal sealed record Iteration(string Name, Expr In, Expr? To)
{
    public FeelType Type { get; init; } = FeelType.Any;
}
