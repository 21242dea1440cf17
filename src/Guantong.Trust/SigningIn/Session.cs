namespace Guantong.Trust;

/// <summary>How somebody proved who they are; a later one is stronger.</summary>
/// <remarks>After NIST SP 800-63B: a password alone, a password with a second factor, a passkey that verified its user.</remarks>
public enum Strength
{
    /// <summary>A password, or an outside provider's word.</summary>
    Password,

    /// <summary>A password and a code.</summary>
    TwoFactors,

    /// <summary>A passkey, unlocked by its holder.</summary>
    Passkey,
}

/// <summary>One sign-in on one browser, as its person may see it. No address is kept: a list of those would be a track (rights.md 1).</summary>
/// <param name="Device">The browser and system, roughly.</param>
/// <param name="Proved">When its person last proved who they are.</param>
/// <param name="Seen">When it was last used, to five minutes.</param>
/// <param name="Ends">When it ends whatever happens.</param>
/// <param name="Post">The post chosen in it, or null for the main one.</param>
public sealed record Session(string Id, string Login, string Device, string Strength, string Proved, string Created, string Seen, string Ends, string? Post)
{
    /// <summary>How its person proved who they are.</summary>
    public Strength Proof => Enum.Parse<Strength>(Strength);

    /// <summary>Whether it is in force: neither left alone for too long nor too old.</summary>
    /// <remarks>OWASP ASVS 4.0.3, 3.3.2: idle and absolute end.</remarks>
    public bool StandsAt(DateTimeOffset at) => at < Time.Read(Ends) && at < Time.Read(Seen) + Sessions.Idle;
}

/// <summary>What a browser says of itself, cut down to what its owner recognises.</summary>
public static class Device
{
    /// <summary>Browser and system by a User-Agent header.</summary>
    public static string Of(string agent)
    {
        static string First(string agent, params ReadOnlySpan<(string Mark, string Name)> names)
        {
            foreach (var (mark, name) in names)
            {
                if (agent.Contains(mark, StringComparison.OrdinalIgnoreCase))
                    return name;
            }
            return "";
        }
        // Each browser also names those it wants to be taken for, so the rarer mark comes first.
        var browser = First(agent, ("Edg", "Edge"), ("OPR/", "Opera"), ("MicroMessenger", "WeChat"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"), ("curl", "curl"));
        var system = First(agent, ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"));
        return string.Join(" · ", ((string[])[browser, system]).Where(p => p.Length > 0));
    }
}
