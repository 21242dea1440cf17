using Guantong.Feel.Functions;
using Guantong.Feel.Parsing;

namespace Guantong.Feel.Checking;

/// <summary>What can be told of an expression without values: its type, and what in it can only come out as null.</summary>
/// <remarks>Where a type is not known nothing is said: a finding is never a guess.</remarks>
internal sealed partial class Checker(string text, Sources? sources = null)
{
    private readonly List<(FeelFault Finding, Source? At)> _findings = [];
    private Source? _source;

    public IReadOnlyList<FeelFault> Findings => [.. _findings.Select(f => f.Finding)];

    /// <summary>The findings with the texts that they are about, where there are many.</summary>
    public IReadOnlyList<(FeelFault Finding, Source? At)> Located => _findings;

    /// <summary>Tests of a value of a type, as in a cell.</summary>
    public void Check(CellTests cell, FeelType tested, Names names)
    {
        var outer = _source;
        _source = sources?.Of(cell) ?? _source;
        foreach (var test in cell.Tests ?? [])
            InferTest(test, names.With("?", tested), tested);
        _source = outer;
    }

    /// <summary>An expression's type; what is wrong in it is noted.</summary>
    public FeelType Infer(Expr e, Names names)
    {
        if (sources?.Of(e) is not { } source)
            return InferHere(e, names);
        var outer = _source;
        _source = source;
        var type = InferHere(e, names);
        _source = outer;
        return type;
    }

    private FeelType InferHere(Expr e, Names names) => e switch
    {
        Expr.Literal l => OfLiteral(l.Value),
        Expr.Name n => Name(n, names),
        Expr.Negate n => Negate(n, names),
        Expr.Binary b => Binary(b, names),
        Expr.If i => If(i, names),
        Expr.Between b => Between(b, names),
        Expr.In i => In(i, names),
        Expr.Range r => new RangeType(Types.Join(Infer(r.From, names), Infer(r.To, names))),
        Expr.OpenRange r => new RangeType(Infer(r.Bound, names)),
        Expr.ListOf l => new ListType(l.Items.Select(i => Infer(i, names)).Aggregate((FeelType?)null, (a, b) => a is null ? b : Types.Join(a, b)) ?? FeelType.Any),
        Expr.Context c => Context(c.Entries, names),
        Expr.Path p => Path(p, names),
        Expr.Filter f => Filter(f, names),
        Expr.Call c => Call(c, names),
        Expr.Lambda l => Lambda(l, names),
        Expr.For f => new ListType(Infer(f.Return, Over(f.Over, names).With("partial", FeelType.AnyList))),
        Expr.Quantified q => Quantified(q, names),
        Expr.InstanceOf i => InstanceOf(i, names),
        Expr.Coerce c => Infer(c.Of, names) is var of && ReferenceEquals(c.Type, FeelType.Any) ? of : c.Type,
        Expr.Boxed b => Boxed(b, names),
        Expr.Row r => new ContextType([.. r.Entries.Select(x => (x.Key, Infer(x.Value, names)))]),
        Expr.Foreign x => x.Infer(this, names),
        _ => FeelType.Any,
    };

    private static FeelType OfLiteral(FeelValue value) => value.IsNull ? FeelType.Null : FeelType.Of(value);

    private FeelType Name(Expr.Name n, Names names)
    {
        if (names.Find(n.Id) is { } known)
            return known;
        if (BuiltIns.Find(n.Id) is { } function)
            return function.Type;
        if (names.MayHoldMore)
            return FeelType.Any;
        if (Suggestion.For(n.Id, names.All.Concat(BuiltIns.Names)) is { } meant)
            Tell("feel-unknown-name-suggest", n, n.Id, meant);
        else
            Tell("feel-unknown-name", n, n.Id);
        return FeelType.Any;
    }

    private FeelType If(Expr.If i, Names names)
    {
        Want(FeelType.Boolean, i.Condition, names);
        return Types.Join(Infer(i.Then, names), Infer(i.Else, names));
    }

    private FeelType In(Expr.In i, Names names)
    {
        var tested = Infer(i.Value, names);
        foreach (var test in i.Tests)
            InferTest(test, names.With("?", tested), tested);
        return FeelType.Boolean;
    }

    private void InferTest(Expr test, Names names, FeelType tested)
    {
        if (test is Expr.Test comparison)
            Comparable(comparison.Operator, test, tested, Infer(comparison.Bound, names));
        else if (Infer(test, names) is KindType literal && test is Expr.Literal)
            Comparable("=", test, tested, literal);
    }

    private ContextType Context(IReadOnlyList<(string Key, Expr Value)> entries, Names names)
    {
        var types = new List<(string, FeelType)>();
        var (inner, known) = names.Inner();
        foreach (var (key, value) in entries)
        {
            // A function may call itself by its key; what it gives is then not known yet.
            if ((value is Expr.Coerce c ? c.Of : value) is Expr.Lambda)
                known[key] = FeelType.Any;
            var type = Infer(value, inner);
            types.Add((key, type));
            known[key] = type;
        }
        return new ContextType(types);
    }

    private FeelType Boxed(Expr.Boxed boxed, Names names)
    {
        var context = Context(boxed.Entries, names);
        return boxed.Result is { } result ? Infer(result, names.Inside(context)) : context;
    }

    private FeelType Path(Expr.Path p, Names names)
    {
        var of = Infer(p.Of, names);
        if (Types.Member(of, p.Key) is { } member)
            return member;
        if (Suggestion.For(p.Key, Types.Members(of)) is { } meant)
            Tell("feel-unknown-member-suggest", p, p.Key, of.ToString(), meant);
        else
            Tell("feel-unknown-member", p, p.Key, of.ToString());
        return FeelType.Any;
    }

    private FeelType Filter(Expr.Filter f, Names names)
    {
        var of = Infer(f.Of, names);
        var item = Types.Plain(of) is ListType list ? list.Item : of;
        var inner = names.With("item", item).Inside(item);
        if (f.By is Expr.Test)
        {
            InferTest(f.By, inner.With("?", item), item);
            return new ListType(item);
        }
        var by = Infer(f.By, inner);
        if (by is KindType && by != FeelType.Number && by != FeelType.Boolean && by != FeelType.Null)
            Tell("feel-type", f.By, by.ToString(), "boolean");
        return by == FeelType.Number ? f.By is Expr.Literal ? item : FeelType.Any : by == FeelType.Boolean ? new ListType(item) : FeelType.Any;
    }

    private FunctionType Lambda(Expr.Lambda l, Names names)
    {
        foreach (var (name, type) in l.Parameters)
            names = names.With(name, type);
        return new FunctionType([.. l.Parameters.Select(p => p.Type)], [.. l.Parameters.Select(p => p.Name)], Infer(l.Body, names));
    }

    private Names Over(IReadOnlyList<Iteration> over, Names names)
    {
        foreach (var iteration in over)
        {
            var source = Types.Plain(Infer(iteration.In, names));
            if (iteration.To is { } to)
                Comparable("..", to, source, Infer(to, names));
            names = names.With(iteration.Name, source switch { ListType list => list.Item, RangeType range => range.Point, _ => source });
        }
        return names;
    }

    private FeelType Quantified(Expr.Quantified q, Names names)
    {
        Want(FeelType.Boolean, q.Satisfies, Over(q.Over, names));
        return FeelType.Boolean;
    }

    private FeelType InstanceOf(Expr.InstanceOf i, Names names)
    {
        Infer(i.Value, names);
        if (i.Type is null)
            Tell("feel-unknown-type", i, i.TypeName);
        return FeelType.Boolean;
    }

    private void Want(FeelType wanted, Expr e, Names names)
    {
        if (Types.Plain(Infer(e, names)) is KindType found && found != wanted && found != FeelType.Null)
            Tell("feel-type", e, found.ToString(), wanted.ToString());
    }

    private void Tell(string code, Expr at, params string[] args) => _findings.Add((FeelFault.At(_source?.Text ?? text, code, at.Start, args), _source));
}
