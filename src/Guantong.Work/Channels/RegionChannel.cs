using System.Text.Json.Serialization;

namespace Guantong.Work;

/// <summary>A region's channel as the public sees it.</summary>
/// <param name="No">The version.</param>
/// <param name="Begins">Since when, ISO 8601.</param>
public sealed record ChannelOnShow(string Region, string Unit, long No, string Begins, ChannelContent Content);

/// <summary>A region's channel as its officials see it.</summary>
/// <param name="Unit">The unit that began it, whose editors and leaders alone change it.</param>
/// <param name="Revision">Counts the saves of the draft.</param>
/// <param name="Versions">What was submitted of it, the latest first.</param>
public sealed record RegionChannel(string Region, string Unit, ChannelContent Draft, long Revision, string Saved, string SavedBy, IReadOnlyList<ChannelVersion> Versions)
{
    /// <summary>The version that waits for approval, or null.</summary>
    [JsonIgnore]
    public ChannelVersion? Waiting => Versions.FirstOrDefault(v => v.State == "waiting");

    /// <summary>The version that the public sees, or null.</summary>
    [JsonIgnore]
    public ChannelVersion? Shown => Versions.FirstOrDefault(v => v.State == "shown");

    /// <summary>Whether the draft says something that the version submitted last does not.</summary>
    [JsonIgnore]
    public bool IsChanged => Versions.FirstOrDefault(v => v.State != "aside") is not { } last || last.Content.Write() != Draft.Write();
}

/// <summary>A channel as it was submitted.</summary>
/// <param name="State">waiting, returned, scheduled, shown, earlier (was shown), replaced (never was), withdrawn, or aside (a draft kept when an earlier version was taken up).</param>
/// <param name="Authors">Who wrote it: logins.</param>
/// <param name="Begins">From when it is shown.</param>
public sealed record ChannelVersion(long No, string State, ChannelContent Content, long Revision, IReadOnlyList<string> Authors, string Submitted, string SubmittedBy, string? Decided, string? DecidedBy, string? Reason, string? Begins);

/// <summary>How saving a draft ended: it stands as saved; or somebody saved meanwhile, and nothing was overwritten.</summary>
/// <param name="Now">As it stands now.</param>
public sealed record ChannelSaving(bool IsSaved, RegionChannel Now);
