using System.Collections.Frozen;
using System.Globalization;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Trust;

/// <summary>Roles and acts as a policy file declares them, and what follows for an asking. Pure: the same asking gets the same answer.</summary>
/// <remarks>Plan, annex 6 §5(9): 事前管审批; role and attribute based after NIST SP 800-162.</remarks>
public sealed class PolicyBook
{
    /// <summary>The role of those who are not signed in.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>The role of every key and every program that acts in its own name.</summary>
    public const string Machine = "machine";

    /// <summary>The role of programs that provision accounts: by their token's scope, never by hand.</summary>
    public const string Provisioner = "provisioner";

    /// <summary>The role of a program that calls for a unit by its grants, and may do nothing else.</summary>
    public const string Consumer = "consumer";

    // Two bits that no role is named for: being signed in, with whatever roles or none; and not being so.
    private const ulong SignedInBit = 1, AnonymousBit = 2;

    private static readonly string[] ActKeys = ["id", "zh", "en", "who", "dangerous", "four-eyes"];
    private static readonly string[] GrantKeys = ["role", "unit", "region", "line", "grade", "purpose", "matter", "hours"];

    private readonly FrozenDictionary<string, ulong> _bits;
    private readonly FrozenDictionary<string, Act> _acts;

    private PolicyBook(IReadOnlyList<Role> roles, FrozenDictionary<string, ulong> bits, IReadOnlyList<Act> acts, IReadOnlyList<IReadOnlyList<string>> separated) =>
        (Roles, _bits, Acts, _acts, Separated) = (roles, bits, acts, acts.ToFrozenDictionary(a => a.Id), separated);

    /// <summary>Tells one text of a policy from another.</summary>
    public string Print { get; private init; } = "";

    /// <summary>The roles, as declared.</summary>
    public IReadOnlyList<Role> Roles { get; }

    /// <summary>The acts, as declared.</summary>
    public IReadOnlyList<Act> Acts { get; }

    /// <summary>Roles of which nobody holds two.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Separated { get; }

    /// <summary>Roles that nobody gives alone, nor any program.</summary>
    public IReadOnlyList<string> Guarded { get; private init; } = [];

    /// <summary>Roles that may be had for a time.</summary>
    public IReadOnlyList<ElevationRule> Elevations { get; private init; } = [];

    /// <summary>Which roles are confirmed anew, and when.</summary>
    public RecertifyRules Recertify { get; private init; } = new(TimeSpan.Zero, []);

    /// <summary>An act by id, or null.</summary>
    public Act? Find(string id) => _acts.GetValueOrDefault(id);

    /// <summary>A role by id, or null.</summary>
    public Role? Role(string id) => Roles.FirstOrDefault(r => r.Id == id);

    /// <summary>The bit of a role in <see cref="Grant.Roles"/>; 0 for one that is not declared, which may nothing.</summary>
    public ulong Bit(string role) => _bits.GetValueOrDefault(role);

    /// <summary>Why nobody may hold these roles together: <c>role-unknown</c> or <c>role-separated</c>; null when somebody may.</summary>
    public string? Fault(IReadOnlyList<string> roles) =>
        roles.Any(r => r is Anonymous or Machine or Provisioner or Consumer || Role(r) is null) ? "role-unknown" : Clash(roles) is null ? null : "role-separated";

    /// <summary>The first two of some roles that nobody holds together, or null.</summary>
    public (Role One, Role Other)? Clash(IEnumerable<string> roles)
    {
        var held = roles.ToHashSet();
        return Separated.Select(s => s.Where(held.Contains).ToList()).FirstOrDefault(s => s.Count > 1) is [var one, var other, ..] ? (Role(one)!, Role(other)!) : null;
    }

    /// <summary>Whether some roles hold one of those that a list names.</summary>
    public static bool HoldsOne(IEnumerable<string> roles, IReadOnlyList<string> of) => roles.Any(of.Contains);

    /// <summary>Decides. What is not declared is refused.</summary>
    public Verdict Decide(in Asking asking, Jurisdiction? land = null)
    {
        if (!_acts.TryGetValue(asking.Act, out var act))
            return new Verdict(null, null, Obstacle.Undeclared);
        var held = Held(asking.Who);
        var nearest = new Verdict(act, null, Obstacle.Role);
        for (var i = 0; i < act.Grants.Count; i++)
        {
            var grant = act.Grants[i];
            if ((grant.Roles & held) == 0)
                continue;
            var why = grant.Fails(asking, land);
            if (why == Obstacle.None)
                return new Verdict(act, grant, why);
            nearest = new Verdict(act, grant, why);
        }
        return nearest;
    }

    /// <summary>The roles that may do an act, with whether some condition must hold too.</summary>
    public IEnumerable<(Role Role, bool IsConditional)> Who(Act act) =>
        from role in Roles
        let bits = Bit(role.Id) | (role.Id == Anonymous ? 0 : SignedInBit)
        let grants = act.Grants.Where(g => (g.Roles & bits) != 0).ToList()
        where grants.Count > 0
        select (role, grants.TrueForAll(g => g.IsConditional));

    /// <summary>The grants of an act that a person's roles bring, whatever their conditions.</summary>
    public IEnumerable<Grant> Held(Person? who, string act) => Find(act) is { } found && Held(who) is var held ? found.Grants.Where(g => (g.Roles & held) != 0) : [];

    /// <summary>Whether one of some grants holds for a person.</summary>
    internal bool Holds(Person who, IReadOnlyList<Grant> grants, in Asking asking, Jurisdiction land)
    {
        var held = Held(who);
        foreach (var grant in grants)
        {
            if ((grant.Roles & held) != 0 && grant.Fails(asking, land) == Obstacle.None)
                return true;
        }
        return false;
    }

    private ulong Held(Person? who)
    {
        if (who is null)
            return AnonymousBit;
        var held = SignedInBit;
        for (var i = 0; i < who.Roles.Count; i++)
            held |= _bits.GetValueOrDefault(who.Roles[i]);
        // A role list cannot make a stranger of somebody who is signed in.
        return held & ~AnonymousBit;
    }

    /// <summary>Reads a policy file.</summary>
    /// <exception cref="ConfigurationException">It is not as it should be; the message names the place and the mend.</exception>
    public static PolicyBook Read(string file, string text)
    {
        var findings = new List<Finding>();
        if (YamlText.Read(file, text, findings) is not { } root)
            throw new ConfigurationException($"{findings[0].Mark}: {findings[0].Message("en")}");
        var roles = root.List("roles").Select(n => new Role(Must(n, "id"), Must(n, "zh"), Must(n, "en"))).ToList();
        if (roles.Count > 60)
            throw new ConfigurationException($"{file}: {roles.Count} roles; no more than 60 can be told apart");
        var bits = new Dictionary<string, ulong> { [Anonymous] = AnonymousBit };
        foreach (var role in roles.Where(r => r.Id != Anonymous))
        {
            if (!bits.TryAdd(role.Id, 1UL << (bits.Count + 1)))
                throw new ConfigurationException($"{file}: the role {role.Id} is declared twice");
        }
        var words = new Dictionary<string, ulong>(bits) { ["everyone"] = SignedInBit | AnonymousBit, ["signed-in"] = SignedInBit };
        foreach (var (name, members) in root["groups"]?.Entries ?? [])
            words[name.Value] = Mask(members, words);
        var acts = new Dictionary<string, Act>();
        foreach (var node in root.List("acts"))
        {
            Only(node, ActKeys);
            var act = new Act(Must(node, "id"), Must(node, "zh"), Must(node, "en"), [.. node.List("who").Select(w => ReadGrant(w, words))], node["dangerous"]?.Text == "yes") { FourEyes = Members(node["four-eyes"], bits, words) };
            if (act.FourEyes.Count > 0 && !act.IsDangerous)
                throw new ConfigurationException($"{node.Mark}: {act.Id} wants four eyes and is not dangerous; add dangerous: yes, or leave four-eyes out");
            if (act.Grants.Count == 0)
                throw new ConfigurationException($"{node.Mark}: {act.Id} says of nobody that they may; add who");
            if (!acts.TryAdd(act.Id, act))
                throw new ConfigurationException($"{node.Mark}: {act.Id} is declared twice");
        }
        foreach (var node in root.List("separated").SelectMany(s => s.Items))
            Mask(node, bits);
        return new PolicyBook(roles, bits.ToFrozenDictionary(), [.. acts.Values], [.. root.List("separated").Select(s => (IReadOnlyList<string>)[.. s.Items.Select(i => i.Text!)])])
        {
            Print = Convert.ToHexStringLower(Sm3.Hash(System.Text.Encoding.UTF8.GetBytes(text)))[..16],
            Guarded = Members(root["guarded"], bits, words),
            Elevations = ReadElevations(root, bits, words),
            Recertify = ReadRecertify(root["recertify"], bits, words),
        };
    }

    private static List<ElevationRule> ReadElevations(Node root, Dictionary<string, ulong> bits, Dictionary<string, ulong> words)
    {
        var rules = new List<ElevationRule>();
        foreach (var node in root.List("elevation"))
        {
            Only(node, ["role", "who", "hours", "four-eyes"]);
            var rule = new ElevationRule(Members(node["role"], bits, words) is [var role] ? role : throw new ConfigurationException($"{node.Mark}: elevation names one role of people; write role: ROLE"),
                Members(node["who"], bits, words), TimeSpan.FromHours(Count(node, "hours", 24 * 31)), Members(node["four-eyes"], bits, words));
            if (rule.Who.Count == 0 || rule.FourEyes.Count == 0)
                throw new ConfigurationException($"{node.Mark}: a role is had for a time by somebody, with somebody's agreement; add who and four-eyes");
            if (rules.Exists(r => r.Role == rule.Role))
                throw new ConfigurationException($"{node.Mark}: {rule.Role} is declared twice");
            rules.Add(rule);
        }
        return rules;
    }

    private static RecertifyRules ReadRecertify(Node? node, Dictionary<string, ulong> bits, Dictionary<string, ulong> words)
    {
        if (node is null)
            return new RecertifyRules(TimeSpan.Zero, []);
        Only(node, ["grace", "roles"]);
        var rules = new List<RecertifyRule>();
        foreach (var one in node.List("roles"))
        {
            Only(one, ["role", "days", "by"]);
            var rule = new RecertifyRule(Members(one["role"], bits, words), TimeSpan.FromDays(Count(one, "days", 3660)), [.. one.List("by").Select(b => ReadGrant(b, words))]);
            if (rule.Roles.Count == 0 || rule.By.Count == 0)
                throw new ConfigurationException($"{one.Mark}: some roles are confirmed by somebody; add role and by");
            if (rules.SelectMany(r => r.Roles).FirstOrDefault(rule.Roles.Contains) is { } twice)
                throw new ConfigurationException($"{one.Mark}: {twice} is declared twice");
            rules.Add(rule);
        }
        return new RecertifyRules(TimeSpan.FromDays(Count(node, "grace", 366)), rules);
    }

    private static int Count(Node node, string key, int most) =>
        int.TryParse(node[key]?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= most ? count
        : throw new ConfigurationException($"{(node[key] ?? node).Mark}: {key} is a number; write 1 to {most}");

    // Roles of people, one by one: whoever agrees, asks or is confirmed is somebody.
    private static IReadOnlyList<string> Members(Node? node, Dictionary<string, ulong> bits, Dictionary<string, ulong> words)
    {
        if (node is null)
            return [];
        var mask = Mask(node, words);
        List<string> roles = [.. bits.Where(b => (b.Value & mask) != 0).Select(b => b.Key)];
        return roles.Count > 0 && !roles.Exists(r => r is Anonymous or Machine or Provisioner or Consumer) ? roles
            : throw new ConfigurationException($"{node.Mark}: only roles that people are given can stand here");
    }

    private static Grant ReadGrant(Node node, Dictionary<string, ulong> words)
    {
        if (node is not MapNode)
            return new Grant(Mask(node, words));
        Only(node, GrantKeys);
        return new Grant(Mask(node["role"] ?? throw new ConfigurationException($"{node.Mark}: role is missing; add it"), words),
            Says(node, "unit", "own"), Says(node, "region", "within"), Says(node, "line", "own"),
            node["grade"] is not { } grade ? null : int.TryParse(grade.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : throw new ConfigurationException($"{grade.Mark}: grade is a number; write 1 to 4"),
            Accepted(node, "purpose"), Accepted(node, "matter"), HoursOf(node["hours"]));
    }

    private static bool Says(Node node, string key, string word) =>
        node[key] is { } said && (said.Text == word ? true : throw new ConfigurationException($"{said.Mark}: {key} can be {word} alone"));

    private static FrozenSet<string>? Accepted(Node node, string key) =>
        node[key] is not { } said ? null : said.Text == "stated" ? [] : node.Words(key).ToFrozenSet();

    private static (TimeOnly, TimeOnly)? HoursOf(Node? node)
    {
        if (node is null)
            return null;
        return node.Text?.Split('-') is [var from, var until]
            && TimeOnly.TryParseExact(from, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var f) && TimeOnly.TryParseExact(until, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var u)
            ? (f, u) : throw new ConfigurationException($"{node.Mark}: hours are written like 08:00-20:00");
    }

    private static ulong Mask(Node node, Dictionary<string, ulong> words) =>
        node.Items.Aggregate(0UL, (mask, n) => mask | (n.Text is { } word && words.TryGetValue(word, out var bits) ? bits
            : throw new ConfigurationException($"{n.Mark}: {n.Text} is neither a role nor a group; declare it or mend the word")));

    private static string Must(Node node, string key) =>
        node.Word(key) is { Length: > 0 } word ? word : throw new ConfigurationException($"{node.Mark}: {key} is missing; add it");

    private static void Only(Node node, string[] keys)
    {
        if (node.Entries.FirstOrDefault(e => !keys.Contains(e.Key.Value)) is { } stray)
            throw new ConfigurationException($"{stray.Key.Mark}: {stray.Key.Value} means nothing here; use {string.Join(", ", keys)}");
    }
}
