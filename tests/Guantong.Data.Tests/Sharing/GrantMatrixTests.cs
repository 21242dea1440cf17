using System.Collections.Frozen;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>Every combination of grant, field, row, grade, term and caller gets the answer that a plain reading of the rules gives: allow, mask or deny.</summary>
public sealed class GrantMatrixTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 1, 0, 0, TimeSpan.Zero);

    private static readonly string[] Fields = ["id", "name", "level"];

    private static Shared Thing(int grade, string share) => new("pack/data", "示例", share, grade, "zj-ecology",
        new Dictionary<string, string> { ["id"] = "identity", ["name"] = "name" }.ToFrozenDictionary(), [.. Fields, "region", "phone"], ["id"], ["id"], "region", null, null);

    private sealed record Case(string GrantState, string Term, string Form, string Caller, string Purpose, string Matter, int Granted, int Standing, string Share, string Field, string Row, bool Clear);

    private static IEnumerable<Case> Cases() =>
        from state in (string[])["active", "suspended", "ended"]
        from term in (string[])["early", "first", "within", "last", "after"]
        from form in (string[])["query", "verify", "file"]
        from caller in (string[])["own", "other", "none"]
        from purpose in (string[])["right", "wrong"]
        from matter in (string[])["right", "wrong"]
        from grades in (ValueTuple<int, int>[])[(1, 1), (3, 3), (3, 2), (2, 3), (3, 4)]
        from share in (string[])["conditional", "none"]
        from field in (string[])["id", "level", "phone", "all"]
        from row in (string[])["none", "one", "inside", "outside", "ungranted"]
        from clear in (bool[])[false, true]
        // The plain ways are combined with each other fully, and each odd one with all that is plain elsewhere.
        let odd = (state != "active" ? 1 : 0) + (term is "early" or "after" ? 1 : 0) + (form == "file" ? 1 : 0) + (caller != "own" ? 1 : 0) + (purpose == "wrong" ? 1 : 0) + (matter == "wrong" ? 1 : 0) + (grades.Item2 > grades.Item1 ? 1 : 0) + (share == "none" ? 1 : 0)
        where odd <= 2
        select new Case(state, term, form, caller, purpose, matter, grades.Item1, grades.Item2, share, field, row, clear);

    private static (ShareGrant, ShareCall) Made(Case c)
    {
        var from = c.Term switch { "early" => Now.AddTicks(1), "first" => Now, _ => Now.AddDays(-10) };
        var until = c.Term switch { "last" => Now.AddTicks(1), "after" => Now, _ => Now.AddDays(10) };
        var terms = new ShareTerms("handling", "示例", "pack/matter", Fields, new Dictionary<string, string> { ["region"] = "330100" }, null, ["query", "verify"], "any", 60, 1000, 30, c.Clear ? ["id", "name"] : [], 0);
        IReadOnlyDictionary<string, string>? by = c.Row switch
        {
            "one" => new Dictionary<string, string> { ["id"] = "x" },
            "inside" => new Dictionary<string, string> { ["id"] = "x", ["region"] = "330100" },
            "outside" => new Dictionary<string, string> { ["id"] = "x", ["region"] = "330200" },
            "ungranted" => new Dictionary<string, string> { ["id"] = "x", ["phone"] = "1" },
            _ => null,
        };
        return (new ShareGrant("g", "r", "pack/data", "zj-transport", terms, c.Granted, from, until, c.GrantState),
            new ShareCall(c.Caller switch { "own" => "zj-transport", "other" => "zj-reform", _ => null }, c.Form, c.Purpose == "right" ? "handling" : "statistics", c.Matter == "right" ? "pack/matter" : null, c.Field == "all" ? null : [c.Field], by));
    }

    // The rules as one would tell them, each by itself: what is wanted is "allow", "mask" or "deny".
    private static string Wanted(Case c)
    {
        if (c.Caller != "own" || c.GrantState != "active" || c.Term is "early" or "after" || c.Share == "none" || c.Standing > c.Granted || c.Form == "file" || c.Purpose == "wrong" || c.Matter == "wrong")
            return "deny";
        if (c.Field == "phone" || c.Row is "outside" or "ungranted")
            return "deny";
        if (c.Form == "query" && c.Standing >= 3 && c.Row == "none")
            return "deny";
        return c.Field is "id" or "all" && !c.Clear ? "mask" : "allow";
    }

    [Fact]
    public void Each_of_thousands_of_combinations_is_allowed_masked_or_denied_as_the_rules_say()
    {
        var (counts, wrong) = (new Dictionary<string, int>(), new List<string>());
        foreach (var c in Cases())
        {
            var (grant, call) = Made(c);
            var verdict = grant.Decide(call, Thing(c.Standing, c.Share), Now);
            var said = !verdict.IsAllowed ? "deny" : verdict.Masked.Count > 0 ? "mask" : "allow";
            counts[said] = counts.GetValueOrDefault(said) + 1;
            if (said != Wanted(c))
                wrong.Add($"{c}: {said} ({verdict.Why})");
            // Nothing reaches a caller that the grant does not name; and what is refused gives nothing at all.
            if (verdict.Fields.Except(Fields).Any() || verdict.Masked.Except(verdict.Fields).Any() || (!verdict.IsAllowed && verdict.Fields.Count > 0))
                wrong.Add($"{c}: gives {string.Join(',', verdict.Fields)}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.True(counts.Values.Sum() >= 2000 && counts.Values.All(n => n >= 100) && counts.Count == 3, string.Join(' ', counts));
    }

    [Fact]
    public void What_is_not_in_force_any_more_is_not_served()
    {
        var (grant, call) = Made(new Case("active", "within", "query", "own", "right", "right", 1, 1, "conditional", "all", "one", true));
        Assert.Equal(ShareObstacle.Withdrawn, grant.Decide(call, null, Now).Why);
    }
}
