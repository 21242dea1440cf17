namespace Guantong.Packs;

/// <summary>One thing (一件事): one application that opens several matters as cases of their own and comes back as one result.</summary>
/// <remarks>Its form, its materials and its process are made from its parts (<see cref="Reading.JointReader"/>): what several ask for is asked once, and the process calls each part.</remarks>
/// <param name="Document">Template of the one result; null where the results of the parts are all there is.</param>
/// <param name="Form">The joint form's own fields, which come first; null where the parts' are all.</param>
public sealed record Joint(IReadOnlyList<JointPart> Parts, Ref? Document, Ref? Form, Mark Mark)
{
    /// <summary>Where its form and process stand among those of the pack; no file of a pack stands there.</summary>
    public const string Folder = "joint/";

    /// <summary>A part by the matter that it is of, as it is written in the joint; or null.</summary>
    public JointPart? Part(string matter) => Parts.FirstOrDefault(p => p.Id == matter);
}

/// <summary>A matter as a part of one thing.</summary>
/// <param name="Matter">A matter of the pack, or PACK/MATTER of another that is in force.</param>
/// <param name="When">FEEL over the joint form: whether it is part of this application; null for always.</param>
/// <param name="After">The parts that have to end before it is opened, whatever they come to.</param>
/// <param name="With">Field of its form → FEEL over the joint form and what parts before it gave. Its other fields are those of the same name.</param>
/// <param name="Gives">Name → FEEL over what it knows at its end: what parts after it, and the document, may read.</param>
public sealed record JointPart(Ref Matter, Ref? When, IReadOnlyList<Ref> After, IReadOnlyList<(Ref Field, Ref Value)> With, IReadOnlyList<(Ref Name, Ref Value)> Gives)
{
    /// <summary>As it is written: MATTER, or PACK/MATTER.</summary>
    public string Id => Matter.Name;

    /// <summary>The other pack that the matter is of; null where it is the joint's own.</summary>
    public string? Pack => Id.IndexOf('/', StringComparison.Ordinal) is > 0 and var at ? Id[..at] : null;

    /// <summary>The matter's id in its pack.</summary>
    public string Name => Id[(Id.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>The id of what calls it in the joint's process.</summary>
    public string Node => "part-" + Id.Replace('/', '-');

    /// <summary>The name under which the joint keeps what it came to: outcome_birth_certificate.</summary>
    public string Outcome => "outcome_" + string.Concat(Id.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
