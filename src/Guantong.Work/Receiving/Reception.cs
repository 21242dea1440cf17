namespace Guantong.Work;

/// <summary>What comes in at the one reception (统一受理).</summary>
/// <param name="Channel">One of <see cref="Receptions.Channels"/>.</param>
/// <param name="Region">Code of the region that it is about.</param>
/// <param name="Said">In their own words.</param>
/// <param name="Name">Who they are, where they say so.</param>
/// <param name="Phone">How they are called back.</param>
/// <param name="Email">Where they want to be told how it goes on.</param>
public sealed record NewReception(string? Channel, string? Region, string? Said, string? Name = null, string? Phone = null, string? Email = null);

/// <summary>Something that came in, as officials of the reception see it.</summary>
public sealed record Reception
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>R330100-2026-000001.</summary>
    public required string Number { get; init; }

    /// <summary>By which way it came in.</summary>
    public required string Channel { get; init; }

    /// <summary>Code of the region that it is about.</summary>
    public required string Region { get; init; }

    /// <summary>In their own words; null once it was erased.</summary>
    public string? Said { get; init; }

    /// <summary>waiting, sorted, joined (to a case that was there), closed (nothing for government).</summary>
    public required string State { get; init; }

    /// <summary>The pack of the matter that it is for.</summary>
    public string? Pack { get; init; }

    /// <summary>The matter.</summary>
    public string? Matter { get; init; }

    /// <summary>Number of its case, or of the one that it was joined to.</summary>
    public string? CaseNumber { get; init; }

    /// <summary>rule, model or a login.</summary>
    public string? SortedBy { get; init; }

    /// <summary>What was said on sorting, joining, closing or returning it.</summary>
    public string? Reason { get; init; }

    /// <summary>When it came in.</summary>
    public required string Received { get; init; }

    /// <summary>When it was sorted, joined or closed.</summary>
    public string? Ended { get; init; }

    /// <summary>Counts its changes.</summary>
    public required long Version { get; init; }
}

/// <summary>How who said something is reached, where they told it.</summary>
public sealed record Reach(string? Name, string? Phone, string? Email);

/// <summary>Something that came in, with what helps to sort it.</summary>
/// <param name="Suggestions">Where it may belong, rules first.</param>
/// <param name="Alike">What came in before and says nearly the same.</param>
/// <param name="Sortings">Where it went and was thought to belong, oldest first.</param>
/// <param name="Files">What was attached to it, oldest first.</param>
/// <param name="Left">What of it lies in the mailbox alone; null where nothing does.</param>
public sealed record ReceptionFile(Reception Reception, Reach? Reach, IReadOnlyList<Suggestion> Suggestions, IReadOnlyList<AlikeReception> Alike, IReadOnlyList<Sorting> Sortings, IReadOnlyList<Attachment> Files, LeftOut? Left);

/// <summary>What of a mail was not taken over.</summary>
/// <param name="IsCut">Whether its text was longer than what is kept.</param>
/// <param name="Files">The attachments that were left.</param>
public sealed record LeftOut(bool IsCut, IReadOnlyList<LeftFile> Files);

/// <summary>An attachment that was left in the mailbox.</summary>
/// <param name="Why">file-type, file-mismatch, file-unpacks, file-large, file-empty, file-infected, file-scan-failed or file-many.</param>
public sealed record LeftFile(string Name, string Why);

/// <summary>Something that came in before and says nearly the same.</summary>
public sealed record AlikeReception(string Id, string Number, string? Said, string State, string? CaseNumber, string Received, double Share);

/// <summary>Where something was thought to belong, or went.</summary>
public sealed class Sorting
{
    /// <summary>When.</summary>
    public string At { get; set; } = "";
    /// <summary>rule, model or person.</summary>
    public string How { get; set; } = "";
    /// <summary>Its pack.</summary>
    public string Pack { get; set; } = "";
    /// <summary>The matter.</summary>
    public string Matter { get; set; } = "";
    /// <summary>The unit.</summary>
    public string Unit { get; set; } = "";
    /// <summary>Of a model: 0 to 1.</summary>
    public double? Confidence { get; set; }
    /// <summary>1 where it went there; 0 where it was suggested only.</summary>
    public long Went { get; set; }
}

/// <summary>Something that came in, as whoever said it sees it.</summary>
/// <param name="File">Its case, or what they may see of the one that it was joined to; null where there is none.</param>
public sealed record ReceptionView(string Number, string Received, string State, string? Reason, string? Unit, ApplicationFile? File);
