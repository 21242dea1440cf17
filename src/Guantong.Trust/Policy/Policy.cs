using Guantong.Packs;

namespace Guantong.Trust;

/// <summary>The policy in force: who may do what, decided here and nowhere else. The declarations stand in policy.yaml.</summary>
public static class Policy
{
    private static readonly Texts Sentences = Texts.Of(typeof(Policy).Assembly);

    /// <summary>The region of whoever is bound to none. No account has it: it is no code.</summary>
    public const string Everywhere = "*";

    /// <summary>The command line on the machine itself, which can reach the stores anyway.</summary>
    public static readonly Person Operator = new("operator", "运维", "Operator", "official", null, Everywhere, ["designer", "steward", "auditor", "leader", "operator"]);

    /// <summary>What is declared.</summary>
    public static readonly PolicyBook Book = ReadOwn();

    /// <summary>Decides.</summary>
    public static Verdict Decide(in Asking asking, Jurisdiction? land = null) => Book.Decide(asking, land);

    /// <summary>Whether a person may do an act; without saying to what, whether they may at all.</summary>
    public static bool May(this Person who, string act, Thing? about = null, Jurisdiction? land = null) => Book.Decide(new Asking(who, act, about), land).IsAllowed;

    /// <summary>Whether a person may work on what belongs to a unit.</summary>
    public static bool MayWork(Person person, string unit) => person.May("task.work", new Thing(Unit: unit));

    /// <summary>The reasons of a verdict, in words.</summary>
    public static IReadOnlyList<string> Explain(in Verdict verdict, string lang) => verdict switch
    {
        { Act: null } => [Sentences.Say(lang, "why.undeclared")],
        { Why: Obstacle.None, Act: var act } => [Sentences.Say(lang, "why.allowed", act.Say(lang))],
        { Why: Obstacle.Role, Act: var act } => [Sentences.Say(lang, "why.role", act.Say(lang), Roles(act, lang))],
        { Act: var act, By: var by, Why: var why } => [Sentences.Say(lang, "why.condition", act.Say(lang), Sentences.Say(lang, "why." + why.ToString().ToLowerInvariant(), Wanted(by!, why)))],
    };

    /// <summary>The roles that may do an act, as a list in words.</summary>
    public static string Roles(Act act, string lang) => string.Join(lang != Lang.Zh ? ", " : "、", Book.Who(act).Select(w => w.Role.Say(lang)));

    private static string Wanted(Grant by, Obstacle why) => why switch
    {
        Obstacle.Grade => $"{by.MostGrade}",
        Obstacle.Hours when by.Hours is var (from, until) => $"{from:HH:mm}–{until:HH:mm}",
        Obstacle.Purpose => string.Join(", ", by.Purposes!),
        Obstacle.Matter => string.Join(", ", by.Matters!),
        _ => "",
    };

    private static PolicyBook ReadOwn()
    {
        using var reader = new StreamReader(typeof(Policy).Assembly.GetManifestResourceStream("policy.yaml")!);
        return PolicyBook.Read("policy.yaml", reader.ReadToEnd());
    }
}
