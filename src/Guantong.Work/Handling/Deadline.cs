using System.Globalization;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Reads deadlines that officials set for each other.</summary>
public static class Deadline
{
    /// <summary>The furthest one.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>A deadline as the store writes it.</summary>
    /// <param name="given">ISO 8601; UTC where no offset is written.</param>
    /// <exception cref="ConflictException">ask-due: it is none, not in the future, or too far away.</exception>
    public static string Of(string? given, DateTimeOffset now) =>
        DateTimeOffset.TryParse(given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var due) && due > now && due <= now + Longest
            ? Time.Write(due) : throw new ConflictException("ask-due");
}
