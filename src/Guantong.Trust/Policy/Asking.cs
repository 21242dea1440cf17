namespace Guantong.Trust;

/// <summary>Who asks to do what, to what, what for, and when.</summary>
/// <param name="Who">Null when nobody is signed in.</param>
/// <param name="Act">An act of policy.yaml.</param>
/// <param name="About">What it is done to; null at the door, where that is not yet known.</param>
/// <param name="Purpose">What for, in a word of the act.</param>
/// <param name="Matter">The matter that it is done in.</param>
/// <param name="At">When; hours are not judged without it.</param>
public readonly record struct Asking(Person? Who, string Act, Thing? About = null, string? Purpose = null, string? Matter = null, DateTimeOffset? At = null);

/// <summary>What an act is done to, as far as conditions look at it. What is unknown of it meets no condition.</summary>
/// <param name="Unit">The unit whose work it is.</param>
/// <param name="Region">The region it lies in.</param>
/// <param name="Line">The line of business it belongs to.</param>
/// <param name="Grade">Its data grade, 1 (public) to 4.</param>
public readonly record struct Thing(string? Unit = null, string? Region = null, string? Line = null, int? Grade = null);

/// <summary>What stands between an asking and its act.</summary>
public enum Obstacle
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>No act of that name is declared.</summary>
    Undeclared,

    /// <summary>None of the asker's roles is among those that may.</summary>
    Role,

    /// <summary>It is another unit's.</summary>
    Unit,

    /// <summary>It lies outside the asker's region.</summary>
    Region,

    /// <summary>It belongs to another line of business.</summary>
    Line,

    /// <summary>It is graded higher than the asker may go.</summary>
    Grade,

    /// <summary>No purpose is stated, or none that is accepted.</summary>
    Purpose,

    /// <summary>No matter is named, or none that is accepted.</summary>
    Matter,

    /// <summary>Not at this hour.</summary>
    Hours,
}

/// <summary>What policy says to an asking.</summary>
/// <param name="Act">The act as declared; null when it is not.</param>
/// <param name="By">The grant that allows it, or the last one that failed by a condition alone.</param>
/// <param name="Why">What stands in the way.</param>
public readonly record struct Verdict(Act? Act, Grant? By, Obstacle Why)
{
    /// <summary>Whether it may be done.</summary>
    public bool IsAllowed => Why == Obstacle.None;
}
