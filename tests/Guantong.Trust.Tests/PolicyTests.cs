using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>What a policy file says follows for an asking.</summary>
public sealed class PolicyTests
{
    private static readonly Jurisdiction Land = Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions", "zhejiang", "jurisdiction.yaml"));

    private static PolicyBook Book(string who) => PolicyBook.Read("p.yaml", $$"""
        roles:
          - {id: anonymous, zh: 未登录, en: nobody}
          - {id: worker, zh: 办理, en: worker}
          - {id: leader, zh: 领导, en: leader}
        groups:
          officials: [worker, leader]
        acts:
          - {id: do, zh: 做, en: do it, who: {{who}}}
        """);

    private static Person Official(params string[] roles) => new("p", "某", "P", "official", "zj-ecology-330500", "330500", roles);

    private static Obstacle Ask(string who, Person? person, Thing? about = null, string? purpose = null, string? matter = null, string? at = null) =>
        Book(who).Decide(new Asking(person, "do", about, purpose, matter, at is null ? null : DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)), Land).Why;

    [Fact]
    public void Roles_groups_and_everyone_are_told_apart()
    {
        Assert.Equal(Obstacle.None, Ask("everyone", null));
        Assert.Equal(Obstacle.None, Ask("everyone", Official()));
        Assert.Equal(Obstacle.Role, Ask("signed-in", null));
        Assert.Equal(Obstacle.None, Ask("signed-in", Official()));
        Assert.Equal(Obstacle.None, Ask("anonymous", null));
        Assert.Equal(Obstacle.Role, Ask("anonymous", Official("anonymous")));
        Assert.Equal(Obstacle.None, Ask("officials", Official("leader")));
        Assert.Equal(Obstacle.Role, Ask("worker", Official("leader")));
        Assert.Equal(Obstacle.Role, Ask("officials", Official("unheard-of")));
        Assert.Equal(Obstacle.None, Ask("[worker, leader]", Official("unheard-of", "leader")));
    }

    [Fact]
    public void An_act_that_is_not_declared_is_refused_to_everybody()
    {
        Assert.Equal(Obstacle.Undeclared, Book("everyone").Decide(new Asking(Official("worker"), "undo")).Why);
        Assert.All(Policy.Book.Roles, r => Assert.False(Official(r.Id).May("no.such")));
        Assert.False(default(Asking) is var nothing && Policy.Book.Decide(nothing with { Act = "" }).IsAllowed);
    }

    [Theory]
    [InlineData("{role: worker, unit: own}", "zj-ecology-330500", Obstacle.None)]
    [InlineData("{role: worker, unit: own}", "zj-ecology", Obstacle.Unit)]
    [InlineData("{role: worker, unit: own}", null, Obstacle.Unit)]
    public void A_unit_s_work_is_its_own(string who, string? unit, Obstacle why) => Assert.Equal(why, Ask(who, Official("worker"), new Thing(Unit: unit)));

    [Theory]
    [InlineData("330500", Obstacle.None), InlineData("330502", Obstacle.None), InlineData("330000", Obstacle.Region), InlineData("330100", Obstacle.Region), InlineData("", Obstacle.Region), InlineData(null, Obstacle.Region), InlineData("999999", Obstacle.Region)]
    public void A_region_reaches_down_and_not_up_or_across(string? region, Obstacle why) =>
        Assert.Equal(why, Ask("{role: leader, region: within}", Official("leader"), new Thing(Region: region)));

    [Fact]
    public void Who_has_no_region_or_unit_reaches_nothing()
    {
        var nowhere = new Person("p", "某", "P", "official", null, "", ["leader"]);
        Assert.Equal(Obstacle.Region, Ask("{role: leader, region: within}", nowhere, new Thing(Region: "")));
        Assert.Equal(Obstacle.Unit, Ask("{role: leader, unit: own}", nowhere, new Thing()));
        Assert.Equal(Obstacle.Line, Ask("{role: leader, line: own}", nowhere, new Thing()));
    }

    [Fact]
    public void Line_grade_purpose_matter_and_hours_are_conditions_too()
    {
        var line = Land.Units.Find("zj-ecology-330500")!.Line;
        Assert.Equal(Obstacle.None, Ask("{role: worker, line: own}", Official("worker"), new Thing(Line: line)));
        Assert.Equal(Obstacle.Line, Ask("{role: worker, line: own}", Official("worker"), new Thing(Line: line + "x")));
        Assert.Equal(Obstacle.None, Ask("{role: worker, grade: 2}", Official("worker"), new Thing(Grade: 2)));
        Assert.Equal(Obstacle.Grade, Ask("{role: worker, grade: 2}", Official("worker"), new Thing(Grade: 3)));
        Assert.Equal(Obstacle.Grade, Ask("{role: worker, grade: 2}", Official("worker"), new Thing()));
        Assert.Equal(Obstacle.Purpose, Ask("{role: worker, purpose: stated}", Official("worker"), new Thing(), purpose: " "));
        Assert.Equal(Obstacle.None, Ask("{role: worker, purpose: stated}", Official("worker"), new Thing(), purpose: "audit"));
        Assert.Equal(Obstacle.Purpose, Ask("{role: worker, purpose: [audit]}", Official("worker"), new Thing(), purpose: "study"));
        Assert.Equal(Obstacle.Matter, Ask("{role: worker, matter: [permit]}", Official("worker"), new Thing(), matter: "other"));
        Assert.Equal(Obstacle.None, Ask("{role: worker, matter: [permit]}", Official("worker"), new Thing(), matter: "permit"));
        // 08:00 in Zhejiang is midnight UTC.
        Assert.Equal(Obstacle.None, Ask("{role: worker, hours: 08:00-20:00}", Official("worker"), at: "2026-03-01T00:00:00Z"));
        Assert.Equal(Obstacle.Hours, Ask("{role: worker, hours: 08:00-20:00}", Official("worker"), at: "2026-03-01T12:00:00Z"));
        Assert.Equal(Obstacle.None, Ask("{role: worker, hours: 22:00-06:00}", Official("worker"), at: "2026-03-01T15:00:00Z"));
    }

    [Fact]
    public void Conditions_hold_together_one_grant_is_enough_and_at_the_door_it_may_still_turn_out_so()
    {
        const string who = "[{role: worker, unit: own, grade: 2}, {role: leader, region: within}]";
        Assert.Equal(Obstacle.None, Ask(who, Official("worker")));
        Assert.Equal(Obstacle.Grade, Ask(who, Official("worker"), new Thing(Unit: "zj-ecology-330500", Grade: 3)));
        Assert.Equal(Obstacle.Unit, Ask(who, Official("worker"), new Thing(Unit: "other", Grade: 1)));
        Assert.Equal(Obstacle.None, Ask(who, Official("worker", "leader"), new Thing(Unit: "other", Region: "330502", Grade: 3)));
    }

    [Fact]
    public void The_policy_in_force_has_its_roles_and_says_why_in_both_languages()
    {
        Assert.InRange(Policy.Book.Roles.Count, 12, 60);
        Assert.Superset(new HashSet<string> { "anonymous", "citizen", "enterprise", "machine", "case-worker", "leader", "designer", "steward", "auditor", "operator", "security", "editor" }, Policy.Book.Roles.Select(r => r.Id).ToHashSet());
        var refused = Policy.Decide(new Asking(Official("leader"), "task.work", new Thing(Unit: "x")));
        Assert.Equal("您的角色不能办理待办。需要的角色：办理人员。", Assert.Single(Policy.Explain(refused, "zh-CN")));
        var elsewhere = Policy.Decide(new Asking(Official("case-worker"), "task.work", new Thing(Unit: "x")));
        Assert.Equal("You may at times work on a task, but not here: it belongs to another unit.", Assert.Single(Policy.Explain(elsewhere, "en")));
        foreach (var why in Enum.GetValues<Obstacle>().Where(w => w is not (Obstacle.None or Obstacle.Undeclared or Obstacle.Role)))
        {
            var said = Policy.Explain(new Verdict(Policy.Book.Acts[0], new Grant(1, MostGrade: 2, Purposes: [], Matters: [], Hours: (new(8, 0), new(20, 0))), why), "en")[0];
            Assert.DoesNotContain("why.", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nobody_of_the_demonstration_holds_two_separated_roles()
    {
        Assert.NotEmpty(Policy.Book.Separated);
        Assert.All(Land.People, p => Assert.All(Policy.Book.Separated, s => Assert.InRange(s.Count(r => p.Has(r)), 0, 1)));
    }

    [Theory, InlineData("zhejiang"), InlineData("beijing")]
    public void The_demonstration_has_somebody_of_each_role_that_is_given_by_hand(string jurisdiction)
    {
        var people = Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions", jurisdiction, "jurisdiction.yaml")).People;
        Assert.Equal([], Policy.Book.Roles.Select(r => r.Id).Where(r => Policy.Book.Fault([r]) is null && !people.Any(p => p.Has(r))));
    }

    [Theory]
    [InlineData("four-eyes: worker}", "dangerous: yes"), InlineData("dangerous: yes, four-eyes: wroker}", "wroker"), InlineData("dangerous: yes, four-eyes: everyone}", "only roles that people are given")]
    [InlineData("dangerous: yes}\nguarded: machine", "machine"), InlineData("dangerous: yes}\nelevation:\n  - {role: worker, hours: 8, four-eyes: worker}", "add who and four-eyes")]
    [InlineData("dangerous: yes}\nelevation:\n  - {role: worker, who: worker, hours: 9999, four-eyes: worker}", "hours is a number"), InlineData("dangerous: yes}\nelevation:\n  - {role: everyone, who: worker, hours: 8, four-eyes: worker}", "only roles")]
    [InlineData("dangerous: yes}\nrecertify:\n  grace: 14\n  roles:\n    - {role: worker, days: 0, by: worker}", "days is a number"), InlineData("dangerous: yes}\nrecertify:\n  roles: []", "grace is a number")]
    [InlineData("dangerous: yes}\nrecertify:\n  grace: 14\n  roles:\n    - {role: worker, days: 9, by: worker}\n    - {role: worker, days: 8, by: worker}", "worker is declared twice")]
    [InlineData("dangerous: yes}\nrecertify:\n  grace: 14\n  roles:\n    - {role: worker, days: 9}", "add role and by")]
    public void A_mistake_about_second_persons_time_and_confirming_is_named(string rest, string named)
    {
        var told = Assert.Throws<ConfigurationException>(() => PolicyBook.Read("p.yaml", "roles:\n  - {id: anonymous, zh: 无, en: nobody}\n  - {id: worker, zh: 办, en: worker}\nacts:\n  - {id: do, zh: 做, en: do it, who: worker, " + rest + "\n")).Message;
        Assert.StartsWith("p.yaml:", told, StringComparison.Ordinal);
        Assert.Contains(named, told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_takes_no_memory()
    {
        var (person, about) = (Official("case-worker", "leader"), new Thing("zj-ecology-330500", "330502"));
        var allowed = 0;
        void Decide()
        {
            allowed += Policy.Decide(new Asking(person, "case.oversee", about, At: default(DateTimeOffset)), Land).IsAllowed ? 1 : 0;
        }
        Decide();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Decide();
        Assert.Equal((1001, 0), (allowed, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    [Theory]
    [InlineData("who: worker}", "who: wroker}", "p.yaml:6:", "wroker"), InlineData("en: do it, ", "", "p.yaml:6:", "en is missing")]
    [InlineData("who: worker}", "who: {role: worker, unit: any}}", "p.yaml:6:", "own"), InlineData("who: worker}", "who: {role: worker, place: here}}", "p.yaml:6:", "place")]
    [InlineData("who: worker}", "who: {role: worker, hours: always}}", "p.yaml:6:", "08:00"), InlineData("who: worker}", "dangerous: yes}", "p.yaml:6:", "who")]
    [InlineData("who: worker}", "who: {unit: own}}", "p.yaml:6:", "role is missing"), InlineData("who: worker}", "who: {role: worker, grade: high}}", "p.yaml:6:", "number")]
    public void A_mistake_in_the_file_is_named_with_its_place(string from, string to, string place, string named)
    {
        const string text = "roles:\n  - {id: anonymous, zh: 无, en: nobody}\n  - {id: worker, zh: 办, en: worker}\n# acts\nacts:\n  - {id: do, zh: 做, en: do it, who: worker}\n";
        Assert.Contains(from, text, StringComparison.Ordinal);
        var told = Assert.Throws<ConfigurationException>(() => PolicyBook.Read("p.yaml", text.Replace(from, to, StringComparison.Ordinal))).Message;
        Assert.StartsWith(place, told, StringComparison.Ordinal);
        Assert.Contains(named, told, StringComparison.Ordinal);
    }
}
