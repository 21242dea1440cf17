using Guantong.Packs;

namespace Guantong.Data;

/// <summary>What somebody asks of a dataset that is open on condition (受限开放).</summary>
/// <param name="For">Who uses it: <c>person:LOGIN</c>, or <c>organisation:CODE</c> that they represent.</param>
/// <param name="Form">rows: what is published, to read and to download; sandbox: SQL over the raw rows, whose results are looked at before they leave.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Product">What it goes into: a product, a study, a service.</param>
/// <param name="Days">For how long, from the day on which it is granted.</param>
/// <param name="Safeguards">How it is kept safe there.</param>
/// <param name="Agreement">Hash of the agreement that was read and accepted.</param>
public sealed record OpeningAsked(string For, string Form, string Purpose, string Product, int Days, string Safeguards, string Agreement)
{
    /// <summary>The forms in which it may be had.</summary>
    public static readonly IReadOnlyList<string> Forms = ["rows", "sandbox"];

    /// <summary>The longest text in characters.</summary>
    public const int Longest = 1000;

    private const int Shortest = 10;

    /// <summary>Field → code of what is wrong with it; its sentence is filled by the shortest and longest text, and by the most days.</summary>
    /// <param name="offer">What the dataset gives to applicants.</param>
    /// <param name="agreement">The agreement that stands now.</param>
    public IReadOnlyDictionary<string, string> Faults(OpeningOffer offer, OpeningAgreement agreement)
    {
        var faults = new Dictionary<string, string>();
        if (string.IsNullOrWhiteSpace(For))
            faults["for"] = "opening-for";
        if (!offer.Forms.Contains(Form))
            faults["form"] = "opening-form";
        foreach (var (field, text) in ((string, string)[])[("purpose", Purpose), ("product", Product), ("safeguards", Safeguards)])
        {
            if (text is null || text.Length > Longest || text.Trim().Length < Shortest)
                faults[field] = "opening-text";
        }
        if (Days < 1 || Days > offer.MostDays)
            faults["days"] = "opening-days";
        if (Agreement != agreement.Hash)
            faults["agreement"] = string.IsNullOrEmpty(Agreement) ? "opening-agree" : "opening-agreement-changed";
        return faults;
    }

    /// <summary>What fills the sentences of faults.</summary>
    public static object?[] FaultArgs(OpeningOffer offer) => [Shortest, Longest, offer.MostDays];
}

/// <summary>A dataset that is open on condition, as it is applied for.</summary>
/// <param name="Forms">The forms in which it may be had.</param>
/// <param name="MostDays">The longest term.</param>
public sealed record OpeningOffer(Pack Pack, Dataset Dataset, IReadOnlyList<string> Forms, int MostDays);

/// <summary>An application.</summary>
/// <param name="Name">The name of whom it is for.</param>
/// <param name="Grade">The grade of the data when it was asked for.</param>
/// <param name="AgreementVersion">The version of what was accepted; <see cref="OpeningAsked.Agreement"/> is its hash.</param>
/// <param name="Due">By when it is decided.</param>
/// <param name="State">open, granted, refused or withdrawn.</param>
public sealed record OpeningApplication(string Id, string Pack, string Dataset, string Login, string Name, OpeningAsked Asked, string AgreementVersion, int Grade, DateTimeOffset At, DateTimeOffset Due, string State,
    DateTimeOffset? Decided, string? DecidedBy, string Reason)
{
    /// <summary>Whether it should have been decided by now.</summary>
    public bool IsOverdue(DateTimeOffset now) => State == "open" && now >= Due;
}

/// <summary>A permission to use what is open on condition.</summary>
/// <param name="Id">The application's.</param>
/// <param name="State">active, given-up or ended; one whose term is over stays active in name and is none.</param>
public sealed record OpeningPermission(string Id, string Pack, string Dataset, string Login, string Principal, string Form, int Grade, DateTimeOffset From, DateTimeOffset Until, string State, DateTimeOffset? Ended, string? EndedBy, string Reason)
{
    /// <summary>active, over, given-up or ended.</summary>
    public string StandsAs(DateTimeOffset now) => State == "active" && now >= Until ? "over" : State;
}

/// <summary>An application and the permission that came of it.</summary>
public sealed record OpeningFile(OpeningApplication Application, OpeningPermission? Permission);

/// <summary>A page of them.</summary>
public sealed record OpeningPage(IReadOnlyList<OpeningFile> Items, long Total, int Skip, int Take);
