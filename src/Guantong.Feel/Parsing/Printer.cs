using System.Text;

namespace Guantong.Feel.Parsing;

/// <summary>Writes a tree as FEEL that parses to the same tree, with as few brackets as that takes.</summary>
internal sealed class Printer
{
    // From the loosest to the tightest, as in rule 2 of the grammar.
    private const int Loosest = 0;
    private const int Or = 1;
    private const int And = 2;
    private const int TypeTest = 3;
    private const int Comparison = 4;
    private const int Additive = 5;
    private const int Multiplicative = 6;
    private const int Power = 7;
    private const int Sign = 8;
    private const int Postfix = 9;

    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _odd;

    private Printer(IEnumerable<string> odd) => _odd = [.. odd.Where(n => n.Length > 0 && NameText.IsStart(n[0]) && !NameText.IsPlain(n))];

    /// <param name="e">The tree.</param>
    /// <param name="known">Names that the text will be read with, beside those that it declares.</param>
    public static string Print(Expr e, IEnumerable<string>? known = null)
    {
        var printer = new Printer([.. known ?? [], .. Declared(e)]);
        printer.Write(e, Loosest);
        return printer._text.ToString();
    }

    private static IEnumerable<string> Declared(Expr e) => (e switch
    {
        Expr.Name n => [n.Id],
        Expr.Context c => c.Entries.Select(x => x.Key),
        Expr.Lambda l => l.Parameters.Select(p => p.Name),
        Expr.For f => f.Over.Select(o => o.Name),
        Expr.Quantified q => q.Over.Select(o => o.Name),
        _ => [],
    }).Concat(e.Parts.SelectMany(Declared));

    private static int Level(Expr e) => e switch
    {
        Expr.If or Expr.For or Expr.Quantified or Expr.Lambda => Loosest,
        Expr.Binary b => b.Operator switch { "or" => Or, "and" => And, "+" or "-" => Additive, "*" or "/" => Multiplicative, "**" => Power, _ => Comparison },
        Expr.Between or Expr.In => Comparison,
        // Looser than the grammar has it: what follows a type could be read as a part of it (list < 5, tPerson.name).
        Expr.InstanceOf => TypeTest,
        Expr.Negate => Sign,
        Expr.Literal { Value: { IsNumber: true, Number.IsNegative: true } } => Sign,
        _ => Postfix,
    };

    private void Write(Expr e, int atLeast)
    {
        var bracket = Level(e) < atLeast;
        if (bracket)
            _text.Append('(');
        Bare(e);
        if (bracket)
            _text.Append(')');
    }

    private void Bare(Expr e)
    {
        switch (e)
        {
            case Expr.Literal l: _text.Append(Literal(l.Value)); break;
            case Expr.Name n: _text.Append(n.Id); break;
            case Expr.Negate n: _text.Append('-'); Write(n.Of, Sign); break;
            case Expr.Binary b: Infix(b.Left, $" {b.Operator} ", b.Right, Level(b)); break;
            case Expr.Between b: Infix(b.Value, " between ", b.Low, Comparison); _text.Append(" and "); Write(b.High, Additive); break;
            case Expr.In i: Write(i.Value, Comparison); _text.Append(" in ("); List(i.Tests); _text.Append(')'); break;
            case Expr.Test t: _text.Append(t.Operator).Append(' '); Write(t.Bound, Additive); break;
            case Expr.If i: Words("if ", i.Condition, " then ", i.Then, " else ", i.Else); break;
            case Expr.For f: Over("for ", f.Over, " return ", f.Return); break;
            case Expr.Quantified q: Over(q.Every ? "every " : "some ", q.Over, " satisfies ", q.Satisfies); break;
            case Expr.Range r: Range(r); break;
            case Expr.OpenRange r: _text.Append('(').Append(r.Operator).Append(' '); Write(r.Bound, Additive); _text.Append(')'); break;
            case Expr.ListOf l: _text.Append('['); List(l.Items); _text.Append(']'); break;
            case Expr.Context c: Context(c); break;
            case Expr.Path p: Write(p.Of, Postfix); _text.Append('.').Append(p.Key); break;
            case Expr.Filter f: Write(f.Of, Postfix); _text.Append('['); Write(f.By, Loosest); _text.Append(']'); break;
            case Expr.Call c: Call(c); break;
            case Expr.Lambda l: Lambda(l); break;
            case Expr.External x: _text.Append("external ").Append(x.What); break;
            case Expr.InstanceOf i: Write(i.Value, Postfix); _text.Append(" instance of ").Append(i.TypeName); break;
            case Expr.Coerce c: Bare(c.Of); break;
            default: throw new InvalidOperationException($"{e.GetType().Name} is no part of a text.");
        }
    }

    private static string Literal(FeelValue value) => value.Kind switch
    {
        FeelKind.String => Values.Print.Quoted(value.String!),
        FeelKind.Null or FeelKind.Boolean or FeelKind.Number => value.ToString(),
        _ => $"@\"{value}\"",
    };

    private void Infix(Expr left, string op, Expr right, int level)
    {
        var start = _text.Length;
        Write(left, level);
        var end = _text.Length;
        _text.Append(op);
        Write(right, level + 1);
        if (!IsNameAcross(start, end))
            return;
        _text.Length = start;
        Write(left, Postfix + 1);
        _text.Append(op);
        Write(right, Postfix + 1);
    }

    // Where "a-b" is a name, a minus b is written (a) - (b).
    private bool IsNameAcross(int start, int end)
    {
        if (_odd.Count == 0)
            return false;
        var text = _text.ToString(start, _text.Length - start);
        return Enumerable.Range(0, end - start).Any(at => (at == 0 || !NameText.IsPart(text[at - 1])) && _odd.Any(name => NameText.Match(name, text, at) > end - start));
    }

    private void Words(string first, Expr a, string second, Expr b, string third, Expr c)
    {
        _text.Append(first);
        Write(a, Loosest);
        _text.Append(second);
        Write(b, Loosest);
        _text.Append(third);
        Write(c, Loosest);
    }

    private void Over(string word, IReadOnlyList<Iteration> over, string then, Expr body)
    {
        _text.Append(word);
        for (var i = 0; i < over.Count; i++)
        {
            _text.Append(i > 0 ? ", " : "").Append(over[i].Name).Append(" in ");
            Write(over[i].In, Loosest);
            if (over[i].To is not { } to)
                continue;
            _text.Append("..");
            Write(to, Loosest);
        }
        _text.Append(then);
        Write(body, Loosest);
    }

    // At the upper end "[" before a comparison would close the range: [a..xs[< 5].
    private void Range(Expr.Range r)
    {
        _text.Append(r.StartIncluded ? '[' : '(');
        Write(r.From, Or);
        _text.Append("..");
        Write(r.To, FiltersByTest(r.To) ? Postfix + 1 : Or);
        _text.Append(r.EndIncluded ? ']' : ')');
    }

    private static bool FiltersByTest(Expr e) => e is Expr.Filter { By: Expr.Test } || e.Parts.Any(FiltersByTest);

    private void List(IReadOnlyList<Expr> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                _text.Append(", ");
            Write(items[i], Loosest);
        }
    }

    private void Context(Expr.Context context)
    {
        _text.Append('{');
        for (var i = 0; i < context.Entries.Count; i++)
        {
            _text.Append(i > 0 ? ", " : "").Append(Values.Print.Key(context.Entries[i].Key)).Append(": ");
            Write(context.Entries[i].Value, Loosest);
        }
        _text.Append('}');
    }

    private void Call(Expr.Call call)
    {
        Write(call.Target, Postfix);
        _text.Append('(');
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            _text.Append(i > 0 ? ", " : "");
            if (call.Names is not null)
                _text.Append(call.Names[i]).Append(": ");
            Write(call.Arguments[i], Loosest);
        }
        _text.Append(')');
    }

    private void Lambda(Expr.Lambda lambda)
    {
        _text.Append("function(");
        for (var i = 0; i < lambda.Parameters.Count; i++)
        {
            var (name, type) = lambda.Parameters[i];
            _text.Append(i > 0 ? ", " : "").Append(name);
            if (!ReferenceEquals(type, FeelType.Any))
                _text.Append(": ").Append(type);
        }
        _text.Append(") ");
        Write(lambda.Body, Loosest);
    }
}
