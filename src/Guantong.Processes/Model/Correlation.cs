using Guantong.Feel;

namespace Guantong.Processes;

/// <summary>How messages find a process (clause 8.4.2): the properties of its key, over its own data and over a message's.</summary>
/// <param name="Own">Each property over the process's data.</param>
/// <param name="OfMessage">For a message's id, each property over what it carries.</param>
public sealed record Correlation(IReadOnlyList<FeelExpression> Own, IReadOnlyDictionary<string, IReadOnlyList<FeelExpression>> OfMessage)
{
    public static Correlation None { get; } = new([], new Dictionary<string, IReadOnlyList<FeelExpression>>());
}
