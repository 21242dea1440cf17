using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Functions;

/// <summary>Contexts (DMN 1.5 §10.3.4.7).</summary>
internal static class Contexts
{
    private static readonly string[] EntryKeys = ["key", "value"];

    public static void Add(BuiltIns.Register r)
    {
        r.Add("get value", FeelType.Any, "m: context, key: string", (a, _) => a[0].Context!.Get(a[1].String!));
        r.Add("get entries", new ListType(FeelType.AnyContext), "m: context", Entries);
        r.Add("context", FeelType.AnyContext, "entries: list", FromEntries);
        r.Add("context put", FeelType.AnyContext, "context: context, key: string, value: any?", (a, s) => Put(a[0].Context!, [a[1]], a[2], s));
        r.Add("context put", FeelType.AnyContext, "context: context, keys: list, value: any?", (a, s) => a[1].List!.Count == 0 ? default : Put(a[0].Context!, a[1].List!.Items, a[2], s));
        r.Add("context merge", FeelType.AnyContext, "contexts: list", Merge);
    }

    private static FeelValue Entries(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var context = a[0].Context!;
        var entries = new FeelValue[context.Count];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new FeelContext(EntryKeys, [context.Keys[i], context.Values[i]]);
        session.Keep(120L * entries.Length);
        return session.Keep(new FeelList(entries));
    }

    private static FeelValue FromEntries(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var made = new ContextBuilder();
        foreach (var item in a[0].List!.Items)
        {
            session.Step();
            session.Keep(60);
            if (item.Context is not { } entry || entry.Get("key").String is not { } key || !entry.TryGet("value", out var value) || made.Has(key))
                return session.Null(NullReason.WrongArguments, "context", Values.Print.Kind(item));
            made.Set(key, value);
        }
        return made.ToContext();
    }

    private static FeelValue Put(FeelContext context, ReadOnlySpan<FeelValue> keys, FeelValue value, FeelSession session)
    {
        if (keys[0].String is not { } key)
            return session.Null(NullReason.WrongType, Values.Print.Kind(keys[0]), "string");
        session.Enter();
        session.Keep(24L * context.Count + 60);
        if (keys.Length > 1)
        {
            var inner = context.Get(key);
            value = inner.Context is { } there ? Put(there, keys[1..], value, session) : session.Null(NullReason.WrongType, Values.Print.Kind(inner), "context");
        }
        session.Leave();
        return keys.Length > 1 && value.IsNull ? default(FeelValue) : context.With(key, value);
    }

    private static FeelValue Merge(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var merged = new ContextBuilder();
        foreach (var item in a[0].List!.Items)
        {
            if (item.Context is not { } context)
                return session.Null(NullReason.WrongType, Values.Print.Kind(item), "context");
            session.Step(context.Count);
            session.Keep(60L * context.Count);
            for (var i = 0; i < context.Count; i++)
                merged.Set(context.Keys[i], context.Values[i]);
        }
        return merged.ToContext();
    }
}
